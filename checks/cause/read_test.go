package cause_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/cause"
)

func TestCyclesAreClassifiedByTheInnermostException(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		policy, text, cause, code string
	}{
		{"RPC 8453 is a missing right", cycle611("example.test", rpc("8453", "Replication access was denied")), "replication-access-denied", "rpc:8453"},
		{"the old spelling has no space before the colon", "Password synchronization failed for domain: Example.test. Details: \r\n" + drs + "DrsException: RPC Error 8453: Replication access was denied. A call failed.\r\n   at " + drs + "DrsRpcConnection.OnGetChanges(ReplicationState s)", "replication-access-denied", "rpc:8453"},
		{"a code inside OnGetChanges is not invisible", cycle611("example.test", rpc("8456", "The source server rejects")), "replication-source-disabled", "rpc:8456"},
		{"an outer 8453 does not hide an inner 1722", cycle611("example.test", drs+"DrsException: RPC Error 8453 : denied. ---> "+drs+"DrsException: RPC Error 1722 : The RPC server is unavailable."), "rpc-server-unavailable", "rpc:1722"},
		{"a number beside the code decides nothing", cycle611("example.test", drs+"DrsException: RPC Error 1753 : no endpoint after 8453 tries."), "rpc-endpoint-not-registered", "rpc:1753"},
		{"the name does not resolve, said by the stack", cycle611("example.test", thrown("x", "A.DrsConnection.ReadServerGuids", "A.DrsConnection.CreateSourceDomainInformation")), "dc-not-resolved", ""},
		{"the host name does not resolve, said by the stack", cycle611("example.test", thrown("x", "System.Net.Dns.GetHostEntry", "A.DrsConnection.ResolveSourceHostName", "A.DrsConnection.CreateSourceDomainInformation")), "dc-not-resolved", ""},
		{"the host name does not resolve, said in words", cycle611("example.test", ns+"X: a ---> System.Net.Sockets.SocketException: No such host is known"), "dc-not-resolved", "win32:11001"},
		{"no preferred controller is found", cycle611("example.test", thrown("x", "A.DirectoryUtility.FindPreferredDC", "A.DrsConnection.ResolveDomainController")), "dc-not-located", ""},
		{"no controller is found by discovery", cycle611("example.test", thrown("x", "System.DirectoryServices.ActiveDirectory.Domain.GetDomain", "A.DrsConnection.ResolveDomainController")), "dc-not-located", ""},
		{"a refused bind while looking for a controller", cycle611("example.test", thrown("Falsches Kennwort", "System.DirectoryServices.DirectoryEntry.Bind", "System.DirectoryServices.ActiveDirectory.Domain.GetDomain", "A.DrsConnection.ResolveDomainController")), "connector-account-bind-failed", ""},
		{"a server that is down is not a wrong password", cycle611("example.test", thrown("The server is not operational.", "System.DirectoryServices.DirectoryEntry.Bind", "A.DrsConnection.ResolveDomainController")), "ldap-failed", "win32:8250"},
		{"wrong password in words", cycle611("example.test", ns+"X: a ---> System.DirectoryServices.DirectoryServicesCOMException: The user name or password is incorrect."), "connector-account-bind-failed", "win32:1326"},
		{"612 with a refused bind", "Failed to initialize synchronization context for domain: example.test. It will be retried. Details: " + thrown("x", "System.DirectoryServices.DirectoryEntry.Bind", "A.DirectoryUtility.GetDomainNamingContextInfo"), "connector-account-bind-failed", ""},
		{"a hidden reason of a bind: locked", cycle611("example.test", "System.DirectoryServices.Protocols.LdapException: 80090308: LdapErr: DSID-0, comment: AcceptSecurityContext error, data 775, v1"), "connector-account-locked", "ldap:49"},
		{"a hidden reason of a bind: disabled", cycle611("example.test", "System.DirectoryServices.Protocols.LdapException: LdapErr: AcceptSecurityContext error, data 533, v1"), "connector-account-disabled", "ldap:49"},
		{"an LDAP exception", cycle611("example.test", "System.DirectoryServices.Protocols.LdapException: The LDAP server is unavailable."), "ldap-failed", "ldap:52"},
		{"an LDAP operation", cycle611("example.test", "System.DirectoryServices.Protocols.DirectoryOperationException: nope"), "ldap-failed", ""},
		{"crypto is the FIPS policy", cycle611("example.test", "System.Security.Cryptography.CryptographicException: no"), "fips-blocks-md5", ""},
		{"the engine's list of retries", cycle611("example.test", thrown("x", "A.FimNotificationManager.GetRetryObjects")), "engine-internal", ""},
		{"updating the list of retries", cycle611("example.test", thrown("x", "A.FimNotificationManager.UpdateRetryStatus")), "engine-internal", ""},
		{"a defect of old builds", cycle611("example.test", "System.ArgumentOutOfRangeException: Not a valid Win32 FileTime."), "engine-old-defect", ""},
		{"a code that nobody knows is still an RPC failure", cycle611("example.test", drs+"DrsException: RPC Error 9999 : odd."), "rpc-failed", "rpc:9999"},
		{"the cloud can fail a cycle too", cycle611("example.test", provision("90")), "entra-phs-not-activated", "entra:90"},
		{"a name on the stack is not the message", cycle611("example.test", "System.Exception: odd\r\n   at System.Net.Sockets.LdapException.CryptographicException(x)"), "domain-sync-failed", ""},
		{"a name on a stack in one line neither", cycle611("example.test", "System.Exception: odd at System.Net.LdapException.Throw(x)"), "domain-sync-failed", ""},
		{"a name on a German stack neither", cycle611("example.test", "System.Exception: odd\r\n   bei System.Net.LdapException.Throw(x)"), "domain-sync-failed", ""},
		{"what is not understood is called that", cycle611("example.test", "System.Exception: purple monkeys"), "domain-sync-failed", ""},
		{"a Win32 code as HRESULT", cycle611("example.test", "System.Runtime.InteropServices.COMException (0x8007052E): Anmeldefehler"), "connector-account-bind-failed", "win32:1326"},
	} {
		t.Run(tt.policy, func(t *testing.T) {
			t.Parallel()
			id := 611
			if strings.HasPrefix(tt.text, "Failed to init") {
				id = 612
			}
			e := cause.Read(cause.Raw{ID: id, Source: phs, Text: tt.text})
			if e.Cause != tt.cause || e.Code != tt.code {
				t.Errorf("Read gave cause %q code %q (detail %q), want %q %q", e.Cause, e.Code, e.Detail, tt.cause, tt.code)
			}
			if e.Domain != "example.test" {
				t.Errorf("domain is %q", e.Domain)
			}
			if e.Detail == "" {
				t.Error("no detail")
			}
		})
	}
}

