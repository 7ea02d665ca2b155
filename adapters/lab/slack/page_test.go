package slack

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
)

func testPage(ws Page) *webPage {
	return &webPage{
		ws: ws, team: Team{ID: "T1", Name: "Corp <IT>"}, bot: Bot{UserID: "UB", BotID: "B1", Name: "pwsync"},
		now: func() time.Time { return labNow }, log: zerolog.Nop(), templates: parsedTemplates(),
		streams: make(chan struct{}, 1), heartbeat: 20 * time.Millisecond, longest: time.Minute,
	}
}

func get(t testing.TB, p *webPage, address string) *httptest.ResponseRecorder {
	t.Helper()
	mux := http.NewServeMux()
	p.routes(mux)
	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, address, nil))
	return rec
}

func TestPageShowsWhatThePersonSees(t *testing.T) {
	p := testPage(helpdesk(t))
	cases := []struct {
		name, address string
		want          []string
		not           []string
	}{
		{
			"without an address the operator stands in the help desk's channel", "/",
			[]string{"<title>#helpdesk · Corp &lt;IT&gt;</title>", "You are Hanna Lind", "Only visible to you", "57 people", "1 reply", `href="/?as=U1&amp;channel=C1&amp;thread=2.000001"`, `badge-operator`},
			[]string{"Still missing after", "<b>Wei", `id="thread"`},
		},
		{
			"a deep link names the person and the channel", "/?as=bruno&channel=%23helpdesk",
			[]string{"You are Bruno &lt;b&gt;Weiß", "57 people", "Push Password", "Name the ticket &lt;b&gt;.", `data-view="V1"`},
			[]string{"Only visible to you", "#identity"},
		},
		{
			"a channel that the person is not in shows nothing of it", "/?as=U2&channel=C2",
			[]string{"is not in this channel"},
			[]string{`id="composer"`},
		},
		{
			"a person in no channel is told so", "/?as=U3",
			[]string{"is in no channel", "badge-guest"},
			[]string{`id="composer"`},
		},
		{
			"an unknown person becomes the first one and is told", "/?as=U999%3Cscript%3E",
			[]string{"Nobody here is called U999&lt;script&gt;."},
			[]string{"U999<script>"},
		},
		{
			"an unknown channel is named", "/?as=U1&channel=C999",
			[]string{"There is no channel C999 here."}, nil,
		},
		{
			"a thread shows its root and its replies", "/?as=U1&channel=C1&thread=2.000001",
			[]string{"Still missing after", `<strong class="ping"`, `id="t-2-000001"`, "Slash commands cannot be used in threads."}, nil,
		},
		{
			"a quiet channel offers examples", "/?as=U1&channel=C5",
			[]string{"quiet is quiet", `data-text="/pwsync user mona.berg@corp.example"`, `data-text="/pwsync explain 611"`}, nil,
		},
		{
			"an archived channel takes no commands", "/?as=U1&channel=C4",
			[]string{"This channel is archived."}, []string{`id="composer"`},
		},
		{
			"a channel shared with another company says so", "/?as=U1&channel=C3",
			[]string{"shared with another company"}, nil,
		},
		{
			"the Home tab shows what the app published", "/?as=U1&home=1",
			[]string{"Cycle age", `data-view="VH"`, `href="/?as=U1&amp;channel=D1"`}, []string{`id="composer"`},
		},
		{
			"a Home tab that nobody filled says so", "/?as=U2&home=1",
			[]string{"Nothing on this Home tab yet"}, nil,
		},
		{
			"the lab panel has clock, faults and people", "/",
			[]string{"10:42:07", "Mon 23 Nov 2026", `data-advance="3h"`, "1 on", `data-fault="staging-mode"`, `aria-checked="true"`, "mona.berg@corp.example", "CN=Svc,OU=Oslo", "temporary-password"}, nil,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			rec := get(t, p, c.address)
			if rec.Code != http.StatusOK {
				t.Fatalf("GET %s: %d %s", c.address, rec.Code, rec.Body)
			}
			body := rec.Body.String()
			for _, want := range c.want {
				if !strings.Contains(body, want) {
					t.Errorf("GET %s does not show %q", c.address, want)
				}
			}
			for _, not := range c.not {
				if strings.Contains(body, not) {
					t.Errorf("GET %s shows %q", c.address, not)
				}
			}
		})
	}
}

