package slack

import (
	"strings"
	"time"
)

// angle draws what stood between angle brackets: a mention, a ping, a date or
// a link, each optionally with a label behind a bar.
func (d *drawer) angle(m *markup, inner string) {
	target, label, labeled := strings.Cut(inner, "|")
	label = unescapeSlack(label)
	switch {
	case strings.HasPrefix(target, "@"):
		d.mention(m, target[1:], label)
	case strings.HasPrefix(target, "#"):
		d.channelMention(m, target[1:], label)
	case strings.HasPrefix(target, "!"):
		d.command(m, target[1:], label)
	default:
		address := unescapeSlack(target)
		if !labeled || strings.TrimSpace(label) == "" {
			label = strings.TrimPrefix(address, "mailto:")
		}
		if _, ok := safeLink(address); !ok {
			// Slack leaves brackets alone that hold no address it knows.
			m.text("<" + unescapeSlack(inner) + ">")
			return
		}
		m.link(address, label)
	}
}

// command draws the exclamation-mark forms.
func (d *drawer) command(m *markup, name, label string) {
	kind, rest, _ := strings.Cut(name, "^")
	switch kind {
	case "channel", "here", "everyone":
		d.ping(m, kind)
	case "subteam":
		id, _, _ := strings.Cut(rest, "^")
		if label == "" {
			label = "@" + id
		}
		d.badge(m, label, "Notifies every member of this user group.")
	case "date":
		parts := strings.SplitN(rest, "^", 3)
		for len(parts) < 3 {
			parts = append(parts, "")
		}
		d.date(m, parts[0], unescapeSlack(parts[1]), unescapeSlack(parts[2]), label)
	default:
		if label == "" {
			label = "<!" + unescapeSlack(name) + ">"
		}
		m.text(label)
	}
}

// ping draws a mention that would notify a crowd. It is red so that a ping
// that came out of someone's display name cannot be overlooked.
func (d *drawer) ping(m *markup, whom string) {
	d.badge(m, "@"+whom, "Notifies everyone: @"+whom+".")
}

func (d *drawer) badge(m *markup, label, title string) {
	m.open("strong", "class", "ping", "title", title)
	m.text(label)
	m.close("strong")
}

func (d *drawer) mention(m *markup, id, label string) {
	name := d.personName(id)
	if name == "" {
		name = label
	}
	if name == "" {
		name = id
	}
	m.open("span", "class", "mention", "title", id)
	m.text("@" + strings.TrimPrefix(name, "@"))
	m.close("span")
}

func (d *drawer) channelMention(m *markup, id, label string) {
	name := d.channelName(id)
	if name == "" {
		name = label
	}
	if name == "" {
		name = id
	}
	m.open("span", "class", "mention", "title", id)
	m.text("#" + strings.TrimPrefix(name, "#"))
	m.close("span")
}

// date draws a moment the way the app asked for, or its fallback.
func (d *drawer) date(m *markup, seconds, format, address, fallback string) {
	shown, at, ok := formatDate(seconds, format, d.now, d.zone)
	if !ok {
		if fallback == "" {
			fallback = "(a date that cannot be shown)"
		}
		m.text(fallback)
		return
	}
	if _, follow := safeLink(address); follow {
		m.link(address, shown)
		return
	}
	m.open("time", "datetime", at.UTC().Format(time.RFC3339), "title", at.Format("2006-01-02 15:04:05 MST"))
	m.text(shown)
	m.close("time")
}
