package slack

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// deepestMarkup bounds how far emphasis nests; beyond it the marks are text.
const deepestMarkup = 5

// longestAddress is how far a bare address is followed, in bytes.
const longestAddress = 3000

// fence is the mark that opens and closes preformatted text.
const fence = "```"

// mrkdwn draws Slack's own markup. It follows what the Slack client does with
// text from an app: three escapes are decoded exactly once, a backslash means
// nothing, emphasis needs word boundaries, and the angle-bracket forms (links,
// mentions, pings, dates) work everywhere, code included, which is what makes
// unescaped data dangerous and therefore worth seeing here.
func (d *drawer) mrkdwn(m *markup, s string) {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	for s != "" {
		before, after, found := strings.Cut(s, fence)
		code, rest, closed := strings.Cut(after, fence)
		if !found || !closed || strings.TrimSpace(code) == "" {
			d.lines(m, s)
			return
		}
		d.lines(m, strings.TrimSuffix(before, "\n"))
		m.open("pre")
		d.code(m, strings.Trim(code, "\n"))
		m.close("pre")
		s = strings.TrimPrefix(rest, "\n")
	}
}

// lines draws text without fences: quotes are blocks, all else flows.
func (d *drawer) lines(m *markup, s string) {
	if s == "" {
		return
	}
	lines := strings.Split(s, "\n")
	quoting, broken := false, false
	for i, line := range lines {
		quoted, isQuote, toEnd := quoteMark(line)
		if isQuote != quoting {
			if isQuote {
				m.open("blockquote")
			} else {
				m.close("blockquote")
			}
			quoting, broken = isQuote, false
		}
		if broken {
			m.void("br")
		}
		broken = true
		if toEnd {
			rest := append([]string{quoted}, lines[i+1:]...)
			for j, q := range rest {
				if j > 0 {
					m.void("br")
				}
				d.inline(m, q, 0)
			}
			break
		}
		d.inline(m, quoted, 0)
	}
	if quoting {
		m.close("blockquote")
	}
}

// quoteMark takes a leading quote mark off a line. Slack reads the escaped
// form too, so escaping alone does not keep data from becoming a quote. Three
// marks quote everything that follows.
func quoteMark(line string) (text string, quoted, toEnd bool) {
	text = line
	marks := 0
	for marks < 3 {
		rest, ok := strings.CutPrefix(text, "&gt;")
		if !ok {
			rest, ok = strings.CutPrefix(text, ">")
		}
		if !ok {
			break
		}
		text = rest
		marks++
		if marks == 1 {
			quoted = true
		}
	}
	switch marks {
	case 0:
		return line, false, false
	case 3:
		return strings.TrimPrefix(text, " "), true, true
	case 2:
		text = "&gt;" + text
	}
	return strings.TrimPrefix(text, " "), quoted, false
}

// inline draws one line, or a piece of one.
func (d *drawer) inline(m *markup, s string, depth int) {
	var plain strings.Builder
	flush := func() {
		m.text(plain.String())
		plain.Reset()
	}
	exhausted := make(map[byte]bool, 3) // marks that have no partner further on
	for i := 0; i < len(s); {
		if n := d.special(m, s, i, depth, exhausted, flush); n > 0 {
			i += n
			continue
		}
		if c, n := unescapeAt(s[i:]); n > 0 {
			plain.WriteByte(c)
			i += n
			continue
		}
		plain.WriteByte(s[i])
		i++
	}
	flush()
}

