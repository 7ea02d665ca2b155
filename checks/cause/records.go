package cause

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
)

const (
	// fragmentMax is how much of a line is looked at in one go.
	fragmentMax = 64 << 10
	// pieceMax is how much of one record is held. The Application log cuts a
	// record at 32 kB; whatever is longer is not a record but a paste without
	// structure, and is read in pieces.
	pieceMax = 1 << 20
	// overlap is repeated between two pieces and between two fragments of a
	// line, so that no code or sentence is cut in two.
	overlap = 4 << 10
	// seam is the overlap of fragments: longer than any head or label.
	seam = 128
)

// piece is one record of a text, or a part of one that is too long to hold.
type piece struct {
	header
	body        text
	first, last bool
	// alone says that nothing but a header was there.
	alone bool
}

// Records reads the events of a text as a stream: Event Viewer's "copy as
// text", lists of Get-WinEvent and Get-EventLog, rendered XML, and bare
// messages, which get the number of the event they begin like. Prose between
// them is passed over. A record that is too long to hold keeps its beginning
// and its end. Memory is bounded whatever the length of the text.
func Records(r io.Reader) iter.Seq2[Raw, error] {
	return func(yield func(Raw, error) bool) {
		var head Raw
		err := scan(r, func(p piece) bool {
			if p.first {
				head = Raw{ID: p.id, Source: p.source, Time: p.time, Record: p.record, Text: p.body.raw}
				if !p.hasID {
					k, from, ok := kindByHead(p.body)
					if !ok {
						return true
					}
					head.ID, head.Source = k.id, from
				} else if head.Source == "" {
					head.Source = UsualSource(p.id)
				}
			} else if head.Text != "" {
				head.Text = head.Text[:min(len(head.Text), pieceMax/2)] + "\n" + p.body.raw[max(0, len(p.body.raw)-pieceMax/2):]
			}
			if !p.last || head.Text == "" && !p.hasID {
				return true
			}
			out := head
			head = Raw{}
			return yield(out, nil)
		})
		if err != nil {
			yield(Raw{}, err)
		}
	}
}

// scan cuts a text into records and hands them over, in order, until the
// callback says no.
func scan(r io.Reader, hand func(piece) bool) error {
	c := &cutter{hand: hand, kind: noKind}
	in := bufio.NewReaderSize(UTF8(r), fragmentMax)
	var carry []byte
	for {
		part, err := in.ReadSlice('\n')
		line := slices.Concat(carry, part)
		carry = nil
		keep := len(line)
		if errors.Is(err, bufio.ErrBufferFull) {
			keep = max(0, len(line)-seam)
			carry = slices.Clone(line[keep:])
		}
		// Pages on the web put no-break spaces where the log has spaces.
		c.line(newText(string(bytes.ReplaceAll(line, []byte("\u00a0"), []byte("  ")))), keep)
		switch {
		case c.stopped:
			return nil
		case err == nil || errors.Is(err, bufio.ErrBufferFull):
		default:
			c.flush()
			if errors.Is(err, io.EOF) {
				return nil
			}
			return fmt.Errorf("read text to explain: %w", err)
		}
	}
}
