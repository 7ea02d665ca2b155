package checks

import (
	"strings"
	"time"
)

// silent hides whether uploads would work: nothing is sent at all.
var silent = append([]*Check{stagingMode, noActiveServer, versionRetired}, unreadable...)

var certificateDue = &Check{
	ID:    "application-certificate-due",
	Title: "The application certificate is due or expired",
	Why: "Newer versions sign in to Microsoft Entra as an application, with a certificate that they renew by themselves. Where the renewal does not happen, every " +
		"synchronization stops on the day the certificate ends.",
	Fix: []Step{
		{Text: "Rotate the certificate.", Command: "Invoke-ADSyncApplicationCredentialRotation", Where: onServer},
		{Text: "If that fails, run the wizard and choose Configure application-based authentication.", Where: inWizard},
	},
	URL: docAppAuth, Severity: Error, Scope: ScopeServer, HiddenBy: unreadable,
	Eval: func(v View) Finding {
		if v.standby() {
			return notApplicable()
		}
		c, ok := v.Server.EntraCredential.Get()
		switch {
		case !ok:
			return lacks("how the server signs in to Entra", v.Server.EntraCredential)
		case !equalFold(c.Mode, "Application"):
			return pass("the server signs in with an account, not with a certificate")
		default:
			return worst(certificateDate(v, c.NotAfter), certificateEvents(v, c.NotAfter))
		}
	},
}

// certificateDate judges the date that the server gives, if it gives one.
func certificateDate(v View, ends time.Time) Finding {
	left := ends.Sub(v.Facts.At)
	switch {
	case ends.IsZero():
		return notApplicable()
	case left <= 0:
		return fail(said("the certificate ended %s", StampAge(v.Facts.At, ends)))
	case left < time.Duration(v.Facts.Thresholds.CertificateDue):
		return fail(said("the certificate ends %s", StampAge(v.Facts.At, ends))).mild(Warning)
	default:
		return pass("the certificate is valid until " + Stamp(ends))
	}
}

// certificateEvents judges what the engine says: 1012 while nothing was sent
// since, and 1011 where the date itself is not known.
func certificateEvents(v View, ends time.Time) Finding {
	log, ok := v.Server.Events.Get()
	if !ok {
		return lacks("the event log", v.Server.Events)
	}
	uploads, ok := v.Server.Uploads.Get()
	if !ok {
		return lacks("the upload events", v.Server.Uploads)
	}
	proof, proved := uploads.Newest(provesWriting)
	expired, over := log.Newest(causeIs("application-certificate-expired"))
	due, announced := log.Newest(causeIs("application-certificate-due"))
	switch {
	case over && !proved && expired.Time.Before(uploads.CoversFrom()):
		return unknown("event 1012 at " + StampAge(v.Facts.At, expired.Time) + ", and the upload events do not reach back to it: whether anything was sent since is not known")
	case over && expired.Time.After(proof.Time):
		return fail("event 1012 at " + StampAge(v.Facts.At, expired.Time) + ": the certificate has ended, and nothing was sent since")
	case announced && ends.IsZero():
		return fail("event 1011 at " + StampAge(v.Facts.At, due.Time) + ": the certificate is due").mild(Warning)
	default:
		return pass("no event says that the certificate is due or has ended")
	}
}

var entraUnreachable = &Check{
	ID:    "entra-endpoint-unreachable",
	Title: "The server cannot reach Microsoft Entra",
	Why:   "A proxy, a firewall, DNS or TLS inspection stands between the server and the synchronization endpoints. Passwords queue up and are sent when the way is open again.",
	Fix: []Step{
		{Text: "Test the way as the service account sees it.", Command: "Test-NetConnection adminwebservice.microsoftonline.com -Port 443; Test-NetConnection login.microsoftonline.com -Port 443", Where: onServer},
		{Text: "Check the proxy settings of the service account and in machine.config, and exclude the endpoints from TLS inspection; TLS 1.2 must be on.", Where: onServer},
	},
	URL: docConnectivity, Severity: Error, Scope: ScopeServer, HiddenBy: silent,
	Eval: func(v View) Finding {
		if v.standby() {
			return notApplicable()
		}
		return worst(
			uploadFailure(v, stageReach),
			entraTest(v))
	},
}

func entraTest(v View) Finding {
	r, ok := v.Server.EntraReach.Get()
	switch {
	case !ok:
		return lacks("the server's own connectivity test", v.Server.EntraReach)
	case !r.OK:
		return fail("the server's own connectivity test failed: " + orUnsaid(r.Error))
	default:
		return pass("the server's own connectivity test succeeded")
	}
}

