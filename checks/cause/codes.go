package cause

import (
	"strconv"
	"strings"
)

// code is one number that a system uses for one meaning.
type code struct {
	number int
	// symbol is the name of the number in its system's headers or schema.
	symbol string
	cause  string
	// phrase is the sentence by which a text shows the code without its number,
	// in lower case; "" where it is too common to prove anything.
	phrase string
}

// windowsCodes are Win32, RPC, replication and socket errors; their number
// stands after "RPC Error", as a bare number, or in the low half of an HRESULT.
var windowsCodes = []code{
	{5, "ERROR_ACCESS_DENIED", "rpc-access-denied", ""},
	{6, "ERROR_INVALID_HANDLE", "rpc-invalid-handle", ""},
	{8, "ERROR_NOT_ENOUGH_MEMORY", "rpc-out-of-memory", ""},
	{14, "ERROR_OUTOFMEMORY", "rpc-out-of-memory", ""},
	{53, "ERROR_BAD_NETPATH", "rpc-bad-network-response", "the network path was not found"},
	{58, "ERROR_BAD_NET_RESP", "rpc-bad-network-response", "the specified server cannot perform the requested operation"},
	{64, "ERROR_NETNAME_DELETED", "rpc-call-failed", "the specified network name is no longer available"},
	{1127, "ERROR_DISK_OPERATION_FAILED", "rpc-disk-failed", ""},
	{1130, "ERROR_NOT_ENOUGH_SERVER_MEMORY", "rpc-server-memory", "not enough server storage is available"},
	{1311, "ERROR_NO_LOGON_SERVERS", "dc-not-located", "no logon servers available"},
	{1326, "ERROR_LOGON_FAILURE", "connector-account-bind-failed", ""},
	{1330, "ERROR_PASSWORD_EXPIRED", "connector-account-expired", "password for this account has expired"},
	{1331, "ERROR_ACCOUNT_DISABLED", "connector-account-disabled", "account is currently disabled"},
	{1355, "ERROR_NO_SUCH_DOMAIN", "dc-not-located", "specified domain either does not exist or could not be contacted"},
	{1396, "ERROR_WRONG_TARGET_NAME", "rpc-security-package-error", "the target account name is incorrect"},
	{1398, "ERROR_TIME_SKEW", "kerberos-clock-skew", "time and/or date difference between the client and server"},
	{1450, "ERROR_NO_SYSTEM_RESOURCES", "rpc-no-system-resources", "insufficient system resources exist"},
	{1722, "RPC_S_SERVER_UNAVAILABLE", "rpc-server-unavailable", "rpc server is unavailable"},
	{1723, "RPC_S_SERVER_TOO_BUSY", "rpc-server-too-busy", "rpc server is too busy"},
	{1726, "RPC_S_CALL_FAILED", "rpc-call-failed", "remote procedure call failed."},
	{1727, "RPC_S_CALL_FAILED_DNE", "rpc-call-failed-dne", "remote procedure call failed and did not execute"},
	{1728, "RPC_S_PROTOCOL_ERROR", "rpc-protocol-error", "remote procedure call (rpc) protocol error"},
	{1753, "EPT_S_NOT_REGISTERED", "rpc-endpoint-not-registered", "no more endpoints available from the endpoint mapper"},
	{1783, "RPC_X_BAD_STUB_DATA", "rpc-bad-stub-data", "the stub received bad data"},
	{1793, "ERROR_ACCOUNT_EXPIRED", "connector-account-expired", "the user's account has expired"},
	{1818, "RPC_S_CALL_CANCELLED", "rpc-call-cancelled", "remote procedure call was cancelled"},
	{1825, "RPC_S_SEC_PKG_ERROR", "rpc-security-package-error", "a security package specific error occurred"},
	{1907, "ERROR_PASSWORD_MUST_CHANGE", "connector-account-expired", "password must be changed before signing in"},
	{1909, "ERROR_ACCOUNT_LOCKED_OUT", "connector-account-locked", "account is currently locked out"},
	{8250, "ERROR_DS_SERVER_DOWN", "ldap-failed", "the server is not operational"},
	{8333, "ERROR_DS_OBJ_NOT_FOUND", "replication-object-not-found", "directory object not found"},
	{8344, "ERROR_DS_INSUFF_ACCESS_RIGHTS", "write-access-denied", "insufficient access rights to perform the operation"},
	{8420, "ERROR_DS_CANT_FIND_EXPECTED_NC", "replication-partition-not-found", "the naming context could not be found"},
	{8439, "ERROR_DS_DRA_BAD_DN", "replication-bad-dn", "distinguished name specified for this replication operation is invalid"},
	{8446, "ERROR_DS_DRA_OUT_OF_MEM", "replication-out-of-memory", "replication operation failed to allocate memory"},
	{8451, "ERROR_DS_DRA_DB_ERROR", "replication-database-error", "replication operation encountered a database error"},
	{8453, "ERROR_DS_DRA_ACCESS_DENIED", "replication-access-denied", "replication access was denied"},
	{8456, "ERROR_DS_DRA_SOURCE_DISABLED", "replication-source-disabled", "source server is currently rejecting replication requests"},
	{8465, "ERROR_DS_DRA_SOURCE_IS_PARTIAL_REPLICA", "replication-partial-replica", "replication synchronization attempt failed because a master replica"},
	{8524, "ERROR_DS_DNS_LOOKUP_FAILURE", "dc-not-resolved", "dsa operation is unable to proceed because of a dns lookup failure"},
	{8593, "ERROR_DS_DIFFERENT_REPL_EPOCHS", "replication-epoch-mismatch", "replication epoch"},
	{8606, "ERROR_DS_INSUFFICIENT_ATTR_TO_CREATE_OBJECT", "replication-lingering-objects", "insufficient attributes were given to create an object"},
	{8614, "ERROR_DS_REPL_LIFETIME_EXCEEDED", "replication-tombstone-exceeded", "has exceeded the tombstone lifetime"},
	{10060, "WSAETIMEDOUT", "rpc-bad-network-response", ""},
	{10061, "WSAECONNREFUSED", "rpc-bad-network-response", ""},
	{11001, "WSAHOST_NOT_FOUND", "dc-not-resolved", "no such host is known"},
}

