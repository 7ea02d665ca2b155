package lab

import (
	"context"
	"fmt"
	"io/fs"
	"time"

	"github.com/pwsync/pwsync/checks"
)

// The methods below hand over the facts of sources that have no adapter of
// their own yet. They are shaped like the ports that the collector declares.

// Rights evaluates the replication rights of an account on a domain root.
func (l *Lab) Rights(ctx context.Context, forest, domain, account string) (checks.Rights, error) {
	if err := ctx.Err(); err != nil {
		return checks.Rights{}, fmt.Errorf("read the rights on %s: %w", domain, err)
	}
	r, ok := l.world.Rights(domain, account)
	if !ok {
		return checks.Rights{}, fmt.Errorf("read the rights on %s of forest %s: %w", domain, forest, fs.ErrNotExist)
	}
	return checks.Rights{Account: r.Account, Changes: r.Changes, ChangesAll: r.ChangesAll, ChangesVia: r.ChangesVia, ChangesAllVia: r.ChangesAllVia}, nil
}

// Ports tries the domain controllers of a domain from where the bot runs.
func (l *Lab) Ports(ctx context.Context, forest, domain string) ([]checks.Probe, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("try the domain controllers of %s: %w", domain, err)
	}
	tried, ok := l.world.Ports(domain)
	if !ok {
		return nil, fmt.Errorf("try the domain controllers of %s in forest %s: %w", domain, forest, fs.ErrNotExist)
	}
	out := make([]checks.Probe, 0, len(tried))
	for _, p := range tried {
		out = append(out, checks.Probe{Host: p.Host, Port: p.Number, Open: p.Open, Error: p.Error})
	}
	return out, nil
}

// Cloud is the tenant as Microsoft Graph would show it, its sign-in log
// included.
type Cloud struct{ lab *Lab }

// Cloud returns the tenant.
func (l *Lab) Cloud() Cloud { return Cloud{l} }

// Organization reads the tenant's own switches.
func (c Cloud) Organization(ctx context.Context) (checks.Organization, error) {
	if err := ctx.Err(); err != nil {
		return checks.Organization{}, fmt.Errorf("read the organization: %w", err)
	}
	o := c.lab.world.Organization()
	return checks.Organization{Name: o.Name, SyncEnabled: o.SyncEnabled, LastPasswordSync: o.LastPasswordSync}, nil
}

// User finds somebody by source anchor, else by sign-in name; a person who is
// not there is a value with Found false.
func (c Cloud) User(ctx context.Context, immutableID, upn string) (checks.CloudUser, error) {
	if err := ctx.Err(); err != nil {
		return checks.CloudUser{}, fmt.Errorf("read the cloud user: %w", err)
	}
	p := c.lab.world.CloudPerson(immutableID, upn)
	return checks.CloudUser{
		Found: p.Found, ID: p.ID, UPN: p.UPN, Enabled: p.Enabled, SyncEnabled: p.SyncEnabled,
		ImmutableID: p.ImmutableID, PasswordHint: p.PasswordHint, Errors: p.Errors,
	}, nil
}

// DomainAuth tells how people of a domain sign in.
func (c Cloud) DomainAuth(ctx context.Context, domain string) (checks.DomainAuth, error) {
	if err := ctx.Err(); err != nil {
		return checks.DomainAuth{}, fmt.Errorf("read the domain %s: %w", domain, err)
	}
	kind, ok := c.lab.world.DomainType(domain)
	if !ok {
		return checks.DomainAuth{}, fmt.Errorf("read the domain %s: %w", domain, fs.ErrNotExist)
	}
	return checks.DomainAuth{Domain: domain, Type: kind}, nil
}

// Failed lists somebody's failed sign-ins since a moment, newest first.
func (c Cloud) Failed(ctx context.Context, cloudID string, since time.Time) ([]checks.SignIn, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("read the sign-in log: %w", err)
	}
	var out []checks.SignIn
	for _, s := range c.lab.world.FailedSignIns(cloudID, since) {
		out = append(out, checks.SignIn{At: s.At, Code: s.Code, Reason: s.Reason, App: s.App})
	}
	return out, nil
}
