package main

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/pwsync/pwsync/checks"
)

// textRenderer writes a report for a terminal. Every colored word also stands
// as a word, and a symbol never stands alone.
type textRenderer struct {
	color bool
	width int
}

const textWidth = 100

func renderText(w io.Writer, r *checks.Report, color bool) error {
	t := &textRenderer{color: color, width: textWidth}
	var b strings.Builder
	t.head(&b, r)
	t.chain(&b, r)
	for _, d := range r.Diagnoses {
		t.diagnosis(&b, d)
	}
	t.rest(&b, r)
	_, err := io.WriteString(w, b.String())
	return err
}

func (t *textRenderer) head(b *strings.Builder, r *checks.Report) {
	what := "pwsync health"
	if r.Scope == checks.ScopeUserQuestion {
		what = "pwsync user"
		if r.Person != nil {
			what += " " + clean(firstOf(r.Person.UPN, r.Person.SAM, r.Person.DN))
		}
	}
	fmt.Fprintf(b, "%s, %s\n\n", what, checks.Stamp(r.At))
	t.wrap(b, "", t.paint(verdictColor(r.Verdict), verdictMark(r.Verdict)+" "+clean(r.Summary)))
	if tell := r.Tell; tell != "" {
		b.WriteString("\n")
		t.wrap(b, "", "Tell the caller: "+tell)
	}
}

func (t *textRenderer) chain(b *strings.Builder, r *checks.Report) {
	if len(r.Chain) == 0 {
		return
	}
	b.WriteString("\nThe way of the password\n")
	for _, l := range r.Chain {
		mark := t.paint(statusColor(l.Status), statusMark(l.Status))
		fmt.Fprintf(b, "  %s %-22s %s\n", mark, l.Name, clean(l.Detail))
	}
}

func (t *textRenderer) diagnosis(b *strings.Builder, d checks.Diagnosis) {
	b.WriteString("\n")
	title := diagnosisMark(d) + " " + d.Check.Title
	if d.Status == checks.Unknown {
		title = statusMark(d.Status) + " Could not tell: " + lowerFirst(d.Check.Title)
	}
	color := statusColor(d.Status)
	if d.Status == checks.Fail && d.Severity == checks.Info {
		color = "36"
	}
	fmt.Fprintf(b, "%s\n", t.paint(color, title))
	state := d.Severity.String()
	if d.Status == checks.Unknown {
		state = "unknown"
	}
	fmt.Fprintf(b, "  %s, %s, %s\n", d.Check.ID, state, clean(d.Subject.Label()))
	for _, e := range d.Evidence {
		t.wrap(b, "  Seen: ", clean(e))
	}
	if d.Status == checks.Fail {
		t.wrap(b, "  Why:  ", d.Check.Why)
		t.steps(b, d.Fix())
	}
	symptoms, hidden := apart(d.Folded)
	if len(symptoms) > 0 {
		t.wrap(b, "  Folded under it: ", foldedWords(symptoms))
	}
	if len(hidden) > 0 {
		t.wrap(b, "  Could not be told because of it: ", foldedWords(hidden))
	}
	if len(d.NotRuledOut) > 0 {
		t.wrap(b, "  Not ruled out:   ", foldedWords(d.NotRuledOut))
	}
	if d.Status == checks.Fail {
		fmt.Fprintf(b, "  More: %s\n", d.Check.URL)
	}
}

func (t *textRenderer) steps(b *strings.Builder, steps []checks.Step) {
	for i, s := range steps {
		t.wrap(b, fmt.Sprintf("  %d. ", i+1), clean(s.Text))
		if s.Where != "" {
			fmt.Fprintf(b, "     (%s)\n", clean(s.Where))
		}
		if s.Command != "" {
			fmt.Fprintf(b, "     > %s\n", clean(s.Command))
		}
	}
}

