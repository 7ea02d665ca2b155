package directory

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/go-ldap/ldap/v3"

	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/dn"
	"github.com/pwsync/pwsync/checks/identity"
)

var candidateAttributes = []string{
	"objectGUID", "objectClass", "userPrincipalName", "sAMAccountName", "mail", "displayName", "name", "userAccountControl",
}

// maxFound bounds every search for people, whatever its caller asks for.
const maxFound = 200

func bounded(limit int) int {
	if limit <= 0 || limit > maxFound {
		return maxFound
	}
	return limit
}

// Find returns the objects that answer to the query, at most limit of them, in
// the order of the domains. No match is an empty slice and no error. A domain
// that cannot be asked is an error, beside what the others found.
func (f *Forest) Find(ctx context.Context, q identity.Query, limit int) ([]checks.Candidate, error) {
	limit = bounded(limit)
	filter, base := identity.LDAPFilter(q, f.config.AnchorAttribute)
	var asked []*domain
	switch q.Kind {
	case identity.KindUnknown, identity.KindSlackUser:
		return nil, fmt.Errorf("find a %s: a directory does not know such names", q.Kind)
	case identity.KindDN:
		d, err := f.holding(base)
		switch {
		case errors.Is(err, errElsewhere):
			return nil, nil
		case err != nil:
			return nil, fmt.Errorf("find in forest %s: %w", f.Forest(), err)
		}
		found, err := f.find(ctx, d, request(base, ldap.ScopeBaseObject, filter, candidateAttributes, 1))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		return found, err
	case identity.KindDomainSAM:
		d, ok := f.named(q.Domain)
		if !ok {
			return nil, nil
		}
		asked = []*domain{d}
	default:
		asked = f.domains
	}
	found, err := everywhere(asked, func(d *domain) ([]checks.Candidate, error) {
		return f.find(ctx, d, request(d.base, ldap.ScopeWholeSubtree, filter, candidateAttributes, limit))
	})
	return found[:min(len(found), limit)], err
}

// everywhere asks all domains at once and joins their answers in order.
func everywhere[T any](domains []*domain, ask func(*domain) ([]T, error)) ([]T, error) {
	found := make([][]T, len(domains))
	errs := make([]error, len(domains))
	var wg sync.WaitGroup
	for i, d := range domains {
		wg.Go(func() { found[i], errs[i] = ask(d) })
	}
	wg.Wait()
	return slices.Concat(found...), errors.Join(errs...)
}

func (f *Forest) find(ctx context.Context, d *domain, r *ldap.SearchRequest) ([]checks.Candidate, error) {
	entries, err := f.search(ctx, d, r)
	if err != nil {
		return nil, err
	}
	found := make([]checks.Candidate, 0, len(entries))
	for _, e := range entries {
		c := f.candidate(d, e)
		if e.err != nil {
			return nil, fmt.Errorf("search %s: %w", d.fqdn, e.err)
		}
		found = append(found, c)
	}
	slices.SortFunc(found, func(a, b checks.Candidate) int { return strings.Compare(a.DN, b.DN) })
	return found, nil
}

func (f *Forest) candidate(d *domain, e *entry) checks.Candidate {
	c := checks.Candidate{
		Person: checks.Person{
			GUID: e.guid("objectGUID"), DN: e.dn,
			UPN: e.text("userPrincipalName"), SAM: e.text("sAMAccountName"), Mail: e.text("mail"),
			Name: e.text("displayName"), Forest: f.Forest(), Domain: d.fqdn,
		},
		Enabled: e.has("userAccountControl") && !checks.ADUser{Control: e.integer("userAccountControl")}.Disabled(),
	}
	if c.Name == "" {
		c.Name = e.text("name")
	}
	if c.GUID == "" {
		e.fail("objectGUID", "was not shown")
	}
	if name, err := dn.Parse(e.dn); err == nil {
		c.OU = name.Parent().String()
	}
	return c
}

// Names returns sign-in names that begin like the query's value, at most limit
// of them, for "did you mean": distinguished names for a distinguished name,
// UPNs for a UPN, account names otherwise. Who is most alike is for package
// identity to say.
func (f *Forest) Names(ctx context.Context, q identity.Query, limit int) ([]string, error) {
	limit = bounded(limit)
	filter, attribute, ok := similar(q)
	if !ok {
		return nil, nil
	}
	asked := f.domains
	if d, ok := f.named(q.Domain); ok {
		asked = []*domain{d}
	}
	names, err := everywhere(asked, func(d *domain) ([]string, error) {
		entries, err := f.search(ctx, d, request(d.base, ldap.ScopeWholeSubtree, filter, []string{attribute, "sAMAccountName"}, limit))
		var names []string
		for _, e := range entries {
			name := e.dn
			if attribute != "distinguishedName" {
				name = e.text(attribute)
			}
			// Computers are accounts too; nobody asks about them by mistake.
			if name != "" && !strings.HasSuffix(e.text("sAMAccountName"), "$") {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		return names, err
	})
	return names[:min(len(names), limit)], err
}

// similarPrefix is how many characters a similar name must share: slips are
// rarer at the beginning, and a shorter prefix would read half the directory.
const similarPrefix = 2

// similar returns the search for names like the query's and the attribute to
// show; false where there is no likeness, as between GUIDs.
func similar(q identity.Query) (filter, attribute string, ok bool) {
	value := q.Value
	var begins []string
	switch q.Kind {
	case identity.KindDN:
		name, err := dn.Parse(value)
		if err != nil {
			return "", "", false
		}
		value, attribute, begins = name.RDN().Value(), "distinguishedName", []string{"cn"}
	case identity.KindUPN:
		attribute, begins = "userPrincipalName", []string{"userPrincipalName", "mail"}
	case identity.KindSAM, identity.KindDomainSAM:
		attribute, begins = "sAMAccountName", []string{"sAMAccountName", "sn", "displayName"}
	default:
		return "", "", false
	}
	prefix := firstRunes(value, similarPrefix)
	if prefix == "" {
		return "", "", false
	}
	parts := make([]dn.Filter, len(begins))
	for i, name := range begins {
		parts[i] = dn.StartsWith(name, prefix)
	}
	return dn.And(dn.Equals("objectClass", "user"), dn.Or(parts...)).String(), attribute, true
}

func firstRunes(s string, n int) string {
	end := 0
	for range n {
		_, size := utf8.DecodeRuneInString(s[end:])
		end += size
	}
	return s[:end]
}
