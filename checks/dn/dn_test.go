package dn

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func mustParse(t testing.TB, s string) DN {
	t.Helper()
	d, err := Parse(s)
	if err != nil {
		t.Fatalf("Parse(%q): %v", s, err)
	}
	return d
}

func TestEqual(t *testing.T) {
	const name = `CN=Ana Núñez,OU=Staff,DC=contoso,DC=com`
	for _, tt := range []struct {
		policy string
		other  string
		want   bool
	}{
		{"case of types does not matter", `cn=Ana Núñez,ou=Staff,dc=contoso,Dc=com`, true},
		{"case of values does not matter, beyond ASCII too", `CN=ANA NÚÑEZ,OU=staff,DC=CONTOSO,DC=com`, true},
		{"blanks around separators do not matter", ` CN = Ana Núñez , OU = Staff , DC=contoso,DC=com `, true},
		{"the way a character is escaped does not matter", `CN=Ana N\C3\BA\C3\B1ez,OU=\53taff,DC=contoso,DC=com`, true},
		{"a type's number is its name", `2.5.4.3=Ana Núñez,2.5.4.11=Staff,0.9.2342.19200300.100.1.25=contoso,DC=com`, true},
		{"the order of the parts matters", `OU=Staff,CN=Ana Núñez,DC=contoso,DC=com`, false},
		{"an OU is not a container of that name", `CN=Ana Núñez,CN=Staff,DC=contoso,DC=com`, false},
		{"a comma within a name is not a separator", `CN=Ana Núñez\,OU=Staff,DC=contoso,DC=com`, false},
		{"a longer name is another name", `CN=Ana Núñez,OU=Staff,DC=contoso,DC=com,DC=au`, false},
	} {
		t.Run(tt.policy, func(t *testing.T) {
			a, b := mustParse(t, name), mustParse(t, tt.other)
			if got := a.Equal(b); got != tt.want {
				t.Errorf("Equal = %v, want %v", got, tt.want)
			}
			if got := a.Key() == b.Key(); got != tt.want {
				t.Errorf("same key = %v, want %v", got, tt.want)
			}
		})
	}
	if a, b := mustParse(t, `CN=a+UID=b,DC=x`), mustParse(t, `UID=B+CN=A,DC=x`); !a.Equal(b) {
		t.Error("the order of attributes within one part matters")
	}
	if a, b := mustParse(t, `CN=x,DC=y`), (DN{{{Type: "CN", Value: "x,DC=y"}}}); a.Key() == b.Key() {
		t.Error("a value that spells a separator shares its key with a longer name")
	}
}

func TestIsUnder(t *testing.T) {
	user := `CN=Doe\, Jane,OU=Staff,OU=Corp,DC=contoso,DC=com`
	for _, tt := range []struct {
		policy, base string
		want         bool
	}{
		{"an object is under its OU", `ou=staff,ou=corp,dc=contoso,dc=com`, true},
		{"an object is under its domain", `DC=contoso,DC=com`, true},
		{"a name is under itself", user, true},
		{"everything is under the root", ``, true},
		{"an OU of the same name elsewhere is another OU", `OU=Staff,DC=contoso,DC=com`, false},
		{"a domain that ends in the same letters is another domain", `DC=so,DC=com`, false},
		{"a parent is not under its child", `CN=x,` + user, false},
	} {
		t.Run(tt.policy, func(t *testing.T) {
			if got := mustParse(t, user).IsUnder(mustParse(t, tt.base)); got != tt.want {
				t.Errorf("IsUnder(%q) = %v, want %v", tt.base, got, tt.want)
			}
		})
	}
}

func TestParentAndRDN(t *testing.T) {
	d := mustParse(t, `CN=Doe\, Jane,OU=Staff,DC=contoso,DC=com`)
	if got := d.RDN().Value(); got != "Doe, Jane" {
		t.Errorf("the object's own name is %q", got)
	}
	if got := d.Parent().String(); got != "OU=Staff,DC=contoso,DC=com" {
		t.Errorf("the parent is %q", got)
	}
	if got := (DN{}).Parent(); len(got) != 0 || (DN{}).RDN().Value() != "" {
		t.Error("the root has a parent or a name")
	}
}

