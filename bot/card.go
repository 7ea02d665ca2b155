package bot

import "github.com/pwsync/pwsync/checks"

// Card is one answer as a document that knows no platform: complete, in
// reading order, and free of markup. What came from a directory or an event log
// stands in it as it is; the edge escapes it, once, for where it puts it.
//
// The parts are shown in the order of the fields. Empty parts are left out.
type Card struct {
	Tone Tone `json:"tone,omitempty"`
	// Headline is the point in a few words.
	Headline string `json:"headline"`
	// Lead are sentences: the verdict, and what to tell the caller or do first.
	Lead []string `json:"lead,omitempty"`
	// Fields are the key facts, the most important first.
	Fields []Field `json:"fields,omitempty"`
	// Chain are the stations of a password on its way; [MarkOf] gives each its
	// symbol and word.
	Chain []checks.Link `json:"chain,omitempty"`
	// Sections are the body.
	Sections []Section `json:"sections,omitempty"`
	// Choices are candidates to choose from, at most five.
	Choices []Choice `json:"choices,omitempty"`
	// Actions are the buttons, at most one of them primary.
	Actions []Action `json:"actions,omitempty"`
	// Footer are small remarks, shown on one line: how old the facts are.
	Footer []string `json:"footer,omitempty"`
}

// Tone is the mood of a card. It is shown as a symbol beside words, never by
// color alone.
type Tone string

// The tones.
const (
	TonePlain Tone = ""
	ToneGood  Tone = "good"
	ToneBad   Tone = "bad"
	ToneWarn  Tone = "warn"
	ToneWait  Tone = "wait"
	ToneDoubt Tone = "doubt"
)

// Mark is a symbol and the word that says the same.
type Mark struct {
	Symbol string
	Word   string
}

// Mark returns the symbol and word of the tone; both are empty for a plain one.
func (t Tone) Mark() Mark {
	switch t {
	case ToneGood:
		return Mark{"✓", "OK"}
	case ToneBad:
		return Mark{"✗", "Problem"}
	case ToneWarn:
		return Mark{"!", "Warning"}
	case ToneWait:
		return Mark{"…", "Waiting"}
	case ToneDoubt:
		return Mark{"?", "Not known"}
	case TonePlain:
	}
	return Mark{}
}

// MarkOf returns the symbol and word of one link of the chain.
func MarkOf(s checks.Status) Mark {
	switch s {
	case checks.Pass:
		return Mark{"✓", "OK"}
	case checks.Fail:
		return Mark{"✗", "Problem"}
	case checks.Unknown:
	}
	return Mark{"?", "Not known"}
}

// Field is a short label and its value.
type Field struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// Section is a part of the body. It has lines, then numbered steps, then a text
// to be copied; any of them may be missing.
type Section struct {
	Title string `json:"title,omitempty"`
	// Lines are paragraphs of one line each, or items where Bullets is set.
	Lines   []Line `json:"lines,omitempty"`
	Bullets bool   `json:"bullets,omitempty"`
	// Steps are things to do, in order; Command is to be shown as code.
	Steps []checks.Step `json:"steps,omitempty"`
	// Verbatim is preformatted text with line breaks, to be copied as it stands.
	Verbatim string `json:"verbatim,omitempty"`
}

// Line is text in pieces.
type Line []Span

// Span is a piece of text of one kind.
type Span struct {
	Kind SpanKind `json:"kind,omitempty"`
	Text string   `json:"text"`
	// URL is the target of a link; it always comes from the catalogue, never
	// from data.
	URL string `json:"url,omitempty"`
}

// SpanKind says how a piece of text is set.
type SpanKind string

// The kinds of Span.
const (
	SpanText   SpanKind = ""
	SpanStrong SpanKind = "strong"
	SpanCode   SpanKind = "code"
	SpanLink   SpanKind = "link"
)

// Choice is one candidate: what tells it from the others, and its button.
type Choice struct {
	Line   Line   `json:"line"`
	Action Action `json:"action"`
}

// Action is a button.
type Action struct {
	// ID says what the button does and is unique within a card.
	ID string `json:"id"`
	// Label is in title case, without symbols.
	Label string `json:"label"`
	// Value is an opaque id, "" where the action needs none.
	Value string `json:"value,omitempty"`
	Style Style  `json:"style,omitempty"`
	// Confirm asks before the button acts.
	Confirm *Confirm `json:"confirm,omitempty"`
	// Accessibility is what a screen reader says where the label alone is not
	// clear enough.
	Accessibility string `json:"accessibility,omitempty"`
}

// The ids of the actions. Choices carry ActionChoose with a number behind it.
const (
	ActionShare    = "share"
	ActionAgain    = "again"
	ActionEvidence = "evidence"
	ActionTicket   = "ticket"
	ActionChoose   = "choose"
	// ActionAskUser opens a dialog that asks for a name. The edge handles it: it
	// alone can open one, and hands the name in as the request "user <name>".
	ActionAskUser = "ask-user"
	// ActionHealth asks for the health of the estate.
	ActionHealth = "health"
)

// Style is the weight of a button.
type Style string

// The styles.
const (
	StyleDefault Style = ""
	StylePrimary Style = "primary"
	StyleDanger  Style = "danger"
)

// Confirm is a question that is asked before a button acts.
type Confirm struct {
	Title  string `json:"title"`
	Text   string `json:"text"`
	Yes    string `json:"yes"`
	No     string `json:"no"`
	Danger bool   `json:"danger,omitempty"`
}
