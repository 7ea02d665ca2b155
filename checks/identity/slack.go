package identity

import (
	"strings"
)

// slackMessage is what a Slack text says once its markup is decoded.
type slackMessage struct {
	text   string
	people []string // ids of mentioned people
	others bool     // a channel, a group or everybody is mentioned
}

// fromSlack decodes Slack's markup: links give way to what they show, mentions
// are taken out, and the three entities become characters. Whatever is in
// angle brackets and is no markup stays, as it does on a command line.
func fromSlack(s string) slackMessage {
	var m slackMessage
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "<")
		b.WriteString(before)
		if !found {
			break
		}
		end := strings.IndexAny(rest, "<>")
		if end < 0 || rest[end] == '<' || !m.markup(rest[:end], &b) {
			b.WriteByte('<')
			s = rest
			continue
		}
		s = rest[end+1:]
	}
	m.text = entities.Replace(b.String())
	return m
}

// entities decodes in one pass, so that "&amp;lt;" becomes "&lt;" and no more.
var entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// markup takes in the content of one pair of angle brackets and reports
// whether it was markup at all.
func (m *slackMessage) markup(content string, text *strings.Builder) bool {
	target, label, _ := strings.Cut(content, "|")
	switch {
	case isSlackUser(strings.TrimPrefix(target, "@")) && target[0] == '@':
		m.people = append(m.people, target[1:])
	case strings.HasPrefix(target, "#C"), strings.HasPrefix(target, "#G"), strings.HasPrefix(target, "!"):
		m.others = true
	case strings.HasPrefix(target, "mailto:"):
		// A label that is no address, such as a display name, hides the one
		// thing that can be looked up.
		if !strings.Contains(label, "@") {
			label = strings.TrimPrefix(target, "mailto:")
		}
		text.WriteString(label)
	case strings.HasPrefix(target, "http://"), strings.HasPrefix(target, "https://"), strings.HasPrefix(target, "tel:"):
		if label == "" {
			label = target
		}
		text.WriteString(label)
	default:
		return false
	}
	return true
}

func isSlackUser(id string) bool {
	if len(id) < 2 || id[0] != 'U' && id[0] != 'W' {
		return false
	}
	for i := 1; i < len(id); i++ {
		if (id[i] < 'A' || id[i] > 'Z') && (id[i] < '0' || id[i] > '9') {
			return false
		}
	}
	return true
}

// person returns the one person whom the message mentions.
func (m slackMessage) person() (Query, error) {
	if m.others {
		return Query{}, refuse(ReasonNotAPerson, "That is a channel or a group. Mention one person, or give a name: "+sayForms)
	}
	for _, id := range m.people[1:] {
		if id != m.people[0] {
			return Query{}, refuse(ReasonSeveral, "That names more than one person. Ask about one person at a time.")
		}
	}
	rest := strings.TrimPrefix(strings.TrimPrefix(trimEdges(m.text), "'s"), "\u2019s")
	if strings.Trim(rest, " .,;:!?*_~`\"'()") != "" {
		return Query{}, refuse(ReasonSeveral, "There is other text beside the mention. Give the mention alone, or the name alone.")
	}
	id := m.people[0]
	return Query{Kind: KindSlackUser, Value: id, Said: "the person mentioned in Slack"}, nil
}
