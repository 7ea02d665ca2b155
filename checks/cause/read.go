package cause

import (
	"time"

	"github.com/pwsync/pwsync/checks"
)

// Raw is one record of the Application log before reading.
type Raw struct {
	// ID is the event id; an InstanceId, which carries more bits, serves too.
	ID int
	// Source is the provider's name.
	Source string
	// Time is when the record was written; the zero time where nobody knows.
	Time time.Time
	// Record is the event record number, 0 where unknown.
	Record int64
	// Text is the rendered message.
	Text string
}

// Read parses one event. An event of another program, or a text that is not
// understood, keeps its text in Detail and has no Cause. Read takes time linear
// in the length of the text and accepts any bytes.
func Read(r Raw) checks.Event {
	e := checks.Event{ID: r.ID, Source: r.Source, Time: r.Time, Record: r.Record}
	if !e.Time.IsZero() {
		e.Time = e.Time.UTC()
	}
	if e.ID > 0xFFFF {
		e.ID &= 0xFFFF
	}
	t := newText(r.Text)
	switch sourceOf(r.Source) {
	case agent:
		readAgent(&e, t)
	case engine:
		readKind(&e, t, engineEvents)
	case writeback:
		e.Cause = "writeback-event"
	case foreign:
	}
	if e.Detail == "" {
		e.Detail = clean(message(t).raw, detailRunes)
	}
	e.Transient = index()[e.Cause].Transient
	return e
}

func readAgent(e *checks.Event, t text) {
	if isDiagnosticsTrace(e.ID) {
		e.Cause = "diagnostics-tool-trace"
		readForestInfo(e, t)
		return
	}
	if pausedForStaging(t) {
		e.Cause = "channel-paused-staging"
		readForestInfo(e, t)
		return
	}
	readKind(e, t, agentEvents)
	switch e.ID {
	case 0:
		readLegacy(e, t)
	case 115:
		readByText(e, t)
	}
}

func readKind(e *checks.Event, t text, table []kind) {
	k, ok := kindOf(table, e.ID)
	if !ok {
		readForestInfo(e, t)
		return
	}
	e.Cause = k.cause
	readForestInfo(e, t)
	k.read(e, t)
}

// pausedForStaging tells the pause that a staging server announces; which
// number it comes under differs between builds.
func pausedForStaging(t text) bool {
	return t.has("currently in staging mode", "will be paused")
}

func readPlain(*checks.Event, text) {}

// readForest reads "… for forest: contoso.com.".
func readForest(e *checks.Event, t text) {
	if rest, ok := t.after("for forest"); ok && e.Forest == "" {
		e.Forest = name(rest.trimLeft(":").until(" ,;\t\r\n<"))
	}
}

// readDomain reads "… for domain: contoso.com, DC Host Name: …" and the
// controller named behind it.
func readDomain(e *checks.Event, t text) {
	rest, ok := t.after("domain:")
	if !ok {
		return
	}
	e.Domain = name(rest.upTo(512).trimLeft("").until(" ,;\t\r\n<"))
	readController(e, t)
}

// readController finds the domain controller: the head of the event names it,
// or says <not available> and leaves it to the details. The last one named is
// the one that the innermost exception met.
func readController(e *checks.Event, t text) {
	for _, label := range []string{"domain controller hostname:", "dc host name:"} {
		if host := lastNamed(t, label); host != "" {
			e.DC = host
		}
	}
	for _, label := range []string{"domain controller ip address:", "dc ip address:"} {
		if addr := lastNamed(t, label); addr != "" {
			e.DCAddress = addr
		}
	}
}

// lastNamed returns the last real name behind a label.
func lastNamed(t text, label string) string {
	for {
		rest, ok := t.afterLast(label)
		if !ok {
			return ""
		}
		if n := name(rest.upTo(512).trimLeft("").until(" ,;\t\r\n<")); n != "" {
			return n
		}
		t = t.slice(0, len(t.low)-len(rest.low)-len(label))
	}
}

