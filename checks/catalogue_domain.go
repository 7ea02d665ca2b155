package checks

import (
	"strings"
	"time"
)

var domainNotSelected = &Check{
	ID:    "domain-not-selected",
	Title: "The domain is not selected for synchronization",
	Why:   "The domain belongs to the forest, but the connector does not read it: none of its people, and none of their passwords, is synchronized. After a new domain was added, this is easily forgotten.",
	Fix: []Step{
		{Text: "If the domain shall be synchronized, run the wizard, choose Customize synchronization options, refresh the directory and select the domain and its OUs.", Where: inWizard},
	},
	URL: docFiltering, Severity: Warning, Scope: ScopeDomain, HiddenBy: unlisted,
	Eval: func(v View) Finding {
		if v.Partition.Selected {
			return pass("the domain is selected")
		}
		return fail("the partition " + v.Partition.DN + " is not selected")
	},
}

var domainNotFlagged = &Check{
	ID:    "domain-not-flagged",
	Title: "The partition is not marked as a domain",
	Why:   "Objects of the partition are synchronized, but the engine does not take it for a domain and so reads no passwords from it. It says nothing about that anywhere.",
	Fix: []Step{
		{Text: "Let Microsoft's troubleshooting task repair the flag: it offers to.", Where: inWizard},
		{Text: "Or refresh the partitions of the connector.", Command: "Update-ADSyncConnectorPartitions -Connector (Get-ADSyncConnector -Name '<connector>')", Where: onServer},
	},
	URL: docTroubleshoot, Severity: Error, Scope: ScopeDomain, HiddenBy: unlisted,
	Eval: func(v View) Finding {
		switch {
		case !v.Partition.Selected:
			return notApplicable()
		case v.Partition.IsDomain:
			return pass("the partition is marked as a domain")
		default:
			return fail("the partition " + v.Partition.DN + " is selected and IsDomain is False")
		}
	},
}

var domainLDAP = &Check{
	ID:    "domain-ldap-unreachable",
	Title: "The Connect server reaches no domain controller over LDAP",
	Why:   "Before passwords are read, the server finds a domain controller and asks it over LDAP. A firewall, DNS, or domain controllers that are down stop it for the whole domain.",
	Fix: []Step{
		{Text: "Try a domain controller from the server.", Command: "Resolve-DnsName '<domain>'; Test-NetConnection '<domain>' -Port 389", Where: onServer},
		{Text: "Open LDAP 389, Kerberos 88 and DNS 53 from the server to every domain controller that it may use.", Where: "firewall"},
	},
	URL: docPorts, Severity: Error, Scope: ScopeDomain, HiddenBy: unlisted,
	Eval: func(v View) Finding {
		if !v.Partition.Selected {
			return notApplicable()
		}
		return worst(reachedOn(v, 389), reachedByEngine(v))
	},
}

var domainRPC = &Check{
	ID:    "domain-rpc-unreachable",
	Title: "The Connect server reaches no domain controller over RPC",
	Why: "Passwords are read over RPC: the endpoint mapper on port 135 and a port from the dynamic range. LDAP can work while RPC is blocked, and then objects are " +
		"synchronized and passwords are not.",
	Fix: []Step{
		{Text: "Try the endpoint mapper from the server.", Command: "Test-NetConnection '<domain>' -Port 135", Where: onServer},
		{Text: "Open TCP 135 and 49152-65535 from the server to every domain controller that it may use.", Where: "firewall"},
	},
	URL: docPorts, Severity: Error, Scope: ScopeDomain, HiddenBy: unlisted,
	Eval: func(v View) Finding {
		if !v.Partition.Selected {
			return notApplicable()
		}
		return reachedOn(v, 135)
	},
}

// reachedOn judges the attempts of the Connect server on one port: it fails
// where no domain controller answered.
func reachedOn(v View, port int) Finding {
	probes, ok := v.Partition.Ports.Get()
	if !ok {
		return lacks(said("whether port %d of the domain controllers answers the server", port), v.Partition.Ports)
	}
	return probed(probes, port, "the Connect server")
}

func probed(probes []Probe, port int, who string) Finding {
	var open, closed []string
	for _, p := range probes {
		switch {
		case p.Port != port:
		case p.Open:
			open = append(open, p.Host)
		default:
			closed = append(closed, p.Host+" ("+orUnsaid(p.Error)+")")
		}
	}
	switch {
	case len(open)+len(closed) == 0:
		return unknown(said("no attempt on port %d was reported", port))
	case len(open) == 0:
		return fail(said("seen from %s, port %d is closed on %s", who, port, strings.Join(closed, ", ")))
	case len(closed) > 0:
		return pass(said("seen from %s, port %d is open on %s and closed on %s", who, port, strings.Join(open, ", "), strings.Join(closed, ", ")))
	default:
		return pass(said("seen from %s, port %d is open on %s", who, port, strings.Join(open, ", ")))
	}
}

