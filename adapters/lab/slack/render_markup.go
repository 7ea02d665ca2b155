package slack

import (
	"html"
	"html/template"
	"net/url"
	"strings"
	"unicode/utf8"
)

// markup builds HTML. Tag and attribute names are always words of this
// package; every value passes through escaped, so that what an app or a
// directory wrote can only ever be seen, never run. The output is well-formed
// XML as well (every element is closed, every attribute quoted), which lets a
// test read it back with a strict parser.
type markup struct {
	b strings.Builder
}

// open starts an element; attrs are name and value in turn. An attribute
// without a value is left out, except for those whose name ends in "=".
func (m *markup) open(tag string, attrs ...string) {
	m.b.WriteByte('<')
	m.b.WriteString(tag)
	m.attributes(attrs)
	m.b.WriteByte('>')
}

// void writes an element that has no content, such as br or input.
func (m *markup) void(tag string, attrs ...string) {
	m.b.WriteByte('<')
	m.b.WriteString(tag)
	m.attributes(attrs)
	m.b.WriteString("/>")
}

func (m *markup) attributes(attrs []string) {
	for i := 0; i+1 < len(attrs); i += 2 {
		name, value := attrs[i], attrs[i+1]
		name, keep := strings.CutSuffix(name, "=")
		if value == "" && !keep {
			continue
		}
		m.b.WriteByte(' ')
		m.b.WriteString(name)
		m.b.WriteString(`="`)
		m.b.WriteString(escaped(value))
		m.b.WriteByte('"')
	}
}

func (m *markup) close(tag string) {
	m.b.WriteString("</")
	m.b.WriteString(tag)
	m.b.WriteByte('>')
}

// text writes s as text, with its line breaks kept.
func (m *markup) text(s string) {
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			m.b.WriteString("<br/>")
		}
		m.b.WriteString(escaped(line))
	}
}

// textWithoutBreaks writes s on one line, for elements that hold only text.
func (m *markup) textWithoutBreaks(s string) {
	m.b.WriteString(escaped(strings.ReplaceAll(s, "\n", " ")))
}

// verbatim writes s as text and leaves line breaks to the surrounding pre.
func (m *markup) verbatim(s string) {
	m.b.WriteString(escaped(s))
}

// leaf writes a whole element around text.
func (m *markup) leaf(tag, class, text string) {
	m.open(tag, "class", class)
	m.text(text)
	m.close(tag)
}

// html hands over what was built.
func (m *markup) html() template.HTML {
	// Everything in the builder went through open, void or escaped.
	return template.HTML(m.b.String())
}

// escaped makes s safe between tags and between double quotes. Bytes that are
// no text (broken UTF-8, control characters) become the replacement character,
// because browsers and XML readers disagree about them.
func escaped(s string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case r < 0x20, r >= 0x7f && r < 0xa0, r == 0xfffe, r == 0xffff, r == utf8.RuneError:
			return utf8.RuneError
		}
		return r
	}, s)
	return html.EscapeString(clean)
}

// safeLink returns the address if a browser may follow it from this page:
// web, mail and telephone links with nothing odd in them.
func safeLink(raw string) (string, bool) {
	if raw == "" || len(raw) > 3000 || strings.ContainsFunc(raw, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return "", false
	}
	u, err := url.Parse(raw)
	if err != nil {
		return "", false
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		return raw, u.Host != ""
	case "mailto", "tel":
		return raw, u.Opaque != ""
	}
	return "", false
}

// link writes an anchor that opens elsewhere, or, for an address that may not
// be followed, the label with the address as plain text behind it.
func (m *markup) link(address, label string) {
	href, ok := safeLink(address)
	if !ok {
		m.open("span", "class", "dead-link", "title", "This address is not a web, mail or telephone link, so it cannot be followed.")
		m.text(label)
		if label != address {
			m.text(" (" + address + ")")
		}
		m.close("span")
		return
	}
	m.open("a", "href", href, "target", "_blank", "rel", "noopener noreferrer nofollow", "title", address)
	m.text(label)
	m.close("a")
}
