package estate

import (
	"slices"
	"time"
)

// passwords is what the agent does for one forest.
func (h *nodeHistory) passwords(e *Estate, c *conditions, n *nodeCondition, f *Forest, t time.Time, resuming bool) {
	fc := c.forest(f)
	if !h.channel(n, fc, f, t) {
		return
	}
	var batch []job
	for i, d := range f.Domains {
		at := t
		if !resuming {
			at = t.Add(time.Duration(i) * 350 * time.Millisecond)
		}
		if h.cycle(c, n, fc, d, at) {
			batch = append(batch, h.collect(e, c, d, at)...)
		}
	}
	// Without the connector to Entra the agent reads and has nowhere to write.
	if fc.noHeartbeat || n.noEntra {
		if t.Sub(h.pinged[f.FQDN]) >= idleBefore {
			h.pinged[f.FQDN] = t
			h.write(662, t, textHealthTaskFailed())
		}
		return
	}
	h.deliver(n, f, batch, t)
	h.heartbeat(n, f, t, resuming)
}

// channel tells whether the agent works for a forest, and writes down where
// that changes.
func (h *nodeHistory) channel(n *nodeCondition, fc *forestCondition, f *Forest, t time.Time) bool {
	runs := !n.serviceStopped && !n.staging && !n.noAD && !n.firstFullSync && !fc.channelOff && !fc.channelStopped
	was, known := h.running[f.FQDN]
	h.running[f.FQDN] = runs
	switch {
	case runs && known && !was:
		h.write(601, t, textManagerStarted(f))
	case runs:
	case n.firstFullSync && t.Sub(h.pinged[f.FQDN]) >= retryAfter:
		h.pinged[f.FQDN] = t
		h.write(613, t, textFirstFullSync())
	case was && fc.channelStopped:
		h.write(615, t, textWorkerDied(f))
	case was && (n.serviceStopped || fc.channelOff):
		h.write(609, t, textServiceStopped(f))
	}
	return runs
}

// cycle reads the changes of one domain and reports whether that worked.
func (h *nodeHistory) cycle(c *conditions, n *nodeCondition, fc *forestCondition, d *Domain, t time.Time) bool {
	dc := c.domain(d)
	if dc.notSelected || dc.notFlagged || dc.stale {
		return false
	}
	state := h.cycles[d.FQDN]
	if state == nil {
		state = &Cycle{Status: "None"}
		h.cycles[d.FQDN] = state
	}
	text := failedCycle(n, fc, dc, d)
	if n.databaseFull {
		h.write(665, t, textStateNotStored(d))
		return text == ""
	}
	state.Started, state.Ended = t.Add(-270*time.Millisecond), t
	if text != "" {
		state.Status = "Failed"
		if n.fips {
			h.write(667, t, textFIPS())
		}
		h.write(611, t, text)
		return false
	}
	state.Status = "Successful"
	state.SuccessStart, state.SuccessEnd = state.Started, state.Ended
	return true
}

// job is one password change on its way.
type job struct {
	object *Object
	change change
	status string
}

// collect finds the changes of a domain that nobody dealt with yet.
func (h *nodeHistory) collect(e *Estate, c *conditions, d *Domain, t time.Time) []job {
	if t.Before(h.quiet[d.FQDN]) {
		return nil
	}
	var out []job
	next := t.Add(memory)
	for _, o := range e.byDomain[d.FQDN] {
		if arrives, ok := o.arrival(t); ok && arrives.Before(next) {
			next = arrives
		}
		ch, ok := o.latest(t, true)
		if !ok || !ch.at.After(h.since) || !ch.at.After(h.handled[o.GUID]) {
			continue
		}
		status := outcome(o, c.of(o), c, ch)
		if status == "" {
			h.handled[o.GUID] = ch.at
			continue
		}
		out = append(out, job{o, ch, status})
	}
	if len(out) == 0 {
		h.quiet[d.FQDN] = next
	}
	return out
}

// outcome is what the agent says about a change: the first station that is in
// the way. Empty means that the agent does not even see the object.
func outcome(o *Object, s situation, c *conditions, ch change) string {
	switch {
	case s.gone || o.classIn(s) != "user" || c.hidden(o, s):
		return ""
	case s.answer != "":
		return s.answer
	case ch.temporary && !c.tenant.temporaryPasswords:
		return "FilteredByTarget"
	case s.disabled || s.disconnector || s.filteredRule || s.cloudFiltered || s.notProvisioned || s.noOutboundRule || o.excludedByRule(s):
		return "NoTargetConnection"
	case s.notExported || s.exportError != "":
		return "TargetNotExportedToDirectory"
	}
	fc := c.forest(o.Domain.Forest)
	if fc.noInboundRule || fc.noOutboundRule {
		return "NoTargetConnection"
	}
	return "Success"
}