func reachedByEngine(v View) Finding {
	all, ok := v.Connector.Domains.Get()
	if !ok {
		return lacks("the engine's own reachability of "+v.Partition.Name, v.Connector.Domains)
	}
	for _, d := range all {
		if !equalFold(d.Domain, v.Partition.Name) {
			continue
		}
		if !d.OK {
			return fail("the engine cannot reach the domain: " + orUnsaid(d.Error))
		}
		return pass("the engine reaches the domain")
	}
	return unknown("the engine did not report on " + v.Partition.Name)
}

var domainFromBot = &Check{
	ID:    "domain-unreachable-from-bot",
	Title: "The bot reaches no domain controller",
	Why: "The bot looks at the domain controllers from where it runs, which may be another network than the server's. It is a hint: passwords do not travel this way. " +
		"While it lasts, the bot's own look-ups in this domain fail.",
	Fix: []Step{
		{Text: "If the bot shall see the domain, open LDAPS 636 or LDAP 389 from the bot's machine to a domain controller.", Where: "firewall"},
	},
	URL: docPorts, Severity: Info, Scope: ScopeDomain, Needs: []Source{SourceReachability}, HiddenBy: unlisted,
	Eval: func(v View) Finding {
		if !v.Partition.Selected {
			return notApplicable()
		}
		d := v.Domain()
		if d == nil {
			return unknown("the bot did not try the domain controllers of " + v.Partition.Name)
		}
		probes, ok := d.Ports.Get()
		if !ok {
			return lacks("the bot's own reachability of "+v.Partition.Name, d.Ports)
		}
		return seenFromBot(probes)
	},
}

// seenFromBot passes where one domain controller answers on LDAP or LDAPS, which
// is all that the bot needs; RPC is told beside it.
func seenFromBot(probes []Probe) Finding {
	ldap, ldaps := probed(probes, 389, "the bot"), probed(probes, 636, "the bot")
	f := ldap
	if ldap.Status != Pass && ldaps.Status == Pass || ldap.Status == Unknown {
		f = ldaps
	} else if ldap.Status == Fail && ldaps.Status == Fail {
		f = worst(ldap, ldaps)
	}
	if rpc := probed(probes, 135, "the bot"); rpc.Status == Fail {
		f = f.saying(rpc.Evidence...)
	}
	return f
}

var preferredDCs = &Check{
	ID:    "preferred-dcs-unreachable",
	Title: "The preferred domain controllers do not answer",
	Why: "The connector has a list of preferred domain controllers for this domain. Where it may use only those, none of them answering means that nothing is read at all; " +
		"otherwise it loses time on them in every cycle. The same list governs import and export.",
	Fix: []Step{
		{Text: "Open Connectors, Properties, Configure Directory Partitions, choose the domain, and correct the list under Only use preferred domain controllers, for each domain.", Where: inManager},
		{Text: "Restart the service: the list is read at its start only.", Command: "Restart-Service ADSync", Where: onServer},
	},
	URL: docTroubleshoot, Severity: Error, Scope: ScopeDomain, CausedBy: []*Check{domainLDAP, domainRPC}, HiddenBy: unlisted,
	Eval: func(v View) Finding {
		p := v.Partition
		if !p.Selected {
			return notApplicable()
		}
		if len(p.PreferredDCs) == 0 {
			return pass("no preferred domain controllers are configured")
		}
		probes, ok := p.Ports.Get()
		if !ok {
			return lacks("whether the preferred domain controllers answer", p.Ports)
		}
		usable := 0
		var dead []string
		for _, dc := range p.PreferredDCs {
			switch f := probed(of(probes, dc), 389, "the Connect server"); {
			case f.Status == Unknown:
				return unknown("the preferred domain controller " + dc + " was not tried")
			case f.Status == Fail, probed(of(probes, dc), 135, "the Connect server").Status == Fail:
				dead = append(dead, dc)
			default:
				usable++
			}
		}
		f := fail("preferred and not answering: " + strings.Join(dead, ", "))
		switch {
		case len(dead) == 0:
			return pass(said("%d preferred domain controllers answer", usable))
		case usable > 0:
			return pass(said("%d preferred domain controllers answer, not answering: %s", usable, strings.Join(dead, ", ")))
		case p.OnlyPreferred:
			return f.saying("no other may be used")
		default:
			return f.saying("others may be used").mild(Warning)
		}
	},
}

func of(probes []Probe, host string) []Probe {
	var out []Probe
	for _, p := range probes {
		if equalFold(p.Host, host) {
			out = append(out, p)
		}
	}
	return out
}

