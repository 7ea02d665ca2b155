package main

import (
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"github.com/rs/zerolog"

	labslack "github.com/pwsync/pwsync/adapters/lab/slack"

	"github.com/pwsync/pwsync/adapters/lab"
	"github.com/pwsync/pwsync/bot"
	botslack "github.com/pwsync/pwsync/bot/slack"
	"github.com/pwsync/pwsync/checks/suite"
)

// Who serves the ports of the bot.
var (
	_ bot.Engine   = (*suite.Suite)(nil)
	_ bot.People   = (*botslack.Edge)(nil)
	_ bot.Channels = (*botslack.Edge)(nil)
	_ bot.State    = (*bot.Memory)(nil)
	_ bot.Clock    = (*lab.Lab)(nil)
)

// wallClock dates what was delivered and what buttons stand for: people and Slack
// live on wall time, whatever the lab's clock does.
type wallClock struct{}

// Now is the time on the wall.
func (wallClock) Now() time.Time { return time.Now() }

// workspace is the lab's Slack-compatible workspace with the bot in it.
type workspace struct {
	chat *labslack.Workspace
	edge *botslack.Edge
	bot  *bot.Bot
}

// Close ends the workspace.
func (c *workspace) Close() { c.chat.Close() }

// labApp is what the lab's workspace granted to the app.
const (
	labAppID     = "A0LAB"
	labBotUser   = "U0PWSYNC"
	labBotID     = "B0PWSYNC"
	slashCommand = "/pwsync"
	identityTeam = "#identity-ops"
	userQuestion = "user "
)

var labScopes = []string{"commands", "chat:write", "users:read", "users:read.email", "channels:read", "groups:read", "im:write", "usergroups:read"}

// chatOptions say what the workspace is like.
type chatOptions struct {
	// base is the address that the workspace is served at.
	base string
	log  zerolog.Logger
	// crowd adds this many colleagues to every channel, and lifts Slack's rate
	// limits, for measuring.
	crowd int
}

// labTokens are the app's secrets in the lab's workspace, made anew at every start.
type labTokens struct{ bot, app, signing string }

func newLabTokens() labTokens {
	return labTokens{bot: "xoxb-" + rand.Text(), app: "xapp-1-" + labAppID + "-" + rand.Text(), signing: rand.Text()}
}

// openChat builds the workspace on top of the estate, with nobody in the app's
// place yet. With deliver the app is reached by signed requests at these
// addresses, without by Socket Mode.
func openChat(estate *labWorld, o chatOptions, tokens labTokens, deliver *labslack.HTTPMode) (*labslack.Workspace, error) {
	chat, err := labslack.New(labslack.Config{
		Team:   labslack.Team{ID: lab.ChatTeamID, Name: lab.ChatTeamName, Domain: "contoso-it"},
		Bot:    labslack.Bot{UserID: labBotUser, BotID: labBotID, Name: "pwsync"},
		People: chatPeople(estate.lab, o.crowd), Channels: chatChannels(estate.lab, o.crowd), Commands: chatCommands(estate.lab),
		Shortcuts: []labslack.Shortcut{{CallbackID: botslack.LookUpShortcut, Name: "Check a User"}},
		AppID:     labAppID, BotToken: tokens.bot, AppToken: tokens.app, SigningSecret: tokens.signing, HTTP: deliver,
		BotScopes: labScopes, AppScopes: []string{"connections:write"},
		BaseURL: o.base, Clock: estate.lab.Clock(), World: estate, Log: o.log, NoRateLimits: o.crowd > 0,
	})
	if err != nil {
		return nil, fmt.Errorf("open the workspace: %w", err)
	}
	return chat, nil
}

// openWorkspace builds the workspace and the bot in it.
func openWorkspace(estate *labWorld, o chatOptions) (*workspace, error) {
	tokens := newLabTokens()
	chat, err := openChat(estate, o, tokens, nil)
	if err != nil {
		return nil, err
	}
	edge, err := botslack.New(botslack.Config{
		BotToken: botslack.NewSecret(tokens.bot), AppToken: botslack.NewSecret(tokens.app),
		APIURL: o.base + "/api/", AppID: labAppID, Command: slashCommand, Log: o.log,
	})
	if err != nil {
		chat.Close()
		return nil, err
	}
	core, err := bot.New(bot.Config{
		Engine: estate.suite, People: edge, Channels: edge, State: bot.NewMemory(wallClock{}), Clock: estate.lab, Log: o.log, Command: slashCommand,
		Policy: bot.Policy{Teams: []string{lab.ChatTeamID}, Roles: bot.MemberRoles, Contact: "the people in " + identityTeam},
	})
	if err != nil {
		chat.Close()
		return nil, err
	}
	return &workspace{chat: chat, edge: edge, bot: core}, nil
}

func chatPeople(l *lab.Lab, crowd int) []labslack.Person {
	var out []labslack.Person
	for _, p := range l.People() {
		out = append(out, labslack.Person{
			ID: p.ID, Name: p.Name, DisplayName: p.Real, RealName: p.Real, Email: p.Email, TeamID: p.Team, TimeZone: p.TimeZone, Roles: p.Roles,
			Restricted: p.Guest, UltraRestricted: p.Guest, Stranger: p.Stranger,
		})
	}
	for i := range crowd {
		id := colleague(i)
		out = append(out, labslack.Person{ID: id, Name: strings.ToLower(id), RealName: "Colleague " + id, Email: strings.ToLower(id) + "@contoso.com", Roles: []string{"viewer"}})
	}
	return out
}

func colleague(i int) string { return fmt.Sprintf("U1COLLEAGUE%d", i) }

func chatChannels(l *lab.Lab, crowd int) []labslack.Channel {
	var out []labslack.Channel
	for _, c := range l.ChatChannels() {
		members := append(c.Members, labBotUser)
		for i := range crowd {
			members = append(members, colleague(i))
		}
		out = append(out, labslack.Channel{ID: c.ID, Name: c.Name, ExtShared: c.External, Members: members})
	}
	return out
}

// chatCommands offers the command table to the composer. The first completions
// are whole questions to start with.
func chatCommands(l *lab.Lab) []labslack.Command {
	done := []labslack.Completion{
		{Text: userQuestion + personWith(l, "temporary-password"), Hint: "the caller's new password does not work"},
		{Text: "health", Hint: "does password hash synchronization work?"},
		{Text: "explain 611", Hint: "what does this event mean?"},
	}
	for _, c := range bot.Commands() {
		text := c.Name
		if c.Usage != "" {
			text += " "
		}
		if text != "health" {
			done = append(done, labslack.Completion{Text: text, Hint: c.Summary})
		}
	}
	return []labslack.Command{{
		Name: slashCommand, Description: "Password hash synchronization", UsageHint: "user <name> | health | status | log <name> | explain <text> | help",
		Completions: done, ShouldEscape: true,
	}}
}

// personWith names somebody of the estate who has a problem.
func personWith(l *lab.Lab, check string) string {
	for _, p := range l.Users() {
		if p.Expect == check {
			return firstOf(p.UPN, p.DN)
		}
	}
	return ""
}
