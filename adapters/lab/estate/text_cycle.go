package estate

import (
	"fmt"
	"strings"
)

const unavailable = "<not available>"

func textManagerStarted(f *Forest) string {
	return "Password Hash Synchronization Manager has started for forest: " + f.FQDN + "." + forestInfo(f)
}

func textServiceStopped(f *Forest) string {
	return "Password Hash Synchronization service has stopped." + forestInfo(f)
}

func textWorkerDied(f *Forest) string {
	return "A worker thread of password hash synchronization ended with an exception. Details: System.Threading.ThreadAbortException: Thread was being aborted." + forestInfo(f)
}

func textFirstFullSync() string {
	return "Password hash synchronization is paused because the first full synchronization of the directory has not completed."
}

func textFIPS() string {
	return "Password hash synchronization agent failed to create a key for decryption. If Federal Information Processing Standards (FIPS) policy is enabled, the engine has to be exempt from it. Details: System.InvalidOperationException: This implementation is not part of the Windows Platform FIPS validated cryptographic algorithms."
}

func textStateNotStored(d *Domain) string {
	return fmt.Sprintf("Unable to store password hash synchronization cycle state: Successful for domain: %s. Details: System.Data.SqlClient.SqlException: Could not allocate space for object 'dbo.mms_partition' in database 'ADSync' because the 'PRIMARY' filegroup is full.", d.FQDN)
}

func textScheduler(what string) string {
	if what == "started" {
		return "Import/Sync/Export cycle started (Delta)."
	}
	return "Scheduler::SchedulerThreadMain : Completed configured scheduler operations. Finished."
}

func textRunCredentials(connector string) string {
	return fmt.Sprintf("The management agent %q failed on run profile \"Delta Import\" because the credentials were invalid.", connector)
}

func textRunConnection(connector string) string {
	return fmt.Sprintf("The management agent %q failed on run profile \"Delta Import\" because the connection could not be made.", connector)
}

func textRunErrors(connector string) string {
	return fmt.Sprintf("The management agent %q step execution completed on run profile \"Export\" with errors.", connector)
}

func textRunFailed(connector, result string) string {
	return fmt.Sprintf("The management agent %q failed on run profile \"Export\" with the result %s.", connector, result)
}

func textOdd() string {
	return "The agent came across something that it has no words for, and went on. Reference: 7Q-4411."
}

// failedCycle is the text of the 611 that a cycle of the domain ends with;
// empty where nothing is in its way. The first obstacle counts.
func failedCycle(n *nodeCondition, fc *forestCondition, dc *domainCondition, d *Domain) string {
	first := d.DCs[0]
	switch {
	case dc.ldapDown:
		return failure611(d, nil, notLocated(d, "Domain.GetDomain"))
	case dc.preferred:
		return failure611(d, nil, notLocated(d, "DirectoryUtility.FindPreferredDC"))
	case fc.account != accountFine:
		return failure611(d, nil, bindFailed(d, fc.account))
	case dc.rpcDown:
		return failure611(d, nil, noRPC(d, first))
	case dc.rightMissing != "" || dc.denied:
		return failure611(d, &first, getChanges(8453, "Replication access was denied."))
	case n.fips:
		return failure611(d, &first, exceptionSync+": Delta synchronization task failed. ---> System.Security.Cryptography.CryptographicException: The hash algorithm is not available under the current policy.")
	case dc.failure == failureOutbound:
		return failure611(d, &first, getChanges(8456, "The source server is currently rejecting replication requests."))
	case dc.failure == failureDatabase:
		return failure611(d, &first, getChanges(8451, "The replication operation encountered a database error."))
	}
	return ""
}

// Other kinds of failure that a domain controller can answer with.
const (
	failureOutbound = "outbound-replication-disabled"
	failureDatabase = "database-error"
)

const (
	exceptionSync = "Microsoft.Online.PasswordSynchronization.SynchronizationManagerException"
	exceptionDRS  = "Microsoft.Online.PasswordSynchronization.DirectoryReplicationServices.Drs"
)

