package clock

import (
	"container/heap"
	"context"
	"fmt"
	"sync"
	"time"
)

// Start is the instant at which every lab begins, a Tuesday morning. It is
// fixed so that dated knowledge (retired versions, certificates) means the same
// on every day that the lab is run.
var Start = time.Date(2026, time.March, 10, 9, 0, 0, 0, time.UTC)

// takeLimit bounds, in wall time, how long Advance waits for somebody to take
// the value of a timer that fired. A receiver that left without stopping its
// timer must not hang the lab.
const takeLimit = 2 * time.Second

// grace is the wall time that a receiver gets between taking a timer's value
// and calling Working.
const grace = 2 * time.Millisecond

// Clock tells the lab's time and runs what falls due. Use New.
type Clock struct {
	frozen bool

	// stepping is held by whoever moves the clock: one Advance, or the runner.
	stepping chan struct{}

	mu      sync.Mutex
	base    time.Time // the lab's time at wall
	wall    time.Time
	due     queue
	seq     uint64
	held    bool // the time stands while due work runs
	working int
	idle    chan struct{} // closed while working is 0

	wake   chan struct{}
	closed chan struct{}
	done   chan struct{}
	once   sync.Once
}

// New returns a clock at Start. A frozen one moves only by Advance; the other
// one runs with wall time, on a goroutine that Close ends.
func New(frozen bool) *Clock {
	c := &Clock{
		frozen:   frozen,
		stepping: make(chan struct{}, 1),
		base:     Start,
		wall:     time.Now(),
		idle:     make(chan struct{}),
		wake:     make(chan struct{}, 1),
		closed:   make(chan struct{}),
		done:     make(chan struct{}),
	}
	close(c.idle)
	if frozen {
		close(c.done)
	} else {
		go c.run()
	}
	return c
}

// Close stops a running clock; what was due later never runs.
func (c *Clock) Close() {
	c.once.Do(func() { close(c.closed) })
	<-c.done
}

// Now is the lab's time, UTC.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time {
	if c.frozen || c.held {
		return c.base
	}
	return c.base.Add(time.Since(c.wall))
}

// Advance moves the clock forward by d and runs everything that falls due, in
// order. It returns when all of it has run, or with the context's error; the
// clock then stands where it got to. Work that is run by the clock must not
// call Advance.
func (c *Clock) Advance(ctx context.Context, d time.Duration) error {
	if d < 0 {
		return fmt.Errorf("advance the clock by %v: time does not run backwards", d)
	}
	select {
	case c.stepping <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("advance the clock by %v: %w", d, ctx.Err())
	case <-c.closed:
		return fmt.Errorf("advance the clock by %v: the clock was closed", d)
	}
	defer func() { <-c.stepping }()

	target := c.Now().Add(d)
	if err := c.step(ctx, target); err != nil {
		return fmt.Errorf("advance the clock by %v: %w", d, err)
	}
	c.poke()
	return nil
}

// step runs everything due up to the target and leaves the clock there.
func (c *Clock) step(ctx context.Context, target time.Time) error {
	defer c.release()
	for {
		job := c.next(target)
		if job == nil {
			return nil
		}
		job.run(ctx, job.at)
		if err := c.settle(ctx); err != nil {
			return err
		}
	}
}

// next takes the first job due at or before the target and holds the clock at
// its time; without one it holds the clock at the target.
func (c *Clock) next(target time.Time) *job {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.now(); target.Before(now) {
		target = now
	}
	if len(c.due) == 0 || c.due[0].at.After(target) {
		c.base, c.held = target, true
		return nil
	}
	j := heap.Pop(&c.due).(*job)
	// Work that is late (the wall clock ran past it) runs at the time it was due
	// at, but time as others see it never runs backwards.
	if at := j.at; at.After(c.now()) {
		c.base = at
	} else {
		c.base = c.now()
	}
	c.held = true
	return j
}

// release lets a running clock run on from where it was held.
func (c *Clock) release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wall, c.held = time.Now(), false
}

// settle waits until nobody is working any more.
func (c *Clock) settle(ctx context.Context) error {
	c.mu.Lock()
	idle := c.idle
	c.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-c.closed:
		return nil
	}
}

// Working tells the clock that work is going on that Advance has to wait for;
// the function returned ends it and may be called more than once.
func (c *Clock) Working() (done func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.working == 0 {
		c.idle = make(chan struct{})
	}
	c.working++
	return sync.OnceFunc(func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.working--; c.working == 0 {
			close(c.idle)
		}
	})
}

// run keeps a running clock's promises while wall time passes.
func (c *Clock) run() {
	defer close(c.done)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for {
		timer := time.NewTimer(c.untilNext())
		select {
		case <-timer.C:
		case <-c.wake:
			timer.Stop()
			continue
		case <-c.closed:
			timer.Stop()
			return
		}
		select {
		case c.stepping <- struct{}{}:
		case <-c.closed:
			return
		}
		_ = c.step(ctx, c.Now()) // the context is never canceled while this runs
		<-c.stepping
	}
}

// untilNext is the wall time until something falls due.
func (c *Clock) untilNext() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.due) == 0 {
		return time.Hour
	}
	return max(c.due[0].at.Sub(c.now()), 0)
}

// poke makes the runner look at the queue again.
func (c *Clock) poke() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// AfterFunc runs f once, when the clock has moved on by d, on the goroutine
// that moves the clock; at is the moment it was due. The function returned
// cancels it and reports whether it was still waiting.
func (c *Clock) AfterFunc(d time.Duration, f func(at time.Time)) (stop func() bool) {
	j := c.schedule(d, func(_ context.Context, at time.Time) { f(at) })
	return func() bool { return c.cancel(j) }
}

// At is AfterFunc for a moment; one that has passed is due at once.
func (c *Clock) At(t time.Time, f func(at time.Time)) (stop func() bool) {
	return c.AfterFunc(t.Sub(c.Now()), f)
}

func (c *Clock) schedule(d time.Duration, run func(context.Context, time.Time)) *job {
	c.mu.Lock()
	c.seq++
	j := &job{at: c.now().Add(d), seq: c.seq, run: run}
	heap.Push(&c.due, j)
	c.mu.Unlock()
	c.poke()
	return j
}

func (c *Clock) cancel(j *job) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if j.index < 0 {
		return false
	}
	heap.Remove(&c.due, j.index)
	return true
}

// Pending is how many pieces of work wait for their time.
func (c *Clock) Pending() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.due)
}
