package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/rs/zerolog"
	"github.com/spf13/cobra"

	"github.com/pwsync/pwsync/bot"
	botslack "github.com/pwsync/pwsync/bot/slack"
	"github.com/pwsync/pwsync/config"
)

// configFiles are looked for in this order where none is named.
var configFiles = []string{"./pwsync.yaml", "/etc/pwsync/pwsync.yaml"}

func newServe(w *world) *cobra.Command {
	var file, level string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the bot in a Slack workspace",
		Long: "serve connects to Slack and answers until it is stopped. The configuration is the file named with --config, else $PWSYNC_CONFIG, ./pwsync.yaml or\n" +
			"/etc/pwsync/pwsync.yaml. Slack's tokens come from the environment: SLACK_BOT_TOKEN, and SLACK_APP_TOKEN for Socket Mode or SLACK_SIGNING_SECRET for HTTP;\n" +
			"SLACK_API_URL names another Slack-compatible API, for trials.\n\n" +
			"This version can look at the simulated estate only (estate: {source: lab}); real Connect servers and directories are configured in the next one.",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			log, err := newLog(w, level)
			if err != nil {
				return err
			}
			c, err := findConfig(w, file)
			if err != nil {
				return &codeError{code: exitUsage, err: err}
			}
			return serve(cmd.Context(), w, c, log)
		},
	}
	cmd.Flags().StringVar(&file, "config", "", "configuration file")
	cmd.Flags().StringVar(&level, "log-level", "info", "debug, info, warn or error; logs go to standard error")
	return cmd
}

// findConfig loads the configuration that is meant.
func findConfig(w *world, named string) (config.Config, error) {
	if name := firstOf(named, w.getenv("PWSYNC_CONFIG")); name != "" {
		return config.Load(name)
	}
	for _, name := range configFiles {
		if _, err := os.Stat(name); err == nil {
			return config.Load(name)
		}
	}
	return config.Config{}, fmt.Errorf("no configuration: name a file with --config or $PWSYNC_CONFIG, or write %s or %s", configFiles[0], configFiles[1])
}

func serve(ctx context.Context, w *world, c config.Config, log zerolog.Logger) error {
	if c.Estate.Source != config.SourceLab {
		return usageError("nothing to look at: this version serves the simulated estate only; set estate.source to %q", config.SourceLab)
	}
	edge, err := openEdge(w, c, log)
	if err != nil {
		return &codeError{code: exitUsage, err: err}
	}
	estate, err := openLab(labOptions{log: log})
	if err != nil {
		return err
	}
	defer estate.Close()
	me, err := edge.Introduce(ctx)
	if err != nil {
		return err
	}
	policy := bot.Policy{Teams: []string{me.Team}, Roles: bot.MemberRoles, Contact: c.Slack.Contact}
	if me.Enterprise != "" {
		policy.Enterprises = []string{me.Enterprise}
	}
	core, err := bot.New(bot.Config{
		Engine: estate.suite, People: edge, Channels: edge, State: bot.NewMemory(wallClock{}), Clock: estate.lab, Log: log, Command: c.Slack.Command, Policy: policy,
	})
	if err != nil {
		return err
	}
	log.Info().Str("team", me.Team).Str("mode", c.Slack.Mode).Msg("serving")
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	failed := make(chan error, 2)
	if c.Slack.Mode == config.ModeHTTP {
		end, err := listen(c.Slack.Listen, edge.Handler(), failed)
		if err != nil {
			return err
		}
		defer end()
	}
	go func() { failed <- edge.Run(ctx, core) }()
	err = <-failed
	stop()
	return err
}

// openEdge builds the Slack side from the configuration and the environment.
func openEdge(w *world, c config.Config, log zerolog.Logger) (*botslack.Edge, error) {
	bc := botslack.Config{
		BotToken: botslack.NewSecret(w.getenv("SLACK_BOT_TOKEN")), Command: c.Slack.Command, Log: log,
		APIURL: w.getenv("SLACK_API_URL"),
	}
	name := "SLACK_APP_TOKEN"
	if c.Slack.Mode == config.ModeHTTP {
		name = "SLACK_SIGNING_SECRET"
	}
	for _, n := range []string{"SLACK_BOT_TOKEN", name} {
		if w.getenv(n) == "" {
			return nil, fmt.Errorf("%s is not set; mode %s needs SLACK_BOT_TOKEN and %s in the environment", n, c.Slack.Mode, name)
		}
	}
	if c.Slack.Mode == config.ModeHTTP {
		bc.SigningSecret = botslack.NewSecret(w.getenv(name))
	} else {
		bc.AppToken = botslack.NewSecret(w.getenv(name))
	}
	return botslack.New(bc)
}

// listen serves Slack's requests until end is called.
func listen(address string, handler http.Handler, failed chan<- error) (end func(), err error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen for Slack: %w", err)
	}
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, IdleTimeout: time.Minute,
		MaxHeaderBytes: 16 << 10,
	}
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			failed <- fmt.Errorf("serve Slack's requests: %w", err)
		}
	}()
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = server.Shutdown(ctx)
	}, nil
}
