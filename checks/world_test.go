package checks

import (
	"time"
)

// now is the time of every photograph composed in tests.
var now = time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)

func ago(d time.Duration) time.Time { return now.Add(-d) }

const (
	testConnector = "11111111-2222-3333-4444-555555555555"
	testGUID      = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
)

// healthyFacts composes the photograph of an estate in which nothing is wrong.
func healthyFacts() *Facts {
	proof := Event{ID: 654, Source: "Directory Synchronization", Time: ago(12 * time.Minute), Cause: "heartbeat-ok", Connectors: []string{testConnector}}
	ports := []Probe{{Host: "dc1", Port: 389, Open: true}, {Host: "dc1", Port: 135, Open: true}}
	ad := Connector{
		ID: testConnector, Name: "corp.example", Type: "AD", Forest: "corp.example", AccountName: "MSOL_1", AccountDomain: "CORP",
		Partitions: []Partition{
			{
				DN: "DC=corp,DC=example", Name: "corp.example", NetBIOS: "CORP", Selected: true, IsDomain: true,
				Cycle: Got("w", Cycle{Status: "Successful", Started: ago(time.Minute), Ended: ago(time.Minute), SuccessStart: ago(time.Minute), SuccessEnd: ago(time.Minute)}),
				Ports: Got("w", ports),
			},
			{DN: "CN=Configuration,DC=corp,DC=example", Name: "Configuration"},
			{DN: "DC=ForestDnsZones,DC=corp,DC=example", Name: "ForestDnsZones"},
		},
		Channel:      Got("w", Channel{Configured: true, Enabled: true, Source: "corp.example", Target: "AAD"}),
		AccountLogon: Got("w", Reach{OK: true}),
		Domains:      Got("w", []DomainReach{{Domain: "corp.example", OK: true}}),
		Pending:      Got("w", Pending{}),
	}
	s := Server{
		Host: "connect1", Role: RoleActive,
		Contact: Got("w", Contact{Reached: true}), Hello: Got("w", Hello{Module: "loaded"}), Clock: Got("w", Clock{Server: now, Bot: now}),
		Service: Got("w", Service{State: "Running"}), Version: Got("w", "2.5.190.0"),
		Scheduler:      Got("w", Scheduler{CycleEnabled: true, Interval: Duration(30 * time.Minute)}),
		CompanyFeature: Got("w", CompanyFeature{PasswordHashSync: true}),
		Connectors:     Got("w", []Connector{ad, {ID: EntraConnectorID, Name: "AAD", Type: "Extensible2"}}),
		Rules: Got("w", []Rule{
			{ID: "r1", Name: "In", Direction: "Inbound", Connector: testConnector, PasswordSync: true},
			{ID: "r2", Name: "Out", Direction: "Outbound", Connector: EntraConnectorID, PasswordSync: true},
		}),
		Runs: Got("w", []Run{{Connector: "AAD", Profile: "Export", Result: "success", Started: ago(20 * time.Minute)}}), Flags: Got("w", Flags{}),
		Database: Got("w", Database{Local: true, UsedMB: 900, LimitMB: 10240}), EntraCredential: Got("w", EntraCredential{Mode: "Application", NotAfter: now.AddDate(0, 4, 0)}),
		EntraReach: Got("w", Reach{OK: true}),
		Uploads:    Got("w", EventLog{Since: ago(4 * time.Hour), Oldest: ago(99 * time.Hour), Events: []Event{proof}}),
		Events:     Got("w", EventLog{Since: ago(168 * time.Hour), Oldest: ago(99 * time.Hour)}),
	}
	return &Facts{
		Schema: FactsSchema, At: now, Question: Question{Scope: ScopeHealthQuestion}, Thresholds: DefaultThresholds(),
		NotConfigured: []Gap{{SourceDirectory, "x"}, {SourceRights, "x"}, {SourceReachability, "x"}, {SourceGraph, "x"}, {SourceSignIns, "x"}},
		Servers:       []Server{s},
	}
}

// personFacts adds a person whose password arrived.
func personFacts() *Facts {
	f := healthyFacts()
	f.Question = Question{Scope: ScopeUserQuestion, Input: "ann", Said: "the account name ann"}
	set := ago(26 * time.Hour)
	f.User = &User{
		Resolution: Got("d", Resolution{Matches: 1}),
		Person:     Person{GUID: testGUID, DN: "CN=Ann,OU=Staff,DC=corp,DC=example", UPN: "ann@corp.example", SAM: "ann", Forest: "corp.example", Domain: "corp.example"},
		AD:         Got("d", ADUser{Classes: []string{"top", "person", "organizationalPerson", "user"}, Control: 512, PasswordSet: set, Created: ago(9000 * time.Hour)}),
		ADCS:       Got("w", CSObject{Found: true, Type: "user", Joined: true, Lineage: []Lineage{{Rule: "In", PasswordSync: true}}}),
		MV:         Got("w", MVObject{Found: true, Attributes: map[string]string{"domainFQDN": "corp.example", "domainNetBios": "CORP"}}),
		EntraCS:    Got("w", CSObject{Found: true, Joined: true, CloudAnchor: "User_1", Lineage: []Lineage{{Rule: "Out", PasswordSync: true}}}),
		Log:        Got("w", []LogEntry{{Status: "Success", At: set.Add(70 * time.Second)}}),
		Container:  Got("w", Container{Included: true}),
	}
	return f
}

// edit changes the value of a fact.
func edit[T any](f *Fact[T], change func(*T)) {
	v, _ := f.Get()
	change(&v)
	*f = Got(f.From(), v)
}

// connector returns the AD connector for editing; the list is copied.
func editConnector(f *Facts, change func(*Connector)) {
	edit(&f.Servers[0].Connectors, func(list *[]Connector) {
		fresh := append([]Connector{}, *list...)
		fresh[0].Partitions = append([]Partition{}, fresh[0].Partitions...)
		change(&fresh[0])
		*list = fresh
	})
}

func editCycle(f *Facts, change func(*Cycle)) {
	editConnector(f, func(c *Connector) { edit(&c.Partitions[0].Cycle, change) })
}

func uploads(f *Facts, events ...Event) {
	edit(&f.Servers[0].Uploads, func(l *EventLog) { l.Events = events })
}

func event(id int, cause string, age time.Duration, connectors ...string) Event {
	return Event{ID: id, Source: "Directory Synchronization", Cause: cause, Time: ago(age), Connectors: connectors}
}

// failing lists what a report names, with its severity.
func failing(r *Report) []string {
	var out []string
	for _, d := range r.Diagnoses {
		out = append(out, d.Check.ID+" "+d.Status.String()+" "+d.Severity.String())
	}
	return out
}
