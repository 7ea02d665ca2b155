package suite

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/identity"
)

// server and directory are hand-written fakes: structs of functions.
type server struct {
	photo func(ctx context.Context) checks.Server
	user  func(ctx context.Context, ref UserRef) UserView
}

func (s server) Host() string                                   { return "connect1" }
func (s server) Role() string                                   { return checks.RoleActive }
func (s server) Server(ctx context.Context) checks.Server       { return s.photo(ctx) }
func (s server) User(ctx context.Context, ref UserRef) UserView { return s.user(ctx, ref) }

type directory struct {
	forest string
	find   func(ctx context.Context, q identity.Query) ([]checks.Candidate, error)
	names  []string
}

func (d directory) Forest() string    { return d.forest }
func (d directory) Domains() []string { return []string{d.forest} }
func (d directory) Find(ctx context.Context, q identity.Query, _ int) ([]checks.Candidate, error) {
	return d.find(ctx, q)
}
func (d directory) Names(context.Context, identity.Query, int) ([]string, error) { return d.names, nil }
func (d directory) User(context.Context, string) (checks.ADUser, error) {
	return checks.ADUser{Classes: []string{"user"}, PasswordSet: start.Add(-time.Hour)}, nil
}
func (d directory) Account(context.Context, string, string) (checks.AccountState, error) {
	return checks.AccountState{Name: "MSOL_1"}, nil
}

var start = time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)

type fixed struct{}

func (fixed) Now() time.Time { return start }

func person(name, forest string) checks.Candidate {
	return checks.Candidate{Person: checks.Person{
		GUID: "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", SAM: name, UPN: name + "@" + forest, Forest: forest, Domain: forest,
		DN: "CN=" + name + ",OU=Staff,OU=Corp,DC=" + strings.ReplaceAll(forest, ".", ",DC="),
	}, Enabled: true}
}

func finds(people ...checks.Candidate) func(context.Context, identity.Query) ([]checks.Candidate, error) {
	return func(_ context.Context, q identity.Query) ([]checks.Candidate, error) {
		var out []checks.Candidate
		for _, p := range people {
			if strings.EqualFold(p.UPN, q.Value) || strings.EqualFold(p.SAM, q.Value) {
				out = append(out, p)
			}
		}
		return out, nil
	}
}

func photo(forests ...string) func(context.Context) checks.Server {
	return func(context.Context) checks.Server {
		var list []checks.Connector
		for _, f := range forests {
			list = append(list, checks.Connector{ID: "id-" + f, Name: f, Type: "AD", Forest: f, AccountName: "MSOL_1", Partitions: []checks.Partition{{
				DN: "DC=" + strings.ReplaceAll(f, ".", ",DC="), Name: f, Selected: true, IsDomain: true,
				Inclusions: []string{"OU=Corp,DC=" + strings.ReplaceAll(f, ".", ",DC=")}, Exclusions: []string{"DC=" + strings.ReplaceAll(f, ".", ",DC=")},
			}}})
		}
		return checks.Server{Contact: checks.Got("w", checks.Contact{Reached: true}), Connectors: checks.Got("w", list)}
	}
}

func newSuite(s ConnectServer, dirs ...Directory) *Suite {
	return &Suite{Servers: []ConnectServer{s}, Directories: dirs, Clock: fixed{}, Thresholds: checks.DefaultThresholds()}
}

func about(t *testing.T, input string) Question {
	t.Helper()
	q, err := identity.Read(input)
	if err != nil {
		t.Fatal(err)
	}
	return Question{Person: &q, Input: input}
}

func everythingAbout(seen *atomic.Pointer[UserRef]) func(context.Context, UserRef) UserView {
	return func(_ context.Context, ref UserRef) UserView {
		seen.Store(&ref)
		return UserView{ADCS: checks.Got("w", checks.CSObject{Found: true})}
	}
}

func TestAPersonIsFollowedThroughTheirOwnConnector(t *testing.T) {
	var seen atomic.Pointer[UserRef]
	s := newSuite(server{photo("a.example", "b.example"), everythingAbout(&seen)},
		directory{forest: "a.example", find: finds()}, directory{forest: "b.example", find: finds(person("ann", "b.example"))})
	f := s.Collect(context.Background(), about(t, "ann@b.example"), nil)
	ref := seen.Load()
	if ref == nil || ref.ConnectorID != "id-b.example" || !strings.HasPrefix(ref.DN, "CN=ann,") {
		t.Fatalf("asked the server about %+v", ref)
	}
	if c, ok := f.User.Container.Get(); !ok || !c.Included || !strings.HasPrefix(c.By, "OU=Corp") {
		t.Errorf("container %+v %v", c, ok)
	}
	if len(f.Forests) != 1 || f.Forests[0].FQDN != "b.example" {
		t.Errorf("forests %+v", f.Forests)
	}
	if ad, ok := f.User.AD.Get(); !ok || ad.PasswordSet.IsZero() {
		t.Error("Active Directory was not read")
	}
}

