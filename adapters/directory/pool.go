package directory

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"

	"github.com/go-ldap/ldap/v3"
)

// maxReply bounds in bytes what a domain controller may send for one call.
const maxReply = 16 << 20

var errClosed = errors.New("the directory connection has been shut down")

// pool holds the connections to one domain.
type pool struct {
	config    *Config
	refused   *refusals
	domain    string
	endpoints []endpoint
	// dial opens the network connection; tests put their own in its place.
	dial func(ctx context.Context, network, address string) (net.Conn, error)
	// reply bounds in bytes what may come for one call.
	reply int64

	slots chan struct{}
	ctx   context.Context
	end   context.CancelFunc

	mu   sync.Mutex
	idle []*connection
}

// connection is a signed-in LDAP connection over the network connection raw.
type connection struct {
	ldap *ldap.Conn
	raw  *boundedConn
	host string
}

func newPool(c *Config, refused *refusals, domain string, endpoints []endpoint) *pool {
	p := &pool{
		config: c, refused: refused, domain: domain, endpoints: endpoints,
		dial:  (&net.Dialer{}).DialContext,
		reply: maxReply,
		slots: make(chan struct{}, c.Connections),
	}
	p.ctx, p.end = context.WithCancel(context.Background())
	return p
}

// close ends the idle connections now and the others when their call returns,
// which it is told to do.
func (p *pool) close() {
	p.end()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.idle {
		c.close()
	}
	p.idle = nil
}

// do runs call on a connection, waiting for a free one where all are in use. A
// connection from the pool may have died there, so such a call is made once
// more on a fresh one; reading twice does no harm.
func (p *pool) do(ctx context.Context, call func(*ldap.Conn) error) error {
	ctx, cancel := context.WithTimeout(ctx, p.config.Timeout)
	defer cancel()
	stop := context.AfterFunc(p.ctx, cancel)
	defer stop()
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return p.ended(ctx)
	}
	if c := p.take(); c != nil {
		if err := p.use(ctx, c, call); !errors.Is(err, errDied) {
			return err
		}
	}
	c, err := p.connect(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return p.ended(ctx)
		}
		return err
	}
	return p.use(ctx, c, call)
}

// ended words why the context of a call is over.
func (p *pool) ended(ctx context.Context) error {
	if p.ctx.Err() != nil {
		return errClosed
	}
	return fmt.Errorf("ask domain %s: %w", p.domain, ctx.Err())
}

func (p *pool) take() *connection {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.idle) > 0 {
		c := p.idle[len(p.idle)-1]
		p.idle = p.idle[:len(p.idle)-1]
		if !c.ldap.IsClosing() {
			return c
		}
		c.close()
	}
	return nil
}

func (p *pool) put(c *connection) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ctx.Err() != nil {
		c.close()
		return
	}
	p.idle = append(p.idle, c)
}

// errDied marks a call that failed because its connection did.
var errDied = errors.New("the connection to the domain controller was lost")

// use runs call on c and puts c back where it survived. The library knows no
// contexts, so the end of ctx cuts the network connection.
func (p *pool) use(ctx context.Context, c *connection, call func(*ldap.Conn) error) error {
	c.raw.left.Store(p.reply)
	stop := context.AfterFunc(ctx, func() { _ = c.raw.Close() })
	err := call(c.ldap)
	if !stop() {
		c.close()
		return p.ended(ctx)
	}
	if c.ldap.IsClosing() || ldap.IsErrorWithCode(err, ldap.ErrorNetwork) {
		c.close()
		if err == nil {
			return nil
		}
		return fmt.Errorf("%w: %s", errDied, c.host)
	}
	p.put(c)
	return err
}

// close cuts the network first: the library's own close waits for its writer,
// which a peer that does not read would block for ever.
func (c *connection) close() {
	_ = c.raw.Close()
	_ = c.ldap.Close()
}

// boundedConn is a network connection that delivers only so much per call.
type boundedConn struct {
	net.Conn
	left atomic.Int64
}

var errTooMuch = errors.New("the domain controller sent more than it was asked for")

func (c *boundedConn) Read(b []byte) (int, error) {
	if c.left.Load() <= 0 {
		return 0, errTooMuch
	}
	n, err := c.Conn.Read(b)
	c.left.Add(-int64(n))
	return n, err
}
