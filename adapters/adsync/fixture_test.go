package adsync

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pwsync/pwsync/checks"
)

var fixtureNow = time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)

// factsOfAServer counts the facts that stand directly in checks.Server.
var factsOfAServer = func() int {
	n := 0
	for _, f := range reflect.VisibleFields(reflect.TypeFor[checks.Server]()) {
		if strings.HasPrefix(f.Type.Name(), "Fact[") {
			n++
		}
	}
	return n
}()

// replyWith is the answer of a worker that replied with these facts.
func replyWith(t testing.TB, facts string) answer {
	t.Helper()
	m, err := parseMessage([]byte(`{"id":1,"ok":true,"errors":{},"utc":"2026-03-10T09:00:01Z","ms":0,"facts":` + facts + `}`))
	if err != nil || m.err != nil {
		t.Fatal(err, m.err)
	}
	m.reply.Sent, m.reply.Received = fixtureNow, fixtureNow.Add(200*time.Millisecond)
	h, err := parseHello(json.RawMessage(`{"protocol":1,"module":"loaded"}`))
	if err != nil {
		t.Fatal(err)
	}
	m.reply.Hello = h
	return newAnswer("CONNECT07", m.reply, nil)
}

// changed returns the fixture with one value replaced; path is like
// "connectors.0.partitions.0.selected". A nil value deletes the key.
func changed(t testing.TB, file, path string, value any) string {
	t.Helper()
	var doc any
	if err := json.Unmarshal([]byte(compact(t, file)), &doc); err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(path, "|")
	at := doc
	for i, part := range parts {
		last := i == len(parts)-1
		switch node := at.(type) {
		case map[string]any:
			if _, ok := node[part]; !ok {
				t.Fatalf("the fixture has no %s", path)
			}
			switch {
			case !last:
				at = node[part]
			case value == nil:
				delete(node, part)
			default:
				node[part] = value
			}
		case []any:
			n, err := strconv.Atoi(part)
			if err != nil {
				t.Fatal(err)
			}
			if last {
				node[n] = value
			}
			at = node[n]
		}
	}
	out, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// froms lists the source of every fact within v by where it stands.
func froms(v any) map[string]string {
	out := map[string]string{}
	walk(v, func(path string, fact map[string]any) { out[path], _ = fact["from"].(string) })
	return out
}

// missing lists the reason of every missing fact that stands directly in v.
func missing(v any) map[string]string {
	out := map[string]string{}
	walk(v, func(path string, fact map[string]any) {
		if why, ok := fact["missing"].(string); ok {
			out[path] = why
		}
	})
	return out
}

func walk(v any, visit func(path string, fact map[string]any)) {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	var doc any
	if err := json.Unmarshal(data, &doc); err != nil {
		panic(err)
	}
	var step func(path string, node any)
	step = func(path string, node any) {
		switch node := node.(type) {
		case map[string]any:
			if _, ok := node["from"]; ok {
				visit(path, node)
			}
			for key, inner := range node {
				step(strings.TrimPrefix(path+"."+key, "."), inner)
			}
		case []any:
			for i, inner := range node {
				step(fmt.Sprintf("%s.%d", path, i), inner)
			}
		}
	}
	step("", doc)
}

func serverOf(t testing.TB, facts string) checks.Server {
	t.Helper()
	return decodeServer("CONNECT07", checks.RoleActive, replyWith(t, facts), replyWith(t, compact(t, "events.json")), eventQueries(fixtureNow, 3*time.Hour))
}

func value[T any](t testing.TB, f checks.Fact[T]) T {
	t.Helper()
	v, ok := f.Get()
	if !ok {
		t.Fatalf("the fact from %q is missing: %s", f.From(), f.Why())
	}
	return v
}

func same[T any](t *testing.T, want T, got checks.Fact[T]) {
	t.Helper()
	if diff := cmp.Diff(want, value(t, got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", got.From(), diff)
	}
}
