package slack

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Spacing of apps.connections.open. slack-go opens the next connection at
// once when one was accepted and then closed, thousands of times in seconds
// when Slack has too many; the method allows about fifty calls a minute.
const (
	openMethod  = "apps.connections.open"
	shortestGap = time.Second
	longestGap  = time.Minute
	// greetedGap holds the gap down while Slack does greet connections but
	// ends them soon: forty calls a minute, and two connections that live
	// two seconds each still take turns.
	greetedGap = 1500 * time.Millisecond
	// openTime bounds one call, waiting for its turn not counted.
	openTime = 15 * time.Second
	// settled is how long a connection must have lived to count as good.
	settled = 30 * time.Second
)

// spacing is the transport that all Socket Mode connections share. It lets
// one apps.connections.open through at a time and doubles the gap after each,
// until Slack greets a connection again; it starts anew when one has proved to
// last.
type spacing struct {
	base http.RoundTripper

	mu   sync.Mutex
	next time.Time // before which nothing is opened
	gap  time.Duration
}

func newSpacing(base http.RoundTripper) *spacing {
	return &spacing{base: base, gap: shortestGap}
}

// RoundTrip waits for the call's turn and gives it its own deadline. The
// client's Timeout cannot do that: it would count the waiting.
func (s *spacing) RoundTrip(req *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(req.URL.Path, "/"+openMethod) {
		return s.base.RoundTrip(req)
	}
	if err := pause(req.Context(), s.reserve(time.Now())); err != nil {
		if req.Body != nil {
			_ = req.Body.Close()
		}
		return nil, err
	}
	ctx, cancel := context.WithTimeout(req.Context(), openTime)
	resp, err := s.base.RoundTrip(req.WithContext(ctx))
	if err != nil {
		cancel()
		return nil, err
	}
	resp.Body = &boundBody{ReadCloser: resp.Body, cancel: cancel}
	return resp, nil
}

// reserve takes the next turn and tells how long to wait for it.
func (s *spacing) reserve(now time.Time) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.next
	if at.Before(now) {
		at = now
	}
	s.next = at.Add(s.gap)
	s.gap = min(2*s.gap, longestGap)
	return at.Sub(now)
}

// greeted records that Slack has greeted a connection.
func (s *spacing) greeted() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gap = min(s.gap, greetedGap)
}

// lasted records that a connection has proved good.
func (s *spacing) lasted() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gap = shortestGap
}

// boundBody releases the call's deadline once the answer was read.
type boundBody struct {
	io.ReadCloser
	cancel context.CancelFunc
}

func (b *boundBody) Close() error {
	defer b.cancel()
	return b.ReadCloser.Close()
}

// pause waits, unless the context ends first.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
