package estate

// userFaults make a healthy person show what the traits describe.
func userFaults() []fault {
	var out []fault
	for _, t := range traits() {
		f := fault{id: t.id, check: t.check, scope: scopeUser, lead: leadPerson, trait: t.id, severity: t.severity, title: t.title}
		switch t.id {
		case "waiting":
			f.lead = leadShort
		case "hash-stale":
			f.lead = leadStory
		case "user-not-found":
			out = append(out, f, userAmbiguous())
			continue
		case "temporary-password":
			out = append(out, f, temporaryBeforeFeature())
			continue
		case "not-imported":
			out = append(out, f, notImportedFiltered())
			continue
		}
		out = append(out, f)
	}
	return out
}

// userAmbiguous gives somebody in another forest the victim's account name and
// sign-in name: two forests do not know of each other's names.
func userAmbiguous() fault {
	return fault{id: "user-ambiguous", check: "user-ambiguous", scope: scopeUser, title: "Two people share a sign-in name",
		set: func(c *conditions, iv interval) {
			o := iv.target.object
			if s := c.of(o); s.gone {
				s.gone = false
				c.people[o.GUID] = &s
			}
			for _, sam := range twins {
				twin := c.estate.bySAM(sam)
				if twin == nil || twin.Domain.Forest == o.Domain.Forest {
					continue
				}
				s := c.of(twin)
				s.sam, s.upn = o.SAM, o.UPN
				c.people[twin.GUID] = &s
				return
			}
		}}
}

// temporaryBeforeFeature is a temporary password that was set before the feature
// was switched on: the feature does not look back.
func temporaryBeforeFeature() fault {
	return fault{id: "temporary-password-before-feature", check: "temporary-password", scope: scopeUser, lead: leadShort, trait: "temporary-password",
		title: "A temporary password from before the feature was switched on",
		set:   func(c *conditions, _ interval) { c.tenant.temporaryPasswords = true }}
}

// notImportedFiltered takes the victim's OU out of the container filter.
func notImportedFiltered() fault {
	return fault{id: "not-imported-filtered", check: "not-imported", scope: scopeUser, lead: leadPerson,
		title: "The person's OU was taken out of the filter",
		set: func(c *conditions, iv interval) {
			o := iv.target.object
			if _, other := c.people[o.GUID]; !other && o.situation.trait != traitHealthy {
				c.people[o.GUID] = &situation{} // what else is peculiar would be in front of it
			}
			d := c.domain(o.Domain)
			d.excluded = append(d.excluded, ParentDN(o.DN))
		}}
}
