package adsync

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/suite"
)

func TestAPersonsReplyBecomesTheChain(t *testing.T) {
	view := decodeUser(replyWith(t, compact(t, "user.json")))
	same(t, checks.CSObject{
		Found: true, ID: "55555555-aaaa-4000-8000-000000000001", DN: `CN=Okafor\, Ngozi,OU=Staff,DC=north,DC=example`,
		Connector: "north.example", Type: "user", Joined: true, MVID: "66666666-aaaa-4000-8000-000000000001",
		Lineage: []checks.Lineage{
			{RuleID: "44444444-aaaa-4000-8000-000000000001", Rule: "In from AD - User AccountEnabled", Operation: "Join", PasswordSync: true},
			{RuleID: "44444444-aaaa-4000-8000-00000000dead", Rule: "In from AD - removed last year", Operation: "Join", RuleGone: true},
		},
	}, view.ADCS)
	same(t, checks.MVObject{
		Found: true, ID: "66666666-aaaa-4000-8000-000000000001",
		Attributes: map[string]string{"accountEnabled": "True", "domainFQDN": "north.example", "sourceObjectType": "User"},
		Linked:     []string{"11111111-aaaa-4000-8000-000000000001", checks.EntraConnectorID},
	}, view.MV)
	entra := value(t, view.EntraCS)
	if l := entra.Lineage[0]; l.PasswordSync || l.RuleGone {
		t.Errorf("a rule that is switched off synchronizes no password: %+v", l)
	}
	want := &checks.CSError{Name: "AttributeValueMustBeUnique", Type: "sync-rule-error", Code: "114", Detail: "Another object has this value.",
		Since: fixtureNow.Add(-24 * time.Hour), Last: fixtureNow.Add(-30 * time.Minute), Retries: 3}
	if diff := cmp.Diff(want, entra.ExportError); diff != "" || entra.SyncError != nil {
		t.Errorf("%s sync error %v", diff, entra.SyncError)
	}
	same(t, []checks.LogEntry{
		{Status: "Success", At: fixtureNow.Add(-10 * time.Minute)},
		{Status: "FilteredByTarget", At: fixtureNow.Add(-23 * time.Hour)},
	}, view.Log)
}

func TestAPersonsAbsenceAndIgnoranceAreDifferentThings(t *testing.T) {
	null := json.RawMessage("null")
	adcs := func(v suite.UserView) (bool, bool, string) {
		c, ok := v.ADCS.Get()
		return ok, c.Found, v.ADCS.Why()
	}
	mv := func(v suite.UserView) (bool, bool, string) {
		c, ok := v.MV.Get()
		return ok, c.Found, v.MV.Why()
	}
	log := func(v suite.UserView) (bool, bool, string) {
		l, ok := v.Log.Get()
		return ok, len(l) > 0, v.Log.Why()
	}
	tests := []struct {
		name         string
		path         string
		value        any
		read         func(suite.UserView) (known, found bool, why string)
		known, found bool
		why          string
	}{
		{"null says that there is no such object", "adCs", null, adcs, true, false, ""},
		{"a key that is not there says nothing", "adCs", nil, adcs, false, false, "did not answer with adCs"},
		{"a wrong type says nothing", "adCs", []any{1}, adcs, false, false, "not an object"},
		{"an object that is not said to be joined says nothing", "adCs|isConnector", nil, adcs, false, false, `"isConnector" is missing`},
		{"a joined object without lineage says nothing", "adCs|lineage", null, adcs, false, false, `"lineage" is missing`},
		{"without the rules behind it the lineage says nothing", "ruleFlags", nil, adcs, false, false, "the rules behind it are not known"},
		{"a rule without its flag says nothing", "ruleFlags|0|enablePasswordSync", nil, adcs, false, false, `"enablePasswordSync" is missing`},
		{"without the rules the metaverse is known all the same", "ruleFlags", nil, mv, true, true, ""},
		{"a person who is not joined has no metaverse object", "mv", null, mv, true, false, ""},
		{"a metaverse object without its links says nothing", "mv|lineage", nil, mv, false, false, `"lineage" is missing`},
		{"a metaverse object without its attributes says nothing", "mv|attributes", nil, mv, false, false, `"attributes" is missing`},
		{"an empty log is a log", "log", []any{}, log, true, false, ""},
		{"a log that is null says nothing", "log", null, log, false, false, "it is empty"},
		{"a log entry without status says nothing", "log|0|status", nil, log, false, false, `"status" is missing`},
		{"a log entry of another kind is left out", "log|1|type", "Other", log, true, true, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			known, found, why := tt.read(decodeUser(replyWith(t, changed(t, "user.json", tt.path, tt.value))))
			if known != tt.known || found != tt.found {
				t.Errorf("known %v, found %v, missing because %q", known, found, why)
			}
			contains(t, "reason", why, tt.why)
		})
	}
}
