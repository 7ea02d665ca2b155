package cause

import "strings"

// side tells which peer an exception is about; some sentences, such as a wrong
// password, mean another account on either side.
type side uint8

const (
	directory side = iota // AD, as the agent reads it
	cloud                 // Microsoft Entra ID, as the agent writes to it
)

// phrase is a set of parts that, all found in one exception, name its cause.
type phrase struct {
	parts []string
	cause string
	code  string
}

// cloudPhrases are read on the way to Microsoft Entra ID, the first match wins.
var cloudPhrases = []phrase{
	{[]string{"synchronization has not been activated for this company"}, "entra-phs-not-activated", "entra:90"},
	{[]string{"directory synchronization", "disabled for this"}, "entra-directory-sync-off", "entra:15"},
	{[]string{"is currently busy"}, "entra-busy", "entra:81"},
	{[]string{"could not create ssl/tls"}, "entra-tls-failed", ""},
	{[]string{"could not establish secure channel"}, "entra-tls-failed", ""},
	{[]string{"could not establish trust relationship"}, "entra-tls-failed", ""},
	{[]string{"remote certificate is invalid"}, "entra-tls-failed", ""},
	{[]string{"ssl connection could not be established"}, "entra-tls-failed", ""},
	{[]string{"an unexpected error occurred on a send"}, "entra-tls-failed", ""},
	{[]string{"a call to sspi failed"}, "entra-tls-failed", ""},
	{[]string{"client and server cannot communicate, because they do not possess a common algorithm"}, "entra-tls-failed", ""},
	{[]string{"remote name could not be resolved"}, "entra-endpoint-unreachable", ""},
	{[]string{"no such host is known"}, "entra-endpoint-unreachable", ""},
	{[]string{"unable to connect to the remote server"}, "entra-endpoint-unreachable", ""},
	{[]string{"no connection could be made because the target machine"}, "entra-endpoint-unreachable", ""},
	{[]string{"connected party did not properly respond"}, "entra-endpoint-unreachable", ""},
	{[]string{"existing connection was forcibly closed"}, "entra-endpoint-unreachable", ""},
	{[]string{"underlying connection was closed"}, "entra-endpoint-unreachable", ""},
	{[]string{"socketexception"}, "entra-endpoint-unreachable", ""},
	{[]string{"the operation has timed out"}, "entra-endpoint-unreachable", ""},
	{[]string{"request channel timed out"}, "entra-endpoint-unreachable", ""},
	{[]string{"proxy authentication required"}, "entra-endpoint-unreachable", "http:407"},
	{[]string{"user_realm_discovery_failed"}, "entra-realm-discovery-failed", ""},
	{[]string{"endpointnotfoundexception"}, "entra-endpoint-unreachable", ""},
	{[]string{"securitynegotiationexception"}, "entra-tls-failed", ""},
	{[]string{"servertoobusyexception"}, "entra-busy", ""},
	{[]string{"user name or password is incorrect"}, "entra-credential-rejected", ""},
	{[]string{"has been denied", "azure active directory"}, "entra-access-denied", ""},
	{[]string{"messagesecurityexception"}, "entra-token-rejected", ""},
	{[]string{"msaluirequiredexception"}, "entra-conditional-access", ""},
	{[]string{"invalid_client"}, "entra-credential-rejected", ""},
	{[]string{"invalid_grant"}, "entra-credential-rejected", ""},
	{[]string{"adalserviceexception"}, "entra-sign-in-failed", ""},
	{[]string{"adalexception"}, "entra-sign-in-failed", ""},
	{[]string{"msalserviceexception"}, "entra-sign-in-failed", ""},
	{[]string{"msalclientexception"}, "entra-sign-in-failed", ""},
	{[]string{"provisionretryexception"}, "entra-busy", ""},
}

// directoryPhrases are read on the way from AD, the first match wins. The
// sentences of Windows codes come on top of them.
var directoryPhrases = []phrase{
	{[]string{"not a valid win32 filetime"}, "engine-old-defect", ""},
	{[]string{"argumentoutofrangeexception", "not a valid win32"}, "engine-old-defect", ""},
	{[]string{"an item with the same key has already been added"}, "engine-old-defect", ""},
	{[]string{"cryptographicexception"}, "fips-blocks-md5", ""},
	{[]string{"not part of the windows platform fips"}, "fips-blocks-md5", ""},
	{[]string{"deadlock"}, "database-deadlock", ""},
	{[]string{"could not allocate space for object"}, "database-full", ""},
	{[]string{"transaction log", "is full"}, "database-full", ""},
	{[]string{"user name or password is incorrect"}, "connector-account-bind-failed", "win32:1326"},
	{[]string{"unknown user name or bad password"}, "connector-account-bind-failed", "win32:1326"},
	{[]string{"domain controller not found"}, "dc-not-located", ""},
	{[]string{"domain does not exist or cannot be contacted"}, "dc-not-located", ""},
	{[]string{"activedirectoryobjectnotfoundexception"}, "dc-not-located", ""},
	{[]string{"activedirectoryserverdownexception"}, "ldap-failed", ""},
	{[]string{"ldapexception"}, "ldap-failed", ""},
	{[]string{"directoryoperationexception"}, "ldap-failed", ""},
	{[]string{"threadabortexception"}, "cycle-interrupted", ""},
	{[]string{"operationcanceledexception"}, "cycle-interrupted", ""},
	{[]string{"drscommunicationexception"}, "rpc-failed", ""},
}

