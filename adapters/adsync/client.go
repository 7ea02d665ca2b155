package adsync

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Client asks the workers of one server. Requests wait in a bounded queue for
// one of at most two connections, which are opened when they are needed and
// then kept. It is safe for use by many goroutines.
type Client struct {
	transport Transport
	opts      Options
	gate      gate
	lastID    atomic.Int64
	// bound lowers the reader's limits, for tests.
	bound func(*frameReader)

	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu     sync.Mutex
	closed bool
	queue  []*job
	slots  []*slot
}

// slot is a place for one connection; conn belongs to the goroutine that works
// for the slot while busy is set, and to the client's lock otherwise.
type slot struct {
	busy bool
	conn *connection
}

// job is one request on its way through the queue.
type job struct {
	verb     string
	args     json.RawMessage
	deadline time.Time
	// gone is set when nobody waits for the outcome any more.
	gone atomic.Bool
	done chan outcome
}

type outcome struct {
	reply Reply
	err   error
}

// NewClient returns a client that opens its connections through t. Nothing is
// opened before the first request.
func NewClient(t Transport, o Options) *Client {
	o = o.withDefaults()
	ctx, cancel := context.WithCancel(context.Background())
	c := &Client{transport: t, opts: o, gate: gate{first: o.Backoff, most: o.MaxBackoff}, ctx: ctx, cancel: cancel}
	for range o.Workers {
		c.slots = append(c.slots, &slot{})
	}
	return c
}

// Do sends one request with args, which are marshaled to JSON, and waits for
// its reply until ctx ends or Options.Timeout has passed, time in the queue
// included. The error is [ErrBusy], [ErrClosed], a [*RefusedError], a
// [*TimeoutError], the context's, or says what kept the worker out of reach.
// With a RefusedError the Reply still carries the worker's hello.
func (c *Client) Do(ctx context.Context, verb string, args any) (Reply, error) {
	raw, err := json.Marshal(args)
	if err != nil {
		return Reply{}, fmt.Errorf("write request %q: %w", verb, err)
	}
	if err := ctx.Err(); err != nil {
		return Reply{}, fmt.Errorf("ask %q: %w", verb, err)
	}
	limit := c.opts.Timeout
	j := &job{verb: verb, args: raw, deadline: time.Now().Add(limit), done: make(chan outcome, 1)}
	if d, ok := ctx.Deadline(); ok && d.Before(j.deadline) {
		j.deadline = d
	}
	if err := c.enqueue(j); err != nil {
		return Reply{}, err
	}
	defer c.abandon(j)

	// A request that is with the worker ends by itself at its deadline, and knows
	// more to say then; this is for those that never got that far.
	overdue := time.NewTimer(limit + 50*time.Millisecond)
	defer overdue.Stop()
	select {
	case out := <-j.done:
		return out.reply, out.err
	case <-ctx.Done():
		return Reply{}, fmt.Errorf("ask %q: %w", verb, ctx.Err())
	case <-overdue.C:
		return Reply{}, &TimeoutError{Verb: verb, Limit: limit}
	}
}

// Close ends all connections and waits until nothing of the client runs any
// more. Requests under way end with ErrClosed.
func (c *Client) Close() error {
	c.mu.Lock()
	c.closed = true
	waiting := c.queue
	c.queue = nil
	c.mu.Unlock()
	for _, j := range waiting {
		j.done <- outcome{err: ErrClosed}
	}
	c.cancel()
	c.wg.Wait()
	return nil
}

func (c *Client) enqueue(j *job) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return ErrClosed
	}
	if s := c.idle(); s != nil {
		s.busy = true
		c.wg.Add(1)
		go c.work(s, j)
		return nil
	}
	if len(c.queue) >= c.opts.Queue {
		return ErrBusy
	}
	c.queue = append(c.queue, j)
	return nil
}

// idle returns a slot without work, one with a live connection if there is one;
// nil where all are busy. The lock is held.
func (c *Client) idle() *slot {
	var found *slot
	for _, s := range c.slots {
		switch {
		case s.busy:
		case s.conn != nil && s.conn.alive():
			return s
		case found == nil:
			found = s
		}
	}
	return found
}

