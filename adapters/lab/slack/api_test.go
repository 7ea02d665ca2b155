package slack

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTokensAreTakenFromFormAndHeaderAndCheckedForTheirKind(t *testing.T) {
	l := startLab(t, nil)
	for _, tc := range []struct {
		name, method, token, want string
	}{
		{"the bot token serves auth.test", "auth.test", testBotToken, ""},
		{"no token is not_authed", "auth.test", "", "not_authed"},
		{"a foreign token is invalid_auth", "auth.test", "xoxb-else", "invalid_auth"},
		{"the app token does not post", "chat.postMessage", testAppToken, "not_allowed_token_type"},
		{"the bot token does not open connections", "apps.connections.open", testBotToken, "not_allowed_token_type"},
		{"an unknown method is named", "chat.shout", testBotToken, "unknown_method"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := l.api(tc.method, tc.token, map[string]any{})
			if e, _ := got["error"].(string); e != tc.want {
				t.Errorf("header: got %v", got)
			}
			got = l.form(tc.method, "token", tc.token)
			if e, _ := got["error"].(string); e != tc.want {
				t.Errorf("form: got %v", got)
			}
		})
	}
	if got := l.do(http.MethodGet, "/api/auth.test?token="+testBotToken, "", "").object(t); got["error"] != "not_authed" {
		t.Errorf("a token in the address was taken: %v", got)
	}
}

func TestMethodsNeedTheirScopes(t *testing.T) {
	l := startLab(t, func(c *Config) { c.BotScopes = []string{"users:read", "groups:read"} })
	got := l.form("chat.postMessage", "channel", helpdeskID, "text", "x")
	want := map[string]any{"ok": false, "error": "missing_scope", "needed": "chat:write", "provided": "users:read,groups:read"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// groups:read opens the method, but not for a public channel.
	if got := l.form("conversations.info", "channel", helpdeskID); got["error"] != "missing_scope" || got["needed"] != "channels:read" {
		t.Errorf("got %v", got)
	}
	user := mustOK(t, l.form("users.info", "user", viewerID))["user"].(map[string]any)
	if _, shown := user["profile"].(map[string]any)["email"]; shown {
		t.Error("the address is shown without users:read.email")
	}
}

func TestPostingFollowsMembership(t *testing.T) {
	l := startLab(t, func(c *Config) {
		c.Channels = append(c.Channels, Channel{ID: "C0OLD", Name: "old", Archived: true, Members: []string{botID}})
	})
	for _, tc := range []struct{ name, method, channel, user, want string }{
		{"a member posts", "chat.postMessage", helpdeskID, "", ""},
		{"a member posts by channel name", "chat.postMessage", "#helpdesk", "", ""},
		{"a user id opens the direct message", "chat.postMessage", viewerID, "", ""},
		{"a public channel needs an invitation", "chat.postMessage", quietID, "", "not_in_channel"},
		{"a private channel without the bot does not exist", "chat.postMessage", secretID, "", "channel_not_found"},
		{"an unknown channel does not exist", "chat.postMessage", "C0NONE", "", "channel_not_found"},
		{"an archived channel takes nothing", "chat.postMessage", "C0OLD", "", "is_archived"},
		{"an ephemeral message needs its reader in the channel", "chat.postEphemeral", helpdeskID, strangerID, "user_not_in_channel"},
		{"an ephemeral message reaches a member", "chat.postEphemeral", helpdeskID, viewerID, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := l.form(tc.method, "channel", tc.channel, "user", tc.user, "text", "hello")
			if e, _ := got["error"].(string); e != tc.want {
				t.Errorf("got %v, want %q", got, tc.want)
			}
		})
	}
}

func TestTextLimits(t *testing.T) {
	l := startLab(t, nil)
	if got := l.form("chat.postMessage", "channel", helpdeskID, "text", "  "); got["error"] != "no_text" {
		t.Errorf("blank text: %v", got)
	}
	long := strings.Repeat("é", messageText+1)
	got := mustOK(t, l.form("chat.postMessage", "channel", helpdeskID, "text", long))
	if got["warning"] != "message_truncated" {
		t.Errorf("no warning in %v", got["warning"])
	}
	ts := got["ts"].(string)
	if text := got["message"].(map[string]any)["text"].(string); text != long[:2*messageText] {
		t.Errorf("text was cut to %d bytes", len(text))
	}
	if got := l.form("chat.update", "channel", helpdeskID, "ts", ts, "text", strings.Repeat("x", updateText+1)); got["error"] != "msg_too_long" {
		t.Errorf("update: %v", got)
	}
	mustOK(t, l.form("chat.update", "channel", helpdeskID, "ts", ts, "text", strings.Repeat("ü", updateText)))
}

