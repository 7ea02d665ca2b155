package bot

import (
	"context"
	"errors"
	"io/fs"

	"github.com/pwsync/pwsync/checks/identity"
)

// whom reads the name in the rest of the text. Where there is none to ask about,
// it returns a card that says why.
func (t *turn) whom(ctx context.Context) (identity.Query, *Card) {
	q, err := identity.Read(t.args)
	if err != nil {
		return identity.Query{}, t.nobody(err)
	}
	if q.Kind == identity.KindSlackUser {
		return t.mentioned(ctx, q)
	}
	return q, nil
}

// mentioned finds out the sign-in name of somebody who was mentioned. The mail
// address is the best guess at it that the platform has.
func (t *turn) mentioned(ctx context.Context, q identity.Query) (identity.Query, *Card) {
	ctx, cancel := context.WithTimeout(ctx, lookUpDeadline)
	defer cancel()
	p, err := t.bot.cfg.People.Person(ctx, q.Value)
	instead := "Ask with the sign-in name instead: " + t.command + " user " + t.bot.cfg.Example
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return identity.Query{}, &Card{
			Tone: ToneDoubt, Headline: "There is no such Slack account",
			Lead: []string{"The mention names an account that Slack does not know.", instead},
		}
	case err != nil:
		t.log.Warn().Err(err).Msg("a mentioned person could not be looked up")
		return identity.Query{}, &Card{
			Tone: ToneDoubt, Headline: "I could not look this person up",
			Lead: []string{"Try again in a minute.", instead},
		}
	case p.Mail == "":
		return identity.Query{}, &Card{Tone: ToneDoubt, Headline: "I cannot see this person's mail address", Lead: []string{instead}}
	}
	found, err := identity.Read(p.Mail)
	if err != nil || found.Kind != identity.KindUPN {
		return identity.Query{}, &Card{Tone: ToneDoubt, Headline: "This person's mail address does not look like one", Lead: []string{instead}}
	}
	// Somebody who is not found under it can see what to ask for instead.
	found.Said = "the mail address of the person mentioned, " + found.Value
	return found, nil
}

// nobody words a refusal. The text that was refused is not repeated: it may be a
// secret even where it does not look like one.
func (t *turn) nobody(err error) *Card {
	var refusal *identity.Refusal
	if !errors.As(err, &refusal) {
		t.log.Error().Err(err).Msg("a name could not be read")
		return &Card{Tone: ToneDoubt, Headline: "I do not understand whom you mean", Lead: []string{"Ask with the sign-in name: " + t.command + " user " + t.bot.cfg.Example}}
	}
	if refusal.Reason == identity.ReasonSecret {
		t.log.Warn().Msg("a text that may be a secret was refused")
		return &Card{
			Tone: ToneBad, Headline: "That may be a secret",
			Lead: []string{refusal.Say, "This bot keeps and logs nothing of it."},
		}
	}
	return &Card{
		Tone: ToneDoubt, Headline: "I do not understand whom you mean",
		Lead: []string{refusal.Say, "For example: " + t.command + " user " + t.bot.cfg.Example},
	}
}
