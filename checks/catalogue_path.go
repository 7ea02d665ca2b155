package checks

import (
	"strings"
	"time"
)

// onItsWay reports whether an object that is not there yet is simply new: it
// was created within one interval of the scheduler, and the scheduler runs. The
// finding is set where that cannot be said.
func onItsWay(v View) (bool, Finding) {
	u, ok := v.User().AD.Get()
	if !ok {
		return false, lacks("when the account was created", v.User().AD)
	}
	if v.Server == nil {
		return false, unknown("no server is configured as the active one")
	}
	s, ok := v.Server.Scheduler.Get()
	if !ok {
		return false, lacks("the scheduler", v.Server.Scheduler)
	}
	grace := time.Duration(s.Interval) + time.Duration(v.Facts.Thresholds.Waiting)
	recent := !u.Created.IsZero() && v.Facts.At.Sub(u.Created) <= grace
	return recent && s.CycleEnabled && !s.Suspended, Finding{}
}

// unlessNew turns a failure into a pass for an object that is simply new.
func unlessNew(v View, f Finding) Finding {
	young, known := onItsWay(v)
	switch {
	case known.Evidence != nil:
		return known
	case young:
		return pass("not yet due: the account is newer than one synchronization interval")
	default:
		return f
	}
}

// unlessArriving turns a failure into a pass for a new object that has not been
// exported yet: its password cannot have been sent.
func unlessArriving(v View, f Finding) Finding {
	cs, ok := v.User().EntraCS.Get()
	switch {
	case !ok:
		return lacks("the Entra connector space object", v.User().EntraCS)
	case cs.Found && cs.CloudAnchor != "":
		return f
	default:
		return unlessNew(v, f)
	}
}

var notImported = &Check{
	ID:    "not-imported",
	Title: "The account is not in the AD connector space",
	Why:   "The server does not read this object: its OU or domain is not selected, a filter was changed and not applied, or an import has not run since. What is not imported has no password to send.",
	Tell:  "The account is outside of what is synchronized to Microsoft 365. Pass it on to the directory team with this card.",
	Fix: []Step{
		{Text: "Check the domain and OU filter: run the wizard, Customize synchronization options, Domain and OU filtering.", Where: inWizard},
		{Text: "Check that the filter was applied: Apply and verify changes, and no full import or synchronization still pending.", Where: inManager},
		{Text: "Look by hand: Search Connector Space by DN or anchor, Properties, tabs Lineage and Log, Metaverse Object Properties, Connectors.", Where: inManager},
		{Text: "If it should be there, run a delta cycle.", Command: "Start-ADSyncSyncCycle -PolicyType Delta", Where: onServer},
	},
	URL: docFiltering, Severity: Error, Scope: ScopeUser, CausedBy: []*Check{noADConnector, schedulerOff, domainNotSelected, accountRejected, notAUser, excludedByRule}, HiddenBy: unseenPerson,
	Eval: func(v View) Finding {
		cs, ok := v.User().ADCS.Get()
		switch {
		case !ok:
			return lacks("the AD connector space object", v.User().ADCS)
		case cs.Found && !cs.Placeholder:
			return pass("the account is in the AD connector space")
		}
		f := fail("the AD connector space holds no object with this DN")
		if cs.Placeholder {
			f = fail("the AD connector space holds only a placeholder: the object itself was not imported")
		}
		filtered := false
		filter, filterKnown := v.User().Container.Get()
		if filterKnown && !filter.Included {
			f, filtered = f.saying("the container filter excludes it: "+filter.By), true
		}
		if v.Partition != nil && !v.Partition.Selected {
			f, filtered = f.saying("its domain is not selected"), true
		}
		if v.Connector != nil {
			if p, ok := v.Connector.Pending.Get(); ok && (p.FullImport || p.FullSync) {
				f = f.saying("a changed filter has not been applied: a full import or synchronization is pending")
			}
		}
		judged := unlessNew(v, f)
		switch {
		case filtered:
			// No cycle to come will bring it: there is nothing to wait for.
			return f
		case judged.Status == Pass && !filterKnown:
			return lacks("whether the container filter takes it", v.User().Container)
		default:
			return judged
		}
	},
}

