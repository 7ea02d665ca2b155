package identity

import (
	"slices"
	"strings"
	"unicode"
)

// variants returns the text as it stands, then, where they differ, without
// what people put around a name, then with typographic and invisible
// characters replaced within it. Blanks at the ends never count.
func variants(s string) []string {
	literal := trimEdges(s)
	bare := undecorate(literal)
	plain := undecorate(plainCharacters(bare))
	return slices.Compact([]string{literal, bare, plain})
}

// trimEdges removes blanks and invisible characters from both ends.
func trimEdges(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || isInvisible(r) })
}

// isInvisible reports whether the character shows nothing: zero-width ones,
// soft hyphens, and those that only steer the direction of writing.
func isInvisible(r rune) bool {
	switch {
	case r == 0x00ad, r == 0x061c, r == 0x180e, r == 0xfeff,
		0x200b <= r && r <= 0x200f, 0x202a <= r && r <= 0x202e, 0x2060 <= r && r <= 0x206f:
		return true
	}
	return false
}

// undecorate removes, layer by layer, what stands around a name: labels,
// quotation marks, brackets, markup, the punctuation of a sentence.
func undecorate(s string) string {
	// Each layer removes at least one character, and real text has few.
	for range 8 {
		stripped := trimEdges(stripMarks(stripPair(stripLabel(s))))
		if stripped == s || stripped == "" {
			break
		}
		s = stripped
	}
	return s
}

// labels are words that consoles, portals and people put before a name.
var labels = []string{
	"user", "username", "account", "login", "logon", "name", "upn", "userprincipalname",
	"mail", "email", "e-mail", "mailto", "smtp", "sip", "sam", "samaccountname", "dn", "distinguishedname",
	"guid", "objectguid", "immutableid", "onpremisesimmutableid", "sourceanchor", "anchor",
}

func isLabel(word string) bool {
	return slices.Contains(labels, strings.ToLower(strings.ReplaceAll(word, " ", "")))
}

// stripLabel removes "user:", "UserPrincipalName   : " and the like.
func stripLabel(s string) string {
	if i := strings.IndexAny(s, ":="); i > 0 && isLabel(s[:i]) {
		return trimEdges(s[i+1:])
	}
	return s
}

// pairs are the brackets and quotation marks that enclose a whole name, opening
// and closing.
var pairs = [...][2]string{
	{`"`, `"`}, {`'`, `'`}, {"`", "`"}, {"*", "*"}, {"_", "_"}, {"~", "~"},
	{"\u201c", "\u201d"}, {"\u201d", "\u201d"}, {"\u201e", "\u201c"}, {"\u201e", "\u201d"},
	{"\u2018", "\u2019"}, {"\u2019", "\u2019"}, {"\u201a", "\u2018"}, {"\u201a", "\u2019"},
	{"\u00ab", "\u00bb"}, {"\u00bb", "\u00ab"}, {"\u00b4", "\u00b4"}, {"(", ")"}, {"[", "]"}, {"<", ">"},
}

// stripPair removes one pair of marks that encloses the text.
func stripPair(s string) string {
	for _, p := range pairs {
		if inner, ok := strings.CutPrefix(s, p[0]); ok {
			if inner, ok = strings.CutSuffix(inner, p[1]); ok {
				return trimEdges(inner)
			}
		}
	}
	return s
}

// stripMarks removes marks that stand at one end alone.
func stripMarks(s string) string {
	s = strings.TrimLeft(s, quotes+"*_~@")
	if trimmed := strings.TrimRight(s, quotes+"*_~.,;:!?"); !strings.HasSuffix(trimmed, `\`) {
		return trimmed
	}
	return s // the last mark is escaped and belongs to a name
}

// plainCharacters replaces typographic characters by those of a keyboard.
func plainCharacters(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case isInvisible(r):
			return -1
		case unicode.IsSpace(r):
			return ' '
		case strings.ContainsRune("\u2018\u2019\u201a\u201b\u00b4\u2032", r):
			return '\''
		case strings.ContainsRune("\u201c\u201d\u201e\u201f\u2033", r):
			return '"'
		case 0x2010 <= r && r <= 0x2015, r == 0x2212, r == 0xfe63:
			return '-'
		case 0xff01 <= r && r <= 0xff5e: // full-width forms of ASCII
			return r - 0xff01 + '!'
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}
