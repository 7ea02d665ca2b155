package main_test

import (
	"os"
	"path/filepath"
	"testing"
)

// module is the import path that every room lies under.
const module = "github.com/pwsync/pwsync"

// room is one row of the table of arrows: a package, and what it may know of
// the rest of the module. Patterns are paths below the module; a trailing
// "/..." takes in the folder and everything under it.
type room struct {
	path  string
	may   []string // what its code and its tests may import of this module
	tests []string // what its tests may import besides
	pure  bool     // facts in, verdicts out: no context, clock, log, file or network
	bare  bool     // nothing but the standard library
}

// lab stands in for the outside world, so tests of whoever talks to that world
// may start it. It is met on the wire all the same: no other code imports it.
var lab = []string{"adapters/lab/..."}

// house is every arrow between packages. A package without a row fails the
// test: decide what it may know before it is written.
var house = []room{
	{path: "checks", pure: true, bare: true},
	{path: "checks/acl", may: []string{"checks"}, pure: true, bare: true},
	{path: "checks/cause", may: []string{"checks"}, pure: true, bare: true},
	{path: "checks/dn", may: []string{"checks"}, pure: true, bare: true},
	{path: "checks/identity", may: []string{"checks", "checks/dn"}, pure: true, bare: true},
	{path: "checks/rules", may: []string{"checks"}, pure: true, bare: true},
	{path: "checks/suite", may: []string{"checks/..."}, bare: true},

	{path: "bot", may: []string{"checks/..."}, tests: lab},
	{path: "bot/slack", may: []string{"bot", "checks/..."}, tests: lab},

	{path: "adapters/adsync", may: []string{"checks/..."}, tests: lab},
	{path: "adapters/directory", may: []string{"checks/..."}, tests: lab},
	{path: "adapters/graph", may: []string{"checks"}, tests: lab},
	{path: "adapters/store", may: []string{"bot", "checks"}},
	{path: "adapters/lab/...", may: []string{"checks", "adapters/lab/..."}},

	{path: "config"},
	{path: "cmd/pwsync", may: []string{"..."}},
}

// fence keeps one library, and everything under its path, inside some rooms.
type fence struct {
	library string
	within  []string // rooms whose code and tests may import it
	tests   []string // rooms whose tests may import it besides
	why     string
}

var fences = []fence{
	{
		library: "github.com/slack-go/slack",
		within:  []string{"bot/slack"},
		why:     "Slack's types stop at the Slack edge",
	},
	{
		library: "github.com/go-ldap/ldap",
		within:  []string{"adapters/directory", "adapters/lab/..."},
		tests:   []string{"checks/dn", "checks/identity"},
		why:     "LDAP stops at the directory adapter; under checks it may only judge a test",
	},
	{
		library: "github.com/go-asn1-ber/asn1-ber",
		within:  []string{"adapters/directory", "adapters/lab/..."},
		tests:   []string{"checks/dn", "checks/identity"},
		why:     "LDAP's encoding stops where LDAP does",
	},
	{
		library: "github.com/jimlambrt/gldap",
		within:  []string{"adapters/lab/..."},
		why:     "only the lab serves LDAP",
	},
	{library: "database/sql", within: []string{"adapters/store"}, why: "SQL stops at the store"},
	{library: "github.com/jackc/pgx", within: []string{"adapters/store"}, why: "SQL stops at the store"},
	{library: "github.com/lib/pq", within: []string{"adapters/store"}, why: "SQL stops at the store"},
	{library: "github.com/mattn/go-sqlite3", within: []string{"adapters/store"}, why: "SQL stops at the store"},
	{library: "github.com/pressly/goose", within: []string{"adapters/store"}, why: "SQL stops at the store"},
	{library: "modernc.org/sqlite", within: []string{"adapters/store"}, why: "SQL stops at the store"},
	{library: "C", why: "the program is one static file, built without a C compiler"},
}

// testLibraries are what the tests of a bare room may import beside the
// standard library, as far as no fence keeps it out.
var testLibraries = []string{
	"github.com/go-asn1-ber/asn1-ber",
	"github.com/go-ldap/ldap",
	"github.com/google/go-cmp",
	"pgregory.net/rapid",
}

// impure are the packages of the standard library that a pure room goes
// without: each brings in the world, and with it an answer that a replay of
// the same facts would not give.
var impure = []string{
	"context", "crypto/rand", "log", "log/slog", "math/rand", "math/rand/v2",
	"net", "net/http", "os", "os/exec", "os/signal", "os/user", "syscall",
}

// clockReaders are the functions of package time that read or await the wall
// clock. The facts' own time is the only "now" of a pure room.
var clockReaders = []string{
	"After", "AfterFunc", "NewTicker", "NewTimer", "Now", "Since", "Sleep", "Tick", "Until",
}

// topFolders are the folders at the root. Hidden ones are free.
var topFolders = []string{"adapters", "bot", "checks", "cmd", "config", "docs"}

// Go files beyond these sizes are about more than one thing. Tests are given
// twice the room, for their tables.
const (
	mostCode = 20 << 10
	mostTest = 40 << 10
)

// root is the top of the module, seen from this package's folder, which is
// where go test runs its tests.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestEveryImportFollowsTheArrows(t *testing.T) {
	packages := readPackages(t, root(t))
	if len(packages) == 0 {
		t.Fatal("the module has no package")
	}
	for _, p := range packages {
		for _, breach := range p.arrowBreaches() {
			t.Error(breach)
		}
	}
}

// The arrows are read from the source; what the linker would take in is the go
// tool's own word on the strictest of them.
func TestChecksLinkTheStandardLibraryOnly(t *testing.T) {
	linked := linkedInto(t, root(t), "./checks/...")
	if len(linked) == 0 {
		t.Fatal("the go tool names no package under checks")
	}
	for _, imported := range linked {
		if !under(module+"/checks", imported) {
			t.Errorf("a package under checks links %s", imported)
		}
	}
}

func TestPureRoomsReadNoClock(t *testing.T) {
	for _, p := range readPackages(t, root(t)) {
		for _, breach := range p.clockBreaches() {
			t.Error(breach)
		}
	}
}

func TestEveryPackageTellsItsStory(t *testing.T) {
	for _, p := range readPackages(t, root(t)) {
		for _, breach := range p.storyBreaches() {
			t.Error(breach)
		}
	}
}

func TestTheTreeIsInOrder(t *testing.T) {
	breaches, err := treeBreaches(os.DirFS(root(t)))
	if err != nil {
		t.Fatal(err)
	}
	for _, breach := range breaches {
		t.Error(breach)
	}
}
