package bot

import (
	"context"
	"sync"
	"time"

	"github.com/pwsync/pwsync/checks/suite"
)

type (
	question = suite.Question
	answer   = suite.Answer
)

// How old an answer about health may be that serves without asking anew: in the
// app's home, which nobody reads for the last minute, and for who asks too often,
// who may be watching whether a repair has worked.
const (
	homeFor    = 5 * time.Minute
	limitedFor = 30 * time.Second
)

// shared is the answer about the health of the whole estate. Questions that come
// while one is being answered get its answer, and the newest one is kept.
type shared struct {
	mu     sync.Mutex
	last   answer
	flight *flight
}

type flight struct {
	done   chan struct{}
	answer answer
	ok     bool
}

// healthAnswer returns the answer about health: one that is at most as old as
// allowed, else the one that is being made, else a new one.
func (b *Bot) healthAnswer(ctx context.Context, oldest time.Duration) (answer, bool) {
	h := &b.health
	h.mu.Lock()
	if a, ok := b.youngEnough(oldest); ok {
		defer h.mu.Unlock()
		return a, true
	}
	f := h.flight
	if f == nil {
		f = &flight{done: make(chan struct{})}
		h.flight = f
		// The question outlives the person who happened to ask first.
		go b.fly(context.WithoutCancel(ctx), f)
	}
	h.mu.Unlock()
	select {
	case <-f.done:
		return f.answer, f.ok
	case <-ctx.Done():
		return answer{}, false
	}
}

// keptHealth returns the kept answer where it is at most as old as allowed. It
// asks nobody.
func (b *Bot) keptHealth(oldest time.Duration) (answer, bool) {
	b.health.mu.Lock()
	defer b.health.mu.Unlock()
	return b.youngEnough(oldest)
}

// youngEnough is keptHealth for who holds the lock.
func (b *Bot) youngEnough(oldest time.Duration) (answer, bool) {
	a := b.health.last
	if a.Facts == nil || oldest <= 0 {
		return answer{}, false
	}
	age := b.cfg.Clock.Now().Sub(a.Facts.At)
	return a, age >= 0 && age <= oldest
}

func (b *Bot) fly(ctx context.Context, f *flight) {
	f.answer, f.ok = b.ask(ctx, question{})
	b.health.mu.Lock()
	if f.ok {
		b.health.last = f.answer
	}
	b.health.flight = nil
	b.health.mu.Unlock()
	close(f.done)
}
