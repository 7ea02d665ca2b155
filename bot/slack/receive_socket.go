package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"
	slackgo "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

const (
	// ackTime is how long an acknowledgement may wait for its turn to be
	// written. Slack waits three seconds for all of it.
	ackTime = time.Second
	// pingTime is how long a connection without Slack's ping counts as
	// alive. slack-go notices between one and two of these later.
	pingTime = 30 * time.Second
	// frameLimit bounds one delivery: an interaction may echo a whole
	// message or view.
	frameLimit = 1 << 20
	// mendTime is the wait before Slack is asked again after it refused a
	// configuration that it had taken before.
	mendTime = 15 * time.Second
)

// sockets is the Socket Mode receiver: several connections of which Slack
// chooses one for each delivery, so that one may end while another serves.
type sockets struct {
	log    zerolog.Logger
	accept func(arrival) bool
	app    func(id string)
	links  []*link
	space  *spacing

	mu      sync.Mutex
	problem error // why the newest attempt to connect failed
	worked  bool  // a connection was up at some time
}

// link is one connection, kept up.
type link struct {
	number int
	owner  *sockets
	client *socketmode.Client
	up     atomic.Bool
	// refusal hands the reason of a failed attempt from the consumer to
	// the loop that decides what to do about it.
	mu      sync.Mutex
	refusal error
	end     context.CancelFunc
}

// newSockets prepares the connections. The clients that build makes share the
// spacing transport.
func newSockets(count int, space *spacing, build func() *slackgo.Client, log zerolog.Logger) *sockets {
	s := &sockets{log: log, space: space}
	for i := range count {
		// socketmode.OptionDebug and slack.OptionDebug stay off: they log
		// what people write, and the latter makes Slack drop connections
		// every six minutes. The default dialer's 32 KiB write buffer stays,
		// because Slack does not put fragmented frames together.
		client := socketmode.New(build(),
			socketmode.OptionPingInterval(pingTime),
			socketmode.OptionReadLimit(frameLimit),
			socketmode.OptionLog(silent{}),
		)
		s.links = append(s.links, &link{number: i + 1, owner: s, client: client})
	}
	return s
}

// silent is where slack-go's own log goes.
type silent struct{}

func (silent) Output(int, string) error { return nil }

// connected counts the connections that Slack has greeted.
func (s *sockets) connected() int {
	n := 0
	for _, l := range s.links {
		if l.up.Load() {
			n++
		}
	}
	return n
}

// trouble is why the newest attempt failed, or nil once one has succeeded.
func (s *sockets) trouble() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.problem
}

// run keeps the connections up until ctx ends. It returns a *ConfigError when
// Slack refuses the configuration and has never taken it; a configuration
// that worked before may be mended in Slack, so then it keeps asking.
func (s *sockets) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	errs := make(chan error, len(s.links))
	var running sync.WaitGroup
	for _, l := range s.links {
		running.Go(func() {
			err := l.run(ctx)
			if err != nil {
				cancel()
			}
			errs <- err
		})
	}
	running.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// run keeps one connection up until ctx ends.
func (l *link) run(ctx context.Context) error {
	consumed := make(chan struct{})
	consuming, stop := context.WithCancel(ctx)
	defer func() {
		stop()
		<-consumed
	}()
	go func() {
		defer close(consumed)
		l.consume(consuming)
	}()
	for ctx.Err() == nil {
		err := l.attempt(ctx)
		if ctx.Err() != nil {
			return nil
		}
		wait, fatal := l.judge(err)
		if fatal != nil {
			return fatal
		}
		if err := pause(ctx, wait); err != nil {
			return nil
		}
	}
	return nil
}

// attempt connects and stays connected, over as many reconnects as Slack asks
// for, until one fails. slack-go would wait up to five minutes then; the
// shared spacing asks again sooner, and never too often.
func (l *link) attempt(ctx context.Context) error {
	trying, end := context.WithCancel(ctx)
	defer end()
	l.mu.Lock()
	l.refusal, l.end = nil, end
	l.mu.Unlock()
	err := l.client.RunContext(trying)
	l.up.Store(false)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.refusal != nil {
		return l.refusal
	}
	return err
}

// judge tells how long to wait after a failed attempt, or that waiting is no
// use.
func (l *link) judge(err error) (time.Duration, error) {
	s := l.owner
	s.mu.Lock()
	worked := s.worked
	s.mu.Unlock()
	if refused, ok := configProblem(err); ok {
		s.note(refused)
		if !worked {
			return 0, fmt.Errorf("connect by Socket Mode: %w", refused)
		}
		l.log().Error().Str("code", refused.Code).Msg("Slack refuses the app")
		return mendTime, nil
	}
	err = tidy("connect by Socket Mode", err)
	s.note(err)
	l.log().Warn().Err(err).Msg("connection failed")
	if limited, ok := errors.AsType[*slackgo.RateLimitedError](err); ok {
		return limited.RetryAfter, nil
	}
	return 0, nil
}

