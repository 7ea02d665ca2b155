package cause_test

import (
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pwsync/pwsync/checks/cause"
)

// hostile texts, as functions of their length.
var hostile = map[string]func(n int) string{
	"one line": func(n int) string {
		return cycle611("a.test", "System.Exception: "+strings.Repeat("x y=z, (", n/8))
	},
	"nested exceptions": func(n int) string {
		return cycle611("a.test", strings.Repeat("A.BException: c ---> ", n/21)+"RPC Error 1722 : x.")
	},
	"nothing but arrows":  func(n int) string { return strings.Repeat("--->", n/4) },
	"nothing but frames":  func(n int) string { return cycle611("a.test", strings.Repeat(" at a.b(c)", n/10)) },
	"almost frames":       func(n int) string { return strings.Repeat(" at  at", n/7) },
	"labels":              func(n int) string { return strings.Repeat("domain controller hostname: <x> ", n/32) },
	"event ids":           func(n int) string { return strings.Repeat("event id : 5 ", n/13) },
	"heads":               func(n int) string { return strings.Repeat("Failed credential provisioning ping ", n/36) },
	"viewer headers":      func(n int) string { return strings.Repeat("Log Name: a Event ID: 611 ", n/26) },
	"XML":                 func(n int) string { return strings.Repeat("<Event ><a>", n/11) },
	"XML that ends":       func(n int) string { return strings.Repeat("<Event ></Event>", n/16) },
	"unfinished requests": func(n int) string { return strings.Repeat("Password Change Request - Anchor : a, Dn : b,,,,", n/48) },
	"unfinished results":  func(n int) string { return strings.Repeat("Password Change Result - Anchor : a, Dn : b\\", n/44) },
	"results with reasons": func(n int) string {
		return strings.Repeat("Password Change Result - Anchor : a, Result : f, Extended Error: b ", n/67)
	},
	"DNs": func(n int) string {
		return "failed to synchronize and scheduled for retry " + strings.Repeat("dn=", n/3)
	},
	"connectors":  func(n int) string { return strings.Repeat("<connector-id>", n/14) },
	"hexadecimal": func(n int) string { return strings.Repeat("0x", n/2) },
	"codes":       func(n int) string { return strings.Repeat("AADSTS", n/6) },
	"list keys":   func(n int) string { return strings.Repeat("Id : 611\n", n/9) },
	"paragraphs":  func(n int) string { return strings.Repeat("AException: b\n\n", n/15) },
	"spaces":      func(n int) string { return "Event ID:" + strings.Repeat(" ", n) },
	"new lines":   func(n int) string { return "a" + strings.Repeat("\n", n) },
	"escapes":     func(n int) string { return strings.Repeat("&lt;connector-id&gt;&amp;", n/25) },
	"bytes":       func(n int) string { return strings.Repeat("\xff\x00\xfe", n/3) },
}

func took(do func()) time.Duration {
	start := time.Now()
	do()
	return time.Since(start)
}

func TestReadingTakesLinearTime(t *testing.T) {
	if testing.Short() {
		t.Skip("measures time")
	}
	ids := []int{611, 657}
	for name, text := range hostile {
		short, long := text(100_000), text(1_000_000)
		work := func(s string) func() {
			return func() {
				for _, id := range ids {
					cause.Read(cause.Raw{ID: id, Source: phs, Text: s})
				}
				if _, err := cause.Explain(strings.NewReader(s)); err != nil {
					t.Error(err)
				}
			}
		}
		// Ten times the text may take ten times as long; quadratic would be a
		// hundred. A millisecond keeps noise out of tiny figures, and a busy
		// machine gets two more tries.
		a := min(took(work(short)), took(work(short)))
		b := took(work(long))
		for try := 0; b > 40*(a+time.Millisecond) && try < 2; try++ {
			a, b = max(a, took(work(short))), min(b, took(work(long)))
		}
		if b > 40*(a+time.Millisecond) {
			t.Errorf("%s: 100 kB took %v, 1 MB took %v", name, a, b)
		}
	}
}

func TestAHundredThousandNestedExceptionsAreRead(t *testing.T) {
	t.Parallel()
	e := cause.Read(cause.Raw{ID: 611, Source: phs, Text: cycle611("a.test", strings.Repeat("A.BException: c ---> ", 100_000)+drs+"DrsException: RPC Error 1722 : x.")})
	if e.Cause != "rpc-server-unavailable" {
		t.Errorf("read as %q", e.Cause)
	}
}

// stream repeats a text up to a length, with something before and behind.
func stream(before, middle, behind string, size int) io.Reader {
	return io.MultiReader(strings.NewReader(before), io.LimitReader(&repeat{s: middle}, int64(size)), strings.NewReader(behind))
}

type repeat struct {
	s  string
	at int
}

func (r *repeat) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		c := copy(p[n:], r.s[r.at:])
		r.at = (r.at + c) % len(r.s)
		n += c
	}
	return n, nil
}

