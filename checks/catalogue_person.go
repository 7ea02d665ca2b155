package checks

import (
	"slices"
	"strings"
)

var userNotFound = &Check{
	ID:    "user-not-found",
	Title: "Nobody was found under this name",
	Why:   "The directory holds no such object where pwsync may look. Most often the name has a slip, or the sign-in name differs from the mail address.",
	Tell:  "Ask the caller for the exact sign-in name, spelled out.",
	Fix: []Step{
		{Text: "Check the spelling with the caller; try the sign-in name, the mail address, or the short logon name.", Where: onHelpdesk},
		{Text: "Search by hand: Search Connector Space, by DN or anchor.", Where: inManager},
	},
	URL: docObject, Severity: Error, Scope: ScopeUser, HiddenBy: unseenPerson,
	Eval: func(v View) Finding {
		r, ok := v.User().Resolution.Get()
		switch {
		case !ok:
			return lacks("whether anybody has this name", v.User().Resolution)
		case r.Matches > 0:
			return pass("found")
		}
		f := fail("no object answers to " + v.Facts.Question.Said)
		if r.Slip != "" {
			f = f.saying(r.Slip + "; probably meant: " + r.Mend)
		}
		if len(r.Nearest) > 0 {
			f = f.saying("similar names: " + strings.Join(r.Nearest, ", "))
		}
		return f
	},
}

