package bot

import (
	"time"

	"github.com/pwsync/pwsync/checks"
)

// at is the moment of every photograph in these tests.
var at = time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC)

func ago(d time.Duration) time.Time { return at.Add(-d) }

const (
	contosoID  = "3f6f3f0a-6f0e-4c9a-9c63-0d8a8e1c7a11"
	fabrikamID = "8b0a4f9e-2f5d-4a52-8f0e-7d1f4d1b2c22"
	miaGUID    = "5a0c2f6e-3322-4c11-8d0e-f16a15e46b81"
)

// world is a healthy estate of two forests: one server, everything read.
func world() *checks.Facts {
	from := "worker sync01"
	server := checks.Server{
		Host: "sync01.contoso.com", Role: checks.RoleActive,
		Contact:        checks.Got(from, checks.Contact{Reached: true, Milliseconds: 120}),
		Hello:          checks.Got(from, checks.Hello{Worker: "1.0.0", PowerShell: "5.1", Module: "loaded"}),
		Clock:          checks.Got(from, checks.Clock{Server: at, Bot: at}),
		Service:        checks.Got(from, checks.Service{State: "Running", StartMode: "Automatic"}),
		Version:        checks.Got(from, "2.5.190.0"),
		Scheduler:      checks.Got(from, checks.Scheduler{CycleEnabled: true, Interval: checks.Duration(30 * time.Minute)}),
		Settings:       checks.Got(from, checks.Settings{SignOnMethod: "PasswordHashSync"}),
		CompanyFeature: checks.Got(from, checks.CompanyFeature{PasswordHashSync: true}),
		Connectors: checks.Got(from, []checks.Connector{
			{ID: checks.EntraConnectorID, Name: "contoso.onmicrosoft.com - AAD", Type: "Extensible2"},
			connector(contosoID, "contoso.com", "CONTOSO"),
			connector(fabrikamID, "fabrikam.com", "FABRIKAM"),
		}),
		Rules: checks.Got(from, []checks.Rule{
			{ID: "r1", Name: "In from AD - User AccountEnabled", Direction: "Inbound", Connector: contosoID, PasswordSync: true},
			{ID: "r2", Name: "In from AD - User AccountEnabled", Direction: "Inbound", Connector: fabrikamID, PasswordSync: true},
			{ID: "r3", Name: "Out to AAD - User Join", Direction: "Outbound", Connector: checks.EntraConnectorID, PasswordSync: true},
		}),
		RuleChanges:     checks.Got(from, []checks.RuleChange{}),
		Busy:            checks.Got(from, []string{}),
		Runs:            checks.Got(from, []checks.Run{}),
		Flags:           checks.Got(from, checks.Flags{}),
		Database:        checks.Got(from, checks.Database{Local: true, UsedMB: 900, LimitMB: 10240}),
		EntraCredential: checks.Got(from, checks.EntraCredential{Mode: "ServiceAccount"}),
		EntraReach:      checks.Got(from, checks.Reach{OK: true}),
		Uploads:         checks.Got(from, events(beat(12*time.Minute, contosoID), beat(17*time.Minute, fabrikamID))),
		Events:          checks.Got(from, events()),
	}
	return &checks.Facts{
		Schema: checks.FactsSchema, At: at, Thresholds: checks.DefaultThresholds(),
		Question: checks.Question{Scope: checks.ScopeHealthQuestion},
		NotConfigured: []checks.Gap{
			{Source: checks.SourceRights, Why: "the evaluation of replication rights is not configured"},
			{Source: checks.SourceReachability, Why: "the bot's own view of the domain controllers is not configured"},
			{Source: checks.SourceGraph, Why: "Microsoft Graph is not configured"},
			{Source: checks.SourceSignIns, Why: "the sign-in log of Microsoft Graph is not configured"},
		},
		Servers: []checks.Server{server},
		Forests: []checks.Forest{forest("contoso.com"), forest("fabrikam.com")},
	}
}

