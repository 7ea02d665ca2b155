package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/rs/zerolog"

	"github.com/pwsync/pwsync/adapters/adsync"
	"github.com/pwsync/pwsync/adapters/directory"
	"github.com/pwsync/pwsync/adapters/lab"
	labslack "github.com/pwsync/pwsync/adapters/lab/slack"
	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/suite"
)

// Every port and who serves it.
var (
	_ suite.ConnectServer = labServer{}
	_ suite.ConnectServer = (*adsync.Server)(nil)
	_ adsync.Transport    = opener(nil)
	_ suite.Directory     = (*directory.Forest)(nil)
	_ suite.Rights        = (*lab.Lab)(nil)
	_ suite.Reachability  = (*lab.Lab)(nil)
	_ suite.Cloud         = lab.Cloud{}
	_ suite.SignIns       = lab.Cloud{}
	_ suite.Clock         = (*lab.Lab)(nil)
	_ labslack.World      = (*labWorld)(nil)
)

type labFault = lab.Fault

// labOptions say which lab is wanted.
type labOptions struct {
	frozen  bool
	faults  []string
	latency time.Duration
	log     zerolog.Logger
}

// labWorld is a running lab with the engine on top of it: the same adapters as
// in front of a real estate, pointed at simulated ones.
type labWorld struct {
	lab     *lab.Lab
	suite   *suite.Suite
	servers []*adsync.Server
	forests []*directory.Forest
}

// openLab starts a lab and wires the engine to it.
func openLab(o labOptions) (*labWorld, error) {
	l, err := lab.New(lab.Options{Frozen: o.frozen, Latency: o.latency, Log: o.log})
	if err != nil {
		return nil, err
	}
	w := &labWorld{lab: l}
	if err := w.wire(o); err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

func (w *labWorld) wire(o labOptions) error {
	if err := w.lab.SetFaults(o.faults, nil); err != nil {
		return usageError("%w; pwsync lab faults lists them", err)
	}
	s := &suite.Suite{
		Rights: w.lab, Reachability: w.lab, Cloud: w.lab.Cloud(), SignIns: w.lab.Cloud(),
		Clock: w.lab, Thresholds: checks.DefaultThresholds(),
	}
	for _, e := range w.lab.Servers() {
		server := adsync.NewServer(e.Host, e.Role, opener(e.Open), adsync.Options{
			// A lab is mended by a click, so what it refused is tried again at once.
			Now: w.lab.Now, Log: o.log, Backoff: 10 * time.Millisecond, MaxBackoff: 100 * time.Millisecond,
		})
		w.servers = append(w.servers, server)
		s.Servers = append(s.Servers, labServer{ConnectServer: server, role: w.lab.Role})
	}
	endpoints, err := w.lab.Directories()
	if err != nil {
		return fmt.Errorf("start the directories: %w", err)
	}
	for _, e := range endpoints {
		forest, err := w.openForest(e, o.log)
		if err != nil {
			return err
		}
		w.forests = append(w.forests, forest)
		s.Directories = append(s.Directories, forest)
	}
	w.suite = s
	return nil
}

func (w *labWorld) openForest(e lab.DirectoryEndpoint, log zerolog.Logger) (*directory.Forest, error) {
	c := directory.Config{
		Forest: e.Forest, User: e.BindUser, AllowPlain: true, Now: w.lab.Now, Log: log,
		Password: func() (string, error) { return e.BindPassword, nil },
	}
	for _, d := range e.Domains {
		c.Domains = append(c.Domains, directory.Domain{FQDN: d.FQDN, NetBIOS: d.NetBIOS, URLs: []string{d.URL}})
	}
	f, err := directory.New(c)
	if err != nil {
		return nil, fmt.Errorf("open the directory of %s: %w", e.Forest, err)
	}
	return f, nil
}

// Close ends the engine first, then the world under it.
func (w *labWorld) Close() {
	for _, s := range w.servers {
		_ = s.Close()
	}
	for _, f := range w.forests {
		_ = f.Close()
	}
	_ = w.lab.Close()
}

// forget drops what was photographed before the world changed.
func (w *labWorld) forget() {
	for _, s := range w.servers {
		s.Forget()
	}
}

// SetFaults switches faults of the estate on and off.
func (w *labWorld) SetFaults(on, off []string) error {
	defer w.forget()
	return w.lab.SetFaults(on, off)
}

// Advance moves the lab's clock.
func (w *labWorld) Advance(ctx context.Context, d time.Duration) error {
	defer w.forget()
	return w.lab.Advance(ctx, d)
}

// Now is the lab's time.
func (w *labWorld) Now() time.Time { return w.lab.Now() }

// Faults lists the faults of the estate for the page.
func (w *labWorld) Faults() ([]labslack.FaultState, error) {
	on := map[string]bool{}
	for _, id := range w.lab.ActiveFaults() {
		on[id] = true
	}
	var out []labslack.FaultState
	for _, f := range w.lab.Faults() {
		out = append(out, labslack.FaultState{ID: f.ID, Title: f.Title, Group: f.Scope, On: on[f.ID]})
	}
	return out, nil
}

// Users lists the people of the estate.
func (w *labWorld) Users() (any, error) { return w.lab.Users(), nil }

// opener makes a transport of the lab's way to a worker.
type opener func(ctx context.Context) (io.ReadWriteCloser, error)

// Open connects to the worker.
func (o opener) Open(ctx context.Context) (io.ReadWriteCloser, error) {
	if o == nil {
		return nil, errors.New("there is no way to this worker")
	}
	return o(ctx)
}

// labServer is a server whose configured role a fault of the lab can change.
type labServer struct {
	suite.ConnectServer
	role func(host string) string
}

// Role is the configured role at the moment.
func (s labServer) Role() string { return s.role(s.Host()) }
