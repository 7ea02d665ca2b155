package slack

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	lab "github.com/pwsync/pwsync/adapters/lab/slack"
	"github.com/pwsync/pwsync/bot"
)

// signedScene is an edge that receives over HTTP, without a workspace's own
// deliveries.
type signedScene struct {
	*scene
	door *httptest.Server
}

func playHTTP(t *testing.T) *signedScene {
	t.Helper()
	// The workspace is given an address for deliveries; these tests send
	// their own.
	s := prepare(t, nil, func(l *lab.Config, c *Config) {
		l.HTTP = &lab.HTTPMode{Commands: "http://127.0.0.1:1/c", Interactivity: "http://127.0.0.1:1/i", Events: "http://127.0.0.1:1/e"}
		c.AppToken, c.SigningSecret, c.AppID = Secret{}, NewSecret(testSigning), "A0LAB"
	})
	s.run()
	s.until("the edge to be ready", func() bool { return s.edge.Health().Ready })
	door := httptest.NewServer(s.edge.Handler())
	t.Cleanup(door.Close)
	return &signedScene{scene: s, door: door}
}

func signature(secret, stamp, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + stamp + ":" + body))
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

func stampOf(at time.Time) string { return strconv.FormatInt(at.Unix(), 10) }

const formType = "application/x-www-form-urlencoded"

