package checks

import (
	"strings"
	"time"
)

// pathCauses can keep a password from arriving: whatever stands around it, and
// whatever is wrong with the person's object.
func pathCauses(more ...*Check) []*Check {
	all := []*Check{
		serviceStopped, stagingMode, noActiveServer, versionRetired, databaseFull, fipsBlocks, firstFullSync,
		entraUnreachable, entraCredential, entraDenied, featureOff, dirSyncOff, uploadsFailing,
		resyncInterrupted, channelDisabled, accountDisabled, accountLocked, accountExpired, accountRejected,
		domainLDAP, domainRPC, noInboundRule, noOutboundRule, domainNotSelected, domainNotFlagged, preferredDCs, rightsMissing,
		channelStopped, cycleFailing, cycleStale, heartbeatMissing,
		notAUser, excludedByRule, userDisabled, temporaryPassword, notImported, disconnector, inboundRuleMissing, cloudFiltered, domainAttributes,
		notProvisioned, outboundRuleMissing, exportError, notExported,
	}
	return append(all, more...)
}

var pushOne = Step{
	Text:    "Push the password of this one person; it reads the present hash from Active Directory and sends it now.",
	Command: "Invoke-ADSyncCSObjectPasswordHashSync -ConnectorName '<connector>' -DistinguishedName '<dn>'", Where: onServer,
}

var lastAttemptFailed = &Check{
	ID:    "last-attempt-failed",
	Title: "The last attempt to synchronize the password failed",
	Why:   "The server tried to send this person's newest password and Microsoft Entra, or the engine itself, answered with an error. It is tried again by itself.",
	Tell:  "The new password has not arrived in Microsoft 365; the old one may still work there. It is being looked into.",
	Fix: []Step{
		{Text: "Wait for two cycles, four minutes: failed attempts are repeated by themselves."},
		pushOne,
		{Text: "If it fails again, read the newest 657 and 652 events and paste their text into pwsync explain.", Where: onServer},
	},
	URL: docTroubleshoot, Severity: Error, Scope: ScopeUser, CausedBy: pathCauses(), HiddenBy: unseenPerson,
	Eval: func(v View) Finding {
		return judgeHash(v, func(h hash) Finding {
			switch {
			case h.about && h.state == statusMigrated:
				return unknown("the newest entry of the log was written before version " + statusWordsMinimum + " and carried over: it cannot be judged")
			case !h.failed() && !stuckRetry(v, h):
				return pass("the newest attempt did not end with an error")
			}
			f := fail(said("the log says %s at %s%s", h.newest.Status, StampAge(v.Facts.At, h.newest.At), meaning(h.state)))
			if h.newest.Detail != "" {
				f = f.saying(h.newest.Detail)
			}
			return f
		})
	},
}

func stuckRetry(v View, h hash) bool {
	return h.about && h.state == statusRetry && v.Facts.At.Sub(h.newest.At) > retryPatience
}

var noAttempt = &Check{
	ID:    "no-attempt-recorded",
	Title: "The server never tried to synchronize this password",
	Why:   "The password was set within the last seven days, the time for which the server keeps its history, and there is no attempt in it: the server has not read it from Active Directory.",
	Tell:  "The new password has not arrived in Microsoft 365; the old one may still work there. It is being looked into.",
	Fix: []Step{
		pushOne,
		{Text: "If the push succeeds and later changes do not arrive either, ask pwsync health about the person's domain."},
	},
	URL: docTroubleshoot, Severity: Error, Scope: ScopeUser, CausedBy: pathCauses(lastAttemptFailed), HiddenBy: unseenPerson,
	Eval: func(v View) Finding {
		return judgeHash(v, func(h hash) Finding {
			switch {
			case h.any:
				return pass("the log holds attempts")
			case h.age > historyKept:
				return pass("the password was set " + Stamp(h.moment) + "; the server keeps seven days of history, so an empty log is normal")
			case h.age <= time.Duration(v.Facts.Thresholds.Waiting):
				return pass("not yet due: the password was set " + Age(h.age) + " ago")
			default:
				return unlessArriving(v, fail("the password was set "+StampAge(v.Facts.At, h.moment), "the log holds no attempt at it"))
			}
		})
	},
}

