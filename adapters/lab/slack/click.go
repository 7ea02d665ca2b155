package slack

import (
	"context"
	"fmt"
	"time"
)

// Click is one person's use of a button, a menu or another element, in a
// message, a modal or the App Home.
type Click struct {
	User    string `json:"user"`
	Channel string `json:"channel"`
	TS      string `json:"ts"`
	// ViewID names a modal or a Home instead of channel and ts. Without any of
	// the three, the modal on top is meant, else the Home.
	ViewID   string `json:"view_id"`
	BlockID  string `json:"block_id"`
	ActionID string `json:"action_id"`
	// Value tells buttons with the same action id apart.
	Value string `json:"value"`
	// Selected is what was picked: an option's value, an id, a date or a
	// text; a list for elements that take several.
	Selected any `json:"selected"`
}

// Click acts on an element and returns when the app has acknowledged it or
// Slack has lost patience.
func (w *Workspace) Click(ctx context.Context, c Click) (Outcome, error) {
	if c.ActionID == "" {
		return Outcome{}, malformed("A click needs the action_id of what is clicked.")
	}
	if c.ViewID != "" || c.Channel == "" && c.TS == "" {
		return w.clickView(ctx, c)
	}
	p, ch, err := w.actor(c.User, c.Channel)
	if err != nil {
		return Outcome{}, err
	}
	payload, problem := w.messageClick(p, ch, c)
	return w.dispatchClick(ctx, payload, problem)
}

func (w *Workspace) clickView(ctx context.Context, c Click) (Outcome, error) {
	p, ok := w.findPerson(c.User)
	if !ok {
		return Outcome{}, malformed("There is no person %q here.", c.User)
	}
	payload, problem := w.viewClick(p, c)
	return w.dispatchClick(ctx, payload, problem)
}

// dispatchClick sends a click on its way. A payload of nil without a problem
// is a choice in a form that the app hears of when it is submitted.
func (w *Workspace) dispatchClick(ctx context.Context, payload object, problem string) (Outcome, error) {
	switch {
	case problem != "":
		return refused("%s", problem), nil
	case payload == nil:
		return Outcome{Acknowledged: true}, nil
	}
	start := time.Now()
	_, err := w.delivery.command(ctx, parcel{kind: kindInteractive, payload: payload})
	return outcome(start, err, buttonFailed), nil
}

// messageClick builds the payload of a click in a message.
func (w *Workspace) messageClick(p Person, ch *channel, c Click) (object, string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if problem := mayAct(p, ch); problem != "" {
		return nil, problem
	}
	m := ch.visible(c.TS, p.ID)
	if m == nil {
		return nil, "This message is not there any more, or not for you to see."
	}
	at, problem := findElement(m.blocks, c.BlockID, c.ActionID, c.Value)
	if problem != "" {
		return nil, problem
	}
	state := keepState(m.state[p.ID], m.blocks)
	action, problem := actOn(at, c.Selected, state)
	if problem != "" {
		return nil, problem
	}
	m.remember(p.ID, state)
	if !dispatches(at) {
		return nil, ""
	}
	action["action_ts"] = w.newTS()
	payload := w.interaction("block_actions", p)
	container := object{"type": "message", "message_ts": m.ts, "channel_id": ch.ID, "is_ephemeral": m.ephemeralTo != ""}
	if m.threadTS != "" {
		container["thread_ts"] = m.threadTS
	}
	payload["container"] = container
	payload["channel"] = object{"id": ch.ID, "name": payloadChannelName(ch)}
	if m.ephemeralTo == "" {
		// Slack does not send ephemeral messages back.
		payload["message"] = w.wireMessage(m)
	}
	payload["state"] = object{"values": state.copy()}
	payload["response_url"] = w.newReply(ch.ID, p.ID, m.ts)
	payload["trigger_id"] = w.newTrigger(p.ID)
	payload["actions"] = []any{action}
	return payload, ""
}

