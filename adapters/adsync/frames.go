package adsync

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

const (
	// framePrefix starts every line that the worker means for pwsync.
	framePrefix = "PWSYNC1 "
	// maxLine bounds one line, its prefix and line feed included.
	maxLine = 16 << 20
	// maxNoise bounds what a worker may print that nobody asked for, in a row. A
	// module that talks is common; one that talks this much is broken, and
	// reading it for ever would cost a core.
	maxNoise = 4 * maxLine
)

var byteOrderMark = []byte("\xef\xbb\xbf")

// frameReader takes the frames out of a worker's output.
type frameReader struct {
	r *bufio.Reader
	// maxLine and maxNoise are the constants of these names, less in tests.
	maxLine, maxNoise int
	// noise counts what was read; its user sets it back to 0 for every frame that
	// was of use.
	noise int
	begun bool
}

func newFrameReader(r io.Reader) *frameReader {
	return &frameReader{r: bufio.NewReaderSize(r, 32<<10), maxLine: maxLine, maxNoise: maxNoise}
}

// next returns the JSON of the next frame. Other lines are skipped without
// being kept. The error is io.EOF at the end of the output, and
// io.ErrUnexpectedEOF where the end cut a frame in two.
func (f *frameReader) next() ([]byte, error) {
	for {
		frame, err := f.line()
		if err != nil || frame != nil {
			return frame, err
		}
	}
}

// line reads one line and returns its JSON, or nil where it was noise.
func (f *frameReader) line() ([]byte, error) {
	piece, err := f.r.ReadSlice('\n')
	if !f.begun {
		// Some PowerShell hosts open their output with a byte order mark.
		f.begun = true
		piece = bytes.TrimPrefix(piece, byteOrderMark)
	}
	rest, framed := bytes.CutPrefix(piece, []byte(framePrefix))
	length := len(piece)
	var frame []byte
	for {
		if f.noise += len(rest); f.noise > f.maxNoise {
			return nil, fmt.Errorf("the worker sent more than %d KiB that nobody asked for", f.maxNoise>>10)
		}
		if framed {
			frame = append(frame, rest...)
		}
		switch {
		case length > f.maxLine:
			return nil, fmt.Errorf("the worker sent a line of more than %d KiB", f.maxLine>>10)
		case err == nil && framed:
			return bytes.TrimRight(frame, "\r\n"), nil
		case err == nil:
			return nil, nil
		case errors.Is(err, io.EOF) && framed:
			return nil, io.ErrUnexpectedEOF
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
		rest, err = f.r.ReadSlice('\n')
		length += len(rest)
	}
}
