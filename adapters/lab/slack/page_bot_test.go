package slack

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// pageBot is an app on the other end of the wire: it answers /pwsync with a
// card, replaces the card when asked again, opens a modal, minds what is
// written in it, and fills the App Home.
type pageBot struct {
	*app
	t    *testing.T
	card json.RawMessage

	mu     sync.Mutex
	closed int // modals that people closed
}

func startPageBot(l *lab) *pageBot {
	l.t.Helper()
	card, err := json.Marshal(cardBlocks(l.t, "user_card.json"))
	if err != nil {
		l.t.Fatal(err)
	}
	b := &pageBot{app: l.connect(), t: l.t, card: card}
	var running sync.WaitGroup
	running.Go(func() {
		for e := range b.inbox {
			b.handle(e)
		}
	})
	l.t.Cleanup(func() {
		_ = b.ws.CloseNow()
		running.Wait()
	})
	return b
}

func (b *pageBot) handle(e received) {
	switch e.Type {
	case "slash_commands":
		b.slash(e)
	case "events_api":
		b.ack(e.ID, nil)
		event, _ := e.Payload["event"].(map[string]any)
		b.call("views.publish", map[string]any{"user_id": event["user"], "view": json.RawMessage(homeView)})
	case "interactive":
		b.interactive(e)
	}
}

const homeView = `{"type":"home","blocks":[{"type":"header","text":{"type":"plain_text","text":"Nothing waits for you"}},` +
	`{"type":"actions","elements":[{"type":"button","action_id":"home_check","text":{"type":"plain_text","text":"Check Health"}}]}]}`

func (b *pageBot) slash(e received) {
	text, _ := e.Payload["text"].(string)
	url, _ := e.Payload["response_url"].(string)
	switch {
	case text == "silence":
		return // the app hangs
	case strings.HasPrefix(text, "share"):
		b.ack(e.ID, nil)
		b.respond(url, map[string]any{"response_type": "in_channel", "text": "*Shared* with everyone"})
	default:
		b.ack(e.ID, nil)
		b.respond(url, map[string]any{"text": "Mona Berg has a temporary password.", "blocks": b.card})
	}
}

func (b *pageBot) interactive(e received) {
	switch e.Payload["type"] {
	case "block_actions":
		b.ack(e.ID, nil)
		actions, _ := e.Payload["actions"].([]any)
		action, _ := actions[0].(map[string]any)
		url, _ := e.Payload["response_url"].(string)
		switch action["action_id"] {
		case "check_again":
			b.respond(url, map[string]any{"replace_original": true, "text": "Checked again: still blocked."})
		case "card_more":
			option, _ := action["selected_option"].(map[string]any)
			b.respond(url, map[string]any{"replace_original": false, "text": "Chosen: " + option["value"].(string)})
		case "push":
			b.call("views.open", map[string]any{"trigger_id": e.Payload["trigger_id"], "view": json.RawMessage(reasonView)})
		}
	case "view_submission":
		view, _ := e.Payload["view"].(map[string]any)
		state, _ := json.Marshal(view["state"])
		if !strings.Contains(string(state), "INC-") {
			b.ack(e.ID, map[string]any{"response_action": "errors", "errors": map[string]string{"reason": "Name the ticket, for example INC-4711."}})
			return
		}
		b.ack(e.ID, nil)
		b.call("chat.postMessage", map[string]any{"channel": helpdeskID, "text": "Push requested: " + string(state)})
	case "view_closed":
		b.ack(e.ID, nil)
		b.mu.Lock()
		b.closed++
		b.mu.Unlock()
	}
}

const reasonView = `{"type":"modal","callback_id":"push","title":{"type":"plain_text","text":"Push Password"},` +
	`"submit":{"type":"plain_text","text":"Push"},"close":{"type":"plain_text","text":"Cancel"},"notify_on_close":true,"blocks":[` +
	`{"type":"input","block_id":"reason","label":{"type":"plain_text","text":"Reason"},"hint":{"type":"plain_text","text":"It goes into the audit."},` +
	`"element":{"type":"plain_text_input","action_id":"text"}},` +
	`{"type":"input","block_id":"urgency","label":{"type":"plain_text","text":"Urgency"},"element":{"type":"radio_buttons","action_id":"pick",` +
	`"options":[{"text":{"type":"plain_text","text":"Now"},"value":"now"},{"text":{"type":"plain_text","text":"Tonight"},"value":"tonight"}],` +
	`"initial_option":{"text":{"type":"plain_text","text":"Now"},"value":"now"}}},` +
	`{"type":"input","block_id":"also","optional":true,"label":{"type":"plain_text","text":"Also"},"element":{"type":"checkboxes","action_id":"box",` +
	`"options":[{"text":{"type":"plain_text","text":"Tell the caller"},"value":"tell"}]}},` +
	`{"type":"input","block_id":"where","optional":true,"label":{"type":"plain_text","text":"Where"},"element":{"type":"static_select","action_id":"forest",` +
	`"options":[{"text":{"type":"plain_text","text":"corp"},"value":"corp"},{"text":{"type":"plain_text","text":"eu"},"value":"eu"}]}}]}`

// respond posts to a response URL. It runs beside the test, so it reports
// and does not stop.
func (b *pageBot) respond(url string, body map[string]any) {
	raw, err := json.Marshal(body)
	if err != nil {
		b.t.Error(err)
		return
	}
	resp, err := http.Post(url, "application/json", strings.NewReader(string(raw)))
	if err != nil {
		b.t.Error(err)
		return
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		b.t.Errorf("response URL answered %d", resp.StatusCode)
	}
}

func (b *pageBot) call(method string, body map[string]any) {
	raw, err := json.Marshal(body)
	if err != nil {
		b.t.Error(err)
		return
	}
	req, err := http.NewRequest(http.MethodPost, b.l.url+"/api/"+method, strings.NewReader(string(raw)))
	if err != nil {
		b.t.Error(err)
		return
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+testBotToken)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		b.t.Error(err)
		return
	}
	defer func() { _ = resp.Body.Close() }()
	var answer map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || answer["ok"] != true {
		b.t.Errorf("%s: %v %v", method, answer, err)
	}
}

func (b *pageBot) closedModals() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.closed
}
