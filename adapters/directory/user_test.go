package directory

import (
	"errors"
	"io/fs"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"
	"github.com/google/go-cmp/cmp"

	"github.com/pwsync/pwsync/checks"
)

func TestUserIsReadOrSaysWhyNot(t *testing.T) {
	tests := []struct {
		name   string
		dn     string
		search func(asked) said
		is     error
		err    string
	}{
		{"a person who is there", ngozi, func(asked) said { return said{entries: []*ldap.Entry{entryOf(ngozi, fixture())}} }, nil, ""},
		{"a person who is not there", ngozi, func(asked) said { return said{code: ldap.LDAPResultNoSuchObject, text: "0000208D: NameErr"} }, fs.ErrNotExist, "no such object"},
		{"a name that the server refers elsewhere", ngozi, func(asked) said { return said{code: ldap.LDAPResultReferral} }, fs.ErrNotExist, "no such object"},
		{"an entry that is not shown is not an entry that is not there", ngozi, nobody, fs.ErrPermission, "did not show the object"},
		{"an entry that may not be seen", ngozi, func(asked) said { return said{code: ldap.LDAPResultInsufficientAccessRights} }, fs.ErrPermission, "may not see this"},
		{"a server that wants more time", ngozi, func(asked) said { return said{code: ldap.LDAPResultBusy} }, nil, `"Busy"`},
		{"two entries for one name", ngozi, func(asked) said {
			return said{entries: []*ldap.Entry{entryOf(ngozi, fixture()), entryOf("CN=Other,DC=north,DC=example", fixture())}}
		}, nil, "several entries"},
		{"a name of another forest", "CN=X,DC=contoso,DC=com", nobody, nil, "belongs to no domain of the forest"},
		{"a name that is none", "Ngozi", nobody, nil, "read an object of forest north.example"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			u, err := forest(t, nil, serve(t, tt.search)).User(t.Context(), tt.dn)
			switch {
			case tt.err == "":
				if err != nil || u.ChangedOn != "DC2" {
					t.Errorf("it is %+v, error %v", u, err)
				}
				return
			case err == nil:
				t.Fatalf("it is %+v", u)
			case tt.is != nil && !errors.Is(err, tt.is), tt.is == nil && errors.Is(err, fs.ErrNotExist):
				t.Errorf("the error is of the wrong kind: %v", err)
			}
			contains(t, "error", err.Error(), tt.err)
			var library *ldap.Error
			if errors.As(err, &library) {
				t.Error("an error of the library got out")
			}
		})
	}
}

func TestTheConnectorsAccountIsRead(t *testing.T) {
	account := func(change map[string][]string) func(asked) said {
		attributes := map[string][]string{
			"objectClass": {"user"}, "sAMAccountName": {"MSOL_00aa11bb22cc"}, "userAccountControl": {"66048"}, "msDS-User-Account-Control-Computed": {"0"},
			"pwdLastSet": {filetimeOf(testNow.Add(-240 * time.Hour))}, "accountExpires": {"0"}, "badPwdCount": {"1"}, "badPasswordTime": {filetimeOf(testNow.Add(-time.Hour))},
		}
		for name, values := range change {
			attributes[name] = values
		}
		return func(asked) said {
			return said{entries: []*ldap.Entry{entryOf("CN=MSOL_00aa11bb22cc,CN=Users,DC=north,DC=example", attributes)}}
		}
	}
	base := checks.AccountState{
		Name: "MSOL_00aa11bb22cc", DN: "CN=MSOL_00aa11bb22cc,CN=Users,DC=north,DC=example",
		PasswordSet: testNow.Add(-240 * time.Hour), BadPasswords: 1, LastBadPassword: testNow.Add(-time.Hour),
	}
	tests := []struct {
		name   string
		change map[string][]string
		want   func(*checks.AccountState)
	}{
		{"an account in good order", nil, func(*checks.AccountState) {}},
		{"disabled", map[string][]string{"userAccountControl": {"66050"}}, func(s *checks.AccountState) { s.Disabled = true }},
		{"locked", map[string][]string{"lockoutTime": {filetimeOf(testNow)}, "msDS-User-Account-Control-Computed": {"16"}}, func(s *checks.AccountState) { s.Locked = true }},
		{"expired a moment ago", map[string][]string{"accountExpires": {filetimeOf(testNow)}}, func(s *checks.AccountState) { s.Expired, s.AccountExpires = true, testNow }},
		{"expiring tomorrow", map[string][]string{"accountExpires": {filetimeOf(testNow.Add(24 * time.Hour))}}, func(s *checks.AccountState) { s.AccountExpires = testNow.Add(24 * time.Hour) }},
		{"with an expired password", map[string][]string{"msDS-User-Account-Control-Computed": {"8388608"}}, func(s *checks.AccountState) { s.PasswordExpired = true }},
		{"whose password must be changed", map[string][]string{"pwdLastSet": {"0"}}, func(s *checks.AccountState) { s.MustChange, s.PasswordSet = true, time.Time{} }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := serve(t, account(tt.change))
			want := base
			tt.want(&want)
			got, err := forest(t, nil, s).Account(t.Context(), "MSOL_00aa11bb22cc", "NORTH")
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Error(err, diff)
			}
			if _, _, searches := s.seen(); searches[0].filter != "(sAMAccountName=MSOL_00aa11bb22cc)" {
				t.Errorf("it was searched as %+v", searches)
			}
		})
	}
	t.Run("one that is not there", func(t *testing.T) {
		if _, err := forest(t, nil, serve(t, nobody)).Account(t.Context(), "x", "north.example"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the error is %v", err)
		}
	})
	t.Run("one of a domain that is not configured", func(t *testing.T) {
		_, err := forest(t, nil, serve(t, nobody)).Account(t.Context(), "x", "SOUTH")
		if err == nil || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the error is %v", err)
		}
	})
}
