package slack

import "sync"

// hub tells any number of listeners that something visible changed. A
// listener that has not yet looked is not told twice.
type hub struct {
	mu        sync.Mutex
	closed    bool
	listeners map[chan struct{}]struct{}
}

// subscribe returns a signal and the function that ends it. The signal is
// closed when the workspace ends.
func (h *hub) subscribe() (<-chan struct{}, func()) {
	c := make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		close(c)
		return c, func() {}
	}
	if h.listeners == nil {
		h.listeners = map[chan struct{}]struct{}{}
	}
	h.listeners[c] = struct{}{}
	return c, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.listeners, c)
	}
}

func (h *hub) notify() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.listeners {
		select {
		case c <- struct{}{}:
		default: // a signal is already waiting there
		}
	}
}

func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return
	}
	h.closed = true
	for c := range h.listeners {
		close(c)
	}
	h.listeners = nil
}
