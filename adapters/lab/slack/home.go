package slack

import (
	"context"
	"time"
)

// OpenHome opens the app's Home tab as a person, which tells the app by an
// event. The outcome is that of the event's first delivery; Slack shows no
// error when it fails, only an old or empty Home.
func (w *Workspace) OpenHome(ctx context.Context, user string) (Outcome, error) {
	p, ok := w.findPerson(user)
	if !ok {
		return Outcome{}, malformed("There is no person %q here.", user)
	}
	if p.Deleted {
		return refused("This account was deactivated."), nil
	}
	payload := w.homeOpened(p)
	start := time.Now()
	err := w.delivery.event(ctx, parcel{kind: kindEvent, payload: payload})
	out := outcome(start, err, "")
	if err != nil {
		out.Error = "The app did not take the event: " + err.Error() + "."
	}
	return out, nil
}

// homePatience is how long somebody who looks at their Home waits for the app to
// publish one.
const homePatience = 3 * time.Second

// shownHome is what a person sees who opens the Home tab. Where the app has not
// published anything yet, opening the tab is what makes it do so.
func (w *Workspace) shownHome(ctx context.Context, p Person) (OpenView, bool) {
	home, ok := w.Home(p.ID)
	if ok {
		return home, true
	}
	ctx, cancel := context.WithTimeout(ctx, homePatience)
	defer cancel()
	changed, end := w.hub.subscribe()
	defer end()
	if out, err := w.OpenHome(ctx, p.ID); err != nil || !out.Acknowledged {
		return w.Home(p.ID)
	}
	for {
		if home, ok = w.Home(p.ID); ok {
			return home, true
		}
		select {
		case <-ctx.Done():
			return OpenView{}, false
		case _, open := <-changed:
			if !open {
				return OpenView{}, false
			}
		}
	}
}

func (w *Workspace) homeOpened(p Person) object {
	w.mu.Lock()
	defer w.mu.Unlock()
	event := object{
		"type":     "app_home_opened",
		"user":     p.ID,
		"channel":  w.directMessage(p.ID).ID,
		"tab":      "home",
		"event_ts": w.newTS(),
	}
	if v := w.views.homes[p.ID]; v != nil {
		event["view"] = w.wireView(v, v.state.copy())
	}
	return w.eventCallback(event)
}

// eventCallback wraps an event as the Events API does. The caller holds the
// lock.
func (w *Workspace) eventCallback(event object) object {
	return object{
		"type":                  "event_callback",
		"token":                 w.cfg.VerificationToken,
		"team_id":               w.cfg.Team.ID,
		"api_app_id":            w.cfg.AppID,
		"event":                 event,
		"event_id":              w.newID("Ev"),
		"event_time":            time.Now().Unix(),
		"is_ext_shared_channel": false,
		"authorizations": []any{object{
			"enterprise_id":         nil,
			"team_id":               w.cfg.Team.ID,
			"user_id":               w.cfg.Bot.UserID,
			"is_bot":                true,
			"is_enterprise_install": false,
		}},
	}
}

// UseShortcut picks one of the app's shortcuts; a message shortcut needs the
// channel and timestamp of its message.
func (w *Workspace) UseShortcut(ctx context.Context, user, callbackID, channelName, ts string) (Outcome, error) {
	p, ok := w.findPerson(user)
	if !ok {
		return Outcome{}, malformed("There is no person %q here.", user)
	}
	for _, s := range w.cfg.Shortcuts {
		if s.CallbackID == callbackID {
			return w.runShortcut(ctx, p, s, channelName, ts)
		}
	}
	return Outcome{}, malformed("The app has no shortcut %q.", callbackID)
}

func (w *Workspace) runShortcut(ctx context.Context, p Person, s Shortcut, channelName, ts string) (Outcome, error) {
	var ch *channel
	if s.OnMessage {
		var err error
		if _, ch, err = w.actor(p.ID, channelName); err != nil {
			return Outcome{}, err
		}
	}
	payload, problem := w.shortcutPayload(p, s, ch, ts)
	if problem != "" {
		return refused("%s", problem), nil
	}
	start := time.Now()
	_, err := w.delivery.command(ctx, parcel{kind: kindInteractive, payload: payload})
	return outcome(start, err, "The app did not respond to the shortcut."), nil
}

func (w *Workspace) shortcutPayload(p Person, s Shortcut, ch *channel, ts string) (object, string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	payload := w.interaction("shortcut", p)
	payload["callback_id"] = s.CallbackID
	payload["action_ts"] = w.newTS()
	payload["trigger_id"] = w.newTrigger(p.ID)
	if !s.OnMessage {
		if p.Deleted {
			return nil, "This account was deactivated."
		}
		return payload, ""
	}
	if problem := mayAct(p, ch); problem != "" {
		return nil, problem
	}
	m := ch.visible(ts, p.ID)
	if m == nil || m.ephemeralTo != "" {
		return nil, "Shortcuts work on messages that everybody in the channel sees."
	}
	payload["type"] = "message_action"
	payload["channel"] = object{"id": ch.ID, "name": payloadChannelName(ch)}
	payload["message_ts"] = m.ts
	payload["message"] = w.wireMessage(m)
	payload["response_url"] = w.newReply(ch.ID, p.ID, m.ts)
	return payload, ""
}
