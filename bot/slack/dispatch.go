package slack

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"
)

// job is one thing to do for somebody, after it was acknowledged.
type job struct {
	kind string // for the log: never anything that came from outside
	run  func(context.Context)
	// busy tells the person that there was no room for the job; nil says
	// nothing. It also runs, as broken, when the job panicked.
	busy   func(context.Context)
	broken func(context.Context)
}

// Bounds of what waits and works at one time. A question waits for other
// machines most of its life, so there are many more workers than processors.
const (
	defaultWorkers = 64
	defaultQueue   = 256
	// regretQueue bounds those who are told that it is busy; beyond it
	// they are only counted.
	regretQueue   = 64
	regretWorkers = 2
	// regretTime is how long such a message may take.
	regretTime = 10 * time.Second
	// abandonTime is how long a worker may take to notice that its job was
	// called off.
	abandonTime = 2 * time.Second
)

// dispatcher runs jobs on a fixed number of workers behind a bounded queue.
// Handing one over never waits: that is what keeps acknowledgements prompt
// however slow the answers are.
type dispatcher struct {
	log     zerolog.Logger
	mu      sync.Mutex // guards closed and the closing of the queues
	closed  bool
	queue   chan job
	regrets chan job
	workers sync.WaitGroup
	abandon context.CancelFunc
	refused atomic.Int64
	working atomic.Int64
}

// newDispatcher starts the workers. Their jobs outlive ctx until drain, and
// keep its values.
func newDispatcher(ctx context.Context, log zerolog.Logger, workers, queue int) *dispatcher {
	d := &dispatcher{log: log, queue: make(chan job, queue), regrets: make(chan job, regretQueue)}
	work, abandon := context.WithCancel(context.WithoutCancel(ctx))
	d.abandon = abandon
	for range workers {
		d.workers.Go(func() {
			for j := range d.queue {
				d.working.Add(1)
				d.guard(work, j.kind, j.run, j.broken)
				d.working.Add(-1)
			}
		})
	}
	for range regretWorkers {
		d.workers.Go(func() {
			for j := range d.regrets {
				ctx, cancel := context.WithTimeout(work, regretTime)
				d.guard(ctx, j.kind, j.busy, nil)
				cancel()
			}
		})
	}
	return d
}

// take hands a job over. It returns false when the dispatcher is drained, so
// that a caller who can still refuse does; a job without room is not the
// caller's concern any more.
func (d *dispatcher) take(j job) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return false
	}
	select {
	case d.queue <- j:
		return true
	default:
	}
	d.refused.Add(1)
	d.log.Warn().Str("kind", j.kind).Msg("no room for a request")
	if j.busy == nil {
		return true
	}
	select {
	case d.regrets <- j:
	default:
	}
	return true
}

// guard runs one function and survives its panic. What is logged is where it
// happened and the type of the value, never the value: it may quote data.
func (d *dispatcher) guard(ctx context.Context, kind string, run, broken func(context.Context)) {
	defer func() {
		if v := recover(); v != nil {
			d.log.Error().Str("kind", kind).Str("panic", fmt.Sprintf("%T", v)).Strs("at", callers()).Msg("handler panicked")
			if broken != nil {
				d.guard(ctx, kind, broken, nil)
			}
		}
	}()
	run(ctx)
}

// callers names the functions and lines between a panic and here.
func callers() []string {
	pcs := make([]uintptr, 24)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	var at []string
	for {
		f, more := frames.Next()
		if f.Function != "" {
			at = append(at, f.Function+":"+strconv.Itoa(f.Line))
		}
		if !more {
			return at
		}
	}
}

// drain takes nothing more, lets what was taken finish for the given time,
// calls off the rest, and returns when no worker is left.
func (d *dispatcher) drain(patience time.Duration) error {
	d.mu.Lock()
	if !d.closed {
		d.closed = true
		close(d.queue)
		close(d.regrets)
	}
	d.mu.Unlock()
	defer d.abandon()
	done := make(chan struct{})
	go func() {
		d.workers.Wait()
		close(done)
	}()
	if within(done, patience) {
		return nil
	}
	left := len(d.queue) + int(d.working.Load())
	d.abandon()
	if within(done, abandonTime) {
		return fmt.Errorf("drain requests: %d were called off after %v", left, patience)
	}
	return errors.New("drain requests: a handler ignores that it was called off")
}

// within waits for a signal, but no longer than d.
func within(done <-chan struct{}, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
		return false
	}
}
