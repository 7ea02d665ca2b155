package slack

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestMemo(t *testing.T) {
	ctx := context.Background()
	t.Run("an answer is remembered for its time", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			m := newMemo[int](5*time.Minute, 10*time.Second, 10)
			n := 0
			load := func(context.Context) (int, error) { n++; return n, nil }
			for _, want := range []int{1, 1} {
				if got, err := m.get(ctx, "a", load); got != want || err != nil {
					t.Errorf("%d, %v; want %d", got, err, want)
				}
				time.Sleep(4 * time.Minute)
			}
			if got, _ := m.get(ctx, "a", load); got != 2 {
				t.Errorf("%d after eight minutes, want 2", got)
			}
		})
	})
	t.Run("a renewed answer is new, and is the one that is remembered", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			m := newMemo[int](time.Hour, 10*time.Second, 10)
			slow := func(context.Context) (int, error) { time.Sleep(3 * time.Second); return 1, nil }
			early := make(chan int)
			go func() { got, _ := m.get(ctx, "a", slow); early <- got }()
			time.Sleep(time.Second)
			quick := func(context.Context) (int, error) { return 2, nil }
			if got, err := m.renew(ctx, "a", quick); got != 2 || err != nil {
				t.Errorf("%d, %v; want 2, not what a load that began earlier says", got, err)
			}
			if got := <-early; got != 1 {
				t.Errorf("who asked first is told %d, want 1", got)
			}
			if got, _ := m.get(ctx, "a", slow); got != 2 {
				t.Errorf("%d is remembered, want 2", got)
			}
			broken := func(context.Context) (int, error) { return 0, errors.New("broken") }
			if _, err := m.renew(ctx, "a", broken); err == nil {
				t.Error("a renewal that fails is answered from memory")
			}
			if got, _ := m.get(ctx, "a", slow); got != 1 {
				t.Errorf("after a renewal that failed %d is remembered", got)
			}
		})
	})
	t.Run("not there is remembered briefly, a failure not at all", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			m := newMemo[int](time.Hour, 10*time.Second, 10)
			n := 0
			missing := func(context.Context) (int, error) { n++; return 0, fmt.Errorf("x: %w", fs.ErrNotExist) }
			broken := func(context.Context) (int, error) { n++; return 0, errors.New("broken") }
			for _, step := range []struct {
				load func(context.Context) (int, error)
				key  string
				wait time.Duration
				want int
			}{{missing, "m", 0, 1}, {missing, "m", 0, 1}, {missing, "m", 11 * time.Second, 2}, {broken, "b", 0, 3}, {broken, "b", 0, 4}} {
				time.Sleep(step.wait)
				if _, err := m.get(ctx, step.key, step.load); err == nil || n != step.want {
					t.Errorf("%v, %d loads; want %d", err, n, step.want)
				}
			}
		})
	})
	t.Run("equal questions are asked once, and who gives up does not spoil it", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			m := newMemo[string](time.Hour, time.Second, 10)
			var loads atomic.Int32
			load := func(ctx context.Context) (string, error) {
				loads.Add(1)
				return "answer", pause(ctx, time.Second)
			}
			var all sync.WaitGroup
			all.Go(func() {
				brief, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
				defer cancel()
				if _, err := m.get(brief, "k", load); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("impatient: %v", err)
				}
			})
			synctest.Wait()
			for range 5 {
				all.Go(func() {
					if got, err := m.get(ctx, "k", load); got != "answer" || err != nil {
						t.Errorf("%q, %v", got, err)
					}
				})
			}
			all.Wait()
			if loads.Load() != 1 {
				t.Errorf("%d loads, want 1", loads.Load())
			}
		})
	})
	t.Run("memory is bounded", func(t *testing.T) {
		m := newMemo[int](time.Hour, time.Hour, 10)
		for i := range 1000 {
			if _, err := m.get(ctx, fmt.Sprint(i), func(context.Context) (int, error) { return i, nil }); err != nil {
				t.Fatal(err)
			}
		}
		if len(m.entries) > 10 {
			t.Errorf("%d entries, want 10 at most", len(m.entries))
		}
		s := newIDSet(10)
		for i := range 1000 {
			s.add(fmt.Sprint(i))
		}
		if len(s.ids) > 10 || !s.has("999") {
			t.Errorf("%d ids, newest known: %v", len(s.ids), s.has("999"))
		}
	})
}