func TestDomain(t *testing.T) {
	for _, tt := range []struct {
		policy, name, want string
	}{
		{"the parts at the end spell the domain, in lower case", `CN=a,OU=b,DC=Corp,DC=Contoso,DC=com`, "corp.contoso.com"},
		{"a DC part above an OU belongs to the object", `DC=host,CN=Zone,DC=contoso,DC=com`, "contoso.com"},
		{"letters of other scripts are labels", `CN=a,DC=münchen,DC=test`, "münchen.test"},
		{"a name without DC parts has no domain", `CN=a,O=Contoso`, ""},
		{"the root has no domain", ``, ""},
		{"a dot within a part is no label", `CN=a,DC=evil.contoso.com`, ""},
		{"a blank within a part is no label", `CN=a,DC=contoso,DC=com oops`, ""},
	} {
		t.Run(tt.policy, func(t *testing.T) {
			got, ok := mustParse(t, tt.name).Domain()
			if got != tt.want || ok != (tt.want != "") {
				t.Errorf("Domain = %q, %v; want %q", got, ok, tt.want)
			}
		})
	}
}

func TestFromDomain(t *testing.T) {
	d, err := FromDomain("Corp.contoso.com.")
	if err != nil || d.String() != "DC=Corp,DC=contoso,DC=com" {
		t.Errorf("FromDomain = %v, %v", d, err)
	}
	for _, bad := range []string{"", ".", "a..b", "contoso,com", "contoso.com/x", "a b.com"} {
		if d, err := FromDomain(bad); err == nil {
			t.Errorf("FromDomain(%q) = %v, want an error", bad, d)
		}
	}
}

func TestMarksOfActiveDirectory(t *testing.T) {
	const guid = "7c2a4b10-55aa-4c1e-9d0f-0a1b2c3d4e5f"
	type answer struct {
		Conflict, Deleted         bool
		ConflictGUID, DeletedGUID string
	}
	for _, tt := range []struct {
		policy, name string
		want         answer
	}{
		{"an ordinary object has no mark", `CN=Jo,OU=Staff,DC=contoso,DC=com`, answer{}},
		{"the loser of a conflict tells its GUID", `CN=Jo\0ACNF:` + guid + `,OU=Staff,DC=contoso,DC=com`, answer{Conflict: true, ConflictGUID: guid}},
		{"everything in a conflicting OU is marked", `CN=Jo,OU=Staff\0ACNF:` + guid + `,DC=contoso,DC=com`, answer{Conflict: true, ConflictGUID: guid}},
		{"the mark counts in any case and beside any letters", `CN=ĲIİ\0acnf:` + guid + `,DC=contoso,DC=com`, answer{Conflict: true, ConflictGUID: guid}},
		{"the word without the line feed is only a word", `CN=CNF:` + guid + `,DC=contoso,DC=com`, answer{}},
		{"a deleted object tells its GUID", `CN=Jo\0ADEL:` + guid + `,CN=Deleted Objects,DC=contoso,DC=com`, answer{Deleted: true, DeletedGUID: guid}},
		{"what lies in Deleted Objects is deleted", `CN=Jo,CN=Deleted Objects,DC=contoso,DC=com`, answer{Deleted: true}},
		{"the container itself is not deleted", `CN=Deleted Objects,DC=contoso,DC=com`, answer{}},
		{"an OU of that name deletes nothing", `CN=Jo,OU=Deleted Objects,DC=contoso,DC=com`, answer{}},
		{"a container of that name elsewhere deletes nothing", `CN=Jo,CN=Deleted Objects,OU=Staff,DC=contoso,DC=com`, answer{}},
		{"the configuration partition has its own", `CN=Jo,CN=Deleted Objects,CN=Configuration,DC=contoso,DC=com`, answer{Deleted: true}},
	} {
		t.Run(tt.policy, func(t *testing.T) {
			var got answer
			d := mustParse(t, tt.name)
			got.ConflictGUID, got.Conflict = d.Conflict()
			got.DeletedGUID, got.Deleted = d.Deleted()
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEntraAnchor(t *testing.T) {
	const name = "CN={714B3365745A4576544565446D34466C5136486B39773D3D}"
	const anchor = "qK3etZEvTEeDm4FlQ6Hk9w=="
	if got, ok := mustParse(t, name).EntraAnchor(); !ok || got != anchor {
		t.Errorf("EntraAnchor = %q, %v; want %q", got, ok, anchor)
	}
	if got := FromEntraAnchor(anchor).String(); got != name {
		t.Errorf("FromEntraAnchor = %s, want %s", got, name)
	}
	for _, other := range []string{
		"CN={714B3}", "CN={}", "CN=714B33", "CN={zz}", "OU={714B33}", "CN={714B33},DC=contoso,DC=com", "CN={0A}", "CN={FF}",
	} {
		if got, ok := mustParse(t, other).EntraAnchor(); ok {
			t.Errorf("EntraAnchor of %s = %q, want none", other, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.StringMatching(`[A-Za-z0-9+/=@.ä-]{1,60}`).Draw(t, "anchor")
		if got, ok := FromEntraAnchor(want).EntraAnchor(); !ok || got != want {
			t.Fatalf("got %q, %v; want %q", got, ok, want)
		}
	})
}
