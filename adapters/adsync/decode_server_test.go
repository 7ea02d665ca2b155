package adsync

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pwsync/pwsync/checks"
)

func TestAServerReplyBecomesFacts(t *testing.T) {
	s := serverOf(t, compact(t, "server.json"))
	if m := missing(s); !maps.Equal(m, map[string]string{
		"connectors.value.0.partitions.1.cycle": "connect07 has no row for CN=Configuration,DC=north,DC=example in its answer to partitionState",
		"connectors.value.0.partitions.1.ports": "connect07 tried no port of CN=Configuration,DC=north,DC=example",
	}) {
		t.Errorf("missing: %v", m)
	}
	utc := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	same(t, checks.Contact{Reached: true, Milliseconds: 200}, s.Contact)
	same(t, checks.Service{State: "Running", StartMode: "Automatic", Account: `NT SERVICE\ADSync`}, s.Service)
	same(t, "2.5.190.0", s.Version)
	same(t, checks.Scheduler{CycleEnabled: true, InProgress: true, Interval: checks.Duration(30 * time.Minute),
		NextCycle: utc("2026-03-10T09:12:00Z"), NextPolicy: "Delta", HistoryWindow: checks.Duration(168 * time.Hour)}, s.Scheduler)
	same(t, checks.Settings{SignOnMethod: "PasswordHashSync", AnchorAttribute: "mS-DS-ConsistencyGuid"}, s.Settings)
	same(t, checks.CompanyFeature{PasswordHashSync: true}, s.CompanyFeature)
	same(t, []checks.Rule{{ID: "33333333-aaaa-4000-8000-000000000001", InternalID: "44444444-aaaa-4000-8000-000000000001",
		Name: "In from AD - User AccountEnabled", Direction: "Inbound", Connector: "11111111-aaaa-4000-8000-000000000001",
		PasswordSync: true, Precedence: 102, SourceType: "user", Standard: true}}, s.Rules)
	same(t, []checks.RuleChange{{Rule: "In from AD - User Common", By: `NORTH\lena`, At: utc("2026-03-09T16:20:00Z"), What: "Precedence 106 -> 107"}}, s.RuleChanges)
	same(t, []string{"north.example"}, s.Busy)
	same(t, []checks.Run{{Connector: "north.example", Profile: "Delta Import", Result: "success",
		Started: utc("2026-03-10T08:42:00Z"), Ended: utc("2026-03-10T08:42:07Z")}}, s.Runs)
	same(t, checks.Flags{FIPSOverride: true}, s.Flags)
	same(t, checks.Database{Local: true, UsedMB: 734, LimitMB: 10240}, s.Database)
	same(t, checks.EntraCredential{Mode: "Application", NotAfter: utc("2026-11-30T00:00:00Z")}, s.EntraCredential)
	same(t, checks.Reach{OK: true}, s.EntraReach)

	connectors := value(t, s.Connectors)
	if len(connectors) != 2 || !connectors[1].IsEntra() || connectors[1].ID != checks.EntraConnectorID {
		t.Fatalf("connectors are %+v", connectors)
	}
	if e := connectors[1]; !e.Channel.IsZero() || !e.AccountLogon.IsZero() || !e.Domains.IsZero() || !e.Pending.IsZero() || !e.Partitions[0].Cycle.IsZero() {
		t.Error("the Entra connector has facts that only an AD connector can have")
	}
	ad := connectors[0]
	if ad.Forest != "north.example" || ad.AccountName != "MSOL_00aa11bb22cc" || ad.ForceFullSync != "" {
		t.Errorf("the AD connector is %+v", ad)
	}
	same(t, checks.Channel{Configured: true, Enabled: true, Source: "north.example", Target: "example.onmicrosoft.com - AAD"}, ad.Channel)
	same(t, checks.Reach{OK: true}, ad.AccountLogon)
	same(t, []checks.DomainReach{{Domain: "north.example", OK: true}}, ad.Domains)
	same(t, checks.Pending{FullSync: true}, ad.Pending)
	domain := ad.Partitions[0]
	if !domain.Selected || !domain.IsDomain || !domain.OnlyPreferred || !slices.Equal(domain.PreferredDCs, []string{"dc1.north.example"}) || domain.NetBIOS != "NORTH" {
		t.Errorf("the domain's partition is %+v", domain)
	}
	same(t, checks.Cycle{Status: "Successful", Started: utc("2026-03-10T08:58:00Z"), Ended: utc("2026-03-10T08:58:00.25Z"),
		SuccessStart: utc("2026-03-10T08:58:00Z"), SuccessEnd: utc("2026-03-10T08:58:00.25Z")}, domain.Cycle)
	same(t, []checks.Probe{{Host: "dc1.north.example", Port: 135, Open: true},
		{Host: "dc1.north.example", Port: 636, Error: "timed out after 3 s"}}, domain.Ports)

	uploads := value(t, s.Uploads)
	if uploads.MaxBytes != 67108864 || !uploads.Oldest.Equal(utc("2026-02-01T00:00:00Z")) || !uploads.Since.Equal(utc("2026-03-10T06:00:00Z")) || uploads.Truncated {
		t.Errorf("uploads are %+v", uploads)
	}
	if len(uploads.Events) != 2 || uploads.Events[0].ID != 654 || uploads.Events[1].Record != 7001 {
		t.Errorf("uploads must stand newest first: %+v", uploads.Events)
	}
	if others := value(t, s.Events); !others.Truncated || len(others.Events) != 1 || !others.Since.Equal(utc("2026-03-03T09:00:00Z")) {
		t.Errorf("other events are %+v", others)
	}
}