var rightsMissing = &Check{
	ID:    "replication-rights-missing",
	Title: "The connector account may not replicate passwords",
	Why: "To read passwords, the connector account needs two rights on the root of this domain: Replicating Directory Changes and Replicating Directory Changes All. They are " +
		"missing after the account was replaced, a domain was added, or somebody tightened permissions.",
	Fix: []Step{
		{Text: "Grant both rights to the connector account on the domain root, this object only.", Command: "Set-ADSyncPasswordHashSyncPermissions -ADConnectorAccountName '<account>' -ADConnectorAccountDomain '<account-domain>'", Where: "on <server>, with the module ADSyncConfig"},
		{Text: "Or with the directory tools.", Command: "dsacls '<domain-dn>' /G '<account-domain>\\<account>:CA;Replicating Directory Changes' '<account-domain>\\<account>:CA;Replicating Directory Changes All'", Where: inAD},
		{Text: "Wait until the change has replicated to the domain controllers in use; the next cycle is within two minutes."},
	},
	URL: docAccount, Severity: Error, Scope: ScopeDomain, HiddenBy: unlisted,
	Eval: func(v View) Finding {
		if !v.Partition.Selected {
			return notApplicable()
		}
		return worst(deniedEvents(v), computedRights(v))
	},
}

func deniedEvents(v View) Finding {
	log, ok := v.Server.Events.Get()
	if !ok {
		return lacks("the event log", v.Server.Events)
	}
	cy, ok := v.Partition.Cycle.Get()
	if !ok {
		return lacks("the cycle state of "+v.Partition.Name, v.Partition.Cycle)
	}
	e, found := log.Newest(func(e Event) bool {
		return e.Cause == "replication-access-denied" && equalFold(e.Domain, v.Partition.Name)
	})
	switch {
	case found && e.Time.After(cy.SuccessEnd):
		return fail(said("event 611 at %s: replication access was denied (8453)%s", StampAge(v.Facts.At, e.Time), onDC(e)))
	case found:
		return pass("a denial is history: a cycle succeeded since")
	default:
		return pass("no denied replication in the event log")
	}
}

func onDC(e Event) string {
	if e.DC == "" {
		return ""
	}
	return " by " + e.DC
}

// computedRights judges the access control list. A fresh successful cycle
// outweighs a list that says no: then the two contradict, and neither is
// believed.
func computedRights(v View) Finding {
	if _, off := v.Facts.Gap(SourceRights); off {
		return notApplicable()
	}
	d := v.Domain()
	if d == nil {
		return unknown("the rights on " + v.Partition.Name + " were not evaluated")
	}
	r, ok := d.Rights.Get()
	if !ok {
		return lacks("the replication rights on "+v.Partition.Name, d.Rights)
	}
	cy, ok := v.Partition.Cycle.Get()
	if !ok {
		return lacks("the cycle state of "+v.Partition.Name, v.Partition.Cycle)
	}
	fresh := v.Facts.At.Sub(cy.SuccessEnd) <= time.Duration(v.Facts.Thresholds.CycleFail)
	var without []string
	sure := true
	for _, x := range []struct{ name, outcome, via string }{
		{"Replicating Directory Changes", r.Changes, r.ChangesVia},
		{"Replicating Directory Changes All", r.ChangesAll, r.ChangesAllVia},
	} {
		switch x.outcome {
		case RightGranted:
		case RightMissing, RightDenied:
			without = append(without, said("%s is %s for %s%s", x.name, x.outcome, r.Account, via(x.via)))
		default:
			sure = false
		}
	}
	switch {
	case len(without) > 0 && !fresh:
		return fail(without...)
	case len(without) > 0:
		return unknown("the access control list and a good cycle contradict each other: " + strings.Join(without, "; "))
	case !sure && !fresh:
		return unknown("the rights of " + r.Account + " could not be fully evaluated")
	case !sure:
		return pass("a cycle succeeded, so the rights suffice")
	default:
		return pass("both replication rights are granted to " + r.Account)
	}
}

func via(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}

// readingCauses are what can stop passwords of one domain from being read.
func readingCauses(more ...*Check) []*Check {
	return append(estateCauses(databaseFull, fipsBlocks, firstFullSync, resyncInterrupted, channelDisabled, accountDisabled, accountLocked, accountExpired, accountRejected,
		domainLDAP, domainRPC, preferredDCs, rightsMissing), more...)
}

