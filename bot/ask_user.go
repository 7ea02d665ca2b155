package bot

import (
	"context"
	"errors"

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
	if err != nil || p.Mail == "" {
		return identity.Query{}, &Card{
			Tone: ToneDoubt, Headline: "I cannot see this person's mail address",
			Lead: []string{"Ask with the sign-in name instead: " + t.command + " user mia.wong@contoso.com"},
		}
	}
	found, err := identity.Read(p.Mail)
	if err != nil || found.Kind != identity.KindUPN {
		return identity.Query{}, &Card{
			Tone: ToneDoubt, Headline: "This person's mail address does not look like one",
			Lead: []string{"Ask with the sign-in name instead: " + t.command + " user mia.wong@contoso.com"},
		}
	}
	found.Said = "the mail address of the person mentioned"
	return found, nil
}

// nobody words a refusal. The text that was refused is not repeated: it may be a
// secret even where it does not look like one.
func (t *turn) nobody(err error) *Card {
	var refusal *identity.Refusal
	if !errors.As(err, &refusal) {
		t.log.Error().Err(err).Msg("a name could not be read")
		return &Card{Tone: ToneDoubt, Headline: "I do not understand whom you mean", Lead: []string{"Ask with the sign-in name: " + t.command + " user mia.wong@contoso.com"}}
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
		Lead: []string{refusal.Say, "For example: " + t.command + " user mia.wong@contoso.com"},
	}
}
