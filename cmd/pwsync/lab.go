package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/rs/zerolog"
	"github.com/spf13/cobra"
)

const (
	labListen = "127.0.0.1:8808"
	// connectPatience is how long the lab waits for the bot to be in its
	// workspace before it says where the page is.
	connectPatience = 3 * time.Second
	// farewell bounds the end of the lab.
	farewell = 4 * time.Second
)

func newLab(w *world) *cobra.Command {
	var listen, level string
	var faults []string
	var latency time.Duration
	cmd := &cobra.Command{
		Use:   "lab",
		Short: "Run the whole product on a simulated estate, with a workspace in the browser",
		Long: "lab simulates two Active Directory forests, two Entra Connect servers, a tenant, and a Slack workspace, and lets the bot work in it. Nothing needs to be\n" +
			"installed and nothing leaves this machine. The first line printed is the address of the page.",
		Example: "  pwsync lab\n  pwsync lab --listen 127.0.0.1:0 --fault staging-mode\n  pwsync lab faults",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := loopbackOnly(cmd.Context(), listen); err != nil {
				return err
			}
			log, err := newLog(w, level)
			if err != nil {
				return err
			}
			return runLab(cmd.Context(), w, listen, labOptions{faults: faults, latency: latency, log: log})
		},
	}
	cmd.Flags().StringVar(&listen, "listen", labListen, "loopback address and port to serve on; port 0 picks one")
	cmd.Flags().StringArrayVar(&faults, "fault", nil, "switch a fault on from the start: ID[@subject] (repeatable)")
	cmd.Flags().DurationVar(&latency, "latency", 0, "let every worker take this long for a request, as a real one does (150ms)")
	cmd.Flags().StringVar(&level, "log-level", "warn", "debug, info, warn or error; logs go to standard error")
	cmd.AddCommand(newLabFaults(w), newLabUsers(w))
	return cmd
}

// loopbackOnly keeps the lab on this machine: it has no passwords to protect it.
func loopbackOnly(ctx context.Context, listen string) error {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return usageError("--listen %q is not an address like %s", listen, labListen)
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	addresses, err := net.DefaultResolver.LookupIPAddr(ctx, host)
	if err != nil || len(addresses) == 0 {
		return usageError("--listen %q: the host is not known", listen)
	}
	for _, a := range addresses {
		if !a.IP.IsLoopback() {
			return usageError("--listen %q is not a loopback address; the lab serves this machine only, for example %s", listen, labListen)
		}
	}
	return nil
}

func newLog(w *world, level string) (zerolog.Logger, error) {
	l, err := zerolog.ParseLevel(level)
	if err != nil || level == "" {
		return zerolog.Nop(), usageError("--log-level %q is not one of debug, info, warn, error", level)
	}
	return zerolog.New(zerolog.SyncWriter(w.stderr)).Level(l).With().Timestamp().Logger(), nil
}

func runLab(ctx context.Context, w *world, listen string, o labOptions) error {
	estate, err := openLab(o)
	if err != nil {
		return err
	}
	defer estate.Close()
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return fmt.Errorf("serve the lab's page: %w", err)
	}
	chat, err := openWorkspace(estate, chatOptions{base: "http://" + listener.Addr().String(), log: o.log})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer chat.Close()
	return chat.serve(ctx, listener, func() error {
		_, err := fmt.Fprintf(w.stdout, "http://%s/\n", listener.Addr())
		return err
	})
}

// serve runs the workspace and the bot in it until ctx ends. ready is called
// once the bot is there, or after some patience.
func (c *workspace) serve(ctx context.Context, listener net.Listener, ready func() error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	server := &http.Server{Handler: c.chat.Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	ended := make(chan error, 2)
	go func() { ended <- server.Serve(listener) }()
	bot := make(chan error, 1)
	go func() { bot <- c.edge.Run(ctx, c.bot) }()

	c.await(ctx)
	err := ready()
	if err == nil {
		select {
		case <-ctx.Done():
		case err = <-ended:
		case err = <-bot:
			bot <- nil
		}
	}
	stop()
	bye, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	select {
	case failed := <-bot:
		err = errors.Join(err, failed)
	case <-bye.Done():
	}
	c.Close()
	if shut := server.Shutdown(bye); shut != nil {
		_ = server.Close()
	}
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return err
}

// await returns when the bot is connected, or patience has run out.
func (c *workspace) await(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, connectPatience)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for c.edge.Connected() == 0 {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func newLabFaults(w *world) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use: "faults", Short: "List the faults that the lab can show, and the check that each must trigger", Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			return listLab(w, output, func(l *labWorld) (any, []string, [][]string) {
				list := l.lab.Faults()
				rows := make([][]string, 0, len(list))
				for _, f := range list {
					rows = append(rows, []string{f.ID, f.Check, f.Severity, f.Scope, firstOf(f.User, f.Subject)})
				}
				return list, []string{"FAULT", "CHECK", "SEVERITY", "SCOPE", "ASK ABOUT"}, rows
			})
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "text", "text or json")
	return cmd
}

func newLabUsers(w *world) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use: "users", Short: "List the people of the lab, and the answer that each must get", Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			return listLab(w, output, func(l *labWorld) (any, []string, [][]string) {
				list := l.lab.Users()
				rows := make([][]string, 0, len(list))
				for _, p := range list {
					rows = append(rows, []string{p.Expect, firstOf(p.UPN, "-"), p.DN})
				}
				return list, []string{"EXPECT", "SIGN-IN NAME", "DISTINGUISHED NAME"}, rows
			})
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "text", "text or json")
	return cmd
}

// listLab opens a lab, lists something of it, and closes it.
func listLab(w *world, output string, list func(*labWorld) (data any, head []string, rows [][]string)) error {
	if err := oneOf("output", output, "text", "json"); err != nil {
		return err
	}
	l, err := openLab(labOptions{frozen: true, log: zerolog.Nop()})
	if err != nil {
		return err
	}
	defer l.Close()
	data, head, rows := list(l)
	if output == "json" {
		return writeJSON(w.stdout, data)
	}
	t := tabwriter.NewWriter(w.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, strings.Join(head, "\t"))
	for _, r := range rows {
		for i := range r {
			r[i] = clean(r[i])
		}
		fmt.Fprintln(t, strings.Join(r, "\t"))
	}
	return t.Flush()
}
