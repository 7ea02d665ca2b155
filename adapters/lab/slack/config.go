package slack

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/rs/zerolog"
)

// Clock tells the lab's time. It is asked, never waited for.
type Clock interface {
	Now() time.Time
}

// Person is a member of the workspace, or a stranger from another one who
// came in through a shared channel.
type Person struct {
	ID          string `json:"id"`
	Name        string `json:"name"` // the handle, as in @name
	DisplayName string `json:"display_name"`
	RealName    string `json:"real_name"`
	Email       string `json:"email"`
	// TeamID is the workspace that the person belongs to; empty means this one.
	TeamID string `json:"team_id"`
	// TimeZone is an IANA name; empty means UTC.
	TimeZone string `json:"tz,omitempty"`
	// Roles are labels for the reader of the page. The workspace itself
	// attaches no meaning to them.
	Roles           []string `json:"roles"`
	Deleted         bool     `json:"deleted"`
	IsBot           bool     `json:"is_bot"`
	Restricted      bool     `json:"is_restricted"`       // a multi-channel guest
	UltraRestricted bool     `json:"is_ultra_restricted"` // a single-channel guest
	Stranger        bool     `json:"is_stranger"`
}

// Channel is a public or private channel, or a direct message with the app.
type Channel struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"` // without the leading #
	Private   bool     `json:"is_private"`
	IsIM      bool     `json:"is_im"`
	ExtShared bool     `json:"is_ext_shared"`
	Archived  bool     `json:"is_archived"`
	Members   []string `json:"members"` // user ids, the bot's among them where it was invited
}

// UserGroup is a mentionable group of people.
type UserGroup struct {
	ID       string
	Handle   string
	Name     string
	Users    []string
	Disabled bool
}

// Shortcut is an entry of the app in Slack's shortcut menus.
type Shortcut struct {
	CallbackID string
	Name       string
	// OnMessage tells a message shortcut from a global one.
	OnMessage bool
}

// Team is the workspace as others see it.
type Team struct {
	ID     string
	Name   string
	Domain string
}

// Bot is the app's own user.
type Bot struct {
	UserID string
	BotID  string
	Name   string
}

// HTTPMode names the addresses that signed requests are posted to when the
// app does not use Socket Mode.
type HTTPMode struct {
	Commands      string
	Interactivity string
	Events        string
}

// Config is everything that a workspace is made of.
type Config struct {
	Team       Team
	Bot        Bot
	People     []Person
	Channels   []Channel
	UserGroups []UserGroup
	Commands   []Command
	Shortcuts  []Shortcut

	AppID         string
	BotToken      string
	AppToken      string
	SigningSecret string
	// VerificationToken is the deprecated token field of payloads; it may be empty.
	VerificationToken string
	// BotScopes and AppScopes are what was granted to the two tokens.
	BotScopes []string
	AppScopes []string

	// HTTP switches from Socket Mode to signed HTTP requests.
	HTTP *HTTPMode
	// BaseURL is how the app reaches this workspace, without a trailing
	// slash. When empty it is taken from the requests that arrive.
	BaseURL string
	// Clock is the lab's time; nil means wall time.
	Clock Clock
	// World is the estate behind the workspace; nil means that there is none.
	World World
	// Log receives what happens on the wire; never tokens, trigger ids or
	// response URLs.
	Log zerolog.Logger
	// NoRateLimits lifts rate limits, for load runs.
	NoRateLimits bool
	// StrictAcks accepts an acknowledgement only on the connection that the
	// envelope was sent to. Slack accepts it on any connection of the app.
	StrictAcks bool
}

// wallClock is the Clock of a workspace without a lab clock.
type wallClock struct{}

func (wallClock) Now() time.Time { return time.Now() }

