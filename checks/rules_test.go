package checks

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestNothingIsWrongWhereNothingIsWrong(t *testing.T) {
	for _, f := range []*Facts{healthyFacts(), personFacts()} {
		r := Answer(f)
		if len(r.Diagnoses) > 0 || r.Verdict != Healthy && r.Verdict != Synced {
			t.Errorf("%s: %v", r.Verdict, failing(r))
		}
	}
}

// The verdict on a person follows the newest entry of the password sync log,
// held against the time at which AD says that the password was set.
func TestVerdictByTheNewestLogStatus(t *testing.T) {
	set := 3 * time.Hour
	cases := []struct {
		name    string
		log     []LogEntry
		ad      func(*ADUser)
		verdict Verdict
		first   string
	}{
		{"a success after the change proves it", entries("Success", 2*time.Hour), nil, Synced, ""},
		{"a success in the same second proves it", entries("Success", set+time.Second), nil, Synced, ""},
		{"a success before the change is stale", entries("Success", 5*time.Hour), nil, Blocked, "hash-stale fail error"},
		{"statuses are read without case and blanks", entries(" success ", 2*time.Hour), nil, Synced, ""},
		{"filtered with the flag set is a temporary password", entries("FilteredByTarget", 2*time.Hour), mustChange, Blocked, "temporary-password fail error"},
		{"an earlier filter is history once the person has changed it", []LogEntry{entry("Success", 2*time.Hour), entry("FilteredByTarget", 4*time.Hour)}, nil, Synced, ""},
		{"no source object that has come since is stale", entries("SourceConnectorNotPresent", 2*time.Hour), nil, Blocked, "hash-stale fail error"},
		{"no target connection that has come since is stale", entries("NoTargetConnection", 2*time.Hour), nil, Blocked, "hash-stale fail error"},
		{"not exported is not exported", entries("TargetNotExportedToDirectory", 2*time.Hour), nil, Blocked, "not-exported fail error"},
		{"a retry that was just asked for is waiting", entries("RetryRequestedByTarget", 4*time.Minute), nil, Waiting, "waiting fail info"},
		{"a retry of yesterday is a failure", entries("RetryRequestedByTarget", 2*time.Hour), nil, Blocked, "last-attempt-failed fail error"},
		{"missing keys matter to Entra Domain Services only", entries("MissingAttribute", 2*time.Hour), nil, Synced, "missing-attribute fail info"},
		{"a carried-over entry cannot be judged", entries("MigratedCheckDetailsForMoreInfo", 2*time.Hour), nil, CouldNotTell, "last-attempt-failed unknown error"},
		{"an error failed", entries("Error", 2*time.Hour), nil, Blocked, "last-attempt-failed fail error"},
		{"the status Unknown is a collected failure", entries("Unknown", 2*time.Hour), nil, Blocked, "last-attempt-failed fail error"},
		{"a service without a code failed", entries("NoCodeReportedByTarget", 2*time.Hour), nil, Blocked, "last-attempt-failed fail error"},
		{"a status nobody knows failed", entries("Quux", 2*time.Hour), nil, Blocked, "last-attempt-failed fail error"},
		{"an error about an earlier password is history, the change is stale", entries("Error", 5*time.Hour), nil, Blocked, "hash-stale fail error"},
		{"no entry within seven days is an attempt never made", nil, nil, Blocked, "no-attempt-recorded fail error"},
		{"no entry after seven days is normal", nil, func(u *ADUser) { u.PasswordSet = ago(8 * 24 * time.Hour) }, Synced, ""},
		{"a change of three minutes ago is on its way", entries("Success", 5*time.Hour), func(u *ADUser) { u.PasswordSet = ago(3 * time.Minute) }, Waiting, "waiting fail info"},
		{"a change of three minutes ago without history is on its way", nil, func(u *ADUser) { u.PasswordSet = ago(3 * time.Minute) }, Waiting, "waiting fail info"},
		{"a change of three minutes ago that failed is a failure", entries("Error", time.Minute), func(u *ADUser) { u.PasswordSet = ago(3 * time.Minute) }, Blocked, "last-attempt-failed fail error"},
		{"a success says nothing where AD did not show when the password was set", entries("Success", 2*time.Hour), func(u *ADUser) { u.PasswordSet = time.Time{} }, CouldNotTell, "temporary-password unknown error"},
		{"a temporary password whose change is not dated cannot be told", entries("Success", 2*time.Hour), func(u *ADUser) { mustChange(u); u.Changed = time.Time{} }, Blocked, "temporary-password fail error"},
		{"an entry without a status is a missing fact", entries("", 2*time.Hour), nil, CouldNotTell, "not-exported unknown error"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := personFacts()
			f.User.Log = Got("w", c.log)
			edit(&f.User.AD, func(u *ADUser) {
				u.PasswordSet = ago(set)
				if c.ad != nil {
					c.ad(u)
				}
			})
			r := Answer(f)
			got := failing(r)
			if r.Verdict != c.verdict || c.first == "" && len(got) > 0 || c.first != "" && (len(got) == 0 || got[0] != c.first) {
				t.Errorf("got %s %v, want %s %q", r.Verdict, got, c.verdict, c.first)
			}
		})
	}
}

