package slack

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Surface is where blocks are shown.
type Surface string

// The surfaces that Block Kit knows.
const (
	SurfaceMessage Surface = "message"
	SurfaceModal   Surface = "modal"
	SurfaceHome    Surface = "home"
)

// BlockError is one violation of Block Kit's rules, in the shape that
// blocks.validate reports: where (a JSON pointer into the blocks), which kind,
// and the bound that was broken.
type BlockError struct {
	Pointer    string         `json:"pointer"`
	Code       string         `json:"code"`
	Constraint map[string]any `json:"constraint,omitempty"`
}

// Codes of a BlockError.
const (
	codeMissing    = "missing_field"
	codeConstraint = "failed_constraint"
	codeType       = "invalid_type"
	codeUnknown    = "unknown_field"
	codeSurface    = "unsupported_surface"
	codeDuplicate  = "duplicate_value"
)

// message puts the violation into words, with the place at the end.
func (e BlockError) message(prefix string) string {
	what := e.Code
	for _, name := range sortedKeys(e.Constraint) {
		what += fmt.Sprintf(" %s=%v", name, e.Constraint[name])
	}
	return fmt.Sprintf("%s [json-pointer:%s%s]", what, prefix, e.Pointer)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// maxBlockErrors ends the search in a payload that is wrong throughout.
const maxBlockErrors = 50

// Validate checks blocks against Block Kit's rules for a surface. It returns
// nothing when Slack would take them. Lengths count Unicode code points.
func Validate(surface Surface, blocks []json.RawMessage) []BlockError {
	c := &checker{surface: surface, blockIDs: map[string]bool{}}
	bound := limits.View.Blocks
	if surface == SurfaceMessage {
		bound = atMost(messageBlocks)
	}
	c.items("", len(blocks), Range{MaxItems: bound.MaxItems})
	for i, raw := range blocks {
		o, err := decodeObject(raw)
		if err != nil || o == nil {
			c.fail("/"+strconv.Itoa(i), codeType, "type", "object")
			continue
		}
		c.block("/"+strconv.Itoa(i), o, allBlocks)
	}
	c.totals()
	return c.errs
}

// checker walks one payload and gathers what is wrong with it.
type checker struct {
	surface  Surface
	errs     []BlockError
	blockIDs map[string]bool
	markdown int
	tables   int
	charts   int
	tasks    int
	focused  int
}

// totals checks what counts over the whole message.
func (c *checker) totals() {
	if c.surface == SurfaceMessage {
		if c.markdown > messageMarkdown {
			c.fail("", codeConstraint, "max_markdown_length", messageMarkdown)
		}
		if c.tables > messageTables {
			c.fail("", codeConstraint, "max_tables", messageTables)
		}
		if c.charts > messageCharts {
			c.fail("", codeConstraint, "max_data_visualizations", messageCharts)
		}
		if c.tasks > messageTaskCards {
			c.fail("", codeConstraint, "max_task_cards", messageTaskCards)
		}
	}
	if c.focused > 1 {
		c.fail("", codeConstraint, "max_focus_on_load", 1)
	}
}

// fail notes a violation; the optional pairs are its constraint.
func (c *checker) fail(ptr, code string, constraint ...any) {
	if len(c.errs) >= maxBlockErrors {
		return
	}
	e := BlockError{Pointer: ptr, Code: code}
	for i := 0; i+1 < len(constraint); i += 2 {
		if e.Constraint == nil {
			e.Constraint = map[string]any{}
		}
		e.Constraint[fmt.Sprint(constraint[i])] = constraint[i+1]
	}
	c.errs = append(c.errs, e)
}

// length checks a text against a range.
func (c *checker) length(ptr, s string, r Range) {
	n := utf8.RuneCountInString(s)
	if r.MaxLength > 0 && n > r.MaxLength {
		c.fail(ptr, codeConstraint, "max_length", r.MaxLength)
	}
	if n < r.MinLength {
		c.fail(ptr, codeConstraint, "min_length", r.MinLength)
	}
}

// items checks the size of a list.
func (c *checker) items(ptr string, n int, r Range) {
	if r.MaxItems > 0 && n > r.MaxItems {
		c.fail(ptr, codeConstraint, "max_items", r.MaxItems)
	}
	if n < r.MinItems {
		c.fail(ptr, codeConstraint, "min_items", r.MinItems)
	}
}

// fields refuses names that Slack does not know in this place.
func (c *checker) fields(ptr string, o object, known string) {
	if known == "" {
		return
	}
	names := strings.Fields(known)
	for _, name := range sortedKeys(o) {
		if name != "type" && !slices.Contains(names, name) {
			c.fail(ptr+"/"+escapePointer(name), codeUnknown)
		}
	}
}

// escapePointer makes a name safe inside a JSON pointer (RFC 6901).
func escapePointer(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

// presence tells whether a field must be there.
type presence bool

const (
	required presence = true
	optional presence = false
)

// text reads a string field.
func (c *checker) text(ptr string, o object, name string, must presence, r Range) string {
	v, ok := o[name]
	if !ok || v == nil {
		if must {
			c.fail(ptr+"/"+name, codeMissing)
		}
		return ""
	}
	s, ok := v.(string)
	if !ok {
		c.fail(ptr+"/"+name, codeType, "type", "string")
		return ""
	}
	if must && r.MinLength == 0 {
		r.MinLength = 1
	}
	c.length(ptr+"/"+name, s, r)
	return s
}

// list reads an array field.
func (c *checker) list(ptr string, o object, name string, must presence, r Range) []any {
	v, ok := o[name]
	if !ok || v == nil {
		if must {
			c.fail(ptr+"/"+name, codeMissing)
		}
		return nil
	}
	l, ok := v.([]any)
	if !ok {
		c.fail(ptr+"/"+name, codeType, "type", "array")
		return nil
	}
	c.items(ptr+"/"+name, len(l), r)
	return l
}

// objects reads an array field whose items must be objects.
func (c *checker) objects(ptr string, o object, name string, must presence, r Range, each func(ptr string, o object)) {
	for i, item := range c.list(ptr, o, name, must, r) {
		at := fmt.Sprintf("%s/%s/%d", ptr, name, i)
		if child, ok := item.(object); ok {
			each(at, child)
		} else {
			c.fail(at, codeType, "type", "object")
		}
	}
}

// object reads an object field.
func (c *checker) object(ptr string, o object, name string, must presence, each func(ptr string, o object)) {
	v, ok := o[name]
	if !ok || v == nil {
		if must {
			c.fail(ptr+"/"+name, codeMissing)
		}
		return
	}
	child, ok := v.(object)
	if !ok {
		c.fail(ptr+"/"+name, codeType, "type", "object")
		return
	}
	each(ptr+"/"+name, child)
}

// oneOf checks a string field against a closed list.
func (c *checker) oneOf(ptr string, o object, name string, must presence, allowed ...string) string {
	s := c.text(ptr, o, name, must, Range{})
	if s != "" && !slices.Contains(allowed, s) {
		c.fail(ptr+"/"+name, codeConstraint, "enum", allowed)
	}
	return s
}

// boolean checks that a field, where it is there, is true or false.
func (c *checker) boolean(ptr string, o object, names ...string) {
	for _, name := range names {
		if v, ok := o[name]; ok && v != nil {
			if _, ok := v.(bool); !ok {
				c.fail(ptr+"/"+name, codeType, "type", "boolean")
			}
		}
	}
}

// number reads a numeric field.
func (c *checker) number(ptr string, o object, name string, must presence) (float64, bool) {
	v, ok := o[name]
	if !ok || v == nil {
		if must {
			c.fail(ptr+"/"+name, codeMissing)
		}
		return 0, false
	}
	n, ok := v.(json.Number)
	if !ok {
		c.fail(ptr+"/"+name, codeType, "type", "number")
		return 0, false
	}
	f, err := n.Float64()
	if err != nil {
		c.fail(ptr+"/"+name, codeType, "type", "number")
		return 0, false
	}
	return f, true
}

// integer checks a numeric field against a range.
func (c *checker) integer(ptr string, o object, name string, r Range) {
	f, ok := c.number(ptr, o, name, optional)
	if ok && (f < float64(r.Min) || f > float64(r.Max)) {
		c.fail(ptr+"/"+name, codeConstraint, "min", r.Min, "max", r.Max)
	}
}

// textObject checks a field that holds a text object. An empty kind allows
// plain_text and mrkdwn.
func (c *checker) textObject(ptr string, o object, name, kind string, must presence, r Range) {
	c.object(ptr, o, name, must, func(ptr string, t object) { c.textValue(ptr, t, kind, r) })
}

func (c *checker) textValue(ptr string, t object, kind string, r Range) {
	allowed := []string{"plain_text", "mrkdwn"}
	if kind != "" {
		allowed = []string{kind}
	}
	switch c.oneOf(ptr, t, "type", required, allowed...) {
	case "plain_text":
		c.fields(ptr, t, "text emoji")
		c.boolean(ptr, t, "emoji")
	case "mrkdwn":
		c.fields(ptr, t, "text verbatim")
		c.boolean(ptr, t, "verbatim")
	}
	if r.MaxLength == 0 {
		r.MaxLength = limits.Text.MaxLength
	}
	r.MinLength = limits.Text.MinLength
	c.text(ptr, t, "text", required, r)
}

// readBlocks checks the blocks that an app sent and fills missing ids in. It
// returns what is wrong with them, and Slack's word for it.
func (w *Workspace) readBlocks(surface Surface, raw json.RawMessage) ([]json.RawMessage, []BlockError, string) {
	list, ok := splitBlocks(raw)
	if !ok {
		return nil, nil, "invalid_blocks_format"
	}
	if len(list) == 0 {
		return nil, nil, ""
	}
	if w.faults.active(faultInvalidBlocks) {
		return nil, []BlockError{{Pointer: "/0", Code: codeSurface}}, "invalid_blocks"
	}
	if errs := Validate(surface, list); len(errs) > 0 {
		return nil, errs, "invalid_blocks"
	}
	out := make([]json.RawMessage, len(list))
	for i, one := range list {
		o, err := decodeObject(one)
		if err != nil {
			return nil, nil, "invalid_blocks_format"
		}
		fillIDs(o)
		out[i] = encode(o)
	}
	return out, nil, ""
}

// splitBlocks reads an array of blocks, or a JSON string that holds one, or
// nothing.
func splitBlocks(raw json.RawMessage) ([]json.RawMessage, bool) {
	text, ok := jsonText(raw)
	if !ok || strings.TrimSpace(text) == "" {
		return nil, len(bytes.TrimSpace(raw)) == 0 || ok || isNull(raw)
	}
	var list []json.RawMessage
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, false
	}
	return list, true
}

func isNull(raw json.RawMessage) bool { return bytes.Equal(bytes.TrimSpace(raw), []byte("null")) }
