package bot

import (
	"context"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/suite"
)

// evil are texts that a directory, an event log or a person may hold.
var evil = []string{
	"", " ", "Mia Wong", "<!channel>", "<@U123>", "<https://evil.example|Reset here>", "*bold* _it_ `code` ```", "&amp;lt;", "line\nbreak\r\nand\ttab",
	"\u202egnoW aiM", "zero\u200bwidth\u200d\ufeff", "\x00\x1b[31mred", "a\xff\xfe\x80b", "\u2028\u2029", strings.Repeat("very long ", 1000),
	strings.Repeat("é\u0301", 5000), "=HYPERLINK(\"x\")", "CN=a\\,b+c=d,DC=\\#x", "'; Stop-Service ADSync; '", "\U0001F600", "Not checked: ", " Not checked: x",
}

var anyText = rapid.OneOf(rapid.SampledFrom(evil), rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }))

// defaced replaces what comes from outside by arbitrary texts.
func defaced(t *rapid.T, f *checks.Facts) *checks.Facts {
	txt := func() string { return anyText.Draw(t, "text") }
	from := txt()
	setConnectors(f, func(list []checks.Connector) []checks.Connector {
		for i := range list {
			list[i].Name = txt()
			for j := range list[i].Partitions {
				list[i].Partitions[j].NetBIOS = txt()
				list[i].Partitions[j].Name = txt()
			}
			list[i].Channel = checks.Got(from, checks.Channel{Configured: rapid.Bool().Draw(t, "configured"), Enabled: rapid.Bool().Draw(t, "enabled"), Source: txt(), Target: txt()})
		}
		return list
	})
	s := &f.Servers[0]
	s.Host, s.Version = txt(), checks.Got(from, txt())
	if rapid.Bool().Draw(t, "service unknown") {
		s.Service = checks.Missing[checks.Service](from, txt())
	}
	s.Events = checks.Got(from, events(checks.Event{ID: 611, Time: ago(time.Minute), Cause: "domain-sync-failed", Code: txt(), Domain: txt(), DC: txt(), Detail: txt()}))
	if f.User == nil {
		return f
	}
	f.Question.Said, f.Question.Input = txt(), txt()
	f.User.Person.Name, f.User.Person.UPN, f.User.Person.SAM, f.User.Person.DN, f.User.Person.Domain = txt(), txt(), txt(), txt(), txt()
	f.User.Log = checks.Got(from, []checks.LogEntry{{Status: txt(), At: ago(time.Hour), Detail: txt()}, {Status: "Error", At: ago(5 * time.Hour), Detail: txt()}})
	switch rapid.IntRange(0, 3).Draw(t, "found") {
	case 0:
		f.User.Person = checks.Person{}
		f.User.Resolution = checks.Got(from, checks.Resolution{Nearest: []string{txt(), txt()}, Slip: txt(), Mend: txt()})
	case 1:
		f.User.Person = checks.Person{}
		f.User.Resolution = checks.Got(from, checks.Resolution{Matches: 2, Candidates: []checks.Candidate{
			{Person: checks.Person{UPN: txt(), Name: txt(), Domain: txt(), DN: txt()}, OU: txt()}, {Person: checks.Person{SAM: txt(), GUID: txt()}, Enabled: true},
		}})
	case 2:
		f.User.Person = checks.Person{}
		f.User.Resolution = checks.Missing[checks.Resolution](from, txt())
	}
	return f
}

