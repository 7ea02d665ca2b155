package adsync

import (
	"context"
	"sync"
)

// flights lets equal questions share one answer: whoever asks while the same
// question is under way waits for its outcome.
type flights[K comparable, T any] struct {
	mu      sync.Mutex
	closed  bool
	running map[K]*flight[T]
	wg      sync.WaitGroup
}

type flight[T any] struct {
	done  chan struct{}
	value T
}

// do returns what run returns, running it only where no equal question is
// under way. The run goes on when ctx ends, for those who still wait.
func (g *flights[K, T]) do(ctx context.Context, key K, run func() T) (T, error) {
	f, err := g.join(key, run)
	if err != nil {
		var none T
		return none, err
	}
	select {
	case <-f.done:
		return f.value, nil
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

func (g *flights[K, T]) join(key K, run func() T) (*flight[T], error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return nil, ErrClosed
	}
	if f, ok := g.running[key]; ok {
		return f, nil
	}
	f := &flight[T]{done: make(chan struct{})}
	if g.running == nil {
		g.running = map[K]*flight[T]{}
	}
	g.running[key] = f
	g.wg.Go(func() {
		f.value = run()
		g.mu.Lock()
		delete(g.running, key)
		g.mu.Unlock()
		close(f.done)
	})
	return f, nil
}

// close refuses further questions and waits for those under way.
func (g *flights[K, T]) close() {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	g.wg.Wait()
}
