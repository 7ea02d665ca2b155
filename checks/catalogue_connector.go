package checks

import (
	"slices"
	"strings"
	"time"
)

// unlisted hides whatever is about a forest or a domain.
var unlisted = append([]*Check{noADConnector}, unreadable...)

// estateCauses are what can stop or hide anything that a connector does.
func estateCauses(more ...*Check) []*Check {
	return append([]*Check{serviceStopped, stagingMode, noActiveServer}, more...)
}

var resyncInterrupted = &Check{
	ID:    "resync-interrupted",
	Title: "A full password resync was interrupted half-way",
	Why: "A full resync switches the channel off and on again. It began and did not end, so password hash synchronization may have been left disabled for everybody in this " +
		"forest.",
	Fix: []Step{
		{Text: "Enable password hash synchronization for the connector; the resync then runs by itself.", Command: "Set-ADSyncAADPasswordSyncConfiguration -SourceConnector '<connector>' -TargetConnector '<entra-connector>' -Enable $true", Where: onServer},
		{Text: "Ask pwsync again and watch for events 617 to 623."},
	},
	URL: docTroubleshoot, Severity: Error, Scope: ScopeConnector, HiddenBy: unlisted,
	Eval: func(v View) Finding { return worst(resyncJournal(v), resyncParameter(v)) },
}

func resyncJournal(v View) Finding {
	h, ok := v.Server.Hello.Get()
	switch {
	case !ok:
		return lacks("the worker's journal", v.Server.Hello)
	case h.Journal != nil && equalFold(h.Journal.Connector, v.Connector.Name):
		return fail(said("the journal on the server shows a resync begun at %s that stopped after the step %q", StampAge(v.Facts.At, h.Journal.Started), h.Journal.Step))
	default:
		return pass("no unfinished resync in the journal")
	}
}

// resyncParameter sees the resync of somebody else's script: forced, and the
// channel off.
func resyncParameter(v View) Finding {
	if v.Connector.ForceFullSync != "1" {
		return pass("no forced full synchronization is pending")
	}
	ch, ok := v.Connector.Channel.Get()
	switch {
	case !ok:
		return lacks("whether the channel is on", v.Connector.Channel)
	case !ch.Configured || !ch.Enabled:
		return fail("a forced full synchronization is pending and the channel is disabled")
	default:
		return pass("a forced full synchronization is pending and the channel is on")
	}
}

var channelDisabled = &Check{
	ID:    "channel-disabled",
	Title: "Password hash synchronization is disabled for this forest",
	Why:   "The server's configuration has it switched off for the forest's connector, so no password of the forest is read. It can be switched off per forest, by the wizard or by a script.",
	Fix: []Step{
		{Text: "Find out whether it is off on purpose."},
		{Text: "Run the wizard, choose Customize synchronization options, clear password hash synchronization and finish; run it again, set it, and finish. It is off for everyone in between; then ask pwsync again.", Where: inWizard},
		{Text: "Or enable this connector alone; the names are case sensitive.", Command: "Set-ADSyncAADPasswordSyncConfiguration -SourceConnector '<connector>' -TargetConnector '<entra-connector>' -Enable $true", Where: onServer},
	},
	URL: docTroubleshoot, Severity: Error, Scope: ScopeConnector, CausedBy: []*Check{resyncInterrupted}, HiddenBy: unlisted,
	Eval: func(v View) Finding {
		ch, ok := v.Connector.Channel.Get()
		switch {
		case !ok:
			return lacks("whether password hash synchronization is on for "+v.Connector.Name, v.Connector.Channel)
		case !ch.Configured:
			return fail("password hash synchronization was never configured for " + v.Connector.Name)
		case !ch.Enabled:
			return fail("password hash synchronization is configured for " + v.Connector.Name + " and disabled")
		default:
			return pass("password hash synchronization is on for " + v.Connector.Name)
		}
	},
}

func accountState(v View, judge func(AccountState) Finding) Finding {
	f := v.Forest()
	if f == nil {
		return unknown("the connector account of " + v.Connector.Forest + " was not looked up")
	}
	a, ok := f.Account.Get()
	if !ok {
		return lacks("the state of the connector account", f.Account)
	}
	return judge(a)
}