func TestEveryDocumentedCodeHasACauseOfItsOwn(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]string{
		5: "rpc-access-denied", 6: "rpc-invalid-handle", 14: "rpc-out-of-memory", 58: "rpc-bad-network-response",
		1127: "rpc-disk-failed", 1130: "rpc-server-memory", 1326: "connector-account-bind-failed", 1330: "connector-account-expired",
		1331: "connector-account-disabled", 1909: "connector-account-locked", 1450: "rpc-no-system-resources",
		1722: "rpc-server-unavailable", 1723: "rpc-server-too-busy", 1726: "rpc-call-failed", 1727: "rpc-call-failed-dne",
		1728: "rpc-protocol-error", 1753: "rpc-endpoint-not-registered", 1783: "rpc-bad-stub-data", 1818: "rpc-call-cancelled",
		1825: "rpc-security-package-error", 8333: "replication-object-not-found", 8344: "write-access-denied",
		8420: "replication-partition-not-found", 8439: "replication-bad-dn", 8446: "replication-out-of-memory",
		8451: "replication-database-error", 8453: "replication-access-denied", 8456: "replication-source-disabled",
		8465: "replication-partial-replica", 8593: "replication-epoch-mismatch", 8606: "replication-lingering-objects",
		8614: "replication-tombstone-exceeded",
	} {
		e := cause.Read(cause.Raw{ID: 611, Source: phs, Text: cycle611("example.test", rpc(strconv.Itoa(code), "words"))})
		if e.Cause != want || e.Code != "rpc:"+strconv.Itoa(code) {
			t.Errorf("RPC error %d read as %q %q, want %q", code, e.Cause, e.Code, want)
		}
		f, ok := cause.ExplainWord(strconv.Itoa(code))
		if !ok || f.Cause != want {
			t.Errorf("the word %d explained as %+v", code, f)
		}
		f, ok = cause.ExplainWord("0x" + strconv.FormatInt(int64(code), 16))
		if !ok || f.Cause != want {
			t.Errorf("the word 0x%x explained as %+v", code, f)
		}
	}
}

