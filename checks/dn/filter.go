package dn

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Filter is an LDAP search filter (RFC 4515), made only by the constructors
// of this package, which escape every value. The zero Filter, like any that
// was built with something unusable, matches no object at all: a mistake
// makes a search find nothing, never more than was asked.
type Filter struct {
	text string
	err  error
}

const (
	matchesEverything = "(objectClass=*)"
	matchesNothing    = "(!(objectClass=*))"
)

var (
	errNoFilter      = errors.New("empty filter")
	errAttributeName = errors.New("not the name of an LDAP attribute")
)

// String returns the filter as LDAP libraries take it.
func (f Filter) String() string {
	if f.Err() != nil {
		return matchesNothing
	}
	return f.text
}

// Err tells why the filter matches nothing, or nil when it is sound.
func (f Filter) Err() error {
	if f.err == nil && f.text == "" {
		return errNoFilter
	}
	return f.err
}

// And matches what all the given filters match; with none it matches
// everything.
func And(filters ...Filter) Filter { return combine('&', matchesEverything, filters) }

// Or matches what any of the given filters matches; with none it matches
// nothing.
func Or(filters ...Filter) Filter { return combine('|', matchesNothing, filters) }

// Not matches what the given filter does not match.
func Not(f Filter) Filter {
	if err := f.Err(); err != nil {
		return Filter{err: err}
	}
	return Filter{text: "(!" + f.text + ")"}
}

func combine(operator byte, none string, filters []Filter) Filter {
	switch len(filters) {
	case 0:
		return Filter{text: none}
	case 1:
		return filters[0]
	}
	var b strings.Builder
	b.WriteByte('(')
	b.WriteByte(operator)
	for _, f := range filters {
		if err := f.Err(); err != nil {
			return Filter{err: err}
		}
		b.WriteString(f.text)
	}
	b.WriteByte(')')
	return Filter{text: b.String()}
}

// Everything matches every object; it is the filter of a search whose base
// already names the one object.
func Everything() Filter { return Filter{text: matchesEverything} }

// Equals matches objects of which the attribute has the value, under the
// attribute's own matching rule.
func Equals(attribute, value string) Filter { return item(attribute, "=", FilterEscape(value)) }

// EqualsBytes matches objects of which the binary attribute has the value.
func EqualsBytes(attribute string, value []byte) Filter {
	var b strings.Builder
	for _, octet := range value {
		fmt.Fprintf(&b, `\%02x`, octet)
	}
	return item(attribute, "=", b.String())
}

// Present matches objects that have the attribute.
func Present(attribute string) Filter { return item(attribute, "=", "*") }

// StartsWith matches objects of which the attribute begins with the prefix;
// an empty prefix matches as [Present] does.
func StartsWith(attribute, prefix string) Filter {
	return item(attribute, "=", FilterEscape(prefix)+"*")
}

// GreaterOrEqual matches objects of which the attribute is at least the value.
func GreaterOrEqual(attribute, value string) Filter {
	return item(attribute, ">=", FilterEscape(value))
}

// AllBits matches objects of which the integer attribute has every bit of the
// mask set, by Active Directory's bit-and matching rule.
func AllBits(attribute string, mask uint32) Filter {
	return item(attribute, ":1.2.840.113556.1.4.803:=", strconv.FormatUint(uint64(mask), 10))
}

func item(attribute, operator, value string) Filter {
	if !IsAttribute(attribute) {
		return Filter{err: errAttributeName}
	}
	return Filter{text: "(" + attribute + operator + value + ")"}
}

// IsAttribute reports whether the text can name an LDAP attribute: a letter
// followed by letters, digits and hyphens, or a dotted number.
func IsAttribute(name string) bool { return isType(name) }

// FilterEscape returns the value as it must stand in a filter: \ * ( ) and
// every byte that is not printable ASCII become a backslash and two hex
// digits, so that the value can be nothing but a value.
func FilterEscape(value string) string {
	var b strings.Builder
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case c < ' ', c > '~', c == '\\', c == '*', c == '(', c == ')':
			fmt.Fprintf(&b, `\%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
