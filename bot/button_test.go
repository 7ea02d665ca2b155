package bot

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/identity"
	"github.com/pwsync/pwsync/checks/suite"
)

const askMia = "user mia.wong@contoso.com"

func TestButtons(t *testing.T) {
	answerFor := func(t *testing.T, b *bench) Card { return b.says(t, ann, general, askMia).last(t).card }
	for _, tc := range []struct {
		name   string
		button string
		user   string
		where  string
		before func(*bench)
		how    string
		says   string
	}{
		{"check again puts a new answer in the place of the old one", ActionAgain, ann, general, nil, "replace", "Synced · "},
		{"evidence is for the person alone", ActionEvidence, ann, general, nil, "tell", "Evidence · Synced"},
		{"a ticket is plain text with ids and two time zones", ActionTicket, ann, general, nil, "tell", "Facts from: 2026-03-10 09:30 UTC (2026-03-10 10:30 +01:00 Europe/Berlin)"},
		{"sharing shows the same card to the channel and says who did", ActionShare, ann, general, nil, "share", "Shared by Ann Example"},
		{"buttons still work after an hour", ActionEvidence, ann, general, func(b *bench) { b.clock.advance(61 * time.Minute) }, "tell", "Evidence · Synced"},
		{"an expired button says so and how to ask again", ActionEvidence, ann, general, func(b *bench) { b.clock.advance(3 * time.Hour) }, "tell", "/pwsync user <name>"},
		{"somebody else's button is refused", ActionEvidence, bob, general, nil, "tell", "somebody else's question"},
		{"somebody else's answer cannot be shared", ActionShare, bob, general, nil, "tell", "somebody else's question"},
		{"a person who lost the right to ask cannot click", ActionEvidence, ann, general, func(b *bench) { b.bot.cfg.Policy.Teams = []string{"T9"} }, "tell", "Your workspace"},
		{"a channel that is shared with outsiders by now is refused", ActionShare, ann, general, func(b *bench) { b.channels.channels[general] = Channel{ExtShared: true} }, "tell", "shared with another organization"},
		{"a channel that outsiders are invited to by now is refused", ActionShare, ann, general, func(b *bench) { b.channels.channels[general] = Channel{PendingExtShared: true} }, "tell", "invited"},
		{"a channel that became shared a moment ago is refused, whatever is remembered", ActionShare, ann, general, func(b *bench) { b.channels.now = map[string]Channel{general: {ExtShared: true, Member: true}} }, "tell", "shared with another organization"},
		{"a channel that cannot be asked about now is refused, whatever is remembered", ActionShare, ann, general, func(b *bench) { b.channels.nowErr = errors.New("timeout") }, "tell", "could not find out who is in this conversation"},
		{"somebody who became a guest a moment ago cannot share, whatever is remembered", ActionShare, ann, general, func(b *bench) { b.people.now = map[string]Person{ann: {Team: home, Guest: true}} }, "tell", "Guests"},
		{"somebody who is not in the channel cannot share there", ActionShare, ann, general, func(b *bench) { b.channels.members = nil }, "tell", "You are not a member"},
		{"a membership that cannot be read is none", ActionShare, ann, general, func(b *bench) { b.channels.memberErr = errors.New("timeout") }, "tell", "could not find out whether you are a member"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := setUp(t, always(mia, world), nil)
			card := answerFor(t, b)
			a := button(t, card, tc.button)
			if tc.before != nil {
				tc.before(b)
			}
			r := b.clicks(t, tc.user, tc.where, a, nil)
			if r.count() != 1 {
				t.Fatalf("%d cards were shown", r.count())
			}
			got := r.last(t)
			if got.how != tc.how || !strings.Contains(got.card.Text(), tc.says) {
				t.Errorf("%s: %s\nwant %s with %q", got.how, got.card.Text(), tc.how, tc.says)
			}
			if tc.how == "share" && len(got.card.Actions)+len(got.card.Choices) != 0 {
				t.Error("a shared card has buttons that only one person could press")
			}
		})
	}
}

