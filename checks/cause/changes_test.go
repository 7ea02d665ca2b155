package cause_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/cause"
	"pgregory.net/rapid"
)

const anchorA, anchorB = "q83vEjRWeJCrze8SNFZ4kA==", "AAECAwQFBgcICQoLDA0ODw=="

func TestPeopleAreReadLineByLine(t *testing.T) {
	t.Parallel()
	at := time.Date(2025, 10, 12, 7, 41, 22, 0, time.UTC)
	dn := `CN=Doe\, Jane,OU=Staff\, North,DC=example,DC=test`
	cloud := "User_" + guidB
	for _, tt := range []struct {
		policy string
		id     int
		text   string
		want   []checks.PasswordChange
	}{
		{"a request as new builds write it", 656,
			"Password Change Request - Anchor : " + anchorA + ", CloudAnchor: " + cloud + ", Dn : " + dn + ", Change Date : 10/12/2025 07:41:22" + info("X", guidA),
			[]checks.PasswordChange{{Anchor: anchorA, CloudAnchor: cloud, DN: dn, ChangeDate: at}}},
		{"a request as old builds write it", 656,
			"Password Change Request - Anchor: " + anchorA + ", Dn: " + dn + ", Change Date: 10/12/2025 07:41:22",
			[]checks.PasswordChange{{Anchor: anchorA, DN: dn, ChangeDate: at}}},
		{"several requests, one a line", 656,
			"Password Change Request - Anchor : " + anchorA + ", Dn : " + dn + ", Change Date : 10/12/2025 07:41:22\r\nPassword Change Request - Anchor : " + anchorB + ", Dn : CN=B,DC=x, Change Date : 10/12/2025 07:41:22",
			[]checks.PasswordChange{{Anchor: anchorA, DN: dn, ChangeDate: at}, {Anchor: anchorB, DN: "CN=B,DC=x", ChangeDate: at}}},
		{"several requests that a viewer put on one line", 656,
			"Password Change Request - Anchor : " + anchorA + ", Dn : " + dn + ", Change Date : 10/12/2025 07:41:22 Password Change Request - Anchor : " + anchorB + ", Dn : CN=B,DC=x, Change Date : 10/12/2025 07:41:22",
			[]checks.PasswordChange{{Anchor: anchorA, DN: dn, ChangeDate: at}, {Anchor: anchorB, DN: "CN=B,DC=x", ChangeDate: at}}},
		{"a name that imitates a line is one person", 656,
			`Password Change Request - Anchor : ` + anchorA + `, Dn : CN=a\, Change Date : 01/01/2001 00:00:00 Password Change Request - Anchor : evil\, Dn : CN=victim,DC=x, Change Date : 10/12/2025 07:41:22`,
			[]checks.PasswordChange{{Anchor: anchorA, DN: `CN=a\, Change Date : 01/01/2001 00:00:00 Password Change Request - Anchor : evil\, Dn : CN=victim,DC=x`, ChangeDate: at}}},
		{"a broken line does not take the next one along", 656,
			"Password Change Request - Anchor : " + anchorA + ", Dn : CN=cut,DC=\nPassword Change Request - Anchor : " + anchorB + ", Dn : CN=B,DC=x, Change Date : 10/12/2025 07:41:22",
			[]checks.PasswordChange{{Anchor: anchorB, DN: "CN=B,DC=x", ChangeDate: at}}},
		{"an unreadable date costs the date, not the person", 656,
			"Password Change Request - Anchor : " + anchorA + ", Dn : CN=A,DC=x, Change Date : soon",
			[]checks.PasswordChange{{Anchor: anchorA, DN: "CN=A,DC=x"}}},
		{"a result as new builds write it", 657,
			"Password Change Result - Anchor : " + anchorA + ", Dn : " + dn + ", PwdChangeOnLogon=False, Result : Success." + info("X", guidA),
			[]checks.PasswordChange{{Anchor: anchorA, DN: dn, ForceChange: "False", Result: "Success"}}},
		{"a result as old builds write it", 657,
			"Password Change Result - Anchor: " + anchorA + ", Dn: " + dn + ", Result: Failed.",
			[]checks.PasswordChange{{Anchor: anchorA, DN: dn, Result: "Failed"}}},
		{"a result without a name", 657,
			"Password Change Result - Anchor: " + anchorA + ", Result: failed, Extended Error: ",
			[]checks.PasswordChange{{Anchor: anchorA, Result: "failed"}}},
		{"a result with a reason", 657,
			"Password Change Result - Anchor : " + anchorA + ", Dn : CN=A,DC=x, PwdChangeOnLogon=True, Result : Failed, Extended Error: no such\n thing.\nPassword Change Result - Anchor : " + anchorB + ", Dn : CN=B,DC=x, PwdChangeOnLogon=False, Result : Success." + tail,
			[]checks.PasswordChange{{Anchor: anchorA, DN: "CN=A,DC=x", ForceChange: "True", Result: "Failed", Extended: "no such thing"}, {Anchor: anchorB, DN: "CN=B,DC=x", ForceChange: "False", Result: "Success"}}},
		{"retries", 605,
			"The following password changes failed to synchronize and have been scheduled for retry.\r\nDN=" + dn + ", PasswordSyncResultType=NoTargetConnection\r\nDN=CN=B,DC=x, PasswordSyncResultType=Error\r\n",
			[]checks.PasswordChange{{DN: dn, Result: "NoTargetConnection"}, {DN: "CN=B,DC=x", Result: "Error"}}},
		{"filtered people", 620,
			"The following password changes are filtered from synchronization. DN=CN=A,DC=x, PasswordSyncResultType=FilteredByTarget DN=CN=B,DC=x, PasswordSyncResultType=FilteredByTarget",
			[]checks.PasswordChange{{DN: "CN=A,DC=x", Result: "FilteredByTarget"}, {DN: "CN=B,DC=x", Result: "FilteredByTarget"}}},
		{"retries of an early build", 0,
			"The following password changes failed to synchronized and have scheduled for retry.\nDN = CN=A,OU=o,DC=x",
			[]checks.PasswordChange{{DN: "CN=A,OU=o,DC=x"}}},
	} {
		t.Run(tt.policy, func(t *testing.T) {
			t.Parallel()
			e := cause.Read(cause.Raw{ID: tt.id, Source: phs, Text: tt.text})
			if diff := cmp.Diff(tt.want, e.Changes); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// dn draws a distinguished name as AD writes it: commas and other special
// characters inside a value are escaped.
func dn(t *rapid.T) string {
	value := rapid.StringMatching(`[A-Za-zäöü0-9,+"<>;=#: -]{1,20}`)
	escape := strings.NewReplacer(`\`, `\\`, `,`, `\,`, `+`, `\+`, `"`, `\"`, `<`, `\<`, `>`, `\>`, `;`, `\;`, `=`, `\=`)
	var parts []string
	for i := range rapid.IntRange(1, 6).Draw(t, "parts") {
		v := strings.TrimSpace(value.Draw(t, fmt.Sprint("value", i)))
		parts = append(parts, rapid.SampledFrom([]string{"CN", "OU", "DC"}).Draw(t, fmt.Sprint("type", i))+"=x"+escape.Replace(v))
	}
	return strings.Join(parts, ",")
}

func TestANameWithCommasSurvivesTheEvents(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var requests, results strings.Builder
		var want []string
		for range rapid.IntRange(1, 5).Draw(t, "people") {
			name := dn(t)
			want = append(want, name)
			fmt.Fprintf(&requests, "Password Change Request - Anchor : %s, CloudAnchor: User_%s, Dn : %s, Change Date : 10/12/2025 07:41:22\r\n", anchorA, guidA, name)
			fmt.Fprintf(&results, "Password Change Result - Anchor : %s, Dn : %s, PwdChangeOnLogon=False, Result : Success.\r\n", anchorA, name)
		}
		for id, text := range map[int]string{656: requests.String(), 657: results.String()} {
			var got []string
			for _, c := range cause.Read(cause.Raw{ID: id, Source: phs, Text: text + info("X", guidA)}).Changes {
				got = append(got, c.DN)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%d: %s", id, diff)
			}
		}
	})
}

func TestWhiteSpaceChangesNothing(t *testing.T) {
	t.Parallel()
	texts := map[int]string{
		611: cycle611("example.test", rpc("8453", "Replication access was denied")) + info("EXAMPLE.TEST", guidA),
		612: "Failed to initialize synchronization context for domain: a.test. Details: " + thrown("x", "System.DirectoryServices.DirectoryEntry.Bind", "A.DirectoryUtility.GetDomainNamingContextInfo"),
		652: failed652(provision("90")),
		654: "Provision credentials ping end.  TrackingID : " + guidB + info("A.TEST", guidA),
		656: "Password Change Request - Anchor : " + anchorA + ", Dn : CN=A\\, B,DC=x, Change Date : 10/12/2025 07:41:22\r\nPassword Change Request - Anchor : " + anchorB + ", Dn : CN=B,DC=x, Change Date : 10/12/2025 07:41:22",
		657: "Password Change Result - Anchor : " + anchorA + ", Dn : CN=A\\, B,DC=x, PwdChangeOnLogon=True, Result : Failed, Extended Error: why.\r\nPassword Change Result - Anchor : " + anchorB + ", Dn : CN=B,DC=x, PwdChangeOnLogon=False, Result : Success.",
	}
	for id, text := range texts {
		want := cause.Read(cause.Raw{ID: id, Source: phs, Text: text})
		for how, other := range map[string]string{
			"unix lines":     strings.ReplaceAll(text, "\r\n", "\n"),
			"one line":       strings.Join(strings.Fields(text), " "),
			"padding":        " \t\r\n" + text + "\r\n \t",
			"indented lines": strings.ReplaceAll(text, "\n", "\n                "),
		} {
			if diff := cmp.Diff(want, cause.Read(cause.Raw{ID: id, Source: phs, Text: other})); diff != "" {
				t.Errorf("%d, %s: %s", id, how, diff)
			}
		}
	}
}
