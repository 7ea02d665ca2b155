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

// sharedFor is how old an answer about health may be that serves people who ask
// too often, and the app's home.
const sharedFor = 5 * time.Minute

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
	if age := b.sharedAge(); oldest > 0 && age >= 0 && age <= oldest {
		defer h.mu.Unlock()
		return h.last, true
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

// sharedAge returns the age of the kept answer, negative where there is none.
func (b *Bot) sharedAge() time.Duration {
	if b.health.last.Facts == nil {
		return -1
	}
	return b.cfg.Clock.Now().Sub(b.health.last.Facts.At)
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
