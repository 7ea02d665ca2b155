package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// version is set by the linker.
var version = "dev"

// world is what a command may touch of the world outside.
type world struct {
	getenv         func(string) string
	stdin          io.Reader
	stdout, stderr io.Writer
}

// run is the whole program: it returns an error instead of exiting, and touches
// nothing but what it is given.
func run(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) error {
	w := &world{getenv: getenv, stdin: stdin, stdout: stdout, stderr: stderr}
	root := newRoot(w)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var coded *codeError
	if errors.As(err, &coded) && coded.err == nil {
		return err
	}
	if err != nil {
		fmt.Fprintln(stderr, "pwsync:", clean(err.Error()))
	}
	return err
}

func newRoot(w *world) *cobra.Command {
	root := &cobra.Command{
		Use:   "pwsync",
		Short: "Troubleshoot password hash synchronization with Microsoft Entra Connect Sync",
		Long: "pwsync says why a password does not reach Microsoft 365: it follows it from Active Directory through Entra Connect to the cloud, names the cause, and says what it could not see.\n\n" +
			"Exit codes: 0 healthy, synced or waiting; 1 could not run; 2 called wrongly; 3 faults found; 4 could not tell.",
		Example: "  pwsync lab                                    the whole product on a simulated estate, in a browser\n" +
			"  pwsync check health --lab                     is password hash synchronization alive?\n" +
			"  pwsync check user 'viola.hanson@contoso.com' --lab\n" +
			"  pwsync explain 611",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
	}
	root.SetIn(w.stdin)
	root.SetOut(w.stdout)
	root.SetErr(w.stderr)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError("%w; see %s --help", err, cmd.CommandPath())
	})
	root.AddCommand(newCheck(w), newCollect(w), newExplain(w), newLab(w), newServe(w), newVersion(w))
	return root
}

func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if cmd.HasSubCommands() {
		names := []string{}
		for _, c := range cmd.Commands() {
			if c.IsAvailableCommand() {
				names = append(names, c.Name())
			}
		}
		return usageError("unknown command %q; known are %s", args[0], strings.Join(names, ", "))
	}
	return usageError("%s takes no argument, got %q", cmd.CommandPath(), args[0])
}

func newVersion(w *world) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(w.stdout, "pwsync", version)
			return err
		},
	}
}
