package cause

import (
	"slices"
	"strings"
	"sync"
)

// head is one beginning by which an event is known without its number.
type head struct {
	words string
	kind  kind
	from  string // the source that writes it
}

// heads lists every beginning in both spellings, with and without "hash".
var heads = sync.OnceValue(func() []head {
	var all []head
	for _, set := range []struct {
		table []kind
		from  string
	}{{agentEvents, "Directory Synchronization"}, {engineEvents, "ADSync"}} {
		for _, k := range set.table {
			for _, h := range k.heads {
				all = append(all, head{h, k, set.from})
				for _, w := range []string{"password synchroni", "password sync "} {
					if strings.Contains(h, w) {
						long := strings.ReplaceAll(h, w, "password hash "+strings.TrimPrefix(w, "password "))
						all = append(all, head{long, k, set.from})
					}
				}
			}
		}
	}
	return all
})

// mark is a place in a text where a head begins.
type mark struct {
	at   int
	head head
}

// marks finds every head in a text, in order. Each head is searched for once
// over the whole text, so the time is linear however often heads occur.
func marks(t text) []mark {
	// Every head has one of these in it; most lines have none.
	if !t.has("assword") && !t.has("redential") && !t.has("ynchroniz") && !t.has("active directory has been denied") &&
		!t.has("prescribed time") && !t.has("without stopping") && !t.has("health task") && !t.has("sql deadlock") && !t.has("key for decryption") {
		return nil
	}
	var found []mark
	for _, h := range heads() {
		for from := 0; ; {
			i := strings.Index(t.low[from:], h.words)
			if i < 0 {
				break
			}
			found = append(found, mark{from + i, h})
			from += i + len(h.words)
		}
	}
	slices.SortStableFunc(found, func(a, b mark) int { return a.at - b.at })
	return found
}

// kindByHead returns the event whose head stands first in the text.
func kindByHead(t text) (k kind, from string, ok bool) {
	best := -1
	for _, h := range heads() {
		if i := strings.Index(t.low, h.words); i >= 0 && (best < 0 || i < best) {
			best, k, from = i, h.kind, h.from
			t = t.slice(0, min(len(t.low), i+len(h.words)+64))
		}
	}
	return k, from, best >= 0
}
