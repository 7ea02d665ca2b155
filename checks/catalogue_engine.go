package checks

import (
	"strings"
	"time"
)

var noEntraConnector = &Check{
	ID:    "no-entra-connector",
	Title: "The server has no Entra connector",
	Why:   "Without the connector to Microsoft Entra there is nowhere to send a password to. The installation is incomplete or the connector was deleted.",
	Fix:   []Step{{Text: "Run the wizard to the end; it creates the connector again.", Where: inWizard}},
	URL:   docTroubleshoot, Severity: Error, Scope: ScopeServer, HiddenBy: unreadable,
	Eval: func(v View) Finding {
		return countConnectors(v, Connector.IsEntra, func(names []string) Finding {
			if len(names) == 0 {
				return fail("no connector of the server leads to Microsoft Entra")
			}
			return pass("Entra connector: " + strings.Join(names, ", "))
		})
	},
}

var manyEntraConnectors = &Check{
	ID:    "multiple-entra-connectors",
	Title: "The server has more than one Entra connector",
	Why:   "One server serves one tenant. A second Entra connector is not supported, and it is not predictable which one a password goes through.",
	Fix:   []Step{{Text: "Find out which tenant is the right one, and remove the other connector together with Microsoft support.", Where: inManager}},
	URL:   docTroubleshoot, Severity: Warning, Scope: ScopeServer, HiddenBy: unreadable,
	Eval: func(v View) Finding {
		return countConnectors(v, Connector.IsEntra, func(names []string) Finding {
			if len(names) > 1 {
				return fail("Entra connectors: " + strings.Join(names, ", "))
			}
			return pass(said("Entra connectors: %d", len(names)))
		})
	},
}

var noADConnector = &Check{
	ID:    "no-ad-connector",
	Title: "The server has no Active Directory connector",
	Why:   "Passwords are read through the connector of each forest. Without one there is nothing to read.",
	Fix:   []Step{{Text: "Run the wizard, choose Customize synchronization options and add the directory.", Where: inWizard}},
	URL:   docTroubleshoot, Severity: Error, Scope: ScopeServer, HiddenBy: unreadable,
	Eval: func(v View) Finding {
		return countConnectors(v, Connector.IsAD, func(names []string) Finding {
			if len(names) == 0 {
				return fail("no connector of the server leads to an Active Directory forest")
			}
			return pass("Active Directory connectors: " + strings.Join(names, ", "))
		})
	},
}

func countConnectors(v View, is func(Connector) bool, judge func(names []string) Finding) Finding {
	if v.standby() {
		return notApplicable()
	}
	all, ok := v.Server.Connectors.Get()
	if !ok {
		return lacks("the connectors", v.Server.Connectors)
	}
	var names []string
	for _, c := range all {
		if is(c) {
			names = append(names, c.Name)
		}
	}
	return judge(names)
}

var databaseFull = &Check{
	ID:    "database-full",
	Title: "The synchronization database is full or cannot be written",
	Why: "The engine keeps its state in a SQL database; the built-in LocalDB ends at 10 GB. When the state of a cycle cannot be stored, passwords are read again and again " +
		"and everything else slows down until it stops.",
	Fix: []Step{
		{Text: "Shrink the run history.", Command: "Start-ADSyncPurgeRunHistory -PurgeRunHistoryInterval (New-TimeSpan -Days 3)", Where: onServer},
		{Text: "Check free disk space and the SQL Server's own error log.", Where: onServer},
		{Text: "Near the limit of LocalDB, move to a full SQL Server.", Where: onServer},
	},
	URL: docConnectivity, Severity: Error, Scope: ScopeServer, HiddenBy: unreadable,
	Eval: func(v View) Finding {
		if v.standby() {
			return notApplicable()
		}
		return worst(databaseSize(v), databaseWrites(v))
	},
}

func databaseSize(v View) Finding {
	d, ok := v.Server.Database.Get()
	switch {
	case !ok:
		return lacks("the size of the database", v.Server.Database)
	case d.Local && d.LimitMB > 0 && d.UsedMB*100 >= d.LimitMB*95:
		return fail(said("LocalDB holds %d MB of at most %d MB", d.UsedMB, d.LimitMB))
	default:
		return pass(said("the database holds %d MB", d.UsedMB))
	}
}