func (t *textRenderer) rest(b *strings.Builder, r *checks.Report) {
	if len(r.SecondOpinion) > 0 {
		b.WriteString("\nA second opinion\n")
		t.steps(b, r.SecondOpinion)
	}
	var pass, fail, unknown int
	for _, x := range r.Results {
		switch x.Status {
		case checks.Pass:
			pass++
		case checks.Fail:
			fail++
		case checks.Unknown:
			unknown++
		}
	}
	fmt.Fprintf(b, "\n%d checks: %d passed, %d failed, %d could not be told.\n", len(r.Results), pass, fail, unknown)
	for _, s := range r.NotChecked {
		t.wrap(b, "", fmt.Sprintf("Not checked: %s (%s).", s.Check.ID, clean(s.Why)))
	}
}

// wrap writes text at the width of the page, with a hanging indent below lead.
func (t *textRenderer) wrap(b *strings.Builder, lead, text string) {
	indent := strings.Repeat(" ", min(len(lead), 8))
	line := lead
	length, empty := len(lead), true
	for _, word := range strings.Fields(text) {
		n := len([]rune(word))
		if !empty && length+1+n > t.width {
			b.WriteString(line + "\n")
			line, length, empty = indent, len(indent), true
		}
		if !empty {
			line += " "
			length++
		}
		line += word
		length += n
		empty = false
	}
	b.WriteString(line + "\n")
}

func (t *textRenderer) paint(code, s string) string {
	if !t.color || code == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func verdictColor(v checks.Verdict) string {
	switch v {
	case checks.Healthy, checks.Synced:
		return "32"
	case checks.Waiting, checks.Degraded, checks.CouldNotTell:
		return "33"
	case checks.Broken, checks.Blocked:
		return "31"
	}
	return ""
}

func verdictMark(v checks.Verdict) string {
	switch v {
	case checks.Healthy, checks.Synced:
		return "✓"
	case checks.Waiting:
		return "…"
	case checks.Degraded:
		return "!"
	case checks.Broken, checks.Blocked:
		return "✗"
	case checks.CouldNotTell:
		return "?"
	}
	return "?"
}

func statusColor(s checks.Status) string {
	switch s {
	case checks.Pass:
		return "32"
	case checks.Fail:
		return "31"
	case checks.Unknown:
		return "33"
	}
	return ""
}

func statusMark(s checks.Status) string {
	switch s {
	case checks.Pass:
		return "✓"
	case checks.Fail:
		return "✗"
	case checks.Unknown:
		return "?"
	}
	return "?"
}

// diagnosisMark is the mark of a finding: what is only worth knowing is not
// marked like a fault.
func diagnosisMark(d checks.Diagnosis) string {
	switch {
	case d.Status != checks.Fail:
		return statusMark(d.Status)
	case d.Severity == checks.Info:
		return "i"
	case d.Severity == checks.Warning:
		return "!"
	default:
		return statusMark(d.Status)
	}
}

// apart tells the symptoms that were seen to fail from what could not be seen.
func apart(refs []checks.Ref) (symptoms, hidden []checks.Ref) {
	for _, r := range refs {
		if r.Status == checks.Unknown {
			hidden = append(hidden, r)
		} else {
			symptoms = append(symptoms, r)
		}
	}
	return symptoms, hidden
}

// foldedWords lists findings by check, with their number where there are more
// than one, in order of appearance.
func foldedWords(refs []checks.Ref) string {
	var order []string
	count := map[string]int{}
	for _, r := range refs {
		key := r.Check
		if count[key] == 0 {
			order = append(order, key)
		}
		count[key]++
	}
	for i, k := range order {
		if n := count[k]; n > 1 {
			order[i] = fmt.Sprintf("%s ×%d", k, n)
		}
	}
	return strings.Join(order, ", ")
}

// clean keeps data from steering the terminal: control characters, escape
// sequences and bidirectional overrides are shown or dropped.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case unicode.IsControl(r):
			return '\uFFFD'
		case unicode.Is(unicode.Bidi_Control, r):
			return '\uFFFD'
		case r == '\u200B' || r == '\u2060' || r == '\uFEFF':
			return -1
		}
		return r
	}, s)
}

func firstOf(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}

func lowerFirst(s string) string {
	if len(s) > 1 && s[1] >= 'A' && s[1] <= 'Z' {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
