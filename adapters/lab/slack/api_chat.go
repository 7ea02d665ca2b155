package slack

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// truncateText cuts what Slack would cut, at a code point.
func truncateText(s string) (string, bool) {
	if utf8.RuneCountInString(s) <= messageText {
		return s, false
	}
	return string([]rune(s)[:messageText]), true
}

// postTarget finds the channel that the bot wants to speak in, and checks
// that it may. A user id stands for the direct message with that person. The
// caller holds the lock.
func (w *Workspace) postTarget(id string) (*channel, string) {
	ch := w.channelByID(id)
	if ch == nil && id != "" {
		if p, ok := w.person(id); ok && !p.Deleted && !p.IsBot {
			ch = w.directMessage(p.ID)
		} else {
			ch = w.findChannel(strings.TrimPrefix(id, "#"), Person{})
		}
	}
	member := ch != nil && w.botIn(ch)
	switch {
	case ch == nil, ch.Private && !member:
		return nil, "channel_not_found"
	case ch.Archived || w.faults.active(faultChannelArchived):
		return nil, "is_archived"
	case !member && !slices.Contains(w.cfg.BotScopes, "chat:write.public"):
		return nil, "not_in_channel"
	}
	return ch, ""
}

// botIn tells whether the bot is a member of the channel.
func (w *Workspace) botIn(ch *channel) bool {
	if w.faults.active(faultBotRemoved) && !ch.IsIM {
		return false
	}
	return ch.has(w.cfg.Bot.UserID)
}

// readContent checks the text, blocks and attachments of a message. The
// second result is the answer when they cannot be taken.
func (w *Workspace) readContent(a arguments) (content, object) {
	c := content{text: a.text("text"), attachments: nonNull(a.raw("attachments")), metadata: nonNull(a.raw("metadata"))}
	if markdown := a.text("markdown_text"); markdown != "" {
		if c.text != "" || a.has("blocks") {
			return c, failure("markdown_text_conflict")
		}
		if utf8.RuneCountInString(markdown) > messageMarkdown {
			return c, failure("msg_too_long")
		}
		c.text = markdown
	}
	blocks, errs, problem := w.readBlocks(SurfaceMessage, a.raw("blocks"))
	if problem != "" {
		return c, withErrors(problem, "/blocks", errs)
	}
	c.blocks = blocks
	if problem := checkAttachments(c.attachments); problem != "" {
		return c, failure(problem)
	}
	if c.metadata != nil {
		meta, err := decodeObject(c.metadata)
		if err != nil || str(meta["event_type"]) == "" {
			return c, failure("invalid_metadata_format")
		}
	}
	return c, nil
}

func checkAttachments(raw json.RawMessage) string {
	if len(raw) == 0 {
		return ""
	}
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return "invalid_attachments"
	}
	if len(list) > messageAttachments {
		return "too_many_attachments"
	}
	return ""
}

// empty tells whether there is nothing to show.
func (c content) empty() bool {
	return strings.TrimSpace(c.text) == "" && len(c.blocks) == 0 && (len(c.attachments) == 0 || string(c.attachments) == "[]")
}