func TestUploadsAreClassified(t *testing.T) {
	t.Parallel()
	adal := "Microsoft.IdentityModel.Clients.ActiveDirectory.AdalServiceException: "
	for _, tt := range []struct {
		policy, detail, cause, code string
	}{
		{"90 is the feature switched off", provision("90"), "entra-phs-not-activated", "entra:90"},
		{"15 is directory synchronization switched off", provision("15"), "entra-directory-sync-off", "entra:15"},
		{"7 is access denied", provision("7"), "entra-access-denied", "entra:7"},
		{"70 is not 7", provision("70"), "entra-upload-failed", "entra:70"},
		{"77 is not 7", provision("77"), "entra-upload-failed", "entra:77"},
		{"901 is not 90", provision("901"), "entra-upload-failed", "entra:901"},
		{"106 is access denied", provision("106"), "entra-access-denied", "entra:106"},
		{"81 passes", provision("81"), "entra-busy", "entra:81"},
		{"68 passes", provision("68"), "entra-busy", "entra:68"},
		{"19 is a disabled identity", provision("19"), "entra-account-disabled", "entra:19"},
		{"67 is a missing tenant", provision("67"), "entra-tenant-not-found", "entra:67"},
		{"no endpoint", "System.ServiceModel.EndpointNotFoundException: There was no endpoint ---> System.Net.WebException: The remote name could not be resolved: 'adminwebservice.example'", "entra-endpoint-unreachable", ""},
		{"an endpoint that TLS fails for is a TLS fault", "System.ServiceModel.EndpointNotFoundException: none ---> System.Net.WebException: Could not create SSL/TLS secure channel.", "entra-tls-failed", ""},
		{"TLS", "System.ServiceModel.Security.SecurityNegotiationException: no", "entra-tls-failed", ""},
		{"a proxy that wants a password", "System.ServiceModel.EndpointNotFoundException: x ---> System.Net.WebException: The remote server returned an error: (407) Proxy Authentication Required.", "entra-endpoint-unreachable", "http:407"},
		{"503 passes", "System.ServiceModel.ServerTooBusyException: x ---> System.Net.WebException: The remote server returned an error: (503) Server Unavailable.", "entra-busy", "http:503"},
		{"realm discovery", adal + "user_realm_discovery_failed: no", "entra-realm-discovery-failed", ""},
		{"the account is missing", adal + "AADSTS50034: x", "entra-credential-rejected", "aadsts:50034"},
		{"an old password", adal + "AADSTS50054: x", "entra-credential-rejected", "aadsts:50054"},
		{"a wrong password", adal + "AADSTS50126: x", "entra-credential-rejected", "aadsts:50126"},
		{"a disabled account", adal + "AADSTS50057: x", "entra-account-disabled", "aadsts:50057"},
		{"a missing tenant", adal + "AADSTS90002: x", "entra-tenant-not-found", "aadsts:90002"},
		{"a bad certificate", "Microsoft.Identity.Client.MsalServiceException: A configuration issue. AADSTS700027: x", "entra-credential-rejected", "aadsts:700027"},
		{"an expired certificate", "Microsoft.Identity.Client.MsalServiceException: x AADSTS7000222: x", "entra-credential-rejected", "aadsts:7000222"},
		{"Conditional Access", "Microsoft.Identity.Client.MsalUiRequiredException: AADSTS53003: x", "entra-conditional-access", "aadsts:53003"},
		{"MFA", adal + "AADSTS50076: x", "entra-conditional-access", "aadsts:50076"},
		{"MFA registration", adal + "AADSTS50079: x", "entra-conditional-access", "aadsts:50079"},
		{"an external challenge", adal + "AADSTS50158: x", "entra-conditional-access", "aadsts:50158"},
		{"any other number of the sign-in service", adal + "AADSTS4242: x", "entra-sign-in-failed", "aadsts:4242"},
		{"words of an old build", "The user name or password is incorrect. Verify your user name, and then type it again.", "entra-credential-rejected", ""},
		{"what is not understood is called that", "System.Exception: purple monkeys", "entra-upload-failed", ""},
	} {
		t.Run(tt.policy, func(t *testing.T) {
			t.Parallel()
			for id, text := range map[int]string{
				652: failed652(tt.detail),
				655: strings.Replace(failed652(tt.detail), "batch", "ping", 1),
			} {
				e := cause.Read(cause.Raw{ID: id, Source: phs, Text: text})
				if e.Cause != tt.cause || e.Code != tt.code {
					t.Errorf("%d gave cause %q code %q, want %q %q", id, e.Cause, e.Code, tt.cause, tt.code)
				}
				if !cause.UploadFailure(e.Cause) || cause.CycleFailure(e.Cause) {
					t.Errorf("%q is not an upload failure alone", e.Cause)
				}
				if diff := cmp.Diff([]string{guidA}, e.Connectors); diff != "" {
					t.Errorf("connectors: %s", diff)
				}
				if e.Forest != "example.test" {
					t.Errorf("forest %q", e.Forest)
				}
				if e.Transient != (tt.cause == "entra-busy") {
					t.Errorf("transient is %v", e.Transient)
				}
			}
		})
	}
}