// deliver sends a batch, or says why it was not taken.
func (h *nodeHistory) deliver(n *nodeCondition, f *Forest, batch []job, t time.Time) {
	var sent, filtered []job
	for _, j := range batch {
		if j.status == "Success" || j.status == "Error" || j.status == "NoCodeReportedByTarget" {
			sent = append(sent, j)
		} else {
			filtered = append(filtered, j)
		}
	}
	for _, j := range filtered {
		h.settle(j, t)
	}
	if len(filtered) > 0 {
		h.write(620, t, textFiltered(filtered, f))
	}
	if len(sent) == 0 {
		return
	}
	track := h.tracking(f, t)
	h.write(650, t, textBatchStart(len(sent), track, f))
	h.write(656, t, textRequests(sent, f))
	h.sent[f.FQDN] = t
	if n.upload != uploadFine {
		h.write(652, t, textUploadFailed(652, n.upload, track, f))
		return
	}
	for _, j := range sent {
		h.settle(j, t)
	}
	h.write(657, t, textResults(sent, f))
	h.write(651, t, textBatchEnd(len(sent), track, f))
}

// retryAll lets the agent look again at every change that it could not send.
func (h *nodeHistory) retryAll() {
	clear(h.quiet)
	for id, entries := range h.logs {
		if len(entries) == 0 {
			continue
		}
		switch entries[len(entries)-1].Status {
		case "Success", "FilteredByTarget": // what was filtered is not looked at again
		default:
			delete(h.handled, id)
		}
	}
}

// settle writes a change into the password sync log of its object.
func (h *nodeHistory) settle(j job, t time.Time) {
	h.handled[j.object.GUID] = j.change.at
	entries := append(h.logs[j.object.GUID], LogEntry{Anchor: j.object.GUID.Anchor(), Status: j.status, At: t, Details: logDetails(j.status)})
	if len(entries) > maxLog {
		entries = slices.Delete(entries, 0, len(entries)-maxLog)
	}
	h.logs[j.object.GUID] = entries
}

// heartbeat sends one where nothing else was sent for a while.
func (h *nodeHistory) heartbeat(n *nodeCondition, f *Forest, t time.Time, resuming bool) {
	wait := idleBefore
	if n.upload != uploadFine {
		wait = retryAfter
	}
	last := h.sent[f.FQDN]
	if p := h.pinged[f.FQDN]; p.After(last) {
		last = p
	}
	// A beat that would fall beside the full half hour waits for one more cycle:
	// so all of them drift there, and what was sent last week does not matter for
	// when today's are.
	idle, full := t.Sub(last), t.Truncate(wait).Equal(t.Truncate(cycleEvery))
	if !resuming && (idle < wait || idle == wait && !full) {
		return
	}
	h.pinged[f.FQDN] = t
	track := h.tracking(f, t)
	h.write(653, t, textPingStart(track, f))
	if n.upload != uploadFine {
		h.write(655, t, textUploadFailed(655, n.upload, track, f))
		if n.upload == uploadFeatureOff {
			h.write(660, t, textSelfHealStart())
			h.write(661, t, textSelfHealEnd())
		}
		return
	}
	h.write(654, t, textPingEnd(track, f))
}

func (h *nodeHistory) tracking(f *Forest, t time.Time) string {
	return newGUID("tracking", h.node.Host+f.FQDN+t.Format(time.RFC3339Nano)).String()
}

// arrival is when the next change after t reaches the domain controller that
// the engine reads.
func (o *Object) arrival(t time.Time) (time.Time, bool) {
	var next time.Time
	for i, list := range [][]change{o.changes, o.extra} {
		for _, c := range list {
			if i == 0 && o.undone(c) {
				continue
			}
			if c.visible.After(t) && (next.IsZero() || c.visible.Before(next)) {
				next = c.visible
			}
		}
	}
	return next, !next.IsZero()
}

// latest returns the newest change at or before t; seen limits it to those that
// the engine's domain controller has by then.
func (o *Object) latest(t time.Time, seen bool) (change, bool) {
	var best change
	var found bool
	for n, list := range [][]change{o.changes, o.extra} {
		for i := len(list) - 1; i >= 0; i-- {
			c := list[i]
			if n == 0 && o.undone(c) || c.at.After(t) || seen && (c.visible.IsZero() || c.visible.After(t)) {
				continue
			}
			if !found || c.at.After(best.at) {
				best, found = c, true
			}
			break
		}
	}
	return best, found
}