var cycleFailing = &Check{
	ID:    "cycle-failing",
	Title: "Reading passwords from the domain fails",
	Why:   "Every two minutes the server asks a domain controller for changed passwords. The newest attempts for this domain ended with an error, so changes wait in Active Directory.",
	Fix: []Step{
		{Text: "Paste the newest 611 or 612 event of the domain into pwsync explain: the innermost error is the cause.", Command: "Get-WinEvent -FilterHashtable @{LogName='Application';ProviderName='Directory Synchronization';Id=611,612} -MaxEvents 1 | Format-List Message", Where: onServer},
		{Text: "If only one domain controller fails, prefer another one until it is mended: Connectors, Properties, Configure Directory Partitions; then restart the ADSync service.", Where: inManager},
	},
	URL: docTroubleshoot, Severity: Error, Scope: ScopeDomain, CausedBy: readingCauses(),
	HiddenBy: append([]*Check{noActiveServer, domainNotFlagged, channelStopped}, unlisted...),
	Eval: func(v View) Finding {
		if !v.Partition.Selected {
			return notApplicable()
		}
		cy, ok := v.Partition.Cycle.Get()
		if !ok {
			return lacks("the cycle state of "+v.Partition.Name, v.Partition.Cycle)
		}
		soon := v.Facts.At.Sub(cy.SuccessEnd) <= time.Duration(v.Facts.Thresholds.CycleWarn)
		log, known := v.Server.Events.Get()
		e, found := log.Newest(func(e Event) bool {
			return (e.ID == 611 || e.ID == 612) && equalFold(e.Domain, v.Partition.Name) && e.Time.After(cy.SuccessEnd)
		})
		f := fail(said("the last cycle ended as %s, the last good one %s", orUnsaid(cy.Status), StampAge(v.Facts.At, cy.SuccessEnd)))
		if found {
			f = f.saying(said("event %d at %s%s: %s", e.ID, StampAge(v.Facts.At, e.Time), onDC(e), orUnsaid(e.Detail)))
		}
		if soon {
			f = f.mild(Warning)
		}
		switch {
		case equalFold(cy.Status, "Failed"), found:
			return f
		case !equalFold(cy.Status, "InProgress") && v.Facts.At.Sub(later(cy.Ended, cy.SuccessEnd)) > time.Duration(v.Facts.Thresholds.CycleFail):
			return unknown("no cycle has ended since " + Stamp(later(cy.Ended, cy.SuccessEnd)) + ": whether reading would fail is not known")
		case !known:
			return lacks("the event log", v.Server.Events)
		default:
			return pass("the last cycle did not fail")
		}
	},
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

var cycleStale = &Check{
	ID:    "cycle-stale",
	Title: "No passwords have been read from the domain lately",
	Why:   "A cycle that succeeds leaves its time behind. An old time means that this domain is not being read, whatever other domains do.",
	Fix: []Step{
		{Text: "Restart the channel of the forest: off, ten seconds, on.", Command: "Set-ADSyncAADPasswordSyncConfiguration -SourceConnector '<connector>' -TargetConnector '<entra-connector>' -Enable $false; Start-Sleep 10; Set-ADSyncAADPasswordSyncConfiguration -SourceConnector '<connector>' -TargetConnector '<entra-connector>' -Enable $true", Where: onServer},
		{Text: "Ask pwsync again after five minutes."},
	},
	URL: docTroubleshoot, Severity: Error, Scope: ScopeDomain, CausedBy: readingCauses(clockSkew, domainNotFlagged, channelStopped, cycleFailing), HiddenBy: unlisted,
	Eval: func(v View) Finding {
		if !v.Partition.Selected {
			return notApplicable()
		}
		cy, ok := v.Partition.Cycle.Get()
		if !ok {
			return lacks("the cycle state of "+v.Partition.Name, v.Partition.Cycle)
		}
		t := v.Facts.Thresholds
		age := v.Facts.At.Sub(cy.SuccessEnd)
		line := "the last good cycle ended " + StampAge(v.Facts.At, cy.SuccessEnd)
		limits := said("limits: %s and %s", Age(time.Duration(t.CycleWarn)), Age(time.Duration(t.CycleFail)))
		if age <= time.Duration(t.CycleWarn) {
			return pass(line)
		}
		if equalFold(cy.Status, "InProgress") {
			return longCycle(v, cy, fail(line, limits))
		}
		if age <= time.Duration(t.CycleFail) {
			return fail(line, limits).mild(Warning)
		}
		return fail(line, limits)
	},
}

// longCycle excuses a cycle that is a full synchronization still making
// progress.
func longCycle(v View, cy Cycle, stale Finding) Finding {
	log, ok := v.Server.Events.Get()
	if !ok {
		return lacks("the event log", v.Server.Events)
	}
	e, found := log.Newest(func(e Event) bool {
		return (e.Cause == "full-sync-progress" || e.Cause == "full-sync-domain-started") && equalFold(e.Domain, v.Partition.Name)
	})
	if found && v.Facts.At.Sub(e.Time) <= time.Duration(v.Facts.Thresholds.CycleFail) {
		return pass(said("a full synchronization is in progress: event %d at %s", e.ID, StampAge(v.Facts.At, e.Time)))
	}
	return stale.saying("a cycle is in progress since " + StampAge(v.Facts.At, cy.Started))
}
