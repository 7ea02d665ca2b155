package adsync

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/suite"
)

var _ suite.ConnectServer = (*Server)(nil)

func ref(dn string) suite.UserRef {
	return suite.UserRef{ConnectorID: "11111111-aaaa-4000-8000-000000000001", DN: dn}
}

// estate answers with the fixtures.
func estate(t testing.TB) map[string]string {
	return map[string]string{
		"server": compact(t, "server.json"),
		"events": compact(t, "events.json"),
		"user":   compact(t, "user.json"),
	}
}

func TestOnePhotographServesEverybodyForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var requests atomic.Int32
		facts := estate(t)
		tr := &pipeTransport{script: func(_ int, p *peer) {
			p.say(goodHello)
			for {
				q, ok := p.hear()
				requests.Add(1)
				time.Sleep(150 * time.Millisecond)
				if !ok || !p.answer(q, facts[q.Verb]) {
					return
				}
			}
		}}
		s := NewServer("CONNECT07", checks.RoleActive, tr, Options{})
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if v, _ := s.Server(t.Context()).Version.Get(); v != "2.5.190.0" {
					t.Errorf("version is %q", v)
				}
			})
		}
		start := time.Now()
		wg.Wait()
		if requests.Load() != 2 || time.Since(start) != 150*time.Millisecond {
			t.Errorf("fifty questions took %d requests and %s", requests.Load(), time.Since(start))
		}

		time.Sleep(12 * time.Second)
		shot := s.Server(t.Context())
		want := "worker connect07: Get-ADSyncScheduler, read 12 seconds ago"
		if from := shot.Scheduler.From(); from != want || requests.Load() != 2 {
			t.Errorf("a shared fact is from %q after %d requests", from, requests.Load())
		}
		connectors, _ := shot.Connectors.Get()
		contains(t, "source of a cycle", connectors[0].Partitions[0].Cycle.From(), "12 seconds ago")

		time.Sleep(18 * time.Second)
		if from := s.Server(t.Context()).Scheduler.From(); from != "worker connect07: Get-ADSyncScheduler" || requests.Load() != 4 {
			t.Errorf("after half a minute it is from %q after %d requests", from, requests.Load())
		}
		s.Forget()
		if s.Server(t.Context()); requests.Load() != 6 {
			t.Errorf("a forgotten photograph was shared: %d requests", requests.Load())
		}
		s.Close()
		tr.wg.Wait()
	})
}

func TestAPhotographIsNotSharedAcrossAnAdvancedClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)
		tr := &pipeTransport{script: obedient(estate(t))}
		s := NewServer("connect07", checks.RoleActive, tr, Options{Now: func() time.Time { return now }})
		first, _ := s.Server(t.Context()).Uploads.Get()
		now = now.Add(3 * time.Hour)
		second, _ := s.Server(t.Context()).Uploads.Get()
		if got := second.Since.Sub(first.Since); got != 3*time.Hour {
			t.Errorf("after three hours of clock the second photograph is %s younger", got)
		}
		s.Close()
		tr.wg.Wait()
	})
}

func TestADeadWorkerIsAFactAndEverythingElseIsMissing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		s := NewServer("CONNECT07", checks.RoleStaging, TransportFunc(func(context.Context) (io.ReadWriteCloser, error) {
			tries++
			return nil, errAt
		}), Options{})
		shot := s.Server(t.Context())
		c, ok := shot.Contact.Get()
		if !ok || c.Reached {
			t.Fatalf("contact is %+v, known %v", c, ok)
		}
		contains(t, "error", c.Error, "test transport is down")
		if shot.Host != "CONNECT07" || shot.Role != checks.RoleStaging {
			t.Errorf("it is %s as %s", shot.Host, shot.Role)
		}
		for name, why := range missing(shot) {
			if name == "contact" {
				continue
			}
			contains(t, name, why, "test transport is down")
		}
		if n := len(missing(shot)); n != factsOfAServer-1 {
			t.Errorf("%d facts are missing, there are %d besides the contact", n, factsOfAServer-1)
		}
		view := s.User(t.Context(), ref("CN=X,DC=north,DC=example"))
		contains(t, "person's log", view.Log.Why(), "test transport is down")
		if tries != 1 {
			t.Errorf("the transport was tried %d times within one moment", tries)
		}
		s.Close()
	})
}

