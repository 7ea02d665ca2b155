package adsync

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/suite"
)

// logEntries is how many entries of a person's password sync log are read; the
// server keeps a week of them.
const logEntries = 50

// Server is one Entra Connect server as the suite asks it. It is safe for use
// by many goroutines.
type Server struct {
	host, role string
	opts       Options
	client     *Client

	shots  flights[struct{}, checks.Server]
	people flights[suite.UserRef, answer]

	mu   sync.Mutex
	last photograph
}

// photograph is the newest picture of the server with the moment at which it
// was taken, by both clocks.
type photograph struct {
	server checks.Server
	at     time.Time
	taken  time.Time
}

// NewServer returns the server of the configured name and role, whose worker is
// reached through t. Nothing is opened before the first question.
func NewServer(host, role string, t Transport, o Options) *Server {
	o = o.withDefaults()
	o.Log = o.Log.With().Str("server", host).Logger()
	return &Server{host: host, role: role, opts: o, client: NewClient(t, o)}
}

// Host is the configured name.
func (s *Server) Host() string { return s.host }

// Role is the configured role, checks.RoleActive or checks.RoleStaging.
func (s *Server) Role() string { return s.role }

// Close ends the connections; questions under way end with missing facts.
func (s *Server) Close() error {
	err := s.client.Close()
	s.shots.close()
	s.people.close()
	return err
}

// Server photographs the server: what it is and what its Application log says.
// A photograph is shared for Options.Share, and its facts then say how old they
// are. A worker that cannot be reached is a fact too: Contact says so, and every
// other fact is missing for that reason.
func (s *Server) Server(ctx context.Context) checks.Server {
	if shot, age, ok := s.recent(); ok {
		return aged(shot, age)
	}
	shot, err := s.shots.do(ctx, struct{}{}, s.shoot)
	if err != nil {
		none := newAnswer(s.host, Reply{}, asking(err))
		return decodeServer(s.host, s.role, none, none, [2]eventQuery{})
	}
	return aged(shot, 0)
}

// User looks one person up in the connector spaces and the metaverse.
func (s *Server) User(ctx context.Context, ref suite.UserRef) suite.UserView {
	a, err := s.people.do(ctx, ref, func() answer {
		reply, err := s.client.Do(context.Background(), "user", userArgs{ConnectorID: ref.ConnectorID, DN: ref.DN, LogCount: logEntries})
		return newAnswer(s.host, reply, err)
	})
	if err != nil {
		a = newAnswer(s.host, Reply{}, asking(err))
	}
	return decodeUser(a)
}

type userArgs struct {
	ConnectorID string `json:"connectorId"`
	DN          string `json:"dn"`
	LogCount    int    `json:"logCount"`
}

// Forget makes the next question take a new photograph, for callers that know
// that the server has just been changed.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = photograph{}
}

// recent returns the last photograph while it may still be shared. It must be
// young by wall time and by the bot's clock, which can be advanced.
func (s *Server) recent() (shot checks.Server, age time.Duration, ok bool) {
	now := s.opts.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last.at.IsZero() {
		return checks.Server{}, 0, false
	}
	share := s.opts.Share
	if c, _ := s.last.server.Contact.Get(); !c.Reached {
		// Bad news grows stale sooner: somebody is repairing it.
		share /= 6
	}
	age = now.Sub(s.last.at)
	return s.last.server, age, age >= 0 && age < share && time.Since(s.last.taken) < share
}

// shoot asks for both halves of a photograph at once, each on a worker of its
// own, and keeps the outcome.
func (s *Server) shoot() checks.Server {
	asked := eventQueries(s.opts.Now(), s.opts.UploadSpan)
	events := make(chan answer, 1)
	go func() {
		reply, err := s.client.Do(context.Background(), "events", eventArgs{Queries: asked})
		events <- newAnswer(s.host, reply, err)
	}()
	reply, err := s.client.Do(context.Background(), "server", struct{}{})
	server := newAnswer(s.host, reply, err)
	shot := decodeServer(s.host, s.role, server, <-events, asked)

	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = photograph{server: shot, at: s.opts.Now(), taken: time.Now()}
	return shot
}

// errAsking marks what went wrong with the asking rather than with the server.
type errAsking struct{ err error }

func (e *errAsking) Error() string { return e.err.Error() }
func (e *errAsking) Unwrap() error { return e.err }

func asking(err error) error {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		err = fmt.Errorf("the server's answer did not come in time for this question: %w", err)
	case errors.Is(err, context.Canceled):
		err = fmt.Errorf("the question was withdrawn: %w", err)
	}
	return &errAsking{err}
}

// answered reports whether the worker said anything to the request.
func answered(a answer) bool {
	var refused *RefusedError
	return a.err == nil || errors.As(a.err, &refused)
}

// neverAsked reports whether the request failed before it concerned the server.
func neverAsked(err error) bool {
	var asking *errAsking
	return errors.As(err, &asking) || errors.Is(err, ErrBusy) || errors.Is(err, ErrClosed)
}
