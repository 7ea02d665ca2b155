package slack

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"
)

func TestACommandIsAcknowledgedAndItsPayloadBecomesTheAnswer(t *testing.T) {
	l := startLab(t, nil)
	a := l.connect()
	wait := l.slash("health")
	e := a.next()
	if e.Type != "slash_commands" || e.Payload["text"] != "health" || e.Payload["channel_name"] != "helpdesk" || !e.Accepts {
		t.Fatalf("envelope is %+v", e)
	}
	if e.Payload["user_id"] != viewerID || e.Payload["response_url"] == "" || e.Payload["trigger_id"] == "" {
		t.Fatalf("payload is %v", e.Payload)
	}
	a.ack(e.ID, map[string]any{"text": "all good"})
	if o := wait(); !o.Acknowledged || o.Error != "" {
		t.Fatalf("outcome is %+v", o)
	}
	// The answer is stored right after the acknowledgement came in.
	if got := l.seenBy(viewerID, helpdeskID); len(got) != 1 || got[0] != "all good" {
		t.Fatalf("Vera sees %q", got)
	}
	if got := l.seenBy(operatorID, helpdeskID); len(got) != 0 {
		t.Fatalf("an ephemeral answer reached Otto: %q", got)
	}
}

func TestACommandWithoutAnAppFailsWithDispatchFailed(t *testing.T) {
	l := startLab(t, nil)
	if o := l.slash("health")(); o.Acknowledged || !strings.Contains(o.Error, "dispatch_failed") {
		t.Fatalf("outcome is %+v", o)
	}
}

func TestACommandThatIsNotAcknowledgedFailsAfterThreeSeconds(t *testing.T) {
	l := startLab(t, nil)
	a := l.connect()
	wait := l.slash("health")
	e := a.next()
	o := wait()
	if o.Acknowledged || !strings.Contains(o.Error, "did not respond") || o.MS < 250 {
		t.Fatalf("outcome is %+v", o)
	}
	a.ack(e.ID, map[string]any{"text": "too late"})
	a.none(50 * time.Millisecond)
	if got := l.seenBy(viewerID, helpdeskID); len(got) != 0 {
		t.Fatalf("a late acknowledgement was shown: %q", got)
	}
	if slackTiming().ack != 3*time.Second {
		t.Error("Slack waits three seconds")
	}
}

func TestEachEnvelopeGoesToOneConnectionAndAnyConnectionMayAcknowledgeIt(t *testing.T) {
	l := startLab(t, nil)
	a, b := l.connect(), l.connect()
	first := l.slash("one")
	e := a.next()
	b.none(50 * time.Millisecond)
	b.ack(e.ID, nil)
	if o := first(); !o.Acknowledged {
		t.Fatalf("outcome is %+v", o)
	}
	second := l.slash("two")
	e = b.next()
	b.ack(e.ID, nil)
	if o := second(); !o.Acknowledged {
		t.Fatalf("the second command did not go to the second connection: %+v", o)
	}
}

func TestInStrictModeOnlyTheSameConnectionMayAcknowledge(t *testing.T) {
	l := startLab(t, func(c *Config) { c.StrictAcks = true })
	a, b := l.connect(), l.connect()
	wait := l.slash("one")
	e := a.next()
	b.ack(e.ID, nil)
	if o := wait(); o.Acknowledged {
		t.Fatalf("outcome is %+v", o)
	}
}

func TestACommandLostWithItsConnectionIsDeliveredAgain(t *testing.T) {
	l := startLab(t, nil)
	a := l.connect()
	wait := l.slash("health")
	lost := a.next()
	if err := a.ws.CloseNow(); err != nil {
		t.Fatal(err)
	}
	if o := wait(); o.Acknowledged {
		t.Fatalf("outcome is %+v", o)
	}
	again := l.connect().next()
	if again.ID == lost.ID || again.Attempt == nil || *again.Attempt != 1 || again.Why == "" {
		t.Fatalf("redelivery is %+v after %+v", again, lost)
	}
	if again.Payload["trigger_id"] != lost.Payload["trigger_id"] {
		t.Error("a redelivery carries the same payload")
	}
}

