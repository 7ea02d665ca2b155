package estate

import "time"

// situation is everything about an object that is not as it should be, each
// field a fact of the world; what follows from it is worked out where it is
// looked at. The zero situation is a healthy person.
type situation struct {
	trait string

	// In Active Directory.
	gone             bool
	disabled         bool
	critical         bool
	adminDescription string
	class            string // replaces the object's class
	sam              string // replaces the sign-in name
	upn              string // replaces the user principal name

	// On the way through the Connect server.
	notImported    bool
	disconnector   bool
	filteredRule   bool // goes through the rule that filters from PHS
	cloudFiltered  bool
	wrongDomain    bool
	notProvisioned bool
	noOutboundRule bool
	notExported    bool
	exportError    string
	// answer is what the password sync log says about a change instead of what
	// the stations above lead to.
	answer string

	// In the cloud.
	signIn     signInTrouble
	staleCloud bool
}

// signInTrouble is why somebody cannot sign in although the hash is there.
type signInTrouble struct {
	code   int
	reason string
	app    string
}

// moment is a password change, told from when somebody looks at it.
type moment struct {
	ago time.Duration
	// delay is how long the change takes to the domain controller that the
	// engine reads; never means that it does not get there.
	delay     time.Duration
	temporary bool
}

const never = time.Duration(-1)

// trait is one kind of person.
type trait struct {
	// id is the check that the person must show, with a suffix where there are
	// several ways to.
	id string
	// check is the id of that check.
	check string
	// why is the story in one sentence.
	why string
	// severity is that of the check's result, where it is not an error.
	severity string
	// title names the fault that makes somebody one of these.
	title string
	// set makes the situation.
	set func(*situation)
	// story is when the password was changed; empty leaves the history as it is.
	story []moment
}

// Kinds of objects that are listed with a check, or none, without a fault that
// could make somebody one of them.
const (
	traitHealthy          = ""
	traitAmbiguous        = "ambiguous"
	traitReader           = "reader"
	traitColleague        = "colleague"
	traitConnectorAccount = "connector-account"
	traitCritical         = "critical-object"
	traitConflict         = "conflict"
	traitComputer         = "computer"
	traitContact          = "contact"
	traitOutside          = "outside"
)

// fixtures tells what those kinds must show, and why.
var fixtures = map[string]trait{
	traitHealthy:          {why: "nothing is wrong"},
	traitColleague:        {why: "somebody whom others look up; daily life leaves them alone"},
	traitReader:           {why: "the account that pwsync itself reads the directory with"},
	traitAmbiguous:        {why: "healthy when asked for by name; the sign-in name alone belongs to two people"},
	traitConnectorAccount: {check: "excluded-by-rule", why: "the account of the connector itself is never synchronized"},
	traitCritical: {check: "excluded-by-rule", why: "a critical system object is never synchronized",
		set: func(s *situation) { s.critical, s.disabled = true, true }},
	traitConflict: {check: "excluded-by-rule", why: "the object lost a replication conflict"},
	traitComputer: {check: "not-a-user-object", why: "a computer, not a person"},
	traitContact:  {check: "not-a-user-object", why: "a contact has no password"},
	traitOutside:  {check: "not-imported", why: "the OU is not selected for synchronization"},
}

// yesterday is the age that a change has where it matters that nobody could
// still be waiting for it, and that nothing else switched on beside it hides
// what came of it.
const yesterday = 17 * time.Hour

// once is a single change yesterday that traveled normally.
func once() []moment { return []moment{{ago: yesterday}} }