func databaseWrites(v View) Finding {
	log, ok := v.Server.Events.Get()
	if !ok {
		return lacks("the event log", v.Server.Events)
	}
	e, found := log.Newest(causeIs("state-not-stored"))
	if !found {
		return deadlocks(v, log)
	}
	newest, known := newestCycle(v.Server, e.Domain)
	switch {
	case known.Evidence != nil:
		return known
	case e.Time.After(newest):
		return fail(said("event 665 at %s: the state of a cycle could not be stored (%s)", StampAge(v.Facts.At, e.Time), orUnsaid(e.Detail)))
	default:
		return pass("the last failed write of cycle state was followed by a good cycle")
	}
}

// deadlocks are retried by the engine; many of them within two hours are not.
func deadlocks(v View, log EventLog) Finding {
	n := 0
	for _, e := range log.Events {
		if e.Cause == "database-deadlock" && v.Facts.At.Sub(e.Time) <= persistentWithin {
			n++
		}
	}
	if n >= persistentCount {
		return fail(said("event 666: %d deadlocks within two hours", n)).mild(Warning)
	}
	return pass("no failed write of cycle state in the event log")
}

// Microsoft's own measure of what is persistent: five in two hours.
const (
	persistentCount  = 5
	persistentWithin = 2 * time.Hour
)

// newestCycle returns the end of the newest successful cycle of a domain, or over
// all domains where none is named: a live sibling proves nothing for a dead
// domain. The finding is set where a state is missing and could be newer.
func newestCycle(s *Server, domain string) (time.Time, Finding) {
	list, ok := s.Connectors.Get()
	if !ok {
		return time.Time{}, lacks("the connectors", s.Connectors)
	}
	var newest time.Time
	for _, c := range list {
		if !c.IsAD() {
			continue
		}
		for _, p := range c.Partitions {
			if !p.Selected || !p.IsDomain || domain != "" && !equalFold(domain, p.Name) {
				continue
			}
			cy, ok := p.Cycle.Get()
			if !ok {
				return newest, lacks("the cycle state of "+p.Name, p.Cycle)
			}
			if cy.SuccessEnd.After(newest) {
				newest = cy.SuccessEnd
			}
		}
	}
	return newest, Finding{}
}

var fipsBlocks = &Check{
	ID:    "fips-blocks-md5",
	Title: "FIPS mode blocks password hash synchronization",
	Why: "Domain controllers hand out password hashes in an MD5 envelope. Where Windows enforces FIPS algorithms and the engine is not exempt, it cannot open the envelope. " +
		"The hash that is sent to Microsoft Entra does not use MD5.",
	Fix: []Step{
		{Text: "In miiserver.exe.config, under configuration/runtime, add the element enforceFIPSPolicy with enabled set to false.", Where: onServer},
		{Text: "Restart the service outside a running cycle.", Command: "Restart-Service ADSync", Where: onServer},
	},
	URL: docPHS, Severity: Error, Scope: ScopeServer, HiddenBy: unreadable,
	Eval: func(v View) Finding {
		if v.standby() {
			return notApplicable()
		}
		return worst(fipsFlags(v), fipsEvents(v))
	},
}

func fipsFlags(v View) Finding {
	f, ok := v.Server.Flags.Get()
	switch {
	case !ok:
		return lacks("the FIPS settings", v.Server.Flags)
	case f.FIPSPolicy && !f.FIPSOverride:
		return fail("Windows enforces FIPS algorithms and the engine is not exempt")
	case f.FIPSPolicy:
		return pass("Windows enforces FIPS algorithms and the engine is exempt")
	default:
		return pass("Windows does not enforce FIPS algorithms")
	}
}

func fipsEvents(v View) Finding {
	log, ok := v.Server.Events.Get()
	if !ok {
		return lacks("the event log", v.Server.Events)
	}
	e, found := log.Newest(causeIs("fips-blocks-md5"))
	if !found {
		return pass("no event of a blocked key")
	}
	newest, known := newestCycle(v.Server, e.Domain)
	switch {
	case known.Evidence != nil:
		return known
	case e.Time.After(newest):
		return fail(said("event %d at %s: the key for the envelope could not be made", e.ID, StampAge(v.Facts.At, e.Time)))
	default:
		return pass("a blocked key is history: a cycle succeeded since")
	}
}

