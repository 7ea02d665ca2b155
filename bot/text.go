package bot

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pwsync/pwsync/checks"
)

// TextLimit is the number of characters that [Card.Text] never exceeds: short
// enough that escaping it for a platform keeps it within a message.
const TextLimit = 3300

// Text returns the whole card as plain text, because that is all that screen
// readers and notifications read. It is valid UTF-8 without control characters
// other than line breaks, is not escaped, and says so where it had to be cut.
func (c Card) Text() string {
	var w textWriter
	w.line(c.Tone.Mark().Symbol + " " + c.Headline)
	for _, s := range c.Lead {
		w.line(s)
	}
	for _, f := range c.Fields {
		w.line(f.Label + ": " + f.Value)
	}
	if len(c.Chain) > 0 {
		w.line("The password's way:")
	}
	for _, l := range c.Chain {
		m := MarkOf(l.Status)
		w.line(m.Symbol + " " + m.Word + ": " + l.Name + ", " + l.Detail)
	}
	for _, s := range c.Sections {
		w.section(s)
	}
	for i, choice := range c.Choices {
		w.line(fmt.Sprintf("%d. %s", i+1, choice.Line.Text()))
	}
	// How old the facts are is said even where the rest has to be cut.
	foot := Cut(strings.TrimSpace(Inline(strings.Join(c.Footer, " · "))), TextLimit/4)
	if foot != "" {
		foot = "\n" + foot
	}
	return Cut(strings.Join(w.lines, "\n"), TextLimit-utf8.RuneCountInString(foot)) + foot
}

// Text returns the line without its kinds; a link is followed by its target.
func (l Line) Text() string {
	var b strings.Builder
	for _, s := range l {
		b.WriteString(s.Text)
		if s.Kind == SpanLink && s.URL != "" {
			b.WriteString(" (" + s.URL + ")")
		}
	}
	return b.String()
}

// textWriter collects lines; each is one line, whatever data is in it.
type textWriter struct{ lines []string }

func (w *textWriter) line(s string) {
	if s = strings.TrimSpace(Inline(s)); s != "" {
		w.lines = append(w.lines, s)
	}
}

func (w *textWriter) section(s Section) {
	if s.Title != "" {
		w.line(s.Title + ":")
	}
	for _, l := range s.Lines {
		if s.Bullets {
			w.line("- " + l.Text())
			continue
		}
		w.line(l.Text())
	}
	for i, step := range s.Steps {
		w.line(fmt.Sprintf("%d. %s", i+1, stepText(step)))
	}
	for l := range strings.SplitSeq(s.Verbatim, "\n") {
		w.line(l)
	}
}

func stepText(s checks.Step) string {
	out := s.Text
	if s.Where != "" {
		out += " (" + s.Where + ")"
	}
	if s.Command != "" {
		out += " Run: " + s.Command
	}
	return out
}

// Inline makes text safe to stand in one line: control characters and line
// separators become blanks, and characters that are invisible or reorder their
// neighbors become U+FFFD, so that a name cannot pass for another one. The
// result is valid UTF-8.
func Inline(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		case r == '\u00ad', unicode.Is(unicode.Cf, r):
			// A zero-width joiner shapes scripts and emoji and is worth its risk
			// nowhere else; names in a card are read, not admired.
			return utf8.RuneError
		default:
			return r
		}
	}, strings.ToValidUTF8(s, string(utf8.RuneError)))
}

// Cut shortens text to at most limit characters and says how much is left out.
func Cut(s string, limit int) string {
	n := utf8.RuneCountInString(s)
	if n <= limit {
		return strings.ToValidUTF8(s, string(utf8.RuneError))
	}
	// The note is measured with the whole length, which is never shorter than
	// the number that it will hold.
	room := limit - utf8.RuneCountInString(cutNote(n))
	if room < 0 {
		room = 0
	}
	kept := make([]rune, 0, room)
	for _, r := range s {
		if len(kept) == room {
			break
		}
		kept = append(kept, r)
	}
	return string(kept) + cutNote(n-room)
}

func cutNote(n int) string { return fmt.Sprintf("… (cut, %d more characters)", n) }
