package main

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	labslack "github.com/pwsync/pwsync/adapters/lab/slack"
)

// running is a lab with its workspace and the bot, as pwsync lab runs it.
type running struct {
	*workspace
	estate *labWorld
	url    string
}

func runningLab(t testing.TB, crowd int) *running {
	t.Helper()
	estate, err := openLab(labOptions{log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &running{estate: estate, url: "http://" + listener.Addr().String()}
	r.workspace, err = openWorkspace(estate, chatOptions{base: r.url, log: zerolog.Nop(), crowd: crowd})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- r.serve(ctx, listener, func() error { close(ready); return nil })
	}()
	<-ready
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the lab ended with %v", err)
		}
		estate.Close()
	})
	return r
}

// ask gives a command and returns the newest message that came of it, with the
// time until the acknowledgement and until the answer.
func (r *running) ask(t testing.TB, user, channel, text string) (answer labslack.SeenMessage, acknowledged, answered time.Duration) {
	t.Helper()
	before := r.newest(channel, user)
	start := time.Now()
	out, err := r.chat.Slash(context.Background(), user, channel, slashCommand, text)
	acknowledged = time.Since(start)
	if err != nil || !out.Acknowledged {
		t.Errorf("%q was not acknowledged: %+v %v", text, out, err)
		return
	}
	deadline := time.After(15 * time.Second)
	for {
		if m := r.newest(channel, user); m.TS > before.TS && !strings.HasPrefix(m.Text, "Looking up") {
			return m, acknowledged, time.Since(start)
		}
		// Looking costs time that the answers need, so it is done at intervals.
		select {
		case <-time.After(10 * time.Millisecond):
		case <-deadline:
			t.Errorf("%q was not answered", text)
			return
		}
	}
}

func (r *running) newest(channel, user string) labslack.SeenMessage {
	all := r.chat.Messages(channel, user)
	if len(all) == 0 {
		return labslack.SeenMessage{}
	}
	return all[len(all)-1]
}

const (
	helpdesk = "C01HELPDESK"
	operator = "U02OPERATOR"
)

// Every person of the lab gets from the bot what the command line says.
func TestTheBotAnswersAsTheCommandLineDoes(t *testing.T) {
	r := runningLab(t, 0)
	cases := []struct{ question, says string }{
		{"user " + personWith(r.estate.lab, "temporary-password"), "Sign in to a company computer"},
		{"health", "Healthy"},
		{"status", "contoso.onmicrosoft.com"},
		{"explain 611", "611"},
		{"log " + personWith(r.estate.lab, "temporary-password"), "FilteredByTarget"},
		{"help", "user"},
		{"hlep", "help"},
	}
	for _, c := range cases {
		m, _, _ := r.ask(t, operator, helpdesk, c.question)
		if !m.Ephemeral || !strings.Contains(m.Text, c.says) {
			t.Errorf("%s: %q is not in:\n%s", c.question, c.says, m.Text)
		}
	}
}

func TestOutsidersAreRefusedWithAReason(t *testing.T) {
	r := runningLab(t, 0)
	for _, c := range []struct{ user, channel string }{{"U05GUEST", helpdesk}, {"U06STRANGER", "C05PARTNER"}, {operator, "C05PARTNER"}} {
		m, _, _ := r.ask(t, c.user, c.channel, "health")
		if strings.Contains(m.Text, "Healthy") || !strings.Contains(strings.ToLower(m.Text), "not") {
			t.Errorf("%s in %s got: %s", c.user, c.channel, m.Text)
		}
	}
}

func TestAFaultSwitchedOnIsSeenAtOnce(t *testing.T) {
	r := runningLab(t, 0)
	r.ask(t, operator, helpdesk, "health")
	if err := r.estate.SetFaults([]string{"staging-mode"}, nil); err != nil {
		t.Fatal(err)
	}
	if m, _, _ := r.ask(t, operator, helpdesk, "health"); !strings.Contains(m.Text, "staging mode") {
		t.Errorf("got: %s", m.Text)
	}
	if err := r.estate.SetFaults(nil, []string{"staging-mode"}); err != nil {
		t.Fatal(err)
	}
	if m, _, _ := r.ask(t, operator, helpdesk, "health"); !strings.Contains(m.Text, "Healthy") {
		t.Errorf("got: %s", m.Text)
	}
}
