package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	lab "github.com/pwsync/pwsync/adapters/lab/slack"
	"github.com/pwsync/pwsync/bot"
)

const (
	testBotToken = "xoxb-1-test-bottokenvalue"
	testAppToken = "xapp-1-A0LAB-77-apptokenvalue"
	testSigning  = "signing-value-of-the-test"
	vera         = "U0VERA"
	gus          = "U0GUEST"
	sam          = "U0STRANGER"
	helpdesk     = "C0HELP"
	quiet        = "C0QUIET"
	private      = "C0PRIVATE"
	shared       = "C0SHARED"
)

// logBuffer collects log lines from many goroutines.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// scripted is a core made of functions. Like the bot it treats each id once.
type scripted struct {
	handle func(context.Context, bot.Request, bot.Conversation)
	click  func(context.Context, bot.Click, bot.Conversation)
	home   func(context.Context, bot.Actor) bot.Card

	mu       sync.Mutex
	seen     map[string]bool
	again    int
	requests []bot.Request
	clicks   []bot.Click
}

func (s *scripted) Example() string { return "ada@example.test" }

func (s *scripted) once(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen[id] {
		s.again++
		return false
	}
	if s.seen == nil {
		s.seen = map[string]bool{}
	}
	s.seen[id] = true
	return true
}

func (s *scripted) Handle(ctx context.Context, r bot.Request, in bot.Conversation) {
	if !s.once(r.ID) {
		return
	}
	s.mu.Lock()
	s.requests = append(s.requests, r)
	s.mu.Unlock()
	if s.handle != nil {
		s.handle(ctx, r, in)
		return
	}
	_ = in.Tell(ctx, bot.Card{Headline: "You asked " + r.Text, Actions: []bot.Action{
		{ID: bot.ActionShare, Label: "Share to Channel", Value: "v1"},
		{ID: bot.ActionAgain, Label: "Check Again", Value: "v2"},
	}})
}

func (s *scripted) Click(ctx context.Context, c bot.Click, in bot.Conversation) {
	if !s.once(c.ID) {
		return
	}
	s.mu.Lock()
	s.clicks = append(s.clicks, c)
	s.mu.Unlock()
	switch {
	case s.click != nil:
		s.click(ctx, c, in)
	case c.Action == bot.ActionShare:
		_ = in.Share(ctx, bot.Card{Headline: "Shared"})
	default:
		_ = in.Replace(ctx, bot.Card{Headline: "Replaced"})
	}
}

func (s *scripted) Home(ctx context.Context, who bot.Actor) bot.Card {
	if s.home != nil {
		return s.home(ctx, who)
	}
	return bot.Card{Headline: "Ask me", Actions: []bot.Action{{ID: bot.ActionAskUser, Label: "Check User", Style: bot.StylePrimary}}}
}

func (s *scripted) asked() []bot.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

func (s *scripted) pressed() []bot.Click {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.clicks)
}

func (s *scripted) repeats() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.again
}

// scene is a workspace, an edge in it, and a core behind the edge.
type scene struct {
	*lab.Workspace
	t    *testing.T
	edge *Edge
	core *scripted
	logs *logBuffer
	url  string
	end  func() error // ends the edge and returns what Run returned
}

func labConfig() lab.Config {
	return lab.Config{
		Team: lab.Team{ID: "T0LAB", Name: "Lab", Domain: "lab"},
		Bot:  lab.Bot{UserID: "U0BOT", BotID: "B0BOT", Name: "pwsync"},
		People: []lab.Person{
			{ID: vera, Name: "vera", DisplayName: "Vera", RealName: "Vera View", Email: "vera@example.test"},
			{ID: gus, Name: "gus", RealName: "Gus Guest", UltraRestricted: true},
			{ID: sam, Name: "sam", RealName: "Sam Strange", TeamID: "T0OTHER", Stranger: true},
			{ID: "U0GONE", Name: "gone", RealName: "Gone", Deleted: true},
		},
		Channels: []lab.Channel{
			{ID: helpdesk, Name: "helpdesk", Members: []string{vera, gus, "U0BOT"}},
			{ID: quiet, Name: "quiet", Members: []string{vera}},
			{ID: private, Name: "private", Private: true, Members: []string{vera}},
			{ID: shared, Name: "shared", ExtShared: true, Members: []string{vera, sam, "U0BOT"}},
		},
		Commands:      []lab.Command{{Name: "/pwsync", ShouldEscape: true}},
		Shortcuts:     []lab.Shortcut{{CallbackID: LookUpShortcut, Name: "Check a user"}},
		AppID:         "A0LAB",
		BotToken:      testBotToken,
		AppToken:      testAppToken,
		SigningSecret: testSigning,
		BotScopes: []string{
			"commands", "chat:write", "users:read", "users:read.email", "usergroups:read", "im:write", "channels:read", "groups:read",
		},
		AppScopes: []string{"connections:write"},
		Log:       zerolog.Nop(),
	}
}

