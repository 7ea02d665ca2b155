package cause

// statusCauses is what the password sync log of one person can say.
var statusCauses = []Cause{
	{
		ID: "status-success", Group: GroupStatus, Owner: OwnerHelpdesk,
		Title: "The cloud accepted the person's hash",
		Next:  []string{"Compare its time with the last password change. If it is newer, the password is in the cloud: look at the sign-in log for the real reason."},
	},
	{
		ID: "status-filtered-by-target", Group: GroupStatus, Fault: true, Owner: OwnerHelpdesk,
		Title: "A temporary password is not synchronized",
		Check: "temporary-password",
		Next: []string{
			"Let the person sign in on a machine in the domain and change the password; the new one follows within minutes.",
			"Or clear User must change password at next logon and reset it once more.",
		},
	},
	{
		ID: "status-source-connector-not-present", Group: GroupStatus, Fault: true, Owner: OwnerConnect,
		Title: "The person is not in the AD connector space",
		Check: "not-imported",
		Next: []string{
			"Check that the person's OU is selected and that the filter was applied.",
			"A new person appears with the next import, within half an hour.",
		},
	},
	{
		ID: "status-no-target-connection", Group: GroupStatus, Fault: true, Owner: OwnerConnect,
		Title: "The person has no counterpart in the Entra connector space, or no rule carries the hash",
		Check: "not-provisioned",
		Next: []string{
			"Look at the person's lineage for cloudFiltered and for rules with password sync enabled.",
			"A new person gets the counterpart with the next synchronization, within half an hour.",
		},
	},
	{
		ID: "status-target-not-exported", Group: GroupStatus, Fault: true, Owner: OwnerConnect,
		Title: "The person is not yet exported to Microsoft Entra ID",
		Check: "not-exported",
		Next:  []string{"Wait one cycle. If it stays, read the export error of the object in the Entra connector space and mend the value it names."},
	},
	{
		ID: "status-retry-requested", Group: GroupStatus, Transient: true, Owner: OwnerHelpdesk,
		Title: "The cloud asked to send the hash once more",
		Check: "waiting",
		Next:  []string{"Wait a few minutes; it is sent again without anyone's doing."},
	},
	{
		ID: "status-missing-attribute", Group: GroupStatus, Owner: OwnerHelpdesk,
		Title: "Kerberos keys for Entra Domain Services are missing",
		Check: "missing-attribute",
		Next:  []string{"It does not stop sign-in to Microsoft 365. For Entra Domain Services let the person change the password once."},
	},
	{
		ID: "status-error", Group: GroupStatus, Fault: true, Owner: OwnerConnect,
		Title: "The cloud answered with an error for this person",
		Check: "last-attempt-failed",
		Next:  []string{"Read events 657 and 652 of the same minute; it is tried again. If it stays, push the person's hash by hand."},
	},
	{
		ID: "status-unknown", Group: GroupStatus, Fault: true, Owner: OwnerConnect,
		Title: "The batch with this person's hash broke off",
		Check: "last-attempt-failed",
		Next:  []string{"Read events 611 and 652 of the same minute; it is tried again. If it stays, push the person's hash by hand."},
	},
	{
		ID: "status-no-code", Group: GroupStatus, Fault: true, Owner: OwnerConnect,
		Title: "The cloud gave no result for this person",
		Check: "last-attempt-failed",
		Next:  []string{"It is tried again. If it stays, push the person's hash by hand and read event 657."},
	},
	{
		ID: "status-migrated", Group: GroupStatus, Owner: OwnerConnect,
		Title: "An entry from before an upgrade, without a status of its own",
		Check: "last-attempt-failed",
		Next:  []string{"It cannot be told from the log. Read its details, or push the person's hash by hand to get a present answer."},
	},
}

