package slack

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"
)

// maxTickets bounds the connection tickets that wait to be used.
const maxTickets = 256

// sockets is the carrier of Socket Mode: up to ten WebSocket connections of
// the app, of which each parcel goes to one.
type sockets struct {
	w *Workspace

	mu      sync.Mutex
	conns   []*socket
	next    int           // whose turn it is
	number  int           // names connections
	sent    int           // counts deliveries, for reordering
	arrived chan struct{} // closed, and replaced, when a connection is added
	tickets map[string]time.Time
	order   []string           // tickets, oldest first
	flights map[string]*flight // by envelope id
}

// flight is one envelope on its way.
type flight struct {
	socket *socket
	ack    chan json.RawMessage // receives at most one
	lost   chan struct{}        // closed when the connection ends first
}

// envelope is how a parcel is wrapped.
type envelope struct {
	ID      string `json:"envelope_id"`
	Type    string `json:"type"`
	Payload object `json:"payload"`
	Accepts bool   `json:"accepts_response_payload"`
	Attempt *int   `json:"retry_attempt,omitempty"`
	Reason  string `json:"retry_reason,omitempty"`
}

func newSockets(w *Workspace) *sockets {
	return &sockets{
		w:       w,
		arrived: make(chan struct{}),
		tickets: map[string]time.Time{},
		flights: map[string]*flight{},
	}
}

// newTicket returns the address of one future connection.
func (s *sockets) newTicket() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	ticket := randomHex(16)
	s.tickets[ticket] = time.Now().Add(s.w.timing.ticket)
	s.order = forgetOldest(s.tickets, append(s.order, ticket), maxTickets)
	return s.w.base.webSocket() + "/link/?ticket=" + ticket + "&app_id=" + s.w.cfg.AppID
}

// redeem uses a ticket up.
func (s *sockets) redeem(ticket string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	expires, ok := s.tickets[ticket]
	delete(s.tickets, ticket)
	return ok && time.Now().Before(expires)
}

// add registers a connection, unless it is one too many. Its hello is queued
// before anything can be delivered to it.
func (s *sockets) add(c *socket) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.conns) >= maxConnections || s.w.faults.active(faultTooManySockets) {
		return false
	}
	s.number++
	c.number = s.number
	c.send(c.hello(len(s.conns) + 1))
	s.conns = append(s.conns, c)
	close(s.arrived)
	s.arrived = make(chan struct{})
	return true
}

// remove forgets a connection; what it had not acknowledged is lost.
func (s *sockets) remove(c *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.conns, c); i >= 0 {
		s.conns = slices.Delete(s.conns, i, i+1)
	}
	for id, f := range s.flights {
		if f.socket == c {
			close(f.lost)
			delete(s.flights, id)
		}
	}
}

// pick chooses whose turn it is; connections that were asked to reconnect
// only when there is no other. The caller holds the lock.
func (s *sockets) pick() *socket {
	n := len(s.conns)
	for _, retiring := range []bool{false, true} {
		for i := range n {
			c := s.conns[(s.next+i)%n]
			if c.retiring.Load() == retiring {
				s.next = (s.next + i + 1) % n
				return c
			}
		}
	}
	return nil
}

// ready waits for a connection.
func (s *sockets) ready(ctx context.Context) error {
	for {
		s.mu.Lock()
		n, arrived := len(s.conns), s.arrived
		s.mu.Unlock()
		if n > 0 {
			return nil
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// carry sends an envelope to one connection and waits for its
// acknowledgement, from that connection or any other.
func (s *sockets) carry(ctx context.Context, p parcel, attempt int, reason string) (json.RawMessage, error) {
	id, f, err := s.launch(p, attempt, reason)
	if err != nil {
		return nil, err
	}
	defer s.forget(id)
	timer := time.NewTimer(s.w.timing.ack)
	defer timer.Stop()
	select {
	case payload := <-f.ack:
		if !p.accepts {
			return nil, nil
		}
		return payload, nil
	case <-f.lost:
		return nil, errLost
	case <-timer.C:
		return nil, errTimeout
	case <-ctx.Done():
		return nil, errNobody
	}
}

// launch wraps a parcel, chooses a connection and puts it on its way.
func (s *sockets) launch(p parcel, attempt int, reason string) (string, *flight, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.pick()
	if c == nil {
		return "", nil, errNobody
	}
	id := newEnvelopeID()
	f := &flight{socket: c, ack: make(chan json.RawMessage, 1), lost: make(chan struct{})}
	s.flights[id] = f
	s.sent++
	frame := encode(newEnvelope(id, p, attempt, reason))
	if s.w.faults.active(faultReorder) && s.sent%2 == 1 {
		s.later(c, frame)
	} else {
		c.send(frame)
	}
	if s.w.faults.active(faultDuplicate) {
		if second := s.pick(); second != nil {
			second.send(encode(newEnvelope(newEnvelopeID(), p, attempt+1, "timeout")))
		}
	}
	return id, f, nil
}

// reorderDelay is how long a delivery is held back so that the next one
// overtakes it.
const reorderDelay = 300 * time.Millisecond

func (s *sockets) later(c *socket, frame []byte) {
	s.w.background.start(func() {
		timer := time.NewTimer(reorderDelay)
		defer timer.Stop()
		select {
		case <-timer.C:
			c.send(frame)
		case <-s.w.ctx.Done():
		}
	})
}

func newEnvelope(id string, p parcel, attempt int, reason string) envelope {
	e := envelope{ID: id, Type: p.kind, Payload: p.payload, Accepts: p.accepts}
	if p.kind == kindEvent || attempt > 0 {
		e.Attempt, e.Reason = &attempt, reason
	}
	return e
}

func newEnvelopeID() string {
	h := randomHex(16)
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

func (s *sockets) forget(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.flights, id)
}

// acknowledge takes an acknowledgement that arrived on a connection.
func (s *sockets) acknowledge(c *socket, id string, payload json.RawMessage) {
	if s.w.faults.active(faultDropAck) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.flights[id]
	if !ok || (s.w.cfg.StrictAcks && f.socket != c) {
		s.w.cfg.Log.Debug().Int("connection", c.number).Msg("acknowledgement without an envelope that waits for it")
		return
	}
	delete(s.flights, id)
	f.ack <- nonNull(payload)
}

// all copies the list of connections.
func (s *sockets) all() []*socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.conns)
}

// dropAll breaks every connection without a word.
func (s *sockets) dropAll() {
	for _, c := range s.all() {
		c.drop()
	}
}

// disableAll tells every connection that Socket Mode was switched off.
func (s *sockets) disableAll() {
	for _, c := range s.all() {
		c.disconnect("link_disabled")
		c.endSoon()
	}
}

// serveLink answers a WebSocket handshake.
func (s *sockets) serveLink(rw http.ResponseWriter, r *http.Request) {
	if !s.redeem(r.URL.Query().Get("ticket")) {
		writeJSON(rw, http.StatusForbidden, failure("invalid_ticket"))
		return
	}
	if !s.w.background.enter() {
		writeJSON(rw, http.StatusServiceUnavailable, failure("service_unavailable"))
		return
	}
	defer s.w.background.leave()
	c := &socket{owner: s, debug: r.URL.Query().Get("debug_reconnects") == "true"}
	c.run(rw, r)
}
