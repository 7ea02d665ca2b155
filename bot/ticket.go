package bot

import (
	"fmt"
	"strings"
	"time"

	"github.com/pwsync/pwsync/checks"
)

// ticketRunes is the most that fits a message as one preformatted text.
const ticketRunes = 2400

// ticket words an answer as plain text for a ticket system: verdict, cause,
// evidence, ids, and times in UTC and in the zone of whoever asked.
func ticket(a answer, zone *time.Location) string {
	var w ticketWriter
	r, f := a.Report, a.Facts
	w.row("Verdict", verdictWord(r.Verdict))
	w.row("Summary", summaryOf(r))
	w.row("Facts from", bothTimes(f.At, zone))
	if p := r.Person; p != nil {
		w.row("Person", or(p.UPN, or(p.SAM, p.DN)))
		w.row("objectGUID", p.GUID)
		w.row("DN", p.DN)
		w.row("Domain", p.Domain)
	}
	if f.User != nil {
		w.userTimes(f, zone)
	}
	w.row("Server", serverName(f))
	for i, d := range r.Diagnoses {
		if i == evidenceDiagnoses {
			w.row("", count(len(r.Diagnoses)-i, "more finding")+" not listed")
			break
		}
		w.diagnosis(d)
	}
	for _, group := range notConfigured(r) {
		w.row("", group)
	}
	return Cut(strings.TrimSuffix(w.b.String(), "\n"), ticketRunes)
}

type ticketWriter struct{ b strings.Builder }

// row writes one line; what data says stays in its line.
func (w *ticketWriter) row(label, value string) {
	if value == "" {
		return
	}
	if label != "" {
		label += ": "
	}
	fmt.Fprintf(&w.b, "%s%s\n", label, Cut(strings.TrimSpace(Inline(value)), evidenceRunes))
}

func (w *ticketWriter) userTimes(f *checks.Facts, zone *time.Location) {
	if set, _ := passwordMoment(f); !set.IsZero() {
		w.row("Password set", bothTimes(set, zone))
	}
	if log, ok := f.User.Log.Get(); ok && len(log) > 0 {
		w.row("Last attempt", log[0].Status+", "+bothTimes(log[0].At, zone))
	}
}

func (w *ticketWriter) diagnosis(d checks.Diagnosis) {
	w.row(severityWord(d.Result), d.Check.Title)
	w.row("  Check", d.Check.ID)
	w.row("  Subject", string(d.Subject))
	for _, e := range firstOf(d.Evidence, evidenceLines) {
		w.row("  Evidence", e)
	}
	w.row("", upperFirst(foldedWords(d.Folded)))
	for _, s := range firstSteps(d.Fix()) {
		w.row("  First step", stepText(s))
	}
}

func firstSteps(steps []checks.Step) []checks.Step { return steps[:min(len(steps), 1)] }

// bothTimes words a moment in UTC and in a person's own zone.
func bothTimes(t time.Time, zone *time.Location) string {
	utc := checks.Stamp(t)
	if _, offset := t.In(zone).Zone(); t.IsZero() || offset == 0 {
		return utc
	}
	return utc + " (" + t.In(zone).Format("2006-01-02 15:04 -07:00") + " " + zone.String() + ")"
}

func ticketCard(s string) Card {
	return Card{
		Headline: "For your ticket",
		Lead:     []string{"Copy the text below. It holds names; paste it only where they may be seen."},
		Sections: []Section{{Verbatim: s}},
	}
}
