package slack

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// richElement is one element of a rich_text block, at any level. The fields
// are the union of all kinds; each kind reads its own.
type richElement struct {
	Type        string            `json:"type"`
	Elements    []json.RawMessage `json:"elements"`
	Style       json.RawMessage   `json:"style"` // a word for lists, flags for text
	Indent      int               `json:"indent"`
	Offset      int               `json:"offset"`
	Text        string            `json:"text"`
	URL         string            `json:"url"`
	UserID      string            `json:"user_id"`
	ChannelID   string            `json:"channel_id"`
	UsergroupID string            `json:"usergroup_id"`
	TeamID      string            `json:"team_id"`
	Name        string            `json:"name"`
	Unicode     string            `json:"unicode"`
	Range       string            `json:"range"`
	Value       string            `json:"value"`
	Color       string            `json:"color"`
	Timestamp   json.Number       `json:"timestamp"`
	Format      string            `json:"format"`
	Fallback    string            `json:"fallback"`
}

// textStyle are the flags of an inline element.
type textStyle struct {
	Bold      bool `json:"bold"`
	Italic    bool `json:"italic"`
	Strike    bool `json:"strike"`
	Code      bool `json:"code"`
	Underline bool `json:"underline"`
	Highlight bool `json:"highlight"`
}

func (d *drawer) richText(m *markup, raw json.RawMessage, _ blockHead, depth int) error {
	var b struct {
		Elements []json.RawMessage `json:"elements"`
	}
	if err := json.Unmarshal(raw, &b); err != nil {
		return err
	}
	m.open("div", "class", "bk bk-rich")
	for _, e := range b.Elements {
		if err := d.richPart(m, e, depth+1); err != nil {
			return err
		}
	}
	m.close("div")
	return nil
}

// richPart draws a section, list, quote or preformatted element.
func (d *drawer) richPart(m *markup, raw json.RawMessage, depth int) error {
	var e richElement
	if err := json.Unmarshal(raw, &e); err != nil {
		return err
	}
	if depth > deepestBlocks {
		d.note(m, "rich text this deep is not drawn here")
		return nil
	}
	switch e.Type {
	case "rich_text_section":
		m.open("div", "class", "rich-section")
		defer m.close("div")
		return d.richInline(m, e.Elements)
	case "rich_text_quote":
		m.open("blockquote")
		defer m.close("blockquote")
		return d.richInline(m, e.Elements)
	case "rich_text_preformatted":
		m.open("pre")
		defer m.close("pre")
		return d.richInline(m, e.Elements)
	case "rich_text_list":
		return d.richList(m, e, depth)
	}
	d.note(m, fmt.Sprintf("rich text element %s is not drawn here", e.Type))
	return nil
}

func (d *drawer) richList(m *markup, e richElement, depth int) error {
	var style string
	if len(e.Style) > 0 {
		if err := json.Unmarshal(e.Style, &style); err != nil {
			return err
		}
	}
	tag, start := "ul", ""
	if style == "ordered" {
		tag = "ol"
		if e.Offset > 0 {
			start = strconv.Itoa(e.Offset + 1)
		}
	}
	m.open(tag, "class", "rich-list indent-"+strconv.Itoa(max(0, min(e.Indent, 8))), "start", start)
	for _, item := range e.Elements {
		m.open("li")
		if err := d.richPart(m, item, depth+1); err != nil {
			return err
		}
		m.close("li")
	}
	m.close(tag)
	return nil
}

// richInline draws the elements that flow in a line.
func (d *drawer) richInline(m *markup, elements []json.RawMessage) error {
	for _, raw := range elements {
		var e richElement
		if err := json.Unmarshal(raw, &e); err != nil {
			return err
		}
		var style textStyle
		if len(e.Style) > 0 {
			if err := json.Unmarshal(e.Style, &style); err != nil {
				return err
			}
		}
		tags := style.tags()
		for _, tag := range tags {
			m.open(tag)
		}
		d.richLeaf(m, e)
		for i := len(tags) - 1; i >= 0; i-- {
			m.close(tags[i])
		}
	}
	return nil
}

func (s textStyle) tags() []string {
	var tags []string
	for _, t := range []struct {
		on  bool
		tag string
	}{{s.Bold, "strong"}, {s.Italic, "em"}, {s.Strike, "s"}, {s.Underline, "u"}, {s.Highlight, "mark"}, {s.Code, "code"}} {
		if t.on {
			tags = append(tags, t.tag)
		}
	}
	return tags
}

// tagColors are the colors of the tag element; another one is drawn neutral.
var tagColors = map[string]bool{
	"gray": true, "red": true, "orange": true, "yellow": true, "green": true,
	"teal": true, "blue": true, "purple": true, "pink": true,
}

// richLeaf draws one inline element. Text in rich text is never parsed, which
// is why directory data belongs there.
func (d *drawer) richLeaf(m *markup, e richElement) {
	switch e.Type {
	case "text":
		m.text(e.Text)
	case "link":
		label := e.Text
		if label == "" {
			label = e.URL
		}
		m.link(e.URL, label)
	case "user":
		d.mention(m, e.UserID, "")
	case "channel":
		d.channelMention(m, e.ChannelID, "")
	case "usergroup":
		d.badge(m, "@"+e.UsergroupID, "Notifies every member of this user group.")
	case "team":
		m.leaf("span", "mention", e.TeamID)
	case "broadcast":
		d.ping(m, e.Range)
	case "emoji":
		d.richEmoji(m, e)
	case "color":
		m.leaf("code", "", e.Value)
	case "tag":
		class := "tag"
		if tagColors[e.Color] {
			class += " tag-" + e.Color
		}
		m.leaf("span", class, e.Text)
	case "date":
		d.date(m, e.Timestamp.String(), e.Format, e.URL, e.Fallback)
	default:
		d.richUnknown(m, e)
	}
}

func (d *drawer) richEmoji(m *markup, e richElement) {
	if _, known := emojiByName[e.Name]; known || e.Unicode == "" {
		m.emoji(e.Name)
		return
	}
	glyph, ok := fromCodePoints(e.Unicode)
	if !ok {
		m.emoji(e.Name)
		return
	}
	m.glyph(e.Name, glyph)
}

func (d *drawer) richUnknown(m *markup, e richElement) {
	words := e.Text
	if words == "" {
		words = e.Fallback
	}
	if words != "" {
		words = ": " + words
	}
	m.leaf("span", "inline-note", "[element "+e.Type+" is not drawn here"+words+"]")
}
