package ad

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pwsync/pwsync/adapters/lab/estate"
)

// maxDepth bounds how deep filters nest.
const maxDepth = 32

// filter is a parsed search filter.
type filter struct {
	op       byte // '&', '|', '!', '=', '>', '<', '*' (present), 's' (substrings), 'x' (extensible)
	children []filter
	attr     string
	rule     string
	value    string
	parts    []string // of a substring match: initial, any…, final
}

// parseFilter reads the text form of a filter.
func parseFilter(s string) (filter, error) {
	p := &filterParser{s: s}
	f, err := p.filter(0)
	if err == nil && p.pos != len(p.s) {
		err = fmt.Errorf("filter %q: text after the end", s)
	}
	return f, err
}

type filterParser struct {
	s   string
	pos int
}

func (p *filterParser) fail(what string) error {
	return fmt.Errorf("filter at %d: %s", p.pos, what)
}

func (p *filterParser) filter(depth int) (filter, error) {
	if depth > maxDepth {
		return filter{}, p.fail("nested too deep")
	}
	if p.pos >= len(p.s) || p.s[p.pos] != '(' {
		return filter{}, p.fail("an opening parenthesis is missing")
	}
	p.pos++
	var f filter
	if p.pos < len(p.s) && strings.IndexByte("&|!", p.s[p.pos]) >= 0 {
		f.op = p.s[p.pos]
		p.pos++
		for p.pos < len(p.s) && p.s[p.pos] == '(' {
			child, err := p.filter(depth + 1)
			if err != nil {
				return filter{}, err
			}
			f.children = append(f.children, child)
		}
		if f.op == '!' && len(f.children) != 1 {
			return filter{}, p.fail("not takes one filter")
		}
	} else {
		end := strings.IndexByte(p.s[p.pos:], ')')
		if end < 0 {
			return filter{}, p.fail("a closing parenthesis is missing")
		}
		var err error
		if f, err = item(p.s[p.pos : p.pos+end]); err != nil {
			return filter{}, p.fail(err.Error())
		}
		p.pos += end
	}
	if p.pos >= len(p.s) || p.s[p.pos] != ')' {
		return filter{}, p.fail("a closing parenthesis is missing")
	}
	p.pos++
	return f, nil
}

// item reads what stands between two parentheses.
func item(s string) (filter, error) {
	left, right, ok := strings.Cut(s, "=")
	if !ok || left == "" {
		return filter{}, fmt.Errorf("%q is no comparison", s)
	}
	f := filter{op: '=', attr: left}
	switch left[len(left)-1] {
	case '>', '<':
		f.op, f.attr = left[len(left)-1], left[:len(left)-1]
	case '~':
		f.attr = left[:len(left)-1]
	case ':':
		f.op = 'x'
		f.attr, f.rule, _ = strings.Cut(strings.TrimSuffix(left, ":"), ":")
	}
	if f.op == '=' && right == "*" {
		f.op = '*'
		return f, nil
	}
	if f.op == '=' && strings.Contains(right, "*") {
		f.op = 's'
		for part := range strings.SplitSeq(right, "*") {
			v, err := unescape(part)
			if err != nil {
				return filter{}, err
			}
			f.parts = append(f.parts, v)
		}
		return f, nil
	}
	var err error
	f.value, err = unescape(right)
	return f, err
}

