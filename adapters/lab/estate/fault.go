package estate

import (
	"fmt"
	"strings"
	"time"
)

// Fault is one thing that can be switched on, as it is listed.
type Fault struct {
	ID       string `json:"fault"`
	Check    string `json:"check"`
	Severity string `json:"severity"`
	Scope    string `json:"scope"`
	// Subject is the subject that the check's result is about.
	Subject string `json:"subject"`
	// User is whom to ask about, for a fault of one person.
	User  string `json:"user,omitempty"`
	Title string `json:"title"`
}

// Scopes of faults, which are those of the checks.
const (
	scopeTenant    = "tenant"
	scopeServer    = "server"
	scopeConnector = "connector"
	scopeDomain    = "domain"
	scopeUser      = "user"
)

// How long before it was switched on a fault began. A domain or a connector is
// out of order at once after an hour; a heartbeat needs more than the three
// hours of Microsoft's rule; a domain that fails in its own way did so before a
// channel that was stopped; what befell one person befell them before anything
// else that is switched on beside it.
const (
	leadShort     = time.Hour
	leadHeartbeat = 4 * time.Hour
	leadDomain    = 5 * time.Hour
	leadPerson    = 26 * time.Hour
)

// fault is how one thing goes wrong.
type fault struct {
	id    string
	check string
	scope string
	// severity is the word for the result that the fault must lead to.
	severity string
	title    string
	lead     time.Duration
	// subject is the default subject: a host, a forest, a domain; for a person
	// the trait names the victim.
	subject string
	set     func(c *conditions, iv interval)
	// trait is what the fault makes of a person.
	trait string
}

// interval is the time during which a fault is on.
type interval struct {
	fault  *fault
	target target
	// on is when it was switched on, begin when it began, end when it was
	// switched off; the zero end means that it is still on.
	on, begin, end time.Time
	key            string
}

func (iv interval) covers(t time.Time) bool {
	return !t.Before(iv.begin) && (iv.end.IsZero() || t.Before(iv.end))
}

// target is whom or what a fault befalls.
type target struct {
	host   string
	forest *Forest
	domain *Domain
	object *Object
}

func (f *fault) apply(c *conditions, iv interval) {
	if f.scope == scopeUser && f.trait != "" {
		s := situationOf(f.trait)
		c.people[iv.target.object.GUID] = &s
	}
	if f.set != nil {
		f.set(c, iv)
	}
}

// faults lists every fault, in the order of the catalog.
func faults() []*fault {
	var out []*fault
	for _, part := range [][]fault{serverFaults(), engineFaults(), cloudFaults(), connectorFaults(), domainFaults(), userFaults()} {
		for i := range part {
			f := part[i]
			if f.check == "" {
				f.check = f.id
			}
			if f.lead == 0 {
				f.lead = leadShort
			}
			if f.severity == "" {
				f.severity = "error"
			}
			out = append(out, &f)
		}
	}
	return out
}

// Faults lists what can be switched on, each with its default subject.
func (e *Estate) Faults() []Fault {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := make([]Fault, 0, len(e.faults))
	for _, f := range e.faults {
		t, err := e.target(f, "")
		if err != nil {
			continue // a table row without its victim; the tests find it
		}
		listed := Fault{ID: f.id, Check: f.check, Severity: f.severity, Scope: f.scope, Subject: t.subject(f), Title: f.title}
		if t.object != nil {
			listed.User = e.askFor(f, t.object)
		}
		out = append(out, listed)
	}
	return out
}

// askFor is the identifier under which a victim shows the fault.
func (e *Estate) askFor(f *fault, o *Object) string {
	if f.check == "user-ambiguous" {
		return o.SAM
	}
	return o.UPN
}

// find looks a fault up by "id" or "id@subject".
func (e *Estate) find(spec string) (*fault, target, error) {
	id, subject, _ := strings.Cut(spec, "@")
	for _, f := range e.faults {
		if strings.EqualFold(f.id, id) {
			t, err := e.target(f, subject)
			if err != nil {
				return nil, target{}, fmt.Errorf("fault %q: %w", spec, err)
			}
			return f, t, nil
		}
	}
	return nil, target{}, fmt.Errorf("fault %q: there is no fault of that id", spec)
}

// target resolves a subject; an empty one is the fault's own.
func (e *Estate) target(f *fault, subject string) (target, error) {
	if subject == "" {
		subject = f.subject
	}
	switch f.scope {
	case scopeTenant:
		return target{}, nil
	case scopeServer:
		for _, n := range e.nodes {
			if strings.EqualFold(n.Host, subject) {
				return target{host: n.Host}, nil
			}
		}
		return target{}, fmt.Errorf("there is no Connect server %q", subject)
	case scopeConnector:
		for _, fo := range e.forests {
			if strings.EqualFold(fo.FQDN, subject) {
				return target{forest: fo}, nil
			}
		}
		return target{}, fmt.Errorf("there is no forest %q", subject)
	case scopeDomain:
		for _, fo := range e.forests {
			for _, d := range fo.Domains {
				if strings.EqualFold(d.FQDN, subject) {
					return target{forest: fo, domain: d}, nil
				}
			}
		}
		return target{}, fmt.Errorf("there is no domain %q", subject)
	default:
		return e.victim(f, subject)
	}
}

// victim finds a person by any identifier, or the one kept for the fault.
func (e *Estate) victim(f *fault, name string) (target, error) {
	for _, o := range e.objects {
		kept := name == "" && o.victim == f.id
		named := name != "" && (strings.EqualFold(o.UPN, name) || strings.EqualFold(o.DN, name) ||
			strings.EqualFold(o.SAM, name) || strings.EqualFold(o.GUID.String(), name))
		if kept || named {
			return target{forest: o.Domain.Forest, domain: o.Domain, object: o}, nil
		}
	}
	return target{}, fmt.Errorf("there is nobody %q", name)
}

// subject writes the subject of the check's result the way that checks does.
func (t target) subject(f *fault) string {
	switch {
	case f.scope == scopeTenant || f.check == "user-not-found" || f.check == "user-ambiguous":
		return "tenant"
	case t.object != nil:
		return "tenant/forest:" + t.forest.FQDN + "/domain:" + t.domain.FQDN + "/user:" + t.object.GUID.String()
	case t.domain != nil:
		return "tenant/forest:" + t.forest.FQDN + "/domain:" + t.domain.FQDN
	case t.forest != nil:
		return "tenant/forest:" + t.forest.FQDN
	default:
		return "tenant/server:" + strings.ToLower(t.host)
	}
}
