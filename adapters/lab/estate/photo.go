package estate

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Photo is what a Connect server has to say about itself at one moment.
type Photo struct {
	Host, Account string
	// Now is the server's own clock.
	Now     time.Time
	Service string // the service controller's word
	Version string

	Staging, SchedulerOn, Suspended bool
	NextSync                        time.Time
	Feature, TemporaryPasswords     bool

	Connectors []Connector
	States     []State
	Rules      []Rule
	Changes    []RuleChange
	Runs       []Run // newest first

	Application     bool // signs in to Entra as an application
	CertificateEnds time.Time
	CloudOK         bool
	CloudError      string

	FIPS, Verbose  bool
	DatabaseUsedMB int
	Journal        *Journal

	// Errors are the look-ups that throw, by the worker's key.
	Errors map[string]string
}

// Connector is one connector of a server.
type Connector struct {
	ID, Name, Type, Subtype string
	Forest                  *Forest // nil for the Entra connector
	Forced                  bool
	Partitions              []PartitionView
	// Channel and Logon concern AD connectors.
	ChannelOn   bool
	LogonError  string
	FullPending bool
	Reach       []Reach
	Ports       []Port
}

// PartitionView is a partition with what was configured on it.
type PartitionView struct {
	Partition
	Preferred          []string
	OnlyPreferred      bool
	LastDC             string
	Included, Excluded []string
}

// State is the state of reading passwords from one partition.
type State struct {
	ConnectorID, DN string
	Cycle           Cycle
}

// Reach is whether the engine reaches a domain.
type Reach struct {
	Domain string
	OK     bool
	Error  string
}

// Port is one attempt to reach a domain controller.
type Port struct {
	Partition, Host string
	Number          int
	Open            bool
	Error           string
}

// RuleChange is one entry of the rule audit.
type RuleChange struct {
	At             time.Time
	By, Rule, What string
}

const (
	subtypeEntra = "Windows Azure Active Directory (Microsoft)"
	limitMB      = 10240
	usedMB       = 912
	auditor      = `CONTOSO\adm-hollis`
	errStopped   = "The service ADSync on the server is not running."
	errTimeout   = "connection attempt timed out"
)

// LimitMB is where LocalDB ends.
const LimitMB = limitMB

// ErrUnreachable is what the way to an unreachable server ends with.
var ErrUnreachable = fmt.Errorf("connect to the server: %s", errTimeout)

// Reachable tells whether a server can be reached at all, as an error.
func (e *Estate) Reachable(host string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.conditionsAt(e.clock.Now()).node(host).unreachable {
		return ErrUnreachable
	}
	return nil
}

// Server photographs a Connect server.
func (e *Estate) Server(host string) (Photo, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.clock.Now()
	h := e.history(host)
	if h == nil {
		return Photo{}, fmt.Errorf("there is no Connect server %q", host)
	}
	c := e.conditionsAt(now)
	n := c.node(host)
	p := Photo{
		Host: h.node.Host, Account: `CONTOSO\svc-pwsync-worker`, Now: now.Add(n.skew),
		Service: "Running", Version: n.version,
		Staging: n.staging, SchedulerOn: !n.schedulerOff, Suspended: n.suspended, NextSync: h.nextSync,
		Feature: !c.tenant.featureOff, TemporaryPasswords: c.tenant.temporaryPasswords,
		Application: !n.serviceAccount, CertificateEnds: n.certificateEnds,
		CloudOK: true, FIPS: n.fips, Verbose: n.verbose,
		DatabaseUsedMB: usedMB, Journal: n.journal, Errors: map[string]string{},
	}
	if n.upload == uploadEndpoint || n.upload == uploadTLS {
		p.CloudOK, p.CloudError = false, n.cloudCalls
	}
	if n.cloudCalls != "" {
		p.Errors["companyFeature"] = n.cloudCalls
	}
	if n.databaseFull {
		p.DatabaseUsedMB = limitMB - 4
	}
	p.Connectors = e.connectors(c, n, h)
	p.States = e.states(h)
	p.Rules, p.Changes = e.rulesAt(c, now)
	for i := len(h.runs) - 1; i >= 0 && len(p.Runs) < 20; i-- {
		p.Runs = append(p.Runs, h.runs[i])
	}
	if n.serviceStopped {
		p.stopped()
	}
	return p, nil
}

// stopped makes everything throw that asks the engine.
func (p *Photo) stopped() {
	p.Service = "Stopped"
	for _, key := range []string{"scheduler", "globalSettings", "companyFeature", "connectors", "passwordSyncConfiguration", "partitionState", "rules", "ruleAudit",
		"runStatus", "runResults", "connectorOverrides", "domainReachability", "accountLogon", "ports", "entraConnectivity", "entraCredential", "database"} {
		p.Errors[key] = errStopped
	}
}

func (e *Estate) history(host string) *nodeHistory {
	for _, h := range e.histories {
		if strings.EqualFold(h.node.Host, host) {
			return h
		}
	}
	return nil
}

func (e *Estate) connectors(c *conditions, n *nodeCondition, h *nodeHistory) []Connector {
	var out []Connector
	for _, f := range e.forests {
		if n.noAD {
			break
		}
		out = append(out, e.adConnector(c, f))
	}
	if !n.noEntra {
		out = append(out, Connector{ID: EntraConnectorID, Name: EntraConnectorName, Type: "Extensible2", Subtype: subtypeEntra})
	}
	if n.twoEntra {
		out = append(out, Connector{ID: newGUID("connector", "second").String(), Name: "contosodev.onmicrosoft.com - AAD", Type: "Extensible2", Subtype: subtypeEntra})
	}
	return out
}