// play starts a workspace and an edge that is connected to it.
func play(t *testing.T, core *scripted, change func(*lab.Config, *Config)) *scene {
	t.Helper()
	s := prepare(t, core, change)
	s.run()
	s.until("two connections", func() bool { return s.edge.Connected() == 2 })
	return s
}

// prepare is play without the running.
func prepare(t *testing.T, core *scripted, change func(*lab.Config, *Config)) *scene {
	t.Helper()
	if core == nil {
		core = &scripted{}
	}
	s := &scene{t: t, core: core, logs: &logBuffer{}}
	labCfg := labConfig()
	cfg := Config{
		BotToken: NewSecret(testBotToken),
		AppToken: NewSecret(testAppToken),
		Log:      zerolog.New(s.logs).Level(zerolog.DebugLevel),
	}
	if change != nil {
		change(&labCfg, &cfg)
	}
	w, err := lab.New(labCfg)
	if err != nil {
		t.Fatal(err)
	}
	s.Workspace = w
	server := httptest.NewServer(w.Handler())
	t.Cleanup(func() {
		w.Close()
		server.Close()
	})
	s.url = server.URL
	cfg.APIURL = server.URL + "/api/"
	if s.edge, err = New(cfg); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *scene) run() { s.runCore(s.core) }

func (s *scene) runCore(core Core) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.edge.Run(ctx, core) }()
	var once sync.Once
	var err error
	s.end = func() error {
		once.Do(func() {
			cancel()
			select {
			case err = <-done:
			case <-time.After(20 * time.Second):
				err = errors.New("Run did not end")
			}
		})
		return err
	}
	s.t.Cleanup(func() {
		if err := s.end(); err != nil {
			s.t.Errorf("Run: %v", err)
		}
		s.noSecrets()
	})
}

// until waits for something that must become true.
func (s *scene) until(what string, ok func() bool) {
	s.t.Helper()
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	s.t.Fatalf("waited in vain for %s; log:\n%s", what, s.logs)
}

// typedMark is in every text that the tests type, so that a log line that
// holds any of it is found.
const typedMark = "zebra"

// noSecrets fails the test when the log holds what it must not.
func (s *scene) noSecrets() {
	log := s.logs.String()
	for _, secret := range []string{
		testBotToken, testAppToken, "bottokenvalue", "apptokenvalue", testSigning,
		"/commands/T0", "/actions/T0", "ticket=", typedMark, "vera", "Vera", vera, helpdesk,
	} {
		if strings.Contains(log, secret) {
			s.t.Errorf("the log holds %q:\n%s", secret, log)
		}
	}
}

// slash runs /pwsync as Vera and expects a prompt acknowledgement.
func (s *scene) slash(channel, text string) {
	s.t.Helper()
	out, err := s.Slash(context.Background(), vera, channel, "/pwsync", text)
	if err != nil {
		s.t.Fatal(err)
	}
	if !out.Acknowledged || out.MS > 1000 {
		s.t.Fatalf("outcome %+v, want an acknowledgement within a second", out)
	}
}

// seen are the texts that a person sees in a channel.
func (s *scene) seen(person, channel string) []string {
	var out []string
	for _, m := range s.Messages(channel, person) {
		out = append(out, m.Text)
	}
	return out
}

// awaitText waits until a person sees a message with a text.
func (s *scene) awaitText(person, channel, text string) lab.SeenMessage {
	s.t.Helper()
	var found lab.SeenMessage
	s.until(fmt.Sprintf("%q in %s", text, channel), func() bool {
		for _, m := range s.Messages(channel, person) {
			if strings.Contains(m.Text, text) {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

func (s *scene) click(m lab.SeenMessage, action string) {
	s.t.Helper()
	out, err := s.Click(context.Background(), lab.Click{User: vera, Channel: m.Channel, TS: m.TS, ActionID: action})
	if err != nil {
		s.t.Fatal(err)
	}
	if !out.Acknowledged || out.MS > 1000 {
		s.t.Fatalf("outcome %+v, want an acknowledgement within a second", out)
	}
}

func (s *scene) direct(person string) string {
	s.t.Helper()
	for _, ch := range s.ChannelsOf(person) {
		if ch.IsIM {
			return ch.ID
		}
	}
	return ""
}

// decodeBlocks reads the blocks of a message back.
func decodeBlocks(t *testing.T, blocks []json.RawMessage) []map[string]any {
	t.Helper()
	var out []map[string]any
	for _, raw := range blocks {
		var b map[string]any
		if err := json.Unmarshal(raw, &b); err != nil {
			t.Fatal(err)
		}
		out = append(out, b)
	}
	return out
}
