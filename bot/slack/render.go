package slack

import (
	slackgo "github.com/slack-go/slack"

	"github.com/pwsync/pwsync/bot"
)

// content is a card as Slack takes it.
type content struct {
	text   string // top-level, complete on its own, escaped
	blocks []slackgo.Block
}

// form is one way to render a card.
type form struct {
	name   string
	render func(bot.Card) content
}

// forms are the ways to render a card, from the richest to the plainest. The
// next is tried when Slack refuses the blocks of one.
var forms = []form{
	{"full", renderFull},
	{"plain", renderPlain},
	{"text", renderText},
}

// renderText is a card without blocks.
func renderText(c bot.Card) content {
	return content{text: first(escape(c.Text(), textRoom), "(empty)")}
}

// renderPlain is a card of the oldest blocks only: its plain text, and its
// buttons.
func renderPlain(c bot.Card) content {
	out := renderText(c)
	for _, part := range portions(first(manyLines(c.Text(), bot.TextLimit), "(empty)"), maxText) {
		out.blocks = append(out.blocks, slackgo.NewSectionBlock(plain(part), nil, nil))
	}
	if actions := drawActions(newInk(), allActions(c)); actions != nil {
		out.blocks = append(out.blocks, actions)
	}
	return out
}

// renderFull is a card in Slack's core blocks: header, lead, fields, chain,
// body, choices, buttons, footer. What a person can do and the verdict have
// first call on the room there is; the body takes what is left and says what
// did not fit.
func renderFull(c bot.Card) content {
	out := renderText(c)
	ink := newInk()
	head := drawHeader(ink, c)
	choices := drawChoices(ink, c.Choices)
	actions := drawActions(ink, c.Actions)
	footer := drawFooter(ink, c.Footer)

	body := &canvas{ink: ink, room: maxBlocks - len(choices) - 4}
	body.lead(c.Lead)
	body.fields(c.Fields)
	body.chain(c.Chain)
	for _, s := range c.Sections {
		body.section(s)
	}
	body.sign()

	if head != nil {
		out.blocks = append(out.blocks, head)
	}
	out.blocks = append(out.blocks, body.blocks...)
	out.blocks = append(out.blocks, choices...)
	if actions != nil {
		out.blocks = append(out.blocks, actions)
	}
	if footer != nil {
		out.blocks = append(out.blocks, footer)
	}
	if len(out.blocks) == 0 {
		return renderPlain(c)
	}
	return out
}

// allActions are the buttons of a card, its choices among them.
func allActions(c bot.Card) []bot.Action {
	var all []bot.Action
	for _, choice := range c.Choices {
		all = append(all, choice.Action)
	}
	return append(all, c.Actions...)
}
