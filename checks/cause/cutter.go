package cause

import (
	"slices"
	"strings"
)

// noKind is the state of a record whose text began like no known event.
const noKind = -1

// cutter collects the record that is being read and decides where the next one
// begins.
type cutter struct {
	hand    func(piece) bool
	stopped bool

	held  strings.Builder
	first header // of the record whose beginning was already handed over
	cont  bool   // a beginning was handed over

	xml       bool     // inside an event element
	headed    bool     // the record has header lines
	keys      []string // header keys seen
	body      bool     // the message has begun
	kind      int      // the event by whose head the text is known
	exception bool     // an exception was seen

	blank bool // the last line was empty
	mid   bool // the last fragment did not end its line
}

// place is where something begins or ends inside a line.
type place struct {
	at, end int
	what    placeKind
	mark    mark
}

type placeKind uint8

const (
	xmlBegins placeKind = iota
	xmlEnds
	viewerBegins // Event Viewer's first label
	headBegins
)

// places finds everything of interest in a line, each kind in one pass.
func places(t text) []place {
	var all []place
	if strings.Contains(t.low, "event>") || strings.Contains(t.low, "<event ") {
		all = appendAll(all, t.low, "<event>", xmlBegins)
		all = appendAll(all, t.low, "<event ", xmlBegins)
		all = appendAll(all, t.low, "</event>", xmlEnds)
	}
	for _, l := range startLabels {
		before := len(all)
		all = appendAll(all, t.low, l, viewerBegins)
		all = append(all[:before], slices.DeleteFunc(all[before:], func(p place) bool {
			return !strings.HasPrefix(strings.TrimLeft(t.low[p.end:min(len(t.low), p.end+8)], " \t"), ":")
		})...)
	}
	for _, m := range marks(t) {
		all = append(all, place{at: m.at, end: m.at + len(m.head.words), what: headBegins, mark: m})
	}
	slices.SortStableFunc(all, func(a, b place) int { return a.at - b.at })
	return all
}

func appendAll(all []place, low, word string, what placeKind) []place {
	for from := 0; ; {
		i := strings.Index(low[from:], word)
		if i < 0 {
			return all
		}
		all = append(all, place{at: from + i, end: from + i + len(word), what: what})
		from += i + len(word)
	}
}

// line takes the first keep bytes of a line or of a fragment of one; what lies
// behind is shown only so that nothing is cut in two, and comes again.
func (c *cutter) line(t text, keep int) {
	if !c.mid && !c.xml {
		c.beginLine(t.upTo(4 << 10))
	}
	c.mid = !strings.HasSuffix(t.low[:keep], "\n")
	from := 0
	for _, p := range places(t) {
		if p.at >= keep || p.at < from {
			continue
		}
		switch {
		case c.xml && p.what == xmlEnds:
			end := min(p.end, keep)
			c.write(t.slice(from, end))
			c.flush()
			from = end
		case c.xml, p.what == xmlEnds:
		case c.splits(p):
			c.write(t.slice(from, p.at))
			c.flush()
			from = p.at
			c.enter(p)
		default:
			c.enter(p)
		}
		if c.stopped {
			return
		}
	}
	c.write(t.slice(from, keep))
}

// splits decides whether a place begins a new record.
func (c *cutter) splits(p place) bool {
	if p.what != headBegins {
		return true
	}
	switch c.kind {
	case noKind:
		return false
	case 0, 115, 603, 604, 6900:
		return false // these quote the texts of others
	case 605, 606, 620, 656, 657:
		return p.mark.head.kind.id != c.kind // one line for each person
	default:
		return true
	}
}

func (c *cutter) enter(p place) {
	switch p.what {
	case xmlBegins:
		c.xml = true
	case viewerBegins:
		c.headed = true
	case headBegins:
		c.kind, c.body = p.mark.head.kind.id, true
	case xmlEnds:
	}
}

// beginLine looks at the beginning of a line: a header key that comes again, or
// a paragraph that does not go on with the record, begins a new one.
func (c *cutter) beginLine(t text) {
	line := t.trimLeft("")
	if line.low == "" {
		c.blank = true
		return
	}
	key := listKey(line)
	if !c.empty() && c.newRecord(t, line, key) {
		c.flush()
	}
	c.blank = false
	switch {
	case key != "":
		c.headed = true
		c.keys = append(c.keys, key)
	default:
		c.body = true
	}
}

