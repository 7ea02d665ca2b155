package clock

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestAFrozenClockMovesOnlyByAdvance(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(true)
		defer c.Close()
		time.Sleep(time.Hour)
		if got := c.Now(); !got.Equal(Start) {
			t.Errorf("after an hour of wall time it shows %v", got)
		}
		if err := c.Advance(t.Context(), 90*time.Minute); err != nil {
			t.Fatal(err)
		}
		if got := c.Now(); !got.Equal(Start.Add(90 * time.Minute)) {
			t.Errorf("after 90 minutes it shows %v", got)
		}
	})
}

func TestARunningClockRunsWithWallTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(false)
		defer c.Close()
		var ran []time.Time
		c.AfterFunc(4*time.Minute, func(at time.Time) { ran = append(ran, at) })
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		if got := c.Now(); !got.Equal(Start.Add(5 * time.Minute)) {
			t.Errorf("after five minutes it shows %v", got)
		}
		if want := []time.Time{Start.Add(4 * time.Minute)}; !slices.EqualFunc(ran, want, time.Time.Equal) {
			t.Errorf("ran %v, want %v", ran, want)
		}
		if err := c.Advance(t.Context(), time.Hour); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if got := c.Now(); !got.Equal(Start.Add(66 * time.Minute)) {
			t.Errorf("after an advance it does not run on: %v", got)
		}
	})
}

func TestAdvanceRunsEverythingThatFallsDueInOrder(t *testing.T) {
	c := New(true)
	defer c.Close()
	var ran []string
	note := func(name string) func(time.Time) {
		return func(at time.Time) {
			if !c.Now().Equal(at) {
				t.Errorf("%s runs at %v and the clock shows %v", name, at, c.Now())
			}
			ran = append(ran, name)
		}
	}
	c.AfterFunc(3*time.Minute, note("third"))
	c.AfterFunc(time.Minute, func(at time.Time) {
		note("first")(at)
		c.AfterFunc(time.Minute, note("scheduled by the first"))
	})
	c.AfterFunc(3*time.Minute, note("fourth"))
	stop := c.AfterFunc(time.Minute, note("canceled"))
	if !stop() || stop() {
		t.Error("canceling reports wrongly")
	}
	c.AfterFunc(time.Hour, note("later"))
	if err := c.Advance(context.Background(), 10*time.Minute); err != nil {
		t.Fatal(err)
	}
	want := []string{"first", "scheduled by the first", "third", "fourth"}
	if !slices.Equal(ran, want) {
		t.Errorf("ran %q, want %q", ran, want)
	}
	if c.Pending() != 1 {
		t.Errorf("%d pieces of work are left", c.Pending())
	}
}

// Code that waits in a select, and works on after it woke, is waited for.
func TestAdvanceWaitsForWhoeverReceivesATimerAndSaysThatItWorks(t *testing.T) {
	c := New(true)
	defer c.Close()
	timer := c.NewTimer(time.Minute)
	var mu sync.Mutex
	done := false
	var worker sync.WaitGroup
	worker.Go(func() {
		at := <-timer.C()
		finish := c.Working()
		defer finish()
		time.Sleep(20 * time.Millisecond)
		mu.Lock()
		defer mu.Unlock()
		done = at.Equal(Start.Add(time.Minute))
	})
	if err := c.Advance(context.Background(), time.Hour); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	finished := done
	mu.Unlock()
	if !finished {
		t.Error("advance returned before the work was done")
	}
	worker.Wait()
}

func TestATimerNobodyWaitsForDoesNotHangTheLab(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(true)
		defer c.Close()
		c.NewTimer(time.Minute)
		began := time.Now()
		if err := c.Advance(t.Context(), time.Hour); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took > takeLimit {
			t.Errorf("it took %v", took)
		}
	})
}

func TestAStoppedTimerDoesNotFireAndAResetOneFiresAnew(t *testing.T) {
	c := New(true)
	defer c.Close()
	stopped, reset := c.NewTimer(time.Minute), c.NewTimer(time.Minute)
	if !stopped.Stop() || stopped.Stop() {
		t.Error("stopping reports wrongly")
	}
	if !reset.Reset(5 * time.Minute) {
		t.Error("resetting reports wrongly")
	}
	got := make(chan time.Time, 2)
	var receiver sync.WaitGroup
	receiver.Go(func() {
		select {
		case at := <-stopped.C():
			t.Errorf("the stopped timer fired at %v", at)
		case at := <-reset.C():
			got <- at
		}
	})
	if err := c.Advance(context.Background(), 10*time.Minute); err != nil {
		t.Fatal(err)
	}
	receiver.Wait()
	if at := <-got; !at.Equal(Start.Add(5 * time.Minute)) {
		t.Errorf("fired at %v", at)
	}
}

func TestAdvanceRefuses(t *testing.T) {
	c := New(true)
	if err := c.Advance(context.Background(), -time.Second); err == nil {
		t.Error("time ran backwards")
	}
	ctx, cancel := context.WithCancel(context.Background())
	c.AfterFunc(time.Minute, func(time.Time) { c.Working(); cancel() })
	if err := c.Advance(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled while somebody works: %v", err)
	}
	if got := c.Now(); !got.Equal(Start.Add(time.Minute)) {
		t.Errorf("the clock went on to %v", got)
	}
	c.Close()
}

// Two who advance at once take turns, and the clock never runs backwards.
func TestAdvancingFromManyGoroutinesAddsUp(t *testing.T) {
	c := New(true)
	defer c.Close()
	var tick func(at time.Time)
	last := Start
	ticks := 0
	tick = func(at time.Time) {
		if at.Before(last) {
			t.Errorf("%v after %v", at, last)
		}
		last = at
		ticks++
		c.AfterFunc(time.Minute, tick)
	}
	c.AfterFunc(time.Minute, tick)
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if err := c.Advance(context.Background(), 6*time.Minute); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := c.Now().Sub(Start); got != time.Hour || ticks != 60 {
		t.Errorf("advanced by %v with %d ticks", got, ticks)
	}
}
