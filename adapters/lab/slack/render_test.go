package slack

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var updateGolden = flag.Bool("update", false, "rewrite the golden HTML of the renderer")

// testDrawer draws as if it were one fixed moment in a small workspace.
func testDrawer() *drawer {
	names := map[string]string{"U1": "Hanna Lind", "U2": "Bruno <script>", "C1": "helpdesk"}
	find := func(id string) string { return names[id] }
	return &drawer{
		personName:  find,
		channelName: find,
		people:      []choice{{"U1", "Hanna Lind"}, {"U2", "Bruno <script>"}},
		channels:    []choice{{"C1", "#helpdesk"}},
		surface:     onMessage,
		scope:       "1700.1",
		problems:    map[string]string{"reason": "Name the ticket, for example INC-4711."},
		now:         time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC),
		zone:        time.UTC,
	}
}

// TestRenderGolden draws every testdata/render/*.json and compares the result
// with the HTML next to it. A new case is a new file.
func TestRenderGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/render/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var blocks []json.RawMessage
			if err := json.Unmarshal(data, &blocks); err != nil {
				t.Fatalf("read %s: %v", file, err)
			}
			got := string(testDrawer().Blocks(blocks))
			judge(t, got)
			// One element a line reads better in a diff.
			got = strings.ReplaceAll(got, "><", ">\n<") + "\n"
			golden := strings.TrimSuffix(file, ".json") + ".html"
			if *updateGolden {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", golden, diff)
			}
		})
	}
}

func TestMrkdwn(t *testing.T) {
	cases := []struct{ name, in, want string }{
		{"emphasis stands at word boundaries", `*bold* _it_ ~gone~ a*b*c snake_case_name`, `<strong>bold</strong> <em>it</em> <s>gone</s> a*b*c snake_case_name`},
		{"emphasis nests", `*bold _both_*`, `<strong>bold <em>both</em></strong>`},
		{"emphasis does not begin with a space", `2 * 3 * 4`, `2 * 3 * 4`},
		{"doubled marks stay text", `**not bold**`, `**not bold**`},
		{"emphasis does not cross lines", "*a\nb*", `*a<br/>b*`},
		{"a mark inside code is no partner", "*a `*` b*", `<strong>a <code>*</code> b</strong>`},
		{"a backslash is not an escape", `CN=Doe\, Jane,OU=Staff \*x\*`, `CN=Doe\, Jane,OU=Staff \<strong>x\</strong>`},
		{"escapes are decoded exactly once", `&amp;lt;b&amp;gt; &lt;i&gt; &quot;`, `&amp;lt;b&amp;gt; &lt;i&gt; &amp;quot;`},
		{"code holds no emphasis", "`*a* _b_ :x:`", `<code>*a* _b_ :x:</code>`},
		{"a fence is preformatted", "see\n```\n*a*\n  b\n```\nend", "see<pre>*a*\n  b</pre>end"},
		{"an open fence is text", "```a", "```a"},
		{"a quote mark quotes, escaped or not", "> one\n&gt; two\nthree", `<blockquote>one<br/>two</blockquote>three`},
		{"three quote marks quote the rest", ">>> one\ntwo", `<blockquote>one<br/>two</blockquote>`},
		{"a link has a label", `<https://example.com/a?b=1&amp;c=2|the &lt;page&gt;>`, `<a href="https://example.com/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer nofollow" title="https://example.com/a?b=1&amp;c=2">the &lt;page&gt;</a>`},
		{"a mail link shows the address", `<mailto:a@b.example>`, `<a href="mailto:a@b.example" target="_blank" rel="noopener noreferrer nofollow" title="mailto:a@b.example">a@b.example</a>`},
		{"a bare address is a link without its full stop", `see https://example.com/x.`, `see <a href="https://example.com/x" target="_blank" rel="noopener noreferrer nofollow" title="https://example.com/x">https://example.com/x</a>.`},
		{"a script address is text", `<javascript:alert(1)|click>`, `&lt;javascript:alert(1)|click&gt;`},
		{"a mention shows the name, escaped", `<@U2> <@U9|guest> <@U8>`, `<span class="mention" title="U2">@Bruno &lt;script&gt;</span> <span class="mention" title="U9">@guest</span> <span class="mention" title="U8">@U8</span>`},
		{"a channel shows its name", `<#C1> <#C2|other>`, `<span class="mention" title="C1">#helpdesk</span> <span class="mention" title="C2">#other</span>`},
		{"a ping is a badge", `<!channel>`, `<strong class="ping" title="Notifies everyone: @channel.">@channel</strong>`},
		{"a ping inside code is a badge too", "`<!here>`", `<code><strong class="ping" title="Notifies everyone: @here.">@here</strong></code>`},
		{"an escaped ping is text", `&lt;!channel&gt;`, `&lt;!channel&gt;`},
		{"a group mention is a badge", `<!subteam^S1|@idm>`, `<strong class="ping" title="Notifies every member of this user group.">@idm</strong>`},
		{"a date is drawn", `<!date^1795431600^{date_short_pretty} at {time}|then>`, `<time datetime="2026-11-23T11:00:00Z" title="2026-11-23 11:00:00 UTC">Today at 11:00</time>`},
		{"a broken date falls back", `<!date^soon^{time}|then>`, `then`},
		{"an unknown date token falls back", `<!date^1795431600^{century}|then>`, `then`},
		{"a known emoji is drawn, another stays text", `:x: :partyparrot: 10:30:00`, `<span class="emoji" role="img" aria-label="x" title=":x:">❌</span> :partyparrot: 10:30:00`},
		{"lists stay text", "• one\n- two", `• one<br/>- two`},
		{"angle brackets around nothing stay text", `a <> b < c`, `a &lt;&gt; b &lt; c`},
		{"control characters are replaced", "a\x00b\x1b[0m", "a\uFFFDb\uFFFD[0m"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m := &markup{}
			testDrawer().mrkdwn(m, c.in)
			got := string(m.html())
			judge(t, got)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("mrkdwn(%q) (-want +got):\n%s", c.in, diff)
			}
		})
	}
}

