package slack

import "sync"

// background counts what outlives a request, so that Close can wait for it;
// once that has begun, nothing more is let in.
type background struct {
	mu     sync.Mutex
	closed bool
	wg     sync.WaitGroup
}

// enter counts the caller in, or says that it is too late. The caller leaves
// by leave.
func (b *background) enter() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return false
	}
	b.wg.Add(1)
	return true
}

func (b *background) leave() { b.wg.Done() }

// start runs f in a goroutine of its own, unless it is too late.
func (b *background) start(f func()) {
	if !b.enter() {
		return
	}
	go func() {
		defer b.leave()
		f()
	}()
}

// end waits for everyone to leave.
func (b *background) end() {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	b.wg.Wait()
}
