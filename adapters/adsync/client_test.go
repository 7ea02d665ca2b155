package adsync

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
)

func TestAHungRequestTakesItsWorkerWithItAndTheNextGetsAFreshOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := &pipeTransport{script: func(n int, p *peer) {
			p.say(goodHello)
			q, _ := p.hear()
			if n == 1 {
				time.Sleep(30 * time.Second)
				p.answer(q, `{"version":"late"}`)
				return
			}
			p.answer(q, `{"version":"fresh"}`)
			p.hear()
		}}
		c := NewClient(tr, Options{Timeout: 10 * time.Second, Workers: 1})
		start := time.Now()
		_, err := c.Do(t.Context(), "server", nil)
		var timeout *TimeoutError
		if !errors.As(err, &timeout) || time.Since(start) != 10*time.Second {
			t.Fatalf("after %s the error is %v", time.Since(start), err)
		}
		time.Sleep(time.Second) // the pause after a worker that was of no use
		reply, err := c.Do(t.Context(), "server", nil)
		if err != nil || string(reply.Facts["version"]) != `"fresh"` {
			t.Fatalf("the next request got %v, %v", reply.Facts, err)
		}
		if tr.count() != 2 {
			t.Errorf("%d connections were opened", tr.count())
		}
		c.Close()
		tr.wg.Wait()
	})
}

func TestAPeerThatAcceptsAndClosesCausesNoStorm(t *testing.T) {
	for name, hello := range map[string]string{"at once": "", "after its hello": goodHello} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tr := &pipeTransport{script: func(_ int, p *peer) { p.say(hello) }}
				c := NewClient(tr, Options{})
				for range 600 {
					if _, err := c.Do(t.Context(), "server", nil); err == nil {
						t.Fatal("an answer came from nowhere")
					}
					time.Sleep(100 * time.Millisecond)
				}
				// A minute of asking: after doubling from half a second the pause is
				// between 7.5 and 15 seconds.
				if n := tr.count(); n < 4 || n > 14 {
					t.Errorf("%d connections were opened within a minute", n)
				}
				_, err := c.Do(t.Context(), "server", nil)
				contains(t, "error", err.Error(), "the worker ended")
				c.Close()
				tr.wg.Wait()
			})
		})
	}
}

func TestAfterTheServerIsBackTheBackoffIsForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		up := &pipeTransport{script: obedient(map[string]string{"server": "{}"})}
		down := true
		c := NewClient(TransportFunc(func(ctx context.Context) (io.ReadWriteCloser, error) {
			if down {
				return nil, errAt
			}
			return up.Open(ctx)
		}), Options{})
		for range 10 {
			if _, err := c.Do(t.Context(), "server", nil); !errors.Is(err, errAt) {
				t.Fatalf("the error is %v", err)
			}
			time.Sleep(15 * time.Second)
		}
		down = false
		if _, err := c.Do(t.Context(), "server", nil); err != nil {
			t.Fatal(err)
		}
		c.gate.mu.Lock()
		if c.gate.failures != 0 {
			t.Errorf("%d failures are still remembered", c.gate.failures)
		}
		c.gate.mu.Unlock()
		c.Close()
		up.wg.Wait()
	})
}

func TestAConnectionThatDiedWhileIdleIsReplacedUnnoticed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := &pipeTransport{script: func(_ int, p *peer) {
			p.say(goodHello)
			q, _ := p.hear()
			p.answer(q, `{}`)
		}}
		c := NewClient(tr, Options{})
		for range 5 {
			if _, err := c.Do(t.Context(), "server", nil); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Minute)
		}
		if tr.count() != 5 {
			t.Errorf("%d connections were opened", tr.count())
		}
		c.Close()
		tr.wg.Wait()
	})
}

func TestAConnectionThatDiesAtItsSecondRequestGetsASecondChance(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := &pipeTransport{script: func(_ int, p *peer) {
			p.say(goodHello)
			q, _ := p.hear()
			p.answer(q, `{}`)
			p.hear()
		}}
		c := NewClient(tr, Options{Workers: 1})
		for range 3 {
			if _, err := c.Do(t.Context(), "server", nil); err != nil {
				t.Fatal(err)
			}
		}
		if tr.count() != 3 {
			t.Errorf("%d connections were opened", tr.count())
		}
		c.Close()
		tr.wg.Wait()
	})
}

func TestAFullQueueAnswersAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := &pipeTransport{script: func(_ int, p *peer) {
			p.say(goodHello)
			for {
				q, ok := p.hear()
				time.Sleep(3 * time.Second)
				if !ok || !p.answer(q, "{}") {
					return
				}
			}
		}}
		c := NewClient(tr, Options{Queue: 4})
		var mu sync.Mutex
		outcomes := map[string]int{}
		var wg sync.WaitGroup
		start := time.Now()
		for range 10 {
			wg.Go(func() {
				_, err := c.Do(t.Context(), "server", nil)
				kind := "answered"
				if errors.Is(err, ErrBusy) {
					kind = "busy"
					if time.Since(start) != 0 {
						t.Error("being busy took time")
					}
				} else if err != nil {
					kind = err.Error()
				}
				mu.Lock()
				outcomes[kind]++
				mu.Unlock()
			})
		}
		wg.Wait()
		if outcomes["answered"] != 6 || outcomes["busy"] != 4 {
			t.Errorf("outcomes are %v: two are served, four wait", outcomes)
		}
		// Six requests of three seconds on two workers.
		if took := time.Since(start); took != 9*time.Second || tr.count() != 2 {
			t.Errorf("it took %s over %d connections", took, tr.count())
		}
		c.Close()
		tr.wg.Wait()
	})
}

func TestWhoStopsWaitingLeavesTheWorkerToFinishAndTheQueueShorter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := &pipeTransport{script: func(_ int, p *peer) {
			p.say(goodHello)
			for {
				q, ok := p.hear()
				time.Sleep(2 * time.Second)
				if !ok || !p.answer(q, "{}") {
					return
				}
			}
		}}
		c := NewClient(tr, Options{Workers: 1, Queue: 1})
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				if _, err := c.Do(ctx, "server", nil); !errors.Is(err, context.Canceled) {
					t.Errorf("the error is %v", err)
				}
			})
		}
		synctest.Wait()
		cancel()
		wg.Wait()
		if len(c.queue) != 0 {
			t.Errorf("%d requests wait for nobody", len(c.queue))
		}
		start := time.Now()
		if _, err := c.Do(t.Context(), "server", nil); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took != 4*time.Second || tr.count() != 1 {
			t.Errorf("the next answer took %s over %d connections; one worker does one thing at a time and is not killed for a change of mind", took, tr.count())
		}
		c.Close()
		tr.wg.Wait()
	})
}

func TestCloseEndsEverythingAtOnce(t *testing.T) {
	tests := map[string]Transport{
		"while a worker works": &pipeTransport{script: func(_ int, p *peer) { p.say(goodHello); p.hear(); p.hear() }},
		"while a worker starts": TransportFunc(func(ctx context.Context) (io.ReadWriteCloser, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}),
		"while a worker does not say hello": &pipeTransport{script: func(_ int, p *peer) { p.hear() }},
	}
	for name, tr := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := NewClient(tr, Options{})
				var wg sync.WaitGroup
				for range 5 {
					wg.Go(func() {
						if _, err := c.Do(t.Context(), "server", nil); !errors.Is(err, ErrClosed) {
							t.Errorf("the error is %v", err)
						}
					})
				}
				synctest.Wait()
				start := time.Now()
				c.Close()
				wg.Wait()
				if _, err := c.Do(t.Context(), "server", nil); !errors.Is(err, ErrClosed) {
					t.Errorf("after Close the error is %v", err)
				}
				if time.Since(start) != 0 {
					t.Errorf("closing took %s", time.Since(start))
				}
			})
		})
	}
}

func TestRequestsAreOneLineOfASCIIAndData(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dn := "CN=Łukasz ‘; Stop-Service ADSync; ’ 😀\n$(exit),DC=north,DC=example"
		seen := make(chan string, 1)
		tr := &pipeTransport{script: func(_ int, p *peer) {
			p.say(goodHello)
			p.in.Scan()
			seen <- p.in.Text()
			p.say(`PWSYNC1 {"id":1,"ok":true}` + "\n")
		}}
		c := NewClient(tr, Options{})
		if _, err := c.Do(t.Context(), "user", userArgs{DN: dn}); err != nil {
			t.Fatal(err)
		}
		line := <-seen
		for _, r := range line {
			if r > '~' || r < ' ' {
				t.Fatalf("the line has %q in it: %s", r, line)
			}
		}
		if o := newObject([]byte(line)).object("args"); o.text("dn") != dn {
			t.Errorf("the name arrived as %q", o.text("dn"))
		}
		if _, err := c.Do(t.Context(), "user", userArgs{DN: strings.Repeat("x", maxRequest)}); err == nil {
			t.Error("a request of 64 KiB was sent")
		}
		c.Close()
		tr.wg.Wait()
	})
}

func TestLogsNameNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		log := zerolog.New(zerolog.SyncWriter(&out)).Level(zerolog.InfoLevel)
		s := NewServer("connect07", "active", &pipeTransport{script: func(_ int, p *peer) {
			p.say(goodHello)
			q, _ := p.hear()
			p.say(fmt.Sprintf("PWSYNC1 {\"id\":%d,\"ok\":false,\"error\":\"no such object CN=Secret Person\"}\n", q.ID))
			p.say("PWSYNC1 CN=Secret Person\n")
		}}, Options{Log: log})
		s.User(t.Context(), ref("CN=Secret Person,DC=north,DC=example"))
		s.Close()
		if out.Len() == 0 || strings.Contains(out.String(), "Secret") {
			t.Errorf("the log reads %q", out.String())
		}
	})
}
