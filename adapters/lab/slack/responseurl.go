package slack

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"
)

// A response URL lives for thirty minutes of lab time and takes five
// messages.
const (
	replyLifetime = 30 * time.Minute
	replyUses     = 5
	maxReplies    = 8192
)

// reply is what a response URL stands for.
type reply struct {
	channel  string
	person   string
	original string // timestamp of the clicked message; empty for a slash command
	expires  time.Time
	uses     int
	rate     bucket
}

// replyStore is guarded by the workspace's lock.
type replyStore struct {
	byPath map[string]*reply
	order  []string
}

func newReplyStore() *replyStore { return &replyStore{byPath: map[string]*reply{}} }

// newReply makes a response URL. Commands and clicks get different paths, as
// in Slack. The caller holds the lock.
func (w *Workspace) newReply(channel, person, original string) string {
	kind := "commands"
	if original != "" {
		kind = "actions"
	}
	path := "/" + kind + "/" + w.cfg.Team.ID + "/" + randomHex(8) + "/" + randomHex(16)
	s := w.replies
	s.byPath[path] = &reply{
		channel:  channel,
		person:   person,
		original: original,
		expires:  w.clock.Now().Add(replyLifetime),
	}
	s.order = append(s.order, path)
	s.order = forgetOldest(s.byPath, s.order, maxReplies)
	return w.base.http() + path
}

// replyBody is what an app posts to a response URL. Everything it does not
// name is ignored, as Slack does.
type replyBody struct {
	Text            string          `json:"text"`
	Blocks          json.RawMessage `json:"blocks"`
	Attachments     json.RawMessage `json:"attachments"`
	ResponseType    string          `json:"response_type"`
	ReplaceOriginal bool            `json:"replace_original"`
	DeleteOriginal  bool            `json:"delete_original"`
	ThreadTS        string          `json:"thread_ts"`
}

// serveReply answers a POST to a response URL.
func (w *Workspace) serveReply(rw http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		replyText(rw, http.StatusMethodNotAllowed, "method_not_allowed")
		return
	}
	body, err := readReplyBody(r)
	if err != nil {
		replyText(rw, http.StatusBadRequest, "invalid_payload")
		return
	}
	c, problem := w.replyContent(body)
	if problem != "" {
		replyText(rw, http.StatusBadRequest, problem)
		return
	}
	status, text, wait := w.applyReply(r.URL.Path, body, c)
	if wait > 0 {
		tooManyRequests(rw, wait)
		return
	}
	replyText(rw, status, text)
}

// readReplyBody reads JSON, or the form field payload that older apps send.
func readReplyBody(r *http.Request) (replyBody, error) {
	var body replyBody
	args, problem := readArgs(r)
	if problem != "" {
		return body, errors.New(problem)
	}
	raw := args.whole
	if raw == nil {
		raw = []byte(args.text("payload"))
	}
	if err := json.Unmarshal(raw, &body); err != nil {
		return body, err
	}
	return body, nil
}

// replyContent checks what shall be said.
func (w *Workspace) replyContent(body replyBody) (content, string) {
	c := content{text: body.Text, attachments: nonNull(body.Attachments)}
	if body.DeleteOriginal {
		return c, ""
	}
	blocks, _, problem := w.readBlocks(SurfaceMessage, body.Blocks)
	if problem != "" {
		return c, problem
	}
	c.blocks = blocks
	if strings.TrimSpace(c.text) == "" && len(c.blocks) == 0 && c.attachments == nil {
		return c, "no_text"
	}
	c.text, _ = truncateText(c.text)
	return c, ""
}

// applyReply posts, replaces or deletes, and says how Slack would answer.
func (w *Workspace) applyReply(path string, body replyBody, c content) (int, string, time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	rep, ok := w.replies.byPath[path]
	switch {
	case !ok, w.faults.active(faultReplyURLGone), !w.clock.Now().Before(rep.expires):
		return http.StatusNotFound, "expired_url", 0
	case rep.uses >= replyUses:
		return http.StatusNotFound, "used_url", 0
	}
	if !w.limiter.off {
		if wait := rep.rate.take(time.Now(), replyURLBurst, 1); wait > 0 {
			return 0, "", wait
		}
	}
	ch := w.channelByID(rep.channel)
	if ch == nil {
		return http.StatusNotFound, "channel_not_found", 0
	}
	rep.uses++
	w.speak(ch, rep, body, c)
	return http.StatusOK, "ok", 0
}

// speak does what the body asks for. Only the response URL of a click has an
// original that can be replaced or deleted: Slack does not do that for what a
// slash command's response URL has said. The caller holds the lock.
func (w *Workspace) speak(ch *channel, rep *reply, body replyBody, c content) {
	if rep.original != "" && (body.DeleteOriginal || body.ReplaceOriginal) {
		m := ch.public.find(rep.original)
		if m == nil {
			m = ch.ephemeral.find(rep.original)
		}
		if m == nil {
			return
		}
		log := ch.logOf(m)
		if body.DeleteOriginal {
			log.remove(m.ts)
		} else {
			log.edit(m, func(m *message) { m.replace(c) })
		}
		w.hub.notify()
		return
	}
	if body.DeleteOriginal {
		return
	}
	to := rep.person
	if body.ResponseType == "in_channel" {
		to = ""
	}
	w.post(ch, c, body.ThreadTS, to)
}

// replace gives a message new content; a text without blocks takes the blocks
// away.
func (m *message) replace(c content) {
	m.text = c.text
	m.blocks = c.blocks
	m.attachments = c.attachments
	m.edited = len(c.blocks) == 0
	for person, state := range m.state {
		m.state[person] = keepState(state, c.blocks)
	}
}

func replyText(rw http.ResponseWriter, status int, text string) {
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	rw.WriteHeader(status)
	// The peer may be gone; there is nobody left to tell.
	_, _ = rw.Write([]byte(text))
}
