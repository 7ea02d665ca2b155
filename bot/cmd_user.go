package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/identity"
)

// runUser answers why one person's password does not work.
func runUser(ctx context.Context, t *turn) reply {
	a, q, problem := t.aboutPerson(ctx)
	if problem != nil {
		return reply{card: *problem}
	}
	if r, ok := t.notOne(a, q, "user"); ok {
		return r
	}
	card := userCard(a, t.bot.age(a.Facts), heard(q))
	evidence := evidenceCard(a)
	return reply{
		card: card, hint: behindEvidence(a.Report, len(a.Report.Diagnoses)), command: "user", args: sameOne(a, t.args), evidence: &evidence,
		ticket: ticket(a, zoneOf(t.person.TimeZone)),
	}
}

// aboutPerson asks about the one person whom the rest of the text names. A problem
// is an answer in itself.
func (t *turn) aboutPerson(ctx context.Context) (answer, identity.Query, *Card) {
	q, problem := t.whom(ctx)
	if problem != nil {
		return answer{}, q, problem
	}
	a, ok := t.bot.ask(ctx, question{Person: &q, Input: plain(t.args)})
	if !ok || a.Facts.User == nil {
		late := lateCard()
		return answer{}, q, &late
	}
	return a, q, nil
}

// sameOne asks for the same person again by the key that a rename does not
// change.
func sameOne(a answer, args string) string {
	if g := a.Facts.User.Person.GUID; g != "" {
		return g
	}
	return args
}

// heard says what was not read as it stands.
func heard(q identity.Query) []string {
	var out []string
	if q.Slip != "" {
		out = append(out, "Note: "+q.Slip+". I looked for "+q.Said+".")
	}
	if q.Warning != "" {
		out = append(out, q.Warning)
	}
	return out
}

// userCard words the answer about one person.
func userCard(a answer, age string, notes []string) Card {
	r := a.Report
	c := Card{Tone: toneOf(r.Verdict), Headline: userHeadline(r), Fields: userFields(a.Facts), Chain: shortChain(r.Chain)}
	if tell := whatToTell(r); tell != "" {
		c.Lead = append(c.Lead, "Tell the caller: "+tell)
	}
	main, more := causesOf(r)
	c.Lead = append(c.Lead, userLead(a, main, more)...)
	c.Lead = append(c.Lead, notes...)
	if main != nil {
		c.Sections = append(c.Sections, whySection(*main))
	}
	if len(more) > 0 {
		c.Sections = append(c.Sections, alsoSection(more))
	}
	c.Sections = withReasons(c.Sections, doubtSection(r), personReasons(a.Facts, r.Chain))
	if main != nil {
		c.Sections = append(c.Sections, fixSection(main.Result))
	}
	if len(r.SecondOpinion) > 0 {
		c.Sections = append(c.Sections, Section{Title: "Second opinion", Steps: someSteps(r.SecondOpinion, 3)})
	}
	c.Footer = append(c.Footer, age)
	return c
}

// shortChain is the chain without the reasons why a station could not be looked at.
func shortChain(chain []checks.Link) []checks.Link {
	out := slices.Clone(chain)
	for i := range out {
		detail, _ := shortLink(out[i])
		out[i].Detail = Cut(justNow(detail), fieldRunes)
	}
	return out
}

// userLead says what the headline does not: whom it is about, where the cause is,
// how it is known that a password arrived, and what is wrong beside it.
func userLead(a answer, main *checks.Diagnosis, more []checks.Diagnosis) []string {
	r, f := a.Report, a.Facts
	who := f.Question.Said
	if p := r.Person; p != nil {
		who = or(p.UPN, or(p.SAM, p.DN))
	}
	out := []string{"This is about " + or(who, "the person asked about") + "."}
	switch {
	case r.Verdict == checks.Synced && proved(r):
		out[0] += " The password arrived: " + justNow(r.Chain[len(r.Chain)-1].Detail) + "."
	case r.Verdict == checks.Synced:
		out[0] += " There is no entry to show for it: the password was set " + passwordSet(f) + ", and the server keeps seven days of history."
	case main != nil && main.Check.Scope != checks.ScopeUser:
		out[0] += " The cause lies with " + main.Subject.Label() + "."
	}
	if beside := causesNamed(around(more)); beside != "" {
		out = append(out, "Separately: "+beside+".")
	}
	for i := range out {
		out[i] = Cut(out[i], evidenceRunes)
	}
	return out
}

// around are the diagnoses that are not about the person.
func around(list []checks.Diagnosis) []checks.Diagnosis {
	var out []checks.Diagnosis
	for _, d := range list {
		if d.Check.Scope != checks.ScopeUser {
			out = append(out, d)
		}
	}
	return out
}

// proved reports whether the log shows that the newest password arrived. A
// password that is older than the log can be synced without it.
func proved(r *checks.Report) bool {
	n := len(r.Chain)
	return n > 0 && r.Chain[n-1].Status == checks.Pass
}

// toneOf gives a verdict its mood.
func toneOf(v checks.Verdict) Tone {
	switch v {
	case checks.Healthy, checks.Synced:
		return ToneGood
	case checks.Degraded:
		return ToneWarn
	case checks.Broken, checks.Blocked:
		return ToneBad
	case checks.Waiting:
		return ToneWait
	case checks.CouldNotTell:
		return ToneDoubt
	}
	return ToneDoubt
}

// verdictWord says the verdict as a headline begins.
func verdictWord(v checks.Verdict) string {
	if v == checks.CouldNotTell {
		return "Could not tell"
	}
	return upperFirst(string(v))
}

