package slack

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// click clicks as a person and acknowledges; it returns the payload.
func (l *lab) click(a *app, c Click) map[string]any {
	l.t.Helper()
	wait := doing(l.t, func() (Outcome, error) { return l.Click(context.Background(), c) })
	e := a.next()
	a.ack(e.ID, nil)
	if o := wait(); !o.Acknowledged || o.Error != "" {
		l.t.Fatalf("outcome is %+v", o)
	}
	return e.Payload
}

func (l *lab) postButtons() string {
	l.t.Helper()
	return mustOK(l.t, l.form("chat.postMessage", "channel", helpdeskID, "text", "buttons", "blocks", buttonBlocks))["ts"].(string)
}

func TestAClickCarriesItsActionStateAndMessage(t *testing.T) {
	l := startLab(t, nil)
	a := l.connect()
	ts := l.postButtons()
	got := l.click(a, Click{User: operatorID, Channel: "helpdesk", TS: ts, ActionID: "pick", Selected: "two"})
	action := got["actions"].([]any)[0].(map[string]any)
	if action["selected_option"].(map[string]any)["value"] != "two" || action["block_id"] != "b1" {
		t.Errorf("action is %v", action)
	}
	got = l.click(a, Click{User: operatorID, Channel: helpdeskID, TS: ts, ActionID: "go"})
	action = got["actions"].([]any)[0].(map[string]any)
	if action["value"] != "42" || action["type"] != "button" || action["action_ts"] == "" {
		t.Errorf("action is %v", action)
	}
	state := got["state"].(map[string]any)["values"].(map[string]any)["b1"].(map[string]any)["pick"].(map[string]any)
	if state["selected_option"].(map[string]any)["value"] != "two" {
		t.Errorf("the choice made before is not in the state: %v", state)
	}
	container := got["container"].(map[string]any)
	want := map[string]any{"type": "message", "message_ts": ts, "channel_id": helpdeskID, "is_ephemeral": false}
	if diff := cmp.Diff(want, container); diff != "" {
		t.Error(diff)
	}
	if got["message"].(map[string]any)["ts"] != ts || got["user"].(map[string]any)["id"] != operatorID {
		t.Errorf("payload is %v", got)
	}
	more := l.click(a, Click{User: operatorID, Channel: helpdeskID, TS: ts, ActionID: "more", Selected: "mute"})
	if option := more["actions"].([]any)[0].(map[string]any)["selected_option"]; option.(map[string]any)["value"] != "mute" {
		t.Errorf("overflow sent %v", option)
	}
	// Another person has made no choice.
	got = l.click(a, Click{User: viewerID, Channel: helpdeskID, TS: ts, ActionID: "go"})
	state = got["state"].(map[string]any)["values"].(map[string]any)["b1"].(map[string]any)["pick"].(map[string]any)
	if state["selected_option"] != nil {
		t.Errorf("Vera has Otto's choice: %v", state)
	}
}

func TestAnEphemeralMessageIsClickedByItsReaderOnly(t *testing.T) {
	l := startLab(t, nil)
	a := l.connect()
	ts := mustOK(t, l.form("chat.postEphemeral", "channel", helpdeskID, "user", viewerID, "text", "x", "blocks", buttonBlocks))["message_ts"].(string)
	got := l.click(a, Click{User: viewerID, Channel: helpdeskID, TS: ts, ActionID: "go"})
	if got["container"].(map[string]any)["is_ephemeral"] != true {
		t.Errorf("container is %v", got["container"])
	}
	if _, sent := got["message"]; sent {
		t.Error("an ephemeral message was sent back")
	}
	o, err := l.Click(context.Background(), Click{User: operatorID, Channel: helpdeskID, TS: ts, ActionID: "go"})
	if err != nil || o.Acknowledged || !strings.Contains(o.Error, "not for you") {
		t.Errorf("Otto clicked what he cannot see: %+v, %v", o, err)
	}
}

