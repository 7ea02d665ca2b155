package cause

import "strings"

// arrow stands between an exception and the one inside it.
const arrow = "--->"

// reading is what an exception, or a chain of them, was understood as.
type reading struct {
	cause, code string
	// detail is the message of the deciding exception, outer that of an outer
	// exception which would have meant something else.
	detail, outer string
}

// classify reads a chain of exceptions from the inside out: the innermost one
// that says something decides. Where the innermost says nothing, the place
// where it was thrown (its stack) is asked before the ones around it.
func classify(t text, from side) reading {
	var r reading
	var innermost string
	rest := t
	for first := true; ; first = false {
		seg := rest
		i := strings.LastIndex(rest.low, arrow)
		if i >= 0 {
			seg = rest.slice(i+len(arrow), len(rest.low))
		}
		msg := message(seg)
		if first {
			innermost = msg.raw
		}
		id, code := signal(msg, from)
		if id == "" && first && from == directory {
			id = thrownAt(t)
		}
		r.take(id, code, msg.raw)
		if i < 0 || r.outer != "" {
			break
		}
		rest = rest.slice(0, i)
	}
	if r.cause == "" {
		r.detail = innermost
	}
	return r
}

// take adds what the next exception, one further out, says. A vague reading
// gives way to a precise one; a second meaning is kept as the outer sentence.
func (r *reading) take(id, code, message string) {
	switch {
	case id == "" || id == r.cause:
		return
	case r.cause == "":
		r.cause, r.code, r.detail = id, code, message
	case index()[r.cause].Vague && !index()[id].Vague && r.code == "":
		r.cause, r.code, r.detail, r.outer = id, code, message, r.detail
	default:
		r.outer = message
	}
}

// String joins the deciding sentence and the outer one.
func (r reading) String() string {
	detail, outer := sentence(r.detail), sentence(r.outer)
	if outer == "" || outer == detail {
		return detail
	}
	return clean(detail+" (inside: "+outer+")", detailRunes)
}

// sentence makes the message of an exception readable: the namespace of its
// type is dropped, the type's own name stays.
func sentence(raw string) string {
	s := clean(raw, detailRunes)
	head, tail, ok := strings.Cut(s, ": ")
	if !ok || strings.ContainsAny(head, " <>()") {
		return s
	}
	return head[strings.LastIndexByte(head, '.')+1:] + ": " + tail
}

// thrownAt reads the cause from the names on the stack. The combinations are
// the agent's own ways of looking for a domain controller.
func thrownAt(t text) string {
	switch {
	case t.has("fimnotificationmanager.getretryobjects"), t.has("fimnotificationmanager.updateretrystatus"):
		return "engine-internal"
	case t.has("drsconnection.createsourcedomaininformation", "drsconnection.readserverguids"),
		t.has("drsconnection.createsourcedomaininformation", "drsconnection.resolvesourcehostname", "dns.gethostentry"):
		return "dc-not-resolved"
	case t.has("drsconnection.resolvedomaincontroller", "directoryentry.bind"),
		t.has("directoryutility.getdomainnamingcontextinfo", "directoryentry.bind"):
		return "connector-account-bind-failed"
	case t.has("drsconnection.resolvedomaincontroller", "directoryutility.findpreferreddc"),
		t.has("drsconnection.resolvedomaincontroller", "domain.getdomain"):
		return "dc-not-located"
	default:
		return ""
	}
}

// message cuts an exception before its stack and before what the agent appends
// to every text.
func message(seg text) text {
	end := len(seg.low)
	for _, tail := range []string{"--- end of", "<forest-info", "&lt;forest-info", "more information about how to troubleshoot"} {
		if i := strings.Index(seg.low[:end], tail); i >= 0 {
			end = i
		}
	}
	return seg.slice(0, stackStart(seg.low[:end]))
}

// frameWords are the words before a stack frame in the languages of .NET. Only
// the first may stand in running text; the others are too short for that and
// count at the beginning of an indented line.
var frameWords = []string{"at ", "bei ", "à ", "en ", "em ", "bij ", "in ", "в ", "w ", "vid ", "場所 ", "在 "}

// stackStart returns where the first stack frame begins, or the length. A
// frame is a word of the list, a dotted name and an opening parenthesis; a
// message that was flattened to one line still shows it.
func stackStart(low string) int {
	for i := 1; i < len(low); i++ {
		if isBlank(low[i]) || !isBlank(low[i-1]) {
			continue
		}
		words := frameWords[:1]
		if i > 1 && isBlank(low[i-2]) {
			words = frameWords
		}
		for _, w := range words {
			if strings.HasPrefix(low[i:], w) && isFrame(low[i+len(w):]) {
				return i - 1
			}
		}
	}
	return len(low)
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// isFrame reports whether a dotted name and an opening parenthesis follow.
func isFrame(low string) bool {
	dotted := false
	for i := 0; i < min(len(low), 200); i++ {
		switch c := low[i]; {
		case c == '(':
			return dotted
		case c == '.':
			dotted = true
		case isBlank(c):
			return false
		}
	}
	return false
}
