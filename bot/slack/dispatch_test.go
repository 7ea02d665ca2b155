package slack

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
)

func TestDispatcher(t *testing.T) {
	ctx := context.Background()
	t.Run("handing over never waits, and without room there is an apology", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			d := newDispatcher(ctx, zerolog.Nop(), 1, 2)
			release := make(chan struct{})
			var sorry, ran atomic.Int32
			j := job{run: func(context.Context) { ran.Add(1); <-release }, busy: func(context.Context) { sorry.Add(1) }}
			d.take(j)
			synctest.Wait() // the worker has the first; two more find room
			for range 4 {
				if !d.take(j) {
					t.Error("refused although it is open")
				}
			}
			synctest.Wait()
			if sorry.Load() != 2 || d.refused.Load() != 2 {
				t.Errorf("%d apologies, %d counted; want 2 of each", sorry.Load(), d.refused.Load())
			}
			close(release)
			if err := d.drain(time.Minute); err != nil {
				t.Error(err)
			}
			if ran.Load() != 3 {
				t.Errorf("%d ran, want 3", ran.Load())
			}
		})
	})
	t.Run("a panic ends one job, and its own answer runs", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			d := newDispatcher(ctx, zerolog.Nop(), 1, 2)
			var told, ran atomic.Int32
			boom := func(context.Context) { panic("boom") }
			d.take(job{run: boom, broken: func(context.Context) { told.Add(1); panic("again") }})
			d.take(job{run: func(context.Context) { ran.Add(1) }})
			if err := d.drain(time.Minute); err != nil || told.Load() != 1 || ran.Load() != 1 {
				t.Errorf("%v, told %d, ran %d", err, told.Load(), ran.Load())
			}
		})
	})
	t.Run("draining calls off what takes too long", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			d := newDispatcher(ctx, zerolog.Nop(), 1, 2)
			d.take(job{run: func(ctx context.Context) { <-ctx.Done() }})
			synctest.Wait()
			start := time.Now()
			if err := d.drain(5 * time.Second); err == nil || !strings.Contains(err.Error(), "1 were called off") {
				t.Errorf("error %v", err)
			}
			if took := time.Since(start); took != 5*time.Second {
				t.Errorf("took %v", took)
			}
			if d.take(job{run: func(context.Context) {}}) {
				t.Error("took a job after the end")
			}
		})
	})
	t.Run("jobs outlive the context that ends the edge", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ending, cancel := context.WithCancel(ctx)
			d := newDispatcher(ending, zerolog.Nop(), 1, 2)
			var finished atomic.Bool
			d.take(job{run: func(ctx context.Context) { finished.Store(pause(ctx, time.Second) == nil) }})
			cancel()
			if err := d.drain(5 * time.Second); err != nil || !finished.Load() {
				t.Errorf("%v, finished %v", err, finished.Load())
			}
		})
	})
}
