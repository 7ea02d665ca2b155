package slack

import (
	"encoding/json"
	"slices"
)

// view is a modal or an App Home of one person.
type view struct {
	id         string
	kind       string // modal or home
	hash       string
	externalID string
	rootID     string
	previousID string
	person     string
	def        viewDefinition
	errors     map[string]string
	state      stateValues
}

// viewDefinition is a view as the app sent it, checked and with ids filled in.
type viewDefinition struct {
	kind            string
	callbackID      string
	externalID      string
	privateMetadata string
	title           json.RawMessage
	submit          json.RawMessage
	close           json.RawMessage
	titleText       string
	submitText      string
	closeText       string
	notifyOnClose   bool
	clearOnClose    bool
	submitDisabled  bool
	blocks          []json.RawMessage
}

// maxStack is how many modals may lie upon each other.
const maxStack = 3

// viewStore holds the views of everyone; the workspace's lock guards it. It
// is bounded by the number of people: one Home and three modals for each.
type viewStore struct {
	stacks map[string][]*view // by person, the visible one last
	homes  map[string]*view   // by person
}

func (s *viewStore) stack(person string) []*view { return s.stacks[person] }

func (s *viewStore) setStack(person string, stack []*view) {
	if s.stacks == nil {
		s.stacks = map[string][]*view{}
	}
	if len(stack) == 0 {
		delete(s.stacks, person)
		return
	}
	s.stacks[person] = stack
}

func (s *viewStore) setHome(person string, v *view) {
	if s.homes == nil {
		s.homes = map[string]*view{}
	}
	s.homes[person] = v
}

// find looks for a view by id or by external id.
func (s *viewStore) find(id, externalID string) *view {
	match := func(v *view) bool {
		if id != "" {
			return v.id == id
		}
		return externalID != "" && v.externalID == externalID
	}
	for _, stack := range s.stacks {
		if i := slices.IndexFunc(stack, match); i >= 0 {
			return stack[i]
		}
	}
	for _, v := range s.homes {
		if match(v) {
			return v
		}
	}
	return nil
}

// remove takes a view, and what lies upon it, off its person's stack.
func (s *viewStore) remove(v *view) {
	stack := s.stacks[v.person]
	if i := slices.Index(stack, v); i >= 0 {
		s.setStack(v.person, stack[:i])
	}
}

// newView makes a view of a definition. The caller holds the lock.
func (w *Workspace) newView(person string, def viewDefinition) *view {
	v := &view{id: w.newID("V"), kind: def.kind, person: person}
	v.rootID = v.id
	w.redefine(v, def)
	return v
}

// redefine replaces what a view shows and gives it a new hash. What the
// person typed survives where block and action ids stay the same. The caller
// holds the lock.
func (w *Workspace) redefine(v *view, def viewDefinition) {
	v.def = def
	v.externalID = def.externalID
	v.hash = w.newTS() + "." + randomHex(4)
	v.errors = nil
	v.state = keepState(v.state, def.blocks)
	w.hub.notify()
}

// openView opens a modal as the person's only one. The caller holds the lock.
func (w *Workspace) openView(person string, def viewDefinition) *view {
	v := w.newView(person, def)
	w.views.setStack(person, []*view{v})
	return v
}

// pushView lays a modal upon the person's stack. The caller holds the lock
// and has checked that there is room.
func (w *Workspace) pushView(person string, def viewDefinition) *view {
	v := w.newView(person, def)
	stack := w.views.stack(person)
	if len(stack) > 0 {
		v.rootID = stack[0].id
		v.previousID = stack[len(stack)-1].id
	}
	w.views.setStack(person, append(slices.Clone(stack), v))
	return v
}

// Views lists the person's open modals, the visible one last.
func (w *Workspace) Views(person string) []OpenView {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := []OpenView{}
	for _, v := range w.views.stack(person) {
		out = append(out, v.open())
	}
	return out
}

// Home is what the app last published for the person's Home tab.
func (w *Workspace) Home(person string) (OpenView, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	v, ok := w.views.homes[person]
	if !ok {
		return OpenView{}, false
	}
	return v.open(), true
}

func (v *view) open() OpenView {
	var errs map[string]string
	if len(v.errors) > 0 {
		errs = make(map[string]string, len(v.errors))
		for k, text := range v.errors {
			errs[k] = text
		}
	}
	blocks := v.def.blocks
	if blocks == nil {
		blocks = []json.RawMessage{}
	}
	return OpenView{
		ID:         v.id,
		Type:       v.kind,
		CallbackID: v.def.callbackID,
		Title:      v.def.titleText,
		Submit:     v.def.submitText,
		Close:      v.def.closeText,
		Blocks:     blocks,
		Errors:     errs,
		Hash:       v.hash,
	}
}

// wire is the view as Slack shows it to the app.
func (w *Workspace) wireView(v *view, state stateValues) map[string]any {
	if state == nil {
		state = stateValues{}
	}
	null := func(raw json.RawMessage) any {
		if len(raw) == 0 {
			return nil
		}
		return raw
	}
	blocks := v.def.blocks
	if blocks == nil {
		blocks = []json.RawMessage{}
	}
	var previous any
	if v.previousID != "" {
		previous = v.previousID
	}
	return map[string]any{
		"id":                    v.id,
		"team_id":               w.cfg.Team.ID,
		"type":                  v.kind,
		"blocks":                blocks,
		"private_metadata":      v.def.privateMetadata,
		"callback_id":           v.def.callbackID,
		"external_id":           v.externalID,
		"hash":                  v.hash,
		"title":                 null(v.def.title),
		"submit":                null(v.def.submit),
		"close":                 null(v.def.close),
		"clear_on_close":        v.def.clearOnClose,
		"notify_on_close":       v.def.notifyOnClose,
		"submit_disabled":       v.def.submitDisabled,
		"previous_view_id":      previous,
		"root_view_id":          v.rootID,
		"app_id":                w.cfg.AppID,
		"app_installed_team_id": w.cfg.Team.ID,
		"bot_id":                w.cfg.Bot.BotID,
		"state":                 map[string]any{"values": state},
	}
}
