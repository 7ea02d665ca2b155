package slack

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// labClock is a lab clock that a test moves.
type labClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *labClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *labClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// slashURL runs a command and returns its response URL.
func (l *lab) slashURL(a *app) string {
	l.t.Helper()
	wait := l.slash("x")
	e := a.next()
	a.ack(e.ID, nil)
	wait()
	return e.Payload["response_url"].(string)
}

func TestAResponseURLTakesFiveMessages(t *testing.T) {
	l := startLab(t, func(c *Config) { c.NoRateLimits = true })
	address := l.slashURL(l.connect())
	for i := range replyUses {
		if status, body := l.post(address, fmt.Sprintf(`{"text":"%d"}`, i)); status != http.StatusOK || body != "ok" {
			t.Fatalf("use %d answered %d %q", i, status, body)
		}
	}
	if status, body := l.post(address, `{"text":"6"}`); status != http.StatusNotFound || body != "used_url" {
		t.Errorf("sixth use answered %d %q", status, body)
	}
	if got := l.seenBy(viewerID, helpdeskID); len(got) != replyUses {
		t.Errorf("Vera sees %q", got)
	}
	if got := l.seenBy(operatorID, helpdeskID); len(got) != 0 {
		t.Errorf("the answers are not ephemeral by default: %q", got)
	}
}

func TestAResponseURLLivesThirtyMinutesOfLabTime(t *testing.T) {
	clock := &labClock{now: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)}
	l := startLab(t, func(c *Config) { c.Clock = clock })
	address := l.slashURL(l.connect())
	clock.advance(30*time.Minute - time.Second)
	if status, _ := l.post(address, `{"text":"in time"}`); status != http.StatusOK {
		t.Errorf("just in time answered %d", status)
	}
	clock.advance(time.Second)
	if status, body := l.post(address, `{"text":"late"}`); status != http.StatusNotFound || body != "expired_url" {
		t.Errorf("late answered %d %q", status, body)
	}
	if at := l.Messages(helpdeskID, viewerID)[0].At; !at.Before(clock.Now()) || at.Year() != 2030 {
		t.Errorf("the message shows %v, which is not the lab's time", at)
	}
}

func TestWhatAResponseURLSays(t *testing.T) {
	for _, tc := range []struct {
		name, body, want string
		status           int
		vera, otto       []string
	}{
		{"in_channel speaks to all", `{"text":"hi","response_type":"in_channel"}`, "ok", 200, []string{"hi"}, []string{"hi"}},
		{"what slack-go sends is taken", `{"text":"hi","response_type":"ephemeral","replace_original":false,"delete_original":false,"metadata":{"event_type":"","event_payload":null},"blocks":null}`, "ok", 200, []string{"hi"}, nil},
		{"a slash command has no original to replace", `{"text":"hi","replace_original":true}`, "ok", 200, []string{"hi"}, nil},
		{"nothing to say is refused", `{"text":" "}`, "no_text", 400, nil, nil},
		{"invalid blocks are refused", `{"text":"x","blocks":[{"type":"header"}]}`, "invalid_blocks", 400, nil, nil},
		{"broken JSON is refused", `{`, "invalid_payload", 400, nil, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := startLab(t, nil)
			address := l.slashURL(l.connect())
			if status, body := l.post(address, tc.body); status != tc.status || body != tc.want {
				t.Errorf("answered %d %q", status, body)
			}
			if diff := cmp.Diff(tc.vera, l.seenBy(viewerID, helpdeskID)); diff != "" {
				t.Error("Vera:", diff)
			}
			if diff := cmp.Diff(tc.otto, l.seenBy(operatorID, helpdeskID)); diff != "" {
				t.Error("Otto:", diff)
			}
		})
	}
}