// TestMrkdwnIsLinear draws long rows of marks that have no partner. With a
// search for each of them this would take minutes.
func TestMrkdwnIsLinear(t *testing.T) {
	for _, piece := range []string{"*a ", "<a", "`", "``", ":a", "http://", "_a *b ~c ", "<!date^", "&", ">", "*a* "} {
		start := time.Now()
		m := &markup{}
		testDrawer().mrkdwn(m, strings.Repeat(piece, 200_000/len(piece)))
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("200 kB of %q took %v", piece, took)
		}
	}
}

func TestDates(t *testing.T) {
	now := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	cases := []struct{ format, want string }{
		{"{date_num}", "2026-11-23"},
		{"{date}", "November 23rd, 2026"},
		{"{date_short}", "Nov 23, 2026"},
		{"{date_long}", "Monday, November 23rd, 2026"},
		{"checked {date_pretty}", "checked today"},
		{"{date_short_pretty} at {time_secs}", "Today at 11:00:00"},
		{"{ago}", "4 hours ago"},
	}
	for _, c := range cases {
		got, _, ok := formatDate("1795431600", c.format, now, time.UTC)
		if !ok || got != c.want {
			t.Errorf("formatDate(%q) = %q, %v; want %q", c.format, got, ok, c.want)
		}
	}
	for _, n := range []struct {
		day  int
		want string
	}{{1, "1st"}, {2, "2nd"}, {3, "3rd"}, {4, "4th"}, {11, "11th"}, {12, "12th"}, {13, "13th"}, {21, "21st"}, {31, "31st"}} {
		if got := ordinal(n.day); got != n.want {
			t.Errorf("ordinal(%d) = %q, want %q", n.day, got, n.want)
		}
	}
}

func TestLinksThatMayNotBeFollowed(t *testing.T) {
	for _, address := range []string{
		"javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "data:text/html,x",
		"vbscript:x", "//example.com", "/relative", "http:", "https:///nohost", "mailto:", "blob:http://x/y", "file:///etc/passwd", "",
	} {
		if href, ok := safeLink(address); ok {
			t.Errorf("safeLink(%q) = %q, want it refused", address, href)
		}
	}
}

