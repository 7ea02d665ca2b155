package cause

// uploadCauses is the road to Microsoft Entra ID: signs of life first, then
// what stops a batch (event 652) or a heartbeat (event 655).
var uploadCauses = []Cause{
	{
		ID: "heartbeat-ok", Group: GroupUpload, Owner: OwnerConnect,
		Title: "The heartbeat reached Microsoft Entra ID",
		Next:  []string{"Nothing to do: the road to the cloud works for that connector."},
	},
	{
		ID: "heartbeat-started", Group: GroupUpload, Owner: OwnerConnect,
		Title: "A heartbeat was sent to Microsoft Entra ID",
		Next:  []string{"Look for event 654 with the same tracking id: it says that the heartbeat arrived."},
	},
	{
		ID: "upload-started", Group: GroupUpload, Owner: OwnerConnect,
		Title: "A batch of password hashes is being sent",
		Next:  []string{"Look for event 651 with the same tracking id for its end, and 657 for each person's result."},
	},
	{
		ID: "upload-ended", Group: GroupUpload, Owner: OwnerConnect,
		Title: "A batch of password hashes was sent",
		Next:  []string{"Look at event 657 for each person's result: the end of a batch does not say that everyone was accepted."},
	},
	{
		ID: "upload-requested", Group: GroupUpload, Owner: OwnerConnect,
		Title: "Password changes of these people were handed to the upload",
		Next:  []string{"Look at the next event 657 for each person's result."},
	},
	{
		ID: "upload-result", Group: GroupUpload, Owner: OwnerConnect,
		Title: "The cloud answered for each person of a batch",
		Next:  []string{"If the person named still cannot sign in, the password itself has arrived: look at the sign-in log in the Entra admin center."},
	},
	{
		ID: "upload-result-failed", Group: GroupUpload, Fault: true, Owner: OwnerConnect,
		Title: "The cloud did not take the hash of at least one person",
		Check: "last-attempt-failed",
		Next: []string{
			"Ask for that person with /pwsync user: the password sync log holds the reason.",
			"The agent tries again by itself; look for an event 652 in the same minutes if it does not help.",
		},
	},
	{
		ID: "entra-phs-not-activated", Group: GroupUpload, Fault: true, Owner: OwnerEntra,
		Title: "Password hash synchronization is switched off in the tenant",
		Check: "phs-feature-off",
		Next: []string{
			"On the active Connect server run: Set-ADSyncAADCompanyFeature -PasswordHashSync $true",
			"Then look for events 660 and 661: the agent also tries to switch it on by itself.",
		},
	},
	{
		ID: "entra-directory-sync-off", Group: GroupUpload, Fault: true, Owner: OwnerEntra,
		Title: "Directory synchronization is switched off in the tenant",
		Check: "directory-sync-off",
		Next: []string{
			"Find out whether someone switched it off on purpose (audit log of the tenant).",
			"Switch it on again by running the Connect wizard; the tenant can take hours, up to three days, to follow.",
		},
	},
	{
		ID: "entra-access-denied", Group: GroupUpload, Fault: true, Owner: OwnerEntra,
		Title: "Microsoft Entra ID knows the connector's identity but denies it access",
		Check: "entra-access-denied",
		Next: []string{
			"Check that the identity of the Entra connector still holds the role Directory Synchronization Accounts, or, with application authentication, its API permissions.",
			"If it was deleted or replaced, run the Connect wizard to set it up again.",
		},
	},
	{
		ID: "entra-busy", Group: GroupUpload, Fault: true, Transient: true, Owner: OwnerEntra,
		Title: "Microsoft Entra ID is busy and asks to try later",
		Check: "uploads-failing",
		Next:  []string{"Wait: the agent repeats the batch by itself. If it lasts longer than an hour, look at the service health of Microsoft 365."},
	},
	{
		ID: "entra-endpoint-unreachable", Group: GroupUpload, Fault: true, Owner: OwnerNetwork,
		Title: "The Connect server cannot reach Microsoft Entra ID",
		Check: "entra-endpoint-unreachable",
		Next: []string{
			"On the Connect server, as its service account, test TCP 443 to adminwebservice.microsoftonline.com and login.microsoftonline.com.",
			"Check DNS, the outbound firewall and the proxy settings in machine.config.",
		},
	},
	{
		ID: "entra-tls-failed", Group: GroupUpload, Fault: true, Owner: OwnerNetwork,
		Title: "No trusted TLS connection to Microsoft Entra ID",
		Check: "entra-endpoint-unreachable",
		Next: []string{
			"Check that TLS 1.2 is enabled for .NET on the Connect server and that its root certificates are current.",
			"Exempt the sign-in and provisioning endpoints from TLS inspection.",
		},
	},
	{
		ID: "entra-realm-discovery-failed", Group: GroupUpload, Fault: true, Owner: OwnerNetwork,
		Title: "The sign-in service did not say how the connector's identity signs in",
		Check: "entra-endpoint-unreachable",
		Next:  []string{"Check that login.microsoftonline.com answers through the proxy of the Connect server and that no TLS inspection stands between."},
	},
	{
		ID: "entra-credential-rejected", Group: GroupUpload, Fault: true, Owner: OwnerEntra,
		Title: "Microsoft Entra ID rejects the credential it was given",
		Check: "entra-credential-rejected",
		Next: []string{
			"From event 652 or 655 it is the identity of the Entra connector: renew it with Add-ADSyncAADServiceAccount, or rotate the certificate of its application, then restart the ADSync service.",
			"From one person's sign-in it is that person's password: compare the time of the last change with the password sync log.",
		},
	},
	{
		ID: "entra-account-disabled", Group: GroupUpload, Fault: true, Owner: OwnerEntra,
		Title: "The identity that signs in to Microsoft Entra ID is disabled",
		Check: "entra-credential-rejected",
		Next:  []string{"Enable the identity of the Entra connector in the Entra admin center, and look in the audit log for who disabled it."},
	},
	{
		ID: "entra-conditional-access", Group: GroupUpload, Fault: true, Owner: OwnerEntra,
		Title: "Conditional Access or multifactor authentication stops the sign-in",
		Check: "entra-credential-rejected",
		Next: []string{
			"Open the failed sign-in of the connector's identity in the sign-in log: it names the policy.",
			"Exclude the role Directory Synchronization Accounts from that policy, or limit it to the address of the Connect server.",
		},
	},
	{
		ID: "entra-tenant-not-found", Group: GroupUpload, Fault: true, Owner: OwnerEntra,
		Title: "The tenant of the connector's identity does not exist",
		Check: "entra-credential-rejected",
		Next:  []string{"Check the name behind the @ of the connector's identity and whether the tenant was deleted or renamed; then run the Connect wizard again."},
	},
	{
		ID: "entra-token-rejected", Group: GroupUpload, Fault: true, Transient: true, Owner: OwnerEntra,
		Title: "The access token had expired or was not accepted",
		Check: "entra-credential-rejected",
		Next:  []string{"One such event mends itself with the next token; if they repeat, compare the clock of the Connect server and renew its credential."},
	},
	{
		ID: "entra-sign-in-failed", Group: GroupUpload, Fault: true, Vague: true, Owner: OwnerEntra,
		Title: "Signing in to Microsoft Entra ID failed",
		Check: "entra-credential-rejected",
		Next:  []string{"Look the number up at https://login.microsoftonline.com/error and read the sign-in log entry with the same correlation id."},
	},
	{
		ID: "entra-windows-credentials-invalid", Group: GroupUpload, Fault: true, Owner: OwnerEntra,
		Title: "The cloud could not validate the extra hashes for Entra Domain Services",
		Check: "uploads-failing",
		Next:  []string{"Let one affected person change the password once; if it returns, open a support case with the tracking id."},
	},
	{
		ID: "entra-force-change-failed", Group: GroupUpload, Fault: true, Owner: OwnerEntra,
		Title: "The cloud could not store that the password must be changed at next sign-in",
		Check: "last-attempt-failed",
		Next:  []string{"Check that the feature for temporary passwords is on in the tenant and that the person may change the password in the cloud."},
	},
	{
		ID: "entra-cloud-only-user", Group: GroupUpload, Fault: true, Owner: OwnerEntra,
		Title: "The person in the cloud is not synchronized from AD, so the hash is refused",
		Check: "last-attempt-failed",
		Next:  []string{"Check in the Entra admin center whether the account is synced from on-premises; a cloud-only twin must be matched or removed first."},
	},
	{
		ID: "entra-upload-failed", Group: GroupUpload, Fault: true, Vague: true, Owner: OwnerEntra,
		Title: "An upload to Microsoft Entra ID failed",
		Check: "uploads-failing",
		Next: []string{
			"Read the last exception of the event, and note the tracking id for a support case.",
			"Paste the whole event here to have it classified.",
		},
	},
}
