package cause

// engineCauses is the synchronization engine around the agent: its database,
// its certificate, its run profiles and its own events.
var engineCauses = []Cause{
	{
		ID: "state-not-stored", Group: GroupEngine, Fault: true, Owner: OwnerConnect,
		Title: "The state of a cycle could not be written to the database",
		Check: "database-full",
		Next: []string{
			"Check free space of the synchronization database: LocalDB ends at 10 GB.",
			"Purge the run history (Start-ADSyncPurgeRunHistory) or move to SQL Server.",
		},
	},
	{
		ID: "database-full", Group: GroupEngine, Fault: true, Owner: OwnerConnect,
		Title: "The synchronization database is full",
		Check: "database-full",
		Next:  []string{"Purge the run history (Start-ADSyncPurgeRunHistory), free disk space, or move from LocalDB to SQL Server."},
	},
	{
		ID: "database-deadlock", Group: GroupEngine, Fault: true, Transient: true, Owner: OwnerConnect,
		Title: "The database chose this cycle as the victim of a deadlock",
		Check: "database-full",
		Next:  []string{"Nothing at first: it is tried again. If it is frequent, keep password cycles and large run profiles apart and check the database's disks."},
	},
	{
		ID: "application-certificate-due", Group: GroupEngine, Fault: true, Owner: OwnerConnect,
		Title: "The certificate of the Entra connector's application ends soon",
		Check: "application-certificate-due",
		Next:  []string{"Rotate it with Invoke-ADSyncApplicationCredentialRotation before the date; see why it was not renewed automatically."},
	},
	{
		ID: "application-certificate-expired", Group: GroupEngine, Fault: true, Owner: OwnerConnect,
		Title: "The certificate of the Entra connector's application has expired",
		Check: "application-certificate-due",
		Next:  []string{"Rotate it with Invoke-ADSyncApplicationCredentialRotation, then check that imports from Entra and event 654 come back."},
	},
	{
		ID: "no-tpm", Group: GroupEngine, Owner: OwnerConnect,
		Title: "The application's key is not protected by a TPM",
		Next:  []string{"Nothing is broken. On a machine with a TPM 2.0 the certificate can be created again so that its key cannot leave it."},
	},
	{
		ID: "engine-credentials-invalid", Group: GroupEngine, Fault: true, Owner: OwnerAD,
		Title: "A connector was refused with the credential it has stored",
		Check: "connector-account-rejected",
		Next:  []string{"Enter the present password of the connector's account: Connectors, Properties, Connect to Active Directory Forest. For the Entra connector use Add-ADSyncAADServiceAccount."},
	},
	{
		ID: "engine-connection-failed", Group: GroupEngine, Fault: true, Owner: OwnerNetwork,
		Title: "A connector could not reach its directory",
		Check: "domain-ldap-unreachable",
		Next:  []string{"See which connector the event names, then test the ports to its domain controllers (389), or to Microsoft Entra ID (443)."},
	},
	{
		ID: "engine-run-failed", Group: GroupEngine, Fault: true, Owner: OwnerConnect,
		Title: "A run profile failed",
		Next:  []string{"Open Operations in Synchronization Service Manager: the result word of that run names the reason. Paste the word here."},
	},
	{
		ID: "engine-run-errors", Group: GroupEngine, Fault: true, Owner: OwnerConnect,
		Title: "A step of a run profile ended with errors",
		Next:  []string{"Open Operations in Synchronization Service Manager and read the errors of that step; export errors keep new people without a password."},
	},
	{
		ID: "engine-run-statistics", Group: GroupEngine, Owner: OwnerConnect,
		Title: "A run profile reported its counts",
		Next:  []string{"Nothing to do."},
	},
	{
		ID: "engine-full-run-needed", Group: GroupEngine, Owner: OwnerConnect,
		Title: "Rules changed since the last full run",
		Next:  []string{"Start a full cycle so that the change reaches everyone: Start-ADSyncSyncCycle -PolicyType Initial"},
	},
	{
		ID: "engine-keys-missing", Group: GroupEngine, Fault: true, Owner: OwnerConnect,
		Title: "The service cannot open its encryption keys",
		Check: "adsync-service-stopped",
		Next:  []string{"See whether the service account or its password was changed outside the wizard; give the former one back, or abandon the keys with miiskmu.exe and enter the connectors' credentials again."},
	},
	{
		ID: "engine-callback-failed", Group: GroupEngine, Fault: true, Owner: OwnerConnect,
		Title: "The engine met an unexpected error in a callback",
		Next:  []string{"Look for the events just before it; they name the connector. If none does, open a support case with the text."},
	},
	{
		ID: "engine-connector-error", Group: GroupEngine, Fault: true, Owner: OwnerConnect,
		Title: "A connector reported an error",
		Next:  []string{"Read which connector the event names and the result of its last run in Synchronization Service Manager."},
	},
	{
		ID: "engine-connector-message", Group: GroupEngine, Owner: OwnerConnect,
		Title: "A connector wrote a message about an import or export",
		Next:  []string{"Nothing to do by itself; read it together with the result of the run."},
	},
	{
		ID: "engine-notification-failed", Group: GroupEngine, Fault: true, Vague: true, Owner: OwnerConnect,
		Title: "The engine could not process a password change",
		Check: "uploads-failing",
		Next:  []string{"Read the quoted text inside the event and paste it here; events 611 and 652 of the same minute name the reason as well."},
	},
	{
		ID: "engine-agent-started", Group: GroupEngine, Owner: OwnerConnect,
		Title: "The engine started password hash synchronization for a connector",
		Next:  []string{"Nothing to do; event 601 of the agent follows."},
	},
	{
		ID: "engine-agent-not-started", Group: GroupEngine, Fault: true, Owner: OwnerConnect,
		Title: "The engine could not start password hash synchronization for a connector",
		Check: "channel-stopped",
		Next:  []string{"Check that password hash synchronization is enabled for that connector, then restart the ADSync service and look for event 601."},
	},
	{
		ID: "scheduler-activity", Group: GroupEngine, Owner: OwnerConnect,
		Title: "The scheduler of object synchronization did its work",
		Next:  []string{"Nothing to do. It does not carry password hashes: those have a loop of their own every two minutes."},
	},
	{
		ID: "legacy-event", Group: GroupEngine, Vague: true, Owner: OwnerConnect,
		Title: "Early builds wrote several things under event id 0",
		Next:  []string{"Paste the whole event: only its text says what it means."},
	},
	{
		ID: "engine-service-unreachable", Group: GroupEngine, Fault: true, Owner: OwnerConnect,
		Title: "The synchronization service does not answer",
		Check: "adsync-service-stopped",
		Next:  []string{"On the Connect server run: Get-Service ADSync; start it, and read the System log if it does not stay up."},
	},
}

// otherCauses is what looks related and says nothing about password hash
// synchronization.
var otherCauses = []Cause{
	{
		ID: "writeback-event", Group: GroupOther, Owner: OwnerConnect,
		Title: "This is about password writeback, not about password hash synchronization",
		Next:  []string{"For passwords that were changed in the cloud, look at self-service password reset; the way from AD to the cloud is not touched."},
	},
	{
		ID: "write-access-denied", Group: GroupOther, Fault: true, Owner: OwnerAD,
		Title: "The connector account may not write to that object in AD",
		Next:  []string{"It concerns writeback, not password hash synchronization: check inheritance on the object and the writeback rights of the account."},
	},
	{
		ID: "diagnostics-tool-trace", Group: GroupOther, Owner: OwnerConnect,
		Title: "A trace of somebody running Microsoft's diagnostics",
		Next:  []string{"It is no symptom. Ask who ran it and what it found, or run /pwsync health for the present state."},
	},
}
