package slack

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	lab "github.com/pwsync/pwsync/adapters/lab/slack"
	"github.com/pwsync/pwsync/bot"
)

func TestACommandIsAcknowledgedBeforeItIsAnswered(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	core := &scripted{handle: func(ctx context.Context, r bot.Request, in bot.Conversation) {
		<-release
		_ = in.Tell(ctx, bot.Card{Tone: bot.ToneGood, Headline: "Here it is"})
	}}
	s := play(t, core, nil)
	s.slash(helpdesk, "user zebra")
	if got := s.seen(vera, helpdesk); len(got) != 0 {
		t.Errorf("seen before the answer: %q", got)
	}
	close(release)
	m := s.awaitText(vera, helpdesk, "Here it is")
	if !m.Ephemeral {
		t.Error("the answer is visible to everybody")
	}
	if got := s.seen(gus, helpdesk); len(got) != 0 {
		t.Errorf("somebody else sees %q", got)
	}
	r := core.asked()[0]
	want := bot.Request{ID: r.ID, Actor: bot.Actor{Team: "T0LAB", User: vera}, Place: bot.Place{Channel: helpdesk}, Command: "/pwsync", Text: "user zebra", At: r.At}
	if r != want || !strings.HasPrefix(r.ID, "command:") {
		t.Errorf("request %+v, want %+v", r, want)
	}
}

func TestAnAnswerReachesChannelsThatTheAppIsNotIn(t *testing.T) {
	t.Parallel()
	s := play(t, nil, nil)
	for _, channel := range []string{quiet, private} {
		s.slash(channel, "user zebra")
		s.awaitText(vera, channel, "You asked user zebra")
	}
}

func TestWhatIsDeliveredTwiceHasOneID(t *testing.T) {
	t.Parallel()
	s := play(t, nil, nil)
	if err := s.SetFaults([]string{"slack-duplicate"}, nil); err != nil {
		t.Fatal(err)
	}
	s.slash(helpdesk, "user zebra")
	m := s.awaitText(vera, helpdesk, "You asked")
	s.until("the second delivery of the command", func() bool { return s.core.repeats() == 1 })
	s.click(m, bot.ActionAgain)
	s.until("the second delivery of the click", func() bool { return s.core.repeats() == 2 })
	if n := len(s.core.asked()); n != 1 {
		t.Errorf("%d requests, want 1", n)
	}
	s.slash(helpdesk, "user zebra")
	s.until("the same command, typed again, to be another request", func() bool { return len(s.core.asked()) == 2 })
}

func TestButtons(t *testing.T) {
	t.Parallel()
	s := play(t, nil, nil)
	s.slash(helpdesk, "user zebra")
	m := s.awaitText(vera, helpdesk, "You asked")

	s.click(m, bot.ActionAgain)
	again := s.awaitText(vera, helpdesk, "Replaced")
	if again.TS != m.TS || len(s.seen(vera, helpdesk)) != 1 {
		t.Errorf("the answer stands beside the clicked card: %q", s.seen(vera, helpdesk))
	}
	c := s.core.pressed()[0]
	want := bot.Click{ID: c.ID, Actor: bot.Actor{Team: "T0LAB", User: vera}, Place: bot.Place{Channel: helpdesk}, Action: bot.ActionAgain,
		Value: "v2", Message: m.TS, Ephemeral: true, Command: "/pwsync", At: c.At}
	if c != want {
		t.Errorf("click %+v, want %+v", c, want)
	}

	s.slash(helpdesk, "user zebra two")
	m = s.awaitText(vera, helpdesk, "zebra two")
	s.click(m, bot.ActionShare)
	if got := s.awaitText(gus, helpdesk, "Shared"); got.Ephemeral {
		t.Error("what was shared is ephemeral")
	}
	s.awaitText(vera, helpdesk, "zebra two")
}

func TestAClickOnASharedCardAnswersTheClickerAlone(t *testing.T) {
	t.Parallel()
	core := &scripted{click: func(ctx context.Context, c bot.Click, in bot.Conversation) {
		if c.Action == bot.ActionShare {
			_ = in.Share(ctx, bot.Card{Headline: "For all", Actions: []bot.Action{{ID: bot.ActionAgain, Label: "Check Again", Value: "v"}}})
			return
		}
		_ = in.Replace(ctx, bot.Card{Headline: "For one"})
	}}
	s := play(t, core, nil)
	s.slash(helpdesk, "user zebra")
	s.click(s.awaitText(vera, helpdesk, "You asked"), bot.ActionShare)
	s.click(s.awaitText(vera, helpdesk, "For all"), bot.ActionAgain)
	if m := s.awaitText(vera, helpdesk, "For one"); !m.Ephemeral {
		t.Error("the answer to one person's click is visible to everybody")
	}
	s.awaitText(gus, helpdesk, "For all")
}