func TestTheCatalogueOfEventsKeepsItsIds(t *testing.T) {
	t.Parallel()
	for id, want := range map[int]string{
		601: "channel-started", 602: "channel-stopped", 603: "channel-crashed", 605: "retry-queued", 607: "channel-not-started",
		609: "channel-stopped", 610: "channel-stop-slow", 611: "domain-sync-failed", 612: "domain-sync-failed",
		613: "first-full-sync-unfinished", 615: "channel-worker-crashed", 616: "preferred-dc-failed", 617: "full-sync-started",
		618: "full-sync-domain-started", 619: "full-sync-progress", 620: "filtered", 621: "full-sync-failed",
		622: "full-sync-domain-done", 623: "full-sync-done", 650: "upload-started", 651: "upload-ended", 652: "entra-upload-failed",
		653: "heartbeat-started", 654: "heartbeat-ok", 655: "entra-upload-failed", 656: "upload-requested", 657: "upload-result",
		660: "self-heal-started", 661: "self-heal-ended", 662: "health-task-failed", 663: "channel-alive", 664: "single-push-failed",
		665: "state-not-stored", 666: "database-deadlock", 667: "fips-blocks-md5", 1011: "application-certificate-due",
		1012: "application-certificate-expired", 1014: "no-tpm", 2001: "diagnostics-tool-trace", 2212: "diagnostics-tool-trace",
		0: "", 115: "", 700: "", 5000: "",
	} {
		if e := cause.Read(cause.Raw{ID: id, Source: phs, Text: "words without meaning"}); e.Cause != want {
			t.Errorf("event %d read as %q, want %q", id, e.Cause, want)
		}
	}
}

