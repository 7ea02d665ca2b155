package estate

import "slices"

// recovery is how long a part of the world was well again between a fault that is
// over and the begin of the next one: time for one cycle of everything.
const recovery = cycleEvery

// tellApart forgets the faults that were not over yet when one that is on now
// began. A fault begins hours before it is switched on; had the one before it
// left its errors in those hours, no success would stand between the two, and
// the old cause would be read as the present one.
func tellApart(list []interval) []interval {
	return slices.DeleteFunc(slices.Clone(list), func(old interval) bool {
		return !old.end.IsZero() && slices.ContainsFunc(list, func(x interval) bool {
			return x.end.IsZero() && old.touches(x) && old.end.After(x.begin.Add(-recovery))
		})
	})
}

// touches reports whether two faults leave their traces in the same place. What
// befalls a person leaves none once it is over. A server works for all forests,
// a forest for all its domains.
func (iv interval) touches(x interval) bool {
	a, b := iv.target, x.target
	switch {
	case iv.fault.scope == scopeUser || x.fault.scope == scopeUser:
		return false
	case a.forest == nil && b.forest == nil:
		return a.host == "" || b.host == "" || a.host == b.host
	case a.forest == nil || b.forest == nil:
		return true
	default:
		return a.forest == b.forest && (a.domain == nil || b.domain == nil || a.domain == b.domain)
	}
}