func (e *Estate) adConnector(c *conditions, f *Forest) Connector {
	fc := c.forest(f)
	out := Connector{ID: f.ConnectorID, Name: f.FQDN, Type: "AD", Forest: f, Forced: fc.forced, ChannelOn: !fc.channelOff}
	for _, p := range f.partitions() {
		v := PartitionView{Partition: p}
		if d := p.Domain; d != nil {
			dc := c.domain(d)
			v.Selected, v.IsDomain = !dc.notSelected, !dc.notFlagged
			v.LastDC, v.Included = d.DCs[0].Host, d.Included
			v.Excluded = append(append([]string{}, d.Excluded...), dc.excluded...)
			if dc.preferred {
				v.Preferred, v.OnlyPreferred = []string{preferredGone + "." + d.FQDN}, true
			}
			out.Reach = append(out.Reach, reach(d, dc))
			out.Ports = append(out.Ports, ports(d, dc, v.Preferred)...)
		}
		out.Partitions = append(out.Partitions, v)
	}
	switch {
	case fc.account != accountFine:
		out.LogonError = bindWords[fc.account]
	case !slices.ContainsFunc(f.Domains, func(d *Domain) bool { return !c.domain(d).ldapDown }):
		// The search asks whichever domain answers.
		out.LogonError = "The server is not operational."
	}
	for _, o := range e.objects {
		if s := c.of(o); s.notImported && o.Domain.Forest == f {
			out.FullPending = true
		}
	}
	return out
}

func reach(d *Domain, dc *domainCondition) Reach {
	if dc.ldapDown {
		return Reach{Domain: d.FQDN, Error: "The LDAP server is unavailable."}
	}
	return Reach{Domain: d.FQDN, OK: true}
}

// ports tries every domain controller on the ports that password hash
// synchronization needs.
func ports(d *Domain, dc *domainCondition, preferred []string) []Port {
	var out []Port
	try := func(host string, gone bool) {
		for _, number := range []int{135, 389, 636} {
			p := Port{Partition: d.DN(), Host: host, Number: number, Open: true}
			if gone || number == 135 && dc.rpcDown || number != 135 && dc.ldapDown {
				p.Open, p.Error = false, errTimeout
			}
			out = append(out, p)
		}
	}
	for _, c := range d.DCs {
		try(c.Host, false)
	}
	for _, host := range preferred {
		try(host, true)
	}
	return out
}

// states lists the state of every partition, the rows that mean nothing
// included: they are there on a real server too.
func (e *Estate) states(h *nodeHistory) []State {
	var out []State
	for _, f := range e.forests {
		for _, p := range f.partitions() {
			s := State{ConnectorID: f.ConnectorID, DN: p.DN, Cycle: Cycle{Status: "None"}}
			if p.Domain != nil && h.cycles[p.Domain.FQDN] != nil {
				s.Cycle = *h.cycles[p.Domain.FQDN]
			}
			out = append(out, s)
		}
	}
	return append(out, State{ConnectorID: EntraConnectorID, DN: "default", Cycle: Cycle{Status: "None"}})
}

// rulesAt lists the rules as they are now, and what was changed on them.
func (e *Estate) rulesAt(c *conditions, now time.Time) ([]Rule, []RuleChange) {
	rules := append([]Rule{}, e.rules...)
	var changes []RuleChange
	for i := range rules {
		r := &rules[i]
		if r.Standard && r.PasswordSync && c.ruleBroken(e, r) {
			r.PasswordSync = false
			changes = append(changes, RuleChange{At: e.brokenSince(r, now), By: auditor, Rule: r.Name, What: "EnablePasswordSync True -> False"})
		}
	}
	return rules, changes
}

// ruleBroken reports whether a fault took the password flag off the rule.
func (c *conditions) ruleBroken(e *Estate, r *Rule) bool {
	for _, f := range e.forests {
		fc := c.forest(f)
		if r.Direction == "Inbound" && r.Connector == f.ConnectorID && fc.noInboundRule ||
			r.Direction == "Outbound" && fc.noOutboundRule {
			return true
		}
	}
	return false
}

// brokenSince is when the running fault that took the flag off began.
func (e *Estate) brokenSince(r *Rule, now time.Time) time.Time {
	for _, iv := range e.intervals {
		inbound := iv.fault.id == "no-inbound-password-rule" && r.Direction == "Inbound"
		outbound := iv.fault.id == "no-outbound-password-rule" && r.Direction == "Outbound"
		if (inbound || outbound) && iv.end.IsZero() {
			return iv.begin
		}
	}
	return now
}

// Log is the answer to one reading of a server's Application log.
type Log struct {
	Oldest    time.Time
	MaxBytes  int64
	Events    []Event // newest first
	Truncated bool
}

// Events reads a server's Application log: the newest events since a moment for
// which match holds, at most limit of them.
func (e *Estate) Events(host string, since time.Time, limit int, match func(source string, id int) bool) (Log, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	h := e.history(host)
	if h == nil {
		return Log{}, fmt.Errorf("there is no Connect server %q", host)
	}
	now := e.clock.Now()
	oldest := now.Add(-e.conditionsAt(now).node(host).logSpan)
	out := Log{MaxBytes: 256 << 20, Oldest: oldest}
	if now.Sub(oldest) < memory {
		out.MaxBytes = 1 << 20
	} else if len(h.events) >= maxEvents && h.events[0].Time.After(oldest) {
		out.Oldest = h.events[0].Time
	}
	for i := len(h.events) - 1; i >= 0; i-- {
		ev := h.events[i]
		if ev.Time.Before(since) || ev.Time.Before(out.Oldest) {
			break
		}
		if !match(ev.Source, ev.ID) {
			continue
		}
		if len(out.Events) == limit {
			out.Truncated = true
			break
		}
		out.Events = append(out.Events, ev)
	}
	return out, nil
}
