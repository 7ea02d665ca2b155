package adsync

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/pwsync/pwsync/checks"
)

// answer is what one request brought: a reply, or the reason why there is none.
// Every fact is taken from it the same way, so that a reply that never came, a
// key that failed and a value that makes no sense all end as missing facts.
type answer struct {
	server string
	reply  Reply
	err    error
}

func newAnswer(host string, reply Reply, err error) answer {
	return answer{server: strings.ToLower(host), reply: reply, err: err}
}

// from names the source of a fact: the worker and what it asked.
func (a answer) from(source string) string { return "worker " + a.server + ": " + source }

// find returns the value of a key, or the reason why there is none. A key that
// stands in errors too is not believed.
func (a answer) find(key string) (raw json.RawMessage, why string) {
	if a.err != nil {
		return nil, clean(a.err.Error())
	}
	if why := lookup(a.reply.Errors, key); why != "" {
		return nil, why
	}
	if raw := lookup(a.reply.Facts, key); len(raw) > 0 {
		return raw, ""
	}
	return nil, fmt.Sprintf("%s did not answer with %s", a.server, key)
}

// lookup finds a key without regard to case; the exact spelling wins, and
// then the first in order, so that the outcome never depends on chance.
func lookup[V ~string | ~[]byte](m map[string]V, key string) V {
	if v, ok := m[key]; ok {
		return v
	}
	var best string
	var found V
	for name, v := range m {
		if strings.EqualFold(name, key) && (best == "" || name < best) {
			best, found = name, v
		}
	}
	return found
}

var errNothing = errors.New("it is empty")

// fact makes a fact of one key with the decoder for its value.
func fact[T any](a answer, key, source string, decode func(json.RawMessage) (T, error)) checks.Fact[T] {
	raw, why := a.find(key)
	if why != "" {
		return checks.Missing[T](a.from(source), why)
	}
	v, err := decode(raw)
	if err != nil {
		return checks.Missing[T](a.from(source), notUnderstood(key, err))
	}
	return checks.Got(a.from(source), v)
}

func notUnderstood(key string, err error) string {
	return clean(fmt.Sprintf("the answer to %s was not understood: %v", key, err))
}

// objectFact makes a fact of a key that holds one object.
func objectFact[T any](a answer, key, source string, decode func(*object) T) checks.Fact[T] {
	return fact(a, key, source, func(raw json.RawMessage) (T, error) {
		if isNull(raw) {
			var none T
			return none, errNothing
		}
		o := newObject(raw)
		if o.err != nil {
			var none T
			return none, o.err
		}
		v := decode(o)
		return v, o.err
	})
}

// listFact makes a fact of a key that holds a list which may well be empty;
// null is an empty list.
func listFact[T any](a answer, key, source string, decode func(*object) T) checks.Fact[[]T] {
	return fact(a, key, source, func(raw json.RawMessage) ([]T, error) { return decodeRows(raw, decode) })
}

// fullListFact is listFact for lists that no server has empty: null is no
// answer there.
func fullListFact[T any](a answer, key, source string, decode func(*object) T) checks.Fact[[]T] {
	return fact(a, key, source, func(raw json.RawMessage) ([]T, error) {
		if isNull(raw) {
			return nil, errNothing
		}
		return decodeRows(raw, decode)
	})
}

// decodeRows reads a list. One row that cannot be read costs the whole list: a
// list with holes would prove absence of what stood in them.
func decodeRows[T any](raw json.RawMessage, decode func(*object) T) ([]T, error) {
	rows, err := newObjects(raw)
	if err != nil {
		return nil, err
	}
	list := make([]T, 0, len(rows))
	for i, row := range rows {
		v := decode(row)
		if row.err != nil {
			return nil, fmt.Errorf("row %d: %w", i+1, row.err)
		}
		list = append(list, v)
	}
	return list, nil
}

// rows returns the objects of a list that belongs to several facts, or the
// reason why there are none.
func (a answer) rows(key string) (rows []*object, why string) {
	raw, why := a.find(key)
	if why != "" {
		return nil, why
	}
	rows, err := newObjects(raw)
	if err != nil {
		return nil, notUnderstood(key, err)
	}
	return rows, ""
}

// table is a list of which the rows belong to several facts, by what they say
// they belong to. It is built once per reply: a server with a thousand domains
// has a thousand rows.
type table struct {
	answer answer
	key    string
	source string
	rows   map[string][]*object
	why    string
}

// table reads the list at key; owner tells to what a row belongs.
func (a answer) table(key, source string, owner func(*object) string) table {
	t := table{answer: a, key: key, source: a.from(source)}
	rows, why := a.rows(key)
	if why != "" {
		t.why = why
		return t
	}
	t.rows = make(map[string][]*object, len(rows))
	for _, row := range rows {
		of := owner(row)
		t.rows[of] = append(t.rows[of], row)
	}
	return t
}

// rowFact makes a fact of the one row of t that belongs to owner; name is the
// owner's name for people.
func rowFact[T any](t table, owner, name string, decode func(*object) T) checks.Fact[T] {
	switch rows := t.rows[owner]; {
	case t.why != "":
		return checks.Missing[T](t.source, t.why)
	case len(rows) == 0:
		return checks.Missing[T](t.source, fmt.Sprintf("%s has no row for %s in its answer to %s", t.answer.server, name, t.key))
	default:
		v := decode(rows[0])
		if rows[0].err != nil {
			return checks.Missing[T](t.source, notUnderstood(t.key, rows[0].err))
		}
		return checks.Got(t.source, v)
	}
}

// errored turns a row's "error" into its failure.
func (o *object) errored() bool {
	if why := clean(o.text("error")); why != "" && o.err == nil {
		o.err = errors.New(why)
	}
	return o.err != nil
}
