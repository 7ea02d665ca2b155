package cause

import (
	"slices"
	"strconv"
	"strings"
	"sync"
)

// hit is a finding and where in the text it was made.
type hit struct {
	at int
	Finding
}

// hitsMax bounds what one piece of a text can give; more than this would be cut
// from the answer anyway.
const hitsMax = 4 * findingsMax

// bare reads a text without the header or the beginning of an event: a bare
// exception, codes, words of logs, the screen of Microsoft's diagnostics. chain
// says that it is an exception whose innermost part decides.
func bare(t text) (found []Finding, chain bool) {
	var hits []hit
	about := speaksProvisioning(t) || t.has("microsoft.online.")
	if about || t.has(arrow) {
		chain = t.has(arrow)
		r := classify(t, sideOf(t))
		if r.cause != "" && (about || r.code != "") {
			hits = append(hits, hit{0, codeFinding(r.cause, r.code)})
		}
	} else {
		hits = append(hits, codes(t)...)
	}
	hits = append(hits, tokens(t)...)
	hits = append(hits, mentions(t)...)
	hits = append(hits, sentences(t)...)
	slices.SortStableFunc(hits, func(a, b hit) int { return a.at - b.at })
	for _, h := range hits {
		found = append(found, h.Finding)
	}
	return found, chain
}

// codeFinding makes a finding of a cause that a code, or an exception without
// one, stood for.
func codeFinding(id, written string) Finding {
	c := index()[id]
	family, number, ok := strings.Cut(written, ":")
	switch {
	case !ok:
		return finding("code", id, c)
	case family == "aadsts":
		return finding("code", "AADSTS"+number, c)
	default:
		return finding("code", number, c)
	}
}

// codes finds every code that names its system, wherever it stands.
func codes(t text) []hit {
	hits := numbered(t, "rpc error", func(n int) (string, string) { return fromWindows("rpc", n) })
	hits = append(hits, numbered(t, "aadsts", fromAADSTS)...)
	for _, label := range []string{"sign-in error code", "signin error code"} {
		hits = append(hits, numbered(t, label, func(n int) (string, string) {
			if c, ok := byNumber(signInCodes, n); ok {
				return c.cause, "sign-in:" + strconv.Itoa(n)
			}
			return fromAADSTS(n)
		})...)
	}
	if len(hits) > 0 {
		return hits
	}
	if t.has("user name or password is incorrect") {
		from := directory
		if t.has("verify your user name") {
			from = cloud
		}
		r := classify(t, from)
		return []hit{{0, codeFinding(r.cause, r.code)}}
	}
	id, written := bindReason(t)
	if id == "" {
		// In prose a sentence must be one that only directories say.
		if id, written = windowsSentence(t); !ownNumber(written) {
			id = ""
		}
	}
	if id == "" {
		id, written = entraSentence(t)
	}
	if id == "" {
		id, written = hresult(t)
	}
	if id == "" {
		return nil
	}
	return []hit{{0, codeFinding(id, written)}}
}

// ownNumber reports whether a Windows code belongs to RPC, logon or replication:
// the numbers below and the socket errors above belong to every program.
func ownNumber(written string) bool {
	_, digits, _ := strings.Cut(written, ":")
	n, err := strconv.Atoi(digits)
	return err == nil && 1000 <= n && n <= 9999
}

// entraSentence finds the sentence of a code of the provisioning service.
func entraSentence(t text) (id, written string) {
	for _, c := range entraCodes {
		if c.phrase != "" && t.has(c.phrase) {
			return fromEntra(c.number)
		}
	}
	return "", ""
}

// numbered finds every "label 123".
func numbered(t text, label string, meaning func(int) (string, string)) []hit {
	var hits []hit
	for from := 0; len(hits) < hitsMax; {
		i := strings.Index(t.low[from:], label)
		if i < 0 {
			break
		}
		at := from + i
		from = at + len(label)
		if at > 0 && isASCIIWord(t.low[at-1]) {
			continue
		}
		n, ok := t.slice(from, len(t.low)).upTo(64).trimLeft(":").number()
		if !ok || n > 1<<31 {
			continue
		}
		hits = append(hits, hit{at, codeFinding(meaning(int(n)))})
	}
	return hits
}

