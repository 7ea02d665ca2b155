package identity

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

const (
	testGUID    = "5d0e1c7a-93b4-4f26-8a1d-60f7c2b9e345"
	testAnchor  = "ehwOXbSTJk+KHWD3wrnjRQ=="
	testEntraDN = "CN={656877 4F586253544A6B2B4B4857443377726E6A52513D3D}"
)

// reading is what a row of a table says about one reading.
type reading struct {
	Kind                Kind
	Value, Domain, Slip string
}

func readingOf(q Query) reading { return reading{q.Kind, q.Value, q.Domain, q.Slip} }

func TestRead(t *testing.T) {
	const (
		upn    = KindUPN
		sam    = KindSAM
		domSAM = KindDomainSAM
	)
	anchorOfGUID := reading{Kind: KindImmutableID, Value: testAnchor}
	for _, tt := range []struct {
		policy, in string
		want       reading
		then       []reading
	}{
		{"a sign-in name", "mia.wong@contoso.com", reading{Kind: upn, Value: "mia.wong@contoso.com"}, nil},
		{"a mail address that Slack made a link", "<mailto:mia@contoso.com|mia@contoso.com>", reading{Kind: upn, Value: "mia@contoso.com"}, nil},
		{"a mail link that shows a name", "<mailto:mia@contoso.com|Mia Wong>", reading{Kind: upn, Value: "mia@contoso.com"}, nil},
		{"a sign-in name whose domain Slack made a link", "mia@<http://contoso.com|contoso.com>", reading{Kind: upn, Value: "mia@contoso.com"}, nil},
		{"an address as a mail program copies it", "Mia Wong &lt;<mailto:mia@contoso.com|mia@contoso.com>&gt;", reading{Kind: upn, Value: "mia@contoso.com", Slip: "there is other text around the name"}, nil},
		{"an address within a sentence", "why can't Mia, mia@contoso.com, sign in?", reading{Kind: upn, Value: "mia@contoso.com", Slip: "there is other text around the name"}, nil},
		{"a sign-in name without a dot in its domain", "mia@contoso", reading{Kind: upn, Value: "mia@contoso"}, nil},
		{"typographic quotation marks around a name are delimiters", "“mia@contoso.com”", reading{Kind: upn, Value: "mia@contoso.com"}, nil},
		{"guillemets around a name are delimiters", "« mia@contoso.com »", reading{Kind: upn, Value: "mia@contoso.com"}, nil},
		{"a typographic apostrophe within a name is tried as it stands, then plain", "o’dea@contoso.com", reading{Kind: upn, Value: "o’dea@contoso.com"}, []reading{{Kind: upn, Value: "o'dea@contoso.com"}}},
		{"a long dash within a name is tried as it stands, then plain", "anne–mia@contoso.com", reading{Kind: upn, Value: "anne–mia@contoso.com"}, []reading{{Kind: upn, Value: "anne-mia@contoso.com"}}},
		{"invisible characters at the ends never count", "\u200b\ufeff mia@contoso.com\u00a0\u2060", reading{Kind: upn, Value: "mia@contoso.com"}, nil},
		{"an invisible character within a domain is removed", "mia@contoso\u200b.com", reading{Kind: upn, Value: "mia@contoso.com"}, nil},
		{"full-width characters become plain", "ｍｉａ＠contoso.com", reading{Kind: upn, Value: "mia@contoso.com"}, nil},
		{"the full stop of a sentence is dropped", "mia@contoso.com.", reading{Kind: upn, Value: "mia@contoso.com"}, nil},
		{"a comma after a name is dropped", "mwong,", reading{Kind: sam, Value: "mwong"}, nil},
		{"bold markup is dropped", "*mia@contoso.com*", reading{Kind: upn, Value: "mia@contoso.com"}, nil},
		{"code markup is dropped, three back-ticks deep", "```mia@contoso.com```", reading{Kind: upn, Value: "mia@contoso.com"}, nil},
		{"a label is dropped", "user: mwong", reading{Kind: sam, Value: "mwong"}, nil},
		{"a line of a console's list is read", "UserPrincipalName     : mia@contoso.com", reading{Kind: upn, Value: "mia@contoso.com"}, nil},
		{"a condition of a filter is read", "(sAMAccountName=mwong1)", reading{Kind: sam, Value: "mwong1"}, nil},
		{"a proxy address is read", "SMTP:Mia@contoso.com", reading{Kind: upn, Value: "Mia@contoso.com"}, nil},
		{"a guest's sign-in name", "mia_fabrikam.test#EXT#@contoso.onmicrosoft.com", reading{Kind: upn, Value: "mia_fabrikam.test#EXT#@contoso.onmicrosoft.com"}, nil},

		{"an account name", "mwong", reading{Kind: sam, Value: "mwong"}, nil},
		{"an account name of another script", "王小明", reading{Kind: sam, Value: "王小明"}, nil},
		{"a computer's account name", "PC-0042$", reading{Kind: sam, Value: "PC-0042$"}, nil},
		{"the account name that Active Directory gives to a duplicate", "$DUPLICATE-6a1", reading{Kind: sam, Value: "$DUPLICATE-6a1"}, nil},
		{"underscores may belong to an account name, so it is tried first as it stands", "_svc_", reading{Kind: sam, Value: "_svc_"}, []reading{{Kind: sam, Value: "svc"}}},
		{"a handle without a mention is an account name", "@mwong", reading{Kind: sam, Value: "mwong"}, nil},
		{"a display name", "Mia Wong", reading{Kind: sam, Value: "Mia Wong"}, nil},
		{"a display name, surname first", "Wong, Mia (HR)", reading{Kind: sam, Value: "Wong, Mia (HR)"}, nil},
		{"a hard blank within a name is tried as it stands, then plain", "Mia\u00a0Wong", reading{Kind: sam, Value: "Mia\u00a0Wong"}, []reading{{Kind: sam, Value: "Mia Wong"}}},
		{"a domain and an account name", `CONTOSO\mwong`, reading{Kind: domSAM, Value: "mwong", Domain: "CONTOSO"}, nil},
		{"a domain's DNS name and an account name", `corp.contoso.com\mwong`, reading{Kind: domSAM, Value: "mwong", Domain: "corp.contoso.com"}, nil},
		{"a backslash doubled by a program", `CONTOSO\\mwong`, reading{Kind: domSAM, Value: "mwong", Domain: "CONTOSO"}, nil},
		{"a slash for a backslash", `CONTOSO/mwong`, reading{Kind: domSAM, Value: "mwong", Domain: "CONTOSO", Slip: "a slash stands where a backslash belongs"}, nil},

		{"an objectGUID", testGUID, reading{Kind: KindObjectGUID, Value: testGUID}, []reading{anchorOfGUID}},
		{"an objectGUID in braces and capitals", "{5D0E1C7A-93B4-4F26-8A1D-60F7C2B9E345}", reading{Kind: KindObjectGUID, Value: testGUID}, []reading{anchorOfGUID}},
		{"an objectGUID without dashes, when it carries the marks of one", "5d0e1c7a93b44f268a1d60f7c2b9e345", reading{Kind: KindObjectGUID, Value: testGUID}, []reading{anchorOfGUID}},
		{"a labeled objectGUID without dashes", "objectGUID: 5d0e1c7a93b44f268a1d60f7c2b9e345", reading{Kind: KindObjectGUID, Value: testGUID}, []reading{anchorOfGUID}},
		{"a labeled objectGUID without dashes or blanks", "guid:5d0e1c7a93b44f268a1d60f7c2b9e345", reading{Kind: KindObjectGUID, Value: testGUID}, []reading{anchorOfGUID}},
		{"an objectGUID with typographic dashes", "5d0e1c7a–93b4–4f26–8a1d–60f7c2b9e345", reading{Kind: KindObjectGUID, Value: testGUID}, []reading{anchorOfGUID}},
		{"an objectGUID as the bytes an attribute editor shows", "7A 1C 0E 5D B4 93 26 4F 8A 1D 60 F7 C2 B9 E3 45", reading{Kind: KindObjectGUID, Value: testGUID}, []reading{anchorOfGUID}},
		{"an objectGUID as a filter writes it", `\7a\1c\0e\5d\b4\93\26\4f\8a\1d\60\f7\c2\b9\e3\45`, reading{Kind: KindObjectGUID, Value: testGUID}, []reading{anchorOfGUID}},
		{"an ImmutableId", testAnchor, reading{Kind: KindImmutableID, Value: testAnchor}, nil},
		{"a labeled ImmutableId", "ImmutableId=" + testAnchor, reading{Kind: KindImmutableID, Value: testAnchor}, nil},
		{"an ImmutableId without its padding", "ehwOXbSTJk+KHWD3wrnjRQ", reading{Kind: KindImmutableID, Value: testAnchor, Slip: "== is missing at the end"}, nil},
		{"an ImmutableId without its padding that could be a slip for a backslash", "ehwOXbSTJk/KHWD3wrnjRQ", reading{Kind: KindImmutableID, Value: "ehwOXbSTJk/KHWD3wrnjRQ==", Slip: "== is missing at the end"},
			[]reading{{Kind: domSAM, Value: "KHWD3wrnjRQ", Domain: "ehwOXbSTJk", Slip: "a slash stands where a backslash belongs"}}},
		{"a word that could be an ImmutableId without its padding is a word first", "ehwOXbSTJkaKHWD3wrnjRQ", reading{Kind: sam, Value: "ehwOXbSTJkaKHWD3wrnjRQ"},
			[]reading{{Kind: KindImmutableID, Value: "ehwOXbSTJkaKHWD3wrnjRQ==", Slip: "== is missing at the end"}}},
		{"a name in the Entra connector space", strings.ReplaceAll(testEntraDN, " ", ""), reading{Kind: KindEntraDN, Value: testAnchor}, nil},

		{"a distinguished name", `cn=Mia Wong, ou=Staff,DC=contoso,DC=com`, reading{Kind: KindDN, Value: `CN=Mia Wong,OU=Staff,DC=contoso,DC=com`, Domain: "contoso.com"}, nil},
		{"a distinguished name with a comma in the name", `CN=Wong\, Mia,DC=contoso,DC=com`, reading{Kind: KindDN, Value: `CN=Wong\, Mia,DC=contoso,DC=com`, Domain: "contoso.com"}, nil},
		{"a distinguished name in quotation marks", `"CN=Mia,DC=contoso,DC=com"`, reading{Kind: KindDN, Value: `CN=Mia,DC=contoso,DC=com`, Domain: "contoso.com", Slip: "quotation marks stand around the name"},
			[]reading(nil)},
		{"a distinguished name that wraps over two lines", "CN=Mia,\n    DC=contoso,DC=com", reading{Kind: KindDN, Value: `CN=Mia,DC=contoso,DC=com`, Domain: "contoso.com"}, nil},
		{"a distinguished name with an address that Slack made a link", "CN=<mailto:mia@contoso.com|mia@contoso.com>,DC=contoso,DC=com", reading{Kind: KindDN, Value: `CN=mia@contoso.com,DC=contoso,DC=com`, Domain: "contoso.com"}, nil},
		{"a hard blank within a distinguished name is tried as it stands, then plain", "CN=Mia\u00a0Wong,DC=contoso,DC=com", reading{Kind: KindDN, Value: "CN=Mia\u00a0Wong,DC=contoso,DC=com", Domain: "contoso.com"},
			[]reading{{Kind: KindDN, Value: "CN=Mia Wong,DC=contoso,DC=com", Domain: "contoso.com"}}},
		{"a missing comma that leaves a valid name is offered second", `CN=TestUserCN=Users,DC=contoso,DC=com`, reading{Kind: KindDN, Value: `CN=TestUserCN\=Users,DC=contoso,DC=com`, Domain: "contoso.com"},
			[]reading{{Kind: KindDN, Value: `CN=TestUser,CN=Users,DC=contoso,DC=com`, Domain: "contoso.com", Slip: "a comma is missing before CN="}}},
		{"a slip that leaves no valid name is mended", `CN=Wong, Mia,OU=Staff,DC=contoso,DC=com`, reading{Kind: KindDN, Value: `CN=Wong\, Mia,OU=Staff,DC=contoso,DC=com`, Domain: "contoso.com", Slip: "a comma within a name needs a backslash before it"}, nil},
		{"a full stop after a distinguished name is no part of the domain", `CN=Mia,DC=contoso,DC=com.`, reading{Kind: KindDN, Value: `CN=Mia,DC=contoso,DC=com`, Domain: "contoso.com", Slip: "a full stop stands at the end"},
			[]reading{{Kind: KindDN, Value: `CN=Mia,DC=contoso,DC=com.`}}},
		{"entities are decoded once, the ampersand last", `CN=R&amp;amp\;D \&lt;1\&gt;,DC=contoso,DC=com`, reading{Kind: KindDN, Value: `CN=R&amp\;D \<1\>,DC=contoso,DC=com`, Domain: "contoso.com"}, nil},
		{"a filter stays part of a name", `CN=x)(objectClass\=*,DC=contoso,DC=com`, reading{Kind: KindDN, Value: `CN=x)(objectClass\=*,DC=contoso,DC=com`, Domain: "contoso.com"}, nil},

		{"a mention", "<@U07MIA>", reading{Kind: KindSlackUser, Value: "U07MIA"}, nil},
		{"a mention with a name", "<@W07MIA|mia.wong>", reading{Kind: KindSlackUser, Value: "W07MIA"}, nil},
		{"a mention in a sentence's end", " <@U07MIA>’s. ", reading{Kind: KindSlackUser, Value: "U07MIA"}, nil},
	} {
		t.Run(tt.policy, func(t *testing.T) {
			q, err := Read(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, readingOf(q)); diff != "" {
				t.Error(diff)
			}
			var then []reading
			for _, a := range q.Alternatives {
				then = append(then, readingOf(a))
			}
			if diff := cmp.Diff(tt.then, then); diff != "" {
				t.Errorf("alternatives:\n%s", diff)
			}
			if q.Said == "" || q.Slip != "" && q.Kind == KindDN && !strings.Contains(q.Said, q.Slip) {
				t.Errorf("what was understood is said as %q", q.Said)
			}
		})
	}
}

