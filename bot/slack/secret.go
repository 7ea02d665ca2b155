package slack

import (
	"fmt"
	"io"
)

// secretMask is what a [Secret] looks like wherever it is printed.
const secretMask = "<secret>"

// Secret is a token, a signing secret, a response URL or a trigger id:
// whoever holds it can act. It prints as <secret> with every verb and in
// every encoding, so that no log line or error can carry it by mistake.
//
// The value is inside a function because fmt prints the unexported fields of
// other types without asking their methods, and cannot look into a function.
type Secret struct{ value func() string }

// NewSecret seals a value.
func NewSecret(value string) Secret {
	return Secret{value: func() string { return value }}
}

// Format writes the mask, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) {
	// A formatter has nowhere to report that its writer failed.
	_, _ = io.WriteString(f, secretMask)
}

// String returns the mask.
func (s Secret) String() string { return secretMask }

// MarshalText returns the mask, which covers JSON and YAML too.
func (s Secret) MarshalText() ([]byte, error) { return []byte(secretMask), nil }

// reveal is the one way to the value; it is called where it goes on the wire.
func (s Secret) reveal() string {
	if s.value == nil {
		return ""
	}
	return s.value()
}

// empty tells whether there is no value.
func (s Secret) empty() bool { return s.reveal() == "" }
