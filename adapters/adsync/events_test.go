package adsync_test

import (
	"encoding/csv"
	"errors"
	"io"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/pwsync/pwsync/adapters/adsync"
	"github.com/pwsync/pwsync/checks/cause"
	"pgregory.net/rapid"
)

const (
	eventSource = "Directory Synchronization"
	eventGUID   = "0f7a3c52-8d41-4b6e-9a1d-5c2e7f8091ab"
)

// eventText is a message with everything that a file form can trip over.
func eventText(domain string) string {
	return "Password hash synchronization failed for domain: " + domain + ", domain controller hostname: <not available>, domain controller IP address: <not available>. " +
		"Details: A.DrsException: it said \"no\", twice ---> A.DrsException: RPC Error 8453 : Replication access was denied.\r\n   at A.B.C(D e)\r\n" +
		"<forest-info>\r\n  <partition-name>" + domain + "</partition-name>\r\n  <connector-id>" + eventGUID + "</connector-id>\r\n</forest-info>"
}

func eventXML(id, record, text string) string {
	text = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#13;").Replace(text)
	return `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='` + eventSource + `'/><EventID Qualifiers='0'>` + id +
		`</EventID><Level>2</Level><TimeCreated SystemTime='2025-08-14T15:12:45.1234567Z'/><EventRecordID>` + record +
		`</EventRecordID><Channel>Application</Channel><Computer>sync1</Computer></System><EventData><Data>` + text + `</Data></EventData></Event>`
}

func all(t *testing.T, r io.Reader) []cause.Raw {
	t.Helper()
	var got []cause.Raw
	for e, err := range adsync.ReadEvents(r) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, e)
	}
	return got
}

func wide(s string, big bool, mark ...byte) string {
	out := append([]byte(nil), mark...)
	for _, u := range utf16.Encode([]rune(s)) {
		if big {
			out = append(out, byte(u>>8), byte(u))
		} else {
			out = append(out, byte(u), byte(u>>8))
		}
	}
	return string(out)
}