func TestReadSaysWhatItUnderstood(t *testing.T) {
	for in, want := range map[string]string{
		"mia@contoso.com":                    "the sign-in name or mail address mia@contoso.com",
		"mwong":                              "the account name mwong",
		"Mia Wong":                           "the account name or display name Mia Wong",
		`CONTOSO\mwong`:                      "the account mwong in the domain CONTOSO",
		testAnchor:                           "the ImmutableId " + testAnchor + ", which is the objectGUID " + testGUID,
		`CN=Wong\, Mia,DC=contoso,DC=com`:    "the distinguished name of Wong, Mia in contoso.com",
		"CN=a\u202eb,DC=contoso,DC=com":      "the distinguished name of a\ufffdb in contoso.com",
		"CN={" + hexOf(testAnchor) + "}":     "the name in the Entra connector space of the source anchor " + testAnchor + ", which is the objectGUID " + testGUID,
		"CN=" + strings.Repeat("é", 200):     "the distinguished name of " + strings.Repeat("é", 120) + "…",
		`CN=x\0ACNF:1,DC=contoso,DC=com`:     "the distinguished name of x in contoso.com",
		`CN=TestUser;CN=Users,DC=a,DC=local`: "the distinguished name of TestUser in a.local (semicolons stand where commas belong)",
	} {
		q, err := Read(in)
		if err != nil || q.Said != want {
			t.Errorf("Read(%q) says %q, %v; want %q", in, q.Said, err, want)
		}
	}
}

