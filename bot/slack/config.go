package slack

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/rs/zerolog"
)

// Config is what an [Edge] needs. AppToken selects Socket Mode, SigningSecret
// the HTTP receiver; with both, both work.
type Config struct {
	BotToken      Secret // xoxb-…
	AppToken      Secret // xapp-…
	SigningSecret Secret
	// APIURL is where the Web API is, "https://slack.com/api/" by default.
	APIURL string
	// AppID is the app's id, where it is known. The app-level token tells
	// it, and so does Socket Mode; deliveries for another app are refused.
	AppID string
	// Command is how people invoke the bot, "/pwsync" by default.
	Command string
	// HTTPClient makes every call but the Socket Mode ones, which use its
	// Transport; a client with sane deadlines by default.
	HTTPClient *http.Client
	Log        zerolog.Logger

	// Connections is the number of Socket Mode connections, two by default;
	// Slack allows ten.
	Connections int
	// Workers and Queue bound what is worked on and what waits, 64 and 256
	// by default.
	Workers int
	Queue   int
	// DrainTime is how long work in progress may take to finish when Run
	// ends, ten seconds by default.
	DrainTime time.Duration
}

const (
	defaultAPI     = "https://slack.com/api/"
	defaultCommand = "/pwsync"
	defaultLinks   = 2
	maxLinks       = 10
	defaultDrain   = 10 * time.Second
	// callTime bounds one call of the Web API or a response URL.
	callTime = 10 * time.Second
)

// complete fills in the defaults and reports every problem at once.
func (c Config) complete() (Config, error) {
	var errs []error
	if c.BotToken.empty() {
		errs = append(errs, errors.New("no bot token"))
	}
	if c.AppToken.empty() && c.SigningSecret.empty() {
		errs = append(errs, errors.New("neither an app-level token for Socket Mode nor a signing secret for HTTP"))
	}
	if strings.HasPrefix(c.BotToken.reveal(), "xapp-") {
		errs = append(errs, errors.New("the bot token is an app-level token; it should begin with xoxb-"))
	}
	if strings.HasPrefix(c.AppToken.reveal(), "xoxb-") {
		errs = append(errs, errors.New("the app-level token is a bot token; it should begin with xapp-"))
	}
	c.APIURL = strings.TrimSuffix(first(c.APIURL, defaultAPI), "/") + "/"
	if u, err := url.Parse(c.APIURL); err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		errs = append(errs, fmt.Errorf("API address %q is not an http or https address", c.APIURL))
	}
	c.Command = first(c.Command, defaultCommand)
	if !strings.HasPrefix(c.Command, "/") || strings.ContainsAny(c.Command, " \t\n") {
		errs = append(errs, fmt.Errorf("command %q is not a slash and a word", c.Command))
	}
	if c.Connections == 0 {
		c.Connections = defaultLinks
	}
	if c.Connections < 1 || c.Connections > maxLinks {
		errs = append(errs, fmt.Errorf("%d connections; Slack allows 1 to %d", c.Connections, maxLinks))
	}
	if c.Workers <= 0 {
		c.Workers = defaultWorkers
	}
	if c.Queue <= 0 {
		c.Queue = defaultQueue
	}
	if c.DrainTime <= 0 {
		c.DrainTime = defaultDrain
	}
	if c.AppID == "" {
		c.AppID = appOfToken(c.AppToken)
	}
	if c.HTTPClient == nil {
		c.HTTPClient = &http.Client{Transport: newTransport(), Timeout: callTime + time.Second}
	}
	return c, errors.Join(errs...)
}

// newTransport is a transport of our own, so that idle connections of other
// packages' clients are not ours to close.
func newTransport() *http.Transport {
	t, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		t = &http.Transport{Proxy: http.ProxyFromEnvironment, TLSHandshakeTimeout: callTime}
	}
	t = t.Clone()
	t.MaxIdleConnsPerHost = defaultWorkers
	t.ResponseHeaderTimeout = callTime
	return t
}

// appOfToken reads the app's id out of an app-level token, which has the form
// xapp-1-<app id>-<number>-<secret>.
func appOfToken(token Secret) string {
	parts := strings.Split(token.reveal(), "-")
	if len(parts) == 5 && parts[0] == "xapp" && strings.HasPrefix(parts[2], "A") {
		return parts[2]
	}
	return ""
}
