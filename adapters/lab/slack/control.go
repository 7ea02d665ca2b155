package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"time"
)

// The control API lets scripts, and the page, act as one of the people and
// look through their eyes. People and channels are named by id or by name.

// controlRoutes mounts the control API.
func (w *Workspace) controlRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST /lab/slash", w.controlSlash)
	mux.HandleFunc("POST /lab/click", w.controlClick)
	mux.HandleFunc("POST /lab/submit", w.controlSubmit)
	mux.HandleFunc("POST /lab/close", w.controlClose)
	mux.HandleFunc("POST /lab/home", w.controlOpenHome)
	mux.HandleFunc("POST /lab/shortcut", w.controlShortcut)
	mux.HandleFunc("GET /lab/messages", w.controlMessages)
	mux.HandleFunc("GET /lab/home", w.controlHome)
	mux.HandleFunc("GET /lab/views", w.controlViews)
	mux.HandleFunc("GET /lab/people", w.controlPeople)
	mux.HandleFunc("GET /lab/channels", w.controlChannels)
	mux.HandleFunc("GET /lab/users", w.controlUsers)
	mux.HandleFunc("GET /lab/faults", w.controlFaults)
	mux.HandleFunc("POST /lab/faults", w.controlSetFaults)
	mux.HandleFunc("GET /lab/clock", w.controlClock)
	mux.HandleFunc("POST /lab/clock", w.controlAdvance)
	mux.HandleFunc("/lab/", func(rw http.ResponseWriter, r *http.Request) {
		sentence(rw, http.StatusNotFound, r.Method+" "+r.URL.Path+" is not part of the control API.")
	})
}

// sentence answers with an error in words.
func sentence(rw http.ResponseWriter, status int, text string) {
	writeJSON(rw, status, object{"error": text})
}

// fail answers a request that could not be served: 400 when it was malformed.
func (w *Workspace) fail(rw http.ResponseWriter, err error) {
	var bad *RequestError
	if errors.As(err, &bad) {
		sentence(rw, http.StatusBadRequest, bad.Sentence)
		return
	}
	w.cfg.Log.Error().Err(err).Msg("control request")
	sentence(rw, http.StatusInternalServerError, "The lab could not do that. Its log says why.")
}

// decodeControl reads the JSON object of a control request. Its content type
// is not asked for, so that curl needs no header.
func decodeControl(r *http.Request, into any) error {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil || len(body) > maxBody {
		return malformed("The body could not be read, or is larger than %d bytes.", maxBody)
	}
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return malformed("%s", notTheBody(err))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return malformed("There is something after the JSON object in the body.")
	}
	return nil
}

// notTheBody says what is wrong with a body, in the words of whoever wrote it.
func notTheBody(err error) string {
	var kind *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.EOF):
		return "The body is empty; this needs a JSON object."
	case !errors.As(err, &kind):
		return "The body is not valid JSON."
	case kind.Field == "":
		return "The body is not a JSON object."
	}
	want := "an object"
	switch kind.Type.Kind() {
	case reflect.String:
		want = "a text"
	case reflect.Slice:
		want = "a list"
	case reflect.Bool:
		want = "true or false"
	default:
		// Everything else that a request holds is an object.
	}
	return fmt.Sprintf("The field %q of the body has to be %s.", strings.ToLower(kind.Field), want)
}

// act decodes a request, acts, and answers with the outcome.
func act[T any](w *Workspace, rw http.ResponseWriter, r *http.Request, do func(context.Context, T) (Outcome, error)) {
	var req T
	if err := decodeControl(r, &req); err != nil {
		w.fail(rw, err)
		return
	}
	out, err := do(r.Context(), req)
	if err != nil {
		w.fail(rw, err)
		return
	}
	writeJSON(rw, http.StatusOK, out)
}

func (w *Workspace) controlSlash(rw http.ResponseWriter, r *http.Request) {
	type request struct{ User, Channel, Command, Text string }
	act(w, rw, r, func(ctx context.Context, q request) (Outcome, error) {
		return w.Slash(ctx, q.User, q.Channel, q.Command, q.Text)
	})
}

func (w *Workspace) controlClick(rw http.ResponseWriter, r *http.Request) {
	act(w, rw, r, w.Click)
}

func (w *Workspace) controlSubmit(rw http.ResponseWriter, r *http.Request) {
	type request struct {
		User   string         `json:"user"`
		ViewID string         `json:"view_id"`
		Values map[string]any `json:"values"`
	}
	act(w, rw, r, func(ctx context.Context, q request) (Outcome, error) {
		return w.Submit(ctx, q.User, q.ViewID, q.Values)
	})
}

func (w *Workspace) controlClose(rw http.ResponseWriter, r *http.Request) {
	type request struct {
		User   string `json:"user"`
		ViewID string `json:"view_id"`
		All    bool   `json:"all"`
	}
	act(w, rw, r, func(ctx context.Context, q request) (Outcome, error) {
		return w.CloseView(ctx, q.User, q.ViewID, q.All)
	})
}

func (w *Workspace) controlOpenHome(rw http.ResponseWriter, r *http.Request) {
	type request struct{ User string }
	act(w, rw, r, func(ctx context.Context, q request) (Outcome, error) {
		return w.OpenHome(ctx, q.User)
	})
}

