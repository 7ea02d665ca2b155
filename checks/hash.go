package checks

import (
	"strings"
	"time"
)

// syncStatus is a status of the password sync log in one spelling.
type syncStatus string

// The statuses: ten documented ones and one more that real servers write.
const (
	statusSuccess     syncStatus = "success"
	statusFiltered    syncStatus = "filteredbytarget"
	statusNoTarget    syncStatus = "notargetconnection"
	statusNoSource    syncStatus = "sourceconnectornotpresent"
	statusNotExported syncStatus = "targetnotexportedtodirectory"
	statusMissing     syncStatus = "missingattribute"
	statusRetry       syncStatus = "retryrequestedbytarget"
	statusError       syncStatus = "error"
	statusUnknown     syncStatus = "unknown"
	statusNoCode      syncStatus = "nocodereportedbytarget"
	statusMigrated    syncStatus = "migratedcheckdetailsformoreinfo"
	historyKept                  = 7 * 24 * time.Hour
	sameMoment                   = 2 * time.Second
	retryPatience                = time.Hour
)

func status(e LogEntry) syncStatus {
	return syncStatus(strings.ToLower(strings.Join(strings.Fields(e.Status), "")))
}

// hash is what AD and the log together say about the newest password.
type hash struct {
	// moment is when the password was set; it is zero where AD does not say.
	moment time.Time
	// newest is the newest entry of the log, any says that there is one, and
	// about that there is one and it is about the newest password rather than an
	// earlier one.
	newest     LogEntry
	any, about bool
	state      syncStatus
	// earlier is the newest Success of the log that is older than the password.
	earlier    LogEntry
	hasEarlier bool
	age        time.Duration
}

// judgeHash runs a rule that needs both what AD and what the log says. Without
// the time at which the password was set, no entry can be told to be about it.
func judgeHash(v View, judge func(hash) Finding) Finding {
	u, ok := v.User().AD.Get()
	if !ok {
		return lacks("when the password was set", v.User().AD)
	}
	log, ok := v.User().Log.Get()
	if !ok {
		return lacks("the password sync log", v.User().Log)
	}
	h := readHash(v.Facts.At, u, log)
	switch {
	case h.moment.IsZero():
		return unknown("Active Directory did not show when the password was set")
	case h.any && h.state == "":
		return unknown("the newest entry of the password sync log has no status")
	default:
		return judge(h)
	}
}

func readHash(at time.Time, u ADUser, log []LogEntry) hash {
	h := hash{moment: u.PasswordSet}
	if u.MustChange {
		h.moment = u.Changed
	}
	if !h.moment.IsZero() {
		h.age = at.Sub(h.moment)
	}
	if len(log) > 0 {
		h.newest, h.any = log[0], true
		h.state = status(log[0])
		h.about = !h.moment.IsZero() && !log[0].At.Before(h.moment.Add(-sameMoment))
	}
	for _, e := range log {
		if status(e) == statusSuccess && !h.moment.IsZero() && e.At.Before(h.moment.Add(-sameMoment)) {
			h.earlier, h.hasEarlier = e, true
			break
		}
	}
	return h
}

// synced reports whether the log proves that the newest password arrived.
func (h hash) synced() bool { return h.about && h.state == statusSuccess }

// failed reports whether the newest attempt at this password failed for a
// reason that lies in the attempt itself.
func (h hash) failed() bool {
	if !h.about {
		return false
	}
	switch h.state {
	case statusError, statusUnknown, statusNoCode:
		return true
	case statusSuccess, statusFiltered, statusNoTarget, statusNoSource, statusNotExported, statusMissing, statusRetry, statusMigrated:
		return false
	default:
		return true
	}
}

// pending reports whether the newest attempt at this password ended in a way
// that the next cycles may mend.
func (h hash) pending() bool {
	if !h.about {
		return false
	}
	switch h.state {
	case statusNoTarget, statusNoSource, statusNotExported, statusFiltered:
		return true
	default:
		return false
	}
}

// meanings words the statuses that stand for a failure.
var meanings = map[syncStatus]string{
	statusFiltered:    "the password was marked as temporary then",
	statusNoTarget:    "the account had no object in the Entra connector space then, or no password rule applied",
	statusNoSource:    "the account was not in the AD connector space then",
	statusNotExported: "the account had not been exported to Microsoft Entra then",
	statusRetry:       "Microsoft Entra was not ready for it and asked for a retry",
	statusError:       "Microsoft Entra answered with an error",
	statusUnknown:     "the engine failed while it worked on the batch",
	statusNoCode:      "Microsoft Entra answered without a code",
}

func meaning(s syncStatus) string {
	if m := meanings[s]; m != "" {
		return ": " + m
	}
	return ""
}