func TestAnEventThatIsNotAcknowledgedIsDeliveredAgainUnderANewEnvelope(t *testing.T) {
	l := startLab(t, nil, func(tm *timing) { tm.eventRetries = []time.Duration{10 * time.Millisecond, 20 * time.Millisecond} })
	a := l.connect()
	wait := doing(t, func() (Outcome, error) { return l.OpenHome(context.Background(), viewerID) })
	first := a.next()
	if first.Type != "events_api" || first.Attempt == nil || *first.Attempt != 0 || first.Accepts {
		t.Fatalf("first delivery is %+v", first)
	}
	if o := wait(); o.Acknowledged {
		t.Fatalf("outcome is %+v", o)
	}
	second := a.next()
	if second.ID == first.ID || *second.Attempt != 1 || second.Why != "timeout" || second.Payload["event_id"] != first.Payload["event_id"] {
		t.Fatalf("second delivery is %+v", second)
	}
	a.ack(second.ID, nil)
	a.none(500 * time.Millisecond)
}

func TestAnEventThatFoundNobodyIsDeliveredOnceSomebodyConnects(t *testing.T) {
	l := startLab(t, nil, func(tm *timing) { tm.eventRetries = []time.Duration{200 * time.Millisecond} })
	if o, err := l.OpenHome(context.Background(), viewerID); err != nil || o.Acknowledged {
		t.Fatalf("outcome is %+v, %v", o, err)
	}
	e := l.connect().next()
	if *e.Attempt != 1 || e.Why != "connection_failed" {
		t.Fatalf("delivery is %+v", e)
	}
}

