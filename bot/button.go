package bot

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"
)

// keptFor is how long the buttons of an answer work.
const keptFor = 2 * time.Hour

// reply is what a command answers: a card, and what its buttons need.
type reply struct {
	card Card
	// note is a sentence, and hint a piece of the footer, for whoever asked: they
	// make no sense on a card that is shared.
	note, hint string
	// command and args ask the same question again; the buttons are left out
	// where command is empty.
	command, args string
	evidence      *Card
	ticket        string
	candidates    []candidate
}

// candidate is one way to go on: what it is, and what to ask when it is chosen.
type candidate struct {
	line          Line
	label         string
	accessibility string
	command, args string
}

// kept is what the opaque id of a button stands for. The answer itself is kept,
// not the question alone: what is shared is what the person has seen.
type kept struct {
	Command  string `json:"command"`
	Args     string `json:"args,omitempty"`
	Card     *Card  `json:"card,omitempty"`
	Evidence *Card  `json:"evidence,omitempty"`
	Ticket   string `json:"ticket,omitempty"`
}

// finish gives the card its buttons. Where their meaning cannot be kept, the
// card comes without them and says so.
func (r reply) finish(ctx context.Context, t *turn) Card {
	shown := r.card
	card := r.private()
	choices := make([]Choice, 0, len(r.candidates))
	for i, c := range r.candidates {
		id, err := t.keep(ctx, kept{Command: c.command, Args: c.args})
		if err != nil {
			return t.withoutButtons(card, err)
		}
		choices = append(choices, Choice{Line: c.line, Action: Action{
			ID: fmt.Sprintf("%s-%d", ActionChoose, i+1), Label: c.label, Value: id, Accessibility: c.accessibility,
		}})
	}
	card.Choices = choices
	if r.command == "" {
		return card
	}
	id, err := t.keep(ctx, kept{Command: r.command, Args: r.args, Card: &shown, Evidence: r.evidence, Ticket: r.ticket})
	if err != nil {
		return t.withoutButtons(card, err)
	}
	card.Actions = append(card.Actions, Action{ID: ActionAgain, Label: "Check Again", Value: id})
	if r.evidence != nil {
		if r.hint != "" {
			card.Footer = append(slices.Clone(card.Footer), r.hint)
		}
		card.Actions = append(card.Actions, Action{ID: ActionEvidence, Label: "Show Evidence", Value: id})
	}
	if t.Channel != "" && !t.Direct {
		card.Actions = append(card.Actions, Action{ID: ActionShare, Label: "Share to Channel", Value: id, Confirm: &Confirm{
			Title: "Share this answer?", Text: "Everybody in this channel will see it, with the names in it.", Yes: "Share", No: "Keep Private",
		}})
	}
	if r.ticket != "" {
		card.Actions = append(card.Actions, Action{ID: ActionTicket, Label: "Copy for Ticket", Value: id, Accessibility: "Show this answer as plain text for a ticket"})
	}
	return card
}

// private is the card for whoever asked, before it gets its buttons.
func (r reply) private() Card {
	c := r.card
	if r.note != "" {
		c.Lead = append([]string{r.note}, c.Lead...)
	}
	return c
}

func (t *turn) withoutButtons(c Card, err error) Card {
	t.log.Error().Err(err).Msg("the buttons of an answer could not be kept")
	c.Footer = append(append([]string{}, c.Footer...), "Buttons are missing: I cannot remember answers just now")
	return c
}

