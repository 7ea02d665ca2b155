package slack

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// Workspace is one local Slack-compatible workspace with one app installed.
// Its methods may be called from any goroutine.
type Workspace struct {
	cfg      Config
	clock    Clock
	timing   timing
	base     baseURL
	hub      hub
	faults   *faultSet
	limiter  *limiter
	delivery *delivery

	// ctx ends when the workspace is closed; everything that outlives a
	// request is bound to it and counted in background.
	ctx        context.Context
	stop       context.CancelFunc
	background background

	mu       sync.Mutex // guards what follows
	people   []Person   // configured order; never changes after New
	channels []*channel // configured order, then direct messages as they open
	lastTS   int64      // microseconds since 1970 of the newest timestamp given out
	serial   int64      // numbers ids
	views    viewStore
	triggers *triggerStore
	replies  *replyStore // response URLs
}

// timing collects the durations of Slack's protocol, so that a test can wait
// milliseconds where Slack waits seconds.
type timing struct {
	ack          time.Duration   // for the acknowledgement of any delivery
	trigger      time.Duration   // life of a trigger id
	eventRetries []time.Duration // waits before each redelivery of an event
	redeliver    time.Duration   // how long a command outlives the connection it was lost with
	ping         time.Duration   // between the server's pings
	pong         time.Duration   // for the answer to one
	warning      time.Duration   // from the warning to the refresh
	refresh      time.Duration   // life of a connection
	debugRefresh time.Duration   // the same when the app asks for early reconnects
	ticket       time.Duration   // life of an unused connection ticket
}

func slackTiming() timing {
	return timing{
		ack:          3 * time.Second,
		trigger:      3 * time.Second,
		eventRetries: []time.Duration{time.Second, time.Minute, 5 * time.Minute},
		redeliver:    time.Minute,
		ping:         5 * time.Second,
		pong:         10 * time.Second,
		warning:      10 * time.Second,
		refresh:      18060 * time.Second,
		debugRefresh: 360 * time.Second,
		ticket:       time.Minute,
	}
}

// channel is a Channel with what was written in it.
type channel struct {
	Channel
	public    messageLog
	ephemeral messageLog
}

// New checks the configuration and returns a workspace that is ready to
// serve. Close it when done.
func New(cfg Config) (*Workspace, error) {
	if err := cfg.check(); err != nil {
		return nil, fmt.Errorf("configure workspace: %w", err)
	}
	w := &Workspace{
		cfg:      cfg,
		clock:    cfg.Clock,
		timing:   slackTiming(),
		faults:   newFaultSet(),
		triggers: newTriggerStore(),
		replies:  newReplyStore(),
		people:   slices.Clone(cfg.People),
	}
	if w.clock == nil {
		w.clock = wallClock{}
	}
	w.ctx, w.stop = context.WithCancel(context.Background())
	w.base.fixed = strings.TrimSuffix(cfg.BaseURL, "/")
	w.limiter = newLimiter(cfg.NoRateLimits)
	w.delivery = newDelivery(w)
	for i := range w.people {
		if w.people[i].TeamID == "" {
			w.people[i].TeamID = cfg.Team.ID
		}
	}
	for _, ch := range cfg.Channels {
		ch.Members = slices.Clone(ch.Members)
		w.channels = append(w.channels, &channel{Channel: ch})
	}
	return w, nil
}

// Close ends every connection and returns when nothing of the workspace runs
// any more. Requests in flight are the HTTP server's to end.
func (w *Workspace) Close() {
	w.stop()
	w.background.end()
	w.hub.close()
}

// World is the estate behind the workspace, or nil.
func (w *Workspace) World() World { return w.cfg.World }

// Commands lists the slash commands of the app.
func (w *Workspace) Commands() []Command { return slices.Clone(w.cfg.Commands) }

// Subscribe returns a channel that receives one coalesced signal whenever
// anything visible has changed, and a function that ends the subscription.
func (w *Workspace) Subscribe() (<-chan struct{}, func()) { return w.hub.subscribe() }

// People lists everyone, as configured.
func (w *Workspace) People() []Person {
	out := slices.Clone(w.people)
	for i := range out {
		out[i].Roles = slices.Clone(out[i].Roles)
	}
	return out
}

// Channels lists every channel, direct messages last.
func (w *Workspace) Channels() []Channel {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := make([]Channel, 0, len(w.channels))
	for _, ch := range w.channels {
		out = append(out, ch.copy())
	}
	return out
}

// ChannelsOf lists the channels that the person is in, direct messages last.
func (w *Workspace) ChannelsOf(person string) []Channel {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []Channel
	for _, ch := range w.channels {
		if ch.has(person) {
			out = append(out, ch.copy())
		}
	}
	return out
}

// copy detaches the channel's public data from the guarded state.
func (c *channel) copy() Channel {
	out := c.Channel
	out.Members = slices.Clone(out.Members)
	return out
}

// has tells whether the user is a member.
func (c *channel) has(user string) bool { return slices.Contains(c.Members, user) }

// person finds a person by id. People never change, so no lock is needed.
func (w *Workspace) person(id string) (Person, bool) {
	for _, p := range w.people {
		if p.ID == id {
			return p, true
		}
	}
	return Person{}, false
}

// findPerson finds a person by id, by @name or by name.
func (w *Workspace) findPerson(idOrName string) (Person, bool) {
	if p, ok := w.person(idOrName); ok {
		return p, true
	}
	name := strings.TrimPrefix(idOrName, "@")
	for _, p := range w.people {
		if strings.EqualFold(p.Name, name) {
			return p, true
		}
	}
	return Person{}, false
}

// channelByID finds a channel. The caller holds the lock.
func (w *Workspace) channelByID(id string) *channel {
	for _, ch := range w.channels {
		if ch.ID == id {
			return ch
		}
	}
	return nil
}

// findChannel finds a channel by id, #name or name, as the person would write
// it; the app's own name stands for the person's direct message with the app.
// The caller holds the lock.
func (w *Workspace) findChannel(idOrName string, as Person) *channel {
	if ch := w.channelByID(idOrName); ch != nil {
		return ch
	}
	name := strings.TrimPrefix(idOrName, "#")
	for _, ch := range w.channels {
		if !ch.IsIM && strings.EqualFold(ch.Name, name) {
			return ch
		}
	}
	if strings.EqualFold(strings.TrimPrefix(idOrName, "@"), w.cfg.Bot.Name) && as.ID != "" {
		return w.directMessage(as.ID)
	}
	return nil
}

// directMessage opens, or finds, the direct message between the app and the
// person. The caller holds the lock.
func (w *Workspace) directMessage(person string) *channel {
	for _, ch := range w.channels {
		if ch.IsIM && ch.has(person) {
			return ch
		}
	}
	ch := &channel{Channel: Channel{
		ID:      w.newID("D"),
		Name:    w.cfg.Bot.Name,
		IsIM:    true,
		Private: true,
		Members: []string{person, w.cfg.Bot.UserID},
	}}
	w.channels = append(w.channels, ch)
	w.hub.notify()
	return ch
}

// newID makes an id of Slack's look. The caller holds the lock.
func (w *Workspace) newID(prefix string) string {
	w.serial++
	return fmt.Sprintf("%s0LAB%07X", prefix, w.serial)
}

// newTS gives out the next message timestamp: wall time, unique and growing.
// The caller holds the lock.
func (w *Workspace) newTS() string {
	now := time.Now().UnixMicro()
	if now <= w.lastTS {
		now = w.lastTS + 1
	}
	w.lastTS = now
	return fmt.Sprintf("%d.%06d", now/1_000_000, now%1_000_000)
}
