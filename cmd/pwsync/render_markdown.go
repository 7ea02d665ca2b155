package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/pwsync/pwsync/checks"
)

// renderMarkdown writes a report for a ticket. Data is escaped: a pipe, a
// bracket or a tag in a name stays what it is.
func renderMarkdown(w io.Writer, r *checks.Report) error {
	var b strings.Builder
	fmt.Fprintf(&b, "## Password hash synchronization: %s\n\n", r.Verdict)
	fmt.Fprintf(&b, "%s\n\n", md(r.Summary))
	fmt.Fprintf(&b, "Looked at %s.\n", checks.Stamp(r.At))
	if tell := r.Tell; tell != "" {
		fmt.Fprintf(&b, "\n**Tell the caller:** %s\n", md(tell))
	}
	if len(r.Chain) > 0 {
		b.WriteString("\n| station | state | detail |\n|---|---|---|\n")
		for _, l := range r.Chain {
			fmt.Fprintf(&b, "| %s | %s %s | %s |\n", md(l.Name), statusMark(l.Status), l.Status, md(l.Detail))
		}
	}
	for _, d := range r.Diagnoses {
		markdownDiagnosis(&b, d)
	}
	if len(r.SecondOpinion) > 0 {
		b.WriteString("\n### A second opinion\n\n")
		markdownSteps(&b, r.SecondOpinion)
	}
	for _, s := range r.NotChecked {
		fmt.Fprintf(&b, "\nNot checked: %s (%s).\n", s.Check.ID, md(s.Why))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func markdownDiagnosis(b *strings.Builder, d checks.Diagnosis) {
	title := d.Check.Title
	if d.Status == checks.Unknown {
		title = "Could not tell: " + lowerFirst(title)
	}
	fmt.Fprintf(b, "\n### %s %s\n\n", diagnosisMark(d), md(title))
	fmt.Fprintf(b, "`%s`, %s, %s\n\n", d.Check.ID, d.Status, md(d.Subject.Label()))
	for _, e := range d.Evidence {
		fmt.Fprintf(b, "* %s\n", md(e))
	}
	if d.Status == checks.Fail {
		fmt.Fprintf(b, "\n%s\n\n", md(d.Check.Why))
		markdownSteps(b, d.Fix())
		fmt.Fprintf(b, "\n[Documentation](%s)\n", d.Check.URL)
	}
	symptoms, hidden := apart(d.Folded)
	if len(symptoms) > 0 {
		fmt.Fprintf(b, "\nFolded under it: %s\n", md(foldedWords(symptoms)))
	}
	if len(hidden) > 0 {
		fmt.Fprintf(b, "\nCould not be told because of it: %s\n", md(foldedWords(hidden)))
	}
	if len(d.NotRuledOut) > 0 {
		fmt.Fprintf(b, "\nNot ruled out: %s\n", md(foldedWords(d.NotRuledOut)))
	}
}

func markdownSteps(b *strings.Builder, steps []checks.Step) {
	for i, s := range steps {
		fmt.Fprintf(b, "%d. %s", i+1, md(s.Text))
		if s.Where != "" {
			fmt.Fprintf(b, " (%s)", md(s.Where))
		}
		b.WriteString("\n")
		if s.Command != "" {
			fmt.Fprintf(b, "\n   ```powershell\n   %s\n   ```\n", strings.ReplaceAll(clean(s.Command), "```", "'''"))
		}
	}
}

// md escapes what Markdown and HTML would read as markup.
func md(s string) string {
	return markdownEscapes.Replace(clean(s))
}

var markdownEscapes = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", ">", "&gt;", "|", `\|`, "#", `\#`, "&", "&amp;", "~", `\~`,
)
