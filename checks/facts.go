package checks

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// FactsSchema names the JSON form of Facts and its version.
const FactsSchema = "pwsync.facts/1"

// Facts is the photograph of the world that one run judges: everything that
// the rules may know. At is the only "now" there is.
type Facts struct {
	Schema   string    `json:"schema"`
	At       time.Time `json:"at"`
	Question Question  `json:"question"`
	// Thresholds are the limits in force, so that a replay judges as the run did.
	Thresholds Thresholds `json:"thresholds"`
	// NotConfigured lists the optional sources that this installation does not
	// use. What is listed here is not checked; what is not listed and could not
	// be read is a missing fact.
	NotConfigured []Gap `json:"notConfigured,omitempty"`

	Tenant  Tenant   `json:"tenant"`
	Servers []Server `json:"servers"`
	Forests []Forest `json:"forests,omitempty"`
	User    *User    `json:"user,omitempty"`
}

// Question is what was asked.
type Question struct {
	// Scope is "health" or "user".
	Scope string `json:"scope"`
	// Input is what the person typed, for a user question.
	Input string `json:"input,omitempty"`
	// Said is what was understood, in words.
	Said string `json:"said,omitempty"`
}

// The two kinds of question.
const (
	ScopeHealthQuestion = "health"
	ScopeUserQuestion   = "user"
)

// Gap is an optional source that is not configured, and why.
type Gap struct {
	Source Source `json:"source"`
	Why    string `json:"why"`
}

// Gap returns the reason why the source is not configured, and whether it is
// listed as such.
func (f *Facts) Gap(s Source) (string, bool) {
	for _, g := range f.NotConfigured {
		if g.Source == s {
			return g.Why, true
		}
	}
	return "", false
}

// Active returns the server that is configured as the active one. Connectors,
// domains and people are judged by what this server says. Where the
// configuration names no server as active the first one is judged; it is nil
// where there is none at all.
func (f *Facts) Active() *Server {
	for i := range f.Servers {
		if f.Servers[i].Role == RoleActive {
			return &f.Servers[i]
		}
	}
	if len(f.Servers) == 0 {
		return nil
	}
	return &f.Servers[0]
}

// Forest returns what is known of a forest beside the Connect server, nil where
// nothing was asked.
func (f *Facts) Forest(fqdn string) *Forest {
	for i := range f.Forests {
		if equalFold(f.Forests[i].FQDN, fqdn) {
			return &f.Forests[i]
		}
	}
	return nil
}

// ReadFacts decodes one Facts document. It refuses other schemas with a
// sentence that says which one was found.
func ReadFacts(r io.Reader) (*Facts, error) {
	dec := json.NewDecoder(r)
	var f Facts
	if err := dec.Decode(&f); err != nil {
		return nil, fmt.Errorf("read facts: %w", err)
	}
	if f.Schema != FactsSchema {
		return nil, fmt.Errorf("read facts: schema is %q, this program reads %q", f.Schema, FactsSchema)
	}
	if f.At.IsZero() {
		return nil, fmt.Errorf(`read facts: "at" is missing: without the time of the photograph nothing can be judged`)
	}
	switch f.Question.Scope {
	case ScopeHealthQuestion:
	case ScopeUserQuestion:
		if f.User == nil {
			return nil, fmt.Errorf(`read facts: the question is about a user and "user" is missing`)
		}
	default:
		return nil, fmt.Errorf("read facts: question scope %q is neither health nor user", f.Question.Scope)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("read facts: there is more than one document in the file")
	}
	if f.Thresholds == (Thresholds{}) {
		f.Thresholds = DefaultThresholds()
	}
	if f.User != nil {
		if log, ok := f.User.Log.Get(); ok {
			slices.SortStableFunc(log, func(a, b LogEntry) int { return b.At.Compare(a.At) })
		}
	}
	return &f, nil
}

// Write encodes the facts as indented JSON.
func (f *Facts) Write(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(f)
}

// Tenant is what the cloud says about itself.
type Tenant struct {
	// Organization comes from Microsoft Graph.
	Organization Fact[Organization] `json:"organization,omitzero"`
}

// Organization is the part of the Graph organization that matters here.
type Organization struct {
	Name string `json:"name,omitempty"`
	// SyncEnabled is onPremisesSyncEnabled: false when directory
	// synchronization was switched off.
	SyncEnabled bool `json:"syncEnabled"`
	// LastPasswordSync is the last password request or heartbeat that the tenant
	// received, from whichever forest: a hint, never proof.
	LastPasswordSync time.Time `json:"lastPasswordSync,omitzero"`
}

// Forest is what is known of an AD forest beside the Connect server.
type Forest struct {
	FQDN string `json:"fqdn"`
	// Account is the connector's account as AD shows it.
	Account Fact[AccountState] `json:"account,omitzero"`
	Domains []Domain           `json:"domains,omitempty"`
}

// Domain returns what is known of one domain, nil where nothing was asked.
func (f *Forest) Domain(fqdn string) *Domain {
	if f == nil {
		return nil
	}
	for i := range f.Domains {
		if equalFold(f.Domains[i].FQDN, fqdn) {
			return &f.Domains[i]
		}
	}
	return nil
}

// Domain is what is known of an AD domain beside the Connect server.
type Domain struct {
	FQDN string `json:"fqdn"`
	// Rights says whether the connector account may replicate secrets.
	Rights Fact[Rights] `json:"rights,omitzero"`
	// Ports are connection attempts from where the bot runs.
	Ports Fact[[]Probe] `json:"ports,omitzero"`
}

// AccountState is the state of the connector's AD account.
type AccountState struct {
	Name            string    `json:"name"`
	DN              string    `json:"dn,omitempty"`
	Disabled        bool      `json:"disabled"`
	Locked          bool      `json:"locked"`
	Expired         bool      `json:"expired"`
	PasswordExpired bool      `json:"passwordExpired"`
	MustChange      bool      `json:"mustChange"`
	PasswordSet     time.Time `json:"passwordSet,omitzero"`
	AccountExpires  time.Time `json:"accountExpires,omitzero"`
	BadPasswords    int       `json:"badPasswords,omitempty"`
	LastBadPassword time.Time `json:"lastBadPassword,omitzero"`
}

// Rights are the two replication rights of the connector account on one domain
// root: "granted", "missing", "denied" or "unknown", each with the entry that
// decided in words.
type Rights struct {
	Account    string `json:"account"`
	Changes    string `json:"changes"`
	ChangesAll string `json:"changesAll"`
	// ChangesVia and ChangesAllVia name the access control entry and the group.
	ChangesVia    string `json:"changesVia,omitempty"`
	ChangesAllVia string `json:"changesAllVia,omitempty"`
}

// The outcomes of one right.
const (
	RightGranted = "granted"
	RightMissing = "missing"
	RightDenied  = "denied"
)

// Probe is one connection attempt.
type Probe struct {
	Host string `json:"host"`
	Port int    `json:"port"`
	Open bool   `json:"open"`
	// Error says in words why it is not open.
	Error string `json:"error,omitempty"`
}
