package slack

import (
	"encoding/json"
	"fmt"
	"html/template"
	"strings"
	"time"
)

// surface is where blocks are shown. It decides what a control does: in a
// message it acts at once, in a modal it may be a field of a form.
type surface string

const (
	onMessage surface = "message"
	onModal   surface = "modal"
	onHome    surface = "home"
)

// deepestBlocks bounds how far containers and rich text nest.
const deepestBlocks = 6

// drawer turns Block Kit JSON into HTML, once, for one message or view. It
// reads untrusted data and must therefore never fail: what it cannot draw it
// names in a visible note, as a person looking for a mistake needs to see it.
type drawer struct {
	// personName and channelName tell names by id, "" when unknown.
	personName  func(id string) string
	channelName func(id string) string
	// people and channels fill the selects that offer them.
	people, channels []choice

	surface surface
	// scope makes the ids of controls unique on the page.
	scope string
	// problems are an app's complaints about input blocks, by block_id.
	problems map[string]string

	now  time.Time
	zone *time.Location

	controls int
}

// choice is one line of a select.
type choice struct{ value, label string }

// Blocks draws a list of blocks.
func (d *drawer) Blocks(raw []json.RawMessage) template.HTML {
	m := &markup{}
	d.blocks(m, raw, 0)
	return m.html()
}

// Text draws a message that has no blocks.
func (d *drawer) Text(s string) template.HTML {
	m := &markup{}
	m.open("div", "class", "bk mrkdwn")
	d.mrkdwn(m, s)
	m.close("div")
	return m.html()
}

// blockHead is what every block has.
type blockHead struct {
	Type    string `json:"type"`
	BlockID string `json:"block_id"`
}

// blockDrawers lists the blocks that are drawn. All others are named. To draw
// one more, write its method and list it here, and put an example into
// testdata/render.
func blockDrawers() map[string]func(*drawer, *markup, json.RawMessage, blockHead, int) error {
	return map[string]func(*drawer, *markup, json.RawMessage, blockHead, int) error{
		"header":             (*drawer).header,
		"section":            (*drawer).section,
		"context":            (*drawer).context,
		"actions":            (*drawer).actions,
		"divider":            (*drawer).divider,
		"input":              (*drawer).input,
		"rich_text":          (*drawer).richText,
		"image":              (*drawer).image,
		"table":              (*drawer).table,
		"data_table":         (*drawer).table,
		"markdown":           (*drawer).markdown,
		"container":          (*drawer).container,
		"alert":              (*drawer).alert,
		"data_visualization": (*drawer).chart,
	}
}

func (d *drawer) blocks(m *markup, raw []json.RawMessage, depth int) {
	drawers := blockDrawers()
	for _, block := range raw {
		var head blockHead
		if err := json.Unmarshal(block, &head); err != nil || head.Type == "" {
			d.note(m, "a block without a type is not drawn here")
			continue
		}
		draw, known := drawers[head.Type]
		if !known || depth > deepestBlocks {
			d.note(m, fmt.Sprintf("block type %s is not drawn here", head.Type))
			continue
		}
		// A block that turns out to be malformed half way leaves no torso.
		part := &markup{}
		if err := draw(d, part, block, head, depth); err != nil {
			d.note(m, fmt.Sprintf("block type %s is malformed: %v", head.Type, err))
			continue
		}
		m.b.WriteString(part.b.String())
	}
}

// note says what is missing from the picture.
func (d *drawer) note(m *markup, what string) {
	m.leaf("div", "bk bk-note", what)
}

// textObject is Slack's text composition object.
type textObject struct {
	Type  string `json:"type"`
	Text  string `json:"text"`
	Emoji *bool  `json:"emoji"`
}

// words draws a text object in the manner its type asks for.
func (d *drawer) words(m *markup, t *textObject) {
	switch {
	case t == nil:
	case t.Type == "mrkdwn":
		d.mrkdwn(m, t.Text)
	case t.Emoji != nil && !*t.Emoji:
		m.text(t.Text)
	default:
		m.textWithEmoji(t.Text)
	}
}

// plain is a text object as an attribute can hold it.
func (t *textObject) plain() string {
	if t == nil {
		return ""
	}
	return t.Text
}

func (d *drawer) header(m *markup, raw json.RawMessage, _ blockHead, _ int) error {
	var b struct {
		Text  *textObject `json:"text"`
		Level int         `json:"level"`
	}
	if err := json.Unmarshal(raw, &b); err != nil {
		return err
	}
	tag := [...]string{"h3", "h3", "h4", "h5", "h6"}[max(0, min(b.Level, 4))]
	m.open(tag, "class", "bk bk-header")
	d.words(m, b.Text)
	m.close(tag)
	return nil
}

func (d *drawer) section(m *markup, raw json.RawMessage, head blockHead, _ int) error {
	var b struct {
		Text      *textObject     `json:"text"`
		Fields    []*textObject   `json:"fields"`
		Accessory json.RawMessage `json:"accessory"`
	}
	if err := json.Unmarshal(raw, &b); err != nil {
		return err
	}
	m.open("div", "class", "bk bk-section")
	m.open("div", "class", "bk-section-body")
	if b.Text != nil {
		m.open("div", "class", "mrkdwn")
		d.words(m, b.Text)
		m.close("div")
	}
	if len(b.Fields) > 0 {
		m.open("div", "class", "bk-fields")
		for _, field := range b.Fields {
			m.open("div", "class", "bk-field mrkdwn")
			d.words(m, field)
			m.close("div")
		}
		m.close("div")
	}
	m.close("div")
	if len(b.Accessory) > 0 && string(b.Accessory) != "null" {
		m.open("div", "class", "bk-accessory")
		d.element(m, b.Accessory, head.BlockID)
		m.close("div")
	}
	m.close("div")
	return nil
}