var resetAccount = []Step{
	{Text: "Set the connector account's new password in the connector: Properties, Connect to Active Directory Forest.", Where: inManager},
	{Text: "Restart the service so that the running connections use it.", Command: "Restart-Service ADSync", Where: onServer},
}

var accountDisabled = &Check{
	ID:    "connector-account-disabled",
	Title: "The connector account is disabled in Active Directory",
	Why:   "The server reads this forest with one account. Disabled, usually by a clean-up of unused accounts, it can read neither objects nor passwords.",
	Fix: []Step{
		{Text: "Enable the account, and keep it out of automatic clean-ups.", Command: "Enable-ADAccount -Identity '<account>'", Where: inAD},
	},
	URL: docAccount, Severity: Error, Scope: ScopeConnector, Needs: []Source{SourceDirectory},
	HiddenBy: append([]*Check{noActiveServer, domainFromBot}, unlisted...),
	Eval: func(v View) Finding {
		return accountState(v, func(a AccountState) Finding {
			if a.Disabled {
				return fail("the account " + a.Name + " is disabled")
			}
			return pass("the account " + a.Name + " is enabled")
		})
	},
}

var accountLocked = &Check{
	ID:    "connector-account-locked",
	Title: "The connector account is locked out",
	Why:   "Something tries the account with a wrong password: an old server that was never switched off, a script, or an attack. It locks again until the source is found.",
	Fix: []Step{
		{Text: "Find the source of the failed logons first: event 4740 on the PDC emulator names the computer.", Where: inAD},
		{Text: "Unlock the account.", Command: "Unlock-ADAccount -Identity '<account>'", Where: inAD},
	},
	URL: docAccount, Severity: Error, Scope: ScopeConnector, Needs: []Source{SourceDirectory},
	HiddenBy: append([]*Check{noActiveServer, domainFromBot}, unlisted...),
	Eval: func(v View) Finding {
		return accountState(v, func(a AccountState) Finding {
			if a.Locked {
				return fail(said("the account %s is locked after %d wrong passwords, the last %s", a.Name, a.BadPasswords, StampAge(v.Facts.At, a.LastBadPassword)))
			}
			return pass("the account " + a.Name + " is not locked")
		})
	},
}

var accountExpired = &Check{
	ID:    "connector-account-expired",
	Title: "The connector account or its password has expired",
	Why:   "An account with an end date, a password under the normal password policy, or one that must be changed at next logon: each stops the connector on a day nobody chose.",
	Fix: append([]Step{
		{Text: "Clear the end date and let the password never expire.", Command: "Clear-ADAccountExpiration -Identity '<account>'; Set-ADUser -Identity '<account>' -PasswordNeverExpires $true -ChangePasswordAtLogon $false", Where: inAD},
	}, resetAccount...),
	URL: docAccount, Severity: Error, Scope: ScopeConnector, Needs: []Source{SourceDirectory},
	HiddenBy: append([]*Check{noActiveServer, domainFromBot}, unlisted...),
	Eval: func(v View) Finding {
		return accountState(v, func(a AccountState) Finding {
			switch {
			case a.Expired:
				return fail(said("the account %s expired %s", a.Name, StampAge(v.Facts.At, a.AccountExpires)))
			case a.PasswordExpired:
				return fail(said("the password of %s has expired; it was set %s", a.Name, StampAge(v.Facts.At, a.PasswordSet)))
			case a.MustChange:
				return fail("the account " + a.Name + " must change its password at next logon")
			default:
				return pass("neither the account " + a.Name + " nor its password has expired")
			}
		})
	},
}

var accountRejected = &Check{
	ID:    "connector-account-rejected",
	Title: "Active Directory rejects the connector account",
	Why: "The credentials stored in the connector do not work: the password was changed in Active Directory and not in the connector, or the account is disabled, locked or " +
		"expired. Imports and password reads of the whole forest stop.",
	Fix: append([]Step{
		{Text: "Check first whether the account is disabled, locked or expired.", Command: "Get-ADUser -Identity '<account>' -Properties Enabled,LockedOut,PasswordExpired,AccountExpirationDate", Where: inAD},
	}, resetAccount...),
	URL: docAccount, Severity: Error, Scope: ScopeConnector,
	CausedBy: []*Check{accountDisabled, accountLocked, accountExpired}, HiddenBy: append([]*Check{domainLDAP}, unlisted...),
	Eval: func(v View) Finding { return worst(storedLogon(v), bindEvents(v)) },
}

