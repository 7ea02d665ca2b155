package cause

import (
	"bufio"
	"errors"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/pwsync/pwsync/checks"
)

const (
	// Schema names the form of an [Explanation].
	Schema = "pwsync.explain/1"
	// findingsMax bounds an explanation.
	findingsMax = 50
	// wordsMax is the length up to which a text may be a few words to look up.
	wordsMax = 200
)

// Explanation is what a text means.
type Explanation struct {
	Schema string `json:"schema"`
	// Recognised says that something in the text is known.
	Recognised bool `json:"recognised"`
	// Findings are the things found, in the order of the text, each once.
	Findings []Finding `json:"findings"`
	// Truncated says that there was more to find than is listed.
	Truncated bool `json:"truncated,omitempty"`
}

// Finding is one thing that a text means. It quotes nothing of the text but
// numbers and words that are known beforehand.
type Finding struct {
	// Kind is event, status, code or check.
	Kind string `json:"kind"`
	// ID is the number or word that was recognized.
	ID string `json:"id"`
	// Cause is the stable id of the meaning.
	Cause string `json:"cause"`
	// Check is the id of the check that covers it.
	Check string `json:"check,omitempty"`
	Title string `json:"title"`
	Owner Owner  `json:"owner"`
	// Next says what to do; it is never empty.
	Next []string `json:"next"`
}

func finding(kind, id string, c Cause) Finding {
	return Finding{Kind: kind, ID: id, Cause: c.ID, Check: c.Check, Title: c.Title, Owner: c.Owner, Next: slices.Clone(c.Next)}
}

func checkFinding(c *checks.Check) Finding {
	return Finding{Kind: "check", ID: c.ID, Cause: c.ID, Check: c.ID, Title: c.Title, Owner: ownerOfCheck(c.ID), Next: checkSteps(c)}
}

// Explain reads a text of any length as a stream and says what is known in it:
// events in any form that people paste, exceptions, codes, statuses. A text of
// a few words is looked up word by word. Memory and answer are bounded.
func Explain(r io.Reader) (Explanation, error) {
	x := newExplainer()
	in := bufio.NewReaderSize(UTF8(r), fragmentMax)
	top, err := in.Peek(wordsMax + 1)
	if errors.Is(err, io.EOF) {
		if found, ok := explainWords(string(top)); ok {
			for _, f := range found {
				x.add(f)
			}
			return x.done(), nil
		}
	}
	if err := scan(in, x.piece); err != nil {
		return Explanation{}, err
	}
	return x.done(), nil
}

// ExplainRecords explains events that were read elsewhere, such as from a file
// of the event log.
func ExplainRecords(records iter.Seq2[Raw, error]) (Explanation, error) {
	x := newExplainer()
	for r, err := range records {
		if err != nil {
			return Explanation{}, err
		}
		if !x.piece(piece{
			header: header{hasID: true, id: r.ID, source: r.Source, time: r.Time, record: r.Record},
			body:   newText(r.Text), first: true, last: true,
		}) {
			break
		}
	}
	return x.done(), nil
}

// explainWords explains a text that is nothing but words to look up. One
// unknown word makes it a text like any other.
func explainWords(s string) ([]Finding, bool) {
	s = strings.TrimSpace(strings.ReplaceAll(s, "\u00a0", " "))
	if s == "" || strings.ContainsAny(s, "\n\r") {
		return nil, false
	}
	if f, ok := ExplainWord(s); ok {
		return []Finding{f}, true
	}
	var found []Finding
	var hint string
	for w := range strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune(" ,;\t", r) }) {
		low := strings.Trim(lowerASCII(w), ".:?!#()")
		if slices.Contains(fillers, low) {
			if low == "aadsts" || low == "error" || low == "code" || low == "rpc" || low == "event" || low == "id" {
				hint = low
			}
			continue
		}
		f, ok := hinted(low, hint)
		if !ok {
			return nil, false
		}
		found = append(found, f)
	}
	return found, len(found) > 0
}

// fillers are words around the one that is asked about.
var fillers = []string{
	"event", "events", "eventid", "id", "ids", "code", "codes", "error", "errors", "status", "check", "rpc", "win32", "hresult",
	"aadsts", "and", "or", "what", "is", "are", "does", "the", "a", "an", "mean", "about", "explain", "with", "",
}