func TestAClicksResponseURLReplacesAndDeletesItsMessage(t *testing.T) {
	for _, ephemeral := range []bool{false, true} {
		t.Run(fmt.Sprintf("ephemeral %v", ephemeral), func(t *testing.T) {
			l := startLab(t, nil)
			a := l.connect()
			ts := ""
			if ephemeral {
				ts = mustOK(t, l.form("chat.postEphemeral", "channel", helpdeskID, "user", viewerID, "text", "old", "blocks", buttonBlocks))["message_ts"].(string)
			} else {
				ts = l.postButtons()
			}
			payload := l.click(a, Click{User: viewerID, Channel: helpdeskID, TS: ts, ActionID: "go"})
			address := payload["response_url"].(string)
			l.post(address, `{"replace_original":true,"text":"new"}`)
			got := l.Messages(helpdeskID, viewerID)
			if len(got) != 1 || got[0].Text != "new" || got[0].TS != ts || len(got[0].Blocks) != 0 {
				t.Fatalf("after replacing: %+v", got)
			}
			l.post(address, `{"text":"another"}`)
			if diff := cmp.Diff([]string{"new", "another"}, l.seenBy(viewerID, helpdeskID)); diff != "" {
				t.Error(diff)
			}
			l.post(address, `{"delete_original":true}`)
			if diff := cmp.Diff([]string{"another"}, l.seenBy(viewerID, helpdeskID)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAResponseURLSpeaksWhereTheBotIsNotAMember(t *testing.T) {
	l := startLab(t, nil)
	a := l.connect()
	wait := doing(t, func() (Outcome, error) { return l.Slash(t.Context(), viewerID, "quiet", "/pwsync", "x") })
	e := a.next()
	a.ack(e.ID, nil)
	wait()
	l.post(e.Payload["response_url"].(string), `{"text":"here"}`)
	if diff := cmp.Diff([]string{"here"}, l.seenBy(viewerID, quietID)); diff != "" {
		t.Error(diff)
	}
}

func TestAResponseURLIsRateLimited(t *testing.T) {
	l := startLab(t, nil)
	address := l.slashURL(l.connect())
	for range replyURLBurst {
		l.post(address, `{"text":"x"}`)
	}
	if status, _ := l.post(address, `{"text":"x"}`); status != http.StatusTooManyRequests {
		t.Errorf("answered %d", status)
	}
}

func TestControlAPI(t *testing.T) {
	l := startLab(t, nil)
	a := l.connect()
	go func() { // acknowledges everything
		for e := range a.inbox {
			a.ack(e.ID, nil)
		}
	}()
	ts := l.postButtons()
	for _, tc := range []struct {
		name, path, body string
		status           int
		want             string
	}{
		{"a command by names", "/lab/slash", `{"user":"vera","channel":"helpdesk","command":"/pwsync","text":"health"}`, 200, `"acknowledged":true`},
		{"a command by ids", "/lab/slash", `{"user":"U0VIEWER","channel":"C0HELP","command":"/pwsync","text":""}`, 200, `"acknowledged":true`},
		{"a command in the app's direct message", "/lab/slash", `{"user":"vera","channel":"@pwsync","command":"/pwsync"}`, 200, `"acknowledged":true`},
		{"what Slack would refuse is still 200", "/lab/slash", `{"user":"otto","channel":"quiet","command":"/pwsync"}`, 200, `"acknowledged":false`},
		{"nobody of that name", "/lab/slash", `{"user":"nobody","channel":"helpdesk","command":"/pwsync"}`, 400, `There is no person`},
		{"no such channel", "/lab/slash", `{"user":"vera","channel":"nowhere","command":"/pwsync"}`, 400, `There is no channel`},
		{"a command without a slash", "/lab/slash", `{"user":"vera","channel":"helpdesk","command":"pwsync"}`, 400, `begins with a slash`},
		{"broken JSON", "/lab/slash", `{`, 400, `"error":"The body is not valid JSON."`},
		{"no body", "/lab/slash", ``, 400, `The body is empty`},
		{"a list for a body", "/lab/slash", `[]`, 400, `"error":"The body is not a JSON object."`},
		{"a number for a text", "/lab/slash", `{"user":7}`, 400, `The field \"user\" of the body has to be a text.`},
		{"a text for a list", "/lab/faults", `{"on":"slack-slow"}`, 400, `has to be a list.`},
		{"a text for an object", "/lab/submit", `{"values":"x"}`, 400, `has to be an object.`},
		{"a text for yes or no", "/lab/close", `{"all":"x"}`, 400, `has to be true or false.`},
		{"something after the object", "/lab/slash", `{"user":"vera","channel":"helpdesk","command":"/pwsync"} x`, 400, `something after the JSON object`},
		{"a second object", "/lab/faults", `{"on":[]}{"on":[]}`, 400, `something after the JSON object`},
		{"a click", "/lab/click", `{"user":"otto","channel":"#helpdesk","ts":"` + ts + `","action_id":"go"}`, 200, `"acknowledged":true`},
		{"a click on a menu", "/lab/click", `{"user":"otto","channel":"#helpdesk","ts":"` + ts + `","action_id":"pick","selected":"one"}`, 200, `"acknowledged":true`},
		{"a click without an action", "/lab/click", `{"user":"otto","channel":"#helpdesk","ts":"` + ts + `"}`, 400, `action_id`},
		{"a submission without a modal", "/lab/submit", `{"user":"otto","view_id":"V1","values":{}}`, 200, `no open modal`},
		{"closing nothing", "/lab/close", `{"user":"otto"}`, 200, `no open modal`},
		{"opening the Home", "/lab/home", `{"user":"vera"}`, 200, `"acknowledged":true`},
		{"a shortcut", "/lab/shortcut", `{"user":"vera","callback_id":"look_up"}`, 200, `"acknowledged":true`},
		{"a fault", "/lab/faults", `{"on":["slack-slow"]}`, 200, `"id":"slack-slow"`},
		{"the fault again off", "/lab/faults", `{"off":["slack-slow"]}`, 200, `"id":"slack-slow"`},
		{"an unknown fault", "/lab/faults", `{"on":["slack-gremlins"]}`, 400, `unknown fault`},
		{"a fault of an estate that is not there", "/lab/faults", `{"on":["staging-mode"]}`, 400, `no estate`},
		{"the clock of an estate that is not there", "/lab/clock", `{"advance":"3h"}`, 404, `no estate`},
		{"a clock turned back", "/lab/clock", `{"advance":"-3h"}`, 400, `moves forward`},
		{"a clock moved by words", "/lab/clock", `{"advance":"soon"}`, 400, `moves forward`},
		{"a clock moved by a number", "/lab/clock", `{"advance":3}`, 400, `The field \"advance\" of the body has to be a text.`},
		{"a path that is not there", "/lab/nothing", `{}`, 404, `not part of the control API`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			status, body := l.post(tc.path, tc.body)
			if status != tc.status || !strings.Contains(body, tc.want) || !json.Valid([]byte(body)) {
				t.Errorf("answered %d %s", status, body)
			}
			for _, word := range []string{"json:", "unmarshal", "Go struct", "time:", "EOF"} {
				if strings.Contains(body, word) {
					t.Errorf("%q is no sentence for people", body)
				}
			}
		})
	}
}

func TestLookingThroughSomebodysEyes(t *testing.T) {
	l := startLab(t, nil)
	mustOK(t, l.form("chat.postMessage", "channel", helpdeskID, "text", "to all"))
	mustOK(t, l.form("chat.postEphemeral", "channel", helpdeskID, "user", viewerID, "text", "to Vera"))
	for _, tc := range []struct {
		query string
		want  []string
	}{
		{"channel=helpdesk&as=vera", []string{"to all", "to Vera"}},
		{"channel=%23helpdesk&as=U0OPER", []string{"to all"}},
		{"channel=helpdesk&as=sam", nil},
	} {
		var raw json.RawMessage
		if status := l.get("/lab/messages?"+tc.query, &raw); status != http.StatusOK || raw[0] != '[' {
			t.Fatalf("%s answered %d %s", tc.query, status, raw)
		}
		var messages []SeenMessage
		if err := json.Unmarshal(raw, &messages); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range messages {
			got = append(got, m.Text)
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s: %s", tc.query, diff)
		}
	}
	var people, channels, faults []map[string]any
	l.get("/lab/people", &people)
	l.get("/lab/channels", &channels)
	l.get("/lab/faults", &faults)
	for _, row := range append(people, channels...) {
		if row["id"] == "" || row["name"] == "" || row["roles"] == nil {
			t.Errorf("row lacks id, name or roles: %v", row)
		}
	}
	if len(faults) != len(workspaceFaults) {
		t.Errorf("%d faults are listed", len(faults))
	}
	var refused map[string]any
	if status := l.get("/lab/messages?channel=helpdesk", &refused); status != http.StatusBadRequest {
		t.Errorf("nobody's eyes answered %d %v", status, refused)
	}
	var home OpenView
	if l.get("/lab/home?as=vera", &home); home.Type != "home" || home.Blocks == nil {
		t.Errorf("an unpublished Home is %+v", home)
	}
	var views []OpenView
	if l.get("/lab/views?as=vera", &views); views == nil {
		t.Error("no views is not a list")
	}
	var users map[string]any
	if status := l.get("/lab/users", &users); status != http.StatusNotFound {
		t.Errorf("users without an estate answered %d", status)
	}
}

func TestForeignNamesAndSitesAreKeptOut(t *testing.T) {
	l := startLab(t, nil)
	host := strings.TrimPrefix(l.url, "http://")
	_, port, _ := strings.Cut(host, ":")
	for _, tc := range []struct {
		name   string
		method string
		host   string
		header []string
		want   int
	}{
		{"its own page", "POST", host, []string{"Origin", "http://" + host}, 200},
		{"a program", "POST", host, nil, 200},
		{"localhost", "POST", "localhost:" + port, nil, 200},
		{"IPv6 loopback", "GET", "[::1]:" + port, nil, 200},
		{"a rebound name", "GET", "evil.example.test", nil, 403},
		{"a rebound name that looks like loopback", "GET", "127.0.0.1.example.test", nil, 403},
		{"another site's page", "POST", host, []string{"Origin", "https://evil.example.test"}, 403},
		{"another port on this machine", "POST", host, []string{"Origin", "http://127.0.0.1:1"}, 403},
		{"a sandboxed page", "POST", host, []string{"Origin", "null"}, 403},
		{"a browser that says cross-site", "POST", host, []string{"Sec-Fetch-Site", "cross-site"}, 403},
	} {
		t.Run(tc.name, func(t *testing.T) {
			header := append([]string{"Host", tc.host}, tc.header...)
			if got := l.do(tc.method, "/lab/faults", jsonType, `{}`, header...); got.status != tc.want {
				t.Errorf("answered %d, want %d", got.status, tc.want)
			}
		})
	}
}