func TestSourcesAreMatchedWhole(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		policy, source string
		id             int
		want           string
	}{
		{"case does not matter", "directory SYNCHRONIZATION", 654, "heartbeat-ok"},
		{"the library's own name serves", "Directory Synchronization - Password Sync", 654, "heartbeat-ok"},
		{"another program with the same number is no heartbeat", "MSSQLSERVER", 654, ""},
		{"a name that only begins alike is another program", "Directory Synchronization Monitor", 654, ""},
		{"the engine does not write heartbeats", "ADSync", 654, ""},
		{"the agent does not write the engine's numbers", phs, 6900, ""},
		{"writeback is not a fault of this way", "PasswordResetService", 33008, "writeback-event"},
		{"the engine's writeback neither", "ADSync", 6329, "writeback-event"},
		{"a set operation neither", "adsync", 6901, "writeback-event"},
		{"an InstanceId carries the number in its low half", phs, 0x4000028E, "heartbeat-ok"},
	} {
		e := cause.Read(cause.Raw{ID: tt.id, Source: tt.source, Text: "Provision credentials ping end."})
		if e.Cause != tt.want {
			t.Errorf("%s: read as %q, want %q", tt.policy, e.Cause, tt.want)
		}
	}
}

func TestNumbersThatSayNothingAreReadByTheirText(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		policy, source string
		id             int
		text, want     string
	}{
		{"0 with retries", phs, 0, "The following password changes failed to synchronized and have scheduled for retry. DN = CN=A\\, B,DC=example,DC=test", "retry-queued"},
		{"0 with a refused password", phs, 0, "The user name or password is incorrect. Verify your user name, and then type your password again.", "entra-credential-rejected"},
		{"0 with a failed cycle of an old build", phs, 0, "Password synchronization failed for domain: example.test. Details: " + drs + "DrsException: RPC Error 8439: x.", "replication-bad-dn"},
		{"0 with anything else", phs, 0, "Something happened.", ""},
		{"115 that denies", phs, 115, "Access to Windows Azure Active Directory has been denied. Contact Technical Support.", "entra-access-denied"},
		{"115 with anything else", phs, 115, "Something happened.", ""},
		{"6900 quotes the cloud", "ADSync", 6900, "The server encountered an unexpected error while processing a password change notification:\r\n \"An error occurred. Error Code: 90. Error Description: words.\"", "entra-phs-not-activated"},
		{"6900 quotes a refused password", "ADSync", 6900, "The server encountered an unexpected error while processing a password change notification:\n\"The user name or password is incorrect. Verify your user name.\"", "entra-credential-rejected"},
		{"6900 quotes replication", "FIMSynchronizationService", 6900, "The server encountered an unexpected error while processing a password change notification:\n\"" + drs + "DrsException: RPC Error 1722 : x.", "rpc-server-unavailable"},
		{"6900 that says nothing", "ADSync", 6900, "The server encountered an unexpected error while processing a password change notification: \"?\"", "engine-notification-failed"},
		{"staging, whatever its number", phs, 613, "AADConnect is currently in staging mode. Password Hash Synchronization will be paused until it is turned off.", "channel-paused-staging"},
	} {
		e := cause.Read(cause.Raw{ID: tt.id, Source: tt.source, Text: tt.text})
		if e.Cause != tt.want {
			t.Errorf("%s: read as %q (detail %q), want %q", tt.policy, e.Cause, e.Detail, tt.want)
		}
		if e.Cause == "" && e.Detail == "" {
			t.Errorf("%s: the text was lost", tt.policy)
		}
	}
}