// abandon takes a request that nobody waits for out of the queue.
func (c *Client) abandon(j *job) {
	j.gone.Store(true)
	c.mu.Lock()
	defer c.mu.Unlock()
	if i := slices.Index(c.queue, j); i >= 0 {
		c.queue = slices.Delete(c.queue, i, i+1)
	}
}

// work serves the job and then whatever else waits.
func (c *Client) work(s *slot, j *job) {
	defer c.wg.Done()
	for j != nil {
		if !j.gone.Load() {
			reply, err := c.serve(s, j)
			j.done <- outcome{reply, err}
		}
		j = c.next(s)
	}
}

// next returns the next job for the slot, or sets it idle.
func (c *Client) next(s *slot) *job {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.queue) == 0 {
		s.busy = false
		return nil
	}
	j := c.queue[0]
	c.queue = slices.Delete(c.queue, 0, 1)
	return j
}

// serve gets one job its reply. A connection that had died while idle is found
// out only by using it, so one that was not opened for this job gets a second
// chance with a fresh one: reading twice does no harm.
func (c *Client) serve(s *slot, j *job) (Reply, error) {
	reused := s.conn != nil && s.conn.alive()
	reply, err := c.exchange(s, j)
	var lost *errLost
	if reused && errors.As(err, &lost) && c.ctx.Err() == nil {
		reply, err = c.exchange(s, j)
	}
	if err != nil && c.ctx.Err() != nil {
		err = ErrClosed
	}
	return reply, err
}

func (c *Client) exchange(s *slot, j *job) (Reply, error) {
	if s.conn == nil || !s.conn.alive() {
		conn, err := c.connect()
		c.mu.Lock()
		s.conn = conn
		c.mu.Unlock()
		if err != nil {
			return Reply{}, err
		}
	}
	conn := s.conn
	reply := Reply{Hello: conn.hello}
	if !conn.hello.offers(j.verb) {
		return reply, &RefusedError{Verb: j.verb, Reason: "it was installed without this verb"}
	}
	limit := time.Until(j.deadline)
	if limit <= 0 || j.gone.Load() {
		return reply, &TimeoutError{Verb: j.verb, Limit: c.opts.Timeout}
	}
	id := c.lastID.Add(1)
	line, err := request{ID: id, Verb: j.verb, Args: j.args, DeadlineMs: limit.Milliseconds()}.encode()
	if err != nil {
		return reply, err
	}
	sent := c.opts.Now()
	m, err := conn.ask(id, j.verb, line, limit)
	if err != nil {
		return reply, err
	}
	c.gate.pass()
	m.reply.Sent, m.reply.Received, m.reply.Hello = sent, c.opts.Now(), conn.hello
	switch {
	case m.err != nil:
		return m.reply, m.err
	case m.refusal != "":
		return m.reply, &RefusedError{Verb: j.verb, Reason: m.refusal}
	default:
		return m.reply, nil
	}
}

// connect opens a connection and waits for its hello. It does not hurry for the
// deadline of the request that wanted it: the next one will be glad of it.
func (c *Client) connect() (*connection, error) {
	if err := c.gate.check(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(c.ctx, c.opts.OpenTimeout)
	defer cancel()
	stream, err := c.transport.Open(ctx)
	if err != nil {
		err = fmt.Errorf("the worker could not be reached: %w", err)
		c.gate.fail(err)
		return nil, err
	}
	conn := newConnection(stream, c.opts.Log)
	if c.bound != nil {
		c.bound(conn.frames)
	}
	c.wg.Add(1)
	go c.attend(conn)
	if err := conn.greet(ctx); err != nil {
		return nil, err
	}
	h := conn.hello
	c.opts.Log.Info().Str("host", h.Host).Str("worker", h.Facts.Worker).Str("powershell", h.Facts.PowerShell).
		Str("script", h.ScriptHash).Msg("worker connected")
	return conn, nil
}

// attend listens to the connection until it ends, or the client does.
func (c *Client) attend(conn *connection) {
	defer c.wg.Done()
	defer close(conn.done)
	stop := context.AfterFunc(c.ctx, func() { conn.kill(ErrClosed) })
	defer stop()
	conn.listen()
	if err := conn.reason(); !errors.Is(err, ErrClosed) {
		if !conn.useful() {
			// Whatever the reason, a worker that never answered is no reason to
			// start another one at once.
			c.gate.fail(err)
		}
		c.opts.Log.Warn().Err(err).Msg("worker connection ended")
	}
}
