package cause

// runCauses is what a run profile says about its end.
var runCauses = []Cause{
	{
		ID: "run-success", Group: GroupRun, Owner: OwnerConnect,
		Title: "The run profile ended well",
		Next:  []string{"Nothing to do."},
	},
	{
		ID: "run-in-progress", Group: GroupRun, Owner: OwnerConnect,
		Title: "The run profile is still at work",
		Next:  []string{"Let it finish; a full run of a large directory takes hours."},
	},
	{
		ID: "run-completed-warnings", Group: GroupRun, Owner: OwnerConnect,
		Title: "The run profile ended with warnings",
		Next:  []string{"Open the run in Synchronization Service Manager and read its warnings; passwords are rarely touched by them."},
	},
	{
		ID: "run-sync-errors", Group: GroupRun, Fault: true, Owner: OwnerConnect,
		Title: "The run ended, but some objects could not be synchronized",
		Next:  []string{"Open the run in Synchronization Service Manager: each error names its object, often a rule or a duplicate value."},
	},
	{
		ID: "run-export-errors", Group: GroupRun, Fault: true, Owner: OwnerConnect,
		Title: "The run ended, but some objects could not be exported",
		Check: "export-error",
		Next:  []string{"Open the run and read the error of each object; until it is exported, a person gets no password in the cloud."},
	},
	{
		ID: "run-discovery-errors", Group: GroupRun, Fault: true, Owner: OwnerConnect,
		Title: "The run ended, but some objects could not be read",
		Check: "not-imported",
		Next:  []string{"Open the run and read the discovery errors; check that the connector account may read those objects."},
	},
	{
		ID: "run-transient-objects", Group: GroupRun, Transient: true, Owner: OwnerConnect,
		Title: "The run ended while some objects were still changing",
		Next:  []string{"Nothing at first: the next run takes them along."},
	},
	{
		ID: "run-no-start-connection", Group: GroupRun, Fault: true, Owner: OwnerNetwork,
		Title: "The run could not start: the directory was not reached",
		Check: "domain-ldap-unreachable",
		Next:  []string{"See which server the run tried, then test the port to it from the Connect server (389 for AD, 443 for Microsoft Entra ID)."},
	},
	{
		ID: "run-no-start-credentials", Group: GroupRun, Fault: true, Owner: OwnerAD,
		Title: "The run could not start: the connector's credential was refused",
		Check: "connector-account-rejected",
		Next: []string{
			"Check that the connector's account is enabled, not locked and not expired.",
			"Enter its present password: Connectors, Properties, Connect to Active Directory Forest; then restart the ADSync service.",
		},
	},
	{
		ID: "run-no-start-no-dc", Group: GroupRun, Fault: true, Owner: OwnerNetwork,
		Title: "The run could not start: no domain controller was found",
		Check: "domain-ldap-unreachable",
		Next:  []string{"Run nltest /dsgetdc:<domain> /force on the Connect server and compare with the preferred domain controllers of the connector."},
	},
	{
		ID: "run-no-start-ma", Group: GroupRun, Fault: true, Owner: OwnerConnect,
		Title: "The run could not start: the connector could not be loaded",
		Next:  []string{"Restart the ADSync service; if it stays, repair the Connect installation."},
	},
	{
		ID: "run-no-start-server", Group: GroupRun, Fault: true, Owner: OwnerConnect,
		Title: "The run could not start: the synchronization service had a problem",
		Check: "adsync-service-stopped",
		Next:  []string{"Read the Application log of that minute, source ADSync, and restart the ADSync service."},
	},
	{
		ID: "run-no-start-database", Group: GroupRun, Fault: true, Owner: OwnerConnect,
		Title: "The run could not start: the database did not answer",
		Check: "database-full",
		Next:  []string{"Check that the database service runs and has free space, then restart the ADSync service."},
	},
	{
		ID: "run-stopped-server-down", Group: GroupRun, Fault: true, Owner: OwnerConnect,
		Title: "The run ended because the synchronization service went down",
		Check: "adsync-service-stopped",
		Next:  []string{"Check that the ADSync service runs and read the System log for why it stopped."},
	},
	{
		ID: "run-stopped-deletion-threshold", Group: GroupRun, Fault: true, Owner: OwnerConnect,
		Title: "The export stopped because it would delete too many objects",
		Check: "export-deletion-threshold",
		Next: []string{
			"Look at the pending deletions of the Entra connector: was an OU moved or taken out of the filter?",
			"Only if they are meant: Disable-ADSyncExportDeletionThreshold, run the export, and enable it again.",
		},
	},
	{
		ID: "run-stopped-extension", Group: GroupRun, Fault: true, Owner: OwnerConnect,
		Title: "The run ended with an exception inside the connector",
		Next:  []string{"Read the Application log of that minute, sources ADSync and Directory Synchronization: it holds the exception. Paste it here."},
	},
	{
		ID: "run-stopped-connectivity", Group: GroupRun, Fault: true, Owner: OwnerNetwork,
		Title: "The run lost the connection to the directory",
		Check: "domain-ldap-unreachable",
		Next:  []string{"Test the connection to the server that the run names, and look for a device that cuts long connections."},
	},
	{
		ID: "run-stopped-database", Group: GroupRun, Fault: true, Owner: OwnerConnect,
		Title: "The run ended because of the database",
		Check: "database-full",
		Next:  []string{"Check free space and health of the synchronization database, then run it again."},
	},
	{
		ID: "run-stopped-resources", Group: GroupRun, Fault: true, Owner: OwnerConnect,
		Title: "The run ended because of a limit or missing memory",
		Next:  []string{"Check memory of the Connect server and the errors of the run: too many of them end it."},
	},
	{
		ID: "run-stopped-by-user", Group: GroupRun, Owner: OwnerConnect,
		Title: "Someone stopped the run",
		Next:  []string{"Ask who did; start the cycle again when the reason is gone: Start-ADSyncSyncCycle -PolicyType Delta"},
	},
}
