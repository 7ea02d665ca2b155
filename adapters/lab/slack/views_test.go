package slack

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// trigger runs a command, acknowledges it, and returns its trigger id.
func (l *lab) trigger(a *app) string {
	l.t.Helper()
	wait := l.slash("x")
	e := a.next()
	a.ack(e.ID, nil)
	wait()
	return e.Payload["trigger_id"].(string)
}

// open opens askView for Vera and returns its wire form.
func (l *lab) open(a *app) map[string]any {
	l.t.Helper()
	got := mustOK(l.t, l.api("views.open", testBotToken, map[string]any{"trigger_id": l.trigger(a), "view": decoded(l.t, askView)}))
	return got["view"].(map[string]any)
}

func decoded(t *testing.T, raw string) map[string]any {
	t.Helper()
	o, err := decodeObject([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (l *lab) submit(values map[string]any) func() Outcome {
	return doing(l.t, func() (Outcome, error) { return l.Submit(context.Background(), viewerID, "", values) })
}

func TestATriggerOpensOneModalWithinThreeSeconds(t *testing.T) {
	l := startLab(t, nil)
	a := l.connect()
	id := l.trigger(a)
	open := func(id string) map[string]any {
		return l.form("views.open", "trigger_id", id, "view", askView)
	}
	mustOK(t, open(id))
	if got := open(id); got["error"] != "exchanged_trigger_id" {
		t.Errorf("second use: %v", got)
	}
	if got := open("1.2.x"); got["error"] != "invalid_trigger_id" {
		t.Errorf("made up: %v", got)
	}
	late := startLab(t, nil, func(tm *timing) { tm.trigger = 0 })
	id = late.trigger(late.connect())
	if got := late.form("views.open", "trigger_id", id, "view", askView); got["error"] != "expired_trigger_id" {
		t.Errorf("late: %v", got)
	}
	if slackTiming().trigger != 3*time.Second {
		t.Error("Slack gives a trigger three seconds")
	}
}

func TestViewsAreStackedThreeDeep(t *testing.T) {
	l := startLab(t, nil)
	a := l.connect()
	if got := l.form("views.push", "trigger_id", l.trigger(a), "view", askView); got["error"] != "not_found" {
		t.Errorf("push upon nothing: %v", got)
	}
	l.open(a)
	for range maxStack - 1 {
		mustOK(t, l.form("views.push", "trigger_id", l.trigger(a), "view", askView))
	}
	if got := l.form("views.push", "trigger_id", l.trigger(a), "view", askView); got["error"] != "push_limit_reached" {
		t.Errorf("fourth view: %v", got)
	}
	if n := len(l.Views(viewerID)); n != maxStack {
		t.Errorf("%d views are open", n)
	}
}

func TestUpdatingAViewNeedsItsNewestHash(t *testing.T) {
	l := startLab(t, nil)
	v := l.open(l.connect())
	id, hash := v["id"].(string), v["hash"].(string)
	update := func(hash string) map[string]any {
		return l.form("views.update", "view_id", id, "hash", hash, "view", strings.Replace(askView, "Look up", "Changed", 1))
	}
	mustOK(t, update(hash))
	if got := update(hash); got["error"] != "hash_conflict" {
		t.Errorf("old hash: %v", got)
	}
	mustOK(t, update(""))
	if got := l.Views(viewerID)[0].Title; got != "Changed" {
		t.Errorf("title is %q", got)
	}
	if got := l.form("views.update", "view_id", "V0NONE", "view", askView); got["error"] != "not_found" {
		t.Errorf("unknown view: %v", got)
	}
}

func TestViewLimits(t *testing.T) {
	l := startLab(t, nil)
	a := l.connect()
	home := func(view string) map[string]any { return l.form("views.publish", "user_id", viewerID, "view", view) }
	text := strings.Repeat("x", 3000)
	block := `{"type":"section","text":{"type":"mrkdwn","text":"` + text + `"}}`
	for _, tc := range []struct{ name, view, want string }{
		{"a Home without a title", `{"type":"home","blocks":[{"type":"divider"}]}`, ""},
		{"a Home without blocks", `{"type":"home","blocks":null}`, "invalid_arguments"},
		{"a modal is not published", askView, "invalid_arguments"},
		{"a view over 250 kB", `{"type":"home","blocks":[` + strings.Repeat(block+",", 90) + block + `]}`, "view_too_large"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got, _ := home(tc.view)["error"].(string); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
	for _, tc := range []struct{ name, view, pointer string }{
		{"a title of 25 characters", strings.Replace(askView, `"text":"Look up"`, `"text":"`+strings.Repeat("é", 25)+`"`, 1), "/view/title/text"},
		{"inputs without a submit button", strings.Replace(askView, `"submit":`, `"private_metadata":"","x_submit":`, 1), "/view/submit"},
		{"private metadata over 3,000", strings.Replace(askView, `"submit":`, `"private_metadata":"`+text+`y","submit":`, 1), "/view/private_metadata"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := l.form("views.open", "trigger_id", l.trigger(a), "view", tc.view)
			messages := fmt.Sprint(got["response_metadata"])
			if got["error"] != "invalid_arguments" || !strings.Contains(messages, tc.pointer) {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestASubmissionCarriesItsValuesAndClosesTheModal(t *testing.T) {
	for _, tc := range []struct {
		name   string
		values map[string]any
	}{
		{"by block and action", map[string]any{"who": map[string]any{"name": "CN=Doe\\, J"}, "how": map[string]any{"mode": "fast"}}},
		{"flat by action", map[string]any{"name": "CN=Doe\\, J", "mode": "fast"}},
		{"flat by block", map[string]any{"who": "CN=Doe\\, J", "how": "fast"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := startLab(t, nil)
			a := l.connect()
			l.open(a)
			wait := l.submit(tc.values)
			e := a.next()
			values := e.Payload["view"].(map[string]any)["state"].(map[string]any)["values"].(map[string]any)
			who := values["who"].(map[string]any)["name"].(map[string]any)
			mode := values["how"].(map[string]any)["mode"].(map[string]any)["selected_option"].(map[string]any)
			if e.Payload["type"] != "view_submission" || who["value"] != "CN=Doe\\, J" || mode["value"] != "fast" || !e.Accepts {
				t.Fatalf("payload is %v", e.Payload)
			}
			a.ack(e.ID, nil)
			if o := wait(); !o.Acknowledged || o.Error != "" {
				t.Fatalf("outcome is %+v", o)
			}
			if got := l.Views(viewerID); len(got) != 0 {
				t.Errorf("the modal stayed: %v", got)
			}
		})
	}
}

func TestWhatSlacksClientRefusesIsNotSubmitted(t *testing.T) {
	l := startLab(t, nil)
	a := l.connect()
	l.open(a)
	if o := l.submit(nil)(); o.Acknowledged || !strings.Contains(o.Error, "required") {
		t.Errorf("an empty required field: %+v", o)
	}
	if got := l.Views(viewerID)[0].Errors["who"]; got == "" {
		t.Error("the error is not shown in the modal")
	}
	if o := l.submit(map[string]any{"nick": "x"})(); !strings.Contains(o.Error, "nick") {
		t.Errorf("a name that no input has: %+v", o)
	}
	if o := l.submit(map[string]any{"name": "x", "mode": "warp"})(); !strings.Contains(o.Error, "warp") {
		t.Errorf("an option that is not offered: %+v", o)
	}
	a.none(50 * time.Millisecond)
}

func TestAnswersToASubmission(t *testing.T) {
	other := decoded(t, strings.Replace(askView, "Look up", "Next", 1))
	for _, tc := range []struct {
		name   string
		answer any
		fails  bool
		titles []string
	}{
		{"nothing closes the modal", nil, false, nil},
		{"errors stay in the modal", map[string]any{"response_action": "errors", "errors": map[string]string{"who": "nobody"}}, false, []string{"Look up"}},
		{"errors for what is no input", map[string]any{"response_action": "errors", "errors": map[string]string{"name": "nobody"}}, true, []string{"Look up"}},
		{"errors without errors", map[string]any{"response_action": "errors"}, true, []string{"Look up"}},
		{"update replaces", map[string]any{"response_action": "update", "view": other}, false, []string{"Next"}},
		{"push stacks", map[string]any{"response_action": "push", "view": other}, false, []string{"Look up", "Next"}},
		{"an invalid view", map[string]any{"response_action": "update", "view": map[string]any{"type": "modal"}}, true, []string{"Look up"}},
		{"clear closes all", map[string]any{"response_action": "clear"}, false, nil},
		{"something unheard of", map[string]any{"response_action": "dance"}, true, []string{"Look up"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := startLab(t, nil)
			a := l.connect()
			l.open(a)
			wait := l.submit(map[string]any{"name": "x"})
			a.ack(a.next().ID, tc.answer)
			if o := wait(); !o.Acknowledged || (o.Error == modalFailed) != tc.fails {
				t.Errorf("outcome is %+v", o)
			}
			var titles []string
			for _, v := range l.Views(viewerID) {
				titles = append(titles, v.Title)
			}
			if diff := cmp.Diff(tc.titles, titles); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAModalThatIsNotAnsweredShowsTroubleConnecting(t *testing.T) {
	l := startLab(t, nil)
	a := l.connect()
	l.open(a)
	if o := l.submit(map[string]any{"name": "x"})(); o.Acknowledged || o.Error != modalFailed {
		t.Errorf("outcome is %+v", o)
	}
	if len(l.Views(viewerID)) != 1 {
		t.Error("the modal closed")
	}
}

func TestClosingAModalTellsTheApp(t *testing.T) {
	l := startLab(t, nil)
	a := l.connect()
	l.open(a)
	wait := doing(t, func() (Outcome, error) { return l.CloseView(context.Background(), viewerID, "", true) })
	e := a.next()
	a.ack(e.ID, nil)
	if o := wait(); !o.Acknowledged || e.Payload["type"] != "view_closed" || e.Payload["is_cleared"] != true {
		t.Errorf("outcome %+v, payload %v", o, e.Payload)
	}
}

func TestOpeningTheHomeTellsTheAppWhichPublishesIt(t *testing.T) {
	l := startLab(t, nil)
	a := l.connect()
	wait := doing(t, func() (Outcome, error) { return l.OpenHome(context.Background(), "vera") })
	e := a.next()
	a.ack(e.ID, nil)
	if o := wait(); !o.Acknowledged {
		t.Errorf("outcome is %+v", o)
	}
	event := e.Payload["event"].(map[string]any)
	if event["type"] != "app_home_opened" || event["user"] != viewerID || event["tab"] != "home" {
		t.Errorf("event is %v", event)
	}
	mustOK(t, l.form("views.publish", "user_id", viewerID, "view", `{"type":"home","blocks":`+buttonBlocks+`}`))
	home, ok := l.Home(viewerID)
	if !ok || home.Type != "home" || len(home.Blocks) != 1 {
		t.Fatalf("home is %+v", home)
	}
	click := doing(t, func() (Outcome, error) {
		return l.Click(context.Background(), Click{User: viewerID, ViewID: home.ID, ActionID: "go"})
	})
	e = a.next()
	a.ack(e.ID, nil)
	click()
	if container := e.Payload["container"].(map[string]any); container["view_id"] != home.ID {
		t.Errorf("container is %v", container)
	}
	if _, given := e.Payload["response_url"]; given {
		t.Error("a click in a view has no response_url")
	}
}
