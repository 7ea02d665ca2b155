package adsync

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/pwsync/pwsync/checks/cause"
)

// sniffBytes is how much of a file is looked at to tell its form.
const sniffBytes = 8 << 10

// ReadEvents reads a saved event file as a stream of records, in the order of
// the file: XML (of wevtutil or Event Viewer, with one root, several or none),
// CSV (of Export-Csv or Event Viewer) or plain text (lists, copies from Event
// Viewer, bare messages), in UTF-8 or UTF-16. Entities are never expanded beyond
// XML's own, nothing outside the file is opened, and memory is bounded whatever
// the length of the file. A record that is broken costs itself only; an error
// ends the sequence.
func ReadEvents(r io.Reader) iter.Seq2[cause.Raw, error] {
	return func(yield func(cause.Raw, error) bool) {
		in := bufio.NewReaderSize(cause.UTF8(r), sniffBytes)
		top, _ := in.Peek(sniffBytes)
		table, ok := sniffTable(top)
		if !ok {
			cause.Records(in)(yield)
			return
		}
		for record, err := range table.records(in) {
			if !yield(record, err) || err != nil {
				return
			}
		}
	}
}

// eventTable is how a CSV file of events lays out its columns; -1 is a column that
// it does not have.
type eventTable struct {
	separator                      byte
	skip                           int // lines before the header's end
	id, source, at, record, detail int
	columns                        int
}

// Names of the columns that carry a field, lower case, best first. Event
// Viewer's own export names no column for the message and puts it last.
var (
	idColumns     = []string{"id", "eventid", "event id", "instanceid", "ereignis-id"}
	sourceColumns = []string{"providername", "source", "quelle"}
	timeColumns   = []string{"timecreated", "timegenerated", "date and time", "datum und uhrzeit"}
	recordColumns = []string{"recordid", "index", "eventrecordid"}
	textColumns   = []string{"message", "description"}
)

// sniffTable tells a CSV file of events from other text by its header: behind
// an optional #TYPE line it must name the id of an event and either its message
// or its source.
func sniffTable(top []byte) (eventTable, bool) {
	t := eventTable{}
	for rest := top; len(rest) > 0; {
		line, after, _ := bytes.Cut(rest, []byte("\n"))
		trimmed := strings.TrimSpace(string(line))
		t.skip++
		rest = after
		if trimmed == "" || strings.HasPrefix(trimmed, "#TYPE") {
			continue
		}
		return t, t.header(trimmed)
	}
	return t, false
}

// header finds the columns under the separator that splits the line best.
func (t *eventTable) header(line string) bool {
	for _, sep := range []byte{',', ';', '\t'} {
		names := strings.Split(strings.ToLower(line), string(sep))
		for i := range names {
			names[i] = strings.Trim(strings.TrimSpace(names[i]), `"`)
		}
		t.separator, t.columns = sep, len(names)
		t.id = column(names, idColumns)
		t.source = column(names, sourceColumns)
		t.at = column(names, timeColumns)
		t.record = column(names, recordColumns)
		t.detail = column(names, textColumns)
		if len(names) > 1 && t.id >= 0 && (t.detail >= 0 || t.source >= 0) {
			return true
		}
	}
	return false
}

func column(names, wanted []string) int {
	for _, w := range wanted {
		for i, n := range names {
			if n == w {
				return i
			}
		}
	}
	return -1
}

// records reads the rows behind the header. A row without an event id is passed
// over, as headers in the middle of joined files are.
func (t eventTable) records(in *bufio.Reader) iter.Seq2[cause.Raw, error] {
	return func(yield func(cause.Raw, error) bool) {
		for range t.skip {
			if err := skipLine(in); errors.Is(err, io.EOF) {
				return
			} else if err != nil {
				yield(cause.Raw{}, fmt.Errorf("read the header of a CSV file of events: %w", err))
				return
			}
		}
		rows := csvRows{in: in, separator: t.separator}
		for {
			row, err := rows.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(cause.Raw{}, err)
				return
			}
			if record, ok := t.event(row); ok && !yield(record, nil) {
				return
			}
		}
	}
}

func (t eventTable) event(row []string) (cause.Raw, bool) {
	cell := func(i int) string {
		if i < 0 || i >= len(row) {
			return ""
		}
		return strings.TrimSpace(row[i])
	}
	id, err := strconv.ParseInt(cell(t.id), 10, 64)
	if err != nil {
		return cause.Raw{}, false
	}
	detail := t.detail
	if detail < 0 {
		detail = t.columns // behind the named columns
	}
	// An InstanceId carries the event id in its low half.
	record := cause.Raw{ID: int(id & 0xFFFF), Source: cell(t.source), Text: cell(detail)}
	if t.source < 0 {
		record.Source = cause.UsualSource(record.ID)
	}
	record.Time, _ = cause.ParseTime(cell(t.at))
	record.Record, _ = strconv.ParseInt(cell(t.record), 10, 64)
	return record, true
}

// skipLine drops a line of any length.
func skipLine(in *bufio.Reader) error {
	for {
		if _, err := in.ReadSlice('\n'); !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}
