package adsync

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/rs/zerolog"
)

// connection is one worker: one request at a time over one stream. A goroutine
// reads as long as the stream lives, so that a worker that talks is never
// blocked by nobody listening.
type connection struct {
	stream io.ReadWriteCloser
	frames *frameReader
	log    zerolog.Logger
	hello  Hello
	greets chan Hello

	// done is closed when the reader has ended; err may be read after that.
	done chan struct{}

	mu         sync.Mutex
	err        error
	waiting    int64
	answer     chan message
	unreadable int
	answered   bool
}

func newConnection(stream io.ReadWriteCloser, log zerolog.Logger) *connection {
	return &connection{
		stream: stream,
		frames: newFrameReader(stream),
		log:    log,
		greets: make(chan Hello, 1),
		done:   make(chan struct{}),
	}
}

// kill ends the connection; the first reason stands.
func (c *connection) kill(err error) {
	c.mu.Lock()
	first := c.err == nil
	if first {
		c.err = err
	}
	c.mu.Unlock()
	if first {
		// What the far end says about the closing changes nothing any more.
		_ = c.stream.Close()
	}
}

func (c *connection) reason() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// useful reports whether the worker has ever answered a request.
func (c *connection) useful() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.answered
}

func (c *connection) alive() bool { return c.reason() == nil }

// listen reads until the stream ends. It runs once; whoever runs it closes done
// when the end has been accounted for.
func (c *connection) listen() {
	greeted := false
	for {
		frame, err := c.frames.next()
		if err != nil {
			c.kill(&errLost{ended(err)})
			return
		}
		m, err := parseMessage(frame)
		switch {
		case err != nil:
			c.garbled(err)
		case m.hello != nil && !greeted:
			h, err := parseHello(m.hello)
			if err != nil {
				c.kill(err)
				return
			}
			greeted = true
			c.greets <- h
		case m.hello != nil:
			c.garbled(errors.New("a second hello"))
		case !greeted:
			c.kill(errors.New("the worker answered before it said hello"))
			return
		default:
			if c.deliver(m) {
				c.frames.noise = 0
			}
		}
	}
}

// ended words the two ways in which a stream ends by itself.
func ended(err error) error {
	switch {
	case errors.Is(err, io.EOF):
		return errors.New("the worker ended")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the worker ended in the middle of a line")
	default:
		return err
	}
}

func (c *connection) garbled(err error) {
	c.mu.Lock()
	c.unreadable++
	c.mu.Unlock()
	c.log.Debug().Err(err).Msg("skipped an unreadable line of the worker")
}

// deliver hands a reply to whoever waits for it; late and unknown ones fall to
// the floor. It reports whether anybody waited.
func (c *connection) deliver(m message) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.answer == nil || m.id != c.waiting {
		c.log.Debug().Int64("id", m.id).Msg("dropped a reply that nobody waits for")
		return false
	}
	c.answered = true
	c.answer <- m
	c.answer = nil
	return true
}

// greet waits for the hello.
func (c *connection) greet(ctx context.Context) error {
	select {
	case c.hello = <-c.greets:
		return nil
	case <-c.done:
		return c.reason()
	case <-ctx.Done():
		c.kill(errors.New("the worker was started and did not say hello in time"))
		<-c.done
		return c.reason()
	}
}

// ask sends one line and waits for the reply to id. At the deadline the
// connection is killed, because a worker that hangs answers nobody else either.
func (c *connection) ask(id int64, verb string, line []byte, limit time.Duration) (message, error) {
	answer := make(chan message, 1)
	c.mu.Lock()
	c.waiting, c.answer, c.unreadable = id, answer, 0
	c.mu.Unlock()

	overdue := time.AfterFunc(limit, func() {
		c.mu.Lock()
		unreadable := c.unreadable
		c.mu.Unlock()
		c.kill(&TimeoutError{Verb: verb, Limit: limit, Unreadable: unreadable})
	})
	defer overdue.Stop()

	if _, err := c.stream.Write(line); err != nil {
		c.kill(&errLost{fmt.Errorf("the worker ended or does not listen: %w", err)})
	}
	select {
	case m := <-answer:
		return m, nil
	case <-c.done:
	}
	// A worker may answer and end in one breath.
	select {
	case m := <-answer:
		return m, nil
	default:
		return message{}, c.reason()
	}
}
