package cause_test

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/pwsync/pwsync/checks/cause"
)

// said lists findings as "kind id cause check".
func said(x cause.Explanation) []string {
	var got []string
	for _, f := range x.Findings {
		got = append(got, strings.TrimSpace(f.Kind+" "+f.ID+" "+f.Cause+" "+f.Check))
	}
	return got
}

func explain(t *testing.T, text string) cause.Explanation {
	t.Helper()
	x, err := cause.Explain(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return x
}

const (
	denied   = "event 611 replication-access-denied replication-rights-missing"
	phsOff   = "event 652 entra-phs-not-activated phs-feature-off"
	beat     = "event 654 heartbeat-ok"
	rpcDown  = "event 611 rpc-server-unavailable domain-rpc-unreachable"
	cred     = "code AADSTS50126 entra-credential-rejected entra-credential-rejected"
	filtered = "status FilteredByTarget status-filtered-by-target temporary-password"
)

func TestWordsAreLookedUp(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		policy, text string
		want         []string
	}{
		{"a number is an event", "611", []string{"event 611 domain-sync-failed cycle-failing"}},
		{"with anything around it", "  #654.\n", []string{beat}},
		{"a number that is no event is a code", "8453", []string{"code 8453 replication-access-denied replication-rights-missing"}},
		{"1722", "1722", []string{"code 1722 rpc-server-unavailable domain-rpc-unreachable"}},
		{"hexadecimal", "0x6BA", []string{"code 1722 rpc-server-unavailable domain-rpc-unreachable"}},
		{"an HRESULT", "0x8007052E", []string{"code 1326 connector-account-bind-failed connector-account-rejected"}},
		{"an HRESULT as a signed number", "-2147023570", []string{"code 1326 connector-account-bind-failed connector-account-rejected"}},
		{"a symbol", "ERROR_DS_DRA_ACCESS_DENIED", []string{"code 8453 replication-access-denied replication-rights-missing"}},
		{"a number of the sign-in service", "aadsts50126", []string{cred}},
		{"any number of the sign-in service", "AADSTS999999", []string{"code AADSTS999999 entra-sign-in-failed entra-credential-rejected"}},
		{"a person's sign-in code", "50126", []string{"code 50126 sign-in-wrong-password sign-in-fails-elsewhere"}},
		{"another", "53003", []string{"code 53003 sign-in-blocked-by-policy sign-in-fails-elsewhere"}},
		{"a code of the provisioning service", "90", []string{"code 90 entra-phs-not-activated phs-feature-off"}},
		{"a code as events carry it", "rpc:8456", []string{"code 8456 replication-source-disabled cycle-failing"}},
		{"a status", "FilteredByTarget", []string{filtered}},
		{"a status in any spelling", "filtered by target", []string{filtered}},
		{"an everyday status, alone", "unknown", []string{"status Unknown status-unknown last-attempt-failed"}},
		{"a check", "staging-mode", []string{"check staging-mode staging-mode staging-mode"}},
		{"a check in words", "Staging Mode", []string{"check staging-mode staging-mode staging-mode"}},
		{"a one-word check", "waiting", []string{"check waiting waiting waiting"}},
		{"a run result", "no-start-credentials", []string{"status no-start-credentials run-no-start-credentials connector-account-rejected"}},
		{"the deletion threshold", "stopped-deletion-threshold-exceeded", []string{"status stopped-deletion-threshold-exceeded run-stopped-deletion-threshold export-deletion-threshold"}},
		{"an export error", "AttributeValueMustBeUnique", []string{"code AttributeValueMustBeUnique export-duplicate-value export-error"}},
		{"a cause", "rpc-server-unavailable", []string{"code rpc-server-unavailable rpc-server-unavailable domain-rpc-unreachable"}},
		{"several words", "611, AADSTS50126 FilteredByTarget", []string{"event 611 domain-sync-failed cycle-failing", cred, filtered}},
		{"a number called a code is a code first", "what is error code 115?", []string{"code 115 entra-cloud-only-user last-attempt-failed"}},
		{"a number called an event is an event", "event 115", []string{"event 115 entra-access-denied entra-access-denied"}},
		{"the tool's traces", "2004", []string{"event 2004 diagnostics-tool-trace"}},
		{"unknown words", "purple monkeys", nil},
		{"an unknown number", "123456", nil},
		{"an absurd number", "99999999999999999999", nil},
		{"nothing", " \n", nil},
	} {
		t.Run(tt.policy, func(t *testing.T) {
			t.Parallel()
			x := explain(t, tt.text)
			if diff := cmp.Diff(tt.want, said(x)); diff != "" {
				t.Error(diff)
			}
			if x.Recognised != (len(tt.want) > 0) || x.Schema != cause.Schema {
				t.Errorf("%+v", x)
			}
		})
	}
}

