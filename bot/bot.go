package bot

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/rs/zerolog"

	"github.com/pwsync/pwsync/checks"
)

// Config is what a Bot is made of. Engine, People, Channels, State, Policy and
// Clock must be set.
type Config struct {
	Engine   Engine
	People   People
	Channels Channels
	State    State
	Policy   Policy
	Clock    Clock
	Log      zerolog.Logger

	// Command is the command as people invoke it where a request does not say,
	// "/pwsync" unless set.
	Command string
	// Example is the sign-in name in the examples of help, errors and the app's
	// home, "mia.wong@contoso.com" unless set. Somebody who exists makes them work.
	Example string
	Limits  Limits
	// NoticeAfter is how long a question may take before the person is told that
	// it is being worked on; Deadline is how long it may take at all. Both run on
	// wall time. Zero takes two and thirty seconds.
	NoticeAfter time.Duration
	Deadline    time.Duration
}

// The times and sizes that hold everywhere.
const (
	defaultCommand     = "/pwsync"
	defaultExample     = "mia.wong@contoso.com"
	defaultNoticeAfter = 2 * time.Second
	defaultDeadline    = 30 * time.Second
	// lookUpDeadline bounds asking the platform about a person or a channel.
	lookUpDeadline = 5 * time.Second
	// postDeadline bounds showing one card.
	postDeadline = 15 * time.Second
	// stateDeadline bounds one call to the State.
	stateDeadline = 5 * time.Second
	// onceFor is how long a delivery is remembered: platforms repeat for five
	// minutes after the first one.
	onceFor = 15 * time.Minute
	// questionsAtOnce bounds the questions that the engine works on, those
	// included that nobody waits for any more.
	questionsAtOnce = 128
)

// Bot answers requests. It is safe for use by many goroutines.
type Bot struct {
	cfg    Config
	limits *limiter
	health shared
	slots  chan struct{}
}

// New returns a Bot, or an error that names every part that is missing.
func New(cfg Config) (*Bot, error) {
	var missing []error
	need := func(there bool, what string) {
		if !there {
			missing = append(missing, fmt.Errorf("make the bot: no %s", what))
		}
	}
	need(cfg.Engine != nil, "engine")
	need(cfg.People != nil, "look-up of people")
	need(cfg.Channels != nil, "look-up of channels")
	need(cfg.State != nil, "state")
	need(cfg.Clock != nil, "clock")
	if err := errors.Join(missing...); err != nil {
		return nil, err
	}
	if cfg.Command == "" {
		cfg.Command = defaultCommand
	}
	if cfg.Example == "" {
		cfg.Example = defaultExample
	}
	if cfg.NoticeAfter <= 0 {
		cfg.NoticeAfter = defaultNoticeAfter
	}
	if cfg.Deadline <= 0 {
		cfg.Deadline = defaultDeadline
	}
	return &Bot{cfg: cfg, limits: newLimiter(cfg.Limits), slots: make(chan struct{}, questionsAtOnce)}, nil
}

// Example is the sign-in name that stands in examples.
func (b *Bot) Example() string { return b.cfg.Example }

// Handle answers one command in the conversation. The edge calls it after the
// request has been acknowledged, with a context that leaves time for the
// deadline of a question. It never panics.
func (b *Bot) Handle(ctx context.Context, r Request, in Conversation) {
	t := b.turn(r.Actor, r.Place, r.Command, in)
	defer t.recovered(ctx)
	if !b.firstDelivery(ctx, "request", r.ID, []string{r.Team, r.User, r.Channel, r.Command, r.Text}) {
		t.log.Debug().Msg("delivered again, answered before")
		return
	}
	c, args, known := parse(r.Text)
	if !known {
		c = Command{Name: "unknown", Role: Viewer, run: runUnknown}
		args = r.Text
	}
	t.args = args
	if refused, no := b.flooded(t, c); no {
		t.tell(ctx, refused)
		return
	}
	b.answer(ctx, t, c, t.tell)
}

// Click answers one press of a button. What the button means is read from the
// record behind its id, and the person is judged anew. It never panics.
func (b *Bot) Click(ctx context.Context, c Click, in Conversation) {
	t := b.turn(c.Actor, c.Place, c.Command, in)
	defer t.recovered(ctx)
	if !b.firstDelivery(ctx, "click", c.ID, []string{c.Team, c.User, c.Channel, c.Action, c.Value, c.Message}) {
		t.log.Debug().Msg("delivered again, answered before")
		return
	}
	b.click(ctx, t, c)
}

