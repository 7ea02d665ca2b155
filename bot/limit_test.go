package bot

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestFloods(t *testing.T) {
	t.Run("the twenty-first question in a burst has to wait two seconds, and is told so", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := setUp(t, always(mia, world), func(c *Config) { c.Clock = wallClock{} })
			for i := range defaultPersonBurst {
				if card := b.says(t, ann, general, "user mia.wong@contoso.com").last(t).card; card.Tone != ToneGood {
					t.Fatalf("question %d is answered with %q", i+1, card.Headline)
				}
			}
			card := b.says(t, ann, general, "user mia.wong@contoso.com").last(t).card
			if card.Headline != "Too many requests" || !strings.Contains(card.Text(), "Try again in 3 seconds") {
				t.Fatalf("the answer is %s", card.Text())
			}
			if other := b.says(t, bob, general, "user mia.wong@contoso.com").last(t).card; other.Tone != ToneGood {
				t.Errorf("somebody else is answered with %q", other.Headline)
			}
			time.Sleep(2 * time.Second)
			if card := b.says(t, ann, general, "user mia.wong@contoso.com").last(t).card; card.Tone != ToneGood {
				t.Errorf("after the wait the answer is %q", card.Headline)
			}
		})
	})
	t.Run("health is still answered, from the shared answer", func(t *testing.T) {
		b := setUp(t, always(mia, world), func(c *Config) { c.Limits = Limits{PersonBurst: 1, PersonPerMinute: 1} })
		b.says(t, ann, general, "health")
		before := b.bot.health.last.Facts
		for range 5 {
			card := b.says(t, ann, general, "health").last(t).card
			if card.Tone != ToneGood || card.Lead[0] != "You have asked a lot: this is the answer of 09:30 UTC; a new one in 61 seconds." {
				t.Fatalf("the answer is %s", card.Text())
			}
		}
		if b.bot.health.last.Facts != before {
			t.Error("the engine was asked for somebody who asks too often")
		}
		stale := b.says(t, ann, general, "health").last(t).card
		b.clock.advance(19 * time.Second)
		for _, text := range []string{"health", "status"} {
			if card := b.says(t, ann, general, text).last(t).card; card.Headline != "Too many requests" {
				t.Errorf("with an answer of 31 seconds ago %s is answered with %q", text, card.Headline)
			}
		}
		if card := b.says(t, ann, general, "log mwong").last(t).card; card.Headline != "Too many requests" {
			t.Errorf("the log is answered with %q", card.Headline)
		}
		b.clock.advance(time.Minute)
		if got := b.clicks(t, ann, general, button(t, stale, ActionShare), nil).last(t); got.how != "share" || strings.Contains(got.card.Text(), "asked a lot") {
			t.Errorf("others read %s %s", got.how, got.card.Text())
		}
	})
	t.Run("clicks count as well", func(t *testing.T) {
		b := setUp(t, always(mia, world), func(c *Config) { c.Limits = Limits{PersonBurst: 1, PersonPerMinute: 1} })
		again := button(t, b.says(t, ann, general, "health").last(t).card, ActionAgain)
		if got := b.clicks(t, ann, general, again, nil).last(t); got.card.Headline != "Too many requests" {
			t.Errorf("the click is answered with %q", got.card.Headline)
		}
	})
	t.Run("all people together have a limit", func(t *testing.T) {
		b := setUp(t, always(mia, world), func(c *Config) { c.Limits = Limits{Burst: 1, PerMinute: 1} })
		b.says(t, ann, general, "help")
		if card := b.says(t, bob, general, "help").last(t).card; !strings.Contains(card.Text(), "Many people are asking at once") {
			t.Errorf("the answer is %s", card.Text())
		}
	})
}

func TestTheLimiterForgetsPeopleNotLimits(t *testing.T) {
	l := newLimiter(Limits{PersonBurst: 1, PersonPerMinute: 1, Burst: 1 << 20, PerMinute: 1 << 20})
	busy := Actor{Team: home, User: ann}
	if wait, _ := l.take(busy, at); wait != 0 {
		t.Fatal("the first question has to wait")
	}
	for i := range 10 * limiterPeople {
		l.take(Actor{Team: home, User: fmt.Sprint(i)}, at)
		if i%100 == 0 {
			if wait, personal := l.take(busy, at); wait <= 0 || !personal {
				t.Fatalf("after %d others the limit is forgotten", i)
			}
		}
	}
	if n := len(l.recent) + len(l.older); n > limiterPeople {
		t.Errorf("%d people are remembered", n)
	}
}
