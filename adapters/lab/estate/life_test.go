package estate

import (
	"slices"
	"testing"
	"time"
)

func TestNobodyChangesAPasswordTwiceWithinMemory(t *testing.T) {
	e, c := start(t)
	total := 0
	for range 5 {
		for _, o := range e.healthy() {
			n := 0
			for _, ch := range o.changes {
				if c.Now().Sub(ch.at) < memory {
					n++
				}
			}
			if n > 1 {
				t.Errorf("%s changed it %d times in a week", o.SAM, n)
			}
			total += n
		}
		advance(t, c, 7*24*time.Hour)
	}
	if total < 10 {
		t.Errorf("%d changes in five weeks: nobody lives here", total)
	}
}

func TestAHealthyEstateShowsLifeInEveryDomain(t *testing.T) {
	e, c := start(t)
	lively := map[string]bool{}
	for _, o := range e.healthy() {
		log := e.Person(ActiveHost, o.Domain.Forest.ConnectorID, o.DN).Log
		if len(log) > 0 && log[0].Status == "Success" && c.Now().Sub(log[0].At) < 30*time.Hour {
			lively[o.Domain.FQDN] = true
		}
	}
	if len(lively) != 3 {
		t.Errorf("somebody was synchronized of late in %v only", lively)
	}
}

func TestAFaultOnAPersonStopsTheirLifeAndNobodyElses(t *testing.T) {
	free, freeClock := start(t)
	held, heldClock := start(t)
	var on []string
	for _, o := range held.healthy()[:8] {
		on = append(on, "excluded-by-rule@"+o.UPN)
	}
	set(t, held, on, nil)
	for range 6 {
		advance(t, freeClock, 7*24*time.Hour)
		advance(t, heldClock, 7*24*time.Hour)
	}
	for i, o := range held.healthy() {
		other := free.healthy()[i]
		if i < 8 {
			if ch, ok := o.latest(heldClock.Now(), false); !ok || ch.at.After(held.start) {
				t.Errorf("%s: the newest change is %+v (%t)", o.SAM, ch, ok)
			}
			continue
		}
		same := func(a, b change) bool { return a.at.Equal(b.at) }
		if !slices.EqualFunc(o.changes, other.changes, same) {
			t.Errorf("%s lives otherwise because of a fault on somebody else", o.SAM)
		}
	}
	set(t, held, nil, on)
	if jane := held.bySAM("jdoe"); !jane.undoneSince.IsZero() {
		t.Error("life does not go on once the fault is over")
	}
}

func TestWhatNobodyUnderstandsIsNewerThanEveryCycle(t *testing.T) {
	e, c := start(t)
	set(t, e, []string{"unexplained-events"}, nil)
	odd := func() Event { return newest(t, e, ActiveHost, 0) }
	if ev := odd(); ev.Source != SourceAgent || !ev.Time.Equal(c.Now()) {
		t.Errorf("switched on at %v, the event is %+v", c.Now(), ev)
	}
	for range 200 {
		for _, domain := range []string{"contoso.com", "emea.contoso.com", "fabrikam.com"} {
			if end := stateOf(t, e, domain).SuccessEnd; !odd().Time.After(end) {
				t.Fatalf("at %v the event is of %v, a cycle of %s of %v", c.Now(), odd().Time, domain, end)
			}
		}
		advance(t, c, 17*time.Second)
	}
	set(t, e, []string{"adsync-service-stopped"}, nil)
	log, err := e.Events(ActiveHost, time.Time{}, 10, func(_ string, id int) bool { return id == 0 })
	if err != nil || len(log.Events) > 0 {
		t.Errorf("a service that had stopped before wrote %+v, %v", log.Events, err)
	}
}