// turn is one request or click being answered.
type turn struct {
	bot *Bot
	Actor
	Place
	in      Conversation
	log     zerolog.Logger
	started time.Time
	// command is the command as invoked, and args the rest of the text as
	// delivered.
	command string
	args    string
	// person is who asks, once the policy has let them in.
	person Person
	// limit is set where there are too many requests: only an answer that was
	// made a moment ago for somebody else is given then.
	limit *limit
}

// wording is what examples in an answer are made of.
type wording struct{ command, example string }

func (t *turn) say() wording { return wording{t.command, t.bot.cfg.Example} }

func (b *Bot) turn(who Actor, where Place, command string, in Conversation) *turn {
	if command == "" {
		command = b.cfg.Command
	}
	return &turn{
		bot: b, Actor: who, Place: where, in: in, command: command, started: time.Now(),
		log: b.cfg.Log.With().Str("team", who.Team).Str("user", who.User).Str("channel", where.Channel).Logger(),
	}
}

// recovered turns a panic into an apology. The value of the panic may hold data
// of a person, so only its type and the stack are logged.
func (t *turn) recovered(ctx context.Context) {
	p := recover()
	if p == nil {
		return
	}
	t.log.Error().Str("panic", fmt.Sprintf("%T", p)).Str("stack", string(debug.Stack())).Msg("a handler broke down")
	defer func() { _ = recover() }()
	t.tell(ctx, Card{
		Tone: ToneDoubt, Headline: "Something went wrong here",
		Lead: []string{"The question was not answered, because of a fault in this bot and not in what you asked.", "Try again; if it happens again, tell whoever runs the bot."},
	})
}

// answer runs a command for somebody, if they may, and shows what comes out.
func (b *Bot) answer(ctx context.Context, t *turn, c Command, show func(context.Context, Card)) {
	notice := t.noticeAfter(ctx, b.cfg.NoticeAfter)
	defer notice.stop()
	if refused, no := b.refused(ctx, t, c); no {
		notice.stop()
		show(ctx, refused)
		return
	}
	r := c.run(ctx, t)
	card := r.finish(ctx, t)
	notice.stop()
	show(ctx, card)
	t.log.Info().Str("command", c.Name).Str("tone", string(card.Tone)).Bool("limited", t.limit != nil).
		Dur("took", time.Since(t.started)).Msg("answered")
}

// tell shows a card to the person alone.
func (t *turn) tell(ctx context.Context, c Card) { t.show(ctx, c, t.in.Tell, "tell") }

// replace shows a card in the place of the clicked one.
func (t *turn) replace(ctx context.Context, c Card) { t.show(ctx, c, t.in.Replace, "replace") }

func (t *turn) show(ctx context.Context, c Card, how func(context.Context, Card) error, verb string) bool {
	ctx, cancel := context.WithTimeout(ctx, postDeadline)
	defer cancel()
	if err := how(ctx, c); err != nil {
		t.log.Warn().Err(err).Str("verb", verb).Msg("a card was not shown")
		return false
	}
	return true
}

// looks are the ways in which a person and a channel are looked up.
type looks struct {
	person  func(context.Context, string) (Person, error)
	channel func(context.Context, string) (Channel, error)
}

// looks may answer from memory, which is good enough for an answer that only the
// person sees.
func (b *Bot) looks() looks { return looks{b.cfg.People.Person, b.cfg.Channels.Channel} }

// freshLooks ask the platform, for what others will see.
func (b *Bot) freshLooks() looks { return looks{b.cfg.People.PersonNow, b.cfg.Channels.ChannelNow} }

// scene looks up who asks and where, both at once.
func (b *Bot) scene(ctx context.Context, who Actor, where Place, look looks) Scene {
	ctx, cancel := context.WithTimeout(ctx, lookUpDeadline)
	defer cancel()
	s := Scene{Actor: who, Place: where}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if recover() != nil {
				s.Channel = checks.Missing[Channel]("platform", "the look-up broke down")
			}
		}()
		if where.Channel == "" {
			return
		}
		ch, err := look.channel(ctx, where.Channel)
		b.lookedUp("channel", err)
		s.Channel = factOf("platform", ch, err)
	}()
	p, err := look.person(ctx, who.User)
	b.lookedUp("person", err)
	s.Person = factOf("platform", p, err)
	<-done
	return s
}

func (b *Bot) lookedUp(what string, err error) {
	if err != nil {
		b.cfg.Log.Warn().Err(err).Str("what", what).Msg("a look-up failed")
	}
}
