package cause

import (
	"strconv"
	"strings"
)

// StatusMeaning is what one status of the password sync log says.
type StatusMeaning struct {
	// Name is the status in its documented spelling.
	Name string
	Cause
}

// statuses are the words of the password sync log: ten that are documented, one
// more that the service knows, and the mark of an entry from before an upgrade.
var statuses = []struct{ name, cause string }{
	{"Success", "status-success"},
	{"FilteredByTarget", "status-filtered-by-target"},
	{"SourceConnectorNotPresent", "status-source-connector-not-present"},
	{"NoTargetConnection", "status-no-target-connection"},
	{"TargetNotExportedToDirectory", "status-target-not-exported"},
	{"RetryRequestedByTarget", "status-retry-requested"},
	{"MissingAttribute", "status-missing-attribute"},
	{"Error", "status-error"},
	{"Unknown", "status-unknown"},
	{"NoCodeReportedByTarget", "status-no-code"},
	{"MigratedCheckDetailsForMoreInfo", "status-migrated"},
}

// Status reads one word of the password sync log. Case and spaces do not
// matter; every word that begins with Migrated is a migrated entry.
func Status(word string) (StatusMeaning, bool) {
	w := squeeze(word)
	for _, s := range statuses {
		if lowerASCII(s.name) == w {
			return StatusMeaning{Name: s.name, Cause: index()[s.cause]}, true
		}
	}
	if strings.HasPrefix(w, "migrated") && len(w) < 64 {
		return StatusMeaning{Name: "MigratedCheckDetailsForMoreInfo", Cause: index()["status-migrated"]}, true
	}
	return StatusMeaning{}, false
}

// squeeze folds case and drops white space.
func squeeze(s string) string { return strings.Join(strings.Fields(lowerASCII(s)), "") }

// runResults are the words by which a run profile says how it ended.
var runResults = []struct{ word, cause string }{
	{"in-progress", "run-in-progress"},
	{"completed-no-objects", "run-success"},
	{"completed-warnings", "run-completed-warnings"},
	{"completed-sync-warnings", "run-completed-warnings"},
	{"completed-sync-errors", "run-sync-errors"},
	{"completed-export-errors", "run-export-errors"},
	{"completed-discovery-errors", "run-discovery-errors"},
	{"completed-transient-objects", "run-transient-objects"},
	{"no-start-connection", "run-no-start-connection"},
	{"no-start-credentials", "run-no-start-credentials"},
	{"no-start-no-domain-controller", "run-no-start-no-dc"},
	{"no-start-ma", "run-no-start-ma"},
	{"no-start-server", "run-no-start-server"},
	{"no-start-database-connection-lost", "run-no-start-database"},
	{"no-start-database-schema-version", "run-no-start-database"},
	{"stopped-server-down", "run-stopped-server-down"},
	{"stopped-server", "run-stopped-server-down"},
	{"stopped-deletion-threshold-exceeded", "run-stopped-deletion-threshold"},
	{"stopped-extension-dll-exception", "run-stopped-extension"},
	{"stopped-extension-dll-load", "run-stopped-extension"},
	{"stopped-connectivity", "run-stopped-connectivity"},
	{"stopped-database-connection-lost", "run-stopped-database"},
	{"stopped-database-disk-full", "run-stopped-database"},
	{"stopped-out-of-memory", "run-stopped-resources"},
	{"stopped-error-limit", "run-stopped-resources"},
	{"stopped-object-limit", "run-stopped-resources"},
	{"stopped-user-termination", "run-stopped-by-user"},
	{"stopped-user-termination-from-wmi-or-ui", "run-stopped-by-user"},
}

func runResult(word string) (Cause, bool) {
	for _, r := range runResults {
		if r.word == word {
			return index()[r.cause], true
		}
	}
	return Cause{}, false
}

