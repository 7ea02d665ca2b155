package slack

import (
	"fmt"
	"strings"
	"unicode/utf8"

	slackgo "github.com/slack-go/slack"

	"github.com/pwsync/pwsync/bot"
	"github.com/pwsync/pwsync/checks"
)

// canvas is the body of a message while it is drawn. What does not fit is
// counted and said at the end.
type canvas struct {
	ink    *ink
	room   int // blocks
	blocks []slackgo.Block
	cut    int // lines that were left out
}

var (
	strong = &slackgo.RichTextSectionTextStyle{Bold: true}
	soft   = &slackgo.RichTextSectionTextStyle{Italic: true}
	code   = &slackgo.RichTextSectionTextStyle{Code: true}
)

// inline is one line of rich text.
type inline = []slackgo.RichTextSectionElement

// add places a block; false when there is no room for it.
func (v *canvas) add(b slackgo.Block) bool {
	if v.room == 0 {
		return false
	}
	v.room--
	v.blocks = append(v.blocks, b)
	return true
}

// addText places lines of rich text and counts them as cut when they have no
// place.
func (v *canvas) addText(parts []slackgo.RichTextElement, lines int) {
	if len(parts) == 0 {
		return
	}
	if !v.add(slackgo.NewRichTextBlock("", parts...)) {
		v.cut += lines
	}
}

// text draws one piece; nothing when it is empty or there is no room.
func (v *canvas) text(s string, style *slackgo.RichTextSectionTextStyle) slackgo.RichTextSectionElement {
	s, ok := v.ink.write(s)
	if !ok {
		return nil
	}
	return slackgo.NewRichTextSectionTextElement(s, style)
}

// line joins the pieces that were drawn. A line without any is no line: cut
// when there was something to say.
func (v *canvas) line(pieces ...slackgo.RichTextSectionElement) *slackgo.RichTextSection {
	var drawn inline
	for _, p := range pieces {
		if p != nil {
			drawn = append(drawn, p)
		}
	}
	if len(drawn) == 0 {
		return nil
	}
	return slackgo.NewRichTextSection(drawn...)
}

// paragraphs are lines below each other.
func paragraphs(lines []*slackgo.RichTextSection) []slackgo.RichTextElement {
	var out []slackgo.RichTextElement
	for _, l := range lines {
		out = append(out, l)
	}
	return out
}

func list(style slackgo.RichTextListElementType, items []*slackgo.RichTextSection) []slackgo.RichTextElement {
	if len(items) == 0 {
		return nil
	}
	return []slackgo.RichTextElement{slackgo.NewRichTextList(style, 0, paragraphs(items)...)}
}

// lead draws the verdict and what to do first.
func (v *canvas) lead(sentences []string) {
	var lines []*slackgo.RichTextSection
	for i, s := range sentences {
		if i == mostLines {
			v.cut += len(sentences) - i
			break
		}
		lines = v.keep(lines, v.line(v.text(oneLine(s, roomSentence), nil)), s != "")
	}
	v.addText(paragraphs(lines), len(lines))
}

// keep adds a line that was drawn, and counts one that was not although there
// was something to draw.
func (v *canvas) keep(lines []*slackgo.RichTextSection, l *slackgo.RichTextSection, something bool) []*slackgo.RichTextSection {
	if l == nil {
		if something {
			v.cut++
		}
		return lines
	}
	return append(lines, l)
}

// fields draws labels and values as a table of two columns: a section shows
// its texts in pairs. Labels are pwsync's own and bold; values are data, and
// plain.
func (v *canvas) fields(all []bot.Field) {
	shown := all[:min(len(all), mostFields)]
	v.cut += len(all) - len(shown)
	var texts []*slackgo.TextBlockObject
	flush := func() {
		if len(texts) > 0 && !v.add(slackgo.NewSectionBlock(nil, texts, nil)) {
			v.cut += len(texts) / 2
		}
		texts = nil
	}
	for _, f := range shown {
		label, okLabel := v.ink.write(first(boldable(f.Label), "–"))
		value, okValue := v.ink.write(first(oneLine(f.Value, roomValue), "–"))
		if !okLabel || !okValue {
			v.cut++
			continue
		}
		bold := slackgo.NewTextBlockObject(slackgo.MarkdownType, "*"+escape(label, roomLabel*5)+"*", false, true)
		if texts = append(texts, bold, plain(value)); len(texts) == maxFieldTexts {
			flush()
		}
	}
	flush()
}

// boldable is a label without the characters that would end its bold type.
func boldable(s string) string {
	return oneLine(strings.NewReplacer("*", "", "_", " ", "~", "", "`", "").Replace(s), roomLabel)
}

