package suite

import (
	"context"
	"time"

	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/identity"
)

// ConnectServer is one Entra Connect server, behind its worker. Its methods
// never fail as a whole: what could not be read is a missing fact that says why.
type ConnectServer interface {
	// Host and Role are the configured name and checks.RoleActive or
	// checks.RoleStaging.
	Host() string
	Role() string
	// Server photographs the server, events included. The answer may be shared
	// with other questions for up to half a minute.
	Server(ctx context.Context) checks.Server
	// User looks one person up in the connector spaces and the metaverse.
	User(ctx context.Context, ref UserRef) UserView
}

// UserRef names one person for a Connect server: the connector by id and the
// distinguished name in its connector space.
type UserRef struct {
	ConnectorID string
	DN          string
}

// UserView is what a Connect server knows of one person.
type UserView struct {
	ADCS    checks.Fact[checks.CSObject]
	MV      checks.Fact[checks.MVObject]
	EntraCS checks.Fact[checks.CSObject]
	Log     checks.Fact[[]checks.LogEntry]
}

// Directory is one AD forest as the bot reads it.
type Directory interface {
	// Forest is the forest's FQDN, lower case; Domains are its domains.
	Forest() string
	Domains() []string
	// Find returns the objects that answer to the query, at most limit of them.
	// No match is an empty slice and no error. An error beside matches says that
	// a part of the forest could not be searched.
	Find(ctx context.Context, q identity.Query, limit int) ([]checks.Candidate, error)
	// Names returns sign-in names similar to the query's value, for "did you
	// mean", at most limit of them.
	Names(ctx context.Context, q identity.Query, limit int) ([]string, error)
	// User reads one object by its distinguished name. An object that is not
	// there is an error that matches fs.ErrNotExist.
	User(ctx context.Context, dn string) (checks.ADUser, error)
	// Account reads the state of the connector's account; domain is a FQDN or a
	// NetBIOS name.
	Account(ctx context.Context, name, domain string) (checks.AccountState, error)
}

// Rights evaluates the replication rights of an account on a domain root.
type Rights interface {
	Rights(ctx context.Context, forest, domain, account string) (checks.Rights, error)
}

// Reachability tries the domain controllers of a domain from where the bot runs.
type Reachability interface {
	Ports(ctx context.Context, forest, domain string) ([]checks.Probe, error)
}

// Cloud is Microsoft Graph.
type Cloud interface {
	Organization(ctx context.Context) (checks.Organization, error)
	// User finds a person by source anchor first, then by sign-in name; a person
	// who is not there is a value with Found false.
	User(ctx context.Context, immutableID, upn string) (checks.CloudUser, error)
	DomainAuth(ctx context.Context, domain string) (checks.DomainAuth, error)
}

// SignIns reads the sign-in log of Microsoft Graph.
type SignIns interface {
	Failed(ctx context.Context, cloudID string, since time.Time) ([]checks.SignIn, error)
}

// Clock tells the time of the run. Deadlines of network peers stay on wall time.
type Clock interface {
	Now() time.Time
}