// traits lists the kinds of people, in the order of the catalog.
func traits() []trait {
	return []trait{
		{id: "user-not-found", check: "user-not-found", title: "A person's account was deleted",
			why: "the account was deleted when the person left",
			set: func(s *situation) { s.gone = true }},
		{id: "not-a-user-object", check: "not-a-user-object", title: "A person's account is an inetOrgPerson",
			why: "the account is an inetOrgPerson, whose password is never synchronized",
			set: func(s *situation) { s.class = "inetOrgPerson" }},
		{id: "excluded-by-rule", check: "excluded-by-rule", title: "A person's adminDescription takes the account out",
			why: "adminDescription begins with User_, which takes the account out of synchronization",
			set: func(s *situation) { s.adminDescription = "User_NoSync" }},
		{id: "excluded-by-rule-critical", check: "excluded-by-rule", title: "A person's account is marked as a critical system object",
			why: "the account is a critical system object",
			set: func(s *situation) { s.critical = true }},
		{id: "user-disabled", check: "user-disabled", title: "A person's account was disabled",
			why: "the account is disabled in AD",
			set: func(s *situation) { s.disabled = true }, story: once()},
		{id: "temporary-password", check: "temporary-password", title: "A person was given a temporary password",
			why:   "the help desk reset the password and asked for a new one at the next logon",
			story: []moment{{ago: 28 * 24 * time.Hour}, {ago: yesterday, temporary: true}}},
		{id: "not-imported", check: "not-imported", title: "A person in scope was never imported",
			why: "the account is in scope and has not been imported yet; a full import is pending",
			set: func(s *situation) { s.notImported = true }, story: once()},
		{id: "disconnector", check: "disconnector", title: "A person's object is a disconnector",
			why: "the imported object is not joined to the metaverse",
			set: func(s *situation) { s.disconnector = true }, story: once()},
		{id: "inbound-rule-missing", check: "inbound-rule-missing", title: "A person is filtered from password hash synchronization",
			why: "the account goes through the rule that filters people from password hash synchronization",
			set: func(s *situation) { s.filteredRule = true }, story: once()},
		{id: "cloud-filtered", check: "cloud-filtered", title: "A person is marked as filtered from the cloud",
			why: "the rules mark the person as filtered from the cloud",
			set: func(s *situation) { s.cloudFiltered = true }, story: once()},
		{id: "domain-attributes-wrong", check: "domain-attributes-wrong", title: "A person carries the wrong domain in the metaverse",
			why: "a custom rule writes the wrong domain into the metaverse",
			set: func(s *situation) { s.wrongDomain = true; s.answer = "Error" }, story: once()},
		{id: "not-provisioned", check: "not-provisioned", title: "A person has no object in the Entra connector space",
			why: "no object for the person was made in the Entra connector space",
			set: func(s *situation) { s.notProvisioned = true }, story: once()},
		{id: "outbound-rule-missing", check: "outbound-rule-missing", title: "A person's Entra object misses the password rule",
			why: "the person's object in the Entra connector space does not go through the rule that carries password hashes",
			set: func(s *situation) { s.noOutboundRule = true }, story: once()},
		{id: "export-error", check: "export-error", title: "A person's export fails on a duplicate address",
			why: "the export fails because another object has the same address",
			set: func(s *situation) { s.exportError = "AttributeValueMustBeUnique" }, story: once()},
		{id: "not-exported", check: "not-exported", title: "A person waits for the first export",
			why: "the object waits for its first export",
			set: func(s *situation) { s.notExported = true }, story: once()},
		{id: "last-attempt-failed", check: "last-attempt-failed", title: "The cloud answered a person's last attempt with an error",
			why: "the cloud answered the last attempt with an error",
			set: func(s *situation) { s.answer = "Error" }, story: once()},
		{id: "last-attempt-failed-unknown", check: "last-attempt-failed", title: "A person's last attempt ended as Unknown",
			why: "processing the batch with the last attempt failed",
			set: func(s *situation) { s.answer = "Unknown" }, story: once()},
		{id: "last-attempt-failed-nocode", check: "last-attempt-failed", title: "The cloud gave a person's last attempt no result",
			why: "the cloud gave no result for the last attempt",
			set: func(s *situation) { s.answer = "NoCodeReportedByTarget" }, story: once()},
		{id: "no-attempt-recorded", check: "no-attempt-recorded", title: "A person's change was never read",
			why:   "the change never reached the domain controller that the engine reads",
			story: []moment{{ago: 40 * 24 * time.Hour}, {ago: yesterday, delay: never}}},
		{id: "hash-stale", check: "hash-stale", title: "A person's newest change was not sent",
			why:   "the newest change has not been sent, the one before it has",
			story: []moment{{ago: 3 * 24 * time.Hour}, {ago: yesterday, delay: never}}},
		{id: "missing-attribute", check: "missing-attribute", title: "A person lacks the keys for Entra Domain Services", severity: "info",
			why: "the keys that Entra Domain Services needs are missing",
			set: func(s *situation) { s.answer = "MissingAttribute" }, story: once()},
		{id: "waiting", check: "waiting", title: "A person has just changed the password", severity: "info",
			why:   "the password was changed minutes ago and is on its way",
			story: []moment{{ago: 20 * 24 * time.Hour}, {ago: 3 * time.Minute, delay: 9 * time.Minute}}},
		{id: "sign-in-fails-elsewhere", check: "sign-in-fails-elsewhere", title: "A person's sign-in is blocked although the hash is there", severity: "info",
			why: "the hash is there; Conditional Access turns the sign-in down",
			set: func(s *situation) {
				s.signIn = signInTrouble{53003, "Access has been blocked by Conditional Access policies.", "Office 365 Exchange Online"}
			}, story: once()},
		{id: "cloud-mismatch", check: "cloud-mismatch", title: "The cloud shows an older password change for a person", severity: "info",
			why: "the cloud shows an older password change than AD",
			set: func(s *situation) { s.staleCloud = true }, story: once()},
	}
}

// traitByID finds a trait; the healthy one has no entry.
func traitByID(id string) (trait, bool) {
	for _, t := range traits() {
		if t.id == id {
			return t, true
		}
	}
	return trait{}, false
}

func situationOf(id string) situation {
	s := situation{trait: id}
	t, ok := traitByID(id)
	if !ok {
		t = fixtures[id]
	}
	if t.set != nil {
		t.set(&s)
	}
	return s
}

// changes turns a story into changes of the object, as seen at a moment.
func (t trait) changes(now time.Time, o *Object) []change {
	var out []change
	for _, m := range t.story {
		dcs := o.Domain.DCs
		c := change{at: now.Add(-m.ago), on: dcs[len(dcs)-1].Host, temporary: m.temporary}
		if m.ago >= yesterday {
			// Two people do not change their passwords in the same second.
			c.at = c.at.Add(-time.Duration(o.RID%2700) * time.Second)
		}
		if m.delay != never {
			c.visible = c.at.Add(m.delay)
		}
		out = append(out, c)
	}
	return out
}
