package checks

import (
	"strings"
	"time"
)

// unreadable hides whatever a Connect server could have said.
var unreadable = []*Check{serverUnreachable, serviceStopped}

var serverUnreachable = &Check{
	ID:    "server-unreachable",
	Title: "The Connect server does not answer",
	Why: "Everything that pwsync knows about synchronization comes from this server. While it does not answer, nothing about password hash synchronization can be " +
		"confirmed, and the service itself may be down too.",
	Fix: []Step{
		{Text: "Check that the server is up and that the way from the bot to it is open (SSH or WinRM port, host key, login)."},
		{Text: "If the server is down, start it. If it cannot come back soon, make the staging server active, on purpose and never both at once.", Where: inWizard},
	},
	URL: docStaging, Severity: Error, Scope: ScopeServer,
	Eval: func(v View) Finding {
		c, ok := v.Server.Contact.Get()
		switch {
		case !ok:
			return lacks("whether the server answers", v.Server.Contact)
		case c.Reached:
			return pass("the worker answered")
		case v.standby():
			return fail("no answer from the standby server: " + orUnsaid(c.Error)).mild(Warning)
		default:
			return fail("no answer: " + orUnsaid(c.Error))
		}
	},
}

var serviceStopped = &Check{
	ID:    "adsync-service-stopped",
	Title: "The ADSync service is not running",
	Why:   "The service does all the work: without it no password, and no other change, reaches Microsoft Entra. Nearly every look-up on the server fails too.",
	Fix: []Step{
		{Text: "Start the service.", Command: "Start-Service ADSync", Where: onServer},
		{Text: "If it does not stay up, read the newest errors of the sources ADSync and Service Control Manager in the event log; a changed service account password is the usual reason.", Where: onServer},
	},
	URL: docConnectivity, Severity: Error, Scope: ScopeServer, HiddenBy: []*Check{serverUnreachable},
	Eval: func(v View) Finding {
		s, ok := v.Server.Service.Get()
		switch {
		case !ok:
			return lacks("the state of the ADSync service", v.Server.Service)
		case equalFold(s.State, "Running"):
			return pass("the service is running")
		}
		f := fail(said("the service is %s (start mode %s)", strings.ToLower(s.State), orUnsaid(s.StartMode)))
		if v.standby() {
			return f.mild(Warning)
		}
		return f
	},
}

var stagingMode = &Check{
	ID:    "staging-mode",
	Title: "The active server is in staging mode",
	Why: "A server in staging mode reads and calculates but sends nothing: no passwords, no exports, no writeback. It happens after an upgrade or a move to a new server, " +
		"when nobody switched staging off. Changes made meanwhile are sent once the server is active again.",
	Fix: []Step{
		{Text: "Make sure that no other server is active: two active servers overwrite each other.", Where: onServer, Command: "Get-ADSyncScheduler | Select-Object StagingModeEnabled"},
		{Text: "Run the wizard, choose Configure staging mode, clear the box and finish.", Where: inWizard},
		{Text: "If another server was made active on purpose, tell pwsync: give that server the role active in the configuration."},
	},
	URL: docStaging, Severity: Error, Scope: ScopeServer, HiddenBy: unreadable,
	Eval: func(v View) Finding {
		if v.standby() {
			return notApplicable()
		}
		s, ok := v.Server.Scheduler.Get()
		switch {
		case !ok:
			return lacks("the staging mode", v.Server.Scheduler)
		case s.StagingMode && v.Server.Role != RoleActive:
			return unknown("staging mode is on, and the configuration names no server as the active one: whether this one should be is not known")
		case s.StagingMode:
			return fail("staging mode is on, and the configuration names this server as the active one")
		default:
			return pass("staging mode is off")
		}
	},
}

