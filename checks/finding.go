package checks

import "fmt"

func pass(evidence ...string) Finding { return Finding{Status: Pass, Evidence: evidence} }

func fail(evidence ...string) Finding { return Finding{Status: Fail, Evidence: evidence} }

func unknown(evidence ...string) Finding {
	f := Finding{Status: Unknown, Evidence: evidence}
	if len(evidence) > 0 {
		f.Lacks = evidence[0]
	}
	return f
}

func notApplicable() Finding { return Finding{NotApplicable: true} }

// lacks is the finding of a rule that needs a fact which is missing; what names
// the fact in words.
func lacks[T any](what string, f Fact[T]) Finding {
	line := "not known: " + what
	if f.From() != "" {
		line += " (" + f.From() + ")"
	}
	return unknown(line + ": " + f.Why())
}

// mild lowers the severity of a failure.
func (f Finding) mild(s Severity) Finding {
	f.Mild = &s
	return f
}

// with fills a placeholder of the fix steps.
func (f Finding) with(name, value string) Finding {
	vars := make(map[string]string, len(f.Vars)+1)
	for k, v := range f.Vars {
		vars[k] = v
	}
	vars[name] = value
	f.Vars = vars
	return f
}

// saying adds observations.
func (f Finding) saying(evidence ...string) Finding {
	f.Evidence = append(append([]string{}, f.Evidence...), evidence...)
	return f
}

// worst combines the findings of independent observations of one thing: any
// Fail fails, else any Unknown is unknown, else it passes. What is said is what
// led there. Taking an observation away can therefore only lead to Unknown.
func worst(all ...Finding) Finding {
	out := Finding{Status: Pass}
	for _, f := range all {
		switch {
		case f.NotApplicable:
		case f.Status == Fail:
			out.Status = Fail
		case f.Status == Unknown && out.Status == Pass:
			out.Status = Unknown
		}
	}
	first := true
	for _, f := range all {
		if f.NotApplicable || f.Status != out.Status {
			continue
		}
		out = out.saying(f.Evidence...)
		if out.Lacks == "" {
			out.Lacks = f.Lacks
		}
		for k, v := range f.Vars {
			out = out.with(k, v)
		}
		switch {
		case first:
			out.Mild = f.Mild
		case f.Mild == nil || out.Mild == nil:
			out.Mild = nil
		case *f.Mild > *out.Mild:
			out.Mild = f.Mild
		}
		first = false
	}
	return out
}

func said(format string, args ...any) string { return fmt.Sprintf(format, args...) }