// pushCauses is what the server answers when one person's hash is pushed.
var pushCauses = []Cause{
	{
		ID: "push-ok", Group: GroupPush, Owner: OwnerHelpdesk,
		Title: "The person's hash was sent and accepted",
		Next:  []string{"Let the person sign in again in a private window; give it a minute or two."},
	},
	{
		ID: "push-temporary-password", Group: GroupPush, Fault: true, Owner: OwnerHelpdesk,
		Title: "The push was refused: the password is temporary",
		Check: "temporary-password",
		Next:  []string{"Let the person change the password in the domain, or clear User must change password at next logon, then try again."},
	},
	{
		ID: "push-not-synchronized", Group: GroupPush, Fault: true, Owner: OwnerConnect,
		Title: "The push failed: no counterpart in the Entra connector space, or no rule carries the hash",
		Check: "not-provisioned",
		Next:  []string{"Ask for the person with /pwsync user: the chain shows which link is missing."},
	},
	{
		ID: "push-server-error", Group: GroupPush, Fault: true, Owner: OwnerEntra,
		Title: "The push failed with an error of the cloud",
		Check: "uploads-failing",
		Next:  []string{"Look the error code up here, and read event 652 of the same minute."},
	},
	{
		ID: "push-not-exported", Group: GroupPush, Fault: true, Owner: OwnerConnect,
		Title: "The push failed: the person is not yet exported",
		Check: "not-exported",
		Next:  []string{"Run a delta cycle, mend an export error if the object has one, then push again."},
	},
	{
		ID: "push-failed", Group: GroupPush, Fault: true, Vague: true, Owner: OwnerConnect,
		Title: "The push failed",
		Check: "last-attempt-failed",
		Next:  []string{"Read event 664 of the same minute, and ask for the person with /pwsync user."},
	},
	{
		ID: "push-staging", Group: GroupPush, Fault: true, Owner: OwnerConnect,
		Title: "The push was refused: this server is in staging mode",
		Check: "staging-mode",
		Next:  []string{"Push on the active server."},
	},
	{
		ID: "push-disabled", Group: GroupPush, Fault: true, Owner: OwnerConnect,
		Title: "The push was refused: the channel of the connector is disabled",
		Check: "channel-disabled",
		Next:  []string{"Enable password hash synchronization for that forest first, by running the wizard."},
	},
	{
		ID: "push-not-a-user", Group: GroupPush, Fault: true, Owner: OwnerHelpdesk,
		Title: "The push was refused: the object is not a user",
		Check: "not-a-user-object",
		Next:  []string{"Check the name: only objects of class user have a hash that can be synchronized."},
	},
	{
		ID: "push-connector-not-found", Group: GroupPush, Fault: true, Owner: OwnerConnect,
		Title: "The push was refused: there is no AD connector of that name",
		Check: "no-ad-connector",
		Next:  []string{"List the connectors with Get-ADSyncConnector and use the name of the one for the person's forest."},
	},
}

