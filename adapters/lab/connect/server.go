package connect

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/pwsync/pwsync/adapters/lab/estate"
)

// photo asks the estate; a server that vanished meanwhile answers with nothing.
func (s *session) photo() (estate.Photo, error) { return s.worker.world.Server(s.worker.host) }

func (s *session) now() time.Time {
	p, err := s.photo()
	if err != nil {
		return time.Time{}
	}
	return p.Now
}

// journal writes down the unfinished resync, to notice a change.
func (s *session) journal() string {
	p, err := s.photo()
	if err != nil || p.Journal == nil {
		return ""
	}
	return fmt.Sprint(*p.Journal)
}

// stale reports whether the hello of the session no longer tells the truth.
func (s *session) stale() bool {
	born := s.born.Load()
	return born != nil && *born != s.journal()
}

// hello introduces the worker, after what the console had to say.
func (s *session) hello() bool {
	p, err := s.photo()
	if err != nil {
		return false
	}
	for _, line := range greeting {
		if !s.say(line) {
			return false
		}
	}
	var h hello
	h.Hello.Protocol, h.Hello.Worker, h.Hello.PSVersion = 1, "1.0.0", "5.1.20348.2700"
	h.Hello.Host, h.Hello.Account, h.Hello.Module = p.Host, p.Account, "loaded"
	for _, v := range verbs {
		h.Hello.Verbs = append(h.Hello.Verbs, v.name)
	}
	h.Hello.UTC = stamp(p.Now)
	born := ""
	if j := p.Journal; j != nil {
		h.Hello.Journal = &journal{Connector: j.Connector, Step: j.Step, Started: stamp(j.Started), Operator: j.Operator}
		born = fmt.Sprint(*j)
	}
	s.born.Store(&born)
	body, err := encode(h)
	return err == nil && s.say(prefix+body)
}

// server answers the verb of that name.
func (s *session) server(json.RawMessage) (map[string]any, map[string]string, error) {
	p, err := s.photo()
	if err != nil {
		return nil, nil, err
	}
	facts := map[string]any{
		"service":           service{State: p.Service, StartMode: "Automatic", Account: `NT SERVICE\ADSync`},
		"version":           p.Version,
		"scheduler":         schedulerOf(p),
		"globalSettings":    settingsOf(p),
		"companyFeature":    companyFeature{p.Feature, p.TemporaryPasswords},
		"partitionState":    statesOf(p),
		"rules":             rulesOf(p),
		"ruleAudit":         auditOf(p),
		"runStatus":         []struct{}{},
		"runResults":        runsOf(p),
		"entraConnectivity": attempt{OK: p.CloudOK, Error: p.CloudError},
		"entraCredential":   credentialOf(p),
		"flags":             flags{FIPSPolicy: p.FIPS, Verbose: p.Verbose},
		"database":          database{IsLocalDB: true, UsedSpaceMB: p.DatabaseUsedMB, LimitMB: estate.LimitMB},
	}
	addConnectors(facts, p)
	for key := range p.Errors {
		delete(facts, key)
	}
	return facts, p.Errors, nil
}

func schedulerOf(p estate.Photo) scheduler {
	return scheduler{
		StagingModeEnabled: p.Staging, SyncCycleEnabled: p.SchedulerOn, SchedulerSuspended: p.Suspended,
		CurrentlyEffectiveSyncCycleInterval: "00:30:00", NextSyncCycleStartTimeInUTC: moment(p.NextSync),
		NextSyncCyclePolicyType: "Delta", PurgeRunHistoryInterval: "7.00:00:00",
	}
}

func settingsOf(p estate.Photo) map[string]string {
	word := func(b bool) string {
		if b {
			return "True"
		}
		return "False"
	}
	return map[string]string{
		"Microsoft.Synchronize.StagingMode":                 word(p.Staging),
		"Microsoft.Synchronize.ServerConfigurationVersion":  p.Version,
		"Microsoft.Synchronize.SynchronizationSchedule":     word(p.SchedulerOn),
		"Microsoft.Synchronize.SchedulerSuspended":          word(p.Suspended),
		"Microsoft.Synchronize.MaintenanceEnabled":          "True",
		"Microsoft.Synchronize.SynchronizationPolicy":       "Delta",
		"Microsoft.UserSignIn.SignOnMethod":                 "PasswordHashSync",
		"Microsoft.UserSignIn.DesktopSsoEnabled":            "False",
		"Microsoft.OptionalFeature.GroupFiltering":          "False",
		"Microsoft.OptionalFeature.ExportDeletionThreshold": "True",
		"Microsoft.SynchronizationOption.AnchorAttribute":   "objectGUID",
		"Microsoft.SynchronizationOption.UPNAttribute":      "userPrincipalName",
		"Microsoft.SystemInformation.MachineRole":           "RoleMemberServer",
	}
}

