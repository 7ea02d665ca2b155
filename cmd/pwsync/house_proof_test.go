package main_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// oneFile makes a package of a single file.
func oneFile(t *testing.T, place, name, source string) goPackage {
	t.Helper()
	return goPackage{path: place, files: []goFile{parse(t, name, source)}}
}

func TestTheArrowsForbid(t *testing.T) {
	const own = module + "/"
	for name, test := range map[string]struct {
		place, file, imported string
		want                  string // a part of the reason; "" where the import is fine
	}{
		"checks uses the standard library":             {"checks", "a.go", "strings", ""},
		"checks imports nothing of the module":         {"checks", "a.go", own + "checks/dn", "may import nothing"},
		"checks imports no library":                    {"checks", "a.go", "github.com/google/uuid", "standard library only"},
		"a test of checks may compare with go-cmp":     {"checks", "a_test.go", "github.com/google/go-cmp/cmp", ""},
		"code of checks may not compare with go-cmp":   {"checks", "a.go", "github.com/google/go-cmp/cmp", "standard library only"},
		"a rule has no context":                        {"checks", "a.go", "context", "pure"},
		"a rule opens no file":                         {"checks/rules", "a.go", "os", "pure"},
		"a rule reaches no network":                    {"checks/cause", "a.go", "net/http", "pure"},
		"an address is no network":                     {"checks/cause", "a.go", "net/netip", ""},
		"a test of a rule may read its golden file":    {"checks/rules", "a_test.go", "os", ""},
		"a helper of checks knows checks":              {"checks/identity", "a.go", own + "checks", ""},
		"a helper of checks knows no bot":              {"checks/identity", "a.go", own + "bot", "only checks"},
		"go-ldap may judge the parser of names":        {"checks/dn", "a_test.go", "github.com/go-ldap/ldap/v3", ""},
		"go-ldap may not be the parser of names":       {"checks/dn", "a.go", "github.com/go-ldap/ldap/v3", "LDAP stops"},
		"go-ldap judges no other test under checks":    {"checks/acl", "a_test.go", "github.com/go-ldap/ldap/v3", "LDAP stops"},
		"the suite collects with a context":            {"checks/suite", "a.go", "context", ""},
		"the suite knows the helpers":                  {"checks/suite", "a.go", own + "checks/identity", ""},
		"the suite declares ports and knows no source": {"checks/suite", "a.go", own + "adapters/adsync", "only checks/..."},

		"the core of the bot runs the suite":         {"bot", "a.go", own + "checks/suite", ""},
		"the core of the bot has no Slack types":     {"bot", "a.go", "github.com/slack-go/slack", "Slack edge"},
		"the core of the bot has no SQL":             {"bot", "a.go", "database/sql", "SQL stops"},
		"the core of the bot knows no edge":          {"bot", "a.go", own + "bot/slack", "only checks/..."},
		"the Slack edge has Slack's types":           {"bot/slack", "a.go", "github.com/slack-go/slack/socketmode", ""},
		"the Slack edge renders what the core says":  {"bot/slack", "a.go", own + "bot", ""},
		"the Slack edge does not call the lab":       {"bot/slack", "a.go", own + "adapters/lab/slack", "only bot"},
		"a test of the Slack edge may start the lab": {"bot/slack", "a_test.go", own + "adapters/lab/slack", ""},

		"the store implements the ports of the bot":  {"adapters/store", "a.go", own + "bot", ""},
		"the store speaks SQL":                       {"adapters/store", "a.go", "github.com/jackc/pgx/v5/stdlib", ""},
		"an adapter knows no other adapter":          {"adapters/adsync", "a.go", own + "adapters/directory", "only checks/..."},
		"an adapter knows no bot":                    {"adapters/directory", "a.go", own + "bot", "only checks/..."},
		"the Graph adapter knows checks alone":       {"adapters/graph", "a.go", own + "checks/dn", "only checks"},
		"the lab's Slack may not be Slack's library": {"adapters/lab/slack", "a_test.go", "github.com/slack-go/slack", "Slack edge"},
		"the lab serves LDAP":                        {"adapters/lab/estate", "a.go", "github.com/jimlambrt/gldap", ""},
		"an adapter serves no LDAP":                  {"adapters/directory", "a_test.go", "github.com/jimlambrt/gldap", "serves LDAP"},
		"the lab shares no decoder with an adapter":  {"adapters/lab", "a_test.go", own + "adapters/adsync", "may import only"},
		"the lab's rooms know each other":            {"adapters/lab", "a.go", own + "adapters/lab/slack", ""},
		"the lab knows no helper of checks":          {"adapters/lab", "a.go", own + "checks/dn", "may import only"},

		"config knows nothing of the module":       {"config", "a.go", own + "checks", "may import nothing"},
		"cmd sees everything":                      {"cmd/pwsync", "wire.go", own + "adapters/store", ""},
		"cmd sees no Slack types":                  {"cmd/pwsync", "wire.go", "github.com/slack-go/slack", "Slack edge"},
		"nothing is linked against C":              {"adapters/store", "a.go", "C", "C compiler"},
		"a name that begins alike is another one":  {"bot", "a.go", "github.com/slack-go/slackers", ""},
		"a test outside a package may import it":   {"checks/dn", "a_test.go", own + "checks/dn", ""},
		"a package without a row is asked for one": {"utils", "a.go", "strings", "no row"},
	} {
		t.Run(name, func(t *testing.T) {
			source := "package a\n\nimport _ \"" + test.imported + "\"\n"
			breaches := oneFile(t, test.place, test.file, source).arrowBreaches()
			if test.want == "" {
				if len(breaches) != 0 {
					t.Errorf("forbidden: %q", breaches)
				}
				return
			}
			if len(breaches) != 1 || !strings.Contains(breaches[0], test.want) {
				t.Errorf("got %q, want one breach that says %q", breaches, test.want)
			}
		})
	}
}

