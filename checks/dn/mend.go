package dn

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Mend recognizes the slips people make when they type or paste a
// distinguished name. It returns the name they probably meant, in canonical
// form, and in words for people what it changed; ok is false when it sees no
// slip or has no suggestion that parses.
//
// A slip does not always break the syntax: `CN=TestUserCN=Users,DC=contoso`
// is a well-formed name, if an unlikely one. So the text as written is to be
// tried first, and the suggestion is for a person to confirm.
func Mend(s string) (suggestion, what string, ok bool) {
	if len(s) > MaxLength {
		return "", "", false
	}
	m := &mender{}
	text := m.unwrap(s)
	parts := m.separate(text)
	if !slices.ContainsFunc(parts, func(p part) bool { return p.typ != "" }) {
		return "", "", false // not a distinguished name at all
	}
	parts = m.splitGlued(parts)
	parts = m.nameBare(parts)
	var b strings.Builder
	for i, p := range parts {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(p.typ + "=" + m.escapeLoose(p.value))
	}
	d, err := Parse(b.String())
	if err != nil || len(d) == 0 || len(m.saw) == 0 {
		return "", "", false
	}
	return d.String(), strings.Join(m.saw, "; "), true
}

// part is one piece between two separators, its value still escaped. A part
// without a type is bare.
type part struct {
	typ, value string
	afterBlank bool // a blank stood between the separator and this part
}

func (p part) is(name string) bool { return strings.EqualFold(p.typ, name) }

// mender collects what it saw, each slip once, in the order it met them.
type mender struct {
	saw []string
}

func (m *mender) note(what string) {
	if !slices.Contains(m.saw, what) {
		m.saw = append(m.saw, what)
	}
}

// wrappers are characters that people and editors put around a whole name.
const wrappers = "\"'`\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u00b4"

// unwrap removes quotation marks, back-ticks and an LDAP address prefix.
func (m *mender) unwrap(s string) string {
	s = trimRightBare(strings.TrimSpace(s)+" ", " ")
	inner := strings.TrimLeft(s, wrappers+" ")
	closing := wrappers + " "
	if inner == s {
		// Nothing opens, so only a plain quotation mark, which no value may
		// end in bare, can be a stray closing one.
		closing = `"`
		if strings.Contains(strings.TrimRight(s, closing), closing) {
			closing = ""
		}
	}
	if inner = trimRightBare(inner, closing); inner != s {
		m.note("quotation marks stand around the name")
		s = inner
	}
	if len(s) >= 7 && strings.EqualFold(s[:7], "LDAP://") {
		m.note("the name is written as an LDAP:// address")
		s = s[7:]
		if slash := strings.IndexByte(s, '/'); slash >= 0 && !strings.Contains(s[:slash], "=") {
			s = s[slash+1:]
		}
	}
	return s
}

