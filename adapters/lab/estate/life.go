package estate

import (
	"math/rand/v2"
	"slices"
	"time"
)

// keepsFor is how long people keep a password at least, so that nobody changes
// it twice within the time that the servers remember.
const keepsFor = 21 * 24 * time.Hour

// live lets the people of the estate do what they do: about once a day, and
// seldom at night, somebody changes a password.
func (e *Estate) live(t time.Time) {
	// The dice of a moment are the same in every run.
	dice := rand.New(rand.NewPCG(uint64(t.Unix()), 0x9e3779b97f4a7c15))
	odds := 250
	if h := t.Hour(); h < 6 || h > 18 {
		odds = 2500
	}
	if dice.IntN(odds) != 0 {
		return
	}
	var living []*Object
	for _, o := range e.objects {
		if o.living() {
			living = append(living, o)
		}
	}
	// Whoever is chosen may not feel like it. Nobody else is chosen instead, so
	// that a fault on one person does not change the lives of the others.
	o := living[dice.IntN(len(living))]
	at := t.Add(-time.Duration(20+dice.IntN(60)) * time.Second)
	if !o.undoneSince.IsZero() || o.changes[len(o.changes)-1].at.After(at.Add(-keepsFor)) {
		return
	}
	dcs := o.Domain.DCs
	o.changes = append(o.changes, change{at: at, on: dcs[dice.IntN(len(dcs))].Host, visible: at})
	for _, h := range e.histories {
		delete(h.quiet, o.Domain.FQDN)
	}
	// One change older than anybody's memory is enough to tell when the password
	// was set.
	for len(o.changes) > 1 && o.changes[1].at.Before(t.Add(-memory)) {
		o.changes = o.changes[1:]
	}
}

// spread gives people the password changes that the faults which are on bring
// with them, and takes the ones that would contradict them: a fault tells what
// became of somebody's password since it began, or since the first change that
// it tells of.
func (e *Estate) spread() {
	for _, o := range e.objects {
		o.extra, o.undoneSince = nil, time.Time{}
	}
	for _, iv := range e.intervals {
		o := iv.target.object
		if o == nil || !iv.end.IsZero() {
			continue
		}
		o.undo(iv.begin)
		if t, ok := traitByID(iv.fault.trait); ok {
			for _, c := range t.changes(iv.on, o) {
				o.undo(c.at)
				o.extra = append(o.extra, c)
			}
			slices.SortStableFunc(o.extra, func(a, b change) int { return a.at.Compare(b.at) })
		}
	}
}

// undo lets the changes of the person's own life since a moment not have been.
func (o *Object) undo(since time.Time) {
	if o.undoneSince.IsZero() || since.Before(o.undoneSince) {
		o.undoneSince = since
	}
}

// undone reports whether a fault that is on takes a change of the person's own
// life back.
func (o *Object) undone(c change) bool {
	return !o.undoneSince.IsZero() && !c.at.Before(o.undoneSince)
}
