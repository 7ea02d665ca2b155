package identity

import (
	"cmp"
	"slices"
	"unicode"
)

// MaxCandidates is how many names are shown when there is a choice to make.
const MaxCandidates = 5

// Candidates returns the first names of a list, as many as are shown, and how
// many are left out.
func Candidates[T any](all []T) (shown []T, more int) {
	n := min(len(all), MaxCandidates)
	return all[:n:n], len(all) - n
}

// maxCompared bounds the length, in characters, of names that Nearest compares.
const maxCompared = 256

// Nearest returns up to n of the candidates that could be what was meant by
// want, the nearest first: names that differ, case aside, in a few letters
// left out, added, replaced or swapped with their neighbor. How few depends on
// the length of want: one in a short name, four at most.
func Nearest(want string, candidates []string, n int) []string {
	target := folded(want)
	if n <= 0 || len(target) == 0 || len(target) > maxCompared {
		return nil
	}
	limit := min(4, max(1, len(target)/3))
	type near struct {
		name             string
		distance, common int
	}
	var found []near
	seen := map[string]bool{}
	rows := newRows(maxCompared + 1)
	for _, name := range candidates {
		if seen[name] {
			continue
		}
		// A character has at most four bytes: what is hopelessly long need not
		// even be decoded.
		if len(name) > 4*(len(target)+limit) {
			continue
		}
		letters := folded(name)
		if d := rows.distance(target, letters, limit); d <= limit {
			seen[name] = true
			found = append(found, near{name, d, commonPrefix(target, letters)})
		}
	}
	slices.SortStableFunc(found, func(a, b near) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(b.common, a.common), cmp.Compare(a.name, b.name))
	})
	var names []string
	for _, f := range found[:min(n, len(found))] {
		names = append(names, f.name)
	}
	return names
}

func folded(s string) []rune {
	runes := []rune(s)
	for i, r := range runes {
		runes[i] = unicode.ToLower(unicode.ToUpper(r))
	}
	return runes
}

func commonPrefix(a, b []rune) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// rows holds the three rows of the distance table that are alive at a time.
type rows struct {
	beforeLast, last, current []int
}

func newRows(width int) *rows {
	return &rows{make([]int, width), make([]int, width), make([]int, width)}
}

// distance returns how many single letters must be inserted, deleted, replaced
// or swapped with their neighbor to turn a into b, or limit+1 when it is more
// than limit. No letter is touched twice. Neither may exceed the rows' width.
func (r *rows) distance(a, b []rune, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit || len(b) >= len(r.current) {
		return limit + 1
	}
	for j := range len(b) + 1 {
		r.last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		r.current[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(r.last[j]+1, r.current[j-1]+1, r.last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, r.beforeLast[j-2]+1)
			}
			r.current[j] = d
			least = min(least, d)
		}
		// A swap reaches back two rows, but through the row before this one it
		// would cost as much; once a whole row is over the limit, so is the end.
		if least > limit {
			return limit + 1
		}
		r.beforeLast, r.last, r.current = r.last, r.current, r.beforeLast
	}
	return min(r.last[len(b)], limit+1)
}
