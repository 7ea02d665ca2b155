package slack

import (
	"fmt"
	"slices"
	"unicode/utf8"
)

// blockRule is what Block Kit says about one type of block.
type blockRule struct {
	kind     string
	surfaces []Surface
	fields   string // besides type and block_id; empty leaves them unchecked
	check    func(c *checker, ptr string, b object)
}

var (
	everywhere     = []Surface{SurfaceMessage, SurfaceModal, SurfaceHome}
	messageOnly    = []Surface{SurfaceMessage}
	modalOnly      = []Surface{SurfaceModal}
	messageAndHome = []Surface{SurfaceMessage, SurfaceHome}
)

// blockRules lists every block. It is a function because containers refer
// back to it. Where Slack's own pages disagree about a surface (alert) the
// stricter reading stands; where they say nothing (layout) every surface does.
func blockRules() []blockRule {
	return []blockRule{
		{"actions", everywhere, "elements", (*checker).actionsBlock},
		{"alert", modalOnly, "text level", (*checker).alertBlock},
		{"call", messageOnly, "", (*checker).anyBlock},
		{"card", everywhere, "", (*checker).cardBlock},
		{"carousel", messageAndHome, "elements", (*checker).carouselBlock},
		{"container", messageAndHome, "title rich_text_title subtitle icon width is_collapsible default_collapsed has_header_divider child_blocks", (*checker).containerBlock},
		{"context", everywhere, "elements", (*checker).contextBlock},
		{"context_actions", messageOnly, "elements", (*checker).contextActionsBlock},
		{"data_table", messageAndHome, "", (*checker).dataTableBlock},
		{"data_visualization", messageAndHome, "title chart", (*checker).chartBlock},
		{"divider", everywhere, "", (*checker).anyBlock},
		{"file", messageOnly, "external_id source file_id file", (*checker).anyBlock},
		{"header", everywhere, "text level", (*checker).headerBlock},
		{"image", everywhere, "image_url slack_file alt_text title", (*checker).imageBlock},
		{"input", everywhere, "label element hint optional dispatch_action", (*checker).inputBlock},
		{"layout", everywhere, "", (*checker).layoutBlock},
		{"markdown", messageOnly, "text", (*checker).markdownBlock},
		{"plan", messageOnly, "", (*checker).planBlock},
		{"rich_text", everywhere, "elements", (*checker).richTextBlock},
		{"section", everywhere, "text fields accessory expand", (*checker).sectionBlock},
		{"table", messageAndHome, "rows column_settings", (*checker).tableBlock},
		{"task_card", messageOnly, "", (*checker).taskCardBlock},
		{"video", everywhere, "", (*checker).videoBlock},
	}
}

// allBlocks is the top level of a payload, where any block may stand.
var allBlocks []string

// containerBlocks are the blocks that may stand inside a container.
var containerBlocks = []string{
	"actions", "context", "divider", "file", "header", "image", "input",
	"layout", "rich_text", "section", "table", "video",
}

// block checks one block; within names the types that this place allows, or
// is empty for all.
func (c *checker) block(ptr string, b object, within []string) {
	if len(c.errs) >= maxBlockErrors {
		return
	}
	kind := c.text(ptr, b, "type", required, Range{})
	if kind == "" {
		return
	}
	if id := c.text(ptr, b, "block_id", optional, limits.BlockID); id != "" {
		if c.blockIDs[id] {
			c.fail(ptr+"/block_id", codeDuplicate)
		}
		c.blockIDs[id] = true
	}
	for _, rule := range blockRules() {
		if rule.kind != kind {
			continue
		}
		if len(within) > 0 && !slices.Contains(within, kind) {
			c.fail(ptr+"/type", codeConstraint, "enum", within)
			return
		}
		if !slices.Contains(rule.surfaces, c.surface) {
			c.fail(ptr+"/type", codeSurface, "surface", string(c.surface))
			return
		}
		if rule.fields != "" {
			c.fields(ptr, b, rule.fields+" block_id")
		}
		rule.check(c, ptr, b)
		c.actionIDs(ptr, b)
		return
	}
	c.fail(ptr+"/type", codeType)
}

