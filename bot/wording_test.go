package bot

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/suite"
)

func TestAnOldPasswordIsSyncedAsFarAsCanBeTold(t *testing.T) {
	b := setUp(t, always(func() *checks.Facts {
		f := mia()
		setAD(f, func(u *checks.ADUser) { u.PasswordSet, u.Changed = ago(30*24*time.Hour), ago(30*24*time.Hour) })
		f.User.Log = checks.Got("worker sync01", []checks.LogEntry{})
		return f
	}, world), nil)
	text := b.says(t, ann, general, askMia).last(t).card.Text()
	for _, want := range []string{"Synced · Nothing is wrong on this password's way", "Tell the caller: As far as can be told", "There is no entry to show for it"} {
		if !strings.Contains(text, want) {
			t.Errorf("the answer does not say %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "newest password is in Microsoft 365") {
		t.Errorf("the answer claims what no entry shows:\n%s", text)
	}
}

func TestAReasonStandsOnceOnACard(t *testing.T) {
	b := setUp(t, always(func() *checks.Facts { return unreachable(mia()) }, func() *checks.Facts { return unreachable(world()) }), nil)
	for _, text := range []string{askMia, "health", "status", "log mwong"} {
		card := b.says(t, ann, general, text).last(t).card.Text()
		if n := strings.Count(card, "no answer within 25s"); n != 1 {
			t.Errorf("%s gives the reason %d times:\n%s", text, n, card)
		}
	}
}

func TestWhatAServerHidesIsSaid(t *testing.T) {
	b := setUp(t, always(func() *checks.Facts { return unreachable(mia()) }, func() *checks.Facts { return unreachable(world()) }), nil)
	for _, text := range []string{askMia, "health"} {
		card := b.says(t, ann, general, text).last(t).card
		got := card.Text()
		if !strings.Contains(got, "What could not be checked:") || !strings.Contains(got, " checks, because the Connect server does not answer (server sync01.contoso.com)") {
			t.Errorf("%s does not say what is hidden:\n%s", text, got)
		}
		if !strings.Contains(got, " checks that could not be told") {
			t.Errorf("%s does not count them apart:\n%s", text, got)
		}
		shared := b.clicks(t, ann, general, button(t, card, ActionShare), nil).last(t)
		if shared.how != "share" || strings.Contains(document(t, shared.card), "Show Evidence") {
			t.Errorf("%s: what is shared names a button that it has not:\n%s", text, shared.card.Text())
		}
	}
}

func TestExamplesNameThePersonOfTheConfiguration(t *testing.T) {
	b := setUp(t, always(mia, world), func(c *Config) { c.Example = "ada@example.test" })
	for _, text := range []string{"help", "help user", "help log", "health", "usr", "user <@U99>"} {
		got := b.says(t, ann, general, text).last(t).card.Text()
		if !strings.Contains(got, "ada@example.test") || strings.Contains(got, "mia.wong") {
			t.Errorf("%q is answered with\n%s", text, got)
		}
	}
	if got := b.bot.Home(t.Context(), Actor{Team: home, User: ann}).Text(); !strings.Contains(got, "user ada@example.test") || strings.Contains(got, "mia.wong") {
		t.Errorf("the home shows\n%s", got)
	}
}

func TestAGuestIsNotToldOfAChannel(t *testing.T) {
	b := setUp(t, always(mia, world), func(c *Config) { c.Policy.Contact = "#identity-help" })
	got := b.says(t, guest, general, "health").last(t).card.Text()
	if strings.Contains(got, "#identity-help") || !strings.Contains(got, "Ask a member of the workspace") {
		t.Errorf("a guest is told\n%s", got)
	}
}

func TestAMentionThatFindsNobodyShowsTheAddress(t *testing.T) {
	b := setUp(t, engineFunc(func(_ context.Context, q suite.Question) suite.Answer {
		f := mia()
		f.Question.Said = q.Person.Said
		f.User = &checks.User{Resolution: checks.Got("directory", checks.Resolution{})}
		return answered(f)
	}), nil)
	got := b.says(t, bob, general, "user <@"+ann+">").last(t).card.Text()
	if !strings.Contains(got, "the mail address of the person mentioned, ann@contoso.com") {
		t.Errorf("the answer is\n%s", got)
	}
	if got := b.says(t, bob, general, "user <@U99>").last(t).card; got.Headline != "There is no such Slack account" {
		t.Errorf("an unknown account is answered with\n%s", got.Text())
	}
	b.people.err = errors.New("timeout")
	ask := &turn{bot: b.bot, log: b.cfg.Log, args: "<@" + ann + ">"}
	if _, card := ask.whom(t.Context()); card == nil || card.Headline != "I could not look this person up" {
		t.Errorf("a look-up that fails is answered with %+v", card)
	}
}
