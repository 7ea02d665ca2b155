package suite

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/dn"
	"github.com/pwsync/pwsync/checks/identity"
)

// failedSignInsSince is how far back failed sign-ins are asked for: long enough
// for "it does not work since yesterday".
const failedSignInsSince = 48 * time.Hour

// person resolves whom the question is about while the servers are read, and
// then follows the person from station to station.
func (c *collection) person(ctx context.Context) {
	u := c.facts.User
	var wg sync.WaitGroup
	wg.Go(func() { c.servers(ctx) })
	wg.Go(func() { c.organization(ctx) })
	c.resolve(ctx)
	found := u.Person.GUID != ""
	if found {
		wg.Go(func() { c.activeDirectory(ctx) })
	}
	wg.Wait()
	if !found {
		// Nobody, several, or no answer: the person may belong to any forest, and
		// why one could not look is a question about all of them.
		c.forests(ctx)
		return
	}
	c.facts.Forests = c.forestsOf(func(forest, domain string) bool {
		return equalFold(forest, u.Person.Forest) && (domain == "" || equalFold(domain, u.Person.Domain))
	})
	for i := range c.facts.Forests {
		wg.Go(func() { c.forest(ctx, &c.facts.Forests[i]) })
	}
	wg.Go(func() { c.domainAuth(ctx) })
	c.stations(ctx)
	c.cloud(ctx)
	wg.Wait()
}

// resolve looks the query up in every directory that may be seen, and its
// alternatives in order where it finds nobody.
func (c *collection) resolve(ctx context.Context) {
	u := c.facts.User
	q := *c.question.Person
	if len(c.suite.Directories) == 0 {
		u.Resolution = checks.Missing[checks.Resolution]("directory", "no Active Directory access is configured")
		return
	}
	c.progress("looking for " + q.Said)
	all := append([]identity.Query{q}, q.Alternatives...)
	for i, try := range all {
		found, why := c.find(ctx, try)
		switch {
		case len(found) > 0:
			c.facts.Question.Said = try.Said
			r := resolution(found, try)
			if try.Kind == identity.KindSAM {
				r.Unsearched = why
			}
			u.Resolution = checks.Got("directory", r)
			if len(found) == 1 {
				u.Person = found[0].Person
			}
			return
		case why != "":
			u.Resolution = checks.Missing[checks.Resolution]("directory", why)
			return
		case i == len(all)-1:
			r := checks.Resolution{Nearest: c.nearest(ctx, q)}
			if q.Kind == identity.KindDN {
				r.Mend, r.Slip, _ = dn.Mend(c.question.Input)
			}
			u.Resolution = checks.Got("directory", r)
		}
	}
}

func resolution(found []checks.Candidate, q identity.Query) checks.Resolution {
	r := checks.Resolution{Matches: len(found)}
	if q.Slip != "" {
		r.Slip, r.Mend = q.Slip, q.Value
	}
	if len(found) > 1 {
		r.Candidates, _ = identity.Candidates(found)
	}
	return r
}

// findLimit is how many matches one directory is asked for: more than are ever
// shown, so that "and more" can be said.
const findLimit = 10

// find asks all directories at once. A directory that fails makes the outcome
// doubtful only where no other one found anybody.
func (c *collection) find(ctx context.Context, q identity.Query) (found []checks.Candidate, why string) {
	type part struct {
		from  string
		found []checks.Candidate
		why   string
	}
	var asked []Directory
	for _, d := range c.suite.Directories {
		if c.question.allowed(d.Forest()) {
			asked = append(asked, d)
		}
	}
	parts := make([]part, len(asked))
	var wg sync.WaitGroup
	for i, d := range asked {
		wg.Go(func() {
			deadline := or(c.suite.Deadlines.Directory, defaultDirectoryDeadline)
			ctx, cancel := context.WithTimeout(ctx, deadline)
			defer cancel()
			got, err := d.Find(ctx, q, findLimit)
			parts[i] = part{from: "directory " + d.Forest(), found: got}
			if err != nil {
				parts[i].why = reason(ctx, deadline, err)
			}
		})
	}
	wg.Wait()
	for _, p := range parts {
		found = append(found, p.found...)
		if p.why != "" && why == "" {
			why = p.from + ": " + p.why
		}
	}
	return found, why
}

// nearestShown is how many similar names are offered, out of how many that one
// directory is asked for.
const (
	nearestShown = 5
	namesAsked   = 50
)

func (c *collection) nearest(ctx context.Context, q identity.Query) []string {
	var mu sync.Mutex
	var names []string
	var wg sync.WaitGroup
	for _, d := range c.suite.Directories {
		if !c.question.allowed(d.Forest()) {
			continue
		}
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, or(c.suite.Deadlines.Directory, defaultDirectoryDeadline))
			defer cancel()
			// Similar names are a courtesy: what could not be read is not offered.
			got, _ := d.Names(ctx, q, namesAsked)
			mu.Lock()
			defer mu.Unlock()
			names = append(names, got...)
		})
	}
	wg.Wait()
	return identity.Nearest(q.Value, names, nearestShown)
}

func (c *collection) activeDirectory(ctx context.Context) {
	u := c.facts.User
	from := "directory " + u.Person.Domain
	for _, d := range c.suite.Directories {
		if !equalFold(d.Forest(), u.Person.Forest) {
			continue
		}
		u.AD = ask(ctx, or(c.suite.Deadlines.Directory, defaultDirectoryDeadline), from, func(ctx context.Context) (checks.ADUser, error) {
			got, err := d.User(ctx, u.Person.DN)
			if errors.Is(err, fs.ErrNotExist) {
				return got, errors.New("the object was found and a moment later it was gone")
			}
			return got, err
		})
		return
	}
	u.AD = checks.Missing[checks.ADUser](from, "no directory is configured for this forest")
}

