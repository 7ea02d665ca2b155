package identity

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// GUID holds the 16 bytes of an objectGUID in the order in which a directory
// sends them: the first three groups of its text form are little-endian, the
// last two are not.
type GUID [16]byte

var errGUID = errors.New("not a GUID")

// textOrder maps each byte of the text form to its place on the wire.
var textOrder = [16]int{3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15}

// GUIDFromBytes returns the GUID whose bytes a directory sent, as the value of
// objectGUID or mS-DS-ConsistencyGuid.
func GUIDFromBytes(b []byte) (GUID, error) {
	if len(b) != len(GUID{}) {
		return GUID{}, fmt.Errorf("read GUID of %d bytes: %w", len(b), errGUID)
	}
	return GUID(b), nil
}

// ParseGUID reads the text form 8-4-4-4-12, bare or in braces or parentheses,
// in either case, and the 32 digits without dashes.
func ParseGUID(s string) (GUID, error) {
	digits := s
	if len(s) > 2 && (s[0] == '{' && s[len(s)-1] == '}' || s[0] == '(' && s[len(s)-1] == ')') {
		digits = s[1 : len(s)-1]
	}
	if len(digits) == 36 && digits[8] == '-' && digits[13] == '-' && digits[18] == '-' && digits[23] == '-' {
		digits = digits[:8] + digits[9:13] + digits[14:18] + digits[19:23] + digits[24:]
	}
	text, err := hex.DecodeString(digits)
	if err != nil || len(text) != len(GUID{}) {
		return GUID{}, fmt.Errorf("read GUID from %d characters: %w", len(s), errGUID)
	}
	var g GUID
	for i, wire := range textOrder {
		g[wire] = text[i]
	}
	return g, nil
}

// GUIDFromImmutableID reads the base64 form that Entra ID shows as ImmutableId
// (onPremisesImmutableId, sourceAnchor).
func GUIDFromImmutableID(s string) (GUID, error) {
	// Strict, so that every GUID has exactly one such text.
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil || len(b) != len(GUID{}) || strings.ContainsAny(s, "\r\n") {
		return GUID{}, fmt.Errorf("read ImmutableId: %w", errGUID)
	}
	return GUID(b), nil
}

// String returns the text form in lower case with dashes, without braces.
func (g GUID) String() string {
	var text [16]byte
	for i, wire := range textOrder {
		text[i] = g[wire]
	}
	return fmt.Sprintf("%x-%x-%x-%x-%x", text[0:4], text[4:6], text[6:8], text[8:10], text[10:])
}

// ImmutableID returns the base64 form.
func (g GUID) ImmutableID() string { return base64.StdEncoding.EncodeToString(g[:]) }

// Bytes returns the bytes in the order of the wire.
func (g GUID) Bytes() []byte { return g[:] }

// IsZero reports whether all bytes are zero, which names no object.
func (g GUID) IsZero() bool { return g == GUID{} }

// isRandom reports whether the GUID carries the marks of a random one
// (version 4), as every objectGUID that a domain controller makes does.
func (g GUID) isRandom() bool { return g[7]>>4 == 4 && g[8]>>6 == 2 }
