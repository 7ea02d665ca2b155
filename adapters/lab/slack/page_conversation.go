package slack

import (
	"slices"
	"time"
)

// conversation draws the messages that the person sees in the channel, and
// the thread that is open.
func (p *webPage) conversation(v *pageView, at where, names drawer, me string) {
	all := p.ws.Messages(v.Place.ID, me)
	replies := map[string]int{}
	for _, m := range all {
		if m.isReply() {
			replies[m.ThreadTS]++
		}
	}
	main := slices.DeleteFunc(slices.Clone(all), SeenMessage.isReply)
	if len(main) > shownMessages {
		main = main[len(main)-shownMessages:]
		v.Place.Earlier = true
	}
	v.Items = p.items(main, at, names, replies)
	if at.thread == "" {
		return
	}
	thread := slices.DeleteFunc(slices.Clone(all), func(m SeenMessage) bool {
		return m.TS != at.thread && m.ThreadTS != at.thread
	})
	for i := range thread {
		thread[i].ThreadTS = at.thread
	}
	closed := at
	closed.thread = ""
	v.Thread = &threadView{TS: at.thread, Items: p.items(thread, at, names, nil), CloseHref: closed.href()}
}

// isReply tells a reply from the message that its thread hangs on.
func (m SeenMessage) isReply() bool { return m.ThreadTS != "" && m.ThreadTS != m.TS }

// items draws messages with a line where a new day begins.
func (p *webPage) items(messages []SeenMessage, at where, names drawer, replies map[string]int) []itemView {
	items := make([]itemView, 0, len(messages)+1)
	day := ""
	for _, m := range messages {
		t := m.At.In(names.zone)
		if d := t.Format("2006-01-02"); d != day {
			day = d
			items = append(items, itemView{ID: "day-" + d, Etag: d, Day: dayWords(t, names.now)})
		}
		items = append(items, p.item(m, at, names, replies))
	}
	return items
}

func dayWords(t, now time.Time) string {
	word := nearDate(t, now.In(t.Location()), "")
	full := t.Format("Monday, 2 January 2006")
	if word == "" {
		return full
	}
	return inSentence(word, true) + " · " + full
}

func (p *webPage) item(m SeenMessage, at where, names drawer, replies map[string]int) itemView {
	// Each message has a drawer of its own, so that its ids stay its own.
	d := names
	d.surface, d.scope = onMessage, m.TS
	if replies == nil {
		d.scope = "thread-" + m.TS
	}
	t := m.At.In(names.zone)
	shown := &messageView{
		TS: m.TS, Channel: m.Channel, Author: m.UserName, Bot: m.Bot, Ephemeral: m.Ephemeral, Edited: m.Edited,
		Clock: t.Format("15:04"), Full: t.Format("2006-01-02 15:04:05 MST"), ISO: t.UTC().Format(time.RFC3339),
		Replies: replies[m.TS], InThread: replies == nil,
	}
	if name := names.personName(m.UserID); name != "" {
		shown.Author = name
	}
	shown.Initials, shown.Tone = initials(shown.Author), tone(m.UserID)
	if len(m.Blocks) > 0 {
		shown.Body, shown.Text = d.Blocks(m.Blocks), m.Text
	} else {
		shown.Body = d.Text(m.Text)
	}
	to := at
	to.thread = m.TS
	shown.ThreadHref = to.href()
	id := "m-" + idWord(m.TS)
	if shown.InThread {
		id = "t-" + idWord(m.TS)
	}
	drawn, err := p.draw("message", shown)
	if err != nil {
		p.log.Error().Err(err).Msg("message not drawn")
		drawn.HTML = d.Text("This message could not be drawn.")
	}
	return itemView{ID: id, Etag: drawn.Etag, HTML: drawn.HTML, Message: shown}
}
