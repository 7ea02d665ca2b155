package adsync

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"
)

func isNull(raw []byte) bool {
	raw = bytes.TrimSpace(raw)
	return len(raw) == 0 || bytes.Equal(raw, []byte("null"))
}

// scalar words a JSON scalar as the module itself would print it.
func scalar(raw json.RawMessage) (string, bool) {
	var v any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil {
		return "", false
	}
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		if v {
			return "True", true
		}
		return "False", true
	default:
		return "", false
	}
}

func canonicalGUID(s string) string {
	s = strings.ToLower(strings.Trim(strings.TrimSpace(s), "{}"))
	if s == "00000000-0000-0000-0000-000000000000" {
		return ""
	}
	return s
}

func parseTime(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		// The engine's times are UTC and often do not say so.
		if t, err = time.Parse("2006-01-02T15:04:05.999999999", s); err != nil {
			return time.Time{}, err
		}
	}
	switch t = t.UTC(); {
	case t.Year() <= 1:
		return time.Time{}, nil
	case t.Year() > 9999:
		return time.Time{}, errors.New("beyond the year 9999")
	default:
		return t, nil
	}
}

func parseSpan(s string) (time.Duration, bool) {
	clock, negative := strings.CutPrefix(s, "-")
	var days uint64
	if d, rest, ok := strings.Cut(clock, "."); ok && strings.Contains(rest, ":") {
		n, err := strconv.ParseUint(d, 10, 16)
		if err != nil {
			return 0, false
		}
		days, clock = n, rest
	}
	parts := strings.Split(clock, ":")
	if len(parts) != 3 {
		return 0, false
	}
	h, errH := strconv.ParseUint(parts[0], 10, 8)
	m, errM := strconv.ParseUint(parts[1], 10, 8)
	sec, errS := strconv.ParseFloat(parts[2], 64)
	if errors.Join(errH, errM, errS) != nil || h > 23 || m > 59 || !(sec >= 0 && sec < 60) {
		return 0, false
	}
	d := time.Duration(days)*24*time.Hour + time.Duration(h)*time.Hour + time.Duration(m)*time.Minute +
		time.Duration(sec*float64(time.Second))
	if negative {
		d = -d
	}
	return d, true
}

// maxReason bounds in characters a sentence of the peer that becomes a reason.
const maxReason = 600

// clean makes a peer's sentence fit to be a reason: one line, no control
// characters, bounded.
func clean(s string) string {
	var b strings.Builder
	n, blank := 0, false
	for _, r := range s {
		if r <= ' ' || (r >= 0x7f && r < 0xa0) {
			blank = n > 0
			continue
		}
		if n >= maxReason {
			b.WriteString("…")
			break
		}
		if blank {
			b.WriteByte(' ')
			n++
			blank = false
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}
