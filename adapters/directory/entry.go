package directory

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/pwsync/pwsync/checks/identity"
)

// entry reads the attributes of one object. Absent attributes are empty, as
// they are in AD; a value that is not what AD writes is an error. The first one
// sticks; readers look at err once at the end.
type entry struct {
	dn     string
	values map[string][][]byte
	err    error
}

func newEntry(e *ldap.Entry) *entry {
	out := &entry{dn: e.DN, values: make(map[string][][]byte, len(e.Attributes))}
	for _, a := range e.Attributes {
		// AD adds options to the names of long attributes: "name;range=0-1499".
		name, _, _ := strings.Cut(strings.ToLower(a.Name), ";")
		out.values[name] = append(out.values[name], a.ByteValues...)
	}
	return out
}

func (e *entry) fail(name, what string) {
	if e.err == nil {
		e.err = fmt.Errorf("attribute %s %s", name, what)
	}
}

// raw returns the first value, nil where there is none.
func (e *entry) raw(name string) []byte {
	if v := e.values[strings.ToLower(name)]; len(v) > 0 {
		return v[0]
	}
	return nil
}

func (e *entry) has(name string) bool { return len(e.values[strings.ToLower(name)]) > 0 }

func (e *entry) text(name string) string { return strings.ToValidUTF8(string(e.raw(name)), "\uFFFD") }

func (e *entry) texts(name string) []string {
	values := e.values[strings.ToLower(name)]
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = strings.ToValidUTF8(string(v), "\uFFFD")
	}
	return texts
}

func (e *entry) integer(name string) int64 {
	if !e.has(name) {
		return 0
	}
	n, err := strconv.ParseInt(e.text(name), 10, 64)
	if err != nil {
		e.fail(name, "is not a number")
	}
	return n
}

func (e *entry) boolean(name string) bool {
	switch v := e.text(name); v {
	case "TRUE":
		return true
	case "", "FALSE":
		return false
	default:
		e.fail(name, "is neither TRUE nor FALSE")
		return false
	}
}

// guid returns a GUID in its text form. Another length is not a GUID, which is
// no error: some estates keep something of their own in such attributes.
func (e *entry) guid(name string) string {
	g, err := identity.GUIDFromBytes(e.raw(name))
	if err != nil {
		return ""
	}
	return g.String()
}

// The FILETIME of 1970, and the number that stands for "never" beside 0.
const (
	unixAsFiletime = 116444736000000000
	neverFiletime  = math.MaxInt64
)

// filetime converts hundreds of nanoseconds since 1601. It reports false for
// moments that no calendar here can hold.
func filetime(n int64) (time.Time, bool) {
	if n <= 0 || n == neverFiletime {
		return time.Time{}, false
	}
	n -= unixAsFiletime
	t := time.Unix(n/1e7, n%1e7*100).UTC()
	return t, t.Year() <= 9999
}

// moment returns a FILETIME attribute; 0, absent and "never" are the zero time.
func (e *entry) moment(name string) time.Time {
	n := e.integer(name)
	if n == 0 || n == neverFiletime {
		return time.Time{}
	}
	t, ok := filetime(n)
	if !ok {
		e.fail(name, "is not a moment in time")
		return time.Time{}
	}
	return t
}

// stamp returns a generalized time, such as 20260310083122.0Z.
func (e *entry) stamp(name string) time.Time {
	s := e.text(name)
	if s == "" {
		return time.Time{}
	}
	t, err := time.Parse("20060102150405Z0700", s)
	if err != nil {
		e.fail(name, "is not a generalized time")
		return time.Time{}
	}
	return t.UTC()
}
