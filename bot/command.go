package bot

import (
	"context"
	"strings"

	"github.com/pwsync/pwsync/checks/identity"
)

// Command is one subcommand: everything that parsing, help, policy and the
// record of who did what need to know about it.
type Command struct {
	// Name is the word that is typed.
	Name string
	// Usage is what may follow the name, and Example a line that works, both
	// without the command in front.
	Usage   string
	Example string
	// Summary says in one line what it is for.
	Summary string
	// Role is the one role that may run it.
	Role Roles
	// Shared says that an answer made for somebody else a moment ago serves a
	// person who asks too often.
	Shared bool

	run func(ctx context.Context, t *turn) reply
}

// Commands returns the command table, in the order of the help.
func Commands() []Command { return commandsWith(defaultExample) }

// commandsWith returns the table with somebody's sign-in name in its examples.
func commandsWith(person string) []Command {
	return []Command{
		{
			Name: "user", Usage: "<name>", Example: "user " + person,
			Summary: "why one person's password does not work in Microsoft 365",
			Role:    Viewer, run: runUser,
		},
		{
			Name: "health", Usage: "[connector | domain]", Example: "health",
			Summary: "whether password hash synchronization works, and what is wrong if not",
			Role:    Viewer, Shared: true, run: runHealth,
		},
		{
			Name: "status", Usage: "", Example: "status",
			Summary: "how synchronization is set up, and its newest heartbeats",
			Role:    Viewer, Shared: true, run: runStatus,
		},
		{
			Name: "log", Usage: "<name>", Example: "log " + person,
			Summary: "the last attempts to synchronize one person's password",
			Role:    Viewer, run: runLog,
		},
		{
			Name: "explain", Usage: "<check | event id | status | error code | pasted text>", Example: "explain 611",
			Summary: "what an event, a code or a status means, and who can mend it",
			Role:    Viewer, run: runExplain,
		},
		{
			Name: "help", Usage: "[command]", Example: "help",
			Summary: "what can be asked",
			Role:    Viewer, run: runHelp,
		},
	}
}

// planned are the words of later versions. They are known so that nobody takes
// them for a misspelling, or for the name of a person.
var planned = []string{"push", "watch", "restart", "resync", "digest", "approvals", "audit", "lockdown"}

// plannedWord returns the word of a later version that a text begins with.
func plannedWord(text string) (string, bool) {
	word := bareWord(text)
	for _, p := range planned {
		if strings.EqualFold(p, word) {
			return p, true
		}
	}
	return "", false
}

// bareWord is the first word without what people and editors put around it.
func bareWord(text string) string {
	word, _ := firstWord(text)
	return strings.Trim(word, "`*_~\"'“”‘’:.,")
}

// helpName is the command that stands for an empty text.
const helpName = "help"

func commandNamed(name string) (Command, bool) {
	for _, c := range Commands() {
		if strings.EqualFold(c.Name, name) {
			return c, true
		}
	}
	return Command{}, false
}

// parse splits a text into a command and the rest, which stays as delivered. No
// text at all asks for help.
func parse(text string) (c Command, rest string, ok bool) {
	text = trimBlank(text)
	if text == "" {
		text = helpName
	}
	_, rest = firstWord(text)
	c, ok = commandNamed(bareWord(text))
	return c, rest, ok
}

// nearest suggests the command that a word was probably meant to be.
func nearest(word string) (Command, bool) {
	var names []string
	for _, c := range Commands() {
		names = append(names, c.Name)
	}
	for _, name := range identity.Nearest(word, names, 1) {
		return commandNamed(name)
	}
	return Command{}, false
}