func (d *drawer) context(m *markup, raw json.RawMessage, _ blockHead, _ int) error {
	var b struct {
		Elements []json.RawMessage `json:"elements"`
	}
	if err := json.Unmarshal(raw, &b); err != nil {
		return err
	}
	m.open("div", "class", "bk bk-context")
	for _, e := range b.Elements {
		var t textObject
		if err := json.Unmarshal(e, &t); err != nil {
			return err
		}
		m.open("span", "class", "mrkdwn")
		switch t.Type {
		case "mrkdwn", "plain_text":
			d.words(m, &t)
		default:
			d.element(m, e, "")
		}
		m.close("span")
	}
	m.close("div")
	return nil
}

func (d *drawer) actions(m *markup, raw json.RawMessage, head blockHead, _ int) error {
	var b struct {
		Elements []json.RawMessage `json:"elements"`
	}
	if err := json.Unmarshal(raw, &b); err != nil {
		return err
	}
	m.open("div", "class", "bk bk-actions", "role", "group")
	for _, e := range b.Elements {
		d.element(m, e, head.BlockID)
	}
	m.close("div")
	return nil
}

func (d *drawer) divider(m *markup, _ json.RawMessage, _ blockHead, _ int) error {
	m.void("hr", "class", "bk bk-divider")
	return nil
}

// image shows the words of an image. Nothing is loaded from elsewhere.
func (d *drawer) image(m *markup, raw json.RawMessage, _ blockHead, _ int) error {
	var b struct {
		AltText string      `json:"alt_text"`
		Title   *textObject `json:"title"`
	}
	if err := json.Unmarshal(raw, &b); err != nil {
		return err
	}
	m.open("div", "class", "bk bk-image", "role", "img", "aria-label", b.AltText)
	if title := b.Title.plain(); title != "" {
		m.leaf("strong", "", title)
	}
	m.leaf("span", "", "Image: "+b.AltText)
	m.close("div")
	return nil
}

// markdown shows standard Markdown as it was written. Headings and lists read
// well that way, and nothing in it can turn into something else.
func (d *drawer) markdown(m *markup, raw json.RawMessage, _ blockHead, _ int) error {
	var b struct {
		Text string `json:"text"`
	}
	if err := json.Unmarshal(raw, &b); err != nil {
		return err
	}
	m.open("pre", "class", "bk bk-markdown")
	m.verbatim(b.Text)
	m.close("pre")
	return nil
}

func (d *drawer) container(m *markup, raw json.RawMessage, _ blockHead, depth int) error {
	var b struct {
		Title            *textObject       `json:"title"`
		Subtitle         *textObject       `json:"subtitle"`
		RichTextTitle    json.RawMessage   `json:"rich_text_title"`
		IsCollapsible    bool              `json:"is_collapsible"`
		DefaultCollapsed bool              `json:"default_collapsed"`
		ChildBlocks      []json.RawMessage `json:"child_blocks"`
	}
	if err := json.Unmarshal(raw, &b); err != nil {
		return err
	}
	title := func() {
		if b.Title != nil {
			m.open("strong")
			d.words(m, b.Title)
			m.close("strong")
		}
		if b.Subtitle != nil {
			m.open("span", "class", "muted")
			d.words(m, b.Subtitle)
			m.close("span")
		}
	}
	inner := func() {
		if len(b.RichTextTitle) > 0 {
			d.blocks(m, []json.RawMessage{b.RichTextTitle}, depth+1)
		}
		d.blocks(m, b.ChildBlocks, depth+1)
	}
	if !b.IsCollapsible {
		m.open("div", "class", "bk bk-container")
		m.open("div", "class", "bk-container-title")
		title()
		m.close("div")
		inner()
		m.close("div")
		return nil
	}
	open := "open"
	if b.DefaultCollapsed {
		open = ""
	}
	m.open("details", "class", "bk bk-container", "open", open, "id", d.nextID())
	m.open("summary", "class", "bk-container-title")
	title()
	m.close("summary")
	inner()
	m.close("details")
	return nil
}

// alertWords puts the level of an alert into a word and a sign, so that color
// is never alone.
var alertWords = map[string][2]string{
	"info":    {"ℹ️", "Note"},
	"warning": {"⚠️", "Warning"},
	"error":   {"⛔", "Error"},
	"success": {"✅", "Done"},
}

func (d *drawer) alert(m *markup, raw json.RawMessage, _ blockHead, _ int) error {
	var b struct {
		Text  *textObject `json:"text"`
		Level string      `json:"level"`
	}
	if err := json.Unmarshal(raw, &b); err != nil {
		return err
	}
	class := "bk bk-alert"
	words, known := alertWords[b.Level]
	if known {
		class += " bk-alert-" + b.Level
	}
	m.open("div", "class", class, "role", "note")
	if known {
		m.glyph(words[1], words[0])
		m.leaf("strong", "", words[1])
	}
	m.open("span", "class", "mrkdwn")
	d.words(m, b.Text)
	m.close("span")
	m.close("div")
	return nil
}

// nextID numbers the controls of one drawing; the numbers are the same each
// time the same blocks are drawn, so that the page can keep the focus.
func (d *drawer) nextID() string {
	d.controls++
	return fmt.Sprintf("c%s-%d", idWord(d.scope), d.controls)
}

// idWord keeps letters and digits, as an id in HTML wants it.
func idWord(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, s)
}
