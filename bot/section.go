package bot

import (
	"regexp"
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

// doubtSection lists what could not be checked, by what keeps it from being told,
// and what is not set up to be. It has no lines where there is no doubt.
func doubtSection(r *checks.Report) Section {
	s := Section{Title: "What could not be checked", Bullets: true}
	told := map[checks.Ref]bool{}
	for _, d := range r.Diagnoses {
		if n := untold(d, told); n > 0 && d.Status == checks.Fail {
			s.Lines = append(s.Lines, words(text(count(n, "check")+", because "+lowerFirst(d.Check.Title)+about(d.Result))))
		}
	}
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
	return s
}

// untold counts what a diagnosis keeps from being told, each check once: several
// causes may hide the same one.
func untold(d checks.Diagnosis, told map[checks.Ref]bool) int {
	n := 0
	for _, ref := range d.Folded {
		if ref.Status == checks.Unknown && !told[ref] {
			told[ref] = true
			n++
		}
	}
	return n
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
	return Cut(justNow(s), evidenceRunes)
}

// fixSection lists the steps, the smallest remedy first.
func fixSection(r checks.Result) Section {
	return stepsSection(r.Fix(), 6)
}

// unfilled is a name in angle brackets that stands for what is not known.
var unfilled = regexp.MustCompile(`<[a-z][a-z-]*>`)

// stepsSection lists steps. The Connect server needs no name to be found; other
// names that are left open are said to be so.
func stepsSection(steps []checks.Step, most int) Section {
	s := Section{Title: "What to do", Steps: someSteps(steps, most)}
	open := false
	for i := range s.Steps {
		x := &s.Steps[i]
		x.Text = strings.ReplaceAll(x.Text, "<server>", "the Connect server")
		x.Where = strings.ReplaceAll(x.Where, "<server>", "the Connect server")
		open = open || unfilled.MatchString(x.Text+x.Where+x.Command)
	}
	if open {
		s.Lines = []Line{words(text("Names in angle brackets are to be filled in."))}
	}
	return s
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

// behindEvidence says in words what a card counts only, and Show Evidence lists;
// shown is how many of the failing causes the card tells.
func behindEvidence(r *checks.Report, shown int) string {
	seen, told := map[checks.Ref]bool{}, map[checks.Ref]bool{}
	hidden := 0
	for _, d := range r.Diagnoses {
		if d.Status != checks.Fail {
			continue
		}
		hidden += untold(d, told)
		for _, ref := range d.Folded {
			if ref.Status == checks.Fail {
				seen[ref] = true
			}
		}
	}
	var out []string
	if n := len(failures(r)) - shown; n > 0 {
		out = append(out, count(n, "more cause"))
	}
	if n := len(seen); n > 0 {
		out = append(out, count(n, "symptom"))
	}
	if hidden > 0 {
		out = append(out, count(hidden, "check")+" that could not be told")
	}
	if len(out) == 0 {
		return ""
	}
	return "Show Evidence lists " + join(out, "and")
}
