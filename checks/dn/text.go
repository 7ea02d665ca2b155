package dn

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// String returns the name in one canonical form: types in upper case, no
// blanks around separators, and backslashes only where a reader needs them.
// "=" within a value is written `\=`, as Active Directory writes it. The text
// parses back to an equal DN and to the same text.
func (d DN) String() string {
	var b strings.Builder
	for i, r := range d {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(r.String())
	}
	return b.String()
}

// String returns the part in the form that [DN.String] uses.
func (r RDN) String() string {
	parts := make([]string, len(r))
	for i, a := range r {
		parts[i] = a.String()
	}
	return strings.Join(parts, "+")
}

// String returns the pair in the form that [DN.String] uses.
func (a Attribute) String() string {
	if a.BER {
		return fmt.Sprintf("%s=#%X", a.Name(), a.Value)
	}
	return a.Name() + "=" + escapeValue(a.Value)
}

// escapeValue writes a value so that it reads back unchanged: special
// characters behind a backslash, control characters and bytes that are not
// UTF-8 as hex pairs, everything else as it is.
func escapeValue(v string) string {
	var b strings.Builder
	for i := 0; i < len(v); {
		r, size := utf8.DecodeRuneInString(v[i:])
		switch {
		case r == utf8.RuneError && size == 1, r < ' ', r == 0x7f:
			fmt.Fprintf(&b, `\%02X`, v[i])
		case r == ' ' && (i == 0 || i == len(v)-1), r == '#' && i == 0, strings.ContainsRune(mustEscape, r):
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteString(v[i : i+size])
		}
		i += size
	}
	return b.String()
}

// mustEscape lists what String puts behind a backslash anywhere in a value.
const mustEscape = `"+,;<>\=`

// mayEscape lists what Parse accepts behind a backslash.
const mayEscape = mustEscape + ` #`