func (w *Workspace) controlShortcut(rw http.ResponseWriter, r *http.Request) {
	type request struct {
		User       string `json:"user"`
		CallbackID string `json:"callback_id"`
		Channel    string `json:"channel"`
		TS         string `json:"ts"`
	}
	act(w, rw, r, func(ctx context.Context, q request) (Outcome, error) {
		return w.UseShortcut(ctx, q.User, q.CallbackID, q.Channel, q.TS)
	})
}

// viewer is the person whose eyes a GET looks through.
func (w *Workspace) viewer(q url.Values) (Person, error) {
	as := q.Get("as")
	if as == "" {
		return Person{}, malformed("Say as whom to look: ?as=<person>.")
	}
	p, ok := w.findPerson(as)
	if !ok {
		return p, malformed("There is no person %q here.", as)
	}
	return p, nil
}

func (w *Workspace) controlMessages(rw http.ResponseWriter, r *http.Request) {
	p, err := w.viewer(r.URL.Query())
	if err != nil {
		w.fail(rw, err)
		return
	}
	_, ch, err := w.actor(p.ID, r.URL.Query().Get("channel"))
	if err != nil {
		w.fail(rw, err)
		return
	}
	writeJSON(rw, http.StatusOK, w.Messages(ch.ID, p.ID))
}

func (w *Workspace) controlHome(rw http.ResponseWriter, r *http.Request) {
	p, err := w.viewer(r.URL.Query())
	if err != nil {
		w.fail(rw, err)
		return
	}
	home, ok := w.shownHome(r.Context(), p)
	if !ok {
		home = OpenView{Type: "home", Blocks: []json.RawMessage{}}
	}
	writeJSON(rw, http.StatusOK, home)
}

func (w *Workspace) controlViews(rw http.ResponseWriter, r *http.Request) {
	p, err := w.viewer(r.URL.Query())
	if err != nil {
		w.fail(rw, err)
		return
	}
	writeJSON(rw, http.StatusOK, w.Views(p.ID))
}

func (w *Workspace) controlPeople(rw http.ResponseWriter, _ *http.Request) {
	people := w.People()
	for i := range people {
		people[i].Roles = nonNil(people[i].Roles)
	}
	writeJSON(rw, http.StatusOK, people)
}

func (w *Workspace) controlChannels(rw http.ResponseWriter, _ *http.Request) {
	type row struct {
		Channel
		Roles []string `json:"roles"`
	}
	rows := []row{}
	for _, ch := range w.Channels() {
		ch.Members = nonNil(ch.Members)
		rows = append(rows, row{Channel: ch, Roles: []string{}})
	}
	writeJSON(rw, http.StatusOK, rows)
}

// world answers for requests that need an estate when there is none.
func (w *Workspace) world(rw http.ResponseWriter) (World, bool) {
	if w.cfg.World == nil {
		sentence(rw, http.StatusNotFound, "This workspace has no estate behind it.")
		return nil, false
	}
	return w.cfg.World, true
}

func (w *Workspace) controlUsers(rw http.ResponseWriter, _ *http.Request) {
	world, ok := w.world(rw)
	if !ok {
		return
	}
	users, err := world.Users()
	if err != nil {
		w.fail(rw, err)
		return
	}
	writeJSON(rw, http.StatusOK, users)
}

func (w *Workspace) controlFaults(rw http.ResponseWriter, _ *http.Request) {
	faults, err := w.AllFaults()
	if err != nil {
		w.fail(rw, err)
		return
	}
	writeJSON(rw, http.StatusOK, faults)
}

func (w *Workspace) controlSetFaults(rw http.ResponseWriter, r *http.Request) {
	var req struct{ On, Off []string }
	if err := decodeControl(r, &req); err != nil {
		w.fail(rw, err)
		return
	}
	if err := w.SetFaults(req.On, req.Off); err != nil {
		sentence(rw, http.StatusBadRequest, "That did not work: "+err.Error()+".")
		return
	}
	w.controlFaults(rw, r)
}

func (w *Workspace) controlClock(rw http.ResponseWriter, _ *http.Request) {
	writeJSON(rw, http.StatusOK, object{"now": w.clock.Now().UTC().Format(time.RFC3339)})
}

// maxAdvance is as far as the clock moves at once; it keeps a slip of the
// finger from stepping through centuries.
const maxAdvance = 10 * 365 * 24 * time.Hour

func (w *Workspace) controlAdvance(rw http.ResponseWriter, r *http.Request) {
	var req struct{ Advance string }
	if err := decodeControl(r, &req); err != nil {
		w.fail(rw, err)
		return
	}
	d, err := time.ParseDuration(req.Advance)
	if err != nil || d <= 0 || d > maxAdvance {
		sentence(rw, http.StatusBadRequest, `The clock moves forward by a duration such as "3h" or "20m".`)
		return
	}
	world, ok := w.world(rw)
	if !ok {
		return
	}
	if err := world.Advance(r.Context(), d); err != nil {
		w.fail(rw, err)
		return
	}
	w.hub.notify()
	w.controlClock(rw, r)
}
