package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"
)

// CheckState holds a [State] against its contract and returns every promise that
// it breaks. It is what the tests of each implementation run: open returns an
// empty state, and advance moves the clock that this state reads.
func CheckState(ctx context.Context, open func() (State, error), advance func(time.Duration)) error {
	var broken []error
	for _, promise := range statePromises {
		s, err := open()
		if err != nil {
			return fmt.Errorf("open a state: %w", err)
		}
		if err := promise.keep(ctx, s, advance); err != nil {
			broken = append(broken, fmt.Errorf("%s: %w", promise.says, err))
		}
	}
	return errors.Join(broken...)
}

// statePromises is the contract, one promise a row.
var statePromises = []struct {
	says string
	keep func(ctx context.Context, s State, advance func(time.Duration)) error
}{
	{"a key is claimed once until its time is over", onceUntilExpiry},
	{"of many concurrent claims exactly one is the first", onceAmongMany},
	{"a released key can be claimed again", onceAfterRelease},
	{"keys do not hide each other", onceKeysApart},
	{"a record is found with its owner and value until it expires", keepUntilExpiry},
	{"a record under a taken id replaces the earlier one", keepReplaces},
	{"what was never kept does not exist", findNothing},
	{"the bytes of a record are the store's own", keepCopies},
}

func claim(ctx context.Context, s State, key string, want bool) error {
	first, err := s.Once(ctx, key, 10*time.Minute)
	if err != nil {
		return err
	}
	if first != want {
		return fmt.Errorf("claim of %q: first is %t, want %t", key, first, want)
	}
	return nil
}

func onceUntilExpiry(ctx context.Context, s State, advance func(time.Duration)) error {
	if err := errors.Join(claim(ctx, s, "a", true), claim(ctx, s, "a", false)); err != nil {
		return err
	}
	advance(9 * time.Minute)
	if err := claim(ctx, s, "a", false); err != nil {
		return err
	}
	// A second claim must not have made the first one last longer.
	advance(61 * time.Second)
	return claim(ctx, s, "a", true)
}

func onceAmongMany(ctx context.Context, s State, _ func(time.Duration)) error {
	var firsts, failures atomic.Int64
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			first, err := s.Once(ctx, "race", time.Minute)
			if err != nil {
				failures.Add(1)
			}
			if first {
				firsts.Add(1)
			}
		})
	}
	wg.Wait()
	if firsts.Load() != 1 || failures.Load() != 0 {
		return fmt.Errorf("%d were first and %d failed", firsts.Load(), failures.Load())
	}
	return nil
}

func onceAfterRelease(ctx context.Context, s State, _ func(time.Duration)) error {
	if err := claim(ctx, s, "a", true); err != nil {
		return err
	}
	if err := errors.Join(s.Release(ctx, "a"), s.Release(ctx, "never claimed")); err != nil {
		return err
	}
	return claim(ctx, s, "a", true)
}

func onceKeysApart(ctx context.Context, s State, _ func(time.Duration)) error {
	return errors.Join(
		claim(ctx, s, "a", true), claim(ctx, s, "A", true), claim(ctx, s, "a ", true),
		claim(ctx, s, "", true), claim(ctx, s, "ä'\"%_\\", true), claim(ctx, s, "a", false),
	)
}

func lookUp(ctx context.Context, s State, id string, want Record) error {
	got, err := s.Find(ctx, id)
	if err != nil {
		return err
	}
	if got.Owner != want.Owner || !bytes.Equal(got.Value, want.Value) {
		return fmt.Errorf("record %q comes back changed", id)
	}
	return nil
}

func absent(ctx context.Context, s State, id string) error {
	switch _, err := s.Find(ctx, id); {
	case err == nil:
		return fmt.Errorf("find %q: a record is found where there is none", id)
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("find %q: the error does not match fs.ErrNotExist: %w", id, err)
	default:
		return nil
	}
}

func keepUntilExpiry(ctx context.Context, s State, advance func(time.Duration)) error {
	a := Record{Owner: Actor{Team: "T1", Enterprise: "E1", User: "U1"}, Value: []byte(`{"name":"Zoë 'quoted' \u0000"}`)}
	b := Record{Owner: Actor{Team: "T2", User: "U2"}, Value: []byte{}}
	if err := errors.Join(s.Keep(ctx, "a", a, time.Hour), s.Keep(ctx, "b", b, 2*time.Hour)); err != nil {
		return err
	}
	advance(59 * time.Minute)
	if err := errors.Join(lookUp(ctx, s, "a", a), lookUp(ctx, s, "b", b)); err != nil {
		return err
	}
	advance(time.Minute)
	return errors.Join(absent(ctx, s, "a"), lookUp(ctx, s, "b", b))
}

func keepReplaces(ctx context.Context, s State, advance func(time.Duration)) error {
	first, second := Record{Value: []byte("1")}, Record{Owner: Actor{Team: "T", User: "U"}, Value: []byte("2")}
	if err := errors.Join(s.Keep(ctx, "a", first, time.Minute), s.Keep(ctx, "a", second, time.Hour)); err != nil {
		return err
	}
	advance(2 * time.Minute)
	return lookUp(ctx, s, "a", second)
}

func findNothing(ctx context.Context, s State, _ func(time.Duration)) error {
	return errors.Join(absent(ctx, s, "a"), absent(ctx, s, ""))
}

func keepCopies(ctx context.Context, s State, _ func(time.Duration)) error {
	r := Record{Value: []byte("before")}
	if err := s.Keep(ctx, "a", r, time.Hour); err != nil {
		return err
	}
	copy(r.Value, "AFTER!")
	return lookUp(ctx, s, "a", Record{Value: []byte("before")})
}
