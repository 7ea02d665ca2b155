package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/pwsync/pwsync/checks"
)

func newCheck(w *world) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Find out why passwords, or one person's password, do not synchronize",
		Long: "check answers one question and names the cause.\n\n" +
			"Exit codes: 0 healthy, synced or waiting; 3 faults found; 4 could not tell.",
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			return usageError("check what? pwsync check health, or pwsync check user NAME")
		},
	}
	cmd.AddCommand(newCheckHealth(w), newCheckUser(w))
	return cmd
}

func newCheckHealth(w *world) *cobra.Command {
	var flags checkFlags
	cmd := &cobra.Command{
		Use: "health", Short: "Is password hash synchronization alive?", Args: noArguments,
		Example: "  pwsync check health --lab --fault staging-mode\n  pwsync check health --facts facts.json -o json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return flags.run(cmd, w, []string{"health"})
		},
	}
	flags.add(cmd)
	return cmd
}

func newCheckUser(w *world) *cobra.Command {
	var flags checkFlags
	cmd := &cobra.Command{
		Use: "user [NAME]", Short: "Why is this person's password not synchronizing?",
		Long: "NAME is a sign-in name, a mail address, an account name (with or without DOMAIN\\), a distinguished name, an objectGUID, an ImmutableId, or the name of an\n" +
			"object in the Entra connector space. With --facts the file says whom it is about.",
		Example: "  pwsync check user viola.hanson@contoso.com --lab\n  pwsync check user 'CN=Viola Hanson,OU=Staff,OU=Corp,DC=contoso,DC=com' --lab",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return flags.run(cmd, w, append([]string{"user"}, args...))
		},
	}
	flags.add(cmd)
	return cmd
}

type checkFlags struct {
	source sourceFlags
	output string
}

func (f *checkFlags) add(cmd *cobra.Command) {
	f.source.add(cmd, true)
	cmd.Flags().StringVarP(&f.output, "output", "o", "text", "text, json or markdown")
}

func (f *checkFlags) run(cmd *cobra.Command, w *world, words []string) error {
	if err := oneOf("output", f.output, "text", "json", "markdown"); err != nil {
		return err
	}
	if err := f.source.check(); err != nil {
		return err
	}
	facts, err := f.facts(cmd, w, words)
	if err != nil {
		return err
	}
	report := checks.Answer(facts)
	if err := f.render(w, report); err != nil {
		return err
	}
	return verdictError(report.Verdict)
}

func (f *checkFlags) facts(cmd *cobra.Command, w *world, words []string) (*checks.Facts, error) {
	if f.source.facts == "" {
		q, err := parseQuestion(words)
		if err != nil {
			return nil, err
		}
		return f.source.collect(cmd.Context(), w, q)
	}
	facts, err := readFacts(w, f.source.facts)
	if err != nil {
		return nil, err
	}
	if facts.Question.Scope != words[0] {
		return nil, usageError("these facts were collected for %s, not for %s", facts.Question.Scope, words[0])
	}
	if asked := strings.Join(words[1:], " "); asked != "" && !isAbout(facts, asked) {
		return nil, usageError("these facts are about %s, not about %s; leave the name out to judge them", firstOf(facts.User.Person.UPN, facts.Question.Input), asked)
	}
	return facts, nil
}

// isAbout reports whether a name means the person of the facts.
func isAbout(f *checks.Facts, name string) bool {
	p := f.User.Person
	for _, known := range []string{f.Question.Input, p.UPN, p.SAM, p.Mail, p.DN, p.GUID} {
		if known != "" && strings.EqualFold(known, name) {
			return true
		}
	}
	return false
}

func (f *checkFlags) render(w *world, r *checks.Report) error {
	switch f.output {
	case "json":
		return writeJSON(w.stdout, r)
	case "markdown":
		return renderMarkdown(w.stdout, r)
	default:
		return renderText(w.stdout, r, isTerminal(w.stdout) && w.getenv("NO_COLOR") == "")
	}
}

func newCollect(w *world) *cobra.Command {
	var source sourceFlags
	cmd := &cobra.Command{
		Use: "collect [health | user NAME]", Short: "Write the facts of a question as JSON, to be judged elsewhere",
		Long: "collect photographs everything that a question needs and judges nothing. The file replays byte for byte with pwsync check --facts.\n" +
			"It holds names of people and servers: treat it as such.",
		Example: "  pwsync collect --lab > facts.json\n  pwsync collect user viola.hanson@contoso.com --lab > facts.json",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := source.check(); err != nil {
				return err
			}
			q, err := parseQuestion(args)
			if err != nil {
				return err
			}
			facts, err := source.collect(cmd.Context(), w, q)
			if err != nil {
				return err
			}
			return facts.Write(w.stdout)
		},
	}
	source.add(cmd, false)
	return cmd
}
