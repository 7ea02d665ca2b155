package dn

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestParseReads(t *testing.T) {
	cn := func(v string) DN { return DN{{{Type: "CN", Value: v}}} }
	for _, tt := range []struct {
		policy, in string
		want       DN
	}{
		{"the empty text is the root", "", DN{}},
		{"blanks alone are the root", "   ", DN{}},
		{"an escaped comma belongs to the name", `CN=Doe\, Jane`, cn("Doe, Jane")},
		{"so does a comma written as hex", `CN=Doe\2C Jane`, cn("Doe, Jane")},
		{"hex pairs spell UTF-8", `CN=\E6\9D\8E`, cn("李")},
		{"bytes that are no UTF-8 survive", `CN=a\FFb`, cn("a\xffb")},
		{"a NUL may be written as hex", `CN=a\00b`, cn("a\x00b")},
		{"bare blanks around a value are dropped", `CN=  a b  `, cn("a b")},
		{"escaped blanks around a value stay", `CN=\  a b \ `, cn("  a b  ")},
		{"an escaped backslash before a blank leaves the blank bare", `CN=a\\ `, cn(`a\`)},
		{"a number sign within a value is ordinary", `CN=C#`, cn("C#")},
		{"an escaped number sign begins no hex", `CN=\#1`, cn("#1")},
		{"an equals sign within a value is ordinary", `CN=a=b`, cn("a=b")},
		{"a quoted value keeps commas and blanks", `CN=" Doe, Jane; <x> "`, cn(" Doe, Jane; <x> ")},
		{"a quoted value may quote", `CN="say \"hi\"" `, cn(`say "hi"`)},
		{"an encoded string becomes its text", `CN=#0C054A6F73C3A9`, cn("José")},
		{"an encoded number stays encoded", `CN=#020105`, DN{{{Type: "CN", Value: "\x02\x01\x05", BER: true}}}},
		{"octets that are no encoding stay as they are", `CN=#FF`, DN{{{Type: "CN", Value: "\xff", BER: true}}}},
		{"several attributes may name one part", `CN=a + UID=b,DC=c`, DN{{{Type: "CN", Value: "a"}, {Type: "UID", Value: "b"}}, {{Type: "DC", Value: "c"}}}},
		{"a type may be a number", `1.2.840=x`, DN{{{Type: "1.2.840", Value: "x"}}}},
		{"a line feed may stand raw", "CN=a\nCNF:b", cn("a\nCNF:b")},
	} {
		t.Run(tt.policy, func(t *testing.T) {
			got, err := Parse(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Parse(%q):\n%s", tt.in, diff)
			}
			again, err := Parse(got.String())
			if err != nil || !again.Equal(got) {
				t.Errorf("%q is printed as %q, which reads as %v, %v", tt.in, got.String(), again, err)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for _, tt := range []struct {
		policy, in string
		offset     int
		what       string // a part of what the error must say
	}{
		{"a word without a type", `viola`, 0, "no attribute type"},
		{"a comma in a name", `CN=Doe, Jane,DC=com`, 8, `write a comma within a name as \,`},
		{"semicolons between parts", `CN=a;DC=com`, 4, "write a comma"},
		{"a comma at the end", `CN=a,`, 5, "remove the comma"},
		{"a comma at the start", `,CN=a`, 0, "remove the comma"},
		{"two commas", `CN=a,,DC=com`, 5, "remove the comma"},
		{"a plus sign without a second attribute", `CN=a+,DC=com`, 5, "plus sign too many"},
		{"a missing value", `CN=,DC=com`, 3, "value after '=' is missing"},
		{"an empty quoted value", `CN="",DC=com`, 3, "value after '=' is missing"},
		{"a missing type", `=a,DC=com`, 0, "type before '='"},
		{"a number that is no type", `1=a`, 0, "type before '='"},
		{"a number with a leading zero", `1.02=a`, 0, "type before '='"},
		{"a type with a dot", `a.b=c`, 0, "type before '='"},
		{"a backslash at the end", `CN=a\`, 4, `write \\`},
		{"a backslash before a letter", `CN=CONTOSO\viola`, 10, `write \\`},
		{"half a hex pair", `CN=a\2`, 4, `write \\`},
		{"an open quotation mark", `CN="a,DC=com`, 3, "never closed"},
		{"text after a closing quotation mark", `CN="a"b,DC=com`, 6, "should end here"},
		{"a quotation mark within a value", `CN=a"b`, 4, "backslash before it"},
		{"an angle bracket", `CN=a<b>`, 4, "backslash before it"},
		{"a raw NUL", "CN=a\x00", 4, `\00`},
		{"a raw NUL in quotation marks", "CN=\"a\x00\"", 5, `\00`},
		{"an odd number of hex digits", `CN=#041`, 7, "pairs of hex digits"},
		{"no hex digits", `CN=#,DC=com`, 4, "pairs of hex digits"},
		{"text after hex digits", `CN=#0401xyz`, 8, "should end here"},
		{"bytes that are no UTF-8", "CN=\xff", 0, "not valid UTF-8"},
		{"more than the limit", "CN=" + strings.Repeat("a", MaxLength), MaxLength, "longer than 8192 bytes"},
	} {
		t.Run(tt.policy, func(t *testing.T) {
			d, err := Parse(tt.in)
			var syntax *SyntaxError
			if !errors.As(err, &syntax) {
				t.Fatalf("Parse = %v, %v; want a *SyntaxError", d, err)
			}
			if syntax.Offset != tt.offset || !strings.Contains(err.Error(), tt.what) {
				t.Errorf("got %v; want byte %d and %q", err, tt.offset, tt.what)
			}
		})
	}
}

func TestStringIsCanonical(t *testing.T) {
	for in, want := range map[string]string{
		`cn=a , ou = b`:           `CN=a,OU=b`,
		`CN="Doe, Jane"`:          `CN=Doe\, Jane`,
		`CN=\0aCNF:x`:             `CN=\0ACNF:x`,
		`CN=a=b`:                  `CN=a\=b`,
		`CN=\ a\ `:                `CN=\ a\ `,
		`CN=\#\"\+\;\<\>\\`:       `CN=\#\"\+\;\<\>\\`,
		`CN=\e6\9d\8e\ff`:         `CN=李\FF`,
		`CN=a\7f\00`:              `CN=a\7F\00`,
		`CN=#020105+2.5.4.11=b`:   `CN=#020105+OU=b`,
		`CN={4a},dc=x,dc=y`:       `CN={4a},DC=x,DC=y`,
		`CN=\ `:                   `CN=\ `,
		`CN=Zoë (temp) * & 'x' /`: `CN=Zoë (temp) * & 'x' /`,
	} {
		if got := mustParse(t, in).String(); got != want {
			t.Errorf("Parse(%s).String() = %s, want %s", in, got, want)
		}
	}
}

// drawDN draws names with everything that makes names hard.
func drawDN(t *rapid.T) DN {
	value := rapid.OneOf(
		rapid.StringMatching(`[ a-zA-Z,+"\\<>;=#*()]{1,12}`),
		rapid.StringN(1, 12, -1),
		rapid.SampledFrom([]string{"Doe, Jane", "x\nCNF:1", " ", "#", "\x00", "\\ ", " a", "a ", "李 小龙", "a=b,CN=c"}),
	)
	var d DN
	for range rapid.IntRange(1, 5).Draw(t, "parts") {
		var r RDN
		for range rapid.IntRange(1, 2).Draw(t, "attributes") {
			r = append(r, Attribute{
				Type:  rapid.SampledFrom([]string{"CN", "OU", "DC", "UID", "1.2.840.113556"}).Draw(t, "type"),
				Value: value.Draw(t, "value"),
			})
		}
		d = append(d, r)
	}
	return d
}

func TestWhatIsPrintedReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawDN(t)
		got, err := Parse(want.String())
		if err != nil {
			t.Fatalf("%s: %v", want, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s:\n%s", want, diff)
		}
	})
}

// TestAnotherParserAgrees lets go-ldap's parser judge ours: it must see the
// same types and values in what we print, and we in what it prints.
func TestAnotherParserAgrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ours := drawDN(t)
		theirs, err := ldap.ParseDN(ours.String())
		if err != nil {
			t.Fatalf("go-ldap refuses %s: %v", ours, err)
		}
		if diff := cmp.Diff(flatten(ours), judged(theirs)); diff != "" {
			t.Fatalf("%s:\n%s", ours, diff)
		}
		back, err := Parse(theirs.String())
		if err != nil {
			t.Fatalf("we refuse %s: %v", theirs, err)
		}
		if !back.Equal(ours) {
			t.Fatalf("%s became %s", ours, back)
		}
	})
}

// TestAnotherParserAgreesOnLooseText compares the two parsers on texts that
// nobody printed: what both accept they must read alike, and they may differ
// in acceptance only where documented.
func TestAnotherParserAgreesOnLooseText(t *testing.T) {
	piece := rapid.SampledFrom([]string{
		"CN=", "OU =", " DC= ", "a", "é", " ", ",OU=y", "+UID=z", `\,`, `\2C`, `\5C`, `\ `, `\\`, "=", "#", "0", `\E9`, "CN",
	})
	rapid.Check(t, func(t *rapid.T) {
		// "x" first: go-ldap wants hex values without blanks around them.
		text := "CN=x" + strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces"), "")
		ours, err := Parse(text)
		theirs, theirErr := ldap.ParseDN(text)
		if err != nil {
			// go-ldap also accepts empty values, a trailing comma, and any
			// text at all as a type.
			return
		}
		if theirErr != nil {
			t.Fatalf("we read %q as %v; go-ldap: %v", text, ours, theirErr)
		}
		if diff := cmp.Diff(flatten(ours), judged(theirs)); diff != "" {
			t.Fatalf("%q:\n%s", text, diff)
		}
	})
	for _, text := range []string{`CN=#0C0161`, `CN=#04024869+OU=#130141,DC=x`, `CN=#04810161`} {
		theirs, err := ldap.ParseDN(text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(flatten(mustParse(t, text)), judged(theirs)); diff != "" {
			t.Errorf("%q:\n%s", text, diff)
		}
	}
}

func flatten(d DN) []string {
	var out []string
	for i, r := range d {
		for _, a := range r {
			out = append(out, fmt.Sprintf("%d %s=%q", i, a.Type, a.Value))
		}
	}
	return out
}

func judged(d *ldap.DN) []string {
	var out []string
	for i, r := range d.RDNs {
		for _, a := range r.Attributes {
			out = append(out, fmt.Sprintf("%d %s=%q", i, a.Type, a.Value))
		}
	}
	return out
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"", `CN=Doe\, Jane,OU=Staff,DC=contoso,DC=com`, `CN="a,b"+UID=c`, `CN=#0C0161`, `CN=#0282000105`, `CN=\`, "CN=x\\0ACNF:1",
		`CN=TestUserCN=Users,DC=contoso,DC=com`, "CN＝a，OU=b；DC=c", `"CN=a"`, `CN=a,b.c.`, `LDAP://dc1/CN=a,DC=b`, `cn=a+b,c`, ",,,=", `CN="`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := Parse(s)
		if err == nil {
			text := d.String()
			again, err := Parse(text)
			if len(text) > MaxLength {
				return // escaping may lengthen a name beyond the limit
			}
			if err != nil {
				t.Fatalf("%q is printed as %q: %v", s, text, err)
			}
			if again.String() != text || !again.Equal(d) {
				t.Fatalf("%q is printed as %q, then as %q", s, text, again.String())
			}
			domain, ok := d.Domain()
			if ok && slices.Contains(strings.Split(domain, "."), "") {
				t.Fatalf("%q has the domain %q", s, domain)
			}
			_, _ = d.Conflict()
			_, _ = d.Deleted()
			_, _ = d.EntraAnchor()
		}
		if suggestion, what, ok := Mend(s); ok {
			if _, err := Parse(suggestion); err != nil && len(suggestion) <= MaxLength {
				t.Fatalf("Mend(%q) suggests %q: %v", s, suggestion, err)
			}
			if what == "" {
				t.Fatalf("Mend(%q) names no slip", s)
			}
		}
	})
}