func (w *Workspace) chatPostMessage(a arguments) object {
	c, refused := w.readContent(a)
	if refused != nil {
		return refused
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, problem := w.postTarget(a.text("channel"))
	if problem != "" {
		return failure(problem)
	}
	if c.empty() {
		return failure("no_text")
	}
	if thread := a.text("thread_ts"); thread != "" && ch.public.find(thread) == nil {
		return failure("cannot_reply_to_message")
	}
	if wait := w.limiter.posting(ch.ID); wait > 0 {
		return object{retryKey: wait}
	}
	text, cut := truncateText(c.text)
	c.text = text
	m := w.post(ch, c, a.text("thread_ts"), "")
	out := success("channel", ch.ID, "ts", m.ts, "message", w.wireMessage(m))
	if cut {
		out["warning"] = "message_truncated"
		out["response_metadata"] = object{"warnings": []string{"message_truncated"}}
	}
	return out
}

func (w *Workspace) chatPostEphemeral(a arguments) object {
	c, refused := w.readContent(a)
	if refused != nil {
		return refused
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, problem := w.postTarget(a.text("channel"))
	if problem != "" {
		return failure(problem)
	}
	if !w.botIn(ch) {
		return failure("not_in_channel")
	}
	if c.empty() {
		return failure("no_text")
	}
	if utf8.RuneCountInString(c.text) > messageText {
		return failure("msg_too_long")
	}
	person := a.text("user")
	if !ch.has(person) {
		return failure("user_not_in_channel")
	}
	m := w.post(ch, c, a.text("thread_ts"), person)
	return success("message_ts", m.ts)
}

func (w *Workspace) chatUpdate(a arguments) object {
	c, refused := w.readContent(a)
	if refused != nil {
		return refused
	}
	if utf8.RuneCountInString(c.text) > updateText {
		return failure("msg_too_long")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, m, problem := w.ownMessage(a.text("channel"), a.text("ts"), "cant_update_message")
	if problem != "" {
		return failure(problem)
	}
	if c.empty() {
		if c.metadata == nil {
			return failure("no_text")
		}
		// Neither text nor blocks: what the message shows stays.
		c.text, c.blocks, c.attachments = m.text, m.blocks, m.attachments
	}
	if hasRichText(m.blocks) && len(c.blocks) > 0 && !hasRichText(c.blocks) {
		return failure("block_mismatch")
	}
	ch.public.edit(m, func(m *message) {
		metadata := m.metadata
		m.replace(c)
		if m.metadata = c.metadata; c.metadata == nil {
			m.metadata = metadata
		}
	})
	w.hub.notify()
	return success("channel", ch.ID, "ts", m.ts, "text", m.text, "message", w.wireMessage(m))
}

func (w *Workspace) chatDelete(a arguments) object {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, m, problem := w.ownMessage(a.text("channel"), a.text("ts"), "cant_delete_message")
	if problem != "" {
		return failure(problem)
	}
	ch.public.remove(m.ts)
	w.hub.notify()
	return success("channel", ch.ID, "ts", m.ts)
}

// ownMessage finds a message that the bot may change. Ephemeral messages are
// out of its reach once they are sent. The caller holds the lock.
func (w *Workspace) ownMessage(channelID, ts, notOwn string) (*channel, *message, string) {
	ch := w.channelByID(channelID)
	if ch == nil || (ch.Private && !w.botIn(ch)) {
		return nil, nil, "channel_not_found"
	}
	if ch.Archived || w.faults.active(faultChannelArchived) {
		return nil, nil, "is_archived"
	}
	m := ch.public.find(ts)
	switch {
	case m == nil:
		return nil, nil, "message_not_found"
	case m.userID != w.cfg.Bot.UserID:
		return nil, nil, notOwn
	}
	return ch, m, ""
}

func hasRichText(blocks []json.RawMessage) bool {
	return slices.ContainsFunc(blockObjects(blocks), func(o object) bool { return str(o["type"]) == "rich_text" })
}

func (w *Workspace) chatGetPermalink(a arguments) object {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch := w.channelByID(a.text("channel"))
	if ch == nil || (ch.Private && !w.botIn(ch)) {
		return failure("channel_not_found")
	}
	m := ch.public.find(a.text("message_ts"))
	if m == nil {
		return failure("message_not_found")
	}
	link := w.base.http() + "/archives/" + ch.ID + "/p" + strings.ReplaceAll(m.ts, ".", "")
	return success("channel", ch.ID, "permalink", link)
}

// servePermalink leads from a permalink to the page.
func (w *Workspace) servePermalink(rw http.ResponseWriter, r *http.Request) {
	http.Redirect(rw, r, "/?channel="+url.QueryEscape(r.PathValue("channel")), http.StatusFound)
}

// wireMessage is a message as the Web API and interactions carry it.
func (w *Workspace) wireMessage(m *message) object {
	out := object{
		"type": "message",
		"ts":   m.ts,
		"text": m.text,
		"user": m.userID,
		"team": w.cfg.Team.ID,
	}
	if m.bot {
		out["bot_id"] = w.cfg.Bot.BotID
		out["app_id"] = w.cfg.AppID
		out["bot_profile"] = object{
			"id":      w.cfg.Bot.BotID,
			"app_id":  w.cfg.AppID,
			"name":    w.cfg.Bot.Name,
			"team_id": w.cfg.Team.ID,
			"deleted": false,
		}
	}
	if len(m.blocks) > 0 {
		out["blocks"] = m.blocks
	}
	if m.attachments != nil {
		out["attachments"] = m.attachments
	}
	if m.metadata != nil {
		out["metadata"] = m.metadata
	}
	if m.threadTS != "" {
		out["thread_ts"] = m.threadTS
	}
	if m.edited {
		out["edited"] = object{"user": m.userID, "ts": m.ts}
	}
	return out
}
