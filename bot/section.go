package bot

import (
	"strconv"
	"strings"

	"github.com/pwsync/pwsync/checks"
)

// whySection says why the cause matters and what showed it.
func whySection(d checks.Diagnosis) Section {
	s := Section{Title: "Why", Lines: []Line{words(text(d.Check.Why))}}
	for _, e := range firstOf(d.Evidence, 2) {
		s.Lines = append(s.Lines, words(text("Seen: "+e)))
	}
	if d.Check.Scope != checks.ScopeUser {
		s.Lines = append(s.Lines, words(text("Concerns: "+d.Subject.Label())))
	}
	if d.Check.URL != "" {
		s.Lines = append(s.Lines, words(link("Microsoft's documentation", d.Check.URL)))
	}
	return s
}

// alsoSection names what else is wrong; the evidence is behind its button.
func alsoSection(more []checks.Diagnosis) Section {
	s := Section{Title: "Also found", Bullets: true}
	for _, d := range more {
		s.Lines = append(s.Lines, words(text(severityWord(d.Result)+": "), text(d.Check.Title), text(about(d.Result))))
	}
	s.Lines = someLines(s.Lines, 5)
	return s
}

func severityWord(r checks.Result) string {
	switch {
	case r.Status == checks.Unknown:
		return "Not known"
	case r.Status == checks.Pass:
		return "OK"
	}
	switch r.Severity {
	case checks.Warning:
		return "Warning"
	case checks.Info:
		return "Note"
	case checks.Error:
	}
	return "Problem"
}

// about names the subject where it is not the person asked about.
func about(r checks.Result) string {
	if r.Check.Scope == checks.ScopeUser {
		return ""
	}
	return " (" + r.Subject.Label() + ")"
}

// doubtSection lists what could not be checked, and what is not set up to be.
func doubtSection(r *checks.Report) (Section, bool) {
	s := Section{Title: "What could not be checked", Bullets: true}
	for _, d := range r.Diagnoses {
		if d.Status != checks.Unknown {
			continue
		}
		line := words(text(d.Check.Title + about(d.Result)))
		if len(d.Evidence) > 0 {
			line = append(line, text(": "+d.Evidence[0]))
		}
		if n := len(d.Folded); n > 0 {
			line = append(line, text(", and "+count(n, "more check")+" for the same reason"))
		}
		s.Lines = append(s.Lines, line)
	}
	s.Lines = someLines(s.Lines, 4)
	for _, group := range notConfigured(r) {
		s.Lines = append(s.Lines, words(text(group)))
	}
	return s, len(s.Lines) > 0
}

// notConfigured groups the checks that were left out by the reason why.
func notConfigured(r *checks.Report) []string {
	var reasons []string
	titles := map[string][]string{}
	for _, x := range r.NotChecked {
		if titles[x.Why] == nil {
			reasons = append(reasons, x.Why)
		}
		titles[x.Why] = append(titles[x.Why], x.Check.Title)
	}
	out := make([]string, 0, len(reasons))
	for _, why := range reasons {
		shown := titles[why]
		if n := len(shown); n > 3 {
			shown = append(shown[:3:3], "and "+strconv.Itoa(n-3)+" more")
		}
		out = append(out, "Not looked for ("+why+"): "+strings.Join(shown, "; "))
	}
	return out
}

// summaryOf is the report's summary for a card. What was not looked for stands
// in a section of its own there.
func summaryOf(r *checks.Report) string {
	s := r.Summary
	if i := strings.LastIndex(s, " Not checked: "); i >= 0 && len(r.NotChecked) > 0 {
		s = s[:i]
	}
	return Cut(s, evidenceRunes)
}

// fixSection lists the steps, the smallest remedy first.
func fixSection(r checks.Result) Section {
	return Section{Title: "What to do", Steps: someSteps(r.Fix(), 6)}
}

func firstOf(list []string, n int) []string { return list[:min(len(list), n)] }

// foldedWords says what a cause accounts for: symptoms that were seen, and checks
// that it keeps from being answered.
func foldedWords(refs []checks.Ref) string {
	seen, hidden := 0, 0
	for _, ref := range refs {
		if ref.Status == checks.Fail {
			seen++
		} else {
			hidden++
		}
	}
	var out []string
	if seen > 0 {
		out = append(out, "explains "+count(seen, "symptom"))
	}
	if hidden > 0 {
		out = append(out, "keeps "+count(hidden, "check")+" from being answered")
	}
	return strings.Join(out, ", and ")
}

// hiddenFindings counts what is folded under the causes.
func hiddenFindings(r *checks.Report) int {
	n := 0
	for _, d := range r.Diagnoses {
		if d.Status == checks.Fail {
			n += len(d.Folded)
		}
	}
	return n
}