func TestClicksThatCannotBe(t *testing.T) {
	l := startLab(t, nil)
	l.connect()
	ts := l.postButtons()
	two := mustOK(t, l.form("chat.postMessage", "channel", helpdeskID, "text", "x", "blocks",
		`[{"type":"actions","block_id":"x1","elements":[{"type":"button","action_id":"go","text":{"type":"plain_text","text":"1"}}]},`+
			`{"type":"actions","block_id":"x2","elements":[{"type":"button","action_id":"go","text":{"type":"plain_text","text":"2"}}]}]`))["ts"].(string)
	for _, tc := range []struct {
		name  string
		click Click
		want  string
	}{
		{"a message that is gone", Click{User: viewerID, Channel: helpdeskID, TS: "1.000001", ActionID: "go"}, "not there"},
		{"an action that is gone", Click{User: viewerID, Channel: helpdeskID, TS: ts, ActionID: "fly"}, "fly"},
		{"an option that is not offered", Click{User: viewerID, Channel: helpdeskID, TS: ts, ActionID: "pick", Selected: "nine"}, "nine"},
		{"a picked thing that is no option at all", Click{User: viewerID, Channel: helpdeskID, TS: ts, ActionID: "pick", Selected: []any{[]any{}}}, "by its value"},
		{"two elements of one name", Click{User: viewerID, Channel: helpdeskID, TS: two, ActionID: "go"}, "block_id"},
		{"a person outside the channel", Click{User: strangerID, Channel: helpdeskID, TS: ts, ActionID: "go"}, "not in this channel"},
		{"a deactivated person", Click{User: "U0GONE", Channel: helpdeskID, TS: ts, ActionID: "go"}, "deactivated"},
		{"a modal that is not open", Click{User: viewerID, ViewID: "V0NONE", ActionID: "go"}, "no open modal"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o, err := l.Click(context.Background(), tc.click)
			if err != nil || o.Acknowledged || !strings.Contains(o.Error, tc.want) {
				t.Errorf("got %+v, %v; want an error with %q", o, err, tc.want)
			}
		})
	}
}

func TestABlockIDOrAValueTellsElementsOfOneNameApart(t *testing.T) {
	l := startLab(t, nil)
	a := l.connect()
	ts := mustOK(t, l.form("chat.postMessage", "channel", helpdeskID, "text", "x", "blocks",
		`[{"type":"actions","block_id":"x1","elements":[{"type":"button","action_id":"go","value":"1","text":{"type":"plain_text","text":"1"}}]},`+
			`{"type":"actions","block_id":"x2","elements":[{"type":"button","action_id":"go","value":"2","text":{"type":"plain_text","text":"2"}}]}]`))["ts"].(string)
	for _, c := range []Click{{BlockID: "x2"}, {Value: "2"}} {
		c.User, c.Channel, c.TS, c.ActionID = viewerID, helpdeskID, ts, "go"
		action := l.click(a, c)["actions"].([]any)[0].(map[string]any)
		if action["block_id"] != "x2" || action["value"] != "2" {
			t.Errorf("%+v clicked %v", c, action)
		}
	}
}

func TestAClickThatIsNotAcknowledgedShowsATriangle(t *testing.T) {
	l := startLab(t, nil)
	l.connect()
	o, err := l.Click(context.Background(), Click{User: viewerID, Channel: helpdeskID, TS: l.postButtons(), ActionID: "go"})
	if err != nil || o.Acknowledged || o.Error != buttonFailed {
		t.Errorf("got %+v, %v", o, err)
	}
}

func TestGuestsAndStrangersMayActAndAreTold(t *testing.T) {
	l := startLab(t, nil)
	a := l.connect()
	for _, tc := range []struct{ name, user, channel, team string }{
		{"a guest", guestID, helpdeskID, "T0LAB"},
		{"a stranger in a shared channel", strangerID, sharedID, "T0OTHER"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			wait := doing(t, func() (Outcome, error) {
				return l.Slash(context.Background(), tc.user, tc.channel, "/pwsync", "health")
			})
			e := a.next()
			a.ack(e.ID, nil)
			if o := wait(); !o.Acknowledged || e.Payload["team_id"] != tc.team {
				t.Errorf("outcome %+v, team %v", o, e.Payload["team_id"])
			}
		})
	}
}

func TestShortcuts(t *testing.T) {
	l := startLab(t, nil)
	a := l.connect()
	ts := l.postButtons()
	run := func(callback, ts string) received {
		wait := doing(t, func() (Outcome, error) {
			return l.UseShortcut(context.Background(), viewerID, callback, helpdeskID, ts)
		})
		e := a.next()
		a.ack(e.ID, nil)
		wait()
		return e
	}
	if e := run("look_up", ""); e.Payload["type"] != "shortcut" || e.Payload["trigger_id"] == "" {
		t.Errorf("global shortcut sent %v", e.Payload)
	}
	if e := run("about_message", ts); e.Payload["type"] != "message_action" || e.Payload["message_ts"] != ts || e.Payload["response_url"] == "" {
		t.Errorf("message shortcut sent %v", e.Payload)
	}
	if _, err := l.UseShortcut(context.Background(), viewerID, "none", "", ""); err == nil {
		t.Error("an unknown shortcut ran")
	}
}

