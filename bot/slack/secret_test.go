package slack

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"strings"
	"testing"

	"github.com/rs/zerolog"
	slackgo "github.com/slack-go/slack"
)

func TestASecretNeverPrints(t *testing.T) {
	s := NewSecret("xoxb-tiger")
	c := Config{BotToken: s, AppToken: s, SigningSecret: s}
	a := arrival{reply: s, trigger: s}
	e := &Edge{cfg: c}
	var out strings.Builder
	for _, verb := range []string{"%s", "%v", "%+v", "%#v", "%q", "%x", "%X", "%d", "%t", "%5.2s", "%T"} {
		fmt.Fprintf(&out, verb+verb+verb+verb+verb+"\n", s, c, &a, &conversation{a: a}, e.cfg)
	}
	raw, err := json.Marshal(map[string]any{"s": s, "c": c})
	if err != nil {
		t.Fatal(err)
	}
	out.Write(raw)
	var logs bytes.Buffer
	log := zerolog.New(&logs)
	log.Info().Stringer("a", s).Interface("b", c).Any("c", s).Msgf("%v", s)
	out.WriteString(logs.String())
	if got := out.String(); strings.Contains(got, "tiger") || strings.Contains(got, fmt.Sprintf("%x", "tiger")) {
		t.Errorf("a secret prints in:\n%s", got)
	}
}

func TestErrorsAreFitToBeLogged(t *testing.T) {
	hidden := "https://hooks.slack.com/commands/T0/1/zebra"
	cases := []struct {
		name string
		in   error
		want string
		is   error
	}{
		{"the address of a call goes", &url.Error{Op: "Post", URL: hidden, Err: errors.New("connection refused")}, "x: connection refused", nil},
		{"what is not there says so", slackgo.SlackErrorResponse{Err: "user_not_found"}, "x: user_not_found", fs.ErrNotExist},
		{"details that quote what was sent go", errors.New(`unknown error structure: {"zebra":1}`), "x: refused, with details that cannot be read", errDetails},
		{"Slack's other words stay", slackgo.SlackErrorResponse{Err: "is_archived"}, "x: is_archived", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := tidy("x", c.in)
			if got.Error() != c.want || (c.is != nil && !errors.Is(got, c.is)) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	if tidy("x", nil) != nil {
		t.Error("no error becomes one")
	}
	scope := tidy("x", slackgo.SlackErrorResponse{Err: "missing_scope", Needed: "users:read"})
	if problem, ok := configProblem(scope); !ok || !strings.Contains(problem.Words, "users:read") {
		t.Errorf("the scope that is needed is not named: %v", scope)
	}
}

func TestAnswersGoToSlackOnly(t *testing.T) {
	e, err := New(Config{BotToken: NewSecret("xoxb-1"), SigningSecret: NewSecret("s"), APIURL: "http://127.0.0.1:8808/api/"})
	if err != nil {
		t.Fatal(err)
	}
	for reply, want := range map[string]bool{
		"https://hooks.slack.com/commands/T0/1/x": true,
		"https://hooks.slack-gov.com/actions/T0":  true,
		"http://127.0.0.1:8808/commands/T0/1/x":   true,
		"http://hooks.slack.com/commands/T0/1/x":  false,
		"https://hooks.slack.com.evil.example/x":  false,
		"https://evil.example/hooks.slack.com":    false,
		"http://127.0.0.1:9/commands":             false,
		"":                                        false,
		"::":                                      false,
	} {
		if got := e.mayReply(NewSecret(reply)); got != want {
			t.Errorf("%s: %v, want %v", reply, got, want)
		}
	}
}

func TestConfigurationProblemsAreReportedTogether(t *testing.T) {
	_, err := New(Config{AppToken: NewSecret("xoxb-1"), BotToken: NewSecret("xapp-1"), APIURL: "ftp://x", Command: "pwsync", Connections: 11})
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{"bot token is an app-level token", "app-level token is a bot token", "API address", "command", "11 connections"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %q", want, err)
		}
	}
	if _, err := New(Config{}); err == nil || !strings.Contains(err.Error(), "neither") || !strings.Contains(err.Error(), "no bot token") {
		t.Errorf("empty configuration: %v", err)
	}
	if app := appOfToken(NewSecret("xapp-1-A0123-456-abc")); app != "A0123" {
		t.Errorf("app %q", app)
	}
	if app := appOfToken(NewSecret("xapp-lab")); app != "" {
		t.Errorf("app %q of a token without one", app)
	}
}