// check reports every problem of the configuration at once.
func (c *Config) check() error {
	var errs []error
	need := func(name, value string) {
		if value == "" {
			errs = append(errs, fmt.Errorf("%s is empty", name))
		}
	}
	need("Team.ID", c.Team.ID)
	need("Bot.UserID", c.Bot.UserID)
	need("Bot.BotID", c.Bot.BotID)
	need("AppID", c.AppID)
	need("BotToken", c.BotToken)
	if c.HTTP == nil {
		need("AppToken", c.AppToken)
	} else {
		need("SigningSecret", c.SigningSecret)
		errs = append(errs, c.HTTP.check()...)
	}
	if c.BotToken != "" && c.BotToken == c.AppToken {
		errs = append(errs, errors.New("BotToken and AppToken are the same"))
	}
	errs = append(errs, c.checkPeople()...)
	errs = append(errs, c.checkChannels()...)
	errs = append(errs, c.checkCommands()...)
	return errors.Join(errs...)
}

func (h *HTTPMode) check() []error {
	var errs []error
	for _, raw := range []string{h.Commands, h.Interactivity, h.Events} {
		u, err := url.Parse(raw)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			errs = append(errs, fmt.Errorf("request URL %q is not an http or https address", raw))
		}
	}
	return errs
}

func (c *Config) checkPeople() []error {
	var errs []error
	if len(c.People) == 0 {
		errs = append(errs, errors.New("there are no people"))
	}
	ids, names := map[string]bool{c.Bot.UserID: true}, map[string]bool{}
	for _, p := range c.People {
		if p.ID == "" || p.Name == "" {
			errs = append(errs, fmt.Errorf("person %q (%s) has no id or no name", p.Name, p.ID))
		}
		if _, err := time.LoadLocation(p.TimeZone); err != nil {
			errs = append(errs, fmt.Errorf("person %s: the time zone %q is not known", p.ID, p.TimeZone))
		}
		if ids[p.ID] {
			errs = append(errs, fmt.Errorf("user id %s is used twice", p.ID))
		}
		if names[strings.ToLower(p.Name)] {
			errs = append(errs, fmt.Errorf("user name %q is used twice", p.Name))
		}
		ids[p.ID], names[strings.ToLower(p.Name)] = true, true
	}
	for _, g := range c.UserGroups {
		for _, u := range g.Users {
			if !ids[u] {
				errs = append(errs, fmt.Errorf("user group %s lists %s, who does not exist", g.ID, u))
			}
		}
	}
	return errs
}

func (c *Config) checkChannels() []error {
	var errs []error
	people := map[string]bool{c.Bot.UserID: true}
	for _, p := range c.People {
		people[p.ID] = true
	}
	ids, names := map[string]bool{}, map[string]bool{}
	for _, ch := range c.Channels {
		if ch.ID == "" || ch.Name == "" {
			errs = append(errs, fmt.Errorf("channel %q (%s) has no id or no name", ch.Name, ch.ID))
		}
		if ch.IsIM {
			errs = append(errs, fmt.Errorf("channel %s: direct messages are opened, not configured", ch.ID))
		}
		if ids[ch.ID] || names[strings.ToLower(ch.Name)] {
			errs = append(errs, fmt.Errorf("channel %q (%s) is there twice", ch.Name, ch.ID))
		}
		ids[ch.ID], names[strings.ToLower(ch.Name)] = true, true
		for _, m := range ch.Members {
			if !people[m] {
				errs = append(errs, fmt.Errorf("channel %q lists member %s, who does not exist", ch.Name, m))
			}
		}
	}
	return errs
}

func (c *Config) checkCommands() []error {
	var errs []error
	seen := map[string]bool{}
	for _, cmd := range c.Commands {
		if !strings.HasPrefix(cmd.Name, "/") || strings.ContainsAny(cmd.Name, " \t\n") || len(cmd.Name) > 32 || len(cmd.Name) < 2 {
			errs = append(errs, fmt.Errorf("command %q: a name is a slash and up to 31 characters without spaces", cmd.Name))
		}
		if seen[cmd.Name] {
			errs = append(errs, fmt.Errorf("command %q is there twice", cmd.Name))
		}
		seen[cmd.Name] = true
	}
	return errs
}
