package identity

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"unicode"

	"github.com/pwsync/pwsync/checks/dn"
)

// strong returns the readings of a text whose form nothing else has.
func strong(s string) []Query {
	if g, ok := readGUID(s); ok {
		return []Query{guidQuery(g), {
			// Nobody may have this objectGUID, and yet somebody's ImmutableId
			// may spell it: an account that was moved to another forest.
			Kind: KindImmutableID, Value: g.ImmutableID(), GUID: g,
			Said: "the ImmutableId " + g.ImmutableID() + " that this objectGUID spells",
		}}
	}
	if g, err := GUIDFromImmutableID(s); err == nil && !g.IsZero() {
		return []Query{anchorQuery(s, g)}
	}
	return readDN(s)
}

// readGUID reads a GUID with dashes, or as the bytes that an attribute editor
// shows. Digits without dashes count only when they carry the marks of a random
// GUID, since a password hash has as many.
func readGUID(s string) (GUID, bool) {
	if octets := spacedBytes(s); octets != nil {
		g, err := GUIDFromBytes(octets)
		return g, err == nil && !g.IsZero()
	}
	g, err := ParseGUID(s)
	if err != nil || g.IsZero() {
		return GUID{}, false
	}
	return g, strings.Contains(s, "-") || !isHexDigits(s) || g.isRandom()
}

// spacedBytes reads 16 pairs of digits separated by blanks or backslashes, in
// the order of the wire, or returns nil.
func spacedBytes(s string) []byte {
	fields := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\\' })
	if len(fields) != 16 {
		return nil
	}
	var octets []byte
	for _, f := range fields {
		b, err := hex.DecodeString(strings.TrimPrefix(strings.ToLower(f), "0x"))
		if err != nil || len(b) != 1 {
			return nil
		}
		octets = append(octets, b[0])
	}
	return octets
}

func guidQuery(g GUID) Query {
	return Query{Kind: KindObjectGUID, Value: g.String(), GUID: g, Said: "the objectGUID " + g.String()}
}

func anchorQuery(text string, g GUID) Query {
	return Query{Kind: KindImmutableID, Value: text, GUID: g, Said: "the ImmutableId " + text + ", which is the objectGUID " + g.String()}
}

// readDN reads a distinguished name, and the one it was probably meant to be.
func readDN(s string) []Query {
	suggestion, slip, mended := dn.Mend(s)
	d, err := dn.Parse(s)
	if err == nil && !isPlausible(d) {
		return nil
	}
	var readings []Query
	if err == nil {
		readings = append(readings, dnQuery(d))
	}
	if !mended {
		return readings
	}
	meant, meantErr := dn.Parse(suggestion)
	if meantErr != nil || err == nil && meant.Equal(d) {
		return readings
	}
	if !isPlausible(meant) {
		return readings
	}
	other := dnQuery(meant)
	other.Slip = slip
	other.Said += " (" + slip + ")"
	if err == nil {
		readings[0].Warning = strings.TrimSpace(readings[0].Warning + " It looks as if " + slip + "; did you mean " + shown(suggestion) + "?")
		if _, ok := d.Domain(); !ok {
			// As it stands the name lies in no domain, so nobody can have it.
			return []Query{other, readings[0]}
		}
	}
	return append(readings, other)
}

// isPlausible tells names from other texts with an equals sign in them, such
// as "mail=mia@contoso.com", which is an address with a label: a name lies in a
// domain, or at least begins with a type that begins names.
func isPlausible(d dn.DN) bool {
	if len(d) == 0 {
		return false
	}
	_, ok := d.Domain()
	return ok || slices.Contains(namingTypes, d.RDN()[0].Name())
}

var namingTypes = []string{"CN", "OU", "DC", "O", "UID"}

// looksLikeDN reports whether a text that may be damaged begins as
// distinguished names do.
func looksLikeDN(s string) bool {
	typ, _, found := strings.Cut(s, "=")
	return found && slices.Contains(namingTypes, strings.ToUpper(strings.TrimSpace(typ)))
}

