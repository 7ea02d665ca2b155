package cause

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// UTF8 returns the text of r as UTF-8. A byte order mark decides; without one, a
// beginning in which every other byte is zero is UTF-16, as PowerShell writes
// it. Everything else is passed on as it is, whatever the bytes are.
func UTF8(r io.Reader) io.Reader {
	b := bufio.NewReaderSize(r, 32<<10)
	top, _ := b.Peek(64)
	switch {
	case bytes.HasPrefix(top, []byte{0xEF, 0xBB, 0xBF}):
		discard(b, 3)
		return b
	case bytes.HasPrefix(top, []byte{0xFF, 0xFE}):
		discard(b, 2)
		return &wide{in: b, low: 0}
	case bytes.HasPrefix(top, []byte{0xFE, 0xFF}):
		discard(b, 2)
		return &wide{in: b, low: 1}
	case zeros(top, 1):
		return &wide{in: b, low: 0}
	case zeros(top, 0):
		return &wide{in: b, low: 1}
	default:
		return b
	}
}

// discard drops bytes that Peek has just shown; it cannot fail.
func discard(b *bufio.Reader, n int) { _, _ = b.Discard(n) }

// zeros reports whether every second byte, beginning with the given one, is
// zero and the others are not.
func zeros(top []byte, first int) bool {
	if len(top) < 4 {
		return false
	}
	for i := 0; i+1 < len(top); i += 2 {
		if top[i+first] != 0 || top[i+1-first] == 0 {
			return false
		}
	}
	return true
}

// wide reads UTF-16; low says which byte of a pair is the low one.
type wide struct {
	in   *bufio.Reader
	low  int
	held rune // a unit read ahead behind a broken pair, 0 where there is none
	rest []byte
	buf  [4]byte
}

// Read fills p with the UTF-8 form.
func (w *wide) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		if len(w.rest) > 0 {
			c := copy(p[n:], w.rest)
			w.rest = w.rest[c:]
			n += c
			continue
		}
		r, err := w.rune()
		if err != nil {
			if n > 0 {
				return n, nil
			}
			return 0, err
		}
		w.rest = w.buf[:utf8.EncodeRune(w.buf[:], r)]
	}
	return n, nil
}

func (w *wide) rune() (rune, error) {
	u, err := w.unit()
	if err != nil || !utf16.IsSurrogate(u) {
		return u, err
	}
	v, err := w.unit()
	if err != nil {
		return utf8.RuneError, nil
	}
	if r := utf16.DecodeRune(u, v); r != utf8.RuneError {
		return r, nil
	}
	w.held = v
	return utf8.RuneError, nil
}

func (w *wide) unit() (rune, error) {
	if w.held != 0 {
		u := w.held
		w.held = 0
		return u, nil
	}
	var pair [2]byte
	if _, err := io.ReadFull(w.in, pair[:]); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			err = io.EOF // half a unit at the end is not worth an error
		}
		return 0, err
	}
	return rune(pair[w.low]) | rune(pair[1-w.low])<<8, nil
}
