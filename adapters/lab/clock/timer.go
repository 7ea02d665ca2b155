package clock

import (
	"context"
	"sync"
	"time"
)

// Timer is the lab's time.Timer: it sends the time on its channel once.
type Timer struct {
	clock *Clock
	send  chan time.Time

	mu  sync.Mutex
	job *job
	off chan struct{} // closed when the timer was stopped or reset
}

// NewTimer returns a timer that fires when the clock has moved on by d.
func (c *Clock) NewTimer(d time.Duration) *Timer {
	t := &Timer{clock: c, send: make(chan time.Time)}
	t.arm(d)
	return t
}

// C is the channel on which the time arrives. Nothing is buffered: a value is
// either received or dropped, never received late.
func (t *Timer) C() <-chan time.Time { return t.send }

func (t *Timer) arm(d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	off := make(chan struct{})
	t.off = off
	t.job = t.clock.schedule(d, func(ctx context.Context, at time.Time) { t.fire(ctx, at, off) })
}

// fire hands the time over. It runs while the clock is being moved, so that
// Advance does not overtake the receiver.
func (t *Timer) fire(ctx context.Context, at time.Time, off <-chan struct{}) {
	limit := time.NewTimer(takeLimit)
	defer limit.Stop()
	select {
	case t.send <- at:
		time.Sleep(grace)
	case <-off:
	case <-limit.C:
	case <-ctx.Done():
	case <-t.clock.closed:
	}
}

// Stop prevents the timer from firing and reports whether it was still waiting.
func (t *Timer) Stop() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	was := t.clock.cancel(t.job)
	select {
	case <-t.off:
	default:
		close(t.off)
	}
	return was
}

// Reset stops the timer and lets it fire when the clock has moved on by d.
func (t *Timer) Reset(d time.Duration) bool {
	was := t.Stop()
	t.arm(d)
	return was
}