// ldapCodes are result codes of LDAP that say more than "failed".
var ldapCodes = []code{
	{49, "LDAP_INVALID_CREDENTIALS", "connector-account-bind-failed", "the supplied credential is invalid"},
	{50, "LDAP_INSUFFICIENT_RIGHTS", "write-access-denied", ""},
	{51, "LDAP_BUSY", "ldap-failed", ""},
	{52, "LDAP_UNAVAILABLE", "ldap-failed", "the ldap server is unavailable"},
	{81, "LDAP_SERVER_DOWN", "ldap-failed", ""},
	{85, "LDAP_TIMEOUT", "ldap-failed", ""},
}

// bindData are the hexadecimal reasons that AD hides in the text of a refused
// LDAP bind ("AcceptSecurityContext error, data 52e").
var bindData = []code{
	{0x525, "user not found", "connector-account-bind-failed", ""},
	{0x52e, "invalid credentials", "connector-account-bind-failed", ""},
	{0x530, "not permitted at this time", "connector-account-bind-failed", ""},
	{0x531, "not permitted at this workstation", "connector-account-bind-failed", ""},
	{0x532, "password expired", "connector-account-expired", ""},
	{0x533, "account disabled", "connector-account-disabled", ""},
	{0x701, "account expired", "connector-account-expired", ""},
	{0x773, "must change password", "connector-account-expired", ""},
	{0x775, "account locked", "connector-account-locked", ""},
}

