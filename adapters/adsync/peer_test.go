package adsync

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// goodHello is a hello as a worker in good health gives it.
const goodHello = `PWSYNC1 {"hello":{"protocol":1,"worker":"1.0.0","scriptHash":"","psVersion":"5.1.20348.1","host":"CONNECT07","account":"NORTH\\svc","module":"loaded","verbs":["server","user","events"],"utc":"2026-03-10T09:00:00Z","journal":null}}` + "\n"

// asked is one request as the peer read it.
type asked struct {
	ID         int64           `json:"id"`
	Verb       string          `json:"verb"`
	Args       json.RawMessage `json:"args"`
	DeadlineMs int64           `json:"deadlineMs"`
}

// peer is the far end of one connection in a test.
type peer struct {
	net.Conn
	in *bufio.Scanner
}

// say writes text; a peer that is hung up on has nothing more to say.
func (p *peer) say(text string) bool {
	_, err := io.WriteString(p.Conn, text)
	return err == nil
}

// hear returns the next request, false at the end of input.
func (p *peer) hear() (asked, bool) {
	var q asked
	if !p.in.Scan() {
		return q, false
	}
	if err := json.Unmarshal(p.in.Bytes(), &q); err != nil {
		panic(err) // a test's own client wrote it
	}
	return q, true
}

// answer replies to q with the members of a JSON object as facts.
func (p *peer) answer(q asked, facts string) bool {
	return p.say(fmt.Sprintf(`PWSYNC1 {"id":%d,"ok":true,"facts":%s,"errors":{},"utc":"2026-03-10T09:00:01Z","ms":0}`+"\n", q.ID, facts))
}

// pipeTransport runs script as the worker of every connection.
type pipeTransport struct {
	script func(n int, p *peer)

	mu    sync.Mutex
	opens []time.Time
	wg    sync.WaitGroup
}

func (t *pipeTransport) Open(context.Context) (io.ReadWriteCloser, error) {
	near, far := net.Pipe()
	t.mu.Lock()
	t.opens = append(t.opens, time.Now())
	n := len(t.opens)
	t.mu.Unlock()
	t.wg.Go(func() {
		defer far.Close()
		t.script(n, &peer{Conn: far, in: bufio.NewScanner(far)})
	})
	return near, nil
}

func (t *pipeTransport) count() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.opens)
}

// obedient answers every request at once with the facts for its verb.
func obedient(facts map[string]string) func(int, *peer) {
	return func(_ int, p *peer) {
		if !p.say(goodHello) {
			return
		}
		for {
			q, ok := p.hear()
			if !ok || !p.answer(q, facts[q.Verb]) {
				return
			}
		}
	}
}

// compact returns a fixture on one line.
func compact(t testing.TB, file string) string {
	t.Helper()
	data, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	line, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(line)
}

func contains(t *testing.T, what, text, want string) {
	t.Helper()
	if !strings.Contains(text, want) {
		t.Errorf("%s is %q, it should contain %q", what, text, want)
	}
}

var errAt = errors.New("test transport is down")
