package checks

import (
	"slices"
	"time"
)

// Writing to Entra is proved per connector by events that carry its GUID: the
// end of a heartbeat (654), the end of a batch (651) or a user's Success (657).
// A later failed batch (652) or heartbeat (655) takes the proof back. Failures
// often carry no forest information; they then concern every connector.

// upload is what the event log says about one connector's way to Entra.
type upload struct {
	proof    Event
	proved   bool
	failure  Event
	failed   bool
	coverage time.Time
}

func uploadOf(log EventLog, connector string) upload {
	u := upload{coverage: log.CoversFrom()}
	u.proof, u.proved = log.Newest(func(e Event) bool { return provesWriting(e) && carries(e, connector) })
	u.failure, u.failed = log.Newest(func(e Event) bool {
		return failsWriting(e) && (len(e.Connectors) == 0 || carries(e, connector)) && (!u.proved || e.Time.After(u.proof.Time))
	})
	return u
}

func provesWriting(e Event) bool {
	switch e.Cause {
	case "heartbeat-ok", "upload-ended":
		return true
	case "upload-result":
		return slices.ContainsFunc(e.Changes, func(c PasswordChange) bool { return equalFold(c.Result, "Success") })
	}
	return false
}

func failsWriting(e Event) bool {
	return e.ID == 652 || e.ID == 655
}

func carries(e Event, connector string) bool {
	return slices.ContainsFunc(e.Connectors, func(id string) bool { return equalFold(id, connector) })
}

// stage is how far an upload came before it failed. What lies before the stage
// was passed; what lies behind it was not tried.
type stage int

const (
	stageAny stage = iota
	stageReach
	stageSignIn
	stageRole
	stageDirSync
	stageFeature
	stageWork
)

// stages says how far the causes of 652 and 655 came. A cause that is not listed
// could have happened anywhere.
var stages = map[string]stage{
	"entra-endpoint-unreachable": stageReach, "entra-tls-failed": stageReach, "entra-realm-discovery-failed": stageReach,
	"entra-credential-rejected": stageSignIn, "entra-account-disabled": stageSignIn, "entra-conditional-access": stageSignIn, "entra-tenant-not-found": stageSignIn,
	"entra-token-rejected": stageSignIn, "entra-sign-in-failed": stageSignIn,
	"entra-access-denied":      stageRole,
	"entra-directory-sync-off": stageDirSync,
	"entra-phs-not-activated":  stageFeature,
	"entra-busy":               stageWork, "entra-windows-credentials-invalid": stageWork, "entra-force-change-failed": stageWork, "entra-cloud-only-user": stageWork,
}

// uploadFailure judges one stage for the whole server: it fails where the newest
// outcome of every connector that synchronizes passwords is a failure and the
// newest of them stopped at this stage. A failure of some connectors only is
// theirs, and shows in their heartbeat.
func uploadFailure(v View, at stage) Finding {
	if v.standby() {
		return notApplicable()
	}
	log, ok := v.Server.Uploads.Get()
	if !ok {
		return lacks("the upload events", v.Server.Uploads)
	}
	sched, ok := v.Server.Scheduler.Get()
	switch {
	case !ok:
		return lacks("the staging mode", v.Server.Scheduler)
	case sched.StagingMode:
		return unknown("in staging mode nothing is sent to Entra, so whether sending would fail is not known")
	}
	all, ok := v.Server.Connectors.Get()
	if !ok {
		return lacks("the connectors", v.Server.Connectors)
	}
	var newest Event
	var failing, working int
	var unsure Finding
	for _, c := range all {
		if !c.IsAD() {
			continue
		}
		u := uploadOf(log, c.ID)
		ch, known := c.Channel.Get()
		switch {
		case u.failed:
			failing++
			if u.failure.Time.After(newest.Time) {
				newest = u.failure
			}
		case u.proved && v.Facts.At.Sub(u.proof.Time) <= time.Duration(v.Facts.Thresholds.HeartbeatWarn):
			working++
		case known && (!ch.Configured || !ch.Enabled):
			// Nothing is sent for it, so nothing can fail.
		case !known:
			unsure = lacks("whether password hash synchronization is on for "+c.Name, c.Channel)
		default:
			// It has been silent for long, which its own heartbeat tells; it does not
			// speak for the way to Entra.
		}
	}
	switch {
	case working > 0:
		return coveredPass(v, log)
	case unsure.Evidence != nil:
		return unsure
	case failing == 0:
		return coveredPass(v, log)
	}
	switch reached, known := stages[newest.Cause]; {
	case at == stageAny, known && reached == at:
		return failedUpload(v, newest)
	case !known:
		return unknown("the newest failed upload is not understood, so how far it came is not known")
	case reached > at:
		return pass("the newest failed upload came further")
	default:
		return unknown("the newest failed upload did not come so far: " + newest.Cause)
	}
}

func coveredPass(v View, log EventLog) Finding {
	from := log.CoversFrom()
	if v.Facts.At.Sub(from) < time.Duration(v.Facts.Thresholds.HeartbeatWarn) {
		return unknown("the event log reaches back only to " + Stamp(from) + ", too short to prove that no upload failed")
	}
	return pass("the newest uploads did not fail that way")
}

func failedUpload(v View, e Event) Finding {
	line := said("event %d at %s", e.ID, StampAge(v.Facts.At, e.Time))
	if e.Code != "" {
		line += ", " + e.Code
	}
	if e.Detail != "" {
		line += ": " + e.Detail
	}
	return fail(line)
}
