package estate

import "time"

// serverFaults are about the servers as such and which of them is active.
func serverFaults() []fault {
	node := func(change func(*nodeCondition)) func(*conditions, interval) {
		return func(c *conditions, iv interval) { change(c.node(iv.target.host)) }
	}
	return []fault{
		{id: "server-unreachable", scope: scopeServer, subject: ActiveHost, title: "The active server does not answer the bot",
			set: node(func(n *nodeCondition) { n.unreachable = true })},
		{id: "adsync-service-stopped", scope: scopeServer, subject: ActiveHost, lead: leadHeartbeat, title: "The ADSync service was stopped",
			set: node(func(n *nodeCondition) { n.serviceStopped = true })},
		{id: "staging-mode", scope: scopeServer, subject: ActiveHost, lead: leadHeartbeat, title: "The active server was left in staging mode",
			set: node(func(n *nodeCondition) { n.staging = true })},
		{id: "no-active-server", scope: scopeTenant, lead: leadHeartbeat, title: "Every server is a standby, in the configuration and in fact",
			set: func(c *conditions, _ interval) {
				c.noActiveRole = true
				for _, n := range c.nodes {
					n.staging = true
				}
			}},
		{id: "two-active-servers", scope: scopeTenant, title: "The staging server was switched to active as well",
			set: func(c *conditions, _ interval) { c.node(StagingHost).staging = false }},
		{id: "version-retired", scope: scopeServer, subject: ActiveHost, lead: leadHeartbeat, title: "The server runs a version that no longer works",
			set: uploads(uploadRetired, "", func(n *nodeCondition) { n.version, n.serviceAccount = "1.6.16.0", true })},
		{id: "version-below-minimum", scope: scopeServer, subject: ActiveHost, severity: "warning", title: "The version is too old for synchronizing temporary passwords",
			set: func(c *conditions, iv interval) {
				n := c.node(iv.target.host)
				n.version, n.serviceAccount = "2.0.1.0", true
				c.tenant.temporaryPasswords = true
			}},
		{id: "clock-skew", scope: scopeServer, subject: ActiveHost, severity: "warning", title: "The server's clock is eleven minutes ahead",
			set: node(func(n *nodeCondition) { n.skew = 11 * time.Minute })},
		{id: "application-log-small", scope: scopeServer, subject: ActiveHost, severity: "warning", title: "The Application log holds less than three hours",
			set: node(func(n *nodeCondition) { n.logSpan = 100 * time.Minute })},
		{id: "verbose-logging", scope: scopeServer, subject: ActiveHost, severity: "info", title: "Verbose tracing was left on",
			set: node(func(n *nodeCondition) { n.verbose = true })},
	}
}

// engineFaults are about the engine and what it stands on.
func engineFaults() []fault {
	node := func(change func(*nodeCondition)) func(*conditions, interval) {
		return func(c *conditions, iv interval) { change(c.node(iv.target.host)) }
	}
	return []fault{
		{id: "no-entra-connector", scope: scopeServer, subject: ActiveHost, lead: leadHeartbeat, title: "The Entra connector was deleted",
			set: node(func(n *nodeCondition) { n.noEntra = true })},
		{id: "multiple-entra-connectors", scope: scopeServer, subject: ActiveHost, severity: "warning", title: "A second Entra connector exists",
			set: node(func(n *nodeCondition) { n.twoEntra = true })},
		{id: "no-ad-connector", scope: scopeServer, subject: ActiveHost, lead: leadHeartbeat, title: "The Active Directory connectors were deleted",
			set: node(func(n *nodeCondition) { n.noAD = true })},
		{id: "database-full", scope: scopeServer, subject: ActiveHost, title: "The database has reached the limit of LocalDB",
			set: node(func(n *nodeCondition) { n.databaseFull = true })},
		{id: "fips-blocks-md5", scope: scopeServer, subject: ActiveHost, title: "A FIPS policy was rolled out to the server",
			set: node(func(n *nodeCondition) { n.fips = true })},
		{id: "scheduler-off", scope: scopeServer, subject: ActiveHost, severity: "warning", title: "The scheduler was switched off",
			set: node(func(n *nodeCondition) { n.schedulerOff = true })},
		{id: "scheduler-off-suspended", check: "scheduler-off", scope: scopeServer, subject: ActiveHost, severity: "warning", title: "The wizard was left open and suspends the scheduler",
			set: node(func(n *nodeCondition) { n.suspended = true })},
		{id: "first-full-sync-unfinished", scope: scopeServer, subject: ActiveHost, lead: leadHeartbeat, title: "The first full synchronization is still running",
			set: node(func(n *nodeCondition) { n.firstFullSync = true })},
		{id: "unexplained-events", scope: scopeServer, subject: ActiveHost, severity: "info", lead: leadOdd,
			title: "The agent logs something that nobody has an explanation for",
			set:   node(func(n *nodeCondition) { n.odd = true })},
		{id: "export-deletion-threshold", scope: scopeServer, subject: ActiveHost, severity: "warning", title: "An export would delete too much and is held back",
			set: node(func(n *nodeCondition) { n.deletionStop = true })},
	}
}
