package main

import (
	"errors"
	"fmt"

	"github.com/pwsync/pwsync/checks"
)

// The exit codes. Scripts rely on them.
const (
	exitOK          = 0 // healthy, synced or waiting
	exitFailed      = 1 // could not run
	exitUsage       = 2 // called wrongly
	exitFaults      = 3 // faults were found
	exitCouldNotSay = 4 // could not tell
)

// codeError is an error that carries an exit code. One without an error text
// has been told already; nothing more is printed.
type codeError struct {
	code int
	err  error
}

func (e *codeError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

func (e *codeError) Unwrap() error { return e.err }

func usageError(format string, args ...any) error {
	return &codeError{code: exitUsage, err: fmt.Errorf(format, args...)}
}

func exitCode(err error) int {
	var coded *codeError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &coded):
		return coded.code
	default:
		return exitFailed
	}
}

// verdictError turns a verdict into the exit code that scripts see.
func verdictError(v checks.Verdict) error {
	switch v {
	case checks.Healthy, checks.Synced, checks.Waiting:
		return nil
	case checks.CouldNotTell:
		return &codeError{code: exitCouldNotSay}
	case checks.Degraded, checks.Broken, checks.Blocked:
		return &codeError{code: exitFaults}
	}
	return &codeError{code: exitCouldNotSay}
}
