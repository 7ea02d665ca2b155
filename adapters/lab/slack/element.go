package slack

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Slack keeps blocks as the app sent them and adds the ids that are missing.
// Reading them goes through generic JSON, so that a block this workspace has
// never heard of survives unchanged.

// object is a decoded JSON object.
type object = map[string]any

// decodeObject decodes one JSON object without losing digits of numbers.
func decodeObject(raw []byte) (object, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var o object
	if err := d.Decode(&o); err != nil {
		return nil, fmt.Errorf("decode object: %w", err)
	}
	return o, nil
}

// encode writes JSON without escaping <, > and &, which are letters here.
func encode(v any) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		// Only what was decoded from JSON, or is made of strings, comes here.
		return json.RawMessage("null")
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

func str(v any) string { s, _ := v.(string); return s }

// statefulField names the field that holds the state of an element, and the
// field from which it starts.
type statefulField struct{ field, initial string }

// statefulElements lists every element whose choice Slack keeps and reports.
var statefulElements = map[string]statefulField{
	"static_select":              {"selected_option", "initial_option"},
	"external_select":            {"selected_option", "initial_option"},
	"users_select":               {"selected_user", "initial_user"},
	"conversations_select":       {"selected_conversation", "initial_conversation"},
	"channels_select":            {"selected_channel", "initial_channel"},
	"multi_static_select":        {"selected_options", "initial_options"},
	"multi_external_select":      {"selected_options", "initial_options"},
	"multi_users_select":         {"selected_users", "initial_users"},
	"multi_conversations_select": {"selected_conversations", "initial_conversations"},
	"multi_channels_select":      {"selected_channels", "initial_channels"},
	"radio_buttons":              {"selected_option", "initial_option"},
	"checkboxes":                 {"selected_options", "initial_options"},
	"datepicker":                 {"selected_date", "initial_date"},
	"timepicker":                 {"selected_time", "initial_time"},
	"datetimepicker":             {"selected_date_time", "initial_date_time"},
	"plain_text_input":           {"value", "initial_value"},
	"email_text_input":           {"value", "initial_value"},
	"url_text_input":             {"value", "initial_value"},
	"number_input":               {"value", "initial_value"},
	"rich_text_input":            {"rich_text_value", "initial_value"},
}

// interactive tells whether people can act on an element of this type.
func interactive(kind string) bool {
	switch kind {
	case "button", "overflow", "workflow_button", "feedback_buttons", "icon_button", "file_input":
		return true
	}
	_, ok := statefulElements[kind]
	return ok
}

// placed is an interactive element and the block that it stands in.
type placed struct {
	blockID string
	element object
	inInput bool // its block is an input block
	block   object
}

// elementsOf lists the interactive elements of a block, and of the blocks
// that it contains, in reading order.
func elementsOf(block object) []placed {
	var out []placed
	eachBlock(block, func(b object) {
		for _, key := range []string{"elements", "accessory", "element", "actions", "rows"} {
			collectElements(b[key], b, &out)
		}
	})
	return out
}

// collectElements gathers interactive elements below v, which belongs to the
// block in. Contained blocks are left to eachBlock.
func collectElements(v any, in object, out *[]placed) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			collectElements(item, in, out)
		}
	case object:
		if interactive(str(v["type"])) {
			*out = append(*out, placed{blockID: str(in["block_id"]), element: v, inInput: str(in["type"]) == "input", block: in})
			return
		}
		if str(v["type"]) == "action_cell" {
			collectElements(v["element"], in, out)
		}
	}
}

func asList(v any) []any { l, _ := v.([]any); return l }

// fillIDs adds missing block and action ids, as Slack does, and returns the
// block anew. Generated action ids stay unique within the block.
func fillIDs(block object) {
	eachBlock(block, func(b object) {
		if str(b["block_id"]) == "" {
			b["block_id"] = randomHex(3)
		}
	})
	for _, p := range elementsOf(block) {
		if str(p.element["action_id"]) == "" {
			p.element["action_id"] = randomHex(3)
		}
	}
}

// eachBlock visits a block and the blocks that it contains.
func eachBlock(block object, visit func(object)) {
	visit(block)
	children := asList(block["child_blocks"])
	switch str(block["type"]) {
	case "carousel":
		children = asList(block["elements"])
	case "layout":
		for _, row := range asList(block["rows"]) {
			r, _ := row.(object)
			for _, item := range asList(r["items"]) {
				if i, ok := item.(object); ok {
					children = append(children, i["block"])
				}
			}
		}
	}
	for _, child := range children {
		if o, ok := child.(object); ok {
			eachBlock(o, visit)
		}
	}
}

// allElements lists the interactive elements of a message or view.
func allElements(blocks []json.RawMessage) []placed {
	var out []placed
	for _, raw := range blocks {
		if o, err := decodeObject(raw); err == nil {
			out = append(out, elementsOf(o)...)
		}
	}
	return out
}

