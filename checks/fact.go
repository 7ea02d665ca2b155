package checks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
)

// NeverCollected is the reason that a zero Fact gives for holding no value.
const NeverCollected = "never collected"

// Fact holds a value, or the reason why there is none, and where either came
// from. The zero Fact was never collected.
//
// In JSON a fact is an object with "from" and either "value" or "missing" (the
// reason in words), so that a script can read and mutate it without knowing
// the type. Where both stand, "missing" wins: doubt is never read as knowledge.
type Fact[T any] struct {
	from    string
	value   T
	missing string
	got     bool
}

// Got returns a fact that holds v as seen by the source named from.
func Got[T any](from string, v T) Fact[T] {
	return Fact[T]{from: from, value: v, got: true}
}

// Missing returns a fact without a value; why says in words what stopped the
// source named from.
func Missing[T any](from, why string) Fact[T] {
	if why == "" {
		why = NeverCollected
	}
	return Fact[T]{from: from, missing: why}
}

// Get returns the value and true, or the zero value and false.
func (f Fact[T]) Get() (T, bool) { return f.value, f.got }

// Known reports whether the fact holds a value.
func (f Fact[T]) Known() bool { return f.got }

// From names the source: a worker verb and server, a directory, a cloud call.
func (f Fact[T]) From() string { return f.from }

// Why says why there is no value; it is empty where there is one.
func (f Fact[T]) Why() string {
	switch {
	case f.got:
		return ""
	case f.missing == "":
		return NeverCollected
	default:
		return f.missing
	}
}

// IsZero reports whether the fact was never collected; encoding/json leaves
// such a fact out where the field is tagged omitzero.
func (f Fact[T]) IsZero() bool { return !f.got && f.missing == "" && f.from == "" }

type factJSON struct {
	From    string          `json:"from"`
	Value   json.RawMessage `json:"value,omitempty"`
	Missing *string         `json:"missing,omitempty"`
}

// MarshalJSON writes {"from","value"} or {"from","missing"}.
func (f Fact[T]) MarshalJSON() ([]byte, error) {
	out := factJSON{From: f.from}
	if !f.got {
		why := f.Why()
		out.Missing = &why
		return json.Marshal(out)
	}
	raw, err := json.Marshal(f.value)
	if err != nil {
		return nil, err
	}
	// A list that is known to be empty is empty, not null: null is no value.
	if string(raw) == "null" && reflect.TypeFor[T]().Kind() == reflect.Slice {
		raw = json.RawMessage("[]")
	}
	out.Value = raw
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON writes. A null value, or neither key, is
// a missing fact, not a zero value: false and "not known" must never be mixed.
func (f *Fact[T]) UnmarshalJSON(data []byte) error {
	*f = Fact[T]{}
	if bytes.Equal(bytes.TrimSpace(data), []byte("null")) {
		return nil
	}
	var in factJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return fmt.Errorf("read a fact: %w", err)
	}
	f.from = in.From
	switch {
	case in.Missing != nil:
		f.missing = *in.Missing
		if f.missing == "" {
			f.missing = "no reason given"
		}
	case in.Value == nil || bytes.Equal(bytes.TrimSpace(in.Value), []byte("null")):
		f.missing = "the fact carries no value"
	default:
		if err := json.Unmarshal(in.Value, &f.value); err != nil {
			return fmt.Errorf("read the value of a fact from %q: %w", in.From, err)
		}
		f.got = true
	}
	return nil
}
