package slack

import (
	"fmt"
	"strings"
	"unicode/utf8"

	slackgo "github.com/slack-go/slack"

	"github.com/pwsync/pwsync/bot"
)

// Slack's limits, in characters where they are about text.
const (
	maxBlocks      = 50
	maxText        = 3000
	maxHeader      = 150
	maxFieldTexts  = 10
	maxButtonText  = 75
	maxButtonValue = 2000
	maxActionID    = 255
	maxAccessible  = 75
	maxElements    = 25
	maxConfirmHead = 100
	maxConfirmText = 300
	maxConfirmWord = 30
	maxLinkURL     = 3000
)

// Our own, tighter ones: one long value must not push the rest out.
const (
	roomSentence = 600
	roomLabel    = 60
	roomValue    = 300
	roomTitle    = 100
	roomCommand  = 800
	roomWhere    = 150
	roomVerbatim = 4000
	roomFooter   = 1000
	mostChoices  = 5
	mostSpans    = 20
	mostFields   = 20
	mostLines    = 60 // of one section
)

const (
	// inkBytes bounds the blocks of one message as JSON. With the longest
	// top-level text the message stays below 40 kB.
	inkBytes = 24_000
	// elementBytes is about what a block element takes besides its text.
	elementBytes = 64
	// signBytes is kept back for the line that says what was left out.
	signBytes = 300
	// leastCut is how short a text may be cut for want of room.
	leastCut = 40
)

// ink is the room that one message has, in bytes of JSON. It also keeps what
// must be unique in a message.
type ink struct {
	left    int
	ids     map[string]bool
	primary bool
}

func newInk() *ink { return &ink{left: inkBytes - signBytes, ids: map[string]bool{}} }

// jsonBytes is how long a text becomes in JSON as Go writes it.
func jsonBytes(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case r == '<', r == '>', r == '&', r < ' ', r == '\u2028', r == '\u2029':
			n += 6
		case r == '"', r == '\\':
			n += 2
		default:
			n += utf8.RuneLen(r)
		}
	}
	return n
}

// write spends room on a text that is safe to show already, cutting it when
// there is not enough; false when there is too little even for that.
func (k *ink) write(s string) (string, bool) {
	if s == "" {
		return "", false
	}
	cost := jsonBytes(s) + elementBytes
	if cost > k.left {
		// No character takes more than six bytes.
		fits := (k.left - elementBytes) / 6
		if fits < leastCut {
			return "", false
		}
		s = bot.Cut(s, fits)
		cost = jsonBytes(s) + elementBytes
	}
	k.left -= cost
	return s, true
}

func drawHeader(k *ink, c bot.Card) slackgo.Block {
	// Headlines say in words what the symbol says.
	title, ok := k.write(oneLine(c.Tone.Mark().Symbol+" "+c.Headline, maxHeader))
	if !ok {
		return nil
	}
	return slackgo.NewHeaderBlock(plain(title))
}

func drawFooter(k *ink, remarks []string) slackgo.Block {
	text, ok := k.write(oneLine(strings.Join(remarks, " · "), roomFooter))
	if !ok {
		return nil
	}
	return slackgo.NewContextBlock("", plain(text))
}

// drawChoices puts each candidate beside its button.
func drawChoices(k *ink, choices []bot.Choice) []slackgo.Block {
	var out []slackgo.Block
	for _, choice := range choices[:min(len(choices), mostChoices)] {
		text, ok := k.write(oneLine(choice.Line.Text(), roomSentence))
		button := k.button(choice.Action)
		if !ok || button == nil {
			continue
		}
		out = append(out, slackgo.NewSectionBlock(plain(text), nil, slackgo.NewAccessory(button)))
	}
	return out
}

func drawActions(k *ink, actions []bot.Action) slackgo.Block {
	var buttons []slackgo.BlockElement
	for _, a := range actions[:min(len(actions), maxElements)] {
		if b := k.button(a); b != nil {
			buttons = append(buttons, b)
		}
	}
	if len(buttons) == 0 {
		return nil
	}
	return slackgo.NewActionBlock("", buttons...)
}

// button draws one button, or nothing when it could not work: a value that
// is cut stands for nothing.
func (k *ink) button(a bot.Action) *slackgo.ButtonBlockElement {
	label := oneLine(a.Label, maxButtonText)
	id := k.unique(a.ID)
	if label == "" || id == "" || utf8.RuneCountInString(a.Value) > maxButtonValue {
		return nil
	}
	cost := jsonBytes(label) + jsonBytes(id) + jsonBytes(a.Value) + 3*elementBytes
	if cost > k.left {
		return nil
	}
	k.left -= cost
	b := slackgo.NewButtonBlockElement(id, a.Value, plain(label))
	b.AccessibilityLabel = oneLine(a.Accessibility, maxAccessible)
	switch a.Style {
	case bot.StylePrimary:
		if !k.primary {
			b.Style, k.primary = slackgo.StylePrimary, true
		}
	case bot.StyleDanger:
		b.Style = slackgo.StyleDanger
	case bot.StyleDefault:
	}
	if a.Confirm != nil {
		b.Confirm = drawConfirm(k, *a.Confirm)
	}
	return b
}

func drawConfirm(k *ink, c bot.Confirm) *slackgo.ConfirmationBlockObject {
	text := func(s, otherwise string, limit int) *slackgo.TextBlockObject {
		s = first(oneLine(s, limit), otherwise)
		k.left -= jsonBytes(s) + elementBytes
		return plain(s)
	}
	dialog := slackgo.NewConfirmationBlockObject(
		text(c.Title, "Are you sure?", maxConfirmHead),
		text(c.Text, "This cannot be undone.", maxConfirmText),
		text(c.Yes, "Yes", maxConfirmWord),
		text(c.No, "Cancel", maxConfirmWord),
	)
	if c.Danger {
		dialog.Style = slackgo.StyleDanger
	}
	return dialog
}

// unique makes an action id that no other element of the message has. A
// number behind a sign is added where it must be; actionName takes it off.
func (k *ink) unique(id string) string {
	if id == "" || utf8.RuneCountInString(id) > maxActionID-4 {
		return ""
	}
	out := id
	for n := 2; k.ids[out]; n++ {
		out = fmt.Sprintf("%s#%d", id, n)
	}
	k.ids[out] = true
	return out
}

// actionName is the bot's name for the action with an id.
func actionName(id string) string {
	name, _, _ := strings.Cut(id, "#")
	return name
}
