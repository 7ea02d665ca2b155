package adsync

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/pwsync/pwsync/checks"
)

func FuzzFrames(f *testing.F) {
	f.Add([]byte(goodHello))
	f.Add([]byte("\xef\xbb\xbfPWSYNC1 {}\r\nnoise\nPWSYNC1 {\"id\":1"))
	f.Add([]byte("PWSYNC1 \n\n\nPWSYNC1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		frames := newFrameReader(bytes.NewReader(data))
		for n := 0; ; n++ {
			frame, err := frames.next()
			if err != nil {
				break
			}
			if n > bytes.Count(data, []byte("\n")) || bytes.ContainsRune(frame, '\n') {
				t.Fatalf("frame %d is %q", n, frame)
			}
			_, _ = parseMessage(frame)
		}
	})
}

func FuzzHello(f *testing.F) {
	f.Add(`{"protocol":1,"worker":"1.0.0","module":"loaded","verbs":["server"],"utc":"2026-03-10T09:00:00Z","journal":null}`)
	f.Add(`{"protocol":1e0,"module":"no","verbs":"server","journal":{"started":"x"}}`)
	f.Fuzz(func(t *testing.T, text string) {
		h, err := parseHello(json.RawMessage(text))
		if err == nil && !json.Valid([]byte(text)) {
			t.Fatalf("%q is no JSON and was read as %+v", text, h)
		}
	})
}

// FuzzReply holds that a reply, whatever is in it, ends in facts that can be
// written and read again, and that nobody is found who was not answered.
func FuzzReply(f *testing.F) {
	for _, file := range []string{"server.json", "events.json", "user.json"} {
		f.Add(`{"id":1,"ok":true,"facts":` + compact(f, file) + `,"errors":{"x":null,"version":5},"utc":"2026-03-10T09:00:01Z","ms":-1}`)
	}
	f.Add(`{"id":1,"ok":false,"error":{}}`)
	f.Fuzz(func(t *testing.T, text string) {
		m, err := parseMessage([]byte(text))
		if err != nil {
			return
		}
		m.reply.Received = fixtureNow
		a := newAnswer("c", m.reply, m.err)
		s := decodeServer("c", "active", a, a, eventQueries(fixtureNow, time.Hour))
		data, err := json.Marshal(s)
		if err != nil {
			if strings.Contains(err.Error(), "year outside of range") {
				t.Fatalf("a time got through that cannot be written: %v", err)
			}
			t.Fatal(err)
		}
		var back checks.Server
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatal(err)
		}
		view := decodeUser(a)
		if cs, _ := view.ADCS.Get(); cs.Found && lookup(m.reply.Facts, "adCs") == nil {
			t.Fatal("somebody was found whom nobody answered for")
		}
	})
}
