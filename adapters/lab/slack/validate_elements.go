package slack

import "slices"

// place is where an element stands; it decides which elements may.
type place string

const (
	inActions        place = "actions"
	inSection        place = "section"
	inInput          place = "input"
	inContextActions place = "context_actions"
)

// elementRule is what Block Kit says about one type of element.
type elementRule struct {
	kind   string
	places []place
	fields string // besides type and action_id; empty leaves them unchecked
	check  func(c *checker, ptr string, el object)
}

var (
	anyForm     = []place{inActions, inSection, inInput}
	formOnly    = []place{inInput}
	notSection  = []place{inActions, inInput}
	notInput    = []place{inActions, inSection}
	contextOnly = []place{inContextActions}
)

const (
	selectFields = " placeholder confirm focus_on_load"
	multiFields  = selectFields + " max_selected_items"
	inputFields  = "initial_value placeholder dispatch_action_config focus_on_load"
)

// elementRules lists every interactive element, and the image that a section
// may carry.
var elementRules = []elementRule{
	{"button", notInput, "text value url style confirm accessibility_label visible_to_user_ids", (*checker).button},
	{"channels_select", anyForm, "initial_channel response_url_enabled" + selectFields, (*checker).picker},
	{"checkboxes", anyForm, "options initial_options confirm focus_on_load", (*checker).checkboxes},
	{"conversations_select", anyForm, "initial_conversation default_to_current_conversation response_url_enabled filter" + selectFields, (*checker).picker},
	{"datepicker", anyForm, "initial_date" + selectFields, (*checker).picker},
	{"datetimepicker", notSection, "initial_date_time confirm focus_on_load", (*checker).picker},
	{"email_text_input", formOnly, inputFields, (*checker).picker},
	{"external_select", anyForm, "initial_option min_query_length" + selectFields, (*checker).picker},
	{"feedback_buttons", contextOnly, "positive_button negative_button", (*checker).feedback},
	{"file_input", formOnly, "filetypes max_files", (*checker).fileInput},
	{"icon_button", contextOnly, "", (*checker).iconButton},
	{"image", []place{inSection}, "", (*checker).image},
	{"multi_channels_select", anyForm, "initial_channels" + multiFields, (*checker).picker},
	{"multi_conversations_select", anyForm, "initial_conversations default_to_current_conversation filter" + multiFields, (*checker).picker},
	{"multi_external_select", anyForm, "initial_options min_query_length" + multiFields, (*checker).picker},
	{"multi_static_select", anyForm, "options option_groups initial_options" + multiFields, (*checker).staticSelect},
	{"multi_users_select", anyForm, "initial_users" + multiFields, (*checker).picker},
	{"number_input", formOnly, "is_decimal_allowed min_value max_value " + inputFields, (*checker).numberInput},
	{"overflow", notInput, "options confirm", (*checker).overflow},
	{"plain_text_input", formOnly, "multiline min_length max_length " + inputFields, (*checker).plainTextInput},
	{"radio_buttons", anyForm, "options initial_option confirm focus_on_load", (*checker).radioButtons},
	{"rich_text_input", notSection, "", (*checker).picker},
	{"static_select", anyForm, "options option_groups initial_option" + selectFields, (*checker).staticSelect},
	{"timepicker", anyForm, "initial_time timezone" + selectFields, (*checker).picker},
	{"url_text_input", formOnly, inputFields, (*checker).picker},
	{"users_select", anyForm, "initial_user" + selectFields, (*checker).picker},
	{"workflow_button", notInput, "", (*checker).workflowButton},
}

func (c *checker) element(ptr string, el object, where place) {
	kind := c.text(ptr, el, "type", required, Range{})
	for _, rule := range elementRules {
		if rule.kind != kind {
			continue
		}
		if !slices.Contains(rule.places, where) {
			c.fail(ptr+"/type", codeConstraint, "block", string(where))
			return
		}
		if kind == "file_input" && c.surface != SurfaceModal {
			c.fail(ptr+"/type", codeSurface, "surface", string(c.surface))
		}
		if rule.fields != "" {
			c.fields(ptr, el, rule.fields+" action_id")
		}
		c.text(ptr, el, "action_id", optional, limits.ActionID)
		c.textObject(ptr, el, "placeholder", "plain_text", optional, limits.Select.Placeholder)
		c.object(ptr, el, "confirm", optional, c.confirm)
		c.boolean(ptr, el, "focus_on_load")
		if focus, _ := el["focus_on_load"].(bool); focus {
			c.focused++
		}
		rule.check(c, ptr, el)
		return
	}
	if kind != "" {
		c.fail(ptr+"/type", codeType)
	}
}

// picker is an element without rules of its own.
func (c *checker) picker(string, object) {}

func (c *checker) button(ptr string, el object) {
	l := limits.Button
	c.textObject(ptr, el, "text", "plain_text", required, l.Text)
	c.text(ptr, el, "value", optional, l.Value)
	c.text(ptr, el, "url", optional, Range{MinLength: 1, MaxLength: l.URL.MaxLength})
	c.text(ptr, el, "accessibility_label", optional, l.AccessibilityLabel)
	c.oneOf(ptr, el, "style", optional, "primary", "danger")
}

