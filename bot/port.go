package bot

import (
	"context"
	"time"

	"github.com/pwsync/pwsync/checks/suite"
)

// Actor is who acts, by immutable ids only. Names and addresses can be chosen
// by the person who bears them, so they never decide anything.
type Actor struct {
	// Team is the workspace that the person acts from, Enterprise its
	// organization ("" where there is none), and User the person.
	Team       string `json:"team"`
	Enterprise string `json:"enterprise,omitempty"`
	User       string `json:"user"`
}

// Place is where something was said. An empty Channel with Direct set is a
// place outside any conversation, such as the app's home or a dialog; answers
// then go to the person directly.
type Place struct {
	Channel string `json:"channel,omitempty"`
	// Direct says that only the person and the bot are there.
	Direct bool `json:"direct,omitempty"`
}

// Request is one command as a person gave it.
type Request struct {
	// ID is the same for every delivery of one command and for no other; the
	// edge derives it from what the platform sends only once.
	ID string
	Actor
	Place
	// Command is the command as invoked, for example "/pwsync"; examples in
	// answers use it, because its name is configurable.
	Command string
	// Text is what followed the command, exactly as delivered: the platform's
	// markup and entities are still in it.
	Text string
	At   time.Time
}

// Click is one press of a button.
type Click struct {
	// ID is the same for every delivery of one press and for no other.
	ID string
	Actor
	Place
	// Action and Value are those of the [Action] that was pressed. Neither is
	// trusted: the value names a record, and the record decides.
	Action string
	Value  string
	// Message identifies the message that holds the button, where there is one.
	Message string
	// Ephemeral says that only the person sees that message.
	Ephemeral bool
	// Command is the command as people invoke it, for examples in answers.
	Command string
	At      time.Time
}

// Conversation is how answers reach one person for one request or click. The
// edge implements it; every call is bounded by its context, and an error means
// that the person did not see the card.
type Conversation interface {
	// Tell shows a new card to the person alone.
	Tell(ctx context.Context, c Card) error
	// Replace puts the card where the clicked one stands. Where that is not
	// possible, and for commands, it does what Tell does.
	Replace(ctx context.Context, c Card) error
	// Share shows a card to everybody in the channel.
	Share(ctx context.Context, c Card) error
}

// People looks persons up. The edge implements it and may answer from a cache
// that is minutes old.
type People interface {
	// Person returns what the platform says about a user id. An id that it does
	// not know is an error that matches fs.ErrNotExist.
	Person(ctx context.Context, user string) (Person, error)
	// PersonNow does the same and never answers from a cache.
	PersonNow(ctx context.Context, user string) (Person, error)
}

// Person is what the platform says about somebody.
type Person struct {
	// Team and Enterprise are where the account lives, which need not be where
	// the person acts.
	Team       string
	Enterprise string
	// Deleted, Bot, Guest and Stranger each take away every right. Guest covers
	// single-channel and multi-channel guests; a stranger belongs to another
	// organization.
	Deleted  bool
	Bot      bool
	Guest    bool
	Stranger bool
	// Name is a label. Mail is "" where the platform does not show it.
	Name string
	Mail string
	// TimeZone is an IANA name such as "Europe/Berlin", "" where not known.
	TimeZone string
}

// Channels looks conversations up. The edge implements it.
type Channels interface {
	// Channel returns what the platform says about a conversation. One that the
	// bot cannot see is an error that matches fs.ErrNotExist.
	Channel(ctx context.Context, id string) (Channel, error)
	// ChannelNow does the same and never answers from a cache.
	ChannelNow(ctx context.Context, id string) (Channel, error)
	// Member reports whether a person is in a conversation, which the platform is
	// asked for each time: it decides whether something may be shared there.
	Member(ctx context.Context, channel, user string) (bool, error)
}

// Channel is what the platform says about a conversation.
type Channel struct {
	// ExtShared says that people of another organization are in it, and
	// PendingExtShared that such people were invited.
	ExtShared        bool
	PendingExtShared bool
	Private          bool
	// DM says that it is a direct message, to one person or several.
	DM bool
	// Member says that the bot is in it.
	Member bool
}

// Engine answers questions; it is a *suite.Suite or whatever stands before one.
// It honors the deadline of its context.
type Engine interface {
	Ask(ctx context.Context, q suite.Question, progress suite.Progress) suite.Answer
}

// Clock tells the time by which answers age and records expire.
type Clock interface {
	Now() time.Time
}

// State is what the bot remembers between requests. Implementations are bounded
// and safe for use by many goroutines; [CheckState] holds them to the contract.
type State interface {
	// Once reports whether the key is claimed for the first time within ttl. Of
	// two concurrent calls with one key, exactly one is the first.
	Once(ctx context.Context, key string, ttl time.Duration) (first bool, err error)
	// Release gives a claimed key back, for work that was claimed and then failed.
	Release(ctx context.Context, key string) error
	// Keep stores a record under an id for ttl; an id that is taken is replaced.
	Keep(ctx context.Context, id string, r Record, ttl time.Duration) error
	// Find returns the record that is kept under an id. One that was never kept,
	// or has expired, is an error that matches fs.ErrNotExist.
	Find(ctx context.Context, id string) (Record, error)
}

// Record is what the opaque id of a button stands for.
type Record struct {
	// Owner is the only person who may use the id.
	Owner Actor
	// Value is the bot's own, as JSON.
	Value []byte
}