func TestPastesAreUnderstood(t *testing.T) {
	t.Parallel()
	c8453 := cycle611("example.test", rpc("8453", "Replication access was denied"))
	c1722 := cycle611("b.test", rpc("1722", "The RPC server is unavailable"))
	off := failed652(provision("90"))
	ping := "Provision credentials ping end.  TrackingID : " + guidB + info("A.TEST", guidA)
	flat := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	for _, tt := range []struct {
		policy, text string
		want         []string
	}{
		{"as Event Viewer copies it", viewer("611", phs, c8453), []string{denied}},
		{"on one line", flat(viewer("611", phs, c8453)), []string{denied}},
		{"two copies in one paste", viewer("611", phs, c8453) + "\r\n" + viewer("654", phs, ping), []string{denied, beat}},
		{"two copies on one line", flat(viewer("652", phs, off)) + " " + flat(viewer("611", phs, c1722)), []string{phsOff, rpcDown}},
		{"German labels", "Protokollname: Application\nQuelle:        Directory Synchronization\nEreignis-ID:   611\nEbene:         Fehler\nBeschreibung:\n" + c8453, []string{denied}},
		{"French labels with no-break spaces", "Nom du journal\u00a0: Application\nSource\u00a0: Directory Synchronization\nID de l’événement\u00a0: 654\nDescription\u00a0:\n" + ping, []string{beat}},
		{"the message first, its header after it", c8453 + "\n\nLog Name: Application\nSource: Directory Synchronization\nEvent ID: 611\nLevel: Error", []string{denied}},
		{"Get-WinEvent as a list",
			"\n\nTimeCreated  : 8/14/2025 3:12:45 PM\nProviderName : Directory Synchronization\nId           : 611\nMessage      : " + strings.ReplaceAll(c8453, "\n", "\n               ") + "\n\nTimeCreated  : 8/14/2025 3:10:45 PM\nProviderName : Directory Synchronization\nId           : 654\nMessage      : " + strings.ReplaceAll(ping, "\n", "\n               ") + "\n",
			[]string{denied, beat}},
		{"Get-EventLog as a list",
			"Index              : 12345\nEntryType          : Error\nInstanceId         : 3221226075\nMessage            : The text was lost.\nCategory           : (0)\nSource             : Directory Synchronization\nTimeGenerated      : 8/14/2025 3:12:45 PM\n\nIndex              : 12344\nEntryType          : Information\nInstanceId         : 654\nMessage            : Provision credentials ping end.\nSource             : Directory Synchronization\n",
			[]string{"event 603 channel-crashed channel-stopped", beat}},
		{"rendered XML", `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Directory Synchronization'/><EventID Qualifiers='0'>611</EventID><TimeCreated SystemTime='2025-08-14T15:12:45.000000000Z'/><EventRecordID>77</EventRecordID></System><EventData><Data>` + strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(c8453) + `</Data></EventData></Event>`, []string{denied}},
		{"XML as a browser shows it", "- <Event xmlns=\"x\">\n  - <System>\n  <Provider Name=\"Directory Synchronization\" />\n  <EventID Qualifiers=\"0\">652</EventID>\n  </System>\n- <EventData>\n  <Data>" + strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(off) + "</Data>\n  </EventData>\n  </Event>", []string{phsOff}},
		{"a bare message", c8453, []string{denied}},
		{"a bare message in an old spelling", "Password synchronization failed for domain: Example.test. Details:\n" + drs + "DrsException: RPC Error 8453: Replication access was denied.\n   at " + drs + "DrsRpcConnection.OnGetChanges(ReplicationState s)", []string{denied}},
		{"bare messages one after the other", c8453 + "\n" + off + "\n" + ping, []string{denied, phsOff, beat}},
		{"a blank line before the details", "Password hash synchronization failed for domain: example.test.\n\n" + drs + "DrsException: RPC Error 8453: Replication access was denied.", []string{denied}},
		{"blank lines between all lines", strings.ReplaceAll(c8453, "\r\n", "\r\n\r\n"), []string{denied}},
		{"a bare exception", rpc("8453", "Replication access was denied"), []string{"code 8453 replication-access-denied replication-rights-missing"}},
		{"a bare exception of the cloud", provision("15"), []string{"code 15 entra-directory-sync-off directory-sync-off"}},
		{"code 77 is not code 7", provision("77"), []string{"code 77 entra-upload-failed uploads-failing"}},
		{"a remark under an event is not a part of it", c8453 + "\n\nThen the caller showed me this:\nAADSTS50126: wrong", []string{denied, cred}},
		{"two exceptions under each other", provision("15") + "\n" + provision("90"), []string{"code 15 entra-directory-sync-off directory-sync-off", "code 90 entra-phs-not-activated phs-feature-off"}},
		{"quoted as in a mail", "> Event ID: 611  \n> Level: Information  \n> Source: Directory Synchronization  \n> Description:  \nPassword synchronization failed for domain: `a.test`. Details:\n" + ns + "X: no. ---> System.Security.Authentication.AuthenticationException: The user name or password is incorrect.  \n> ---> System.Runtime.InteropServices.COMException: The user name or password is incorrect.", []string{"event 611 connector-account-bind-failed connector-account-rejected"}},
		{"several codes in prose", "First we saw AADSTS50126: bad password, later AADSTS53003.", []string{cred, "code AADSTS53003 entra-conditional-access entra-credential-rejected"}},
		{"a sentence of Windows", "It only says: The RPC server is unavailable.", []string{"code 1722 rpc-server-unavailable domain-rpc-unreachable"}},
		{"a sign-in log", "Sign-in error code: 50053\nFailure reason: locked", []string{"code 50053 sign-in-account-locked sign-in-fails-elsewhere"}},
		{"events that are only named", "Look for Event ID 611 and event id 655 please", []string{"event 611 domain-sync-failed cycle-failing", "event 655 entra-upload-failed uploads-failing"}},
		{"an event that is named without its label", "Event 6329:\nNo target found.", []string{"event 6329 writeback-event"}},
		{"a number that others use too", "The event 15 was a success, as were events 2004 and 2012.", nil},
		{"another program's event is not ours", viewer("611", "MSSQLSERVER", "RPC Error 8453 : whatever"), nil},
		{"a diagnostics trace is no symptom", viewer("2004", phs, "No Password Hash Synchronization heartbeat is detected for AD Connector - x."), []string{"event 2004 diagnostics-tool-trace"}},
		{"writeback is no symptom", viewer("33008", "PasswordResetService", "x"), []string{"event 33008 writeback-event"}},
		{"results of people", "Password Change Result - Anchor : " + anchorA + ", Dn : CN=A,DC=x, PwdChangeOnLogon=False, Result : Failed.", []string{"event 657 upload-result-failed last-attempt-failed"}},
		{"good results of people", "Password Change Result - Anchor : " + anchorA + ", Dn : CN=A,DC=x, PwdChangeOnLogon=False, Result : Success.", []string{"event 657 upload-result"}},
		{"retries with their statuses", viewer("605", phs, "The following password changes failed to synchronize and have been scheduled for retry.\nDN=CN=A,DC=x, PasswordSyncResultType=FilteredByTarget"), []string{"event 605 retry-queued last-attempt-failed", filtered}},
		{"the password sync log as a list", "Anchor    : " + anchorA + "\nType      : PasswordSync\nStatus    : Success\nDetails   :\nTimeStamp : 10/12/2025 7:43:05 AM\n\nAnchor    : " + anchorA + "\nType      : PasswordSync\nStatus    : FilteredByTarget\n", []string{"status Success status-success", filtered}},
		{"the password sync log as a table", anchorA + " PasswordSync Error 10/12/2025", []string{"status Error status-error last-attempt-failed"}},
		{"an everyday word is no status", "Success! There was an Error, reason Unknown to us.", nil},
		{"a run result in a list", "RunProfileName : Export\nResult : stopped-deletion-threshold-exceeded", []string{"status stopped-deletion-threshold-exceeded run-stopped-deletion-threshold export-deletion-threshold"}},
		{"the answer to a push", "Password hash is synchronized successfully.", []string{"status push-ok push-ok"}},
		{"a failed push is not a good one", "Password hash synchronization has failed. AD connector space object is not synchronized to AAD connector space OR rules are not available.", []string{"status push-not-synchronized push-not-synchronized not-provisioned"}},
		{"the screen of Microsoft's diagnostics", "=== run ===\nPassword Hash Synchronization agent is NOT running for AD Connector - x", []string{"check channel-stopped channel-stopped channel-stopped"}},
		{"an everyday line is no code", "The line is currently busy. No such host is known. ERROR_ACCESS_DENIED. 407 Proxy Authentication Required.", nil},
		{"prose", "Dear all, the printer on floor 3 is out of toner. Error code: 90. Regards", nil},
		{"a web log", "GET /611/652?id=8453 HTTP/1.1 503 user=1722", nil},
		{"an exception of another world", "java.lang.NullPointerException: x ---> y\n at com.example.Main.main(Main.java)", nil},
	} {
		t.Run(tt.policy, func(t *testing.T) {
			t.Parallel()
			for how, text := range map[string]string{"": tt.text, "with unix lines": strings.ReplaceAll(tt.text, "\r\n", "\n")} {
				x := explain(t, text)
				if diff := cmp.Diff(tt.want, said(x)); diff != "" {
					t.Errorf("%s: %s", how, diff)
				}
				for _, f := range x.Findings {
					if f.Title == "" || f.Owner == "" || len(f.Next) == 0 {
						t.Errorf("%s lacks something: %+v", f.ID, f)
					}
				}
			}
		})
	}
}

