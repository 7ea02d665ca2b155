package checks

import (
	"strings"
)

// summarize words the outcome in one or two sentences that stand on their own.
func summarize(f *Facts, r *Report) string {
	var b strings.Builder
	who := subjectName(f, r)
	switch r.Verdict {
	case Healthy:
		b.WriteString("Healthy: password hash synchronization works; nothing that was checked is wrong.")
		if notes := notes(r); notes != "" {
			b.WriteString(" Worth knowing: " + notes + ".")
		}
	case Synced:
		b.WriteString("Synced: " + who + proof(f))
	case Waiting:
		b.WriteString("Waiting: the password of " + who + " is on its way. " + sentence(first(r, waiting.ID)))
	case Broken, Degraded, Blocked:
		b.WriteString(word(r.Verdict) + ": " + causes(r, who))
	case CouldNotTell:
		b.WriteString("Could not tell: " + doubts(r, who))
	}
	if r.Scope == ScopeUserQuestion && (r.Verdict == Synced || r.Verdict == CouldNotTell || r.Verdict == Waiting) {
		if around := aroundFaults(r); around != "" {
			b.WriteString(" Separately: " + around + ".")
		}
	}
	if n := len(r.NotChecked); n > 0 {
		b.WriteString(" Not checked: " + notCheckedWords(r) + ".")
	}
	return b.String()
}

func word(v Verdict) string {
	return strings.ToUpper(string(v[:1])) + string(v[1:])
}

func subjectName(f *Facts, r *Report) string {
	if r.Person != nil {
		return orElse(r.Person.UPN, orElse(r.Person.SAM, r.Person.DN))
	}
	if f.Question.Said != "" {
		return f.Question.Said
	}
	return f.Question.Input
}

// proof says how it is known that the password arrived.
func proof(f *Facts) string {
	log, _ := f.User.Log.Get()
	ad, _ := f.User.AD.Get()
	h := readHash(f.At, ad, log)
	switch {
	case h.synced():
		return "'s newest password reached Microsoft Entra at " + StampAge(f.At, h.newest.At) + "."
	case h.about && h.state == statusMissing:
		return "'s newest password was handled at " + StampAge(f.At, h.newest.At) + "; only keys for Entra Domain Services are missing."
	default:
		return ": nothing is wrong. The password was set " + StampAge(f.At, h.moment) + ", before the seven days of history that the server keeps, so there is no entry to show for it."
	}
}

func causes(r *Report, who string) string {
	var named []string
	symptoms, hidden := 0, 0
	for _, d := range r.Diagnoses {
		if d.Status != Fail || d.Severity == Info {
			continue
		}
		line := lowerFirst(d.Check.Title)
		switch {
		case d.Check.Scope != ScopeUser:
			line += " (" + d.Subject.Label() + ")"
		default:
			line += " (" + who + ")"
		}
		named = append(named, line)
		for _, x := range d.Folded {
			if x.Status == Fail {
				symptoms++
			} else {
				hidden++
			}
		}
	}
	if len(named) == 0 {
		return who + " is held up."
	}
	out := strings.Join(capped(named, 3), "; ") + "."
	if symptoms > 0 && r.Scope == ScopeHealthQuestion {
		out += " It explains " + plural(symptoms, "symptom") + "."
	}
	if hidden += countUnknown(r); hidden > 0 {
		out += " " + plural(hidden, "check") + " could not be told."
	}
	if len(named) > 1 {
		out = strings.Replace(out, " It explains", " They explain", 1)
	}
	return out
}

func countUnknown(r *Report) int {
	n := 0
	for _, d := range r.Diagnoses {
		if d.Status == Unknown && d.Severity != Info {
			n++
		}
	}
	return n
}

func doubts(r *Report, who string) string {
	if d, hidden := hider(r); hidden > 0 {
		out := sentence([]string{lowerFirst(d.Check.Title) + " (" + d.Subject.Label() + ")"}) + " It hides " + plural(hidden, "check") + "."
		if r.Scope == ScopeUserQuestion {
			return who + ": " + out
		}
		return out
	}
	for _, d := range r.Diagnoses {
		if d.Status == Unknown && len(d.Evidence) > 0 {
			about := ""
			if r.Scope == ScopeUserQuestion {
				about = who + ": "
			}
			out := about + sentence(d.Evidence)
			if n := len(d.Folded); n > 0 {
				out += said(" %s could not be told for the same reason.", plural(n+1, "check"))
			}
			return out
		}
	}
	if r.Scope == ScopeUserQuestion {
		return who + ": what decides could not be read."
	}
	return "what decides could not be read."
}

