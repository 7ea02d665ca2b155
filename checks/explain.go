package checks

import (
	"cmp"
	"slices"
)

// Ref names a result from within a diagnosis.
type Ref struct {
	Check   string  `json:"check"`
	Subject Subject `json:"subject"`
	Status  Status  `json:"status"`
}

// Diagnosis is a result that nothing else accounts for, with the symptoms
// folded under it and the causes that could not be read.
type Diagnosis struct {
	Result
	Folded      []Ref
	NotRuledOut []Ref
}

// Explain folds every symptom under the failing cause that accounts for it,
// through the whole chain, and returns what remains: unexplained failures,
// then what is unknown and unexplained. active is the host of the server
// configured as active; it covers all forests that it serves.
//
// A passing cause breaks the chain. A cause that could not be read is listed as
// not ruled out. Nothing is forgotten: every failing or unknown result is a
// diagnosis or folded under at least one.
func Explain(results []Result, active string) []Diagnosis {
	x := explainer{results: results, active: ServerSubject(active), roots: map[int][]int{}}
	for i := range results {
		x.byCheck = appendIndex(x.byCheck, results[i].Check.ID, i)
	}
	folded := map[int][]Ref{}
	var fails, unknowns []int
	leader := map[string]int{}
	for i, r := range results {
		if r.Status == Pass {
			continue
		}
		roots := x.rootsOf(i, map[int]bool{})
		if len(roots) == 1 && roots[0] == i {
			if r.Status == Fail {
				fails = append(fails, i)
				continue
			}
			if first, ok := leader[r.Lacks]; ok && r.Lacks != "" {
				folded[first] = append(folded[first], r.ref())
				continue
			}
			leader[r.Lacks] = i
			unknowns = append(unknowns, i)
			continue
		}
		for _, root := range roots {
			folded[root] = append(folded[root], r.ref())
		}
	}
	x.rank(fails)
	x.rank(unknowns)
	out := make([]Diagnosis, 0, len(fails)+len(unknowns))
	for _, i := range append(fails, unknowns...) {
		d := Diagnosis{Result: results[i], Folded: folded[i]}
		if results[i].Status == Fail {
			d.NotRuledOut = x.unread(i)
		}
		out = append(out, d)
	}
	return out
}

func (r Result) ref() Ref { return Ref{Check: r.Check.ID, Subject: r.Subject, Status: r.Status} }

type explainer struct {
	results []Result
	byCheck map[string][]int
	active  Subject
	roots   map[int][]int
}

func appendIndex(m map[string][]int, id string, i int) map[string][]int {
	if m == nil {
		m = map[string][]int{}
	}
	m[id] = append(m[id], i)
	return m
}

// related lists the results of the direct causes whose subject has to do with
// the symptom's; what can hide a symptom counts where the symptom is unknown.
func (x *explainer) related(i int) []int {
	var out []int
	causes := x.results[i].Check.CausedBy
	if x.results[i].Status == Unknown {
		causes = slices.Concat(causes, x.results[i].Check.HiddenBy)
	}
	for _, cause := range causes {
		for _, j := range x.byCheck[cause.ID] {
			if x.concerns(j, i) {
				out = append(out, j)
			}
		}
	}
	return out
}

// concerns reports whether cause j is about the subject of symptom i or a wider
// one, or is a narrower one that the symptom is derived from.
func (x *explainer) concerns(j, i int) bool {
	cause, symptom := x.results[j].Subject, x.results[i].Subject
	if cause.Covers(symptom) || symptom.Covers(cause) {
		return true
	}
	// The active server covers the forests that it serves, and what it says
	// about itself may be derived from them.
	return cause == x.active && symptom.Part("forest") != "" ||
		symptom == x.active && cause.Part("forest") != ""
}

// rootsOf returns the results that account for i, itself where none does.
func (x *explainer) rootsOf(i int, walking map[int]bool) []int {
	if r, ok := x.roots[i]; ok {
		return r
	}
	if walking[i] {
		return nil
	}
	walking[i] = true
	defer delete(walking, i)
	var out []int
	for _, j := range x.related(i) {
		switch x.results[j].Status {
		case Fail:
			out = append(out, x.rootsOf(j, walking)...)
		case Unknown:
			// What hides a cause also hides an unknown symptom of it; a symptom that
			// was seen to fail needs a cause that was seen to fail.
			if x.results[i].Status == Unknown {
				for _, k := range x.rootsOf(j, walking) {
					if x.results[k].Status == Fail {
						out = append(out, k)
					}
				}
			}
		case Pass:
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	if len(out) == 0 {
		out = []int{i}
	}
	x.roots[i] = out
	return out
}

// unread lists the causes of i that are unknown: directly, or behind one that is.
func (x *explainer) unread(i int) []Ref {
	var out []Ref
	seen := map[int]bool{i: true}
	queue := []int{i}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, j := range x.related(at) {
			if seen[j] || x.results[j].Status != Unknown {
				continue
			}
			seen[j] = true
			out = append(out, x.results[j].ref())
			queue = append(queue, j)
		}
	}
	return out
}

// rank puts what matters first: the person asked about, then severity, then
// catalogue order.
func (x *explainer) rank(list []int) {
	slices.SortStableFunc(list, func(a, b int) int {
		ra, rb := x.results[a], x.results[b]
		return cmp.Or(cmp.Compare(weight(rb), weight(ra)), cmp.Compare(a, b))
	})
}

func weight(r Result) int {
	w := 2 * int(r.Severity)
	if r.Check.ID == waiting.ID {
		w = 2*int(Error) - 1
	}
	if r.Check.Scope == ScopeUser && w > 0 {
		w++
	}
	return w
}
