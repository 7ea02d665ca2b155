package slack

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/rs/zerolog"
)

const (
	testBotToken = "xoxb-lab-test"
	testAppToken = "xapp-lab-test"
	viewerID     = "U0VIEWER"
	operatorID   = "U0OPER"
	guestID      = "U0GUEST"
	strangerID   = "U0STRANGE"
	botID        = "U0BOT"
	helpdeskID   = "C0HELP"
	quietID      = "C0QUIET"
	secretID     = "C0SECRET"
	sharedID     = "C0SHARED"
)

// testConfig is a small workspace with one of everything.
func testConfig() Config {
	return Config{
		Team: Team{ID: "T0LAB", Name: "Lab", Domain: "lab"},
		Bot:  Bot{UserID: botID, BotID: "B0BOT", Name: "pwsync"},
		People: []Person{
			{ID: viewerID, Name: "vera", DisplayName: "Vera", RealName: "Vera View", Email: "vera@example.test", Roles: []string{"viewer"}},
			{ID: operatorID, Name: "otto", DisplayName: "Otto", RealName: "Otto Oper", Email: "otto@example.test", Roles: []string{"operator"}},
			{ID: guestID, Name: "gus", RealName: "Gus Guest", UltraRestricted: true},
			{ID: strangerID, Name: "sam", RealName: "Sam Strange", TeamID: "T0OTHER", Stranger: true},
			{ID: "U0GONE", Name: "gone", RealName: "Gone", Deleted: true},
		},
		Channels: []Channel{
			{ID: helpdeskID, Name: "helpdesk", Members: []string{viewerID, operatorID, guestID, botID}},
			{ID: quietID, Name: "quiet", Members: []string{viewerID}},
			{ID: secretID, Name: "secret", Private: true, Members: []string{viewerID}},
			{ID: sharedID, Name: "shared", ExtShared: true, Members: []string{viewerID, strangerID, botID}},
		},
		UserGroups: []UserGroup{{ID: "S0APPROVE", Handle: "approvers", Name: "Approvers", Users: []string{operatorID}}},
		Commands:   []Command{{Name: "/pwsync", Description: "Password sync", ShouldEscape: true}},
		Shortcuts: []Shortcut{
			{CallbackID: "look_up", Name: "Look up"},
			{CallbackID: "about_message", Name: "About this", OnMessage: true},
		},
		AppID:         "A0LAB",
		BotToken:      testBotToken,
		AppToken:      testAppToken,
		SigningSecret: "shh",
		BotScopes: []string{
			"commands", "chat:write", "users:read", "users:read.email", "usergroups:read",
			"im:write", "im:read", "channels:read", "groups:read", "team:read",
		},
		AppScopes: []string{"connections:write"},
		Log:       zerolog.Nop(),
	}
}

// lab is a workspace behind a real HTTP server.
type lab struct {
	*Workspace
	t   *testing.T
	url string
}

// startLab starts a workspace; change may adjust its configuration, and retime
// the durations of the protocol.
func startLab(t *testing.T, change func(*Config), retime ...func(*timing)) *lab {
	t.Helper()
	cfg := testConfig()
	if change != nil {
		change(&cfg)
	}
	w, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	// Tests that wait for a missing acknowledgement need not wait 3 s.
	w.timing.ack = 300 * time.Millisecond
	for _, f := range retime {
		f(&w.timing)
	}
	server := httptest.NewServer(w.Handler())
	t.Cleanup(func() {
		w.Close()
		server.Close()
	})
	return &lab{Workspace: w, t: t, url: server.URL}
}

// answered is an HTTP response that was read to its end.
type answered struct {
	status int
	header http.Header
	body   []byte
}

// object decodes the body as a JSON object.
func (a answered) object(t *testing.T) map[string]any {
	t.Helper()
	var out map[string]any
	if err := json.Unmarshal(a.body, &out); err != nil {
		t.Fatalf("decode %q: %v", a.body, err)
	}
	return out
}

