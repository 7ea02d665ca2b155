package estate

import (
	"slices"
	"time"
)

// What the servers remember, and how their day is divided.
const (
	// memory is how far back logs and histories reach.
	memory = 7 * 24 * time.Hour
	// maxEvents bounds the Application log as its size does on a real server.
	maxEvents = 12000
	maxRuns   = 60
	maxLog    = 50

	// cycleEvery is how often passwords are read from a domain; the cycles run
	// at tickOffset past the grid, so that nothing happens on the full minute.
	cycleEvery = 2 * time.Minute
	tickOffset = 37 * time.Second
	// afterCycles is how long after a tick its last cycle is surely over.
	afterCycles = 1500 * time.Millisecond
	// idleBefore is how long nothing was sent before a heartbeat is.
	idleBefore = 30 * time.Minute
	// retryAfter is how long the agent waits after a heartbeat that failed.
	retryAfter = 10 * time.Minute
	// certificateLife is what the application's certificate still has at the
	// start; certificateNotice is when the engine begins to warn.
	certificateLife   = 540 * 24 * time.Hour
	certificateNotice = 150 * 24 * time.Hour

	// The scheduler's cycle starts syncShift into every half hour and is over
	// within syncTook; a run of it takes runTook.
	syncEvery = 30 * time.Minute
	syncShift = 9*time.Minute + 50*time.Second
	syncTook  = 45 * time.Second
	runTook   = 4 * time.Second
)

// Event is one record of a server's Application log.
type Event struct {
	ID     int
	Source string
	Time   time.Time
	Record int64
	Text   string
}

// The sources of events.
const (
	SourceAgent  = "Directory Synchronization"
	SourceEngine = "ADSync"
)

// Cycle is the state of reading passwords from one partition.
type Cycle struct {
	Status                                   string
	Started, Ended, SuccessStart, SuccessEnd time.Time
}

// Run is one run profile result.
type Run struct {
	Connector, Profile, Result string
	Started, Ended             time.Time
}

// LogEntry is one entry of the password sync log of an object.
type LogEntry struct {
	Anchor, Status, Details string
	At                      time.Time
}

// nodeHistory is what one server went through. All of it can be worked out
// again from the faults and the password changes: see replay.
type nodeHistory struct {
	node    Node
	events  []Event // oldest first
	cycles  map[string]*Cycle
	runs    []Run // oldest first
	logs    map[GUID][]LogEntry
	handled map[GUID]time.Time // the newest change dealt with
	since   time.Time          // changes before this were dealt with long ago
	sent    map[string]time.Time
	pinged  map[string]time.Time
	running map[string]bool
	// quiet is until when no password change is on its way in a domain.
	quiet    map[string]time.Time
	nextSync time.Time
	warned   time.Time // of the certificate
	trimmed  time.Time
}

func newNodeHistory(n Node, since time.Time) *nodeHistory {
	return &nodeHistory{
		node: n, since: since,
		cycles: map[string]*Cycle{}, logs: map[GUID][]LogEntry{}, handled: map[GUID]time.Time{},
		sent: map[string]time.Time{}, pinged: map[string]time.Time{}, running: map[string]bool{}, quiet: map[string]time.Time{},
		nextSync: nextSync(since),
	}
}

// nextTick is the first moment after t at which something happens by itself.
func nextTick(t time.Time) time.Time {
	next := t.Add(-tickOffset).Truncate(cycleEvery).Add(tickOffset)
	for !next.After(t) {
		next = next.Add(cycleEvery)
	}
	return next
}

// turn is a moment between two ticks at which something happens. Where a fault
// ended, everything catches up at once, as after a restart; where one was
// switched on, the agent has its say.
type turn struct {
	at    time.Time
	ended bool
}

