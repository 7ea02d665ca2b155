package cause_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/cause"
)

var kebab = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func TestTheTableIsComplete(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range cause.All() {
		switch {
		case !kebab.MatchString(c.ID):
			t.Errorf("%q is not kebab case", c.ID)
		case seen[c.ID]:
			t.Errorf("%q stands twice", c.ID)
		case c.Title == "" || strings.HasSuffix(c.Title, "."):
			t.Errorf("%s has the title %q", c.ID, c.Title)
		case len(c.Next) == 0:
			t.Errorf("%s says nothing to do", c.ID)
		case c.Group == "":
			t.Errorf("%s belongs nowhere", c.ID)
		}
		seen[c.ID] = true
		switch c.Owner {
		case cause.OwnerAD, cause.OwnerNetwork, cause.OwnerConnect, cause.OwnerEntra, cause.OwnerHelpdesk:
		default:
			t.Errorf("%s has the owner %q", c.ID, c.Owner)
		}
		for _, n := range c.Next {
			if n == "" || strings.ContainsAny(n, "*`\n") {
				t.Errorf("%s has the step %q", c.ID, n)
			}
		}
		if c.Check == "" {
			continue
		}
		if _, ok := checks.Lookup(c.Check); !ok {
			t.Errorf("%s is covered by %q, which is no check", c.ID, c.Check)
		}
	}
}

func TestEveryCauseCanBeAskedFor(t *testing.T) {
	t.Parallel()
	for _, c := range cause.All() {
		if f, ok := cause.ExplainWord(c.ID); !ok || f.Cause != c.ID {
			t.Errorf("%s explained as %+v", c.ID, f)
		}
	}
}

func TestEveryCheckCanBeAskedFor(t *testing.T) {
	t.Parallel()
	for _, c := range checks.All() {
		f, ok := cause.ExplainWord(strings.ToUpper(c.ID))
		if !ok || f.Kind != "check" || f.ID != c.ID || f.Check != c.ID || len(f.Next) == 0 || f.Owner == "" {
			t.Errorf("%s explained as %+v", c.ID, f)
		}
	}
}

func TestStatusesAreReadWhateverTheirSpelling(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ word, name, cause string }{
		{"Success", "Success", "status-success"},
		{"filteredbytarget", "FilteredByTarget", "status-filtered-by-target"},
		{"Filtered By Target", "FilteredByTarget", "status-filtered-by-target"},
		{"SOURCECONNECTORNOTPRESENT", "SourceConnectorNotPresent", "status-source-connector-not-present"},
		{"NoTargetConnection", "NoTargetConnection", "status-no-target-connection"},
		{"TargetNotExportedToDirectory", "TargetNotExportedToDirectory", "status-target-not-exported"},
		{"RetryRequestedByTarget", "RetryRequestedByTarget", "status-retry-requested"},
		{"MissingAttribute", "MissingAttribute", "status-missing-attribute"},
		{" Error ", "Error", "status-error"},
		{"Unknown", "Unknown", "status-unknown"},
		{"NoCodeReportedByTarget", "NoCodeReportedByTarget", "status-no-code"},
		{"MigratedCheckDetailsForMoreInfo", "MigratedCheckDetailsForMoreInfo", "status-migrated"},
	} {
		if s, ok := cause.Status(tt.word); !ok || s.Name != tt.name || s.ID != tt.cause {
			t.Errorf("%q read as %+v", tt.word, s)
		}
	}
	for _, word := range []string{"", "Succes", "FilteredByTargets", "Successful"} {
		if s, ok := cause.Status(word); ok {
			t.Errorf("%q read as %+v", word, s)
		}
	}
}

func TestOnlyTheExactSentenceIsAGoodPush(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ answer, want string }{
		{"Password hash is synchronized successfully.", "push-ok"},
		{" password hash is synchronized  successfully ", "push-ok"},
		{"Password hash is synchronized successfully. But then it was not.", ""},
		{"Password hash synchronization has failed. AD connector space object is not synchronized to AAD connector space OR x.", "push-not-synchronized"},
		{"Password hash synchronization has failed. Password is set with user must change password at next logon option.", "push-temporary-password"},
		{"Password hash synchronization has failed due to a server side error. Error code: 7.", "push-server-error"},
		{"Password hash synchronization has failed. Target AAD connector space object has not yet been exported.", "push-not-exported"},
		{"Password hash synchronization has failed. Successfully.", "push-failed"},
		{"Staging mode is enabled. Password hash synchronization does not work when staging mode is enabled.", "push-staging"},
		{"Password hash synchronization is disabled for the connector: a.test", "push-disabled"},
		{"Connector space object with DN x in connector space y is not a user type object. The actual object type is z.", "push-not-a-user"},
		{"Connector with name x was not found.", "push-connector-not-found"},
		{"synchronized", ""},
		{"", ""},
	} {
		if c, ok := cause.Push(tt.answer); c.ID != tt.want || ok != (tt.want != "") {
			t.Errorf("%q read as %q", tt.answer, c.ID)
		}
	}
}

func TestFailuresBelongToOneSide(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		id            string
		group         cause.Group
		upload, cycle bool
	}{
		{"entra-busy", cause.GroupUpload, true, false},
		{"entra-upload-failed", cause.GroupUpload, true, false},
		{"heartbeat-ok", cause.GroupUpload, false, false},
		{"replication-access-denied", cause.GroupCycle, false, true},
		{"rpc-server-unavailable", cause.GroupCycle, false, true},
		{"domain-sync-failed", cause.GroupCycle, false, true},
		{"channel-stopped", cause.GroupChannel, false, false},
		{"no-such-cause", "", false, false},
		{"", "", false, false},
	} {
		if g, u, c := cause.Family(tt.id), cause.UploadFailure(tt.id), cause.CycleFailure(tt.id); g != tt.group || u != tt.upload || c != tt.cycle {
			t.Errorf("%q: group %q, upload %v, cycle %v", tt.id, g, u, c)
		}
	}
}
