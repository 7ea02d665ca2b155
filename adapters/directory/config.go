package directory

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"github.com/pwsync/pwsync/checks/dn"
)

// Config says how one forest is reached. Forest, Domains, User and Password are
// needed; a zero value elsewhere takes the default that stands behind the field.
type Config struct {
	// Forest is the forest's FQDN.
	Forest string
	// Domains are the forest's domains, at least one.
	Domains []Domain
	// User signs in to every domain: a UPN, DOMAIN\name or a distinguished name.
	User string
	// Password is asked for at every new connection, so that a rotated one is
	// picked up.
	Password func() (string, error)
	// TLS is the client configuration for ldaps:// (the system's certificates);
	// the server name is that of the URL unless it is set.
	TLS *tls.Config
	// AllowPlain permits ldap://, which shows the password to the network.
	AllowPlain bool
	// AnchorAttribute is the source anchor that the Connect server uses, where it
	// is known (both default attributes are searched).
	AnchorAttribute string
	// DialTimeout bounds reaching one domain controller (3 s), Timeout one call
	// where its context has no earlier deadline (8 s).
	DialTimeout, Timeout time.Duration
	// Connections is how many connections one domain may have (4).
	Connections int
	// Now is the clock that decides what has expired (time.Now).
	Now func() time.Time
	// Log is told of connections; the zero Logger is silent.
	Log zerolog.Logger
}

// Domain is one domain of a forest.
type Domain struct {
	// FQDN and NetBIOS are its two names.
	FQDN, NetBIOS string
	// URLs are its domain controllers in order of preference, like
	// ldaps://dc01.contoso.com or ldaps://dc01.contoso.com:3269.
	URLs []string
}

func (c Config) withDefaults() Config {
	if c.DialTimeout <= 0 {
		c.DialTimeout = 3 * time.Second
	}
	if c.Timeout <= 0 {
		c.Timeout = 8 * time.Second
	}
	if c.Connections <= 0 {
		c.Connections = 4
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// validate names everything that is wrong at once.
func (c Config) validate() error {
	var problems []error
	if _, err := dn.FromDomain(c.Forest); err != nil {
		problems = append(problems, fmt.Errorf("forest %q is not a DNS name", c.Forest))
	}
	if c.User == "" || c.Password == nil {
		// An empty name or password would sign in as nobody, and nobody sees nothing.
		problems = append(problems, errors.New("a user and a password are needed"))
	}
	if len(c.Domains) == 0 {
		problems = append(problems, errors.New("at least one domain is needed"))
	}
	for _, d := range c.Domains {
		if _, err := dn.FromDomain(d.FQDN); err != nil {
			problems = append(problems, fmt.Errorf("domain %q is not a DNS name", d.FQDN))
		}
		if len(d.URLs) == 0 {
			problems = append(problems, fmt.Errorf("domain %q has no domain controller", d.FQDN))
		}
		for _, raw := range d.URLs {
			if _, err := parseEndpoint(raw, c.AllowPlain); err != nil {
				problems = append(problems, fmt.Errorf("domain %q: %w", d.FQDN, err))
			}
		}
	}
	if len(problems) > 0 {
		return fmt.Errorf("directory of forest %q: %w", c.Forest, errors.Join(problems...))
	}
	return nil
}

// endpoint is one domain controller.
type endpoint struct {
	host, address string
	tls           bool
}

func parseEndpoint(raw string, allowPlain bool) (endpoint, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" {
		return endpoint{}, fmt.Errorf("%q is not a URL like ldaps://dc01.contoso.com", raw)
	}
	e := endpoint{host: u.Hostname(), tls: true}
	port := "636"
	switch strings.ToLower(u.Scheme) {
	case "ldaps":
	case "ldap":
		if !allowPlain {
			return endpoint{}, fmt.Errorf("%q would show the password to the network: use ldaps://", raw)
		}
		e.tls, port = false, "389"
	default:
		return endpoint{}, fmt.Errorf("%q is neither ldaps:// nor ldap://", raw)
	}
	if u.Port() != "" {
		port = u.Port()
	}
	e.address = joinHostPort(e.host, port)
	return e, nil
}
