package slack

import (
	"context"
	"errors"
	"time"

	slackgo "github.com/slack-go/slack"
)

const (
	// maxWaits is how often one call waits for a rate limit to pass.
	maxWaits = 3
	// limitMargin is added to what Slack asks for, whose seconds are whole.
	limitMargin = 50 * time.Millisecond
)

// call makes one call with its own deadline and waits where Slack limits the
// rate. Nothing else is tried again: after a broken connection or a server
// error nobody knows whether the message was posted. The error holds no
// address.
func (e *Edge) call(ctx context.Context, operation string, do func(context.Context) error) error {
	for waits := 0; ; waits++ {
		err := limitTime(ctx, do)
		limited, ok := errors.AsType[*slackgo.RateLimitedError](err)
		if !ok || waits == maxWaits {
			return tidy(operation, err)
		}
		wait := limited.RetryAfter + limitMargin
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < wait {
			return tidy(operation, err)
		}
		if pause(ctx, wait) != nil {
			return tidy(operation, err)
		}
	}
}

func limitTime(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	return do(ctx)
}