func TestAReplyIsReadHoweverItIsWorded(t *testing.T) {
	scheduler := func(s checks.Server) any { v, _ := s.Scheduler.Get(); return v.NextPolicy }
	cycle := func(s checks.Server) any {
		c, _ := s.Connectors.Get()
		v, _ := c[0].Partitions[0].Cycle.Get()
		return v.Status
	}
	staging := func(s checks.Server) any { v, ok := s.Scheduler.Get(); return v.StagingMode && ok }
	tests := []struct {
		name  string
		path  string
		value any
		read  func(checks.Server) any
		want  any
	}{
		{"an enumeration in other case", "scheduler|nextSyncCyclePolicyType", "DELTA", scheduler, "Delta"},
		{"an enumeration as a number", "scheduler|nextSyncCyclePolicyType", 2, scheduler, "Initial"},
		{"an enumeration with a word of a later version", "scheduler|nextSyncCyclePolicyType", "Sometimes", scheduler, "Sometimes"},
		{"a cycle status as a number", "partitionState|1|lastCycleStatus", 4, cycle, "Interrupted"},
		{"a cycle status in other case", "partitionState|1|lastCycleStatus", "failed", cycle, "Failed"},
		{"a yes in words", "scheduler|stagingModeEnabled", "True", staging, true},
		{"a service state as a number", "service|state", 1, func(s checks.Server) any { v, _ := s.Service.Get(); return v.State }, "Stopped"},
		{"a list of one that was unrolled", "runStatus", map[string]any{"connectorName": "solo", "runState": 0},
			func(s checks.Server) any { v, _ := s.Busy.Get(); return strings.Join(v, ",") }, "solo"},
		{"a time of the year 1 is never", "scheduler|nextSyncCycleStartTimeInUTC", "0001-01-01T00:00:00",
			func(s checks.Server) any { v, ok := s.Scheduler.Get(); return ok && v.NextCycle.IsZero() }, true},
		{"a time without zone is UTC", "scheduler|nextSyncCycleStartTimeInUTC", "2026-03-10T11:00:00.5",
			func(s checks.Server) any { v, _ := s.Scheduler.Get(); return v.NextCycle.Format(time.RFC3339Nano) }, "2026-03-10T11:00:00.5Z"},
		{"a pending full synchronization as a number", "connectors|0|forceFullPasswordSync", 1,
			func(s checks.Server) any { v, _ := s.Connectors.Get(); return v[0].ForceFullSync }, "1"},
		{"a connector of another GUID spelling", "connectors|0|identifier", "{11111111-AAAA-4000-8000-000000000001}", cycle, "Successful"},
		{"a naming context of another spelling", "partitionState|1|dn", "dc=NORTH, dc=example", cycle, "Successful"},
		{"an idle engine lists nothing", "runStatus", []any{}, func(s checks.Server) any { v, ok := s.Busy.Get(); return ok && len(v) == 0 }, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := serverOf(t, changed(t, "server.json", tt.path, tt.value))
			if got := tt.read(s); got != tt.want {
				t.Errorf("got %v, want %v (missing: %v)", got, tt.want, missing(s))
			}
		})
	}
	t.Run("keys in other case", func(t *testing.T) {
		s := serverOf(t, strings.ReplaceAll(compact(t, "server.json"), `"companyFeature"`, `"CompanyFeature"`))
		same(t, checks.CompanyFeature{PasswordHashSync: true}, s.CompanyFeature)
	})
}