var entraCredential = &Check{
	ID:    "entra-credential-rejected",
	Title: "Microsoft Entra rejects the server's sign-in",
	Why: "The connector's account or application cannot sign in: a wrong or expired secret, a disabled or deleted account, or Conditional Access or multifactor rules that " +
		"catch it. Nothing is synchronized for anyone until it can.",
	Fix: []Step{
		{Text: "Look the code up: pwsync explain, followed by the AADSTS code."},
		{Text: "Run the wizard again, which repairs the connector's account or application.", Where: inWizard},
		{Text: "Exclude the directory synchronization account from Conditional Access and multifactor policies.", Where: inEntra},
	},
	URL: docConnectivity, Severity: Error, Scope: ScopeServer, CausedBy: []*Check{certificateDue}, HiddenBy: append([]*Check{entraUnreachable}, silent...),
	Eval: func(v View) Finding {
		return uploadFailure(v, stageSignIn)
	},
}

var entraDenied = &Check{
	ID:    "entra-access-denied",
	Title: "Microsoft Entra denies the server access",
	Why:   "The server signs in, but its identity may not synchronize: it has lost the directory synchronization role, or the tenant no longer allows it.",
	Fix: []Step{
		{Text: "Check that the synchronization account or application still holds the role Directory Synchronization Accounts.", Where: inEntra},
		{Text: "Run the wizard again, which assigns the role.", Where: inWizard},
	},
	URL: docConnectivity, Severity: Error, Scope: ScopeServer, HiddenBy: append([]*Check{entraUnreachable, entraCredential}, silent...),
	Eval: func(v View) Finding { return uploadFailure(v, stageRole) },
}

var featureOff = &Check{
	ID:    "phs-feature-off",
	Title: "Password hash synchronization is off in the tenant",
	Why: "The tenant has a switch of its own. While it is off, Microsoft Entra refuses every password, whatever the server's configuration says. The server's agent tries to " +
		"switch it on again by itself.",
	Fix: []Step{
		{Text: "Make sure that nobody switched it off on purpose.", Where: inEntra},
		{Text: "Run the wizard, choose Customize synchronization options, clear password hash synchronization and finish. Run it again, set it, and finish. Passwords of everybody stop in between; then ask pwsync again.", Where: inWizard},
		{Text: "Or switch the feature on directly.", Command: "Set-ADSyncAADCompanyFeature -PasswordHashSync $true", Where: onServer},
	},
	URL: docTroubleshoot, Severity: Error, Scope: ScopeTenant,
	HiddenBy: append([]*Check{entraUnreachable, entraCredential, entraDenied, dirSyncOff}, silent...),
	Eval: func(v View) Finding {
		if v.Server == nil {
			return unknown("no server is configured as the active one")
		}
		return worst(tenantFeature(v), uploadFailure(v, stageFeature))
	},
}

func tenantFeature(v View) Finding {
	f, ok := v.Server.CompanyFeature.Get()
	switch {
	case !ok:
		return lacks("the tenant's password hash synchronization feature", v.Server.CompanyFeature)
	case !f.PasswordHashSync:
		return fail("the tenant feature PasswordHashSync is False")
	default:
		return pass("the tenant feature PasswordHashSync is True")
	}
}

var dirSyncOff = &Check{
	ID:    "directory-sync-off",
	Title: "Directory synchronization is off in the tenant",
	Why:   "The tenant does not accept synchronization from on premises at all. Somebody switched it off; after switching it on again, the change can take up to three days.",
	Fix: []Step{
		{Text: "Find out who switched it off and why: the audit log of Microsoft Entra names the change.", Where: inEntra},
		{Text: "Switch it on again.", Command: "Update-MgOrganization -OrganizationId (Get-MgOrganization).Id -BodyParameter @{onPremisesSyncEnabled=$true}", Where: "Microsoft Graph PowerShell"},
	},
	URL: docTroubleshoot, Severity: Error, Scope: ScopeTenant, HiddenBy: append([]*Check{entraUnreachable, entraCredential, entraDenied}, silent...),
	Eval: func(v View) Finding {
		if v.Server == nil {
			return unknown("no server is configured as the active one")
		}
		return worst(uploadFailure(v, stageDirSync), tenantSync(v))
	},
}

