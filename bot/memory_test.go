package bot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	clock := &movingClock{now: at}
	err := CheckState(t.Context(), func() (State, error) { return NewMemory(clock), nil }, clock.advance)
	if err != nil {
		t.Fatal(err)
	}
}

// forgetful breaks promises, to see that the contract notices.
type forgetful struct{ State }

func (forgetful) Once(context.Context, string, time.Duration) (bool, error) { return true, nil }
func (forgetful) Find(context.Context, string) (Record, error)              { return Record{}, nil }

func TestTheContractNotices(t *testing.T) {
	clock := &movingClock{now: at}
	err := CheckState(t.Context(), func() (State, error) { return forgetful{NewMemory(clock)}, nil }, clock.advance)
	for _, promise := range []string{"claimed once", "exactly one is the first", "does not exist", "found with its owner"} {
		if err == nil || !strings.Contains(err.Error(), promise) {
			t.Errorf("the contract does not name the broken promise %q: %v", promise, err)
		}
	}
}

func TestMemoryIsBounded(t *testing.T) {
	t.Run("the oldest records make room for new ones", func(t *testing.T) {
		m := NewMemory(&movingClock{now: at})
		for i := range memoryRecords + 10 {
			if err := m.Keep(t.Context(), fmt.Sprint(i), Record{Value: []byte("x")}, time.Hour); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := m.Find(t.Context(), "0"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the oldest record is still there: %v", err)
		}
		if _, err := m.Find(t.Context(), fmt.Sprint(memoryRecords+9)); err != nil {
			t.Errorf("the newest record is gone: %v", err)
		}
		if n := m.records.len(); n > memoryRecords {
			t.Errorf("%d records are kept", n)
		}
	})
	t.Run("large records count by their bytes", func(t *testing.T) {
		m := NewMemory(&movingClock{now: at})
		big := make([]byte, memoryBytes/4)
		for i := range 9 {
			if err := m.Keep(t.Context(), fmt.Sprint(i), Record{Value: big}, time.Hour); err != nil {
				t.Fatal(err)
			}
		}
		if m.bytes > memoryBytes || m.records.len() != 4 {
			t.Errorf("%d records of %d bytes in all", m.records.len(), m.bytes)
		}
		if err := m.Keep(t.Context(), "huge", Record{Value: make([]byte, memoryBytes+1)}, time.Hour); err == nil {
			t.Error("a record larger than the memory was taken")
		}
	})
	t.Run("what has expired gives its room back", func(t *testing.T) {
		clock := &movingClock{now: at}
		m := NewMemory(clock)
		for i := range 1000 {
			if _, err := m.Once(t.Context(), fmt.Sprint(i), time.Minute); err != nil {
				t.Fatal(err)
			}
			if err := m.Keep(t.Context(), fmt.Sprint(i), Record{Value: []byte("12345")}, time.Minute); err != nil {
				t.Fatal(err)
			}
			clock.advance(time.Second)
		}
		if claims, records := m.claims.len(), m.records.len(); claims > 61 || records > 61 || m.bytes != 5*records {
			t.Errorf("%d claims and %d records of %d bytes after most have expired", claims, records, m.bytes)
		}
	})
	t.Run("claims given back do not pile up", func(t *testing.T) {
		m := NewMemory(&movingClock{now: at})
		for range 10_000 {
			if first, err := m.Once(t.Context(), "one", time.Hour); !first || err != nil {
				t.Fatal(first, err)
			}
			if err := m.Release(t.Context(), "one"); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(m.claims.order); n > 32 {
			t.Errorf("%d entries wait in line", n)
		}
	})
}
