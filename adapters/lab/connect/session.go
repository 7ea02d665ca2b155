package connect

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// Bounds of a frame, as the protocol sets them.
const (
	prefix     = "PWSYNC1 "
	maxReply   = 16 << 20
	maxRequest = 64 << 10
	// writeLimit is how long a client may take to read a reply.
	writeLimit = 30 * time.Second
)

// greeting is what a Windows console says before anybody asked it.
var greeting = []string{
	"WARNING: The names of some imported commands from the module 'ADSync' include unapproved verbs that might make them less discoverable.",
	"",
}

// session is one running worker.
type session struct {
	worker *Worker
	conn   net.Conn
	once   sync.Once
	gone   chan struct{}
	// born is what the hello said about an unfinished resync; a worker says it
	// once and is started anew when it changes.
	born    atomic.Pointer[string]
	replies int
}

func (s *session) end() error {
	var err error
	s.once.Do(func() {
		close(s.gone)
		err = s.conn.Close()
	})
	return err
}

// queued is how many request lines wait while one is being answered, as they
// would in the buffer of a pipe.
const queued = 16

// serve greets, then answers one request after another until the client or the
// lab ends the session.
func (s *session) serve() {
	lines := make(chan []byte, queued)
	var reading sync.WaitGroup
	reading.Go(func() {
		defer close(lines)
		s.listen(lines)
	})
	if s.hello() {
		for line := range lines {
			if !s.answer(line) {
				break
			}
		}
	}
	_ = s.end() // closing a pipe does not fail
	reading.Wait()
}

// listen takes request lines from the client until there are no more.
func (s *session) listen(lines chan<- []byte) {
	in := bufio.NewReaderSize(s.conn, 64<<10)
	for {
		line, err := readLine(in)
		if errors.Is(err, errLongLine) {
			line = nil // stands for a line that is too long
		} else if err != nil {
			return
		}
		select {
		case lines <- line:
		case <-s.gone:
			return
		}
		if err != nil {
			return
		}
	}
}

var errLongLine = errors.New("line too long")

func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		if len(line)+len(part) > maxRequest {
			return nil, errLongLine
		}
		line = append(line, part...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case err != nil:
			return nil, err
		default:
			return append([]byte{}, bytes.TrimSpace(line)...), nil
		}
	}
}

type request struct {
	ID         json.Number     `json:"id"`
	Verb       string          `json:"verb"`
	Args       json.RawMessage `json:"args"`
	DeadlineMs float64         `json:"deadlineMs"`
}

type reply struct {
	ID     json.Number       `json:"id,omitempty"`
	OK     bool              `json:"ok"`
	Error  string            `json:"error,omitempty"`
	Facts  map[string]any    `json:"facts,omitempty"`
	Errors map[string]string `json:"errors,omitempty"`
	UTC    string            `json:"utc,omitempty"`
	Ms     int64             `json:"ms"`
}

// verbs is the closed list of what this worker does.
var verbs = []struct {
	name string
	run  func(*session, json.RawMessage) (facts map[string]any, errs map[string]string, err error)
}{
	{"server", (*session).server},
	{"user", (*session).user},
	{"events", (*session).events},
}

// answer deals with one line; it reports whether the session goes on.
func (s *session) answer(line []byte) bool {
	if line == nil {
		s.reply(reply{Error: fmt.Sprintf("a request line has more than %d bytes", maxRequest)})
		return false
	}
	if len(line) == 0 {
		return true
	}
	if s.worker.world.Reachable(s.worker.host) != nil || s.stale() {
		return false
	}
	var q request
	if err := json.Unmarshal(line, &q); err != nil {
		return s.say("ConvertFrom-Json : Invalid JSON primitive.")
	}
	started := time.Now()
	if !s.wait(s.worker.latency) {
		return false
	}
	r := s.run(q)
	r.ID, r.UTC, r.Ms = q.ID, stamp(s.now()), time.Since(started).Milliseconds()
	if s.worker.latency == 0 {
		r.Ms = 0 // two labs that are asked the same answer the same
	}
	// Now and then a module talks to the console in between.
	if s.replies++; s.replies%5 == 2 && !s.say("VERBOSE: session housekeeping done") {
		return false
	}
	return s.reply(r)
}

func (s *session) run(q request) reply {
	for _, v := range verbs {
		if v.name != q.Verb {
			continue
		}
		facts, errs, err := v.run(s, q.Args)
		if err != nil {
			return reply{Error: err.Error()}
		}
		return reply{OK: true, Facts: facts, Errors: errs}
	}
	return reply{Error: fmt.Sprintf("unknown verb %q", q.Verb)}
}

// wait lets wall time pass, as a cmdlet does.
func (s *session) wait(d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-s.gone:
		return false
	}
}

func (s *session) reply(r reply) bool {
	body, err := encode(r)
	if err == nil && len(body) > maxReply {
		body, err = encode(reply{ID: r.ID, Error: fmt.Sprintf("the reply has %d bytes, more than a line may carry", len(body))})
	}
	if err != nil {
		return false
	}
	return s.say(prefix + body)
}

// say writes one line to the client.
func (s *session) say(line string) bool {
	if err := s.conn.SetWriteDeadline(time.Now().Add(writeLimit)); err != nil {
		return false
	}
	_, err := io.WriteString(s.conn, line+"\r\n")
	return err == nil
}

// encode writes a value as JSON in pure ASCII.
func encode(v any) (string, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encode a frame: %w", err)
	}
	var b strings.Builder
	b.Grow(len(raw))
	for len(raw) > 0 {
		r, size := utf8.DecodeRune(raw)
		switch {
		case r < utf8.RuneSelf:
			b.WriteByte(raw[0])
		case r > 0xFFFF:
			hi, lo := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, hi, lo)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		raw = raw[size:]
	}
	return b.String(), nil
}

// stamp writes a time as the protocol wants it; the zero time is null.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.999Z") }

func moment(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := stamp(t)
	return &s
}