// unescape resolves the two digits behind a backslash.
func unescape(s string) (string, error) {
	if !strings.Contains(s, `\`) {
		return s, nil
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		if i+2 >= len(s) {
			return "", fmt.Errorf("the escape at the end of %q is cut off", s)
		}
		n, err := strconv.ParseUint(s[i+1:i+3], 16, 8)
		if err != nil {
			return "", fmt.Errorf("%q is no escape", s[i:i+3])
		}
		b.WriteByte(byte(n))
		i += 2
	}
	return b.String(), nil
}

// matches evaluates the filter. What AD leaves undefined counts as no match.
func (f filter) matches(e estate.Entry) bool {
	switch f.op {
	case '&':
		return !slices.ContainsFunc(f.children, func(c filter) bool { return !c.matches(e) })
	case '|':
		return slices.ContainsFunc(f.children, func(c filter) bool { return c.matches(e) })
	case '!':
		return !f.children[0].matches(e)
	}
	name, values := attribute(e, f.attr)
	switch f.op {
	case '*':
		return len(values) > 0
	case 's':
		return slices.ContainsFunc(values, f.substring)
	case 'x':
		return slices.ContainsFunc(values, func(v string) bool { return f.extensible(name, v) })
	case '>', '<':
		return slices.ContainsFunc(values, func(v string) bool { return f.order(v) })
	}
	if strings.EqualFold(f.attr, "anr") {
		return resolves(e, f.value)
	}
	return slices.ContainsFunc(values, func(v string) bool { return equal(name, v, f.value) })
}

// attribute finds an attribute of an entry without regard to case.
func attribute(e estate.Entry, name string) (string, []string) {
	if v, ok := e.Attributes[name]; ok {
		return name, v
	}
	for n, v := range e.Attributes {
		if strings.EqualFold(n, name) {
			return n, v
		}
	}
	return name, nil
}

// equal compares by the attribute's syntax.
func equal(name, have, want string) bool {
	switch name {
	case "objectGUID", "objectSid":
		return have == want
	case "distinguishedName":
		return estate.SameDN(have, want)
	case "objectCategory":
		// AD also takes the class's short name.
		short, _, _ := strings.Cut(strings.TrimPrefix(have, "CN="), ",")
		return strings.EqualFold(short, want) || estate.SameDN(have, want)
	}
	return strings.EqualFold(have, want)
}

func (f filter) substring(v string) bool {
	rest := strings.ToLower(v)
	last := len(f.parts) - 1
	for i, part := range f.parts {
		part = strings.ToLower(part)
		switch {
		case i == 0:
			if !strings.HasPrefix(rest, part) {
				return false
			}
			rest = rest[len(part):]
		case i == last:
			return strings.HasSuffix(rest, part)
		default:
			at := strings.Index(rest, part)
			if at < 0 {
				return false
			}
			rest = rest[at+len(part):]
		}
	}
	return true
}

// order compares numbers as numbers and everything else as text.
func (f filter) order(v string) bool {
	a, errA := strconv.ParseInt(v, 10, 64)
	b, errB := strconv.ParseInt(f.value, 10, 64)
	c := strings.Compare(strings.ToLower(v), strings.ToLower(f.value))
	if errA == nil && errB == nil {
		c = 0
		if a < b {
			c = -1
		} else if a > b {
			c = 1
		}
	}
	return f.op == '>' && c >= 0 || f.op == '<' && c <= 0
}

// The matching rules on the bits of a number.
const (
	ruleBitAnd = "1.2.840.113556.1.4.803"
	ruleBitOr  = "1.2.840.113556.1.4.804"
)

func (f filter) extensible(name, v string) bool {
	switch f.rule {
	case ruleBitAnd, ruleBitOr:
		have, errH := strconv.ParseInt(v, 10, 64)
		want, errW := strconv.ParseInt(f.value, 10, 64)
		if errH != nil || errW != nil {
			return false
		}
		if f.rule == ruleBitAnd {
			return have&want == want
		}
		return have&want != 0
	case "":
		return equal(name, v, f.value)
	}
	return false
}

// resolves is AD's ambiguous name resolution: the beginning of any name.
func resolves(e estate.Entry, want string) bool {
	for _, name := range []string{"sAMAccountName", "displayName", "givenName", "sn", "name", "mail", "userPrincipalName"} {
		_, values := attribute(e, name)
		if slices.ContainsFunc(values, func(v string) bool {
			return strings.HasPrefix(strings.ToLower(v), strings.ToLower(want))
		}) {
			return true
		}
	}
	return false
}