func TestButtonValuesAreOpaque(t *testing.T) {
	b := setUp(t, always(mia, world), nil)
	card := b.says(t, ann, general, askMia).last(t).card
	seen := map[string]bool{}
	for _, a := range card.Actions {
		if len(a.Value) < 20 || len(a.Value) > 64 || strings.ContainsAny(a.Value, " @,=") {
			t.Errorf("the value of %q is %q", a.Label, a.Value)
		}
		seen[a.ID] = true
	}
	if len(seen) != 4 {
		t.Errorf("the buttons are %+v", card.Actions)
	}
}

func TestForgedClicks(t *testing.T) {
	b := setUp(t, always(mia, world), nil)
	good := button(t, b.says(t, ann, general, askMia).last(t).card, ActionAgain)
	for name, a := range map[string]Action{
		"a value of one's own making":   {ID: ActionShare, Value: "user:" + miaGUID},
		"no value":                      {ID: ActionEvidence},
		"an action that does not exist": {ID: "resync", Value: good.Value},
	} {
		if got := b.clicks(t, ann, general, a, nil).last(t); got.how != "tell" || got.card.Headline != "This button has expired" {
			t.Errorf("%s is answered with %s %q", name, got.how, got.card.Headline)
		}
	}
}

func TestSharing(t *testing.T) {
	t.Run("an answer is shared once, however often and fast one clicks", func(t *testing.T) {
		b := setUp(t, always(mia, world), nil)
		a := button(t, b.says(t, ann, general, askMia).last(t).card, ActionShare)
		r := &recorder{}
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				b.bot.Click(t.Context(), Click{ID: string(rune('a' + i)), Actor: Actor{Team: home, User: ann}, Place: Place{Channel: general}, Action: a.ID, Value: a.Value, Ephemeral: true}, r)
			})
		}
		wg.Wait()
		shares := 0
		for _, s := range r.said {
			if s.how == "share" {
				shares++
			} else if !strings.Contains(s.card.Text(), "in the channel already") {
				t.Errorf("a further click is answered with %s", s.card.Text())
			}
		}
		if shares != 1 || r.count() != 8 {
			t.Errorf("%d of %d clicks shared", shares, r.count())
		}
	})
	t.Run("a share that failed can be tried again", func(t *testing.T) {
		b := setUp(t, always(mia, world), nil)
		a := button(t, b.says(t, ann, general, askMia).last(t).card, ActionShare)
		r := &recorder{shareErr: errors.New("not_in_channel")}
		if got := b.clicks(t, ann, general, a, r).last(t); !strings.Contains(got.card.Text(), "could not post") {
			t.Errorf("the failure is answered with %s", got.card.Text())
		}
		r.shareErr = nil
		if got := b.clicks(t, ann, general, a, r).last(t); got.how != "share" {
			t.Errorf("the second try is answered with %s", got.card.Text())
		}
	})
	t.Run("in a direct message there is no button for it", func(t *testing.T) {
		b := setUp(t, always(mia, world), nil)
		b.channels.channels["D1"] = Channel{DM: true}
		r := &recorder{}
		b.bot.Handle(t.Context(), Request{ID: "x", Actor: Actor{Team: home, User: ann}, Place: Place{Channel: "D1", Direct: true}, Text: askMia}, r)
		for _, a := range r.last(t).card.Actions {
			if a.ID == ActionShare {
				t.Error("there is a button to share")
			}
		}
	})
	t.Run("the card asks before it shares", func(t *testing.T) {
		b := setUp(t, always(mia, world), nil)
		a := button(t, b.says(t, ann, general, askMia).last(t).card, ActionShare)
		if a.Confirm == nil || !strings.Contains(a.Confirm.Text, "Everybody in this channel") {
			t.Errorf("the button asks %+v", a.Confirm)
		}
	})
}