// storedLogon judges a search with the stored credentials. It can also fail
// because no domain controller answers; then it says nothing about them.
func storedLogon(v View) Finding {
	r, ok := v.Connector.AccountLogon.Get()
	if !ok {
		return lacks("whether the stored credentials work", v.Connector.AccountLogon)
	}
	if r.OK {
		return pass("a search with the stored credentials succeeded")
	}
	for _, p := range v.Connector.Partitions {
		probes, ok := p.Ports.Get()
		if p.Selected && (!ok || !slices.ContainsFunc(probes, func(b Probe) bool { return b.Port == 389 && b.Open })) {
			return unknown("a search with the stored credentials failed, and no domain controller of " + p.Name + " is known to answer on LDAP: " + orUnsaid(r.Error))
		}
	}
	return fail("a search with the stored credentials failed although LDAP answers: " + orUnsaid(r.Error))
}

var refusedLogon = causeIs("connector-account-bind-failed", "connector-account-disabled", "connector-account-locked", "connector-account-expired")

func bindEvents(v View) Finding {
	log, ok := v.Server.Events.Get()
	if !ok {
		return lacks("the event log", v.Server.Events)
	}
	for _, p := range v.Connector.Partitions {
		e, found := log.Newest(func(e Event) bool {
			return refusedLogon(e) && equalFold(e.Domain, p.Name)
		})
		if !found || !p.Selected {
			continue
		}
		cy, ok := p.Cycle.Get()
		switch {
		case !ok:
			return lacks("the cycle state of "+p.Name, p.Cycle)
		case e.Time.After(cy.SuccessEnd):
			return fail(said("event %d at %s: a domain controller of %s refused the account", e.ID, StampAge(v.Facts.At, e.Time), p.Name))
		}
	}
	return pass("no refused logon after the last good cycle")
}

var noInboundRule = &Check{
	ID:    "no-inbound-password-rule",
	Title: "No enabled inbound rule synchronizes passwords",
	Why: "A password is only read for people that an inbound rule with Enable Password Sync applies to. The default is In from AD - User AccountEnabled. Somebody disabled or " +
		"edited it, usually to select people.",
	Fix: []Step{
		{Text: "In the Synchronization Rules Editor, enable the rule or set Enable Password Sync on it or on its copy.", Where: "on <server>, Synchronization Rules Editor"},
		{Text: "Apply it with a full synchronization.", Command: "Start-ADSyncSyncCycle -PolicyType Initial", Where: onServer},
	},
	URL: docDefaults, Severity: Error, Scope: ScopeConnector, HiddenBy: unlisted,
	Eval: func(v View) Finding {
		return passwordRule(v, func(r Rule) bool {
			return equalFold(r.Direction, "Inbound") && equalFold(r.Connector, v.Connector.ID)
		})
	},
}

var noOutboundRule = &Check{
	ID:    "no-outbound-password-rule",
	Title: "No enabled outbound rule synchronizes passwords",
	Why:   "A password is only sent for people that an outbound rule with Enable Password Sync applies to. The default is the user join rule towards Microsoft Entra.",
	Fix: []Step{
		{Text: "In the Synchronization Rules Editor, enable the rule or set Enable Password Sync on it or on its copy.", Where: "on <server>, Synchronization Rules Editor"},
		{Text: "Apply it with a full synchronization.", Command: "Start-ADSyncSyncCycle -PolicyType Initial", Where: onServer},
	},
	URL: docDefaults, Severity: Error, Scope: ScopeConnector, CausedBy: []*Check{noEntraConnector}, HiddenBy: unlisted,
	Eval: func(v View) Finding {
		return passwordRule(v, func(r Rule) bool {
			return equalFold(r.Direction, "Outbound") && equalFold(r.Connector, EntraConnectorID)
		})
	},
}