func TestUpdateFollowsSlacksRulesAboutBlocks(t *testing.T) {
	l := startLab(t, nil)
	rich := `[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"rich"}]}]}]`
	plain := `[{"type":"section","text":{"type":"mrkdwn","text":"plain"}}]`
	ts := mustOK(t, l.form("chat.postMessage", "channel", helpdeskID, "text", "a", "blocks", rich))["ts"].(string)
	if got := l.form("chat.update", "channel", helpdeskID, "ts", ts, "text", "b", "blocks", plain); got["error"] != "block_mismatch" {
		t.Errorf("rich text became plain: %v", got)
	}
	got := mustOK(t, l.form("chat.update", "channel", helpdeskID, "ts", ts, "text", "b"))
	if _, kept := got["message"].(map[string]any)["blocks"]; kept {
		t.Error("a text without blocks keeps the blocks")
	}
	if m := l.Messages(helpdeskID, viewerID)[0]; !m.Edited || m.Text != "b" || len(m.Blocks) != 0 {
		t.Errorf("message is %+v", m)
	}
	ephemeral := mustOK(t, l.form("chat.postEphemeral", "channel", helpdeskID, "user", viewerID, "text", "psst"))["message_ts"].(string)
	for _, method := range []string{"chat.update", "chat.delete"} {
		if got := l.form(method, "channel", helpdeskID, "ts", ephemeral, "text", "x"); got["error"] != "message_not_found" {
			t.Errorf("%s of an ephemeral message: %v", method, got)
		}
	}
	mustOK(t, l.form("chat.delete", "channel", helpdeskID, "ts", ts))
	if got := l.form("chat.delete", "channel", helpdeskID, "ts", ts); got["error"] != "message_not_found" {
		t.Errorf("deleted twice: %v", got)
	}
}

func TestInvalidBlocksAreReportedWithPointers(t *testing.T) {
	l := startLab(t, nil)
	got := l.form("chat.postMessage", "channel", helpdeskID, "text", "x",
		"blocks", `[{"type":"header","text":{"type":"mrkdwn","text":"x"}}]`)
	if got["error"] != "invalid_blocks" {
		t.Fatalf("got %v", got)
	}
	// Slack's client libraries read sentences here, and no objects.
	first := got["errors"].([]any)[0].(string)
	if !strings.HasPrefix(first, "failed_constraint") || !strings.HasSuffix(first, "[json-pointer:/blocks/0/text/type]") {
		t.Errorf("error is %q", first)
	}
	message := got["response_metadata"].(map[string]any)["messages"].([]any)[0].(string)
	if message != "[ERROR] "+first {
		t.Errorf("message is %q", message)
	}
	if got := l.form("chat.postMessage", "channel", helpdeskID, "blocks", `{"not":"a list"}`); got["error"] != "invalid_blocks_format" {
		t.Errorf("got %v", got)
	}
}

func TestMissingIDsAreFilledIn(t *testing.T) {
	l := startLab(t, nil)
	got := mustOK(t, l.form("chat.postMessage", "channel", helpdeskID, "text", "x",
		"blocks", `[{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"A & <b>"}}]}]`))
	block := got["message"].(map[string]any)["blocks"].([]any)[0].(map[string]any)
	button := block["elements"].([]any)[0].(map[string]any)
	if block["block_id"] == "" || button["action_id"] == "" || button["text"].(map[string]any)["text"] != "A & <b>" {
		t.Errorf("stored block is %v", block)
	}
}

