package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/pwsync/pwsync/checks"
)

// unnamedFor is how long two requests with the same content and without an id
// count as one: longer than a delivery takes to be repeated at once, shorter
// than a person takes to ask again.
const unnamedFor = 5 * time.Second

// firstDelivery claims a delivery. When the state does not answer, a question is
// answered perhaps twice rather than not at all; nothing is changed by it.
func (b *Bot) firstDelivery(ctx context.Context, kind, id string, content []string) bool {
	ttl := onceFor
	if id == "" {
		sum := sha256.Sum256([]byte(strings.Join(content, "\x00")))
		id, ttl = "content:"+hex.EncodeToString(sum[:16]), unnamedFor
	}
	ctx, cancel := context.WithTimeout(ctx, stateDeadline)
	defer cancel()
	first, err := b.cfg.State.Once(ctx, kind+":"+id, ttl)
	if err != nil {
		b.cfg.Log.Error().Err(err).Str("kind", kind).Msg("a delivery could not be claimed")
		return true
	}
	return first
}

// flooded counts the request and refuses what is too much. Commands with shared
// answers decide for themselves whether there is one.
func (b *Bot) flooded(t *turn, c Command) (Card, bool) {
	wait, personal := b.limits.take(t.Actor, b.cfg.Clock.Now())
	if wait <= 0 {
		return Card{}, false
	}
	t.limit = &limit{wait: wait, personal: personal}
	if c.Shared {
		return Card{}, false
	}
	t.log.Info().Str("command", c.Name).Bool("personal", personal).Msg("too many requests")
	return t.limit.card(), true
}

// limit says that there are too many requests: for how long, and whose.
type limit struct {
	wait     time.Duration
	personal bool
}

func (l limit) card() Card {
	who := "You have asked a lot in a short time."
	if !l.personal {
		who = "Many people are asking at once."
	}
	return Card{Tone: ToneWait, Headline: "Too many requests", Lead: []string{who + " Try again " + l.in() + "."}}
}

// note says why an answer is not a new one.
func (l limit) note(at time.Time) string {
	who := "You have asked a lot"
	if !l.personal {
		who = "Many people are asking at once"
	}
	return who + ": this is the answer of " + at.UTC().Format("15:04 UTC") + "; a new one " + l.in() + "."
}

func (l limit) in() string {
	if n := int(l.wait/time.Second) + 1; n > 1 {
		return fmt.Sprintf("in %d seconds", n)
	}
	return "in a second"
}

// refused applies the policy and remembers who asks.
func (b *Bot) refused(ctx context.Context, t *turn, c Command) (Card, bool) {
	s := b.scene(ctx, t.Actor, t.Place, b.looks())
	d := Allow(b.cfg.Policy, s, c)
	if d.OK {
		t.person, _ = s.Person.Get()
		return Card{}, false
	}
	t.log.Info().Str("command", c.Name).Str("why", d.Why).Msg("refused")
	return refusalCard(d), true
}

func refusalCard(d Decision) Card {
	return Card{Tone: ToneWarn, Headline: "Not allowed here", Lead: []string{d.Why, d.Ask}}
}

// asked puts a question to the engine and waits for as long as a question may
// take. false says that there was no answer in time, or no room to ask.
func (b *Bot) ask(ctx context.Context, q question) (answer, bool) {
	select {
	case b.slots <- struct{}{}:
	default:
		b.cfg.Log.Warn().Msg("the engine is busy, a question was turned away")
		return answer{}, false
	}
	ctx, cancel := context.WithTimeout(ctx, b.cfg.Deadline)
	defer cancel()
	done := make(chan answer, 1)
	go func() {
		defer func() { <-b.slots }()
		defer func() {
			if p := recover(); p != nil {
				b.cfg.Log.Error().Str("panic", fmt.Sprintf("%T", p)).Msg("the engine broke down")
				close(done)
			}
		}()
		done <- b.cfg.Engine.Ask(ctx, q, nil)
	}()
	select {
	case a, ok := <-done:
		return a, ok && whole(a)
	case <-ctx.Done():
	}
	// What the engine photographed until now says more than that time is up, and
	// it hands it over as soon as it notices.
	grace := time.NewTimer(askGrace)
	defer grace.Stop()
	select {
	case a, ok := <-done:
		return a, ok && whole(a)
	case <-grace.C:
		b.cfg.Log.Warn().Msg("a question got no answer in time")
		return answer{}, false
	}
}

// askGrace is how long the engine gets to hand over what it has.
const askGrace = time.Second

func whole(a answer) bool { return a.Report != nil && a.Facts != nil }

// lateCard is the answer when there is none.
func lateCard() Card {
	return Card{
		Tone: ToneDoubt, Headline: "Could not tell in time",
		Lead: []string{
			"The servers did not answer in time, so nothing is known: this does not mean that all is well, nor that anything is wrong.",
			"Try again in a minute.",
		},
	}
}

// age words how old facts are.
func (b *Bot) age(f *checks.Facts) string {
	return "Facts from " + stampAge(b.cfg.Clock.Now(), f.At)
}
