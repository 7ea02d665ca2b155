package bot

import (
	"bytes"
	"context"
	"io/fs"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/suite"
)

// engineFunc is an Engine made of a function.
type engineFunc func(ctx context.Context, q suite.Question) suite.Answer

func (f engineFunc) Ask(ctx context.Context, q suite.Question, _ suite.Progress) suite.Answer {
	return f(ctx, q)
}

// always answers every question alike: about a person, or about the estate.
func always(person, estate func() *checks.Facts) engineFunc {
	return func(_ context.Context, q suite.Question) suite.Answer {
		if q.Person != nil {
			return answered(person())
		}
		return answered(estate())
	}
}

// peopleMap knows people by id; err stands in for every look-up where set.
// now holds what has changed since the platform was asked.
type peopleMap struct {
	people, now map[string]Person
	err         error
}

func (p peopleMap) PersonNow(ctx context.Context, user string) (Person, error) {
	if who, ok := p.now[user]; ok {
		return who, p.err
	}
	return p.Person(ctx, user)
}

func (p peopleMap) Person(_ context.Context, user string) (Person, error) {
	if p.err != nil {
		return Person{}, p.err
	}
	who, ok := p.people[user]
	if !ok {
		return Person{}, fs.ErrNotExist
	}
	return who, nil
}

// channelMap knows channels by id, and who is in them.
type channelMap struct {
	mu       sync.Mutex
	channels map[string]Channel
	// now holds what has changed since the platform was asked, and nowErr stands
	// in for asking it.
	now       map[string]Channel
	nowErr    error
	members   map[string][]string
	err       error
	memberErr error
}

func (c *channelMap) Channel(_ context.Context, id string) (Channel, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return Channel{}, c.err
	}
	ch, ok := c.channels[id]
	if !ok {
		return Channel{}, fs.ErrNotExist
	}
	return ch, nil
}

func (c *channelMap) ChannelNow(ctx context.Context, id string) (Channel, error) {
	if ch, ok := c.now[id]; ok || c.nowErr != nil {
		return ch, c.nowErr
	}
	return c.Channel(ctx, id)
}

func (c *channelMap) Member(_ context.Context, channel, user string) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, u := range c.members[channel] {
		if u == user {
			return true, c.memberErr
		}
	}
	return false, c.memberErr
}

// spoken is one card that somebody saw, and how.
type spoken struct {
	how  string
	card Card
	at   time.Time
}

// recorder is a Conversation that remembers.
type recorder struct {
	mu       sync.Mutex
	said     []spoken
	shareErr error
	tellErr  error
}

func (r *recorder) add(how string, c Card, err error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil {
		r.said = append(r.said, spoken{how, c, time.Now()})
	}
	return err
}

func (r *recorder) Tell(_ context.Context, c Card) error    { return r.add("tell", c, r.tellErr) }
func (r *recorder) Replace(_ context.Context, c Card) error { return r.add("replace", c, nil) }
func (r *recorder) Share(_ context.Context, c Card) error   { return r.add("share", c, r.shareErr) }

// last returns what was said last, and fails the test where nothing was.
func (r *recorder) last(t *testing.T) spoken {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.said) == 0 {
		t.Fatal("nothing was said")
	}
	return r.said[len(r.said)-1]
}

func (r *recorder) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.said)
}

// wallClock is the test's own time; inside a bubble it is the bubble's.
type wallClock struct{}

func (wallClock) Now() time.Time { return time.Now() }

// movingClock stands until it is moved.
type movingClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *movingClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *movingClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

const (
	home    = "T1"
	ann     = "U1"
	bob     = "U2"
	guest   = "U3"
	odd     = "U4"
	general = "C1"
	shared1 = "C2"
)

// bench is a bot with everything around it.
type bench struct {
	bot      *Bot
	cfg      Config
	clock    *movingClock
	channels *channelMap
	people   *peopleMap
	log      *bytes.Buffer
	next     int
}

// setUp makes a bot over an engine; change may alter the configuration.
func setUp(t *testing.T, e Engine, change func(*Config)) *bench {
	t.Helper()
	b := &bench{clock: &movingClock{now: at.Add(12 * time.Second)}, log: &bytes.Buffer{}}
	b.channels = &channelMap{
		channels: map[string]Channel{general: {Member: true}, shared1: {ExtShared: true, Member: true}},
		members:  map[string][]string{general: {ann, bob}, shared1: {ann, bob}},
	}
	b.people = &peopleMap{people: map[string]Person{
		ann:   {Team: home, Name: "Ann Example", Mail: "ann@contoso.com", TimeZone: "Europe/Berlin"},
		bob:   {Team: home, Name: "Bob Example"},
		odd:   {Team: home, Name: "Odd One", Mail: "CN=Mia Wong,OU=Staff,DC=contoso,DC=com"},
		guest: {Team: home, Guest: true, Name: "Gil Guest"},
	}}
	b.cfg = Config{
		Engine:   e,
		People:   b.people,
		Channels: b.channels, State: NewMemory(b.clock), Clock: b.clock,
		Policy: Policy{Teams: []string{home}, Roles: MemberRoles, Contact: "the identity team"},
		Log:    zerolog.New(zerolog.SyncWriter(b.log)),
	}
	if change != nil {
		change(&b.cfg)
	}
	bot, err := New(b.cfg)
	if err != nil {
		t.Fatal(err)
	}
	b.bot = bot
	return b
}

func (b *bench) id() string {
	b.next++
	return "delivery-" + string(rune('a'+b.next%26)) + time.Duration(b.next).String()
}

// says has somebody give a command, and returns what they saw.
func (b *bench) says(t *testing.T, user, channel, text string) *recorder {
	t.Helper()
	r := &recorder{}
	b.bot.Handle(t.Context(), Request{
		ID: b.id(), Actor: Actor{Team: home, User: user}, Place: Place{Channel: channel}, Command: "/pwsync", Text: text,
	}, r)
	return r
}

// clicks has somebody press a button of a card.
func (b *bench) clicks(t *testing.T, user, channel string, a Action, r *recorder) *recorder {
	t.Helper()
	if r == nil {
		r = &recorder{}
	}
	b.bot.Click(t.Context(), Click{
		ID: b.id(), Actor: Actor{Team: home, User: user}, Place: Place{Channel: channel}, Action: a.ID, Value: a.Value, Message: "1.1", Ephemeral: true,
		Command: "/pwsync",
	}, r)
	return r
}

// button finds an action of a card.
func button(t *testing.T, c Card, id string) Action {
	t.Helper()
	for _, a := range c.Actions {
		if a.ID == id {
			return a
		}
	}
	for _, x := range c.Choices {
		if x.Action.ID == id {
			return x.Action
		}
	}
	t.Fatalf("the card %q has no button %q", c.Headline, id)
	return Action{}
}