func TestBlocksValidateNeedsNoToken(t *testing.T) {
	l := startLab(t, nil)
	call := func(pairs ...string) map[string]any { return l.form("blocks.validate", append(pairs, "token", "")...) }
	mustOK(t, call("blocks", `[{"type":"divider"}]`))
	mustOK(t, call("view", askView))
	for _, tc := range []struct{ name, field, value, want, pointer string }{
		{"blocks", "blocks", `[{"type":"divider"},{"type":"nonsense"}]`, "invalid_blocks", "/1/type"},
		{"a message", "message", `{"blocks":[{"type":"header"}]}`, "invalid_message", "/blocks/0/text"},
		{"a view", "view", `{"type":"modal","blocks":[{"type":"divider"}]}`, "invalid_view", "/title"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := call(tc.field, tc.value)
			if got["error"] != tc.want || got["errors"].([]any)[0].(map[string]any)["pointer"] != tc.pointer {
				t.Errorf("got %v", got)
			}
		})
	}
	if got := call("blocks", "[]", "view", "{}"); got["error"] != "invalid_arguments" {
		t.Errorf("two at once: %v", got)
	}
}

func TestPeopleChannelsAndGroups(t *testing.T) {
	l := startLab(t, nil)
	user := mustOK(t, l.form("users.info", "user", strangerID))["user"].(map[string]any)
	if user["is_stranger"] != true || user["team_id"] != "T0OTHER" {
		t.Errorf("stranger is %v", user)
	}
	if got := l.form("users.info", "user", "U0NOBODY"); got["error"] != "user_not_found" {
		t.Errorf("got %v", got)
	}
	found := mustOK(t, l.form("users.lookupByEmail", "email", "VERA@example.test"))["user"].(map[string]any)
	if found["id"] != viewerID {
		t.Errorf("found %v", found)
	}
	channel := mustOK(t, l.form("conversations.info", "channel", sharedID, "include_num_members", "true"))["channel"].(map[string]any)
	if channel["is_ext_shared"] != true || channel["num_members"] != 3.0 || channel["connected_team_ids"].([]any)[0] != "T0OTHER" {
		t.Errorf("shared channel is %v", channel)
	}
	if got := l.form("conversations.info", "channel", secretID); got["error"] != "channel_not_found" {
		t.Errorf("private channel: %v", got)
	}
	group := mustOK(t, l.form("usergroups.users.list", "usergroup", "S0APPROVE"))["users"]
	if diff := cmp.Diff([]any{operatorID}, group); diff != "" {
		t.Error(diff)
	}
	if got := l.form("usergroups.users.list", "usergroup", "S0NONE"); got["error"] != "no_such_subteam" {
		t.Errorf("got %v", got)
	}
	first := mustOK(t, l.form("conversations.open", "users", viewerID))["channel"].(map[string]any)["id"]
	second := mustOK(t, l.form("conversations.open", "users", viewerID))["channel"].(map[string]any)["id"]
	if first != second {
		t.Errorf("two direct messages: %v and %v", first, second)
	}
}

func TestListsArePaged(t *testing.T) {
	l := startLab(t, nil)
	var ids []string
	cursor := ""
	for {
		page := mustOK(t, l.form("users.list", "limit", "2", "cursor", cursor))
		for _, m := range page["members"].([]any) {
			ids = append(ids, m.(map[string]any)["id"].(string))
		}
		if cursor = page["response_metadata"].(map[string]any)["next_cursor"].(string); cursor == "" {
			break
		}
	}
	if diff := cmp.Diff([]string{viewerID, operatorID, guestID, "U0GONE", botID}, ids); diff != "" {
		t.Error(diff)
	}
	if got := l.form("users.list", "cursor", "nonsense"); got["error"] != "invalid_cursor" {
		t.Errorf("got %v", got)
	}
}

func TestRateLimitsAnswer429WithWholeSeconds(t *testing.T) {
	call := func(l *lab, method string) answered {
		return l.call(method, "channel", helpdeskID, "text", "x")
	}
	t.Run("a tier 2 method allows twenty calls a minute", func(t *testing.T) {
		l := startLab(t, nil)
		for range tier2 {
			if got := call(l, "usergroups.list").status; got != http.StatusOK {
				t.Fatalf("answered %d", got)
			}
		}
		resp := call(l, "usergroups.list")
		if resp.status != http.StatusTooManyRequests || resp.header.Get("Retry-After") != "3" {
			t.Errorf("answered %d, Retry-After %q", resp.status, resp.header.Get("Retry-After"))
		}
	})
	t.Run("a channel takes one message a second after a short burst", func(t *testing.T) {
		l := startLab(t, nil)
		for range channelBurst {
			call(l, "chat.postMessage")
		}
		resp := call(l, "chat.postMessage")
		if resp.status != http.StatusTooManyRequests || resp.header.Get("Retry-After") != "1" {
			t.Errorf("answered %d, Retry-After %q", resp.status, resp.header.Get("Retry-After"))
		}
		if n := len(l.Messages(helpdeskID, viewerID)); n != channelBurst {
			t.Errorf("%d messages were posted", n)
		}
	})
	t.Run("a load run may lift them", func(t *testing.T) {
		l := startLab(t, func(c *Config) { c.NoRateLimits = true })
		for range 3 * channelBurst {
			if got := call(l, "chat.postMessage").status; got != http.StatusOK {
				t.Fatalf("answered %d", got)
			}
		}
	})
}

