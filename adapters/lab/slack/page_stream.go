package slack

import (
	"fmt"
	"net/http"
	"time"
)

// stream tells a browser, by server-sent events, that something changed. It
// says no more than that: what changed for this person is in the fragments.
// The stream ends with the request, with the workspace, or after an hour, and
// the browser opens a new one.
func (p *webPage) stream(w http.ResponseWriter, r *http.Request) {
	select {
	case p.streams <- struct{}{}:
		defer func() { <-p.streams }()
	default:
		secure(w.Header())
		http.Error(w, "Too many pages are open.", http.StatusServiceUnavailable)
		return
	}
	changed, done := p.ws.Subscribe()
	defer done()

	secure(w.Header())
	w.Header().Set("Content-Type", "text/event-stream")
	out := &eventWriter{w: w, control: http.NewResponseController(w), limit: p.heartbeat}
	// The first event makes up for whatever happened while nobody listened.
	if out.send("retry: 1000\nevent: change\ndata: hello\n\n") != nil {
		return
	}
	heartbeat := time.NewTicker(p.heartbeat)
	defer heartbeat.Stop()
	end := time.NewTimer(p.longest)
	defer end.Stop()
	for {
		var err error
		select {
		case <-r.Context().Done():
			return
		case <-end.C:
			return
		case <-heartbeat.C:
			err = out.send(": still here\n\n")
		case _, open := <-changed:
			if !open {
				return
			}
			err = out.send("event: change\ndata: look\n\n")
		}
		if err != nil {
			return
		}
	}
}

// eventWriter writes events, each with its own deadline, so that a browser
// that stopped reading does not keep a goroutine.
type eventWriter struct {
	w       http.ResponseWriter
	control *http.ResponseController
	limit   time.Duration
}

func (e *eventWriter) send(event string) error {
	// Not every writer has deadlines; those in tests do not.
	_ = e.control.SetWriteDeadline(time.Now().Add(e.limit))
	if _, err := e.w.Write([]byte(event)); err != nil {
		return fmt.Errorf("write event: %w", err)
	}
	if err := e.control.Flush(); err != nil {
		return fmt.Errorf("flush event: %w", err)
	}
	return nil
}
