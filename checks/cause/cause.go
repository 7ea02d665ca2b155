package cause

import "sync"

// Owner is the party that can mend something.
type Owner string

// The owners. AD runs the domain controllers and the connector accounts,
// Network the firewalls, proxies and DNS, Connect the Connect server, Entra the
// tenant; the help desk can settle the rest with the person.
const (
	OwnerAD       Owner = "ad"
	OwnerNetwork  Owner = "network"
	OwnerConnect  Owner = "connect"
	OwnerEntra    Owner = "entra"
	OwnerHelpdesk Owner = "helpdesk"
)

// Group is the part of the world that a cause belongs to.
type Group string

// The groups of causes, one table file each or part of one.
const (
	// GroupCycle is reading password changes from AD, per domain.
	GroupCycle Group = "cycle"
	// GroupUpload is writing hashes to Microsoft Entra ID, heartbeats included.
	GroupUpload Group = "upload"
	// GroupChannel is the password hash synchronization agent itself.
	GroupChannel Group = "channel"
	// GroupEngine is the synchronization engine around the agent.
	GroupEngine Group = "engine"
	// GroupStatus is the password sync log of one person.
	GroupStatus Group = "status"
	// GroupPush is the answer to pushing one person's hash by hand.
	GroupPush Group = "push"
	// GroupRun is the result of a run profile.
	GroupRun Group = "run"
	// GroupExport is an error of an export to Microsoft Entra ID.
	GroupExport Group = "export"
	// GroupSignIn is why a person's sign-in to the cloud failed.
	GroupSignIn Group = "sign-in"
	// GroupOther is what looks related and says nothing about password hash
	// synchronization.
	GroupOther Group = "other"
)

// Cause is one thing that an event, a code or a status can mean.
type Cause struct {
	// ID is kebab case and never changes meaning.
	ID string
	// Group is the part of the world that the cause belongs to.
	Group Group
	// Title states the meaning in a few words.
	Title string
	// Owner is who can act on it.
	Owner Owner
	// Check is the id of the check that covers it, "" where none does.
	Check string
	// Next says what to do, the smallest step first; it is never empty.
	Next []string
	// Fault says that the cause is something wrong. Signs of life and plain
	// progress are not faults.
	Fault bool
	// Transient says that the engine tries again by itself and that one
	// occurrence proves nothing.
	Transient bool
	// Vague says that the text was not understood further: a more precise cause
	// from elsewhere in the same text is to be preferred.
	Vague bool
}

// All returns every cause, in the order of the tables. The slice is the
// caller's.
func All() []Cause {
	var all []Cause
	for _, part := range [][]Cause{
		cycleCauses, rpcCauses, replicationCauses,
		uploadCauses, channelCauses, engineCauses,
		statusCauses, pushCauses, runCauses, exportCauses, signInCauses, otherCauses,
	} {
		all = append(all, part...)
	}
	return all
}

// index finds a cause by id; it is built once, on first use.
var index = sync.OnceValue(func() map[string]Cause {
	m := make(map[string]Cause)
	for _, c := range All() {
		m[c.ID] = c
	}
	return m
})

// Lookup returns the cause with the given id.
func Lookup(id string) (Cause, bool) {
	c, ok := index()[id]
	return c, ok
}

// Family returns the group of a cause, or "" where there is no such cause.
func Family(id string) Group { return index()[id].Group }

// UploadFailure reports whether a cause means that hashes, or a heartbeat, did
// not reach Microsoft Entra ID.
func UploadFailure(id string) bool {
	c := index()[id]
	return c.Group == GroupUpload && c.Fault
}

// CycleFailure reports whether a cause means that password changes of a domain
// were not read from AD.
func CycleFailure(id string) bool {
	c := index()[id]
	return c.Group == GroupCycle && c.Fault
}