// tokens finds the words of logs and results. Success, Error and Unknown are
// everybody's words; they count only where the password sync log puts them,
// behind its type or behind the name of the field.
func tokens(t text) []hit {
	var hits []hit
	var before string
	log := t.has("passwordsync")
	for i := 0; i < len(t.low) && len(hits) < hitsMax; {
		if !isASCIIWord(t.low[i]) {
			i++
			continue
		}
		start := i
		for i < len(t.low) && (isASCIIWord(t.low[i]) || t.low[i] == '-') {
			i++
		}
		w := strings.TrimRight(t.low[start:i], "-")
		m, ok := tokenMeanings()[w]
		if ok && (!m.everyday || log && (before == "passwordsync" || before == "status")) {
			hits = append(hits, hit{start, m.Finding})
		}
		before = w
	}
	return hits
}

// tokenMeaning is a word that can be told in running text.
type tokenMeaning struct {
	Finding
	everyday bool // a word that others use too
}

// tokenMeanings lists the words of logs and results, lower case.
var tokenMeanings = sync.OnceValue(func() map[string]tokenMeaning {
	m := make(map[string]tokenMeaning)
	for _, s := range statuses {
		everyday := s.name == "Success" || s.name == "Error" || s.name == "Unknown"
		m[lowerASCII(s.name)] = tokenMeaning{finding("status", s.name, index()[s.cause]), everyday}
	}
	for _, r := range runResults {
		if r.word != "in-progress" { // everybody's word as well
			m[r.word] = tokenMeaning{finding("status", r.word, index()[r.cause]), false}
		}
	}
	for _, c := range exportCodes {
		m[lowerASCII(c.symbol)] = tokenMeaning{finding("code", c.symbol, index()[c.cause]), false}
	}
	for _, c := range windowsCodes {
		if number := strconv.Itoa(c.number); ownNumber(":" + number) {
			m[lowerASCII(c.symbol)] = tokenMeaning{finding("code", number, index()[c.cause]), false}
		}
	}
	return m
})

// mentions finds events that a text only names: "event id 611", "event 611".
func mentions(t text) []hit {
	var hits []hit
	for from := 0; len(hits) < hitsMax; {
		i := strings.Index(t.low[from:], "event")
		if i < 0 {
			break
		}
		at := from + i
		from = at + len("event")
		rest := t.slice(from, len(t.low)).upTo(32).trimLeft("s")
		_, labeled := strings.CutPrefix(rest.low, "id")
		if labeled {
			rest = rest.slice(len("id"), len(rest.low)).trimLeft("s:#=")
		}
		n, ok := rest.number()
		// Without its label a number must be one that only these logs have.
		if !ok || n == 0 || !labeled && (n < 600 || isDiagnosticsTrace(int(n))) {
			continue
		}
		if f, ok := explainEventID(n); ok {
			hits = append(hits, hit{at, f})
		}
	}
	return hits
}

// screens are lines that Microsoft's diagnostics put on the screen, told by a
// few of their words, and the check that finds the same.
var screens = []struct {
	parts []string
	check string
}{
	{[]string{"no password", "heartbeat is detected"}, "heartbeat-missing"},
	{[]string{"heartbeat was skipped"}, "heartbeat-missing"},
	{[]string{"staging mode is enabled"}, "staging-mode"},
	{[]string{"synchronization agent is not running"}, "channel-stopped"},
	{[]string{"synchronization is not running"}, "channel-stopped"},
	{[]string{"cloud configuration is disabled"}, "phs-feature-off"},
	{[]string{"is disabled for ad connector"}, "channel-disabled"},
	{[]string{"is not enabled for ad connector"}, "channel-disabled"},
	{[]string{"continuously", "failures for domain"}, "cycle-failing"},
	{[]string{"domain", "is not reachable"}, "domain-ldap-unreachable"},
	{[]string{"permission failure"}, "replication-rights-missing"},
	{[]string{"does not have", "permission", "replicat"}, "replication-rights-missing"},
	{[]string{"temporary password", "not synchronized"}, "temporary-password"},
	{[]string{"temporary password", "not supposed to be"}, "temporary-password"},
	{[]string{"is a disconnector"}, "disconnector"},
}

// sentences finds answers to a push and lines of Microsoft's diagnostics.
func sentences(t text) []hit {
	if !t.has("password") || !t.has("sync") {
		return nil
	}
	if i := strings.Index(t.low, pushed); i >= 0 {
		return []hit{{i, finding("status", "push-ok", index()["push-ok"])}}
	}
	if c, ok := pushFailure(t); ok {
		return []hit{{0, finding("status", c.ID, c)}}
	}
	var hits []hit
	for _, s := range screens {
		if !t.has(s.parts...) {
			continue
		}
		if c, ok := checkByID(s.check); ok {
			hits = append(hits, hit{strings.Index(t.low, s.parts[0]), checkFinding(c)})
		}
	}
	return hits
}
