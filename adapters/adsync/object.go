package adsync

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// object reads one JSON object of a worker, key by key. It is lenient about
// how a thing is said (case of names, numbers for enumerations, one object
// where a list of one was meant, "True" for true) and strict about whether it
// was said: a needed key that is not there is an error, never a zero.
//
// The first error sticks; readers read on with zero values and look at err once
// at the end.
type object struct {
	fields map[string]json.RawMessage
	err    error
}

var (
	errNotAnObject = errors.New("not an object")
	errNotAList    = errors.New("not a list")
)

func newObject(raw []byte) *object {
	o := &object{}
	if err := json.Unmarshal(raw, &o.fields); err != nil {
		o.err = errNotAnObject
	} else if o.fields == nil {
		o.err = errNotAnObject
	}
	return o
}

// newObjects reads a list of objects. PowerShell unrolls a list of one and
// writes an empty list as null, so both are read as what was meant.
func newObjects(raw []byte) ([]*object, error) {
	raw = bytes.TrimSpace(raw)
	if isNull(raw) {
		return nil, nil
	}
	if raw[0] == '{' {
		o := newObject(raw)
		return []*object{o}, o.err
	}
	var rows []json.RawMessage
	if err := json.Unmarshal(raw, &rows); err != nil {
		return nil, errNotAList
	}
	objects := make([]*object, 0, len(rows))
	for i, row := range rows {
		o := newObject(row)
		if o.err != nil {
			return nil, fmt.Errorf("row %d: %w", i+1, o.err)
		}
		objects = append(objects, o)
	}
	return objects, nil
}

func (o *object) fail(key, what string) {
	if o.err == nil {
		o.err = fmt.Errorf("%q %s", key, what)
	}
}

// adopt makes an error of the inner object, which stands at key, one of o.
func (o *object) adopt(key string, inner *object) {
	if o.err == nil && inner.err != nil {
		o.err = fmt.Errorf("%q: %w", key, inner.err)
	}
}

// raw returns the value of the key, nil where it is absent or null. Names
// compare without case; the exact spelling wins.
func (o *object) raw(key string) json.RawMessage {
	raw, ok := o.fields[key]
	if !ok {
		var best string
		for name, value := range o.fields {
			if strings.EqualFold(name, key) && (best == "" || name < best) {
				best, raw = name, value
			}
		}
	}
	if isNull(raw) {
		return nil
	}
	return raw
}

func (o *object) need(key string) json.RawMessage {
	raw := o.raw(key)
	if raw == nil {
		o.fail(key, "is missing")
	}
	return raw
}

func (o *object) asText(key string, raw json.RawMessage) string {
	if raw == nil {
		return ""
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		o.fail(key, "is not a text")
	}
	return s
}

// text returns a text, "" where it is absent.
func (o *object) text(key string) string { return o.asText(key, o.raw(key)) }

func (o *object) needText(key string) string { return o.asText(key, o.need(key)) }

// texts returns a list of texts; a single text is a list of one.
func (o *object) texts(key string) []string {
	raw := o.raw(key)
	if raw == nil {
		return nil
	}
	if raw[0] == '"' {
		return []string{o.asText(key, raw)}
	}
	var list []string
	if err := json.Unmarshal(raw, &list); err != nil {
		o.fail(key, "is not a list of texts")
		return nil
	}
	return list
}

// loose returns any scalar as text: some values are texts in one build of the
// module and numbers or booleans in another.
func (o *object) loose(key string) string {
	raw := o.raw(key)
	if raw == nil {
		return ""
	}
	s, ok := scalar(raw)
	if !ok {
		o.fail(key, "is not a single value")
	}
	return s
}

// needBool returns a yes or no that must be there: absence is not no.
func (o *object) needBool(key string) bool {
	raw := o.need(key)
	if raw == nil {
		return false
	}
	if s, ok := scalar(raw); ok {
		switch strings.ToLower(strings.TrimSpace(s)) {
		case "true", "1":
			return true
		case "false", "0":
			return false
		}
	}
	o.fail(key, "is not a yes or no")
	return false
}

// bool returns a yes or no of which the absence means no.
func (o *object) bool(key string) bool { return o.raw(key) != nil && o.needBool(key) }

// number returns a whole number, 0 where it is absent.
func (o *object) number(key string) int64 {
	if o.raw(key) == nil {
		return 0
	}
	return o.needNumber(key)
}

func (o *object) needNumber(key string) int64 {
	raw := o.need(key)
	if raw == nil {
		return 0
	}
	s, ok := scalar(raw)
	s = strings.TrimSpace(s)
	if n, err := strconv.ParseInt(s, 10, 64); ok && err == nil {
		return n
	}
	f, err := strconv.ParseFloat(s, 64)
	if !ok || err != nil || math.IsNaN(f) || math.Abs(f) > 1<<53 {
		o.fail(key, "is not a usable number")
		return 0
	}
	return int64(f)
}

// guid returns a GUID in lower case without braces; the empty GUID is "".
func (o *object) guid(key string) string { return canonicalGUID(o.text(key)) }

// time returns a moment in UTC; absent and "never" (the year 1) are the zero
// time.
func (o *object) time(key string) time.Time {
	s := o.text(key)
	if s == "" {
		return time.Time{}
	}
	t, err := parseTime(s)
	if err != nil {
		o.fail(key, "is not an ISO 8601 time")
	}
	return t
}

// span returns a length of time as .NET writes it ([d.]hh:mm:ss[.fffffff]), 0
// where it is absent.
func (o *object) span(key string) time.Duration {
	s := o.text(key)
	if s == "" {
		return 0
	}
	d, ok := parseSpan(s)
	if !ok {
		o.fail(key, "is not a length of time like 00:30:00")
	}
	return d
}

// enum returns the name of an enumeration's value in the spelling of names,
// whose index is its number; other words are returned as they are.
func (o *object) enum(key string, names []string) string {
	s := strings.TrimSpace(o.loose(key))
	for i, name := range names {
		if name != "" && (strings.EqualFold(s, name) || s == strconv.Itoa(i)) {
			return name
		}
	}
	return s
}

// object returns the object at key, nil where it is absent.
func (o *object) object(key string) *object {
	raw := o.raw(key)
	if raw == nil {
		return nil
	}
	inner := newObject(raw)
	o.adopt(key, inner)
	if inner.err != nil {
		return nil
	}
	return inner
}

// objects returns the list of objects at key, nil where it is absent.
func (o *object) objects(key string) []*object {
	raw := o.raw(key)
	if raw == nil {
		return nil
	}
	list, err := newObjects(raw)
	if err != nil {
		o.fail(key, "is a list that was not understood: "+err.Error())
	}
	return list
}

// needObjects is objects where the list must be there, empty or not.
func (o *object) needObjects(key string) []*object {
	o.need(key)
	return o.objects(key)
}

// members returns the keys and values of the object at key.
func (o *object) members(key string) map[string]json.RawMessage {
	if inner := o.object(key); inner != nil {
		return inner.fields
	}
	return nil
}

// reasons returns the object at key as texts, made fit to be shown.
func (o *object) reasons(key string) map[string]string {
	members := o.members(key)
	if members == nil {
		return nil
	}
	out := make(map[string]string, len(members))
	for name, raw := range members {
		if isNull(raw) {
			continue
		}
		s, ok := scalar(raw)
		if s = clean(s); !ok || s == "" {
			s = "the worker gave no reason in words"
		}
		out[name] = s
	}
	return out
}
