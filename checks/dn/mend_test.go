package dn

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestMendNamesTheSlip(t *testing.T) {
	for _, tt := range []struct {
		policy, in, want, what string
	}{
		{"a comma forgotten before a container", `CN=TestUserCN=Users,DC=contoso,DC=com`,
			`CN=TestUser,CN=Users,DC=contoso,DC=com`, "a comma is missing before CN="},
		{"a comma forgotten before an OU, in lower case", `cn=mia wongou=staff,dc=contoso,dc=com`,
			`CN=mia wong,OU=staff,DC=contoso,DC=com`, "a comma is missing before OU="},
		{"every comma forgotten", `CN=Mia OU=Staff DC=contoso DC=com`,
			`CN=Mia,OU=Staff,DC=contoso,DC=com`, "a comma is missing before OU=; a comma is missing before DC="},
		{"a type that ends a word is not cut from it", `CN=ABCDC=contoso,DC=com`,
			`CN=ABC,DC=contoso,DC=com`, "a comma is missing before DC="},
		{"a type written twice", `CN=CN=Mia,OU=Staff,DC=contoso,DC=com`,
			`CN=Mia,OU=Staff,DC=contoso,DC=com`, "the attribute type CN= stands twice"},
		{"semicolons", `CN=Mia;OU=Staff; DC=contoso;DC=com`,
			`CN=Mia,OU=Staff,DC=contoso,DC=com`, "semicolons stand where commas belong"},
		{"full-width commas and equals signs", "CN=Mia，OU＝Staff，DC=contoso、DC=com",
			`CN=Mia,OU=Staff,DC=contoso,DC=com`, "full-width commas stand where plain commas belong; a full-width equals sign stands where a plain one belongs"},
		{"a comma at the end", `CN=Mia,OU=Staff,DC=contoso,DC=com,`,
			`CN=Mia,OU=Staff,DC=contoso,DC=com`, "there is a comma too many"},
		{"two commas", `CN=Mia,,OU=Staff,DC=contoso,DC=com`,
			`CN=Mia,OU=Staff,DC=contoso,DC=com`, "there is a comma too many"},
		{"a full stop at the end", `CN=Mia,OU=Staff,DC=contoso,DC=com.`,
			`CN=Mia,OU=Staff,DC=contoso,DC=com`, "a full stop stands at the end"},
		{"blanks around equals signs", `CN = Mia, OU = Staff,DC=contoso,DC=com`,
			`CN=Mia,OU=Staff,DC=contoso,DC=com`, "blanks stand around an equals sign"},
		{"quotation marks around the name", `"CN=Mia,OU=Staff,DC=contoso,DC=com"`,
			`CN=Mia,OU=Staff,DC=contoso,DC=com`, "quotation marks stand around the name"},
		{"back-ticks around the name", "`CN=Mia,OU=Staff,DC=contoso,DC=com`",
			`CN=Mia,OU=Staff,DC=contoso,DC=com`, "quotation marks stand around the name"},
		{"curly quotation marks around the name", "“CN=Mia,OU=Staff,DC=contoso,DC=com”",
			`CN=Mia,OU=Staff,DC=contoso,DC=com`, "quotation marks stand around the name"},
		{"a quotation mark at one end only", `CN=Mia,OU=Staff,DC=contoso,DC=com"`,
			`CN=Mia,OU=Staff,DC=contoso,DC=com`, "quotation marks stand around the name"},
		{"a comma within a person's name", `CN=Wong, Mia,OU=Staff,DC=contoso,DC=com`,
			`CN=Wong\, Mia,OU=Staff,DC=contoso,DC=com`, "a comma within a name needs a backslash before it"},
		{"a comma within a name, without a blank", `CN=Wong,Mia,OU=Staff,DC=contoso,DC=com`,
			`CN=Wong\,Mia,OU=Staff,DC=contoso,DC=com`, "a comma within a name needs a backslash before it"},
		{"a comma before the last of several names", `CN=Mia Ann, PhD,OU=Staff,DC=contoso,DC=com`,
			`CN=Mia Ann\, PhD,OU=Staff,DC=contoso,DC=com`, "a comma within a name needs a backslash before it"},
		{"a well-known container without its type", `CN=Mia Wong, Users,DC=contoso,DC=com`,
			`CN=Mia Wong,CN=Users,DC=contoso,DC=com`, "the attribute type CN= is missing"},
		{"an OU without its type", `CN=Mia Wong,Staff,DC=contoso,DC=com`,
			`CN=Mia Wong,OU=Staff,DC=contoso,DC=com`, "the attribute type OU= is missing"},
		{"a first part without its type", `Mia Wong,OU=Staff,DC=contoso,DC=com`,
			`CN=Mia Wong,OU=Staff,DC=contoso,DC=com`, "the attribute type CN= is missing"},
		{"a DC part without its type", `CN=Mia,OU=Staff,DC=contoso,com`,
			`CN=Mia,OU=Staff,DC=contoso,DC=com`, "the attribute type DC= is missing"},
		{"the domain written as a DNS name", `CN=Mia,OU=Staff,corp.contoso.com`,
			`CN=Mia,OU=Staff,DC=corp,DC=contoso,DC=com`, "the attribute type DC= is missing"},
		{"an LDAP address", `LDAP://dc01.contoso.com/CN=Mia,DC=contoso,DC=com`,
			`CN=Mia,DC=contoso,DC=com`, "the name is written as an LDAP:// address"},
		{"an LDAP address without a server", `ldap://CN=Mia/x,DC=contoso,DC=com`,
			`CN=Mia/x,DC=contoso,DC=com`, "the name is written as an LDAP:// address"},
		{"a character that needs a backslash", `CN=Mia <temp>; R+D,OU=Staff,DC=contoso,DC=com`,
			`CN=Mia \<temp\>\; R\+D,OU=Staff,DC=contoso,DC=com`, "a character within a name needs a backslash before it"},
		{"a backslash that escapes nothing", `CN=CONTOSO\mia,DC=contoso,DC=com`,
			`CN=CONTOSO\\mia,DC=contoso,DC=com`, "a character within a name needs a backslash before it"},
		{"several slips at once", `"CN=TestUserCN=Users;DC=contoso,DC=com,"`,
			`CN=TestUser,CN=Users,DC=contoso,DC=com`, "quotation marks stand around the name; semicolons stand where commas belong; there is a comma too many; a comma is missing before CN="},
	} {
		t.Run(tt.policy, func(t *testing.T) {
			got, what, ok := Mend(tt.in)
			if !ok || got != tt.want || what != tt.what {
				t.Errorf("Mend(%s)\n got %s (%s) %v\nwant %s (%s)", tt.in, got, what, ok, tt.want, tt.what)
			}
		})
	}
}