func TestChoosing(t *testing.T) {
	var asked []*identity.Query
	several := func() *checks.Facts {
		f := mia()
		f.User = &checks.User{Resolution: checks.Got("directory", checks.Resolution{Matches: 7})}
		r, _ := f.User.Resolution.Get()
		for i := range 5 {
			g := strings.Replace(miaGUID, "5a0c", "5a0"+string(rune('0'+i)), 1)
			r.Candidates = append(r.Candidates, checks.Candidate{Person: checks.Person{GUID: g, UPN: "mia" + string(rune('0'+i)) + "@contoso.com", Domain: "contoso.com"}, OU: "Staff", Enabled: i%2 == 0})
		}
		f.User.Resolution = checks.Got("directory", r)
		return f
	}
	engine := engineFunc(func(_ context.Context, q suite.Question) suite.Answer {
		asked = append(asked, q.Person)
		if len(asked) == 1 {
			return answered(several())
		}
		return answered(mia())
	})
	for _, command := range []string{"user", "log"} {
		asked = nil
		b := setUp(t, engine, nil)
		card := b.says(t, ann, general, command+" mia").last(t).card
		if card.Headline != "Several people answer to this name" || len(card.Choices) != 5 {
			t.Fatalf("the answer is %s", card.Text())
		}
		for _, want := range []string{"mia0@contoso.com · contoso.com · Staff · enabled", "mia1@contoso.com · contoso.com · Staff · disabled", "Not shown: 2 more"} {
			if !strings.Contains(card.Text(), want) {
				t.Errorf("the choice does not say %q:\n%s", want, card.Text())
			}
		}
		got := b.clicks(t, ann, general, button(t, card, "choose-3"), nil).last(t)
		if len(asked) != 2 || asked[1].Kind != identity.KindObjectGUID || asked[1].Value != strings.Replace(miaGUID, "5a0c", "5a02", 1) {
			t.Errorf("%s: the third choice asks about %+v", command, asked[len(asked)-1])
		}
		if got.how != "replace" || got.card.Tone != ToneGood || strings.HasPrefix(got.card.Headline, "Password sync log") != (command == "log") {
			t.Errorf("%s: the choice is answered with %s %q", command, got.how, got.card.Headline)
		}
	}
}

func TestNobodyFound(t *testing.T) {
	nobody := func() *checks.Facts {
		f := mia()
		f.User = &checks.User{Resolution: checks.Got("directory", checks.Resolution{Nearest: []string{"mia.wong@contoso.com", "mia.wang@contoso.com"}, Slip: "a comma is missing", Mend: "CN=Mia,OU=Staff,DC=contoso,DC=com"})}
		return f
	}
	b := setUp(t, always(nobody, world), nil)
	card := b.says(t, ann, general, "user mia.wonk@contoso.com").last(t).card
	if card.Headline != "Nobody was found under this name" || len(card.Choices) != 3 {
		t.Fatalf("the answer is %s", card.Text())
	}
	for _, want := range []string{"a comma is missing", "1. CN=Mia,OU=Staff,DC=contoso,DC=com", "2. mia.wong@contoso.com", "Tell the caller"} {
		if !strings.Contains(card.Text(), want) {
			t.Errorf("the answer does not say %q:\n%s", want, card.Text())
		}
	}
}

func TestOldMessagesAreNotReplaced(t *testing.T) {
	b := setUp(t, always(mia, world), nil)
	a := button(t, b.says(t, ann, general, askMia).last(t).card, ActionAgain)
	r := &recorder{}
	b.bot.Click(t.Context(), Click{ID: "y", Actor: Actor{Team: home, User: ann}, Place: Place{Channel: general}, Action: a.ID, Value: a.Value}, r)
	if got := r.last(t); got.how != "tell" {
		t.Errorf("a message that others may see is answered with %q", got.how)
	}
}

func TestHome(t *testing.T) {
	b := setUp(t, always(mia, func() *checks.Facts { return staging(world()) }), nil)
	card := b.bot.Home(t.Context(), Actor{Team: home, User: ann})
	for _, want := range []string{"✗ Password hash synchronization", "The active server is in staging mode", "/pwsync explain 611"} {
		if !strings.Contains(card.Text(), want) {
			t.Errorf("the home does not say %q:\n%s", want, card.Text())
		}
	}
	r := &recorder{}
	b.bot.Click(t.Context(), Click{ID: "z", Actor: Actor{Team: home, User: ann}, Place: Place{Direct: true}, Action: ActionHealth}, r)
	if got := r.last(t); got.how != "tell" || got.card.Headline != "Broken · The active server is in staging mode" {
		t.Errorf("the button is answered with %s %q", got.how, got.card.Headline)
	}
	if a := button(t, card, ActionAskUser); a.Style != StylePrimary {
		t.Errorf("the button to ask about a person is %+v", a)
	}
}
