package estate

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// Clock is what the estate lives on.
type Clock interface {
	Now() time.Time
	At(t time.Time, f func(at time.Time)) (stop func() bool)
}

// maxIntervals bounds how many ended faults are remembered.
const maxIntervals = 200

// Estate is the simulated world. Use New. Its methods may be called from any
// goroutine.
type Estate struct {
	clock Clock
	start time.Time

	mu       sync.Mutex
	closed   bool
	stop     func() bool
	forests  []*Forest
	nodes    []Node
	rules    []Rule
	objects  []*Object
	byDomain map[string][]*Object
	faults   []*fault

	intervals []interval
	histories []*nodeHistory
	seen      conditionsSeen
	entries   map[string]entriesSeen
	saved     checkpoint
}

// New builds the world as it is at the clock's present, with a week of history,
// and lets it live on.
func New(clock Clock) (*Estate, error) {
	e := &Estate{
		clock: clock, start: clock.Now(),
		forests: newForests(), nodes: newNodes(), faults: faults(),
		byDomain: map[string][]*Object{}, entries: map[string]entriesSeen{},
	}
	e.rules = newRules(e.forests)
	for _, s := range people {
		d := e.domainByNetBIOS(s.domain)
		if d == nil {
			return nil, fmt.Errorf("seat %q: there is no domain %q", s.sam, s.domain)
		}
		o := newObject(s, d, e.start)
		e.objects = append(e.objects, o)
		e.byDomain[d.FQDN] = append(e.byDomain[d.FQDN], o)
	}
	for t := nextTick(e.start.Add(-memory)); !t.After(e.start); t = nextTick(t) {
		e.live(t)
	}
	e.replay(e.start)
	e.schedule(e.start)
	return e, nil
}

// Close lets the world stand still.
func (e *Estate) Close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	if e.stop != nil {
		e.stop()
	}
}

// schedule asks the clock for the next tick after t. The caller holds the lock,
// or is New.
func (e *Estate) schedule(t time.Time) {
	if !e.closed {
		e.stop = e.clock.At(nextTick(t), e.step)
	}
}

// step is one tick of the living world.
func (e *Estate) step(at time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return
	}
	e.live(at)
	e.tick(at, false)
	e.schedule(at)
}

// SetFaults switches faults on and off, each written as "id" or "id@subject":
// see target for what a subject can be. Off without a subject ends every fault of the id. An unknown one is an error
// that changes nothing.
func (e *Estate) SetFaults(on, off []string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.clock.Now()
	next := slices.Clone(e.intervals)
	for _, spec := range off {
		f, t, err := e.find(spec)
		if err != nil {
			return err
		}
		key := ""
		if strings.Contains(spec, "@") {
			key = t.key()
		}
		next = endFaults(next, f, key, now)
	}
	for _, spec := range on {
		f, t, err := e.find(spec)
		if err != nil {
			return err
		}
		iv := interval{fault: f, target: t, key: t.key(), on: now, begin: now.Add(-f.lead)}
		if !slices.ContainsFunc(next, func(x interval) bool { return x.fault == f && x.key == iv.key && x.end.IsZero() }) {
			next = append(next, iv)
		}
	}
	e.intervals = forget(tellApart(next), now)
	e.spread()
	e.replay(now)
	return nil
}

// endFaults ends the running faults of one kind. What befell a person, or was on
// for no time at all, is undone as if it had not been; what befell the rest of
// the world stays in its history.
func endFaults(list []interval, f *fault, key string, now time.Time) []interval {
	var out []interval
	for _, iv := range list {
		if iv.fault == f && iv.end.IsZero() && (key == "" || iv.key == key) {
			if f.scope == scopeUser || !iv.on.Before(now) {
				continue
			}
			iv.end = now
		}
		out = append(out, iv)
	}
	return out
}

// forget drops what nobody remembers any more.
func forget(list []interval, now time.Time) []interval {
	list = slices.DeleteFunc(list, func(iv interval) bool {
		return !iv.end.IsZero() && iv.end.Before(now.Add(-memory))
	})
	for ended := 0; len(list) > maxIntervals && ended < len(list); {
		if list[ended].end.IsZero() {
			ended++
			continue
		}
		list = slices.Delete(list, ended, ended+1)
	}
	return list
}

// Active lists the faults that are on, as they would be switched on.
func (e *Estate) Active() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	var out []string
	for _, iv := range e.intervals {
		if iv.end.IsZero() {
			out = append(out, iv.fault.id)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Forests lists the forests. They do not change.
func (e *Estate) Forests() []*Forest { return e.forests }

// Nodes lists the Connect servers as they were built.
func (e *Estate) Nodes() []Node { return slices.Clone(e.nodes) }

// Role is the role that the configuration gives to a server.
func (e *Estate) Role(host string) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.conditionsAt(e.clock.Now()).noActiveRole {
		return "staging"
	}
	for _, n := range e.nodes {
		if strings.EqualFold(n.Host, host) {
			return n.Role
		}
	}
	return ""
}

func (e *Estate) domainByNetBIOS(name string) *Domain {
	for _, f := range e.forests {
		for _, d := range f.Domains {
			if d.NetBIOS == name {
				return d
			}
		}
	}
	return nil
}

func (e *Estate) domain(fqdn string) *Domain {
	for _, f := range e.forests {
		for _, d := range f.Domains {
			if strings.EqualFold(d.FQDN, fqdn) {
				return d
			}
		}
	}
	return nil
}

func (e *Estate) bySAM(sam string) *Object {
	for _, o := range e.objects {
		if strings.EqualFold(o.SAM, sam) {
			return o
		}
	}
	return nil
}
