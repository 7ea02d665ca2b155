package bot

import (
	"errors"
	"io/fs"
	"slices"

	"github.com/pwsync/pwsync/checks"
)

// Roles is a set of roles. The zero value may do nothing.
type Roles uint8

// The roles. They do not contain each other: who approves need not operate.
const (
	// Viewer may ask about people and health.
	Viewer Roles = 1 << iota
	// Operator may ask for actions on one person.
	Operator
	// Approver may decide about actions that concern many.
	Approver
	// Admin may change what the bot does.
	Admin
)

// String returns the roles in words, mildest first.
func (r Roles) String() string {
	var words []string
	for _, x := range []struct {
		role Roles
		word string
	}{{Viewer, "viewer"}, {Operator, "operator"}, {Approver, "approver"}, {Admin, "admin"}} {
		if r&x.role != 0 {
			words = append(words, x.word)
		}
	}
	if len(words) == 0 {
		return "none"
	}
	return join(words, "and")
}

// MemberRoles gives every full member of the workspace the right to ask and to
// act on one person. It is the one place to change when people get roles of
// their own.
func MemberRoles(Actor) Roles { return Viewer | Operator }

// Policy says who may do what. The zero Policy lets nobody do anything.
type Policy struct {
	// Teams and Enterprises are the ids of the workspaces and organizations whose
	// members may use the bot.
	Teams       []string
	Enterprises []string
	// Roles returns the roles of a member, by immutable ids; nil gives none.
	Roles func(Actor) Roles
	// Contact says whom to ask for access, for example "the identity team".
	Contact string
}

// Scene is what is known about who asks and where. A look-up that failed is a
// missing fact, and a missing fact never lets anybody in.
type Scene struct {
	Actor  Actor
	Place  Place
	Person checks.Fact[Person]
	// Channel matters where the place is a channel.
	Channel checks.Fact[Channel]
}

// Decision is the outcome of the policy.
type Decision struct {
	OK bool
	// Why says in a sentence for the person why not.
	Why string
	// Ask says in a sentence what to do or whom to ask instead.
	Ask string
}

// Allow decides whether somebody may run a command. It is pure, looks at
// immutable ids only, and says no where it does not know.
func Allow(p Policy, s Scene, c Command) Decision {
	for _, rule := range []func(Policy, Scene) (Decision, bool){knownActor, knownPerson, homeTeam, safePlace} {
		if d, refused := rule(p, s); refused {
			return d
		}
	}
	var roles Roles
	if p.Roles != nil {
		roles = p.Roles(s.Actor)
	}
	if c.Role == 0 || roles&c.Role == 0 {
		return Decision{Why: "This needs the role " + c.Role.String() + ", and you have " + rolesOrNone(roles) + ".", Ask: p.askForAccess()}
	}
	return Decision{OK: true}
}

func rolesOrNone(r Roles) string {
	if r == 0 {
		return "no role"
	}
	return r.String()
}

func (p Policy) askForAccess() string {
	if p.Contact == "" {
		return "Ask whoever runs this bot for access."
	}
	return "Ask " + p.Contact + " for access."
}

// askInside is for people who may not see the channels of this workspace, so that
// none of them is named.
const askInside = "Ask a member of the workspace to look it up."

func knownActor(p Policy, s Scene) (Decision, bool) {
	if s.Actor.User == "" || s.Actor.Team == "" {
		return Decision{Why: "The request does not say who you are, so it was not run.", Ask: "Try again from a full client."}, true
	}
	if len(p.Teams) == 0 && len(p.Enterprises) == 0 {
		return Decision{Why: "No workspace is allowed to use this bot yet.", Ask: p.askForAccess()}, true
	}
	return Decision{}, false
}

func knownPerson(p Policy, s Scene) (Decision, bool) {
	who, ok := s.Person.Get()
	switch {
	case !ok:
		return Decision{Why: "I could not find out who you are, so I did not run this.", Ask: "Try again in a minute."}, true
	case who.Deleted:
		return Decision{Why: "This account is deactivated.", Ask: p.askForAccess()}, true
	case who.Bot:
		return Decision{Why: "Bots and workflows may not ask; a person has to.", Ask: p.askForAccess()}, true
	case who.Guest:
		return Decision{Why: "Guests may not use this bot: its answers are about the people of this organization.", Ask: askInside}, true
	case who.Stranger:
		return Decision{Why: "You belong to another organization, and the answers are about the people of this one.", Ask: askInside}, true
	}
	return Decision{}, false
}

// homeTeam wants both the workspace that the person acts from and the one where
// the account lives to be ours: in a shared channel they differ.
func homeTeam(p Policy, s Scene) (Decision, bool) {
	who, _ := s.Person.Get()
	if p.ours(s.Actor.Team, s.Actor.Enterprise) && p.ours(who.Team, who.Enterprise) {
		return Decision{}, false
	}
	return Decision{Why: "Your workspace is not one of those that this bot serves.", Ask: askInside}, true
}

func (p Policy) ours(team, enterprise string) bool {
	return team != "" && slices.Contains(p.Teams, team) || enterprise != "" && slices.Contains(p.Enterprises, enterprise)
}

func safePlace(_ Policy, s Scene) (Decision, bool) {
	if s.Place.Channel == "" && s.Place.Direct {
		return Decision{}, false
	}
	const elsewhere = "Ask me in a direct message, or in a channel of this organization only."
	ch, ok := s.Channel.Get()
	switch {
	case s.Place.Channel == "":
		return Decision{Why: "The request does not say where it was made, so it was not run.", Ask: elsewhere}, true
	case !ok && s.Channel.Why() == unseen:
		return Decision{Why: "I cannot see this conversation, so I cannot tell who else is in it.", Ask: "Invite me to it, or ask me in a direct message."}, true
	case !ok:
		return Decision{Why: "I could not find out who is in this conversation, so I did not run this.", Ask: "Try again in a minute, or ask me in a direct message."}, true
	case ch.ExtShared:
		return Decision{Why: "This channel is shared with another organization, and answers are about the people of this one.", Ask: elsewhere}, true
	case ch.PendingExtShared:
		return Decision{Why: "Another organization is invited to this channel, and answers are about the people of this one.", Ask: elsewhere}, true
	}
	return Decision{}, false
}

// unseen is why there is no fact about somebody or something that the platform
// says does not exist, or that the bot may not see.
const unseen = "not visible to the bot"

// factOf makes a fact of a look-up. The error's text stays out of it: what a
// person is told does not depend on the words of a library.
func factOf[T any](from string, v T, err error) checks.Fact[T] {
	switch {
	case err == nil:
		return checks.Got(from, v)
	case errors.Is(err, fs.ErrNotExist):
		return checks.Missing[T](from, unseen)
	default:
		return checks.Missing[T](from, "the look-up failed")
	}
}