var noActiveServer = &Check{
	ID:    "no-active-server",
	Title: "No Connect server is active",
	Why:   "Exactly one server must be active. With all of them in staging mode, nothing is sent to Microsoft Entra by anyone.",
	Fix: []Step{
		{Text: "Decide which server shall be active, and switch staging mode off on that one only.", Where: inWizard},
	},
	URL: docStaging, Severity: Error, Scope: ScopeTenant, CausedBy: []*Check{stagingMode}, HiddenBy: unreadable,
	Eval: func(v View) Finding {
		if len(v.Facts.Servers) == 0 {
			return unknown("no Connect server is configured")
		}
		var hidden Finding
		for i := range v.Facts.Servers {
			s := &v.Facts.Servers[i]
			sched, ok := s.Scheduler.Get()
			if !ok {
				hidden = lacks("the staging mode of "+s.Host, s.Scheduler)
			} else if !sched.StagingMode {
				return pass(s.Host + " is active")
			}
		}
		if hidden.Evidence != nil {
			return hidden
		}
		return fail(said("every configured server (%d) is in staging mode", len(v.Facts.Servers)))
	},
}

var twoActiveServers = &Check{
	ID:    "two-active-servers",
	Title: "More than one Connect server is active",
	Why: "Two active servers both write to Microsoft Entra, each from its own view: objects flap, exports collide and it becomes a matter of luck which password arrives last. " +
		"Usually an old server came back to life.",
	Fix: []Step{
		{Text: "Switch the server that shall not be active to staging mode, or stop it.", Where: inWizard},
	},
	URL: docStaging, Severity: Error, Scope: ScopeTenant, HiddenBy: append([]*Check{stagingMode}, unreadable...),
	Eval: func(v View) Finding {
		if len(v.Facts.Servers) < 2 {
			return pass("one server is configured")
		}
		var active []string
		var hidden Finding
		standIn := ""
		for i := range v.Facts.Servers {
			s := &v.Facts.Servers[i]
			sched, ok := s.Scheduler.Get()
			switch {
			case !ok:
				hidden = lacks("the staging mode of "+s.Host, s.Scheduler)
			case !sched.StagingMode:
				active = append(active, s.Host)
				if s.Role != RoleActive {
					standIn = s.Host
				}
			}
		}
		switch {
		case len(active) > 1:
			return fail("active at the same time: " + strings.Join(active, ", "))
		case standIn != "" && hidden.Evidence == nil:
			return unknown(standIn + " is active and configured as a standby, and the server configured as active is not: whether both are meant to be active is not known")
		case hidden.Evidence != nil:
			return hidden
		default:
			return pass("at most one server is active")
		}
	},
}

// endOfLife is dated data: versions below Below stop working on On. The newest
// entry stands last.
var endOfLife = []struct {
	Below string
	On    time.Time
	Why   string
}{
	{"2.0.0.0", time.Date(2023, 10, 1, 0, 0, 0, 0, time.UTC), "versions 1.x lost their connection to the service"},
	{"2.5.79.0", time.Date(2026, 9, 30, 0, 0, 0, 0, time.UTC), "older versions do not know the hardened synchronization service"},
}

var versionRetired = &Check{
	ID:    "version-retired",
	Title: "This version of Connect is retired",
	Why:   "Microsoft turns old versions off at announced dates. From that day on every synchronization of the server fails, passwords included.",
	Fix: []Step{
		{Text: "Upgrade: download the installer from the admin center, under Microsoft Entra Connect, and run it on the server. A staging server first lets you compare.", Where: inEntra},
	},
	URL: docVersions, Severity: Error, Scope: ScopeServer, HiddenBy: unreadable,
	Eval: func(v View) Finding {
		have, ok := v.Server.Version.Get()
		if !ok {
			return lacks("the version", v.Server.Version)
		}
		if _, ok := parseVersion(have); !ok {
			return unknown(said("the version %q is not understood", have))
		}
		for _, e := range endOfLife {
			if !versionBelow(have, e.Below) {
				continue
			}
			left := e.On.Sub(v.Facts.At)
			switch {
			case left <= 0:
				return fail(said("version %s: versions below %s stopped working on %s (%s)", have, e.Below, e.On.Format(time.DateOnly), e.Why))
			case left <= time.Duration(v.Facts.Thresholds.Retirement):
				return fail(said("version %s: versions below %s stop working on %s (%s)", have, e.Below, e.On.Format(time.DateOnly), e.Why)).mild(Warning)
			}
		}
		return pass("version " + have)
	},
}