// send posts a body with a good signature; change may spoil it.
func (s *signedScene) send(path, kind, body string, change func(*http.Request)) (status int, answer string) {
	s.t.Helper()
	req, err := http.NewRequest(http.MethodPost, s.door.URL+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	stamp := stampOf(time.Now())
	req.Header.Set("Content-Type", kind)
	req.Header.Set(timestampHeader, stamp)
	req.Header.Set(signatureHeader, signature(testSigning, stamp, body))
	if change != nil {
		change(req)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, string(raw)
}

func commandBody(pairs ...string) string {
	f := url.Values{
		"team_id": {"T0LAB"}, "api_app_id": {"A0LAB"}, "user_id": {vera}, "channel_id": {helpdesk},
		"command": {"/pwsync"}, "text": {"user zebra"}, "trigger_id": {"1.2.zebra"},
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Set(pairs[i], pairs[i+1])
	}
	return f.Encode()
}

func TestASignedCommandIsAcknowledgedEmptyAndHandled(t *testing.T) {
	t.Parallel()
	s := playHTTP(t)
	status, body := s.send(commandsPath, formType, commandBody(), nil)
	if status != 200 || body != "" {
		t.Fatalf("answer %d %q, want an empty 200", status, body)
	}
	s.until("the request", func() bool { return len(s.core.asked()) == 1 })
	if r := s.core.asked()[0]; r.Text != "user zebra" || r.User != vera || r.Team != "T0LAB" {
		t.Errorf("request %+v", r)
	}
	// Without a response URL the answer takes the second way.
	s.awaitText(vera, helpdesk, "You asked")
}

func TestWhatIsNotProvablySlacksIsRefused(t *testing.T) {
	t.Parallel()
	body := commandBody()
	at := func(d time.Duration) func(*http.Request) {
		return func(r *http.Request) {
			stamp := stampOf(time.Now().Add(d))
			r.Header.Set(timestampHeader, stamp)
			r.Header.Set(signatureHeader, signature(testSigning, stamp, body))
		}
	}
	raw := func(stamp string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set(timestampHeader, stamp)
			r.Header.Set(signatureHeader, signature(testSigning, stamp, body))
		}
	}
	cases := map[string]func(*http.Request){
		"no signature": func(r *http.Request) { r.Header.Del(signatureHeader) },
		"no timestamp": func(r *http.Request) { r.Header.Del(timestampHeader) },
		"another secret": func(r *http.Request) {
			r.Header.Set(signatureHeader, signature("other", r.Header.Get(timestampHeader), body))
		},
		"two signatures, one of them good": func(r *http.Request) { r.Header.Add(signatureHeader, "v0="+strings.Repeat("0", 64)) },
		"two timestamps, one of them good": func(r *http.Request) { r.Header.Add(timestampHeader, "1700000000") },
		"the same signature twice":         func(r *http.Request) { r.Header.Add(signatureHeader, r.Header.Get(signatureHeader)) },
		"upper-case digits": func(r *http.Request) {
			h := r.Header
			h.Set(signatureHeader, "v0="+strings.ToUpper(h.Get(signatureHeader)[3:]))
		},
		"another version of signatures":      func(r *http.Request) { h := r.Header; h.Set(signatureHeader, "v1="+h.Get(signatureHeader)[3:]) },
		"a signature that is too short":      func(r *http.Request) { h := r.Header; h.Set(signatureHeader, h.Get(signatureHeader)[:40]) },
		"a timestamp six minutes old":        at(-6 * time.Minute),
		"a timestamp six minutes ahead":      at(6 * time.Minute),
		"a negative timestamp":               raw("-1700000000"),
		"a timestamp with a sign":            raw("+" + stampOf(time.Now())),
		"a timestamp with a blank":           raw(stampOf(time.Now()) + " 1"),
		"a timestamp in words":               raw("yesterday"),
		"a timestamp beyond all clocks":      raw("99999999999999999999"),
		"a timestamp in hexadecimal":         raw("0x6553f100"),
		"a timestamp with a leading zero":    raw("0" + stampOf(time.Now())),
		"a signature over another timestamp": func(r *http.Request) { r.Header.Set(timestampHeader, stampOf(time.Now().Add(-2*time.Second))) },
		"a body that was changed on its way": func(r *http.Request) {
			r.Body = io.NopCloser(strings.NewReader(strings.Replace(body, "zebra", "zabra", 1)))
		},
		"an empty signature": func(r *http.Request) { r.Header.Set(signatureHeader, "") },
	}
	s := playHTTP(t)
	for name, spoil := range cases {
		t.Run(name, func(t *testing.T) {
			if status, answer := s.send(commandsPath, formType, body, spoil); status != http.StatusUnauthorized || answer != "" {
				t.Errorf("answer %d %q, want an empty 401", status, answer)
			}
		})
	}
	for name, body := range map[string]string{
		"an SSL check without a good signature":    "ssl_check=1&token=zebra",
		"a handshake without a good signature":     `{"type":"url_verification","challenge":"zebra"}`,
		"nothing at all":                           "",
		"a megabyte that is not even looked at":    strings.Repeat("z", 200<<10),
		"a form of another's making, unsigned too": "user_id=U0EVIL&command=%2Fpwsync",
	} {
		t.Run(name, func(t *testing.T) {
			for _, path := range []string{commandsPath, interactivityPath, eventsPath} {
				status, answer := s.send(path, formType, body, func(r *http.Request) { r.Header.Set(signatureHeader, "v0="+strings.Repeat("a", 64)) })
				if status != http.StatusUnauthorized || answer != "" {
					t.Errorf("%s: answer %d %q, want an empty 401", path, status, answer)
				}
			}
		})
	}
	if n := len(s.core.asked()); n != 0 {
		t.Errorf("%d requests were handled", n)
	}
	if s.edge.Health().Rejected == 0 {
		t.Error("health counts no refusals")
	}
}

func TestASignatureIsActedUponOnce(t *testing.T) {
	t.Parallel()
	s := playHTTP(t)
	stamp := stampOf(time.Now().Add(-4 * time.Minute))
	body := commandBody()
	same := func(r *http.Request) {
		r.Header.Set(timestampHeader, stamp)
		r.Header.Set(signatureHeader, signature(testSigning, stamp, body))
	}
	for range 3 {
		if status, _ := s.send(commandsPath, formType, body, same); status != 200 {
			t.Fatalf("status %d, want 200", status)
		}
	}
	s.until("the request", func() bool { return len(s.core.asked()) == 1 })
	time.Sleep(50 * time.Millisecond)
	if n := s.core.repeats(); n != 0 {
		t.Errorf("a replay came through %d times", n)
	}
	// A retry of Slack's is signed anew and has the same id.
	if status, _ := s.send(commandsPath, formType, body, nil); status != 200 {
		t.Errorf("status %d, want 200", status)
	}
	s.until("the retry to be known by its id", func() bool { return s.core.repeats() == 1 })
}

func TestBoundsOfSignedRequests(t *testing.T) {
	t.Parallel()
	s := playHTTP(t)
	cases := []struct {
		name, path, kind, body string
		status                 int
	}{
		{"a body above the limit is refused", commandsPath, formType, "text=" + strings.Repeat("z", maxBody), http.StatusRequestEntityTooLarge},
		{"a field that stands twice is refused", commandsPath, formType, commandBody() + "&user_id=U0OTHER", http.StatusBadRequest},
		{"ten thousand fields are refused", commandsPath, formType, commandBody() + strings.Repeat("&a=b", 10_000), http.StatusBadRequest},
		{"a malformed form is refused", commandsPath, formType, "user_id=%zz", http.StatusBadRequest},
		{"JSON where a form belongs is refused", commandsPath, "application/json", "{}", http.StatusUnsupportedMediaType},
		{"a form where an event belongs is refused", eventsPath, formType, commandBody(), http.StatusUnsupportedMediaType},
		{"an event that is not JSON is refused", eventsPath, "application/json", "{", http.StatusBadRequest},
		{"an SSL check with a good signature passes", commandsPath, formType, "ssl_check=1&token=zebra", http.StatusOK},
		{"a command without a user is acknowledged and dropped", commandsPath, formType, "team_id=T0LAB", http.StatusOK},
		{"an interaction that cannot be read is acknowledged and dropped", interactivityPath, formType, "payload=%7B", http.StatusOK},
		{"an interaction of an unknown type is acknowledged and dropped", interactivityPath, formType,
			url.Values{"payload": {`{"type":"block_suggestion","user":{"id":"U1"}}`}}.Encode(), http.StatusOK},
		{"an unknown event is acknowledged and dropped", eventsPath, "application/json", `{"type":"event_callback","event":{"type":"new"}}`, http.StatusOK},
		{"another app's command is refused", commandsPath, formType, commandBody("api_app_id", "A0OTHER"), http.StatusUnauthorized},
		{"an interaction in another workspace is refused", interactivityPath, formType,
			url.Values{"payload": {`{"type":"block_actions","team":{"id":"T0OTHER"},"user":{"id":"U1"},"actions":[{"action_id":"again"}]}`}}.Encode(), http.StatusUnauthorized},
		{"an event of another workspace is refused", eventsPath, "application/json",
			`{"type":"event_callback","team_id":"T0OTHER","event":{"type":"app_home_opened","user":"U1","tab":"home"}}`, http.StatusUnauthorized},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			status, answer := s.send(c.path, c.kind, c.body, nil)
			if status != c.status || answer != "" {
				t.Errorf("answer %d %q, want %d without a body", status, answer, c.status)
			}
		})
	}
	t.Run("other methods are refused", func(t *testing.T) {
		resp, err := http.Get(s.door.URL + commandsPath)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("status %d", resp.StatusCode)
		}
	})
	t.Run("the handshake is answered with its challenge", func(t *testing.T) {
		status, answer := s.send(eventsPath, "application/json", `{"type":"url_verification","challenge":"c-h-a-l"}`, nil)
		if status != 200 || answer != "c-h-a-l" {
			t.Errorf("answer %d %q", status, answer)
		}
	})
	if n := len(s.core.asked()) + len(s.core.pressed()); n != 0 {
		t.Errorf("%d of these were handled", n)
	}
}