func entry(status string, age time.Duration) LogEntry { return LogEntry{Status: status, At: ago(age)} }

func entries(status string, age time.Duration) []LogEntry { return []LogEntry{entry(status, age)} }

func mustChange(u *ADUser) { u.PasswordSet, u.MustChange = time.Time{}, true }

func TestTemporaryPasswords(t *testing.T) {
	cases := []struct {
		name    string
		feature bool
		version string
		log     []LogEntry
		want    Status
		says    string
	}{
		{"the tenant does not send them", false, "2.5.190.0", nil, Fail, "does not synchronize temporary passwords"},
		{"the tenant sends them and the person's has arrived", true, "2.5.190.0", entries("Success", time.Hour), Pass, ""},
		{"the flag was set before the tenant sent them", true, "2.5.190.0", entries("FilteredByTarget", time.Hour), Fail, "before it did"},
		{"the version is too old to send them", true, "1.6.16.0", entries("Success", time.Hour), Fail, "from 2.0.3.0"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := personFacts()
			f.Servers[0].CompanyFeature = Got("w", CompanyFeature{PasswordHashSync: true, ForcePasswordChange: c.feature})
			f.Servers[0].Version = Got("w", c.version)
			f.User.Log = Got("w", c.log)
			edit(&f.User.AD, mustChange)
			got := resultOf(t, f, "temporary-password")
			if got.Status != c.want || !strings.Contains(strings.Join(got.Evidence, "\n"), c.says) {
				t.Errorf("got %s %v", got.Status, got.Evidence)
			}
		})
	}
}

func resultOf(t *testing.T, f *Facts, id string) Result {
	t.Helper()
	results, _ := Evaluate(f)
	for _, r := range results {
		if r.Check.ID == id {
			return r
		}
	}
	t.Fatalf("%s gave no result", id)
	return Result{}
}