var versionBelowMinimum = &Check{
	ID:    "version-below-minimum",
	Title: "This version is too old for a feature in use",
	Why:   "Some features work reliably only from a certain version on. Below it they are accepted in the configuration and then fail for single people.",
	Fix: []Step{
		{Text: "Upgrade Connect to a current version.", Where: inEntra},
	},
	URL: docVersions, Severity: Warning, Scope: ScopeServer, HiddenBy: unreadable,
	Eval: func(v View) Finding {
		if v.standby() {
			return notApplicable()
		}
		have, ok := v.Server.Version.Get()
		if !ok {
			return lacks("the version", v.Server.Version)
		}
		feature, ok := v.Server.CompanyFeature.Get()
		if !versionBelow(have, temporaryPasswordMinimum) {
			return pass("version " + have + " serves every feature that matters here")
		}
		switch {
		case !ok:
			return lacks("whether temporary passwords are synchronized", v.Server.CompanyFeature)
		case feature.ForcePasswordChange:
			return fail(said("synchronizing temporary passwords is on and needs version %s, this is %s", temporaryPasswordMinimum, have))
		default:
			return pass("version " + have + ", and no feature in use needs a newer one")
		}
	},
}

var clockSkew = &Check{
	ID:    "clock-skew",
	Title: "The server's clock is wrong",
	Why:   "Kerberos gives up at five minutes of difference, sign-in to Microsoft Entra soon after, and every age that is shown is off by as much.",
	Fix: []Step{
		{Text: "Compare with the domain's time and resynchronize.", Command: "w32tm /query /status; w32tm /resync", Where: onServer},
		{Text: "If the server is right, correct the clock of the machine that pwsync runs on."},
	},
	URL: docConnectivity, Severity: Warning, Scope: ScopeServer, HiddenBy: unreadable,
	Eval: func(v View) Finding {
		c, ok := v.Server.Clock.Get()
		if !ok {
			return lacks("the server's clock", v.Server.Clock)
		}
		diff := c.Server.Sub(c.Bot)
		if diff.Abs() > time.Duration(v.Facts.Thresholds.ClockSkew) {
			word := "ahead of"
			if diff < 0 {
				word = "behind"
			}
			return fail(said("the server's clock is %s %s the bot's", Age(diff), word))
		}
		return pass("the clocks agree")
	},
}

var logTooSmall = &Check{
	ID:    "application-log-small",
	Title: "The Application log is too small to prove anything",
	Why: "Heartbeats and errors are read from the Application log. Where it is overwritten within hours, a missing heartbeat proves nothing, and a fault of last night " +
		"has left no trace.",
	Fix: []Step{
		{Text: "Enlarge the Application log.", Command: "wevtutil sl Application /ms:268435456", Where: onServer},
	},
	URL: docTroubleshoot, Severity: Warning, Scope: ScopeServer, HiddenBy: unreadable,
	Eval: func(v View) Finding {
		if v.standby() {
			return notApplicable()
		}
		log, ok := v.Server.Events.Get()
		switch {
		case !ok:
			return lacks("the event log", v.Server.Events)
		case log.Oldest.IsZero():
			return unknown("the server did not say how far back its Application log reaches")
		case v.Facts.At.Sub(log.Oldest) < time.Duration(v.Facts.Thresholds.LogSpan):
			return fail(said("the oldest record is from %s; %s of history are needed", StampAge(v.Facts.At, log.Oldest), Age(time.Duration(v.Facts.Thresholds.LogSpan))))
		default:
			return pass("the Application log reaches back to " + Stamp(log.Oldest))
		}
	},
}

var verboseLogging = &Check{
	ID:    "verbose-logging",
	Title: "Verbose logging was left on",
	Why:   "The detailed trace of password synchronization is meant for a support case. Left on, it fills the disk, and a full disk stops the service.",
	Fix: []Step{
		{Text: "Set the switch value of the trace source passwordSync in miiserver.exe.config back, and restart the service outside a running cycle.", Command: "Restart-Service ADSync", Where: onServer},
	},
	URL: docTroubleshoot, Severity: Info, Scope: ScopeServer, HiddenBy: unreadable,
	Eval: func(v View) Finding {
		f, ok := v.Server.Flags.Get()
		switch {
		case v.standby():
			return notApplicable()
		case !ok:
			return lacks("the trace settings", v.Server.Flags)
		case f.Verbose:
			return fail("the trace source passwordSync is set to Verbose")
		default:
			return pass("verbose logging is off")
		}
	},
}

func orUnsaid(s string) string {
	if s == "" {
		return "no reason given"
	}
	return s
}