func TestFaultsOfTheWebAPI(t *testing.T) {
	for _, tc := range []struct{ fault, method, want string }{
		{faultTokenRevoked, "auth.test", "token_revoked"},
		{faultRateLimited, "chat.postMessage", "ratelimited"},
		{faultInvalidBlocks, "chat.postMessage", "invalid_blocks"},
		{faultChannelArchived, "chat.postMessage", "is_archived"},
		{faultBotRemoved, "chat.postMessage", "not_in_channel"},
		{faultLookupFails, "users.info", "internal_error"},
	} {
		t.Run(tc.fault, func(t *testing.T) {
			l := startLab(t, nil)
			call := func() map[string]any {
				return l.form(tc.method, "channel", helpdeskID, "user", viewerID, "text", "x", "blocks", `[{"type":"divider"}]`)
			}
			if err := l.SetFaults([]string{tc.fault}, nil); err != nil {
				t.Fatal(err)
			}
			if got := call(); got["error"] != tc.want {
				t.Errorf("got %v", got)
			}
			if err := l.SetFaults(nil, []string{tc.fault}); err != nil {
				t.Fatal(err)
			}
			mustOK(t, call())
		})
	}
	l := startLab(t, nil)
	if err := l.SetFaults([]string{faultServerError}, nil); err != nil {
		t.Fatal(err)
	}
	resp := l.call("auth.test")
	if resp.status != http.StatusInternalServerError || !strings.HasPrefix(resp.header.Get("Content-Type"), "text/html") {
		t.Errorf("answered %d %s", resp.status, resp.header.Get("Content-Type"))
	}
}

func TestBodiesAreBoundedAndTyped(t *testing.T) {
	l := startLab(t, nil)
	for _, tc := range []struct{ name, kind, body, want string }{
		{"a body over the bound", "application/json", `{"text":"` + strings.Repeat("x", maxBody) + `"}`, "request_too_large"},
		{"broken JSON", "application/json", `{`, "invalid_json"},
		{"JSON that is no object", "application/json", `[]`, "json_not_object"},
		{"a broken form", "application/x-www-form-urlencoded", `a=%zz`, "invalid_form_data"},
		{"some other type", "text/xml", `<a/>`, "invalid_post_type"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := l.do(http.MethodPost, "/api/auth.test", tc.kind, tc.body).object(t); got["error"] != tc.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestAPermalinkLeadsToThePage(t *testing.T) {
	l := startLab(t, nil)
	ts := mustOK(t, l.form("chat.postMessage", "channel", helpdeskID, "text", "x"))["ts"].(string)
	link := mustOK(t, l.form("chat.getPermalink", "channel", helpdeskID, "message_ts", ts))["permalink"].(string)
	resp := l.do(http.MethodGet, link, "", "")
	if got := resp.header.Get("Location"); got != "/?channel="+helpdeskID {
		t.Errorf("%s leads to %q", link, got)
	}
}

func FuzzArguments(f *testing.F) {
	f.Add("application/json", []byte(`{"a":"b","c":[1],"token":"x"}`))
	f.Add("application/x-www-form-urlencoded", []byte(`a=b&a=c&%zz&token=x`))
	f.Add("text/plain; charset", []byte(`a`))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		r := httptest.NewRequest(http.MethodPost, "/api/x", strings.NewReader(string(body)))
		r.Header["Content-Type"] = []string{kind}
		a, problem := readArgs(r)
		if _, leaked := a.values["token"]; leaked && problem == "" {
			t.Error("the token stayed among the arguments")
		}
		if problem == "" && a.whole != nil && !json.Valid(a.whole) {
			t.Errorf("took %q for JSON", a.whole)
		}
	})
}
