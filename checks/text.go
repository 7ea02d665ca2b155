package checks

import (
	"encoding"
	"fmt"
	"iter"
	"strings"
	"time"
)

func equalFold(a, b string) bool { return strings.EqualFold(a, b) }

func cut(s string, sep byte) (before, after string, ok bool) {
	before, after, ok = strings.Cut(s, string(sep))
	return strings.TrimSpace(before), strings.TrimSpace(after), ok
}

// splitDN yields the components of a naming context. Naming contexts hold no
// escaped commas; names of people do, and are parsed by package dn.
func splitDN(dn string) iter.Seq[string] { return strings.SplitSeq(dn, ",") }

// Duration is a time.Duration that JSON and YAML write as text ("30m0s").
type Duration time.Duration

var (
	_ encoding.TextMarshaler   = Duration(0)
	_ encoding.TextUnmarshaler = (*Duration)(nil)
)

// MarshalText writes the duration as Go does.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("duration %q is not like 30m or 3h: %w", text, err)
	}
	*d = Duration(v)
	return nil
}

// Age words a length of time the way a person would say it: "just now", "4
// minutes", "3 hours", "2 days".
func Age(d time.Duration) string {
	if d < 0 {
		d = -d
	}
	switch {
	case d < time.Minute:
		return plural(int(d/time.Second), "second")
	case d < 2*time.Hour:
		return plural(int(d/time.Minute), "minute")
	case d < 48*time.Hour:
		return plural(int(d/time.Hour), "hour")
	default:
		return plural(int(d/(24*time.Hour)), "day")
	}
}

func plural(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}

// Stamp words a moment as "2026-03-10 08:31 UTC".
func Stamp(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format("2006-01-02 15:04 UTC")
}

// StampAge words a moment with its age: "2026-03-10 08:31 UTC, 4 minutes ago".
func StampAge(now, t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	if t.After(now) {
		return Stamp(t) + ", in " + Age(t.Sub(now))
	}
	if now.Sub(t) < time.Second {
		return Stamp(t) + ", just now"
	}
	return Stamp(t) + ", " + Age(now.Sub(t)) + " ago"
}
