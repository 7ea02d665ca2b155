package lab

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/pwsync/pwsync/adapters/lab/ad"
	"github.com/pwsync/pwsync/adapters/lab/clock"
	"github.com/pwsync/pwsync/adapters/lab/connect"
	"github.com/pwsync/pwsync/adapters/lab/estate"
)

// Options are how a lab is run.
type Options struct {
	// Frozen lets the clock stand still except when it is advanced.
	Frozen bool
	// Latency is the wall time that a worker takes for every request.
	Latency time.Duration
	// Log receives what the lab does; never a name of a person.
	Log zerolog.Logger
}

// Lab is a running lab. Use New. Its methods may be called from any goroutine.
type Lab struct {
	log     zerolog.Logger
	clock   *clock.Clock
	world   *estate.Estate
	workers []*connect.Worker

	mu          sync.Mutex
	closed      bool
	directories []DirectoryEndpoint
	servers     []*ad.Directory
}

// New starts a lab at the fixed instant [clock.Start].
func New(o Options) (*Lab, error) {
	c := clock.New(o.Frozen)
	world, err := estate.New(c)
	if err != nil {
		c.Close()
		return nil, fmt.Errorf("build the estate: %w", err)
	}
	l := &Lab{log: o.Log, clock: c, world: world}
	for _, n := range world.Nodes() {
		l.workers = append(l.workers, connect.New(world, n.Host, o.Latency))
	}
	return l, nil
}

// ConnectEndpoint is one Entra Connect server and the way to its worker.
type ConnectEndpoint struct {
	Host string
	// Role is "active" or "staging", as a configuration would say it.
	Role string
	Open func(ctx context.Context) (io.ReadWriteCloser, error)
}

// Servers lists the Connect servers. Roles are those of the moment: the fault
// no-active-server takes the active one out of the configuration.
func (l *Lab) Servers() []ConnectEndpoint {
	var out []ConnectEndpoint
	for i, n := range l.world.Nodes() {
		out = append(out, ConnectEndpoint{Host: n.Host, Role: l.world.Role(n.Host), Open: l.workers[i].Open})
	}
	return out
}

// Role is the role that the configuration gives to a server at the moment.
func (l *Lab) Role(host string) string { return l.world.Role(host) }

// DirectoryEndpoint is one forest as the bot reads it.
type DirectoryEndpoint struct {
	Forest       string
	Domains      []DomainEndpoint
	BindUser     string
	BindPassword string
}

// DomainEndpoint is one domain and where its LDAP server listens.
type DomainEndpoint struct {
	FQDN, NetBIOS, URL string
}

// Directories lists the forests; the first call starts their LDAP servers.
func (l *Lab) Directories() ([]DirectoryEndpoint, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, errors.New("start the directories: the lab was closed")
	}
	if l.directories != nil {
		return l.directories, nil
	}
	var out []DirectoryEndpoint
	for _, f := range l.world.Forests() {
		e := DirectoryEndpoint{Forest: f.FQDN, BindUser: f.Reader, BindPassword: f.ReaderPassword}
		for _, d := range f.Domains {
			s, err := ad.New(l.world, d)
			if err != nil {
				return nil, errors.Join(err, l.stopDirectories())
			}
			l.servers = append(l.servers, s)
			e.Domains = append(e.Domains, DomainEndpoint{FQDN: d.FQDN, NetBIOS: d.NetBIOS, URL: s.URL()})
			l.log.Debug().Str("domain", d.FQDN).Str("url", s.URL()).Msg("directory listens")
		}
		out = append(out, e)
	}
	l.directories = out
	return out, nil
}

func (l *Lab) stopDirectories() error {
	var errs []error
	for _, s := range l.servers {
		errs = append(errs, s.Close())
	}
	l.servers = nil
	return errors.Join(errs...)
}

// Clock is the lab's time.
func (l *Lab) Clock() *clock.Clock { return l.clock }

// Now is the lab's time at the moment.
func (l *Lab) Now() time.Time { return l.clock.Now() }

// Advance moves the clock forward and returns when everything that fell due has
// run.
func (l *Lab) Advance(ctx context.Context, d time.Duration) error { return l.clock.Advance(ctx, d) }

// Fault is one thing that can be switched on, with the check that has to name
// it.
type Fault = estate.Fault

// Faults lists everything that can be switched on, in a stable order.
func (l *Lab) Faults() []Fault { return l.world.Faults() }

// ActiveFaults lists the ids of the faults that are on.
func (l *Lab) ActiveFaults() []string { return l.world.Active() }

// SetFaults switches faults on and off, each written as "id" or "id@subject",
// where the subject is a host, a forest, a domain or any identifier of a person.
// An unknown one is an error that changes nothing.
func (l *Lab) SetFaults(on, off []string) error {
	if err := l.world.SetFaults(on, off); err != nil {
		return err
	}
	for _, w := range l.workers {
		w.Refresh()
	}
	l.log.Info().Strs("on", l.world.Active()).Msg("faults set")
	return nil
}

// Person is one entry of the directory with the answer it must get when it is
// asked about by its distinguished name while nothing else is wrong.
type Person = estate.Expectation

// Users lists everybody in the directory.
func (l *Lab) Users() []Person { return l.world.Expectations() }

// Close stops everything and returns when it has stopped.
func (l *Lab) Close() error {
	l.mu.Lock()
	l.closed = true
	errs := []error{l.stopDirectories()}
	l.mu.Unlock()
	for _, w := range l.workers {
		errs = append(errs, w.Close())
	}
	l.world.Close()
	l.clock.Close()
	return errors.Join(errs...)
}