func events(list ...checks.Event) checks.EventLog {
	return checks.EventLog{Since: ago(24 * time.Hour), Oldest: ago(30 * 24 * time.Hour), Events: list}
}

func beat(age time.Duration, connector string) checks.Event {
	return checks.Event{ID: 654, Source: "Directory Synchronization", Time: ago(age), Cause: "heartbeat-ok", Connectors: []string{connector}}
}

func connector(id, forest, netbios string) checks.Connector {
	from := "worker sync01"
	return checks.Connector{
		ID: id, Name: forest, Type: "AD", Forest: forest, AccountName: "svc-sync", AccountDomain: netbios,
		Partitions: []checks.Partition{{
			ID: id + "-p", DN: "DC=" + forest[:len(forest)-4] + ",DC=com", Name: forest, NetBIOS: netbios, Selected: true, IsDomain: true,
			Cycle: checks.Got(from, checks.Cycle{Status: "Successful", Started: ago(2 * time.Minute), Ended: ago(2 * time.Minute), SuccessStart: ago(2 * time.Minute), SuccessEnd: ago(2 * time.Minute)}),
			Ports: checks.Got(from, []checks.Probe{{Host: "dc01." + forest, Port: 389, Open: true}, {Host: "dc01." + forest, Port: 135, Open: true}}),
		}},
		Channel:      checks.Got(from, checks.Channel{Configured: true, Enabled: true, Source: forest, Target: "contoso.onmicrosoft.com - AAD"}),
		AccountLogon: checks.Got(from, checks.Reach{OK: true}),
		Domains:      checks.Got(from, []checks.DomainReach{{Domain: forest, OK: true}}),
		Pending:      checks.Got(from, checks.Pending{}),
	}
}

func forest(fqdn string) checks.Forest {
	return checks.Forest{FQDN: fqdn, Account: checks.Got("directory "+fqdn, checks.AccountState{Name: "svc-sync"}), Domains: []checks.Domain{{FQDN: fqdn}}}
}

// mia is the healthy estate with a question about one healthy person in it.
func mia() *checks.Facts {
	f := world()
	from, lookup := "worker sync01", "directory contoso.com"
	f.Question = checks.Question{Scope: checks.ScopeUserQuestion, Input: "mia.wong@contoso.com", Said: "the sign-in name or mail address mia.wong@contoso.com"}
	f.Forests = f.Forests[:1]
	f.User = &checks.User{
		Resolution: checks.Got(lookup, checks.Resolution{Matches: 1}),
		Person: checks.Person{
			GUID: miaGUID, DN: "CN=Mia Wong,OU=Staff,DC=contoso,DC=com", UPN: "mia.wong@contoso.com", SAM: "mwong", Mail: "mia.wong@contoso.com",
			Name: "Mia Wong", Forest: "contoso.com", Domain: "contoso.com",
		},
		AD: checks.Got(lookup, checks.ADUser{
			Classes: []string{"top", "person", "organizationalPerson", "user"}, Control: 512,
			PasswordSet: ago(3 * time.Hour), Changed: ago(3 * time.Hour), Created: ago(900 * 24 * time.Hour),
		}),
		ADCS: checks.Got(from, checks.CSObject{
			Found: true, ID: "cs1", DN: "CN=Mia Wong,OU=Staff,DC=contoso,DC=com", Connector: "contoso.com", Joined: true, MVID: "mv1",
			Lineage: []checks.Lineage{{RuleID: "r1", Rule: "In from AD - User AccountEnabled", PasswordSync: true}},
		}),
		MV: checks.Got(from, checks.MVObject{Found: true, ID: "mv1", Attributes: map[string]string{"domainFQDN": "contoso.com", "domainNetBios": "CONTOSO", "sourceAnchor": "IH4pQeDhy0Cgu9/1sOJxtQ=="}}),
		EntraCS: checks.Got(from, checks.CSObject{
			Found: true, ID: "cs2", Joined: true, CloudAnchor: "User_ad894f51-c3b1-40fc-8725-5a672b156356",
			Lineage: []checks.Lineage{{RuleID: "r3", Rule: "Out to AAD - User Join", PasswordSync: true}},
		}),
		Log:       checks.Got(from, []checks.LogEntry{{Status: "Success", At: ago(3*time.Hour - 90*time.Second)}}),
		Container: checks.Got(from, checks.Container{Included: true}),
	}
	return f
}

