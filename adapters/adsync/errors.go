package adsync

import (
	"errors"
	"fmt"
	"time"
)

// Errors that say something about the asking, not about the server.
var (
	// ErrBusy says that too many requests wait for the worker already.
	ErrBusy = errors.New("too many questions are waiting for this server: ask again in a moment")
	// ErrClosed says that the client was closed.
	ErrClosed = errors.New("the connection to this server has been shut down")
)

// RefusedError is a worker's own refusal: it answered, and the answer was no.
type RefusedError struct {
	Verb   string
	Reason string
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("the worker refused %q: %s", e.Verb, e.Reason)
}

// TimeoutError says that no answer came in time. A request that was already
// with the worker took its connection with it.
type TimeoutError struct {
	Verb  string
	Limit time.Duration
	// Unreadable counts lines that came in the meantime and were no JSON.
	Unreadable int
}

func (e *TimeoutError) Error() string {
	text := fmt.Sprintf("the worker did not answer %q within %s", e.Verb, e.Limit.Round(time.Millisecond))
	if e.Unreadable > 0 {
		text += fmt.Sprintf(" (lines that came instead and could not be read: %d)", e.Unreadable)
	}
	return text
}

// errLost wraps whatever ended a connection that was in use or idle.
type errLost struct{ err error }

func (e *errLost) Error() string { return "the connection to the worker was lost: " + e.err.Error() }
func (e *errLost) Unwrap() error { return e.err }