func userHeadline(r *checks.Report) string {
	main, _ := causesOf(r)
	switch {
	case r.Verdict == checks.Synced && !proved(r):
		return "Synced · Nothing is wrong on this password's way"
	case r.Verdict == checks.Synced:
		return "Synced · The newest password is in Microsoft 365"
	case r.Verdict == checks.CouldNotTell && (main == nil || main.Check.Scope == checks.ScopeUser):
		return "Could not tell · What decides could not be read"
	case main != nil:
		return verdictWord(r.Verdict) + " · " + main.Check.Title
	default:
		return verdictWord(r.Verdict)
	}
}

// causesOf returns the failing diagnosis that decides, and the others that count.
// Where the verdict is good, nothing decides; where it could not be told, what
// fails around the person is the likely reason.
func causesOf(r *checks.Report) (main *checks.Diagnosis, more []checks.Diagnosis) {
	good := r.Verdict == checks.Synced || r.Verdict == checks.Healthy
	for i := range r.Diagnoses {
		d := &r.Diagnoses[i]
		if d.Status != checks.Fail {
			continue
		}
		counts := d.Severity != checks.Info || r.Verdict == checks.Waiting && d.Check.ID == "waiting"
		if main == nil && counts && !good {
			main = d
			continue
		}
		more = append(more, *d)
	}
	return main, more
}

// whatToTell is what a help desk can tell the caller: what the cause that decides
// has to say, else what the verdict allows.
func whatToTell(r *checks.Report) string {
	if d := speaker(r); d != nil {
		return d.Check.Tell
	}
	switch r.Verdict {
	case checks.Synced:
		if !proved(r) {
			return "As far as can be told, Microsoft 365 has this password. Type it again with care, and check the sign-in name; if it still fails, setting a new password shows whether it arrives."
		}
		return "The new password has arrived. Type it again with care, and check the sign-in name; if it still fails, the reason is not password synchronization."
	case checks.Blocked:
		return "The new password has not arrived in Microsoft 365, and it is not the caller's fault. The old one may still work there. It is being looked into."
	case checks.CouldNotTell:
		return "It is not known yet whether the new password has arrived. Try again later, or pass this card on."
	case checks.Waiting:
		return "Please wait ten minutes and try again."
	case checks.Healthy, checks.Degraded, checks.Broken:
	}
	return ""
}

// speaker is the diagnosis whose words for the caller hold. A mere note may speak
// only where the password has arrived: beside a fault it would belittle it.
func speaker(r *checks.Report) *checks.Diagnosis {
	main, more := causesOf(r)
	if main != nil && main.Check.Tell != "" {
		return main
	}
	for i, d := range more {
		switch {
		case d.Check.Tell == "":
		case r.Verdict == checks.Blocked && d.Severity == checks.Error, r.Verdict == checks.Synced:
			return &more[i]
		}
	}
	return nil
}

func userFields(f *checks.Facts) []Field {
	u := f.User
	p := u.Person
	if p.GUID == "" {
		return nil
	}
	who := or(p.UPN, or(p.SAM, p.DN))
	if p.Name != "" {
		who = p.Name + ", " + who
	}
	return []Field{
		field("Person", who),
		field("Domain", or(p.Domain, "not known")),
		field("Password set", passwordSet(f)),
		field("Last attempt", lastAttempt(f)),
		field("Account", accountState(f)),
		field("Connect server", serverName(f)),
	}
}

func serverName(f *checks.Facts) string {
	s := f.Active()
	switch {
	case s == nil:
		return "none is configured"
	case s.Role != checks.RoleActive:
		return s.Host + ", not configured as the active one"
	default:
		return s.Host
	}
}

// notKnown is what a field says whose fact is missing; the reason stands elsewhere
// on the card, once.
const notKnown = "not known"

func passwordSet(f *checks.Facts) string {
	ad, ok := f.User.AD.Get()
	switch {
	case !ok:
		return notKnown
	case !ad.MustChange && ad.PasswordSet.IsZero():
		return "not known: Active Directory did not show it"
	case ad.MustChange && ad.Changed.IsZero():
		return "temporary, must be changed at next logon"
	case ad.MustChange:
		return "temporary, set " + stampAge(f.At, ad.Changed)
	default:
		return stampAge(f.At, ad.PasswordSet)
	}
}

func lastAttempt(f *checks.Facts) string {
	log, ok := f.User.Log.Get()
	switch {
	case !ok:
		return notKnown
	case len(log) == 0:
		return "none in the seven days of history"
	default:
		return log[0].Status + ", " + stampAge(f.At, log[0].At)
	}
}

func accountState(f *checks.Facts) string {
	ad, ok := f.User.AD.Get()
	if !ok {
		return notKnown
	}
	state := []string{"enabled"}
	if ad.Disabled() {
		state[0] = "disabled"
	}
	locked := "not locked"
	if ad.Locked {
		locked = "locked"
	}
	state = append(state, locked)
	if ad.PasswordExpired() {
		state = append(state, "password expired")
	}
	if !ad.AccountExpires.IsZero() && !ad.AccountExpires.After(f.At) {
		state = append(state, "account expired "+checks.Stamp(ad.AccountExpires))
	}
	if ad.SmartcardRequired() {
		state = append(state, "smart card required")
	}
	return strings.Join(state, ", ")
}

// zoneOf loads a time zone; UTC where it has no name or is not known here.
func zoneOf(name string) *time.Location {
	if name == "" || name == "Local" {
		return time.UTC
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return zone
}
