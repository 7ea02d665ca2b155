package cause

import (
	"strings"
	"time"

	"github.com/pwsync/pwsync/checks"
)

const (
	// changesMax bounds the people of one event. The agent sends at most fifty
	// in a batch; a text of 30,000 characters holds fewer than a thousand.
	changesMax = 2000
	// dnMax bounds the length of a DN in bytes. It keeps the search for the end
	// of a broken line short.
	dnMax = 8192
	// extendedRunes bounds the extended error that is kept.
	extendedRunes = 300
)

// readChanges reads the people of 605, 606, 620, 656 and 657. A DN has commas:
// it ends at the first comma that is not escaped and is followed by the next
// field, for no part of a DN can begin like that.
func readChanges(e *checks.Event, t text) {
	marker := "dn"
	switch e.ID {
	case 656:
		marker = "password change request - anchor"
	case 657:
		marker = "password change result - anchor"
	}
	for len(e.Changes) < changesMax {
		i := nextMarker(t, marker)
		if i < 0 {
			return
		}
		var c checks.PasswordChange
		var ok bool
		t = t.slice(i+len(marker), len(t.low))
		switch e.ID {
		case 656:
			c, t, ok = requestLine(t)
		case 657:
			c, t, ok = resultLine(t)
		default:
			c, t, ok = retryLine(t)
		}
		if ok {
			e.Changes = append(e.Changes, c)
		}
	}
}

// nextMarker finds the next line's beginning. "dn" counts only as a word that
// is followed by an equals sign, with or without spaces.
func nextMarker(t text, marker string) int {
	if marker != "dn" {
		return strings.Index(t.low, marker)
	}
	for from := 0; ; {
		i := strings.Index(t.low[from:], marker)
		if i < 0 {
			return -1
		}
		i += from
		rest := t.slice(i+len(marker), len(t.low)).upTo(16).trimLeft("")
		if strings.HasPrefix(rest.low, "=") && (i == 0 || !isWordByte(t.low[i-1]) && t.low[i-1] != '-') {
			return i
		}
		from = i + len(marker)
	}
}

// requestLine reads one line of 656, behind "Anchor". Like its siblings it
// returns what is still to be read, also where the line is broken.
func requestLine(t text) (c checks.PasswordChange, rest text, ok bool) {
	if rest, ok = anchor(t, &c); !ok {
		return c, rest, false
	}
	if rest, ok = field(rest, "dn"); !ok {
		return c, rest, false
	}
	if c.DN, rest, ok = splitDN(rest, "change date"); !ok {
		return c, rest, false
	}
	rest, _ = field(rest, "change date")
	c.ChangeDate = changeDate(rest.upTo(48))
	return c, rest, true
}

// resultLine reads one line of 657, behind "Anchor".
func resultLine(t text) (c checks.PasswordChange, rest text, ok bool) {
	if rest, ok = anchor(t, &c); !ok {
		return c, rest, false
	}
	if after, found := field(rest, "dn"); found {
		if c.DN, rest, ok = splitDN(after, "pwdchangeonlogon", "result"); !ok {
			return c, rest, false
		}
	}
	if after, found := field(rest, "pwdchangeonlogon"); found {
		c.ForceChange, rest = word(after)
		rest = rest.trimLeft(",")
	}
	if rest, ok = field(rest, "result"); !ok {
		return c, rest, false
	}
	if c.Result, rest = word(rest); c.Result == "" {
		return c, rest, false
	}
	if after, found := field(rest.trimLeft(","), "extended error"); found {
		ext := message(endOfRecord(after, "password change result - anchor"))
		c.Extended = strings.TrimSuffix(clean(ext.raw, extendedRunes), ".")
		rest = after.slice(len(ext.low), len(after.low))
	}
	return c, rest, true
}

