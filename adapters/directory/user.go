package directory

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/dn"
)

var userAttributes = []string{
	"objectClass", "userAccountControl", "msDS-User-Account-Control-Computed", "pwdLastSet", "lockoutTime", "badPwdCount",
	"accountExpires", "whenCreated", "isCriticalSystemObject", "adminDescription", "mailNickname", "msExchRecipientTypeDetails",
	"mS-DS-ConsistencyGuid", "isDeleted", "msDS-ReplAttributeMetaData",
}

// Bits of msDS-User-Account-Control-Computed.
const (
	computedLocked          = 0x10
	computedPasswordExpired = 0x800000
)

// User reads one object by its distinguished name, with one base-scope search.
// An object that is not there is an error that matches fs.ErrNotExist; one that
// the server would not show is another.
func (f *Forest) User(ctx context.Context, name string) (checks.ADUser, error) {
	d, err := f.holding(name)
	if err != nil {
		return checks.ADUser{}, fmt.Errorf("read an object of forest %s: %w", f.Forest(), err)
	}
	e, err := f.read(ctx, d, name, userAttributes)
	if err != nil {
		return checks.ADUser{}, err
	}
	u := decodeUser(e)
	if e.err != nil {
		return checks.ADUser{}, fmt.Errorf("read an object of %s: %w", d.fqdn, e.err)
	}
	return u, nil
}

// read reads one entry by name.
func (f *Forest) read(ctx context.Context, d *domain, name string, attributes []string) (*entry, error) {
	found, err := f.search(ctx, d, request(name, ldap.ScopeBaseObject, dn.Everything().String(), attributes, 2))
	switch {
	case err != nil:
		return nil, err
	case len(found) == 0:
		return nil, fmt.Errorf("search %s: the domain controller did not show the object: %w", d.fqdn, fs.ErrPermission)
	case len(found) > 1:
		return nil, fmt.Errorf("search %s: several entries came for one name", d.fqdn)
	}
	return found[0], nil
}

// search runs one search. A size limit that was reached is no error: it was
// asked for.
func (f *Forest) search(ctx context.Context, d *domain, r *ldap.SearchRequest) ([]*entry, error) {
	f.config.Log.Debug().Str("domain", d.fqdn).Str("base", r.BaseDN).Str("filter", r.Filter).Msg("directory search")
	var found []*entry
	err := d.pool.do(ctx, func(c *ldap.Conn) error {
		result, err := c.Search(r)
		if result != nil && (err == nil || limited(err)) {
			found = make([]*entry, len(result.Entries))
			for i, e := range result.Entries {
				found[i] = newEntry(e)
			}
			return nil
		}
		return err
	})
	return found, searchError(d.fqdn, err)
}

// limited reports whether a search ended at its size limit, be it that the
// server kept to it or that the library had to.
func limited(err error) bool {
	return ldap.IsErrorWithCode(err, ldap.LDAPResultSizeLimitExceeded) || errors.Is(err, ldap.ErrSizeLimitExceeded)
}

// decodeUser reads the account state that matters to password synchronization.
func decodeUser(e *entry) checks.ADUser {
	u := checks.ADUser{
		Classes:          e.texts("objectClass"),
		Control:          e.integer("userAccountControl"),
		Computed:         e.integer("msDS-User-Account-Control-Computed"),
		Locked:           locked(e),
		AccountExpires:   e.expiry(),
		BadPasswords:     int(e.integer("badPwdCount")),
		Created:          e.stamp("whenCreated"),
		Critical:         e.boolean("isCriticalSystemObject"),
		AdminDescription: e.text("adminDescription"),
		MailNickname:     e.text("mailNickname"),
		RecipientType:    e.integer("msExchRecipientTypeDetails"),
		ConsistencyGUID:  e.guid("mS-DS-ConsistencyGuid"),
		Deleted:          e.boolean("isDeleted"),
	}
	e.passwordAge(&u)
	u.Changed, u.ChangedOn = passwordWritten(e.values["msds-replattributemetadata"])
	if name, err := dn.Parse(e.dn); err == nil {
		_, u.Conflict = name.Conflict()
		_, deleted := name.Deleted()
		u.Deleted = u.Deleted || deleted
	}
	e.mustBeShown(u.Classes)
	return u
}

// passwordAge reads pwdLastSet: 0 says that the password must be changed. AD
// never stores -1, and every account has the attribute: where it is absent it
// was not shown, and nothing is known.
func (e *entry) passwordAge(u *checks.ADUser) {
	n := e.integer("pwdLastSet")
	switch {
	case !e.has("pwdLastSet") || n == -1:
	case n == 0:
		u.MustChange = true
	default:
		u.PasswordSet = e.moment("pwdLastSet")
	}
}

// locked reports whether the account is locked now: lockoutTime stays behind
// when a lockout ends by itself, and the computed bit knows about that.
func locked(e *entry) bool {
	if e.integer("lockoutTime") <= 0 {
		return false
	}
	const computed = "msDS-User-Account-Control-Computed"
	return !e.has(computed) || e.integer(computed)&computedLocked != 0
}

// expiry reads accountExpires; whatever lies beyond the calendar is never.
func (e *entry) expiry() time.Time {
	t, ok := filetime(e.integer("accountExpires"))
	if !ok {
		return time.Time{}
	}
	return t
}

var errNotShown = errors.New("the directory did not show userAccountControl, which every account has: the account that reads it lacks the right")

// mustBeShown refuses an account without userAccountControl. Every account has
// one, so its absence means that it may not be read, and to take that for "not
// disabled" would be a guess.
func (e *entry) mustBeShown(classes []string) {
	account := slices.ContainsFunc(classes, func(c string) bool { return strings.EqualFold(c, "user") })
	if account && !e.has("userAccountControl") && e.err == nil {
		e.err = errNotShown
	}
	if len(classes) == 0 {
		e.fail("objectClass", "was not shown")
	}
}
