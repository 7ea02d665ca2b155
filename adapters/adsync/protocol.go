package adsync

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/pwsync/pwsync/checks"
)

// protocolVersion is the one version of the worker protocol spoken here.
const protocolVersion = 1

// maxRequest bounds one request; the longest argument is a distinguished name.
const maxRequest = 64 << 10

// Hello is the first thing a worker says.
type Hello struct {
	// Facts is the part that rules read.
	Facts checks.Hello
	// Host is the computer's own name, ScriptHash the SHA-256 of the worker.
	Host       string
	ScriptHash string
	// UTC is the server's clock at that moment.
	UTC time.Time
}

// offers reports whether the worker lists the verb. A worker that lists nothing
// is asked, and says itself what it does not do.
func (h Hello) offers(verb string) bool {
	for _, v := range h.Facts.Verbs {
		if strings.EqualFold(v, verb) {
			return true
		}
	}
	return len(h.Facts.Verbs) == 0
}

// parseHello reads the value of "hello".
func parseHello(raw json.RawMessage) (Hello, error) {
	o := newObject(raw)
	if version := o.needNumber("protocol"); o.err == nil && version != protocolVersion {
		return Hello{}, fmt.Errorf("the worker speaks protocol %d and this pwsync speaks %d: install the worker that belongs to this version of pwsync", version, protocolVersion)
	}
	h := Hello{
		Facts: checks.Hello{
			Worker:     o.text("worker"),
			PowerShell: o.text("psVersion"),
			Account:    o.text("account"),
			Module:     o.needText("module"),
			Verbs:      o.texts("verbs"),
		},
		Host:       o.text("host"),
		ScriptHash: o.text("scriptHash"),
		UTC:        o.time("utc"),
	}
	if j := o.object("journal"); j != nil {
		h.Facts.Journal = &checks.Journal{
			Connector: j.text("connector"),
			Step:      j.text("step"),
			Started:   j.time("started"),
			Operator:  j.text("operator"),
		}
		o.adopt("journal", j)
	}
	if o.err != nil {
		return Hello{}, fmt.Errorf("the worker's hello was not understood: %w", o.err)
	}
	return h, nil
}

// Reply is a worker's answer to one request.
type Reply struct {
	// Facts holds what was answered by key, Errors why a key was not.
	Facts  map[string]json.RawMessage
	Errors map[string]string
	// UTC is the server's clock when it answered, zero where it did not say;
	// Took is how long the worker worked on the answer by its own account.
	UTC  time.Time
	Took time.Duration
	// Sent and Received are the bot's clock around the exchange.
	Sent, Received time.Time
	// Hello is what the worker said when its connection was opened.
	Hello Hello
}

// message is one frame of the worker after reading.
type message struct {
	hello json.RawMessage
	id    int64
	reply Reply
	// refusal is the reason of a reply that is not ok; err says that the reply
	// to id was not understood.
	refusal string
	err     error
}

// parseMessage reads one frame. The error says that not even its addressee
// could be read; what goes wrong beyond that is the message's own err.
func parseMessage(frame []byte) (message, error) {
	o := newObject(frame)
	if o.err != nil {
		return message{}, o.err
	}
	if raw := o.raw("hello"); raw != nil {
		return message{hello: raw}, nil
	}
	m := message{id: o.needNumber("id")}
	if o.err != nil {
		return message{}, o.err
	}
	if ok := o.needBool("ok"); !ok && o.err == nil {
		if m.refusal = clean(o.text("error")); m.refusal == "" {
			m.refusal = "no reason was given"
		}
	}
	m.reply = Reply{
		Facts:  o.members("facts"),
		Errors: o.reasons("errors"),
		UTC:    o.time("utc"),
		Took:   time.Duration(min(max(o.number("ms"), 0), int64(24*time.Hour/time.Millisecond))) * time.Millisecond,
	}
	if o.err != nil {
		m.err = fmt.Errorf("the worker's reply was not understood: %w", o.err)
	}
	return m, nil
}

// request is one line to the worker.
type request struct {
	ID         int64           `json:"id"`
	Verb       string          `json:"verb"`
	Args       json.RawMessage `json:"args"`
	DeadlineMs int64           `json:"deadlineMs"`
}

// encode writes the request as one line of pure ASCII, whatever code page the
// far end's console has.
func (r request) encode() ([]byte, error) {
	line, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("write request %q: %w", r.Verb, err)
	}
	line = append(escapeNonASCII(line), '\n')
	if len(line) > maxRequest {
		return nil, fmt.Errorf("write request %q: it is longer than %d bytes", r.Verb, maxRequest)
	}
	return line, nil
}

// escapeNonASCII writes everything beyond ASCII as \uXXXX. In JSON such bytes
// occur inside strings only.
func escapeNonASCII(line []byte) []byte {
	out := make([]byte, 0, len(line)+1)
	for len(line) > 0 {
		r, size := utf8.DecodeRune(line)
		switch {
		case r < utf8.RuneSelf:
			out = append(out, line[0])
		case r > 0xffff:
			hi, lo := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, hi, lo)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		line = line[size:]
	}
	return out
}
