package estate

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
)

// GUID is an object's identity in the order in which Active Directory stores
// it: the first three groups are little-endian.
type GUID [16]byte

// newGUID makes a GUID that is the same in every run: the estate is data, and
// data does not change between two looks.
func newGUID(kind, name string) GUID {
	sum := sha256.Sum256([]byte("lab\x00" + kind + "\x00" + name))
	g := GUID(sum[:16])
	g[7] = g[7]&0x0f | 0x40 // version 4, in the high byte of the third group
	g[8] = g[8]&0x3f | 0x80
	return g
}

// String writes the GUID in lower case, with dashes and no braces.
func (g GUID) String() string {
	return fmt.Sprintf("%02x%02x%02x%02x-%02x%02x-%02x%02x-%x-%x",
		g[3], g[2], g[1], g[0], g[5], g[4], g[7], g[6], g[8:10], g[10:])
}

// Anchor is the source anchor that Entra Connect makes of the GUID: the stored
// bytes in base64.
func (g GUID) Anchor() string { return base64.StdEncoding.EncodeToString(g[:]) }
