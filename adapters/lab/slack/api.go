package slack

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// failure is an answer that is not ok.
func failure(code string) object { return object{"ok": false, "error": code} }

// success is an answer that is ok, with further fields as pairs.
func success(pairs ...any) object {
	a := object{"ok": true}
	for i := 0; i+1 < len(pairs); i += 2 {
		a[str(pairs[i])] = pairs[i+1]
	}
	return a
}

// tokenKind is which of the app's tokens a method takes.
type tokenKind int

const (
	noToken tokenKind = iota
	botToken
	appToken
	anyToken
)

// webMethod is one Web API method.
type webMethod struct {
	name   string
	token  tokenKind
	tier   tier
	scopes []string // any one of these; none means that no scope is needed
	lookup bool     // reads people, groups or channels
	serve  func(w *Workspace, a arguments) object
}

var conversationScopes = []string{"channels:read", "groups:read", "im:read", "mpim:read"}

// webMethods lists every method that is served.
var webMethods = []webMethod{
	{"apps.connections.open", appToken, tier3, []string{"connections:write"}, false, (*Workspace).connectionsOpen},
	{"auth.test", anyToken, special, nil, false, (*Workspace).authTest},
	{"blocks.validate", noToken, special, nil, false, (*Workspace).blocksValidate},
	{"chat.delete", botToken, tier3, []string{"chat:write"}, false, (*Workspace).chatDelete},
	{"chat.getPermalink", botToken, special, nil, false, (*Workspace).chatGetPermalink},
	{"chat.postEphemeral", botToken, tier4, []string{"chat:write"}, false, (*Workspace).chatPostEphemeral},
	{"chat.postMessage", botToken, special, []string{"chat:write"}, false, (*Workspace).chatPostMessage},
	{"chat.update", botToken, tier3, []string{"chat:write"}, false, (*Workspace).chatUpdate},
	{"conversations.info", botToken, tier3, conversationScopes, true, (*Workspace).conversationsInfo},
	{"conversations.members", botToken, tier4, conversationScopes, true, (*Workspace).conversationsMembers},
	{"conversations.open", botToken, tier3, []string{"im:write", "mpim:write", "channels:manage", "groups:write"}, false, (*Workspace).conversationsOpen},
	{"team.info", botToken, tier3, []string{"team:read"}, false, (*Workspace).teamInfo},
	{"usergroups.list", botToken, tier2, []string{"usergroups:read"}, true, (*Workspace).usergroupsList},
	{"usergroups.users.list", botToken, tier2, []string{"usergroups:read"}, true, (*Workspace).usergroupsUsersList},
	{"users.info", botToken, tier4, []string{"users:read"}, true, (*Workspace).usersInfo},
	{"users.list", botToken, tier2, []string{"users:read"}, true, (*Workspace).usersList},
	{"users.lookupByEmail", botToken, tier3, []string{"users:read.email"}, true, (*Workspace).usersLookupByEmail},
	{"views.open", botToken, tier4, nil, false, (*Workspace).viewsOpen},
	{"views.publish", botToken, tier4, nil, false, (*Workspace).viewsPublish},
	{"views.push", botToken, tier4, nil, false, (*Workspace).viewsPush},
	{"views.update", botToken, tier4, nil, false, (*Workspace).viewsUpdate},
}

// slowAnswer is how late the Web API answers while faultSlow is on.
const slowAnswer = 2 * time.Second

// serveAPI answers /api/<method>.
func (w *Workspace) serveAPI(rw http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/api/")
	if w.faults.active(faultSlow) {
		select {
		case <-time.After(slowAnswer):
		case <-r.Context().Done():
			return
		case <-w.ctx.Done():
			return
		}
	}
	if w.faults.active(faultServerError) {
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		rw.WriteHeader(http.StatusInternalServerError)
		_, _ = rw.Write([]byte("<!DOCTYPE html><html><head><title>Server Error</title></head><body>Something went wrong on our end.</body></html>"))
		return
	}
	i := slices.IndexFunc(webMethods, func(m webMethod) bool { return m.name == name })
	if i < 0 {
		writeJSON(rw, http.StatusOK, object{"ok": false, "error": "unknown_method", "req_method": name})
		return
	}
	m := webMethods[i]
	args, problem := readArgs(r)
	if problem != "" {
		writeJSON(rw, http.StatusOK, failure(problem))
		return
	}
	w.callMethod(rw, m, args)
}

