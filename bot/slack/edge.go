package slack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"
	slackgo "github.com/slack-go/slack"

	"github.com/pwsync/pwsync/bot"
)

// Core is the bot behind the edge; *bot.Bot implements it.
type Core interface {
	Handle(ctx context.Context, r bot.Request, in bot.Conversation)
	Click(ctx context.Context, c bot.Click, in bot.Conversation)
	Home(ctx context.Context, who bot.Actor) bot.Card
	// Example is the sign-in name that the dialog shows how to fill it in.
	Example() string
}

var (
	_ Core         = (*bot.Bot)(nil)
	_ bot.People   = (*Edge)(nil)
	_ bot.Channels = (*Edge)(nil)
)

// Edge connects one Slack app in one workspace to a [Core]. It can be asked
// about people and channels as soon as it is made, so that a bot can be built
// on it; it serves nobody before Run.
type Edge struct {
	cfg Config
	log zerolog.Logger
	api *slackgo.Client
	// apiHost is where response URLs may lead besides Slack's own hosts.
	apiHost string

	people   *memo[bot.Person]
	channels *memo[bot.Channel]
	direct   *memo[string] // direct message with a user, by user id
	known    *idSet        // direct messages that the app is in
	replays  *replayWindow
	sockets  *sockets // nil without Socket Mode
	// refusals is a log that strangers cannot fill.
	refusals zerolog.Logger

	running  atomic.Bool
	started  atomic.Bool
	rejected atomic.Int64

	mu       sync.Mutex // guards what follows
	core     Core
	work     *dispatcher
	identity Identity
	problem  error // why the identity is not known yet
}

// Identity is who the app is, as Slack itself says: the workspace and
// organization that it is installed in, its own user, and its app id, "" where
// that is not known yet.
type Identity struct {
	Team       string
	Enterprise string
	User       string
	App        string
}

// refusalsLogged is how many refused requests a minute are logged; health
// counts all of them.
const refusalsLogged = 20

// New checks the configuration and returns an edge. Nothing is called yet.
func New(cfg Config) (*Edge, error) {
	cfg, err := cfg.complete()
	if err != nil {
		return nil, fmt.Errorf("configure Slack: %w", err)
	}
	e := &Edge{
		cfg:      cfg,
		log:      cfg.Log,
		people:   newMemo[bot.Person](lookupTime, lookupMisses, lookupMax),
		channels: newMemo[bot.Channel](lookupTime, lookupMisses, lookupMax),
		direct:   newMemo[string](directTime, lookupMisses, lookupMax),
		known:    newIDSet(lookupMax),
		replays:  newReplayWindow(),
		identity: Identity{App: cfg.AppID},
	}
	e.refusals = cfg.Log.Sample(&zerolog.BurstSampler{Burst: refusalsLogged, Period: time.Minute})
	if u, err := url.Parse(cfg.APIURL); err == nil {
		e.apiHost = u.Host
	}
	e.api = slackgo.New(cfg.BotToken.reveal(),
		slackgo.OptionAPIURL(cfg.APIURL),
		slackgo.OptionHTTPClient(cfg.HTTPClient),
		slackgo.OptionLog(silent{}),
	)
	if !cfg.AppToken.empty() {
		e.sockets = e.newSockets()
	}
	return e, nil
}

func (e *Edge) newSockets() *sockets {
	base := e.cfg.HTTPClient.Transport
	if base == nil {
		base = http.DefaultTransport
	}
	// The transport sees to deadlines; a Timeout would count the waiting.
	space := newSpacing(base)
	build := func() *slackgo.Client {
		return slackgo.New(e.cfg.BotToken.reveal(),
			slackgo.OptionAppLevelToken(e.cfg.AppToken.reveal()),
			slackgo.OptionAPIURL(e.cfg.APIURL),
			slackgo.OptionHTTPClient(&http.Client{Transport: space}),
			slackgo.OptionLog(silent{}),
		)
	}
	s := newSockets(e.cfg.Connections, space, build, e.log)
	s.app = e.pinApp
	s.accept = func(a arrival) bool {
		if !e.ours(a) {
			e.rejected.Add(1)
			e.refusals.Warn().Str("reason", errNotOurs.Error()).Msg("delivery refused")
			return false
		}
		return e.accept(a)
	}
	return s
}

