package cause

// channelCauses is the agent that carries hashes: its starts and stops, full
// synchronizations, retries and its attempts to heal itself.
var channelCauses = []Cause{
	{
		ID: "channel-started", Group: GroupChannel, Owner: OwnerConnect,
		Title: "The password hash synchronization agent has started for a forest",
		Next:  []string{"Nothing to do: the first cycle follows within minutes."},
	},
	{
		ID: "channel-stopped", Group: GroupChannel, Fault: true, Owner: OwnerConnect,
		Title: "The password hash synchronization agent has stopped",
		Check: "channel-stopped",
		Next: []string{
			"See whether event 601 follows: then it was a restart, and all is well.",
			"If not, check that the ADSync service runs and that password hash synchronization is enabled for that connector.",
		},
	},
	{
		ID: "channel-crashed", Group: GroupChannel, Fault: true, Owner: OwnerConnect,
		Title: "The password hash synchronization agent ended with a critical error",
		Check: "channel-stopped",
		Next: []string{
			"Restart the ADSync service and look for event 601.",
			"If it ends again, open a support case with the text of the event.",
		},
	},
	{
		ID: "channel-task-failed", Group: GroupChannel, Fault: true, Owner: OwnerConnect,
		Title: "A task of the password hash synchronization agent failed",
		Check: "channel-stopped",
		Next:  []string{"Look for event 611 or 652 in the same minute: it names the reason. If there is none, restart the ADSync service."},
	},
	{
		ID: "channel-not-started", Group: GroupChannel, Fault: true, Owner: OwnerConnect,
		Title: "The password hash synchronization agent could not start",
		Check: "channel-stopped",
		Next:  []string{"Read the last exception of the event, mend its cause, then restart the ADSync service and look for event 601."},
	},
	{
		ID: "channel-stop-slow", Group: GroupChannel, Fault: true, Owner: OwnerConnect,
		Title: "The password hash synchronization agent did not stop in time",
		Check: "channel-stopped",
		Next:  []string{"Look for event 601 afterwards; if there is none, restart the ADSync service."},
	},
	{
		ID: "channel-restarted-running", Group: GroupChannel, Transient: true, Owner: OwnerConnect,
		Title: "The agent was started while it was still running",
		Next:  []string{"Nothing to do when event 601 or 663 follows."},
	},
	{
		ID: "channel-worker-crashed", Group: GroupChannel, Fault: true, Owner: OwnerConnect,
		Title: "A worker thread of the password hash synchronization agent died",
		Check: "channel-stopped",
		Next:  []string{"Restart the ADSync service and look for event 601; if it dies again, open a support case with the text of the event."},
	},
	{
		ID: "channel-alive", Group: GroupChannel, Owner: OwnerConnect,
		Title: "The password hash synchronization agent says that it is alive",
		Next:  []string{"Nothing to do, but it does not prove that hashes arrive: look for events 654 or 657 too."},
	},
	{
		ID: "channel-paused-staging", Group: GroupChannel, Fault: true, Owner: OwnerConnect,
		Title: "The agent is paused because this server is in staging mode",
		Check: "staging-mode",
		Next: []string{
			"Check which server is meant to be the active one: on that one nothing of this kind should be written.",
			"Only if this server is to take over: run the wizard, Configure staging mode, and clear it.",
		},
	},
	{
		ID: "first-full-sync-unfinished", Group: GroupChannel, Fault: true, Owner: OwnerConnect,
		Title: "The agent waits for the first full synchronization of the directory",
		Check: "first-full-sync-unfinished",
		Next: []string{
			"Let the first full import and full synchronization of every connector finish; see Operations in Synchronization Service Manager.",
			"If none is running, start one: Start-ADSyncSyncCycle -PolicyType Initial",
		},
	},
	{
		ID: "preferred-dc-failed", Group: GroupChannel, Fault: true, Owner: OwnerAD,
		Title: "A preferred domain controller does not answer",
		Check: "preferred-dcs-unreachable",
		Next: []string{
			"Compare the list with the domain controllers that exist: Connectors, Properties, Configure Directory Partitions, per domain.",
			"After a change restart the ADSync service.",
		},
	},
	{
		ID: "full-sync-started", Group: GroupChannel, Owner: OwnerConnect,
		Title: "A full password hash synchronization of a forest has started",
		Next:  []string{"Let it finish; event 619 shows how far it is and 623 its end."},
	},
	{
		ID: "full-sync-domain-started", Group: GroupChannel, Owner: OwnerConnect,
		Title: "A full password hash synchronization of a domain has started",
		Next:  []string{"Let it finish; event 619 shows how far it is and 622 its end."},
	},
	{
		ID: "full-sync-progress", Group: GroupChannel, Owner: OwnerConnect,
		Title: "A full password hash synchronization of a domain is under way",
		Next:  []string{"Let it finish: the second number climbs towards the first one."},
	},
	{
		ID: "full-sync-failed", Group: GroupChannel, Fault: true, Owner: OwnerConnect,
		Title: "A full password hash synchronization could not be started",
		Check: "cycle-failing",
		Next:  []string{"Wait until no run profile is active (Get-ADSyncConnectorRunStatus shows nothing), then ask for it again."},
	},
	{
		ID: "full-sync-domain-done", Group: GroupChannel, Owner: OwnerConnect,
		Title: "A full password hash synchronization of a domain is complete",
		Next:  []string{"Look at the number of retries and filtered objects that the event gives; the rest has arrived."},
	},
	{
		ID: "full-sync-done", Group: GroupChannel, Owner: OwnerConnect,
		Title: "A full password hash synchronization of a forest is complete",
		Next:  []string{"Nothing to do."},
	},
	{
		ID: "retry-queued", Group: GroupChannel, Fault: true, Transient: true, Owner: OwnerConnect,
		Title: "Password changes of these people failed and will be tried again",
		Check: "last-attempt-failed",
		Next:  []string{"Read the status behind each name. Ask for one of the people with /pwsync user if it is still there after an hour."},
	},
	{
		ID: "retry-dequeued", Group: GroupChannel, Owner: OwnerConnect,
		Title: "People left the list of password changes to try again",
		Next:  []string{"Nothing to do."},
	},
	{
		ID: "filtered", Group: GroupChannel, Owner: OwnerHelpdesk,
		Title: "Passwords of these people were left out on purpose",
		Check: "temporary-password",
		Next: []string{
			"Most often it is a temporary password: let the person change it on a machine in the domain, then it follows within minutes.",
			"To carry temporary passwords to the cloud, the feature ForcePasswordChangeOnLogOn must be on.",
		},
	},
	{
		ID: "pwdlastset-only", Group: GroupChannel, Owner: OwnerConnect,
		Title: "Objects changed their last-set date without a new password",
		Next:  []string{"Nothing to do: there was no new hash to send."},
	},
	{
		ID: "single-push-failed", Group: GroupChannel, Fault: true, Owner: OwnerConnect,
		Title: "Sending one person's hash by hand failed",
		Check: "last-attempt-failed",
		Next:  []string{"Read the last exception of the event, or ask for the person with /pwsync user: the same cause stops the automatic way."},
	},
	{
		ID: "health-task-failed", Group: GroupChannel, Fault: true, Transient: true, Owner: OwnerConnect,
		Title: "The heartbeat failed on the Connect server before it was sent",
		Check: "heartbeat-missing",
		Next:  []string{"One is nothing; after five within two hours restart the ADSync service and read the last exception of the event."},
	},
	{
		ID: "self-heal-started", Group: GroupChannel, Fault: true, Transient: true, Owner: OwnerEntra,
		Title: "The agent found the tenant feature switched off and is switching it on",
		Check: "phs-feature-off",
		Next:  []string{"Look for event 661, then for 654. If it was switched off on purpose, disable the channel of every connector too, or the agent will turn it on again."},
	},
	{
		ID: "self-heal-ended", Group: GroupChannel, Owner: OwnerEntra,
		Title: "The agent's attempt to switch on the tenant feature has ended",
		Next:  []string{"Check the feature with Get-ADSyncAADCompanyFeature: the end of an attempt does not say that it worked."},
	},
	{
		ID: "domain-services-upload", Group: GroupChannel, Owner: OwnerConnect,
		Title: "Hashes for Entra Domain Services were handled",
		Next:  []string{"Nothing to do: it does not concern sign-in to Microsoft 365."},
	},
	{
		ID: "password-policy-sync", Group: GroupChannel, Owner: OwnerConnect,
		Title: "The password policy was synchronized",
		Next:  []string{"Nothing to do."},
	},
}
