package estate

import (
	"strings"
	"testing"
	"time"
)

// failures lists the 611 of a domain since passwords were last read from it.
func failures(t *testing.T, e *Estate, domain string) []string {
	t.Helper()
	log, err := e.Events(ActiveHost, stateOf(t, e, domain).SuccessEnd, maxEvents, func(_ string, id int) bool { return id == 611 })
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, ev := range log.Events {
		if strings.Contains(ev.Text, "domain: "+domain+",") {
			out = append(out, ev.Text)
		}
	}
	return out
}

func TestNoErrorOfAnEarlierFaultStandsBesideTheNextOne(t *testing.T) {
	const (
		denied   = "RPC Error 8453"
		outbound = "RPC Error 8456"
	)
	e, c := start(t)
	for _, step := range []struct{ id, want, not string }{
		{"replication-rights-missing", denied, outbound},
		{"cycle-failing", outbound, denied},
		{"replication-rights-missing", denied, outbound},
	} {
		set(t, e, []string{step.id}, nil)
		for _, wait := range []time.Duration{7 * time.Second, 2 * time.Minute, 20 * time.Minute} {
			advance(t, c, wait)
			got := failures(t, e, "contoso.com")
			if len(got) < 20 {
				t.Errorf("%s left %d errors only", step.id, len(got))
			}
			for _, text := range got {
				if !strings.Contains(text, step.want) || strings.Contains(text, step.not) {
					t.Fatalf("%s is on and the log says %s", step.id, text)
				}
			}
			if age := c.Now().Sub(newest(t, e, ActiveHost, 611).Time); age > cycleEvery+time.Second {
				t.Errorf("the newest error of %s is %v old", step.id, age)
			}
		}
		set(t, e, nil, []string{step.id})
		if got := failures(t, e, "contoso.com"); len(got) > 0 {
			t.Errorf("%s is off, and since the last success there is %q", step.id, got[0])
		}
		advance(t, c, 7*time.Second)
	}
}

func TestAFaultTakesNothingBackThatHappenedElsewhereOrBefore(t *testing.T) {
	tenant := "phs-feature-off"
	for _, c := range []struct {
		name, old, next string
		after           time.Duration
		stays           bool
	}{
		{"in the same domain, within the hours it is told of", "cycle-failing", "replication-rights-missing", time.Minute, false},
		{"in the same domain, long before", "cycle-failing", "replication-rights-missing", 2 * time.Hour, true},
		{"in another domain", "cycle-failing@fabrikam.com", "cycle-failing@emea.contoso.com", time.Minute, true},
		{"in a domain of another forest", "cycle-failing@fabrikam.com", "channel-stopped@contoso.com", time.Minute, true},
		{"in a domain of the same forest", "cycle-failing@emea.contoso.com", "channel-stopped@contoso.com", time.Minute, false},
		{"on another server", "adsync-service-stopped@connect02", "fips-blocks-md5@connect01", time.Minute, true},
		{"on a server, for the tenant", "fips-blocks-md5", tenant, time.Minute, false},
		{"in a domain, for a person", "cycle-failing", "hash-stale", time.Minute, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, clock := start(t)
			set(t, e, []string{c.old}, nil)
			advance(t, clock, time.Minute)
			set(t, e, nil, []string{c.old})
			advance(t, clock, c.after)
			set(t, e, []string{c.next}, nil)
			if stays := len(e.intervals) == 2; stays != c.stays {
				t.Errorf("the earlier fault stays in the history: %t", stays)
			}
		})
	}
}

func TestAFaultThatEndsBesideAnotherLeavesTheOtherAlone(t *testing.T) {
	e, c := start(t)
	set(t, e, []string{"replication-rights-missing", "cycle-failing"}, nil)
	advance(t, c, 5*time.Minute)
	set(t, e, nil, []string{"replication-rights-missing"})
	for _, text := range failures(t, e, "contoso.com") {
		if strings.Contains(text, "8453") {
			t.Fatalf("what is over is still told of: %s", text)
		}
	}
	if n := len(failures(t, e, "contoso.com")); n < 20 {
		t.Errorf("%d errors of the fault that stays", n)
	}
}
