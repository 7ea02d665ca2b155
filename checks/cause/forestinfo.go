package cause

import (
	"html"
	"slices"
	"strings"

	"github.com/pwsync/pwsync/checks"
)

// connectorsMax bounds how many connectors one event can name; a real one names
// a single connector, and an upload of several forests a handful.
const connectorsMax = 64

// readForestInfo reads the block that the agent appends to its texts: which
// partition and which connector the work was for. The connector's GUID is taken
// whole or not at all.
func readForestInfo(e *checks.Event, t text) {
	if !t.has("connector-id") && !t.has("partition-name") {
		return
	}
	// Some viewers show the block with its brackets escaped.
	if t.has("&lt;connector-id") || t.has("&lt;partition-name") {
		t = newText(strings.NewReplacer("&lt;", "<", "&gt;", ">", "&LT;", "<", "&GT;", ">").Replace(t.raw))
	}
	for rest := t; len(e.Connectors) < connectorsMax; {
		inside, after, ok := element(rest, "connector-id")
		if !ok {
			break
		}
		if g := guid(inside.raw); g != "" && !slices.Contains(e.Connectors, g) {
			e.Connectors = append(e.Connectors, g)
		}
		rest = after
	}
	if inside, _, ok := element(t, "partition-name"); ok {
		e.Forest = name(newText(strings.TrimSpace(html.UnescapeString(inside.upTo(512).raw))))
	}
}

// element returns what stands between <tag> and </tag>, and what follows.
func element(t text, tag string) (inside, after text, ok bool) {
	rest, ok := t.after("<" + tag + ">")
	if !ok {
		return text{}, text{}, false
	}
	i := strings.IndexByte(rest.low, '<')
	if i < 0 {
		return text{}, text{}, false
	}
	return rest.slice(0, i), rest.slice(i, len(rest.low)), true
}