var disconnector = &Check{
	ID:    "disconnector",
	Title: "The account is imported but not joined to the metaverse",
	Why:   "No inbound rule takes the object, so it stays a disconnector: known to the server, and going nowhere. A scope filter excludes it, or a join failed.",
	Tell:  "The account is left out of Microsoft 365 by a rule. Pass it on to the directory team with this card.",
	Fix: []Step{
		{Text: "See which rule should take it: Search Connector Space by DN, Properties, Preview; compare with the scoping filter of In from AD - User Join or its copy.", Where: inManager},
		{Text: "Correct the attribute that excludes it, or the filter, and run a delta cycle.", Command: "Start-ADSyncSyncCycle -PolicyType Delta", Where: onServer},
	},
	URL: docObject, Severity: Error, Scope: ScopeUser, CausedBy: []*Check{schedulerOff, notAUser, excludedByRule}, HiddenBy: unseenPerson,
	Eval: func(v View) Finding {
		cs, ok := v.User().ADCS.Get()
		switch {
		case !ok:
			return lacks("the AD connector space object", v.User().ADCS)
		case !cs.Found:
			return notApplicable()
		case cs.Joined:
			return pass("the account is joined to the metaverse")
		}
		f := fail("IsConnector is False: the object is a disconnector")
		if cs.SyncError != nil {
			return f.saying("synchronization error: " + orUnsaid(cs.SyncError.words()))
		}
		return unlessNew(v, f)
	},
}

func (e *CSError) words() string {
	parts := []string{}
	for _, s := range []string{e.Name, e.Type, e.Code, e.Detail} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ", ")
}

var inboundRuleMissing = &Check{
	ID:    "inbound-rule-missing",
	Title: "No inbound password rule applies to the account",
	Why:   "The account is synchronized, but no rule with Enable Password Sync stands in its lineage on the Active Directory side. Disabled accounts, and people taken out of password synchronization on purpose, look like this.",
	Tell:  "The account is left out of password synchronization by a rule. Pass it on to the directory team with this card.",
	Fix: []Step{
		{Text: "See the lineage: Search Connector Space by DN, Properties, Lineage; and adminDescription, which selective password synchronization uses (PHSFiltered, PHSIncluded).", Where: inManager},
		{Text: "Bring the account back into the scope of the rule, then run a delta cycle.", Command: "Start-ADSyncSyncCycle -PolicyType Delta", Where: onServer},
	},
	URL: docs + "how-to-connect-selective-password-hash-synchronization", Severity: Error, Scope: ScopeUser,
	CausedBy: []*Check{noInboundRule, notAUser, userDisabled}, HiddenBy: unseenPerson,
	Eval: func(v View) Finding {
		cs, ok := v.User().ADCS.Get()
		switch {
		case !ok:
			return lacks("the AD connector space object", v.User().ADCS)
		case !cs.Found || !cs.Joined:
			return notApplicable()
		}
		f := lineageRule(cs)
		if u, ok := v.User().AD.Get(); ok && f.Status == Fail && u.AdminDescription != "" {
			f = f.saying("adminDescription is " + u.AdminDescription)
		}
		return f
	},
}

func lineageRule(cs CSObject) Finding {
	var names []string
	for _, l := range cs.Lineage {
		if l.PasswordSync {
			return pass("rule " + l.Rule + " synchronizes the password")
		}
		name := l.Rule
		if l.RuleGone {
			name += " (no longer there)"
		}
		names = append(names, name)
	}
	return fail("rules in the lineage, none with Enable Password Sync: " + orElse(strings.Join(names, ", "), "none"))
}

