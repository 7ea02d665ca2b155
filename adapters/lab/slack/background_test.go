package slack

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestTheEndWaitsForWhatRunsAndLetsNothingElseIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b background
		var done atomic.Bool
		b.start(func() {
			time.Sleep(time.Hour)
			done.Store(true)
		})
		b.end()
		if !done.Load() {
			t.Error("it did not wait")
		}
		b.start(func() { t.Error("something was let in after the end") })
		if b.enter() {
			t.Error("somebody was let in after the end")
		}
		synctest.Wait()
	})
}
