package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/rs/zerolog"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/identity"
	"github.com/pwsync/pwsync/checks/suite"
)

// sourceFlags say where the facts of a question come from.
type sourceFlags struct {
	lab    bool
	faults []string
	facts  string
}

func (f *sourceFlags) add(cmd *cobra.Command, replay bool) {
	cmd.Flags().BoolVar(&f.lab, "lab", false, "ask the simulated estate")
	cmd.Flags().StringArrayVar(&f.faults, "fault", nil, "switch a fault of the lab on: ID[@subject] (repeatable; see pwsync lab faults)")
	if replay {
		cmd.Flags().StringVar(&f.facts, "facts", "", "judge facts that were collected before: a file, or - for standard input")
	}
}

func (f *sourceFlags) check() error {
	switch {
	case f.lab && f.facts != "":
		return usageError("--lab and --facts exclude each other: ask the lab, or judge a file")
	case len(f.faults) > 0 && !f.lab:
		return usageError("--fault is for the lab: add --lab")
	case !f.lab && f.facts == "":
		return usageError("say where to look: --lab asks the simulated estate, --facts FILE judges facts collected before")
	}
	return nil
}

// parseQuestion turns "health" or "user NAME" into a question.
func parseQuestion(args []string) (suite.Question, error) {
	if len(args) == 0 || args[0] == "health" {
		if len(args) > 1 {
			return suite.Question{}, usageError("health takes no argument, got %q", args[1])
		}
		return suite.Question{Input: "health"}, nil
	}
	if args[0] != "user" {
		return suite.Question{}, usageError("ask about health or user, not %q", args[0])
	}
	input := strings.Join(args[1:], " ")
	if strings.TrimSpace(input) == "" {
		return suite.Question{}, usageError("whom? Give a sign-in name, an account name, a distinguished name, an objectGUID or an ImmutableId")
	}
	q, err := identity.Read(input)
	var refusal *identity.Refusal
	if errors.As(err, &refusal) {
		return suite.Question{}, usageError("%s", refusal.Say)
	}
	if err != nil {
		return suite.Question{}, usageError("%w", err)
	}
	if q.Kind == identity.KindSlackUser {
		return suite.Question{}, usageError("a Slack mention means nothing on the command line: give the sign-in name")
	}
	return suite.Question{Person: &q, Input: input}, nil
}

// readFacts reads the facts of a replay.
func readFacts(w *world, name string) (*checks.Facts, error) {
	if name == "-" {
		return checks.ReadFacts(w.stdin)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	facts, err := checks.ReadFacts(f)
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return facts, nil
}

// collect photographs the world that the flags name.
func (f *sourceFlags) collect(ctx context.Context, w *world, q suite.Question) (*checks.Facts, error) {
	estate, err := openLab(labOptions{frozen: true, faults: f.faults, log: zerolog.Nop()})
	if err != nil {
		return nil, err
	}
	defer estate.Close()
	line := newProgressLine(w.stderr)
	defer line.end()
	return estate.suite.Collect(ctx, q, line.show), nil
}

// progressLine shows on a terminal what is being waited for, and leaves nothing
// behind. Where standard error is no terminal it is silent.
type progressLine struct {
	mu sync.Mutex
	w  io.Writer
}

func newProgressLine(w io.Writer) *progressLine {
	if !isTerminal(w) {
		w = nil
	}
	return &progressLine{w: w}
}

func (p *progressLine) show(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.w != nil {
		fmt.Fprintf(p.w, "\r\x1b[K%s …", clean(what))
	}
}

func (p *progressLine) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.w != nil {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
