package slack

import (
	"context"
	"encoding/json"
	"time"
)

// This file is the seam between the workspace and the web page that draws
// it: plain values that hold copies, never pointers into guarded state, so
// that the page can keep them for as long as it takes to render.

// SeenMessage is one message as one person sees it in one channel.
type SeenMessage struct {
	// TS identifies the message within its channel, ThreadTS the parent
	// that it answers (empty outside threads).
	TS       string `json:"ts"`
	ThreadTS string `json:"thread_ts,omitempty"`
	// UserID and UserName tell who wrote it; Bot marks the app.
	UserID   string `json:"user"`
	UserName string `json:"user_name"`
	Bot      bool   `json:"bot"`
	// Ephemeral messages are visible to this person alone.
	Ephemeral bool              `json:"ephemeral"`
	Edited    bool              `json:"edited"`
	Text      string            `json:"text"`
	Blocks    []json.RawMessage `json:"blocks"`
	At        time.Time         `json:"at"`
	Channel   string            `json:"channel"`
}

// OpenView is a modal that is open for a person, or that person's App Home.
type OpenView struct {
	ID         string            `json:"id"`
	Type       string            `json:"type"` // modal or home
	CallbackID string            `json:"callback_id"`
	Title      string            `json:"title"`
	Submit     string            `json:"submit"`
	Close      string            `json:"close"`
	Blocks     []json.RawMessage `json:"blocks"`
	// Errors are the app's complaints about the last submission, by block_id.
	Errors map[string]string `json:"errors,omitempty"`
	Hash   string            `json:"hash"`
}

// Command is one slash command that the app offers.
type Command struct {
	Name        string       `json:"name"` // with its leading slash
	Description string       `json:"description"`
	UsageHint   string       `json:"usage_hint"`
	Completions []Completion `json:"completions"`
	// ShouldEscape turns @names, #channels, addresses and links of the
	// typed text into Slack's <…> forms, as the app's manifest may ask for.
	ShouldEscape bool `json:"should_escape"`
}

// Completion is one way to go on after a command's name, for the composer.
type Completion struct {
	Text string `json:"text"`
	Hint string `json:"hint"`
}

// FaultState is one fault that can be switched on in the lab.
type FaultState struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Group string `json:"group"` // which part of the lab it breaks
	On    bool   `json:"on"`
}

// World is the simulated estate behind the workspace, as far as the
// workspace's page and control API need it. The workspace's own faults are
// not part of it.
type World interface {
	// Faults lists every fault of the estate in a stable order.
	Faults() ([]FaultState, error)
	// SetFaults switches faults by id; an unknown id is an error that
	// changes nothing.
	SetFaults(on, off []string) error
	// Advance moves the lab's clock forward and returns when everything
	// that fell due has run.
	Advance(ctx context.Context, d time.Duration) error
	// Now is the lab's time.
	Now() time.Time
	// Users lists the directory's people with the answer each must get; it
	// is passed on as JSON unread.
	Users() (any, error)
}

// Page is what the web page may ask of a workspace. *Workspace implements it.
type Page interface {
	People() []Person
	Channels() []Channel
	ChannelsOf(person string) []Channel
	Messages(channel, person string) []SeenMessage
	Home(person string) (OpenView, bool)
	Views(person string) []OpenView
	Commands() []Command
	AllFaults() ([]FaultState, error)
	Subscribe() (<-chan struct{}, func())
	World() World
}

var _ Page = (*Workspace)(nil)