func (t *turn) keep(ctx context.Context, k kept) (string, error) {
	value, err := json.Marshal(k)
	if err != nil {
		return "", fmt.Errorf("keep an answer: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, stateDeadline)
	defer cancel()
	id := rand.Text()
	return id, t.bot.cfg.State.Keep(ctx, id, Record{Owner: t.Actor, Value: value}, keptFor)
}

// click finds out what a button stands for, and does it if the person may.
func (b *Bot) click(ctx context.Context, t *turn, c Click) {
	if refused, no := b.flooded(t, Command{Name: "click"}); no {
		t.tell(ctx, refused)
		return
	}
	show := t.tell
	if c.Ephemeral || t.Direct {
		show = t.replace
	}
	if c.Action == ActionHealth {
		health, _ := commandNamed("health")
		b.answer(ctx, t, health, t.tell)
		return
	}
	k, problem, ok := t.find(ctx, c.Value)
	if !ok {
		t.tell(ctx, problem)
		return
	}
	command, known := commandNamed(k.Command)
	if !known {
		t.tell(ctx, expiredCard(t.command))
		return
	}
	if c.Action == ActionAgain || strings.HasPrefix(c.Action, ActionChoose) {
		t.args = k.Args
		b.answer(ctx, t, command, show)
		return
	}
	if refused, no := b.refused(ctx, t, command); no {
		t.tell(ctx, refused)
		return
	}
	switch {
	case c.Action == ActionEvidence && k.Evidence != nil:
		t.tell(ctx, *k.Evidence)
	case c.Action == ActionTicket && k.Ticket != "":
		t.tell(ctx, ticketCard(k.Ticket))
	case c.Action == ActionShare && k.Card != nil:
		b.share(ctx, t, command, c.Value, *k.Card)
	default:
		t.tell(ctx, expiredCard(t.command))
	}
}

// find reads the record behind an id, for its owner only.
func (t *turn) find(ctx context.Context, id string) (kept, Card, bool) {
	ctx, cancel := context.WithTimeout(ctx, stateDeadline)
	defer cancel()
	r, err := t.bot.cfg.State.Find(ctx, id)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return kept{}, expiredCard(t.command), false
	case err != nil:
		t.log.Error().Err(err).Msg("the record of a button could not be read")
		return kept{}, Card{Tone: ToneDoubt, Headline: "I cannot remember this answer just now", Lead: []string{"Try again in a minute, or ask anew."}}, false
	case r.Owner.Team != t.Team || r.Owner.User != t.User:
		return kept{}, Card{Tone: ToneWarn, Headline: "This button belongs to somebody else's question", Lead: []string{"Ask yourself with " + t.command + " help."}}, false
	}
	var k kept
	if err := json.Unmarshal(r.Value, &k); err != nil {
		t.log.Error().Err(err).Msg("the record of a button is damaged")
		return kept{}, expiredCard(t.command), false
	}
	return k, Card{}, true
}

func expiredCard(command string) Card {
	return Card{
		Tone: ToneDoubt, Headline: "This button has expired",
		Lead: []string{
			"Buttons work for two hours, and the facts behind an answer are old long before that.",
			"Ask again: " + command + " user <name>, or " + command + " health.",
		},
	}
}

// share shows an answer to the channel. The channel, the person and whether they
// are in it are asked for anew, not remembered: the channel may have been shared
// with others, and the person's rights taken away, since the answer was given.
func (b *Bot) share(ctx context.Context, t *turn, command Command, id string, c Card) {
	refuse := func(why, ask string) {
		t.tell(ctx, Card{Tone: ToneWarn, Headline: "Not shared", Lead: []string{why, ask}})
	}
	if t.Channel == "" || t.Direct {
		refuse("There is no channel here to share it with.", "Ask in the channel that should see it.")
		return
	}
	look, cancel := context.WithTimeout(ctx, lookUpDeadline)
	defer cancel()
	member, err := b.cfg.Channels.Member(look, t.Channel, t.User)
	switch {
	case err != nil:
		t.log.Warn().Err(err).Msg("membership could not be read")
		refuse("I could not find out whether you are a member of this channel.", "Try again in a minute.")
		return
	case !member:
		refuse("You are not a member of this channel.", "Join it first, or use Copy for Ticket.")
		return
	}
	fresh := b.scene(ctx, t.Actor, t.Place, b.freshLooks())
	if d := Allow(b.cfg.Policy, fresh, command); !d.OK {
		t.log.Info().Str("why", d.Why).Msg("refused to share")
		refuse(d.Why, d.Ask)
		return
	}
	t.person, _ = fresh.Person.Get()
	key := "share:" + id + ":" + t.Channel
	once, cancelOnce := context.WithTimeout(ctx, stateDeadline)
	defer cancelOnce()
	first, err := b.cfg.State.Once(once, key, keptFor)
	switch {
	case err != nil:
		t.log.Error().Err(err).Msg("a share could not be claimed")
		refuse("I cannot make sure that it is shared only once.", "Try again in a minute.")
		return
	case !first:
		refuse("This answer is in the channel already.", "Use Check Again first to share a newer one.")
		return
	}
	c.Footer = append(append([]string{}, c.Footer...), "Shared by "+Cut(t.person.Name, 80))
	if !t.show(ctx, c, t.in.Share, "share") {
		if err := b.cfg.State.Release(ctx, key); err != nil {
			t.log.Error().Err(err).Msg("a failed share could not be given back")
		}
		refuse("I could not post in this channel.", "Invite me to it, then try again.")
		return
	}
	t.log.Info().Msg("shared an answer")
}
