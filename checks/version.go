package checks

import (
	"strconv"
	"strings"
)

// temporaryPasswordMinimum is the first version in which synchronizing
// temporary passwords is reliable.
const temporaryPasswordMinimum = "2.0.3.0"

// The versions from which on Microsoft's own checks exist.
const (
	diagnosticsMinimum = "1.1.524.0"
	wizardTaskMinimum  = "1.1.614.0"
	// statusWordsMinimum is the first version whose log carries today's statuses.
	statusWordsMinimum = "1.0.9125.0"
)

// parseVersion reads "2.5.190.0" into four numbers; missing parts are zero.
func parseVersion(s string) ([4]int, bool) {
	var out [4]int
	parts := strings.Split(strings.TrimSpace(s), ".")
	if len(parts) < 2 || len(parts) > 4 {
		return out, false
	}
	for i, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil || n < 0 {
			return out, false
		}
		out[i] = n
	}
	return out, true
}

// versionBelow reports whether have is older than limit; a version that is not
// understood is not below anything.
func versionBelow(have, limit string) bool {
	a, ok := parseVersion(have)
	if !ok {
		return false
	}
	b, _ := parseVersion(limit)
	for i := range a {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return false
}
