package identity

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	saySecret = "That looks like a password, a password hash, a key or a token. It was not looked up. " +
		"If it is real, whoever owns it should change it: others may have seen it here. Delete the message if you can."
	sayPassword = "That looks like a password. It was not looked up. " +
		"If it was one, change it now: others may have seen it here. To ask about somebody, give their sign-in name or account name alone."
	sayHash = "32 hexadecimal digits alone can be a password hash as well as an objectGUID, so nothing was looked up. " +
		"For an objectGUID, write it with its dashes (8-4-4-4-12). If it is a password hash, the password behind it must be changed."
)

// certainSecrets are texts that nothing but a secret looks like.
var certainSecrets = []*regexp.Regexp{
	// Account databases list name:rid:lmhash:nthash:::, some with one hash only,
	// and longer keys as name:type:key.
	regexp.MustCompile(`(?i):(?:[0-9a-f]{32}|[0-9a-f]{48}|[0-9a-f]{64}|\*NO PASSWORD\*+):`),
	regexp.MustCompile(`(?i)\b[0-9a-f]{32}:[0-9a-f]{32}\b`),
	regexp.MustCompile(`(?i):(?:[0-9a-f]{32}|[0-9a-f]{64})\s*$`),
	// Challenge responses and tickets as cracking tools take them.
	regexp.MustCompile(`(?i)::[^:]*:[0-9a-f]{16}:[0-9a-f]{32,}`),
	regexp.MustCompile(`(?i)\$(?:krb5\w+|dcc2|ntlm|netntlmv?2?|apr1|2[aby]|[156])\$\S{6}`),
	regexp.MustCompile(`(?i)\{(?:ssha|sha|smd5|md5|crypt)\d*\}\S{8}`),
	// Tokens and keys.
	regexp.MustCompile(`\bx(?:ox[a-z]|app)-[0-9A-Za-z.-]{6,}`),
	regexp.MustCompile(`\beyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{4,}\.`),
	regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY`),
	regexp.MustCompile(`(?i)\bbearer\s+[0-9A-Za-z._~+/-]{16,}`),
}

// labeledPassword matches a password that is introduced as one.
var labeledPassword = regexp.MustCompile(`(?i)\b(?:password|passwd|passwort|kennwort|passphrase|pwd|secret)\s*[:=]\s*\S`)

func isCertainSecret(s string) bool {
	s = stripLabel(trimEdges(s)) // "objectGUID: " before digits makes no hash of them
	for _, re := range certainSecrets {
		if re.MatchString(s) {
			return true
		}
	}
	return false
}

// refuseSecret refuses a text that is probably a secret. It is asked only about
// texts that are no distinguished name, GUID or ImmutableId.
func refuseSecret(text string) error {
	for range 4 {
		text = stripPair(stripLabel(text)) // marks at one end may be the password's own
	}
	if isHexDigits(text) {
		switch n := len(text); {
		case n == 32:
			return refuse(ReasonSecret, sayHash)
		case n > 32:
			return refuse(ReasonSecret, saySecret)
		}
	}
	if _, ok := unpadded(text); ok || isBase64(text) {
		return nil // a damaged ImmutableId
	}
	if labeledPassword.MatchString(text) || isPasswordLike(text) || hasPasswordWord(text) {
		return refuse(ReasonSecret, sayPassword)
	}
	return nil
}

// hasPasswordWord reports whether one of the words of a text is confidently a
// password, as in "mwong" and what follows it on a sticky note.
func hasPasswordWord(text string) bool {
	words := strings.FieldsFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(`:;,|/=`, r)
	})
	return slices.ContainsFunc(words, func(word string) bool { return isPasswordLike(stripPair(word)) })
}

func isHexDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789abcdefABCDEF") == ""
}

// duplicateName is the account name that Active Directory gives to an object
// whose own was taken: a mark and the object's RID in hexadecimal digits.
var duplicateName = regexp.MustCompile(`(?i)^\$DUPLICATE-[0-9a-f]{1,8}$`)

// isPasswordLike reports whether a word is confidently a password: no form of
// name, long enough, and a mix that passwords have and names have not. The
// price of a mistake is small on this side only, where somebody has to spell a
// name otherwise; still, account names such as svc$, O'Brien2 and
// a_b-c.d1 must pass.
func isPasswordLike(word string) bool {
	n := utf8.RuneCountInString(word)
	if n < 8 || n > 64 || strings.ContainsAny(word, " \\") || duplicateName.MatchString(word) {
		return false
	}
	if local, domain, ok := cutAddress(undecorate(word)); ok && isLocalPart(local) && strings.Contains(domain, ".") && isDNSName(domain) {
		return false
	}
	var upper, lower, digit, telling, mixed bool
	for _, r := range strings.TrimRight(word, "$") { // computers' names end in "$"
		switch {
		case unicode.IsUpper(r):
			upper = true
		case unicode.IsLower(r):
			lower = true
		case unicode.IsDigit(r):
			digit = true
		case strings.ContainsRune("!#%^*?=", r):
			telling = true
		case strings.ContainsRune("&+$@~<>", r):
			mixed = true
		}
	}
	return digit && (upper || lower) && (telling || mixed && upper && lower)
}
