package slack

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"
)

// The headers that prove a request to be Slack's.
const (
	signatureHeader = "X-Slack-Signature"
	timestampHeader = "X-Slack-Request-Timestamp"
)

// freshness is how far a timestamp may be from now, in both directions.
const freshness = 5 * time.Minute

var (
	signatureForm = regexp.MustCompile(`^v0=[0-9a-f]{64}$`)
	timestampForm = regexp.MustCompile(`^[1-9][0-9]{8,11}$`)
)

// checkHeaders refuses what Slack never sends, before the body is read:
// exactly one signature and one timestamp, each in the only form it has.
func checkHeaders(h http.Header) error {
	signatures, timestamps := h.Values(signatureHeader), h.Values(timestampHeader)
	switch {
	case len(signatures) != 1 || len(timestamps) != 1:
		return errors.New("not exactly one signature and one timestamp")
	case !signatureForm.MatchString(signatures[0]):
		return errors.New("malformed signature")
	case !timestampForm.MatchString(timestamps[0]):
		return errors.New("malformed timestamp")
	}
	return nil
}

// checkSignature holds a body against its signature and timestamp.
func checkSignature(h http.Header, secret Secret, body []byte) error {
	if err := checkHeaders(h); err != nil {
		return err
	}
	verifier, err := slackgo.NewSecretsVerifier(h, secret.reveal())
	if err != nil {
		return fmt.Errorf("check signature: %w", err)
	}
	if _, err := verifier.Write(body); err != nil {
		return fmt.Errorf("check signature: %w", err)
	}
	return verifier.Ensure()
}

// maxSeen bounds the signatures that are remembered. Only genuine ones are,
// so no stranger can fill it.
const maxSeen = 32768

// replayWindow remembers the signatures that were acted upon, for as long as
// their timestamps would pass.
type replayWindow struct {
	mu    sync.Mutex
	seen  map[string]time.Time // when to forget
	swept time.Time
}

func newReplayWindow() *replayWindow { return &replayWindow{seen: map[string]time.Time{}} }

// claim reports whether a genuine signature is new. With no room left it is
// refused, for then it could not be told from a replay.
func (w *replayWindow) claim(signature string, now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if now.Sub(w.swept) > time.Minute || len(w.seen) >= maxSeen {
		w.swept = now
		for s, until := range w.seen {
			if now.After(until) {
				delete(w.seen, s)
			}
		}
	}
	if _, known := w.seen[signature]; known || len(w.seen) >= maxSeen {
		return false
	}
	w.seen[signature] = now.Add(2 * freshness)
	return true
}
