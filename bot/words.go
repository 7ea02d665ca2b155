package bot

import (
	"strings"
	"unicode"
)

// blank reports whether a character separates words; phones and word processors
// write blanks that are not U+0020.
func blank(r rune) bool {
	return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff'
}

func trimBlank(s string) string { return strings.TrimFunc(s, blank) }

func firstWord(s string) (word, rest string) {
	s = trimBlank(s)
	i := strings.IndexFunc(s, blank)
	if i < 0 {
		return s, ""
	}
	return s[:i], trimBlank(s[i:])
}

// plain decodes the platform's markup in a text that is not a name: a link gives
// way to what it shows, and the three entities become characters, exactly once.
// Names keep their markup until package identity reads them.
func plain(s string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "<")
		b.WriteString(before)
		if !found {
			break
		}
		end := strings.IndexAny(rest, "<>\n")
		if end < 0 || rest[end] != '>' {
			b.WriteByte('<')
			s = rest
			continue
		}
		b.WriteString(shownOf(rest[:end]))
		s = rest[end+1:]
	}
	return entities.Replace(b.String())
}

var entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// shownOf returns what a pair of angle brackets shows; what is no markup stays.
func shownOf(content string) string {
	target, label, labeled := strings.Cut(content, "|")
	for _, scheme := range []string{"http://", "https://", "mailto:", "tel:"} {
		if !strings.HasPrefix(target, scheme) {
			continue
		}
		if labeled && label != "" {
			return label
		}
		return strings.TrimPrefix(strings.TrimPrefix(target, "mailto:"), "tel:")
	}
	return "<" + content + ">"
}

// join lists words as a sentence does.
func join(words []string, last string) string {
	switch n := len(words); n {
	case 0:
		return ""
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " " + last + " " + words[n-1]
	}
}

// lowerFirst continues a sentence with what could begin one. A word that is all
// capitals, such as AD, stays.
func lowerFirst(s string) string {
	r := []rune(s)
	if len(r) < 2 || unicode.IsUpper(r[1]) {
		return s
	}
	r[0] = unicode.ToLower(r[0])
	return string(r)
}

// upperFirst begins a sentence.
func upperFirst(s string) string {
	for i, r := range s {
		if i == 0 {
			return string(unicode.ToUpper(r)) + s[len(string(r)):]
		}
	}
	return s
}
