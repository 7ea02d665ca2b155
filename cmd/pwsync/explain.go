package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/cause"
)

func newExplain(w *world) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "explain [word or text or file, - for standard input]",
		Short: "Explain an event, a code, a status, a check, or a pasted text",
		Long: "explain says what an event id, an error code, a status of the password sync log, a run result or a check means, who owns it, and what to do next.\n" +
			"An argument that names a file is read, - is standard input, anything else is the text itself. A lone number is an event id.\n\n" +
			"Exit codes: 0 something was recognized, 4 nothing was.",
		Example: "  pwsync explain 611\n  pwsync explain 'RPC Error 8453'\n  pwsync explain FilteredByTarget\n  pwsync explain staging-mode\n  wevtutil qe Application /f:text | pwsync explain -",
		Args:    cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			if err := oneOf("output", output, "text", "json"); err != nil {
				return err
			}
			if len(args) == 0 {
				return usageError("explain what? Give an event id, a code, a status, a check, a file, or - for standard input")
			}
			in, err := explainInput(w, args)
			if err != nil {
				return err
			}
			defer in.Close()
			return explain(w, in, output)
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "text", "text or json")
	return cmd
}

// explainInput opens what the arguments mean: standard input, a file, or the
// words themselves.
func explainInput(w *world, args []string) (io.ReadCloser, error) {
	if len(args) == 1 {
		if args[0] == "-" {
			return io.NopCloser(w.stdin), nil
		}
		f, err := os.Open(args[0])
		switch {
		case err == nil:
			if info, err := f.Stat(); err == nil && info.IsDir() {
				_ = f.Close()
				return nil, usageError("%s is a folder; name a file", args[0])
			}
			return f, nil
		case !errors.Is(err, fs.ErrNotExist) && looksLikePath(args[0]):
			return nil, err
		}
	}
	return io.NopCloser(strings.NewReader(strings.Join(args, " "))), nil
}

// looksLikePath keeps a pasted text, which no file system takes for a name,
// from being reported as an unreadable file.
func looksLikePath(s string) bool {
	return len(s) < 200 && !strings.ContainsAny(s, "\n:")
}

func explain(w *world, in io.Reader, output string) error {
	x, err := cause.Explain(in)
	if err != nil {
		return fmt.Errorf("read the text: %w", err)
	}
	if output == "json" {
		if x.Findings == nil {
			x.Findings = []cause.Finding{}
		}
		err = writeJSON(w.stdout, x)
	} else {
		err = explainText(w.stdout, x)
	}
	if err == nil && !x.Recognised {
		err = &codeError{code: exitCouldNotSay}
	}
	return err
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// owners words who has to act.
var owners = map[cause.Owner]string{
	"ad": "the Active Directory team", "network": "the network team", "connect": "whoever runs the Connect server",
	"entra": "the Microsoft Entra administrators", "helpdesk": "the helpdesk",
}

func explainText(w io.Writer, x cause.Explanation) error {
	var b strings.Builder
	t := &textRenderer{width: textWidth}
	if !x.Recognised {
		b.WriteString("? Not recognized. pwsync knows the events of password hash synchronization, their error codes, the statuses of the password\n" +
			"  sync log, run results, AADSTS codes and its own checks. Paste the whole event, with its head.\n")
	}
	for i, f := range x.Findings {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s %s: %s\n", f.Kind, clean(f.ID), clean(f.Title))
		owner := owners[f.Owner]
		if owner == "" {
			owner = string(f.Owner)
		}
		fmt.Fprintf(&b, "  Cause: %s. It is for %s.\n", f.Cause, owner)
		if c, ok := checks.Lookup(f.Check); ok {
			t.wrap(&b, "  Check: ", c.ID+", "+lowerFirst(c.Title))
			if f.Kind == "check" {
				t.wrap(&b, "  Why:   ", c.Why)
			}
		}
		for j, n := range f.Next {
			t.wrap(&b, fmt.Sprintf("  %d. ", j+1), clean(n))
		}
		if c, ok := checks.Lookup(f.Check); ok {
			fmt.Fprintf(&b, "  More: %s\n", c.URL)
		}
	}
	if x.Truncated {
		b.WriteString("\nThere was more; only the first findings are shown.\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func oneOf(name, got string, allowed ...string) error {
	for _, a := range allowed {
		if got == a {
			return nil
		}
	}
	return usageError("--%s is %q; it can be %s", name, got, strings.Join(allowed, ", "))
}
