package directory

import (
	"errors"
	"net"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"github.com/pwsync/pwsync/checks/dn"
)

func joinHostPort(host, port string) string { return net.JoinHostPort(host, port) }

// Forest is one AD forest as the bot reads it. It is safe for use by many
// goroutines.
type Forest struct {
	config  Config
	domains []*domain
	refused refusals
}

// domain is one domain with its connections.
type domain struct {
	fqdn    string
	netbios string
	base    string
	pool    *pool
}

// New returns the forest of the configuration; the error names everything that
// is wrong with it. Nothing is connected before the first question.
func New(c Config) (*Forest, error) {
	if err := c.validate(); err != nil {
		return nil, err
	}
	f := &Forest{config: c.withDefaults()}
	f.config.Log = c.Log.With().Str("forest", f.Forest()).Logger()
	for _, d := range c.Domains {
		// Both were validated above.
		base, _ := dn.FromDomain(d.FQDN)
		var endpoints []endpoint
		for _, raw := range d.URLs {
			e, _ := parseEndpoint(raw, c.AllowPlain)
			endpoints = append(endpoints, e)
		}
		fqdn := strings.ToLower(strings.TrimSuffix(d.FQDN, "."))
		f.domains = append(f.domains, &domain{
			fqdn:    fqdn,
			netbios: d.NetBIOS,
			base:    base.String(),
			pool:    newPool(&f.config, &f.refused, fqdn, endpoints),
		})
	}
	return f, nil
}

// Forest is the forest's FQDN, lower case.
func (f *Forest) Forest() string {
	return strings.ToLower(strings.TrimSuffix(f.config.Forest, "."))
}

// Domains are the FQDNs of the forest's domains, lower case.
func (f *Forest) Domains() []string {
	names := make([]string, len(f.domains))
	for i, d := range f.domains {
		names[i] = d.fqdn
	}
	return names
}

// Close ends all connections; calls under way end with an error.
func (f *Forest) Close() error {
	for _, d := range f.domains {
		d.pool.close()
	}
	return nil
}

// named returns the domain of a FQDN or NetBIOS name.
func (f *Forest) named(name string) (*domain, bool) {
	i := slices.IndexFunc(f.domains, func(d *domain) bool {
		return strings.EqualFold(d.fqdn, strings.TrimSuffix(name, ".")) || d.netbios != "" && strings.EqualFold(d.netbios, name)
	})
	if i < 0 {
		return nil, false
	}
	return f.domains[i], true
}

var (
	errNotConfigured = errors.New("the domain of this name belongs to the forest and is not configured")
	errElsewhere     = errors.New("the name belongs to no domain of the forest")
)

// holding returns the domain that the distinguished name lies in.
func (f *Forest) holding(name string) (*domain, error) {
	parsed, err := dn.Parse(name)
	if err != nil {
		return nil, err
	}
	fqdn, ok := parsed.Domain()
	if !ok {
		return nil, errElsewhere
	}
	if d, ok := f.named(fqdn); ok {
		return d, nil
	}
	if strings.HasSuffix(fqdn, "."+f.Forest()) || fqdn == f.Forest() {
		return nil, errNotConfigured
	}
	return nil, errElsewhere
}

// request returns a search that asks for no more than it can use. Referrals
// come back with it and are not followed.
func request(base string, scope int, filter string, attributes []string, limit int) *ldap.SearchRequest {
	r := ldap.NewSearchRequest(base, scope, ldap.NeverDerefAliases, limit, 0, false, filter, attributes, nil)
	r.EnforceSizeLimit = true
	return r
}
