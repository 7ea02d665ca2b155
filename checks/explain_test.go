package checks

import (
	"slices"
	"testing"
)

// Results of a small made-up catalogue show the folding without any rule.
func TestExplain(t *testing.T) {
	root := &Check{ID: "root", Scope: ScopeServer, Severity: Error}
	middle := &Check{ID: "middle", Scope: ScopeConnector, Severity: Error, CausedBy: []*Check{root}}
	leaf := &Check{ID: "leaf", Scope: ScopeDomain, Severity: Error, CausedBy: []*Check{middle}}
	unseen := &Check{ID: "unseen", Scope: ScopeDomain, Severity: Error, HiddenBy: []*Check{root}}
	wide := &Check{ID: "wide", Scope: ScopeTenant, Severity: Error, CausedBy: []*Check{root}}
	server, other := ServerSubject("one"), ServerSubject("two")
	forest, stranger := ForestSubject("a.example"), ForestSubject("b.example")
	domain := DomainSubject("a.example", "a.example")
	cases := []struct {
		name    string
		results []Result
		want    []string // diagnosis, then "<" folded, then "?" not ruled out
	}{
		{
			"a symptom folds through the whole chain",
			[]Result{{Check: root, Subject: server, Status: Fail}, {Check: middle, Subject: forest, Status: Fail}, {Check: leaf, Subject: domain, Status: Fail}},
			[]string{"root", "<middle", "<leaf"},
		},
		{
			"a passing cause breaks the chain",
			[]Result{{Check: root, Subject: server, Status: Fail}, {Check: middle, Subject: forest, Status: Pass}, {Check: leaf, Subject: domain, Status: Fail}},
			[]string{"root", "leaf"},
		},
		{
			"an unreadable cause is not ruled out",
			[]Result{{Check: middle, Subject: forest, Status: Unknown}, {Check: leaf, Subject: domain, Status: Fail}},
			[]string{"leaf", "?middle", "middle"},
		},
		{
			"what hides a cause hides its unknown symptom too",
			[]Result{{Check: root, Subject: server, Status: Fail}, {Check: middle, Subject: forest, Status: Unknown}, {Check: leaf, Subject: domain, Status: Unknown}},
			[]string{"root", "<middle", "<leaf"},
		},
		{
			"another forest's fault accounts for nothing here",
			[]Result{{Check: middle, Subject: stranger, Status: Fail}, {Check: leaf, Subject: domain, Status: Fail}},
			[]string{"middle", "leaf"},
		},
		{
			"the standby server's fault accounts for no forest",
			[]Result{{Check: root, Subject: other, Status: Fail}, {Check: middle, Subject: forest, Status: Fail}},
			[]string{"root", "middle"},
		},
		{
			"a narrower cause accounts for a wider symptom derived from it",
			[]Result{{Check: root, Subject: server, Status: Fail}, {Check: wide, Subject: TenantSubject, Status: Fail}},
			[]string{"root", "<wide"},
		},
		{
			"what hides a check accounts for not knowing, and never for its failure",
			[]Result{{Check: root, Subject: server, Status: Fail}, {Check: unseen, Subject: domain, Status: Unknown}, {Check: unseen, Subject: DomainSubject("a.example", "b.a.example"), Status: Fail}},
			[]string{"root", "<unseen", "unseen"},
		},
		{
			"two independent causes are both named",
			[]Result{{Check: root, Subject: server, Status: Fail}, {Check: middle, Subject: stranger, Status: Fail}, {Check: leaf, Subject: domain, Status: Fail}},
			[]string{"root", "<middle", "leaf"},
		},
		{
			"unknowns that lack the same fact are told as one",
			[]Result{{Check: root, Subject: server, Status: Unknown, Lacks: "x"}, {Check: leaf, Subject: domain, Status: Unknown, Lacks: "x"}},
			[]string{"root", "<leaf"},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, d := range Explain(c.results, "one") {
				got = append(got, d.Check.ID)
				for _, r := range d.Folded {
					got = append(got, "<"+r.Check)
				}
				for _, r := range d.NotRuledOut {
					got = append(got, "?"+r.Check)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