// actionIDs checks that action ids are unique within a block. Blocks that hold
// blocks are passed over: what they hold is checked on its own.
func (c *checker) actionIDs(ptr string, b object) {
	if slices.Contains([]string{"container", "carousel", "layout"}, str(b["type"])) {
		return
	}
	seen := map[string]bool{}
	for _, p := range elementsOf(b) {
		id := str(p.element["action_id"])
		if id != "" && seen[id] {
			c.fail(ptr, codeDuplicate, "action_id", id)
		}
		seen[id] = true
	}
}

func (c *checker) anyBlock(string, object) {}

func (c *checker) actionsBlock(ptr string, b object) {
	c.objects(ptr, b, "elements", required, Range{MinItems: 1, MaxItems: limits.Actions.Elements.MaxItems},
		func(ptr string, el object) { c.element(ptr, el, inActions) })
}

func (c *checker) alertBlock(ptr string, b object) {
	c.textObject(ptr, b, "text", "", required, limits.Alert.Text)
	c.oneOf(ptr, b, "level", optional, "default", "info", "warning", "error", "success")
}

func (c *checker) cardBlock(ptr string, b object) {
	l := limits.Card
	c.textObject(ptr, b, "title", "", optional, l.Title)
	c.textObject(ptr, b, "subtitle", "", optional, l.Subtitle)
	c.textObject(ptr, b, "body", "", optional, l.Body)
	c.textObject(ptr, b, "subtext", "", optional, l.Subtext)
	if b["icon"] != nil && b["slack_icon"] != nil {
		c.fail(ptr+"/slack_icon", codeConstraint, "exclusive_with", "icon")
	}
	c.objects(ptr, b, "actions", optional, l.Actions, func(ptr string, el object) { c.element(ptr, el, inActions) })
}

func (c *checker) carouselBlock(ptr string, b object) {
	c.objects(ptr, b, "elements", required, limits.Carousel.Elements,
		func(ptr string, card object) { c.block(ptr, card, []string{"card"}) })
}

func (c *checker) containerBlock(ptr string, b object) {
	l := limits.Container
	if b["title"] == nil && b["rich_text_title"] == nil {
		c.fail(ptr+"/title", codeMissing)
	}
	c.textObject(ptr, b, "title", "plain_text", optional, l.Title)
	c.object(ptr, b, "rich_text_title", optional, func(ptr string, o object) { c.richTextBlock(ptr, o) })
	c.textObject(ptr, b, "subtitle", "", optional, l.Subtitle)
	c.oneOf(ptr, b, "width", optional, "narrow", "standard", "wide", "full")
	c.boolean(ptr, b, "is_collapsible", "default_collapsed", "has_header_divider")
	c.objects(ptr, b, "child_blocks", required, Range{MinItems: 1, MaxItems: l.ChildBlocks.MaxItems},
		func(ptr string, child object) { c.block(ptr, child, containerBlocks) })
}

func (c *checker) contextBlock(ptr string, b object) {
	c.objects(ptr, b, "elements", required, Range{MinItems: 1, MaxItems: limits.Context.Elements.MaxItems},
		func(ptr string, el object) {
			if str(el["type"]) == "image" {
				c.image(ptr, el)
				return
			}
			c.textValue(ptr, el, "", Range{})
		})
}

func (c *checker) contextActionsBlock(ptr string, b object) {
	c.objects(ptr, b, "elements", required, Range{MinItems: 1, MaxItems: limits.ContextActions.Elements.MaxItems},
		func(ptr string, el object) { c.element(ptr, el, inContextActions) })
}

func (c *checker) headerBlock(ptr string, b object) {
	c.textObject(ptr, b, "text", "plain_text", required, limits.Header.Text)
	c.integer(ptr, b, "level", Range{Min: 1, Max: 4})
}

func (c *checker) imageBlock(ptr string, b object) {
	c.image(ptr, b)
	c.textObject(ptr, b, "title", "plain_text", optional, upTo(2000))
}

