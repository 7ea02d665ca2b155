package adsync

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

const (
	// cellMax bounds one cell; a record of the event log has at most 32 kB.
	cellMax = 256 << 10
	// cellsMax bounds one row.
	cellsMax = 256
)

// csvRows reads the rows of a CSV file. Cells may be quoted and then hold line
// ends; a quote inside a quoted cell is doubled. Unlike encoding/csv it keeps
// its memory bounded when a closing quote is missing: what a cell holds beyond
// its limit is read and dropped.
type csvRows struct {
	in        *bufio.Reader
	separator byte
	cell      []byte
}

// next returns the next row that is not empty, or io.EOF.
func (c *csvRows) next() ([]string, error) {
	var row []string
	c.cell = c.cell[:0]
	quoted, was := false, false
	end := func() {
		if len(row) < cellsMax {
			row = append(row, string(c.cell))
		}
		c.cell, was = c.cell[:0], false
	}
	for {
		b, err := c.in.ReadByte()
		switch {
		case errors.Is(err, io.EOF):
			if len(row) == 0 && len(c.cell) == 0 && !was {
				return nil, io.EOF
			}
			end()
			return row, nil
		case err != nil:
			return nil, fmt.Errorf("read events as CSV: %w", err)
		case quoted && b == '"':
			if next, err := c.in.Peek(1); err == nil && next[0] == '"' {
				_, _ = c.in.Discard(1) // just peeked at
				c.put('"')
				continue
			}
			quoted = false
		case quoted:
			c.put(b)
		case b == '"' && len(c.cell) == 0:
			quoted, was = true, true
		case b == c.separator:
			end()
		case b == '\n':
			if len(row) == 0 && len(c.cell) == 0 && !was {
				continue
			}
			end()
			return row, nil
		case b == '\r':
		default:
			c.put(b)
		}
	}
}

func (c *csvRows) put(b byte) {
	if len(c.cell) < cellMax {
		c.cell = append(c.cell, b)
	}
}
