package cause

// rpcCauses is what goes wrong between the Connect server and a domain
// controller below replication itself: the RPC layer and the machine behind it.
var rpcCauses = []Cause{
	{
		ID: "rpc-server-unavailable", Group: GroupCycle, Fault: true, Owner: OwnerNetwork,
		Title: "The domain controller does not answer RPC",
		Check: "domain-rpc-unreachable",
		Next: []string{
			"From the Connect server run: Test-NetConnection <domain controller> -Port 135",
			"Open TCP 135 and 49152-65535 from the Connect server to every domain controller that may be used, and check that its name resolves to its present address.",
		},
	},
	{
		ID: "rpc-server-too-busy", Group: GroupCycle, Fault: true, Transient: true, Owner: OwnerAD,
		Title: "The domain controller is too busy to answer RPC",
		Check: "cycle-failing",
		Next:  []string{"Look at the load of that domain controller; if it stays, let the connector prefer another one."},
	},
	{
		ID: "rpc-call-failed", Group: GroupCycle, Fault: true, Owner: OwnerNetwork,
		Title: "An RPC call was cut while it ran",
		Check: "domain-rpc-unreachable",
		Next:  []string{"Look for a firewall or inspection device that drops long or idle connections between the Connect server and the domain controller."},
	},
	{
		ID: "rpc-call-failed-dne", Group: GroupCycle, Fault: true, Owner: OwnerNetwork,
		Title: "An RPC call was cut before it started",
		Check: "domain-rpc-unreachable",
		Next:  []string{"Look for a firewall or inspection device that resets connections to the dynamic RPC ports of the domain controller."},
	},
	{
		ID: "rpc-protocol-error", Group: GroupCycle, Fault: true, Owner: OwnerNetwork,
		Title: "RPC was garbled on its way",
		Check: "domain-rpc-unreachable",
		Next:  []string{"Exempt the traffic between the Connect server and the domain controllers from RPC inspection and WAN acceleration."},
	},
	{
		ID: "rpc-endpoint-not-registered", Group: GroupCycle, Fault: true, Owner: OwnerNetwork,
		Title: "The domain controller answers on port 135 but offers no replication endpoint",
		Check: "domain-rpc-unreachable",
		Next: []string{
			"Check that the directory service of the domain controller is running and was not just restarted.",
			"Open the dynamic ports 49152-65535 from the Connect server.",
		},
	},
	{
		ID: "rpc-bad-stub-data", Group: GroupCycle, Fault: true, Owner: OwnerAD,
		Title: "The domain controller received damaged RPC data",
		Check: "cycle-failing",
		Next:  []string{"Bring the domain controller and the Connect server to current patches; if it stays, capture the traffic for a device that alters it."},
	},
	{
		ID: "rpc-call-cancelled", Group: GroupCycle, Fault: true, Owner: OwnerNetwork,
		Title: "An RPC call took too long and was given up",
		Check: "domain-rpc-unreachable",
		Next:  []string{"Measure the link to the domain controller; let the connector prefer one that is near the Connect server."},
	},
	{
		ID: "rpc-security-package-error", Group: GroupCycle, Fault: true, Owner: OwnerAD,
		Title: "Kerberos or NTLM failed between the Connect server and the domain controller",
		Check: "cycle-failing",
		Next: []string{
			"Compare both clocks, then check service principal names, permitted encryption types and whether NTLM was switched off.",
			"The Security and System logs of the domain controller name the reason at the same minute.",
		},
	},
	{
		ID: "rpc-access-denied", Group: GroupCycle, Fault: true, Owner: OwnerAD,
		Title: "The domain controller refuses the call before replication rights are asked",
		Check: "cycle-failing",
		Next: []string{
			"Look for a policy that restricts remote calls to SAM or RPC clients, or denies the connector account network logon.",
			"Exempt the connector account and let the policy reach the domain controllers.",
		},
	},
	{
		ID: "rpc-invalid-handle", Group: GroupCycle, Fault: true, Transient: true, Owner: OwnerConnect,
		Title: "An RPC connection was lost",
		Check: "cycle-failing",
		Next:  []string{"Wait for the next cycle; if it keeps happening, restart the ADSync service."},
	},
	{
		ID: "rpc-out-of-memory", Group: GroupCycle, Fault: true, Owner: OwnerConnect,
		Title: "Memory ran out during an RPC call",
		Check: "cycle-failing",
		Next:  []string{"Check free memory on the Connect server and on the domain controller that the event names."},
	},
	{
		ID: "rpc-bad-network-response", Group: GroupCycle, Fault: true, Owner: OwnerNetwork,
		Title: "The network does not carry the call to the domain controller",
		Check: "domain-rpc-unreachable",
		Next:  []string{"Check routes and firewalls between the Connect server and the domain controller, and that the address belongs to it."},
	},
	{
		ID: "rpc-disk-failed", Group: GroupCycle, Fault: true, Owner: OwnerAD,
		Title: "A disk operation failed on the domain controller",
		Check: "cycle-failing",
		Next:  []string{"Check the disks and the System log of that domain controller; let the connector prefer another one meanwhile."},
	},
	{
		ID: "rpc-server-memory", Group: GroupCycle, Fault: true, Owner: OwnerAD,
		Title: "The domain controller has too little memory for the request",
		Check: "cycle-failing",
		Next:  []string{"Check memory on that domain controller; let the connector prefer another one meanwhile."},
	},
	{
		ID: "rpc-no-system-resources", Group: GroupCycle, Fault: true, Owner: OwnerAD,
		Title: "System resources ran out during the call",
		Check: "cycle-failing",
		Next:  []string{"Check handles, ports and memory on the Connect server and on the domain controller that the event names."},
	},
	{
		ID: "rpc-failed", Group: GroupCycle, Fault: true, Vague: true, Owner: OwnerNetwork,
		Title: "The replication connection to the domain controller failed",
		Check: "cycle-failing",
		Next: []string{
			"From the Connect server test TCP 135 and the dynamic ports of the domain controller that the event names.",
			"On that domain controller run: dcdiag /v",
		},
	},
}

