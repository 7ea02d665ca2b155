package estate

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pwsync/pwsync/adapters/lab/clock"
	"github.com/pwsync/pwsync/checks"
)

func start(t testing.TB) (*Estate, *clock.Clock) {
	t.Helper()
	c := clock.New(true)
	e, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close(); c.Close() })
	return e, c
}

func set(t testing.TB, e *Estate, on, off []string) {
	t.Helper()
	if err := e.SetFaults(on, off); err != nil {
		t.Fatal(err)
	}
}

func advance(t testing.TB, c *clock.Clock, d time.Duration) {
	t.Helper()
	if err := c.Advance(context.Background(), d); err != nil {
		t.Fatal(err)
	}
}

func photo(t testing.TB, e *Estate, host string) Photo {
	t.Helper()
	p, err := e.Server(host)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func stateOf(t testing.TB, e *Estate, domain string) Cycle {
	t.Helper()
	for _, s := range photo(t, e, ActiveHost).States {
		if s.DN == e.domain(domain).DN() {
			return s.Cycle
		}
	}
	t.Fatalf("no state for %s", domain)
	return Cycle{}
}

func newest(t testing.TB, e *Estate, host string, ids ...int) Event {
	t.Helper()
	log, err := e.Events(host, time.Time{}, 1, func(_ string, id int) bool { return slices.Contains(ids, id) })
	if err != nil || len(log.Events) == 0 {
		t.Fatalf("no event of %v on %s: %v", ids, host, err)
	}
	return log.Events[0]
}

func TestNobodyIsThereTwice(t *testing.T) {
	e, _ := start(t)
	seen := map[string]string{}
	once := func(kind, value, dn string) {
		key := kind + " " + strings.ToLower(value)
		if other, twice := seen[key]; twice && value != "" {
			t.Errorf("%s %q belongs to %s and %s", kind, value, other, dn)
		}
		seen[key] = dn
	}
	for _, o := range e.objects {
		once("dn", o.DN, o.DN)
		once("guid", o.GUID.String(), o.DN)
		once("sid", o.SID(), o.DN)
		once("upn", o.UPN, o.DN)
		once("sam", o.Domain.NetBIOS+`\`+o.SAM, o.DN)
		if o.situation.trait != traitAmbiguous && o.situation.trait != traitReader {
			once("sam alone", o.SAM, o.DN)
		}
	}
	if n := len(e.objects); n < 55 || n > 90 {
		t.Errorf("%d objects: about sixty people are wanted", n)
	}
}

func TestEveryUserCheckHasSomebodyWhoShowsIt(t *testing.T) {
	e, _ := start(t)
	shown := map[string]bool{}
	for _, x := range e.Expectations() {
		shown[x.Expect] = true
		if x.Why == "" {
			t.Errorf("%s: no reason is given", x.DN)
		}
		if _, known := checks.Lookup(x.Expect); !known && x.Expect != "healthy" {
			t.Errorf("%s expects the unknown check %q", x.DN, x.Expect)
		}
	}
	for _, c := range checks.All() {
		// A distinguished name is never ambiguous.
		if c.Scope == checks.ScopeUser && !shown[c.ID] && c.ID != "user-ambiguous" {
			t.Errorf("nobody shows %s", c.ID)
		}
	}
}

func TestEveryFaultNamesACheckOfItsScopeAndEveryCheckHasAFault(t *testing.T) {
	e, _ := start(t)
	covered := map[string]bool{}
	seen := map[string]bool{}
	listed := e.Faults()
	if len(listed) != len(e.faults) {
		t.Errorf("%d of %d faults are listed: a victim is missing", len(listed), len(e.faults))
	}
	for _, f := range listed {
		c, ok := checks.Lookup(f.Check)
		if !ok {
			t.Errorf("%s: there is no check %q", f.ID, f.Check)
			continue
		}
		covered[c.ID] = true
		if seen[f.ID] {
			t.Errorf("%s is there twice", f.ID)
		}
		seen[f.ID] = true
		if !strings.HasPrefix(f.ID, f.Check) {
			t.Errorf("%s does not begin with the id of its check %s", f.ID, f.Check)
		}
		if string(c.Scope) != f.Scope {
			t.Errorf("%s has scope %s, its check %s", f.ID, f.Scope, c.Scope)
		}
		var severity checks.Severity
		if err := severity.UnmarshalText([]byte(f.Severity)); err != nil || severity > c.Severity {
			t.Errorf("%s has severity %s, its check %s: %v", f.ID, f.Severity, c.Severity, err)
		}
		if f.Title == "" || (f.User == "") != (f.Scope != scopeUser) || f.Subject == "" {
			t.Errorf("%s is incomplete: %+v", f.ID, f)
		}
	}
	for _, c := range checks.All() {
		if !covered[c.ID] {
			t.Errorf("no fault shows %s", c.ID)
		}
	}
}

func TestEveryVictimIsKeptForAFaultThatExists(t *testing.T) {
	e, _ := start(t)
	for _, o := range e.objects {
		if o.victim == "" {
			continue
		}
		if !slices.ContainsFunc(e.faults, func(f *fault) bool { return f.id == o.victim }) {
			t.Errorf("%s is kept for %q", o.SAM, o.victim)
		}
	}
}

func TestAFaultHasBegunBeforeItWasSwitchedOnAndEndsAtOnce(t *testing.T) {
	e, c := start(t)
	now := c.Now()
	set(t, e, []string{"staging-mode"}, nil)
	if age := now.Sub(stateOf(t, e, "contoso.com").SuccessEnd); age < leadHeartbeat || age > leadHeartbeat+5*time.Minute {
		t.Errorf("the last cycle is %v old", age)
	}
	if age := now.Sub(newest(t, e, ActiveHost, 651, 654).Time); age < leadHeartbeat {
		t.Errorf("the last proof of writing is %v old", age)
	}
	advance(t, c, 10*time.Minute)
	if age := c.Now().Sub(stateOf(t, e, "contoso.com").SuccessEnd); age < leadHeartbeat+10*time.Minute {
		t.Errorf("ten minutes later the last cycle is %v old", age)
	}
	set(t, e, nil, []string{"staging-mode"})
	for _, d := range []string{"contoso.com", "emea.contoso.com", "fabrikam.com"} {
		if age := c.Now().Sub(stateOf(t, e, d).SuccessEnd); age > time.Second {
			t.Errorf("%s: switched off, the last cycle is %v old", d, age)
		}
	}
	if age := c.Now().Sub(newest(t, e, ActiveHost, 654).Time); age > time.Second {
		t.Errorf("switched off, the last heartbeat is %v old", age)
	}
	if photo(t, e, ActiveHost).Staging {
		t.Error("still in staging mode")
	}
}

func TestAnErrorThatIsOverStaysInTheLog(t *testing.T) {
	e, c := start(t)
	set(t, e, []string{"replication-rights-missing@emea.contoso.com"}, nil)
	failed := newest(t, e, ActiveHost, 611)
	if !strings.Contains(failed.Text, "domain: emea.contoso.com,") || !strings.Contains(failed.Text, "8453") {
		t.Errorf("the event says %q", failed.Text)
	}
	if got := stateOf(t, e, "contoso.com"); got.Status != "Successful" || c.Now().Sub(got.SuccessEnd) > cycleEvery {
		t.Errorf("the other domain suffers too: %+v", got)
	}
	advance(t, c, time.Minute)
	set(t, e, nil, []string{"replication-rights-missing"})
	if got := newest(t, e, ActiveHost, 611); !got.Time.After(failed.Time.Add(-cycleEvery)) {
		t.Error("the old error is gone from the log")
	}
	if got := stateOf(t, e, "emea.contoso.com"); got.Status != "Successful" || got.SuccessEnd.Before(newest(t, e, ActiveHost, 611).Time) {
		t.Errorf("no success after the error: %+v", got)
	}
}

func TestAFaultThatWasOnForNoTimeLeavesNoTrace(t *testing.T) {
	e, _ := start(t)
	before, err := e.Events(ActiveHost, time.Time{}, maxEvents, func(string, int) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	set(t, e, []string{"replication-rights-missing", "hash-stale", "staging-mode"}, nil)
	set(t, e, nil, []string{"replication-rights-missing", "hash-stale", "staging-mode"})
	after, err := e.Events(ActiveHost, time.Time{}, maxEvents, func(string, int) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("the log differs:\n%s", diff)
	}
}

// Some troubles of a person began days ago, further back than a shortcut
// through history reaches.
func TestAFaultCanReachBackForDays(t *testing.T) {
	e, c := start(t)
	set(t, e, []string{"hash-stale"}, nil)
	for _, o := range e.objects {
		if o.victim != "hash-stale" {
			continue
		}
		log := e.Person(ActiveHost, o.Domain.Forest.ConnectorID, o.DN).Log
		if len(log) != 1 || log[0].Status != "Success" || c.Now().Sub(log[0].At) < 3*24*time.Hour {
			t.Errorf("log %+v", log)
		}
	}
}

func TestATemporaryPasswordStaysBehindWhenTheFeatureIsSwitchedOn(t *testing.T) {
	e, c := start(t)
	set(t, e, []string{"temporary-password-before-feature", "uploads-failing"}, nil)
	advance(t, c, time.Minute)
	// What catches up after an outage does not look back at it either.
	set(t, e, nil, []string{"uploads-failing"})
	for _, o := range e.objects {
		if o.victim != "temporary-password-before-feature" {
			continue
		}
		log := e.Person(ActiveHost, o.Domain.Forest.ConnectorID, o.DN).Log
		if len(log) == 0 || log[0].Status != "FilteredByTarget" {
			t.Errorf("log %+v", log)
		}
	}
}

func TestAnUnknownFaultChangesNothing(t *testing.T) {
	e, _ := start(t)
	for _, spec := range []string{"no-such-fault", "staging-mode@CONNECT09", "cycle-stale@example.org", "temporary-password@nobody", "channel-disabled@"} {
		err := e.SetFaults([]string{"verbose-logging", spec}, nil)
		if spec == "channel-disabled@" {
			if err != nil {
				t.Errorf("%s: %v", spec, err)
			}
			set(t, e, nil, []string{"verbose-logging", "channel-disabled"})
			continue
		}
		if err == nil {
			t.Errorf("%s was switched on", spec)
		}
		if got := e.Active(); len(got) != 0 {
			t.Errorf("%s: %v is on", spec, got)
		}
	}
}

func TestASubjectChoosesTheTarget(t *testing.T) {
	e, _ := start(t)
	set(t, e, []string{"temporary-password@sbyrne@fabrikam.com", "server-unreachable@connect02", "channel-disabled@fabrikam.com"}, nil)
	if e.Reachable(StagingHost) == nil || e.Reachable(ActiveHost) != nil {
		t.Error("the wrong server is unreachable")
	}
	for _, x := range photo(t, e, ActiveHost).Connectors {
		if x.Forest != nil && x.ChannelOn == (x.Forest.FQDN == "fabrikam.com") {
			t.Errorf("%s: channel %t", x.Name, x.ChannelOn)
		}
	}
	entry := find(t, e, "fabrikam.com", "sbyrne")
	if got := entry.Attributes["pwdLastSet"][0]; got != "0" {
		t.Errorf("pwdLastSet is %s", got)
	}
}

func find(t testing.TB, e *Estate, domain, sam string) Entry {
	t.Helper()
	for _, x := range e.Entries(domain) {
		if len(x.Attributes["sAMAccountName"]) > 0 && x.Attributes["sAMAccountName"][0] == sam {
			return x
		}
	}
	t.Fatalf("no %s in %s", sam, domain)
	return Entry{}
}

func TestWaitingPeopleBecomeSynced(t *testing.T) {
	e, c := start(t)
	for _, o := range e.objects {
		if o.situation.trait != "waiting" {
			continue
		}
		look := func() []LogEntry { return e.Person(ActiveHost, o.Domain.Forest.ConnectorID, o.DN).Log }
		if got := look(); len(got) != 0 {
			t.Errorf("%s: %v at the start", o.SAM, got)
		}
	}
	advance(t, c, 10*time.Minute)
	for _, o := range e.objects {
		if o.situation.trait != "waiting" {
			continue
		}
		log := e.Person(ActiveHost, o.Domain.Forest.ConnectorID, o.DN).Log
		if len(log) == 0 || log[0].Status != "Success" {
			t.Errorf("%s: %v after ten minutes", o.SAM, log)
		}
	}
}

func TestADayPassesQuicklyAndLeavesLittle(t *testing.T) {
	e, c := start(t)
	set(t, e, []string{"replication-rights-missing"}, nil)
	began := time.Now()
	for range 14 {
		advance(t, c, 24*time.Hour)
	}
	if took := time.Since(began); took > 14*3*time.Second {
		t.Errorf("two weeks took %v", took)
	}
	if n := c.Pending(); n != 1 {
		t.Errorf("%d pieces of work are scheduled", n)
	}
	for _, h := range e.histories {
		entries := 0
		for _, l := range h.logs {
			entries += len(l)
		}
		if len(h.events) > maxEvents+maxEvents/10 || len(h.runs) > 2*maxRuns || entries > 1000 {
			t.Errorf("%s keeps %d events, %d runs, %d log entries", h.node.Host, len(h.events), len(h.runs), entries)
		}
	}
	for _, o := range e.objects {
		if len(o.changes) > 400 {
			t.Errorf("%s: %d changes are remembered", o.SAM, len(o.changes))
		}
	}
}

func TestFaultsThatAreOverAreForgotten(t *testing.T) {
	now := clock.Start
	var list []interval
	for i := range 3 * maxIntervals {
		end := now.Add(-time.Duration(i) * 10 * time.Minute)
		list = append(list, interval{begin: end.Add(-time.Minute), end: end})
		if i%100 == 0 {
			list = append(list, interval{begin: end})
		}
	}
	kept := forget(list, now)
	running := 0
	for _, iv := range kept {
		if iv.end.IsZero() {
			running++
		}
	}
	if len(kept) != maxIntervals || running != 6 {
		t.Errorf("%d are remembered, %d of them running", len(kept), running)
	}
}

func TestHeartbeatsAreSentOnlyWhenIdle(t *testing.T) {
	e, _ := start(t)
	for _, f := range e.forests {
		log, err := e.Events(ActiveHost, time.Time{}, 10000, func(_ string, id int) bool { return id == 650 || id == 653 })
		if err != nil {
			t.Fatal(err)
		}
		var last time.Time
		heartbeats := 0
		for _, ev := range slices.Backward(log.Events) {
			if !strings.Contains(ev.Text, f.ConnectorID) {
				continue
			}
			gap := ev.Time.Sub(last)
			if last.IsZero() {
				last = ev.Time
				continue
			}
			if ev.ID == 653 {
				heartbeats++
				if gap < idleBefore {
					t.Errorf("%s: a heartbeat %v after the last sign", f.FQDN, gap)
				}
			}
			if gap > idleBefore+cycleEvery+time.Second {
				t.Errorf("%s: silence of %v before %v", f.FQDN, gap, ev.Time)
			}
			last = ev.Time
		}
		if heartbeats < 100 {
			t.Errorf("%s: %d heartbeats in a week", f.FQDN, heartbeats)
		}
	}
}

func TestEventsComeInOrderAndWithoutTheFuture(t *testing.T) {
	e, c := start(t)
	for range 60 {
		advance(t, c, 13*time.Second)
		log, err := e.Events(ActiveHost, c.Now().Add(-24*time.Hour), 10000, func(string, int) bool { return true })
		if err != nil {
			t.Fatal(err)
		}
		for i, ev := range log.Events {
			if ev.Time.After(c.Now().Add(2 * time.Second)) {
				t.Fatalf("at %v there is an event of %v", c.Now(), ev.Time)
			}
			if i > 0 && (ev.Record >= log.Events[i-1].Record || ev.Time.After(log.Events[i-1].Time.Add(2*time.Second))) {
				t.Fatalf("event %d of %v stands before %v", ev.ID, ev.Time, log.Events[i-1].Time)
			}
		}
	}
}

// A history that was continued from a checkpoint is the one that would have
// been worked out from the beginning.
func TestAShortcutThroughHistoryChangesNothing(t *testing.T) {
	dice := rand.New(rand.NewPCG(7, 11))
	pick := func(list []Fault, most int) []string {
		var out []string
		for range dice.IntN(most + 1) {
			out = append(out, list[dice.IntN(len(list))].ID)
		}
		return out
	}
	for range 8 {
		fast, fastClock := start(t)
		slow, slowClock := start(t)
		all := fast.Faults()
		var told []string
		for range 1 + dice.IntN(4) {
			on, off, d := pick(all, 3), pick(all, 2), time.Duration(dice.IntN(5000))*time.Second
			told = append(told, fmt.Sprint(on, off, d))
			slow.saved = checkpoint{}
			set(t, fast, on, off)
			set(t, slow, on, off)
			advance(t, fastClock, d)
			advance(t, slowClock, d)
		}
		since := fastClock.Now().Add(-30 * time.Hour)
		for _, host := range []string{ActiveHost, StagingHost} {
			a, errA := fast.Events(host, since, 20000, func(string, int) bool { return true })
			b, errB := slow.Events(host, since, 20000, func(string, int) bool { return true })
			if errA != nil || errB != nil {
				t.Fatal(errA, errB)
			}
			if diff := cmp.Diff(a.Events, b.Events); diff != "" {
				t.Fatalf("%s, told %q: (-fast +slow)\n%s", host, told, diff)
			}
		}
	}
}

func TestNamesAreComparedLikeADComparesThem(t *testing.T) {
	for _, c := range []struct {
		name, a, b string
		same       bool
	}{
		{"case does not matter", "CN=Jane,DC=contoso,DC=com", "cn=JANE,dc=Contoso,dc=COM", true},
		{"blanks around separators do not matter", "CN=Jane,DC=contoso,DC=com", "CN = Jane , DC=contoso,DC=com", true},
		{"an escaped comma is the comma in hex", `CN=Doe\, Jane,DC=x`, `CN=Doe\2C Jane,DC=x`, true},
		{"a needless escape is none", `CN=a\=b,DC=x`, `CN=a=b,DC=x`, true},
		{"an escaped comma is not a separator", `CN=Doe\, Jane,DC=x`, `CN=Doe,Jane=,DC=x`, false},
		{"an escaped blank at the end belongs to the name", `CN=a\ ,DC=x`, `CN=a,DC=x`, false},
		{"a plus joins, an escaped one does not", `CN=a\+b,DC=x`, `CN=a+b=,DC=x`, false},
		{"a conflict mark is part of the name", `CN=a\0ACNF:1,DC=x`, `CN=a,DC=x`, false},
		{"letters of other scripts fold too", "CN=ÉLOÏSE,DC=x", "CN=éloïse,DC=x", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := SameDN(c.a, c.b); got != c.same {
				t.Errorf("SameDN(%q, %q) is %t", c.a, c.b, got)
			}
		})
	}
	if UnderDN("CN=a,DC=emea,DC=contoso,DC=com", "DC=so,DC=com") || !UnderDN(`CN=a\,b,OU=x, DC=c`, "ou=X,dc=C") {
		t.Error("UnderDN is wrong")
	}
}

func TestAContainerFilterLetsTheNearestContainerDecide(t *testing.T) {
	in, out := []string{"OU=Corp,DC=c", "DC=c"}, []string{"OU=Temp,OU=Corp,DC=c"}
	for dn, want := range map[string]bool{
		"CN=a,OU=Corp,DC=c": true, "CN=a,OU=Temp,OU=Corp,DC=c": false, "CN=a,OU=Sub,OU=Temp,OU=Corp,DC=c": false, "CN=a,OU=Other,DC=c": true, "CN=a,DC=d": false,
	} {
		if got := included(dn, in, out); got != want {
			t.Errorf("%s: %t", dn, got)
		}
	}
}
