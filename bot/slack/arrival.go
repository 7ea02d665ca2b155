package slack

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// arrivalKind is what somebody did.
type arrivalKind string

const (
	arrivedCommand    arrivalKind = "command"
	arrivedClick      arrivalKind = "click"
	arrivedSubmission arrivalKind = "submission"
	arrivedShortcut   arrivalKind = "shortcut"
	arrivedHome       arrivalKind = "home"
)

// arrival is one thing that Slack delivered, whichever way it came.
type arrival struct {
	kind arrivalKind
	// id is equal for every delivery of one thing and for no other; empty
	// where Slack tells nothing to make it of. Retries come in new
	// envelopes, so nothing of an envelope is part of it.
	id string
	at time.Time

	// app and team say whom Slack thinks it delivers to; either may be
	// empty where the payload does not tell.
	app        string
	team       string
	enterprise string

	// user acts, from the workspace userTeam.
	user     string
	userTeam string
	channel  string // empty for views and global shortcuts

	command string // as invoked, with its slash
	text    string // what followed, or what was typed into a dialog

	action    string
	value     string
	message   string // timestamp of the clicked message
	view      string
	callback  string
	ephemeral bool

	reply   Secret // response URL
	trigger Secret
}

// direct tells whether nobody but the person and the app is there. Ids of
// direct messages begin with D; outside any conversation it holds too.
func (a arrival) direct() bool { return a.channel == "" || strings.HasPrefix(a.channel, "D") }

// digest makes a name that is safe to store and to log out of parts that are
// not. The parts are separated so that no two lists give the same name.
func digest(parts ...string) string {
	sum := sha256.New()
	for _, p := range parts {
		sum.Write([]byte(strconv.Itoa(len(p)) + ":" + p))
	}
	return hex.EncodeToString(sum.Sum(nil))[:32]
}