// callMethod puts a call through token, rate limit and scopes, in Slack's
// order, and serves it.
func (w *Workspace) callMethod(rw http.ResponseWriter, m webMethod, args arguments) {
	granted, problem := w.authenticate(m, args.token)
	if problem != "" {
		writeJSON(rw, http.StatusOK, failure(problem))
		return
	}
	if w.faults.active(faultRateLimited) {
		tooManyRequests(rw, 2*time.Second)
		return
	}
	if wait := w.limiter.method(m.name, m.tier); wait > 0 {
		tooManyRequests(rw, wait)
		return
	}
	rw.Header().Set("X-OAuth-Scopes", strings.Join(granted, ","))
	if len(m.scopes) > 0 {
		rw.Header().Set("X-Accepted-OAuth-Scopes", strings.Join(m.scopes, ","))
		if !slices.ContainsFunc(m.scopes, func(s string) bool { return slices.Contains(granted, s) }) {
			writeJSON(rw, http.StatusOK, missingScope(m.scopes, granted))
			return
		}
	}
	if m.lookup && w.faults.active(faultLookupFails) {
		writeJSON(rw, http.StatusOK, failure("internal_error"))
		return
	}
	result := m.serve(w, args)
	if wait, ok := result[retryKey].(time.Duration); ok {
		tooManyRequests(rw, wait)
		return
	}
	writeJSON(rw, http.StatusOK, result)
}

// retryKey marks an answer that a method turned into a rate limit.
const retryKey = "\x00retry"

func missingScope(needed, granted []string) object {
	return object{"ok": false, "error": "missing_scope", "needed": strings.Join(needed, ","), "provided": strings.Join(granted, ",")}
}

// authenticate tells which scopes the token carries, or Slack's word for why
// it does not serve.
func (w *Workspace) authenticate(m webMethod, token string) (granted []string, problem string) {
	if m.token == noToken {
		return nil, ""
	}
	var kind tokenKind
	switch token {
	case "":
		return nil, "not_authed"
	case w.cfg.BotToken:
		kind, granted = botToken, w.cfg.BotScopes
	case w.cfg.AppToken:
		kind, granted = appToken, w.cfg.AppScopes
	default:
		return nil, "invalid_auth"
	}
	if w.faults.active(faultTokenRevoked) {
		return nil, "token_revoked"
	}
	if m.token != anyToken && m.token != kind {
		return nil, "not_allowed_token_type"
	}
	return granted, ""
}

// tooManyRequests is Slack's rate limit answer.
func tooManyRequests(rw http.ResponseWriter, wait time.Duration) {
	rw.Header().Set("Retry-After", strconv.Itoa(retryAfter(wait)))
	writeJSON(rw, http.StatusTooManyRequests, failure("ratelimited"))
}

func writeJSON(rw http.ResponseWriter, status int, v any) {
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	rw.WriteHeader(status)
	// The peer may be gone; there is nobody left to tell.
	_ = json.NewEncoder(rw).Encode(v)
}

func (w *Workspace) authTest(arguments) object {
	return success(
		"url", w.base.http()+"/",
		"team", w.cfg.Team.Name,
		"team_id", w.cfg.Team.ID,
		"user", w.cfg.Bot.Name,
		"user_id", w.cfg.Bot.UserID,
		"bot_id", w.cfg.Bot.BotID,
		"app_id", w.cfg.AppID,
		"is_enterprise_install", false,
	)
}

func (w *Workspace) teamInfo(arguments) object {
	return success("team", object{
		"id":     w.cfg.Team.ID,
		"name":   w.cfg.Team.Name,
		"domain": w.cfg.Team.Domain,
	})
}

func (w *Workspace) connectionsOpen(arguments) object {
	if w.cfg.HTTP != nil || w.faults.active(faultLinkDisabled) {
		return failure("link_disabled")
	}
	return success("url", w.delivery.sockets.newTicket())
}

// blocksValidate is Slack's public check of blocks, a message or a view.
func (w *Workspace) blocksValidate(a arguments) object {
	given := 0
	for _, name := range []string{"blocks", "message", "view"} {
		if a.has(name) {
			given++
		}
	}
	if given != 1 {
		return failure("invalid_arguments")
	}
	if a.has("view") {
		if _, errs, problem := w.readView(a.raw("view")); problem != "" {
			return violations("invalid_view", errs)
		}
		return success()
	}
	raw, code, prefix := a.raw("blocks"), "invalid_blocks", ""
	if a.has("message") {
		code, prefix = "invalid_message", "/blocks"
		message, err := decodeObject(a.raw("message"))
		if err != nil {
			return failure(code)
		}
		raw = encode(message["blocks"])
	}
	list, ok := splitBlocks(raw)
	if !ok {
		return failure("invalid_blocks_format")
	}
	errs := Validate(SurfaceMessage, list)
	if len(errs) == 0 {
		return success()
	}
	for i := range errs {
		errs[i].Pointer = prefix + errs[i].Pointer
	}
	return violations(code, errs)
}

// violations is how blocks.validate tells what is wrong with blocks: each one in
// its parts, and as a sentence for a log.
func violations(code string, errs []BlockError) object {
	a := withErrors(code, "", errs)
	a["errors"] = errs
	return a
}

// withErrors is how every other method tells it: in sentences only, for that is
// what Slack's client libraries can read.
func withErrors(code, prefix string, errs []BlockError) object {
	a := failure(code)
	if len(errs) == 0 {
		return a
	}
	sentences, messages := make([]string, len(errs)), make([]string, len(errs))
	for i, e := range errs {
		sentences[i] = e.message(prefix)
		messages[i] = "[ERROR] " + sentences[i]
	}
	a["errors"] = sentences
	a["response_metadata"] = object{"messages": messages}
	return a
}
