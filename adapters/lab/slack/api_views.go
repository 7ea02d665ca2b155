package slack

import (
	"encoding/json"
	"slices"
)

// readView checks a view that an app sent. The last result is Slack's word
// for what is wrong with it.
func (w *Workspace) readView(raw json.RawMessage) (viewDefinition, []BlockError, string) {
	var def viewDefinition
	o, err := decodeObject(raw)
	if err != nil || o == nil {
		return def, nil, "invalid_arguments"
	}
	// Measured as it is kept: how a client escaped it does not count.
	if len(encode(o)) > viewBytes {
		return def, nil, "view_too_large"
	}
	c := &checker{}
	def.kind = c.oneOf("", o, "type", required, "modal", "home")
	c.surface = Surface(def.kind)
	def.callbackID = c.text("", o, "callback_id", optional, limits.View.CallbackID)
	def.externalID = c.text("", o, "external_id", optional, limits.View.CallbackID)
	def.privateMetadata = c.text("", o, "private_metadata", optional, limits.View.PrivateMetadata)
	c.boolean("", o, "clear_on_close", "notify_on_close", "submit_disabled")
	if def.kind == "modal" {
		def.readModal(c, o)
	}
	blocks, errs, problem := w.readBlocks(c.surface, encode(o["blocks"]))
	for _, e := range errs {
		e.Pointer = "/blocks" + e.Pointer
		c.errs = append(c.errs, e)
	}
	if problem == "" && len(blocks) < limits.View.Blocks.MinItems {
		c.fail("/blocks", codeConstraint, "min_items", limits.View.Blocks.MinItems)
	}
	def.blocks = blocks
	if len(c.errs) > 0 || problem != "" {
		return def, c.errs, "invalid_arguments"
	}
	return def, nil, ""
}

// readModal reads what only modals have.
func (d *viewDefinition) readModal(c *checker, o object) {
	l := limits.View
	c.textObject("", o, "title", "plain_text", required, l.Title)
	c.textObject("", o, "submit", "plain_text", optional, l.Submit)
	c.textObject("", o, "close", "plain_text", optional, l.Close)
	part := func(name string) (json.RawMessage, string) {
		t, ok := o[name].(object)
		if !ok {
			return nil, ""
		}
		return encode(t), str(t["text"])
	}
	d.title, d.titleText = part("title")
	d.submit, d.submitText = part("submit")
	d.close, d.closeText = part("close")
	d.notifyOnClose, _ = o["notify_on_close"].(bool)
	d.clearOnClose, _ = o["clear_on_close"].(bool)
	d.submitDisabled, _ = o["submit_disabled"].(bool)
	hasInput := slices.ContainsFunc(asList(o["blocks"]), func(b any) bool {
		block, _ := b.(object)
		return str(block["type"]) == "input"
	})
	if hasInput && d.submit == nil {
		c.fail("/submit", codeMissing)
	}
}

// viewArgument reads the view of a views.* call.
func (w *Workspace) viewArgument(a arguments, kind string) (viewDefinition, object) {
	if !a.has("view") {
		return viewDefinition{}, withErrors("invalid_arguments", "", []BlockError{{Pointer: "/view", Code: codeMissing}})
	}
	def, errs, problem := w.readView(a.raw("view"))
	if problem != "" {
		return def, withErrors(problem, "/view", errs)
	}
	if kind != "" && def.kind != kind {
		return def, withErrors("invalid_arguments", "/view", []BlockError{{Pointer: "/type", Code: codeConstraint, Constraint: map[string]any{"enum": kind}}})
	}
	return def, nil
}

// externalIDTaken tells whether another view already has the external id.
// The caller holds the lock.
func (w *Workspace) externalIDTaken(id string, but *view) bool {
	if id == "" {
		return false
	}
	v := w.views.find("", id)
	return v != nil && v != but
}

func (w *Workspace) viewsOpen(a arguments) object {
	def, refused := w.viewArgument(a, "modal")
	if refused != nil {
		return refused
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.externalIDTaken(def.externalID, nil) {
		return failure("duplicate_external_id")
	}
	person, problem := w.triggers.exchange(a.text("trigger_id"))
	if problem != "" {
		return failure(problem)
	}
	v := w.openView(person, def)
	return success("view", w.wireView(v, v.state))
}

func (w *Workspace) viewsPush(a arguments) object {
	def, refused := w.viewArgument(a, "modal")
	if refused != nil {
		return refused
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.externalIDTaken(def.externalID, nil) {
		return failure("duplicate_external_id")
	}
	person, problem := w.triggers.exchange(a.text("trigger_id"))
	if problem != "" {
		return failure(problem)
	}
	switch depth := len(w.views.stack(person)); {
	case depth == 0:
		return failure("not_found")
	case depth >= maxStack:
		return failure("push_limit_reached")
	}
	v := w.pushView(person, def)
	return success("view", w.wireView(v, v.state))
}

func (w *Workspace) viewsUpdate(a arguments) object {
	def, refused := w.viewArgument(a, "")
	if refused != nil {
		return refused
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	v := w.views.find(a.text("view_id"), a.text("external_id"))
	switch {
	case v == nil:
		return failure("not_found")
	case a.text("hash") != "" && a.text("hash") != v.hash:
		return failure("hash_conflict")
	case def.kind != v.kind:
		return withErrors("invalid_arguments", "/view", []BlockError{{Pointer: "/type", Code: codeConstraint, Constraint: map[string]any{"enum": v.kind}}})
	case w.externalIDTaken(def.externalID, v):
		return failure("duplicate_external_id")
	}
	w.redefine(v, def)
	return success("view", w.wireView(v, v.state))
}

func (w *Workspace) viewsPublish(a arguments) object {
	def, refused := w.viewArgument(a, "home")
	if refused != nil {
		return refused
	}
	p, ok := w.person(a.text("user_id"))
	if !ok || p.Deleted {
		return failure("user_not_found")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	v := w.views.homes[p.ID]
	if hash := a.text("hash"); hash != "" && v != nil && hash != v.hash {
		return failure("hash_conflict")
	}
	if w.externalIDTaken(def.externalID, v) {
		return failure("duplicate_external_id")
	}
	if v == nil {
		v = w.newView(p.ID, def)
		w.views.setHome(p.ID, v)
	} else {
		w.redefine(v, def)
	}
	return success("view", w.wireView(v, v.state))
}
