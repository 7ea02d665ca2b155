package estate

import (
	"slices"
	"time"
)

// nextSync is the start of the first scheduler cycle after t.
func nextSync(t time.Time) time.Time {
	next := t.Add(-syncShift).Truncate(syncEvery).Add(syncShift)
	for !next.After(t) {
		next = next.Add(syncEvery)
	}
	return next
}

// certificateEvents says once a day that the application's certificate ends.
func (h *nodeHistory) certificateEvents(n *nodeCondition, t time.Time) {
	left := n.certificateEnds.Sub(t)
	if n.serviceAccount || n.serviceStopped || left > certificateNotice || t.Sub(h.warned) < 24*time.Hour {
		return
	}
	h.warned = t
	if left <= 0 {
		h.write(1012, t, textCertificateExpired(n.certificateEnds))
		return
	}
	h.write(1011, t, textCertificateDue(n.certificateEnds))
}

// syncCycle is the scheduler's work every half hour; a run of it takes took.
func (h *nodeHistory) syncCycle(e *Estate, c *conditions, n *nodeCondition, t time.Time, took time.Duration) {
	h.write(904, t, textScheduler("started"))
	at := t
	run := func(connector, profile, result string) {
		h.runs = append(h.runs, Run{connector, profile, result, at, at.Add(took)})
		at = at.Add(took)
	}
	for _, f := range e.forests {
		if n.noAD {
			break
		}
		result := "success"
		switch {
		case c.forest(f).account != accountFine:
			result = "no-start-credentials"
		case c.domain(f.Root()).ldapDown:
			result = "no-start-connection"
		}
		run(f.FQDN, "Delta Import", result)
		h.runEvent(at, f.FQDN, result)
		run(f.FQDN, "Delta Synchronization", "success")
	}
	if !n.noEntra {
		result := h.entraRuns(e, c, n, run)
		h.runEvent(at, EntraConnectorName, result)
	}
	h.write(904, at, textScheduler("finished"))
}

// runEvent is what the engine itself writes about a run that did not go well.
func (h *nodeHistory) runEvent(t time.Time, connector, result string) {
	switch result {
	case "no-start-credentials":
		h.writeFrom(SourceEngine, 6000, t, textRunCredentials(connector))
	case "no-start-connection":
		h.writeFrom(SourceEngine, 6001, t, textRunConnection(connector))
	case "completed-export-errors":
		h.writeFrom(SourceEngine, 6100, t, textRunErrors(connector))
	case "stopped-extension-dll-exception", "stopped-deletion-threshold-exceeded":
		h.writeFrom(SourceEngine, 6050, t, textRunFailed(connector, result))
	}
}

// entraRuns are the runs of the Entra connector; the worst result is returned.
func (h *nodeHistory) entraRuns(e *Estate, c *conditions, n *nodeCondition, run func(connector, profile, result string)) string {
	result := "success"
	switch n.upload {
	case uploadFine, uploadFeatureOff, uploadBusy:
	case uploadPassword, uploadCertificate, uploadConditional:
		result = "no-start-credentials"
	default:
		result = "stopped-extension-dll-exception"
	}
	run(EntraConnectorName, "Delta Import", result)
	run(EntraConnectorName, "Delta Synchronization", "success")
	if n.staging {
		return result
	}
	// The count of deletions is looked at before the tenant gets a say.
	if n.deletionStop && (result == "success" || n.upload == uploadDirSyncOff) {
		result = "stopped-deletion-threshold-exceeded"
	}
	// A person whose export fails does not stop the others.
	if result == "success" && slices.ContainsFunc(e.objects, func(o *Object) bool { return c.of(o).exportError != "" }) {
		result = "completed-export-errors"
	}
	run(EntraConnectorName, "Export", result)
	return result
}
