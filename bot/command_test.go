package bot

import (
	"strings"
	"testing"
	"time"

	"github.com/pwsync/pwsync/checks"
)

func TestTheCommandTableIsComplete(t *testing.T) {
	names := map[string]bool{}
	for _, c := range Commands() {
		if c.Name == "" || c.Example == "" || c.Summary == "" || c.Role == 0 || c.run == nil {
			t.Errorf("the entry %+v lacks something", c.Name)
		}
		if names[c.Name] || strings.ToLower(c.Name) != c.Name || strings.ContainsFunc(c.Name, blank) {
			t.Errorf("the name %q is taken or not a word", c.Name)
		}
		names[c.Name] = true
		if got, _, ok := parse(c.Example); !ok || got.Name != c.Name {
			t.Errorf("the example %q is read as %q", c.Example, got.Name)
		}
		if strings.Contains(c.Usage+c.Example, "--") {
			t.Errorf("%q has a flag: phones turn two dashes into one", c.Name)
		}
	}
}

func TestParse(t *testing.T) {
	for _, tc := range []struct{ text, name, rest string }{
		{"", "help", ""},
		{"user CN=Wong\\, Mia,OU=A  B,DC=contoso,DC=com ", "user", "CN=Wong\\, Mia,OU=A  B,DC=contoso,DC=com"},
		{"USER mia", "user", "mia"},
		{"`user` mia", "user", "mia"},
		{"\u00a0user\u00a0mia", "user", "mia"},
		{"explain\nLog Name: Application\n", "explain", "Log Name: Application"},
		{"health:", "health", ""},
	} {
		c, rest, ok := parse(tc.text)
		if !ok || c.Name != tc.name || rest != tc.rest {
			t.Errorf("parse(%q) = %q, %q, %t", tc.text, c.Name, rest, ok)
		}
	}
	if _, _, ok := parse("frobnicate"); ok {
		t.Error("an unknown word is a command")
	}
}