func TestAnAcknowledgementOverTheFrameLimitClosesTheConnection(t *testing.T) {
	l := startLab(t, nil)
	a := l.connect()
	wait := l.slash("health")
	e := a.next()
	a.ack(e.ID, map[string]any{"text": strings.Repeat("x", ackFrameBytes)})
	select {
	case err := <-a.ended:
		if websocket.CloseStatus(err) != websocket.StatusMessageTooBig || !strings.Contains(err.Error(), "20480") {
			t.Fatalf("connection ended with %v", err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("the connection stayed open")
	}
	if o := wait(); o.Acknowledged {
		t.Fatalf("outcome is %+v", o)
	}
}

func TestTheEleventhConnectionIsTurnedAway(t *testing.T) {
	l := startLab(t, nil)
	for range maxConnections {
		l.connect()
	}
	if e := l.dial().next(); e.Type != "disconnect" || e.Reason != "too_many_websockets" {
		t.Fatalf("eleventh connection got %+v", e)
	}
}

func TestATicketServesOnce(t *testing.T) {
	l := startLab(t, nil)
	opened := mustOK(t, l.api("apps.connections.open", testAppToken, nil))
	address := opened["url"].(string)
	dial := func() error {
		ws, err := dialSocket(address)
		if err == nil {
			_ = ws.CloseNow()
		}
		return err
	}
	if err := dial(); err != nil {
		t.Fatalf("first use: %v", err)
	}
	if err := dial(); err == nil || !strings.Contains(err.Error(), "403") {
		t.Fatalf("second use: %v", err)
	}
}

func TestAConnectionIsWarnedThenAskedToRefreshThenClosed(t *testing.T) {
	l := startLab(t, nil, func(tm *timing) { tm.refresh, tm.warning = 100*time.Millisecond, 50*time.Millisecond })
	a := l.connect()
	if e := a.next(); e.Reason != "warning" {
		t.Fatalf("first is %+v", e)
	}
	if e := a.next(); e.Reason != "refresh_requested" {
		t.Fatalf("second is %+v", e)
	}
	select {
	case err := <-a.ended:
		t.Log("ended as it should:", err)
	case <-time.After(5 * time.Second):
		t.Fatal("the connection stayed open")
	}
}

func TestHelloTellsHowManyConnectionsThereAre(t *testing.T) {
	l := startLab(t, nil)
	l.connect()
	if e := l.dial().next(); e.Type != "hello" || e.Connections != 2 {
		t.Fatalf("hello is %+v", e)
	}
}

func TestFaultsOfTheSocket(t *testing.T) {
	on := func(t *testing.T, l *lab, id string) {
		t.Helper()
		if err := l.SetFaults([]string{id}, nil); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("a dropped acknowledgement looks like a missing one", func(t *testing.T) {
		l := startLab(t, nil)
		a := l.connect()
		on(t, l, faultDropAck)
		wait := l.slash("x")
		a.ack(a.next().ID, nil)
		if o := wait(); o.Acknowledged {
			t.Fatalf("outcome is %+v", o)
		}
	})
	t.Run("a duplicate has an envelope of its own and the same payload", func(t *testing.T) {
		l := startLab(t, nil)
		a := l.connect()
		on(t, l, faultDuplicate)
		wait := l.slash("x")
		first, second := a.next(), a.next()
		a.ack(first.ID, nil)
		a.ack(second.ID, nil)
		if first.ID == second.ID || first.Payload["trigger_id"] != second.Payload["trigger_id"] {
			t.Fatalf("got %+v and %+v", first, second)
		}
		if o := wait(); !o.Acknowledged {
			t.Fatalf("outcome is %+v", o)
		}
	})
	t.Run("reordered deliveries overtake each other", func(t *testing.T) {
		l := startLab(t, nil, func(tm *timing) { tm.ack = 2 * time.Second })
		a := l.connect()
		on(t, l, faultReorder)
		first := l.slash("first")
		time.Sleep(50 * time.Millisecond)
		second := l.slash("second")
		e := a.next()
		a.ack(e.ID, nil)
		if e.Payload["text"] != "second" {
			t.Fatalf("first to arrive is %v", e.Payload["text"])
		}
		a.ack(a.next().ID, nil)
		first()
		second()
	})
	t.Run("disconnect breaks open connections", func(t *testing.T) {
		l := startLab(t, nil)
		a := l.connect()
		on(t, l, faultDisconnect)
		select {
		case err := <-a.ended:
			t.Log("ended as it should:", err)
		case <-time.After(5 * time.Second):
			t.Fatal("the connection stayed open")
		}
	})
	t.Run("a disabled link says so and opens no more", func(t *testing.T) {
		l := startLab(t, nil)
		a := l.connect()
		on(t, l, faultLinkDisabled)
		if e := a.next(); e.Reason != "link_disabled" {
			t.Fatalf("got %+v", e)
		}
		if got := l.api("apps.connections.open", testAppToken, nil); got["error"] != "link_disabled" {
			t.Fatalf("got %v", got)
		}
	})
	t.Run("too many websockets turns the first connection away", func(t *testing.T) {
		l := startLab(t, nil)
		on(t, l, faultTooManySockets)
		if e := l.dial().next(); e.Reason != "too_many_websockets" {
			t.Fatalf("got %+v", e)
		}
	})
}

func TestCloseLeavesNothingRunning(t *testing.T) {
	ignore := goleak.IgnoreCurrent()
	t.Run("workspace in use", func(t *testing.T) {
		l := startLab(t, nil)
		a := l.connect()
		l.connect()
		changed, done := l.Subscribe()
		defer done()
		lost := l.slash("never acknowledged")
		a.next()
		_, err := l.OpenHome(context.Background(), viewerID)
		if err != nil {
			t.Fatal(err)
		}
		l.Close()
		lost()
		for range changed { // drained until Close closed it
		}
		if o := l.slash("after the end")(); o.Acknowledged {
			t.Fatalf("a closed workspace delivered: %+v", o)
		}
	})
	http.DefaultClient.CloseIdleConnections()
	goleak.VerifyNone(t, ignore)
}