func TestUTF16IsRead(t *testing.T) {
	t.Parallel()
	text := viewer("611", phs, cycle611("bücher.test", rpc("8453", "Verweigert 😀")))
	units := utf16.Encode([]rune(text))
	for _, tt := range []struct {
		policy string
		big    bool
		mark   []byte
	}{
		{"little endian with a mark", false, []byte{0xFF, 0xFE}},
		{"big endian with a mark", true, []byte{0xFE, 0xFF}},
		{"little endian without", false, nil},
		{"big endian without", true, nil},
	} {
		b := append([]byte(nil), tt.mark...)
		for _, u := range units {
			if tt.big {
				b = append(b, byte(u>>8), byte(u))
			} else {
				b = append(b, byte(u), byte(u>>8))
			}
		}
		x, err := cause.Explain(iotest.OneByteReader(strings.NewReader(string(b))))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{denied}, said(x)); diff != "" {
			t.Errorf("%s: %s", tt.policy, diff)
		}
	}
	broken := []byte{0xFF, 0xFE, 0x00, 0xD8} // half a pair
	for _, c := range "6" + "11" {
		broken = append(broken, byte(c), 0)
	}
	if got, err := io.ReadAll(cause.UTF8(strings.NewReader(string(broken) + "\x00"))); err != nil || string(got) != "\ufffd611" {
		t.Errorf("half a pair read as %q, %v", got, err)
	}
	if x := explain(t, "\ufeff611"); !x.Recognised {
		t.Error("a UTF-8 mark hides a word")
	}
}

