package cause

import (
	"strings"
	"time"
)

// headerMax is how far into a record its header is looked for.
const headerMax = 8 << 10

// header is what a viewer puts before the message of an event.
type header struct {
	hasID  bool
	id     int
	source string
	time   time.Time
	record int64
}

// Labels of the header in Event Viewer's languages and in PowerShell's lists,
// lower case and without their colon.
var (
	startLabels  = []string{"log name", "protokollname", "nom du journal", "nombre de registro", "nome registro", "nome do log", "logboeknaam", "ログの名前", "日志名称"}
	idLabels     = []string{"event id", "eventid", "ereignis-id", "id de l’événement", "id de l'événement", "id. de evento", "id. del evento", "id del evento", "id evento", "id do evento", "identificação do evento", "gebeurtenis-id", "イベント id", "事件 id", "instanceid", "instance id"}
	sourceLabels = []string{"source", "providername", "provider name", "quelle", "origen", "origine", "fonte", "bron", "ソース", "来源"}
	timeLabels   = []string{"timecreated", "timegenerated", "date", "logged", "datum", "fecha", "data"}
	bodyLabels   = []string{"description", "message", "beschreibung", "descripción", "descrizione", "descrição", "beschrijving", "説明", "描述"}
	// listKeys are the keys of Get-WinEvent and Get-EventLog that begin a line.
	listKeys = []string{"timecreated", "providername", "id", "message", "index", "entrytype", "instanceid", "source", "eventid", "event id", "timegenerated", "recordid", "leveldisplayname", "machinename", "logname", "category", "log name"}
)

// parseHeader reads the header at the beginning of a record and returns the
// message behind it.
func parseHeader(t text) (h header, body text) {
	top := t.upTo(headerMax)
	body = t
	for _, l := range bodyLabels {
		if at := labelAt(top, l); at >= 0 {
			body = t.slice(at, len(t.low))
			top = top.slice(0, at)
			break
		}
	}
	for _, l := range idLabels {
		if at := labelAt(top, l); at >= 0 {
			if n, ok := top.slice(at, len(top.low)).upTo(64).trimLeft("").number(); ok {
				h.hasID, h.id = true, int(n&0xFFFF)
				break
			}
		}
	}
	if !h.hasID {
		h.id, h.hasID = idLine(top)
	}
	if !h.hasID {
		return header{}, t
	}
	h.source = headerSource(top)
	for _, l := range timeLabels {
		if at := labelAt(top, l); at >= 0 {
			line := top.slice(at, len(top.low)).upTo(80).trimLeft("").until("\r\n")
			if d, ok := ParseTime(line.raw); ok {
				h.time = d
				break
			}
		}
	}
	if at := labelAt(top, "recordid"); at >= 0 {
		h.record, _ = top.slice(at, len(top.low)).upTo(64).trimLeft("").number()
	}
	return h, body
}

// labelAt finds "label :" as a whole word and returns where its value begins,
// or -1.
func labelAt(t text, label string) int {
	for from := 0; ; {
		i := strings.Index(t.low[from:], label)
		if i < 0 {
			return -1
		}
		i += from
		from = i + len(label)
		if i > 0 && (isASCIIWord(t.low[i-1]) || t.low[i-1] == '-') {
			continue
		}
		end := from
		for end < len(t.low) && (t.low[end] == ' ' || t.low[end] == '\t') {
			end++
		}
		if end < len(t.low) && t.low[end] == ':' {
			return end + 1
		}
	}
}

func isASCIIWord(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || c == '_' }

// idLine reads the "Id : 611" of Get-WinEvent, which counts only at the
// beginning of a line.
func idLine(t text) (int, bool) {
	for line := range strings.Lines(t.low) {
		rest, ok := strings.CutPrefix(strings.TrimLeft(line, " \t"), "id")
		if !ok {
			continue
		}
		rest, ok = strings.CutPrefix(strings.TrimLeft(rest, " \t"), ":")
		if !ok {
			continue
		}
		if n, ok := newText(rest).trimLeft("").number(); ok {
			return int(n & 0xFFFF), true
		}
	}
	return 0, false
}

// headerSource reads the provider. On one line with the other fields it ends
// where a known name ends, otherwise at the end of its line.
func headerSource(top text) string {
	for _, l := range sourceLabels {
		at := labelAt(top, l)
		if at < 0 {
			continue
		}
		v := top.slice(at, len(top.low)).upTo(200).trimLeft("").until("\r\n\t")
		for _, known := range []string{"directory synchronization - password sync", "directory synchronization", "adsync", "fimsynchronizationservice", "passwordresetservice"} {
			if strings.HasPrefix(v.low, known) && (len(v.low) == len(known) || strings.ContainsAny(v.low[len(known):len(known)+1], " ,;)")) {
				return v.raw[:len(known)]
			}
		}
		if i := strings.Index(v.raw, "  "); i >= 0 {
			v = v.slice(0, i)
		}
		return clean(v.raw, 100)
	}
	return ""
}

// timeLayouts are the ways in which tools write a time. The order settles what
// is ambiguous: a full stop means day first, AM or PM means month first.
var timeLayouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006/01/02 15:04:05", "2006/1/2 15:04:05",
	"1/2/2006 3:04:05 PM", "02.01.2006 15:04:05", "2.1.2006 15:04:05",
}

// ParseTime reads a time as event tools write it. A form without a zone is
// taken as UTC, for the file does not say better. A date that could be read
// either way (03/04/2025 without AM or PM) is refused: no time is better than a
// wrong one.
func ParseTime(s string) (time.Time, bool) {
	s = strings.TrimSpace(strings.NewReplacer("\u202f", " ", "\u00a0", " ", "\u200e", "", "\u200f", "").Replace(s))
	for _, l := range timeLayouts {
		if d, err := time.Parse(l, s); err == nil {
			return d.UTC(), true
		}
	}
	day, errDay := time.Parse("2/1/2006 15:04:05", s)
	month, errMonth := time.Parse("1/2/2006 15:04:05", s)
	switch {
	case errDay == nil && (errMonth != nil || day.Equal(month)):
		return day, true
	case errMonth == nil && errDay != nil:
		return month, true
	default:
		return time.Time{}, false
	}
}
