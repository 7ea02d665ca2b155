package estate

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// checkpointAge is how far back a checkpoint is made: further than any fault
// reaches that is switched on at the same moment.
const checkpointAge = leadPerson + time.Hour

// checkpoint is what the servers remembered at one moment, kept so that a fault
// of the last hours does not cost working out the whole week.
type checkpoint struct {
	at        time.Time
	past      string // what had happened by then, see past
	histories []*nodeHistory
}

// replay works out everything that the servers remember at now, from the faults
// and the password changes that are known. It is how a fault writes its history
// back, and why two estates that were told the same are the same.
func (e *Estate) replay(now time.Time) {
	e.seen = conditionsSeen{}
	from := now.Add(-memory)
	e.histories = nil
	if s := e.saved; s.histories != nil && s.at.After(from) && s.past == e.past(s.at) {
		e.histories, from = cloneAll(s.histories), s.at
	} else {
		for _, n := range e.nodes {
			e.histories = append(e.histories, newNodeHistory(n, from))
		}
		mark := now.Add(-checkpointAge)
		e.run(from, mark)
		e.saved = checkpoint{at: mark, past: e.past(mark), histories: cloneAll(e.histories)}
		from = mark
	}
	e.run(from, now)
}

// run lets the time from one moment to another pass on every server.
func (e *Estate) run(from, to time.Time) {
	turns := e.turns(from, to)
	for t := nextTick(from); !t.After(to); t = nextTick(t) {
		for len(turns) > 0 && !turns[0].at.After(t) {
			e.take(turns[0])
			turns = turns[1:]
		}
		e.tick(t, false)
	}
	for _, t := range turns {
		e.take(t)
	}
}

// past writes down everything up to a moment that a history depends on and that
// can still change: faults, and the password changes that they bring and take.
func (e *Estate) past(at time.Time) string {
	var b strings.Builder
	for _, iv := range e.intervals {
		if iv.begin.Before(at) {
			ended := !iv.end.IsZero() && iv.end.Before(at)
			fmt.Fprintf(&b, "%s %s %d %t %d\n", iv.fault.id, iv.key, iv.begin.UnixNano(), ended, iv.on.UnixNano())
			if ended {
				fmt.Fprintln(&b, iv.end.UnixNano())
			}
		}
	}
	for _, o := range e.objects {
		for _, c := range o.changes {
			if o.undone(c) && c.at.Before(at) && c.at.After(at.Add(-memory)) {
				fmt.Fprintf(&b, "%s undone %d\n", o.GUID, c.at.UnixNano())
			}
		}
		for _, c := range o.extra {
			if c.at.Before(at) && c.at.After(at.Add(-memory)) {
				fmt.Fprintf(&b, "%s %d %d %t\n", o.GUID, c.at.UnixNano(), c.visible.UnixNano(), c.temporary)
			}
		}
	}
	return b.String()
}

func cloneAll(in []*nodeHistory) []*nodeHistory {
	out := make([]*nodeHistory, 0, len(in))
	for _, h := range in {
		out = append(out, h.clone())
	}
	return out
}

// clone copies a history so that either copy can go on by itself. Slices that
// are only ever added to share their past.
func (h *nodeHistory) clone() *nodeHistory {
	out := *h
	out.events, out.runs = slices.Clip(h.events), slices.Clip(h.runs)
	out.cycles = make(map[string]*Cycle, len(h.cycles))
	for name, c := range h.cycles {
		copied := *c
		out.cycles[name] = &copied
	}
	out.logs = make(map[GUID][]LogEntry, len(h.logs))
	for id, entries := range h.logs {
		out.logs[id] = slices.Clone(entries)
	}
	out.handled, out.running = maps.Clone(h.handled), maps.Clone(h.running)
	out.quiet = map[string]time.Time{} // a fault may bring changes with it
	out.sent, out.pinged = maps.Clone(h.sent), maps.Clone(h.pinged)
	return &out
}
