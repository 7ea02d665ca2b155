package bot

import (
	"strconv"
	"strings"
	"time"

	"github.com/pwsync/pwsync/checks"
)

// The lengths at which data is cut before it goes on a card. What is cut says
// so, and the evidence shows more of it.
const (
	fieldRunes    = 300
	lineRunes     = 400
	evidenceRunes = 700
)

func words(parts ...Span) Line { return parts }

func text(s string) Span { return Span{Text: Cut(s, lineRunes)} }

func strong(s string) Span { return Span{Kind: SpanStrong, Text: Cut(s, lineRunes)} }

func code(s string) Span { return Span{Kind: SpanCode, Text: Cut(s, lineRunes)} }

func link(label, url string) Span { return Span{Kind: SpanLink, Text: label, URL: url} }

func field(label, value string) Field { return Field{Label: label, Value: Cut(value, fieldRunes)} }

// marked begins a line with the symbol and the word of a status.
func marked(s checks.Status, rest ...Span) Line {
	m := MarkOf(s)
	return append(Line{{Text: m.Symbol + " "}}, rest...)
}

// someLines keeps the first lines and says how many there were.
func someLines(all []Line, n int) []Line {
	if len(all) <= n {
		return all
	}
	return append(append([]Line{}, all[:n]...), words(text("… and "+count(len(all)-n, "more line"))))
}

// someSteps keeps the first steps, cut to what can be read.
func someSteps(all []checks.Step, n int) []checks.Step {
	if len(all) > n {
		all = all[:n]
	}
	out := make([]checks.Step, 0, len(all))
	for _, s := range all {
		// A command is copied and run: half of one is worse than none.
		if len([]rune(s.Command)) > commandRunes {
			s.Command = ""
			s.Text += " (The command is too long to show here; pwsync check on the command line prints it.)"
		}
		s.Text, s.Where = Cut(s.Text, lineRunes), Cut(s.Where, fieldRunes)
		out = append(out, s)
	}
	return out
}

// commandRunes is the longest command that a card shows.
const commandRunes = 1200

// stampAge words a moment with its age.
func stampAge(now, t time.Time) string { return justNow(checks.StampAge(now, t)) }

// justNow says of what is less than a second old what people say.
func justNow(s string) string { return strings.ReplaceAll(s, " 0 seconds ago", " just now") }

func count(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return strconv.Itoa(n) + " " + unit + "s"
}

func or(s, otherwise string) string {
	if strings.TrimSpace(s) == "" {
		return otherwise
	}
	return s
}