func (c *cutter) newRecord(t, line text, key string) bool {
	switch {
	case key != "" && slices.Contains(c.keys, key):
		return true
	case key != "" && !c.headed && key != "id" && key != "message" && key != "source" && key != "category":
		return true
	case c.blank:
		return !c.continues(t, line, key)
	default:
		return !c.headed && c.kind == noKind && c.exception && startsException(line) && !c.endsWith(arrow)
	}
}

// continues reports whether a paragraph still belongs to the record before it.
func (c *cutter) continues(t, line text, key string) bool {
	switch {
	case c.headed && (!c.body || key != ""), c.endsWith(":"):
		return true
	case c.headed && len(line.low) < len(t.low): // indented, as lists are
		return true
	case startsException(line):
		return c.kind != noKind && !c.exception
	}
	for _, p := range []string{"at ", "---", "<", "details", "more information", "event xml"} {
		if strings.HasPrefix(line.low, p) {
			return true
		}
	}
	switch c.kind {
	case 605, 606, 620:
		return strings.HasPrefix(line.low, "dn")
	case 656, 657:
		return strings.HasPrefix(line.low, "password change")
	default:
		return false
	}
}

// startsException reports whether a line begins with the name of an exception
// type and a colon.
func startsException(line text) bool {
	i := strings.Index(line.upTo(200).low, "exception:")
	return i >= 0 && !strings.ContainsAny(line.low[:i], " \t,;")
}

// listKey returns the header key that a line begins with, or "".
func listKey(line text) string {
	head := line.upTo(40)
	i := strings.IndexByte(head.low, ':')
	if i < 0 {
		return ""
	}
	key := strings.TrimSpace(head.low[:i])
	if slices.Contains(listKeys, key) {
		return key
	}
	return ""
}

func (c *cutter) endsWith(s string) bool {
	held := c.held.String()
	return strings.HasSuffix(strings.TrimRight(held[max(0, len(held)-64):], " \t\r\n"), s)
}

func (c *cutter) empty() bool { return c.held.Len() == 0 && !c.cont }

// write adds to the record, and hands over a piece when it grows too long.
func (c *cutter) write(t text) {
	if c.empty() && strings.TrimSpace(t.upTo(fragmentMax).low) == "" {
		return
	}
	c.exception = c.exception || strings.Contains(t.low, "exception")
	c.held.WriteString(t.raw)
	if c.held.Len() < pieceMax {
		return
	}
	held := c.held.String()
	cut := wholeWords(held)
	c.give(held[:cut], false)
	c.held.Reset()
	c.held.WriteString(held[cut-overlap:])
}

// wholeWords returns how much of a text can be given away without cutting a
// word or number at its end: 501 is not what AADSTS50126 says.
func wholeWords(s string) int {
	for i := len(s); i > len(s)-overlap; i-- {
		if !isWordByte(s[i-1]) {
			return i
		}
	}
	return len(s)
}

// flush ends the record.
func (c *cutter) flush() {
	if !c.empty() && !c.stopped {
		c.give(c.held.String(), true)
	}
	*c = cutter{hand: c.hand, stopped: c.stopped, kind: noKind, mid: c.mid}
}

func (c *cutter) give(held string, last bool) {
	p := piece{header: c.first, body: newText(held), first: !c.cont, last: last}
	if p.first {
		switch {
		case c.xml && last:
			var body string
			p.header, body = parseXML(held)
			p.body = newText(body)
		case c.xml:
			var body string
			p.header, body = looseXML(held)
			p.body = newText(body)
		default:
			p.header, p.body = parseHeader(p.body)
		}
		_, _, known := kindByHead(p.body)
		p.alone = p.hasID && !known && (strings.TrimSpace(p.body.low) == "" || len(p.body.low) == len(held))
		c.first, c.cont = p.header, true
	}
	if !c.hand(p) {
		c.stopped = true
	}
}