var hashStale = &Check{
	ID:    "hash-stale",
	Title: "Microsoft Entra still has an older password",
	Why:   "The last password that arrived is older than the one in Active Directory. The caller's old password works in Microsoft 365 and the new one does not.",
	Tell:  "The new password has not arrived in Microsoft 365; the old one still works there. It is being looked into.",
	Fix: []Step{
		pushOne,
		{Text: "If several people are stale, ask pwsync health: the fault is wider than one person."},
	},
	URL: docTroubleshoot, Severity: Error, Scope: ScopeUser, CausedBy: pathCauses(lastAttemptFailed), HiddenBy: unseenPerson,
	Eval: func(v View) Finding {
		return judgeHash(v, func(h hash) Finding {
			switch {
			case h.synced():
				return pass("the log says Success at " + StampAge(v.Facts.At, h.newest.At) + ", after the password was set " + Stamp(h.moment))
			case h.about && h.state == statusMigrated:
				return unknown("the newest entry of the log was written before version " + statusWordsMinimum + " and carried over: it cannot be judged")
			case h.age <= time.Duration(v.Facts.Thresholds.Waiting):
				return pass("not yet due: the password was set " + Age(h.age) + " ago")
			case h.pending():
				return unlessArriving(v, fail("the password was set "+StampAge(v.Facts.At, h.moment), said("the last attempt at it ended with %s at %s%s", h.newest.Status, StampAge(v.Facts.At, h.newest.At), meaning(h.state))))
			case !h.about && h.hasEarlier:
				return fail("the password was set "+StampAge(v.Facts.At, h.moment), "the last success is older: "+StampAge(v.Facts.At, h.earlier.At))
			case !h.about && h.any:
				return fail("the password was set "+StampAge(v.Facts.At, h.moment), said("the newest entry is older: %s at %s", h.newest.Status, StampAge(v.Facts.At, h.newest.At)))
			default:
				return pass("nothing says that an older password is in use")
			}
		})
	},
}

var missingAttribute = &Check{
	ID:    "missing-attribute",
	Title: "Keys for Entra Domain Services are missing",
	Why:   "The domain controller holds no Kerberos keys for this password, which only Entra Domain Services needs. Sign-in to Microsoft 365 is not concerned.",
	Tell:  "Nothing is wrong for Microsoft 365. Only servers in Entra Domain Services are concerned; changing the password mends it.",
	Fix: []Step{
		{Text: "If Entra Domain Services is in use, let the person change the password once.", Where: onHelpdesk},
	},
	URL: docTroubleshoot, Severity: Info, Scope: ScopeUser, HiddenBy: unseenPerson,
	Eval: func(v View) Finding {
		return judgeHash(v, func(h hash) Finding {
			if h.about && h.state == statusMissing {
				return fail("the log says MissingAttribute at " + StampAge(v.Facts.At, h.newest.At))
			}
			return pass("no keys are reported missing")
		})
	},
}

var waiting = &Check{
	ID:    "waiting",
	Title: "It is on its way: wait a few minutes",
	Why:   "Passwords are read every two minutes, and a new account comes with the next synchronization cycle, every half hour. Nothing is wrong yet.",
	Tell:  "Please wait ten minutes and try again. The old password works until then.",
	Fix: []Step{
		{Text: "Wait until ten minutes after the change, then ask again.", Where: onHelpdesk},
	},
	URL: docPHS, Severity: Info, Scope: ScopeUser, CausedBy: pathCauses(lastAttemptFailed, noAttempt, hashStale), HiddenBy: unseenPerson,
	Eval: func(v View) Finding {
		return worst(youngPassword(v), youngAccount(v))
	},
}

func youngPassword(v View) Finding {
	return judgeHash(v, func(h hash) Finding {
		switch {
		case h.synced():
			return pass("the newest password has arrived")
		case h.about && h.state == statusRetry && !stuckRetry(v, h):
			return fail("Microsoft Entra asked for a retry at " + StampAge(v.Facts.At, h.newest.At))
		case h.age <= time.Duration(v.Facts.Thresholds.Waiting) && !h.failed():
			return fail("the password was set " + StampAge(v.Facts.At, h.moment))
		default:
			return pass("the password was not set within the last minutes")
		}
	})
}

// youngAccount sees an account that is newer than one synchronization interval
// and not through it yet.
func youngAccount(v View) Finding {
	cs, ok := v.User().EntraCS.Get()
	switch {
	case !ok:
		return lacks("the Entra connector space object", v.User().EntraCS)
	case cs.Found && cs.CloudAnchor != "":
		return pass("the account has been exported")
	}
	young, known := onItsWay(v)
	switch {
	case known.Evidence != nil:
		return known
	case young:
		return fail("the account is newer than one synchronization interval")
	default:
		return pass("the account is not new")
	}
}

