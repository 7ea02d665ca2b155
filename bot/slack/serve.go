package slack

import (
	"context"
	"time"

	slackgo "github.com/slack-go/slack"
	"github.com/slack-go/slack/slackutilsx"

	"github.com/pwsync/pwsync/bot"
)

// handleTime bounds what is done for one delivery, answers included. The bot
// gives up on a question much sooner.
const handleTime = 2 * time.Minute

// accept queues what is to be done about an arrival. It returns false when the
// edge is ending.
func (e *Edge) accept(a arrival) bool {
	e.mu.Lock()
	core, work := e.core, e.work
	e.mu.Unlock()
	if work == nil {
		return false
	}
	j, ok := e.job(core, a)
	if !ok {
		return true
	}
	return work.take(j)
}

// job is what is done about an arrival; nothing for what pwsync has no use
// for.
func (e *Edge) job(core Core, a arrival) (job, bool) {
	in := e.converse(a)
	j := job{
		kind:   string(a.kind),
		busy:   func(ctx context.Context) { e.excuse(ctx, in, busyCard) },
		broken: func(ctx context.Context) { e.excuse(ctx, in, brokenCard) },
	}
	switch a.kind {
	case arrivedCommand, arrivedSubmission:
		j.run = func(ctx context.Context) { core.Handle(ctx, e.request(a), in) }
	case arrivedClick:
		j.run = func(ctx context.Context) { core.Click(ctx, e.click(a), in) }
		if a.action == bot.ActionAskUser {
			j.run = func(ctx context.Context) { e.ask(ctx, core, a, in) }
		}
	case arrivedShortcut:
		if a.callback != LookUpShortcut {
			return job{}, false
		}
		j.run = func(ctx context.Context) { e.ask(ctx, core, a, in) }
	case arrivedHome:
		// Home is only looked at: when it cannot be drawn, the old one stays.
		j.busy, j.broken = nil, nil
		// The home belongs to the app's own direct message with the person.
		e.known.add(a.channel)
		j.run = func(ctx context.Context) { e.publishHome(ctx, core, a) }
	default:
		return job{}, false
	}
	do := j.run
	j.run = func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, handleTime)
		defer cancel()
		e.meet(ctx, a)
		do(ctx)
	}
	return j, true
}

// The apologies. Neither promises anything about what was asked.
var (
	busyCard = bot.Card{
		Tone:     bot.ToneWarn,
		Headline: "Too many requests at this moment",
		Lead:     []string{"Nothing was looked up. Please try again in a minute."},
	}
	brokenCard = bot.Card{
		Tone:     bot.ToneWarn,
		Headline: "Something went wrong inside pwsync",
		Lead:     []string{"Please try again. If it happens again, tell the people who run pwsync."},
	}
)

// excuse tells a person why there is no answer.
func (e *Edge) excuse(ctx context.Context, in bot.Conversation, why bot.Card) {
	if err := in.Tell(ctx, why); err != nil {
		e.log.Warn().Err(err).Msg("apology not delivered")
	}
}

func (e *Edge) actor(a arrival) bot.Actor {
	return bot.Actor{Team: a.userTeam, Enterprise: a.enterprise, User: a.user}
}

func place(a arrival) bot.Place { return bot.Place{Channel: a.channel, Direct: a.direct()} }

// request is a command, or a submitted dialog as the command that it stands
// for. What was typed into a dialog comes without Slack's markup, so it is
// given the escaping that the text of a command has.
func (e *Edge) request(a arrival) bot.Request {
	text := a.text
	if a.kind == arrivedSubmission {
		text = "user " + slackutilsx.EscapeMessage(text)
	}
	return bot.Request{
		ID:      a.id,
		Actor:   e.actor(a),
		Place:   place(a),
		Command: first(a.command, e.cfg.Command),
		Text:    text,
		At:      a.at,
	}
}

func (e *Edge) click(a arrival) bot.Click {
	return bot.Click{
		ID:        a.id,
		Actor:     e.actor(a),
		Place:     place(a),
		Action:    a.action,
		Value:     a.value,
		Message:   a.message,
		Ephemeral: a.ephemeral,
		Command:   e.cfg.Command,
		At:        a.at,
	}
}

// LookUpShortcut is the callback id of the global shortcut that asks about one
// person, as the app's manifest names it.
const LookUpShortcut = "pwsync_lookup"

// Names of the dialog and its input.
const (
	askCallback = "pwsync_ask"
	askBlock    = "who"
	askInput    = "name"
	// askLength is more than any way to write a person's name needs.
	askLength = 1000
	// placeholderLength is Slack's own limit.
	placeholderLength = 150
)

// ask opens the dialog that asks for a name. The trigger id lives three
// seconds, so nothing comes before it.
func (e *Edge) ask(ctx context.Context, core Core, a arrival, in bot.Conversation) {
	input := slackgo.NewPlainTextInputBlockElement(plain(bot.Cut(core.Example(), placeholderLength)), askInput).WithMaxLength(askLength)
	who := slackgo.NewInputBlock(askBlock, plain("Who"),
		plain("A sign-in name, mail address, account name or distinguished name."), input)
	dialog := slackgo.ModalViewRequest{
		Type:       slackgo.VTModal,
		CallbackID: askCallback,
		Title:      plain("Check a user"),
		Submit:     plain("Check User"),
		Close:      plain("Cancel"),
		Blocks:     slackgo.Blocks{BlockSet: []slackgo.Block{who}},
	}
	err := e.call(ctx, "open dialog", func(ctx context.Context) error {
		_, err := e.api.OpenViewContext(ctx, a.trigger.reveal(), dialog)
		return err
	})
	if err == nil {
		return
	}
	e.log.Warn().Err(err).Msg("dialog not opened")
	e.excuse(ctx, in, bot.Card{
		Tone:     bot.ToneWarn,
		Headline: "The dialog could not be opened",
		Lead:     []string{"Please type " + e.cfg.Command + " user and a name instead."},
	})
}

// publishHome draws the app's home for the person who opened it. It falls back
// as messages do when Slack refuses a block.
func (e *Edge) publishHome(ctx context.Context, core Core, a arrival) {
	card := core.Home(ctx, e.actor(a))
	err := e.descend(card, forms[:len(forms)-1], func(c content) error {
		return e.call(ctx, "publish home", func(ctx context.Context) error {
			_, err := e.api.PublishViewContext(ctx, slackgo.PublishViewContextRequest{
				UserID: a.user,
				View:   slackgo.HomeTabViewRequest{Type: slackgo.VTHomeTab, Blocks: slackgo.Blocks{BlockSet: c.blocks}},
			})
			return err
		})
	})
	if err != nil {
		e.log.Warn().Err(err).Msg("home not published")
	}
}
