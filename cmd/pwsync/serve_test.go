package main

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	labslack "github.com/pwsync/pwsync/adapters/lab/slack"
)

// The daemon is run as a service would run it, against a workspace that knows
// nothing of it but its tokens.
func TestServe(t *testing.T) {
	for _, mode := range []string{"socket", "http"} {
		t.Run(mode, func(t *testing.T) {
			estate := testLab(t)
			listener := listenLoopback(t)
			base := "http://" + listener.Addr().String()
			daemon := freeAddress(t)
			var deliver *labslack.HTTPMode
			if mode == "http" {
				at := "http://" + daemon + "/slack/"
				deliver = &labslack.HTTPMode{Commands: at + "commands", Interactivity: at + "interactivity", Events: at + "events"}
			}
			tokens := newLabTokens()
			chat, err := openChat(estate, chatOptions{base: base, log: zerolog.Nop()}, tokens, deliver)
			if err != nil {
				t.Fatal(err)
			}
			server := &http.Server{Handler: chat.Handler(), ReadHeaderTimeout: time.Second}
			go func() { _ = server.Serve(listener) }()
			t.Cleanup(func() { chat.Close(); _ = server.Close() })

			file := filepath.Join(t.TempDir(), "pwsync.yaml")
			text := "slack: {mode: " + mode + ", listen: '" + daemon + "', contact: '#identity-ops'}\nestate: {source: lab}\n"
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			env := map[string]string{
				"PWSYNC_CONFIG": file, "SLACK_BOT_TOKEN": tokens.bot, "SLACK_APP_TOKEN": tokens.app, "SLACK_SIGNING_SECRET": tokens.signing, "SLACK_API_URL": base + "/api/",
			}
			ctx, stop := context.WithCancel(context.Background())
			ended := make(chan error, 1)
			var logged bytes.Buffer
			go func() {
				ended <- run(ctx, []string{"serve"}, func(k string) string { return env[k] }, strings.NewReader(""), &bytes.Buffer{}, &logged)
			}()
			answer := untilServed(t, chat)
			stop()
			select {
			case err := <-ended:
				if err != nil {
					t.Errorf("serve ended with %v", err)
				}
			case <-time.After(15 * time.Second):
				t.Fatal("serve did not end")
			}
			if !strings.Contains(answer, "Healthy") {
				t.Errorf("the answer was %q", answer)
			}
			for _, secret := range []string{tokens.bot, tokens.app, tokens.signing} {
				if strings.Contains(logged.String(), secret) {
					t.Error("a token is in the log")
				}
			}
		})
	}
}

// untilServed asks about health until the daemon is there and answers.
func untilServed(t *testing.T, chat *labslack.Workspace) string {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		out, err := chat.Slash(context.Background(), operator, helpdesk, slashCommand, "health")
		if err != nil {
			t.Fatal(err)
		}
		for wait := time.Now().Add(5 * time.Second); out.Acknowledged && time.Now().Before(wait); time.Sleep(20 * time.Millisecond) {
			for _, m := range chat.Messages(helpdesk, operator) {
				if m.Bot && m.Ephemeral && !strings.HasPrefix(m.Text, "Looking up") {
					return m.Text
				}
			}
		}
	}
	t.Fatal("the daemon never answered")
	return ""
}

func listenLoopback(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l := listenLoopback(t)
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}