var cloudFiltered = &Check{
	ID:    "cloud-filtered",
	Title: "The account is filtered out of Microsoft Entra",
	Why:   "A rule sets cloudFiltered to True for it. It is in the metaverse and deliberately not sent to the cloud.",
	Tell:  "The account is filtered out of Microsoft 365 by a rule. Pass it on to the directory team with this card.",
	Fix: []Step{
		{Text: "See which rule sets cloudFiltered: Metaverse Search, Properties, the attribute's rule.", Where: inManager},
		{Text: "Correct the attribute that the rule looks at, and run a delta cycle.", Command: "Start-ADSyncSyncCycle -PolicyType Delta", Where: onServer},
	},
	URL: docObject, Severity: Error, Scope: ScopeUser, CausedBy: []*Check{excludedByRule}, HiddenBy: unseenPerson,
	Eval: func(v View) Finding {
		return mvRule(v, func(mv MVObject) Finding {
			value, set := mv.Attributes["cloudFiltered"]
			switch {
			case isTrue(value):
				return fail("the metaverse attribute cloudFiltered is True")
			case set:
				return pass("cloudFiltered is " + value)
			default:
				return pass("cloudFiltered is not set")
			}
		})
	},
}

func mvRule(v View, judge func(MVObject) Finding) Finding {
	mv, ok := v.User().MV.Get()
	switch {
	case !ok:
		return lacks("the metaverse object", v.User().MV)
	case !mv.Found:
		return notApplicable()
	default:
		return judge(mv)
	}
}

var domainAttributes = &Check{
	ID:    "domain-attributes-wrong",
	Title: "The metaverse has the wrong domain for the account",
	Why:   "The metaverse carries the name of the domain that the account comes from. Where it does not match the account's real domain, a custom rule or a move between domains has left it wrong, and the password is looked for in the wrong place.",
	Tell:  "A technical fault in the synchronization of this account. Pass it on to the directory team with this card.",
	Fix: []Step{
		{Text: "See where the values come from: Metaverse Object Properties, attributes domainFQDN and domainNetBios.", Where: inManager},
		{Text: "Correct the custom rule that sets them, and run a full synchronization of the connector.", Command: "Start-ADSyncSyncCycle -PolicyType Initial", Where: onServer},
	},
	URL: docTroubleshoot, Severity: Error, Scope: ScopeUser, CausedBy: []*Check{inboundRuleMissing, userDisabled}, HiddenBy: unseenPerson,
	Eval: func(v View) Finding {
		return mvRule(v, func(mv MVObject) Finding {
			if v.Partition == nil {
				return unknown("the connector does not show the domain of this account")
			}
			var wrong []string
			for _, x := range []struct{ name, want string }{{"domainFQDN", v.Partition.Name}, {"domainNetBios", v.Partition.NetBIOS}} {
				got := mv.Attributes[x.name]
				if x.want != "" && !equalFold(got, x.want) {
					wrong = append(wrong, said("%s is %s, the domain is %s", x.name, orElse(got, "empty"), x.want))
				}
			}
			if len(wrong) > 0 {
				return fail(wrong...)
			}
			return pass("the metaverse names the right domain")
		})
	},
}

var notProvisioned = &Check{
	ID:    "not-provisioned",
	Title: "The account has no object in the Entra connector space",
	Why:   "The metaverse object is not linked towards Microsoft Entra: no outbound rule takes it, or provisioning failed. There is nobody in the cloud to give the password to.",
	Tell:  "The account does not exist in Microsoft 365 yet. Pass it on to the directory team with this card.",
	Fix: []Step{
		{Text: "Compare the metaverse object with the scoping filter of the outbound user join rule: sourceAnchor and accountEnabled must be there, cloudFiltered must not be True.", Where: inManager},
		{Text: "Run a delta cycle and look again: Metaverse Object Properties, Connectors.", Command: "Start-ADSyncSyncCycle -PolicyType Delta", Where: onServer},
	},
	URL: docObject, Severity: Error, Scope: ScopeUser, CausedBy: []*Check{noEntraConnector, schedulerOff, cloudFiltered, notAUser}, HiddenBy: unseenPerson,
	Eval: func(v View) Finding {
		mv, ok := v.User().MV.Get()
		if !ok {
			return lacks("the metaverse object", v.User().MV)
		}
		if !mv.Found {
			return notApplicable()
		}
		cs, ok := v.User().EntraCS.Get()
		switch {
		case !ok:
			return lacks("the Entra connector space object", v.User().EntraCS)
		case cs.Found:
			return pass("the account is in the Entra connector space")
		default:
			return unlessNew(v, fail("the metaverse object is not linked to the Entra connector"))
		}
	},
}

