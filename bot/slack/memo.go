package slack

import (
	"context"
	"errors"
	"io/fs"
	"sync"
	"time"
)

// memo remembers the answers of a look-up for a while. Equal questions at one
// time are asked once. "Not there" is remembered for a shorter while, every
// other error not at all. It holds a bounded number of answers.
type memo[T any] struct {
	hits, misses time.Duration
	most         int

	mu      sync.Mutex
	entries map[string]*memoEntry[T]
}

// memoEntry is one answer, or the promise of one: done is closed when value,
// err and expires are set.
type memoEntry[T any] struct {
	done    chan struct{}
	value   T
	err     error
	expires time.Time
}

func newMemo[T any](hits, misses time.Duration, most int) *memo[T] {
	return &memo[T]{hits: hits, misses: misses, most: most, entries: map[string]*memoEntry[T]{}}
}

// get answers from memory, or by load. A load goes on when the person who
// asked first gives up, for others may wait for it; load sees to its deadline.
func (m *memo[T]) get(ctx context.Context, key string, load func(context.Context) (T, error)) (T, error) {
	m.mu.Lock()
	e, ok := m.entries[key]
	if !ok || e.stale(time.Now()) {
		e = m.start(ctx, key, load)
	}
	m.mu.Unlock()
	return e.wait(ctx)
}

// renew answers by a load that begins now, never from memory nor from a load
// that began earlier. Its answer takes the place of what was remembered; a
// failure leaves nothing.
func (m *memo[T]) renew(ctx context.Context, key string, load func(context.Context) (T, error)) (T, error) {
	m.mu.Lock()
	e := m.start(ctx, key, load)
	m.mu.Unlock()
	return e.wait(ctx)
}

// start puts the promise of an answer into memory and sees to it. The caller
// holds the lock.
func (m *memo[T]) start(ctx context.Context, key string, load func(context.Context) (T, error)) *memoEntry[T] {
	e := &memoEntry[T]{done: make(chan struct{})}
	m.makeRoom()
	m.entries[key] = e
	go m.fill(context.WithoutCancel(ctx), key, e, load)
	return e
}

// wait returns the answer of an entry when there is one.
func (e *memoEntry[T]) wait(ctx context.Context) (T, error) {
	select {
	case <-e.done:
		return e.value, e.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// fill answers everyone who waits for an entry.
func (m *memo[T]) fill(ctx context.Context, key string, e *memoEntry[T], load func(context.Context) (T, error)) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	e.value, e.err = load(ctx)
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case e.err == nil:
		e.expires = time.Now().Add(m.hits)
	case errors.Is(e.err, fs.ErrNotExist):
		e.expires = time.Now().Add(m.misses)
	default:
		if m.entries[key] == e {
			delete(m.entries, key)
		}
	}
	close(e.done)
}

// stale tells whether an entry has expired; one that is still being loaded
// has not.
func (e *memoEntry[T]) stale(now time.Time) bool {
	select {
	case <-e.done:
		return !now.Before(e.expires)
	default:
		return false
	}
}

// makeRoom drops what has expired, and when that is not enough whatever comes
// first: forgetting costs one look-up. The caller holds the lock.
func (m *memo[T]) makeRoom() {
	if len(m.entries) < m.most {
		return
	}
	now := time.Now()
	for key, e := range m.entries {
		if e.stale(now) {
			delete(m.entries, key)
		}
	}
	for key := range m.entries {
		if len(m.entries) < m.most {
			return
		}
		delete(m.entries, key)
	}
}

// idSet is a bounded set of ids.
type idSet struct {
	mu   sync.Mutex
	most int
	ids  map[string]bool
}

func newIDSet(most int) *idSet { return &idSet{most: most, ids: map[string]bool{}} }

func (s *idSet) add(id string) {
	if id == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for other := range s.ids {
		if len(s.ids) < s.most {
			break
		}
		delete(s.ids, other)
	}
	s.ids[id] = true
}

func (s *idSet) has(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ids[id]
}
