package dn

import (
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"
)

// SyntaxError says why a text is not a distinguished name.
type SyntaxError struct {
	// Offset is where reading stopped, in bytes from the start of the text.
	Offset int
	// What names the fault and what to write instead. It quotes nothing of
	// the text but a single character.
	What string
}

// Error returns the place and the fault.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("read distinguished name at byte %d: %s", e.Offset, e.What)
}

// Parse reads a distinguished name as RFC 4514 writes it. It also accepts
// blanks around separators and whole values in quotation marks, as the older
// RFCs did; it refuses an empty value, which Active Directory never stores.
// The empty text is the empty DN. A refusal is a [*SyntaxError].
func Parse(s string) (DN, error) {
	if len(s) > MaxLength {
		return nil, &SyntaxError{MaxLength, fmt.Sprintf("longer than %d bytes; paste the name of one object only", MaxLength)}
	}
	if !utf8.ValidString(s) {
		return nil, &SyntaxError{0, "the text is not valid UTF-8; copy the name again"}
	}
	p := &parser{s: s}
	p.blanks()
	if p.done() {
		return DN{}, nil
	}
	var d DN
	for {
		r, err := p.rdn()
		if err != nil {
			return nil, err
		}
		d = append(d, r)
		if p.done() {
			return d, nil
		}
		p.pos++ // rdn stops at a comma or at the end
	}
}

// parser walks the text once, byte by byte: every character with a meaning is
// ASCII, and in UTF-8 no other character contains an ASCII byte.
type parser struct {
	s   string
	pos int
}

func (p *parser) done() bool { return p.pos >= len(p.s) }

func (p *parser) at(c byte) bool { return p.pos < len(p.s) && p.s[p.pos] == c }

func (p *parser) blanks() {
	for p.at(' ') {
		p.pos++
	}
}

func (p *parser) fail(what string) error { return &SyntaxError{p.pos, what} }

func (p *parser) rdn() (RDN, error) {
	var r RDN
	for {
		a, err := p.attribute()
		if err != nil {
			return nil, err
		}
		r = append(r, a)
		if !p.at('+') {
			return r, nil
		}
		p.pos++
	}
}

func (p *parser) attribute() (Attribute, error) {
	typ, err := p.attributeType()
	if err != nil {
		return Attribute{}, err
	}
	p.blanks()
	a := Attribute{Type: typ}
	start := p.pos
	switch {
	case p.at('#'):
		p.pos++
		a.Value, a.BER, err = p.hexValue()
	case p.at('"'):
		p.pos++
		a.Value, err = p.quotedValue()
	default:
		a.Value, err = p.plainValue()
	}
	if err != nil {
		return Attribute{}, err
	}
	if a.Value == "" {
		p.pos = start
		return Attribute{}, p.fail("the value after '=' is missing; write each part as TYPE=value, such as CN=Users")
	}
	return a, nil
}

// attributeType reads a type and the "=" that ends it.
func (p *parser) attributeType() (string, error) {
	p.blanks()
	start := p.pos
	for !p.done() && isTypeByte(p.s[p.pos]) {
		p.pos++
	}
	typ := p.s[start:p.pos]
	p.blanks()
	if p.at('=') {
		if !isType(typ) {
			p.pos = start
			return "", p.fail("the attribute type before '=' is missing or not one; parts start with CN=, OU= or DC=")
		}
		p.pos++
		return typ, nil
	}
	if typ == "" && (p.done() || p.at(',') || p.at('+')) {
		return "", p.fail("a part is empty; remove the comma or plus sign too many")
	}
	p.pos = start
	return "", p.fail(`a part has no attribute type; start it with CN=, OU= or DC=, and write a comma within a name as \,`)
}

func isTypeByte(c byte) bool { return isLetter(c) || isDigit(c) || c == '-' || c == '.' }

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isType reports whether t is a name such as "CN" or a dotted number.
func isType(t string) bool {
	for i := 0; i < len(t); i++ {
		if !isTypeByte(t[i]) {
			return false
		}
	}
	if t == "" || isLetter(t[0]) {
		return t != "" && !strings.Contains(t, ".")
	}
	for arc := range strings.SplitSeq(t, ".") {
		if arc == "" || len(arc) > 1 && arc[0] == '0' || strings.Trim(arc, "0123456789") != "" {
			return false
		}
	}
	return strings.Contains(t, ".")
}