func passwordRule(v View, about func(Rule) bool) Finding {
	rules, ok := v.Server.Rules.Get()
	if !ok {
		return lacks("the synchronization rules", v.Server.Rules)
	}
	var off []string
	for _, r := range rules {
		switch {
		case !about(r):
		case r.PasswordSync && !r.Disabled:
			return pass("rule " + r.Name + " synchronizes passwords")
		case r.PasswordSync:
			off = append(off, r.Name)
		}
	}
	f := fail("no enabled rule has Enable Password Sync")
	if len(off) > 0 {
		f = fail("disabled: " + strings.Join(off, ", "))
	}
	changes, _ := v.Server.RuleChanges.Get()
	for _, c := range changes {
		if !slices.ContainsFunc(rules, func(r Rule) bool { return about(r) && equalFold(r.Name, c.Rule) }) {
			continue
		}
		f = f.saying(said("%s changed %s at %s: %s", c.By, c.Rule, StampAge(v.Facts.At, c.At), orUnsaid(c.What)))
	}
	return f
}

var channelStopped = &Check{
	ID:    "channel-stopped",
	Title: "The password channel of this forest has stopped",
	Why: "Everything is configured, and yet the engine's agent for this forest does nothing: it crashed, hung, or did not come back after an outage. Only a restart of the " +
		"channel or the service helps.",
	Fix: []Step{
		{Text: "Restart the channel: off, ten seconds, on.", Command: "Set-ADSyncAADPasswordSyncConfiguration -SourceConnector '<connector>' -TargetConnector '<entra-connector>' -Enable $false; Start-Sleep 10; Set-ADSyncAADPasswordSyncConfiguration -SourceConnector '<connector>' -TargetConnector '<entra-connector>' -Enable $true", Where: onServer},
		{Text: "If that does not help, restart the service outside a running cycle.", Command: "Restart-Service ADSync", Where: onServer},
	},
	URL: docTroubleshoot, Severity: Error, Scope: ScopeConnector,
	CausedBy: estateCauses(databaseFull, fipsBlocks, firstFullSync, resyncInterrupted, channelDisabled),
	HiddenBy: unlisted,
	Eval:     channelLife,
}

var stopCauses = causeIs("channel-stopped", "channel-crashed", "channel-not-started", "channel-worker-crashed")

// channelLife looks for the newest sign of life and the newest stop.
func channelLife(v View) Finding {
	events, ok := v.Server.Events.Get()
	if !ok {
		return lacks("the event log", v.Server.Events)
	}
	uploads, ok := v.Server.Uploads.Get()
	if !ok {
		return lacks("the upload events", v.Server.Uploads)
	}
	alive, known := lastLife(v, events, uploads)
	if known.Evidence != nil {
		return known
	}
	stop, stopped := events.Newest(func(e Event) bool { return stopCauses(e) && ofConnector(e, *v.Connector) })
	quiet := v.Facts.At.Sub(alive)
	switch {
	case stopped && stop.Time.After(alive):
		return fail(said("event %d at %s, and no sign of life since", stop.ID, StampAge(v.Facts.At, stop.Time)))
	case quiet <= time.Duration(v.Facts.Thresholds.HeartbeatFail):
		return pass("the newest sign of life is from " + StampAge(v.Facts.At, alive))
	case v.Facts.At.Sub(uploads.CoversFrom()) < time.Duration(v.Facts.Thresholds.LogSpan):
		return unknown("no sign of life, but the event log reaches back only to " + Stamp(uploads.CoversFrom()))
	default:
		return fail("no sign of life since " + Stamp(alive))
	}
}

// lastLife returns the newest moment at which the agent of a forest did
// anything, even in vain.
func lastLife(v View, events, uploads EventLog) (time.Time, Finding) {
	var newest time.Time
	note := func(t time.Time) {
		if t.After(newest) {
			newest = t
		}
	}
	for _, e := range uploads.Events {
		if carries(e, v.Connector.ID) || failsWriting(e) && len(e.Connectors) == 0 {
			note(e.Time)
		}
	}
	for _, e := range events.Events {
		if !stopCauses(e) && shows(e, *v.Connector) {
			note(e.Time)
		}
	}
	for _, p := range v.Connector.Partitions {
		if !p.Selected || !p.IsDomain {
			continue
		}
		cy, ok := p.Cycle.Get()
		if !ok {
			return newest, lacks("the cycle state of "+p.Name, p.Cycle)
		}
		note(cy.Ended)
		note(cy.SuccessEnd)
	}
	return newest, Finding{}
}