func TestWaysToAnswer(t *testing.T) {
	t.Parallel()
	t.Run("a response URL that is over gives way to an ephemeral message", func(t *testing.T) {
		s := play(t, nil, nil)
		if err := s.SetFaults([]string{"slack-response-url-gone"}, nil); err != nil {
			t.Fatal(err)
		}
		s.slash(helpdesk, "user zebra")
		if m := s.awaitText(vera, helpdesk, "You asked"); !m.Ephemeral {
			t.Error("the answer is visible to everybody")
		}
	})
	t.Run("where the app is not, a direct message comes last", func(t *testing.T) {
		s := play(t, nil, nil)
		if err := s.SetFaults([]string{"slack-response-url-gone"}, nil); err != nil {
			t.Fatal(err)
		}
		s.slash(private, "user zebra")
		s.until("a direct message", func() bool { return s.direct(vera) != "" })
		s.awaitText(vera, s.direct(vera), "You asked")
		if got := s.seen(vera, private); len(got) != 0 {
			t.Errorf("seen in the channel: %q", got)
		}
	})
	t.Run("a response URL serves five times and no more", func(t *testing.T) {
		core := &scripted{handle: func(ctx context.Context, _ bot.Request, in bot.Conversation) {
			for i := range 7 {
				_ = in.Tell(ctx, bot.Card{Headline: fmt.Sprintf("Part %d", i+1)})
			}
		}}
		s := play(t, core, nil)
		s.slash(private, "user zebra")
		s.awaitText(vera, private, "Part 5")
		s.until("a direct message", func() bool { return s.direct(vera) != "" })
		s.awaitText(vera, s.direct(vera), "Part 7")
		if strings.Contains(s.logs.String(), "404") {
			t.Errorf("the response URL was used too often:\n%s", s.logs)
		}
	})
	t.Run("refused blocks are sent again in plainer form", func(t *testing.T) {
		s := play(t, nil, nil)
		if err := s.SetFaults([]string{"slack-invalid-blocks"}, nil); err != nil {
			t.Fatal(err)
		}
		s.slash(helpdesk, "user zebra")
		if m := s.awaitText(vera, helpdesk, "You asked"); len(m.Blocks) != 0 {
			t.Errorf("%d blocks, want the text alone", len(m.Blocks))
		}
		if !strings.Contains(s.logs.String(), "Slack refused the blocks of a card") {
			t.Error("the refusal is not in the log")
		}
	})
	t.Run("a rate limit is waited for", func(t *testing.T) {
		core := &scripted{}
		s := play(t, core, nil)
		if err := s.SetFaults([]string{"slack-response-url-gone", "slack-rate-limited"}, nil); err != nil {
			t.Fatal(err)
		}
		s.slash(helpdesk, "user zebra")
		time.Sleep(200 * time.Millisecond)
		if err := s.SetFaults(nil, []string{"slack-rate-limited"}); err != nil {
			t.Fatal(err)
		}
		s.awaitText(vera, helpdesk, "You asked")
	})
	t.Run("a server error does not post twice", func(t *testing.T) {
		failed := make(chan error, 1)
		core := &scripted{click: func(ctx context.Context, _ bot.Click, in bot.Conversation) {
			failed <- in.Share(ctx, bot.Card{Headline: "Shared"})
		}}
		s := play(t, core, nil)
		s.slash(helpdesk, "user zebra")
		m := s.awaitText(vera, helpdesk, "You asked")
		if err := s.SetFaults([]string{"slack-response-url-gone", "slack-server-error"}, nil); err != nil {
			t.Fatal(err)
		}
		s.click(m, bot.ActionShare)
		if err := <-failed; err == nil || statusOf(err) != 500 {
			t.Errorf("error %v, want the status 500", err)
		}
	})
}

func TestAPanicIsAnsweredAndLoggedWithoutData(t *testing.T) {
	t.Parallel()
	core := &scripted{handle: func(context.Context, bot.Request, bot.Conversation) { panic("zebra is a name") }}
	s := play(t, core, nil)
	s.slash(helpdesk, "user zebra")
	s.awaitText(vera, helpdesk, "Something went wrong inside pwsync")
	if !strings.Contains(s.logs.String(), "handler panicked") {
		t.Error("the panic is not in the log")
	}
}

func TestWithoutRoomPeopleAreToldSo(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	core := &scripted{handle: func(ctx context.Context, r bot.Request, in bot.Conversation) { <-release }}
	s := play(t, core, func(_ *lab.Config, c *Config) { c.Workers, c.Queue = 1, 1 })
	defer close(release)
	s.slash(helpdesk, "user zebra 1")
	s.until("the worker to be busy", func() bool { return len(core.asked()) == 1 })
	s.slash(helpdesk, "user zebra 2")
	s.slash(helpdesk, "user zebra 3")
	s.awaitText(vera, helpdesk, "Too many requests at this moment")
	if got := s.edge.Health().Busy; got != 1 {
		t.Errorf("health counts %d sent away, want 1", got)
	}
}

