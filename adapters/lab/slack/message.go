package slack

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// A channel's logs are capped by count and by bytes, so that a day of lab
// clock, or a bot that posts without end, does not grow the process.
const (
	maxMessages   = 1000
	maxLogBytes   = 8 << 20
	perMessage    = 256 // rough cost of the bookkeeping around one message
	maxReplyState = 64  // people whose choices in one message are remembered
)

// message is one message of a channel. Its slices and raw JSON are replaced,
// never written into, so that copies may share them.
type message struct {
	ts          string
	threadTS    string
	userID      string
	bot         bool
	ephemeralTo string
	edited      bool
	text        string
	blocks      []json.RawMessage
	attachments json.RawMessage
	metadata    json.RawMessage
	at          time.Time
	// state holds what each person chose in the message's selects and
	// inputs; Slack keeps it with the message and sends it with every click.
	state map[string]stateValues
}

// stateValues is block_id → action_id → the element's state.
type stateValues map[string]map[string]map[string]any

func (m *message) size() int {
	n := perMessage + len(m.text) + len(m.attachments) + len(m.metadata)
	for _, b := range m.blocks {
		n += len(b)
	}
	return n
}

// messageLog is a bounded list of messages in the order of their timestamps.
type messageLog struct {
	list  []*message
	bytes int
}

// add appends a message whose timestamp is newer than all others and drops
// the oldest ones that no longer fit.
func (l *messageLog) add(m *message) {
	l.list = append(l.list, m)
	l.bytes += m.size()
	l.trim()
}

func (l *messageLog) trim() {
	drop := 0
	for len(l.list)-drop > maxMessages || (l.bytes > maxLogBytes && len(l.list)-drop > 1) {
		l.bytes -= l.list[drop].size()
		drop++
	}
	if drop > 0 {
		// A fresh slice lets go of what was dropped.
		l.list = slices.Clone(l.list[drop:])
	}
}

func (l *messageLog) index(ts string) (int, bool) {
	return slices.BinarySearchFunc(l.list, ts, func(m *message, ts string) int {
		return strings.Compare(m.ts, ts)
	})
}

func (l *messageLog) find(ts string) *message {
	if i, ok := l.index(ts); ok {
		return l.list[i]
	}
	return nil
}

func (l *messageLog) remove(ts string) bool {
	i, ok := l.index(ts)
	if ok {
		l.bytes -= l.list[i].size()
		l.list = slices.Delete(l.list, i, i+1)
	}
	return ok
}

// edit changes a message and keeps the books.
func (l *messageLog) edit(m *message, change func(*message)) {
	l.bytes -= m.size()
	change(m)
	l.bytes += m.size()
	l.trim()
}

// content is what an app may say in one message.
type content struct {
	text        string
	blocks      []json.RawMessage
	attachments json.RawMessage
	metadata    json.RawMessage
}

// post stores a message of the bot; ephemeralTo names its only reader, or is
// empty. The caller holds the lock.
func (w *Workspace) post(ch *channel, c content, threadTS, ephemeralTo string) *message {
	m := &message{
		ts:          w.newTS(),
		threadTS:    threadTS,
		userID:      w.cfg.Bot.UserID,
		bot:         true,
		ephemeralTo: ephemeralTo,
		text:        c.text,
		blocks:      c.blocks,
		attachments: c.attachments,
		metadata:    c.metadata,
		at:          w.clock.Now(),
	}
	ch.logOf(m).add(m)
	w.hub.notify()
	return m
}

// logOf is the log that the message lives in.
func (c *channel) logOf(m *message) *messageLog {
	if m.ephemeralTo != "" {
		return &c.ephemeral
	}
	return &c.public
}

// visible finds a message that the person can see. The caller holds the lock.
func (c *channel) visible(ts, person string) *message {
	if !c.has(person) {
		return nil
	}
	if m := c.public.find(ts); m != nil {
		return m
	}
	if m := c.ephemeral.find(ts); m != nil && m.ephemeralTo == person {
		return m
	}
	return nil
}

// Messages lists what the person sees in the channel, oldest first; nothing
// when the person is not in it.
func (w *Workspace) Messages(channel, person string) []SeenMessage {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := []SeenMessage{}
	ch := w.channelByID(channel)
	if ch == nil || !ch.has(person) {
		return out
	}
	for _, m := range ch.public.list {
		out = append(out, w.seen(ch, m))
	}
	for _, m := range ch.ephemeral.list {
		if m.ephemeralTo == person {
			out = append(out, w.seen(ch, m))
		}
	}
	slices.SortFunc(out, func(a, b SeenMessage) int { return strings.Compare(a.TS, b.TS) })
	return out
}

func (w *Workspace) seen(ch *channel, m *message) SeenMessage {
	blocks := m.blocks
	if blocks == nil {
		blocks = []json.RawMessage{}
	}
	name := w.cfg.Bot.Name
	if p, ok := w.person(m.userID); ok {
		name = p.Name
	}
	return SeenMessage{
		TS:        m.ts,
		ThreadTS:  m.threadTS,
		UserID:    m.userID,
		UserName:  name,
		Bot:       m.bot,
		Ephemeral: m.ephemeralTo != "",
		Edited:    m.edited,
		Text:      m.text,
		Blocks:    blocks,
		At:        m.at,
		Channel:   ch.ID,
	}
}