// retryLine reads one line of 605 or 620, behind "DN"; old builds give no
// status.
func retryLine(t text) (c checks.PasswordChange, rest text, ok bool) {
	t = t.trimLeft("=")
	if dn, after, found := splitDN(t, "passwordsyncresulttype"); found {
		c.DN = dn
		status, _ := field(after, "passwordsyncresulttype")
		c.Result, rest = word(status)
		return c, rest, c.DN != ""
	}
	line := t.until("\r\n<").upTo(dnMax)
	c.DN = strings.TrimSuffix(strings.TrimSpace(line.raw), ".")
	return c, t.slice(len(line.low), len(t.low)), strings.Contains(c.DN, "=")
}

// anchor reads "Anchor : <base64>" and the optional CloudAnchor behind it.
func anchor(t text, c *checks.PasswordChange) (rest text, ok bool) {
	if c.Anchor, rest, ok = value(t.trimLeft(":")); !ok {
		return rest, false
	}
	if after, found := field(rest, "cloudanchor"); found {
		c.CloudAnchor, rest, ok = value(after)
	}
	return rest, ok
}

// value reads up to the next comma on the same line.
func value(t text) (v string, rest text, ok bool) {
	head := t.upTo(512)
	i := strings.IndexAny(head.low, ",\r\n")
	if i < 0 || head.low[i] != ',' {
		return "", t, false
	}
	return strings.TrimSpace(head.raw[:i]), t.slice(i+1, len(t.low)), true
}

// field returns what follows "label :" or "label=" at the beginning of the
// text.
func field(t text, label string) (text, bool) {
	t = t.trimLeft("")
	if !strings.HasPrefix(t.low, label) {
		return t, false
	}
	rest := t.slice(len(label), len(t.low))
	sep := rest.upTo(16).trimLeft("")
	if !strings.HasPrefix(sep.low, ":") && !strings.HasPrefix(sep.low, "=") {
		return t, false
	}
	cut := strings.IndexAny(rest.low, ":=")
	return rest.slice(cut+1, len(rest.low)).trimLeft(""), true
}

// word reads letters and digits.
func word(t text) (string, text) {
	i := 0
	for i < len(t.low) && i < 64 && isWordByte(t.low[i]) {
		i++
	}
	return t.raw[:i], t.slice(i, len(t.low))
}

// splitDN cuts a DN off the beginning of a text: it ends before an unescaped
// comma that one of the labels follows. The rest begins with that label.
func splitDN(t text, labels ...string) (dn string, rest text, ok bool) {
	head := t.upTo(dnMax)
	if i := strings.IndexAny(head.low, "\r\n"); i >= 0 {
		head = head.slice(0, i)
	}
	for i := 0; i < len(head.low); i++ {
		switch head.low[i] {
		case '\\':
			i++ // the escaped character, whatever it is
		case ',':
			next := t.slice(i+1, min(len(t.low), i+1+64))
			for _, l := range labels {
				if _, found := field(next, l); found {
					return strings.TrimSpace(head.raw[:i]), t.slice(i+1, len(t.low)), true
				}
			}
		}
	}
	// Nothing in this stretch is worth a second look: a text full of broken
	// lines is still read in linear time.
	return "", t.slice(len(head.low), len(t.low)), false
}

// endOfRecord cuts the text before the next line of the same kind.
func endOfRecord(t text, marker string) text {
	if i := strings.Index(t.low, marker); i >= 0 {
		return t.slice(0, i)
	}
	return t
}

// changeDate reads the date of 656: month first, UTC, whatever the server's
// language.
func changeDate(t text) time.Time {
	s := strings.TrimSpace(t.until("\r\n<").raw)
	for _, layout := range []string{"01/02/2006 15:04:05", "1/2/2006 3:04:05 PM", "1/2/2006 15:04:05", "2006-01-02T15:04:05Z", "2006-01-02 15:04:05"} {
		for _, n := range []int{len(layout), len(layout) + 1, len(layout) + 2, len(layout) + 3} {
			if n > len(s) {
				n = len(s)
			}
			if d, err := time.Parse(layout, strings.TrimSpace(s[:n])); err == nil {
				return d.UTC()
			}
		}
	}
	return time.Time{}
}
