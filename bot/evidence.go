package bot

import (
	"strconv"

	"github.com/pwsync/pwsync/checks"
)

// The most that an evidence card lists.
const (
	evidenceDiagnoses = 8
	evidenceLines     = 8
	foldedLines       = 6
)

// evidenceCard shows what led to an answer: every observation of every cause,
// what is folded under it, and what could hide behind it.
func evidenceCard(a answer) Card {
	r := a.Report
	c := Card{
		Headline: "Evidence · " + verdictWord(r.Verdict),
		Lead:     []string{summaryOf(r)},
		Footer:   []string{"Facts from " + checks.Stamp(a.Facts.At), countsOf(r)},
	}
	if p := r.Person; p != nil {
		c.Fields = []Field{
			field("Sign-in name", or(p.UPN, "none")), field("Logon name", or(p.SAM, "none")),
			field("objectGUID", or(p.GUID, "not known")), field("Distinguished name", or(p.DN, "not known")),
		}
	}
	for i, d := range r.Diagnoses {
		if i == evidenceDiagnoses {
			c.Sections = append(c.Sections, Section{Lines: []Line{words(text("Not shown: " + count(len(r.Diagnoses)-i, "more finding") + "."))}})
			break
		}
		c.Sections = append(c.Sections, diagnosisEvidence(d))
	}
	if s, ok := eventsSection(a.Facts); ok {
		c.Sections = append(c.Sections, s)
	}
	return c
}

func diagnosisEvidence(d checks.Diagnosis) Section {
	s := Section{Title: Cut(severityWord(d.Result)+": "+d.Check.Title+about(d.Result), 150), Bullets: true}
	for _, e := range d.Evidence {
		s.Lines = append(s.Lines, words(Span{Text: Cut(e, evidenceRunes)}))
	}
	s.Lines = someLines(s.Lines, evidenceLines)
	s.Lines = append(s.Lines, words(text("Check "), code(d.Check.ID), text(" on "), code(string(d.Subject))))
	s.Lines = append(s.Lines, refLines("Accounts for", d.Folded)...)
	s.Lines = append(s.Lines, refLines("Not ruled out", d.NotRuledOut)...)
	return s
}

// refLines names other findings; how many there are is always said.
func refLines(label string, refs []checks.Ref) []Line {
	if len(refs) == 0 {
		return nil
	}
	var out []Line
	for _, ref := range refs {
		title := ref.Check
		if c, ok := checks.Lookup(ref.Check); ok {
			title = c.Title
		}
		out = append(out, words(text(label+": "+title+" ("+ref.Subject.Label()+", "+ref.Status.String()+")")))
	}
	if len(out) > foldedLines {
		out = append(out[:foldedLines:foldedLines], words(text(label+": "+strconv.Itoa(len(refs)-foldedLines)+" more, "+strconv.Itoa(len(refs))+" in all")))
	}
	return out
}

// eventsSection shows the newest errors of the event log that were understood,
// because that is what an admin looks up next.
func eventsSection(f *checks.Facts) (Section, bool) {
	server := f.Active()
	if server == nil {
		return Section{}, false
	}
	s := Section{Title: "Newest events that report a failure", Bullets: true}
	for _, fact := range []checks.Fact[checks.EventLog]{server.Uploads, server.Events} {
		log, ok := fact.Get()
		if !ok {
			continue
		}
		for _, e := range log.Events {
			if len(s.Lines) == evidenceLines {
				return s, true
			}
			if faulty(e) {
				s.Lines = append(s.Lines, words(strong(strconv.Itoa(e.ID)), text(" "+stampAge(f.At, e.Time)+eventDetail(e))))
			}
		}
	}
	return s, len(s.Lines) > 0
}

func eventDetail(e checks.Event) string {
	out := ""
	if e.Domain != "" {
		out += ", " + e.Domain
	}
	if e.Code != "" {
		out += ", " + e.Code
	}
	if e.Detail != "" {
		out += ": " + e.Detail
	}
	return out
}

// countsOf says how many checks were held against the facts, and how they went.
func countsOf(r *checks.Report) string {
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
	out := count(pass, "check") + " passed, " + strconv.Itoa(fail) + " failed, " + strconv.Itoa(unknown) + " not known"
	if n := len(r.NotChecked); n > 0 {
		out += ", " + strconv.Itoa(n) + " left out"
	}
	return out
}
