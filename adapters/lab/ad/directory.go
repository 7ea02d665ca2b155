package ad

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/jimlambrt/gldap"

	"github.com/pwsync/pwsync/adapters/lab/estate"
)

// World is what a directory serves.
type World interface {
	Entries(domain string) []estate.Entry
	DirectoryDown(domain string) bool
	Reader(domain string) (name, password string)
}

// Directory is the LDAP server of one domain. Use New.
type Directory struct {
	world  World
	domain *estate.Domain
	server *gldap.Server
	door   *door

	mu    sync.Mutex
	bound map[int]bool // by connection

	done chan error
	once sync.Once
}

// attempts is how often a port is looked for before giving up.
const attempts = 8

// New starts the LDAP server of a domain on loopback.
func New(world World, domain *estate.Domain) (*Directory, error) {
	var errs []error
	for range attempts {
		d := &Directory{world: world, domain: domain, bound: map[int]bool{}, done: make(chan error, 1)}
		err := d.start()
		if err == nil {
			return d, nil
		}
		errs = append(errs, err)
	}
	return nil, fmt.Errorf("start LDAP for %s: %w", domain.FQDN, errors.Join(errs...))
}

func (d *Directory) start() error {
	server, err := gldap.NewServer(
		gldap.WithLogger(hclog.New(&hclog.LoggerOptions{Level: hclog.Off})),
		gldap.WithOnClose(d.forget),
	)
	if err != nil {
		return fmt.Errorf("make the LDAP server: %w", err)
	}
	mux, err := gldap.NewMux()
	if err != nil {
		return fmt.Errorf("make the LDAP routes: %w", err)
	}
	if err := errors.Join(mux.Bind(d.bind), mux.Search(d.search), mux.DefaultRoute(d.refuse), server.Router(mux)); err != nil {
		return fmt.Errorf("route LDAP requests: %w", err)
	}
	d.server = server
	behind, err := d.listen()
	if err != nil {
		return err
	}
	d.door, err = newDoor(behind, func() bool { return d.world.DirectoryDown(d.domain.FQDN) })
	if err != nil {
		return errors.Join(err, d.server.Stop(), <-d.done)
	}
	return nil
}

// listen starts the library on a port of its own. It can only be given a
// number, so one is looked for first; somebody else may take it in between, and
// then the library says so.
func (d *Directory) listen() (string, error) {
	probe, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("look for a port: %w", err)
	}
	address := probe.Addr().String()
	if err := probe.Close(); err != nil {
		return "", fmt.Errorf("give the port up: %w", err)
	}
	go func() { d.done <- d.server.Run(address) }()
	for deadline := time.Now().Add(dialLimit); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		select {
		case err := <-d.done:
			return "", fmt.Errorf("listen on %s: %w", address, err)
		default:
		}
		if d.server.Ready() && d.answers(address) {
			return address, nil
		}
	}
	return "", errors.Join(fmt.Errorf("listen on %s: not ready in time", address), d.server.Stop())
}

// answers makes sure that the library listens: it calls itself ready before it
// knows.
func (d *Directory) answers(address string) bool {
	c, err := net.DialTimeout("tcp", address, dialLimit)
	if err != nil || len(d.done) > 0 {
		return false
	}
	return c.Close() == nil
}

// URL is where clients find the directory.
func (d *Directory) URL() string { return "ldap://" + d.door.address() }

// Close ends every connection and the server.
func (d *Directory) Close() error {
	var err error
	d.once.Do(func() {
		err = errors.Join(d.door.close(), d.server.Stop(), <-d.done)
	})
	return err
}

func (d *Directory) forget(connection int) {
	d.mu.Lock()
	delete(d.bound, connection)
	d.mu.Unlock()
}

func (d *Directory) isBound(connection int) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.bound[connection]
}

// bind answers a simple bind the way AD words it.
func (d *Directory) bind(w *gldap.ResponseWriter, r *gldap.Request) {
	resp := r.NewBindResponse(gldap.WithResponseCode(gldap.ResultInvalidCredentials))
	defer func() { _ = w.Write(resp) }() // a client that left needs no answer
	m, err := r.GetSimpleBindMessage()
	if err != nil {
		resp.SetResultCode(gldap.ResultProtocolError)
		resp.SetDiagnosticMessage(err.Error())
		return
	}
	reader, password := d.world.Reader(d.domain.FQDN)
	known := d.names(reader, m.UserName)
	switch {
	case m.UserName == "" || m.Password == "":
		// AD takes a bind without a password for an anonymous one.
		resp.SetResultCode(gldap.ResultSuccess)
		d.forget(r.ConnectionID())
	case !known:
		resp.SetDiagnosticMessage(refusal("525"))
	case string(m.Password) != password:
		resp.SetDiagnosticMessage(refusal("52e"))
	default:
		d.mu.Lock()
		d.bound[r.ConnectionID()] = true
		d.mu.Unlock()
		resp.SetResultCode(gldap.ResultSuccess)
	}
}

// names reports whether somebody binds as the reader: by sign-in name, in the
// form DOMAIN\name, or by distinguished name.
func (d *Directory) names(reader, given string) bool {
	short, _, _ := strings.Cut(reader, "@")
	if strings.EqualFold(given, reader) || strings.EqualFold(given, d.domain.Forest.Root().NetBIOS+`\`+short) {
		return true
	}
	for _, e := range d.world.Entries(d.domain.FQDN) {
		if upn := e.Attributes["userPrincipalName"]; len(upn) > 0 && strings.EqualFold(upn[0], reader) {
			return estate.SameDN(e.DN, given)
		}
	}
	return false
}

// refusal is AD's text for a refused bind, whose hexadecimal data tells why.
func refusal(data string) string {
	return "80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data " + data + ", v4563"
}

// refuse answers what the directory does not do: it is read only.
func (d *Directory) refuse(w *gldap.ResponseWriter, r *gldap.Request) {
	_ = w.Write(r.NewResponse(gldap.WithResponseCode(gldap.ResultUnwillingToPerform), gldap.WithDiagnosticMessage("00002035: the operation is not offered here")))
}