// exportCauses is why an object was refused by Microsoft Entra ID.
var exportCauses = []Cause{
	{
		ID: "export-duplicate-value", Group: GroupExport, Fault: true, Owner: OwnerAD,
		Title: "Another object already has the address or name",
		Check: "export-error",
		Next:  []string{"Find the other object with the same userPrincipalName or proxyAddresses, and give the value to one of them only."},
	},
	{
		ID: "export-soft-match-refused", Group: GroupExport, Fault: true, Owner: OwnerEntra,
		Title: "An object with the same address exists but may not be matched",
		Check: "export-error",
		Next:  []string{"Compare the two: the one in the cloud has another source anchor, another type or an admin role. Remove the hindrance, then run a delta cycle."},
	},
	{
		ID: "export-hard-match-refused", Group: GroupExport, Fault: true, Owner: OwnerEntra,
		Title: "An object with the same source anchor exists but may not be taken over",
		Check: "export-error",
		Next:  []string{"Check why hard match is blocked for the tenant or for that account, for example because it holds an admin role."},
	},
	{
		ID: "export-invalid-data", Group: GroupExport, Fault: true, Owner: OwnerAD,
		Title: "A value of the object is not valid in the cloud",
		Check: "export-error",
		Next:  []string{"Mend the value that the error names in AD: forbidden characters, a suffix that is not verified, a malformed address. IdFix finds them."},
	},
	{
		ID: "export-object-too-large", Group: GroupExport, Fault: true, Owner: OwnerAD,
		Title: "The object has more values than the cloud allows",
		Check: "export-error",
		Next:  []string{"Remove values from the attribute that the error names: most often userCertificate, userSMIMECertificate, thumbnailPhoto or proxyAddresses."},
	},
	{
		ID: "export-type-mismatch", Group: GroupExport, Fault: true, Owner: OwnerEntra,
		Title: "An object of another type has the same address",
		Check: "export-error",
		Next:  []string{"Find the group or contact in the cloud with that address and change or remove it."},
	},
	{
		ID: "export-federated-change", Group: GroupExport, Fault: true, Owner: OwnerEntra,
		Title: "The sign-in name moves between federated domains, which the cloud refuses",
		Check: "export-error",
		Next:  []string{"Give the person a name in the onmicrosoft.com domain first, run a cycle, then the final one, and run it again."},
	},
	{
		ID: "export-admin-conflict", Group: GroupExport, Fault: true, Owner: OwnerEntra,
		Title: "A cloud administrator with the same name may not be matched",
		Check: "export-error",
		Next:  []string{"Take the role away for the moment, remove the quarantined twin, run a cycle, then give the role back."},
	},
}

// signInCauses is why the sign-in of a person failed although the password may
// have arrived.
var signInCauses = []Cause{
	{
		ID: "sign-in-wrong-password", Group: GroupSignIn, Fault: true, Owner: OwnerHelpdesk,
		Title: "The name or password typed was wrong",
		Check: "sign-in-fails-elsewhere",
		Next:  []string{"Ask with /pwsync user whether the newest password has arrived. If so, let the person type it slowly, and look for a device with the old one stored."},
	},
	{
		ID: "sign-in-account-locked", Group: GroupSignIn, Fault: true, Owner: OwnerHelpdesk,
		Title: "Smart lockout holds the account back",
		Check: "sign-in-fails-elsewhere",
		Next:  []string{"Find the device that keeps trying an old password. The lock ends by itself after a minute, longer when it repeats."},
	},
	{
		ID: "sign-in-password-expired", Group: GroupSignIn, Fault: true, Owner: OwnerHelpdesk,
		Title: "The password has expired in the cloud",
		Check: "sign-in-fails-elsewhere",
		Next:  []string{"Let the person change it in the domain; check the policy for password expiry of synchronized people in the tenant."},
	},
	{
		ID: "sign-in-account-disabled", Group: GroupSignIn, Fault: true, Owner: OwnerHelpdesk,
		Title: "The account is blocked for sign-in in the cloud",
		Check: "sign-in-fails-elsewhere",
		Next:  []string{"Check whether it is disabled in AD; if it is enabled there, wait for one cycle of object synchronization or see who blocked it in the cloud."},
	},
	{
		ID: "sign-in-user-unknown", Group: GroupSignIn, Fault: true, Owner: OwnerHelpdesk,
		Title: "No account with that sign-in name exists in the tenant",
		Check: "sign-in-fails-elsewhere",
		Next:  []string{"Compare what the person types with the userPrincipalName in the cloud, and check that the person is synchronized at all."},
	},
	{
		ID: "sign-in-blocked-by-policy", Group: GroupSignIn, Fault: true, Owner: OwnerEntra,
		Title: "A Conditional Access policy blocks the sign-in",
		Check: "sign-in-fails-elsewhere",
		Next:  []string{"The password was right. The sign-in log names the policy; decide whether the person's place or device should pass it."},
	},
}
