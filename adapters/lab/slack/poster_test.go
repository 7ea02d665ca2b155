package slack

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// webApp is an app in HTTP mode: what it got, and how it answers.
type webApp struct {
	server *httptest.Server
	got    chan webRequest
	answer func(rw http.ResponseWriter)
}

type webRequest struct {
	path   string
	header http.Header
	body   string
}

func startWebApp(t *testing.T) *webApp {
	t.Helper()
	a := &webApp{got: make(chan webRequest, 16), answer: func(http.ResponseWriter) {}}
	a.server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		a.got <- webRequest{r.URL.Path, r.Header, string(body)}
		a.answer(rw)
	}))
	t.Cleanup(a.server.Close)
	return a
}

func (a *webApp) lab(t *testing.T, retime ...func(*timing)) *lab {
	t.Helper()
	return startLab(t, func(c *Config) {
		c.HTTP = &HTTPMode{Commands: a.server.URL + "/commands", Interactivity: a.server.URL + "/actions", Events: a.server.URL + "/events"}
	}, retime...)
}

func TestHTTPModePostsSignedRequests(t *testing.T) {
	a := startWebApp(t)
	a.answer = func(rw http.ResponseWriter) { _, _ = rw.Write([]byte("plain words")) }
	l := a.lab(t)
	if o := l.slash("user R&D")(); !o.Acknowledged {
		t.Fatalf("outcome is %+v", o)
	}
	got := <-a.got
	values, err := url.ParseQuery(got.body)
	if err != nil || got.path != "/commands" || values.Get("text") != "user R&amp;D" || values.Get("user_id") != viewerID {
		t.Errorf("command is %+v", got)
	}
	if want := sign("shh", got.header.Get("X-Slack-Request-Timestamp"), got.body); got.header.Get("X-Slack-Signature") != want {
		t.Errorf("signature is %q, want %q", got.header.Get("X-Slack-Signature"), want)
	}
	if texts := l.seenBy(viewerID, helpdeskID); len(texts) != 1 || texts[0] != "plain words" {
		t.Errorf("Vera sees %q", texts)
	}
	ts := l.postButtons()
	if o, err := l.Click(context.Background(), Click{User: viewerID, Channel: helpdeskID, TS: ts, ActionID: "go"}); err != nil || !o.Acknowledged {
		t.Fatalf("outcome is %+v, %v", o, err)
	}
	got = <-a.got
	values, err = url.ParseQuery(got.body)
	if err != nil || got.path != "/actions" || !json.Valid([]byte(values.Get("payload"))) {
		t.Errorf("interaction is %+v", got)
	}
}

func TestTheSignatureIsSlacksOwn(t *testing.T) {
	// The worked example of Slack's documentation on verifying requests.
	const body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
	const want = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
	if got := sign("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body); got != want {
		t.Errorf("signature is %q", got)
	}
}

func TestHTTPModeFailures(t *testing.T) {
	t.Run("a server error is a failed dispatch", func(t *testing.T) {
		a := startWebApp(t)
		a.answer = func(rw http.ResponseWriter) { rw.WriteHeader(http.StatusInternalServerError) }
		if o := a.lab(t).slash("x")(); o.Acknowledged || !strings.Contains(o.Error, "dispatch_failed") {
			t.Errorf("outcome is %+v", o)
		}
	})
	t.Run("a slow answer is no answer", func(t *testing.T) {
		a := startWebApp(t)
		a.answer = func(http.ResponseWriter) { time.Sleep(500 * time.Millisecond) }
		if o := a.lab(t).slash("x")(); o.Acknowledged || !strings.Contains(o.Error, "did not respond") {
			t.Errorf("outcome is %+v", o)
		}
	})
	t.Run("an event is sent again with retry headers", func(t *testing.T) {
		a := startWebApp(t)
		a.answer = func(rw http.ResponseWriter) { rw.WriteHeader(http.StatusBadGateway) }
		l := a.lab(t, func(tm *timing) { tm.eventRetries = []time.Duration{time.Millisecond} })
		if o, err := l.OpenHome(context.Background(), viewerID); err != nil || o.Acknowledged {
			t.Errorf("outcome is %+v, %v", o, err)
		}
		first, second := <-a.got, <-a.got
		if first.header.Get("X-Slack-Retry-Num") != "" || second.header.Get("X-Slack-Retry-Num") != "1" || second.header.Get("X-Slack-Retry-Reason") == "" {
			t.Errorf("retry headers are %v", second.header)
		}
	})
	t.Run("HTTP mode opens no connections", func(t *testing.T) {
		l := startWebApp(t).lab(t)
		if got := l.api("apps.connections.open", testAppToken, nil); got["error"] != "link_disabled" {
			t.Errorf("got %v", got)
		}
	})
}
