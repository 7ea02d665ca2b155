package estate

import (
	"fmt"
	"hash/fnv"
	"strings"
	"time"
)

// Object is one entry of Active Directory that the lab knows: nearly always a
// person.
type Object struct {
	Domain  *Domain
	DN      string
	CN      string
	Display string
	Given   string
	Surname string
	SAM     string
	UPN     string
	Mail    string
	GUID    GUID
	RID     int
	Class   string
	Created time.Time
	// situation is what is peculiar about the object from the start.
	situation situation
	// victim is the fault that this healthy person is kept for.
	victim string
	// changes are the password changes that are remembered, oldest first.
	changes []change
	// extra are the changes that a fault brings with it, oldest first.
	extra []change
	// undoneSince is from when on the changes above are undone, for as long as a
	// fault of this person is on; the zero time means that none is.
	undoneSince time.Time
}

// change is one password change.
type change struct {
	at time.Time
	// on is the domain controller that took the change.
	on string
	// visible is when the domain controller that the engine reads has it too;
	// the zero time means never.
	visible time.Time
	// temporary says that the person must choose another password at the next
	// logon.
	temporary bool
}

// SID is the object's security identifier.
func (o *Object) SID() string { return fmt.Sprintf("%s-%d", o.Domain.SID, o.RID) }

// CloudID is the object's id in Entra.
func (o *Object) CloudID() string { return newGUID("cloud", o.GUID.String()).String() }

// mvID and the connector space ids are what the Connect server calls the object.
func (o *Object) csID() string      { return newGUID("cs", o.GUID.String()).String() }
func (o *Object) mvID() string      { return newGUID("mv", o.GUID.String()).String() }
func (o *Object) entraCSID() string { return newGUID("entra-cs", o.GUID.String()).String() }

// entraDN is the name of the object in the Entra connector space.
func (o *Object) entraDN() string { return fmt.Sprintf("CN={%X}", o.GUID.Anchor()) }

// classIn is the object's class, as the situation has it.
func (o *Object) classIn(s situation) string {
	if s.class != "" {
		return s.class
	}
	return o.Class
}

// upnIn is the object's user principal name, as the situation has it.
func (o *Object) upnIn(s situation) string {
	if s.upn != "" {
		return s.upn
	}
	return o.UPN
}

// samIn is the object's sign-in name, as the situation has it.
func (o *Object) samIn(s situation) string {
	if s.sam != "" {
		return s.sam
	}
	return o.SAM
}

// excludedByRule reports whether the standard rules leave the object out.
func (o *Object) excludedByRule(s situation) bool {
	return s.critical || strings.HasPrefix(s.adminDescription, "User_") ||
		strings.HasPrefix(o.SAM, "MSOL_") || strings.HasPrefix(o.SAM, "AAD_") || strings.Contains(o.CN, `\0ACNF:`)
}

// living reports whether the person takes part in the daily life of the
// estate; what is promised about everybody else has to hold.
func (o *Object) living() bool { return o.situation.trait == traitHealthy && o.victim == "" }

// seat is a row of the table of people: where somebody sits and what is
// peculiar.
type seat struct {
	domain string // NetBIOS name
	ou     string // below the domain, as written in a DN
	given  string
	sur    string
	sam    string
	// as names the peculiarity by its trait; empty means healthy.
	as string
	// ago is how old, at the start, a password change of late is; most people
	// have none.
	ago time.Duration
	// cn and display replace what the names would give; cn is escaped already.
	cn, display string
	class       string
	// address is the part before the @ of the sign-in name and the mail address,
	// where it is not the account name.
	address string
}

// newObject seats a person.
func newObject(s seat, d *Domain, start time.Time) *Object {
	display := s.display
	if display == "" {
		display = strings.TrimSpace(s.given + " " + s.sur)
	}
	cn := s.cn
	if cn == "" {
		cn = display
	}
	o := &Object{
		Domain: d, CN: cn, Display: display, Given: s.given, Surname: s.sur, SAM: s.sam,
		DN:    "CN=" + cn + "," + joinDN(s.ou, d.DN()),
		Class: s.class,
	}
	if o.Class == "" {
		o.Class = "user"
	}
	o.GUID = newGUID("object", d.FQDN+"/"+s.sam+"/"+cn)
	h := fnv.New32a()
	h.Write([]byte(o.DN))
	o.RID = 1100 + int(h.Sum32()%60000)
	if o.Class == "user" || o.Class == "inetOrgPerson" {
		local := s.sam
		if s.address != "" {
			local = s.address
		}
		o.UPN = strings.ToLower(local) + "@" + d.FQDN
		o.Mail = o.UPN
	}
	age := 9 + int(h.Sum32()>>8%70)
	o.Created = start.AddDate(0, 0, -400-int(h.Sum32()%900))
	// Nobody changes a password at midnight sharp.
	at := start.AddDate(0, 0, -age).Add(-time.Duration(h.Sum32()%(5*3600)) * time.Second)
	o.changes = []change{{at: at, on: d.DCs[0].Host, visible: at}}
	if s.ago > 0 {
		at = start.Add(-s.ago)
		o.changes = append(o.changes, change{at: at, on: d.DCs[0].Host, visible: at})
	}
	kind := s.as
	if v, ok := strings.CutPrefix(kind, "victim:"); ok {
		o.victim, kind = v, traitHealthy
	}
	o.situation = situationOf(kind)
	if t, ok := traitByID(kind); ok && len(t.story) > 0 {
		o.changes = append(o.changes, t.changes(start, o)...)
	}
	return o
}

func joinDN(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, ",")
}