var inline = regexp.MustCompile(`(?i)<[^>]*\s(on[a-z]+|style)\s*=|<script(?: [^>]*)?>[^<]|<style`)

func TestPageIsStrictAboutItsOrigin(t *testing.T) {
	p := testPage(helpdesk(t))
	for _, address := range []string{"/", "/?as=U1&home=1", "/?as=U2", "/lab/page/fragment?as=U1", "/static/lab.js", "/static/lab.css", "/static/icon.svg", "/static/none"} {
		rec := get(t, p, address)
		if policy := rec.Header().Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'self';") || strings.Contains(policy, "unsafe") {
			t.Errorf("GET %s: policy %q", address, policy)
		}
		if rec.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("GET %s may be sniffed", address)
		}
		if strings.HasPrefix(rec.Header().Get("Content-Type"), "text/html") {
			if found := inline.FindString(rec.Body.String()); found != "" {
				t.Errorf("GET %s has inline script or style: %s", address, found)
			}
		}
	}
	for address, kind := range map[string]string{"/static/lab.js": "text/javascript; charset=utf-8", "/static/lab.css": "text/css; charset=utf-8", "/static/icon.svg": "image/svg+xml"} {
		rec := get(t, p, address)
		if rec.Code != http.StatusOK || rec.Header().Get("Content-Type") != kind {
			t.Errorf("GET %s: %d %q", address, rec.Code, rec.Header().Get("Content-Type"))
		}
		again := httptest.NewRequest(http.MethodGet, address, nil)
		again.Header.Set("If-None-Match", rec.Header().Get("Etag"))
		mux := http.NewServeMux()
		p.routes(mux)
		second := httptest.NewRecorder()
		mux.ServeHTTP(second, again)
		if second.Code != http.StatusNotModified {
			t.Errorf("GET %s with its tag: %d, want 304", address, second.Code)
		}
	}
	for _, address := range []string{"/static/none", "/static/..%2fsidebar.html", "/static/%2e%2e%2flayout.html", "/other"} {
		if rec := get(t, p, address); rec.Code != http.StatusNotFound {
			t.Errorf("GET %s: %d, want 404", address, rec.Code)
		}
	}
}

func TestFragmentsStayWhereNothingChanged(t *testing.T) {
	ws := helpdesk(t)
	p := testPage(ws)
	tags := func() map[string]string {
		found := map[string]string{}
		for _, m := range regexp.MustCompile(`data-part="(\w+)" data-etag="(\w+)"`).FindAllStringSubmatch(get(t, p, "/lab/page/fragment?as=U1").Body.String(), -1) {
			found[m[1]] = m[2]
		}
		return found
	}
	before := tags()
	if len(before) != len(liveParts) {
		t.Fatalf("fragments hold %v, want %v", before, liveParts)
	}
	ws.messages["C1"] = append(ws.messages["C1"], SeenMessage{TS: "4.000001", UserID: "UB", UserName: "pwsync", Channel: "C1", At: labNow, Text: "new"})
	after := tags()
	for name := range before {
		changed := before[name] != after[name]
		// The channel list knows the newest message too, for its unread mark.
		if want := name == "conversation" || name == "sidebar"; changed != want {
			t.Errorf("part %s changed: %v, want %v", name, changed, want)
		}
	}
}

func TestManyMessagesAreCutToTheNewest(t *testing.T) {
	ws := helpdesk(t)
	ws.messages["C5"] = nil
	for i := range shownMessages + 5 {
		ws.messages["C5"] = append(ws.messages["C5"], SeenMessage{TS: "9." + strings.Repeat("0", 3) + string(rune('a'+i%26)), Channel: "C5", UserName: "x", At: labNow, Text: "n"})
	}
	body := get(t, testPage(ws), "/?as=U1&channel=C5").Body.String()
	if n := strings.Count(body, "<article"); n != shownMessages || !strings.Contains(body, "Older messages are not shown.") {
		t.Errorf("%d messages are drawn, want %d and a note", n, shownMessages)
	}
}