// Run asks Slack who the app is, receives until ctx ends, and then lets work
// in progress finish. It returns a *ConfigError, wrapped, when Slack refuses
// the app's tokens or settings; everything else is retried. It may be called
// once.
func (e *Edge) Run(ctx context.Context, core Core) error {
	if e.running.Swap(true) {
		return errors.New("run Slack edge: it is running, or has run")
	}
	if _, err := e.Introduce(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	work := newDispatcher(ctx, e.log, e.cfg.Workers, e.cfg.Queue)
	e.mu.Lock()
	e.core, e.work = core, work
	e.mu.Unlock()
	e.started.Store(true)
	err := e.receive(ctx)
	e.started.Store(false)
	err = errors.Join(err, work.drain(e.cfg.DrainTime))
	e.cfg.HTTPClient.CloseIdleConnections()
	return err
}

func (e *Edge) receive(ctx context.Context) error {
	if e.sockets != nil {
		return e.sockets.run(ctx)
	}
	<-ctx.Done()
	return nil
}

// Introduce asks Slack who the app is, for a policy that must know whose people
// are its own. It asks until Slack tells, ctx ends, or Slack refuses the token
// with a *ConfigError; what was told once stays. Run calls it, too.
func (e *Edge) Introduce(ctx context.Context) (Identity, error) {
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		if me := e.who(); me.Team != "" {
			return me, nil
		}
		var me *slackgo.AuthTestResponse
		err := e.call(ctx, "ask Slack who the app is", func(ctx context.Context) (err error) {
			me, err = e.api.AuthTestContext(ctx)
			return err
		})
		if err == nil && me.TeamID == "" {
			err = errors.New("ask Slack who the app is: it named no workspace")
		}
		e.introduced(me, err)
		if err == nil {
			continue
		}
		if _, refused := configProblem(err); refused {
			return Identity{}, err
		}
		e.log.Warn().Err(err).Msg("Slack is not reachable")
		if err := pause(ctx, wait); err != nil {
			return Identity{}, err
		}
	}
}

// introduced keeps what Slack has told, or why it has not.
func (e *Edge) introduced(me *slackgo.AuthTestResponse, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.problem = err; err == nil {
		e.identity.Team, e.identity.Enterprise, e.identity.User = me.TeamID, me.EnterpriseID, me.UserID
	}
}

// who returns the app's identity.
func (e *Edge) who() Identity {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.identity
}

// pinApp takes the app's id from the first greeting that tells it. It does not
// change afterwards.
func (e *Edge) pinApp(id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.identity.App == "" {
		e.identity.App = id
	}
}

// errNotOurs is why a delivery for another installation is refused.
var errNotOurs = errors.New("the delivery is for another app or workspace")

// ours tells whether a delivery is for this app in this workspace or
// organization, as far as it says. Who acts is the policy's question.
func (e *Edge) ours(a arrival) bool {
	me := e.who()
	switch {
	case a.app != "" && me.App != "" && a.app != me.App:
		return false
	case a.team == "" || a.team == me.Team:
		return true
	default:
		return me.Enterprise != "" && a.enterprise == me.Enterprise
	}
}

// Health is how the edge does.
type Health struct {
	// Ready says that deliveries can arrive and are worked on.
	Ready bool `json:"ready"`
	// Connected and Wanted count Socket Mode connections.
	Connected int `json:"connected"`
	Wanted    int `json:"wanted"`
	// Team and Bot are the ids that Slack gave at the start.
	Team string `json:"team,omitempty"`
	Bot  string `json:"bot,omitempty"`
	// Waiting counts deliveries without a worker; Busy those that were sent
	// away, and Rejected those that were not Slack's or not for this app.
	Waiting  int   `json:"waiting"`
	Busy     int64 `json:"busy"`
	Rejected int64 `json:"rejected"`
	// Problem says in words what is wrong, "" when nothing is.
	Problem string `json:"problem,omitempty"`
}

// Health tells how the edge does now.
func (e *Edge) Health() Health {
	e.mu.Lock()
	h := Health{Team: e.identity.Team, Bot: e.identity.User, Rejected: e.rejected.Load()}
	problem, work := e.problem, e.work
	e.mu.Unlock()
	if work != nil {
		h.Waiting, h.Busy = len(work.queue), work.refused.Load()
	}
	h.Ready = e.started.Load()
	if e.sockets != nil {
		h.Connected, h.Wanted = e.sockets.connected(), len(e.sockets.links)
		h.Ready = h.Ready && h.Connected > 0
		if problem == nil && h.Connected == 0 {
			problem = e.sockets.trouble()
		}
	}
	if problem != nil {
		h.Problem = problem.Error()
	}
	return h
}

// Connected counts the Socket Mode connections that Slack has greeted.
func (e *Edge) Connected() int { return e.Health().Connected }
