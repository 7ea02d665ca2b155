package estate

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// healthy lists the people who are healthy from the start and no fault's own.
func (e *Estate) healthy() []*Object {
	var out []*Object
	for _, o := range e.objects {
		if o.living() {
			out = append(out, o)
		}
	}
	return out
}

func TestTheSubjectAFaultIsListedWithIsItsOwn(t *testing.T) {
	e, _ := start(t)
	for _, f := range e.Faults() {
		_, own, err := e.find(f.ID)
		if err != nil {
			t.Fatal(err)
		}
		escaped := strings.NewReplacer("tenant", "Tenant", ".", "%2E", "-", "%2d").Replace(f.Subject)
		for _, subject := range []string{"", f.Subject, strings.ToUpper(f.Subject), escaped} {
			if _, got, err := e.find(f.ID + "@" + subject); err != nil || got != own {
				t.Errorf("%s@%s: %+v, %v; want %+v", f.ID, subject, got, err, own)
			}
		}
	}
}

func TestASubjectMeansOneThing(t *testing.T) {
	e, _ := start(t)
	jane := e.bySAM("jdoe")
	guid := jane.GUID.String()
	for _, c := range []struct {
		name, spec string
		want       string // the target's key; empty where the spec is refused
		say        string
	}{
		{"a host", "staging-mode@connect02", "tenant/server:connect02", ""},
		{"a server's subject", "staging-mode@tenant/server:connect02", "tenant/server:connect02", ""},
		{"a forest", "channel-disabled@FABRIKAM.com", "tenant/forest:fabrikam.com", ""},
		{"a forest's subject", "channel-disabled@tenant/forest:fabrikam.com", "tenant/forest:fabrikam.com", ""},
		{"a domain's subject", "cycle-stale@tenant/forest:contoso.com/domain:emea.contoso.com", "tenant/forest:contoso.com/domain:emea.contoso.com", ""},
		{"a person's subject", "hash-stale@tenant/forest:contoso.com/domain:contoso.com/user:" + guid, jane.key(), ""},
		{"a person's subject, for a fault of a name", "user-not-found@tenant/forest:contoso.com/domain:contoso.com/user:" + guid, jane.key(), ""},
		{"a sign-in name", "hash-stale@jdoe@contoso.com", jane.key(), ""},
		{"an account name", "hash-stale@JDOE", jane.key(), ""},
		{"an account name with its domain", `hash-stale@contoso\jdoe`, jane.key(), ""},
		{"an objectGUID in braces", "hash-stale@{" + guid + "}", jane.key(), ""},
		{"an ImmutableId", "hash-stale@" + jane.GUID.Anchor(), jane.key(), ""},
		{"a distinguished name, spaced", `hash-stale@cn=Doe\2C Jane, OU=Leadership,OU=Corp,DC=contoso,DC=com`, jane.key(), ""},
		{"the tenant's name", "phs-feature-off@" + TenantName, "tenant", ""},

		{"a server that is not there", "staging-mode@tenant/server:connect09", "", "no Connect server"},
		{"a subject of another scope", "staging-mode@tenant/forest:contoso.com", "", "no Connect server"},
		{"a domain of another forest", "cycle-stale@tenant/forest:fabrikam.com/domain:contoso.com", "", "no domain"},
		{"a subject with an escaped slash", "cycle-stale@tenant/forest:contoso.com%2Fdomain:contoso.com", "", "no domain"},
		{"a person for a fault of the tenant", "phs-feature-off@jdoe", "", "whole tenant"},
		{"the tenant for a fault of one person", "hash-stale@tenant", "", "nobody"},
		{"an account name of several people", "hash-stale@jwilson", "", "name one by the sign-in name"},
		{"an account of a connector", "hash-stale@MSOL_4f1d2c7a9b30", "", "left out of synchronization"},
		{"a person outside the filter", "hash-stale@ext-rokonkwo", "", "left out of synchronization"},
		{"a computer", "hash-stale@LT-4471$", "", "not a person"},
		{"the name of nobody's account", `hash-stale@CONTOSO\`, "", "nobody"},
		{"a distinguished name, which is never ambiguous", "user-ambiguous@" + jane.DN, "", "sign-in name jdoe@contoso.com or the account name jdoe"},
		{"an objectGUID, which is never ambiguous", "user-ambiguous@" + guid, "", "sign-in name jdoe@contoso.com"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, got, err := e.find(c.spec)
			if c.want == "" {
				if err == nil || !strings.Contains(err.Error(), c.say) {
					t.Errorf("%s: %v; want it refused with %q", c.spec, err, c.say)
				}
				return
			}
			if err != nil || got.key() != c.want {
				t.Errorf("%s: %s, %v", c.spec, got.key(), err)
			}
		})
	}
}

// key is the subject of a result about the object.
func (o *Object) key() string {
	return target{forest: o.Domain.Forest, domain: o.Domain, object: o}.key()
}

func TestEveryFaultOfAPersonBefallsWhomeverItIsImposedOn(t *testing.T) {
	e, c := start(t)
	advance(t, c, 3*24*time.Hour) // life goes on for a while first
	dice := rand.New(rand.NewPCG(3, 5))
	for _, f := range e.faults {
		if f.scope != scopeUser {
			continue
		}
		people := e.healthy()
		dice.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
		for _, o := range people[:5] {
			t.Run(f.id+" on "+o.SAM, func(t *testing.T) {
				spec := f.id + "@" + o.UPN
				before := e.Person(ActiveHost, o.Domain.Forest.ConnectorID, o.DN)
				set(t, e, []string{spec}, nil)
				befallen(t, e, f, o, c.Now())
				advance(t, c, 7*time.Minute)
				if ch, ok := o.latest(c.Now(), false); ok && f.trait != "" && len(o.extra) > 0 && ch != o.extra[len(o.extra)-1] {
					t.Errorf("the newest change is %+v, which the fault does not tell of", ch)
				}
				set(t, e, nil, []string{spec})
				after := e.Person(ActiveHost, o.Domain.Forest.ConnectorID, o.DN)
				if diff := cmp.Diff(before.Log, after.Log); diff != "" {
					t.Errorf("it left a trace:\n%s", diff)
				}
			})
		}
	}
}

// befallen looks whether the world shows of a person what the fault is about.
func befallen(t *testing.T, e *Estate, f *fault, o *Object, now time.Time) {
	t.Helper()
	p := e.Person(ActiveHost, o.Domain.Forest.ConnectorID, o.DN)
	e.mu.Lock()
	c := e.conditionsAt(now)
	s := c.of(o)
	e.mu.Unlock()
	last := "nothing"
	if len(p.Log) > 0 {
		last = p.Log[0].Status
	}
	named := map[string]int{}
	for _, d := range []string{"contoso.com", "emea.contoso.com", "fabrikam.com"} {
		for _, x := range e.Entries(d) {
			for _, attribute := range []string{"sAMAccountName", "userPrincipalName"} {
				if v := x.Attributes[attribute]; len(v) > 0 && (v[0] == o.SAM || v[0] == o.UPN) {
					named[attribute]++
				}
			}
		}
	}
	ch, _ := o.latest(now, false)
	unsent := len(p.Log) == 0 || p.Log[0].At.Before(ch.at)
	var shown bool
	switch f.id {
	case "user-not-found":
		shown = named["sAMAccountName"] == 0 && named["userPrincipalName"] == 0
	case "user-ambiguous":
		shown = named["sAMAccountName"] == 2 && named["userPrincipalName"] == 2
	case "temporary-password":
		shown = ch.temporary && last == "FilteredByTarget"
	case "temporary-password-before-feature":
		shown = ch.temporary && c.tenant.temporaryPasswords && last == "FilteredByTarget"
	case "not-imported", "not-imported-filtered":
		shown = p.AD == nil
	case "no-attempt-recorded":
		shown = len(p.Log) == 0 && now.Sub(ch.at) < memory
	case "hash-stale":
		shown = last == "Success" && unsent && now.Sub(ch.at) > 12*time.Hour
	case "waiting":
		shown = unsent && now.Sub(ch.at) < 10*time.Minute
	case "cloud-mismatch":
		shown = last == "Success" && e.CloudPerson(o.GUID.Anchor(), "").PasswordHint.Before(ch.at.Add(-memory))
	case "last-attempt-failed", "last-attempt-failed-unknown", "last-attempt-failed-nocode", "missing-attribute", "domain-attributes-wrong":
		shown = last == s.answer && !unsent
	default: // what the situation says is looked at as it is
		shown = s.trait == f.trait && s != situation{trait: f.trait}
	}
	if !shown {
		t.Errorf("situation %+v, last attempt %s, newest change %+v, names %v", s, last, ch, named)
	}
}

// Names are taken from several people at once, and each keeps their own.
func TestAFaultCanBefallSeveralPeopleAtOnce(t *testing.T) {
	e, _ := start(t)
	both := []string{"user-not-found@jdoe@contoso.com", "user-not-found@sbyrne@fabrikam.com"}
	gone := func(domain, sam string) bool {
		for _, x := range e.Entries(domain) {
			if v := x.Attributes["sAMAccountName"]; len(v) > 0 && v[0] == sam {
				return false
			}
		}
		return true
	}
	set(t, e, both, nil)
	if !gone("contoso.com", "jdoe") || !gone("fabrikam.com", "sbyrne") {
		t.Error("only one of them is gone")
	}
	set(t, e, nil, both[:1])
	if gone("contoso.com", "jdoe") || !gone("fabrikam.com", "sbyrne") {
		t.Error("the wrong one is back")
	}
}
