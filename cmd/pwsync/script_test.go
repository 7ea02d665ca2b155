package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite what the transcripts expect")

// Transcripts on disk drive the program as a shell would. "exit-of" runs it and
// says its exit code on standard error, so that a transcript can name the code.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"pwsync":  func() { os.Exit(exitCode(program())) },
		"exit-of": func() { fmt.Fprintf(os.Stderr, "exit %d\n", exitCode(program())) },
	})
}

func program() error {
	return run(context.Background(), os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr)
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("PWSYNC_CONFIG", "")
			return nil
		},
	})
}
