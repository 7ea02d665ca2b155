package suite

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/identity"
)

// Suite holds the sources of one installation. Servers must not be empty; every
// other source may be absent.
type Suite struct {
	Servers      []ConnectServer
	Directories  []Directory
	Rights       Rights
	Reachability Reachability
	Cloud        Cloud
	SignIns      SignIns

	Clock      Clock
	Thresholds checks.Thresholds
	// Deadlines bound the sources; zero fields take the defaults.
	Deadlines Deadlines
}

// Deadlines bound one call to each kind of source, on wall time.
type Deadlines struct {
	Server    time.Duration
	Directory time.Duration
	Cloud     time.Duration
}

// The deadlines that hold unless configured otherwise: a Connect server imports
// a module and asks the cloud, a directory answers at once.
const (
	defaultServerDeadline    = 25 * time.Second
	defaultDirectoryDeadline = 8 * time.Second
	defaultCloudDeadline     = 10 * time.Second
)

// Question is what somebody asks.
type Question struct {
	// Person is whom it is about; nil asks about health.
	Person *identity.Query
	// Input is what was typed, for the record.
	Input string
	// Forests limits the answer to these forests; nil means all of them. A person
	// outside is not found, in the same words as one who does not exist.
	Forests []string
}

// Progress is told what is being waited for, in a few words. It may be called
// from several goroutines at once.
type Progress func(what string)

// Answer is a report together with the facts that it was drawn from.
type Answer struct {
	Facts  *checks.Facts
	Report *checks.Report
}

// Ask photographs what the question needs, and judges it.
func (s *Suite) Ask(ctx context.Context, q Question, progress Progress) Answer {
	f := s.Collect(ctx, q, progress)
	return Answer{Facts: f, Report: checks.Answer(f)}
}

// Collect photographs what the question needs. It does not fail: what could not
// be read is a missing fact.
func (s *Suite) Collect(ctx context.Context, q Question, progress Progress) *checks.Facts {
	if progress == nil {
		progress = func(string) {}
	}
	f := &checks.Facts{
		Schema:        checks.FactsSchema,
		Question:      checks.Question{Scope: checks.ScopeHealthQuestion, Input: q.Input},
		Thresholds:    s.Thresholds,
		NotConfigured: s.gaps(),
	}
	run := &collection{suite: s, question: q, facts: f, progress: progress}
	if q.Person != nil {
		f.Question.Scope = checks.ScopeUserQuestion
		f.Question.Said = q.Person.Said
		f.User = &checks.User{}
		run.person(ctx)
	} else {
		run.health(ctx)
	}
	// The photograph is dated when it is complete, so that nothing in it is newer
	// than its own now.
	f.At = s.Clock.Now().UTC().Truncate(time.Millisecond)
	return f
}

func (s *Suite) gaps() []checks.Gap {
	var out []checks.Gap
	add := func(missing bool, source checks.Source, why string) {
		if missing {
			out = append(out, checks.Gap{Source: source, Why: why})
		}
	}
	add(len(s.Directories) == 0, checks.SourceDirectory, "no Active Directory access is configured")
	add(s.Rights == nil, checks.SourceRights, "the evaluation of replication rights is not configured")
	add(s.Reachability == nil, checks.SourceReachability, "the bot's own view of the domain controllers is not configured")
	add(s.Cloud == nil, checks.SourceGraph, "Microsoft Graph is not configured")
	add(s.SignIns == nil, checks.SourceSignIns, "the sign-in log of Microsoft Graph is not configured")
	return out
}

func (s *Suite) active() ConnectServer {
	for _, server := range s.Servers {
		if server.Role() == checks.RoleActive {
			return server
		}
	}
	return nil
}

// allowed reports whether the asker may see the forest.
func (q Question) allowed(forest string) bool {
	return q.Forests == nil || slices.ContainsFunc(q.Forests, func(f string) bool { return equalFold(f, forest) })
}

// collection is one photograph being taken.
type collection struct {
	suite    *Suite
	question Question
	facts    *checks.Facts
	progress Progress
}

func or(d, otherwise time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return otherwise
}

// ask runs one call under its deadline and makes a fact of the outcome.
func ask[T any](ctx context.Context, deadline time.Duration, from string, call func(context.Context) (T, error)) checks.Fact[T] {
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	v, err := call(ctx)
	if err != nil {
		return checks.Missing[T](from, reason(ctx, deadline, err))
	}
	return checks.Got(from, v)
}

// reason words an error; running out of time is said as such.
func reason(ctx context.Context, deadline time.Duration, err error) string {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Sprintf("no answer within %s", deadline)
	}
	if errors.Is(err, context.Canceled) {
		return "the question was canceled"
	}
	return err.Error()
}