// viewClick builds the payload of a click in a modal or a Home.
func (w *Workspace) viewClick(p Person, c Click) (object, string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	v, problem := w.clickedView(p, c)
	if problem != "" {
		return nil, problem
	}
	at, problem := findElement(v.def.blocks, c.BlockID, c.ActionID, c.Value)
	if problem != "" {
		return nil, problem
	}
	state := v.state.copy()
	action, problem := actOn(at, c.Selected, state)
	if problem != "" {
		return nil, problem
	}
	v.state = state
	if !dispatches(at) {
		return nil, ""
	}
	action["action_ts"] = w.newTS()
	payload := w.interaction("block_actions", p)
	payload["container"] = object{"type": "view", "view_id": v.id}
	payload["view"] = w.wireView(v, state.copy())
	payload["trigger_id"] = w.newTrigger(p.ID)
	payload["actions"] = []any{action}
	return payload, ""
}

// clickedView finds the view that a click is in: the one that it names, else the
// modal on top if what is clicked is there, else the Home. The caller holds the
// lock.
func (w *Workspace) clickedView(p Person, c Click) (*view, string) {
	home := w.views.homes[p.ID]
	if c.ViewID != "" || home == nil {
		return w.visibleView(p, c.ViewID)
	}
	if top, problem := w.visibleView(p, ""); problem == "" {
		_, missing := findElement(top.def.blocks, c.BlockID, c.ActionID, c.Value)
		_, elsewhere := findElement(home.def.blocks, c.BlockID, c.ActionID, c.Value)
		if missing == "" || elsewhere != "" {
			return top, ""
		}
	}
	return home, ""
}

// visibleView finds the view that a person acts in: their Home, or the modal
// on top of their stack. An empty id is the modal on top. The caller holds
// the lock.
func (w *Workspace) visibleView(p Person, id string) (*view, string) {
	if home := w.views.homes[p.ID]; home != nil && home.id == id {
		return home, ""
	}
	stack := w.views.stack(p.ID)
	if len(stack) == 0 {
		return nil, "There is no open modal."
	}
	top := stack[len(stack)-1]
	if id == "" || top.id == id {
		return top, ""
	}
	for _, v := range stack {
		if v.id == id {
			return nil, "Another modal lies on top of this one."
		}
	}
	return nil, "This view is not open any more."
}

// remember keeps a person's choices with the message, for a bounded number of
// people.
func (m *message) remember(person string, state stateValues) {
	if len(state) == 0 {
		return
	}
	if m.state == nil {
		m.state = map[string]stateValues{}
	}
	if _, known := m.state[person]; !known && len(m.state) >= maxReplyState {
		for other := range m.state {
			delete(m.state, other)
			break
		}
	}
	m.state[person] = state
}

// dispatches tells whether acting on an element is sent to the app at once:
// inside input blocks only when they ask for it.
func dispatches(at placed) bool {
	if !at.inInput {
		return true
	}
	asked, _ := at.block["dispatch_action"].(bool)
	return asked
}

// actOn puts what was picked into the state and returns the action as the
// payload carries it.
func actOn(at placed, picked any, state stateValues) (object, string) {
	kind := str(at.element["type"])
	action := object{"type": kind, "block_id": at.blockID, "action_id": at.element["action_id"]}
	switch kind {
	case "button", "workflow_button", "icon_button":
		for _, name := range []string{"text", "value", "style", "url", "confirm"} {
			if v, ok := at.element[name]; ok {
				action[name] = v
			}
		}
		return action, ""
	case "overflow":
		option, problem := optionOf(at.element, picked)
		action["selected_option"] = option
		return action, problem
	case "feedback_buttons":
		action["value"] = fmt.Sprint(picked)
		return action, ""
	case "file_input":
		return nil, "Files are not part of this workspace."
	}
	chosen, problem := choose(at.element, picked)
	if problem != "" {
		return nil, problem
	}
	state.put(at.blockID, str(at.element["action_id"]), chosen)
	for name, v := range chosen {
		action[name] = v
	}
	for _, name := range []string{"placeholder", statefulElements[kind].initial} {
		if v, ok := at.element[name]; ok {
			action[name] = v
		}
	}
	return action, ""
}

// interaction is what every interaction payload has in common.
func (w *Workspace) interaction(kind string, p Person) object {
	return object{
		"type":                  kind,
		"token":                 w.cfg.VerificationToken,
		"api_app_id":            w.cfg.AppID,
		"team":                  object{"id": w.cfg.Team.ID, "domain": w.cfg.Team.Domain},
		"user":                  object{"id": p.ID, "username": p.Name, "name": p.Name, "team_id": p.TeamID},
		"enterprise":            nil,
		"is_enterprise_install": false,
	}
}
