package identity

// Reason says why a text was refused.
type Reason uint8

// The reasons of a Refusal.
const (
	// ReasonNotUnderstood means that the text has no known form.
	ReasonNotUnderstood Reason = iota
	// ReasonEmpty means that there was no text.
	ReasonEmpty
	// ReasonTooLong means that the text exceeds MaxLength.
	ReasonTooLong
	// ReasonSecret means that the text is, or may be, a password, hash or
	// token. Whoever holds the text should drop it and log nothing of it.
	ReasonSecret
	// ReasonNotAPerson means that the text names a channel, a group or an
	// account outside of any domain.
	ReasonNotAPerson
	// ReasonSeveral means that the text names more than one person.
	ReasonSeveral
)

var reasonNames = [...]string{
	ReasonNotUnderstood: "not a known form of name",
	ReasonEmpty:         "no text",
	ReasonTooLong:       "text too long",
	ReasonSecret:        "text may be a secret",
	ReasonNotAPerson:    "not a person",
	ReasonSeveral:       "more than one person",
}

// String returns the reason in a few words.
func (r Reason) String() string {
	if int(r) < len(reasonNames) {
		return reasonNames[r]
	}
	return reasonNames[ReasonNotUnderstood]
}

// Refusal is the error of [Read]. Neither its error text nor Say repeats what
// was written, so both are safe to log.
type Refusal struct {
	// Reason is why.
	Reason Reason
	// Say tells the person in full sentences what is wrong and what to do.
	Say string
}

// Error returns the reason, for logs.
func (r *Refusal) Error() string { return "read identity: " + r.Reason.String() }

func refuse(reason Reason, say string) *Refusal { return &Refusal{Reason: reason, Say: say} }

const sayForms = `a sign-in name or mail address (mia.wong@contoso.com), an account name (mwong or CONTOSO\mwong), ` +
	`a distinguished name (CN=Mia Wong,OU=Staff,DC=contoso,DC=com), an objectGUID, an ImmutableId, or an @mention.`
