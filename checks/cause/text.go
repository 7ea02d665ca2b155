package cause

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// detailRunes bounds the quoted sentence of an event.
const detailRunes = 600

// text is a message together with a copy whose ASCII letters are lower case.
// Both have the same length, so an index into one is an index into the other.
type text struct{ raw, low string }

func newText(s string) text { return text{raw: s, low: lowerASCII(s)} }

// lowerASCII folds ASCII letters only: unlike strings.ToLower it never changes
// the length, whatever the bytes are.
func lowerASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

func (t text) slice(from, to int) text { return text{raw: t.raw[from:to], low: t.low[from:to]} }

// has reports whether the text contains all of the parts, which are lower case.
func (t text) has(parts ...string) bool {
	for _, p := range parts {
		if !strings.Contains(t.low, p) {
			return false
		}
	}
	return true
}

// after returns what follows the first occurrence of a lower-case label.
func (t text) after(label string) (text, bool) {
	i := strings.Index(t.low, label)
	if i < 0 {
		return text{}, false
	}
	return t.slice(i+len(label), len(t.low)), true
}

// afterLast returns what follows the last occurrence of a lower-case label.
func (t text) afterLast(label string) (text, bool) {
	i := strings.LastIndex(t.low, label)
	if i < 0 {
		return text{}, false
	}
	return t.slice(i+len(label), len(t.low)), true
}

// until cuts the text before the first of the bytes in stops.
func (t text) until(stops string) text {
	if i := strings.IndexAny(t.low, stops); i >= 0 {
		return t.slice(0, i)
	}
	return t
}

// upTo cuts the text to at most n bytes, for looking at its beginning only.
func (t text) upTo(n int) text {
	if len(t.low) > n {
		return t.slice(0, n)
	}
	return t
}

// trimLeft drops leading white space and the given bytes.
func (t text) trimLeft(also string) text {
	n := len(t.low) - len(strings.TrimLeft(t.low, " \t\r\n"+also))
	return t.slice(n, len(t.low))
}

// number reads the decimal digits that the text begins with.
func (t text) number() (int64, bool) {
	var n int64
	i := 0
	for i < len(t.low) && t.low[i] >= '0' && t.low[i] <= '9' {
		if i >= 18 {
			return 0, false
		}
		n = n*10 + int64(t.low[i]-'0')
		i++
	}
	return n, i > 0
}

// numberAfter reads the number behind a lower-case label and optional spaces,
// colon or equals sign.
func (t text) numberAfter(label string) (int64, bool) {
	rest, ok := t.after(label)
	if !ok {
		return 0, false
	}
	return rest.upTo(64).trimLeft(":=").number()
}

// secrets are the shapes that must not be repeated, whoever pasted them: Slack
// tokens and hooks, bearer tokens, signed tokens, hashes as hexadecimal, and
// anything that is called a password or a key.
var secrets = regexp.MustCompile(`(?i)xox[a-z]-[a-z0-9-]+|xapp-[a-z0-9-]+|https://hooks\.slack\.com/\S+` +
	`|eyJ[a-z0-9_-]{8,}\.[a-z0-9_-]+\.?[a-z0-9_-]*|\b(?:bearer|basic)\s+[a-z0-9+/=._~-]{8,}` +
	`|\b[0-9a-f]{32,}\b` +
	`|\b(?:password|passwd|pwd|secret|client_?secret|token|access_?token|authorization|api_?key|signature|sig)\s*[=:]\s*\S+`)

// clean makes a piece of a text fit to be shown: one line, no control or
// invisible characters, no secrets, at most limit runes.
func clean(s string, limit int) string {
	// Only the beginning can be shown, so only the beginning is worked on; the
	// margin keeps a secret whole that the final cut would fall into.
	if len(s) > 4*limit {
		s = s[:4*limit]
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r), r == utf8.RuneError:
			return -1
		default:
			return r
		}
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	s = secrets.ReplaceAllString(s, "<secret>")
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	runes := []rune(s)
	return strings.TrimSpace(string(runes[:limit-1])) + "…"
}

// name reads a host, domain or forest name: lower case, without the full stop
// of its sentence. Placeholders such as <not available> give "".
func name(t text) string {
	s := strings.Trim(clean(t.low, 255), " .,;'\"`")
	if strings.ContainsAny(s, "<> ") {
		return ""
	}
	// Names outside ASCII exist; they are compared in lower case as well.
	return strings.ToLower(s)
}

// guid returns a GUID in its lower-case form with dashes, or "".
func guid(s string) string {
	s = lowerASCII(strings.Trim(strings.TrimSpace(s), "{}"))
	if len(s) != 36 {
		return ""
	}
	for i, c := range []byte(s) {
		switch {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return ""
			}
		case !isHex(c):
			return ""
		}
	}
	return s
}

func isHex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' }

// isWordByte reports whether c can be part of a word or number.
func isWordByte(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c >= utf8.RuneSelf
}
