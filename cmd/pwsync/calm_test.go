package main

import (
	"context"
	"runtime"
	"testing"
	"time"
)

// A day and a night of lab time, with questions in between, leave no goroutine
// and no memory behind.
func TestADayOfLabTimeLeavesNothingBehind(t *testing.T) {
	if testing.Short() {
		t.Skip("runs two days of lab time")
	}
	r := runningLab(t, 0)
	person := "user " + personWith(r.estate.lab, "temporary-password")
	day := func() (goroutines int, heap uint64) {
		for range 24 {
			if err := r.estate.Advance(context.Background(), time.Hour); err != nil {
				t.Fatal(err)
			}
			r.ask(t, operator, helpdesk, "health")
			r.ask(t, "U01VIEWER", helpdesk, person)
		}
		return settled()
	}
	// The first day fills what is bounded: histories, caches, messages.
	before, heapBefore := day()
	after, heapAfter := day()
	if after > before+4 {
		t.Errorf("%d goroutines became %d", before, after)
	}
	const slack = 6 << 20
	if heapAfter > heapBefore+slack {
		t.Errorf("%d kB of heap became %d kB", heapBefore>>10, heapAfter>>10)
	}
	t.Logf("goroutines %d, then %d; heap %d kB, then %d kB", before, after, heapBefore>>10, heapAfter>>10)
}

// settled counts goroutines and live memory once things have calmed down.
func settled() (goroutines int, heap uint64) {
	goroutines = runtime.NumGoroutine()
	for range 20 {
		time.Sleep(50 * time.Millisecond)
		n := runtime.NumGoroutine()
		if n >= goroutines {
			break
		}
		goroutines = n
	}
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return goroutines, m.HeapAlloc
}