// exceptionWords are names of exceptions and errors that mean something by
// themselves.
var exceptionWords = []struct{ word, cause string }{
	{"endpointnotfoundexception", "entra-endpoint-unreachable"},
	{"securitynegotiationexception", "entra-tls-failed"},
	{"servertoobusyexception", "entra-busy"},
	{"user_realm_discovery_failed", "entra-realm-discovery-failed"},
	{"adalserviceexception", "entra-sign-in-failed"},
	{"msalserviceexception", "entra-sign-in-failed"},
	{"msaluirequiredexception", "entra-conditional-access"},
	{"drscommunicationexception", "rpc-failed"},
	{"drsexception", "domain-sync-failed"},
	{"ldapexception", "ldap-failed"},
	{"directoryoperationexception", "ldap-failed"},
	{"cryptographicexception", "fips-blocks-md5"},
}

// pushSentences are the answers to pushing one person's hash, by the parts that
// tell them apart. Success is matched elsewhere and as a whole: "is not
// synchronized to" is a failure that holds the same word.
var pushSentences = []struct {
	parts []string
	cause string
}{
	{[]string{"has failed", "user must change password at next logon"}, "push-temporary-password"},
	{[]string{"has failed", "is not synchronized to", "connector space"}, "push-not-synchronized"},
	{[]string{"has failed", "server side error"}, "push-server-error"},
	{[]string{"has failed", "has not yet been exported"}, "push-not-exported"},
	{[]string{"staging mode is enabled", "does not work when"}, "push-staging"},
	{[]string{"synchronization is disabled for the connector"}, "push-disabled"},
	{[]string{"is not a user type object"}, "push-not-a-user"},
	{[]string{"connector with name", "was not found"}, "push-connector-not-found"},
	{[]string{"the specified connector type is not ad"}, "push-connector-not-found"},
	{[]string{"password hash synchronization has failed"}, "push-failed"},
}

// pushed is the only sentence that means success.
const pushed = "password hash is synchronized successfully"

// Push reads the answer of pushing one person's hash. Only the exact sentence
// of success is a success.
func Push(answer string) (Cause, bool) {
	t := newText(strings.Join(strings.Fields(answer), " "))
	if strings.TrimSuffix(t.low, ".") == pushed {
		return index()["push-ok"], true
	}
	return pushFailure(t)
}

func pushFailure(t text) (Cause, bool) {
	for _, s := range pushSentences {
		if t.has(s.parts...) {
			return index()[s.cause], true
		}
	}
	return Cause{}, false
}

// ExplainWord explains one word: a number is an event id, or else a code; a word
// is a check, a status, a run result, a code or a cause. Case does not matter.
func ExplainWord(word string) (Finding, bool) {
	w := strings.Trim(strings.TrimSpace(strings.ToValidUTF8(word, "")), "\"'`“”‘’.,;:!?()[]<>#")
	if w == "" || len(w) > 100 {
		return Finding{}, false
	}
	low := lowerASCII(w)
	if n, err := strconv.ParseInt(low, 10, 64); err == nil {
		if f, ok := explainEventID(n); ok {
			return f, true
		}
		return explainNumber(n)
	}
	if f, ok := explainPrefixed(low); ok {
		return f, true
	}
	if c, ok := checkByID(strings.Join(strings.Fields(strings.ReplaceAll(low, "_", "-")), "-")); ok {
		return checkFinding(c), true
	}
	if s, ok := Status(low); ok {
		return finding("status", s.Name, s.Cause), true
	}
	return explainName(low)
}

// explainEventID explains a number as an event.
func explainEventID(n int64) (Finding, bool) {
	if n < 0 || n > 0xFFFF {
		return Finding{}, false
	}
	id := int(n)
	cause := ""
	if k, ok := kindOf(agentEvents, id); ok {
		cause = k.cause
	} else if k, ok := kindOf(engineEvents, id); ok {
		cause = k.cause
	}
	switch {
	case id == 0:
		cause = "legacy-event"
	case id == 115:
		cause = "entra-access-denied"
	case isDiagnosticsTrace(id):
		cause = "diagnostics-tool-trace"
	case isWriteback(id):
		cause = "writeback-event"
	}
	c, ok := Lookup(cause)
	return finding("event", strconv.Itoa(id), c), ok
}

