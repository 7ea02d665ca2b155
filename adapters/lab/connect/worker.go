package connect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/pwsync/pwsync/adapters/lab/estate"
)

// maxSessions bounds how many sessions of one server are open at once; a real
// server runs out of patience earlier.
const maxSessions = 32

// Worker is the worker of one Connect server. Use New.
type Worker struct {
	world   *estate.Estate
	host    string
	latency time.Duration

	mu       sync.Mutex
	closed   bool
	sessions map[*session]struct{}
	running  sync.WaitGroup
}

// New returns the worker of a server of the estate. Every request takes the
// latency, in wall time.
func New(world *estate.Estate, host string, latency time.Duration) *Worker {
	return &Worker{world: world, host: host, latency: latency, sessions: map[*session]struct{}{}}
}

// Open starts a session. It fails where the server cannot be reached.
func (w *Worker) Open(ctx context.Context) (io.ReadWriteCloser, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("start the worker on %s: %w", w.host, err)
	}
	if err := w.world.Reachable(w.host); err != nil {
		return nil, fmt.Errorf("start the worker on %s: %w", w.host, err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.closed:
		return nil, fmt.Errorf("start the worker on %s: the lab was closed", w.host)
	case len(w.sessions) >= maxSessions:
		return nil, fmt.Errorf("start the worker on %s: %d sessions are open already", w.host, len(w.sessions))
	}
	here, there := net.Pipe()
	s := &session{worker: w, conn: here, gone: make(chan struct{})}
	w.sessions[s] = struct{}{}
	w.running.Go(func() {
		s.serve()
		w.mu.Lock()
		delete(w.sessions, s)
		w.mu.Unlock()
	})
	return there, nil
}

// Refresh ends the sessions that could not have outlived what happened to the
// server: it cannot be reached any more, or the worker was started anew.
func (w *Worker) Refresh() {
	gone := w.world.Reachable(w.host) != nil
	w.mu.Lock()
	defer w.mu.Unlock()
	for s := range w.sessions {
		if gone || s.stale() {
			_ = s.end() // closing a pipe does not fail
		}
	}
}

// Close ends every session and returns when all of them have ended.
func (w *Worker) Close() error {
	w.mu.Lock()
	w.closed = true
	var errs []error
	for s := range w.sessions {
		errs = append(errs, s.end())
	}
	w.mu.Unlock()
	w.running.Wait()
	return errors.Join(errs...)
}
