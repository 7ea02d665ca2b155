package directory

import (
	"context"
	"fmt"
	"io/fs"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/dn"
)

var accountAttributes = []string{
	"objectClass", "sAMAccountName", "userAccountControl", "msDS-User-Account-Control-Computed", "pwdLastSet", "lockoutTime",
	"accountExpires", "badPwdCount", "badPasswordTime",
}

// Account reads the state of the connector's account: a sAMAccountName, or a
// sign-in name with "@", in the domain of that FQDN or NetBIOS name. An account
// that is not there is an error that matches fs.ErrNotExist.
func (f *Forest) Account(ctx context.Context, name, domain string) (checks.AccountState, error) {
	d, ok := f.named(domain)
	if !ok {
		return checks.AccountState{}, fmt.Errorf("read the connector account: domain %q of forest %s is not configured", domain, f.Forest())
	}
	attribute := "sAMAccountName"
	if strings.Contains(name, "@") {
		attribute = "userPrincipalName"
	}
	found, err := f.search(ctx, d, request(d.base, ldap.ScopeWholeSubtree, dn.Equals(attribute, name).String(), accountAttributes, 2))
	switch {
	case err != nil:
		return checks.AccountState{}, err
	case len(found) == 0:
		return checks.AccountState{}, fmt.Errorf("read the connector account in %s: %w", d.fqdn, fs.ErrNotExist)
	case len(found) > 1:
		return checks.AccountState{}, fmt.Errorf("read the connector account in %s: several objects have its name", d.fqdn)
	}
	e := found[0]
	state := f.decodeAccount(e)
	if e.err != nil {
		return checks.AccountState{}, fmt.Errorf("read the connector account in %s: %w", d.fqdn, e.err)
	}
	return state, nil
}

func (f *Forest) decodeAccount(e *entry) checks.AccountState {
	var age checks.ADUser
	e.passwordAge(&age)
	expires := e.expiry()
	s := checks.AccountState{
		Name:            e.text("sAMAccountName"),
		DN:              e.dn,
		Disabled:        checks.ADUser{Control: e.integer("userAccountControl")}.Disabled(),
		Locked:          locked(e),
		Expired:         !expires.IsZero() && !expires.After(f.config.Now()),
		PasswordExpired: e.integer("msDS-User-Account-Control-Computed")&computedPasswordExpired != 0,
		MustChange:      age.MustChange,
		PasswordSet:     age.PasswordSet,
		AccountExpires:  expires,
		BadPasswords:    int(e.integer("badPwdCount")),
		LastBadPassword: e.moment("badPasswordTime"),
	}
	e.mustBeShown(e.texts("objectClass"))
	return s
}