// entraCodes are the error codes of the provisioning service, which stand after
// "Error Code:" in events 652 and 655.
var entraCodes = []code{
	{7, "AccessDenied", "entra-access-denied", ""},
	{15, "DirSyncDisabled", "entra-directory-sync-off", ""},
	{19, "UserAccountIsDisabled", "entra-account-disabled", ""},
	{51, "LiveTokenExpired", "entra-token-rejected", ""},
	{67, "CompanyNotFound", "entra-tenant-not-found", ""},
	{68, "ServiceUnavailable", "entra-busy", ""},
	{81, "ServerBusy", "entra-busy", "directory is currently busy"},
	{90, "PasswordSyncNotEnabled", "entra-phs-not-activated", "synchronization has not been activated for this company"},
	{92, "PasswordSyncFeatureDisabled", "entra-phs-not-activated", ""},
	{97, "WindowsCredentialsValidationFailure", "entra-windows-credentials-invalid", ""},
	{99, "ForcePasswordChangeOnLogonFailure", "entra-force-change-failed", ""},
	{106, "DirSyncNotAllowed", "entra-access-denied", ""},
	{110, "InvalidAccessToken", "entra-token-rejected", ""},
	{115, "CredentialUpdateOnCloudOnlyUserNotAllowed", "entra-cloud-only-user", ""},
}

// aadstsCodes are the numbers of the sign-in service, as they concern the
// identity of the Entra connector.
var aadstsCodes = []code{
	{50034, "user account does not exist", "entra-credential-rejected", ""},
	{50053, "account locked", "entra-credential-rejected", ""},
	{50054, "old password used", "entra-credential-rejected", ""},
	{50055, "password expired", "entra-credential-rejected", ""},
	{50056, "no password", "entra-credential-rejected", ""},
	{50126, "invalid name or password", "entra-credential-rejected", ""},
	{50144, "password expired on premises", "entra-credential-rejected", ""},
	{50173, "grant revoked", "entra-credential-rejected", ""},
	{51004, "account not in the directory", "entra-credential-rejected", ""},
	{70002, "client credential invalid", "entra-credential-rejected", ""},
	{70008, "grant expired", "entra-credential-rejected", ""},
	{700016, "application not found in the tenant", "entra-credential-rejected", ""},
	{700024, "client assertion out of its time range", "entra-credential-rejected", ""},
	{700027, "client certificate not accepted", "entra-credential-rejected", ""},
	{700082, "refresh token expired", "entra-credential-rejected", ""},
	{7000215, "client secret not accepted", "entra-credential-rejected", ""},
	{7000222, "client secret or certificate expired", "entra-credential-rejected", ""},
	{7000229, "service principal missing", "entra-credential-rejected", ""},
	{50057, "user account disabled", "entra-account-disabled", ""},
	{7000112, "application disabled", "entra-account-disabled", ""},
	{50072, "multifactor enrollment required", "entra-conditional-access", ""},
	{50074, "strong authentication required", "entra-conditional-access", ""},
	{50076, "multifactor authentication required", "entra-conditional-access", ""},
	{50079, "multifactor registration required", "entra-conditional-access", ""},
	{50097, "device authentication required", "entra-conditional-access", ""},
	{50131, "blocked by policy", "entra-conditional-access", ""},
	{50158, "external challenge not satisfied", "entra-conditional-access", ""},
	{53000, "device not compliant", "entra-conditional-access", ""},
	{53001, "device not joined", "entra-conditional-access", ""},
	{53002, "application not approved", "entra-conditional-access", ""},
	{53003, "blocked by Conditional Access", "entra-conditional-access", ""},
	{53004, "proof-up blocked", "entra-conditional-access", ""},
	{53011, "blocked for risk", "entra-conditional-access", ""},
	{530003, "device required", "entra-conditional-access", ""},
	{50059, "no tenant information", "entra-tenant-not-found", ""},
	{90002, "tenant not found", "entra-tenant-not-found", ""},
	{900023, "tenant identifier malformed", "entra-tenant-not-found", ""},
	{65001, "consent missing", "entra-access-denied", ""},
	{500011, "resource not found in the tenant", "entra-access-denied", ""},
	{50196, "loop detected", "entra-busy", ""},
	{90025, "internal retries exhausted", "entra-busy", ""},
	{90033, "transient error", "entra-busy", ""},
	{90055, "too many requests", "entra-busy", ""},
}

