package directory

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/go-ldap/ldap/v3"
)

// connect signs in to the first domain controller that answers. A refused
// password ends the attempt: the other controllers have the same one.
func (p *pool) connect(ctx context.Context) (*connection, error) {
	if len(p.endpoints) == 0 {
		return nil, fmt.Errorf("domain %s has no domain controller", p.domain)
	}
	password, err := p.config.Password()
	if err != nil {
		return nil, fmt.Errorf("read the password for forest %s: %w", p.config.Forest, err)
	}
	if password == "" {
		return nil, fmt.Errorf("the password for forest %s is empty", p.config.Forest)
	}
	if err := p.refused.check(password); err != nil {
		return nil, err
	}
	var failures []string
	for _, e := range p.endpoints {
		c, err := p.open(ctx, e, password)
		if err == nil {
			p.config.Log.Debug().Str("host", e.host).Msg("domain controller connected")
			return c, nil
		}
		var refused *BindError
		if errors.As(err, &refused) {
			p.refused.note(password, refused)
			p.config.Log.Warn().Str("host", e.host).Str("code", refused.Code).Msg("domain controller refused the sign-in")
			return nil, err
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		p.config.Log.Warn().Err(err).Str("host", e.host).Msg("domain controller not reached")
		failures = append(failures, fmt.Sprintf("%s: %v", e.host, err))
	}
	return nil, fmt.Errorf("no domain controller of %s could be used: %s", p.domain, strings.Join(failures, "; "))
}

// open connects and signs in within DialTimeout.
func (p *pool) open(ctx context.Context, e endpoint, password string) (*connection, error) {
	ctx, cancel := context.WithTimeout(ctx, p.config.DialTimeout)
	defer cancel()
	conn, err := p.dial(ctx, "tcp", e.address)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", plainNetError(err))
	}
	raw := &boundedConn{Conn: conn}
	raw.left.Store(p.reply)
	stop := context.AfterFunc(ctx, func() { _ = raw.Close() })
	defer stop()
	var stream net.Conn = raw
	if e.tls {
		if stream, err = p.handshake(ctx, raw, e); err != nil {
			_ = raw.Close()
			return nil, fmt.Errorf("start TLS: %w", err)
		}
	}
	l := ldap.NewConn(stream, e.tls)
	l.Start()
	c := &connection{ldap: l, raw: raw, host: e.host}
	if err := l.Bind(p.config.User, password); err != nil {
		c.close()
		if ctx.Err() != nil {
			return nil, errors.New("sign in: no answer in time")
		}
		return nil, bindError(err)
	}
	return c, nil
}

func (p *pool) handshake(ctx context.Context, raw net.Conn, e endpoint) (net.Conn, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if p.config.TLS != nil {
		config = p.config.TLS.Clone()
	}
	if config.ServerName == "" {
		config.ServerName = e.host
	}
	t := tls.Client(raw, config)
	return t, t.HandshakeContext(ctx)
}

// plainNetError shortens what the net package says to its point.
func plainNetError(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	return err
}

// How long a refused sign-in is not repeated. A wrong password counts towards
// the account's lockout at every try; the other reasons do not.
const (
	wrongPasswordPause = 10 * time.Minute
	refusedPause       = 30 * time.Second
)

// refusals remembers the password that a domain controller refused last, for
// all domains of the forest: it is one account.
type refusals struct {
	mu       sync.Mutex
	password string
	until    time.Time
	err      error
}

// check returns the refusal of this very password while it is remembered.
func (r *refusals) check(password string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil || r.password != password || !time.Now().Before(r.until) {
		return nil
	}
	return fmt.Errorf("%w (not tried again, so as not to lock the account)", r.err)
}

func (r *refusals) note(password string, err *BindError) {
	pause := refusedPause
	if err.Code == "52e" || err.Code == "" {
		pause = wrongPasswordPause
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.password, r.err, r.until = password, err, time.Now().Add(pause)
}