func TestAFailedDirectoryIsNeverNobody(t *testing.T) {
	broken := func(context.Context, identity.Query) ([]checks.Candidate, error) {
		return nil, errors.New("connection refused")
	}
	var seen atomic.Pointer[UserRef]
	s := newSuite(server{photo("a.example"), everythingAbout(&seen)}, directory{forest: "a.example", find: finds()}, directory{forest: "b.example", find: broken})
	a := s.Ask(context.Background(), about(t, "ann@b.example"), nil)
	if a.Facts.User.Resolution.Known() || !strings.Contains(a.Facts.User.Resolution.Why(), "connection refused") {
		t.Errorf("resolution %+v", a.Facts.User.Resolution)
	}
	if a.Report.Verdict != checks.CouldNotTell {
		t.Errorf("verdict %s", a.Report.Verdict)
	}
}

func TestAPersonOutsideIsNotFoundInTheSameWords(t *testing.T) {
	var seen atomic.Pointer[UserRef]
	s := newSuite(server{photo("a.example", "b.example"), everythingAbout(&seen)},
		directory{forest: "a.example", find: finds(person("bob", "a.example"))}, directory{forest: "b.example", find: finds(person("ann", "b.example")), names: []string{"ann@b.example"}})
	outside, nobody := about(t, "ann@b.example"), about(t, "xyz@b.example")
	outside.Forests, nobody.Forests = []string{"a.example"}, []string{"a.example"}
	one, two := s.Ask(context.Background(), outside, nil), s.Ask(context.Background(), nobody, nil)
	norm := func(a Answer) string {
		return strings.NewReplacer("ann@", "who@", "xyz@", "who@").Replace(a.Report.Summary)
	}
	if norm(one) != norm(two) || one.Report.Verdict != checks.Blocked || len(one.Facts.User.AD.Why()) == 0 {
		t.Errorf("told apart:\n%s\n%s", one.Report.Summary, two.Report.Summary)
	}
	for _, c := range one.Facts.Servers {
		list, _ := c.Connectors.Get()
		for _, x := range list {
			if x.Forest == "b.example" {
				t.Error("the other forest's connector is in the answer")
			}
		}
	}
}

func TestASlowSourceCostsItsOwnFacts(t *testing.T) {
	slow := func(ctx context.Context, _ identity.Query) ([]checks.Candidate, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	var seen atomic.Pointer[UserRef]
	s := newSuite(server{photo("a.example"), everythingAbout(&seen)}, directory{forest: "a.example", find: slow})
	s.Deadlines.Directory = 20 * time.Millisecond
	f := s.Collect(context.Background(), about(t, "ann@a.example"), nil)
	if !strings.Contains(f.User.Resolution.Why(), "no answer within 20ms") {
		t.Errorf("why: %s", f.User.Resolution.Why())
	}
	if _, ok := f.Servers[0].Connectors.Get(); !ok {
		t.Error("the server's facts are gone too")
	}
}

func TestAPersonIsChosenByNobodyWhereSeveralAnswer(t *testing.T) {
	var seen atomic.Pointer[UserRef]
	s := newSuite(server{photo("a.example", "b.example"), everythingAbout(&seen)},
		directory{forest: "a.example", find: finds(person("ann", "a.example"))}, directory{forest: "b.example", find: finds(person("ann", "b.example"))})
	a := s.Ask(context.Background(), about(t, "ann"), nil)
	r, _ := a.Facts.User.Resolution.Get()
	if r.Matches != 2 || len(r.Candidates) != 2 || a.Facts.User.Person.GUID != "" || seen.Load() != nil {
		t.Errorf("resolution %+v, person %+v", r, a.Facts.User.Person)
	}
}

func TestWhatIsNotConfiguredIsListed(t *testing.T) {
	s := newSuite(server{photo("a.example"), nil})
	f := s.Collect(context.Background(), Question{}, nil)
	for _, source := range []checks.Source{checks.SourceDirectory, checks.SourceRights, checks.SourceReachability, checks.SourceGraph, checks.SourceSignIns} {
		if _, off := f.Gap(source); !off {
			t.Errorf("%s is not listed", source)
		}
	}
}

func TestTheNearestContainerDecides(t *testing.T) {
	x := checks.Connector{Name: "a.example", Partitions: []checks.Partition{{
		Name: "a.example", Exclusions: []string{"DC=a,DC=example", "OU=Guests,OU=Corp,DC=a,DC=example"}, Inclusions: []string{"OU=Corp,DC=a,DC=example"},
	}}}
	for name, want := range map[string]bool{
		"CN=Ann,OU=Corp,DC=a,DC=example":            true,
		"CN=Ann,OU=Sales,OU=Corp,DC=a,DC=example":   true,
		"CN=Ann,OU=Guests,OU=Corp,DC=a,DC=example":  false,
		"CN=Ann,OU=Else,DC=a,DC=example":            false,
		"CN=Ann\\, OU=Corp,OU=Else,DC=a,DC=example": false,
		"cn=ann,ou=corp,dc=A,dc=EXAMPLE":            true,
	} {
		got, ok := container(x, checks.Person{DN: name, Domain: "a.example"}).Get()
		if !ok || got.Included != want {
			t.Errorf("%s: included %v (by %s), want %v", name, got.Included, got.By, want)
		}
	}
}