func TestPlainDecodesOnce(t *testing.T) {
	for in, want := range map[string]string{
		"<http://contoso.com|contoso.com>":     "contoso.com",
		"<https://contoso.com>":                "https://contoso.com",
		"<mailto:mia@contoso.com|mia@c.com>":   "mia@c.com",
		"<mailto:mia@contoso.com>":             "mia@contoso.com",
		"&lt;forest-info&gt; &amp;lt; a &amp;": "<forest-info> &lt; a &",
		"a < b > c":                            "a < b > c",
		"<unclosed":                            "<unclosed",
		"<a<http://x|y>":                       "<ay",
		"tail <":                               "tail <",
	} {
		if got := plain(in); got != want {
			t.Errorf("plain(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestStatusTellsTheHeartbeat(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(*checks.Facts)
		says   []string
		never  string
	}{
		{"a heartbeat of another connector is none", func(f *checks.Facts) {
			f.Servers[0].Uploads = checks.Got("w", events(beat(0, contosoID)))
		}, []string{"✗ Heartbeat: none found in the last 3 hours"}, ""},
		{"a connector's id matches in whole and without regard to case", func(f *checks.Facts) {
			f.Servers[0].Uploads = checks.Got("w", events(beat(0, strings.ToUpper(contosoID)), beat(0, fabrikamID)))
		}, nil, "none found"},
		{"an old heartbeat is none", func(f *checks.Facts) {
			f.Servers[0].Uploads = checks.Got("w", events(beat(4*60*60*1e9, contosoID), beat(0, fabrikamID)))
		}, []string{"✗ Heartbeat: none found in the last 3 hours"}, ""},
		{"a busy connector needs no heartbeat", func(f *checks.Facts) {
			busy := checks.Event{ID: 651, Time: ago(60 * 1e9), Cause: "upload-ended", Connectors: []string{contosoID}}
			f.Servers[0].Uploads = checks.Got("w", events(busy, beat(0, fabrikamID)))
		}, []string{"✓ Heartbeat: none found in the last 3 hours, because it is busy"}, "✗"},
		{"a short event log proves no absence", func(f *checks.Facts) {
			log := events(beat(0, fabrikamID))
			log.Oldest = ago(20 * 60 * 1e9)
			f.Servers[0].Uploads = checks.Got("w", log)
		}, []string{"? Heartbeat: none found", "the event log reaches back only to"}, "✗"},
		{"no Entra connector is a warning", func(f *checks.Facts) {
			setConnectors(f, func(l []checks.Connector) []checks.Connector { return l[1:] })
		}, []string{"Warning: there is no Microsoft Entra connector"}, ""},
		{"two Entra connectors are a warning", func(f *checks.Facts) {
			setConnectors(f, func(l []checks.Connector) []checks.Connector { return append(l, l[0]) })
		}, []string{"Warning: there are 2 Microsoft Entra connectors"}, ""},
		{"no Active Directory connector is a warning", func(f *checks.Facts) {
			setConnectors(f, func(l []checks.Connector) []checks.Connector { return l[:1] })
		}, []string{"Warning: there is no Active Directory connector"}, ""},
		{"a tenant feature that is off is said loudly", func(f *checks.Facts) {
			f.Servers[0].CompanyFeature = checks.Got("w", checks.CompanyFeature{})
		}, []string{"OFF for the whole tenant"}, ""},
		{"without an active server the first one is shown, and it is said", func(f *checks.Facts) { f.Servers[0].Role = checks.RoleStaging }, []string{"Warning: no server is configured as the active one", "Channel: on"}, ""},
		{"without any server there is nothing to show", func(f *checks.Facts) { f.Servers = nil }, []string{"No Connect server is configured"}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := world()
			tc.change(f)
			text := statusCard(answered(f), "now", "/pwsync").Text()
			for _, want := range tc.says {
				if !strings.Contains(text, want) {
					t.Errorf("it does not say %q:\n%s", want, text)
				}
			}
			if tc.never != "" && strings.Contains(text, tc.never) {
				t.Errorf("it says %q:\n%s", tc.never, text)
			}
		})
	}
}

func TestTheHeadOfStatusIsAsGraveAsItsWorstLine(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*checks.Facts)
		want   Tone
	}{
		"all well":              {func(*checks.Facts) {}, TonePlain},
		"a channel that is off": {func(f *checks.Facts) { channelOff(f) }, ToneBad},
		"a heartbeat missing":   {func(f *checks.Facts) { f.Servers[0].Uploads = checks.Got("w", events(beat(0, contosoID))) }, ToneBad},
		"a feature that is off": {func(f *checks.Facts) { f.Servers[0].CompanyFeature = checks.Got("w", checks.CompanyFeature{}) }, ToneBad},
		"no active server":      {func(f *checks.Facts) { f.Servers[0].Role = checks.RoleStaging }, ToneWarn},
		"heartbeats not known":  {func(f *checks.Facts) { f.Servers[0].Uploads = checks.Missing[checks.EventLog]("w", "denied") }, ToneDoubt},
		"a server not reached":  {func(f *checks.Facts) { unreachable(f) }, ToneBad},
	} {
		f := world()
		tc.change(f)
		if got := statusCard(answered(f), "now", "/pwsync").Tone; got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}

func TestATicketNamesNoZoneThatIsUTC(t *testing.T) {
	for zone, want := range map[string]string{
		"UTC": "2026-03-10 09:30 UTC", "Europe/London": "2026-03-10 09:30 UTC", "Atlantic/Reykjavik": "2026-03-10 09:30 UTC",
		"Europe/Berlin": "2026-03-10 09:30 UTC (2026-03-10 10:30 +01:00 Europe/Berlin)",
	} {
		if got := bothTimes(at, zoneOf(zone)); got != want {
			t.Errorf("%s: %q, want %q", zone, got, want)
		}
	}
}

func TestNowIsSaidAsPeopleDo(t *testing.T) {
	for age, want := range map[time.Duration]string{0: "just now", 10 * time.Second: "10 seconds ago"} {
		if got := stampAge(at, at.Add(-age)); got != "2026-03-10 09:"+at.Add(-age).Format("04")+" UTC, "+want {
			t.Errorf("%s: %q", age, got)
		}
	}
}

func TestOpenNamesInStepsAreSaid(t *testing.T) {
	s := stepsSection([]checks.Step{{Text: "Sign in.", Where: "on <server>"}}, 6)
	if s.Steps[0].Where != "on the Connect server" || len(s.Lines) != 0 {
		t.Errorf("a step on the server is %+v", s)
	}
	s = stepsSection([]checks.Step{{Text: "Run it.", Command: "Get-Thing '<connector>'"}}, 6)
	if len(s.Lines) != 1 || s.Lines[0].Text() != "Names in angle brackets are to be filled in." {
		t.Errorf("a step with an open name is %+v", s)
	}
}

func TestNewNamesWhatIsMissing(t *testing.T) {
	_, err := New(Config{})
	for _, part := range []string{"engine", "people", "channels", "state", "clock"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("the error does not name the %s: %v", part, err)
		}
	}
}