func tenantSync(v View) Finding {
	if _, off := v.Facts.Gap(SourceGraph); off {
		return notApplicable()
	}
	o, ok := v.Facts.Tenant.Organization.Get()
	switch {
	case !ok:
		return lacks("the tenant's directory synchronization", v.Facts.Tenant.Organization)
	case !o.SyncEnabled:
		return fail("the tenant says that directory synchronization is not enabled")
	default:
		return pass("the tenant says that directory synchronization is enabled")
	}
}

var uploadsFailing = &Check{
	ID:    "uploads-failing",
	Title: "Uploads to Microsoft Entra are failing",
	Why:   "Passwords are read from Active Directory and cannot be delivered: the newest batch or heartbeat of every connector ended with an error.",
	Fix: []Step{
		{Text: "Read the newest 652 or 655 event; paste its text into pwsync explain.", Where: onServer},
		{Text: "If the service is busy, wait: it is tried again by itself. If it lasts longer than an hour, look at the service health page.", Where: inEntra},
	},
	URL: docTroubleshoot, Severity: Error, Scope: ScopeServer,
	CausedBy: []*Check{certificateDue, entraUnreachable, entraCredential, entraDenied, featureOff, dirSyncOff, versionRetired}, HiddenBy: silent,
	Eval: func(v View) Finding {
		f := uploadFailure(v, stageAny)
		if f.Status != Fail {
			return f
		}
		// The service asks for patience; one such answer after a good upload within
		// the hour is no outage.
		log, _ := v.Server.Uploads.Get()
		newest, _ := log.Newest(failsWriting)
		proof, proved := log.Newest(provesWriting)
		if newest.Transient && proved && v.Facts.At.Sub(proof.Time) <= time.Duration(v.Facts.Thresholds.HeartbeatWarn) {
			return f.mild(Warning)
		}
		return f
	},
}

var deletionThreshold = &Check{
	ID:    "export-deletion-threshold",
	Title: "Exports are stopped by the deletion threshold",
	Why: "An export that would delete more objects than allowed is held back, to protect against a filter set wrongly. Until somebody decides, no change of any object is " +
		"exported. Passwords of people who are already there still go through.",
	Fix: []Step{
		{Text: "Look at the pending deletions of the Entra connector, and find out what took those objects out of scope.", Where: inManager},
		{Text: "If they are not wanted, mend the filter and run a delta cycle: the held-back deletions disappear.", Command: "Start-ADSyncSyncCycle -PolicyType Delta", Where: onServer},
		{Text: "Only if every one of them is wanted: note the threshold, switch it off, run one export, and switch it on again with the same number at once.", Command: "Get-ADSyncExportDeletionThreshold", Where: onServer},
	},
	URL: docDeletes, Severity: Warning, Scope: ScopeServer,
	HiddenBy: append([]*Check{stagingMode, noActiveServer, schedulerOff, versionRetired, entraUnreachable, entraCredential, entraDenied, dirSyncOff, certificateDue}, unreadable...),
	Eval: func(v View) Finding {
		if v.standby() {
			return notApplicable()
		}
		runs, ok := v.Server.Runs.Get()
		if !ok {
			return lacks("the run history", v.Server.Runs)
		}
		sched, ok := v.Server.Scheduler.Get()
		switch {
		case !ok:
			return lacks("the staging mode", v.Server.Scheduler)
		case sched.StagingMode:
			return unknown("in staging mode nothing is exported, so whether an export would be held back is not known")
		}
		all, ok := v.Server.Connectors.Get()
		if !ok {
			return lacks("the connectors", v.Server.Connectors)
		}
		entra := ""
		for _, c := range all {
			if c.IsEntra() {
				entra = c.Name
			}
		}
		var newest Run
		for _, r := range runs {
			if equalFold(r.Connector, entra) && equalFold(r.Profile, "Export") && r.Started.After(newest.Started) {
				newest = r
			}
		}
		switch {
		case newest.Started.IsZero():
			return pass("the run history shows no export to Entra")
		case equalFold(newest.Result, "stopped-deletion-threshold-exceeded"):
			return fail(said("the export of %s ended with %s", StampAge(v.Facts.At, newest.Started), newest.Result))
		case equalFold(newest.Result, "success"), strings.HasPrefix(strings.ToLower(newest.Result), "completed-"), equalFold(newest.Result, "in-progress"):
			return pass(said("the newest export to Entra ended with %s", newest.Result))
		case newest.Result != "":
			return unknown(said("the newest export to Entra, of %s, ended with %s: it did not come as far as the threshold", StampAge(v.Facts.At, newest.Started), newest.Result))
		default:
			return unknown("the newest export to Entra has no result")
		}
	},
}
