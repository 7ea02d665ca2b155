package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/mail"
	"net/url"
	"strconv"
	"time"
	"unicode/utf8"
)

// Submit fills a person's open modal and presses its submit button. Values
// are given as block_id → action_id → value, or flat as action_id → value;
// what is not given keeps what the modal holds. An empty view id means the
// modal on top. What Slack's own client would complain about is not sent.
func (w *Workspace) Submit(ctx context.Context, user, viewID string, values map[string]any) (Outcome, error) {
	p, ok := w.findPerson(user)
	if !ok {
		return Outcome{}, malformed("There is no person %q here.", user)
	}
	v, payload, problem := w.submission(p, viewID, values)
	if problem != "" {
		return refused("%s", problem), nil
	}
	start := time.Now()
	ack, err := w.delivery.command(ctx, parcel{kind: kindInteractive, payload: payload, accepts: true})
	out := outcome(start, err, modalFailed)
	if err == nil && !w.applySubmission(v, ack) {
		out.Error = modalFailed
	}
	return out, nil
}

// submission fills the modal in and builds the payload.
func (w *Workspace) submission(p Person, viewID string, values map[string]any) (*view, object, string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	v, problem := w.visibleView(p, viewID)
	switch {
	case problem != "":
		return nil, nil, problem
	case v.kind != "modal":
		return nil, nil, "A Home tab cannot be submitted."
	case v.def.submit == nil:
		return nil, nil, "This modal has no submit button."
	}
	defer w.hub.notify()
	elements := allElements(v.def.blocks)
	state, problem := fillIn(v.state.copy(), elements, values)
	if problem != "" {
		return nil, nil, problem
	}
	v.state = state
	v.errors = clientErrors(elements, state)
	for _, key := range sortedKeys(v.errors) {
		return nil, nil, v.errors[key]
	}
	payload := w.interaction("view_submission", p)
	payload["trigger_id"] = w.newTrigger(p.ID)
	payload["view"] = w.wireView(v, state.copy())
	payload["response_urls"] = []any{}
	return v, payload, ""
}

// fillIn puts given values into the state of the elements they belong to.
func fillIn(state stateValues, elements []placed, values map[string]any) (stateValues, string) {
	used := map[string]bool{}
	for _, at := range elements {
		actionID := str(at.element["action_id"])
		picked, key, ok := valueFor(at.blockID, actionID, values)
		if !ok {
			continue
		}
		used[key] = true
		chosen, problem := choose(at.element, picked)
		if problem != "" {
			return nil, problem
		}
		state.put(at.blockID, actionID, chosen)
	}
	for _, key := range sortedKeys(values) {
		if !used[key] {
			return nil, fmt.Sprintf("This modal has no input %q.", key)
		}
	}
	return state, ""
}

// valueFor finds an element's value, and the name that it was given under.
func valueFor(blockID, actionID string, values map[string]any) (picked any, key string, ok bool) {
	if nested, isObject := values[blockID].(object); isObject {
		if picked, ok = nested[actionID]; ok {
			return picked, blockID, true
		}
	}
	if picked, ok = values[actionID]; ok {
		return picked, actionID, true
	}
	if picked, ok = values[blockID]; ok {
		if _, isObject := picked.(object); !isObject {
			return picked, blockID, true
		}
	}
	return nil, "", false
}

// clientErrors is what Slack's client itself refuses to send, by block id.
func clientErrors(elements []placed, state stateValues) map[string]string {
	errs := map[string]string{}
	for _, at := range elements {
		if !at.inInput {
			continue
		}
		kind := str(at.element["type"])
		value := state[at.blockID][str(at.element["action_id"])][statefulElements[kind].field]
		if blank(value) {
			if isOptional, _ := at.block["optional"].(bool); !isOptional {
				errs[at.blockID] = "Please complete this required field."
			}
			continue
		}
		if text, ok := value.(string); ok {
			if problem := textProblem(kind, at.element, text); problem != "" {
				errs[at.blockID] = problem
			}
		}
	}
	return errs
}

func blank(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	default:
		return false
	}
}