func TestLongTextsAreReadInPieces(t *testing.T) {
	t.Parallel()
	const size = 3 << 20
	for _, tt := range []struct {
		policy                 string
		before, middle, behind string
		want                   []string
	}{
		{"the innermost exception of a line without end", "Password hash synchronization failed for domain: a.test. Details: A.BException: RPC Error 8453 : x. ---> ", "A.BException: c ---> ", drs + "DrsException: RPC Error 1722 : x.", []string{rpcDown}},
		{"a bare exception without end", "Microsoft.Online.X: RPC Error 8453 : x. ---> ", "A.BException: c ---> ", "RPC Error 1722 : x.", []string{"code 1722 rpc-server-unavailable domain-rpc-unreachable"}},
		{"a code in the middle of a line", strings.Repeat("x", size/2) + " AADSTS50126: no ", "y", "", []string{cred}},
		{"an event behind a long text", "", "all is well here\n", viewer("611", phs, cycle611("a.test", rpc("8453", "x"))), []string{denied}},
		{"an event behind a long line", "", "all is well here ", viewer("611", phs, cycle611("a.test", rpc("8453", "x"))), []string{denied}},
		{"XML without line ends", "<Events>", strings.ReplaceAll(`<Event xmlns="e"><System><Provider Name="Directory Synchronization"/><EventID>654</EventID></System><EventData><Data>Provision credentials ping end.</Data></EventData></Event>`, "\n", ""), "</Events>", []string{beat}},
		{"an event that never ends keeps its number", `<Event><System><Provider Name="Directory Synchronization"/><EventID>652</EventID></System><EventData><Data>`, "words ", "Error Code: 90. Error Description: y", []string{phsOff}},
	} {
		t.Run(tt.policy, func(t *testing.T) {
			t.Parallel()
			x, err := cause.Explain(stream(tt.before, tt.middle, tt.behind, size/len(tt.middle)*len(tt.middle)))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, said(x)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNothingIsCutInTwo(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		policy, text string
		around       int
		want         string
	}{
		{"the beginning of an event at the edge of a fragment", "Failed credential provisioning ping", 64 << 10, "event 655 entra-upload-failed uploads-failing"},
		{"the beginning of an element at the edge of a fragment", `<Event ><EventID>654</EventID></Event>`, 64 << 10, beat},
		// The seventeenth fragment fills the first piece; each lends its last
		// 128 bytes to the next.
		{"a code at the edge of a piece", " RPC Error 1722 : ", 17*(64<<10) - 128, "code 1722 rpc-server-unavailable domain-rpc-unreachable"},
		{"a number at the edge of a piece", "AADSTS50126", 17*(64<<10) - 128, cred},
	} {
		for off := range len(tt.text) + 2 {
			text := strings.Repeat(".", tt.around-off) + tt.text + strings.Repeat(".", 70<<10)
			if diff := cmp.Diff([]string{tt.want}, said(explain(t, text))); diff != "" {
				t.Fatalf("%s, %d bytes before it: %s", tt.policy, off, diff)
			}
		}
	}
}

func TestMemoryDoesNotGrowWithTheText(t *testing.T) {
	if testing.Short() {
		t.Skip("reads long texts")
	}
	const size = 12 << 20
	for name, middle := range map[string]string{
		"lines":    "2025-08-14 something happened on the server and it was fine\n",
		"one line": "2025-08-14 something happened on the server and it was fine ",
		"events":   viewer("611", phs, cycle611("a.test", rpc("8453", "x"))),
	} {
		var peak uint64
		in := &watch{r: stream("", middle, "\nRPC Error 1722 : x\n", size), peak: &peak}
		start := time.Now()
		if _, err := cause.Explain(in); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %v, %d MB", name, time.Since(start), peak>>20)
		if peak > 16<<20 {
			t.Errorf("%s: %d MB of memory for %d MB of text", name, peak>>20, size>>20)
		}
	}
}

// watch notes the memory in use while it is read.
type watch struct {
	r    io.Reader
	n    int
	peak *uint64
}

func (w *watch) Read(p []byte) (int, error) {
	if w.n++; w.n%50 == 0 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		*w.peak = max(*w.peak, m.HeapInuse)
	}
	return w.r.Read(p)
}

func FuzzRead(f *testing.F) {
	for _, text := range hostile {
		f.Add(611, phs, text(300))
	}
	f.Add(652, phs, failed652(provision("90")))
	f.Add(656, phs, "Password Change Request - Anchor : a, Dn : b, Change Date : 10/12/2025 07:41:22")
	f.Add(6900, "ADSync", "notification: \"x\"")
	f.Fuzz(func(t *testing.T, id int, source, text string) {
		e := cause.Read(cause.Raw{ID: id, Source: source, Text: text})
		if e.Cause != "" {
			if _, ok := cause.Lookup(e.Cause); !ok {
				t.Errorf("unknown cause %q", e.Cause)
			}
		}
		if strings.ContainsAny(e.Detail+e.Domain+e.DC+e.Forest, "\n\x1b\u202e") {
			t.Errorf("control characters in %+v", e)
		}
		if n := len([]rune(e.Detail)); n > 600 {
			t.Errorf("detail of %d characters", n)
		}
	})
}

func FuzzExplain(f *testing.F) {
	for _, text := range hostile {
		f.Add(text(300))
	}
	f.Add(viewer("611", phs, cycle611("a.test", rpc("8453", "x"))))
	f.Add("AADSTS50126")
	f.Add("0x8007052E")
	f.Fuzz(func(t *testing.T, text string) {
		x, err := cause.Explain(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range x.Findings {
			if g.Cause == "" || g.Title == "" || len(g.Next) == 0 || len(g.ID) > 100 {
				t.Errorf("%+v", g)
			}
		}
	})
}