// chain draws the stations of a password on its way.
func (v *canvas) chain(links []checks.Link) {
	if len(links) == 0 {
		return
	}
	var items []*slackgo.RichTextSection
	for i, l := range links {
		if i == mostLines {
			v.cut += len(links) - i
			break
		}
		mark := bot.MarkOf(l.Status)
		detail := oneLine(l.Detail, roomValue)
		if detail != "" {
			detail = ": " + detail
		}
		items = v.keep(items, v.line(
			v.text(mark.Symbol+" "+mark.Word+" ", nil),
			v.text(oneLine(l.Name, roomLabel), strong),
			v.text(detail, nil),
		), true)
	}
	title := v.line(v.text("The password's way", strong))
	if title == nil {
		v.cut += len(items)
		return
	}
	v.addText(append([]slackgo.RichTextElement{title}, list(slackgo.RTEListOrdered, items)...), len(items))
}

// section draws one part of the body as one block of rich text.
func (v *canvas) section(s bot.Section) {
	if v.room == 0 {
		v.cut += sectionLines(s)
		return
	}
	var parts []slackgo.RichTextElement
	if title := v.line(v.text(oneLine(s.Title, roomTitle), strong)); title != nil {
		parts = append(parts, title)
	}
	lines := v.lines(s.Lines)
	if s.Bullets {
		parts = append(parts, list(slackgo.RTEListBullet, lines)...)
	} else {
		parts = append(parts, paragraphs(lines)...)
	}
	parts = append(parts, list(slackgo.RTEListOrdered, v.steps(s.Steps))...)
	if s.Verbatim != "" {
		if text := v.text(manyLines(s.Verbatim, roomVerbatim), nil); text != nil {
			parts = append(parts, &slackgo.RichTextPreformatted{Type: slackgo.RTEPreformatted, Elements: inline{text}})
		} else {
			v.cut++
		}
	}
	v.addText(parts, sectionLines(s))
}

func sectionLines(s bot.Section) int {
	n := len(s.Lines) + len(s.Steps)
	if s.Verbatim != "" {
		n += strings.Count(s.Verbatim, "\n") + 1
	}
	return n
}

func (v *canvas) lines(all []bot.Line) []*slackgo.RichTextSection {
	var out []*slackgo.RichTextSection
	for i, l := range all {
		if i == mostLines {
			v.cut += len(all) - i
			break
		}
		var pieces inline
		for _, s := range l[:min(len(l), mostSpans)] {
			pieces = append(pieces, v.span(s))
		}
		if len(l) > mostSpans {
			pieces = append(pieces, v.text(fmt.Sprintf(" … (cut, %d more pieces)", len(l)-mostSpans), nil))
		}
		out = v.keep(out, v.line(pieces...), len(l) > 0)
	}
	return out
}

// span draws one piece of a line. Blanks at its ends separate it from its
// neighbors and stay.
func (v *canvas) span(s bot.Span) slackgo.RichTextSectionElement {
	text := bot.Cut(bot.Inline(s.Text), roomSentence)
	switch s.Kind {
	case bot.SpanStrong:
		return v.text(text, strong)
	case bot.SpanCode:
		return v.text(text, code)
	case bot.SpanLink:
		if link := v.link(text, s.URL); link != nil {
			return link
		}
	case bot.SpanText:
	}
	return v.text(text, nil)
}

// link draws a link, if it leads to the web.
func (v *canvas) link(text, url string) slackgo.RichTextSectionElement {
	web := strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "http://")
	if !web || url != bot.Inline(url) || strings.Contains(url, " ") || utf8.RuneCountInString(url) > maxLinkURL {
		return nil
	}
	cost := jsonBytes(url) + elementBytes
	if cost > v.ink.left {
		return nil
	}
	text, ok := v.ink.write(first(text, url))
	if !ok {
		return nil
	}
	v.ink.left -= cost
	return slackgo.NewRichTextSectionLinkElement(url, text, nil)
}

// steps draws what to do: the text, where, and below it the command.
func (v *canvas) steps(all []checks.Step) []*slackgo.RichTextSection {
	var out []*slackgo.RichTextSection
	for i, s := range all {
		if i == mostLines {
			v.cut += len(all) - i
			break
		}
		where := oneLine(s.Where, roomWhere)
		if where != "" {
			where = " (" + where + ")"
		}
		pieces := inline{v.text(oneLine(s.Text, roomSentence), nil), v.text(where, soft)}
		if command := manyLines(s.Command, roomCommand); command != "" {
			if drawn := v.text(command, code); drawn != nil {
				pieces = append(pieces, slackgo.NewRichTextSectionTextElement("\n", nil), drawn)
				v.ink.left -= elementBytes
			} else {
				v.cut++
			}
		}
		out = v.keep(out, v.line(pieces...), true)
	}
	return out
}

// sign says at the end what had no place. Its room was kept back.
func (v *canvas) sign() {
	if v.cut == 0 {
		return
	}
	note := fmt.Sprintf("… cut, %d more lines are left out.", v.cut)
	v.blocks = append(v.blocks, slackgo.NewRichTextBlock("",
		slackgo.NewRichTextSection(slackgo.NewRichTextSectionTextElement(note, soft))))
}