func TestTypedTextIsEscapedAsTheManifestAsks(t *testing.T) {
	l := startLab(t, nil)
	for _, tc := range []struct{ name, typed, want string }{
		{"markup is escaped", `a & b <c> "d"`, `a &amp; b &lt;c&gt; "d"`},
		{"an address becomes a mail link", "user vera@example.test", "user <mailto:vera@example.test|vera@example.test>"},
		{"a name becomes a mention", "user @vera now", "user <@U0VIEWER|vera> now"},
		{"a picked mention of somebody is kept", "user <@U0VIEWER>", "user <@U0VIEWER|vera>"},
		{"a mention of nobody is text", "user <@U0NOBODY> @nobody", "user &lt;@U0NOBODY&gt; @nobody"},
		{"a channel becomes a link", "in #helpdesk", "in <#C0HELP|helpdesk>"},
		{"a web address becomes a link", "see https://example.test/?a=1&b=2 now", "see <https://example.test/?a=1&amp;b=2> now"},
		{"a mail link as Slack delivers it is kept", "user <mailto:vera@example.test|vera@example.test> now", "user <mailto:vera@example.test|vera@example.test> now"},
		{"a web link as Slack delivers it is kept", "see <https://example.test/?a=1&amp;b=2> and <http://example.test|example.test>", "see <https://example.test/?a=1&amp;b=2> and <http://example.test|example.test>"},
		{"a mail link that shows another address is text", "<mailto:vera@example.test|otto@example.test>", "&lt;mailto:vera@example.test|otto@example.test&gt;"},
		{"a link of another kind is text", "<javascript:x|y> <mailto:vera>", "&lt;javascript:x|y&gt; &lt;mailto:vera&gt;"},
		{"a DN is left alone", `user CN=Doe\, Jane,OU=R&D,DC=x`, `user CN=Doe\, Jane,OU=R&amp;D,DC=x`},
		{"a name inside a word is text", "x@vera", "x@vera"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l.mu.Lock()
			got := l.escapeTyped(tc.typed)
			l.mu.Unlock()
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestCommandsThatCannotBe(t *testing.T) {
	l := startLab(t, nil)
	l.connect()
	for _, tc := range []struct{ name, user, channel, command, text, want string }{
		{"a command nobody offers", viewerID, helpdeskID, "/dance", "", "not a valid command"},
		{"a channel one is not in", operatorID, quietID, "/pwsync", "", "not in this channel"},
		{"a text longer than the composer", viewerID, helpdeskID, "/pwsync", strings.Repeat("é", slashText+1), "too long"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o, err := l.Slash(context.Background(), tc.user, tc.channel, tc.command, tc.text)
			if err != nil || o.Acknowledged || !strings.Contains(o.Error, tc.want) {
				t.Errorf("got %+v, %v", o, err)
			}
		})
	}
}

func TestFiftyPeopleAskingAtOnceAreAllAnswered(t *testing.T) {
	l := startLab(t, nil, func(tm *timing) { tm.ack = slackTiming().ack })
	apps := []*app{l.connect(), l.connect()}
	stop := make(chan struct{})
	var serving sync.WaitGroup
	for _, a := range apps {
		serving.Go(func() {
			for {
				select {
				case e := <-a.inbox:
					a.ack(e.ID, map[string]any{"text": e.Payload["text"]})
				case <-stop:
					return
				}
			}
		})
	}
	var asking sync.WaitGroup
	for range 50 {
		asking.Go(func() {
			o, err := l.Slash(context.Background(), viewerID, helpdeskID, "/pwsync", "health")
			if err != nil || !o.Acknowledged {
				t.Errorf("got %+v, %v", o, err)
			}
		})
	}
	asking.Wait()
	close(stop)
	serving.Wait()
	if n := len(l.Messages(helpdeskID, viewerID)); n != 50 {
		t.Errorf("%d answers", n)
	}
}

func TestALogIsBounded(t *testing.T) {
	l := startLab(t, nil)
	l.mu.Lock()
	ch := l.channelByID(helpdeskID)
	for range maxMessages + 50 {
		l.Workspace.post(ch, content{text: "x"}, "", "")
		l.Workspace.post(ch, content{text: "x"}, "", viewerID)
	}
	l.mu.Unlock()
	if n := len(l.Messages(helpdeskID, viewerID)); n != 2*maxMessages {
		t.Errorf("%d messages are kept", n)
	}
	l.mu.Lock()
	for range 40 {
		l.Workspace.post(ch, content{text: strings.Repeat("x", 1<<20)}, "", "")
	}
	bytes := ch.public.bytes
	for range maxTriggers + maxTriggers/2 {
		l.newTrigger(viewerID)
	}
	for range maxReplies + maxReplies/2 {
		l.newReply(helpdeskID, viewerID, "")
	}
	triggers, replies := len(l.triggers.byID), len(l.replies.byPath)
	l.mu.Unlock()
	if bytes > maxLogBytes+1<<20 {
		t.Errorf("the log holds %d bytes", bytes)
	}
	if triggers > maxTriggers || replies > maxReplies {
		t.Errorf("%d triggers and %d response URLs are kept", triggers, replies)
	}
}

func TestSubscribersHearOfChangesOnce(t *testing.T) {
	l := startLab(t, nil)
	changed, done := l.Subscribe()
	defer done()
	for range 3 {
		mustOK(t, l.form("chat.postMessage", "channel", helpdeskID, "text", "x"))
	}
	<-changed
	select {
	case <-changed:
		t.Error("three changes were three signals")
	case <-time.After(20 * time.Millisecond):
	}
}
