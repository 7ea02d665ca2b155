package cause

import (
	"bytes"
	"encoding/xml"
	"errors"
	"html"
	"io"
	"strings"
)

// xmlDepthMax bounds the nesting of an event's XML; a real one has five levels.
const xmlDepthMax = 64

// parseXML reads one rendered event. Entities are not expanded beyond XML's own
// five, and nothing outside the text is ever fetched. Where the XML is broken,
// what can be found by its labels is taken.
func parseXML(s string) (h header, body string) {
	var data, message strings.Builder
	h, err := walkXML(s, &data, &message)
	if err != nil || !h.hasID {
		return looseXML(s)
	}
	if strings.TrimSpace(message.String()) != "" {
		return h, message.String()
	}
	return h, data.String()
}

func walkXML(s string, data, message *strings.Builder) (h header, err error) {
	d := xml.NewDecoder(bytes.NewReader([]byte(s)))
	d.Strict = false
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	var path []string
	for {
		tok, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return h, nil
		}
		if err != nil {
			return h, err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if len(path) >= xmlDepthMax {
				return h, errDeep
			}
			path = append(path, strings.ToLower(tok.Name.Local))
			h.attributes(tok)
		case xml.EndElement:
			if len(path) > 0 {
				path = path[:len(path)-1]
			}
		case xml.CharData:
			if len(path) > 0 {
				h.content(path, string(tok), data, message)
			}
		}
	}
}

var errDeep = errors.New("event is nested too deep")

func (h *header) attributes(e xml.StartElement) {
	for _, a := range e.Attr {
		switch strings.ToLower(e.Name.Local) + "@" + strings.ToLower(a.Name.Local) {
		case "provider@name":
			h.source = a.Value
		case "provider@eventsourcename":
			// The classic name of a source that also has a manifest.
			if sourceOf(h.source) == foreign {
				h.source = a.Value
			}
		case "timecreated@systemtime":
			h.time, _ = ParseTime(a.Value)
		}
	}
}

func (h *header) content(path []string, s string, data, message *strings.Builder) {
	switch path[len(path)-1] {
	case "eventid":
		if n, ok := newText(strings.TrimSpace(s)).number(); ok {
			h.id, h.hasID = int(n&0xFFFF), true
		}
	case "eventrecordid":
		h.record, _ = newText(strings.TrimSpace(s)).number()
	case "data":
		if data.Len() > 0 {
			data.WriteByte('\n')
		}
		data.WriteString(s)
	case "message":
		message.WriteString(s)
	}
}

// looseXML finds the fields of a broken or cut event by their tags.
func looseXML(s string) (h header, body string) {
	t := newText(s)
	if rest, ok := t.after("<eventid"); ok {
		if i := strings.IndexByte(rest.upTo(200).low, '>'); i >= 0 {
			n, ok := rest.slice(i+1, len(rest.low)).upTo(64).trimLeft("").number()
			h.id, h.hasID = int(n&0xFFFF), ok
		}
	}
	if rest, ok := t.after("<provider name="); ok {
		h.source = html.UnescapeString(strings.Trim(rest.upTo(200).until(" />").raw, "'\""))
		if v := rest.upTo(200).trimLeft("'\"").until("'\">"); len(v.raw) > 0 {
			h.source = html.UnescapeString(v.raw)
		}
	}
	for _, tag := range []string{"<message>", "<data>", "<data "} {
		if rest, ok := t.after(tag); ok {
			if i := strings.Index(rest.low, "</"+strings.Trim(tag, "<> ")); i >= 0 {
				rest = rest.slice(0, i)
			}
			return h, html.UnescapeString(rest.raw)
		}
	}
	return h, html.UnescapeString(s)
}
