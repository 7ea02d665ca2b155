package bot

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/identity"
	"github.com/pwsync/pwsync/checks/suite"
)

func TestAnswers(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		estate     func() *checks.Facts
		headline   string
		says       []string // parts of the text
		never      []string
	}{
		{"a person is answered with the verdict, the cause and what to tell the caller", "user mia.wong@contoso.com", world,
			"Blocked · The password is temporary: it must be changed at next logon", []string{"Tell the caller: Sign in to a company computer"}, nil},
		{"the command is read without regard to case and quotation marks", "“User” mia.wong@contoso.com", world, "Blocked · The password is temporary: it must be changed at next logon", nil, nil},
		{"a no-break space separates words too", "user\u00a0mia.wong@contoso.com", world, "Blocked · The password is temporary: it must be changed at next logon", nil, nil},
		{"a healthy estate says how to ask about one person", "health", world, "Healthy · Password hash synchronization works", []string{"/pwsync user <name>"}, nil},
		{"a broken estate names the cause", "health", func() *checks.Facts { return staging(world()) }, "Broken · The active server is in staging mode", []string{"Where: server sync01.contoso.com"}, nil},
		{"health of one forest leaves out the other one's fault", "health fabrikam.com", func() *checks.Facts { return channelOff(cycleDenied(world())) }, "Broken · fabrikam.com: Password hash synchronization is disabled for this forest", []string{"Wrong elsewhere: The connector account may not replicate passwords"}, []string{"event 611"}},
		{"health of a healthy forest beside a broken one is healthy", "health FABRIKAM", func() *checks.Facts { return cycleDenied(world()) }, "Healthy · fabrikam.com", []string{"This is about fabrikam.com", "Wrong elsewhere: The connector account may not replicate passwords"}, []string{"event 611"}},
		{"a fault of a forest concerns its domains", "health FABRIKAM", func() *checks.Facts { return channelOff(cycleDenied(world())) }, "Broken · fabrikam.com: Password hash synchronization is disabled for this forest", nil, nil},
		{"a tenant-wide fault concerns each forest", "health fabrikam.com", func() *checks.Facts { return staging(world()) }, "Broken · fabrikam.com: The active server is in staging mode", nil, nil},
		{"an unknown connector is answered with the known ones", "health fabrikam.com.au", world, "No connector or domain has this name", []string{"fabrikam.com", "CONTOSO"}, []string{".au"}},
		{"status shows channel and heartbeat of each connector", "status", world, "Status of password hash synchronization", []string{"Channel: on", "Heartbeat: 2026-03-10 09:18 UTC"}, nil},
		{"the log is told in words", "log mwong", world, "Password sync log · Blocked", []string{"A temporary password is not synchronized", "a temporary password was set"}, nil},
		{"explain knows a check, and what can cause it", "explain hash-stale", world, "Microsoft Entra still has an older password", []string{"Can be caused by", "What to do", "Tell the caller"}, nil},
		{"explain knows an event", "explain 655", world, "", []string{"event 655", "What to do"}, nil},
		{"explain knows a status", "explain FilteredByTarget", world, "A temporary password is not synchronized", []string{"help desk"}, nil},
		{"explain knows an error code", "explain AADSTS50126", world, "", []string{"AADSTS50126"}, nil},
		{"explain says what it does not know", "explain frobnicate the splines", world, "I do not recognize this", nil, []string{"splines"}},
		{"explain without a text says how to use it", "explain", world, "How to use explain", []string{"explain 611"}, nil},
		{"no text at all is a call for help", "  ", world, "What you can ask", []string{"/pwsync user mia.wong@contoso.com", "viewer and operator"}, nil},
		{"help about one command", "help log", world, "How to use log", []string{"/pwsync log <name>"}, nil},
		{"an unknown command suggests the nearest one", "helth", world, "I do not know this command", []string{"Did you mean health?"}, nil},
		{"an unknown command is not repeated", "frobnicate", world, "I do not know this command", []string{"/pwsync help"}, []string{"frobnicate"}},
		{"a name without a command offers to ask about it", "mia.wong@contoso.com", world, "I do not know this command", []string{"looks like the name of a person"}, nil},
		{"a healthy part of a healthy estate says nothing of elsewhere", "health fabrikam.com", world, "Healthy · fabrikam.com", nil, []string{"lsewhere"}},
		{"a partition that is no domain cannot be asked about, nor is it offered", "health DomainDnsZones.contoso.com", withDNSZone, "No connector or domain has this name", nil, []string{"DnsZones"}},
		{"what has changed since a time is for a later version", "health since yesterday", world, "Not in this version", []string{"not there yet"}, nil},
		{"a command of a later version is not taken for a person", "push mia.wong@contoso.com", world, "Not in this version", []string{"Push is not there yet; nothing was done.", "/pwsync help"}, []string{"mia.wong"}},
		{"words after status are said not to count", "status fabrikam.com", world, "Status of password hash synchronization", []string{"what followed status was not used"}, nil},
		{"the log names the person to ask about next", "log mwong", world, "", []string{"/pwsync user mia.wong@contoso.com"}, []string{"<name>"}},
		{"explain leaves no open name without saying so", "explain server-unreachable", world, "The Connect server does not answer", nil, []string{"on <server>"}},
		{"user without a name says how to give one", "user", world, "I do not understand whom you mean", []string{"sign-in name"}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := setUp(t, always(temporary, tc.estate), nil)
			got := b.says(t, ann, general, tc.text).last(t)
			if got.how != "tell" {
				t.Errorf("the first answer is for the person alone, not %q", got.how)
			}
			text := got.card.Text()
			if tc.headline != "" && got.card.Headline != tc.headline {
				t.Errorf("headline %q, want %q\n%s", got.card.Headline, tc.headline, text)
			}
			for _, want := range tc.says {
				if !strings.Contains(text, want) {
					t.Errorf("the answer does not say %q:\n%s", want, text)
				}
			}
			for _, never := range tc.never {
				if strings.Contains(text, never) {
					t.Errorf("the answer says %q:\n%s", never, text)
				}
			}
		})
	}
}

