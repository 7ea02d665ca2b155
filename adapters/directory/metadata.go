package directory

import (
	"bytes"
	"encoding/xml"
	"strings"
	"time"

	"github.com/pwsync/pwsync/checks/dn"
)

// Bounds on replication metadata: an object has one piece per attribute, and a
// piece is a few hundred bytes.
const (
	maxMetadata      = 2000
	maxMetadataBytes = 8 << 10
)

// replMetadata is one value of msDS-ReplAttributeMetaData.
type replMetadata struct {
	Attribute string `xml:"pszAttributeName"`
	Changed   string `xml:"ftimeLastOriginatingChange"`
	Server    string `xml:"pszLastOriginatingDsaDN"`
}

// passwordWritten finds in replication metadata when the password, or the
// record of its age, was written last, and on which domain controller. Pieces
// that cannot be read are passed over: this is a second opinion on pwdLastSet,
// and an old server may word it differently.
func passwordWritten(values [][]byte) (at time.Time, on string) {
	if len(values) > maxMetadata {
		values = values[:maxMetadata]
	}
	for _, v := range values {
		piece, ok := parseMetadata(v)
		if !ok || !strings.EqualFold(piece.Attribute, "unicodePwd") && !strings.EqualFold(piece.Attribute, "pwdLastSet") {
			continue
		}
		t, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(piece.Changed))
		if err != nil || t.Year() <= 1601 || t.Year() >= 9999 || !t.After(at) {
			continue
		}
		at, on = t.UTC(), controllerOf(piece.Server)
	}
	return at, on
}

func parseMetadata(v []byte) (replMetadata, bool) {
	// AD ends each piece with a NUL.
	v = bytes.TrimRight(v, "\x00")
	var piece replMetadata
	if len(v) == 0 || len(v) > maxMetadataBytes {
		return piece, false
	}
	return piece, xml.Unmarshal(v, &piece) == nil
}

// controllerOf returns the name of the domain controller whose settings object
// the name is: CN=NTDS Settings,CN=<controller>,CN=Servers,….
func controllerOf(settings string) string {
	d, err := dn.Parse(strings.TrimSpace(settings))
	if err != nil || len(d) < 2 {
		return ""
	}
	// A controller that was removed meanwhile carries the mark of the deleted.
	name, _, _ := strings.Cut(d[1].Value(), "\n")
	return name
}
