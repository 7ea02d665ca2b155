package cause

// cycleCauses is what stops the agent from reading the password changes of a
// domain (events 611 and 612), other than a code of its own.
var cycleCauses = []Cause{
	{
		ID: "connector-account-bind-failed", Group: GroupCycle, Fault: true, Owner: OwnerAD,
		Title: "AD refuses the name or password of the connector account",
		Check: "connector-account-rejected",
		Next: []string{
			"Look up which account the AD connector uses: Synchronization Service Manager, Connectors, Properties, Connect to Active Directory Forest.",
			"Reset its password in AD, enter the new one on that page, then restart the ADSync service.",
		},
	},
	{
		ID: "connector-account-disabled", Group: GroupCycle, Fault: true, Owner: OwnerAD,
		Title: "The connector account is disabled in AD",
		Check: "connector-account-disabled",
		Next:  []string{"Enable the account that the AD connector uses, and find out what disabled it before it happens again."},
	},
	{
		ID: "connector-account-locked", Group: GroupCycle, Fault: true, Owner: OwnerAD,
		Title: "The connector account is locked out in AD",
		Check: "connector-account-locked",
		Next: []string{
			"Find the machine that keeps trying an old password: event 4740 on the PDC emulator names it.",
			"Unlock the account once that machine is silent.",
		},
	},
	{
		ID: "connector-account-expired", Group: GroupCycle, Fault: true, Owner: OwnerAD,
		Title: "The connector account, or its password, has expired",
		Check: "connector-account-expired",
		Next: []string{
			"Clear the expiry date of the account and set its password to never expire.",
			"If the password was renewed, enter the new one in the connector's properties under Connect to Active Directory Forest.",
		},
	},
	{
		ID: "dc-not-located", Group: GroupCycle, Fault: true, Owner: OwnerNetwork,
		Title: "No domain controller could be located for the domain",
		Check: "domain-ldap-unreachable",
		Next: []string{
			"On the Connect server run: nltest /dsgetdc:<domain> /force",
			"Check DNS service records, sites and TCP and UDP 53, 88 and 389 to the domain controllers; if preferred ones are set, check that they still exist.",
		},
	},
	{
		ID: "dc-not-resolved", Group: GroupCycle, Fault: true, Owner: OwnerNetwork,
		Title: "The name of a domain controller does not resolve",
		Check: "domain-ldap-unreachable",
		Next: []string{
			"On the Connect server run: Resolve-DnsName <domain controller>, both by name and by address.",
			"Mend the host and reverse records of the domain controller, or the DNS servers and conditional forwarders that the Connect server uses.",
		},
	},
	{
		ID: "ldap-failed", Group: GroupCycle, Fault: true, Owner: OwnerAD,
		Title: "The domain controller failed or refused an LDAP operation",
		Check: "domain-ldap-unreachable",
		Next: []string{
			"Check that TCP 389 on the domain controller answers from the Connect server and that the directory service there is healthy (dcdiag).",
			"If it began after hardening, look at LDAP signing and channel binding.",
		},
	},
	{
		ID: "kerberos-clock-skew", Group: GroupCycle, Fault: true, Owner: OwnerConnect,
		Title: "The clocks of the Connect server and the domain controller are too far apart",
		Check: "clock-skew",
		Next:  []string{"Compare the clocks with w32tm /stripchart /computer:<domain controller>, then mend the time source of the one that is off."},
	},
	{
		ID: "fips-blocks-md5", Group: GroupCycle, Fault: true, Owner: OwnerConnect,
		Title: "The FIPS policy forbids MD5, so hashes cannot be decrypted",
		Check: "fips-blocks-md5",
		Next: []string{
			"In miiserver.exe.config of the Connect server set enforceFIPSPolicy to false inside the runtime element.",
			"Restart the ADSync service.",
		},
	},
	{
		ID: "engine-internal", Group: GroupCycle, Fault: true, Owner: OwnerConnect,
		Title: "The engine could not read or update its own list of retries",
		Check: "cycle-failing",
		Next: []string{
			"Restart the ADSync service and watch the next cycles.",
			"If it returns, check the health and free space of the synchronization database, then open a support case with the event text.",
		},
	},
	{
		ID: "engine-old-defect", Group: GroupCycle, Fault: true, Owner: OwnerConnect,
		Title: "A defect that later builds of Connect have mended",
		Check: "version-below-minimum",
		Next:  []string{"Update Microsoft Entra Connect Sync to a current build."},
	},
	{
		ID: "cycle-interrupted", Group: GroupCycle, Fault: true, Transient: true, Owner: OwnerConnect,
		Title: "The cycle was interrupted while the agent was stopping",
		Check: "cycle-failing",
		Next:  []string{"See whether someone stopped the ADSync service or the channel at that time; the next cycle continues where this one ended."},
	},
	{
		ID: "domain-sync-failed", Group: GroupCycle, Fault: true, Vague: true, Owner: OwnerConnect,
		Title: "Password changes of a domain could not be read from AD",
		Check: "cycle-failing",
		Next: []string{
			"Read the last exception of the event's details: the text after the final arrow is the cause.",
			"Paste the whole event here to have it classified; five such events within two hours mean that it will not mend itself.",
		},
	},
}
