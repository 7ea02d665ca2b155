package dn

import (
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Active Directory renames an object by appending a line feed, one of these
// words and the object's GUID to its name.
const (
	conflictMark = "\nCNF:"
	deletedMark  = "\nDEL:"
)

// Conflict reports whether the object, or a container above it, lost a
// replication conflict: two domain controllers created the same name, and
// this one was renamed to "name\0ACNF:guid". The GUID is returned as it stands
// in the name.
func (d DN) Conflict() (guid string, ok bool) { return d.mark(conflictMark) }

// Deleted reports whether the name is that of a deleted object: it carries the
// mark "\0ADEL:guid", or lies in the Deleted Objects container of its
// partition. The GUID is "" when the name does not tell it.
func (d DN) Deleted() (guid string, ok bool) {
	if guid, ok := d.mark(deletedMark); ok {
		return guid, true
	}
	for i := 1; i < len(d); i++ {
		// Only the container directly below the partition's root counts; an OU
		// somebody happened to call so does not.
		if len(d[i]) == 1 && d[i][0].Is("CN") && strings.EqualFold(d[i][0].Value, "Deleted Objects") && d[i+1:].isPartition() {
			return "", true
		}
	}
	return "", false
}

// mark returns what follows the mark in the first part that carries it.
func (d DN) mark(mark string) (rest string, ok bool) {
	for _, r := range d {
		for _, a := range r {
			for i := 0; i+len(mark) <= len(a.Value) && !a.BER; i++ {
				if end := i + len(mark); strings.EqualFold(a.Value[i:end], mark) {
					return a.Value[end:], true
				}
			}
		}
	}
	return "", false
}

// isPartition reports whether d consists of DC= parts, or is one of the
// partitions below them that the Configuration container forms.
func (d DN) isPartition() bool {
	for len(d) > 0 && len(d[0]) == 1 && d[0][0].Is("CN") && strings.EqualFold(d[0][0].Value, "Configuration") {
		d = d[1:]
	}
	for _, r := range d {
		if len(r) != 1 || !r[0].Is("DC") {
			return false
		}
	}
	return len(d) > 0
}

// EntraAnchor returns the source anchor that a name in the Entra connector
// space stands for: the Connect server names those objects "CN={…}" with the
// UTF-8 bytes of the anchor, usually itself base64, in hex between the braces.
func (d DN) EntraAnchor() (sourceAnchor string, ok bool) {
	if len(d) != 1 || len(d[0]) != 1 || !d[0][0].Is("CN") || d[0][0].BER {
		return "", false
	}
	digits, ok := strings.CutPrefix(d[0][0].Value, "{")
	if !ok {
		return "", false
	}
	if digits, ok = strings.CutSuffix(digits, "}"); !ok || digits == "" {
		return "", false
	}
	anchor, err := hex.DecodeString(digits)
	if err != nil || !utf8.Valid(anchor) || strings.ContainsFunc(string(anchor), unicode.IsControl) {
		return "", false
	}
	return string(anchor), true
}

// FromEntraAnchor returns the name of the object with the given source anchor
// in the Entra connector space.
func FromEntraAnchor(sourceAnchor string) DN {
	return DN{RDN{Attribute{Type: "CN", Value: fmt.Sprintf("{%X}", sourceAnchor)}}}
}