func TestProofOfWriting(t *testing.T) {
	const other = "99999999-2222-3333-4444-555555555555"
	cases := []struct {
		name   string
		events []Event
		want   []string
	}{
		{"a heartbeat of this half hour is proof", []Event{event(654, "heartbeat-ok", 20*time.Minute, testConnector)}, nil},
		{"a busy connector without heartbeats is proved by its batches", []Event{event(651, "upload-ended", 5*time.Minute, testConnector)}, nil},
		{"the GUID is matched in any case", []Event{event(654, "heartbeat-ok", 20*time.Minute, strings.ToUpper(testConnector))}, nil},
		{"a heartbeat of another connector proves nothing", []Event{event(654, "heartbeat-ok", 20*time.Minute, other)}, []string{"heartbeat-missing fail error"}},
		{"a heartbeat without connector proves nothing", []Event{event(654, "heartbeat-ok", 20*time.Minute)}, []string{"heartbeat-missing fail error"}},
		{"the start of a heartbeat proves nothing", []Event{event(653, "heartbeat-started", 20*time.Minute, testConnector)}, []string{"heartbeat-missing fail error"}},
		{"more than an hour is a warning", []Event{event(654, "heartbeat-ok", 61*time.Minute, testConnector)}, []string{"heartbeat-missing fail warning"}},
		{"more than three hours is an error", []Event{event(654, "heartbeat-ok", 181*time.Minute, testConnector)}, []string{"heartbeat-missing fail error"}},
		{
			"an old failure followed by a success is history",
			[]Event{event(654, "heartbeat-ok", 10*time.Minute, testConnector), event(655, "entra-endpoint-unreachable", 20*time.Minute)}, nil,
		},
		{
			"a failure after the success takes the proof back",
			[]Event{event(652, "entra-access-denied", 5*time.Minute), event(654, "heartbeat-ok", 10*time.Minute, testConnector)}, []string{"entra-access-denied fail error"},
		},
		{
			"a service that is busy for once is a warning",
			[]Event{{ID: 652, Cause: "entra-busy", Transient: true, Time: ago(5 * time.Minute)}, event(654, "heartbeat-ok", 10*time.Minute, testConnector)},
			[]string{"uploads-failing fail warning"},
		},
		{
			"a failure not understood still fails, and how far it came is not known",
			[]Event{event(652, "", 5*time.Minute)}, []string{"uploads-failing fail error", "entra-endpoint-unreachable unknown error"},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := healthyFacts()
			uploads(f, c.events...)
			if got := failing(Answer(f)); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestAFailureOfOneConnectorIsItsOwn(t *testing.T) {
	f := healthyFacts()
	const second = "66666666-2222-3333-4444-555555555555"
	edit(&f.Servers[0].Connectors, func(list *[]Connector) {
		c := (*list)[0]
		c.ID, c.Name, c.Forest = second, "other.example", "other.example"
		p := c.Partitions[0]
		p.Name, p.DN = "other.example", "DC=other,DC=example"
		c.Partitions = []Partition{p}
		c.Domains = Got("w", []DomainReach{{Domain: "other.example", OK: true}})
		*list = append(append([]Connector{}, *list...), c)
	})
	edit(&f.Servers[0].Rules, func(l *[]Rule) {
		*l = append(append([]Rule{}, *l...), Rule{ID: "r3", Name: "In 2", Direction: "Inbound", Connector: second, PasswordSync: true})
	})
	uploads(f, event(654, "heartbeat-ok", 10*time.Minute, testConnector), event(655, "entra-access-denied", 5*time.Minute, second), event(654, "heartbeat-ok", 40*time.Minute, second))
	r := Answer(f)
	if got := failing(r); !slices.Equal(got, []string{"heartbeat-missing fail error"}) || r.Diagnoses[0].Subject != ForestSubject("other.example") {
		t.Errorf("got %v of %s", got, r.Diagnoses[0].Subject)
	}
}

func TestWhatAFailedUploadDidNotReachIsNotKnown(t *testing.T) {
	f := healthyFacts()
	uploads(f, event(652, "entra-credential-rejected", 5*time.Minute))
	for id, want := range map[string]Status{
		"entra-endpoint-unreachable": Pass, "entra-credential-rejected": Fail, "entra-access-denied": Unknown, "directory-sync-off": Unknown, "phs-feature-off": Unknown, "uploads-failing": Fail,
	} {
		if got := resultOf(t, f, id); got.Status != want {
			t.Errorf("%s: %s %v, want %s", id, got.Status, got.Evidence, want)
		}
	}
	if got := failing(Answer(f)); !slices.Equal(got, []string{"entra-credential-rejected fail error"}) {
		t.Errorf("what was not reached is not folded: %v", got)
	}
}

func TestCertificates(t *testing.T) {
	expired := event(1012, "application-certificate-expired", time.Hour)
	due := event(1011, "application-certificate-due", time.Hour)
	cases := []struct {
		name   string
		cred   EntraCredential
		events []Event
		want   string
	}{
		{"a date far away is fine", EntraCredential{Mode: "Application", NotAfter: now.AddDate(0, 4, 0)}, nil, "pass"},
		{"a date within thirty days is due", EntraCredential{Mode: "Application", NotAfter: now.AddDate(0, 0, 12)}, nil, "fail warning"},
		{"a date in the past has ended", EntraCredential{Mode: "Application", NotAfter: now.AddDate(0, 0, -1)}, nil, "fail error"},
		{"no date and no event is fine", EntraCredential{Mode: "Application"}, nil, "pass"},
		{"no date and a 1011 is due", EntraCredential{Mode: "Application"}, []Event{due}, "fail warning"},
		{"a 1012 after which something was sent is history", EntraCredential{Mode: "Application"}, []Event{expired}, "pass"},
		{"an account has no certificate", EntraCredential{Mode: "ServiceAccount"}, []Event{expired}, "pass"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := healthyFacts()
			f.Servers[0].EntraCredential = Got("w", c.cred)
			edit(&f.Servers[0].Events, func(l *EventLog) { l.Events = c.events })
			r := resultOf(t, f, "application-certificate-due")
			got := r.Status.String()
			if r.Status == Fail {
				got += " " + r.Severity.String()
			}
			if got != c.want {
				t.Errorf("got %s %v, want %s", got, r.Evidence, c.want)
			}
		})
	}
	f := healthyFacts()
	edit(&f.Servers[0].Events, func(l *EventLog) { l.Events = []Event{expired} })
	uploads(f, event(654, "heartbeat-ok", 2*time.Hour, testConnector))
	if r := resultOf(t, f, "application-certificate-due"); r.Status != Fail {
		t.Errorf("a 1012 with nothing sent since: %s %v", r.Status, r.Evidence)
	}
}

func TestALiveSiblingProvesNothingForADeadDomain(t *testing.T) {
	f := healthyFacts()
	editConnector(f, func(c *Connector) {
		p := c.Partitions[0]
		p.Name, p.DN = "sub.corp.example", "DC=sub,DC=corp,DC=example"
		p.Cycle = Got("w", Cycle{Status: "Successful", SuccessEnd: ago(3 * time.Hour), Ended: ago(3 * time.Hour)})
		c.Partitions = append(c.Partitions, p)
	})
	domainEvent(f, 665, "state-not-stored", time.Hour, "sub.corp.example")
	if r := resultOf(t, f, "database-full"); r.Status != Fail {
		t.Errorf("got %s %v", r.Status, r.Evidence)
	}
}

func TestWhatIsNotUnderstoodIsShown(t *testing.T) {
	f := healthyFacts()
	edit(&f.Servers[0].Events, func(l *EventLog) {
		l.Events = []Event{{ID: 0, Source: "Directory Synchronization", Time: ago(30 * time.Second), Detail: "something odd"}}
	})
	r := Answer(f)
	if r.Verdict != Healthy || !slices.Equal(failing(r), []string{"unexplained-events fail info"}) || !strings.Contains(r.Summary, "Worth knowing") {
		t.Errorf("%s %v: %s", r.Verdict, failing(r), r.Summary)
	}
}

func TestANewAccountThatIsFilteredIsNotWaitedFor(t *testing.T) {
	f := personFacts()
	edit(&f.User.AD, func(u *ADUser) { u.Created, u.PasswordSet = ago(15*time.Minute), ago(15*time.Minute) })
	f.User.ADCS, f.User.MV, f.User.EntraCS = Got("w", CSObject{}), Got("w", MVObject{}), Got("w", CSObject{})
	f.User.Log = Got("w", []LogEntry{})
	f.User.Container = Got("w", Container{By: "OU=External"})
	if r := Answer(f); r.Verdict != Blocked || r.Diagnoses[0].Check != notImported {
		t.Errorf("got %s %v", r.Verdict, failing(r))
	}
}

func TestProofOfReading(t *testing.T) {
	cases := []struct {
		name   string
		change func(*Facts)
		want   []string
	}{
		{"eleven minutes without a cycle are a warning", func(f *Facts) { editCycle(f, func(c *Cycle) { c.SuccessEnd = ago(11 * time.Minute) }) }, []string{"cycle-stale fail warning"}},
		{"half an hour without a cycle is an error", func(f *Facts) { editCycle(f, func(c *Cycle) { c.SuccessEnd = ago(31 * time.Minute) }) }, []string{"cycle-stale fail error"}},
		{"a single failed cycle is a warning", func(f *Facts) {
			editCycle(f, func(c *Cycle) { c.Status = "Failed"; c.SuccessEnd = ago(3 * time.Minute) })
		}, []string{"cycle-failing fail warning"}},
		{
			"a 611 before the last good cycle is history",
			func(f *Facts) { domainEvent(f, 611, "rpc-server-unavailable", 10*time.Minute, "corp.example") }, nil,
		},
		{
			"a 611 after the last good cycle fails",
			func(f *Facts) {
				domainEvent(f, 611, "rpc-server-unavailable", 2*time.Minute, "corp.example")
				editCycle(f, func(c *Cycle) { c.SuccessEnd = ago(40 * time.Minute) })
			},
			[]string{"cycle-failing fail error"},
		},
		{
			"a 611 of a domain with a similar name is not this domain's",
			func(f *Facts) { domainEvent(f, 611, "rpc-server-unavailable", 30*time.Second, "corp.example.org") }, nil,
		},
		{
			"a denial names the missing rights and folds the rest",
			func(f *Facts) {
				domainEvent(f, 611, "replication-access-denied", 2*time.Minute, "corp.example")
				editCycle(f, func(c *Cycle) { c.SuccessEnd, c.Status = ago(40*time.Minute), "Failed" })
			},
			[]string{"replication-rights-missing fail error"},
		},
		{
			"a long cycle that makes progress is a full synchronization",
			func(f *Facts) {
				domainEvent(f, 619, "full-sync-progress", 2*time.Minute, "corp.example")
				editCycle(f, func(c *Cycle) { c.SuccessEnd, c.Status = ago(50*time.Minute), "InProgress" })
			},
			nil,
		},
		{
			"a domain that is not flagged as one is found although everything else looks well",
			func(f *Facts) { editConnector(f, func(c *Connector) { c.Partitions[0].IsDomain = false }) },
			[]string{"domain-not-flagged fail error"},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := healthyFacts()
			c.change(f)
			if got := failing(Answer(f)); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func domainEvent(f *Facts, id int, cause string, age time.Duration, domain string) {
	edit(&f.Servers[0].Events, func(l *EventLog) {
		e := event(id, cause, age)
		e.Domain = domain
		l.Events = []Event{e}
	})
}

func TestRefusedCredentialsAreNotAnUnreachableDomain(t *testing.T) {
	f := healthyFacts()
	editConnector(f, func(c *Connector) {
		c.AccountLogon = Got("w", Reach{Error: "refused"})
		c.Partitions[0].Ports = Got("w", []Probe{{Host: "dc1", Port: 389}, {Host: "dc1", Port: 135, Open: true}})
	})
	if got := resultOf(t, f, "connector-account-rejected"); got.Status != Unknown {
		t.Errorf("with LDAP closed: %s %v", got.Status, got.Evidence)
	}
	editConnector(f, func(c *Connector) {
		c.Partitions[0].Ports = Got("w", []Probe{{Host: "dc1", Port: 389, Open: true}, {Host: "dc1", Port: 135, Open: true}})
	})
	if got := resultOf(t, f, "connector-account-rejected"); got.Status != Fail {
		t.Errorf("with LDAP open: %s %v", got.Status, got.Evidence)
	}
}

func TestANewAccountIsWaitedFor(t *testing.T) {
	f := personFacts()
	edit(&f.User.AD, func(u *ADUser) { u.Created, u.PasswordSet = ago(15*time.Minute), ago(15*time.Minute) })
	f.User.ADCS, f.User.MV, f.User.EntraCS = Got("w", CSObject{}), Got("w", MVObject{}), Got("w", CSObject{})
	f.User.Log = Got("w", []LogEntry{})
	r := Answer(f)
	if r.Verdict != Waiting {
		t.Errorf("got %s %v", r.Verdict, failing(r))
	}
	edit(&f.Servers[0].Scheduler, func(s *Scheduler) { s.CycleEnabled = false })
	if r := Answer(f); r.Verdict != Blocked || r.Diagnoses[0].Check != schedulerOff {
		t.Errorf("with the scheduler off: %s %v", r.Verdict, failing(r))
	}
}

func TestAPersonOnTheWayIsBlockedByWhatIsWrongAround(t *testing.T) {
	f := personFacts()
	edit(&f.User.AD, func(u *ADUser) { u.PasswordSet = ago(3 * time.Minute) })
	edit(&f.Servers[0].Scheduler, func(s *Scheduler) { s.StagingMode = true })
	if r := Answer(f); r.Verdict != Blocked {
		t.Errorf("the newest password is on its way through a server in staging mode, got %s", r.Verdict)
	}
	edit(&f.User.AD, func(u *ADUser) { u.PasswordSet = ago(26 * time.Hour) })
	r := Answer(f)
	if r.Verdict != Synced || !strings.Contains(r.Summary, "staging mode") {
		t.Errorf("a password that arrived is synced, and the fault around is named: %s", r.Summary)
	}
}

func TestNotConfiguredIsNotUnknown(t *testing.T) {
	f := healthyFacts()
	_, skipped := Evaluate(f)
	if len(skipped) == 0 {
		t.Fatal("nothing was skipped")
	}
	f.NotConfigured = nil
	r := Answer(f)
	if r.Verdict != CouldNotTell || len(r.NotChecked) != 0 {
		t.Errorf("configured and unread: %s, %d not checked", r.Verdict, len(r.NotChecked))
	}
}

func TestSecondOpinionFollowsTheVersion(t *testing.T) {
	for version, want := range map[string]int{"2.5.190.0": 2, "1.1.600.0": 1, "1.1.400.0": 0} {
		f := healthyFacts()
		f.Servers[0].Version = Got("w", version)
		f.Servers[0].Service = Got("w", Service{State: "Stopped"})
		if got := len(Answer(f).SecondOpinion); got != want {
			t.Errorf("version %s: %d steps, want %d", version, got, want)
		}
	}
}

func TestRetirementIsDatedData(t *testing.T) {
	for _, c := range []struct {
		at      time.Time
		version string
		want    string
	}{
		{now, "2.4.18.0", ""},
		{time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC), "2.4.18.0", "version-retired fail warning"},
		{time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), "2.4.18.0", "version-retired fail error"},
		{time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), "2.5.79.0", ""},
		{now, "1.6.16.0", "version-retired fail error"},
	} {
		f := healthyFacts()
		f.At = c.at
		f.Servers[0].Version = Got("w", c.version)
		r := resultOf(t, f, "version-retired")
		got := ""
		if r.Status == Fail {
			got = r.Check.ID + " " + r.Status.String() + " " + r.Severity.String()
		}
		if got != c.want {
			t.Errorf("%s at %s: got %q, want %q", c.version, c.at.Format(time.DateOnly), got, c.want)
		}
	}
}