// findElement looks an element up by action id, and by block id and button
// value where they are given. The second result says in a sentence why there
// is no single one.
func findElement(blocks []json.RawMessage, blockID, actionID, value string) (placed, string) {
	var found []placed
	for _, p := range allElements(blocks) {
		if str(p.element["action_id"]) != actionID || (blockID != "" && p.blockID != blockID) {
			continue
		}
		if value != "" && str(p.element["type"]) == "button" && str(p.element["value"]) != value {
			continue
		}
		found = append(found, p)
	}
	switch len(found) {
	case 1:
		return found[0], ""
	case 0:
		return placed{}, fmt.Sprintf("There is no element %q here any more.", actionID)
	default:
		return placed{}, fmt.Sprintf("There are %d elements %q here; say which by block_id or value.", len(found), actionID)
	}
}

// initialState is an element's state before anyone touched it; nil for
// elements without one.
func initialState(el object) object {
	kind := str(el["type"])
	f, ok := statefulElements[kind]
	if !ok {
		return nil
	}
	v := el[f.initial]
	if v == nil && strings.HasSuffix(f.field, "s") {
		v = []any{}
	}
	return object{"type": kind, f.field: v}
}

// keepState gives the state of every element in the blocks: what was chosen
// before where block and action ids are still the same, else its start.
func keepState(old stateValues, blocks []json.RawMessage) stateValues {
	out := stateValues{}
	for _, p := range allElements(blocks) {
		actionID := str(p.element["action_id"])
		state := initialState(p.element)
		if state == nil {
			continue
		}
		if before, ok := old[p.blockID][actionID]; ok && before["type"] == state["type"] {
			state = before
		}
		out.put(p.blockID, actionID, state)
	}
	return out
}

func (s stateValues) put(blockID, actionID string, state object) {
	if s[blockID] == nil {
		s[blockID] = map[string]map[string]any{}
	}
	s[blockID][actionID] = state
}

// copy detaches the two outer levels; states themselves are replaced, never
// written into.
func (s stateValues) copy() stateValues {
	out := stateValues{}
	for b, actions := range s {
		for a, state := range actions {
			out.put(b, a, state)
		}
	}
	return out
}

// choose gives an element the state that a person picked: an option by its
// value, an id, a date, a text; lists for elements that take several. The
// second result says in a sentence why it cannot be.
func choose(el object, picked any) (object, string) {
	kind := str(el["type"])
	f, ok := statefulElements[kind]
	if !ok {
		return nil, fmt.Sprintf("A %s takes no value.", kind)
	}
	state := object{"type": kind, f.field: nil}
	if picked == nil || picked == "" {
		if strings.HasSuffix(f.field, "s") {
			state[f.field] = []any{}
		}
		return state, ""
	}
	switch {
	case f.field == "selected_option":
		option, problem := optionOf(el, picked)
		state[f.field] = option
		return state, problem
	case f.field == "selected_options":
		chosen := []any{}
		for _, one := range listOf(picked) {
			option, problem := optionOf(el, one)
			if problem != "" {
				return nil, problem
			}
			chosen = append(chosen, option)
		}
		state[f.field] = chosen
	case strings.HasSuffix(f.field, "s"):
		state[f.field] = listOf(picked)
	default:
		state[f.field] = picked
		if n, ok := picked.(json.Number); ok && f.field != "selected_date_time" {
			state[f.field] = n.String()
		}
	}
	return state, ""
}

func listOf(v any) []any {
	if l, ok := v.([]any); ok {
		return l
	}
	return []any{v}
}

// optionOf finds the option with the picked value, in groups too. A whole
// option object serves as well as its value.
func optionOf(el object, picked any) (any, string) {
	want, ok := picked.(string)
	if o, isOption := picked.(object); isOption {
		want, ok = o["value"].(string)
	}
	if !ok {
		return nil, "An option is picked by its value."
	}
	if strings.HasSuffix(str(el["type"]), "external_select") {
		return nil, "Options of an external select come from the app; this workspace does not ask for them."
	}
	options := asList(el["options"])
	for _, group := range asList(el["option_groups"]) {
		if g, ok := group.(object); ok {
			options = append(slices.Clone(options), asList(g["options"])...)
		}
	}
	for _, option := range options {
		if o, ok := option.(object); ok && str(o["value"]) == want {
			return o, ""
		}
	}
	return nil, fmt.Sprintf("%q is not one of the options.", want)
}

// blockObjects decodes blocks for a look at their types.
func blockObjects(blocks []json.RawMessage) []object {
	var out []object
	for _, raw := range blocks {
		if o, err := decodeObject(raw); err == nil {
			out = append(out, o)
		}
	}
	return out
}
