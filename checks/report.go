package checks

import (
	"bytes"
	"encoding/json"
	"time"
)

// ReportSchema names the JSON form of a Report and its version.
const ReportSchema = "pwsync.report/1"

// Verdict is the answer in one word.
type Verdict string

// The verdicts: of health, and of a person.
const (
	Healthy  Verdict = "healthy"
	Degraded Verdict = "degraded"
	Broken   Verdict = "broken"

	Synced  Verdict = "synced"
	Waiting Verdict = "waiting"
	Blocked Verdict = "blocked"

	// CouldNotTell is the verdict where a fact that decides is missing.
	CouldNotTell Verdict = "unknown"
)

// Report is the answer to one question. Every renderer reads the same one.
type Report struct {
	At      time.Time
	Scope   string
	Verdict Verdict
	// Summary is one or two sentences that are complete on their own.
	Summary    string
	Diagnoses  []Diagnosis
	Results    []Result
	NotChecked []Skipped
	// SecondOpinion is Microsoft's own check, where something is wrong.
	SecondOpinion []Step
	// Tell is what a helpdesk agent can tell the caller (user questions).
	Tell string
	// Person is the one asked about, and Chain the stations of the password.
	Person *Person
	Chain  []Link
}

// Answer judges the facts: it evaluates, explains and words the outcome.
func Answer(f *Facts) *Report {
	results, skipped := Evaluate(f)
	active := ""
	if s := f.Active(); s != nil {
		active = s.Host
	}
	r := &Report{
		At: f.At.UTC(), Scope: f.Question.Scope,
		Diagnoses: Explain(results, active), Results: results, NotChecked: skipped,
	}
	r.Verdict = verdict(f.Question.Scope, results)
	r.Chain = chain(f)
	if f.User != nil && f.User.Person.GUID != "" {
		p := f.User.Person
		r.Person = &p
	}
	r.Summary = summarize(f, r)
	r.Tell = tell(r)
	asked := f.User == nil || f.User.Person.GUID != ""
	if asked && r.Verdict != Healthy && r.Verdict != Synced && r.Verdict != Waiting {
		r.SecondOpinion = secondOpinion(f)
	}
	return r
}

// verdict words the results. Health counts every result. A person is judged by
// the results about the person; what is wrong around them decides only where the
// password is not there yet, because then it is on its way through it.
func verdict(scope string, results []Result) Verdict {
	var own, around tally
	for _, r := range results {
		if scope == ScopeUserQuestion && r.Check.Scope != ScopeUser {
			around.count(r)
			continue
		}
		own.count(r)
	}
	if scope != ScopeUserQuestion {
		return own.health()
	}
	switch {
	case own.errors > 0:
		return Blocked
	case own.waiting > 0 && around.errors > 0:
		return Blocked
	case own.unknown > 0 || own.waiting > 0 && around.unknown > 0:
		return CouldNotTell
	case own.waiting > 0:
		return Waiting
	default:
		return Synced
	}
}

// tell chooses the words for the caller: those of the finding that decides, and
// where that is not about the person, that it is not the person's fault.
func tell(r *Report) string {
	for _, d := range r.Diagnoses {
		decides := d.Severity == Error || d.Check.ID == waiting.ID && r.Verdict == Waiting
		if d.Status == Fail && d.Check.Scope == ScopeUser && decides {
			return d.Check.Tell
		}
	}
	switch {
	case r.Verdict == Blocked:
		return "The new password cannot arrive at the moment, and it is not your fault: a known fault is being worked on. The old password may still work in Microsoft 365."
	case r.Scope == ScopeUserQuestion && r.Verdict == CouldNotTell:
		return "It cannot be told at the moment whether the password has arrived. It is being looked into."
	default:
		return ""
	}
}

type tally struct{ errors, warnings, unknown, waiting int }

// HealthOf words results as the verdict on health: of a whole report, or of the
// part of one that is about a forest or a domain.
func HealthOf(results []Result) Verdict {
	var t tally
	for _, r := range results {
		t.count(r)
	}
	return t.health()
}

func (t *tally) health() Verdict {
	switch {
	case t.errors > 0:
		return Broken
	case t.warnings > 0:
		return Degraded
	case t.unknown > 0:
		return CouldNotTell
	default:
		return Healthy
	}
}

func (t *tally) count(r Result) {
	switch {
	case r.Status == Fail && r.Check.ID == waiting.ID:
		t.waiting++
	case r.Status == Fail && r.Severity == Error:
		t.errors++
	case r.Status == Fail && r.Severity == Warning:
		t.warnings++
	case r.Status == Unknown && r.Severity != Info, r.Status == Unknown && r.Check.ID == waiting.ID:
		t.unknown++
	}
}

// Fix returns the steps for a diagnosis with its placeholders filled.
func (r Result) Fix() []Step {
	out := make([]Step, 0, len(r.Check.Fix))
	for _, s := range r.Check.Fix {
		out = append(out, s.fill(r.Vars))
	}
	return out
}

type diagnosisJSON struct {
	Check       string   `json:"check"`
	Subject     Subject  `json:"subject"`
	Status      Status   `json:"status"`
	Severity    Severity `json:"severity"`
	Title       string   `json:"title"`
	Evidence    []string `json:"evidence"`
	Why         string   `json:"why"`
	Fix         []Step   `json:"fix"`
	URL         string   `json:"url"`
	Folded      []Ref    `json:"folded"`
	NotRuledOut []Ref    `json:"notRuledOut"`
}

type resultJSON struct {
	Check    string   `json:"check"`
	Subject  Subject  `json:"subject"`
	Status   Status   `json:"status"`
	Evidence []string `json:"evidence"`
}

type skippedJSON struct {
	Check string `json:"check"`
	Why   string `json:"why"`
}

type reportJSON struct {
	Schema     string          `json:"schema"`
	At         time.Time       `json:"at"`
	Scope      string          `json:"scope"`
	Verdict    Verdict         `json:"verdict"`
	Summary    string          `json:"summary"`
	Diagnoses  []diagnosisJSON `json:"diagnoses"`
	Results    []resultJSON    `json:"results"`
	NotChecked []skippedJSON   `json:"notChecked"`
	// SecondOpinion is Microsoft's own check, where something is wrong.
	SecondOpinion []Step `json:"secondOpinion,omitempty"`
}

// MarshalJSON writes the report in its documented form.
func (r *Report) MarshalJSON() ([]byte, error) {
	out := reportJSON{
		Schema: ReportSchema, At: r.At, Scope: r.Scope, Verdict: r.Verdict, Summary: r.Summary,
		Diagnoses: []diagnosisJSON{}, Results: []resultJSON{}, NotChecked: []skippedJSON{},
		SecondOpinion: r.SecondOpinion,
	}
	for _, d := range r.Diagnoses {
		out.Diagnoses = append(out.Diagnoses, diagnosisJSON{
			Check: d.Check.ID, Subject: d.Subject, Status: d.Status, Severity: d.Severity, Title: d.Check.Title,
			Evidence: list(d.Evidence), Why: d.Check.Why, Fix: list(d.Fix()), URL: d.Check.URL,
			Folded: list(d.Folded), NotRuledOut: list(d.NotRuledOut),
		})
	}
	for _, x := range r.Results {
		out.Results = append(out.Results, resultJSON{Check: x.Check.ID, Subject: x.Subject, Status: x.Status, Evidence: list(x.Evidence)})
	}
	for _, s := range r.NotChecked {
		out.NotChecked = append(out.NotChecked, skippedJSON{Check: s.Check.ID, Why: s.Why})
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

func list[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}
