package directory

import (
	"testing"

	"github.com/go-ldap/ldap/v3"
	"github.com/google/go-cmp/cmp"

	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/identity"
	"github.com/pwsync/pwsync/checks/suite"
)

var _ suite.Directory = (*Forest)(nil)

func person(name, sam string) *ldap.Entry {
	return entryOf(name, map[string][]string{
		"objectGUID": {"\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee" + sam[:1]}, "sAMAccountName": {sam},
		"objectClass": {"top", "person", "organizationalPerson", "user"}, "userPrincipalName": {sam + "@north.example"},
		"displayName": {"Name of " + sam}, "userAccountControl": {"514"}, "mail": {sam + "@example.com"},
	})
}

func nobody(asked) said { return said{} }

func read(t *testing.T, input string) identity.Query {
	t.Helper()
	q, err := identity.Read(input)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func TestFindAsksAllDomainsAndSaysWhereSomebodyIs(t *testing.T) {
	north := serve(t, nobody)
	sub := serve(t, func(asked) said {
		return said{entries: []*ldap.Entry{person(`CN=Okafor\, Ngozi,OU=Staff,DC=sub,DC=north,DC=example`, "ngozi")}, referral: "ldap://elsewhere.example/"}
	})
	f := forest(t, nil, north, sub)
	got, err := f.Find(t.Context(), read(t, "ngozi@north.example"), 5)
	if err != nil {
		t.Fatal(err)
	}
	want := []checks.Candidate{{
		Person: checks.Person{
			GUID: "33221100-5544-7766-8899-aabbccddee6e", DN: `CN=Okafor\, Ngozi,OU=Staff,DC=sub,DC=north,DC=example`,
			UPN: "ngozi@north.example", SAM: "ngozi", Mail: "ngozi@example.com", Name: "Name of ngozi",
			Forest: "north.example", Domain: "sub.north.example",
		},
		OU: "OU=Staff,DC=sub,DC=north,DC=example",
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	_, _, searches := north.seen()
	if len(searches) != 1 || searches[0].base != "DC=north,DC=example" || searches[0].scope != ldap.ScopeWholeSubtree || searches[0].limit != 5 {
		t.Errorf("the other domain was asked %+v", searches)
	}
}

func TestWhomTheQuestionConcernsIsAskedAndNobodyElse(t *testing.T) {
	tests := []struct {
		name       string
		input      string
		north, sub int
		err        string
	}{
		{"an account name concerns every domain", "ngozi", 1, 1, ""},
		{"an account name with its domain concerns that one", `SUB\ngozi`, 0, 1, ""},
		{"the domain may be given as its DNS name", `sub.north.example\ngozi`, 0, 1, ""},
		{"an unknown domain concerns nobody", `SOUTH\ngozi`, 0, 0, ""},
		{"a DN concerns the domain that it lies in", "CN=X,DC=sub,DC=north,DC=example", 0, 1, ""},
		{"a DN of another forest concerns nobody", "CN=X,DC=contoso,DC=com", 0, 0, ""},
		{"a DN of a domain that is not configured cannot be answered", "CN=X,DC=hidden,DC=north,DC=example", 0, 0, "not configured"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			north, sub := serve(t, nobody), serve(t, nobody)
			found, err := forest(t, nil, north, sub).Find(t.Context(), read(t, tt.input), 5)
			if len(found) > 0 || (err == nil) != (tt.err == "") {
				t.Fatalf("found %v, error %v", found, err)
			}
			if err != nil {
				contains(t, "error", err.Error(), tt.err)
			}
			_, _, inNorth := north.seen()
			_, _, inSub := sub.seen()
			if len(inNorth) != tt.north || len(inSub) != tt.sub {
				t.Errorf("%d and %d searches", len(inNorth), len(inSub))
			}
		})
	}
}

func TestADistinguishedNameIsReadWithOneBaseScopeSearchWhateverIsInIt(t *testing.T) {
	for _, name := range []string{
		`CN=x)(objectClass\=*,DC=north,DC=example`,
		`CN=*,DC=north,DC=example`,
		`CN=nul\00 and \0A line,DC=north,DC=example`,
		`CN=ends in \\,DC=north,DC=example`,
	} {
		s := serve(t, func(asked) said { return said{code: ldap.LDAPResultNoSuchObject} })
		f := forest(t, nil, s)
		if found, err := f.Find(t.Context(), read(t, name), 5); err != nil || len(found) > 0 {
			t.Errorf("found %v, error %v", found, err)
		}
		_, _, searches := s.seen()
		if len(searches) != 1 || searches[0].scope != ldap.ScopeBaseObject || searches[0].filter != "(objectClass=*)" {
			t.Errorf("%s was searched as %+v", name, searches)
		}
	}
}

func TestADomainThatFailsIsSaidBesideWhatOthersFound(t *testing.T) {
	found := func(asked) said { return said{entries: []*ldap.Entry{person("CN=A,DC=north,DC=example", "a")}} }
	broken := func(asked) said { return said{code: 53, text: "00002024: not now"} }
	tests := []struct {
		name       string
		north, sub func(asked) said
		want       int
		err        string
	}{
		{"somebody found in one domain is found, and the failure of another is said", broken, found, 1, `search north.example: the domain controller answered "Unwilling To Perform" (code 53)`},
		{"nobody found beside a failure is a failure", nobody, broken, 0, `search sub.north.example: the domain controller answered "Unwilling To Perform" (code 53): 00002024: not now`},
		{"nobody found anywhere is nobody", nobody, nobody, 0, ""},
		{"a size limit that was reached is no failure", func(asked) said {
			return said{code: ldap.LDAPResultSizeLimitExceeded, entries: []*ldap.Entry{person("CN=A,DC=north,DC=example", "a")}}
		}, nobody, 1, ""},
		{"a server that sends more than was asked for is cut short", func(asked) said {
			return said{entries: []*ldap.Entry{person("CN=A,DC=x", "a"), person("CN=B,DC=x", "b"), person("CN=C,DC=x", "c")}}
		}, nobody, 2, ""},
		{"a person without objectGUID cannot be told from others", func(asked) said {
			return said{entries: []*ldap.Entry{entryOf("CN=A,DC=x", map[string][]string{"cn": {"A"}})}}
		}, nobody, 0, "attribute objectGUID was not shown"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := forest(t, nil, serve(t, tt.north), serve(t, tt.sub)).Find(t.Context(), read(t, "somebody"), 2)
			if len(got) != tt.want || (err == nil) != (tt.err == "") {
				t.Fatalf("found %v, error %v", got, err)
			}
			if err != nil {
				contains(t, "error", err.Error(), tt.err)
			}
		})
	}
}

func TestNamesOffersWhatLooksAlike(t *testing.T) {
	s := serve(t, func(q asked) said {
		return said{entries: []*ldap.Entry{person("CN=B,DC=x", "ngoza"), person("CN=A,DC=x", "ngob"), person("CN=PC,DC=x", "ngo-pc$")}}
	})
	f := forest(t, nil, s)
	tests := []struct {
		name   string
		query  identity.Query
		filter string
		want   []string
	}{
		{"account names for an account name, without computers", identity.Query{Kind: identity.KindSAM, Value: "ngo(zi"},
			"(&(objectClass=user)(|(sAMAccountName=ng*)(sn=ng*)(displayName=ng*)))", []string{"ngob", "ngoza"}},
		{"sign-in names for a sign-in name, whatever is in it", identity.Query{Kind: identity.KindUPN, Value: "*)x@north.example"},
			`(&(objectClass=user)(|(userPrincipalName=\2a\29*)(mail=\2a\29*)))`, []string{"ngob@north.example", "ngoza@north.example"}},
		{"distinguished names for a distinguished name", identity.Query{Kind: identity.KindDN, Value: "CN=Ngo,DC=north,DC=example"},
			"(&(objectClass=user)(cn=Ng*))", []string{"CN=A,DC=x", "CN=B,DC=x"}},
		{"nothing for a GUID, which is like no other", identity.Query{Kind: identity.KindObjectGUID, Value: "33221100-5544-7766-8899-aabbccddeeff"}, "", nil},
		{"nothing for nothing", identity.Query{Kind: identity.KindSAM}, "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, before := s.seen()
			got, err := f.Names(t.Context(), tt.query, 10)
			if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
				t.Error(err, diff)
			}
			_, _, after := s.seen()
			filter := ""
			if len(after) > len(before) {
				filter = after[len(after)-1].filter
			}
			if filter != tt.filter {
				t.Errorf("it was searched as %s", filter)
			}
		})
	}
}