func dnQuery(d dn.DN) Query {
	if anchor, ok := d.EntraAnchor(); ok {
		q := Query{Kind: KindEntraDN, Value: anchor, Said: "the name in the Entra connector space of the source anchor " + shown(anchor)}
		if g, err := GUIDFromImmutableID(anchor); err == nil {
			q.GUID = g
			q.Said += ", which is the objectGUID " + g.String()
		}
		return q
	}
	q := Query{Kind: KindDN, Value: d.String()}
	name, _, _ := strings.Cut(d.RDN().Value(), "\n") // a mark of Active Directory's own follows the line feed
	q.Said = "the distinguished name of " + shown(name)
	if domain, ok := d.Domain(); ok {
		q.Domain = domain
		q.Said += " in " + shown(domain)
	} else {
		q.Warning = "This distinguished name does not end in a domain (DC=…,DC=…); copy the whole of it."
	}
	if _, ok := d.Conflict(); ok {
		q.Warning = "This is a conflict object: two domain controllers created the same name, and this is the copy that was set aside. " +
			"It is never synchronized; ask about the object without CNF: in its name."
	} else if _, ok := d.Deleted(); ok {
		q.Warning = "This object was deleted from Active Directory; it is not synchronized any more."
	}
	return q
}

// weak returns the readings of a text that is only a word or an address.
func weak(s string) []Query {
	readings := weakButUnmistakable(s)
	if readings == nil && (isAccountName(s) || isDisplayName(s)) {
		q := Query{Kind: KindSAM, Value: s, Said: "the account name " + shown(s)}
		if strings.Contains(s, " ") {
			q.Said = "the account name or display name " + shown(s)
		}
		readings = []Query{q}
	}
	padded, ok := unpadded(s)
	switch {
	case !ok:
		return readings
	case strings.ContainsAny(s, "+/"):
		return append([]Query{padded}, readings...)
	}
	return append(readings, padded)
}

// unpadded reads an ImmutableId that lost the padding on its way here.
func unpadded(s string) (Query, bool) {
	g, err := GUIDFromImmutableID(s + "==")
	if err != nil || g.IsZero() {
		return Query{}, false
	}
	q := anchorQuery(s+"==", g)
	q.Slip = "== is missing at the end"
	q.Said += " (" + q.Slip + ")"
	return q, true
}

// weakButUnmistakable returns the readings that a mark within the text tells.
func weakButUnmistakable(s string) []Query {
	if domain, name, ok := strings.Cut(s, `\`); ok {
		return domainSAM(domain, strings.TrimPrefix(name, `\`), "")
	}
	if local, domain, ok := cutAddress(s); ok {
		if !isLocalPart(local) || !isDNSName(domain) {
			return nil
		}
		q := Query{Kind: KindUPN, Value: s, Said: "the sign-in name or mail address " + shown(s)}
		if strings.Contains(strings.ToUpper(local), "#EXT#") {
			q.Warning = "This is the name of a guest: guests live in Entra ID only, so there is no password to synchronize."
		}
		return []Query{q}
	}
	if domain, name, ok := strings.Cut(s, "/"); ok && !strings.Contains(domain, ".") {
		return domainSAM(domain, name, "a slash stands where a backslash belongs")
	}
	return addressee(s)
}

func domainSAM(domain, name, slip string) []Query {
	if !isDomainName(domain) || !isAccountName(name) {
		return nil
	}
	q := Query{Kind: KindDomainSAM, Value: name, Domain: domain, Slip: slip}
	q.Said = "the account " + shown(name) + " in the domain " + shown(domain)
	if slip != "" {
		q.Said += " (" + slip + ")"
	}
	return []Query{q}
}

// addressee reads the address out of "Mia Wong <mia.wong@contoso.com>".
func addressee(s string) []Query {
	_, rest, ok := strings.Cut(s, "<")
	address, ok2 := strings.CutSuffix(rest, ">")
	if !ok || !ok2 || strings.ContainsAny(address, "<>") {
		return nil
	}
	return weakButUnmistakable(address)
}

func cutAddress(s string) (local, domain string, ok bool) {
	if strings.Count(s, "@") != 1 {
		return "", "", false
	}
	return strings.Cut(s, "@")
}

// isLocalPart reports whether the text can stand before the "@".
func isLocalPart(s string) bool {
	if s == "" || strings.ContainsAny(s[:1], `'.`) {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("\"\\()[]<>,;:|=*/`\u201c\u201d\u201e", r)
	}) && !strings.HasPrefix(s, "\u2018") && !strings.HasPrefix(s, "\u2019")
}

