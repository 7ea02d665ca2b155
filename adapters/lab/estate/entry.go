package estate

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Entry is one object as Active Directory hands it out over LDAP: values in
// AD's own encodings, binary ones as bytes in a string.
type Entry struct {
	DN         string
	Attributes map[string][]string
}

// Bits of userAccountControl and its computed sibling.
const (
	uacDisabled        = 0x2
	uacNormal          = 0x200
	uacWorkstation     = 0x1000
	uacNeverExpires    = 0x10000
	computedLocked     = 0x10
	computedPwdExpired = 0x800000
	neverExpires       = "9223372036854775807"
)

// DirectoryDown reports whether the bot cannot reach a domain over LDAP.
func (e *Estate) DirectoryDown(domain string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	d := e.domain(domain)
	return d == nil || e.conditionsAt(e.clock.Now()).domain(d).botDown
}

// entriesSeen is the last answer of Entries for one domain.
type entriesSeen struct {
	at         time.Time
	conditions *conditions
	entries    []Entry
}

// entriesKeep is how long an answer serves further searches: many people asking
// at once look at one moment.
const entriesKeep = time.Second

// Entries lists every object of a domain as it is now, containers first. The
// entries are shared and must not be changed.
func (e *Estate) Entries(domain string) []Entry {
	e.mu.Lock()
	defer e.mu.Unlock()
	d := e.domain(domain)
	if d == nil {
		return nil
	}
	now := e.clock.Now()
	c := e.conditionsAt(now)
	if seen := e.entries[d.FQDN]; seen.conditions == c && !now.Before(seen.at) && now.Sub(seen.at) < entriesKeep {
		return seen.entries
	}
	entries := e.entriesAt(d, c, now)
	e.entries[d.FQDN] = entriesSeen{at: now, conditions: c, entries: entries}
	return entries
}

func (e *Estate) entriesAt(d *Domain, c *conditions, now time.Time) []Entry {
	out := []Entry{domainEntry(d)}
	seen := map[string]bool{}
	var leaves []Entry
	for _, o := range e.byDomain[d.FQDN] {
		s := c.of(o)
		if s.gone {
			continue
		}
		for dn := ParentDN(o.DN); dn != "" && dn != d.DN() && !seen[dn]; dn = ParentDN(dn) {
			seen[dn] = true
			out = append(out, containerEntry(dn))
		}
		leaves = append(leaves, c.entry(o, s, now))
	}
	return append(out, leaves...)
}

func domainEntry(d *Domain) Entry {
	return Entry{DN: d.DN(), Attributes: map[string][]string{
		"distinguishedName": {d.DN()}, "objectClass": {"top", "domain", "domainDNS"}, "dc": {strings.SplitN(d.FQDN, ".", 2)[0]},
		"name": {strings.SplitN(d.FQDN, ".", 2)[0]}, "objectGUID": {newGUID("domain", d.FQDN).raw()},
	}}
}

func containerEntry(dn string) Entry {
	kind, rest, _ := strings.Cut(dn, "=")
	name, _, _ := strings.Cut(rest, ",")
	class := []string{"top", "organizationalUnit"}
	if kind == "CN" {
		class = []string{"top", "container"}
	}
	return Entry{DN: dn, Attributes: map[string][]string{
		"distinguishedName": {dn}, "objectClass": class, "name": {name}, strings.ToLower(kind): {name}, "objectGUID": {newGUID("container", dn).raw()},
	}}
}

// raw is the GUID as it is stored.
func (g GUID) raw() string { return string(g[:]) }

// classes is objectClass from the widest to the narrowest.
func classes(class string) []string {
	switch class {
	case "computer":
		return []string{"top", "person", "organizationalPerson", "user", "computer"}
	case "inetOrgPerson":
		return []string{"top", "person", "organizationalPerson", "user", "inetOrgPerson"}
	case "contact":
		return []string{"top", "person", "organizationalPerson", "contact"}
	}
	return []string{"top", "person", "organizationalPerson", "user"}
}

// entry is an object as AD shows it.
func (c *conditions) entry(o *Object, s situation, now time.Time) Entry {
	class := o.classIn(s)
	a := map[string][]string{
		"distinguishedName": {o.DN},
		"objectClass":       classes(class),
		"objectCategory":    {"CN=" + category(class) + ",CN=Schema,CN=Configuration," + o.Domain.Forest.Root().DN()},
		"objectGUID":        {o.GUID.raw()},
		"cn":                {plainName(o.CN)},
		"name":              {plainName(o.CN)},
		"displayName":       {o.Display},
		"whenCreated":       {generalized(o.Created)},
		"whenChanged":       {generalized(o.Created)},
		"uSNChanged":        {strconv.Itoa(120_000 + o.RID)},
	}
	set := func(name, value string) {
		if value != "" {
			a[name] = []string{value}
		}
	}
	set("givenName", o.Given)
	set("sn", o.Surname)
	set("mail", o.Mail)
	set("adminDescription", s.adminDescription)
	if s.critical {
		set("isCriticalSystemObject", "TRUE")
	}
	if class == "contact" {
		return Entry{DN: o.DN, Attributes: a}
	}
	set("sAMAccountName", o.samIn(s))
	set("userPrincipalName", o.upnIn(s))
	set("objectSid", sidBytes(o.SID()))
	if o.Mail != "" {
		set("mailNickname", strings.ToLower(o.SAM))
	}
	if ch := c.account(o, s, now, set); o.Class == "user" && !ch.at.IsZero() {
		a["msDS-ReplAttributeMetaData"] = o.metadata(ch)
	}
	return Entry{DN: o.DN, Attributes: a}
}

