package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/identity"
	"github.com/pwsync/pwsync/checks/suite"
)

// The tests here drive the whole engine over the lab: real worker protocol, real
// LDAP, every fault.

func testLab(t testing.TB, faults ...string) *labWorld {
	t.Helper()
	l, err := openLab(labOptions{frozen: true, faults: faults, log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

func (w *labWorld) ask(t testing.TB, user string) (*checks.Facts, *checks.Report) {
	t.Helper()
	q := suite.Question{Input: "health"}
	if user != "" {
		read, err := identity.Read(user)
		if err != nil {
			t.Fatalf("read %q: %v", user, err)
		}
		q = suite.Question{Person: &read, Input: user}
	}
	got := w.suite.Ask(context.Background(), q, nil)
	return got.Facts, got.Report
}

// with switches faults on for one look, and off again.
func (w *labWorld) with(t testing.TB, faults []string, look func()) {
	t.Helper()
	if err := w.SetFaults(faults, nil); err != nil {
		t.Fatal(err)
	}
	look()
	if err := w.SetFaults(nil, faults); err != nil {
		t.Fatal(err)
	}
}

func TestACleanLabIsHealthy(t *testing.T) {
	_, r := testLab(t).ask(t, "")
	if r.Verdict != checks.Healthy {
		t.Errorf("verdict %s: %s", r.Verdict, r.Summary)
	}
	for _, d := range r.Diagnoses {
		t.Errorf("%s %s %s: %v", d.Check.ID, d.Status, d.Subject, d.Evidence)
	}
}

func TestEveryPersonOfTheLabGetsTheirAnswer(t *testing.T) {
	l := testLab(t)
	seen := map[string]bool{}
	for _, p := range l.lab.Users() {
		_, r := l.ask(t, p.DN)
		want, got := p.Expect, "healthy"
		if r.Verdict != checks.Synced || len(r.Diagnoses) > 0 {
			got = string(r.Verdict)
			if len(r.Diagnoses) > 0 {
				got = r.Diagnoses[0].Check.ID
			}
		}
		seen[want] = true
		if got != want {
			t.Errorf("%s: got %s, want %s; %s", p.DN, got, want, r.Summary)
		}
	}
	for _, c := range checks.All() {
		byName := c.ID == "user-not-found" || c.ID == "user-ambiguous"
		if c.Scope == checks.ScopeUser && !seen[c.ID] && !byName {
			t.Errorf("nobody in the lab shows %s", c.ID)
		}
	}
}

func TestEveryFaultIsDiagnosedAsItself(t *testing.T) {
	l := testLab(t)
	covered := map[string]bool{}
	for _, f := range l.lab.Faults() {
		covered[f.Check] = true
		t.Run(f.ID, func(t *testing.T) {
			l.with(t, []string{f.ID}, func() {
				_, r := l.ask(t, f.User)
				if len(r.Diagnoses) == 0 {
					t.Fatalf("no diagnosis; %s", r.Summary)
				}
				d := r.Diagnoses[0]
				if d.Check.ID != f.Check || d.Status != checks.Fail {
					t.Errorf("first diagnosis is %s (%s), want %s; %v", d.Check.ID, d.Status, f.Check, named(r))
				}
				if d.Check.ID == f.Check && (d.Severity.String() != f.Severity || string(d.Subject) != f.Subject || string(d.Check.Scope) != f.Scope) {
					t.Errorf("got %s %s %s, want %s %s %s", d.Severity, d.Check.Scope, d.Subject, f.Severity, f.Scope, f.Subject)
				}
				for _, other := range r.Diagnoses[1:] {
					if other.Status == checks.Fail && other.Severity != checks.Info && other.Check.ID != f.Check {
						t.Errorf("%s is named beside it: %v", other.Check.ID, other.Evidence)
					}
				}
				if r.Verdict == checks.Healthy && f.Severity != "info" {
					t.Error("the verdict is healthy")
				}
			})
		})
	}
	for _, c := range checks.All() {
		if !covered[c.ID] {
			t.Errorf("no fault of the lab shows %s", c.ID)
		}
	}
}

// named lists what a report names, folds, or does not rule out.
func named(r *checks.Report) []string {
	var out []string
	for _, d := range r.Diagnoses {
		out = append(out, d.Check.ID+" "+d.Status.String())
		for _, x := range d.Folded {
			out = append(out, "<"+x.Check+" "+x.Status.String())
		}
		for _, x := range d.NotRuledOut {
			out = append(out, "?"+x.Check)
		}
	}
	return out
}

func mentions(r *checks.Report, id string) bool {
	for _, d := range r.Diagnoses {
		if d.Check.ID == id || slices.ContainsFunc(append(d.Folded, d.NotRuledOut...), func(x checks.Ref) bool { return x.Check == id }) {
			return true
		}
	}
	return false
}

// Two faults of different scopes at once: each is named, or folded under the
// other, or not ruled out because the other hides its facts; never passed.
func TestPairsOfFaultsHideNothing(t *testing.T) {
	byCheck := map[string]bool{}
	var list []labFault
	for _, f := range testLab(t).lab.Faults() {
		if !byCheck[f.Check] {
			byCheck[f.Check] = true
			list = append(list, f)
		}
	}
	inShards(t, func(t *testing.T, l *labWorld, mine func(i int) bool) {
		pairs(t, l, list, mine)
	})
}

// inShards runs a long test on one lab per processor; each does the indexes that
// are its own. -short gets every seventh, the race detector a few.
func inShards(t *testing.T, run func(t *testing.T, l *labWorld, mine func(i int) bool)) {
	n := runtime.GOMAXPROCS(0)
	every := 1
	switch {
	case raceEnabled:
		every = 41
	case testing.Short():
		every = 7
	}
	for shard := range n {
		t.Run(fmt.Sprintf("shard %d", shard), func(t *testing.T) {
			t.Parallel()
			run(t, testLab(t), func(i int) bool {
				return i%n == shard && i%every == 0
			})
		})
	}
}

func pairs(t *testing.T, l *labWorld, list []labFault, mine func(i int) bool) {
	n := 0
	for i, a := range list {
		for _, b := range list[i+1:] {
			if a.Scope == b.Scope {
				continue
			}
			if n++; !mine(n) {
				continue
			}
			l.with(t, []string{a.ID, b.ID}, func() {
				_, r := l.ask(t, firstOf(a.User, b.User))
				for _, f := range []labFault{a, b} {
					if !mentions(r, f.Check) && !outOfSight(r, f, a, b) {
						t.Errorf("%s + %s: %s is not mentioned: %v", a.ID, b.ID, f.Check, named(r))
					}
				}
				if r.Verdict == checks.Healthy || r.Verdict == checks.Synced && a.Severity == "error" && a.Scope == "user" {
					t.Errorf("%s + %s: the verdict is %s", a.ID, b.ID, r.Verdict)
				}
			})
		}
	}
}

// outOfSight says where a fault has no subject in the answer to the other: a
// question about a person shows the person's own forest and domain only, a name
// that means nobody shows none, and a list of connectors that is empty or hidden
// has no connectors to judge.
func outOfSight(r *checks.Report, f, a, b labFault) bool {
	person := firstOf(a.User, b.User) != ""
	if person && (f.Scope == "connector" || f.Scope == "domain") {
		if r.Person == nil {
			return true
		}
		s := checks.Subject(f.Subject)
		if !strings.EqualFold(s.Part("forest"), r.Person.Forest) {
			return true
		}
		if d := s.Part("domain"); d != "" && !strings.EqualFold(d, r.Person.Domain) {
			return true
		}
	}
	hidden := func(id string) bool { return mentions(r, id) && f.Check != id }
	if f.Scope == "connector" || f.Scope == "domain" {
		if hidden("no-ad-connector") || hidden("domain-not-selected") {
			return true
		}
	}
	return false
}

// TestRemovingAnyFactOnlyEverMakesItUnknown takes every single fact out of the
// photograph of every scenario. A result may become unknown; none may become a
// pass or a failure, and no verdict may become a good one.
func TestRemovingAnyFactOnlyEverMakesItUnknown(t *testing.T) {
	l := testLab(t)
	scenarios := []labFault{{}}
	scenarios = append(scenarios, l.lab.Faults()...)
	for _, p := range l.lab.Users() {
		if p.Expect == "healthy" || p.Expect == "waiting" {
			scenarios = append(scenarios, labFault{User: p.DN})
		}
		if len(scenarios) > 130 {
			break
		}
	}
	inShards(t, func(t *testing.T, l *labWorld, mine func(i int) bool) {
		for i, f := range scenarios {
			if !mine(i) {
				continue
			}
			t.Run(firstOf(f.ID, f.User, "clean"), func(t *testing.T) {
				var on []string
				if f.ID != "" {
					on = []string{f.ID}
				}
				l.with(t, on, func() {
					facts, report := l.ask(t, f.User)
					removeEachFact(t, facts, report)
				})
			})
		}
	})
}

func removeEachFact(t *testing.T, facts *checks.Facts, report *checks.Report) {
	t.Helper()
	before := statuses(report)
	known, lost := 0, 0
	checks.EachFact(facts, func(string, func(string) func()) { known++ })
	checks.EachFact(facts, func(path string, take func(string) func()) {
		putBack := take("taken away")
		defer putBack()
		lost++
		compare(t, path, before, report.Verdict, checks.Answer(facts))
	})
	if known < 10 || lost != known {
		t.Fatalf("%d of %d facts were taken away", lost, known)
	}
}

func statuses(r *checks.Report) map[string]checks.Status {
	out := map[string]checks.Status{}
	for _, x := range r.Results {
		out[x.Check.ID+" "+string(x.Subject)] = x.Status
	}
	return out
}

func compare(t *testing.T, where string, before map[string]checks.Status, verdict checks.Verdict, after *checks.Report) {
	t.Helper()
	for _, r := range after.Results {
		was, known := before[r.Check.ID+" "+string(r.Subject)]
		if r.Status != checks.Unknown && (!known || was != r.Status) {
			t.Errorf("without %s: %s of %s became %s, was %s (%v)", where, r.Check.ID, r.Subject, r.Status, was, known)
		}
	}
	switch after.Verdict {
	case checks.Healthy, checks.Synced, checks.Waiting:
		if after.Verdict != verdict {
			t.Errorf("without %s: the verdict became %s, was %s", where, after.Verdict, verdict)
		}
	case checks.Degraded, checks.Broken, checks.Blocked, checks.CouldNotTell:
	}
}

// A stranger's script sees the same facts in the JSON as the program does.
func TestEveryFactCanBeTakenOutOfTheJSON(t *testing.T) {
	l := testLab(t)
	facts, report := l.ask(t, l.lab.Users()[0].DN)
	raw, err := json.Marshal(facts)
	if err != nil {
		t.Fatal(err)
	}
	inMemory := 0
	checks.EachFact(facts, func(string, func(string) func()) { inMemory++ })
	if n := countFacts(decodeAny(t, raw)); n != inMemory {
		t.Errorf("the JSON shows %d facts, the program has %d", n, inMemory)
	}
	before := statuses(report)
	for i := range inMemory {
		tree := decodeAny(t, raw)
		where := removeFact(tree, i)
		mutated, err := json.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		f, err := checks.ReadFacts(bytes.NewReader(mutated))
		if err != nil {
			t.Fatal(err)
		}
		compare(t, where, before, report.Verdict, checks.Answer(f))
	}
}

func decodeAny(t *testing.T, raw []byte) any {
	t.Helper()
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil {
		t.Fatal(err)
	}
	return tree
}

func isFact(m map[string]any) bool {
	_, from := m["from"]
	_, value := m["value"]
	return from && value
}

func countFacts(node any) int {
	n := 0
	walkFacts(node, "", func(map[string]any, string) bool { n++; return true })
	return n
}

func removeFact(node any, i int) string {
	n, where := 0, ""
	walkFacts(node, "", func(m map[string]any, path string) bool {
		if n == i {
			delete(m, "value")
			m["missing"] = "taken away"
			where = path
			return false
		}
		n++
		return true
	})
	return where
}

// walkFacts visits every fact in a fixed order, until visit says stop.
func walkFacts(node any, path string, visit func(map[string]any, string) bool) bool {
	switch v := node.(type) {
	case map[string]any:
		if isFact(v) && !visit(v, path) {
			return false
		}
		for _, k := range slices.Sorted(maps.Keys(v)) {
			if !walkFacts(v[k], path+"/"+k, visit) {
				return false
			}
		}
	case []any:
		for i, x := range v {
			if !walkFacts(x, fmt.Sprintf("%s/%d", path, i), visit) {
				return false
			}
		}
	}
	return true
}
