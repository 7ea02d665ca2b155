package adsync

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// ask sends one "server" request with a client of its own over the script and
// closes both, which in a synctest bubble also proves that nothing is left.
func ask(t *testing.T, o Options, bound func(*frameReader), script func(int, *peer)) (Reply, error) {
	t.Helper()
	tr := &pipeTransport{script: script}
	c := NewClient(tr, o)
	c.bound = bound
	reply, err := c.Do(t.Context(), "server", nil)
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	tr.wg.Wait()
	return reply, err
}

func TestAWorkerThatMisbehavesCostsAtMostTheRequest(t *testing.T) {
	const version = `{"version":"2.5.190.0"}`
	serve := func(before, after string) func(int, *peer) {
		return func(_ int, p *peer) {
			p.say(goodHello)
			q, _ := p.hear()
			p.say(before)
			p.answer(q, version)
			p.say(after)
			p.hear()
		}
	}
	tests := []struct {
		name   string
		script func(int, *peer)
		// want is part of the error, "" where the answer must get through.
		want string
	}{
		{"console noise around frames is skipped", serve("WARNING: module talks\r\n\r\nPWSYNC2 {}\nPWSYNC1{}\n", "bye\n"), ""},
		{"garbage in a frame is survived", serve("PWSYNC1 {\"id\":\nPWSYNC1 [1,2]\nPWSYNC1 \nPWSYNC1 {\"id\":\"x\"}\n", ""), ""},
		{"a reply to an unknown id is ignored", serve(`PWSYNC1 {"id":999,"ok":true,"facts":{"version":"9.9"}}`+"\n", ""), ""},
		{"a second reply to the same id is ignored", serve("", `PWSYNC1 {"id":1,"ok":false,"error":"changed my mind"}`+"\n"), ""},
		{"a second hello is ignored", serve(strings.Replace(goodHello, "1.0.0", "6.6.6", 1), ""), ""},
		{"a carriage return before the line feed is ignored", func(_ int, p *peer) {
			p.say("\xef\xbb\xbf" + strings.Replace(goodHello, "\n", "\r\n", 1))
			q, _ := p.hear()
			p.say(fmt.Sprintf("PWSYNC1 {\"id\":%d,\"ok\":true,\"facts\":%s}\r\n", q.ID, version))
		}, ""},
		{"an answer that drips in byte by byte is waited for", func(_ int, p *peer) {
			p.say(goodHello)
			q, _ := p.hear()
			line := `PWSYNC1 {"id":1,"ok":true,"facts":` + version + "}\n"
			if q.ID != 1 {
				line = "PWSYNC1 {}\n"
			}
			for _, b := range []byte(line) {
				time.Sleep(100 * time.Millisecond)
				p.say(string(b))
			}
		}, ""},
		{"an answer right before the end counts", func(_ int, p *peer) {
			p.say(goodHello)
			q, _ := p.hear()
			p.answer(q, version)
		}, ""},
		{"a drip that outlasts the deadline is cut off", func(_ int, p *peer) {
			p.say(goodHello)
			p.hear()
			for p.say("PWSYNC1 "[:1]) {
				time.Sleep(time.Second)
			}
		}, `did not answer "server" within 20s`},
		{"unreadable lines instead of an answer are counted", func(_ int, p *peer) {
			p.say(goodHello)
			p.hear()
			p.say("PWSYNC1 {\"id\":1,\nPWSYNC1 ,\"ok\":true}\n")
			p.hear()
		}, "could not be read: 2"},
		{"a reply of which only the id can be read ends its request at once", func(_ int, p *peer) {
			p.say(goodHello)
			p.hear()
			p.say(`PWSYNC1 {"id":1,"ok":"perhaps"}` + "\n")
			p.hear()
		}, `"ok" is not a yes or no`},
		{"half a frame and then the end is a lost connection", func(_ int, p *peer) {
			p.say(goodHello)
			p.hear()
			p.say(`PWSYNC1 {"id":1,"ok":tr`)
		}, "ended in the middle of a line"},
		{"the end after the request is a lost connection", func(_ int, p *peer) {
			p.say(goodHello)
			p.hear()
		}, "the worker ended"},
		{"a worker that never says hello is given up", func(_ int, p *peer) {
			p.say("Loading personal and system profiles took 900ms.\n")
			p.hear()
		}, "did not say hello in time"},
		{"a worker that answers before its hello is given up", func(_ int, p *peer) {
			p.say(`PWSYNC1 {"id":1,"ok":true,"facts":{}}` + "\n")
			p.hear()
		}, "before it said hello"},
		{"another protocol is refused with what to do", func(_ int, p *peer) {
			p.say(strings.Replace(goodHello, `"protocol":1`, `"protocol":2`, 1))
			p.hear()
		}, "speaks protocol 2 and this pwsync speaks 1: install the worker"},
		{"a hello without protocol is refused", func(_ int, p *peer) {
			p.say(strings.Replace(goodHello, `"protocol":1,`, ``, 1))
			p.hear()
		}, `"protocol" is missing`},
		{"a verb that the worker does not offer is not sent", func(_ int, p *peer) {
			p.say(strings.Replace(goodHello, `"server",`, ``, 1))
			if _, ok := p.hear(); ok {
				t.Error("the request was sent all the same")
			}
		}, "installed without this verb"},
		{"a refusal keeps its reason, on one line", func(_ int, p *peer) {
			p.say(goodHello)
			q, _ := p.hear()
			p.say(fmt.Sprintf("PWSYNC1 {\"id\":%d,\"ok\":false,\"error\":\"the module\\r\\n\\u001b[31mis not loaded\"}\n", q.ID))
			p.hear()
		}, `refused "server": the module [31mis not loaded`},
		{"a line without end is given up at its bound", func(_ int, p *peer) {
			p.say(goodHello)
			p.hear()
			p.say("PWSYNC1 ")
			for p.say(strings.Repeat("x", 1<<12)) {
			}
		}, "a line of more than 64 KiB"},
		{"noise without end is given up at its bound", func(_ int, p *peer) {
			p.say(goodHello)
			p.hear()
			for p.say(strings.Repeat("y", 1<<12) + "\n") {
			}
		}, "more than 256 KiB that nobody asked for"},
		{"unasked frames without end are given up at the same bound", func(_ int, p *peer) {
			p.say(goodHello)
			p.hear()
			for p.say(fmt.Sprintf("PWSYNC1 {\"id\":7,\"x\":\"%s\"}\n", strings.Repeat("y", 1<<12))) {
			}
		}, "more than 256 KiB that nobody asked for"},
	}
	small := func(f *frameReader) { f.maxLine, f.maxNoise = 64<<10, 256<<10 }
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				reply, err := ask(t, Options{OpenTimeout: 15 * time.Second}, small, tt.script)
				if tt.want == "" {
					if err != nil {
						t.Fatal(err)
					}
					if got := string(reply.Facts["version"]); got != `"2.5.190.0"` {
						t.Errorf("version is %s", got)
					}
					if reply.Hello.Facts.Worker != "1.0.0" || reply.Hello.Host != "CONNECT07" {
						t.Errorf("hello is %+v", reply.Hello)
					}
					return
				}
				if err == nil {
					t.Fatalf("there is no error, and %+v", reply)
				}
				contains(t, "error", err.Error(), tt.want)
			})
		})
	}
}

func TestALineMayBe16MiBLongAndNotAByteLonger(t *testing.T) {
	frame := func(length int) string {
		return framePrefix + strings.Repeat("z", length-len(framePrefix)-1) + "\n"
	}
	got, err := newFrameReader(strings.NewReader(frame(maxLine))).next()
	if err != nil || len(got) != maxLine-len(framePrefix)-1 {
		t.Errorf("of a line of 16 MiB %d bytes came through, error %v", len(got), err)
	}
	if _, err := newFrameReader(strings.NewReader(frame(maxLine + 1))).next(); err == nil {
		t.Error("a longer line was read")
	}
}