// withDNSZone is the healthy estate with a partition that holds no people.
func withDNSZone() *checks.Facts {
	f := world()
	setConnectors(f, func(l []checks.Connector) []checks.Connector {
		l[1].Partitions = append(l[1].Partitions, checks.Partition{DN: "DC=DomainDnsZones,DC=contoso,DC=com", Name: "DomainDnsZones.contoso.com"})
		return l
	})
	return f
}

func TestRefusedPeopleLearnNothing(t *testing.T) {
	asked := false
	b := setUp(t, engineFunc(func(context.Context, suite.Question) suite.Answer { asked = true; return answered(mia()) }), nil)
	for name, where := range map[string]struct{ user, channel string }{
		"a guest": {guest, general}, "somebody unknown": {"U99", general}, "a member in a shared channel": {ann, shared1}, "a member in an unknown channel": {ann, "C99"},
	} {
		for _, text := range []string{"user mia.wong@contoso.com", "health", "help", "nonsense"} {
			card := b.says(t, where.user, where.channel, text).last(t).card
			if card.Headline != "Not allowed here" || len(card.Lead) != 2 || len(card.Actions) != 0 {
				t.Errorf("%s asks %q and is told %+v", name, text, card)
			}
		}
		if card := b.bot.Home(t.Context(), Actor{Team: home, User: guest}); card.Headline != "Not allowed here" {
			t.Errorf("the home of a guest shows %+v", card)
		}
	}
	if asked {
		t.Error("the engine was asked on behalf of somebody who may not")
	}
}