func TestMendLeavesSoundNamesAlone(t *testing.T) {
	for _, in := range []string{
		`CN=Mia,OU=Staff,DC=contoso,DC=com`,
		`cn=Mia, ou=Staff, dc=contoso, dc=com`,
		`CN=Wong\, Mia,OU=Staff,DC=contoso,DC=com`,
		`CN="Wong, Mia",OU=Staff,DC=contoso,DC=com`,
		`CN=Mia,OU="Staff, Temps"`,
		`CN=a\=b cn\=c,OU=R\+D,DC=contoso,DC=com`,
		`CN=a+OU=b,DC=contoso,DC=com`,
		`CN=a + OU = b,DC=contoso,DC=com`,
		`CN=Mia\20,OU=Staff,DC=contoso,DC=com`,
		`CN=Mia\ ,OU=Staff,DC=contoso,DC=com`,
		`CN=x\0ACNF:7c2a4b10-55aa-4c1e-9d0f-0a1b2c3d4e5f,DC=contoso,DC=com`,
		`CN=/o\=Lab/ou\=Group,DC=contoso,DC=com`,
		`CN=/o=Lab/ou=Group/cn=Mia,DC=contoso,DC=com`,
		"CN=李，小龙,OU=Staff,DC=contoso,DC=com",
		`CN=#0C0161,DC=com`,
		``, `viola`, `viola@contoso.com`, `contoso.com`, `CN=`, `,`, `=`,
		strings.Repeat("CN=a,", MaxLength),
	} {
		if got, what, ok := Mend(in); ok {
			t.Errorf("Mend(%s) = %s (%s), want nothing", in, got, what)
		}
	}
}

func TestMendHasNothingToSayAboutWhatWePrint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := drawDN(t).String()
		if got, what, ok := Mend(text); ok && !strings.HasSuffix(text, ".") {
			t.Fatalf("Mend(%s) = %s (%s)", text, got, what)
		}
	})
}
