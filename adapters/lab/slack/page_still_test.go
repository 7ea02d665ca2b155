package slack

import (
	"context"
	"encoding/json"
	"os"
	"sync"
	"testing"
	"time"
)

// stillPage is a Page that holds still: fields instead of a workspace.
type stillPage struct {
	people   []Person
	channels []Channel
	messages map[string][]SeenMessage // by channel; ephemeral ones are Hanna's
	homes    map[string]OpenView
	views    map[string][]OpenView
	commands []Command
	faults   []FaultState
	faultErr error
	world    World

	mu      sync.Mutex
	changed []chan struct{}
}

func (s *stillPage) People() []Person    { return s.people }
func (s *stillPage) Channels() []Channel { return s.channels }
func (s *stillPage) ChannelsOf(person string) []Channel {
	var own []Channel
	for _, c := range s.channels {
		for _, m := range c.Members {
			if m == person {
				own = append(own, c)
			}
		}
	}
	return own
}

func (s *stillPage) Messages(channel, person string) []SeenMessage {
	var seen []SeenMessage
	for _, m := range s.messages[channel] {
		if !m.Ephemeral || person == "U1" {
			seen = append(seen, m)
		}
	}
	return seen
}
func (s *stillPage) Home(person string) (OpenView, bool) { v, ok := s.homes[person]; return v, ok }
func (s *stillPage) Views(person string) []OpenView      { return s.views[person] }
func (s *stillPage) Commands() []Command                 { return s.commands }
func (s *stillPage) AllFaults() ([]FaultState, error)    { return s.faults, s.faultErr }
func (s *stillPage) World() World                        { return s.world }
func (s *stillPage) Subscribe() (<-chan struct{}, func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := make(chan struct{}, 1)
	s.changed = append(s.changed, c)
	return c, func() {}
}

func (s *stillPage) listeners() []chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

// stillWorld is an estate of two people whose clock stands.
type stillWorld struct{}

func (stillWorld) Faults() ([]FaultState, error)                { return nil, nil }
func (stillWorld) SetFaults(_, _ []string) error                { return nil }
func (stillWorld) Advance(context.Context, time.Duration) error { return nil }
func (stillWorld) Now() time.Time                               { return labNow }
func (stillWorld) Users() (any, error) {
	return []map[string]string{
		{"dn": "CN=Berg\\, Mona,OU=Oslo,DC=corp,DC=example", "upn": "mona.berg@corp.example", "expect": "temporary-password"},
		{"dn": "CN=Ali Khan,OU=Lahore,DC=corp,DC=example", "upn": "ali.khan@corp.example", "expect": "healthy"},
		{"dn": "CN=Svc,OU=Oslo,DC=corp,DC=example", "expect": "waiting"},
	}, nil
}

var labNow = time.Date(2026, 11, 23, 10, 42, 7, 0, time.UTC)

func cardBlocks(t testing.TB, file string) []json.RawMessage {
	t.Helper()
	data, err := os.ReadFile("testdata/render/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var blocks []json.RawMessage
	if err := json.Unmarshal(data, &blocks); err != nil {
		t.Fatal(err)
	}
	return blocks
}

// helpdesk is a small workspace in the middle of a working day.
func helpdesk(t testing.TB) *stillPage {
	card := cardBlocks(t, "user_card.json")
	return &stillPage{
		people: []Person{
			{ID: "U1", Name: "hanna", DisplayName: "Hanna Lind", Roles: []string{"operator"}},
			{ID: "U2", Name: "bruno", RealName: "Bruno <b>Weiß", Roles: []string{"viewer"}},
			{ID: "U3", Name: "gil", Restricted: true},
			{ID: "U4", Name: "sara", Stranger: true, Roles: []string{"stranger"}},
			{ID: "UB", Name: "pwsync", IsBot: true},
		},
		channels: []Channel{
			{ID: "C1", Name: "helpdesk", Members: []string{"U1", "U2", "UB"}},
			{ID: "C2", Name: "identity", Private: true, Members: []string{"U1", "UB"}},
			{ID: "C3", Name: "partners", ExtShared: true, Members: []string{"U1", "U4"}},
			{ID: "C4", Name: "old-news", Archived: true, Members: []string{"U1"}},
			{ID: "C5", Name: "quiet", Members: []string{"U1"}},
			{ID: "D1", Name: "pwsync", IsIM: true, Members: []string{"U1", "UB"}},
		},
		messages: map[string][]SeenMessage{"C1": {
			{TS: "1.000001", UserID: "UB", UserName: "pwsync", Bot: true, Channel: "C1", At: labNow.Add(-26 * time.Hour), Text: "*All healthy.* 57 people, 3 connectors. Next digest tomorrow at 08:00.", Edited: true},
			{TS: "2.000001", UserID: "UB", UserName: "pwsync", Bot: true, Channel: "C1", At: labNow.Add(-time.Hour), Text: "Incident: heartbeat missing", Blocks: cardBlocks(t, "data.json")[:2]},
			{TS: "2.000002", ThreadTS: "2.000001", UserID: "UB", UserName: "pwsync", Bot: true, Channel: "C1", At: labNow.Add(-50 * time.Minute), Text: "Still missing after 3 h 10 min. <!here>"},
			{TS: "3.000001", UserID: "UB", UserName: "pwsync", Bot: true, Ephemeral: true, Channel: "C1", At: labNow, Text: "Mona Berg has a temporary password.", Blocks: card},
		}},
		homes:    map[string]OpenView{"U1": {ID: "VH", Type: "home", Blocks: cardBlocks(t, "data.json")}},
		views:    map[string][]OpenView{"U2": {{ID: "V1", Type: "modal", Title: "Push Password", Submit: "Push", Close: "Cancel", Hash: "h1", Blocks: cardBlocks(t, "modal.json"), Errors: map[string]string{"reason": "Name the ticket <b>."}}}},
		commands: []Command{{Name: "/pwsync", Description: "Password sync, explained", UsageHint: "user … | health", Completions: []Completion{{"user mona.berg@corp.example", "why does one password not sync"}, {"health", "is password hash sync alive"}, {"explain 611", "what an event or a code means"}, {"user ", "DN, sign-in name, mail or a mention"}, {"help", "all commands"}}}},
		faults: []FaultState{
			{ID: "staging-mode", Title: "The active server is in staging mode", Group: "server", On: true},
			{ID: "server-unreachable", Title: "The Connect server does not answer", Group: "server"},
			{ID: "slack-drop-ack", Title: "Acknowledgements from the app are lost", Group: "slack"},
		},
		world: stillWorld{},
	}
}