var userAmbiguous = &Check{
	ID:    "user-ambiguous",
	Title: "Several people answer to this name",
	Why:   "The name is not unique across the domains. Looking at the wrong person would give a wrong answer, so none is chosen.",
	Tell:  "Ask the caller for the sign-in name or the department, then choose the right person.",
	Fix: []Step{
		{Text: "Choose one of the candidates, or ask with the sign-in name or DOMAIN\\name.", Where: onHelpdesk},
	},
	URL: docObject, Severity: Error, Scope: ScopeUser, HiddenBy: unseenPerson,
	Eval: func(v View) Finding {
		r, ok := v.User().Resolution.Get()
		switch {
		case !ok:
			return lacks("how many people have this name", v.User().Resolution)
		case r.Matches < 2 && r.Unsearched != "":
			return unknown("one person was found, and somebody else may have this name where could not be looked: " + r.Unsearched)
		case r.Matches < 2:
			return pass("the name is unique")
		}
		f := fail(said("%d objects answer to %s", r.Matches, v.Facts.Question.Said))
		for _, c := range r.Candidates {
			state := "enabled"
			if !c.Enabled {
				state = "disabled"
			}
			f = f.saying(said("%s in %s (%s, %s)", orElse(c.UPN, c.SAM), c.Domain, orElse(c.OU, "no OU"), state))
		}
		return f
	},
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// unseenPerson can hide what is known about a person.
var unseenPerson = []*Check{serverUnreachable, serviceStopped, noEntraConnector, noADConnector, domainLDAP, domainFromBot}

func adRule(judge func(v View, u ADUser) Finding) func(View) Finding {
	return func(v View) Finding {
		u, ok := v.User().AD.Get()
		if !ok {
			return lacks("what Active Directory says about this person", v.User().AD)
		}
		return judge(v, u)
	}
}

var notAUser = &Check{
	ID:    "not-a-user-object",
	Title: "This is not a user object",
	Why:   "Passwords are synchronized for objects of class user only. For inetOrgPerson, contacts, groups and computers they are not, although the object itself may be.",
	Tell:  "This account cannot get its password in Microsoft 365. Pass it on to the directory team.",
	Fix: []Step{
		{Text: "For an inetOrgPerson, convert it: remove inetOrgPerson from objectClass, or create a user instead.", Where: inAD},
	},
	URL: docPHS, Severity: Error, Scope: ScopeUser, HiddenBy: unseenPerson,
	Eval: adRule(func(_ View, u ADUser) Finding {
		is := func(class string) bool {
			return slices.ContainsFunc(u.Classes, func(c string) bool { return equalFold(c, class) })
		}
		switch {
		case len(u.Classes) == 0:
			return unknown("Active Directory did not say what kind of object this is")
		case is("inetOrgPerson"), is("computer"), !is("user"):
			return fail("objectClass is " + strings.Join(u.Classes, ", "))
		default:
			return pass("the object is a user")
		}
	}),
}

var excludedByRule = &Check{
	ID:    "excluded-by-rule",
	Title: "The account is excluded from synchronization by the default rules",
	Why: "The rules leave out built-in and service accounts, conflict objects, system mailboxes, and accounts whose adminDescription starts with User_. That is by design: " +
		"such accounts have no place in Microsoft Entra.",
	Tell: "This account is left out of Microsoft 365 on purpose. Pass it on to the directory team if that is wrong.",
	Fix: []Step{
		{Text: "For a person with adminDescription User_…, clear that attribute if the exclusion is not wanted.", Command: "Set-ADUser -Identity '<guid>' -Clear adminDescription", Where: inAD},
		{Text: "For a conflict object, find the twin with the right name and delete the conflict.", Where: inAD},
	},
	URL: docDefaults, Severity: Error, Scope: ScopeUser, HiddenBy: unseenPerson,
	Eval: adRule(func(v View, u ADUser) Finding {
		why := exclusion(v.User().Person, u)
		if why == "" {
			return pass("no default exclusion applies")
		}
		cs, ok := v.User().ADCS.Get()
		if !ok {
			return lacks("whether the server took the object all the same", v.User().ADCS)
		}
		if cs.Found && cs.Joined {
			mv, ok := v.User().MV.Get()
			switch {
			case !ok:
				return lacks("the metaverse object", v.User().MV)
			case !isTrue(mv.Attributes["cloudFiltered"]):
				return pass("the server's own rules took the object although " + why)
			}
		}
		return fail(why)
	}),
}

// exclusion names the default exclusion that applies, or "".
func exclusion(p Person, u ADUser) string {
	sam, nick := strings.ToLower(p.SAM), strings.ToLower(u.MailNickname)
	switch {
	case u.Conflict:
		return "the name shows a replication conflict (CNF)"
	case u.Deleted:
		return "the object is deleted"
	case u.Critical:
		return "isCriticalSystemObject is TRUE"
	case sam == "":
		return "sAMAccountName is empty"
	case strings.HasPrefix(sam, "msol_"), strings.HasPrefix(sam, "aad_"):
		return "sAMAccountName starts with " + p.SAM[:strings.Index(p.SAM, "_")+1]
	case sam == "support_388945a0":
		return "sAMAccountName is SUPPORT_388945a0"
	case strings.HasPrefix(strings.ToLower(u.AdminDescription), "user_"):
		return "adminDescription starts with User_"
	case strings.HasPrefix(nick, "systemmailbox{"):
		return "mailNickname starts with SystemMailbox{"
	case cas(nick), cas(sam):
		return "the name is one of an Exchange system account (CAS_…})"
	case u.RecipientType&0x21C07000 != 0:
		return said("msExchRecipientTypeDetails is %d", u.RecipientType)
	default:
		return ""
	}
}

func cas(name string) bool { return strings.HasPrefix(name, "cas_") && strings.Contains(name, "}") }

func isTrue(s string) bool { return equalFold(strings.TrimSpace(s), "true") }

var userDisabled = &Check{
	ID:    "user-disabled",
	Title: "The account is disabled in Active Directory",
	Why:   "The rules synchronize passwords of enabled accounts only, and the account is disabled in Microsoft Entra as well, within one synchronization cycle.",
	Tell:  "The account is disabled. The caller's manager or HR must confirm before anybody enables it.",
	Fix: []Step{
		{Text: "If it shall be in use, enable the account; the password follows after the next synchronization cycle.", Command: "Enable-ADAccount -Identity '<guid>'", Where: inAD},
		{Text: "Then synchronize, and push the password of this one person if it does not follow.", Command: "Start-ADSyncSyncCycle -PolicyType Delta", Where: onServer},
	},
	URL: docDefaults, Severity: Error, Scope: ScopeUser, HiddenBy: unseenPerson,
	Eval: adRule(func(_ View, u ADUser) Finding {
		if u.Disabled() {
			return fail(said("userAccountControl is %d: the account is disabled", u.Control))
		}
		return pass("the account is enabled")
	}),
}

var temporaryPassword = &Check{
	ID:    "temporary-password",
	Title: "The password is temporary: it must be changed at next logon",
	Why: "Somebody reset the password with User must change password at next logon set. Such a password is not synchronized unless the tenant allows it, so the old password " +
		"still works in Microsoft 365 and the new one does not.",
	Tell: "Sign in to a company computer, or to self-service password reset, and choose a new password there. It works in Microsoft 365 about two minutes later.",
	Fix: []Step{
		{Text: "Let the caller change the password on a domain computer. This is the smallest remedy.", Where: onHelpdesk},
		{Text: "Or clear the flag, which makes the present password permanent.", Command: "Set-ADUser -Identity '<guid>' -ChangePasswordAtLogon $false", Where: inAD},
		{Text: "Where the tenant already allows temporary passwords, the flag was set before that: clear it, wait two minutes, set it again.", Where: inAD},
		{Text: "To synchronize temporary passwords in general (needs self-service reset with writeback, and version 2.0.3.0 or later), switch the feature on.", Command: "Set-ADSyncAADCompanyFeature -ForcePasswordChangeOnLogOn $true", Where: onServer},
	},
	URL: docPHS, Severity: Error, Scope: ScopeUser, HiddenBy: unseenPerson,
	Eval: adRule(func(v View, u ADUser) Finding {
		switch {
		case !u.MustChange && u.PasswordSet.IsZero():
			return unknown("Active Directory did not show when the password was set")
		case !u.MustChange:
			return pass("the password is not marked as temporary")
		}
		log, logKnown := v.User().Log.Get()
		filtered := logKnown && len(log) > 0 && status(log[0]) == statusFiltered
		f := fail("pwdLastSet is 0: the password must be changed at next logon")
		if filtered {
			f = f.saying("the log says FilteredByTarget at " + StampAge(v.Facts.At, log[0].At))
		}
		return temporaryAllowed(v, f, filtered, logKnown)
	}),
}

// temporaryAllowed decides whether a temporary password is synchronized: only
// with the tenant's feature, a version that is reliable with it, and a flag that
// was set after the feature.
func temporaryAllowed(v View, f Finding, filtered, logKnown bool) Finding {
	if v.Server == nil {
		return unknown("no server is configured as the active one")
	}
	feature, featureKnown := v.Server.CompanyFeature.Get()
	have, versionKnown := v.Server.Version.Get()
	switch {
	case featureKnown && !feature.ForcePasswordChange:
		return f.saying("the tenant does not synchronize temporary passwords (ForcePasswordChangeOnLogOn is False)")
	case featureKnown && versionKnown && versionBelow(have, temporaryPasswordMinimum):
		return f.saying(said("the tenant synchronizes temporary passwords, but version %s does so only from %s on", have, temporaryPasswordMinimum))
	case filtered && featureKnown:
		return f.saying("the tenant synchronizes temporary passwords now; the flag was set before it did")
	case filtered:
		return f
	case !featureKnown:
		return lacks("whether the tenant synchronizes temporary passwords", v.Server.CompanyFeature)
	case !versionKnown:
		return lacks("the version", v.Server.Version)
	case !logKnown:
		return lacks("the password sync log", v.User().Log)
	default:
		return pass("the password is temporary, and the tenant synchronizes temporary passwords")
	}
}
