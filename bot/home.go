package bot

import (
	"context"
	"fmt"

	"github.com/pwsync/pwsync/checks"
)

// Home returns what the app's home shows somebody: what to ask, and the estate at
// a glance. It never panics.
func (b *Bot) Home(ctx context.Context, who Actor) (card Card) {
	defer func() {
		if p := recover(); p != nil {
			b.cfg.Log.Error().Str("panic", fmt.Sprintf("%T", p)).Msg("the home broke down")
			card = Card{Tone: ToneDoubt, Headline: "This page could not be made", Lead: []string{"Open it again in a minute."}}
		}
	}()
	help, _ := commandNamed(helpName)
	d := Allow(b.cfg.Policy, b.scene(ctx, who, Place{Direct: true}, b.looks()), help)
	if !d.OK {
		return refusalCard(d)
	}
	a, ok := b.healthAnswer(ctx, homeFor)
	return b.homeCard(a, ok)
}

func (b *Bot) homeCard(a answer, ok bool) Card {
	c := Card{
		Headline: "Password hash synchronization",
		Actions: []Action{
			{ID: ActionAskUser, Label: "Check User", Style: StylePrimary, Accessibility: "Ask about one person"},
			{ID: ActionHealth, Label: "Check Health"},
		},
	}
	if ok {
		c.Tone, c.Lead = toneOf(a.Report.Verdict), []string{summaryOf(a.Report)}
		c.Sections = append(c.Sections, estateSection(a))
		for _, d := range a.Report.Diagnoses {
			if len(c.Sections) <= 3 && d.Status == checks.Fail && d.Severity != checks.Info {
				c.Sections = append(c.Sections, causeSection(d))
			}
		}
		c.Footer = []string{b.age(a.Facts)}
	} else {
		c.Tone, c.Lead = ToneDoubt, []string{"How the estate is could not be told in time."}
	}
	examples := Section{Title: "What you can ask in any channel"}
	for _, x := range commandsWith(b.cfg.Example) {
		examples.Lines = append(examples.Lines, words(code(b.cfg.Command+" "+x.Example), text("  "+x.Summary)))
	}
	c.Sections = append(c.Sections, examples)
	return c
}