var schedulerOff = &Check{
	ID:    "scheduler-off",
	Title: "The synchronization scheduler is off or suspended",
	Why: "The scheduler does not drive password hashes, but it brings new people and changes to Microsoft Entra. While it is off, nobody new is exported, and their passwords " +
		"have nowhere to go. An open wizard suspends it.",
	Fix: []Step{
		{Text: "Close the wizard if it is open.", Where: inWizard},
		{Text: "Switch the scheduler on.", Command: "Set-ADSyncScheduler -SyncCycleEnabled $true", Where: onServer},
		{Text: "If it is still suspended, lift that too.", Command: "Set-ADSyncScheduler -SchedulerSuspended $false", Where: onServer},
	},
	URL: docScheduler, Severity: Warning, Scope: ScopeServer, HiddenBy: unreadable,
	Eval: func(v View) Finding {
		if v.standby() {
			return notApplicable()
		}
		s, ok := v.Server.Scheduler.Get()
		switch {
		case !ok:
			return lacks("the scheduler", v.Server.Scheduler)
		case !s.CycleEnabled && s.Suspended:
			return fail("the scheduler is switched off and suspended")
		case !s.CycleEnabled:
			return fail("SyncCycleEnabled is False")
		case s.Suspended:
			return fail("SchedulerSuspended is True: a wizard is open, or one ended badly")
		default:
			return pass("the scheduler is on, every " + Age(time.Duration(s.Interval)))
		}
	},
}

var firstFullSync = &Check{
	ID:    "first-full-sync-unfinished",
	Title: "The first full synchronization has not finished",
	Why:   "After an installation, password hash synchronization waits until the first full import and synchronization of every connector is done. In large directories that takes hours.",
	Fix: []Step{
		{Text: "Look at the running operations and let them finish. Do not start another.", Where: inManager},
		{Text: "If a run ended with an error, mend that and start a full cycle.", Command: "Start-ADSyncSyncCycle -PolicyType Initial", Where: onServer},
	},
	URL: docTroubleshoot, Severity: Error, Scope: ScopeServer, HiddenBy: unreadable,
	Eval: func(v View) Finding {
		if v.standby() {
			return notApplicable()
		}
		log, ok := v.Server.Events.Get()
		if !ok {
			return lacks("the event log", v.Server.Events)
		}
		e, found := log.Newest(causeIs("first-full-sync-unfinished"))
		if !found {
			return pass("no event says that a full synchronization is awaited")
		}
		newest, known := newestCycle(v.Server, e.Domain)
		switch {
		case known.Evidence != nil:
			return known
		case e.Time.After(newest):
			return fail(said("event 613 at %s: paused until the first full synchronization is done", StampAge(v.Facts.At, e.Time)))
		default:
			return pass("passwords were read after the last such pause")
		}
	},
}

func causeIs(ids ...string) func(Event) bool {
	return func(e Event) bool {
		for _, id := range ids {
			if e.Cause == id {
				return true
			}
		}
		return false
	}
}

var unexplainedEvents = &Check{
	ID:    "unexplained-events",
	Title: "The engine logs something that no check explains",
	Why: "The newest events of the engine hold an error, or a text that pwsync does not understand, and nothing succeeded since. It may be harmless; it is shown so that it is " +
		"not overlooked.",
	Fix: []Step{
		{Text: "Read the event, and paste its whole text into pwsync explain.", Command: "Get-WinEvent -FilterHashtable @{LogName='Application';ProviderName='Directory Synchronization','ADSync'} -MaxEvents 20 | Format-List TimeCreated,Id,Message", Where: onServer},
	},
	URL: docTroubleshoot, Severity: Info, Scope: ScopeServer, HiddenBy: unreadable,
	Eval: func(v View) Finding {
		if v.standby() {
			return notApplicable()
		}
		log, ok := v.Server.Events.Get()
		if !ok {
			return lacks("the event log", v.Server.Events)
		}
		newest, known := newestCycle(v.Server, "")
		if known.Evidence != nil {
			return known
		}
		e, found := log.Newest(func(e Event) bool {
			return e.Cause == "" && e.Time.After(newest) || engineTrouble(e) && e.Time.After(newest)
		})
		if !found {
			return pass("every event since the last good cycle is understood")
		}
		return fail(said("event %d of %s at %s: %s", e.ID, e.Source, StampAge(v.Facts.At, e.Time), orElse(e.Detail, "no text")))
	},
}

// engineTrouble are errors of the engine that no other check reads.
var engineTrouble = causeIs("engine-keys-missing", "engine-notification-failed", "engine-agent-not-started", "channel-task-failed", "full-sync-failed", "health-task-failed", "preferred-dc-failed")
