package slack

import (
	"encoding/json"
	"slices"
)

// input draws a field of a form: label, control, hint, and the app's complaint
// about the last submission, all tied together for assistive technology.
func (d *drawer) input(m *markup, raw json.RawMessage, head blockHead, _ int) error {
	var b struct {
		Label          *textObject     `json:"label"`
		Element        json.RawMessage `json:"element"`
		Hint           *textObject     `json:"hint"`
		Optional       bool            `json:"optional"`
		DispatchAction bool            `json:"dispatch_action"`
	}
	if err := json.Unmarshal(raw, &b); err != nil {
		return err
	}
	f := field{blockID: head.BlockID, labelID: d.nextID(), required: !b.Optional, silent: !b.DispatchAction}
	problem := d.problems[head.BlockID]
	if problem != "" {
		f.problemID = d.nextID()
	}
	if b.Hint != nil {
		f.hintID = d.nextID()
	}
	m.open("div", "class", "bk bk-input")
	m.open("div", "class", "bk-label", "id", f.labelID)
	d.words(m, b.Label)
	if b.Optional {
		m.leaf("span", "muted", " (optional)")
	}
	m.close("div")
	d.elementIn(m, b.Element, f)
	if problem != "" {
		m.open("div", "class", "field-problem", "id", f.problemID)
		m.text("⚠ " + problem)
		m.close("div")
	}
	if b.Hint != nil {
		m.open("div", "class", "field-hint", "id", f.hintID)
		d.words(m, b.Hint)
		m.close("div")
	}
	m.close("div")
	return nil
}

// textInput draws one line, or several, of text.
func (d *drawer) textInput(m *markup, e blockElement, f field) {
	value := ""
	if len(e.InitialValue) > 0 {
		// A value of another kind is the validator's business; draw none.
		_ = json.Unmarshal(e.InitialValue, &value)
	}
	attrs := append([]string{
		"id", d.nextID(), "class", "control", "placeholder", e.Placeholder.plain(),
		"minlength", positive(e.MinLength), "maxlength", positive(e.MaxLength),
	}, e.hooks(f, "enter")...)
	attrs = append(attrs, d.fieldAttrs(e, f, "text")...)
	if e.Multiline {
		m.open("textarea", append(attrs, "rows", "5")...)
		m.verbatim(value)
		m.close("textarea")
		return
	}
	kind, mode := "text", ""
	switch e.Type {
	case "email_text_input":
		kind = "email"
	case "url_text_input":
		kind = "url"
	case "number_input":
		mode = "numeric"
		if e.IsDecimalAllowed {
			mode = "decimal"
		}
	}
	m.void("input", append(attrs, "type", kind, "inputmode", mode, "value", value, "autocomplete", "off")...)
}

// selectOne draws a menu of options, of people or of channels.
func (d *drawer) selectOne(m *markup, e blockElement, f field, many bool) {
	confirm := d.confirmID(e)
	kind, multiple, size := "select", "", ""
	if many {
		kind, multiple, size = "multi", "multiple", "4"
	}
	attrs := append([]string{"id", d.nextID(), "class", "control", "multiple", multiple, "size", size, "data-confirm", confirm}, e.hooks(f, "change")...)
	m.open("select", append(attrs, d.fieldAttrs(e, f, kind)...)...)
	chosen := e.initial()
	if !many {
		label := e.Placeholder.plain()
		if label == "" {
			label = "Select an option"
		}
		selected := ""
		if len(chosen) == 0 {
			selected = "selected"
		}
		m.open("option", "value=", "", "selected", selected)
		m.text(label)
		m.close("option")
	}
	switch e.Type {
	case "users_select", "multi_users_select":
		drawChoices(m, d.people, chosen)
	case "channels_select", "multi_channels_select":
		drawChoices(m, d.channels, chosen)
	case "conversations_select", "multi_conversations_select":
		drawChoices(m, slices.Concat(d.channels, d.people), chosen)
	default:
		drawChoices(m, choices(e.Options), chosen)
		for _, group := range e.OptionGroups {
			m.open("optgroup", "label", group.Label.plain())
			drawChoices(m, choices(group.Options), chosen)
			m.close("optgroup")
		}
	}
	m.close("select")
	d.confirm(m, e.Confirm, confirm)
}

// initial gathers whatever the element starts with.
func (e blockElement) initial() []string {
	values := slices.Concat(e.InitialUsers, e.InitialConversations, e.InitialChannels)
	for _, v := range []string{e.InitialUser, e.InitialConversation, e.InitialChannel} {
		if v != "" {
			values = append(values, v)
		}
	}
	if e.InitialOption != nil {
		values = append(values, e.InitialOption.Value)
	}
	for _, o := range e.InitialOptions {
		values = append(values, o.Value)
	}
	return values
}

func choices(options []optionObject) []choice {
	list := make([]choice, 0, len(options))
	for _, o := range options {
		list = append(list, choice{value: o.Value, label: o.Text.plain()})
	}
	return list
}

func drawChoices(m *markup, list []choice, chosen []string) {
	for _, c := range list {
		selected := ""
		if slices.Contains(chosen, c.value) {
			selected = "selected"
		}
		m.open("option", "value=", c.value, "selected", selected)
		m.textWithoutBreaks(c.label)
		m.close("option")
	}
}

// optionList draws radio buttons or checkboxes, each with its description.
func (d *drawer) optionList(m *markup, e blockElement, f field, kind string) {
	confirm := d.confirmID(e)
	name := d.nextID()
	chosen := e.initial()
	role := "group"
	if kind == "radio" {
		role = "radiogroup"
	}
	group := append([]string{"class", "options", "role", role, "data-confirm", confirm}, e.hooks(f, "")...)
	m.open("div", append(group, d.fieldAttrs(e, f, kind)...)...)
	do := "change"
	if f.silent {
		do = ""
	}
	for _, o := range e.Options {
		checked := ""
		if slices.Contains(chosen, o.Value) {
			checked = "checked"
		}
		m.open("label", "class", "option")
		m.void("input", "type", kind, "id", d.nextID(), "name", name, "value=", o.Value, "checked", checked, "data-do", do)
		m.open("span", "class", "option-words mrkdwn")
		d.words(m, o.Text)
		if o.Description != nil {
			m.open("small", "class", "muted")
			d.words(m, o.Description)
			m.close("small")
		}
		m.close("span")
		m.close("label")
	}
	m.close("div")
	d.confirm(m, e.Confirm, confirm)
}