// do sends a request to a path of the lab, or to a whole address. Redirects
// are not followed.
func (l *lab) do(method, path, contentType, body string, header ...string) answered {
	l.t.Helper()
	if strings.HasPrefix(path, "/") {
		path = l.url + path
	}
	req, err := http.NewRequest(method, path, strings.NewReader(body))
	if err != nil {
		l.t.Fatal(err)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			req.Host = header[i+1]
		}
		req.Header.Set(header[i], header[i+1])
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		l.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		l.t.Fatal(err)
	}
	if resp.Header.Get("Content-Type") == "" {
		l.t.Errorf("answer of %s has no content type", path)
	}
	return answered{resp.StatusCode, resp.Header, raw}
}

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json; charset=utf-8"
)

// call calls a Web API method as slack-go does: a form with the token in it.
func (l *lab) call(method string, pairs ...string) answered {
	l.t.Helper()
	values := url.Values{"token": {testBotToken}}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return l.do(http.MethodPost, "/api/"+method, formType, values.Encode())
}

// form is call for those who want the answer only.
func (l *lab) form(method string, pairs ...string) map[string]any {
	l.t.Helper()
	return l.call(method, pairs...).object(l.t)
}

// api calls a Web API method with a JSON body and a bearer token.
func (l *lab) api(method, token string, body any) map[string]any {
	l.t.Helper()
	return l.do(http.MethodPost, "/api/"+method, jsonType, string(encode(body)), "Authorization", "Bearer "+token).object(l.t)
}

// post sends a JSON text to a path or address and returns status and body.
func (l *lab) post(path, body string) (int, string) {
	l.t.Helper()
	a := l.do(http.MethodPost, path, jsonType, body)
	return a.status, string(a.body)
}

// get reads a JSON document of the control API.
func (l *lab) get(path string, into any) int {
	l.t.Helper()
	a := l.do(http.MethodGet, path, "", "")
	if err := json.Unmarshal(a.body, into); err != nil {
		l.t.Fatalf("decode %s: %v", path, err)
	}
	return a.status
}

// mustOK fails the test when the answer is not ok.
func mustOK(t *testing.T, a map[string]any) map[string]any {
	t.Helper()
	if a["ok"] != true {
		t.Fatalf("answer is not ok: %v", a)
	}
	return a
}

// received is an envelope as an app reads it.
type received struct {
	ID      string         `json:"envelope_id"`
	Type    string         `json:"type"`
	Reason  string         `json:"reason"` // of a disconnect
	Payload map[string]any `json:"payload"`
	Accepts bool           `json:"accepts_response_payload"`
	Attempt *int           `json:"retry_attempt"`
	Why     string         `json:"retry_reason"`

	Connections int `json:"num_connections"`
}

// app is a minimal Socket Mode client. It acknowledges nothing by itself.
type app struct {
	l     *lab
	ws    *websocket.Conn
	inbox chan received
	ended chan error
}

// connect opens a connection and waits for its hello.
func (l *lab) connect() *app {
	l.t.Helper()
	a := l.dial()
	if hello := a.next(); hello.Type != "hello" {
		l.t.Fatalf("first frame is %+v, want hello", hello)
	}
	return a
}

func (l *lab) dial() *app {
	l.t.Helper()
	opened := mustOK(l.t, l.api("apps.connections.open", testAppToken, map[string]any{}))
	ws, err := dialSocket(opened["url"].(string))
	if err != nil {
		l.t.Fatal(err)
	}
	ws.SetReadLimit(1 << 20)
	a := &app{l: l, ws: ws, inbox: make(chan received, 100), ended: make(chan error, 1)}
	var reading sync.WaitGroup
	reading.Go(a.read)
	l.t.Cleanup(func() {
		_ = ws.CloseNow()
		reading.Wait()
	})
	return a
}