func TestAStrangersCommandIsThePolicysQuestion(t *testing.T) {
	t.Parallel()
	s := playHTTP(t)
	if status, _ := s.send(commandsPath, formType, commandBody("team_id", "T0OTHER", "user_id", sam, "channel_id", shared), nil); status != 200 {
		t.Fatalf("status %d, want 200", status)
	}
	s.until("the request", func() bool { return len(s.core.asked()) == 1 })
	if got := s.core.asked()[0].Actor; got != (bot.Actor{Team: "T0OTHER", User: sam}) {
		t.Errorf("actor %+v", got)
	}
}

func TestABodyThatDripsIsCutOff(t *testing.T) {
	t.Parallel()
	s := playHTTP(t)
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.door.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	stamp := stampOf(time.Now())
	_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n%s: %s\r\n%s: v0=%064d\r\n\r\n1\r\nz\r\n",
		commandsPath, timestampHeader, stamp, signatureHeader, 0)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if err := conn.SetReadDeadline(start.Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(conn); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took > 2*bodyTime {
		t.Errorf("cut off after %v, want about %v", took, bodyTime)
	}
}

func TestHTTPModeServesAWholeWorkspace(t *testing.T) {
	t.Parallel()
	var edge *Edge
	door := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { edge.Handler().ServeHTTP(rw, r) }))
	t.Cleanup(door.Close)
	s := prepare(t, nil, func(l *lab.Config, c *Config) {
		l.HTTP = &lab.HTTPMode{Commands: door.URL + commandsPath, Interactivity: door.URL + interactivityPath, Events: door.URL + eventsPath}
		c.AppToken, c.SigningSecret = Secret{}, NewSecret(testSigning)
	})
	edge = s.edge
	s.run()
	s.until("the edge to be ready", func() bool { return s.edge.Health().Ready })
	s.slash(helpdesk, "user zebra")
	s.click(s.awaitText(vera, helpdesk, "You asked"), bot.ActionAgain)
	s.awaitText(vera, helpdesk, "Replaced")
	if out, err := s.OpenHome(context.Background(), vera); err != nil || !out.Acknowledged {
		t.Fatalf("open home: %+v, %v", out, err)
	}
	s.until("a home", func() bool { _, ok := s.Home(vera); return ok })

	if err := s.SetFaults([]string{"slack-duplicate"}, nil); err != nil {
		t.Fatal(err)
	}
	s.slash(helpdesk, "user zebra twice")
	s.awaitText(vera, helpdesk, "zebra twice")
	if n := len(s.seen(vera, helpdesk)); n != 2 {
		t.Errorf("%d messages, want 2", n)
	}
}

func TestBeforeRunRequestsAreTurnedAway(t *testing.T) {
	edge, err := New(Config{BotToken: NewSecret(testBotToken), SigningSecret: NewSecret(testSigning), APIURL: "http://127.0.0.1:1/", Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	door := httptest.NewServer(edge.Handler())
	defer door.Close()
	s := &signedScene{scene: &scene{t: t}, door: door}
	if status, _ := s.send(commandsPath, formType, commandBody(), nil); status != http.StatusServiceUnavailable {
		t.Errorf("status %d, want 503", status)
	}
}

func TestTheReplayWindowIsBounded(t *testing.T) {
	t.Parallel()
	w := newReplayWindow()
	now := time.Now()
	for i := range maxSeen {
		if !w.claim(strconv.Itoa(i), now) {
			t.Fatalf("signature %d refused", i)
		}
	}
	if w.claim("one more", now) {
		t.Error("a full window takes one more")
	}
	if !w.claim("one more", now.Add(2*freshness+time.Second)) {
		t.Error("what has expired still takes room")
	}
	if len(w.seen) != 1 {
		t.Errorf("%d remembered, want 1", len(w.seen))
	}
}
