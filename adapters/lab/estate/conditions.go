package estate

import (
	"strings"
	"time"
)

// conditions is everything that is out of order at one moment. Faults write it;
// the servers, the directories and the cloud read it. Everything that a fault
// does not touch is healthy.
type conditions struct {
	estate *Estate
	// noActiveRole says that the configuration names no server as active.
	noActiveRole bool

	tenant  tenantCondition
	nodes   map[string]*nodeCondition   // by host, lower case
	forests map[string]*forestCondition // by FQDN
	domains map[string]*domainCondition // by FQDN
	people  map[GUID]*situation
}

type tenantCondition struct {
	featureOff bool
	dirSyncOff bool
	// temporaryPasswords is the feature that lets temporary passwords through.
	temporaryPasswords bool
}

type nodeCondition struct {
	unreachable     bool
	serviceStopped  bool
	staging         bool
	noEntra         bool
	twoEntra        bool
	noAD            bool
	schedulerOff    bool
	suspended       bool
	firstFullSync   bool
	deletionStop    bool
	databaseFull    bool
	fips            bool
	verbose         bool
	odd             bool // the agent logs what nobody understands
	skew            time.Duration
	logSpan         time.Duration
	version         string
	serviceAccount  bool // signs in to Entra with an account, not a certificate
	certificateEnds time.Time
	// upload is why nothing is accepted by the cloud.
	upload uploadTrouble
	// cloudCalls is what the cmdlets that call the cloud say instead of answering.
	cloudCalls string
	// journal is an unfinished resync.
	journal *Journal
}

type forestCondition struct {
	channelOff     bool
	forced         bool // a full password synchronization was forced
	channelStopped bool
	noHeartbeat    bool
	account        accountTrouble
	accountSince   time.Time
	noInboundRule  bool
	noOutboundRule bool
}

type domainCondition struct {
	notSelected  bool
	notFlagged   bool
	ldapDown     bool
	rpcDown      bool
	botDown      bool
	preferred    bool // only a preferred domain controller may be used, and it is gone
	rightMissing string
	denied       bool
	stale        bool
	failure      string // a 611 of another kind, by its class
	excluded     []string
}

// Journal is a resync that began and did not end.
type Journal struct {
	Connector, Step, Operator string
	Started                   time.Time
}

// accountTrouble is what is wrong with a connector's account in AD.
type accountTrouble string

const (
	accountFine            accountTrouble = ""
	accountRejected        accountTrouble = "rejected"
	accountDisabled        accountTrouble = "disabled"
	accountLocked          accountTrouble = "locked"
	accountExpired         accountTrouble = "expired"
	accountPasswordExpired accountTrouble = "password-expired"
	accountMustChange      accountTrouble = "must-change"
)

// uploadTrouble names a way in which the cloud does not accept anything.
type uploadTrouble string

const (
	uploadFine        uploadTrouble = ""
	uploadFeatureOff  uploadTrouble = "feature-off"
	uploadDirSyncOff  uploadTrouble = "directory-sync-off"
	uploadDenied      uploadTrouble = "access-denied"
	uploadPassword    uploadTrouble = "wrong-password"
	uploadCertificate uploadTrouble = "certificate"
	uploadConditional uploadTrouble = "conditional-access"
	uploadEndpoint    uploadTrouble = "endpoint"
	uploadTLS         uploadTrouble = "tls"
	uploadBusy        uploadTrouble = "busy"
	uploadRetired     uploadTrouble = "retired"
)

func (e *Estate) healthyConditions() *conditions {
	c := &conditions{
		estate:  e,
		nodes:   make(map[string]*nodeCondition, len(e.nodes)),
		forests: make(map[string]*forestCondition, len(e.forests)),
		domains: map[string]*domainCondition{},
		people:  map[GUID]*situation{},
	}
	for _, n := range e.nodes {
		c.nodes[strings.ToLower(n.Host)] = &nodeCondition{
			staging: n.Role == "staging", version: Version,
			logSpan: memory, certificateEnds: e.start.Add(certificateLife),
		}
	}
	for _, f := range e.forests {
		c.forests[f.FQDN] = &forestCondition{}
		for _, d := range f.Domains {
			c.domains[d.FQDN] = &domainCondition{}
		}
	}
	return c
}

// conditionsSeen is the last answer of conditionsAt and the time for which it
// holds: from the last time a fault began or ended to the next.
type conditionsSeen struct {
	from, until time.Time
	conditions  *conditions
}

// conditionsAt is the state of the world at t: healthy, and every fault that
// was on then. It is read, never changed.
func (e *Estate) conditionsAt(t time.Time) *conditions {
	if s := e.seen; s.conditions != nil && !t.Before(s.from) && (s.until.IsZero() || t.Before(s.until)) {
		return s.conditions
	}
	seen := conditionsSeen{conditions: e.healthyConditions()}
	for _, iv := range e.intervals {
		for _, edge := range []time.Time{iv.begin, iv.end} {
			if edge.IsZero() {
				continue
			}
			if !edge.After(t) && edge.After(seen.from) {
				seen.from = edge
			}
			if edge.After(t) && (seen.until.IsZero() || edge.Before(seen.until)) {
				seen.until = edge
			}
		}
		if iv.covers(t) {
			iv.fault.apply(seen.conditions, iv)
		}
	}
	e.seen = seen
	return seen.conditions
}

// of returns the situation of an object: its own, or the one that a fault puts
// it in.
func (c *conditions) of(o *Object) situation {
	if s, ok := c.people[o.GUID]; ok {
		return *s
	}
	return o.situation
}

func (c *conditions) node(host string) *nodeCondition {
	if n, ok := c.nodes[strings.ToLower(host)]; ok {
		return n
	}
	return &nodeCondition{}
}

func (c *conditions) forest(f *Forest) *forestCondition { return c.forests[f.FQDN] }
func (c *conditions) domain(d *Domain) *domainCondition { return c.domains[d.FQDN] }
