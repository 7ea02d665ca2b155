package slack

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// blockElement is an interactive element, or an image. The fields are the
// union of all kinds; each kind reads its own.
type blockElement struct {
	Type               string         `json:"type"`
	ActionID           string         `json:"action_id"`
	Text               *textObject    `json:"text"`
	Value              string         `json:"value"`
	URL                string         `json:"url"`
	Style              string         `json:"style"`
	AccessibilityLabel string         `json:"accessibility_label"`
	Confirm            *confirmObject `json:"confirm"`
	AltText            string         `json:"alt_text"`

	Placeholder    *textObject    `json:"placeholder"`
	Options        []optionObject `json:"options"`
	OptionGroups   []optionGroup  `json:"option_groups"`
	InitialOption  *optionObject  `json:"initial_option"`
	InitialOptions []optionObject `json:"initial_options"`

	InitialUser          string   `json:"initial_user"`
	InitialUsers         []string `json:"initial_users"`
	InitialConversation  string   `json:"initial_conversation"`
	InitialConversations []string `json:"initial_conversations"`
	InitialChannel       string   `json:"initial_channel"`
	InitialChannels      []string `json:"initial_channels"`

	InitialDate     string          `json:"initial_date"`
	InitialTime     string          `json:"initial_time"`
	InitialDateTime int64           `json:"initial_date_time"`
	InitialValue    json.RawMessage `json:"initial_value"`

	Multiline        bool   `json:"multiline"`
	MinLength        int    `json:"min_length"`
	MaxLength        int    `json:"max_length"`
	MinValue         string `json:"min_value"`
	MaxValue         string `json:"max_value"`
	IsDecimalAllowed bool   `json:"is_decimal_allowed"`
	FocusOnLoad      bool   `json:"focus_on_load"`
}

// confirmObject asks before an action runs.
type confirmObject struct {
	Title   *textObject `json:"title"`
	Text    *textObject `json:"text"`
	Confirm *textObject `json:"confirm"`
	Deny    *textObject `json:"deny"`
	Style   string      `json:"style"`
}

type optionObject struct {
	Text        *textObject `json:"text"`
	Value       string      `json:"value"`
	Description *textObject `json:"description"`
	URL         string      `json:"url"`
}

type optionGroup struct {
	Label   *textObject    `json:"label"`
	Options []optionObject `json:"options"`
}

// field is where an element stands: the words around it and what they demand.
type field struct {
	blockID string
	// labelID, hintID and problemID are the ids of the texts around an input
	// block's element; all are empty outside of input blocks.
	labelID, hintID, problemID string
	required                   bool
	// silent elements only count when the form is submitted.
	silent bool
}

// element draws an element of a section, actions or context block: it acts as
// soon as it is used.
func (d *drawer) element(m *markup, raw json.RawMessage, blockID string) {
	d.elementIn(m, raw, field{blockID: blockID})
}

func (d *drawer) elementIn(m *markup, raw json.RawMessage, f field) {
	var e blockElement
	if err := json.Unmarshal(raw, &e); err != nil {
		m.leaf("span", "inline-note", fmt.Sprintf("[malformed element: %v]", err))
		return
	}
	switch e.Type {
	case "button":
		d.button(m, e, f)
	case "image":
		m.open("span", "class", "inline-image", "role", "img", "aria-label", e.AltText)
		m.text("Image: " + e.AltText)
		m.close("span")
	case "overflow":
		d.overflow(m, e, f)
	case "static_select", "users_select", "channels_select", "conversations_select":
		d.selectOne(m, e, f, false)
	case "multi_static_select", "multi_users_select", "multi_channels_select", "multi_conversations_select":
		d.selectOne(m, e, f, true)
	case "radio_buttons":
		d.optionList(m, e, f, "radio")
	case "checkboxes":
		d.optionList(m, e, f, "checkbox")
	case "plain_text_input", "number_input", "email_text_input", "url_text_input":
		d.textInput(m, e, f)
	case "datepicker", "timepicker", "datetimepicker":
		d.picker(m, e, f)
	default:
		m.leaf("span", "inline-note", fmt.Sprintf("[element type %s is not drawn here]", e.Type))
	}
}

// hooks are the attributes by which the page's script knows a control.
func (e blockElement) hooks(f field, do string) []string {
	attrs := []string{"data-block", f.blockID, "data-action", e.ActionID}
	if f.silent {
		do = ""
	}
	if do != "" {
		attrs = append(attrs, "data-do", do)
	}
	return attrs
}