func TestSecretsAreNeitherRepeatedNorLoggedNorKept(t *testing.T) {
	const hash = "Administrator:500:aad3b435b51404eeaad3b435b51404ee:31d6cfe0d16ae931b73c59d7e0c089c0:::"
	for _, text := range []string{
		"user " + hash, "log " + hash, "explain " + hash, hash, "usr mwong Winter2026!Rain", "user mwong Winter2026!Rain", "Winter2026!Rain",
		"explain password: Winter2026!Rain", "health Winter2026!Rain", "usr 31d6cfe0d16ae931b73c59d7e0c089c0",
	} {
		kept := &spyState{State: NewMemory(wallClock{})}
		b := setUp(t, engineFunc(func(_ context.Context, q suite.Question) suite.Answer {
			if q.Person != nil {
				t.Errorf("%q was looked up", text)
			}
			return answered(world())
		}), func(c *Config) { c.State = kept })
		card := b.says(t, ann, general, text).last(t).card
		if !strings.HasPrefix(text, "health") && card.Headline != "That may be a secret" {
			t.Errorf("%q is answered with %q", text, card.Headline)
		}
		for _, secret := range []string{"Winter2026", "31d6cfe0d16ae931b73c59d7e0c089c0"} {
			if strings.Contains(document(t, card), secret) {
				t.Errorf("%q is repeated:\n%s", text, card.Text())
			}
			if strings.Contains(b.log.String(), secret) {
				t.Errorf("%q is logged:\n%s", text, b.log)
			}
			if strings.Contains(kept.all, secret) {
				t.Errorf("%q is kept:\n%s", text, kept.all)
			}
		}
	}
}

// spyState remembers everything that it was given.
type spyState struct {
	State
	all string
}

func (s *spyState) Once(ctx context.Context, key string, ttl time.Duration) (bool, error) {
	s.all += key + "\n"
	return s.State.Once(ctx, key, ttl)
}

func (s *spyState) Keep(ctx context.Context, id string, r Record, ttl time.Duration) error {
	s.all += string(r.Value) + "\n"
	return s.State.Keep(ctx, id, r, ttl)
}

func TestLogsNameNobody(t *testing.T) {
	b := setUp(t, always(mia, world), nil)
	b.says(t, ann, general, "user mia.wong@contoso.com")
	b.says(t, guest, general, "user mia.wong@contoso.com")
	for _, name := range []string{"mia", "Mia", "Wong", "contoso", "Example", miaGUID} {
		if strings.Contains(b.log.String(), name) {
			t.Errorf("the log names %q:\n%s", name, b.log)
		}
	}
	if !strings.Contains(b.log.String(), ann) {
		t.Errorf("the log does not say who asked:\n%s", b.log)
	}
}

func TestEachDeliveryIsAnsweredOnce(t *testing.T) {
	b := setUp(t, always(mia, world), nil)
	r := &recorder{}
	req := Request{ID: "one", Actor: Actor{Team: home, User: ann}, Place: Place{Channel: general}, Text: "health"}
	b.bot.Handle(t.Context(), req, r)
	b.clock.advance(10 * time.Minute)
	b.bot.Handle(t.Context(), req, r)
	if r.count() != 1 {
		t.Errorf("a delivery repeated after ten minutes was answered %d times", r.count())
	}
	req.ID = "two"
	b.bot.Handle(t.Context(), req, r)
	if r.count() != 2 {
		t.Errorf("the same question asked again was not answered")
	}
	req.ID = ""
	b.bot.Handle(t.Context(), req, r)
	b.bot.Handle(t.Context(), req, r)
	if r.count() != 3 {
		t.Errorf("two deliveries without an id and the same content were answered %d times", r.count()-2)
	}
}

func TestABrokenStateDoesNotSilenceTheBot(t *testing.T) {
	b := setUp(t, always(mia, world), func(c *Config) { c.State = brokenState{} })
	card := b.says(t, ann, general, "user mia.wong@contoso.com").last(t).card
	if card.Headline != "Synced · The newest password is in Microsoft 365" || len(card.Actions) != 0 || !slices.ContainsFunc(card.Footer, func(s string) bool { return strings.HasPrefix(s, "Buttons are missing") }) {
		t.Errorf("the answer is %+v", card)
	}
	r := b.clicks(t, ann, general, Action{ID: ActionShare, Value: "x"}, nil)
	if got := r.last(t); got.how != "tell" || !strings.Contains(got.card.Text(), "cannot remember") {
		t.Errorf("a click is answered with %+v", got)
	}
}

type brokenState struct{}

var errBroken = errors.New("disk full")

func (brokenState) Once(context.Context, string, time.Duration) (bool, error) {
	return false, errBroken
}
func (brokenState) Release(context.Context, string) error                     { return errBroken }
func (brokenState) Keep(context.Context, string, Record, time.Duration) error { return errBroken }
func (brokenState) Find(context.Context, string) (Record, error)              { return Record{}, errBroken }