// special draws the construct that starts at s[i] and returns its length, or
// zero when the byte there is ordinary text.
func (d *drawer) special(m *markup, s string, i, depth int, exhausted map[byte]bool, flush func()) int {
	switch c := s[i]; c {
	case '<':
		inner, n := angleAt(s[i:])
		if n > 0 {
			flush()
			d.angle(m, inner)
		}
		return n
	case '`':
		end := strings.IndexByte(s[i+1:], '`')
		if end < 1 {
			return 0
		}
		flush()
		m.open("code")
		d.code(m, s[i+1:i+1+end])
		m.close("code")
		return end + 2
	case ':':
		name, n := emojiAt(s[i:])
		if n == 0 || emojiByName[name] == "" {
			return 0
		}
		flush()
		m.emoji(name)
		return n
	case 'h':
		address := bareAddress(s, i)
		if address == "" {
			return 0
		}
		flush()
		m.link(unescapeSlack(address), unescapeSlack(address))
		return len(address)
	case '*', '_', '~':
		if depth >= deepestMarkup || exhausted[c] || !opensEmphasis(s, i) {
			return 0
		}
		end := closingMark(s, i+1, c)
		if end < 0 {
			exhausted[c] = true
			return 0
		}
		flush()
		tag := map[byte]string{'*': "strong", '_': "em", '~': "s"}[c]
		m.open(tag)
		d.inline(m, s[i+1:end], depth+1)
		m.close(tag)
		return end - i + 1
	}
	return 0
}

// code draws the inside of a code span: no emphasis, no emoji, but Slack still
// follows angle brackets there.
func (d *drawer) code(m *markup, s string) {
	start := 0
	for i := 0; i < len(s); {
		if s[i] == '<' {
			if inner, n := angleAt(s[i:]); n > 0 {
				m.verbatim(unescapeSlack(s[start:i]))
				d.angle(m, inner)
				i += n
				start = i
				continue
			}
		}
		i++
	}
	m.verbatim(unescapeSlack(s[start:]))
}

// angleAt reads <…> on one line; the length is zero when there is none.
func angleAt(s string) (inner string, length int) {
	end := strings.IndexAny(s[1:], "<>\n")
	if end < 1 || s[1+end] != '>' {
		return "", 0
	}
	return s[1 : 1+end], end + 2
}

// unescapeAt decodes one of Slack's three escapes at the start of s.
func unescapeAt(s string) (c byte, length int) {
	switch {
	case s[0] != '&':
		return 0, 0
	case strings.HasPrefix(s, "&amp;"):
		return '&', 5
	case strings.HasPrefix(s, "&lt;"):
		return '<', 4
	case strings.HasPrefix(s, "&gt;"):
		return '>', 4
	}
	return 0, 0
}

// slackEscapes decodes in one pass, so that &amp;lt; becomes &lt; and stays so.
var slackEscapes = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">")

func unescapeSlack(s string) string { return slackEscapes.Replace(s) }

func runeBefore(s string, i int) rune {
	if i == 0 {
		return ' '
	}
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	return r
}

func runeAfter(s string, i int) rune {
	if i >= len(s) {
		return ' '
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	return r
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// opensEmphasis reports whether the mark at s[i] can start emphasis: it stands
// at a word boundary, touches what it emphasizes, and is not one of a row.
func opensEmphasis(s string, i int) bool {
	before, after := runeBefore(s, i), runeAfter(s, i+1)
	mark := rune(s[i])
	return !isWord(before) && before != mark && !unicode.IsSpace(after) && after != mark
}

// closingMark finds the mark that ends emphasis, stepping over code and angle
// brackets, or returns -1.
func closingMark(s string, from int, mark byte) int {
	for i := from; i < len(s); i++ {
		switch s[i] {
		case '<':
			if _, n := angleAt(s[i:]); n > 0 {
				i += n - 1
			}
		case '`':
			if end := strings.IndexByte(s[i+1:], '`'); end > 0 {
				i += end + 1
			}
		case mark:
			before, after := runeBefore(s, i), runeAfter(s, i+1)
			if i > from && !unicode.IsSpace(before) && !isWord(after) && after != rune(mark) {
				return i
			}
		}
	}
	return -1
}

// bareAddress finds a web address that starts at s[i] and stands on its own.
func bareAddress(s string, i int) string {
	rest := s[i:]
	if !strings.HasPrefix(rest, "https://") && !strings.HasPrefix(rest, "http://") || isWord(runeBefore(s, i)) {
		return ""
	}
	rest = rest[:min(len(rest), longestAddress)]
	end := strings.IndexFunc(rest, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("<>|`*\"", r)
	})
	if end < 0 {
		end = len(rest)
	}
	address := strings.TrimRight(rest[:end], ".,;:!?)'_~")
	if _, ok := safeLink(unescapeSlack(address)); !ok {
		return ""
	}
	return address
}
