package slack

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	lab "github.com/pwsync/pwsync/adapters/lab/slack"
	"github.com/pwsync/pwsync/bot"
	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/suite"
)

// calm is an engine that knows nothing and is always in time.
type calm struct{}

func (calm) Ask(context.Context, suite.Question, suite.Progress) suite.Answer {
	f := &checks.Facts{At: time.Now()}
	return suite.Answer{Facts: f, Report: checks.Answer(f)}
}

type wallClock struct{}

func (wallClock) Now() time.Time { return time.Now() }

// playBot is play with the real bot as the core.
func playBot(t *testing.T) *scene {
	t.Helper()
	s := prepare(t, nil, nil)
	me, err := s.edge.Introduce(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b, err := bot.New(bot.Config{
		Engine: calm{}, People: s.edge, Channels: s.edge, State: bot.NewMemory(wallClock{}), Clock: wallClock{},
		Policy: bot.Policy{Teams: []string{me.Team}, Roles: func(bot.Actor) bot.Roles { return bot.Viewer }},
		// The bot logs ids of people and channels; what it logs is its own tests' matter.
		Log: zerolog.Nop(),
	})
	if err != nil {
		t.Fatal(err)
	}
	s.runCore(b)
	s.until("two connections", func() bool { return s.edge.Connected() == 2 })
	return s
}

func TestTheBotBehindTheEdge(t *testing.T) {
	t.Parallel()
	s := playBot(t)
	s.slash(helpdesk, "help")
	s.awaitText(vera, helpdesk, "What you can ask")
	s.slash(helpdesk, "health")
	card := s.awaitText(vera, helpdesk, "Could not tell")
	if problems := lab.Validate(lab.SurfaceMessage, card.Blocks); len(problems) > 0 {
		t.Errorf("the health card does not fit: %v", problems)
	}

	if err := s.SetFaults([]string{"slack-duplicate"}, nil); err != nil {
		t.Fatal(err)
	}
	before := len(s.seen(vera, helpdesk))
	s.slash(helpdesk, "help")
	s.until("one more answer", func() bool { return len(s.seen(vera, helpdesk)) > before })
	time.Sleep(200 * time.Millisecond)
	if n := len(s.seen(vera, helpdesk)); n != before+1 {
		t.Errorf("%d answers to what was delivered twice", n-before)
	}

	if _, err := s.OpenHome(context.Background(), vera); err != nil {
		t.Fatal(err)
	}
	s.until("a home", func() bool { _, ok := s.Home(vera); return ok })
}

func TestThePolicyDecidesWithTheEdgesLookUps(t *testing.T) {
	t.Parallel()
	s := playBot(t)
	for name, c := range map[string]struct{ user, channel string }{
		"a guest is refused":                               {gus, helpdesk},
		"a stranger is refused":                            {sam, shared},
		"a member is refused in a shared channel":          {vera, shared},
		"a channel that the app cannot see is not trusted": {vera, private},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := s.Slash(context.Background(), c.user, c.channel, "/pwsync", "health")
			if err != nil || !out.Acknowledged {
				t.Fatalf("outcome %+v, %v", out, err)
			}
			m := s.awaitText(c.user, c.channel, "Not allowed here")
			if !m.Ephemeral || strings.Count(m.Text, "\n") == 0 {
				t.Errorf("refused without a reason of one's own: %q", m.Text)
			}
		})
	}
	t.Run("when look-ups fail nobody is let in", func(t *testing.T) {
		if err := s.SetFaults([]string{"slack-lookup-fails"}, nil); err != nil {
			t.Fatal(err)
		}
		out, err := s.Slash(context.Background(), vera, quiet, "/pwsync", "health")
		if err != nil || !out.Acknowledged {
			t.Fatalf("outcome %+v, %v", out, err)
		}
		s.awaitText(vera, quiet, "Not allowed here")
	})
}

func TestTheAppsDirectMessageIsOpenToMembers(t *testing.T) {
	t.Parallel()
	s := playBot(t)
	if _, err := s.OpenHome(context.Background(), vera); err != nil {
		t.Fatal(err)
	}
	s.slash(s.direct(vera), "help")
	s.awaitText(vera, s.direct(vera), "What you can ask")
}