func TestWhatIsNotSaidOrNotUnderstoodIsMissingAloneAndNeverNo(t *testing.T) {
	null := json.RawMessage("null")
	tests := []struct {
		name  string
		path  string
		value any
		// facts that must be missing beside those that always are, and why.
		facts []string
		why   string
	}{
		{"a key that is not there", "companyFeature", nil, []string{"companyFeature"}, "connect07 did not answer with companyFeature"},
		{"a key that is null", "companyFeature", null, []string{"companyFeature"}, "it is empty"},
		{"an object of the wrong type", "companyFeature", 5, []string{"companyFeature"}, "not an object"},
		{"a yes or no that is not there", "companyFeature|forcePasswordChangeOnLogOn", nil, []string{"companyFeature"}, `"forcePasswordChangeOnLogOn" is missing`},
		{"a yes or no that is null", "companyFeature|passwordHashSync", null, []string{"companyFeature"}, `"passwordHashSync" is missing`},
		{"a yes or no that is a story", "scheduler|stagingModeEnabled", "maybe", []string{"scheduler"}, `"stagingModeEnabled" is not a yes or no`},
		{"a time as PowerShell's own JSON writes it", "scheduler|nextSyncCycleStartTimeInUTC", "/Date(1773133920000)/", []string{"scheduler"}, "not an ISO 8601 time"},
		{"a length of time as an object", "scheduler|currentlyEffectiveSyncCycleInterval", map[string]any{"Ticks": 1}, []string{"scheduler"}, "is not a text"},
		{"a number beyond reason", "database|usedSpaceMb", json.RawMessage("1e300"), []string{"database"}, "not a usable number"},
		{"a version that is blank", "version", "  ", []string{"version"}, "it is empty"},
		{"a version that is an object", "version", map[string]any{"Major": 2}, []string{"version"}, "it is empty"},
		{"connectors that are null", "connectors", null, []string{"connectors"}, "it is empty"},
		{"rules that are null", "rules", null, []string{"rules"}, "it is empty"},
		{"one rule without its flag", "rules|0|enablePasswordSync", nil, []string{"rules"}, `row 1: "enablePasswordSync" is missing`},
		{"one partition without its selection", "connectors|0|partitions|0|selected", nil, []string{"connectors"}, `"selected" is missing`},
		{"an AD connector without partitions", "connectors|0|partitions", null, []string{"connectors"}, `"partitions" is missing`},
		{"a list with something else in it", "runResults", []any{"success"}, []string{"runs"}, "row 1: not an object"},
		{"a channel whose reading failed", "passwordSyncConfiguration|0|error", "The operation\r\nhas timed out.", []string{"connectors.value.0.channel"}, "The operation has timed out."},
		{"a channel that is not said to be configured", "passwordSyncConfiguration|0|configured", nil, []string{"connectors.value.0.channel"}, `"configured" is missing`},
		{"a channel of another connector", "passwordSyncConfiguration|0|sourceConnector", "north.example.test", []string{"connectors.value.0.channel"}, "no row for north.example"},
		{"channels that are null", "passwordSyncConfiguration", null, []string{"connectors.value.0.channel"}, "no row for north.example"},
		{"reachability whose reading failed", "domainReachability|0|error", "no route", []string{"connectors.value.0.domains"}, "no route"},
		{"a log-on without outcome", "accountLogon|0|ok", nil, []string{"connectors.value.0.accountLogon"}, `"ok" is missing`},
		{"a partition without a row", "partitionState|1|dn", "DC=south,DC=example", []string{"connectors.value.0.partitions.0.cycle"}, "no row for DC=north,DC=example"},
		{"a partition's row of another connector", "partitionState|1|connectorId", "11111111-aaaa-4000-8000-000000000002", []string{"connectors.value.0.partitions.0.cycle"}, "no row for"},
		{"a cycle without status", "partitionState|1|lastCycleStatus", nil, []string{"connectors.value.0.partitions.0.cycle"}, `"lastCycleStatus" is missing`},
		{"ports that are not said to be open", "ports|1|open", nil, []string{"connectors.value.0.partitions.0.ports"}, `"open" is missing`},
		{"a pending run that is not said", "connectorOverrides|0|fullSyncRequired", nil, []string{"connectors.value.0.pending"}, `"fullSyncRequired" is missing`},
	}
	usual := slices.Collect(maps.Keys(missing(serverOf(t, compact(t, "server.json")))))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := serverOf(t, changed(t, "server.json", tt.path, tt.value))
			got := missing(s)
			for _, name := range tt.facts {
				contains(t, name, got[name], tt.why)
				delete(got, name)
			}
			for _, name := range usual {
				delete(got, name)
			}
			if len(got) > 0 {
				t.Errorf("missing too: %v", got)
			}
		})
	}
}

