package bot

import (
	"slices"
	"strings"

	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/cause"
)

// newestProof is the newest event which shows that a connector wrote to
// Microsoft Entra: a heartbeat, a batch, or one person's success.
func newestProof(log checks.EventLog, connector string) (checks.Event, bool) {
	return log.Newest(func(e checks.Event) bool {
		return carries(e, connector) && (e.ID == heartbeatEvent || e.ID == 651 || e.ID == 657 && slices.ContainsFunc(e.Changes, func(c checks.PasswordChange) bool {
			return strings.EqualFold(c.Result, "Success")
		}))
	})
}

// heartbeatEvent is the id of the event that ends a heartbeat.
const heartbeatEvent = 654

func newestHeartbeat(log checks.EventLog, connector string) (checks.Event, bool) {
	return log.Newest(func(e checks.Event) bool { return e.ID == heartbeatEvent && carries(e, connector) })
}

func carries(e checks.Event, connector string) bool {
	return slices.ContainsFunc(e.Connectors, func(id string) bool { return strings.EqualFold(id, connector) })
}

// faulty reports whether an event was understood as a fault.
func faulty(e checks.Event) bool {
	c, ok := cause.Lookup(e.Cause)
	return ok && c.Fault
}