// allowedElements and allowedAttributes are all that the renderer may ever
// write, whatever it is given.
var (
	allowedElements = strings.Fields(`a blockquote br button caption code details dialog div em h2 h3 h4 h5 h6 hr input label li
		mark ol optgroup option polygon polyline pre rect s select small span strong summary svg table td textarea th time tr u ul`)
	allowedAttributes = strings.Fields(`aria-describedby aria-hidden aria-invalid aria-label aria-labelledby aria-required autocomplete
		checked class data-action data-answer data-block data-confirm data-do data-field data-focus data-selected data-value datetime
		height href id inputmode label maxlength minlength multiple name open placeholder points preserveAspectRatio rel role rows rx
		scope selected size start tabindex target title type value viewBox width x y`)
	ownValues = strings.Fields(`class type role name id rel target tabindex`)
)

// judge reads HTML with a strict parser of another make and fails the test on
// anything that could run, load or break out: an element or attribute that is
// not on the short lists above, an address with another scheme, a word from
// outside in an attribute that steers the page, or unbalanced tags.
func judge(t testing.TB, html string) {
	t.Helper()
	dec := xml.NewDecoder(strings.NewReader("<root>" + html + "</root>"))
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("rendered HTML is not well formed: %v\n%s", err, html)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if token.Name.Local == "root" {
				continue
			}
			if !slices.Contains(allowedElements, token.Name.Local) {
				t.Fatalf("element <%s> was rendered\n%s", token.Name.Local, html)
			}
			for _, a := range token.Attr {
				judgeAttribute(t, token.Name.Local, a, html)
			}
		case xml.Comment, xml.ProcInst, xml.Directive:
			t.Fatalf("%T was rendered\n%s", token, html)
		}
	}
}

func judgeAttribute(t testing.TB, element string, a xml.Attr, html string) {
	t.Helper()
	if !slices.Contains(allowedAttributes, a.Name.Local) {
		t.Fatalf("attribute %s=%q was rendered on <%s>\n%s", a.Name.Local, a.Value, element, html)
	}
	if a.Name.Local == "href" {
		lower := strings.ToLower(a.Value)
		if !strings.HasPrefix(lower, "http://") && !strings.HasPrefix(lower, "https://") && !strings.HasPrefix(lower, "mailto:") && !strings.HasPrefix(lower, "tel:") {
			t.Fatalf("link to %q was rendered\n%s", a.Value, html)
		}
	}
	if slices.Contains(ownValues, a.Name.Local) && strings.ContainsFunc(a.Value, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == ' ')
	}) {
		t.Fatalf("attribute %s=%q of <%s> holds a word from outside\n%s", a.Name.Local, a.Value, element, html)
	}
}

// hostile is what an attacker may put into any text of a directory.
const hostile = `"><script>alert(1)</script><img src=x onerror=alert(1)>' onclick='x <javascript:alert(1)|x> <!channel> <@U1> ` + "`*_~&lt;script&gt; ]]> --> \x00 \u2028 </textarea></select></dialog>"

// TestHostileTextStaysText replaces every string of every golden case with a
// hostile one, and judges the result.
func TestHostileTextStaysText(t *testing.T) {
	files, err := filepath.Glob("testdata/render/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var blocks []any
		if err := json.Unmarshal(data, &blocks); err != nil {
			t.Fatal(err)
		}
		var raw []json.RawMessage
		for _, b := range blocks {
			poisoned, err := json.Marshal(poison(b))
			if err != nil {
				t.Fatal(err)
			}
			raw = append(raw, poisoned)
		}
		d := testDrawer()
		d.scope = hostile
		d.personName = func(string) string { return hostile }
		judge(t, string(d.Blocks(raw)))
	}
}

// poison replaces every string but the types.
func poison(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			if key != "type" {
				v[key] = poison(value)
			}
		}
		return v
	case []any:
		for i := range v {
			v[i] = poison(v[i])
		}
		return v
	case string:
		return hostile
	}
	return v
}

func FuzzBlocks(f *testing.F) {
	files, err := filepath.Glob("testdata/render/*.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var blocks []json.RawMessage
		if json.Unmarshal(data, &blocks) != nil {
			return
		}
		d := testDrawer()
		judge(t, string(d.Blocks(blocks)))
	})
}

func FuzzMrkdwn(f *testing.F) {
	f.Add(hostile)
	f.Add("*a _b ~c~_* `d` ```e``` > f\n&gt; g <https://x.example|h> <!date^1^{time}^https://x.example|i> :x: https://y.example/")
	f.Fuzz(func(t *testing.T, s string) {
		judge(t, string(testDrawer().Text(s)))
	})
}