func TestNamesAreReadWhole(t *testing.T) {
	t.Parallel()
	e := cause.Read(cause.Raw{ID: 611, Source: phs, Text: cycle611("Example.test.au", rpc("1722", "x")) + info("Example.TEST", "{"+strings.ToUpper(guidA)+"}")})
	want := checks.Event{
		ID: 611, Source: phs, Cause: "rpc-server-unavailable", Code: "rpc:1722",
		Domain: "example.test.au", DC: "dc7.example.test", DCAddress: "10.9.8.7",
		Forest: "example.test", Connectors: []string{guidA}, Detail: e.Detail,
	}
	if diff := cmp.Diff(want, e); diff != "" {
		t.Error(diff)
	}
	if !strings.HasPrefix(e.Detail, "DrsCommunicationException: RPC Error 1722") {
		t.Errorf("detail %q", e.Detail)
	}

	for _, tt := range []struct{ policy, connector string }{
		{"half a GUID is none", guidA[:30]},
		{"a GUID with more behind it is none", guidA + "0"},
		{"words are none", "all of them"},
	} {
		e := cause.Read(cause.Raw{ID: 654, Source: phs, Text: "Provision credentials ping end." + info("x", tt.connector)})
		if len(e.Connectors) != 0 {
			t.Errorf("%s: %q", tt.policy, e.Connectors)
		}
	}
}

func TestTheHeadsControllerIsKeptWhereTheDetailsNameNone(t *testing.T) {
	t.Parallel()
	e := cause.Read(cause.Raw{ID: 611, Source: phs, Text: "Password hash synchronization failed for domain: a.test, domain controller hostname: DC1.a.test, domain controller IP address: 10.0.0.1. Details: " + drs + "DrsException: RPC Error 8451 : x."})
	if e.DC != "dc1.a.test" || e.DCAddress != "10.0.0.1" || e.Domain != "a.test" {
		t.Errorf("%q %q %q", e.Domain, e.DC, e.DCAddress)
	}
}

func TestAMissingControllerIsNoController(t *testing.T) {
	t.Parallel()
	e := cause.Read(cause.Raw{ID: 611, Source: phs, Text: "Password hash synchronization failed for domain: a.test, domain controller hostname: dc1.a.test, domain controller IP address: 10.0.0.1. Details: X: no. Domain controller hostname: <not available>, domain controller IP address: <not available>"})
	if e.DC != "dc1.a.test" || e.DCAddress != "10.0.0.1" {
		t.Errorf("%q %q", e.DC, e.DCAddress)
	}
	e = cause.Read(cause.Raw{ID: 611, Source: phs, Text: cycle611("a.test", "X: no")})
	if e.DC != "" || e.DCAddress != "" {
		t.Errorf("%q %q", e.DC, e.DCAddress)
	}
}

func TestTheOuterExceptionStaysAsDetail(t *testing.T) {
	t.Parallel()
	e := cause.Read(cause.Raw{ID: 611, Source: phs, Text: cycle611("a.test", drs+"DrsException: RPC Error 8453 : denied. ---> "+drs+"DrsException: RPC Error 1722 : gone.")})
	if !strings.Contains(e.Detail, "1722") || !strings.Contains(e.Detail, "8453") {
		t.Errorf("detail %q", e.Detail)
	}
}