// readCycle reads 611 and 612: the domain, the controller and why.
func readCycle(e *checks.Event, t text) {
	readDomain(e, t)
	r := classify(details(t), sideOf(t))
	e.Code, e.Detail = r.code, r.String()
	if r.cause != "" {
		e.Cause = r.cause
	}
}

// details returns what stands behind "Details:", or the whole text.
func details(t text) text {
	if rest, ok := t.after("details:"); ok {
		return rest
	}
	return t
}

// sideOf tells which peer the exceptions of a directory event are about: a cycle
// also fails because of the road to the cloud.
func sideOf(t text) side {
	if speaksProvisioning(t) || t.has("system.servicemodel.") {
		return cloud
	}
	return directory
}

// readUpload reads 652 and 655.
func readUpload(e *checks.Event, t text) {
	readTracking(e, t)
	body := t
	if rest, ok := t.after("error:"); ok {
		body = rest
	}
	r := classify(body, cloud)
	e.Code, e.Detail = r.code, r.String()
	if c := index()[r.cause]; c.Group == GroupUpload {
		e.Cause = r.cause
	}
}

// readInner keeps the meaning of the event's number and adds what the exception
// inside it says.
func readInner(e *checks.Event, t text) {
	readDomain(e, t)
	readForest(e, t)
	r := classify(details(t), sideOf(t))
	if r.cause != "" {
		e.Code, e.Detail = r.code, r.String()
	}
}

// readBatch reads the number of people and the tracking id of an upload or a
// heartbeat.
func readBatch(e *checks.Event, t text) {
	if n, ok := t.numberAfter("count:"); ok {
		e.Count = int(n)
	}
	readTracking(e, t)
}

func readTracking(e *checks.Event, t text) {
	for _, label := range []string{"trackingid", "tracking id"} {
		if rest, ok := t.after(label); ok {
			if id := guid(rest.upTo(64).trimLeft(":").until(" ,;.\t\r\n<").raw); id != "" {
				e.TrackingID = id
				return
			}
		}
	}
}

// readProgress reads how far a full synchronization is.
func readProgress(e *checks.Event, t text) {
	readDomain(e, t)
	e.MaxUSN, _ = t.numberAfter("max usn")
	e.USN, _ = t.numberAfter("current sync state usn")
}

// readDone reads the counts at the end of a full synchronization; old builds
// give none.
func readDone(e *checks.Event, t text) {
	readDomain(e, t)
	for _, f := range []struct {
		label string
		into  *int
	}{
		{"objects count:", &e.Count}, {"retry objects count:", &e.Retry}, {"filtered objects:", &e.Filtered},
	} {
		if n, ok := t.numberAfter(f.label); ok {
			*f.into = int(n)
		}
	}
}

// readPause reads 613, whose staging form is told apart before.
func readPause(e *checks.Event, t text) { readForest(e, t) }

// readLegacy reads id 0, which early builds used for everything.
func readLegacy(e *checks.Event, t text) {
	if t.has("scheduled for retry") || t.has("password changes failed to synchroniz") {
		e.Cause = "retry-queued"
		readChanges(e, t)
		return
	}
	readByText(e, t)
}

// readByText reads an event whose number says too little: first as the event
// that its text belongs to, then as an exception of the road to the cloud.
func readByText(e *checks.Event, t text) {
	if k, _, ok := kindByHead(t); ok && k.id != e.ID && k.id != 115 {
		e.Cause = k.cause
		k.read(e, t)
		return
	}
	if t.has("active directory has been denied") {
		e.Cause = "entra-access-denied"
		return
	}
	r := classify(t, cloud)
	e.Cause, e.Code, e.Detail = r.cause, r.code, r.String()
}

// readNotification reads 6900, which quotes the text of the agent.
func readNotification(e *checks.Event, t text) {
	body := t
	if rest, ok := t.after("notification:"); ok {
		body = rest
	}
	from := cloud
	if body.has("drs") || body.has("rpc error") || body.has("ldap") || body.has("directoryservices") {
		from = sideOf(body)
	}
	r := classify(body, from)
	e.Code, e.Detail = r.code, r.String()
	if r.cause != "" {
		e.Cause = r.cause
	}
}