// failure611 wraps details in the head of a 611; a domain controller that was
// never reached is not named there.
func failure611(d *Domain, dc *DC, details string) string {
	host, address := unavailable, unavailable
	if dc != nil {
		host, address = dc.Host, dc.Address
	}
	return fmt.Sprintf("Password hash synchronization failed for domain: %s, domain controller hostname: %s, domain controller IP address: %s. Details: %s%s",
		d.FQDN, host, address, details, forestInfo(d.Forest))
}

func stack(frames ...string) string {
	var b strings.Builder
	for _, f := range frames {
		b.WriteString("\r\n   at Microsoft.Online.PasswordSynchronization." + f)
	}
	return b.String()
}

func getChanges(code int, words string) string {
	return fmt.Sprintf("%s: Delta synchronization task failed. ---> %sException: RPC Error %d : %s There was an error calling _IDL_DRSGetNCChanges.", exceptionSync, exceptionDRS, code, words) +
		stack("DirectoryReplicationServices.DrsRpcConnection.OnGetChanges(ReplicationState syncState)",
			"DirectoryReplicationServices.DrsConnection.GetChanges(ReplicationState replicationState)",
			"DeltaSynchronizationTask.SynchronizeCredentialsToCloud()")
}

func noRPC(d *Domain, dc DC) string {
	where := fmt.Sprintf("Domain controller hostname: %s, domain controller IP address: %s", dc.Host, dc.Address)
	return fmt.Sprintf("%s: Unable to open connection to domain: %s. Error: There was an error establishing a connection to the directory replication service. %s ---> %sCommunicationException: There was an error establishing a connection to the directory replication service. %s ---> %sException: There was an error creating the connection context. ---> %sCommunicationException: RPC Error 1722 : The RPC server is unavailable. Error creating the RPC binding handle",
		exceptionSync, d.FQDN, where, exceptionDRS, where, exceptionDRS, exceptionDRS)
}

func notLocated(d *Domain, by string) string {
	frame := "DirectoryUtility.FindPreferredDC(String domain, ICollection`1 preferredDCs)"
	if by != "DirectoryUtility.FindPreferredDC" {
		frame = "DirectoryReplicationServices.Domain.GetDomain(DirectoryContext context)"
	}
	return fmt.Sprintf("%s: Unable to open connection to domain: %s. Error: An exception occurred while attempting to locate a domain controller for domain %s. ---> System.DirectoryServices.ActiveDirectory.ActiveDirectoryObjectNotFoundException: The specified domain does not exist or cannot be contacted.", exceptionSync, d.FQDN, d.FQDN) +
		stack(frame, "DirectoryReplicationServices.DrsConnection.ResolveDomainController(String domain)")
}

// bindWords is what AD answers to the connector account.
var bindWords = map[accountTrouble]string{
	accountRejected:        "The user name or password is incorrect.",
	accountDisabled:        "This user can't sign in because this account is currently disabled.",
	accountLocked:          "The referenced account is currently locked out and may not be logged on to.",
	accountExpired:         "The user's account has expired.",
	accountPasswordExpired: "The password for this account has expired.",
	accountMustChange:      "The user's password must be changed before signing in.",
}

func bindFailed(d *Domain, why accountTrouble) string {
	words := bindWords[why]
	return fmt.Sprintf("%s: Unable to open connection to domain: %s. Error: An exception occurred while attempting to locate a domain controller for domain %s. ---> System.Security.Authentication.AuthenticationException: %s ---> System.DirectoryServices.DirectoryServicesCOMException: %s\r\n   at System.DirectoryServices.DirectoryEntry.Bind(Boolean throwIfFail)", exceptionSync, d.FQDN, d.FQDN, words, words) +
		stack("DirectoryReplicationServices.DrsConnection.ResolveDomainController(String domain)")
}
