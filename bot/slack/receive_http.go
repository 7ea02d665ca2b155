package slack

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Bounds of what a request to the HTTP receiver may be.
const (
	maxBody   = 256 << 10
	maxFields = 64
	// maxChallenge is far more than Slack's handshake sends.
	maxChallenge = 1024
	// bodyTime is how long a body may take to arrive. Slack gives up after
	// three seconds anyway.
	bodyTime = 3 * time.Second
)

// The paths of the HTTP receiver.
const (
	commandsPath      = "/slack/commands"
	interactivityPath = "/slack/interactivity"
	eventsPath        = "/slack/events"
)

// Handler serves Slack's signed requests: commands, interactivity and events,
// each under /slack/. It acknowledges with an empty 200 before any work
// starts. What is not provably Slack's gets an empty 401, and nothing of it is
// parsed or logged. A request that was delivered before is acknowledged and
// not acted upon again.
func (e *Edge) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc(commandsPath, e.signed("application/x-www-form-urlencoded", e.serveCommand))
	mux.HandleFunc(interactivityPath, e.signed("application/x-www-form-urlencoded", e.serveInteraction))
	mux.HandleFunc(eventsPath, e.signed("application/json", e.serveEvent))
	return mux
}

// genuine is a request whose signature was good.
type genuine struct {
	body []byte
	at   time.Time
	// again says that the same signature was seen before.
	again bool
}

// signed admits Slack's own requests of one content type only.
func (e *Edge) signed(contentType string, serve func(http.ResponseWriter, genuine)) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			rw.Header().Set("Allow", http.MethodPost)
			rw.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		if err := checkHeaders(r.Header); err != nil {
			e.refuse(rw, err)
			return
		}
		body, status := readBody(rw, r)
		if status != 0 {
			rw.WriteHeader(status)
			return
		}
		if err := checkSignature(r.Header, e.cfg.SigningSecret, body); err != nil {
			e.refuse(rw, err)
			return
		}
		if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != contentType {
			rw.WriteHeader(http.StatusUnsupportedMediaType)
			return
		}
		now := time.Now()
		again := !e.replays.claim(r.Header.Get(signatureHeader), now)
		serve(rw, genuine{body: body, at: now, again: again})
	}
}

// refuse answers what is not Slack's. The reason names what was wrong with
// the form, never what was sent.
func (e *Edge) refuse(rw http.ResponseWriter, reason error) {
	e.rejected.Add(1)
	e.refusals.Warn().Str("reason", reason.Error()).Msg("request refused")
	rw.WriteHeader(http.StatusUnauthorized)
}

// readBody reads a bounded body in a bounded time.
func readBody(rw http.ResponseWriter, r *http.Request) (body []byte, status int) {
	if r.ContentLength > maxBody {
		return nil, http.StatusRequestEntityTooLarge
	}
	// Where the deadline cannot be set, the server's own has to do.
	_ = http.NewResponseController(rw).SetReadDeadline(time.Now().Add(bodyTime))
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxBody))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return nil, http.StatusRequestEntityTooLarge
	}
	if err != nil {
		return nil, http.StatusBadRequest
	}
	return body, 0
}

// readForm reads a form in which every field stands once, so that nobody can
// show one value to us and another to somebody before us.
func readForm(body []byte) (url.Values, error) {
	if strings.Count(string(body), "&") >= maxFields {
		return nil, errors.New("too many fields")
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, errors.New("malformed form")
	}
	for _, values := range form {
		if len(values) != 1 {
			return nil, errors.New("a field stands more than once")
		}
	}
	return form, nil
}

func (e *Edge) serveCommand(rw http.ResponseWriter, g genuine) {
	form, err := readForm(g.body)
	if err != nil {
		e.malformed(rw, err)
		return
	}
	if form.Get("ssl_check") == "1" {
		rw.WriteHeader(http.StatusOK)
		return
	}
	a, err := commandFields(form).arrival(g.at)
	e.acknowledge(rw, g, a, err)
}

func (e *Edge) serveInteraction(rw http.ResponseWriter, g genuine) {
	form, err := readForm(g.body)
	if err != nil {
		e.malformed(rw, err)
		return
	}
	if form.Get("ssl_check") == "1" {
		rw.WriteHeader(http.StatusOK)
		return
	}
	a, err := readInteraction([]byte(form.Get("payload")), g.at)
	e.acknowledge(rw, g, a, err)
}

func (e *Edge) serveEvent(rw http.ResponseWriter, g genuine) {
	if !json.Valid(g.body) {
		e.malformed(rw, errors.New("malformed event"))
		return
	}
	p, a, err := readEvent(g.body, g.at)
	if err == nil && p.Type == "url_verification" && len(p.Challenge) <= maxChallenge {
		rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
		rw.Header().Set("X-Content-Type-Options", "nosniff")
		// A peer that is gone cannot be told so.
		_, _ = io.WriteString(rw, p.Challenge)
		return
	}
	e.acknowledge(rw, g, a, err)
}

// malformed answers a signed request that no Slack would send.
func (e *Edge) malformed(rw http.ResponseWriter, reason error) {
	e.rejected.Add(1)
	e.refusals.Warn().Str("reason", reason.Error()).Msg("request refused")
	rw.WriteHeader(http.StatusBadRequest)
}

// acknowledge answers, and hands the arrival over. A signed payload that
// cannot be read is acknowledged too: to have it delivered again mends
// nothing.
func (e *Edge) acknowledge(rw http.ResponseWriter, g genuine, a arrival, err error) {
	switch {
	case err != nil:
		e.log.Warn().Err(err).Msg("payload not understood")
	case !e.started.Load():
		rw.WriteHeader(http.StatusServiceUnavailable)
		return
	case !e.ours(a):
		e.refuse(rw, errNotOurs)
		return
	case g.again:
		e.log.Debug().Str("kind", string(a.kind)).Msg("delivered before")
	case !e.accept(a):
		rw.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	rw.WriteHeader(http.StatusOK)
}
