package cause

import (
	"strings"

	"github.com/pwsync/pwsync/checks"
)

// source is who wrote an event, as far as it matters here.
type source uint8

const (
	foreign   source = iota // anything else in the Application log
	agent                   // the password hash synchronization agent
	engine                  // the synchronization engine
	writeback               // self-service password reset
)

// sourceOf recognizes the names that the product has used over the years.
func sourceOf(name string) source {
	switch lowerASCII(strings.TrimSpace(name)) {
	case "directory synchronization", "directory synchronization - password sync":
		return agent
	case "adsync", "fimsynchronizationservice":
		return engine
	case "passwordresetservice":
		return writeback
	default:
		return foreign
	}
}

// kind is one kind of event: its number, what it means, how its text is read,
// and by which beginnings the text is known where nobody says the number.
// Heads are lower case; "hash " is optional in a text, so they leave it out.
type kind struct {
	id    int
	cause string
	read  func(*checks.Event, text)
	heads []string
}

// agentEvents are the events of the agent, in the order of their numbers.
var agentEvents = []kind{
	// The numbers 0 and 115 say nothing by themselves; readAgent reads their text.
	{0, "", readPlain, nil},
	{115, "", readPlain, []string{"access to windows azure active directory has been denied", "access to azure active directory has been denied"}},
	{601, "channel-started", readForest, []string{"password synchronization manager has started for forest"}},
	{602, "channel-stopped", readPlain, []string{"password synchronization manager has shutdown"}},
	{603, "channel-crashed", readInner, []string{"password synchronization manager must shutdown"}},
	{604, "channel-task-failed", readInner, []string{"password synchronization task failed with a fatal error"}},
	{605, "retry-queued", readChanges, []string{"following password changes failed to synchroniz"}},
	{606, "retry-dequeued", readChanges, nil},
	{607, "channel-not-started", readInner, nil},
	{609, "channel-stopped", readPlain, []string{"password synchronization service has stopped"}},
	{610, "channel-stop-slow", readPlain, []string{"could not shutdown completely within prescribed time"}},
	{611, "domain-sync-failed", readCycle, []string{"password synchronization failed for domain"}},
	{612, "domain-sync-failed", readCycle, []string{"failed to initialize synchronization context for domain"}},
	{613, "first-full-sync-unfinished", readPause, []string{"password sync will not start until a full directory sync", "currently in staging mode. password synchronization will be paused"}},
	{614, "channel-restarted-running", readPlain, []string{"agent is restarted without stopping"}},
	{615, "channel-worker-crashed", readInner, nil},
	{616, "preferred-dc-failed", readInner, nil},
	{617, "full-sync-started", readForest, []string{"full password synchronization has started for forest"}},
	{618, "full-sync-domain-started", readDomain, []string{"full password synchronization has started for domain"}},
	{619, "full-sync-progress", readProgress, []string{"password synchronization is in progress for domain"}},
	{620, "filtered", readChanges, []string{"following password changes are filtered from synchronization"}},
	{621, "full-sync-failed", readInner, []string{"unable to read/reset full password sync settings"}},
	{622, "full-sync-domain-done", readDone, []string{"full password synchronization completed for domain"}},
	{623, "full-sync-done", readForest, []string{"full password synchronization completed for forest"}},
	{650, "upload-started", readBatch, []string{"provision credentials batch start"}},
	{651, "upload-ended", readBatch, []string{"provision credentials batch end"}},
	{652, "entra-upload-failed", readUpload, []string{"failed credential provisioning batch"}},
	{653, "heartbeat-started", readBatch, []string{"provision credentials ping start"}},
	{654, "heartbeat-ok", readBatch, []string{"provision credentials ping end"}},
	{655, "entra-upload-failed", readUpload, []string{"failed credential provisioning ping"}},
	{656, "upload-requested", readChanges, []string{"password change request - anchor"}},
	{657, "upload-result", readChanges, []string{"password change result - anchor"}},
	{658, "domain-services-upload", readPlain, nil},
	{659, "password-policy-sync", readPlain, nil},
	{660, "self-heal-started", readPlain, []string{"server reported that password synchronization is disabled"}},
	{661, "self-heal-ended", readPlain, []string{"attempt to enable password synchronization for"}},
	{662, "health-task-failed", readInner, []string{"health task failed during ping"}},
	{663, "channel-alive", readPlain, []string{"password synchronization manager is alive"}},
	{664, "single-push-failed", readInner, []string{"single object password synchronization has failed for the object with dn"}},
	{665, "state-not-stored", readInner, []string{"unable to store password synchronization cycle state"}},
	{666, "database-deadlock", readInner, []string{"encountered a sql deadlock issue for domain"}},
	{667, "fips-blocks-md5", readInner, []string{"agent failed to create a key for decryption"}},
	{668, "pwdlastset-only", readPlain, nil},
	{904, "scheduler-activity", readPlain, nil},
	{1011, "application-certificate-due", readPlain, nil},
	{1012, "application-certificate-expired", readPlain, nil},
	{1014, "no-tpm", readPlain, nil},
}

// engineEvents are the events of the synchronization engine that bear on
// passwords or on the runs they depend on.
var engineEvents = []kind{
	{6000, "engine-credentials-invalid", readPlain, nil},
	{6001, "engine-connection-failed", readPlain, nil},
	{6050, "engine-run-failed", readPlain, nil},
	{6100, "engine-run-errors", readPlain, nil},
	{6105, "engine-run-statistics", readPlain, nil},
	{6110, "engine-run-statistics", readPlain, nil},
	{6126, "engine-full-run-needed", readPlain, nil},
	{6127, "engine-full-run-needed", readPlain, nil},
	{6201, "engine-keys-missing", readPlain, nil},
	{6208, "engine-keys-missing", readPlain, nil},
	{6311, "engine-callback-failed", readInner, nil},
	{6329, "writeback-event", readPlain, nil},
	{6803, "engine-connector-error", readPlain, nil},
	{6900, "engine-notification-failed", readNotification, []string{"unexpected error while processing a password change notification"}},
	{6901, "writeback-event", readPlain, nil},
	{6931, "engine-connector-message", readPlain, nil},
	{6941, "engine-connector-message", readPlain, nil},
	{6943, "engine-agent-started", readPlain, []string{"password sync started for management agent"}},
	{6944, "engine-agent-not-started", readPlain, []string{"password sync was not successfully started for management agent"}},
	{6948, "single-push-failed", readInner, []string{"single object password synchronization for the object with dn"}},
}

func kindOf(table []kind, id int) (kind, bool) {
	for _, k := range table {
		if k.id == id {
			return k, true
		}
	}
	return kind{}, false
}

// isDiagnosticsTrace tells the events that Microsoft's diagnostics write about
// their own run.
func isDiagnosticsTrace(id int) bool { return 2001 <= id && id <= 2212 }

// isWriteback tells the numbers of self-service password reset.
func isWriteback(id int) bool {
	return 31000 <= id && id <= 31999 || 33000 <= id && id <= 33999
}

// UsualSource returns the source that writes an event id, for texts that do not
// name one.
func UsualSource(id int) string {
	if _, ok := kindOf(engineEvents, id); ok {
		return "ADSync"
	}
	if isWriteback(id) {
		return "PasswordResetService"
	}
	return "Directory Synchronization"
}