// hinted looks a word up; a number behind "error" or "code" is a code first.
func hinted(word, hint string) (Finding, bool) {
	n, err := strconv.ParseInt(word, 10, 64)
	if err == nil {
		switch hint {
		case "aadsts":
			return explainPrefixed("aadsts" + word)
		case "error", "code", "rpc":
			if f, ok := explainNumber(n); ok {
				return f, true
			}
		}
	}
	return ExplainWord(word)
}

// explainer collects findings.
type explainer struct {
	out  Explanation
	seen map[[3]string]bool

	// The event or exception that is being read in pieces.
	isEvent bool
	id      int
	source  string
	best    *checks.Event
	pending *Finding
}

func newExplainer() *explainer {
	return &explainer{out: Explanation{Schema: Schema, Findings: []Finding{}}, seen: make(map[[3]string]bool)}
}

func (x *explainer) done() Explanation {
	x.out.Recognised = len(x.out.Findings) > 0
	return x.out
}

// add lists a finding once; it returns false when the list is full.
func (x *explainer) add(f Finding) bool {
	key := [3]string{f.Kind, f.ID, f.Cause}
	switch {
	case f.Cause == "" || x.seen[key]:
	case len(x.out.Findings) >= findingsMax:
		x.out.Truncated = true
	default:
		x.seen[key] = true
		x.out.Findings = append(x.out.Findings, f)
	}
	return !x.out.Truncated
}

// piece explains the next piece of a text.
func (x *explainer) piece(p piece) bool {
	if p.first {
		x.begin(p)
	}
	if !x.isEvent {
		return x.prose(p)
	}
	e := Read(Raw{ID: x.id, Source: x.source, Time: p.time, Record: p.record, Text: p.body.raw})
	if x.best == nil || e.Cause != "" && !index()[e.Cause].Vague {
		x.best = &e
	}
	if !p.last {
		return true
	}
	return x.event(*x.best, p)
}

// begin settles whether a record is an event, and which.
func (x *explainer) begin(p piece) {
	x.isEvent, x.id, x.source, x.best, x.pending = p.hasID, p.id, p.source, nil, nil
	if k, from, ok := kindByHead(p.body); !p.hasID && ok {
		x.isEvent, x.id, x.source = true, k.id, from
	}
	if x.isEvent && x.source == "" {
		x.source = UsualSource(x.id)
	}
}

// event lists an event, and the statuses that it carries for people.
func (x *explainer) event(e checks.Event, p piece) bool {
	c := index()[e.Cause]
	if e.Cause == "" {
		if sourceOf(x.source) == foreign {
			return true
		}
		return x.prose(p)
	}
	if p.alone && x.listed(e.ID) {
		return true // the header of a message that stood before it
	}
	var words []Finding
	for _, ch := range e.Changes {
		s, ok := Status(ch.Result)
		switch {
		case e.Cause == "upload-result" && !strings.EqualFold(ch.Result, "success"):
			c = index()["upload-result-failed"]
		case ok && s.Name != "Success" && e.ID != 657:
			words = append(words, finding("status", s.Name, s.Cause))
		}
	}
	more := x.add(finding("event", strconv.Itoa(e.ID), c))
	for _, w := range words {
		more = x.add(w)
	}
	return more
}

// listed reports whether an event of that number is among the findings.
func (x *explainer) listed(id int) bool {
	return slices.ContainsFunc(x.out.Findings, func(f Finding) bool { return f.Kind == "event" && f.ID == strconv.Itoa(id) })
}

// prose lists what a text without an event says. An exception that goes on in
// the next piece waits for its innermost part.
func (x *explainer) prose(p piece) bool {
	found, chain := bare(p.body)
	if !p.last && chain && len(found) > 0 {
		x.pending, found = &found[0], found[1:]
	} else if chain && len(found) > 0 {
		x.pending = nil
	}
	if p.last && x.pending != nil {
		found = append([]Finding{*x.pending}, found...)
	}
	more := true
	for _, f := range found {
		more = x.add(f)
	}
	return more
}