const whatNUL = `a NUL character must be written as \00`

func (p *parser) plainValue() (string, error) {
	var b strings.Builder
	kept := 0 // length up to the last character that is not a bare blank
	for !p.done() {
		switch c := p.s[p.pos]; c {
		case ',', '+':
			return b.String()[:kept], nil
		case '\\':
			decoded, err := p.escape()
			if err != nil {
				return "", err
			}
			b.WriteByte(decoded)
			kept = b.Len()
		case ';':
			return "", p.fail(`';' does not separate parts; write a comma, or \; when it belongs to the name`)
		case '"', '<', '>':
			return "", p.fail(fmt.Sprintf(`%q within a name needs a backslash before it`, c))
		case 0:
			return "", p.fail(whatNUL)
		default:
			b.WriteByte(c)
			if c != ' ' {
				kept = b.Len()
			}
			p.pos++
		}
	}
	return b.String()[:kept], nil
}

func (p *parser) quotedValue() (string, error) {
	open := p.pos - 1
	var b strings.Builder
	for !p.done() && !p.at('"') {
		c := p.s[p.pos]
		if c == 0 {
			return "", p.fail(whatNUL)
		}
		if c != '\\' {
			b.WriteByte(c)
			p.pos++
			continue
		}
		decoded, err := p.escape()
		if err != nil {
			return "", err
		}
		b.WriteByte(decoded)
	}
	if p.done() {
		p.pos = open
		return "", p.fail("the quotation mark is never closed; close it or remove it")
	}
	p.pos++
	return b.String(), p.ending()
}

// hexValue reads the digits after "#". The octets of an encoded string become
// that string; any other encoding is kept as it is.
func (p *parser) hexValue() (value string, raw bool, err error) {
	start := p.pos
	for !p.done() && isHex(p.s[p.pos]) {
		p.pos++
	}
	octets, err := hex.DecodeString(p.s[start:p.pos])
	if err != nil || len(octets) == 0 {
		return "", false, p.fail(`a value that starts with '#' holds pairs of hex digits; write \# when it belongs to the name`)
	}
	if err := p.ending(); err != nil {
		return "", false, err
	}
	if text, ok := berString(octets); ok {
		return text, false, nil
	}
	return string(octets), true, nil
}

// ending checks that nothing but blanks follows before the next separator.
func (p *parser) ending() error {
	p.blanks()
	if p.done() || p.at(',') || p.at('+') {
		return nil
	}
	return p.fail("the value should end here; write a comma before the next part")
}

// escape reads a backslash and what it stands for, one byte.
func (p *parser) escape() (byte, error) {
	rest := p.s[p.pos+1:]
	switch {
	case rest != "" && strings.IndexByte(mayEscape, rest[0]) >= 0:
		p.pos += 2
		return rest[0], nil
	case len(rest) >= 2 && isHex(rest[0]) && isHex(rest[1]):
		p.pos += 3
		return unhex(rest[0])<<4 | unhex(rest[1]), nil
	}
	return 0, p.fail(`a backslash stands before one of , + " \ < > ; = # or a blank, or before two hex digits; write \\ for a backslash itself`)
}

func isHex(c byte) bool { return isDigit(c) || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F' }

func unhex(c byte) byte {
	switch {
	case c >= 'a':
		return c - 'a' + 10
	case c >= 'A':
		return c - 'A' + 10
	}
	return c - '0'
}

// berString returns the content of one BER element when it is a string of a
// type whose octets are text: OCTET STRING, UTF8String, NumericString,
// PrintableString, IA5String, VisibleString.
func berString(b []byte) (string, bool) {
	if len(b) < 3 || !strings.ContainsRune("\x04\x0c\x12\x13\x16\x1a", rune(b[0])) {
		return "", false
	}
	length, content := int(b[1]), b[2:]
	if length > 0x80 {
		// The long form; two length octets cover everything MaxLength allows.
		n := length - 0x80
		if n > 2 || len(content) < n {
			return "", false
		}
		length = 0
		for _, octet := range content[:n] {
			length = length<<8 | int(octet)
		}
		content = content[n:]
	} else if length == 0x80 {
		return "", false
	}
	if length == 0 || length != len(content) || !utf8.Valid(content) {
		return "", false
	}
	return string(content), true
}
