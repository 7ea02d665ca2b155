package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/rs/zerolog"

	lab "github.com/pwsync/pwsync/adapters/lab/slack"
)

func TestDeliveriesSurviveLostConnections(t *testing.T) {
	t.Parallel()
	s := play(t, nil, nil)
	if err := s.SetFaults([]string{"slack-disconnect"}, nil); err != nil {
		t.Fatal(err)
	}
	s.until("the connections to break", func() bool { return s.edge.Connected() < 2 })
	if err := s.SetFaults(nil, []string{"slack-disconnect"}); err != nil {
		t.Fatal(err)
	}
	s.until("a connection", func() bool { return s.edge.Connected() > 0 })
	s.slash(helpdesk, "user zebra")
	s.awaitText(vera, helpdesk, "You asked")
}

func TestARefreshLosesNothing(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("connections are refreshed after twelve seconds")
	}
	s := prepare(t, nil, nil)
	if err := s.SetFaults([]string{"slack-refresh"}, nil); err != nil {
		t.Fatal(err)
	}
	s.run()
	s.until("two connections", func() bool { return s.edge.Connected() == 2 })
	asked, reached := 0, 0
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(250 * time.Millisecond) {
		asked++
		out, err := s.Slash(context.Background(), vera, quiet, "/pwsync", fmt.Sprintf("user zebra %d", asked))
		if err != nil {
			t.Fatal(err)
		}
		if out.Acknowledged {
			reached++
		}
	}
	// A connection lives two seconds here, so that both may be between two
	// lives for a moment. What was acknowledged must be answered, just once.
	if reached < asked*2/3 {
		t.Errorf("%d of %d commands reached the app", reached, asked)
	}
	s.until("every answer", func() bool { return len(s.seen(vera, quiet)) >= reached })
	if got := len(s.seen(vera, quiet)); got > asked {
		t.Errorf("%d answers to %d commands", got, asked)
	}
	if greeted := strings.Count(s.logs.String(), `"message":"connected"`); greeted < 4 {
		t.Errorf("%d greetings, want at least 4: nothing was refreshed", greeted)
	}
}

func TestAcknowledgementsThatAreLostDoNotRepeatTheAnswer(t *testing.T) {
	t.Parallel()
	s := play(t, nil, nil)
	if err := s.SetFaults([]string{"slack-drop-ack"}, nil); err != nil {
		t.Fatal(err)
	}
	out, err := s.Slash(context.Background(), vera, helpdesk, "/pwsync", "user zebra")
	if err != nil || out.Acknowledged {
		t.Fatalf("outcome %+v, %v; want none acknowledged", out, err)
	}
	s.awaitText(vera, helpdesk, "You asked")
	if n := len(s.seen(vera, helpdesk)); n != 1 {
		t.Errorf("%d answers, want 1", n)
	}
}

// miniSlack is just enough of Socket Mode to misbehave in ways that a whole
// workspace does not.
type miniSlack struct {
	*httptest.Server
	mu    sync.Mutex
	opens []time.Time
	acks  []string

	// open answers apps.connections.open, unless it is nil.
	open string
	// serve plays one connection.
	serve func(*websocket.Conn)
}

func newMiniSlack(t *testing.T) *miniSlack {
	m := &miniSlack{}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/auth.test", func(rw http.ResponseWriter, _ *http.Request) {
		writeTestJSON(rw, `{"ok":true,"team_id":"T0LAB","user_id":"U0BOT","bot_id":"B0BOT"}`)
	})
	mux.HandleFunc("/api/apps.connections.open", func(rw http.ResponseWriter, _ *http.Request) {
		m.mu.Lock()
		m.opens = append(m.opens, time.Now())
		answer := m.open
		m.mu.Unlock()
		if answer == "" {
			answer = `{"ok":true,"url":"` + strings.Replace(m.URL, "http", "ws", 1) + `/link"}`
		}
		writeTestJSON(rw, answer)
	})
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	mux.HandleFunc("/link", func(rw http.ResponseWriter, r *http.Request) {
		ws, err := upgrader.Upgrade(rw, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = ws.Close() }()
		m.serve(ws)
	})
	m.Server = httptest.NewServer(mux)
	t.Cleanup(m.Close)
	return m
}

