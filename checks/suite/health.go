package suite

import (
	"context"
	"strings"
	"sync"

	"github.com/pwsync/pwsync/checks"
)

func equalFold(a, b string) bool { return strings.EqualFold(a, b) }

// health photographs the servers, then the forests that they serve.
func (c *collection) health(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Go(func() { c.organization(ctx) })
	c.servers(ctx)
	c.forests(ctx)
	wg.Wait()
}

// forests looks at every forest in sight.
func (c *collection) forests(ctx context.Context) {
	c.facts.Forests = c.forestsOf(func(string, string) bool { return true })
	var wg sync.WaitGroup
	for i := range c.facts.Forests {
		wg.Go(func() { c.forest(ctx, &c.facts.Forests[i]) })
	}
	wg.Wait()
}

// servers photographs all servers at once.
func (c *collection) servers(ctx context.Context) {
	list := c.suite.Servers
	c.facts.Servers = make([]checks.Server, len(list))
	var wg sync.WaitGroup
	for i, server := range list {
		wg.Go(func() {
			c.progress("reading " + server.Host())
			ctx, cancel := context.WithTimeout(ctx, or(c.suite.Deadlines.Server, defaultServerDeadline))
			defer cancel()
			got := server.Server(ctx)
			got.Host, got.Role = server.Host(), server.Role()
			c.facts.Servers[i] = got
		})
	}
	wg.Wait()
	c.hideForests()
}

// hideForests takes the connectors out that the asker may not see.
func (c *collection) hideForests() {
	if c.question.Forests == nil {
		return
	}
	for i := range c.facts.Servers {
		s := &c.facts.Servers[i]
		list, ok := s.Connectors.Get()
		if !ok {
			continue
		}
		kept := make([]checks.Connector, 0, len(list))
		for _, x := range list {
			if !x.IsAD() || c.question.allowed(x.Forest) {
				kept = append(kept, x)
			}
		}
		s.Connectors = checks.Got(s.Connectors.From(), kept)
	}
}

func (c *collection) organization(ctx context.Context) {
	if c.suite.Cloud == nil {
		return
	}
	c.progress("asking Microsoft Graph")
	c.facts.Tenant.Organization = ask(ctx, or(c.suite.Deadlines.Cloud, defaultCloudDeadline), "graph: organization", c.suite.Cloud.Organization)
}

// forestsOf lists the forests and domains to look at beside the Connect server:
// those of the active server's connectors, or, where these are not known, those
// of the configured directories.
func (c *collection) forestsOf(want func(forest, domain string) bool) []checks.Forest {
	var out []checks.Forest
	if s := c.facts.Active(); s != nil {
		if list, ok := s.Connectors.Get(); ok {
			for _, x := range list {
				if f, ok := forestOfConnector(x, want); ok {
					out = append(out, f)
				}
			}
			return out
		}
	}
	for _, d := range c.suite.Directories {
		f := checks.Forest{FQDN: strings.ToLower(d.Forest())}
		for _, name := range d.Domains() {
			if want(d.Forest(), name) {
				f.Domains = append(f.Domains, checks.Domain{FQDN: strings.ToLower(name)})
			}
		}
		if c.question.allowed(f.FQDN) && len(f.Domains) > 0 {
			out = append(out, f)
		}
	}
	return out
}

func forestOfConnector(x checks.Connector, want func(forest, domain string) bool) (checks.Forest, bool) {
	f := checks.Forest{FQDN: strings.ToLower(x.Forest)}
	if !x.IsAD() {
		return f, false
	}
	for _, p := range x.Partitions {
		if p.Selected && (p.IsDomain || p.LooksLikeDomain()) && want(x.Forest, p.Name) {
			f.Domains = append(f.Domains, checks.Domain{FQDN: strings.ToLower(p.Name)})
		}
	}
	return f, want(x.Forest, "")
}

// forest looks at one forest: the connector's account, and each domain.
func (c *collection) forest(ctx context.Context, f *checks.Forest) {
	account, domain, known := c.connectorAccount(f.FQDN)
	var wg sync.WaitGroup
	if len(c.suite.Directories) > 0 {
		wg.Go(func() { f.Account = c.account(ctx, f.FQDN, account, domain, known) })
	}
	for i := range f.Domains {
		d := &f.Domains[i]
		wg.Go(func() { c.domain(ctx, f.FQDN, d, account, known) })
	}
	wg.Wait()
}

// connectorAccount names the account of a forest's connector; why says in words
// what stopped it where the name is empty.
func (c *collection) connectorAccount(forest string) (name, domain, why string) {
	s := c.facts.Active()
	if s == nil {
		return "", "", "no server is configured as the active one"
	}
	list, ok := s.Connectors.Get()
	if !ok {
		return "", "", "the connector account is not known: " + s.Connectors.Why()
	}
	for _, x := range list {
		if x.IsAD() && equalFold(x.Forest, forest) {
			if x.AccountName == "" {
				return "", "", "the connector does not name its account"
			}
			return x.AccountName, x.AccountDomain, ""
		}
	}
	return "", "", "the server has no connector for " + forest
}

func (c *collection) account(ctx context.Context, forest, name, domain, why string) checks.Fact[checks.AccountState] {
	from := "directory " + forest
	if why != "" {
		return checks.Missing[checks.AccountState](from, why)
	}
	for _, d := range c.suite.Directories {
		if equalFold(d.Forest(), forest) {
			c.progress("reading the connector account of " + forest)
			return ask(ctx, or(c.suite.Deadlines.Directory, defaultDirectoryDeadline), from, func(ctx context.Context) (checks.AccountState, error) {
				return d.Account(ctx, name, domain)
			})
		}
	}
	return checks.Missing[checks.AccountState](from, "no directory is configured for this forest")
}

func (c *collection) domain(ctx context.Context, forest string, d *checks.Domain, account, why string) {
	deadline := or(c.suite.Deadlines.Directory, defaultDirectoryDeadline)
	if c.suite.Rights != nil {
		from := "rights on " + d.FQDN
		if why != "" {
			d.Rights = checks.Missing[checks.Rights](from, why)
		} else {
			d.Rights = ask(ctx, deadline, from, func(ctx context.Context) (checks.Rights, error) {
				return c.suite.Rights.Rights(ctx, forest, d.FQDN, account)
			})
		}
	}
	if c.suite.Reachability != nil {
		c.progress("trying the domain controllers of " + d.FQDN)
		d.Ports = ask(ctx, deadline, "seen from the bot", func(ctx context.Context) ([]checks.Probe, error) {
			return c.suite.Reachability.Ports(ctx, forest, d.FQDN)
		})
	}
}