func TestAQuestionThatWasNotPutSaysNothingAboutTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := &pipeTransport{script: func(_ int, p *peer) { p.say(goodHello); p.hear(); p.hear() }}
		s := NewServer("connect07", checks.RoleActive, tr, Options{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		shot := s.Server(ctx)
		if shot.Contact.Known() {
			t.Error("an impatient caller's photograph says whether the server is reachable")
		}
		contains(t, "reason", shot.Contact.Why(), "did not come in time for this question")
		s.Close()
		if shot := s.Server(t.Context()); shot.Contact.Known() {
			t.Error("a closed client's photograph says whether the server is reachable")
		}
		tr.wg.Wait()
	})
}

func TestAWorkerThatHangsPastTheDeadlineWasNotReached(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := &pipeTransport{script: func(_ int, p *peer) { p.say(goodHello); p.hear(); p.hear() }}
		s := NewServer("connect07", checks.RoleActive, tr, Options{})
		c, ok := s.Server(t.Context()).Contact.Get()
		if !ok || c.Reached {
			t.Errorf("contact is %+v, known %v", c, ok)
		}
		contains(t, "error", c.Error, "did not answer")
		s.Close()
		tr.wg.Wait()
	})
}

func TestARefusalReachedTheWorker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := &pipeTransport{script: func(_ int, p *peer) {
			p.say(goodHello)
			for {
				q, ok := p.hear()
				if !ok || !p.say(fmt.Sprintf("PWSYNC1 {\"id\":%d,\"ok\":false,\"error\":\"the module is not installed\"}\n", q.ID)) {
					return
				}
			}
		}}
		s := NewServer("connect07", checks.RoleActive, tr, Options{})
		shot := s.Server(t.Context())
		if c, _ := shot.Contact.Get(); !c.Reached {
			t.Errorf("contact is %+v", c)
		}
		if h, _ := shot.Hello.Get(); h.Module != "loaded" {
			t.Errorf("hello is %+v", h)
		}
		contains(t, "reason", shot.Scheduler.Why(), "the module is not installed")
		s.Close()
		tr.wg.Wait()
	})
}

func TestTheClocksAreComparedAtTheSameMoment(t *testing.T) {
	base := time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)
	reply := func(took time.Duration) answer {
		return newAnswer("c", Reply{UTC: base.Add(time.Hour), Sent: base, Received: base.Add(10 * time.Second), Took: took}, nil)
	}
	tests := []struct {
		name string
		took time.Duration
		want time.Time
	}{
		{"half of the round trip is taken off", 0, base.Add(5 * time.Second)},
		{"the time that the worker worked was not spent on the way", 8 * time.Second, base.Add(9 * time.Second)},
		{"a worker that claims to have worked longer than we waited is not believed", time.Hour, base.Add(10 * time.Second)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := decodeClock(reply(tt.took)).Get()
			want := checks.Clock{Server: base.Add(time.Hour), Bot: tt.want}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEqualQuestionsAboutAPersonShareOneRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var requests atomic.Int32
		facts := estate(t)
		tr := &pipeTransport{script: func(_ int, p *peer) {
			p.say(goodHello)
			for {
				q, ok := p.hear()
				if !ok {
					return
				}
				requests.Add(1)
				time.Sleep(150 * time.Millisecond)
				p.answer(q, facts[q.Verb])
			}
		}}
		s := NewServer("connect07", checks.RoleActive, tr, Options{})
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				view := s.User(t.Context(), ref([]string{"CN=A,DC=x", "CN=B,DC=x"}[i%2]))
				if cs, _ := view.ADCS.Get(); !cs.Found {
					t.Errorf("not found: %s", view.ADCS.Why())
				}
			})
		}
		wg.Wait()
		if requests.Load() != 2 {
			t.Errorf("two people took %d requests", requests.Load())
		}
		// People are not cached: the next question is a new one.
		s.User(t.Context(), ref("CN=A,DC=x"))
		if requests.Load() != 3 {
			t.Errorf("a later question made it %d requests", requests.Load())
		}
		s.Close()
		tr.wg.Wait()
	})
}

func TestEveryFactOfAPhotographTellsItsAge(t *testing.T) {
	facts := estate(t)
	shot := decodeServer("connect07", checks.RoleActive, replyWith(t, facts["server"]), replyWith(t, facts["events"]), eventQueries(fixtureNow, 3*time.Hour))
	if n := len(froms(shot)); n < factsOfAServer+8 {
		t.Fatalf("only %d facts were found in the photograph", n)
	}
	for name, from := range froms(aged(shot, 90*time.Second)) {
		contains(t, "source of "+name, from, "read 1 minute ago")
	}
	if diff := cmp.Diff(froms(shot), froms(aged(shot, 0))); diff != "" {
		t.Error(diff)
	}
}