func credentialOf(p estate.Photo) entraCredential {
	if !p.Application {
		return entraCredential{ConnectorIdentityType: "ServiceAccount"}
	}
	return entraCredential{ConnectorIdentityType: "Application", CertificateNotAfter: moment(p.CertificateEnds)}
}

func statesOf(p estate.Photo) []partitionState {
	out := make([]partitionState, 0, len(p.States))
	for _, s := range p.States {
		c := s.Cycle
		out = append(out, partitionState{
			ConnectorID: s.ConnectorID, DN: s.DN, LastCycleStatus: c.Status,
			LastSuccessfulCycleStart: moment(c.SuccessStart), LastSuccessfulCycleEnd: moment(c.SuccessEnd),
			LastCycleStart: moment(c.Started), LastCycleEnd: moment(c.Ended),
		})
	}
	return out
}

func rulesOf(p estate.Photo) []rule {
	out := make([]rule, 0, len(p.Rules))
	for _, r := range p.Rules {
		out = append(out, rule{
			Identifier: r.ID, InternalID: r.InternalID, Name: r.Name, Direction: r.Direction, Connector: r.Connector,
			Disabled: r.Disabled, EnablePasswordSync: r.PasswordSync, Precedence: r.Precedence,
			SourceObjectType: r.Source, TargetObjectType: r.Target, LinkType: r.Link, IsStandardRule: r.Standard,
		})
	}
	return out
}

func auditOf(p estate.Photo) []ruleChange {
	out := []ruleChange{}
	for _, c := range p.Changes {
		out = append(out, ruleChange{ChangedTime: moment(c.At), ChangedBy: c.By, Rule: c.Rule, Change: c.What})
	}
	return out
}

func runsOf(p estate.Photo) []runResult {
	out := []runResult{}
	for _, r := range p.Runs {
		out = append(out, runResult{r.Connector, r.Profile, r.Result, moment(r.Started), moment(r.Ended)})
	}
	return out
}

// addConnectors adds the connectors and every look-up that is made per AD
// connector.
func addConnectors(facts map[string]any, p estate.Photo) {
	connectors, configs := []connector{}, []passwordSyncConfiguration{}
	overrides, reaches := []connectorOverride{}, []domainReachability{}
	logons, attempts := []attempt{}, []port{}
	for _, c := range p.Connectors {
		connectors = append(connectors, connectorOf(c))
		overrides = append(overrides, connectorOverride{ConnectorID: c.ID, FullImportRequired: c.FullPending})
		if c.Type != "AD" {
			continue
		}
		configs = append(configs, passwordSyncConfiguration{SourceConnector: c.Name, Configured: true, TargetConnector: estate.EntraConnectorName, Enabled: c.ChannelOn})
		logons = append(logons, attempt{ConnectorID: c.ID, OK: c.LogonError == "", Error: c.LogonError})
		r := domainReachability{ConnectorID: c.ID, Domains: []domainReach{}}
		for _, d := range c.Reach {
			r.Domains = append(r.Domains, domainReach{d.Domain, d.OK, d.Error})
		}
		reaches = append(reaches, r)
		for _, t := range c.Ports {
			attempts = append(attempts, port{c.ID, t.Partition, t.Host, t.Number, t.Open, t.Error})
		}
	}
	facts["connectors"], facts["passwordSyncConfiguration"] = connectors, configs
	facts["connectorOverrides"], facts["domainReachability"] = overrides, reaches
	facts["accountLogon"], facts["ports"] = logons, attempts
}

func connectorOf(c estate.Connector) connector {
	out := connector{Identifier: c.ID, Name: c.Name, ConnectorTypeName: c.Type, Subtype: c.Subtype, Partitions: []partition{}}
	if f := c.Forest; f != nil {
		out.ForestName, out.LoginUser, out.LoginDomain = f.FQDN, f.Account, strings.ToUpper(f.FQDN)
	}
	if c.Forced {
		one := "1"
		out.ForceFullPasswordSync = &one
	}
	for _, p := range c.Partitions {
		failover := "1"
		if p.OnlyPreferred {
			failover = "0"
		}
		out.Partitions = append(out.Partitions, partition{
			Identifier: p.ID, DN: p.DN, Name: p.Name, NetBIOS: p.NetBIOS, Selected: p.Selected, IsDomain: p.IsDomain,
			PreferredDCs: list(p.Preferred), DCFailover: failover, LastDC: p.LastDC, Inclusions: list(p.Included), Exclusions: list(p.Excluded),
		})
	}
	return out
}

// list makes an absent list an empty one: the protocol has no null lists.
func list(in []string) []string {
	if in == nil {
		return []string{}
	}
	return in
}