func TestAReadErrorIsReported(t *testing.T) {
	t.Parallel()
	broken := errors.New("unplugged")
	_, err := cause.Explain(io.MultiReader(strings.NewReader(strings.Repeat("x\n", 1000)), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}

func TestTheAnswerHasItsPromisedForm(t *testing.T) {
	t.Parallel()
	raw, err := json.Marshal(explain(t, "654"))
	if err != nil {
		t.Fatal(err)
	}
	c, _ := cause.Lookup("heartbeat-ok")
	want := `{"schema":"pwsync.explain/1","recognised":true,"findings":[{"kind":"event","id":"654","cause":"heartbeat-ok","title":"` + c.Title + `","owner":"connect","next":["` + c.Next[0] + `"]}]}`
	if diff := cmp.Diff(want, string(raw)); diff != "" {
		t.Error(diff)
	}
	raw, _ = json.Marshal(explain(t, "purple"))
	if got := string(raw); got != `{"schema":"pwsync.explain/1","recognised":false,"findings":[]}` {
		t.Error(got)
	}
}

func TestTheAnswerIsBounded(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 200 {
		b.WriteString("AADSTS" + string(rune('1'+i/100)) + string(rune('0'+i/10%10)) + string(rune('0'+i%10)) + "00 happened\n\n")
	}
	x := explain(t, b.String())
	if len(x.Findings) != 50 || !x.Truncated {
		t.Errorf("%d findings, truncated %v", len(x.Findings), x.Truncated)
	}
}