// shows reports whether the event is activity of the connector's agent.
func shows(e Event, c Connector) bool {
	if !equalFold(e.Source, "Directory Synchronization") || e.ID < 600 || e.ID > 668 {
		return false
	}
	return carries(e, c.ID) || e.Forest != "" && equalFold(e.Forest, c.Forest) || e.Domain != "" && hasPartition(c, e.Domain)
}

func hasPartition(c Connector, domain string) bool {
	return slices.ContainsFunc(c.Partitions, func(p Partition) bool { return equalFold(p.Name, domain) })
}

// ofConnector reports whether a stop concerns the connector: it names it, or
// names none at all.
func ofConnector(e Event, c Connector) bool {
	if len(e.Connectors) == 0 && e.Forest == "" && e.Domain == "" {
		return true
	}
	return shows(e, c)
}

var heartbeatMissing = &Check{
	ID:    "heartbeat-missing",
	Title: "No heartbeat towards Microsoft Entra",
	Why: "The agent of each forest proves every half hour, or with every password it sends, that it can write to Microsoft Entra. Three hours without a proof is Microsoft's " +
		"own limit for an outage.",
	Fix: []Step{
		{Text: "Look at the newest events 652, 655 and 662 of the source Directory Synchronization.", Where: onServer, Command: "Get-WinEvent -FilterHashtable @{LogName='Application';ProviderName='Directory Synchronization';Id=652,655,662} -MaxEvents 5 | Format-List TimeCreated,Id,Message"},
		{Text: "If there are none, restart the channel of the forest: off, ten seconds, on.", Command: "Set-ADSyncAADPasswordSyncConfiguration -SourceConnector '<connector>' -TargetConnector '<entra-connector>' -Enable $false; Start-Sleep 10; Set-ADSyncAADPasswordSyncConfiguration -SourceConnector '<connector>' -TargetConnector '<entra-connector>' -Enable $true", Where: onServer},
	},
	URL: docTroubleshoot, Severity: Error, Scope: ScopeConnector,
	CausedBy: estateCauses(clockSkew, versionRetired, firstFullSync, certificateDue, entraUnreachable, entraCredential, entraDenied, featureOff, dirSyncOff, uploadsFailing, noEntraConnector, resyncInterrupted, channelDisabled, channelStopped),
	HiddenBy: unlisted,
	Eval:     heartbeat,
}

func heartbeat(v View) Finding {
	log, ok := v.Server.Uploads.Get()
	if !ok {
		return lacks("the upload events", v.Server.Uploads)
	}
	t := v.Facts.Thresholds
	u := uploadOf(log, v.Connector.ID)
	age := v.Facts.At.Sub(u.proof.Time)
	limits := said("limits: %s and %s", Age(time.Duration(t.HeartbeatWarn)), Age(time.Duration(t.HeartbeatFail)))
	switch {
	case u.failed && u.proved && age <= time.Duration(t.HeartbeatWarn) && u.failure.Transient:
		return failedUpload(v, u.failure).saying("the last good one was at " + StampAge(v.Facts.At, u.proof.Time)).mild(Warning)
	case u.failed:
		return failedUpload(v, u.failure).saying("no good one since " + Stamp(u.proof.Time))
	case u.proved && age <= time.Duration(t.HeartbeatWarn):
		return pass(said("event %d at %s", u.proof.ID, StampAge(v.Facts.At, u.proof.Time)))
	case u.proved && age <= time.Duration(t.HeartbeatFail):
		return fail(said("the newest proof is event %d at %s", u.proof.ID, StampAge(v.Facts.At, u.proof.Time)), limits).mild(Warning)
	case u.proved:
		return fail(said("the newest proof is event %d at %s", u.proof.ID, StampAge(v.Facts.At, u.proof.Time)), limits)
	case v.Facts.At.Sub(u.coverage) >= time.Duration(t.HeartbeatFail):
		return fail("no proof of writing with this connector's id since "+Stamp(u.coverage), limits)
	default:
		return unknown("no proof of writing, but the event log reaches back only to " + Stamp(u.coverage))
	}
}
