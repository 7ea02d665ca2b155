package slack

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"
	"time"
)

// maxTriggers bounds the trigger ids that are remembered, used and expired
// ones included, so that each can be refused with its own reason.
const maxTriggers = 4096

// trigger is the right to open one modal for one person, for three seconds.
type trigger struct {
	person  string
	expires time.Time
	used    bool
}

// triggerStore is guarded by the workspace's lock.
type triggerStore struct {
	byID  map[string]*trigger
	order []string
}

func newTriggerStore() *triggerStore { return &triggerStore{byID: map[string]*trigger{}} }

// newTrigger hands out a trigger id. The caller holds the lock.
func (w *Workspace) newTrigger(person string) string {
	s := w.triggers
	w.serial++
	id := fmt.Sprintf("%d.%d.%s", time.Now().UnixMilli(), w.serial, randomHex(16))
	s.byID[id] = &trigger{person: person, expires: time.Now().Add(w.timing.trigger)}
	s.order = append(s.order, id)
	s.order = forgetOldest(s.byID, s.order, maxTriggers)
	return id
}

// exchange uses a trigger up and tells whose it was, or which of Slack's
// errors applies. The caller holds the lock.
func (s *triggerStore) exchange(id string) (person, slackError string) {
	t, ok := s.byID[id]
	switch {
	case !ok:
		return "", "invalid_trigger_id"
	case t.used:
		return "", "exchanged_trigger_id"
	case time.Now().After(t.expires):
		return "", "expired_trigger_id"
	}
	t.used = true
	return t.person, ""
}

// forgetOldest keeps a map of things that were added in the given order below
// its bound. It drops a quarter at a time, so that the cost of moving the rest
// is paid rarely.
func forgetOldest[T any](m map[string]T, order []string, bound int) []string {
	if len(order) <= bound {
		return order
	}
	n := bound / 4
	for _, key := range order[:n] {
		delete(m, key)
	}
	return slices.Clone(order[n:])
}

// randomHex returns n random bytes as hexadecimal digits.
func randomHex(n int) string {
	b := make([]byte, n)
	// crypto/rand.Read never returns an error on supported systems; it
	// ends the process instead.
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}