// turns lists the turns after from up to now, in order.
func (e *Estate) turns(from, now time.Time) []turn {
	var out []turn
	within := func(t time.Time) bool { return t.After(from) && !t.After(now) }
	for _, iv := range e.intervals {
		if !iv.end.IsZero() && within(iv.end) {
			out = append(out, turn{iv.end, true})
		}
		if within(iv.on) {
			out = append(out, turn{iv.on, false})
		}
	}
	slices.SortFunc(out, func(a, b turn) int {
		if a.ended != b.ended && a.at.Equal(b.at) {
			if a.ended {
				return -1
			}
			return 1
		}
		return a.at.Compare(b.at)
	})
	return slices.CompactFunc(out, func(a, b turn) bool { return a.at.Equal(b.at) && a.ended == b.ended })
}

// take lets a turn happen.
func (e *Estate) take(t turn) {
	if t.ended {
		e.tick(t.at, true)
		return
	}
	c := e.conditionsAt(t.at)
	for _, h := range e.histories {
		h.odd(c.node(h.node.Host), t.at)
	}
}

// tick lets two minutes of work happen on every server. A resuming one also
// sends what would only be due later.
func (e *Estate) tick(t time.Time, resuming bool) {
	c := e.conditionsAt(t)
	for _, h := range e.histories {
		h.work(e, c, t, resuming)
		h.trim(t)
	}
}

func (h *nodeHistory) work(e *Estate, c *conditions, t time.Time, resuming bool) {
	n := c.node(h.node.Host)
	if resuming {
		h.retryAll()
	}
	h.certificateEvents(n, t)
	if started := h.nextSync; resuming || t.Sub(started) >= syncTook {
		took := runTook
		if resuming {
			started, took = t, 0
		} else {
			h.nextSync = nextSync(t)
		}
		if !n.serviceStopped && !n.schedulerOff && !n.suspended {
			h.syncCycle(e, c, n, started, took)
		}
	}
	for i, f := range e.forests {
		at := t
		if !resuming {
			at = t.Add(time.Duration(i) * 900 * time.Millisecond)
		}
		h.passwords(e, c, n, f, at, resuming)
	}
	h.odd(n, t.Add(afterCycles))
}

// odd writes what nobody understands.
func (h *nodeHistory) odd(n *nodeCondition, t time.Time) {
	if n.odd && !n.serviceStopped {
		h.write(0, t, textOdd())
	}
}

// write adds an event of the agent to the log.
func (h *nodeHistory) write(id int, t time.Time, text string) { h.writeFrom(SourceAgent, id, t, text) }

func (h *nodeHistory) writeFrom(source string, id int, t time.Time, text string) {
	// Record numbers follow from the time, so that writing history back does not
	// renumber what stays.
	record := t.Unix() % 100_000_000 * 20
	if last := len(h.events) - 1; last >= 0 && h.events[last].Record >= record {
		record = h.events[last].Record + 1
	}
	h.events = append(h.events, Event{ID: id, Source: source, Time: t, Record: record, Text: text})
}

// trim forgets what is too old, so that a lab that runs for months stays small.
// It looks once an hour, and at once where an outage floods the log: a little
// slack saves copying it with every event.
func (h *nodeHistory) trim(t time.Time) {
	if t.Sub(h.trimmed) < time.Hour && len(h.events) <= maxEvents+maxEvents/10 {
		return
	}
	h.trimmed = t
	limit := t.Add(-memory)
	cut := max(len(h.events)-maxEvents, 0)
	for cut < len(h.events) && h.events[cut].Time.Before(limit) {
		cut++
	}
	if cut > 0 {
		h.events = slices.Clone(h.events[cut:])
	}
	if len(h.runs) > maxRuns {
		h.runs = slices.Clone(h.runs[len(h.runs)-maxRuns:])
	}
	for id, entries := range h.logs {
		if len(entries) > 0 && entries[0].At.Before(limit) {
			h.logs[id] = slices.DeleteFunc(entries, func(l LogEntry) bool { return l.At.Before(limit) })
		}
	}
}
