package adsync

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/pwsync/pwsync/checks"
)

// gate spaces the attempts to connect to one server. It is shared by all
// workers, so that a server in trouble meets one caller, not a crowd.
type gate struct {
	first, most time.Duration

	mu       sync.Mutex
	failures int
	until    time.Time
	last     error
}

// check returns an error while the pause after the last failure lasts. Callers
// answer at once with what is known rather than wait: a person is asking.
func (g *gate) check() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	wait := time.Until(g.until)
	if g.failures == 0 || wait <= 0 {
		return nil
	}
	return &waitError{wait: wait, last: g.last}
}

// fail notes a connection that came to nothing.
func (g *gate) fail(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	pause := g.most
	if g.failures < 16 {
		pause = min(g.first<<g.failures, g.most)
	}
	g.failures++
	g.last = err
	// Between half and all of it, so that several bots do not march in step.
	g.until = time.Now().Add(pause/2 + rand.N(pause/2+1))
}

// pass notes a connection that proved useful.
func (g *gate) pass() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.failures, g.last = 0, nil
}

// waitError says that the last attempt failed and the next has to wait.
type waitError struct {
	wait time.Duration
	last error
}

func (e *waitError) Error() string {
	return fmt.Sprintf("%v (tried a moment ago; the next attempt is due in %s)", e.last, checks.Age(e.wait.Round(time.Second)))
}

func (e *waitError) Unwrap() error { return e.last }
