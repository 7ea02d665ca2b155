package checks

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestFactJSON(t *testing.T) {
	cases := []struct{ name, in, out, why string }{
		{"a value survives", `{"from":"a","value":false}`, `{"from":"a","value":false}`, ""},
		{"a reason survives", `{"from":"a","missing":"timed out"}`, `{"from":"a","missing":"timed out"}`, "timed out"},
		{"missing wins over a value", `{"from":"a","value":true,"missing":"removed"}`, `{"from":"a","missing":"removed"}`, "removed"},
		{"a null value is not false", `{"from":"a","value":null}`, `{"from":"a","missing":"the fact carries no value"}`, "the fact carries no value"},
		{"neither key is missing", `{"from":"a"}`, `{"from":"a","missing":"the fact carries no value"}`, "the fact carries no value"},
		{"null was never collected", `null`, `{"from":"","missing":"never collected"}`, NeverCollected},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var f Fact[bool]
			if err := json.Unmarshal([]byte(c.in), &f); err != nil {
				t.Fatal(err)
			}
			if f.Why() != c.why {
				t.Errorf("why %q, want %q", f.Why(), c.why)
			}
			got, err := json.Marshal(f)
			if err != nil || string(got) != c.out {
				t.Errorf("got %s (%v), want %s", got, err, c.out)
			}
		})
	}
}

func TestAnEmptyListIsKnown(t *testing.T) {
	raw, err := json.Marshal(Got[[]string]("a", nil))
	if err != nil {
		t.Fatal(err)
	}
	var f Fact[[]string]
	if err := json.Unmarshal(raw, &f); err != nil || !f.Known() {
		t.Errorf("%s came back as %v (%v)", raw, f.Why(), err)
	}
}

func TestAZeroFactIsLeftOut(t *testing.T) {
	got, err := json.Marshal(struct {
		F Fact[int] `json:"f,omitzero"`
	}{})
	if err != nil || string(got) != "{}" {
		t.Errorf("got %s (%v)", got, err)
	}
}

func TestReadFactsRefusesWhatItCannotJudge(t *testing.T) {
	at := `"at":"2026-03-10T09:00:00Z"`
	cases := []struct{ name, in, want string }{
		{"another schema", `{"schema":"pwsync.facts/9",` + at + `}`, `"pwsync.facts/9"`},
		{"no time", `{"schema":"pwsync.facts/1"}`, `"at" is missing`},
		{"a user question without a user", `{"schema":"pwsync.facts/1",` + at + `,"question":{"scope":"user"}}`, `"user" is missing`},
		{"another scope", `{"schema":"pwsync.facts/1",` + at + `,"question":{"scope":"all"}}`, "neither health nor user"},
		{"two documents", `{"schema":"pwsync.facts/1",` + at + `,"question":{"scope":"health"}} {}`, "more than one document"},
		{"not JSON", `hello`, "read facts"},
		{"a value of the wrong type", `{"schema":"pwsync.facts/1","tenant":{"organization":{"from":"graph","value":7}}}`, "graph"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := ReadFacts(strings.NewReader(c.in))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

func TestAgeReadsLikeAPerson(t *testing.T) {
	for d, want := range map[time.Duration]string{
		time.Second: "1 second", 90 * time.Second: "1 minute", 5 * time.Minute: "5 minutes", 119 * time.Minute: "119 minutes",
		3 * time.Hour: "3 hours", 49 * time.Hour: "2 days", -4 * time.Minute: "4 minutes",
	} {
		if got := Age(d); got != want {
			t.Errorf("Age(%s) = %q, want %q", d, got, want)
		}
	}
}

func TestSubjects(t *testing.T) {
	s := UserSubject("Contoso.com", "EMEA.contoso.com", "a/b@c%d")
	if want := Subject("tenant/forest:contoso.com/domain:emea.contoso.com/user:a%2Fb%40c%25d"); s != want {
		t.Fatalf("got %s, want %s", s, want)
	}
	if got := s.Part("user"); got != "a/b@c%d" {
		t.Errorf("user part %q", got)
	}
	if !ForestSubject("contoso.com").Covers(s) || ForestSubject("contoso.co").Covers(s) || s.Covers(TenantSubject) {
		t.Error("covering is wrong")
	}
	if got := DomainSubject("contoso.com", "emea.contoso.com").Label(); got != "domain emea.contoso.com" {
		t.Errorf("label %q", got)
	}
}

func TestVersionsCompareByNumber(t *testing.T) {
	for _, c := range []struct {
		have, limit string
		below       bool
	}{
		{"2.5.9.0", "2.5.79.0", true}, {"2.5.190.0", "2.5.79.0", false}, {"2.5.79.0", "2.5.79.0", false}, {"1.6", "2.0.3.0", true}, {"nonsense", "2.0.3.0", false},
	} {
		if got := versionBelow(c.have, c.limit); got != c.below {
			t.Errorf("versionBelow(%s, %s) = %v", c.have, c.limit, got)
		}
	}
}
