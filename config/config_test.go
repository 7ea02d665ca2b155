package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	http := Default()
	http.Slack.Mode, http.Slack.Listen = ModeHTTP, "0.0.0.0:9000"
	lab := Default()
	lab.Estate.Source = SourceLab
	cases := []struct {
		name, in string
		want     Config
	}{
		{"an empty file is the default", "", Default()},
		{"a comment is an empty file", "# nothing yet\n", Default()},
		{"an empty section is the default", "slack:\n", Default()},
		{"what is said is taken, the rest is the default", "slack:\n  mode: http\n  listen: 0.0.0.0:9000\n", http},
		{"the lab can be served to a real workspace", "estate: {source: lab}\n", lab},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := Parse([]byte(c.in))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestBadFilesSayWhatIsWrongAndWhere(t *testing.T) {
	cases := []struct {
		name, in string
		want     []string
	}{
		{"an unknown key", "slack:\n  mod: http\n", []string{"[2:3]", `unknown field "mod"`}},
		{"a value of the wrong kind", "slack:\n  mode: [http]\n", []string{"[2:9]"}},
		{"a key twice", "slack:\n  mode: http\n  mode: socket\n", []string{"[3:3]"}},
		{"broken YAML", "slack: {mode: http\n", []string{"[1:"}},
		{
			"everything at once", "slack: {mode: carrier, listen: here, command: pwsync}\nestate: {source: moon}\n",
			[]string{`slack.mode: "carrier"`, `slack.listen: "here"`, `slack.command: "pwsync"`, `estate.source: "moon"`},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse([]byte(c.in))
			if err == nil {
				t.Fatal("the file was taken")
			}
			for _, w := range c.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%q is not in:\n%v", w, err)
				}
			}
		})
	}
}

func TestLoadNamesTheFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "pwsync.yaml")
	if _, err := Load(name); err == nil || !strings.Contains(err.Error(), name) {
		t.Errorf("a missing file: %v", err)
	}
	if err := os.WriteFile(name, []byte("slack: {mode: x}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(name); err == nil || !strings.Contains(err.Error(), name) {
		t.Errorf("a bad file: %v", err)
	}
}