// isDNSName reports whether the text is one or more labels joined by dots.
func isDNSName(s string) bool {
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || strings.Trim(label, "-_") != label || !isWord(label, "-_") {
			return false
		}
	}
	return true
}

// isDomainName reports whether the text can stand before the backslash: a DNS
// name or a NetBIOS name.
func isDomainName(s string) bool { return isDNSName(s) || s != "" && len(s) <= 15 && isWord(s, "-_&") }

func isWord(s, also string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && !strings.ContainsRune(also, r)
	})
}

// isAccountName reports whether the text can be a sAMAccountName or, when it
// has a blank in it, a display name. Active Directory forbids the characters
// listed here in account names, and a full stop at the end; their full-width
// forms are somebody's keyboard.
func isAccountName(s string) bool {
	const limit = 256 // rangeUpper of sAMAccountName
	if s == "" || len(s) > limit || strings.HasSuffix(s, ".") || isSID(s) || isGUIDLike(s) {
		return false
	}
	letters := false
	for _, r := range s {
		letters = letters || unicode.IsLetter(r) || unicode.IsDigit(r)
		if unicode.IsControl(r) || strings.ContainsRune("\"/\\[]:;|=,+*?<>@\uff20\uff3c\uff1d", r) {
			return false
		}
	}
	return letters && strings.Trim(s, quotes) == s
}

// quotes are marks that no name begins or ends with.
const quotes = "\"'`\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u00b4"

// isDisplayName reports whether the text can be a display name of several
// words, such as "Wong, Mia (HR)".
func isDisplayName(s string) bool {
	return len(s) <= 256 && strings.Contains(s, " ") && isWord(s, " .,'\u2019-()&") &&
		strings.ContainsFunc(s, unicode.IsLetter) && strings.Trim(s, quotes) == s
}

func isSID(s string) bool { return strings.HasPrefix(strings.ToUpper(s), "S-1-5-") }

// isGUIDLike reports whether a text was probably meant to be a GUID; no user's
// account name is as long.
func isGUIDLike(s string) bool {
	return len(s) >= 28 && strings.Count(s, "-") >= 3 && strings.Trim(s, "0123456789abcdefABCDEF-{}") == ""
}

// isBase64 reports whether a text is base64 with padding.
func isBase64(s string) bool {
	if len(s) < 16 || !strings.HasSuffix(s, "=") {
		return false
	}
	_, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(s, "="))
	return err == nil || strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") == ""
}

// explain says what is wrong with a text that has no known form.
func explain(s string) error {
	if looksLikeDN(s) {
		if _, err := dn.Parse(s); err != nil {
			return refuse(ReasonNotUnderstood, "That distinguished name cannot be read: "+syntaxFault(err)+". Copy it again, or give the sign-in name instead.")
		}
	}
	switch {
	case isBase64(s):
		return refuse(ReasonNotUnderstood, "That looks like an ImmutableId, but not a whole one: it has 24 characters and ends in ==. Copy it again.")
	case isSID(s):
		return refuse(ReasonNotUnderstood, "That is a security identifier (SID). Give the name instead: "+sayForms)
	case strings.HasPrefix(s, `.\`):
		return refuse(ReasonNotAPerson, "That is an account of one computer, not of a domain. Give the domain's account: "+sayForms)
	case isGUIDLike(s):
		return refuse(ReasonNotUnderstood, "That looks like an objectGUID, but not a whole one: its groups have 8, 4, 4, 4 and 12 digits. Copy it again.")
	case strings.Contains(s, "/"):
		return refuse(ReasonNotUnderstood, "That looks like a path or a canonical name. Give the distinguished name or the sign-in name instead: "+sayForms)
	}
	return refuse(ReasonNotUnderstood, "That is not a form of name that can be looked up. Give "+sayForms)
}

func syntaxFault(err error) string {
	var syntax *dn.SyntaxError
	if errors.As(err, &syntax) {
		return syntax.What
	}
	return "it is damaged"
}
