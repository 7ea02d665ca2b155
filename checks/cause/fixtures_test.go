package cause_test

import "strings"

// The texts of these fixtures are our own, in the shapes that servers write.

const (
	phs     = "Directory Synchronization"
	guidA   = "6f0c2a8e-91b4-4d57-8a3c-0e5b7d2f9a11"
	guidB   = "c3d4e5f6-1111-4222-9333-a4b5c6d7e8f9"
	ns      = "Microsoft.Online.PasswordSynchronization."
	drs     = ns + "DirectoryReplicationServices."
	coexist = "Microsoft.Online.Coexistence."
	tail    = "\nMore information about how to troubleshoot Password Hash Sync is at https://go.example/?linkid=1"
)

func info(forest, connector string) string {
	return "\n<forest-info>\n  <partition-name>" + forest + "</partition-name>\n  <connector-id>" + connector + "</connector-id>\n</forest-info>"
}

// cycle611 is a 611 whose details are the given exception.
func cycle611(domain, details string) string {
	return "Password hash synchronization failed for domain: " + domain +
		", domain controller hostname: <not available>, domain controller IP address: <not available>. Details: " + details + tail
}

// rpc is the chain around an RPC error, with its stack.
func rpc(code, sentence string) string {
	return ns + "SynchronizationManagerException: Unable to open connection to domain: example.test. Error: could not talk. " +
		"Domain controller hostname: dc7.example.test, domain controller IP address: 10.9.8.7 ---> " +
		drs + "DrsException: The connection context could not be made. ---> " +
		drs + "DrsCommunicationException: RPC Error " + code + " : " + sentence + ". Something about a binding\r\n" +
		"   at " + drs + "DrsRpcConnection.OnGetChanges(ReplicationState syncState)\r\n" +
		"   --- End of inner exception stack trace ---\r\n" +
		"   at " + ns + "SynchronizationManager.SynchronizeDomain(SynchronizationExecutionContext context)"
}

// thrown is a chain whose innermost message says nothing, thrown below frames.
func thrown(message string, frames ...string) string {
	return ns + "SynchronizationManagerException: Unable to open connection to domain: example.test. ---> " +
		"System.Exception: " + message + "\r\n   at " + strings.Join(frames, "()\r\n   at ") + "()"
}

func failed652(detail string) string {
	return "Failed credential provisioning batch. Clearing affinity to the current service endpoint: https://adminwebservice.example/x.  Error: " + detail + "." + info("EXAMPLE.TEST", guidA)
}

func provision(code string) string {
	return coexist + "ProvisionException: An error occurred. Error Code: " + code +
		". Error Description: some words of the service. Tracking ID: " + guidB + " Server Name: SRV1. ---> " +
		"System.ServiceModel.FaultException`1[" + coexist + "Schema.AdminWebServiceFault]: the same words again"
}

// viewer is an event as Event Viewer copies it.
func viewer(id, source, text string) string {
	return "Log Name:      Application\r\nSource:        " + source + "\r\nDate:          8/14/2025 3:12:45 PM\r\nEvent ID:      " + id +
		"\r\nTask Category: None\r\nLevel:         Error\r\nKeywords:      Classic\r\nUser:          N/A\r\nComputer:      sync1.example.test\r\nDescription:\r\n" + text + "\r\n"
}