func TestPanicsStayInside(t *testing.T) {
	boom := func(context.Context, suite.Question) suite.Answer { panic("CN=Mia Wong") }
	b := setUp(t, engineFunc(boom), nil)
	if card := b.says(t, ann, general, "user mia.wong@contoso.com").last(t).card; card.Tone != ToneDoubt {
		t.Errorf("an engine that breaks down is answered with %+v", card)
	}
	b.bot.Home(t.Context(), Actor{Team: home, User: ann})
	b.cfg.People = nil
	broken := setUp(t, always(mia, world), func(c *Config) { c.People = panicky{} })
	if card := broken.says(t, ann, general, "health").last(t).card; card.Headline != "Something went wrong here" {
		t.Errorf("a look-up that breaks down is answered with %+v", card)
	}
	for _, log := range []string{b.log.String(), broken.log.String()} {
		if strings.Contains(log, "Mia") {
			t.Errorf("the log holds what the panic said:\n%s", log)
		}
	}
}

type panicky struct{}

func (panicky) Person(context.Context, string) (Person, error)    { panic("CN=Mia Wong") }
func (panicky) PersonNow(context.Context, string) (Person, error) { panic("CN=Mia Wong") }

func TestMentions(t *testing.T) {
	var q *identity.Query
	b := setUp(t, engineFunc(func(_ context.Context, x suite.Question) suite.Answer { q = x.Person; return answered(mia()) }), nil)
	b.says(t, bob, general, "user <@"+ann+"|ann>")
	if q == nil || q.Kind != identity.KindUPN || q.Value != "ann@contoso.com" {
		t.Errorf("a mention is asked about as %+v", q)
	}
	for name, id := range map[string]string{"a person without a visible address": bob, "somebody unknown": "U99", "a person whose address is none": odd} {
		q = nil
		card := b.says(t, ann, general, "user <@"+id+">").last(t).card
		if q != nil || !strings.Contains(card.Text(), "sign-in name instead") {
			t.Errorf("%s is answered with %s", name, card.Text())
		}
	}
}

func TestLookingUp(t *testing.T) {
	for _, tc := range []struct {
		name    string
		takes   time.Duration
		notices int
	}{
		{"a quick answer comes without a notice", 1900 * time.Millisecond, 0},
		{"after two seconds the person is told once", 9 * time.Second, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				slow := engineFunc(func(context.Context, suite.Question) suite.Answer { time.Sleep(tc.takes); return answered(mia()) })
				b := setUp(t, slow, nil)
				start := time.Now()
				r := b.says(t, ann, general, "user mia.wong@contoso.com")
				if len(r.said) != tc.notices+1 {
					t.Fatalf("%d cards were shown: %+v", len(r.said), r.said)
				}
				if tc.notices == 1 && (r.said[0].card.Headline != "Looking up …" || r.said[0].at.Sub(start) != 2*time.Second) {
					t.Errorf("the notice is %+v after %s", r.said[0].card, r.said[0].at.Sub(start))
				}
				if r.last(t).card.Tone != ToneGood {
					t.Errorf("the answer is %+v", r.last(t).card)
				}
				time.Sleep(time.Minute)
				if len(r.said) != tc.notices+1 {
					t.Error("something followed the answer")
				}
			})
		})
	}
}

// slowPoster takes a second to show a card, and longer for a notice.
type slowPoster struct{ *recorder }

func (s slowPoster) Tell(ctx context.Context, c Card) error {
	time.Sleep(time.Second)
	if c.Headline == "Looking up …" {
		time.Sleep(5 * time.Second)
	}
	return s.recorder.Tell(ctx, c)
}

func TestNoNoticeFollowsAnAnswer(t *testing.T) {
	for name, takes := range map[string]time.Duration{"the answer is being shown when the notice falls due": 1900 * time.Millisecond, "the notice is being shown when the answer comes": 2100 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := setUp(t, engineFunc(func(context.Context, suite.Question) suite.Answer { time.Sleep(takes); return answered(mia()) }), nil)
				r := slowPoster{&recorder{}}
				b.bot.Handle(t.Context(), Request{ID: "x", Actor: Actor{Team: home, User: ann}, Place: Place{Channel: general}, Text: askMia}, r)
				time.Sleep(time.Minute)
				if r.last(t).card.Tone != ToneGood {
					t.Errorf("the last card is %q of %d", r.last(t).card.Headline, r.count())
				}
			})
		})
	}
}

