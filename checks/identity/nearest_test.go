package identity

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestNearest(t *testing.T) {
	names := []string{"mwong", "mwang", "mwogn", "awong", "m.wong", "wongm", "jdoe", "MWONG2", "mwong", "administrator", ""}
	for _, tt := range []struct {
		policy, want string
		n            int
		names        []string
	}{
		{"the same name in another case comes first, then the likest beginnings, each once", "MWong", 9, []string{"mwong", "MWONG2", "mwogn", "mwang", "m.wong", "awong"}},
		{"no more than asked for", "mwong", 2, []string{"mwong", "MWONG2"}},
		{"a short name forgives one letter", "jdo", 9, []string{"jdoe"}},
		{"swapped neighbors are one slip", "jdeo", 9, []string{"jdoe"}},
		{"a long name forgives four", "adminstrtor", 9, []string{"administrator"}},
		{"nothing is near to something else", "zzzz", 9, nil},
		{"nothing is near to nothing", "", 9, nil},
		{"none asked for, none given", "mwong", 0, nil},
		{"an endless name is not compared", strings.Repeat("m", 5000), 9, nil},
	} {
		t.Run(tt.policy, func(t *testing.T) {
			if diff := cmp.Diff(tt.names, Nearest(tt.want, names, tt.n)); diff != "" {
				t.Error(diff)
			}
		})
	}
	if got := Nearest(strings.Repeat("é", 250), []string{strings.Repeat("É", 252), strings.Repeat("é", 100000)}, 3); len(got) != 1 {
		t.Errorf("long names: %d found, want 1", len(got))
	}
}

// TestDistanceIsTheTextbooks compares the bounded three-row distance with the
// whole table.
func TestDistanceIsTheTextbooks(t *testing.T) {
	word := rapid.StringMatching(`[abc]{0,9}`)
	r := newRows(maxCompared + 1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := []rune(word.Draw(t, "a")), []rune(word.Draw(t, "b"))
		limit := rapid.IntRange(0, 5).Draw(t, "limit")
		want := min(wholeTable(a, b), limit+1)
		if got := r.distance(a, b, limit); got != want {
			t.Fatalf("distance of %q and %q within %d is %d, want %d", string(a), string(b), limit, got, want)
		}
	})
}

func wholeTable(a, b []rune) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		for j := range d[i] {
			switch {
			case i == 0 || j == 0:
				d[i][j] = i + j
			case a[i-1] == b[j-1]:
				d[i][j] = d[i-1][j-1]
			default:
				d[i][j] = 1 + min(d[i-1][j-1], d[i-1][j], d[i][j-1])
				if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
					d[i][j] = min(d[i][j], d[i-2][j-2]+1)
				}
			}
		}
	}
	return d[len(a)][len(b)]
}

func TestCandidatesShowsFive(t *testing.T) {
	shown, more := Candidates([]int{1, 2, 3, 4, 5, 6, 7})
	if len(shown) != MaxCandidates || more != 2 {
		t.Errorf("of seven, %d are shown and %d left out", len(shown), more)
	}
	if shown, more := Candidates([]int{1}); len(shown) != 1 || more != 0 {
		t.Errorf("of one, %d are shown and %d left out", len(shown), more)
	}
}
