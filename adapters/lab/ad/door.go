package ad

import (
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

const (
	// maxConnections bounds how many clients a domain serves at once.
	maxConnections = 128
	dialLimit      = 5 * time.Second
	// idleLimit ends a connection on which nothing happens, as AD's own
	// MaxConnIdleTime does.
	idleLimit = 15 * time.Minute
)

// door is the listener that clients see. The LDAP library opens its own
// listener and waits, when it stops, for clients to go; the door makes them go.
type door struct {
	listener net.Listener
	behind   string      // address of the LDAP library
	shut     func() bool // whether nobody gets in at the moment

	mu     sync.Mutex
	closed bool
	open   map[net.Conn]struct{}
	work   sync.WaitGroup
}

func newDoor(behind string, shut func() bool) (*door, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for LDAP: %w", err)
	}
	d := &door{listener: l, behind: behind, shut: shut, open: map[net.Conn]struct{}{}}
	d.work.Go(d.accept)
	return d, nil
}

func (d *door) address() string { return d.listener.Addr().String() }

func (d *door) accept() {
	for {
		c, err := d.listener.Accept()
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return
			}
			time.Sleep(10 * time.Millisecond) // out of descriptors; others will close
			continue
		}
		if d.shut() || !d.enter(c) {
			_ = c.Close() // nobody was served, so nothing is lost
			continue
		}
		d.work.Go(func() { d.serve(c) })
	}
}

// enter registers a connection, unless there are too many.
func (d *door) enter(c net.Conn) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed || len(d.open) >= 2*maxConnections {
		return false
	}
	d.open[c] = struct{}{}
	return true
}

func (d *door) leave(c net.Conn) {
	d.mu.Lock()
	delete(d.open, c)
	d.mu.Unlock()
	_ = c.Close() // either side may have closed it already
}

// serve carries bytes between a client and the library.
func (d *door) serve(client net.Conn) {
	defer d.leave(client)
	inner, err := net.DialTimeout("tcp", d.behind, dialLimit)
	if err != nil {
		return
	}
	if !d.enter(inner) {
		_ = inner.Close() // the lab is closing
		return
	}
	defer d.leave(inner)
	done := make(chan struct{})
	d.work.Go(func() {
		defer close(done)
		d.carry(client, inner)
	})
	d.carry(inner, client)
	<-done
}

// carry copies one way until either end is gone, and then ends both. A request
// that arrives while the door is shut ends the connection instead.
func (d *door) carry(to, from net.Conn) {
	defer func() {
		_ = to.Close()
		_ = from.Close()
	}()
	buf := make([]byte, 16<<10)
	for {
		if err := from.SetReadDeadline(time.Now().Add(idleLimit)); err != nil {
			return
		}
		n, err := from.Read(buf)
		if d.shut() {
			return
		}
		if n > 0 {
			if _, werr := to.Write(buf[:n]); werr != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func (d *door) close() error {
	d.mu.Lock()
	d.closed = true
	err := d.listener.Close()
	for c := range d.open {
		_ = c.Close() // its own goroutine reports what matters
	}
	d.mu.Unlock()
	d.work.Wait()
	return err
}
