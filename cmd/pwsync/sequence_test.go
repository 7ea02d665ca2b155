package main

import (
	"context"
	"testing"
	"time"

	"github.com/pwsync/pwsync/checks"
)

// Whoever tries the faults one after the other in a lab that is running has to
// be told of the one that is on, whatever was on before it.
func TestFaultsInSequenceAreEachDiagnosed(t *testing.T) {
	l := testLab(t)
	var list []labFault
	for _, f := range l.lab.Faults() {
		if f.Scope != "user" {
			list = append(list, f)
		}
	}
	for i, f := range list {
		if (testing.Short() || raceEnabled) && i%5 > 1 {
			continue // still two neighbors in a row
		}
		l.switchAndAsk(t, f)
		if i%3 == 0 { // and one that is far from it in the catalog
			l.switchAndAsk(t, list[(i*7+5)%len(list)])
		}
	}
}

// switchAndAsk switches a fault on, asks, switches it off and asks again, as fast
// as somebody with a browser does.
func (w *labWorld) switchAndAsk(t *testing.T, f labFault) {
	t.Helper()
	pass := func() {
		if err := w.Advance(context.Background(), 11*time.Second); err != nil {
			t.Fatal(err)
		}
	}
	pass()
	if err := w.SetFaults([]string{f.ID}, nil); err != nil {
		t.Fatal(err)
	}
	pass()
	if _, r := w.ask(t, ""); len(r.Diagnoses) == 0 || r.Diagnoses[0].Check.ID != f.Check || r.Diagnoses[0].Severity.String() != f.Severity || string(r.Diagnoses[0].Subject) != f.Subject {
		t.Errorf("%s is on: %s; %v", f.ID, r.Summary, named(r))
	}
	pass()
	if err := w.SetFaults(nil, []string{f.ID}); err != nil {
		t.Fatal(err)
	}
	pass()
	_, r := w.ask(t, "")
	// A server that did not answer is left alone for a moment of wall time.
	for patience := time.Now().Add(3 * time.Second); mentions(r, "server-unreachable") && time.Now().Before(patience); {
		time.Sleep(100 * time.Millisecond)
		w.forget()
		_, r = w.ask(t, "")
	}
	if r.Verdict != checks.Healthy || len(r.Diagnoses) > 0 {
		t.Errorf("%s is off: %s; %v", f.ID, r.Summary, named(r))
	}
}