// hider returns the failure under which most of what could not be told is folded.
func hider(r *Report) (Diagnosis, int) {
	var best Diagnosis
	most := 0
	for _, d := range r.Diagnoses {
		n := 0
		for _, x := range d.Folded {
			if x.Status == Unknown {
				n++
			}
		}
		if d.Status == Fail && n > most {
			best, most = d, n
		}
	}
	return best, most
}

func aroundFaults(r *Report) string {
	var named []string
	cause, hidden := hider(r)
	for _, d := range r.Diagnoses {
		if r.Verdict == CouldNotTell && hidden > 0 && d.Check.ID == cause.Check.ID && d.Subject == cause.Subject {
			continue
		}
		if d.Status == Fail && d.Check.Scope != ScopeUser && d.Severity != Info {
			named = append(named, lowerFirst(d.Check.Title)+" ("+d.Subject.Label()+")")
		}
	}
	return strings.Join(capped(named, 3), "; ")
}

// notes lists what is only worth knowing.
func notes(r *Report) string {
	var named []string
	for _, d := range r.Diagnoses {
		if d.Status == Fail && d.Severity == Info {
			named = append(named, lowerFirst(d.Check.Title)+" ("+d.Subject.Label()+")")
		}
	}
	return strings.Join(capped(named, 3), "; ")
}

func notCheckedWords(r *Report) string {
	var reasons []string
	count := map[string]int{}
	for _, s := range r.NotChecked {
		if count[s.Why] == 0 {
			reasons = append(reasons, s.Why)
		}
		count[s.Why]++
	}
	for i, why := range reasons {
		reasons[i] = plural(count[why], "check") + ", because " + why
	}
	return strings.Join(capped(reasons, 3), "; ")
}

func first(r *Report, id string) []string {
	for _, d := range r.Diagnoses {
		if d.Check.ID == id {
			return d.Evidence
		}
	}
	return nil
}

// sentence makes the first observation a sentence.
func sentence(evidence []string) string {
	if len(evidence) == 0 || evidence[0] == "" {
		return ""
	}
	s := evidence[0]
	return strings.ToUpper(s[:1]) + strings.TrimSuffix(s[1:], ".") + "."
}

func capped(in []string, n int) []string {
	if len(in) <= n {
		return in
	}
	return append(append([]string{}, in[:n]...), said("and %d more", len(in)-n))
}

func lowerFirst(s string) string {
	if len(s) > 1 && s[1] >= 'A' && s[1] <= 'Z' {
		return s
	}
	if strings.HasPrefix(s, "Microsoft") || strings.HasPrefix(s, "Active Directory") || strings.HasPrefix(s, "Connect ") {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// secondOpinion offers Microsoft's own check, as far as the version has one.
func secondOpinion(f *Facts) []Step {
	s := f.Active()
	if s == nil {
		return nil
	}
	have, known := s.Version.Get()
	var out []Step
	if !known || !versionBelow(have, wizardTaskMinimum) {
		out = append(out, Step{Text: "Microsoft's own check: Additional Tasks, Troubleshoot, Troubleshoot password hash synchronization.", Where: inWizard})
	}
	if !known || !versionBelow(have, diagnosticsMinimum) {
		command := "Import-Module ADSyncDiagnostics; Invoke-ADSyncDiagnostics -PasswordSync"
		if f.User != nil && f.User.Person.DN != "" {
			command += " -ADConnectorName '<connector>' -DistinguishedName '<dn>'"
		}
		out = append(out, Step{Text: "Or the same from a console with execution policy RemoteSigned.", Command: command, Where: onServer})
	}
	vars := map[string]string{"server": s.Host}
	if f.User != nil {
		vars["dn"] = f.User.Person.DN
		vars["connector"] = f.User.Person.Forest
		if list, ok := s.Connectors.Get(); ok {
			if c, _ := home(list, f.User.Person); c != nil {
				vars["connector"] = c.Name
			}
		}
	}
	for i := range out {
		out[i] = out[i].fill(vars)
	}
	return out
}