var signInElsewhere = &Check{
	ID:    "sign-in-fails-elsewhere",
	Title: "The password is there; sign-in fails for another reason",
	Why: "Nothing keeps the password from arriving, but something else in the cloud stops the sign-in: the domain is federated and never asks for the hash, the cloud account is " +
		"blocked, or the sign-in log shows why.",
	Tell: "The password is not the problem. See the reason on this card before resetting anything.",
	Fix: []Step{
		{Text: "Read the person's sign-in log: it names the reason of each failure.", Where: inEntra},
		{Text: "In a federated domain, look at the federation service instead; the hash is only a fallback there."},
		{Text: "If the cloud account is blocked, unblock it after checking why.", Where: inEntra},
	},
	URL: docPHS, Severity: Info, Scope: ScopeUser, Needs: []Source{SourceGraph}, CausedBy: []*Check{userDisabled}, HiddenBy: unseenPerson,
	Eval: func(v View) Finding { return worst(cloudEnabled(v), federated(v), failedSignIns(v)) },
}

func cloudEnabled(v View) Finding {
	c, ok := v.User().Cloud.Get()
	switch {
	case !ok:
		return lacks("the cloud account", v.User().Cloud)
	case c.Found && !c.Enabled:
		return fail("the cloud account is blocked from signing in")
	default:
		return pass("the cloud account is not blocked")
	}
}

func federated(v View) Finding {
	d, ok := v.User().DomainAuth.Get()
	switch {
	case !ok:
		return lacks("how the domain of the sign-in name signs in", v.User().DomainAuth)
	case equalFold(d.Type, "Federated"):
		return fail("the domain " + d.Domain + " is federated: sign-in does not use the synchronized hash")
	default:
		return pass("the domain " + d.Domain + " is " + strings.ToLower(d.Type))
	}
}

func failedSignIns(v View) Finding {
	if _, off := v.Facts.Gap(SourceSignIns); off {
		return notApplicable()
	}
	list, ok := v.User().SignIns.Get()
	switch {
	case !ok:
		return lacks("the sign-in log", v.User().SignIns)
	case len(list) == 0:
		return pass("no failed sign-ins lately")
	default:
		return fail(said("sign-in failed at %s: %s (%d)", StampAge(v.Facts.At, list[0].At), list[0].Reason, list[0].Code))
	}
}

// objectSyncLag is how long the ordinary attribute pwdLastSet may take to the
// cloud: one synchronization interval and its run.
const objectSyncLag = 40 * time.Minute

var cloudMismatch = &Check{
	ID:    "cloud-mismatch",
	Title: "The cloud's password date differs from Active Directory's",
	Why: "The cloud shows when it thinks the password was changed. It is a hint and never proof: the date also travels as an ordinary attribute. A cloud date that is newer " +
		"means that somebody reset the password in the cloud.",
	Tell: "The dates in Active Directory and in the cloud differ. Use the password that was set last, wherever that was.",
	Fix: []Step{
		{Text: "If the password was reset in the cloud, let the person change it on premises once."},
		pushOne,
	},
	URL: docPHS, Severity: Info, Scope: ScopeUser, Needs: []Source{SourceGraph},
	CausedBy: pathCauses(lastAttemptFailed, noAttempt, hashStale), HiddenBy: unseenPerson,
	Eval: adRule(func(v View, u ADUser) Finding {
		c, ok := v.User().Cloud.Get()
		switch {
		case !ok:
			return lacks("the cloud account", v.User().Cloud)
		case !c.Found:
			return pass("there is no cloud account to compare with")
		case u.MustChange || u.PasswordSet.IsZero() || c.PasswordHint.IsZero():
			return pass("there are no two dates to compare")
		}
		diff := c.PasswordHint.Sub(u.PasswordSet)
		switch {
		case diff.Abs() <= sameMoment || v.Facts.At.Sub(u.PasswordSet) <= objectSyncLag:
			return pass("the dates agree")
		case diff > 0:
			return fail(said("the cloud says %s, Active Directory %s: the cloud's is newer", Stamp(c.PasswordHint), Stamp(u.PasswordSet)))
		default:
			return fail(said("the cloud says %s, Active Directory %s: the cloud's is older", Stamp(c.PasswordHint), Stamp(u.PasswordSet)))
		}
	}),
}