func TestAKeyInErrorsIsMissingForItsReasonEvenWithAValue(t *testing.T) {
	a := replyWith(t, compact(t, "server.json"))
	a.reply.Errors = map[string]string{"companyfeature": "The operation has timed out.", "connectors": "access denied"}
	s := decodeServer("c", "active", a, a, [2]eventQuery{})
	if s.CompanyFeature.Why() != "The operation has timed out." || s.Connectors.Why() != "access denied" || !s.Scheduler.Known() {
		t.Errorf("missing: %v", missing(s))
	}
}

func TestEventsThatWereNotAnsweredAreMissing(t *testing.T) {
	null := json.RawMessage("null")
	tests := []struct {
		name        string
		path        string
		value       any
		uploads     string
		otherEvents string
	}{
		{"no answers", "answers", nil, "did not answer with answers", "did not answer with answers"},
		{"one answer too few", "answers", []any{map[string]any{"events": []any{}}}, "", "query 2 was not answered"},
		{"a query that failed", "answers|0", map[string]any{"error": "The event log is corrupt."}, "The event log is corrupt.", ""},
		{"events that are null", "answers|0|events", null, `"events" is missing`, ""},
		{"an event without time", "answers|1|events|0|time", nil, "", `event 1: "time" is missing`},
		{"an event without id", "answers|0|events|1|id", nil, `event 2: "id" is missing`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := replyWith(t, changed(t, "events.json", tt.path, tt.value))
			uploads, others := decodeEventLogs(a, eventQueries(fixtureNow, time.Hour))
			for _, f := range []struct {
				fact checks.Fact[checks.EventLog]
				want string
			}{{uploads, tt.uploads}, {others, tt.otherEvents}} {
				if f.want == "" && !f.fact.Known() {
					t.Errorf("it is missing: %s", f.fact.Why())
				}
				contains(t, "reason", f.fact.Why(), f.want)
			}
		})
	}
	t.Run("a server that cannot say how old its log is leaves that open", func(t *testing.T) {
		a := replyWith(t, changed(t, "events.json", "oldest", nil))
		uploads, _ := decodeEventLogs(a, eventQueries(fixtureNow, time.Hour))
		if log := value(t, uploads); !log.Oldest.IsZero() {
			t.Errorf("oldest is %s", log.Oldest)
		}
	})
	t.Run("more events than were asked for are cut at the old end", func(t *testing.T) {
		a := replyWith(t, compact(t, "events.json"))
		asked := eventQueries(fixtureNow, time.Hour)
		asked[0].Max = 1
		uploads, _ := decodeEventLogs(a, asked)
		if log := value(t, uploads); !log.Truncated || len(log.Events) != 1 || log.Events[0].ID != 654 {
			t.Errorf("the log is %+v", log)
		}
	})
}

func TestEmptyListsSurviveTheFactsFile(t *testing.T) {
	facts := changed(t, "server.json", "runStatus", []any{})
	s := serverOf(t, facts)
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var back checks.Server
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if !back.Busy.Known() {
		t.Error("an empty list came back as a missing fact")
	}
}

func TestALargeEstateIsReadInLinearTime(t *testing.T) {
	estate := func(domains int) string {
		var partitions, cycles []any
		for i := range domains {
			name := fmt.Sprintf("DC=d%d,DC=north,DC=example", i)
			partitions = append(partitions, map[string]any{"dn": name, "name": name, "selected": true, "isDomain": true})
			cycles = append(cycles, map[string]any{"connectorId": "11111111-aaaa-4000-8000-000000000001", "dn": name, "lastCycleStatus": "Successful"})
		}
		out, err := json.Marshal(map[string]any{
			"connectors":     []any{map[string]any{"identifier": "11111111-aaaa-4000-8000-000000000001", "name": "n", "connectorTypeName": "AD", "partitions": partitions}},
			"partitionState": cycles,
		})
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	cost := func(domains int) time.Duration {
		a := replyWith(t, estate(domains))
		best := time.Hour
		for range 3 {
			start := time.Now()
			connectors := value(t, decodeConnectors(a))
			best = min(best, time.Since(start))
			if p := connectors[0].Partitions[domains-1]; !p.Cycle.Known() {
				t.Fatal(p.Cycle.Why())
			}
		}
		return best
	}
	small, large := cost(150), cost(1500)
	if large > 40*small {
		t.Errorf("ten times the domains take %s instead of %s", large, small)
	}
}
