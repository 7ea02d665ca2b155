package estate

import (
	"strings"
)

// SameDN reports whether two distinguished names name the same object: types
// and values without regard to case, blanks around separators ignored, escapes
// resolved.
func SameDN(a, b string) bool { return strings.EqualFold(nameKey(a), nameKey(b)) }

// UnderDN reports whether the name is base or lies below it.
func UnderDN(dn, base string) bool {
	a, b := nameKey(dn), nameKey(base)
	if b == "" {
		return true
	}
	return len(a) >= len(b) && strings.EqualFold(a[len(a)-len(b):], b)
}

// ParentDN is the container of an object, "" for a name of one part.
func ParentDN(dn string) string {
	for i := 0; i < len(dn); i++ {
		switch dn[i] {
		case '\\':
			i++
		case ',':
			return strings.TrimLeft(dn[i+1:], " ")
		}
	}
	return ""
}

// nameKey writes a distinguished name in one way, for comparison: the parts
// without blanks around them, values decoded, a zero byte before every part.
// The lab keeps its own reading of names, so that it cannot share a mistake with
// the program that it serves.
func nameKey(dn string) string {
	var out strings.Builder
	var value []byte
	keep := 0 // how much of value an escape protects from trimming
	typed := false
	flush := func(separator string) {
		v := strings.TrimRight(string(value[keep:]), " ")
		out.Write(value[:keep])
		out.WriteString(v)
		out.WriteString(separator)
		value, keep = value[:0], 0
	}
	if strings.TrimSpace(dn) == "" {
		return ""
	}
	out.WriteByte(0)
	for i := 0; i < len(dn); i++ {
		c := dn[i]
		switch {
		case c == '\\' && i+2 < len(dn) && isHex(dn[i+1]) && isHex(dn[i+2]):
			value = append(value, unhex(dn[i+1])<<4|unhex(dn[i+2]))
			keep = len(value)
			i += 2
		case c == '\\' && i+1 < len(dn):
			i++
			value = append(value, dn[i])
			keep = len(value)
		case c == '=' && !typed:
			typed = true
			flush("=")
		case c == ',', c == '+':
			typed = false
			flush(string(rune(separatorOf(c))))
		case c == ' ' && len(value) == 0:
		default:
			value = append(value, c)
		}
	}
	flush("")
	return out.String()
}

// separatorOf begins a part: zero after a comma, one after a plus.
func separatorOf(c byte) byte {
	if c == '+' {
		return 1
	}
	return 0
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	default:
		return c - 'a' + 10
	}
}
