package identity

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestGUIDForms(t *testing.T) {
	wire := []byte{0x7a, 0x1c, 0x0e, 0x5d, 0xb4, 0x93, 0x26, 0x4f, 0x8a, 0x1d, 0x60, 0xf7, 0xc2, 0xb9, 0xe3, 0x45}
	g, err := GUIDFromBytes(wire)
	if err != nil || g.String() != testGUID || g.ImmutableID() != testAnchor || string(g.Bytes()) != string(wire) {
		t.Fatalf("the bytes of the wire read as %v, %s: %v", g, g.ImmutableID(), err)
	}
	for _, text := range []string{testGUID, strings.ToUpper(testGUID), "{" + testGUID + "}", "(" + testGUID + ")", strings.ReplaceAll(testGUID, "-", "")} {
		if got, err := ParseGUID(text); err != nil || got != g {
			t.Errorf("ParseGUID(%s) = %v, %v", text, got, err)
		}
	}
	if got, err := GUIDFromImmutableID(testAnchor); err != nil || got != g {
		t.Errorf("GUIDFromImmutableID = %v, %v", got, err)
	}
	for _, bad := range []string{"", "{}", testGUID[1:], testGUID + "0", "{" + testGUID, strings.Replace(testGUID, "5d", "5g", 1), strings.ReplaceAll(testGUID, "-", "+")} {
		if got, err := ParseGUID(bad); err == nil {
			t.Errorf("ParseGUID(%q) = %v, want an error", bad, got)
		}
	}
	for _, bad := range []string{"", testAnchor[:22], testAnchor[:20] + "\n" + testAnchor[20:], strings.Replace(testAnchor, "Q==", "R==", 1), testAnchor + testAnchor} {
		if got, err := GUIDFromImmutableID(bad); err == nil {
			t.Errorf("GUIDFromImmutableID(%q) = %v, want an error", bad, got)
		}
	}
	if _, err := GUIDFromBytes(wire[:15]); err == nil {
		t.Error("15 bytes make a GUID")
	}
}

func TestGUIDFormsAreInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want, err := GUIDFromBytes(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "bytes"))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := ParseGUID(want.String()); err != nil || got != want {
			t.Fatalf("%v became %v, %v", want, got, err)
		}
		if got, err := GUIDFromImmutableID(want.ImmutableID()); err != nil || got != want {
			t.Fatalf("%v became %v, %v", want, got, err)
		}
	})
}
