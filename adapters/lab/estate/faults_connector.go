package estate

// connectorFaults are about one forest's connector.
func connectorFaults() []fault {
	forest := func(change func(*forestCondition)) func(*conditions, interval) {
		return func(c *conditions, iv interval) { change(c.forest(iv.target.forest)) }
	}
	account := func(why accountTrouble) func(*conditions, interval) {
		return func(c *conditions, iv interval) {
			f := c.forest(iv.target.forest)
			f.account, f.accountSince = why, iv.begin
		}
	}
	const contoso = "contoso.com"
	return []fault{
		{id: "resync-interrupted", scope: scopeConnector, subject: contoso, title: "A full resync stopped after switching the channel off",
			set: func(c *conditions, iv interval) {
				c.forest(iv.target.forest).channelOff = true
				c.forest(iv.target.forest).forced = true
				c.node(ActiveHost).journal = &Journal{Connector: iv.target.forest.FQDN, Step: "disabled", Operator: "U02OPERATOR", Started: iv.begin}
			}},
		{id: "channel-disabled", scope: scopeConnector, subject: contoso, lead: leadHeartbeat, title: "Password hash synchronization was disabled for the forest",
			set: forest(func(f *forestCondition) { f.channelOff = true })},
		{id: "connector-account-disabled", scope: scopeConnector, subject: contoso, title: "The connector account was disabled", set: account(accountDisabled)},
		{id: "connector-account-locked", scope: scopeConnector, subject: contoso, title: "The connector account is locked out", set: account(accountLocked)},
		{id: "connector-account-expired", scope: scopeConnector, subject: contoso, title: "The connector account has expired", set: account(accountExpired)},
		{id: "connector-account-expired-password", check: "connector-account-expired", scope: scopeConnector, subject: contoso,
			title: "The connector account's password has expired", set: account(accountPasswordExpired)},
		{id: "connector-account-expired-must-change", check: "connector-account-expired", scope: scopeConnector, subject: contoso,
			title: "The connector account must change its password", set: account(accountMustChange)},
		{id: "connector-account-rejected", scope: scopeConnector, subject: contoso,
			title: "The connector account's password was changed in AD only", set: account(accountRejected)},
		{id: "no-inbound-password-rule", scope: scopeConnector, subject: contoso, title: "The inbound rule lost Enable Password Sync",
			set: forest(func(f *forestCondition) { f.noInboundRule = true })},
		{id: "no-outbound-password-rule", scope: scopeConnector, subject: contoso, title: "The outbound rule lost Enable Password Sync",
			set: func(c *conditions, _ interval) {
				// The rule belongs to the Entra connector, so every forest loses it.
				for _, f := range c.forests {
					f.noOutboundRule = true
				}
			}},
		{id: "channel-stopped", scope: scopeConnector, subject: contoso, lead: leadHeartbeat, title: "The agent of the forest crashed and did not come back",
			set: forest(func(f *forestCondition) { f.channelStopped = true })},
		{id: "heartbeat-missing", scope: scopeConnector, subject: contoso, lead: leadHeartbeat, title: "Passwords are read and nothing is written",
			set: forest(func(f *forestCondition) { f.noHeartbeat = true })},
	}
}

// domainFaults are about one domain.
func domainFaults() []fault {
	domain := func(change func(*domainCondition)) func(*conditions, interval) {
		return func(c *conditions, iv interval) { change(c.domain(iv.target.domain)) }
	}
	const contoso = "contoso.com"
	return []fault{
		{id: "domain-unreachable-from-bot", scope: scopeDomain, subject: "fabrikam.com", severity: "info", title: "The bot's way to the domain controllers is blocked",
			set: domain(func(d *domainCondition) { d.botDown = true })},
		{id: "domain-ldap-unreachable", scope: scopeDomain, subject: contoso, title: "LDAP from the server to the domain is blocked",
			set: domain(func(d *domainCondition) { d.ldapDown = true })},
		{id: "domain-rpc-unreachable", scope: scopeDomain, subject: contoso, title: "RPC from the server to the domain is blocked",
			set: domain(func(d *domainCondition) { d.rpcDown = true })},
		{id: "domain-not-selected", scope: scopeDomain, subject: contoso, severity: "warning", title: "The domain is not selected in the connector",
			set: domain(func(d *domainCondition) { d.notSelected = true })},
		{id: "domain-not-flagged", scope: scopeDomain, subject: contoso, title: "The partition lost its mark as a domain",
			set: domain(func(d *domainCondition) { d.notFlagged = true })},
		{id: "preferred-dcs-unreachable", scope: scopeDomain, subject: contoso, title: "Only a domain controller that is gone may be used",
			set: domain(func(d *domainCondition) { d.preferred = true })},
		{id: "replication-rights-missing", scope: scopeDomain, subject: contoso, title: "The connector account lost Replicating Directory Changes All",
			set: domain(func(d *domainCondition) { d.rightMissing = rightAll })},
		{id: "replication-rights-missing-changes", check: "replication-rights-missing", scope: scopeDomain, subject: contoso,
			title: "The connector account lost Replicating Directory Changes",
			set:   domain(func(d *domainCondition) { d.rightMissing = rightChanges })},
		{id: "replication-rights-missing-denied", check: "replication-rights-missing", scope: scopeDomain, subject: contoso,
			title: "A group of the connector account is denied replication",
			set:   domain(func(d *domainCondition) { d.rightMissing, d.denied = rightAll, true })},
		{id: "cycle-failing", scope: scopeDomain, subject: contoso, lead: leadDomain, title: "A domain controller refuses outbound replication",
			set: domain(func(d *domainCondition) { d.failure = failureOutbound })},
		{id: "cycle-failing-database", check: "cycle-failing", scope: scopeDomain, subject: contoso, lead: leadDomain, title: "A domain controller's database is damaged",
			set: domain(func(d *domainCondition) { d.failure = failureDatabase })},
		{id: "cycle-stale", scope: scopeDomain, subject: contoso, title: "The domain is quietly not read any more",
			set: domain(func(d *domainCondition) { d.stale = true })},
	}
}

// The two rights that reading passwords takes.
const (
	rightChanges = "changes"
	rightAll     = "all"
)
