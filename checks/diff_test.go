package checks

import (
	"testing"
	"time"
)

func TestDiff(t *testing.T) {
	healthy := Answer(healthyFacts())
	with := func(change func(*Facts)) *Report {
		f := healthyFacts()
		change(f)
		return Answer(f)
	}
	late := with(func(f *Facts) { uploads(f, event(654, "heartbeat-ok", 90*time.Minute, testConnector)) })
	dead := with(func(f *Facts) { uploads(f, event(654, "heartbeat-ok", 4*time.Hour, testConnector)) })
	blind := with(func(f *Facts) { f.Servers[0].Uploads = Missing[EventLog]("w", "access denied") })
	gone := with(func(f *Facts) {
		edit(&f.Servers[0].Connectors, func(l *[]Connector) { *l = (*l)[1:] })
	})
	cases := []struct {
		name          string
		before, after *Report
		want          ChangeKind
	}{
		{"a new failure has appeared", healthy, late, Appeared},
		{"a graver failure has worsened", late, dead, Worsened},
		{"a milder failure has eased", dead, late, Eased},
		{"an explicit pass clears", dead, healthy, Cleared},
		{"not being able to look clears nothing", dead, blind, Lost},
		{"absence clears nothing", dead, gone, Lost},
		{"what passed and cannot be seen is hidden", healthy, blind, Hidden},
		{"what can be seen again is found", blind, healthy, Found},
		{"nothing changed", dead, dead, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got ChangeKind
			for _, x := range Diff(c.before, c.after) {
				if x.Check.ID == "heartbeat-missing" && x.Subject == ForestSubject("corp.example") {
					got = x.Kind
				}
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
