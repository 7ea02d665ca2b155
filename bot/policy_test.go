package bot

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/pwsync/pwsync/checks"
)

func TestPolicy(t *testing.T) {
	member := Person{Team: home}
	inHouse := checks.Got("platform", Channel{Member: true})
	ask := Command{Name: "user", Role: Viewer}
	scene := func(change func(*Scene)) Scene {
		s := Scene{Actor: Actor{Team: home, User: ann}, Place: Place{Channel: general}, Person: checks.Got("platform", member), Channel: inHouse}
		change(&s)
		return s
	}
	who := func(p Person) func(*Scene) { return func(s *Scene) { s.Person = checks.Got("platform", p) } }
	where := func(c Channel) func(*Scene) { return func(s *Scene) { s.Channel = checks.Got("platform", c) } }
	ours := Policy{Teams: []string{home}, Roles: MemberRoles}

	for _, tc := range []struct {
		name   string
		policy Policy
		scene  Scene
		cmd    Command
		ok     bool
		why    string // a part of the reason
	}{
		{"a member may ask in a channel of the organization", ours, scene(func(*Scene) {}), ask, true, ""},
		{"a member may ask in a private channel", ours, scene(where(Channel{Private: true, Member: true})), ask, true, ""},
		{"a member may ask in a direct message", ours, scene(where(Channel{DM: true, Member: true})), ask, true, ""},
		{"a member may ask in the app's home", ours, scene(func(s *Scene) { s.Place, s.Channel = Place{Direct: true}, checks.Fact[Channel]{} }), ask, true, ""},
		{"a member of an allowed organization may ask", Policy{Enterprises: []string{"E1"}, Roles: MemberRoles},
			scene(func(s *Scene) {
				s.Actor.Enterprise = "E1"
				s.Person = checks.Got("platform", Person{Team: "T7", Enterprise: "E1"})
			}), ask, true, ""},

		{"a guest is refused", ours, scene(who(Person{Team: home, Guest: true})), ask, false, "Guests"},
		{"a bot is refused", ours, scene(who(Person{Team: home, Bot: true})), ask, false, "Bots"},
		{"a deactivated account is refused", ours, scene(who(Person{Team: home, Deleted: true})), ask, false, "deactivated"},
		{"a stranger is refused", ours, scene(who(Person{Team: home, Stranger: true})), ask, false, "another organization"},
		{"a member of another team is refused", ours, scene(who(Person{Team: "T9"})), ask, false, "workspace"},
		{"somebody who acts from another team is refused", ours, scene(func(s *Scene) { s.Actor.Team = "T9" }), ask, false, "workspace"},
		{"a person whose team is not known is refused", ours, scene(who(Person{})), ask, false, "workspace"},
		{"an empty id in the policy lets nobody in", Policy{Teams: []string{"", home}, Roles: MemberRoles}, scene(who(Person{})), ask, false, "workspace"},
		{"the name of an organization does not let a team in", Policy{Teams: []string{"E1"}, Roles: MemberRoles}, scene(func(s *Scene) { s.Actor.Enterprise = "E1" }), ask, false, "workspace"},

		{"an externally shared channel is refused", ours, scene(where(Channel{ExtShared: true})), ask, false, "shared with another organization"},
		{"a channel that another organization is invited to is refused", ours, scene(where(Channel{PendingExtShared: true})), ask, false, "invited"},
		{"a direct message with somebody outside is refused", ours, scene(where(Channel{DM: true, ExtShared: true})), ask, false, "shared"},
		{"a conversation that the bot cannot see is refused", ours, scene(func(s *Scene) { s.Channel = factOf("platform", Channel{}, fs.ErrNotExist) }), ask, false, "cannot see"},
		{"a channel whose look-up failed is refused", ours, scene(func(s *Scene) { s.Channel = factOf("platform", Channel{}, errors.New("timeout")) }), ask, false, "could not find out"},
		{"a channel that was never looked up is refused", ours, scene(func(s *Scene) { s.Channel = checks.Fact[Channel]{} }), ask, false, "could not find out"},
		{"a request without a place is refused", ours, scene(func(s *Scene) { s.Place = Place{} }), ask, false, "where"},

		{"a person whose look-up failed is refused", ours, scene(func(s *Scene) { s.Person = factOf("platform", Person{}, errors.New("timeout")) }), ask, false, "who you are"},
		{"a person who was never looked up is refused", ours, scene(func(s *Scene) { s.Person = checks.Fact[Person]{} }), ask, false, "who you are"},
		{"a person who does not exist is refused", ours, scene(func(s *Scene) { s.Person = factOf("platform", Person{}, fs.ErrNotExist) }), ask, false, "who you are"},
		{"a request without a user is refused", ours, scene(func(s *Scene) { s.Actor.User = "" }), ask, false, "who you are"},
		{"a request without a team is refused", ours, scene(func(s *Scene) { s.Actor.Team = "" }), ask, false, "who you are"},

		{"an empty policy lets nobody in", Policy{}, scene(func(*Scene) {}), ask, false, "No workspace"},
		{"a policy without roles lets nobody in", Policy{Teams: []string{home}}, scene(func(*Scene) {}), ask, false, "no role"},
		{"a member is not an approver", ours, scene(func(*Scene) {}), Command{Role: Approver}, false, "approver"},
		{"an approver is not an operator by that", Policy{Teams: []string{home}, Roles: func(Actor) Roles { return Approver }}, scene(func(*Scene) {}), Command{Role: Operator}, false, "operator"},
		{"a command without a role is nobody's", ours, scene(func(*Scene) {}), Command{}, false, "role"},
		{"a name or an address decides nothing", Policy{Teams: []string{home}, Roles: func(a Actor) Roles {
			if a.User == "U-admin" {
				return Admin
			}
			return Viewer
		}}, scene(who(Person{Team: home, Name: "U-admin", Mail: "admin@contoso.com"})), Command{Role: Admin}, false, "admin"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := Allow(tc.policy, tc.scene, tc.cmd)
			if d.OK != tc.ok || !strings.Contains(d.Why, tc.why) {
				t.Fatalf("Allow = %+v, want OK %t and a reason with %q", d, tc.ok, tc.why)
			}
			if !d.OK && (d.Why == "" || d.Ask == "") {
				t.Errorf("a refusal says why and what to do: %+v", d)
			}
		})
	}
}

func TestRolesAreWords(t *testing.T) {
	for want, r := range map[string]Roles{"none": 0, "viewer": Viewer, "viewer and operator": Viewer | Operator, "viewer, approver and admin": Viewer | Approver | Admin} {
		if got := r.String(); got != want {
			t.Errorf("Roles(%d) = %q, want %q", r, got, want)
		}
	}
}
