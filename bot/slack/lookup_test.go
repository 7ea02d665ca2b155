package slack

import (
	"context"
	"testing"

	slackgo "github.com/slack-go/slack"

	"github.com/pwsync/pwsync/bot"
)

func TestLookUps(t *testing.T) {
	t.Parallel()
	s := play(t, nil, nil)
	ctx := context.Background()
	for user, want := range map[string]bot.Person{
		vera:     {Team: "T0LAB", Name: "Vera", Mail: "vera@example.test"},
		gus:      {Team: "T0LAB", Name: "Gus Guest", Guest: true},
		sam:      {Team: "T0OTHER", Name: "Sam Strange", Stranger: true},
		"U0GONE": {Team: "T0LAB", Name: "Gone", Deleted: true},
	} {
		got, err := s.edge.Person(ctx, user)
		got.TimeZone = ""
		if err != nil || got != want {
			t.Errorf("person %s: %+v, %v; want %+v", user, got, err, want)
		}
	}
	for id, want := range map[string]bot.Channel{
		helpdesk: {Member: true},
		quiet:    {},
		shared:   {ExtShared: true, Member: true},
	} {
		if got, err := s.edge.Channel(ctx, id); err != nil || got != want {
			t.Errorf("channel %s: %+v, %v; want %+v", id, got, err, want)
		}
	}
	if _, err := s.edge.Person(ctx, "U0NOBODY"); !gone(err) {
		t.Errorf("unknown person: %v, want fs.ErrNotExist", err)
	}
	if _, err := s.edge.Channel(ctx, private); !gone(err) {
		t.Errorf("private channel without the app: %v, want fs.ErrNotExist", err)
	}
	for user, want := range map[string]bool{vera: true, sam: false} {
		if got, err := s.edge.Member(ctx, helpdesk, user); err != nil || got != want {
			t.Errorf("member %s: %v, %v; want %v", user, got, err, want)
		}
	}
	if err := s.SetFaults([]string{"slack-lookup-fails"}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := s.edge.Person(ctx, vera); err != nil {
		t.Errorf("a known person is not remembered: %v", err)
	}
	if _, err := s.edge.PersonNow(ctx, vera); err == nil {
		t.Error("a fresh look-up of a person is answered from memory")
	}
	if _, err := s.edge.ChannelNow(ctx, helpdesk); err == nil {
		t.Error("a fresh look-up of a channel is answered from memory")
	}
	if _, err := s.edge.Person(ctx, "U0NEW"); err == nil || gone(err) {
		t.Errorf("a look-up that fails: %v, want an error that does not say that there is nobody", err)
	}
}

func TestTheAppsOwnDirectMessageIsKnownWithoutAScope(t *testing.T) {
	t.Parallel()
	core := &scripted{handle: func(ctx context.Context, _ bot.Request, in bot.Conversation) {
		_ = in.Tell(ctx, bot.Card{Headline: "Got it"})
	}}
	s := play(t, core, nil)
	if _, err := s.OpenHome(context.Background(), vera); err != nil {
		t.Fatal(err)
	}
	dm := s.direct(vera)
	if dm == "" {
		t.Fatal("there is no direct message")
	}
	s.slash(dm, "user zebra")
	s.awaitText(vera, dm, "Got it")
	want := bot.Channel{DM: true, Private: true, Member: true}
	if got, err := s.edge.Channel(context.Background(), dm); err != nil || got != want {
		t.Errorf("channel: %+v, %v; want %+v", got, err, want)
	}
	if r := core.asked()[0]; !r.Direct {
		t.Error("a command in a direct message is not direct")
	}
}

func TestAnAccountOfAnotherWorkspaceIsAStranger(t *testing.T) {
	e := &Edge{identity: Identity{Team: "T1", Enterprise: "E1"}}
	for name, c := range map[string]struct {
		user slackgo.User
		want bool
	}{
		"the same workspace":                         {slackgo.User{TeamID: "T1"}, false},
		"another workspace of the same organization": {slackgo.User{TeamID: "T2", Enterprise: slackgo.EnterpriseUser{EnterpriseID: "E1"}}, false},
		"another workspace":                          {slackgo.User{TeamID: "T2"}, true},
		"another organization":                       {slackgo.User{TeamID: "T2", Enterprise: slackgo.EnterpriseUser{EnterpriseID: "E2"}}, true},
		"no workspace at all":                        {slackgo.User{}, true},
		"one that Slack calls a stranger":            {slackgo.User{TeamID: "T1", IsStranger: true}, true},
	} {
		if got := e.person(&c.user); got.Stranger != c.want {
			t.Errorf("%s: stranger %v, want %v", name, got.Stranger, c.want)
		}
	}
}
