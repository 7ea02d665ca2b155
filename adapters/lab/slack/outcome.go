package slack

import (
	"errors"
	"fmt"
	"time"
)

// Outcome is what a person sees of an action: whether the app acknowledged
// it, after how many milliseconds, and the error that Slack would show.
type Outcome struct {
	Acknowledged bool    `json:"acknowledged"`
	MS           float64 `json:"ms"`
	Error        string  `json:"error"`
}

// RequestError is a request that makes no sense: it names somebody or
// something that does not exist. Its text is a sentence.
type RequestError struct{ Sentence string }

// Error returns the sentence.
func (e *RequestError) Error() string { return e.Sentence }

func malformed(format string, args ...any) error {
	return &RequestError{Sentence: fmt.Sprintf(format, args...)}
}

// refused is an action that Slack itself does not let happen.
func refused(format string, args ...any) Outcome {
	return Outcome{Error: fmt.Sprintf(format, args...)}
}

// What Slack's clients show when an app does not answer.
const (
	buttonFailed = "The app did not respond. The button shows a warning triangle."
	modalFailed  = "We had some trouble connecting. Try again?"
)

// slashFailed is what the composer shows about a failed command.
func slashFailed(command string, err error) string {
	if errors.Is(err, errTimeout) {
		return command + " failed because the app did not respond"
	}
	return command + ` failed with the error "dispatch_failed"`
}

// outcome times an action that began at start and ended with err.
func outcome(start time.Time, err error, shown string) Outcome {
	o := Outcome{
		Acknowledged: err == nil,
		MS:           float64(time.Since(start).Microseconds()) / 1000,
	}
	if err != nil {
		o.Error = shown
	}
	return o
}