func TestANoteDoesNotBelittleAFault(t *testing.T) {
	fault := checks.Diagnosis{Result: checks.Result{Check: &checks.Check{ID: "a", Title: "A fault of the server", Scope: checks.ScopeServer}, Status: checks.Fail, Severity: checks.Error}}
	note := checks.Diagnosis{Result: checks.Result{Check: &checks.Check{ID: "b", Tell: "Nothing is wrong.", Scope: checks.ScopeUser}, Status: checks.Fail, Severity: checks.Info}}
	for verdict, want := range map[checks.Verdict]string{checks.Blocked: "has not arrived", checks.Synced: "Nothing is wrong.", checks.CouldNotTell: "not known yet", checks.Waiting: "wait ten minutes"} {
		if got := whatToTell(&checks.Report{Verdict: verdict, Diagnoses: []checks.Diagnosis{fault, note}}); !strings.Contains(got, want) {
			t.Errorf("%s: the caller is told %q", verdict, got)
		}
	}
}

func TestAQuestionEndsInTime(t *testing.T) {
	t.Run("an engine that never answers costs thirty seconds and is said to be late", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, end := context.WithCancel(context.Background())
			b := setUp(t, engineFunc(func(context.Context, suite.Question) suite.Answer { <-ctx.Done(); return suite.Answer{} }), nil)
			for _, text := range []string{"user mia.wong@contoso.com", "health"} {
				start := time.Now()
				card := b.says(t, ann, general, text).last(t).card
				if card.Headline != "Could not tell in time" || time.Since(start) != defaultDeadline+askGrace {
					t.Errorf("%q: %q after %s", text, card.Headline, time.Since(start))
				}
			}
			end()
			synctest.Wait()
		})
	})
	t.Run("what was read when the time is up is still told", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := setUp(t, engineFunc(func(ctx context.Context, _ suite.Question) suite.Answer {
				<-ctx.Done()
				return answered(unreachable(mia()))
			}), nil)
			if card := b.says(t, ann, general, "user mia.wong@contoso.com").last(t).card; card.Headline != "Could not tell · The Connect server does not answer" {
				t.Errorf("the answer is %q", card.Headline)
			}
		})
	})
	t.Run("an engine that hangs is not asked without end", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, end := context.WithCancel(context.Background())
			var calls atomic.Int64
			b := setUp(t, engineFunc(func(context.Context, suite.Question) suite.Answer { calls.Add(1); <-ctx.Done(); return suite.Answer{} }), func(c *Config) {
				c.Limits = Limits{PersonBurst: 1000, Burst: 1000}
			})
			for range questionsAtOnce + 5 {
				b.says(t, ann, general, "user mia.wong@contoso.com")
			}
			if n := calls.Load(); n != questionsAtOnce {
				t.Errorf("the engine was asked %d times", n)
			}
			end()
			synctest.Wait()
		})
	})
}

func TestHealthIsAskedOnceForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		b := setUp(t, engineFunc(func(context.Context, suite.Question) suite.Answer {
			calls++
			time.Sleep(time.Second)
			return answered(world())
		}), nil)
		var all []*recorder
		for i := range 20 {
			r := &recorder{}
			all = append(all, r)
			go b.bot.Handle(t.Context(), Request{ID: string(rune('A' + i)), Actor: Actor{Team: home, User: ann}, Place: Place{Channel: general}, Text: "health"}, r)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		for _, r := range all {
			if r.last(t).card.Tone != ToneGood {
				t.Errorf("an answer is %+v", r.last(t).card)
			}
		}
		if calls != 1 {
			t.Errorf("twenty questions at once asked the engine %d times", calls)
		}
		b.says(t, bob, general, "health")
		if calls != 2 {
			t.Error("a later question was answered from memory although nobody floods")
		}
	})
}