func TestBatchesHeartbeatsAndFullSynchronizationsAreCounted(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		policy string
		raw    cause.Raw
		want   checks.Event
	}{
		{"a batch", cause.Raw{ID: 651, Source: phs, Text: "Provision credentials batch end. Count: 7, TrackingID : " + strings.ToUpper(guidB) + info("A.TEST", guidA)},
			checks.Event{Cause: "upload-ended", Count: 7, TrackingID: guidB, Forest: "a.test", Connectors: []string{guidA}}},
		{"a heartbeat", cause.Raw{ID: 654, Source: phs, Text: "Provision credentials ping end.  TrackingID : " + guidB + info("A.TEST", guidA)},
			checks.Event{Cause: "heartbeat-ok", TrackingID: guidB, Forest: "a.test", Connectors: []string{guidA}}},
		{"progress", cause.Raw{ID: 619, Source: phs, Text: "Password hash synchronization is in progress for domain: A.test, DC Host Name: dc1.a.test, DC IP Address: 10.0.0.1. DC Estimated Max USN: 9000000000 - Current Sync State USN: 12345"},
			checks.Event{Cause: "full-sync-progress", Domain: "a.test", DC: "dc1.a.test", DCAddress: "10.0.0.1", MaxUSN: 9000000000, USN: 12345}},
		{"the end of a domain", cause.Raw{ID: 622, Source: phs, Text: "Full Password hash synchronization completed for domain: a.test, DC Host Name: dc1.a.test, DC IP Address: 10.0.0.1. Successfully Synched Objects Count: 40 Retry Objects Count: 3 Filtered Objects: 2"},
			checks.Event{Cause: "full-sync-domain-done", Domain: "a.test", DC: "dc1.a.test", DCAddress: "10.0.0.1", Count: 40, Retry: 3, Filtered: 2}},
		{"the end of a domain in an old build", cause.Raw{ID: 622, Source: phs, Text: "Full password synchronization completed for domain: a.local."},
			checks.Event{Cause: "full-sync-domain-done", Domain: "a.local"}},
		{"a forest", cause.Raw{ID: 601, Source: phs, Text: "Password Hash Synchronization Manager has started for forest: A.test."},
			checks.Event{Cause: "channel-started", Forest: "a.test"}},
		{"the end of a forest", cause.Raw{ID: 623, Source: phs, Text: "Full password hash synchronization completed for forest: A.test."},
			checks.Event{Cause: "full-sync-done", Forest: "a.test"}},
		{"a state that was not stored", cause.Raw{ID: 665, Source: phs, Text: "Unable to store password hash synchronization cycle state: Failed for domain: a.test. Details: System.Data.SqlClient.SqlException: Could not allocate space for object"},
			checks.Event{Cause: "state-not-stored", Domain: "a.test"}},
		{"a deadlock passes", cause.Raw{ID: 666, Source: phs, Text: "It encountered a sql deadlock issue for domain: a.test. Details: x."},
			checks.Event{Cause: "database-deadlock", Domain: "a.test", Transient: true}},
	} {
		t.Run(tt.policy, func(t *testing.T) {
			t.Parallel()
			got := cause.Read(tt.raw)
			tt.want.ID, tt.want.Source, tt.want.Detail = tt.raw.ID, tt.raw.Source, got.Detail
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTimesLeaveAsUTC(t *testing.T) {
	t.Parallel()
	at := time.Date(2025, 3, 1, 1, 0, 0, 0, time.FixedZone("x", 3600))
	if e := cause.Read(cause.Raw{ID: 654, Source: phs, Time: at, Record: 9}); !e.Time.Equal(at) || e.Time.Location() != time.UTC || e.Record != 9 {
		t.Errorf("%+v", e)
	}
}

func TestSecretsAndControlCharactersDoNotLeave(t *testing.T) {
	t.Parallel()
	hash := strings.Repeat("31d6cfe0", 4)
	slack := "xo" + "xb-123456-abcdef"
	for _, secret := range []string{
		hash, slack, "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig-nature", "Bearer abcdefghijklmnop", "password=hunter2", "client_secret: s3cr3t~value",
	} {
		e := cause.Read(cause.Raw{ID: 611, Source: phs, Text: cycle611("a.test", "System.Exception: look "+secret+" \x1b[31m\u202e\x00end")})
		value := secret[strings.LastIndexAny(secret, " =")+1:]
		if strings.Contains(e.Detail, value) || !strings.Contains(e.Detail, "<secret>") {
			t.Errorf("%q shows in %q", secret, e.Detail)
		}
		if strings.ContainsAny(e.Detail, "\x1b\u202e\x00\n") {
			t.Errorf("control characters in %q", e.Detail)
		}
	}
	e := cause.Read(cause.Raw{ID: 611, Source: phs, Text: cycle611("a.test", "System.Exception: "+strings.Repeat("wörd ", 1000))})
	if n := len([]rune(e.Detail)); n > 600 {
		t.Errorf("detail has %d characters", n)
	}
}