func TestThePageOpensAsTheHelpDesk(t *testing.T) {
	people := []Person{
		{ID: "U1", Name: "vera", Roles: []string{"viewer"}},
		{ID: "U2", Name: "olga", Roles: []string{"approver", "operator"}},
		{ID: "U3", Name: "otto", Roles: []string{"operator"}},
	}
	everyone := []string{"U1", "U2", "U3"}
	channels := []Channel{{ID: "C1", Name: "general", Members: everyone}, {ID: "C2", Name: "helpdesk", Members: everyone}}
	gone := slices.Clone(people)
	gone[1].Deleted = true
	for _, c := range []struct {
		name     string
		people   []Person
		channels []Channel
		address  string
		want     where
	}{
		{"the first operator stands in #helpdesk", people, channels, "/", where{as: "U2", channel: "C2"}},
		{"whoever was deactivated is nobody's help", gone, channels, "/", where{as: "U3", channel: "C2"}},
		{"without an operator it is the first person", people[:1], channels, "/", where{as: "U1", channel: "C2"}},
		{"without #helpdesk it is the first channel", people, channels[:1], "/", where{as: "U2", channel: "C1"}},
		{"a channel that is asked for is kept", people, channels, "/?channel=C1", where{as: "U2", channel: "C1"}},
		{"the Home that is asked for is kept", people, channels, "/?home=1", where{as: "U2", home: true}},
		{"a person who is named starts in their first channel", people, channels, "/?as=U1", where{as: "U1", channel: "C1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			ws := helpdesk(t)
			ws.people, ws.channels = c.people, c.channels
			at := readWhere(httptest.NewRequest(http.MethodGet, c.address, nil))
			if got := testPage(ws).view(at).Where; got != c.want.query().Encode() {
				t.Errorf("the page stands at %s, want %s", got, c.want.query().Encode())
			}
		})
	}
}

func TestFaultsThatCannotBeListedAreNamed(t *testing.T) {
	ws := helpdesk(t)
	ws.faultErr = errors.New("the estate is <down>")
	body := get(t, testPage(ws), "/").Body.String()
	if !strings.Contains(body, "The faults cannot be listed: the estate is &lt;down&gt;") {
		t.Error("the page does not say why there are no faults")
	}
}

func TestPageWithoutAnEstate(t *testing.T) {
	ws := helpdesk(t)
	ws.world = nil
	body := get(t, testPage(ws), "/").Body.String()
	if strings.Contains(body, "data-advance") || strings.Contains(body, "People to ask about") {
		t.Error("the page offers to move a clock, or to ask about people, that do not exist")
	}
}

// openStream connects to the stream and returns its lines.
func openStream(t *testing.T, url string) (*http.Response, <-chan string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	lines := make(chan string, 100)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(resp.Body); s.Scan(); {
			select {
			case lines <- s.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	return resp, lines
}

func waitLine(t *testing.T, lines <-chan string, want string) {
	t.Helper()
	timeout := time.After(5 * time.Second)
	for {
		select {
		case line, open := <-lines:
			if !open {
				t.Fatalf("the stream ended before %q", want)
			}
			if line == want {
				return
			}
		case <-timeout:
			t.Fatalf("%q did not come", want)
		}
	}
}

func TestStreamTellsOfChanges(t *testing.T) {
	ws := helpdesk(t)
	p := testPage(ws)
	mux := http.NewServeMux()
	p.routes(mux)
	server := httptest.NewServer(mux)
	defer server.Close()

	resp, lines := openStream(t, server.URL+"/lab/page/stream?as=U1")
	defer func() { _ = resp.Body.Close() }()
	if kind := resp.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Fatalf("content type %q", kind)
	}
	waitLine(t, lines, "data: hello")
	ws.listeners()[0] <- struct{}{}
	waitLine(t, lines, "data: look")
	waitLine(t, lines, ": still here")

	full, _ := openStream(t, server.URL+"/lab/page/stream")
	defer func() { _ = full.Body.Close() }()
	if full.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("one stream too many: %d, want 503", full.StatusCode)
	}
	close(ws.listeners()[0]) // the workspace ends
	for range lines {        // and so does the stream
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{"Hanna Lind": "HL", "gil": "G", "ölrich.weiß": "ÖW", "": "?", "a b c": "AB"} {
		if got := initials(name); got != want {
			t.Errorf("initials(%q) = %q, want %q", name, got, want)
		}
	}
}