func writeTestJSON(rw http.ResponseWriter, body string) {
	rw.Header().Set("Content-Type", "application/json")
	_, _ = rw.Write([]byte(body))
}

// greet says hello and notes acknowledgements until the peer goes.
func (m *miniSlack) greet(ws *websocket.Conn, app string, frames ...string) {
	_ = ws.WriteMessage(websocket.TextMessage, []byte(`{"type":"hello","num_connections":1,"connection_info":{"app_id":"`+app+`"}}`))
	for _, f := range frames {
		_ = ws.WriteMessage(websocket.TextMessage, []byte(f))
	}
	for {
		_, raw, err := ws.ReadMessage()
		if err != nil {
			return
		}
		var ack struct {
			ID      string          `json:"envelope_id"`
			Payload json.RawMessage `json:"payload"`
		}
		if json.Unmarshal(raw, &ack) == nil && len(ack.Payload) == 0 {
			m.mu.Lock()
			m.acks = append(m.acks, ack.ID)
			m.mu.Unlock()
		}
	}
}

func (m *miniSlack) acknowledged() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]string(nil), m.acks...)
}

func (m *miniSlack) opened() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.opens)
}

func (m *miniSlack) say(open string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.open = open
}

// edge runs an edge against it.
func (m *miniSlack) edge(t *testing.T, core *scripted) (edge *Edge, logs *logBuffer, done <-chan error) {
	t.Helper()
	logs = &logBuffer{}
	edge, err := New(Config{BotToken: NewSecret(testBotToken), AppToken: NewSecret(testAppToken), APIURL: m.URL + "/api/", Connections: 1, Log: zerolog.New(logs)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	result := make(chan error, 1)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		result <- edge.Run(ctx, core)
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
	return edge, logs, result
}

func within10s(t *testing.T, what string, ok func() bool) {
	t.Helper()
	(&scene{t: t, logs: &logBuffer{}}).until(what, ok)
}

func TestEveryEnvelopeIsAcknowledged(t *testing.T) {
	t.Parallel()
	m := newMiniSlack(t)
	button := `{"type":"block_actions","api_app_id":"A0LAB","team":{"id":"T0LAB"},"user":{"id":"U1","team_id":"T0LAB"},` +
		`"channel":{"id":"D1"},"container":{"type":"message","message_ts":"1.2","channel_id":"D1","is_ephemeral":true},` +
		`"message":{"blocks":[{"type":"actions","elements":[{"type":"hologram","action_id":"x"}]}]},` +
		`"actions":[{"type":"button","action_id":"again","value":"v1","action_ts":"3.4"}]}`
	frames := []string{
		`{"envelope_id":"e-unknown","type":"telepathy","payload":{}}`,
		`{"envelope_id":"e-broken-command","type":"slash_commands","payload":{"command":5}}`,
		`{"envelope_id":"e-broken-click","type":"interactive","payload":[]}`,
		`{"envelope_id":"e-unknown-event","type":"events_api","payload":{"type":"event_callback","event":{"type":"brand_new"}}}`,
		`{"envelope_id":"e-no-payload","type":"interactive"}`,
		`not JSON at all`,
		`{"envelope_id":"e-new-element","type":"interactive","payload":` + button + `}`,
		`{"envelope_id":"e-other-app","type":"slash_commands","payload":{"api_app_id":"A0OTHER","user_id":"U1","command":"/pwsync","team_id":"T0LAB"}}`,
		`{"envelope_id":"e-good","type":"slash_commands","payload":{"api_app_id":"A0LAB","user_id":"U1","command":"/pwsync","team_id":"T0LAB","trigger_id":"t"}}`,
	}
	m.serve = func(ws *websocket.Conn) { m.greet(ws, "A0LAB", frames...) }
	core := &scripted{}
	edge, _, _ := m.edge(t, core)
	within10s(t, "all acknowledgements", func() bool { return len(m.acknowledged()) >= len(frames)-1 })
	got := strings.Join(m.acknowledged(), " ")
	for _, want := range []string{"e-unknown", "e-broken-command", "e-broken-click", "e-unknown-event", "e-no-payload", "e-new-element", "e-other-app", "e-good"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not acknowledged", want)
		}
	}
	within10s(t, "the good ones to be handled", func() bool { return len(core.asked()) == 1 && len(core.pressed()) == 1 })
	if c := core.pressed()[0]; c.Action != "again" || c.Value != "v1" || !c.Ephemeral {
		t.Errorf("the click beside an element that is new reads %+v", c)
	}
	if edge.Health().Rejected != 1 {
		t.Errorf("health counts %d refused, want the other app's one", edge.Health().Rejected)
	}
}

func TestConnectionsThatAreClosedAtOnceAreOpenedEverMoreSlowly(t *testing.T) {
	t.Parallel()
	m := newMiniSlack(t)
	m.serve = func(ws *websocket.Conn) {
		_ = ws.WriteMessage(websocket.TextMessage, []byte(`{"type":"disconnect","reason":"too_many_websockets"}`))
	}
	edge, _, _ := m.edge(t, &scripted{})
	time.Sleep(3500 * time.Millisecond)
	if n := m.opened(); n < 2 || n > 3 {
		t.Errorf("%d connections opened in 3.5 s, want 3 (at 0, 1 and 3 s)", n)
	}
	if edge.Connected() != 0 {
		t.Error("a connection without a greeting counts as connected")
	}
}

func TestRefusedConfigurationsEndRunWithWords(t *testing.T) {
	t.Parallel()
	for code, word := range map[string]string{
		"link_disabled":          "Socket Mode is switched off",
		"missing_scope":          "scope",
		"not_allowed_token_type": "xapp-",
		"token_expired":          "expired",
		"invalid_auth":           "not valid",
	} {
		t.Run(code, func(t *testing.T) {
			m := newMiniSlack(t)
			m.say(`{"ok":false,"error":"` + code + `"}`)
			edge, logs, done := m.edge(t, &scripted{})
			select {
			case err := <-done:
				refused, ok := errors.AsType[*ConfigError](err)
				if !ok || refused.Code != code || !strings.Contains(err.Error(), word) {
					t.Errorf("Run ended with %v", err)
				}
			case <-time.After(10 * time.Second):
				t.Fatalf("Run goes on; log:\n%s", logs)
			}
			if h := edge.Health(); h.Ready || !strings.Contains(h.Problem, word) {
				t.Errorf("health %+v", h)
			}
		})
	}
}

func TestATokenThatSlackDoesNotKnowEndsRun(t *testing.T) {
	t.Parallel()
	s := prepare(t, nil, func(_ *lab.Config, c *Config) { c.BotToken = NewSecret("xoxb-wrong") })
	err := s.edge.Run(context.Background(), s.core)
	if refused, ok := errors.AsType[*ConfigError](err); !ok || refused.Code != "invalid_auth" {
		t.Errorf("Run ended with %v", err)
	}
	if strings.Contains(err.Error(), "xoxb-wrong") {
		t.Error("the error holds the token")
	}
}

func TestAConfigurationThatWorkedIsAskedAgain(t *testing.T) {
	t.Parallel()
	m := newMiniSlack(t)
	quit := make(chan struct{})
	m.serve = func(ws *websocket.Conn) {
		go func() {
			<-quit
			_ = ws.Close()
		}()
		m.greet(ws, "A0LAB")
	}
	edge, _, done := m.edge(t, &scripted{})
	within10s(t, "a connection", func() bool { return edge.Connected() == 1 })
	m.say(`{"ok":false,"error":"link_disabled"}`)
	close(quit)
	within10s(t, "health to say what is wrong", func() bool { return strings.Contains(edge.Health().Problem, "Socket Mode is switched off") })
	select {
	case err := <-done:
		t.Errorf("Run ended with %v", err)
	default:
	}
}

func TestAServerErrorAtTheStartIsWaitedOut(t *testing.T) {
	t.Parallel()
	s := prepare(t, nil, nil)
	if err := s.SetFaults([]string{"slack-server-error"}, nil); err != nil {
		t.Fatal(err)
	}
	s.run()
	s.until("health to say what is wrong", func() bool { return s.edge.Health().Problem != "" })
	if err := s.SetFaults(nil, []string{"slack-server-error"}); err != nil {
		t.Fatal(err)
	}
	s.until("two connections", func() bool { return s.edge.Connected() == 2 })
	if h := s.edge.Health(); !h.Ready || h.Problem != "" || h.Team != "T0LAB" {
		t.Errorf("health %+v", h)
	}
}
