package dn

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxLength is the length in bytes above which [Parse] and [Mend] refuse a
// text. Active Directory's own names stay far below it; the bound keeps a
// pasted novel from costing anything.
const MaxLength = 8 << 10

// DN is a distinguished name, the object's own part first and the root last,
// as it is written. The empty DN names the root of the directory. A DN is
// treated as immutable: its methods share memory with it.
type DN []RDN

// RDN is one part of a DN between two commas: nearly always one attribute, in
// theory several joined by "+".
type RDN []Attribute

// Attribute is one TYPE=value pair.
type Attribute struct {
	// Type is the attribute type as it was written, such as "CN".
	Type string
	// Value is the decoded value, without any escaping. Bytes that were
	// written as hex pairs may leave it without valid UTF-8.
	Value string
	// BER says that Value holds raw BER octets, because a "#…" value was not
	// an encoded string.
	BER bool
}

// wellKnown maps the numbers of the attribute types that RFC 4514 lists to
// their names, so that both spellings compare as equal.
var wellKnown = map[string]string{
	"2.5.4.3":                    "CN",
	"2.5.4.6":                    "C",
	"2.5.4.7":                    "L",
	"2.5.4.8":                    "ST",
	"2.5.4.9":                    "STREET",
	"2.5.4.10":                   "O",
	"2.5.4.11":                   "OU",
	"0.9.2342.19200300.100.1.1":  "UID",
	"0.9.2342.19200300.100.1.25": "DC",
}

// Name returns the attribute type in upper case, with the numbers that
// RFC 4514 lists replaced by their names.
func (a Attribute) Name() string {
	if name, ok := wellKnown[a.Type]; ok {
		return name
	}
	return strings.ToUpper(a.Type)
}

// Is reports whether the attribute has the given type, compared without case.
func (a Attribute) Is(name string) bool { return a.Name() == strings.ToUpper(name) }

// Value returns the value of the first attribute, which in Active Directory is
// the only one, or "" for an empty RDN.
func (r RDN) Value() string {
	if len(r) == 0 {
		return ""
	}
	return r[0].Value
}

// RDN returns the object's own part, or nil for the empty DN.
func (d DN) RDN() RDN {
	if len(d) == 0 {
		return nil
	}
	return d[0]
}

// Parent returns the DN of the container that holds d; the parent of a DN of
// one part, and of the empty DN, is the empty DN.
func (d DN) Parent() DN {
	if len(d) < 2 {
		return DN{}
	}
	return d[1:]
}

// Equal reports whether both names name the same object: types and values
// compare without case, as Active Directory compares them, and the order of
// the attributes within one part does not matter.
func (d DN) Equal(other DN) bool { return len(d) == len(other) && d.Key() == other.Key() }

// IsUnder reports whether d is base itself or lies anywhere below it. Every
// name is under the empty DN.
func (d DN) IsUnder(base DN) bool {
	return len(d) >= len(base) && d[len(d)-len(base):].Equal(base)
}

// Key returns a text that is the same for exactly the names that are
// [DN.Equal], for use as a map key. It is not meant to be shown.
func (d DN) Key() string {
	var b strings.Builder
	for i, r := range d {
		if i > 0 {
			b.WriteByte(',')
		}
		parts := make([]string, len(r))
		for j, a := range r {
			value := a.Value
			if !a.BER {
				value = fold(value)
			}
			parts[j] = Attribute{Type: a.Name(), Value: value, BER: a.BER}.String()
		}
		slices.Sort(parts)
		b.WriteString(strings.Join(parts, "+"))
	}
	return b.String()
}

// fold maps every letter to one representative of all its cases, and leaves
// bytes that are not UTF-8 as they are.
func fold(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			b.WriteByte(s[i])
		} else {
			b.WriteRune(foldRune(r))
		}
		i += size
	}
	return b.String()
}

func foldRune(r rune) rune {
	least := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		least = min(least, f)
	}
	return least
}

// Domain returns the DNS name, in lower case, that the DC= parts at the end of
// the name spell. It reports false when there are none, or when one of them
// could not be a label of a DNS name: `DC=evil.contoso.com` is not the domain
// evil.contoso.com.
func (d DN) Domain() (fqdn string, ok bool) {
	first := len(d)
	for first > 0 && len(d[first-1]) == 1 && d[first-1][0].Is("DC") {
		first--
	}
	labels := make([]string, 0, len(d)-first)
	for _, r := range d[first:] {
		if !isLabel(r[0]) {
			return "", false
		}
		labels = append(labels, strings.ToLower(r[0].Value))
	}
	return strings.Join(labels, "."), len(labels) > 0
}

func isLabel(a Attribute) bool {
	if a.BER || a.Value == "" || len(a.Value) > 63 || !utf8.ValidString(a.Value) {
		return false
	}
	return !strings.ContainsFunc(a.Value, func(r rune) bool {
		return r != '-' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
}

// errDomain is returned by [FromDomain].
var errDomain = errors.New("not a DNS domain name: write labels joined by dots, such as contoso.com")

// FromDomain returns the DN of the domain with the given DNS name:
// DC=contoso,DC=com for contoso.com. One dot at the end is accepted.
func FromDomain(fqdn string) (DN, error) {
	labels := strings.Split(strings.TrimSuffix(strings.TrimSpace(fqdn), "."), ".")
	d := make(DN, 0, len(labels))
	for _, label := range labels {
		a := Attribute{Type: "DC", Value: label}
		if !isLabel(a) {
			return nil, fmt.Errorf("build name of domain: %w", errDomain)
		}
		d = append(d, RDN{a})
	}
	return d, nil
}
