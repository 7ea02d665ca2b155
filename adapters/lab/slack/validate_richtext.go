package slack

import "unicode/utf8"

// Rules of rich text: sections, lists, quotes and preformatted text, made of
// inline elements that are never parsed for markup.

func (c *checker) richTextBlock(ptr string, b object) {
	c.richText(ptr, b)
}

// richText checks a rich text block or cell and returns how many characters
// it shows.
func (c *checker) richText(ptr string, b object) int {
	total := 0
	c.objects(ptr, b, "elements", required, Range{}, func(ptr string, part object) {
		total += c.richTextPart(ptr, part)
	})
	return total
}

func (c *checker) richTextPart(ptr string, part object) int {
	total := 0
	inline := func(ptr string, el object) { total += c.inline(ptr, el) }
	switch c.oneOf(ptr, part, "type", required,
		"rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted") {
	case "rich_text_section":
		c.fields(ptr, part, "elements")
		c.objects(ptr, part, "elements", required, Range{}, inline)
	case "rich_text_quote":
		c.fields(ptr, part, "elements border")
		c.objects(ptr, part, "elements", required, Range{}, inline)
	case "rich_text_preformatted":
		c.fields(ptr, part, "elements border language")
		c.objects(ptr, part, "elements", required, Range{}, inline)
	case "rich_text_list":
		c.fields(ptr, part, "elements style indent offset border")
		c.oneOf(ptr, part, "style", required, "bullet", "ordered")
		c.integer(ptr, part, "indent", Range{Max: listIndent})
		c.objects(ptr, part, "elements", required, Range{}, func(ptr string, item object) {
			c.oneOf(ptr, item, "type", required, "rich_text_section")
			c.objects(ptr, item, "elements", required, Range{}, inline)
		})
	}
	return total
}

// inline checks one inline element and returns how many characters it shows.
// Types that are newer than this workspace pass.
func (c *checker) inline(ptr string, el object) int {
	shown := ""
	switch c.text(ptr, el, "type", required, Range{}) {
	case "text":
		c.fields(ptr, el, "text style")
		shown = c.text(ptr, el, "text", required, Range{})
		c.style(ptr, el)
	case "link":
		c.fields(ptr, el, "url text unsafe style")
		shown = c.text(ptr, el, "text", optional, Range{})
		url := c.text(ptr, el, "url", required, limits.Image.ImageURL)
		if shown == "" {
			shown = url
		}
		c.style(ptr, el)
	case "user":
		shown = c.text(ptr, el, "user_id", required, Range{})
		c.style(ptr, el)
	case "usergroup":
		shown = c.text(ptr, el, "usergroup_id", required, Range{})
	case "channel":
		shown = c.text(ptr, el, "channel_id", required, Range{})
		c.style(ptr, el)
	case "emoji":
		shown = c.text(ptr, el, "name", required, Range{})
	case "broadcast":
		shown = c.oneOf(ptr, el, "range", required, "here", "channel", "everyone")
	case "color":
		shown = c.text(ptr, el, "value", required, Range{})
	case "date":
		c.number(ptr, el, "timestamp", required)
		shown = c.text(ptr, el, "format", required, Range{})
		c.text(ptr, el, "fallback", optional, Range{})
	}
	return utf8.RuneCountInString(shown)
}

func (c *checker) style(ptr string, el object) {
	c.object(ptr, el, "style", optional, func(ptr string, style object) {
		c.boolean(ptr, style, sortedKeys(style)...)
	})
}