// account adds what concerns logging on, and returns the password change that
// AD knows of.
func (c *conditions) account(o *Object, s situation, now time.Time, set func(name, value string)) change {
	control, computed := uacNormal, 0
	if o.Class == "computer" {
		control = uacWorkstation
	}
	if s.disabled {
		control |= uacDisabled
	}
	expires, locked := neverExpires, false
	ch, _ := o.latest(now, false)
	pwd := filetime(ch.at)
	var since time.Time // when the trouble of a connector account began
	if ch.temporary {
		pwd = "0"
	}
	if s.trait == traitConnectorAccount {
		control |= uacNeverExpires
		fc := c.forest(o.Domain.Forest)
		since = fc.accountSince
		switch fc.account {
		case accountDisabled:
			control |= uacDisabled
		case accountLocked:
			locked = true
		case accountExpired:
			expires = filetime(since)
		case accountPasswordExpired:
			control &^= uacNeverExpires
			computed |= computedPwdExpired
		case accountMustChange:
			pwd = "0"
		case accountRejected:
			ch.at = since
			pwd = filetime(ch.at)
		case accountFine:
		}
	}
	if locked {
		computed |= computedLocked
		set("lockoutTime", filetime(since))
		set("badPasswordTime", filetime(now.Add(-4*time.Minute)))
		set("badPwdCount", "7")
	} else {
		set("lockoutTime", "0")
		set("badPwdCount", "0")
	}
	set("userAccountControl", strconv.Itoa(control))
	set("msDS-User-Account-Control-Computed", strconv.Itoa(computed))
	set("pwdLastSet", pwd)
	set("accountExpires", expires)
	return ch
}

// metadata is the replication metadata of the password: a value for each
// attribute, an XML fragment with a zero byte behind it, as AD returns it.
func (o *Object) metadata(ch change) []string {
	var out []string
	for i, name := range []string{"unicodePwd", "pwdLastSet"} {
		out = append(out, fmt.Sprintf("<DS_REPL_ATTR_META_DATA>\n\t<pszAttributeName>%s</pszAttributeName>\n\t<dwVersion>%d</dwVersion>\n\t<ftimeLastOriginatingChange>%s</ftimeLastOriginatingChange>\n\t<uuidLastOriginatingDsaInvocationID>%s</uuidLastOriginatingDsaInvocationID>\n\t<usnOriginatingChange>%d</usnOriginatingChange>\n\t<usnLocalChange>%d</usnLocalChange>\n\t<pszLastOriginatingDsaDN>CN=NTDS Settings,CN=%s,CN=Servers,CN=Default-First-Site-Name,CN=Sites,CN=Configuration,%s</pszLastOriginatingDsaDN>\n</DS_REPL_ATTR_META_DATA>\n\x00",
			name, 3+i, ch.at.UTC().Format("2006-01-02T15:04:05Z"), newGUID("invocation", ch.on), 40_000+o.RID, 41_000+o.RID,
			strings.ToUpper(strings.SplitN(ch.on, ".", 2)[0]), o.Domain.Forest.Root().DN()))
	}
	return out
}

func category(class string) string {
	if class == "computer" {
		return "Computer"
	}
	return "Person"
}

// plainName is a CN as a value: the escapes of the DN resolved.
func plainName(cn string) string {
	return strings.TrimPrefix(strings.TrimPrefix(nameKey("CN="+cn), "\x00"), "CN=")
}

// filetime writes a time as AD does: hundreds of nanoseconds since 1601.
func filetime(t time.Time) string {
	const epoch = 11644473600
	return strconv.FormatInt((t.Unix()+epoch)*10_000_000+int64(t.Nanosecond())/100, 10)
}

// generalized writes a time as an LDAP generalized time.
func generalized(t time.Time) string { return t.UTC().Format("20060102150405") + ".0Z" }

// sidBytes encodes a security identifier.
func sidBytes(sid string) string {
	parts := strings.Split(sid, "-")[3:]
	out := []byte{1, byte(len(parts)), 0, 0, 0, 0, 0, 5}
	for _, p := range parts {
		n, _ := strconv.ParseUint(p, 10, 32)
		out = append(out, byte(n), byte(n>>8), byte(n>>16), byte(n>>24))
	}
	return string(out)
}

// Reader returns the name and the password that may read a domain.
func (e *Estate) Reader(domain string) (name, password string) {
	if d := e.domain(domain); d != nil {
		return d.Forest.Reader, d.Forest.ReaderPassword
	}
	return "", ""
}
