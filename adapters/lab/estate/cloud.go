package estate

import (
	"strings"
	"time"
)

// Organization is the tenant as the cloud shows it.
type Organization struct {
	Name             string
	SyncEnabled      bool
	LastPasswordSync time.Time
}

// Organization looks at the tenant.
func (e *Estate) Organization() Organization {
	e.mu.Lock()
	defer e.mu.Unlock()
	c := e.conditionsAt(e.clock.Now())
	out := Organization{Name: TenantName, SyncEnabled: !c.tenant.dirSyncOff}
	for _, h := range e.histories {
		for i := len(h.events) - 1; i >= 0; i-- {
			if ev := h.events[i]; ev.ID == 654 || ev.ID == 651 {
				if ev.Time.After(out.LastPasswordSync) {
					out.LastPasswordSync = ev.Time
				}
				break
			}
		}
	}
	return out
}

// CloudPerson is somebody as the cloud shows them.
type CloudPerson struct {
	Found, Enabled, SyncEnabled bool
	ID, UPN, ImmutableID        string
	PasswordHint                time.Time
	Errors                      []string
}

// CloudPerson finds somebody by source anchor, else by sign-in name.
func (e *Estate) CloudPerson(immutableID, upn string) CloudPerson {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.clock.Now()
	c := e.conditionsAt(now)
	o := e.inCloud(immutableID, upn)
	if o == nil {
		return CloudPerson{}
	}
	s := c.of(o)
	if !c.synchronized(o, s) || s.notExported {
		return CloudPerson{}
	}
	out := CloudPerson{
		Found: true, Enabled: !s.disabled, SyncEnabled: true,
		ID: o.CloudID(), UPN: o.UPN, ImmutableID: o.GUID.Anchor(),
		PasswordHint: e.histories[0].syncedPassword(o, now).Truncate(time.Second),
	}
	if s.staleCloud {
		out.PasswordHint = o.changes[0].at.AddDate(0, 0, -41).Truncate(time.Second)
	}
	if s.exportError != "" {
		out.Errors = []string{"ProxyAddresses: the value SMTP:" + o.Mail + " belongs to another object already"}
	}
	return out
}

func (e *Estate) inCloud(immutableID, upn string) *Object {
	for _, o := range e.objects {
		if immutableID != "" && o.GUID.Anchor() == immutableID {
			return o
		}
	}
	for _, o := range e.objects {
		if upn != "" && strings.EqualFold(o.UPN, upn) {
			return o
		}
	}
	return nil
}

// synchronized reports whether object synchronization takes the object to the
// cloud.
func (c *conditions) synchronized(o *Object, s situation) bool {
	return !c.hidden(o, s) && o.Class != "computer" && !o.excludedByRule(s) && !s.disconnector && !s.cloudFiltered && !s.notProvisioned
}

// DomainType tells how people of a domain sign in.
func (e *Estate) DomainType(domain string) (string, bool) {
	if e.domain(domain) == nil {
		return "", false
	}
	return "Managed", true
}

// SignIn is one failed sign-in.
type SignIn struct {
	At          time.Time
	Code        int
	Reason, App string
}

// FailedSignIns lists somebody's failed sign-ins, newest first.
func (e *Estate) FailedSignIns(cloudID string, since time.Time) []SignIn {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.clock.Now()
	c := e.conditionsAt(now)
	for _, o := range e.objects {
		if o.CloudID() != cloudID {
			continue
		}
		s := c.of(o)
		if s.signIn.code == 0 {
			return nil
		}
		var out []SignIn
		for _, ago := range []time.Duration{6 * time.Minute, 19 * time.Minute, 3 * time.Hour} {
			if at := now.Add(-ago).Truncate(time.Second); !at.Before(since) {
				out = append(out, SignIn{At: at, Code: s.signIn.code, Reason: s.signIn.reason, App: s.signIn.app})
			}
		}
		return out
	}
	return nil
}

// RightsView is what the access control list of a domain root grants to a
// connector account: "granted", "missing" or "denied" for each right.
type RightsView struct {
	Account                   string
	Changes, ChangesAll       string
	ChangesVia, ChangesAllVia string
}

// Rights evaluates the access control list of a domain root for an account.
func (e *Estate) Rights(domain, account string) (RightsView, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	d := e.domain(domain)
	if d == nil {
		return RightsView{}, false
	}
	out := RightsView{Account: account, Changes: "missing", ChangesAll: "missing"}
	name := account[strings.LastIndexByte(account, '\\')+1:]
	if !strings.EqualFold(name, d.Forest.Account) {
		return out, true
	}
	dc := e.conditionsAt(e.clock.Now()).domain(d)
	via := "allow entry for " + d.Forest.Root().NetBIOS + `\` + d.Forest.Account + " on the domain root"
	out.Changes, out.ChangesVia, out.ChangesAll, out.ChangesAllVia = "granted", via, "granted", via
	outcome, why := "missing", ""
	if dc.denied {
		outcome, why = "denied", "deny entry for "+d.NetBIOS+`\Restricted Service Accounts`
	}
	switch dc.rightMissing {
	case rightChanges:
		out.Changes, out.ChangesVia = outcome, why
	case rightAll:
		out.ChangesAll, out.ChangesAllVia = outcome, why
	}
	return out, true
}

// Ports tries the domain controllers of a domain from where the bot runs.
func (e *Estate) Ports(domain string) ([]Port, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	d := e.domain(domain)
	if d == nil {
		return nil, false
	}
	down := e.conditionsAt(e.clock.Now()).domain(d).botDown
	var out []Port
	for _, dc := range d.DCs {
		for _, number := range []int{389, 636} {
			p := Port{Partition: d.DN(), Host: dc.Host, Number: number, Open: !down}
			if down {
				p.Error = errTimeout
			}
			out = append(out, p)
		}
	}
	return out, true
}
