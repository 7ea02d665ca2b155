package slack

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// Slash lets a person run a slash command in a channel, and returns when the
// app has acknowledged it or Slack has lost patience. Slack has no slash
// commands in threads, so there is no thread to name.
func (w *Workspace) Slash(ctx context.Context, user, channelName, command, text string) (Outcome, error) {
	p, ch, err := w.actor(user, channelName)
	if err != nil {
		return Outcome{}, err
	}
	if !strings.HasPrefix(command, "/") {
		return Outcome{}, malformed("A command begins with a slash; %q does not.", command)
	}
	cmd, ok := w.command(command)
	switch {
	case !ok:
		return refused("%s is not a valid command.", command), nil
	case utf8.RuneCountInString(text) > slashText:
		return refused("Your message is too long: a command takes up to %d characters.", slashText), nil
	}
	payload, problem := w.slashPayload(p, ch, cmd, text)
	if problem != "" {
		return refused("%s", problem), nil
	}
	start := time.Now()
	ack, err := w.delivery.command(ctx, parcel{kind: kindSlash, payload: payload, accepts: true})
	if err == nil {
		w.slashReply(ch, p.ID, ack)
	}
	return outcome(start, err, slashFailed(cmd.Name, err)), nil
}

// actor finds the person who acts and the channel they act in.
func (w *Workspace) actor(user, channelName string) (Person, *channel, error) {
	p, ok := w.findPerson(user)
	if !ok {
		return p, nil, malformed("There is no person %q here.", user)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	ch := w.findChannel(channelName, p)
	if ch == nil {
		return p, nil, malformed("There is no channel %q here.", channelName)
	}
	return p, ch, nil
}

func (w *Workspace) command(name string) (Command, bool) {
	for _, c := range w.cfg.Commands {
		if strings.EqualFold(c.Name, name) {
			return c, true
		}
	}
	return Command{}, false
}

// mayAct tells why a person cannot act in a channel; empty when they can. The
// caller holds the lock.
func mayAct(p Person, ch *channel) string {
	switch {
	case p.Deleted:
		return "This account was deactivated."
	case !ch.has(p.ID):
		return "You are not in this channel."
	case ch.Archived:
		return "This channel was archived."
	}
	return ""
}

func (w *Workspace) slashPayload(p Person, ch *channel, cmd Command, text string) (object, string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if problem := mayAct(p, ch); problem != "" {
		return nil, problem
	}
	if cmd.ShouldEscape {
		text = w.escapeTyped(text)
	}
	return object{
		"token":                 w.cfg.VerificationToken,
		"team_id":               p.TeamID,
		"team_domain":           w.cfg.Team.Domain,
		"channel_id":            ch.ID,
		"channel_name":          payloadChannelName(ch),
		"user_id":               p.ID,
		"user_name":             p.Name,
		"command":               cmd.Name,
		"text":                  strings.TrimSpace(text),
		"api_app_id":            w.cfg.AppID,
		"is_enterprise_install": "false",
		"response_url":          w.newReply(ch.ID, p.ID, ""),
		"trigger_id":            w.newTrigger(p.ID),
	}, ""
}

// payloadChannelName is the name that payloads carry: the real one of public
// channels only.
func payloadChannelName(ch *channel) string {
	switch {
	case ch.IsIM:
		return "directmessage"
	case ch.Private:
		return "privategroup"
	default:
		return ch.Name
	}
}

// typed finds what Slack's composer turns into its own forms: mentions that
// were picked from a menu, web and mail addresses, @names and #channels; and
// addresses that have their form already.
var typed = regexp.MustCompile(`<mailto:[^\s<>|]+@[^\s<>|]+\|[^\s<>|]+>|<https?://[^\s<>|]+(?:\|[^<>|\n]+)?>|<@([UW][A-Z0-9]+)>|<#(C[A-Z0-9]+)>|https?://[^\s<>|]+|[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+|[@#][\pL\pN._\-]+`)

var escapeMarkup = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// escapeTyped turns typed text into what an app with should_escape receives.
// A whole <@U…> of somebody who exists counts as picked from the menu, for
// scripts have no menu; an address in the form that Slack delivers stays as it
// is, for scripts know that form. The caller holds the lock.
func (w *Workspace) escapeTyped(text string) string {
	var out strings.Builder
	rest := 0
	for _, at := range typed.FindAllStringIndex(text, -1) {
		token := text[at[0]:at[1]]
		form, ok := w.slackForm(token)
		if !ok || (strings.ContainsRune("@#", rune(token[0])) && !startsWord(text[:at[0]])) {
			continue
		}
		out.WriteString(escapeMarkup.Replace(text[rest:at[0]]))
		out.WriteString(form)
		rest = at[1]
	}
	out.WriteString(escapeMarkup.Replace(text[rest:]))
	return out.String()
}

// startsWord tells whether a mention may begin after the given text.
func startsWord(before string) bool {
	r, _ := utf8.DecodeLastRuneInString(before)
	return before == "" || strings.ContainsRune(" \t\n(,;:\"'", r)
}

// slackForm is the <…> form of a token, if it has one.
func (w *Workspace) slackForm(token string) (string, bool) {
	switch {
	case strings.HasPrefix(token, "<mailto:"):
		address, shown, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(token, "<mailto:"), ">"), "|")
		return token, address == shown
	case strings.HasPrefix(token, "<http"):
		return token, true
	case strings.HasPrefix(token, "<@"), strings.HasPrefix(token, "@"):
		p, ok := w.findPerson(strings.Trim(token, "<@>"))
		return "<@" + p.ID + "|" + p.Name + ">", ok
	case strings.HasPrefix(token, "<#"), strings.HasPrefix(token, "#"):
		ch := w.findChannel(strings.Trim(token, "<#>"), Person{})
		if ch == nil || ch.IsIM {
			return "", false
		}
		return "<#" + ch.ID + "|" + ch.Name + ">", true
	case strings.HasPrefix(token, "http"):
		return "<" + strings.ReplaceAll(token, "&", "&amp;") + ">", true
	default:
		return "<mailto:" + token + "|" + token + ">", true
	}
}

// slashReply shows what an acknowledgement carried as the app's answer.
func (w *Workspace) slashReply(ch *channel, person string, ack json.RawMessage) {
	if len(ack) == 0 {
		return
	}
	var body replyBody
	if err := json.Unmarshal(ack, &body); err != nil {
		w.cfg.Log.Warn().Msg("acknowledgement carried something that is no message")
		return
	}
	c, problem := w.replyContent(body)
	if problem != "" {
		if problem != "no_text" {
			w.cfg.Log.Warn().Str("problem", problem).Msg("acknowledgement carried a message that Slack refuses")
		}
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	to := person
	if body.ResponseType == "in_channel" {
		to = ""
	}
	w.post(ch, c, "", to)
}
