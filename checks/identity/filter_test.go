package identity

import (
	"testing"

	"github.com/go-ldap/ldap/v3"
	"pgregory.net/rapid"
)

func TestLDAPFilter(t *testing.T) {
	const octets = `\7a\1c\0e\5d\b4\93\26\4f\8a\1d\60\f7\c2\b9\e3\45`
	const either = `(|(mS-DS-ConsistencyGuid=` + octets + `)(&(objectGUID=` + octets + `)(!(mS-DS-ConsistencyGuid=*))))`
	for _, tt := range []struct {
		policy, in, anchor string
		filter, base       string
	}{
		{"a DN is read where it lies", `CN=x)(objectClass\=*,DC=contoso,DC=com`, "", `(objectClass=*)`, `CN=x)(objectClass\=*,DC=contoso,DC=com`},
		{"an address may be a sign-in name, the mail address or another address", "mia@contoso.com", "", `(|(userPrincipalName=mia@contoso.com)(mail=mia@contoso.com)(proxyAddresses=smtp:mia@contoso.com))`, ""},
		{"a word is an account name", "m(w)ong", "", `(sAMAccountName=m\28w\29ong)`, ""},
		{"words may be a display name", "Mia Wong", "", `(|(sAMAccountName=Mia Wong)(displayName=Mia Wong)(cn=Mia Wong))`, ""},
		{"the domain is no part of the search", `CONTOSO\mwong`, "", `(sAMAccountName=mwong)`, ""},
		{"an objectGUID is searched as bytes", testGUID, "mS-DS-ConsistencyGuid", `(objectGUID=` + octets + `)`, ""},
		{"an ImmutableId is the consistency GUID, or the objectGUID of who has none", testAnchor, "mS-DS-ConsistencyGuid", either, ""},
		{"so it is when the anchor is not known", testAnchor, "", either, ""},
		{"so it is when the anchor is no attribute", testAnchor, "cn)(x", either, ""},
		{"an ImmutableId is the objectGUID where that is the anchor", testAnchor, "objectguid", `(objectGUID=` + octets + `)`, ""},
		{"another anchor may hold bytes or text", testAnchor, "employeeID", `(|(employeeID=` + octets + `)(employeeID=ehwOXbSTJk+KHWD3wrnjRQ==))`, ""},
		{"an Entra name is searched by its anchor", "CN={" + hexOf(testAnchor) + "}", "", either, ""},
		{"an anchor that is text is searched as text", "CN={" + hexOf("E*4711") + "}", "employeeID", `(employeeID=E\2a4711)`, ""},
		{"an anchor that is text is nowhere when the attribute is not known", "CN={" + hexOf("E4711") + "}", "", `(!(objectClass=*))`, ""},
		{"a mention has no search of its own", "<@U07MIA>", "", `(!(objectClass=*))`, ""},
	} {
		t.Run(tt.policy, func(t *testing.T) {
			q, err := Read(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			filter, base := LDAPFilter(q, tt.anchor)
			if filter != tt.filter || base != tt.base {
				t.Errorf("got %s at %q\nwant %s at %q", filter, base, tt.filter, tt.base)
			}
		})
	}
	if filter, base := LDAPFilter(Query{}, ""); filter != `(!(objectClass=*))` || base != "" {
		t.Errorf("the zero query searches %s at %q", filter, base)
	}
}

// TestEveryFilterCompiles lets go-ldap judge: whatever was typed, the search is
// sound and holds no condition beyond those of its kind.
func TestEveryFilterCompiles(t *testing.T) {
	piece := rapid.SampledFrom([]string{"mia", "@", "contoso.com", `\`, "(", ")", "*", "&", "|", "=", "CN=", ",DC=x", "\x00", "é", " ", "<", ">", "!", "'", testGUID, testAnchor})
	rapid.Check(t, func(t *rapid.T) {
		var in string
		for _, p := range rapid.SliceOfN(piece, 1, 8).Draw(t, "pieces") {
			in += p
		}
		q, err := Read(in)
		if err != nil {
			return
		}
		filter, base := LDAPFilter(q, rapid.SampledFrom([]string{"", "objectGUID", "employeeID", "x)(y"}).Draw(t, "anchor"))
		packet, err := ldap.CompileFilter(filter)
		if err != nil {
			t.Fatalf("%q became %s: %v", in, filter, err)
		}
		if base != "" {
			if _, err := ldap.ParseDN(base); err != nil {
				t.Fatalf("%q became the base %s: %v", in, base, err)
			}
		}
		if q.Kind == KindSAM && packet.Tag == ldap.FilterEqualityMatch && packet.Children[1].Data.String() != q.Value {
			t.Fatalf("%q is searched as %q", q.Value, packet.Children[1].Data.String())
		}
	})
}