func TestThePureRoomsForbidTheClock(t *testing.T) {
	for name, test := range map[string]struct {
		place, file, source string
		want                []string
	}{
		"a rule asks no clock": {
			"checks", "a.go", "package a\n\nimport \"time\"\n\nvar started = time.Now()\n",
			[]string{"checks/a.go:5 reads the clock with time.Now: the facts' own time is the only now here"},
		},
		"another name for package time hides nothing": {
			"checks/cause", "a.go", "package a\n\nimport clock \"time\"\n\nvar age = clock.Since(clock.Time{})\n",
			[]string{"checks/cause/a.go:5 reads the clock with time.Since: the facts' own time is the only now here"},
		},
		"arithmetic on times is no clock": {
			"checks", "a.go", "package a\n\nimport \"time\"\n\nconst day = 24 * time.Hour\n", nil,
		},
		"a field named Now is no clock": {
			"checks", "a.go", "package a\n\nimport \"time\"\n\ntype t struct{ Now time.Time }\n\nvar v t\n\nvar w = v.Now\n", nil,
		},
		"a test may measure itself": {
			"checks", "a_test.go", "package a\n\nimport \"time\"\n\nvar started = time.Now()\n", nil,
		},
		"the suite sets deadlines": {
			"checks/suite", "a.go", "package a\n\nimport \"time\"\n\nvar started = time.Now()\n", nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := oneFile(t, test.place, test.file, test.source).clockBreaches()
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("breaches (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAStoryNeedsAPlaceAndAnEnd(t *testing.T) {
	for name, test := range map[string]struct {
		file, source, want string
	}{
		"a story with its end": {
			"doc.go", "// Package a tells.\n//\n// To add one more, append it.\npackage a\n", "",
		},
		"a story may be wrapped anywhere": {
			"doc.go", "// Package a tells. What it takes to\n// add one more is a line.\npackage a\n", "",
		},
		"a story elsewhere is not found": {
			"a.go", "// Package a tells. To add one more, append it.\npackage a\n", "bot has no doc.go",
		},
		"a clause is no story": {
			"doc.go", "package a\n", "bot/doc.go has no package comment",
		},
		"a story that leaves the next one out": {
			"doc.go", "// Package a tells.\npackage a\n", `bot/doc.go does not say what "to add one more" takes`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := strings.Join(oneFile(t, "bot", test.file, test.source).storyBreaches(), "\n")
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestTheTreeForbids(t *testing.T) {
	text := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	// Spelled apart, or this file would be found itself.
	const machine, number, unfinished = "/wo" + "rk/main", "issue" + " #7", "// TO" + "DO later"
	const registry = "https://registry.npm" + "js.org/x"

	for name, test := range map[string]struct {
		tree fstest.MapFS
		want []string
	}{
		"a tidy tree": {
			fstest.MapFS{
				"go.mod": text("module m\n"), "README.md": text("a network/path, a framework/ and issues\n"),
				"bot/bot.go": text("package bot\n"), ".ci/run": text("#!/bin/sh\n"), "bin/pwsync": text(machine),
				"bot/testdata/node/node_modules/a/index.js": text(machine), ".git/config": text(machine),
			},
			nil,
		},
		"a folder of its own making": {
			fstest.MapFS{"internal/a.go": text("package a\n")},
			[]string{"internal is not one of the top folders adapters, bot, checks, cmd, config, docs"},
		},
		"Go at the root": {
			fstest.MapFS{"main.go": text("package main\n")},
			[]string{"main.go lies at the root, which holds no Go"},
		},
		"a file about more than one thing": {
			fstest.MapFS{"bot/bot.go": text(strings.Repeat("x", mostCode+1)), "bot/card.html": text(strings.Repeat("x", mostCode+1))},
			[]string{"bot/bot.go has 20481 bytes, more than 20480: is it about one thing?"},
		},
		"tests have room for their tables, within reason": {
			fstest.MapFS{"bot/a_test.go": text(strings.Repeat("x", mostTest)), "bot/b_test.go": text(strings.Repeat("x", mostTest+1))},
			[]string{"bot/b_test.go has 40961 bytes, more than 40960: is it about one thing?"},
		},
		"a path of one machine": {
			fstest.MapFS{"docs/a.md": text("one\nsee " + machine + "\n")},
			[]string{`docs/a.md:2 says "/wo` + `rk/": a path of one machine`},
		},
		"the number of a ticket": {
			fstest.MapFS{"CHANGELOG.md": text("as " + number + " asks\n")},
			[]string{`CHANGELOG.md:1 says "issue` + ` #": an issue's number means nothing to a reader of the tree`},
		},
		"a registry's host": {
			fstest.MapFS{"bot/package-lock.json": text(registry)},
			[]string{`bot/package-lock.json:1 says "registry.npm` + `js.org": a registry's host: whoever builds chooses the registry`},
		},
		"unfinished work": {
			fstest.MapFS{"bot/bot.go": text("package bot\n\n" + unfinished + "\n")},
			[]string{`bot/bot.go:3 says "// TO` + `DO": unfinished work belongs where work is planned`},
		},
		"a picture says nothing": {
			fstest.MapFS{"docs/lab.png": text("\x89PNG\x00" + machine)},
			nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := treeBreaches(test.tree)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("breaches (-want +got):\n%s", diff)
			}
		})
	}
}