// signal reads the cause out of the message of one exception; "" where it shows
// none. Numbers are surer than sentences and are read first.
func signal(msg text, from side) (id, code string) {
	if rest, ok := msg.afterLast("rpc error"); ok {
		if n, ok := rest.upTo(64).trimLeft("").number(); ok {
			return fromWindows("rpc", int(n))
		}
	}
	if n, ok := aadsts(msg); ok {
		return fromAADSTS(n)
	}
	if from == cloud || speaksProvisioning(msg) {
		if n, ok := msg.numberAfter("error code:"); ok {
			return fromEntra(int(n))
		}
		if n, ok := httpStatus(msg); ok {
			return fromHTTP(n)
		}
		return firstPhrase(msg, cloudPhrases)
	}
	if id, code := bindReason(msg); id != "" {
		return id, code
	}
	if id, code := windowsSentence(msg); id != "" {
		return id, code
	}
	if id, code := firstPhrase(msg, directoryPhrases); id != "" {
		return id, code
	}
	return hresult(msg)
}

func firstPhrase(msg text, table []phrase) (id, code string) {
	for _, p := range table {
		if msg.has(p.parts...) {
			return p.cause, p.code
		}
	}
	return "", ""
}

// speaksProvisioning tells an exception of the road to the cloud that arrived
// inside a directory event.
func speaksProvisioning(msg text) bool {
	return msg.has("microsoft.online.coexistence") || msg.has("adminwebservice") ||
		msg.has("error code:", "error description:") ||
		msg.has("endpointnotfoundexception") || msg.has("securitynegotiationexception") ||
		msg.has("adalserviceexception") || msg.has("msalserviceexception")
}

// aadsts reads the number of the sign-in service.
func aadsts(msg text) (int, bool) {
	rest, ok := msg.after("aadsts")
	if !ok {
		return 0, false
	}
	n, ok := rest.upTo(32).trimLeft(":").number()
	return int(n), ok
}

// httpStatus reads the status of a web answer, as in "returned an error: (503)".
func httpStatus(msg text) (int, bool) {
	for _, label := range []string{"returned an error: (", "unexpected response: (", "http status code", "response status code"} {
		rest, ok := msg.after(label)
		if !ok {
			continue
		}
		if n, ok := rest.upTo(64).trimLeft(":(").number(); ok && 400 <= n && n <= 599 {
			return int(n), true
		}
	}
	if msg.has("(503)", "server unavailable") {
		return 503, true
	}
	return 0, false
}

// bindReason reads the hexadecimal reason of a refused LDAP bind.
func bindReason(msg text) (id, code string) {
	rest, ok := msg.after("acceptsecuritycontext error, data ")
	if !ok {
		return "", ""
	}
	n, ok := hexNumber(rest.until(", \t\r\n").upTo(16).low)
	if !ok {
		return "", ""
	}
	if c, ok := byNumber(bindData, int(n)); ok {
		return c.cause, "ldap:49"
	}
	return "connector-account-bind-failed", "ldap:49"
}

// windowsSentence finds the English sentence of a Windows or LDAP code; the
// longest one wins, so that "failed and did not execute" is not "failed".
func windowsSentence(msg text) (id, written string) {
	longest := 0
	for _, set := range []struct {
		family string
		table  []code
	}{{"win32", windowsCodes}, {"ldap", ldapCodes}} {
		for _, c := range set.table {
			if len(c.phrase) > longest && msg.has(c.phrase) {
				longest = len(c.phrase)
				_, written = fromWindows(set.family, c.number)
				id = c.cause
			}
		}
	}
	return id, written
}

// hresult reads a code written as 0x8007xxxx, or as a small hexadecimal number.
func hresult(msg text) (id, written string) {
	for rest := msg; ; {
		var ok bool
		if rest, ok = rest.after("0x"); !ok {
			return "", ""
		}
		n, ok := hexNumber(hexDigits(rest.low))
		if !ok {
			continue
		}
		w, ok := win32(n)
		if !ok || w < 1000 {
			continue // small numbers in hexadecimal are everywhere
		}
		if c, ok := byNumber(windowsCodes, w); ok {
			_, written = fromWindows("win32", w)
			return c.cause, written
		}
	}
}

func hexDigits(s string) string {
	i := 0
	for i < len(s) && i <= 16 && isHex(s[i]) {
		i++
	}
	return s[:i]
}

func hexNumber(s string) (uint64, bool) {
	if s == "" || len(s) > 16 {
		return 0, false
	}
	var n uint64
	for _, c := range []byte(s) {
		if !isHex(c) {
			return 0, false
		}
		n = n<<4 | uint64(strings.IndexByte("0123456789abcdef", c))
	}
	return n, true
}
