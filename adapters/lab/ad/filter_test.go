package ad

import (
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"

	"github.com/pwsync/pwsync/adapters/lab/estate"
)

func TestFiltersAreEvaluated(t *testing.T) {
	entry := estate.Entry{DN: `CN=Doe\, Jane,OU=Staff,DC=contoso,DC=com`, Attributes: map[string][]string{
		"distinguishedName":  {`CN=Doe\, Jane,OU=Staff,DC=contoso,DC=com`},
		"cn":                 {"Doe, Jane"},
		"objectClass":        {"top", "person", "user"},
		"objectCategory":     {"CN=Person,CN=Schema,CN=Configuration,DC=contoso,DC=com"},
		"userAccountControl": {"514"},
		"pwdLastSet":         {"133000000000000000"},
		"displayName":        {"Jane (Finance) Doe*"},
		"objectGUID":         {"\x00\x01()*\\"},
		"sAMAccountName":     {"jdoe"},
	}}
	for _, c := range []struct {
		filter string
		want   bool
	}{
		{"(cn=doe, JANE)", true},
		{"(CN=Doe)", false},
		{"(cn=Doe*)", true},
		{"(cn=*jane)", true},
		{"(cn=D*e*ne)", true},
		{"(cn=*x*)", false},
		{"(cn=Doe, Jane*Jane)", false},
		{"(mail=*)", false},
		{"(cn=*)", true},
		{"(!(mail=*))", true},
		{"(&(objectClass=user)(objectClass=person))", true},
		{"(&(objectClass=user)(objectClass=computer))", false},
		{"(|(objectClass=computer)(objectClass=user))", true},
		{"(&)", true},
		{"(|)", false},
		{"(userAccountControl:1.2.840.113556.1.4.803:=2)", true},
		{"(userAccountControl:1.2.840.113556.1.4.803:=66)", false},
		{"(userAccountControl:1.2.840.113556.1.4.804:=66)", true},
		{"(userAccountControl:1.2.3:=2)", false},
		{"(pwdLastSet>=132999999999999999)", true},
		{"(pwdLastSet<=99)", false},
		{`(displayName=jane \28finance\29 doe\2a)`, true},
		{`(objectGUID=\00\01\28\29\2a\5c)`, true},
		{`(distinguishedName=cn=doe\5c2c jane,ou=staff,dc=contoso,dc=com)`, true},
		{"(objectCategory=person)", true},
		{"(objectCategory=computer)", false},
		{"(anr=jdo)", true},
		{"(anr=oe)", false},
		{"(cn:=doe, jane)", true},
	} {
		// What the client sends is what the library reads back from the wire.
		packet, err := ldap.CompileFilter(c.filter)
		if err != nil {
			if c.filter != "(&)" && c.filter != "(|)" {
				t.Errorf("%s: %v", c.filter, err)
			}
			continue
		}
		text, err := ldap.DecompileFilter(packet)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parseFilter(text)
		if err != nil {
			t.Errorf("%s: %v", c.filter, err)
			continue
		}
		if got := f.matches(entry); got != c.want {
			t.Errorf("%s is %t", c.filter, got)
		}
	}
}

func TestFiltersThatAreNoneAreRefused(t *testing.T) {
	for _, s := range []string{"", "(", "cn=a", "(cn)", "(cn=a", "(cn=a))", "(!(a=b)(c=d))", "(!)", `(cn=\4)`, `(cn=\zz)`, "(=a)", strings.Repeat("(!", 100) + "(a=b)" + strings.Repeat(")", 100)} {
		if f, err := parseFilter(s); err == nil {
			t.Errorf("%q was read as %+v", s, f)
		}
	}
}

func FuzzParseFilter(f *testing.F) {
	for _, s := range []string{"(&(a=b)(!(c=*))(d=x*y*z)(e>=1)(f:1.2.840.113556.1.4.803:=2))", `(a=\28)`, "(|"} {
		f.Add(s)
	}
	entry := estate.Entry{DN: "CN=a", Attributes: map[string][]string{"a": {"b"}, "d": {"xyz"}, "e": {"7"}, "distinguishedName": {"CN=a"}}}
	f.Fuzz(func(t *testing.T, s string) {
		if parsed, err := parseFilter(s); err == nil {
			parsed.matches(entry)
		}
		if err := checkDN(s); err == nil {
			estate.UnderDN(s, "DC=contoso,DC=com")
		}
	})
}
