package slack

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// wire is a transport that answers at once and notes when it was asked.
type wire struct {
	mu    sync.Mutex
	start time.Time
	at    []time.Duration
	hang  bool
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.at = append(w.at, time.Since(w.start))
	w.mu.Unlock()
	if w.hang {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader("{}")), Request: r}, nil
}

func open(ctx context.Context, s *spacing, path string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://slack.test/api/"+path, strings.NewReader("{}"))
	if err != nil {
		return err
	}
	resp, err := s.RoundTrip(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func TestSpacing(t *testing.T) {
	ctx := context.Background()
	t.Run("gaps double up to a minute", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{start: time.Now()}
			s := newSpacing(w)
			for range 10 {
				if err := open(ctx, s, openMethod); err != nil {
					t.Fatal(err)
				}
			}
			var gaps []int
			for i := 1; i < len(w.at); i++ {
				gaps = append(gaps, int((w.at[i] - w.at[i-1]).Seconds()))
			}
			if want := []int{1, 2, 4, 8, 16, 32, 60, 60, 60}; !slices.Equal(gaps, want) {
				t.Errorf("gaps %v, want %v", gaps, want)
			}
		})
	})
	t.Run("two connections take turns", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{start: time.Now()}
			s := newSpacing(w)
			var both sync.WaitGroup
			for range 2 {
				both.Go(func() {
					for range 3 {
						_ = open(ctx, s, openMethod)
					}
				})
			}
			both.Wait()
			for i := 1; i < len(w.at); i++ {
				if w.at[i]-w.at[i-1] < shortestGap {
					t.Errorf("opened at %v", w.at)
				}
			}
		})
	})
	t.Run("a connection that lasted starts the gaps anew", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{start: time.Now()}
			s := newSpacing(w)
			for range 5 {
				_ = open(ctx, s, openMethod)
			}
			s.lasted()
			time.Sleep(5 * time.Hour)
			before := time.Now()
			_ = open(ctx, s, openMethod)
			_ = open(ctx, s, openMethod)
			if took := time.Since(before); took != shortestGap {
				t.Errorf("two opens took %v", took)
			}
		})
	})
	t.Run("connections that are greeted and ended soon stay below the method's limit", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{start: time.Now()}
			s := newSpacing(w)
			for range 41 {
				_ = open(ctx, s, openMethod)
				s.greeted()
			}
			if took := time.Since(w.start); took < 55*time.Second || took > 65*time.Second {
				t.Errorf("forty opens took %v, want about a minute", took)
			}
		})
	})
	t.Run("other calls do not wait", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{start: time.Now()}
			s := newSpacing(w)
			_ = open(ctx, s, openMethod)
			_ = open(ctx, s, "auth.test")
			if w.at[1] != 0 {
				t.Errorf("waited %v", w.at[1])
			}
		})
	})
	t.Run("a call has a deadline of its own, and waiting can be called off", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{start: time.Now(), hang: true}
			s := newSpacing(w)
			if err := open(ctx, s, openMethod); !errors.Is(err, context.DeadlineExceeded) || time.Since(w.start) != openTime {
				t.Errorf("%v after %v", err, time.Since(w.start))
			}
			for range 6 {
				s.reserve(time.Now())
			}
			brief, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			if err := open(brief, s, openMethod); !errors.Is(err, context.DeadlineExceeded) || len(w.at) != 1 {
				t.Errorf("%v, %d calls", err, len(w.at))
			}
		})
	})
}
