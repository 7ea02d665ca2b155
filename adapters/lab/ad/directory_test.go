package ad

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"
	"go.uber.org/goleak"

	"github.com/pwsync/pwsync/adapters/lab/clock"
	"github.com/pwsync/pwsync/adapters/lab/estate"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type rig struct {
	world *estate.Estate
	clock *clock.Clock
	dirs  map[string]*Directory
}

func newRig(t testing.TB, domains ...string) *rig {
	t.Helper()
	c := clock.New(true)
	e, err := estate.New(c)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{e, c, map[string]*Directory{}}
	for _, f := range e.Forests() {
		for _, d := range f.Domains {
			for _, want := range domains {
				if want == d.FQDN {
					if r.dirs[want], err = New(e, d); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
	t.Cleanup(func() {
		for _, d := range r.dirs {
			if err := d.Close(); err != nil {
				t.Error(err)
			}
		}
		e.Close()
		c.Close()
	})
	return r
}

func (r *rig) dial(t testing.TB, domain string) *ldap.Conn {
	t.Helper()
	conn, err := ldap.DialURL(r.dirs[domain].URL(), ldap.DialWithDialer(&net.Dialer{Timeout: 5 * time.Second}))
	if err != nil {
		t.Fatal(err)
	}
	conn.SetTimeout(20 * time.Second)
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func (r *rig) bound(t testing.TB, domain string) *ldap.Conn {
	t.Helper()
	conn := r.dial(t, domain)
	user, password := r.world.Reader(domain)
	if err := conn.Bind(user, password); err != nil {
		t.Fatal(err)
	}
	return conn
}

func search(conn *ldap.Conn, base string, scope int, filter string, size int, attributes ...string) (*ldap.SearchResult, error) {
	return conn.Search(ldap.NewSearchRequest(base, scope, ldap.NeverDerefAliases, size, 0, false, filter, attributes, nil))
}

func TestABindIsRefusedInADsOwnWords(t *testing.T) {
	r := newRig(t, "contoso.com", "emea.contoso.com")
	user, password := r.world.Reader("contoso.com")
	for _, c := range []struct{ name, user, password, want string }{
		{"a sign-in name and its password are taken", user, password, ""},
		{"so is the form with the domain", `CONTOSO\svc-pwsync`, password, ""},
		{"so is the distinguished name", "CN=svc-pwsync,OU=Service Accounts,OU=Corp,DC=contoso,DC=com", password, ""},
		{"a wrong password is 52e", user, "guess", "data 52e"},
		{"an unknown name is 525", "nobody@contoso.com", password, "data 525"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := r.dial(t, "contoso.com").Bind(c.user, c.password)
			switch {
			case c.want == "" && err != nil:
				t.Error(err)
			case c.want != "" && (!ldap.IsErrorWithCode(err, ldap.LDAPResultInvalidCredentials) || !strings.Contains(err.Error(), c.want)):
				t.Errorf("got %v", err)
			}
		})
	}
	if err := r.dial(t, "emea.contoso.com").Bind(user, password); err != nil {
		t.Errorf("the child domain does not know the forest's reader: %v", err)
	}
}

func TestNobodyReadsWithoutABindButTheRootDSE(t *testing.T) {
	conn := newRig(t, "contoso.com").dial(t, "contoso.com")
	root, err := search(conn, "", ldap.ScopeBaseObject, "(objectClass=*)", 0, "defaultNamingContext", "dnsHostName")
	if err != nil || len(root.Entries) != 1 || root.Entries[0].GetAttributeValue("defaultNamingContext") != "DC=contoso,DC=com" {
		t.Errorf("root DSE: %v, %v", root, err)
	}
	_, err = search(conn, "DC=contoso,DC=com", ldap.ScopeWholeSubtree, "(sAMAccountName=jdoe)", 0)
	if !ldap.IsErrorWithCode(err, ldap.LDAPResultOperationsError) || !strings.Contains(err.Error(), "successful bind") {
		t.Errorf("search: %v", err)
	}
}

// everybody lists the people of a domain that can be found.
func (r *rig) everybody(domain string) []estate.Entry {
	var out []estate.Entry
	for _, e := range r.world.Entries(domain) {
		if len(e.Attributes["sAMAccountName"]) > 0 {
			out = append(out, e)
		}
	}
	return out
}

func TestEverybodyIsFoundByEveryName(t *testing.T) {
	domains := []string{"contoso.com", "emea.contoso.com", "fabrikam.com"}
	r := newRig(t, domains...)
	for _, domain := range domains {
		conn := r.bound(t, domain)
		base := "DC=" + strings.ReplaceAll(domain, ".", ",DC=")
		for _, who := range r.everybody(domain) {
			filters := []string{
				"(distinguishedName=" + ldap.EscapeFilter(who.DN) + ")",
				"(&(objectClass=user)(sAMAccountName=" + ldap.EscapeFilter(strings.ToUpper(who.Attributes["sAMAccountName"][0])) + "))",
				"(objectGUID=" + escapeBytes(who.Attributes["objectGUID"][0]) + ")",
			}
			if upn := who.Attributes["userPrincipalName"]; len(upn) > 0 {
				filters = append(filters, "(|(userPrincipalName="+ldap.EscapeFilter(upn[0])+")(mail=nobody@example.org))")
			}
			for _, f := range filters {
				got, err := search(conn, base, ldap.ScopeWholeSubtree, f, 0)
				if err != nil || len(got.Entries) != 1 || got.Entries[0].DN != who.DN {
					t.Errorf("%s: %v, %v", f, got, err)
				}
			}
			got, err := search(conn, who.DN, ldap.ScopeBaseObject, "(objectClass=*)", 0, "objectGUID", "objectSid", "pwdLastSet")
			if err != nil || len(got.Entries) != 1 {
				t.Errorf("%s: %v", who.DN, err)
				continue
			}
			if e := got.Entries[0]; len(e.GetRawAttributeValue("objectGUID")) != 16 || len(e.GetRawAttributeValue("objectSid")) != 28 || len(e.Attributes) != 3 {
				t.Errorf("%s: %v", who.DN, e.Attributes)
			}
		}
	}
}

func escapeBytes(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, `\%02x`, s[i])
	}
	return b.String()
}

func TestSearchesKeepToTheirScope(t *testing.T) {
	conn := newRig(t, "contoso.com").bound(t, "contoso.com")
	for _, c := range []struct {
		name, base string
		scope      int
		filter     string
		want       int
	}{
		{"a base search returns the base", "ou=corp,dc=contoso,dc=com", ldap.ScopeBaseObject, "(objectClass=*)", 1},
		{"a base search still filters", "OU=Corp,DC=contoso,DC=com", ldap.ScopeBaseObject, "(objectClass=user)", 0},
		{"one level below Corp are only OUs", "OU=Corp,DC=contoso,DC=com", ldap.ScopeSingleLevel, "(objectClass=user)", 0},
		{"one level is not the base", "OU=Leadership,OU=Corp,DC=contoso,DC=com", ldap.ScopeSingleLevel, "(objectClass=*)", 2},
		{"the subtree has the base too", "OU=Leadership,OU=Corp,DC=contoso,DC=com", ldap.ScopeWholeSubtree, "(objectClass=*)", 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := search(conn, c.base, c.scope, c.filter, 0)
			if err != nil || len(got.Entries) != c.want {
				t.Errorf("%d entries, want %d: %v", len(got.Entries), c.want, err)
			}
		})
	}
}

func TestWhatIsNotHereIsRefusedWithItsCode(t *testing.T) {
	conn := newRig(t, "contoso.com").bound(t, "contoso.com")
	for _, c := range []struct {
		name, base string
		code       uint16
		matched    string
	}{
		{"an object that is gone", "CN=Derek Vance,OU=Sales,OU=Corp,DC=contoso,DC=com", ldap.LDAPResultNoSuchObject, "OU=Sales,OU=Corp,DC=contoso,DC=com"},
		{"a container that never was", "CN=a,OU=Nowhere,DC=contoso,DC=com", ldap.LDAPResultNoSuchObject, "DC=contoso,DC=com"},
		{"another forest", "DC=fabrikam,DC=com", ldap.LDAPResultReferral, ""},
		{"a child domain", "DC=emea,DC=contoso,DC=com", ldap.LDAPResultReferral, ""},
		{"no name at all", "hello", ldap.LDAPResultInvalidDNSyntax, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := search(conn, c.base, ldap.ScopeBaseObject, "(objectClass=*)", 0)
			var le *ldap.Error
			if !errors.As(err, &le) || le.ResultCode != c.code || le.MatchedDN != c.matched {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestASizeLimitCutsTheAnswerAndSaysSo(t *testing.T) {
	conn := newRig(t, "contoso.com").bound(t, "contoso.com")
	got, err := search(conn, "DC=contoso,DC=com", ldap.ScopeWholeSubtree, "(objectClass=user)", 4)
	if !ldap.IsErrorWithCode(err, ldap.LDAPResultSizeLimitExceeded) || len(got.Entries) != 4 {
		t.Errorf("%d entries, %v", len(got.Entries), err)
	}
}

func TestConstructedAttributesComeOnlyWhenAskedFor(t *testing.T) {
	conn := newRig(t, "contoso.com").bound(t, "contoso.com")
	const dn = "CN=Maya Lindqvist,OU=Sales,OU=Corp,DC=contoso,DC=com"
	all, err := search(conn, dn, ldap.ScopeBaseObject, "(objectClass=*)", 0)
	if err != nil {
		t.Fatal(err)
	}
	if v := all.Entries[0].GetAttributeValue("msDS-ReplAttributeMetaData"); v != "" {
		t.Errorf("metadata came unasked: %q", v)
	}
	named, err := search(conn, dn, ldap.ScopeBaseObject, "(objectClass=*)", 0, "MSDS-replattributemetadata", "pwdLastSet", "accountExpires")
	if err != nil {
		t.Fatal(err)
	}
	e := named.Entries[0]
	meta := e.GetEqualFoldAttributeValues("msDS-ReplAttributeMetaData")
	if len(meta) != 2 || !strings.Contains(meta[0], "<pszAttributeName>unicodePwd</pszAttributeName>") {
		t.Errorf("metadata %q", meta)
	}
	if e.GetAttributeValue("pwdLastSet") != "0" || e.GetAttributeValue("accountExpires") != "9223372036854775807" {
		t.Errorf("attributes %v", e.Attributes)
	}
}

func TestADomainThatTheBotCannotReachSlamsTheDoor(t *testing.T) {
	r := newRig(t, "contoso.com")
	conn := r.bound(t, "contoso.com")
	if err := r.world.SetFaults([]string{"domain-unreachable-from-bot@contoso.com"}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := search(conn, "DC=contoso,DC=com", ldap.ScopeBaseObject, "(objectClass=*)", 0); err == nil {
		t.Error("an open connection still answers")
	}
	fresh, err := ldap.DialURL(r.dirs["contoso.com"].URL())
	if err == nil {
		if err = fresh.Bind("a@contoso.com", "b"); ldap.IsErrorWithCode(err, ldap.LDAPResultInvalidCredentials) {
			t.Error("a new connection is answered")
		}
		_ = fresh.Close()
	}
	if err := r.world.SetFaults(nil, []string{"domain-unreachable-from-bot"}); err != nil {
		t.Fatal(err)
	}
	r.bound(t, "contoso.com")
}

func TestTheConnectorAccountShowsItsTrouble(t *testing.T) {
	r := newRig(t, "contoso.com")
	conn := r.bound(t, "contoso.com")
	for _, c := range []struct{ fault, filter string }{
		{"connector-account-disabled", "(userAccountControl:1.2.840.113556.1.4.803:=2)"},
		{"connector-account-locked", "(&(msDS-User-Account-Control-Computed:1.2.840.113556.1.4.803:=16)(lockoutTime>=1))"},
		{"connector-account-expired", "(!(accountExpires=9223372036854775807))"},
		{"connector-account-expired-password", "(msDS-User-Account-Control-Computed:1.2.840.113556.1.4.803:=8388608)"},
		{"connector-account-expired-must-change", "(pwdLastSet=0)"},
	} {
		who := func() int {
			got, err := search(conn, "DC=contoso,DC=com", ldap.ScopeWholeSubtree, "(&(sAMAccountName=MSOL_4f1d2c7a9b30)"+c.filter+")", 0)
			if err != nil {
				t.Fatal(err)
			}
			return len(got.Entries)
		}
		before := who()
		if err := r.world.SetFaults([]string{c.fault}, nil); err != nil {
			t.Fatal(err)
		}
		if during := who(); before != 0 || during != 1 {
			t.Errorf("%s: %d before, %d during", c.fault, before, during)
		}
		if err := r.world.SetFaults(nil, []string{c.fault}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestClosingDoesNotWaitForClients(t *testing.T) {
	r := newRig(t, "contoso.com")
	for range 5 {
		r.bound(t, "contoso.com")
	}
	began := time.Now()
	if err := r.dirs["contoso.com"].Close(); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestManyClientsAskWhileTheWorldChanges(t *testing.T) {
	r := newRig(t, "contoso.com")
	var all sync.WaitGroup
	for range 4 {
		conn := r.bound(t, "contoso.com")
		all.Go(func() {
			for range 10 {
				if _, err := search(conn, "DC=contoso,DC=com", ldap.ScopeWholeSubtree, "(sAMAccountName=jdoe)", 2); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Go(func() {
		for range 5 {
			if err := r.clock.Advance(context.Background(), 17*time.Minute); err != nil {
				t.Error(err)
			}
		}
	})
	all.Wait()
}