// dialSocket opens a WebSocket as Slack's clients do, naming Slack's own site
// as its origin.
func dialSocket(address string) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	ws, _, err := websocket.Dial(ctx, address, &websocket.DialOptions{ //nolint:bodyclose // the library closes it
		HTTPHeader: http.Header{"Origin": {"https://api.slack.com"}},
	})
	return ws, err
}

func (a *app) read() {
	for {
		_, frame, err := a.ws.Read(context.Background())
		if err != nil {
			a.ended <- err
			close(a.inbox)
			return
		}
		var r received
		if err := json.Unmarshal(frame, &r); err == nil {
			a.inbox <- r
		}
	}
}

// next waits for the next frame.
func (a *app) next() received {
	a.l.t.Helper()
	select {
	case r, open := <-a.inbox:
		if !open {
			a.l.t.Fatal("connection ended while a frame was expected")
		}
		return r
	case <-time.After(5 * time.Second):
		a.l.t.Fatal("no frame within 5 s")
	}
	return received{}
}

// none checks that nothing arrives for a while.
func (a *app) none(d time.Duration) {
	a.l.t.Helper()
	select {
	case r, open := <-a.inbox:
		if open {
			a.l.t.Fatalf("unexpected frame %+v", r)
		}
	case <-time.After(d):
	}
}

// ack acknowledges an envelope, with a payload unless it is nil.
func (a *app) ack(id string, payload any) {
	a.l.t.Helper()
	frame := map[string]any{"envelope_id": id}
	if payload != nil {
		frame["payload"] = payload
	}
	a.write(encode(frame))
}

func (a *app) write(frame []byte) {
	a.l.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := a.ws.Write(ctx, websocket.MessageText, frame); err != nil {
		a.l.t.Fatal(err)
	}
}

// doing runs an action in the background and hands its outcome over.
func doing(t *testing.T, f func() (Outcome, error)) func() Outcome {
	t.Helper()
	type result struct {
		o   Outcome
		err error
	}
	done := make(chan result, 1)
	go func() {
		o, err := f()
		done <- result{o, err}
	}()
	return func() Outcome {
		t.Helper()
		select {
		case r := <-done:
			if r.err != nil {
				t.Fatal(r.err)
			}
			return r.o
		case <-time.After(10 * time.Second):
			t.Fatal("action did not end")
			return Outcome{}
		}
	}
}

// slash runs /pwsync in #helpdesk as Vera.
func (l *lab) slash(text string) func() Outcome {
	return doing(l.t, func() (Outcome, error) {
		return l.Slash(context.Background(), viewerID, "#helpdesk", "/pwsync", text)
	})
}

// seenBy lists the texts that a person sees in a channel.
func (l *lab) seenBy(person, channel string) []string {
	var texts []string
	for _, m := range l.Messages(channel, person) {
		texts = append(texts, m.Text)
	}
	return texts
}

const buttonBlocks = `[{"type":"actions","block_id":"b1","elements":[` +
	`{"type":"button","action_id":"go","value":"42","text":{"type":"plain_text","text":"Go"}},` +
	`{"type":"static_select","action_id":"pick","options":[` +
	`{"text":{"type":"plain_text","text":"One"},"value":"one"},{"text":{"type":"plain_text","text":"Two"},"value":"two"}]},` +
	`{"type":"overflow","action_id":"more","options":[{"text":{"type":"plain_text","text":"Mute"},"value":"mute"}]}]}]`

const askView = `{"type":"modal","callback_id":"ask","title":{"type":"plain_text","text":"Look up"},` +
	`"submit":{"type":"plain_text","text":"Look up"},"notify_on_close":true,"blocks":[` +
	`{"type":"input","block_id":"who","label":{"type":"plain_text","text":"Who"},"element":{"type":"plain_text_input","action_id":"name"}},` +
	`{"type":"input","block_id":"how","optional":true,"label":{"type":"plain_text","text":"How"},"element":{"type":"static_select","action_id":"mode","options":[` +
	`{"text":{"type":"plain_text","text":"Fast"},"value":"fast"}]}}]}`