func (s *sockets) note(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.problem = err
}

func (l *link) log() *zerolog.Logger {
	log := l.owner.log.With().Int("connection", l.number).Logger()
	return &log
}

// consume reads the connection's events. It only acknowledges and hands over:
// while it works, the connection's pings wait.
func (l *link) consume(ctx context.Context) {
	settling := time.NewTimer(settled)
	settling.Stop()
	defer settling.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-settling.C:
			l.owner.space.lasted()
		case event := <-l.client.Events:
			switch event.Type {
			case socketmode.EventTypeHello:
				l.greeted(event)
				settling.Reset(settled)
			case socketmode.EventTypeConnecting:
				l.up.Store(false)
				settling.Stop()
			default:
				l.handle(ctx, event)
			}
		}
	}
}

// greeted records that Slack has said hello: only then is a connection one of
// its own. One too many is accepted and closed without a greeting.
func (l *link) greeted(event socketmode.Event) {
	l.up.Store(true)
	s := l.owner
	s.space.greeted()
	s.mu.Lock()
	s.problem, s.worked = nil, true
	s.mu.Unlock()
	if event.Request != nil {
		s.app(event.Request.ConnectionInfo.AppID)
	}
	l.log().Info().Msg("connected")
}

// handle treats one event of slack-go.
func (l *link) handle(ctx context.Context, event socketmode.Event) {
	switch event.Type {
	case socketmode.EventTypeSlashCommand, socketmode.EventTypeInteractive, socketmode.EventTypeEventsAPI:
		if event.Request != nil {
			l.deliver(ctx, string(event.Type), event.Request.EnvelopeID, event.Request.Payload)
		}
	case socketmode.EventTypeErrorBadMessage:
		// slack-go could not decode it and has not acknowledged it.
		if bad, ok := event.Data.(*socketmode.ErrorBadMessage); ok {
			l.bad(ctx, bad.Message)
		}
	case socketmode.EventTypeErrorWriteFailed:
		if failed, ok := event.Data.(*socketmode.ErrorWriteFailed); ok && failed.Response != nil {
			l.again(ctx, failed.Response.EnvelopeID)
		}
	case socketmode.EventTypeConnectionError:
		if failed, ok := event.Data.(*slackgo.ConnectionErrorEvent); ok {
			l.mu.Lock()
			l.refusal = failed.ErrorObj
			l.end()
			l.mu.Unlock()
		}
	case socketmode.EventTypeIncomingError:
		l.log().Debug().Msg("connection broke")
	default:
		// Connected comes before the greeting, which is what counts.
	}
}

// bad acknowledges an envelope that slack-go could not decode, and reads it
// with pwsync's own, smaller types.
func (l *link) bad(ctx context.Context, message json.RawMessage) {
	var envelope struct {
		ID      string          `json:"envelope_id"`
		Type    string          `json:"type"`
		Payload json.RawMessage `json:"payload"`
	}
	if err := json.Unmarshal(message, &envelope); err != nil || envelope.ID == "" {
		l.log().Warn().Msg("frame not understood")
		return
	}
	l.deliver(ctx, envelope.Type, envelope.ID, envelope.Payload)
}

// deliver acknowledges an envelope and hands its content over.
func (l *link) deliver(ctx context.Context, kind, envelope string, payload json.RawMessage) {
	l.acknowledge(ctx, envelope)
	var a arrival
	var err error
	switch now := time.Now(); kind {
	case socketmode.RequestTypeSlashCommands:
		a, err = readCommand(payload, now)
	case socketmode.RequestTypeInteractive:
		a, err = readInteraction(payload, now)
	case socketmode.RequestTypeEventsAPI:
		_, a, err = readEvent(payload, now)
	default:
		err = errors.New("envelope of an unknown type")
	}
	if err != nil {
		l.log().Warn().Err(err).Msg("payload not understood")
		return
	}
	l.owner.accept(a)
}

// acknowledge queues the empty acknowledgement; that is all slack-go reports.
func (l *link) acknowledge(ctx context.Context, envelope string) {
	ctx, cancel := context.WithTimeout(ctx, ackTime)
	defer cancel()
	if err := l.client.AckCtx(ctx, envelope, nil); err != nil {
		l.log().Warn().Err(err).Msg("acknowledgement not sent")
	}
}

// again sends an acknowledgement over another connection: Slack takes it on
// any of the app's.
func (l *link) again(ctx context.Context, envelope string) {
	for _, other := range l.owner.links {
		if other != l && other.up.Load() {
			l.log().Info().Msg("acknowledgement sent over another connection")
			other.acknowledge(ctx, envelope)
			return
		}
	}
	l.log().Warn().Msg("acknowledgement lost with its connection")
}
