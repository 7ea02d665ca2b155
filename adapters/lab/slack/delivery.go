package slack

import (
	"context"
	"encoding/json"
	"errors"
	"sync/atomic"
	"time"
)

// Kinds of what is delivered to the app, by their names in Socket Mode.
const (
	kindSlash       = "slash_commands"
	kindInteractive = "interactive"
	kindEvent       = "events_api"
)

// parcel is one payload on its way to the app.
type parcel struct {
	kind    string
	payload object
	// accepts tells whether the acknowledgement may carry a payload.
	accepts bool
}

// Why a delivery was not acknowledged.
var (
	errNobody  = errors.New("nobody is connected")
	errTimeout = errors.New("not acknowledged in time")
	errLost    = errors.New("connection lost before the acknowledgement")
)

// carrier brings a parcel to the app once and returns what the
// acknowledgement carried.
type carrier interface {
	carry(ctx context.Context, p parcel, attempt int, reason string) (json.RawMessage, error)
	// ready returns when a parcel can be carried, or the context ends.
	ready(ctx context.Context) error
}

// Bounds on what waits for the app at one time.
const (
	maxWaitingEvents   = 256
	maxWaitingCommands = 256
	maxRedeliveries    = 3
)

// delivery brings payloads to the app: by Socket Mode, or by signed HTTP
// requests.
type delivery struct {
	w       *Workspace
	sockets *sockets
	carrier carrier
	events  atomic.Int64
	late    atomic.Int64
}

func newDelivery(w *Workspace) *delivery {
	d := &delivery{w: w, sockets: newSockets(w)}
	d.carrier = d.sockets
	if w.cfg.HTTP != nil {
		d.carrier = newPoster(w)
	}
	return d
}

// command delivers something that a person waits for: a slash command or an
// interaction. It returns after the acknowledgement, or after Slack's three
// seconds. What was lost with its connection is delivered again when the app
// is back, even when the person has long seen an error.
func (d *delivery) command(ctx context.Context, p parcel) (json.RawMessage, error) {
	type result struct {
		payload json.RawMessage
		err     error
	}
	first := make(chan result, 1)
	d.w.background.start(func() {
		payload, err := d.courier(p)
		first <- result{payload, err}
	})
	timer := time.NewTimer(d.w.timing.ack)
	defer timer.Stop()
	select {
	case r := <-first:
		return r.payload, r.err
	case <-timer.C:
		return nil, errTimeout
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-d.w.ctx.Done():
		return nil, errNobody
	}
}

// courier carries a parcel until it is acknowledged, times out on a living
// connection, or has been lost too often.
func (d *delivery) courier(p parcel) (json.RawMessage, error) {
	reason := ""
	for attempt := 0; ; attempt++ {
		payload, err := d.carrier.carry(d.w.ctx, p, attempt, reason)
		if !errors.Is(err, errLost) || attempt == maxRedeliveries {
			return payload, err
		}
		reason = "connection_closed"
		if !d.awaitReconnect() {
			return nil, errLost
		}
	}
}

// awaitReconnect waits until the app is reachable again, but not for long and
// not for too many parcels at once.
func (d *delivery) awaitReconnect() bool {
	defer d.late.Add(-1)
	if d.late.Add(1) > maxWaitingCommands {
		return false
	}
	ctx, cancel := context.WithTimeout(d.w.ctx, d.w.timing.redeliver)
	defer cancel()
	return d.carrier.ready(ctx) == nil
}

// event delivers an event and tells how its first delivery went. Without an
// acknowledgement it is delivered again, three times at most, on Slack's
// schedule and under new envelope ids.
func (d *delivery) event(ctx context.Context, p parcel) error {
	if d.events.Add(1) > maxWaitingEvents {
		d.events.Add(-1)
		d.w.cfg.Log.Warn().Int("waiting", maxWaitingEvents).Msg("event dropped: too many wait for the app")
		return errNobody
	}
	first := make(chan error, 1)
	d.w.background.start(func() {
		defer d.events.Add(-1)
		d.eventCourier(p, first)
	})
	select {
	case err := <-first:
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-d.w.ctx.Done():
		return errNobody
	}
}

func (d *delivery) eventCourier(p parcel, first chan<- error) {
	reason := ""
	for attempt := 0; ; attempt++ {
		_, err := d.carrier.carry(d.w.ctx, p, attempt, reason)
		if attempt == 0 {
			first <- err
		}
		if err == nil || attempt >= len(d.w.timing.eventRetries) {
			return
		}
		reason = "timeout"
		if errors.Is(err, errNobody) {
			reason = "connection_failed"
		}
		timer := time.NewTimer(d.w.timing.eventRetries[attempt])
		select {
		case <-timer.C:
		case <-d.w.ctx.Done():
			timer.Stop()
			return
		}
	}
}
