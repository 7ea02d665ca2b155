package slack

import (
	"encoding/json"
	"fmt"
	"net/url"
	"time"
)

// The shapes of what Slack delivers, as far as pwsync reads them. slack-go's
// own types decode the message that an interaction echoes, too, and fail as a
// whole on an element that is newer than they are. These do not look at it.

// commandPayload is a slash command.
type commandPayload struct {
	APIAppID     string `json:"api_app_id"`
	TeamID       string `json:"team_id"`
	EnterpriseID string `json:"enterprise_id"`
	UserID       string `json:"user_id"`
	ChannelID    string `json:"channel_id"`
	Command      string `json:"command"`
	Text         string `json:"text"`
	ResponseURL  string `json:"response_url"`
	TriggerID    string `json:"trigger_id"`
}

// interactionPayload is a click, a submitted dialog or a shortcut.
type interactionPayload struct {
	Type       string `json:"type"`
	APIAppID   string `json:"api_app_id"`
	CallbackID string `json:"callback_id"`
	ActionTS   string `json:"action_ts"`
	TriggerID  string `json:"trigger_id"`
	Team       struct {
		ID           string `json:"id"`
		EnterpriseID string `json:"enterprise_id"`
	} `json:"team"`
	Enterprise struct {
		ID string `json:"id"`
	} `json:"enterprise"`
	User struct {
		ID     string `json:"id"`
		TeamID string `json:"team_id"`
	} `json:"user"`
	Channel struct {
		ID string `json:"id"`
	} `json:"channel"`
	Container struct {
		MessageTS   string `json:"message_ts"`
		ChannelID   string `json:"channel_id"`
		ViewID      string `json:"view_id"`
		IsEphemeral bool   `json:"is_ephemeral"`
	} `json:"container"`
	Actions []struct {
		ActionID string `json:"action_id"`
		BlockID  string `json:"block_id"`
		Value    string `json:"value"`
		ActionTS string `json:"action_ts"`
	} `json:"actions"`
	View struct {
		ID         string `json:"id"`
		CallbackID string `json:"callback_id"`
		State      struct {
			Values map[string]map[string]struct {
				Value string `json:"value"`
			} `json:"values"`
		} `json:"state"`
	} `json:"view"`
	ResponseURL string `json:"response_url"`
}

// eventPayload is an event, or the handshake of the address they are sent to.
type eventPayload struct {
	Type         string `json:"type"`
	Challenge    string `json:"challenge"`
	APIAppID     string `json:"api_app_id"`
	TeamID       string `json:"team_id"`
	EnterpriseID string `json:"enterprise_id"`
	EventID      string `json:"event_id"`
	Event        struct {
		Type    string `json:"type"`
		User    string `json:"user"`
		Channel string `json:"channel"`
		Tab     string `json:"tab"`
	} `json:"event"`
}

// commandFields reads a slash command from a form.
func commandFields(f url.Values) commandPayload {
	return commandPayload{
		APIAppID:     f.Get("api_app_id"),
		TeamID:       f.Get("team_id"),
		EnterpriseID: f.Get("enterprise_id"),
		UserID:       f.Get("user_id"),
		ChannelID:    f.Get("channel_id"),
		Command:      f.Get("command"),
		Text:         f.Get("text"),
		ResponseURL:  f.Get("response_url"),
		TriggerID:    f.Get("trigger_id"),
	}
}

// arrival reads a slash command. Its team is the one that the person acts
// from; whether that is ours is the policy's question, which has words for it.
func (p commandPayload) arrival(at time.Time) (arrival, error) {
	if p.UserID == "" || p.Command == "" {
		return arrival{}, fmt.Errorf("read slash command: it names no user or no command")
	}
	// Without a trigger id the bot goes by the content.
	id := ""
	if p.TriggerID != "" {
		id = "command:" + digest(p.TriggerID)
	}
	return arrival{
		kind:       arrivedCommand,
		id:         id,
		at:         at,
		app:        p.APIAppID,
		enterprise: p.EnterpriseID,
		user:       p.UserID,
		userTeam:   p.TeamID,
		channel:    p.ChannelID,
		command:    p.Command,
		text:       p.Text,
		reply:      NewSecret(p.ResponseURL),
		trigger:    NewSecret(p.TriggerID),
	}, nil
}

// readCommand reads a slash command from JSON.
func readCommand(raw []byte, at time.Time) (arrival, error) {
	var p commandPayload
	if err := json.Unmarshal(raw, &p); err != nil {
		return arrival{}, fmt.Errorf("read slash command: %w", tidyJSON(err))
	}
	return p.arrival(at)
}

// readInteraction reads a click, a submitted dialog or a shortcut. One that
// pwsync has no use for gives an arrival without a kind.
func readInteraction(raw []byte, at time.Time) (arrival, error) {
	var p interactionPayload
	if err := json.Unmarshal(raw, &p); err != nil {
		return arrival{}, fmt.Errorf("read interaction: %w", tidyJSON(err))
	}
	a := arrival{
		at:         at,
		app:        p.APIAppID,
		team:       p.Team.ID,
		enterprise: first(p.Enterprise.ID, p.Team.EnterpriseID),
		user:       p.User.ID,
		userTeam:   first(p.User.TeamID, p.Team.ID),
		callback:   first(p.View.CallbackID, p.CallbackID),
		view:       first(p.Container.ViewID, p.View.ID),
		trigger:    NewSecret(p.TriggerID),
		reply:      NewSecret(p.ResponseURL),
	}
	switch {
	case p.User.ID == "":
		return arrival{}, fmt.Errorf("read interaction: it names no user")
	case p.Type == "block_actions" && len(p.Actions) > 0:
		p.click(&a)
	case p.Type == "view_submission":
		a.kind, a.text = arrivedSubmission, p.View.State.Values[askBlock][askInput].Value
		a.id = "submission:" + digest(a.user, a.view)
	case p.Type == "shortcut":
		a.kind = arrivedShortcut
		a.id = "shortcut:" + digest(a.user, a.callback, p.ActionTS)
	}
	return a, nil
}

// click fills in what was pressed. Slack sends one action a payload.
func (p interactionPayload) click(a *arrival) {
	pressed := p.Actions[0]
	a.kind = arrivedClick
	a.channel = first(p.Container.ChannelID, p.Channel.ID)
	a.message, a.ephemeral = p.Container.MessageTS, p.Container.IsEphemeral
	a.action, a.value = actionName(pressed.ActionID), pressed.Value
	a.id = "click:" + digest(a.user, a.channel, a.message, a.view, pressed.ActionID, pressed.Value, pressed.ActionTS)
}

// readEvent reads an event. One that pwsync has no use for gives an arrival
// without a kind.
func readEvent(raw []byte, at time.Time) (eventPayload, arrival, error) {
	var p eventPayload
	if err := json.Unmarshal(raw, &p); err != nil {
		return p, arrival{}, fmt.Errorf("read event: %w", tidyJSON(err))
	}
	a := arrival{
		id:         "event:" + digest(p.EventID),
		at:         at,
		app:        p.APIAppID,
		team:       p.TeamID,
		enterprise: p.EnterpriseID,
		user:       p.Event.User,
		userTeam:   p.TeamID,
		channel:    p.Event.Channel,
	}
	if p.Event.Type == "app_home_opened" && p.Event.User != "" && (p.Event.Tab == "" || p.Event.Tab == "home") {
		a.kind = arrivedHome
	}
	return p, a, nil
}

// first returns the first text that is not empty.
func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