// signInCodes are the same numbers where a person's sign-in failed.
var signInCodes = []code{
	{50034, "user account does not exist", "sign-in-user-unknown", ""},
	{50053, "account locked", "sign-in-account-locked", ""},
	{50055, "password expired", "sign-in-password-expired", ""},
	{50057, "account disabled", "sign-in-account-disabled", ""},
	{50126, "invalid name or password", "sign-in-wrong-password", ""},
	{53003, "blocked by Conditional Access", "sign-in-blocked-by-policy", ""},
}

// exportCodes are the names of export errors.
var exportCodes = []code{
	{0, "AttributeValueMustBeUnique", "export-duplicate-value", ""},
	{0, "QuarantinedAttributeValueMustBeUnique", "export-duplicate-value", ""},
	{0, "ObjectTypeMismatch", "export-type-mismatch", ""},
	{0, "InvalidSoftMatch", "export-soft-match-refused", ""},
	{0, "InvalidHardMatch", "export-hard-match-refused", ""},
	{0, "DataValidationFailed", "export-invalid-data", ""},
	{0, "IdentityDataValidationFailed", "export-invalid-data", ""},
	{0, "LargeObject", "export-object-too-large", ""},
	{0, "ExceededAllowedLength", "export-object-too-large", ""},
	{0, "FederatedDomainChangeError", "export-federated-change", ""},
	{0, "ExistingAdminRoleConflict", "export-admin-conflict", ""},
}

func byNumber(table []code, n int) (code, bool) {
	for _, c := range table {
		if c.number == n {
			return c, true
		}
	}
	return code{}, false
}

func bySymbol(table []code, word string) (code, bool) {
	for _, c := range table {
		if strings.EqualFold(c.symbol, word) {
			return c, true
		}
	}
	return code{}, false
}

// win32 returns the Win32 code inside an HRESULT of facility Win32
// (0x8007xxxx), or the number itself where it is small.
func win32(n uint64) (int, bool) {
	switch {
	case n>>16 == 0x8007:
		return int(n & 0xFFFF), true
	case n < 0x10000:
		return int(n), true
	default:
		return 0, false
	}
}

// fromWindows names the cause of a Win32 code, and the code as it is written
// in an event.
func fromWindows(family string, n int) (id, written string) {
	written = family + ":" + strconv.Itoa(n)
	if c, ok := byNumber(windowsCodes, n); ok {
		return c.cause, written
	}
	return "rpc-failed", written
}

// fromAADSTS names the cause of a number of the sign-in service; any number
// means at least that signing in failed.
func fromAADSTS(n int) (id, written string) {
	written = "aadsts:" + strconv.Itoa(n)
	if c, ok := byNumber(aadstsCodes, n); ok {
		return c.cause, written
	}
	return "entra-sign-in-failed", written
}

// fromEntra names the cause of a code of the provisioning service; a number
// that is not in its schema is an upload that failed for reasons unknown.
func fromEntra(n int) (id, written string) {
	written = "entra:" + strconv.Itoa(n)
	if c, ok := byNumber(entraCodes, n); ok {
		return c.cause, written
	}
	return "entra-upload-failed", written
}

// fromHTTP names the cause of a status that a web server or proxy gave instead
// of an answer.
func fromHTTP(n int) (id, written string) {
	written = "http:" + strconv.Itoa(n)
	switch n {
	case 429, 503:
		return "entra-busy", written
	case 407, 502, 504:
		return "entra-endpoint-unreachable", written
	default:
		return "entra-upload-failed", written
	}
}