// setAD changes what Active Directory says about the person.
func setAD(f *checks.Facts, change func(*checks.ADUser)) {
	ad, _ := f.User.AD.Get()
	change(&ad)
	f.User.AD = checks.Got(f.User.AD.From(), ad)
}

// setConnectors changes the connectors of the active server.
func setConnectors(f *checks.Facts, change func([]checks.Connector) []checks.Connector) {
	list, _ := f.Servers[0].Connectors.Get()
	f.Servers[0].Connectors = checks.Got(f.Servers[0].Connectors.From(), change(list))
}

// channelOff switches the channel of fabrikam.com off.
func channelOff(f *checks.Facts) *checks.Facts {
	setConnectors(f, func(list []checks.Connector) []checks.Connector {
		list[2].Channel = checks.Got("worker sync01", checks.Channel{Configured: true, Source: "fabrikam.com"})
		return list
	})
	return f
}

// cycleDenied takes the replication rights away in contoso.com.
func cycleDenied(f *checks.Facts) *checks.Facts {
	setConnectors(f, func(list []checks.Connector) []checks.Connector {
		list[1].Partitions[0].Cycle = checks.Got("worker sync01", checks.Cycle{
			Status: "Failed", Started: ago(time.Minute), Ended: ago(time.Minute), SuccessEnd: ago(5 * time.Hour), SuccessStart: ago(5 * time.Hour),
		})
		return list
	})
	f.Servers[0].Events = checks.Got("worker sync01", events(checks.Event{
		ID: 611, Source: "Directory Synchronization", Time: ago(time.Minute), Cause: "replication-access-denied", Code: "rpc:8453",
		Domain: "contoso.com", DC: "dc01.contoso.com", Detail: "replication access was denied",
	}))
	return f
}

func staging(f *checks.Facts) *checks.Facts {
	s := &f.Servers[0]
	sched, _ := s.Scheduler.Get()
	sched.StagingMode = true
	s.Scheduler = checks.Got("worker sync01", sched)
	s.Uploads = checks.Got("worker sync01", events(beat(7*time.Hour, contosoID), beat(7*time.Hour, fabrikamID)))
	return f
}

// unreachable hides everything that a server says.
func unreachable(f *checks.Facts) *checks.Facts {
	why, from := "no answer within 25s", "worker sync01"
	f.Servers[0] = checks.Server{
		Host: f.Servers[0].Host, Role: checks.RoleActive,
		Contact:    checks.Got(from, checks.Contact{Error: why}),
		Connectors: checks.Missing[[]checks.Connector](from, why), Scheduler: checks.Missing[checks.Scheduler](from, why),
		Uploads: checks.Missing[checks.EventLog](from, why), Events: checks.Missing[checks.EventLog](from, why),
		CompanyFeature: checks.Missing[checks.CompanyFeature](from, why), Version: checks.Missing[string](from, why),
	}
	f.Forests = nil
	if f.User != nil {
		f.User.ADCS, f.User.EntraCS = checks.Missing[checks.CSObject](from, why), checks.Missing[checks.CSObject](from, why)
		f.User.MV, f.User.Log = checks.Missing[checks.MVObject](from, why), checks.Missing[[]checks.LogEntry](from, why)
	}
	return f
}

func answered(f *checks.Facts) answer { return answer{Facts: f, Report: checks.Answer(f)} }
