package slack

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestAWorkspaceNamesEveryProblemOfItsConfiguration(t *testing.T) {
	cfg := testConfig()
	cfg.Team.ID = ""
	cfg.People = append(cfg.People, Person{ID: viewerID, Name: "vera"})
	cfg.Channels = append(cfg.Channels, Channel{ID: "C9", Name: "helpdesk", Members: []string{"U0NOBODY"}}, Channel{ID: "D9", Name: "dm", IsIM: true})
	cfg.UserGroups[0].Users = []string{"U0NOBODY"}
	cfg.Commands = append(cfg.Commands, Command{Name: "pw sync"})
	cfg.HTTP = &HTTPMode{Commands: "ftp://x"}
	cfg.SigningSecret = ""
	_, err := New(cfg)
	if err == nil {
		t.Fatal("New took it")
	}
	for _, want := range []string{
		"Team.ID is empty", "user id U0VIEWER is used twice", `user name "vera" is used twice`, `"helpdesk" (C9) is there twice`,
		"lists member U0NOBODY", "direct messages are opened", "user group S0APPROVE", `command "pw sync"`, "SigningSecret is empty", `"ftp://x"`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not among the problems:\n%v", want, err)
		}
	}
}

// estate is a World of functions.
type estate struct {
	faults  []FaultState
	set     func(on, off []string) error
	advance func(time.Duration) error
}

func (e *estate) Faults() ([]FaultState, error)                    { return e.faults, nil }
func (e *estate) SetFaults(on, off []string) error                 { return e.set(on, off) }
func (e *estate) Advance(_ context.Context, d time.Duration) error { return e.advance(d) }
func (e *estate) Now() time.Time                                   { return time.Time{} }
func (e *estate) Users() (any, error)                              { return []string{"someone"}, nil }

func TestTheEstatesFaultsClockAndUsersGoThrough(t *testing.T) {
	clock := &labClock{now: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)}
	var switched []string
	world := &estate{
		faults: []FaultState{{ID: "staging-mode", Title: "Staging", Group: "server"}},
		set: func(on, _ []string) error {
			if slices.Contains(on, "nonsense") {
				return errors.New("unknown fault")
			}
			switched = append(switched, on...)
			return nil
		},
		advance: func(d time.Duration) error { clock.advance(d); return nil },
	}
	l := startLab(t, func(c *Config) { c.World, c.Clock = world, clock })
	changed, done := l.Subscribe()
	defer done()
	if status, body := l.post("/lab/faults", `{"on":["staging-mode","slack-slow"]}`); status != 200 || !strings.HasPrefix(body, `[{"id":"staging-mode"`) {
		t.Errorf("answered %d %s", status, body)
	}
	if !slices.Equal(switched, []string{"staging-mode"}) || !l.faults.active(faultSlow) {
		t.Errorf("the estate got %v", switched)
	}
	<-changed
	if status, _ := l.post("/lab/faults", `{"on":["nonsense"],"off":["slack-slow"]}`); status != 400 || !l.faults.active(faultSlow) {
		t.Errorf("a refused change was half done (%d)", status)
	}
	if status, body := l.post("/lab/clock", `{"advance":"3h"}`); status != 200 || !strings.Contains(body, "2030-01-01T03:00:00Z") {
		t.Errorf("answered %d %s", status, body)
	}
	<-changed
	var users []string
	if l.get("/lab/users", &users); !slices.Equal(users, []string{"someone"}) {
		t.Errorf("users are %v", users)
	}
}