// sound reports what is wrong with a card, whatever was put into it.
func sound(c Card) string {
	text := c.Text()
	switch {
	case !utf8.ValidString(text):
		return "the text is not valid UTF-8"
	case utf8.RuneCountInString(text) > TextLimit:
		return "the text is too long"
	case strings.TrimSpace(text) == "" || strings.TrimSpace(c.Headline) == "":
		return "the card says nothing"
	case strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) }):
		return "the text holds characters that are not seen"
	case len(c.Actions) > 5 || len(c.Choices) > 5 || len(c.Fields) > 10 || len(c.Sections) > 16:
		return "the card has too many parts"
	}
	ids := map[string]bool{}
	primary := 0
	check := func(a Action) string {
		if ids[a.ID] {
			return "two buttons have the id " + a.ID
		}
		ids[a.ID] = true
		if a.Style == StylePrimary {
			primary++
		}
		switch {
		case len(a.Value) > 64:
			return "the value of a button is not an opaque id"
		case utf8.RuneCountInString(a.Label) > 30 || utf8.RuneCountInString(a.Accessibility) > 75:
			return "the label of a button is too long"
		}
		return ""
	}
	for _, a := range c.Actions {
		if wrong := check(a); wrong != "" {
			return wrong
		}
	}
	for _, x := range c.Choices {
		if wrong := check(x.Action); wrong != "" {
			return wrong
		}
	}
	for _, s := range c.Sections {
		if n := len(s.Lines); n > 25 {
			return "a section has too many lines"
		}
		for _, l := range s.Lines {
			for _, span := range l {
				if utf8.RuneCountInString(span.Text) > evidenceRunes || span.URL != "" && !strings.HasPrefix(span.URL, "https://learn.microsoft.com/") {
					return "a span is too long, or leads somewhere else"
				}
			}
		}
	}
	if primary > 1 {
		return "two buttons are primary"
	}
	return ""
}

func TestAnyDataMakesASoundCard(t *testing.T) {
	setup := setUp(t, always(mia, world), func(c *Config) { c.Limits = Limits{PersonBurst: 1 << 30, Burst: 1 << 30} })
	rapid.Check(t, func(rt *rapid.T) {
		command := rapid.SampledFrom([]string{askMia, "health", "health contoso.com", "status", "log mwong"}).Draw(rt, "command")
		person, estate := defaced(rt, mia()), defaced(rt, world())
		setup.bot.cfg.Engine = engineFunc(func(_ context.Context, q suite.Question) suite.Answer {
			if q.Person != nil {
				return answered(person)
			}
			return answered(estate)
		})
		card := setup.says(t, ann, general, command).last(t).card
		if wrong := sound(card); wrong != "" {
			rt.Fatalf("%s: %s\n%s", command, wrong, card.Text())
		}
		for _, a := range card.Actions {
			if got := setup.clicks(t, ann, general, a, nil).last(t).card; sound(got) != "" {
				rt.Fatalf("%s, %s: %s\n%s", command, a.Label, sound(got), got.Text())
			}
		}
		if wrong := sound(setup.bot.Home(t.Context(), Actor{Team: home, User: ann})); wrong != "" {
			rt.Fatalf("home: %s", wrong)
		}
	})
}

func TestTextIsCutVisibly(t *testing.T) {
	c := Card{Headline: "x", Lead: []string{strings.Repeat("é", 5000)}, Footer: []string{"Facts from now"}}
	text := c.Text()
	if n := utf8.RuneCountInString(text); n > TextLimit || !strings.Contains(text, "more characters)") || !strings.HasSuffix(text, "\nFacts from now") {
		t.Errorf("%d characters end in %q", n, text[len(text)-60:])
	}
}

func FuzzHandle(f *testing.F) {
	for _, s := range evil {
		f.Add("user " + s)
		f.Add("explain " + s)
		f.Add(s)
	}
	f.Add("health <http://contoso.com|contoso.com>")
	f.Add("explain event 611 &lt;forest-info&gt;")
	f.Fuzz(func(t *testing.T, text string) {
		b := setUp(t, always(mia, world), nil)
		r := b.says(t, ann, general, text)
		if r.count() != 1 {
			t.Fatalf("%d cards for one command", r.count())
		}
		if wrong := sound(r.last(t).card); wrong != "" {
			t.Fatalf("%s\n%s", wrong, r.last(t).card.Text())
		}
		if strings.Contains(b.log.String(), "broke down") {
			t.Fatalf("a handler broke down: %s", b.log)
		}
	})
}
