package lab

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/pwsync/pwsync/adapters/lab/clock"
	"github.com/pwsync/pwsync/checks"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t testing.TB, o Options) *Lab {
	t.Helper()
	l, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

func TestALabStartsAtTheFixedInstantAndEndsWithEverythingOpen(t *testing.T) {
	l := open(t, Options{})
	if age := l.Now().Sub(clock.Start); age < 0 || age > time.Minute {
		t.Errorf("it is %v", l.Now())
	}
	dirs, err := l.Directories()
	if err != nil || len(dirs) != 2 || len(dirs[0].Domains) != 2 || !strings.HasPrefix(dirs[0].Domains[0].URL, "ldap://127.0.0.1:") {
		t.Fatalf("directories %+v, %v", dirs, err)
	}
	again, err := l.Directories()
	if err != nil || again[0].Domains[0].URL != dirs[0].Domains[0].URL {
		t.Errorf("a second look starts other servers: %+v, %v", again, err)
	}
	for _, s := range l.Servers() {
		conn, err := s.Open(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := bufio.NewReader(conn).ReadString('\n'); err != nil {
			t.Error(err)
		}
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if _, err := l.Directories(); err == nil {
		t.Error("a closed lab starts directories")
	}
	if _, err := l.Servers()[0].Open(context.Background()); err == nil {
		t.Error("a closed lab opens sessions")
	}
}

func TestRolesAreThoseOfTheConfiguration(t *testing.T) {
	l := open(t, Options{Frozen: true})
	roles := func() []string {
		var out []string
		for _, s := range l.Servers() {
			out = append(out, s.Host+" "+s.Role)
		}
		return out
	}
	if got := roles(); !slices.Equal(got, []string{"CONNECT01 active", "CONNECT02 staging"}) {
		t.Errorf("roles %q", got)
	}
	if err := l.SetFaults([]string{"no-active-server"}, nil); err != nil {
		t.Fatal(err)
	}
	if got := roles(); !slices.Equal(got, []string{"CONNECT01 staging", "CONNECT02 staging"}) || l.Role("connect01") != checks.RoleStaging {
		t.Errorf("roles %q", got)
	}
}

func TestFaultsAndUsersAreListedInTheirDocumentedForm(t *testing.T) {
	l := open(t, Options{Frozen: true})
	shape := func(v any) []string {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var list []map[string]any
		if err := json.Unmarshal(raw, &list); err != nil {
			t.Fatal(err)
		}
		keys := map[string]bool{}
		for _, row := range list {
			for k := range row {
				keys[k] = true
			}
		}
		var out []string
		for k := range keys {
			out = append(out, k)
		}
		slices.Sort(out)
		return out
	}
	if got, want := shape(l.Faults()), []string{"check", "fault", "scope", "severity", "subject", "title", "user"}; !slices.Equal(got, want) {
		t.Errorf("a fault has %q", got)
	}
	if got, want := shape(l.Users()), []string{"dn", "expect", "name", "upn", "why"}; !slices.Equal(got, want) {
		t.Errorf("a person has %q", got)
	}
}

func TestTheSourcesWithoutAnAdapterShowTheSameWorld(t *testing.T) {
	l, ctx := open(t, Options{Frozen: true}), context.Background()
	if err := l.SetFaults([]string{"replication-rights-missing-denied", "directory-sync-off", "domain-unreachable-from-bot@emea.contoso.com", "sign-in-fails-elsewhere"}, nil); err != nil {
		t.Fatal(err)
	}
	rights, err := l.Rights(ctx, "contoso.com", "contoso.com", "MSOL_4f1d2c7a9b30")
	if err != nil || rights.Changes != checks.RightGranted || rights.ChangesAll != checks.RightDenied || rights.ChangesAllVia == "" {
		t.Errorf("rights %+v, %v", rights, err)
	}
	if stranger, err := l.Rights(ctx, "contoso.com", "emea.contoso.com", "somebody"); err != nil || stranger.ChangesAll != checks.RightMissing {
		t.Errorf("a stranger has %+v, %v", stranger, err)
	}
	for domain, want := range map[string]bool{"emea.contoso.com": false, "contoso.com": true} {
		probes, err := l.Ports(ctx, "contoso.com", domain)
		if err != nil || len(probes) != 4 || slices.ContainsFunc(probes, func(p checks.Probe) bool { return p.Open != want }) {
			t.Errorf("%s: %+v, %v", domain, probes, err)
		}
	}
	cloud := l.Cloud()
	if org, err := cloud.Organization(ctx); err != nil || org.SyncEnabled || org.LastPasswordSync.IsZero() {
		t.Errorf("organization %+v, %v", org, err)
	}
	user, err := cloud.User(ctx, "", "OSALEH@contoso.com")
	if err != nil || !user.Found || !user.Enabled || user.PasswordHint.IsZero() {
		t.Errorf("user %+v, %v", user, err)
	}
	if failed, err := cloud.Failed(ctx, user.ID, l.Now().Add(-time.Hour)); err != nil || len(failed) != 2 || failed[0].Code != 53003 {
		t.Errorf("sign-ins %+v, %v", failed, err)
	}
	if nobody, err := cloud.User(ctx, "bm90IGFuIGFuY2hvcg==", "nobody@contoso.com"); err != nil || nobody.Found {
		t.Errorf("nobody %+v, %v", nobody, err)
	}
	if auth, err := cloud.DomainAuth(ctx, "fabrikam.com"); err != nil || auth.Type != "Managed" {
		t.Errorf("domain %+v, %v", auth, err)
	}
	if _, err := cloud.DomainAuth(ctx, "example.org"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an unknown domain: %v", err)
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := cloud.Organization(gone); !errors.Is(err, context.Canceled) {
		t.Errorf("a canceled question: %v", err)
	}
}

func TestTheChatWorkspaceHasEveryKindOfPersonAndChannel(t *testing.T) {
	l := open(t, Options{Frozen: true})
	people := l.People()
	ids := map[string]ChatPerson{}
	roles := map[string]bool{}
	guests, strangers := 0, 0
	for _, p := range people {
		if _, twice := ids[p.ID]; twice || !strings.HasPrefix(p.ID, "U") {
			t.Errorf("id %s", p.ID)
		}
		ids[p.ID] = p
		for _, r := range p.Roles {
			roles[r] = true
		}
		if p.Guest {
			guests++
		}
		if p.Stranger {
			strangers++
		}
	}
	for _, r := range []string{"viewer", "operator", "approver", "admin"} {
		if !roles[r] {
			t.Errorf("nobody is %s", r)
		}
	}
	if guests != 1 || strangers != 1 {
		t.Errorf("%d guests, %d strangers", guests, strangers)
	}
	names := map[string]bool{}
	for _, c := range l.ChatChannels() {
		names[c.Name] = true
		if !slices.Contains(c.Members, people[0].ID) {
			t.Errorf("%s is not in #%s", people[0].Name, c.Name)
		}
		for _, m := range c.Members {
			if p, ok := ids[m]; !ok || p.Stranger && !c.External {
				t.Errorf("#%s lists %s", c.Name, m)
			}
		}
	}
	for _, n := range []string{"helpdesk", "identity-ops", "phs-reports", "phs-alerts", "ext-partner"} {
		if !names[n] {
			t.Errorf("there is no #%s", n)
		}
	}
}

func TestADayOfLabTimePassesInAMoment(t *testing.T) {
	l := open(t, Options{Frozen: true})
	began := time.Now()
	if err := l.Advance(context.Background(), 24*time.Hour); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("it took %v", took)
	}
	if got := l.Now(); !got.Equal(clock.Start.Add(24 * time.Hour)) {
		t.Errorf("it is %v", got)
	}
}

func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		l, err := New(Options{Frozen: true})
		if err != nil {
			b.Fatal(err)
		}
		if err := l.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSwitchAFault(b *testing.B) {
	l := open(b, Options{Frozen: true})
	for b.Loop() {
		if err := errors.Join(l.SetFaults([]string{"staging-mode"}, nil), l.SetFaults(nil, []string{"staging-mode"})); err != nil {
			b.Fatal(err)
		}
	}
}