// stations follows the person through the active Connect server.
func (c *collection) stations(ctx context.Context) {
	u := c.facts.User
	hide := func(from, why string) {
		u.ADCS = checks.Missing[checks.CSObject](from, why)
		u.MV = checks.Missing[checks.MVObject](from, why)
		u.EntraCS = checks.Missing[checks.CSObject](from, why)
		u.Log = checks.Missing[[]checks.LogEntry](from, why)
	}
	server, photo := c.suite.active(), c.facts.Active()
	if server == nil || photo == nil {
		hide("worker", "no server is configured as the active one")
		return
	}
	list, ok := photo.Connectors.Get()
	if !ok {
		hide("worker "+server.Host(), photo.Connectors.Why())
		return
	}
	for _, x := range list {
		if !x.IsAD() || !equalFold(x.Forest, u.Person.Forest) {
			continue
		}
		c.progress("following " + u.Person.SAM + " on " + server.Host())
		ctx, cancel := context.WithTimeout(ctx, or(c.suite.Deadlines.Server, defaultServerDeadline))
		defer cancel()
		view := server.User(ctx, UserRef{ConnectorID: x.ID, DN: u.Person.DN})
		u.ADCS, u.MV, u.EntraCS, u.Log = view.ADCS, view.MV, view.EntraCS, view.Log
		if !slices.ContainsFunc(list, checks.Connector.IsEntra) {
			u.EntraCS = checks.Missing[checks.CSObject]("worker "+server.Host(), "the server has no Entra connector to look through")
		}
		u.Container = container(x, u.Person)
		return
	}
	from := "worker " + server.Host()
	if !slices.ContainsFunc(list, checks.Connector.IsAD) {
		hide(from, "the server has no Active Directory connector to look through")
		return
	}
	u.ADCS = checks.Got(from, checks.CSObject{})
	u.MV = checks.Got(from, checks.MVObject{})
	u.EntraCS = checks.Got(from, checks.CSObject{})
	u.Log = checks.Got(from, []checks.LogEntry{})
	u.Container = checks.Got(from, checks.Container{By: "the server has no connector for the forest " + u.Person.Forest})
}

// container applies the container filter of the person's partition: of the
// inclusions and exclusions above the object, the nearest one decides.
func container(x checks.Connector, p checks.Person) checks.Fact[checks.Container] {
	from := "connector " + x.Name
	name, err := dn.Parse(p.DN)
	if err != nil {
		return checks.Missing[checks.Container](from, err.Error())
	}
	for _, part := range x.Partitions {
		if !equalFold(part.Name, p.Domain) {
			continue
		}
		by, included, depth := "", true, -1
		consider := func(list []string, in bool) {
			for _, s := range list {
				base, err := dn.Parse(s)
				if err != nil || !name.IsUnder(base) && !name.Equal(base) {
					continue
				}
				if len(base) > depth || len(base) == depth && in {
					by, included, depth = s, in, len(base)
				}
			}
		}
		consider(part.Exclusions, false)
		consider(part.Inclusions, true)
		if depth < 0 && len(part.Inclusions) > 0 {
			included, by = false, "no included container is above it"
		}
		return checks.Got(from, checks.Container{Included: included, By: by})
	}
	return checks.Missing[checks.Container](from, "the connector has no partition for "+p.Domain)
}

func (c *collection) domainAuth(ctx context.Context) {
	_, domain, ok := strings.Cut(c.facts.User.Person.UPN, "@")
	if c.suite.Cloud == nil {
		return
	}
	if !ok {
		c.facts.User.DomainAuth = checks.Missing[checks.DomainAuth]("graph: domain", "the person has no sign-in name")
		return
	}
	c.facts.User.DomainAuth = ask(ctx, or(c.suite.Deadlines.Cloud, defaultCloudDeadline), "graph: domain", func(ctx context.Context) (checks.DomainAuth, error) {
		return c.suite.Cloud.DomainAuth(ctx, domain)
	})
}

// cloud looks the person up in Graph, by the source anchor that the metaverse
// shows, else by the one that the objectGUID spells.
func (c *collection) cloud(ctx context.Context) {
	if c.suite.Cloud == nil {
		return
	}
	u := c.facts.User
	anchor := ""
	if mv, ok := u.MV.Get(); ok {
		anchor = mv.Attributes["sourceAnchor"]
	}
	if anchor == "" {
		if g, err := identity.ParseGUID(u.Person.GUID); err == nil {
			anchor = g.ImmutableID()
		}
	}
	deadline := or(c.suite.Deadlines.Cloud, defaultCloudDeadline)
	u.Cloud = ask(ctx, deadline, "graph: user", func(ctx context.Context) (checks.CloudUser, error) {
		return c.suite.Cloud.User(ctx, anchor, u.Person.UPN)
	})
	if c.suite.SignIns == nil {
		return
	}
	cloud, ok := u.Cloud.Get()
	switch {
	case !ok:
		u.SignIns = checks.Missing[[]checks.SignIn]("graph: sign-ins", u.Cloud.Why())
	case !cloud.Found:
		u.SignIns = checks.Got("graph: sign-ins", []checks.SignIn{})
	default:
		u.SignIns = ask(ctx, deadline, "graph: sign-ins", func(ctx context.Context) ([]checks.SignIn, error) {
			return c.suite.SignIns.Failed(ctx, cloud.ID, c.suite.Clock.Now().Add(-failedSignInsSince))
		})
	}
}
