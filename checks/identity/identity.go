package identity

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxLength is the number of characters above which [Read] refuses a text. No
// form of name is longer, save distinguished names nobody has.
const MaxLength = 1024

// maxAlternatives bounds how many further readings a [Query] carries, and with
// that how many searches one question can cost.
const maxAlternatives = 4

// Kind says which form of name a text has.
type Kind uint8

// The forms of name that Read understands.
const (
	// KindUnknown is the zero Kind; Read never returns it without an error.
	KindUnknown Kind = iota
	// KindDN is a distinguished name in Active Directory.
	KindDN
	// KindUPN is a user principal name or a mail address, which look alike.
	KindUPN
	// KindSAM is an account name, or any other bare words.
	KindSAM
	// KindDomainSAM is an account name with its domain, DOMAIN\name.
	KindDomainSAM
	// KindObjectGUID is an objectGUID.
	KindObjectGUID
	// KindImmutableID is a source anchor, base64 of 16 bytes.
	KindImmutableID
	// KindEntraDN is the name of an object in the Entra connector space, which
	// spells its source anchor.
	KindEntraDN
	// KindSlackUser is a person mentioned in Slack.
	KindSlackUser
)

var kindNames = [...]string{
	KindUnknown:     "unknown",
	KindDN:          "distinguished name",
	KindUPN:         "sign-in name or mail address",
	KindSAM:         "account name",
	KindDomainSAM:   "account name with domain",
	KindObjectGUID:  "objectGUID",
	KindImmutableID: "ImmutableId",
	KindEntraDN:     "Entra connector space name",
	KindSlackUser:   "Slack user",
}

// String returns the kind in words for people.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return kindNames[KindUnknown]
}

// Query is one reading of what somebody wrote.
type Query struct {
	// Kind is the form of the name.
	Kind Kind
	// Value is the name itself, without decoration: a DN in canonical form, an
	// objectGUID in lower case with dashes, an ImmutableId or source anchor as
	// text, the account name without its domain, the id of a Slack user.
	Value string
	// Domain is what the text says about the domain: the NetBIOS or DNS name
	// before a backslash, or the DNS name that a DN ends in. It is "" when the
	// text says nothing.
	Domain string
	// GUID is the objectGUID of KindObjectGUID, and the one that a source
	// anchor of 16 bytes spells; zero otherwise.
	GUID GUID
	// Said tells in words what was understood, to follow "I read this as". It
	// is plain text that may hold parts of a directory's or a person's data.
	Said string
	// Slip names what was wrong with the text when the reading rests on a
	// mend, and is "" when the text was read as it stands. Nothing should be
	// changed in a directory on the strength of a mended name until somebody
	// has confirmed it.
	Slip string
	// Warning is a sentence to show beside the answer, or "".
	Warning string
	// Alternatives are further readings, the likeliest first, for when this
	// one finds nobody. They have no alternatives of their own.
	Alternatives []Query
}

// Read understands what a person typed or pasted to say whom they mean. The
// text may come from Slack as it stands there: links are unwrapped and the
// three entities decoded, exactly once, so it must not have been decoded
// before. An error is a [*Refusal].
func Read(input string) (Query, error) {
	if utf8.RuneCountInString(input) > MaxLength {
		return Query{}, refuse(ReasonTooLong, fmt.Sprintf(
			"That is more than %d characters. Give the name of one person only.", MaxLength))
	}
	if !utf8.ValidString(input) {
		return Query{}, refuse(ReasonNotUnderstood, "That text is damaged (it is not valid UTF-8). Copy the name again.")
	}
	if isCertainSecret(input) {
		return Query{}, refuse(ReasonSecret, saySecret)
	}
	message := fromSlack(input)
	if message.people != nil || message.others {
		return message.person()
	}
	texts := variants(message.text)
	if texts[0] == "" {
		return Query{}, refuse(ReasonEmpty, "Say whom you mean: "+sayForms)
	}
	if q, ok := assemble(texts, strong); ok {
		if q.Kind == KindDN && q.Domain == "" && hasPasswordWord(texts[0]) {
			// Something follows the name, and it does not look like a domain.
			return Query{}, refuse(ReasonSecret, sayPassword)
		}
		return q, nil
	}
	if err := refuseSecret(texts[0]); err != nil {
		return Query{}, err
	}
	if q, ok := assemble(texts, weak); ok {
		return q, nil
	}
	plain := texts[len(texts)-1]
	switch found := amongWords(plain); len(found) {
	case 0:
		return Query{}, explain(plain)
	case 1:
		return found[0], nil
	}
	return Query{}, refuse(ReasonSeveral, "That names more than one person. Ask about one person at a time.")
}

// assemble reads every variant of a text and makes one query of the readings,
// in order and without repetition.
func assemble(texts []string, read func(string) []Query) (Query, bool) {
	var readings []Query
	for _, text := range texts {
		for _, q := range read(text) {
			if !contains(readings, q) {
				readings = append(readings, q)
			}
		}
	}
	if len(readings) == 0 {
		return Query{}, false
	}
	q := readings[0]
	if rest := readings[1:]; len(rest) > 0 {
		q.Alternatives = rest[:min(len(rest), maxAlternatives)]
	}
	return q, true
}

func contains(readings []Query, q Query) bool {
	for _, r := range readings {
		if r.Kind == q.Kind && r.Value == q.Value && r.Domain == q.Domain {
			return true
		}
	}
	return false
}

// amongWords finds the unmistakable names in a sentence, such as the address
// in "Mia Wong mia@contoso.com".
func amongWords(text string) []Query {
	var found []Query
	for word := range strings.FieldsSeq(text) {
		q, ok := assemble([]string{undecorate(word)}, func(s string) []Query {
			return append(strong(s), weakButUnmistakable(s)...)
		})
		if ok && !contains(found, q) {
			q.Slip = "there is other text around the name"
			found = append(found, q)
		}
	}
	return found
}

// shown returns a name as a sentence can hold it: on one line, without
// characters that hide or reorder others, and cut visibly when it is long.
func shown(value string) string {
	const limit = 120
	var b strings.Builder
	n := 0
	for _, r := range value {
		if n++; n > limit {
			b.WriteString("…")
			break
		}
		if unicode.IsControl(r) || isInvisible(r) || r == '\u2028' || r == '\u2029' {
			r = utf8.RuneError
		}
		b.WriteRune(r)
	}
	return b.String()
}