// explainNumber explains a number as a code: of a person's sign-in, of Windows,
// of the provisioning service, or of the sign-in service.
func explainNumber(n int64) (Finding, bool) {
	if -1<<31 <= n && n < 0 { // an HRESULT as a signed number
		return explainHex(uint64(uint32(n)))
	}
	if n < 0 || n > 1<<31 {
		return Finding{}, false
	}
	for _, table := range [][]code{signInCodes, windowsCodes, entraCodes} {
		if c, ok := byNumber(table, int(n)); ok {
			return finding("code", strconv.FormatInt(n, 10), index()[c.cause]), true
		}
	}
	if c, ok := byNumber(aadstsCodes, int(n)); ok {
		return finding("code", "AADSTS"+strconv.FormatInt(n, 10), index()[c.cause]), true
	}
	return Finding{}, false
}

// explainHex explains 0x6BA and 0x8007052E.
func explainHex(n uint64) (Finding, bool) {
	w, ok := win32(n)
	if !ok {
		return Finding{}, false
	}
	for _, table := range [][]code{windowsCodes, ldapCodes} {
		if c, ok := byNumber(table, w); ok {
			return finding("code", strconv.Itoa(w), index()[c.cause]), true
		}
	}
	return Finding{}, false
}

// explainPrefixed explains a code that names its family: AADSTS50126, 0x6ba,
// rpc:8453, entra:90.
func explainPrefixed(low string) (Finding, bool) {
	if rest, ok := strings.CutPrefix(low, "0x"); ok {
		n, ok := hexNumber(rest)
		if !ok {
			return Finding{}, false
		}
		return explainHex(n)
	}
	for _, family := range []string{"aadsts", "rpc", "win32", "entra", "ldap", "http"} {
		rest, ok := strings.CutPrefix(low, family)
		if !ok || family != "aadsts" && !strings.HasPrefix(rest, ":") {
			continue
		}
		n, err := strconv.Atoi(strings.TrimLeft(rest, ": "))
		if err != nil || n < 0 {
			return Finding{}, false
		}
		return explainWritten(family+":"+strconv.Itoa(n), n)
	}
	return Finding{}, false
}

// explainWritten explains a code as an event carries it ("rpc:8453").
func explainWritten(written string, n int) (Finding, bool) {
	family, _, _ := strings.Cut(written, ":")
	var id string
	label := strconv.Itoa(n)
	switch family {
	case "aadsts":
		id, _ = fromAADSTS(n)
		label = "AADSTS" + label
	case "rpc", "win32":
		id, _ = fromWindows(family, n)
	case "entra":
		id, _ = fromEntra(n)
	case "http":
		id, _ = fromHTTP(n)
	case "ldap":
		id = "ldap-failed"
		if c, ok := byNumber(ldapCodes, n); ok {
			id = c.cause
		}
	}
	c, ok := Lookup(id)
	return finding("code", label, c), ok
}

// explainName explains the names of results, codes, exceptions and causes.
func explainName(low string) (Finding, bool) {
	if c, ok := runResult(strings.Join(strings.Fields(low), "-")); ok {
		return finding("status", strings.Join(strings.Fields(low), "-"), c), true
	}
	word := squeeze(low)
	for _, table := range [][]code{exportCodes, windowsCodes, ldapCodes, entraCodes} {
		if c, ok := bySymbol(table, word); ok {
			id := c.symbol
			if c.number != 0 {
				id = strconv.Itoa(c.number)
			}
			return finding("code", id, index()[c.cause]), true
		}
	}
	for _, e := range exceptionWords {
		if e.word == word[strings.LastIndexByte(word, '.')+1:] {
			return finding("code", e.word, index()[e.cause]), true
		}
	}
	if c, ok := Lookup(word); ok {
		return finding("code", c.ID, c), true
	}
	return Finding{}, false
}
