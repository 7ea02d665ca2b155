package bot

import (
	"context"
	"fmt"
	"io/fs"
	"sync"
	"time"
)

// The bounds of a Memory: enough for an hour of a busy help desk.
const (
	memoryKeys    = 50_000
	memoryRecords = 5_000
	memoryBytes   = 64 << 20
)

// Memory is a [State] that lives as long as the process. It is bounded: when it
// is full, what was put in first goes first.
type Memory struct {
	clock Clock

	mu      sync.Mutex
	claims  shelf[struct{}]
	records shelf[Record]
	bytes   int
}

// NewMemory returns an empty Memory that expires by the clock.
func NewMemory(clock Clock) *Memory { return &Memory{clock: clock} }

// Once implements [State].
func (m *Memory) Once(_ context.Context, key string, ttl time.Duration) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.clock.Now()
	if _, held := m.claims.get(key, now); held {
		return false, nil
	}
	for m.claims.len() >= memoryKeys {
		m.claims.dropOldest()
	}
	m.claims.put(key, struct{}{}, now.Add(ttl))
	m.claims.sweep(now)
	return true, nil
}

// Release implements [State].
func (m *Memory) Release(_ context.Context, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.claims.drop(key)
	return nil
}

// Keep implements [State]. A record larger than the whole memory is refused.
func (m *Memory) Keep(_ context.Context, id string, r Record, ttl time.Duration) error {
	if len(r.Value) > memoryBytes {
		return fmt.Errorf("keep a record of %d bytes: larger than the memory", len(r.Value))
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.clock.Now()
	m.forget(m.records.drop(id))
	for _, r := range m.records.sweep(now) {
		m.forget(r, true)
	}
	for m.records.len() >= memoryRecords || m.records.len() > 0 && m.bytes+len(r.Value) > memoryBytes {
		m.forget(m.records.dropOldest())
	}
	r.Value = append([]byte(nil), r.Value...)
	m.records.put(id, r, now.Add(ttl))
	m.bytes += len(r.Value)
	return nil
}

// Find implements [State].
func (m *Memory) Find(_ context.Context, id string) (Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.records.get(id, m.clock.Now())
	if !ok {
		return Record{}, fmt.Errorf("find the record of a button: %w", fs.ErrNotExist)
	}
	r.Value = append([]byte(nil), r.Value...)
	return r, nil
}

func (m *Memory) forget(r Record, was bool) {
	if was {
		m.bytes -= len(r.Value)
	}
}

// shelf holds values until they expire, in the order in which they came. The
// zero shelf is empty. It is not safe for concurrent use.
type shelf[V any] struct {
	entries map[string]*entry[V]
	// order lists the entries as they came; a dropped one is skipped when its
	// turn comes.
	order []*entry[V]
}

type entry[V any] struct {
	key     string
	value   V
	until   time.Time
	dropped bool
}

func (s *shelf[V]) len() int { return len(s.entries) }

func (s *shelf[V]) get(key string, now time.Time) (V, bool) {
	e, ok := s.entries[key]
	if !ok || !now.Before(e.until) {
		var none V
		return none, false
	}
	return e.value, true
}

func (s *shelf[V]) put(key string, v V, until time.Time) {
	s.drop(key)
	if s.entries == nil {
		s.entries = make(map[string]*entry[V])
	}
	e := &entry[V]{key: key, value: v, until: until}
	s.entries[key] = e
	s.order = append(s.order, e)
	if len(s.order) > 2*len(s.entries)+16 {
		s.compact()
	}
}

func (s *shelf[V]) drop(key string) (V, bool) {
	e, ok := s.entries[key]
	if !ok {
		var none V
		return none, false
	}
	delete(s.entries, key)
	e.dropped = true
	v := e.value
	var none V
	e.value = none
	return v, true
}

func (s *shelf[V]) dropOldest() (V, bool) {
	for len(s.order) > 0 {
		e := s.order[0]
		s.order = s.order[1:]
		if !e.dropped {
			return s.drop(e.key)
		}
	}
	var none V
	return none, false
}

// sweep drops the expired entries at the front, and returns their values. Those
// behind a longer-lived one wait for it; get does not see them in the meantime.
func (s *shelf[V]) sweep(now time.Time) []V {
	var out []V
	for len(s.order) > 0 && (s.order[0].dropped || !now.Before(s.order[0].until)) {
		e := s.order[0]
		s.order = s.order[1:]
		if e.dropped {
			continue
		}
		if v, ok := s.drop(e.key); ok {
			out = append(out, v)
		}
	}
	return out
}

func (s *shelf[V]) compact() {
	kept := make([]*entry[V], 0, len(s.entries))
	for _, e := range s.order {
		if !e.dropped {
			kept = append(kept, e)
		}
	}
	s.order = kept
}