// replicationCauses is what the domain controller itself answers to the
// replication request.
var replicationCauses = []Cause{
	{
		ID: "replication-access-denied", Group: GroupCycle, Fault: true, Owner: OwnerAD,
		Title: "The connector account may not replicate password hashes from the domain",
		Check: "replication-rights-missing",
		Next: []string{
			"On the root of that domain grant the connector account both Replicating Directory Changes and Replicating Directory Changes All, and look for a Deny.",
			"Wait until the change has replicated to the domain controller in use; no restart is needed.",
		},
	},
	{
		ID: "replication-object-not-found", Group: GroupCycle, Fault: true, Transient: true, Owner: OwnerAD,
		Title: "A person on the retry list is no longer in AD",
		Check: "cycle-failing",
		Next:  []string{"Usually it ends by itself after the next import; if it stays, look for people deleted or moved out of the domain."},
	},
	{
		ID: "replication-partition-not-found", Group: GroupCycle, Fault: true, Owner: OwnerAD,
		Title: "The domain controller does not hold the domain that was asked for",
		Check: "cycle-failing",
		Next:  []string{"Check whether that machine was demoted or moved to another domain, and whether preferred domain controllers point to it."},
	},
	{
		ID: "replication-bad-dn", Group: GroupCycle, Fault: true, Owner: OwnerAD,
		Title: "The domain controller rejects the name of the domain to replicate",
		Check: "cycle-failing",
		Next:  []string{"Check whether the domain was renamed or removed and refresh the partitions of the connector; domain controllers older than Windows Server 2008 also answer this."},
	},
	{
		ID: "replication-out-of-memory", Group: GroupCycle, Fault: true, Owner: OwnerAD,
		Title: "The domain controller ran out of memory while replicating",
		Check: "cycle-failing",
		Next:  []string{"Check memory on that domain controller; let the connector prefer another one meanwhile."},
	},
	{
		ID: "replication-database-error", Group: GroupCycle, Fault: true, Owner: OwnerAD,
		Title: "The directory database of the domain controller is damaged",
		Check: "cycle-failing",
		Next:  []string{"Read the Directory Service log of that domain controller and repair or rebuild it; let the connector prefer another one meanwhile."},
	},
	{
		ID: "replication-source-disabled", Group: GroupCycle, Fault: true, Owner: OwnerAD,
		Title: "The domain controller has outbound replication switched off",
		Check: "cycle-failing",
		Next: []string{
			"Find out why before you change it: it may protect the forest after a restored snapshot. See the Directory Service log.",
			"Then run: repadmin /options <domain controller> -DISABLE_OUTBOUND_REPL",
		},
	},
	{
		ID: "replication-partial-replica", Group: GroupCycle, Fault: true, Owner: OwnerAD,
		Title: "The domain controller holds only a partial copy of the domain",
		Check: "cycle-failing",
		Next:  []string{"Let the connector prefer writable domain controllers of that very domain: no read-only one, no global catalog of another domain."},
	},
	{
		ID: "replication-epoch-mismatch", Group: GroupCycle, Fault: true, Owner: OwnerAD,
		Title: "A domain rename is under way or was never finished",
		Check: "cycle-failing",
		Next:  []string{"Finish the rename (rendom /clean), and update Connect if its build is very old."},
	},
	{
		ID: "replication-lingering-objects", Group: GroupCycle, Fault: true, Owner: OwnerAD,
		Title: "The domain controller holds lingering objects",
		Check: "cycle-failing",
		Next:  []string{"Remove them with repadmin /removelingeringobjects; let the connector prefer a healthy domain controller meanwhile."},
	},
	{
		ID: "replication-tombstone-exceeded", Group: GroupCycle, Fault: true, Owner: OwnerAD,
		Title: "The domain controller has not replicated for longer than the tombstone lifetime",
		Check: "cycle-failing",
		Next:  []string{"Demote and rebuild that domain controller; let the connector prefer a healthy one meanwhile."},
	},
}