// image checks an image block or element.
func (c *checker) image(ptr string, b object) {
	if b["slack_file"] == nil {
		c.text(ptr, b, "image_url", required, limits.Image.ImageURL)
	}
	c.text(ptr, b, "alt_text", required, limits.Image.AltText)
}

func (c *checker) inputBlock(ptr string, b object) {
	c.textObject(ptr, b, "label", "plain_text", required, limits.Input.Label)
	c.textObject(ptr, b, "hint", "plain_text", optional, limits.Input.Hint)
	c.boolean(ptr, b, "optional", "dispatch_action")
	c.object(ptr, b, "element", required, func(ptr string, el object) { c.element(ptr, el, inInput) })
}

func (c *checker) layoutBlock(ptr string, b object) {
	c.text(ptr, b, "label", required, upTo(layoutLabel))
	c.objects(ptr, b, "rows", required, oneTo(layoutRows), func(ptr string, row object) {
		c.objects(ptr, row, "items", required, oneTo(layoutItems), func(ptr string, item object) {
			c.object(ptr, item, "block", required, func(ptr string, child object) { c.block(ptr, child, nil) })
		})
	})
}

func (c *checker) markdownBlock(ptr string, b object) {
	text := c.text(ptr, b, "text", required, limits.Markdown.Text)
	c.markdown += utf8.RuneCountInString(text)
}

func (c *checker) planBlock(ptr string, b object) {
	c.text(ptr, b, "title", required, Range{})
	c.objects(ptr, b, "tasks", optional, Range{}, func(ptr string, task object) { c.taskCardBlock(ptr, task) })
}

func (c *checker) taskCardBlock(ptr string, b object) {
	c.tasks++
	c.text(ptr, b, "task_id", required, Range{})
	c.text(ptr, b, "title", required, Range{})
	c.oneOf(ptr, b, "status", optional, "pending", "in_progress", "complete", "error")
	for _, name := range []string{"details", "output"} {
		c.object(ptr, b, name, optional, func(ptr string, o object) { c.richTextBlock(ptr, o) })
	}
}

func (c *checker) sectionBlock(ptr string, b object) {
	if b["text"] == nil && b["fields"] == nil {
		c.fail(ptr+"/text", codeMissing)
	}
	c.textObject(ptr, b, "text", "", optional, limits.Section.Text)
	fields := limits.Section.Fields
	c.objects(ptr, b, "fields", optional, Range{MinItems: 1, MaxItems: fields.MaxItems},
		func(ptr string, t object) { c.textValue(ptr, t, "", upTo(fields.ItemMaxLength)) })
	c.boolean(ptr, b, "expand")
	c.object(ptr, b, "accessory", optional, func(ptr string, el object) { c.element(ptr, el, inSection) })
}

func (c *checker) videoBlock(ptr string, b object) {
	l := limits.Video
	c.text(ptr, b, "alt_text", required, l.AltText)
	c.textObject(ptr, b, "title", "plain_text", required, l.Title)
	c.text(ptr, b, "video_url", required, Range{})
	c.text(ptr, b, "thumbnail_url", required, Range{})
	c.text(ptr, b, "author_name", optional, l.AuthorName)
	c.text(ptr, b, "provider_name", optional, l.ProviderName)
	c.textObject(ptr, b, "description", "plain_text", optional, l.Description)
}

// cells checks the rows of a table and returns the characters in them.
func (c *checker) cells(ptr string, b object, rows Range, columns Range, cell func(ptr string, row int, o object) int) int {
	total := 0
	for i, row := range c.list(ptr, b, "rows", required, rows) {
		at := fmt.Sprintf("%s/rows/%d", ptr, i)
		list, ok := row.([]any)
		if !ok {
			c.fail(at, codeType, "type", "array")
			continue
		}
		c.items(at, len(list), columns)
		for j, one := range list {
			o, ok := one.(object)
			if !ok {
				c.fail(fmt.Sprintf("%s/%d", at, j), codeType, "type", "object")
				continue
			}
			total += cell(fmt.Sprintf("%s/%d", at, j), i, o)
		}
	}
	return total
}