// trimRightBare removes characters of the cutset from the end, up to one that
// a backslash makes part of the value.
func trimRightBare(s, cutset string) string {
	trimmed := strings.TrimRight(s, cutset)
	if backslashes := len(trimmed) - len(strings.TrimRight(trimmed, `\`)); backslashes%2 == 1 && trimmed != s {
		_, size := utf8.DecodeRuneInString(s[len(trimmed):])
		return s[:len(trimmed)+size]
	}
	return trimmed
}

// wideCommas are commas of other scripts and keyboards.
const wideCommas = "\uff0c\u3001\u060c\ufe50\uff64"

// separate cuts the text at its separators, the right ones and the wrong ones,
// and notes the wrong ones. Escaped characters never separate.
func (m *mender) separate(s string) []part {
	var parts []part
	start, escaped, quoted := 0, false, false
	for i, r := range s {
		switch {
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
		case r == '"' && (quoted || strings.HasSuffix(strings.TrimRight(s[start:i], " "), "=")):
			quoted = !quoted
		case quoted:
		case r == ',':
			parts = m.add(parts, s[start:i])
			start = i + 1
		case r == ';' && startsPart(s[i+1:]):
			m.note("semicolons stand where commas belong")
			parts = m.add(parts, s[start:i])
			start = i + 1
		case strings.ContainsRune(wideCommas, r) && startsPart(s[i+len(string(r)):]):
			m.note("full-width commas stand where plain commas belong")
			parts = m.add(parts, s[start:i])
			start = i + len(string(r))
		}
	}
	last := s[start:]
	if trimmed := strings.TrimRight(last, ". "); trimmed != last && strings.HasSuffix(strings.TrimRight(last, " "), ".") && beginsWithType(last, "DC") {
		m.note("a full stop stands at the end")
		last = trimmed
	}
	return m.add(parts, last)
}

// startsPart reports whether the text goes on with a TYPE= that directories
// use, or ends here.
func startsPart(s string) bool {
	s = strings.TrimLeft(s, " ")
	return s == "" || slices.ContainsFunc(commonTypes, func(t string) bool { return beginsWithType(s, t) })
}

// startsAttribute reports whether the text goes on with any TYPE=.
func startsAttribute(s string) bool {
	typ, _, found := strings.Cut(s, "=")
	return found && isType(trimBlanks(typ))
}

// commonTypes are the attribute types that name objects in a directory.
var commonTypes = []string{"CN", "OU", "DC", "UID", "STREET", "ST", "O", "L", "C"}

func beginsWithType(s, typ string) bool {
	s = strings.TrimLeft(s, " ")
	if len(s) <= len(typ) || !strings.EqualFold(s[:len(typ)], typ) {
		return false
	}
	rest := strings.TrimLeft(s[len(typ):], " ")
	return strings.HasPrefix(rest, "=") || strings.HasPrefix(rest, "\uff1d")
}

// add reads one piece as TYPE=value, or as bare text.
func (m *mender) add(parts []part, piece string) []part {
	trimmed := strings.TrimLeft(piece, blanks)
	p := part{afterBlank: trimmed != piece, value: trimBlanks(trimmed)}
	if p.value == "" {
		m.note("there is a comma too many")
		return parts
	}
	typ, value, found := strings.Cut(p.value, "=")
	if wideType, wideValue, wide := strings.Cut(p.value, "\uff1d"); wide && isType(trimBlanks(wideType)) {
		m.note("a full-width equals sign stands where a plain one belongs")
		typ, value, found = wideType, wideValue, true
	}
	if found && isType(trimBlanks(typ)) {
		if trimBlanks(typ) != typ || strings.TrimLeft(value, " ") != value {
			m.note("blanks stand around an equals sign")
		}
		p.typ, p.value = trimBlanks(typ), strings.TrimLeft(value, " ")
	}
	return append(parts, p)
}

// blanks are what may stand around separators in pasted text.
const blanks = " \t\r\n\u00a0"

// trimBlanks removes blanks from both ends, but not the one that a backslash
// at the end makes part of the value.
func trimBlanks(s string) string {
	return trimRightBare(strings.TrimLeft(s, blanks), blanks)
}

// splitGlued cuts a part in which a second TYPE= follows the value without a
// comma between them.
func (m *mender) splitGlued(parts []part) []part {
	var out []part
	for _, p := range parts {
		for p.typ != "" {
			at := gluedAt(p.value)
			if at < 0 {
				break
			}
			typ, value, _ := strings.Cut(p.value[at:], "=")
			next := part{typ: trimBlanks(typ), value: strings.TrimLeft(value, " "), afterBlank: p.afterBlank}
			if at == 0 {
				if !p.is(next.typ) {
					break
				}
				m.note("the attribute type " + strings.ToUpper(next.typ) + "= stands twice")
			} else {
				m.note("a comma is missing before " + strings.ToUpper(next.typ) + "=")
				out = append(out, part{typ: p.typ, value: trimBlanks(p.value[:at]), afterBlank: p.afterBlank})
			}
			p = next
		}
		out = append(out, p)
	}
	return out
}

// gluedAt returns where a second TYPE= begins within a value, or -1. The types
// that every name has count anywhere; the rest only after a blank, because
// "o=" also ends ordinary words.
func gluedAt(value string) int {
	escaped, before := false, ' '
	for i, r := range value {
		if escaped {
			escaped, before = false, r
			continue
		}
		if r == '\\' {
			escaped = true
			continue
		}
		// "+" joins attributes on purpose, and "/" belongs to the legacy names
		// of Exchange, which look alike.
		if r != ' ' && before != '+' && before != '/' {
			for _, t := range commonTypes {
				if (before == ' ' || t == "CN" || t == "OU" || t == "DC") && beginsWithType(value[i:], t) {
					return i
				}
			}
		}
		if r != ' ' || before != '+' {
			before = r
		}
	}
	return -1
}

// escapeLoose puts the backslashes that a value needs and lacks.
func (m *mender) escapeLoose(value string) string {
	if strings.HasPrefix(value, `"`) && strings.HasSuffix(value, `"`) && len(value) > 2 {
		return value // a quoted value needs none
	}
	var b strings.Builder
	for i := 0; i < len(value); i++ {
		c := value[i]
		switch {
		case c == '\\' && escapes(value[i+1:]):
			b.WriteString(value[i : i+2])
			i++
			continue
		case c == '\\', c == '"', c == '<', c == '>', c == ';', c == ',',
			c == '+' && !startsAttribute(value[i+1:]):
			m.note("a character within a name needs a backslash before it")
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
	return b.String()
}

// escapes reports whether a backslash before rest is an escape.
func escapes(rest string) bool {
	return rest != "" && strings.IndexByte(mayEscape, rest[0]) >= 0 ||
		len(rest) >= 2 && isHex(rest[0]) && isHex(rest[1])
}