func entraRule(v View, judge func(CSObject) Finding) Finding {
	cs, ok := v.User().EntraCS.Get()
	switch {
	case !ok:
		return lacks("the Entra connector space object", v.User().EntraCS)
	case !cs.Found:
		return notApplicable()
	default:
		return judge(cs)
	}
}

var outboundRuleMissing = &Check{
	ID:    "outbound-rule-missing",
	Title: "No outbound password rule applies to the account",
	Why:   "The account goes to Microsoft Entra, but no rule with Enable Password Sync stands in its lineage on that side. A custom outbound rule replaced the default one.",
	Tell:  "The account is left out of password synchronization by a rule. Pass it on to the directory team with this card.",
	Fix: []Step{
		{Text: "See the lineage of the Entra connector space object, and set Enable Password Sync on the rule that provisions it.", Where: "on <server>, Synchronization Rules Editor"},
		{Text: "Run a full synchronization.", Command: "Start-ADSyncSyncCycle -PolicyType Initial", Where: onServer},
	},
	URL: docDefaults, Severity: Error, Scope: ScopeUser, CausedBy: []*Check{noOutboundRule}, HiddenBy: unseenPerson,
	Eval: func(v View) Finding { return entraRule(v, lineageRule) },
}

var exportError = &Check{
	ID:    "export-error",
	Title: "Microsoft Entra refuses the account",
	Why:   "The export of the account ends with an error, often a sign-in name or mail address that somebody else already has. Until it is exported, its password is not accepted.",
	Tell:  "The account collides with another one in Microsoft 365. Pass it on to the directory team with this card.",
	Fix: []Step{
		{Text: "Correct the attribute that the error names in Active Directory, or the object that it collides with.", Where: inAD},
		{Text: "Run a delta cycle.", Command: "Start-ADSyncSyncCycle -PolicyType Delta", Where: onServer},
	},
	URL: docErrors, Severity: Error, Scope: ScopeUser, HiddenBy: unseenPerson,
	Eval: func(v View) Finding {
		return entraRule(v, func(cs CSObject) Finding {
			if cs.ExportError == nil {
				return pass("the last export of the account had no error")
			}
			return fail(said("export error %s, seen %d times, last %s", orUnsaid(cs.ExportError.words()), cs.ExportError.Retries, StampAge(v.Facts.At, cs.ExportError.Last)))
		})
	},
}

var notExported = &Check{
	ID:    "not-exported",
	Title: "The account has not been exported to Microsoft Entra",
	Why:   "It waits in the Entra connector space. Until an export brings it to the cloud, there is nobody there to give the password to.",
	Tell:  "The account is not in Microsoft 365 yet. Pass it on to the directory team with this card.",
	Fix: []Step{
		{Text: "Run a delta cycle: it exports what waits.", Command: "Start-ADSyncSyncCycle -PolicyType Delta", Where: onServer},
		{Text: "If it still waits, look at the result of the newest export.", Where: inManager},
	},
	URL: docObject, Severity: Error, Scope: ScopeUser,
	CausedBy: []*Check{stagingMode, schedulerOff, entraUnreachable, entraCredential, entraDenied, dirSyncOff, deletionThreshold, exportError}, HiddenBy: unseenPerson,
	Eval: func(v View) Finding {
		return entraRule(v, func(cs CSObject) Finding {
			if cs.CloudAnchor == "" {
				return unlessNew(v, fail("the Entra connector space object has no cloud anchor: it was never exported"))
			}
			return judgeHash(v, func(h hash) Finding {
				if h.about && h.state == statusNotExported {
					return fail("the log says TargetNotExportedToDirectory at " + StampAge(v.Facts.At, h.newest.At))
				}
				return pass("the account was exported")
			})
		})
	},
}
