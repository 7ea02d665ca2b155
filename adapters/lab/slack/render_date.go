package slack

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// dateTokens are the placeholders of Slack's date format. Hours are counted to
// 24, so that a ticket and a screenshot read the same everywhere.
var dateTokens = map[string]func(t, now time.Time) string{
	"{date_num}":           func(t, _ time.Time) string { return t.Format("2006-01-02") },
	"{date_slash}":         func(t, _ time.Time) string { return t.Format("01/02/2006") },
	"{date}":               func(t, _ time.Time) string { return longDate(t) },
	"{date_short}":         func(t, _ time.Time) string { return t.Format("Jan 2, 2006") },
	"{date_long}":          func(t, _ time.Time) string { return t.Format("Monday, ") + longDate(t) },
	"{date_pretty}":        func(t, now time.Time) string { return nearDate(t, now, longDate(t)) },
	"{date_short_pretty}":  func(t, now time.Time) string { return nearDate(t, now, t.Format("Jan 2, 2006")) },
	"{date_long_pretty}":   func(t, now time.Time) string { return nearDate(t, now, t.Format("Monday, ")+longDate(t)) },
	"{day_divider_pretty}": func(t, now time.Time) string { return nearDate(t, now, t.Format("Monday, January 2")) },
	"{time}":               func(t, _ time.Time) string { return t.Format("15:04") },
	"{time_secs}":          func(t, _ time.Time) string { return t.Format("15:04:05") },
	"{ago}":                ago,
}

// lastDate is the end of year 9999, the last instant that prints as a date.
const lastDate = 253402300799

// formatDate fills Slack's date format for a moment given in Unix seconds. It
// reports false where Slack would show the fallback instead.
func formatDate(seconds, format string, now time.Time, zone *time.Location) (shown string, at time.Time, ok bool) {
	n, err := strconv.ParseInt(strings.TrimSpace(seconds), 10, 64)
	if err != nil || n < 0 || n > lastDate || !strings.Contains(format, "{") {
		return "", time.Time{}, false
	}
	at = time.Unix(n, 0).In(zone)
	now = now.In(zone)
	var b strings.Builder
	for rest := format; rest != ""; {
		start := strings.IndexByte(rest, '{')
		if start < 0 {
			b.WriteString(rest)
			break
		}
		end := strings.IndexByte(rest[start:], '}')
		if end < 0 {
			b.WriteString(rest)
			break
		}
		token := rest[start : start+end+1]
		fill, known := dateTokens[token]
		if !known {
			return "", time.Time{}, false
		}
		b.WriteString(rest[:start])
		b.WriteString(inSentence(fill(at, now), b.Len() == 0))
		rest = rest[start+end+1:]
	}
	return b.String(), at, true
}

// inSentence lowers Today, Yesterday and Tomorrow where they do not lead.
func inSentence(s string, first bool) string {
	switch s {
	case "today", "yesterday", "tomorrow":
		if first {
			return strings.ToUpper(s[:1]) + s[1:]
		}
	}
	return s
}

func longDate(t time.Time) string {
	return t.Format("January ") + ordinal(t.Day()) + t.Format(", 2006")
}

func ordinal(n int) string {
	suffix := "th"
	if n/10 != 1 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return strconv.Itoa(n) + suffix
}

// nearDate names the three days around now by their word.
func nearDate(t, now time.Time, otherwise string) string {
	day := func(t time.Time) time.Time {
		y, m, d := t.Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	switch day(t).Sub(day(now)) {
	case 0:
		return "today"
	case -24 * time.Hour:
		return "yesterday"
	case 24 * time.Hour:
		return "tomorrow"
	}
	return otherwise
}

func ago(t, now time.Time) string {
	d := now.Sub(t)
	suffix := " ago"
	if d < 0 {
		d, suffix = -d, " from now"
	}
	count := func(n int, unit string) string {
		if n != 1 {
			unit += "s"
		}
		return fmt.Sprintf("%d %s%s", n, unit, suffix)
	}
	switch {
	case d < time.Minute:
		return count(int(d/time.Second), "second")
	case d < time.Hour:
		return count(int(d/time.Minute), "minute")
	case d < 48*time.Hour:
		return count(int(d/time.Hour), "hour")
	}
	return count(int(d/(24*time.Hour)), "day")
}
