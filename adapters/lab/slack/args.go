package slack

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// maxBody bounds every request body.
const maxBody = 1 << 20

// arguments are what a caller sent, from a form or a JSON body alike: text as
// text, everything else as JSON.
type arguments struct {
	values map[string]string
	whole  []byte // the JSON body, when it was one
	token  string // from the body or the Authorization header
}

// readArgs reads a request the way Slack does: form or JSON body, token in
// the body or as a bearer. The second result is Slack's word for what is
// wrong with it.
func readArgs(r *http.Request) (arguments, string) {
	a := arguments{values: map[string]string{}}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return a, "request_too_large"
		}
		return a, "invalid_post_type"
	}
	if len(body) > maxBody {
		return a, "request_too_large"
	}
	a.fromForm(r.URL.RawQuery)
	// A token in the address would end in logs; Slack does not take it
	// from there either.
	delete(a.values, "token")
	if problem := a.fromBody(r.Header.Get("Content-Type"), body); problem != "" {
		return a, problem
	}
	a.token = a.values["token"]
	delete(a.values, "token")
	if scheme, bearer, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "bearer") {
		a.token = strings.TrimSpace(bearer)
	}
	return a, ""
}

func (a *arguments) fromBody(contentType string, body []byte) string {
	if len(body) == 0 {
		return ""
	}
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return "invalid_post_type"
	}
	switch kind {
	case "application/json":
		return a.fromJSON(body)
	case "application/x-www-form-urlencoded":
		return a.fromForm(string(body))
	default:
		return "invalid_post_type"
	}
}

// fromForm adds what a form says. Of a repeated name the first value counts.
func (a *arguments) fromForm(form string) string {
	values, err := url.ParseQuery(form)
	for name, v := range values {
		if _, ok := a.values[name]; !ok && len(v) > 0 {
			a.values[name] = v[0]
		}
	}
	if err != nil {
		return "invalid_form_data"
	}
	return ""
}

func (a *arguments) fromJSON(body []byte) string {
	var fields map[string]json.RawMessage
	if !json.Valid(body) {
		return "invalid_json"
	}
	if err := json.Unmarshal(body, &fields); err != nil {
		return "json_not_object"
	}
	for name, raw := range fields {
		if text, ok := jsonText(raw); ok {
			a.values[name] = text
		}
	}
	a.whole = body
	return ""
}

// jsonText is a JSON string's content, any other value as it stands, and
// nothing for null.
func jsonText(raw json.RawMessage) (string, bool) {
	raw = bytes.TrimSpace(raw)
	switch {
	case len(raw) == 0, bytes.Equal(raw, []byte("null")):
		return "", false
	case raw[0] == '"':
		var s string
		if err := json.Unmarshal(raw, &s); err != nil {
			return "", false
		}
		return s, true
	default:
		return string(raw), true
	}
}

// nonNull is the raw JSON, or nil when it says nothing.
func nonNull(raw json.RawMessage) json.RawMessage {
	trimmed := bytes.TrimSpace(raw)
	if len(trimmed) == 0 || bytes.Equal(trimmed, []byte("null")) {
		return nil
	}
	return raw
}

func (a arguments) text(name string) string { return a.values[name] }

func (a arguments) has(name string) bool { _, ok := a.values[name]; return ok }

func (a arguments) raw(name string) json.RawMessage {
	if v, ok := a.values[name]; ok {
		return json.RawMessage(v)
	}
	return nil
}

func (a arguments) flag(name string) bool {
	switch strings.ToLower(a.values[name]) {
	case "1", "true":
		return true
	default:
		return false
	}
}

// number is an integer argument, or the given default when it is absent. The
// second result is false when it is not a number.
func (a arguments) number(name string, byDefault int) (int, bool) {
	text, ok := a.values[name]
	if !ok || text == "" {
		return byDefault, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}
