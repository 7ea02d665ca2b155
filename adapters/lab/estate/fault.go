package estate

import "time"

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
// else that is switched on beside it, days before where an earlier success
// belongs to the story; what is merely odd began minutes ago.
const (
	leadOdd       = 10 * time.Minute
	leadShort     = time.Hour
	leadHeartbeat = 4 * time.Hour
	leadDomain    = 5 * time.Hour
	leadPerson    = 26 * time.Hour
	leadStory     = 4 * 24 * time.Hour
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

func (f *fault) apply(c *conditions, iv interval) {
	if f.scope == scopeUser && f.trait != "" {
		o := iv.target.object
		s := situationOf(f.trait)
		if was, ok := c.people[o.GUID]; ok {
			s.sam, s.upn = was.sam, was.upn // somebody's namesake stays one
		}
		c.people[o.GUID] = &s
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