func (d *drawer) button(m *markup, e blockElement, f field) {
	class := "btn"
	switch e.Style {
	case "primary":
		class += " btn-primary"
	case "danger":
		class += " btn-danger"
	}
	id := d.nextID()
	attrs := append([]string{"id", id, "class", class, "aria-label", e.AccessibilityLabel, "data-value", e.Value}, e.hooks(f, "click")...)
	confirm := ""
	if e.Confirm != nil {
		confirm = d.nextID()
		attrs = append(attrs, "data-confirm", confirm)
	}
	if href, ok := safeLink(e.URL); ok {
		m.open("a", append(attrs, "href", href, "target", "_blank", "rel", "noopener noreferrer nofollow")...)
		d.words(m, e.Text)
		m.close("a")
	} else {
		m.open("button", append(attrs, "type", "button")...)
		d.words(m, e.Text)
		m.close("button")
	}
	d.confirm(m, e.Confirm, confirm)
}

// confirm draws the question of an element, closed; the script opens it.
func (d *drawer) confirm(m *markup, c *confirmObject, id string) {
	if c == nil {
		return
	}
	m.open("dialog", "class", "confirm", "id", id, "aria-labelledby", id+"-title")
	m.open("h2", "id", id+"-title")
	d.words(m, c.Title)
	m.close("h2")
	m.open("div", "class", "mrkdwn")
	d.words(m, c.Text)
	m.close("div")
	m.open("div", "class", "dialog-buttons")
	m.open("button", "type", "button", "class", "btn", "data-answer", "no")
	answer(m, c.Deny, "Cancel")
	m.close("button")
	class := "btn btn-primary"
	if c.Style == "danger" {
		class = "btn btn-danger"
	}
	m.open("button", "type", "button", "class", class, "data-answer", "yes")
	answer(m, c.Confirm, "Yes")
	m.close("button")
	m.close("div")
	m.close("dialog")
}

func answer(m *markup, t *textObject, otherwise string) {
	if t.plain() == "" {
		m.text(otherwise)
		return
	}
	m.textWithEmoji(t.Text)
}

// overflow is a menu behind three dots; it opens without any script.
func (d *drawer) overflow(m *markup, e blockElement, f field) {
	confirm := ""
	if e.Confirm != nil {
		confirm = d.nextID()
	}
	m.open("details", "class", "overflow", "id", d.nextID())
	m.open("summary", "class", "btn", "aria-label", "More actions")
	m.text("⋯")
	m.close("summary")
	m.open("div", "class", "overflow-menu")
	for _, o := range e.Options {
		attrs := append([]string{"id", d.nextID(), "type", "button", "data-selected", o.Value, "data-confirm", confirm}, e.hooks(f, "click")...)
		m.open("button", attrs...)
		d.words(m, o.Text)
		if o.Description != nil {
			m.open("small")
			d.words(m, o.Description)
			m.close("small")
		}
		m.close("button")
	}
	m.close("div")
	m.close("details")
	d.confirm(m, e.Confirm, confirm)
}

// picker is a date, a time, or both.
func (d *drawer) picker(m *markup, e blockElement, f field) {
	kind, value := "date", e.InitialDate
	switch e.Type {
	case "timepicker":
		kind, value = "time", e.InitialTime
	case "datetimepicker":
		kind = "datetime-local"
		if e.InitialDateTime > 0 && e.InitialDateTime <= lastDate {
			value = time.Unix(e.InitialDateTime, 0).UTC().Format("2006-01-02T15:04")
		}
	}
	confirm := d.confirmID(e)
	attrs := append([]string{"id", d.nextID(), "type", kind, "class", "control", "value", value, "data-confirm", confirm}, e.hooks(f, "change")...)
	m.void("input", append(attrs, d.fieldAttrs(e, f, kind)...)...)
	d.confirm(m, e.Confirm, confirm)
}

func (d *drawer) confirmID(e blockElement) string {
	if e.Confirm == nil {
		return ""
	}
	return d.nextID()
}

// fieldAttrs are what any control carries that holds a value: its kind for the
// script that gathers a form, and its words for those who listen.
func (d *drawer) fieldAttrs(e blockElement, f field, kind string) []string {
	attrs := []string{"data-field", kind, "aria-labelledby", f.labelID}
	if f.labelID == "" {
		label := e.Placeholder.plain()
		if label == "" {
			label = e.ActionID
		}
		attrs = append(attrs, "aria-label", label)
	}
	described := f.hintID
	if f.problemID != "" {
		described = f.problemID + " " + described
		attrs = append(attrs, "aria-invalid", "true")
	}
	attrs = append(attrs, "aria-describedby", described)
	if f.required {
		attrs = append(attrs, "aria-required", "true")
	}
	if e.FocusOnLoad {
		attrs = append(attrs, "data-focus", "true")
	}
	return attrs
}

func positive(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}