func textProblem(kind string, el object, text string) string {
	n := utf8.RuneCountInString(text)
	most := limits.PlainTextInput.MaxLength.Max
	if given, ok := wholeNumber(el["max_length"]); ok {
		most = given
	}
	least, _ := wholeNumber(el["min_length"])
	switch {
	case kind == "plain_text_input" && n > most:
		return fmt.Sprintf("This must be at most %d characters long.", most)
	case kind == "plain_text_input" && n < least:
		return fmt.Sprintf("This must be at least %d characters long.", least)
	case kind == "email_text_input":
		if a, err := mail.ParseAddress(text); err != nil || a.Address != text {
			return "Please enter a valid email address."
		}
	case kind == "url_text_input":
		if u, err := url.Parse(text); err != nil || u.Host == "" {
			return "Please enter a valid URL."
		}
	case kind == "number_input":
		if _, err := strconv.ParseFloat(text, 64); err != nil {
			return "Please enter a number."
		}
	}
	return ""
}

func wholeNumber(v any) (int, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	i, err := strconv.Atoi(n.String())
	return i, err == nil
}

// applySubmission does what the acknowledgement of a submission asks for. It
// returns false when Slack would not understand it.
func (w *Workspace) applySubmission(v *view, ack json.RawMessage) bool {
	var answer struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	if len(ack) > 0 {
		if err := json.Unmarshal(ack, &answer); err != nil {
			return false
		}
	}
	var def viewDefinition
	if answer.Action == "update" || answer.Action == "push" {
		var problem string
		if def, _, problem = w.readView(answer.View); problem != "" || def.kind != "modal" {
			return false
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	defer w.hub.notify()
	switch answer.Action {
	case "":
		w.views.remove(v)
	case "clear":
		w.views.setStack(v.person, nil)
	case "errors":
		return v.complain(answer.Errors)
	case "update":
		if w.externalIDTaken(def.externalID, v) {
			return false
		}
		w.redefine(v, def)
	case "push":
		if len(w.views.stack(v.person)) >= maxStack || w.externalIDTaken(def.externalID, nil) {
			return false
		}
		w.pushView(v.person, def)
	default:
		return false
	}
	return true
}

// complain shows the app's errors under the inputs they name. Slack accepts
// only the block ids of input blocks.
func (v *view) complain(errs map[string]string) bool {
	inputs := map[string]bool{}
	for _, b := range blockObjects(v.def.blocks) {
		if str(b["type"]) == "input" {
			inputs[str(b["block_id"])] = true
		}
	}
	if len(errs) == 0 {
		return false
	}
	for key := range errs {
		if !inputs[key] {
			return false
		}
	}
	v.errors = errs
	return true
}

// CloseView closes the modal on top, or with all set the whole stack, and
// tells the app where the modal asked for it.
func (w *Workspace) CloseView(ctx context.Context, user, viewID string, all bool) (Outcome, error) {
	p, ok := w.findPerson(user)
	if !ok {
		return Outcome{}, malformed("There is no person %q here.", user)
	}
	payload, problem := w.closing(p, viewID, all)
	if problem != "" || payload == nil {
		return w.dispatchClick(ctx, nil, problem)
	}
	start := time.Now()
	_, err := w.delivery.command(ctx, parcel{kind: kindInteractive, payload: payload})
	return outcome(start, err, modalFailed), nil
}

func (w *Workspace) closing(p Person, viewID string, all bool) (object, string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	v, problem := w.visibleView(p, viewID)
	switch {
	case problem != "":
		return nil, problem
	case v.kind != "modal":
		return nil, "A Home tab cannot be closed."
	}
	all = all || v.def.clearOnClose
	if all {
		w.views.setStack(p.ID, nil)
	} else {
		w.views.remove(v)
	}
	w.hub.notify()
	if !v.def.notifyOnClose {
		return nil, ""
	}
	payload := w.interaction("view_closed", p)
	payload["view"] = w.wireView(v, v.state.copy())
	payload["is_cleared"] = all
	return payload, ""
}