func TestXMLFilesAreReadWhateverTheirRoots(t *testing.T) {
	t.Parallel()
	at := time.Date(2025, 8, 14, 15, 12, 45, 123456700, time.UTC)
	want := []cause.Raw{
		{ID: 611, Source: eventSource, Time: at, Record: 12, Text: eventText("a.test")},
		{ID: 654, Source: eventSource, Time: at, Record: 11, Text: "Provision credentials ping end."},
	}
	one, two := eventXML("611", "12", eventText("a.test")), eventXML("654", "11", "Provision credentials ping end.")
	for name, file := range map[string]string{
		"one root":                 `<?xml version="1.0" encoding="utf-8" standalone="yes"?><Events>` + one + two + `</Events>`,
		"no root, one a line":      one + "\r\n" + two + "\r\n",
		"UTF-16 with a mark":       wide(`<?xml version="1.0" encoding="utf-16"?><Events>`+one+two+`</Events>`, false, 0xFF, 0xFE),
		"UTF-16 big endian":        wide(`<Events>`+one+two+`</Events>`, true, 0xFE, 0xFF),
		"UTF-16 without a mark":    wide(`<Events>`+one+two+`</Events>`, false),
		"a document type is inert": `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]><Events>` + one + two + `</Events>`,
	} {
		if diff := cmp.Diff(want, all(t, iotest.HalfReader(strings.NewReader(file)))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestEntitiesOfTheFileAreNeverExpanded(t *testing.T) {
	t.Parallel()
	got := all(t, strings.NewReader(`<!DOCTYPE x [<!ENTITY bomb SYSTEM "file:///etc/hostname">]>`+strings.Replace(eventXML("654", "1", "MARK"), "MARK", "a &bomb; b", 1)))
	if len(got) != 1 || got[0].ID != 654 || !strings.Contains(got[0].Text, "&bomb;") {
		t.Errorf("%+v", got)
	}
}

func TestTheRenderedMessageIsPreferred(t *testing.T) {
	t.Parallel()
	file := strings.Replace(eventXML("654", "1", "raw"), "</Event>", "<RenderingInfo Culture='en-US'><Message>Provision credentials ping end.</Message></RenderingInfo></Event>", 1)
	if got := all(t, strings.NewReader(file)); len(got) != 1 || got[0].Text != "Provision credentials ping end." {
		t.Errorf("%+v", got)
	}
}

func TestABrokenEventCostsItselfOnly(t *testing.T) {
	t.Parallel()
	good := eventXML("654", "1", "Provision credentials ping end.")
	for name, bad := range map[string]string{
		"a forbidden character": strings.Replace(good, "ping", "p\x01ng", 1),
		"tags that do not fit":  strings.Replace(good, "</System>", "</Sistem>", 1),
		"nested without end":    "<Event>" + strings.Repeat("<a>", 10_000) + "</Event>",
		"nothing in it":         "<Event></Event>",
	} {
		got := all(t, strings.NewReader("<Events>"+bad+good+"</Events>"))
		if len(got) == 0 || got[len(got)-1].ID != 654 || got[len(got)-1].Text != "Provision credentials ping end." {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestCSVFilesAreReadWhoeverWroteThem(t *testing.T) {
	t.Parallel()
	quote := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
	iso := time.Date(2025, 8, 14, 15, 12, 45, 0, time.UTC)
	for _, tt := range []struct {
		policy, file string
		want         []cause.Raw
	}{
		{"Get-WinEvent through Windows PowerShell",
			"#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord\r\n\"Message\",\"Id\",\"Version\",\"RecordId\",\"ProviderName\",\"LogName\",\"TimeCreated\"\r\n" +
				quote(eventText("a.test")) + `,"611","","12","` + eventSource + `","Application","8/14/2025 3:12:45 PM"` + "\r\n" +
				`"Provision credentials ping end.","654","","11","` + eventSource + `","Application","8/14/2025 3:12:45 PM"` + "\r\n",
			[]cause.Raw{{ID: 611, Source: eventSource, Time: iso, Record: 12, Text: eventText("a.test")}, {ID: 654, Source: eventSource, Time: iso, Record: 11, Text: "Provision credentials ping end."}}},
		{"Get-EventLog",
			"\"EventID\",\"MachineName\",\"Index\",\"Message\",\"Source\",\"InstanceId\",\"TimeGenerated\"\n\"654\",\"s\",\"9\",\"Provision credentials ping end.\",\"" + eventSource + "\",\"1073742478\",\"14.08.2025 15:12:45\"\n",
			[]cause.Raw{{ID: 654, Source: eventSource, Time: iso, Record: 9, Text: "Provision credentials ping end."}}},
		{"only an InstanceId",
			"InstanceId,Message,Source\n1073742478,Provision credentials ping end.,Directory Synchronization\n",
			[]cause.Raw{{ID: 654, Source: eventSource, Text: "Provision credentials ping end."}}},
		{"a culture with semicolons",
			"\"TimeCreated\";\"Id\";\"Message\"\n\"2025-08-14 15:12:45\";\"654\";\"Provision credentials ping end; fine, all of it\"\n",
			[]cause.Raw{{ID: 654, Source: eventSource, Time: iso, Text: "Provision credentials ping end; fine, all of it"}}},
		{"a date that could be read either way is no date",
			"\"TimeCreated\",\"Id\",\"Message\"\n\"03/04/2025 15:12:45\",\"6900\",\"x\"\n",
			[]cause.Raw{{ID: 6900, Source: "ADSync", Text: "x"}}},
		{"Event Viewer, whose message has no column",
			"Level,Date and Time,Source,Event ID,Task Category\nError,8/14/2025 3:12:45 PM,Directory Synchronization,611,None,\"" + "Password synchronization failed for domain: a.test.\nDetails: x" + "\"\n",
			[]cause.Raw{{ID: 611, Source: eventSource, Time: iso, Text: "Password synchronization failed for domain: a.test.\nDetails: x"}}},
		{"rows without an id are passed over",
			"Id,Message\nId,Message\n,x\n654,y\n",
			[]cause.Raw{{ID: 654, Source: eventSource, Text: "y"}}},
		{"a header and nothing else", "Id,Message\n", nil},
	} {
		t.Run(tt.policy, func(t *testing.T) {
			t.Parallel()
			for name, file := range map[string]string{"UTF-8": tt.file, "UTF-8 with a mark": "\ufeff" + tt.file, "UTF-16": wide(tt.file, false, 0xFF, 0xFE)} {
				if diff := cmp.Diff(tt.want, all(t, strings.NewReader(file))); diff != "" {
					t.Errorf("%s: %s", name, diff)
				}
			}
		})
	}
}

func TestCSVCellsComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var file strings.Builder
		w := csv.NewWriter(&file)
		_ = w.Write([]string{"Id", "Message", "ProviderName"})
		var want []string
		for i := range rapid.IntRange(1, 5).Draw(t, "rows") {
			text := strings.TrimSpace(rapid.StringMatching(`[a-z",;\n ]{0,40}`).Draw(t, "text"))
			want = append(want, text)
			_ = w.Write([]string{strconv.Itoa(600 + i), text, eventSource})
		}
		w.Flush()
		var got []string
		for e, err := range adsync.ReadEvents(strings.NewReader(file.String())) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, e.Text)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestPlainTextFilesAreRead(t *testing.T) {
	t.Parallel()
	file := "Log Name:      Application\r\nSource:        Directory Synchronization\r\nDate:          8/14/2025 3:12:45 PM\r\nEvent ID:      654\r\nDescription:\r\nProvision credentials ping end.\r\n\r\n" +
		"Here is what I saw too:\r\n\r\n" + eventText("a.test") + "\r\n"
	got := all(t, strings.NewReader(file))
	if len(got) != 2 || got[0].ID != 654 || got[0].Source != eventSource || got[0].Time.IsZero() || got[1].ID != 611 || got[1].Source != eventSource {
		t.Fatalf("%+v", got)
	}
	if e := cause.Read(got[1]); e.Cause != "replication-access-denied" || e.Domain != "a.test" {
		t.Errorf("%+v", e)
	}
}

func TestWhatIsReadIsUnderstood(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{
		"XML": eventXML("611", "1", eventText("a.test")),
		"CSV": "Id,ProviderName,Message\n611," + eventSource + ",\"" + strings.ReplaceAll(eventText("a.test"), `"`, `""`) + "\"\n",
	} {
		got := all(t, strings.NewReader(file))
		if len(got) != 1 {
			t.Fatalf("%s: %+v", name, got)
		}
		e := cause.Read(got[0])
		if e.Cause != "replication-access-denied" || e.Domain != "a.test" || len(e.Connectors) != 1 || e.Connectors[0] != eventGUID {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

func TestAnEventFileThatBreaksOffSaysSo(t *testing.T) {
	t.Parallel()
	broken := errors.New("unplugged")
	for name, file := range map[string]string{"XML": "<Events>" + eventXML("654", "1", "x"), "CSV": "Id,Message\n654,x\n655,"} {
		var last error
		n := 0
		for _, err := range adsync.ReadEvents(io.MultiReader(strings.NewReader(file), iotest.ErrReader(broken))) {
			if last = err; err == nil {
				n++
			}
		}
		if n != 1 || !errors.Is(last, broken) {
			t.Errorf("%s: %d events, then %v", name, n, last)
		}
	}
}

func TestReadingStopsWhenNobodyWantsMore(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{"XML": strings.Repeat(eventXML("654", "1", "x"), 3), "CSV": "Id,Message\n654,x\n654,y\n"} {
		n := 0
		for _, err := range adsync.ReadEvents(strings.NewReader(file)) {
			if err != nil {
				t.Fatal(err)
			}
			n++
			break
		}
		if n != 1 {
			t.Errorf("%s: %d", name, n)
		}
	}
}

func TestLongEventFilesNeedLittleMemory(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("reads long files; the race detector's own memory would be measured")
	}
	const size = 24 << 20
	for name, f := range map[string][2]string{
		"XML on one line":         {"<Events>", eventXML("611", "1", eventText("a.test"))},
		"CSV":                     {"Id,Message\n", "611,\"" + strings.ReplaceAll(eventText("a.test"), `"`, `""`) + "\"\n"},
		"a quote without its end": {"Id,Message\n", "611,\"words without end "},
		"an event without end":    {"<Event>", "<Data>words without end"},
		"one cell a row":          {"Id,Message\n", ","},
	} {
		in := &eventMeter{r: io.MultiReader(strings.NewReader(f[0]), io.LimitReader(&eventLoop{s: f[1]}, size))}
		for _, err := range adsync.ReadEvents(in) {
			if err != nil {
				t.Fatal(err)
			}
		}
		if in.peak > 24<<20 {
			t.Errorf("%s: %d MB of memory for %d MB of file", name, in.peak>>20, size>>20)
		}
	}
}

type eventLoop struct {
	s  string
	at int
}

func (r *eventLoop) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		c := copy(p[n:], r.s[r.at:])
		r.at = (r.at + c) % len(r.s)
		n += c
	}
	return n, nil
}

type eventMeter struct {
	r    io.Reader
	n    int
	peak uint64
}

func (m *eventMeter) Read(p []byte) (int, error) {
	if m.n++; m.n%500 == 0 {
		// What is garbage already does not count.
		runtime.GC()
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		m.peak = max(m.peak, s.HeapInuse)
	}
	return m.r.Read(p)
}

func FuzzReadEvents(f *testing.F) {
	f.Add("<Events>" + eventXML("611", "1", eventText("a.test")) + "</Events>")
	f.Add("#TYPE x\n\"Id\",\"Message\"\n\"611\",\"a \"\"b\"\"\"\n")
	f.Add(wide("Id,Message\n1,2\n", true, 0xFE, 0xFF))
	f.Add("Event ID: 611\nDescription: x")
	f.Fuzz(func(t *testing.T, file string) {
		for e, err := range adsync.ReadEvents(strings.NewReader(file)) {
			if err != nil {
				t.Fatal(err)
			}
			if e.ID < 0 || e.ID > 0xFFFF {
				t.Errorf("event id %d", e.ID)
			}
		}
	})
}