func hexOf(s string) string {
	var b strings.Builder
	for i := range len(s) {
		const digits = "0123456789ABCDEF"
		b.WriteByte(digits[s[i]>>4])
		b.WriteByte(digits[s[i]&15])
	}
	return b.String()
}

func TestReadWarns(t *testing.T) {
	for _, tt := range []struct{ policy, in, want string }{
		{"of a conflict object", `CN=x\0ACNF:` + testGUID + `,DC=contoso,DC=com`, "conflict object"},
		{"of a deleted object", `CN=x\0ADEL:` + testGUID + `,CN=Deleted Objects,DC=contoso,DC=com`, "was deleted"},
		{"of a name that was not copied whole", `CN=Mia,OU=Staff`, "copy the whole of it"},
		{"of a guest", "mia_fabrikam.test#EXT#@contoso.com", "guests live in Entra ID only"},
		{"of a likely slip", `CN=TestUserCN=Users,DC=contoso,DC=com`, "a comma is missing before CN=; did you mean CN=TestUser,CN=Users,DC=contoso,DC=com?"},
		{"of nothing otherwise", `CN=Mia,DC=contoso,DC=com`, ""},
	} {
		t.Run(tt.policy, func(t *testing.T) {
			q, err := Read(tt.in)
			if err != nil || !strings.Contains(q.Warning, tt.want) || tt.want == "" && q.Warning != "" {
				t.Errorf("warning %q, %v; want %q", q.Warning, err, tt.want)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	for _, tt := range []struct {
		policy, in string
		reason     Reason
		say        string
	}{
		{"nothing", "", ReasonEmpty, "Say whom you mean"},
		{"blanks", " \t\u00a0\u200b", ReasonEmpty, "Say whom you mean"},
		{"more than the limit", strings.Repeat("é", MaxLength+1), ReasonTooLong, "more than 1024 characters"},
		{"a damaged text", "mia\xff", ReasonNotUnderstood, "damaged"},
		{"a channel", "<#C0123|helpdesk>", ReasonNotAPerson, "a channel or a group"},
		{"a group", "<!subteam^S0123|@staff>", ReasonNotAPerson, "a channel or a group"},
		{"everybody", "<!channel>", ReasonNotAPerson, "a channel or a group"},
		{"two mentions", "<@U1A> <@U2B>", ReasonSeveral, "one person at a time"},
		{"a mention beside a name", "<@U1A> mwong", ReasonSeveral, "other text beside the mention"},
		{"two addresses", "mia@contoso.com, ana@contoso.com", ReasonSeveral, "one person at a time"},
		{"an account of one computer", `.\admin`, ReasonNotAPerson, "of one computer"},
		{"a SID", "S-1-5-21-100-200-300-1104", ReasonNotUnderstood, "(SID)"},
		{"a canonical name", "contoso.com/Staff/Mia Wong", ReasonNotUnderstood, "canonical name"},
		{"half an ImmutableId", "ehwOXbSTJk+KHWD3wr==", ReasonNotUnderstood, "24 characters"},
		{"half an objectGUID", testGUID[:35], ReasonNotUnderstood, "8, 4, 4, 4 and 12 digits"},
		{"the GUID of nobody", "00000000-0000-0000-0000-000000000000", ReasonNotUnderstood, "objectGUID"},
		{"a damaged distinguished name", `CN=,DC=contoso,DC=com`, ReasonNotUnderstood, "value after '=' is missing"},
		{"a filter", "(&(objectClass=*)(cn=*))", ReasonNotUnderstood, "not a form of name"},
		{"punctuation", "???", ReasonNotUnderstood, "not a form of name"},
	} {
		t.Run(tt.policy, func(t *testing.T) {
			q, err := Read(tt.in)
			var refusal *Refusal
			if !errors.As(err, &refusal) {
				t.Fatalf("Read = %+v, %v; want a refusal", q, err)
			}
			if refusal.Reason != tt.reason || !strings.Contains(refusal.Say, tt.say) {
				t.Errorf("refused as %v: %s", refusal.Reason, refusal.Say)
			}
			if want := "read identity: " + tt.reason.String(); err.Error() != want {
				t.Errorf("the log reads %q, want %q", err, want)
			}
		})
	}
	if _, err := Read(strings.Repeat("é", 100)); err != nil {
		t.Errorf("a text within the limit is refused: %v", err)
	}
}

func TestEveryKindAndReasonHasWords(t *testing.T) {
	said := map[string]bool{}
	for k := KindUnknown; k <= KindSlackUser; k++ {
		said[k.String()] = true
	}
	for r := ReasonNotUnderstood; r <= ReasonSeveral; r++ {
		said[r.String()] = true
	}
	if want := int(KindSlackUser) + int(ReasonSeveral) + 2; len(said) != want || said[""] {
		t.Errorf("%d different texts for %d kinds and reasons", len(said), want)
	}
	if Kind(200).String() != "unknown" || Reason(200).String() != ReasonNotUnderstood.String() {
		t.Error("a number beyond the last has words of its own")
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"mia@contoso.com", "<@U1A|x>", "<mailto:a@b|a@b>", `CN=TestUserCN=Users,DC=a,DC=b`, testGUID, testAnchor, "a:500:" + strings.Repeat("0", 32) + ":::",
		"“x”", "*_~`'\"", "user:user:user:", "&amp;lt;", "CN=\xff", `A\B`, "a/b", "<<<>>>", "(", "Wong, Mia", "CN＝a，DC＝b",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := Read(s)
		if err != nil {
			var refusal *Refusal
			if !errors.As(err, &refusal) || refusal.Say == "" {
				t.Fatalf("Read(%q): %v", s, err)
			}
			return
		}
		if len(q.Alternatives) > maxAlternatives {
			t.Fatalf("Read(%q) has %d alternatives", s, len(q.Alternatives))
		}
		for _, r := range append([]Query{q}, q.Alternatives...) {
			if r.Kind == KindUnknown || r.Value == "" || r.Said == "" || !utf8.ValidString(r.Said) {
				t.Fatalf("Read(%q) = %+v", s, r)
			}
			LDAPFilter(r, "")
		}
	})
}