func (c *checker) confirm(ptr string, o object) {
	l := limits.Confirmation
	c.fields(ptr, o, "title text confirm deny style")
	c.textObject(ptr, o, "title", "plain_text", required, l.Title)
	c.textObject(ptr, o, "text", "", required, l.Text)
	c.textObject(ptr, o, "confirm", "plain_text", required, l.Confirm)
	c.textObject(ptr, o, "deny", "plain_text", required, l.Deny)
	c.oneOf(ptr, o, "style", optional, "primary", "danger")
}

// options checks a list of options and returns their values.
func (c *checker) options(ptr string, el object, must presence, r Range, textKind string, withURL bool) []string {
	l := limits.Option
	var values []string
	known := "text value description"
	if withURL {
		known += " url"
	}
	c.objects(ptr, el, "options", must, r, func(ptr string, o object) {
		c.fields(ptr, o, known)
		c.textObject(ptr, o, "text", textKind, required, l.Text)
		c.textObject(ptr, o, "description", textKind, optional, l.Description)
		if withURL {
			c.text(ptr, o, "url", optional, Range{MinLength: 1, MaxLength: l.URL.MaxLength})
		}
		value := c.text(ptr, o, "value", required, l.Value)
		if slices.Contains(values, value) {
			c.fail(ptr+"/value", codeDuplicate)
		}
		values = append(values, value)
	})
	return values
}

// initial checks that the options an element starts with are among its own.
func (c *checker) initial(ptr string, el object, values []string) {
	check := func(ptr string, o object) {
		if !slices.Contains(values, str(o["value"])) {
			c.fail(ptr, codeConstraint, "enum", values)
		}
	}
	c.object(ptr, el, "initial_option", optional, check)
	c.objects(ptr, el, "initial_options", optional, Range{MinItems: 1}, check)
}

func (c *checker) checkboxes(ptr string, el object) {
	c.initial(ptr, el, c.options(ptr, el, required, limits.Checkboxes.Options, "", false))
}

func (c *checker) radioButtons(ptr string, el object) {
	c.initial(ptr, el, c.options(ptr, el, required, limits.RadioButtons.Options, "", false))
}

func (c *checker) overflow(ptr string, el object) {
	c.options(ptr, el, required, limits.Overflow.Options, "plain_text", true)
}

// staticSelect checks options or option groups, of which there is exactly one.
func (c *checker) staticSelect(ptr string, el object) {
	l := limits.Select
	grouped := el["option_groups"] != nil
	switch {
	case grouped && el["options"] != nil:
		c.fail(ptr+"/option_groups", codeConstraint, "exclusive_with", "options")
	case !grouped:
		c.initial(ptr, el, c.options(ptr, el, required, Range{MinItems: 1, MaxItems: l.Options.MaxItems}, "plain_text", false))
		return
	}
	var values []string
	c.objects(ptr, el, "option_groups", required, Range{MinItems: 1, MaxItems: l.OptionGroups.MaxItems}, func(ptr string, g object) {
		c.fields(ptr, g, "label options")
		c.textObject(ptr, g, "label", "plain_text", required, limits.OptionGroup.Label)
		values = append(values, c.options(ptr, g, required, limits.OptionGroup.Options, "plain_text", false)...)
	})
	c.initial(ptr, el, values)
}

func (c *checker) plainTextInput(ptr string, el object) {
	most := limits.PlainTextInput.MaxLength.Max
	c.integer(ptr, el, "min_length", Range{Max: most})
	c.integer(ptr, el, "max_length", Range{Min: 1, Max: most})
	c.text(ptr, el, "initial_value", optional, upTo(most))
	c.boolean(ptr, el, "multiline")
}

func (c *checker) numberInput(ptr string, el object) {
	if _, ok := el["is_decimal_allowed"].(bool); !ok {
		c.fail(ptr+"/is_decimal_allowed", codeMissing)
	}
}

func (c *checker) fileInput(ptr string, el object) {
	c.integer(ptr, el, "max_files", limits.FileInput.MaxFiles)
}

func (c *checker) feedback(ptr string, el object) {
	l := limits.FeedbackButton
	for _, name := range []string{"positive_button", "negative_button"} {
		c.object(ptr, el, name, required, func(ptr string, b object) {
			c.textObject(ptr, b, "text", "plain_text", required, l.Text)
			c.text(ptr, b, "value", required, l.Value)
			c.text(ptr, b, "accessibility_label", optional, l.AccessibilityLabel)
		})
	}
}

func (c *checker) iconButton(ptr string, el object) {
	c.oneOf(ptr, el, "icon", required, "trash")
	c.textObject(ptr, el, "text", "plain_text", required, limits.Button.Text)
	c.list(ptr, el, "visible_to_user_ids", optional, limits.IconButton.VisibleToUserIDs)
}

func (c *checker) workflowButton(ptr string, el object) {
	c.textObject(ptr, el, "text", "plain_text", required, limits.Button.Text)
	c.object(ptr, el, "workflow", required, func(string, object) {})
}