func TestHomeAndDialog(t *testing.T) {
	t.Parallel()
	s := play(t, nil, nil)
	ctx := context.Background()
	if out, err := s.OpenHome(ctx, vera); err != nil || !out.Acknowledged {
		t.Fatalf("open home: %+v, %v", out, err)
	}
	var home lab.OpenView
	s.until("a home", func() (ok bool) { home, ok = s.Home(vera); return ok })
	if out, err := s.Click(ctx, lab.Click{User: vera, ViewID: home.ID, ActionID: bot.ActionAskUser}); err != nil || !out.Acknowledged {
		t.Fatalf("click: %+v, %v", out, err)
	}
	s.until("a dialog", func() bool { return len(s.Views(vera)) == 1 })
	if shown := fmt.Sprintf("%s", s.Views(vera)[0].Blocks); !strings.Contains(shown, s.core.Example()) {
		t.Errorf("the dialog does not show the example: %s", shown)
	}
	if out, err := s.Submit(ctx, vera, "", map[string]any{"name": "CN=Zoë <zebra> & Co"}); err != nil || !out.Acknowledged || out.Error != "" {
		t.Fatalf("submit: %+v, %v", out, err)
	}
	s.until("the request", func() bool { return len(s.core.asked()) == 1 })
	r := s.core.asked()[0]
	if r.Text != "user CN=Zoë &lt;zebra&gt; &amp; Co" || !r.Direct || r.Channel != "" || r.Command != "/pwsync" {
		t.Errorf("request %+v", r)
	}
	s.until("a direct message", func() bool { return s.direct(vera) != "" })
	m := s.awaitText(vera, s.direct(vera), "You asked")

	s.click(m, bot.ActionAgain)
	if again := s.awaitText(vera, m.Channel, "Replaced"); again.TS != m.TS {
		t.Error("in the app's own direct message the clicked card was not replaced")
	}
}

func TestTheShortcutOpensTheDialog(t *testing.T) {
	t.Parallel()
	s := play(t, nil, nil)
	out, err := s.UseShortcut(context.Background(), vera, LookUpShortcut, "", "")
	if err != nil || !out.Acknowledged {
		t.Fatalf("shortcut: %+v, %v", out, err)
	}
	s.until("a dialog", func() bool { return len(s.Views(vera)) == 1 })
}

func TestADialogThatCannotOpenIsExplained(t *testing.T) {
	t.Parallel()
	s := play(t, nil, nil)
	ctx := context.Background()
	if _, err := s.OpenHome(ctx, vera); err != nil {
		t.Fatal(err)
	}
	var home lab.OpenView
	s.until("a home", func() (ok bool) { home, ok = s.Home(vera); return ok })
	if err := s.SetFaults([]string{"slack-slow"}, nil); err != nil {
		t.Fatal(err)
	}
	// Two seconds late is in time; the dialog opens.
	if out, err := s.Click(ctx, lab.Click{User: vera, ViewID: home.ID, ActionID: bot.ActionAskUser}); err != nil || !out.Acknowledged {
		t.Fatalf("click: %+v, %v", out, err)
	}
	s.until("a dialog", func() bool { return len(s.Views(vera)) == 1 })
	if err := s.SetFaults([]string{"slack-invalid-blocks"}, []string{"slack-slow"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.UseShortcut(ctx, vera, LookUpShortcut, "", ""); err != nil {
		t.Fatal(err)
	}
	s.until("a direct message", func() bool { return s.direct(vera) != "" })
	s.awaitText(vera, s.direct(vera), "The dialog could not be opened")
}

func TestNothingIsLeftRunning(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Run("play", func(t *testing.T) {
		s := play(t, nil, nil)
		s.slash(helpdesk, "user zebra")
		s.awaitText(vera, helpdesk, "You asked")
	})
	goleak.VerifyNone(t, before)
}

func TestWorkInProgressIsFinishedAtTheEnd(t *testing.T) {
	t.Parallel()
	core := &scripted{handle: func(ctx context.Context, _ bot.Request, in bot.Conversation) {
		if pause(ctx, 300*time.Millisecond) == nil {
			_ = in.Tell(ctx, bot.Card{Headline: "Finished"})
		}
	}}
	s := play(t, core, nil)
	s.slash(helpdesk, "user zebra")
	s.until("the work to begin", func() bool { return len(core.asked()) == 1 })
	if err := s.end(); err != nil {
		t.Fatal(err)
	}
	s.awaitText(vera, helpdesk, "Finished")
}
