package checks

// Change is one difference between two reports about the same question.
type Change struct {
	Check    *Check
	Subject  Subject
	Kind     ChangeKind
	Before   Status
	After    Status
	Severity Severity
}

// ChangeKind says what a change means.
type ChangeKind string

// The kinds of change.
const (
	// Appeared is a failure that was not one before.
	Appeared ChangeKind = "appeared"
	// Worsened is a failure that is graver than before; Eased a milder one.
	Worsened ChangeKind = "worsened"
	Eased    ChangeKind = "eased"
	// Cleared is a failure that is now seen to pass. Nothing else clears one:
	// neither its absence nor not being able to look.
	Cleared ChangeKind = "cleared"
	// Lost is a failure of which nothing can be said any more.
	Lost ChangeKind = "lost"
	// Hidden is what passed and cannot be told any more; Found what could not be
	// told and passes now.
	Hidden ChangeKind = "hidden"
	Found  ChangeKind = "found"
)

// Diff tells what changed from one report to the next, in the order of the new
// one. A fault is identified by its check and subject, never by its wording. What
// failed and does not occur at all any more is Lost, and stands last.
func Diff(before, after *Report) []Change {
	type key struct {
		check   string
		subject Subject
	}
	was := map[key]Result{}
	for _, r := range before.Results {
		was[key{r.Check.ID, r.Subject}] = r
	}
	var out []Change
	seen := map[key]bool{}
	for _, r := range after.Results {
		k := key{r.Check.ID, r.Subject}
		seen[k] = true
		old, known := was[k]
		if !known {
			old = Result{Check: r.Check, Status: Pass}
		}
		if kind := changed(old, r); kind != "" {
			out = append(out, Change{Check: r.Check, Subject: r.Subject, Kind: kind, Before: old.Status, After: r.Status, Severity: r.Severity})
		}
	}
	for _, r := range before.Results {
		if r.Status == Fail && !seen[key{r.Check.ID, r.Subject}] {
			out = append(out, Change{Check: r.Check, Subject: r.Subject, Kind: Lost, Before: Fail, After: Unknown, Severity: r.Severity})
		}
	}
	return out
}

func changed(old, now Result) ChangeKind {
	switch now.Status {
	case Fail:
		switch {
		case old.Status != Fail:
			return Appeared
		case now.Severity > old.Severity:
			return Worsened
		case now.Severity < old.Severity:
			return Eased
		}
	case Pass:
		switch old.Status {
		case Fail:
			return Cleared
		case Unknown:
			return Found
		case Pass:
		}
	case Unknown:
		switch old.Status {
		case Fail:
			return Lost
		case Pass:
			return Hidden
		case Unknown:
		}
	}
	return ""
}
