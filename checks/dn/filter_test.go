package dn

import (
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
	"pgregory.net/rapid"
)

func TestFilterText(t *testing.T) {
	for _, tt := range []struct {
		policy string
		filter Filter
		want   string
	}{
		{"equality", Equals("sAMAccountName", "mwong"), `(sAMAccountName=mwong)`},
		{"characters with a meaning are escaped", Equals("cn", `a*(b)\c`+"\x00"), `(cn=a\2a\28b\29\5cc\00)`},
		{"letters beyond ASCII are escaped as bytes", Equals("cn", "é"), `(cn=\c3\a9)`},
		{"an injected filter stays a value", Equals("cn", `x)(objectClass=*`), `(cn=x\29\28objectClass=\2a)`},
		{"binary values are escaped throughout", EqualsBytes("objectGUID", []byte{0x41, 0, 0xff}), `(objectGUID=\41\00\ff)`},
		{"presence", Present("mail"), `(mail=*)`},
		{"a prefix", StartsWith("cn", "mi*"), `(cn=mi\2a*)`},
		{"at least", GreaterOrEqual("uSNChanged", "5"), `(uSNChanged>=5)`},
		{"bits", AllBits("userAccountControl", 2), `(userAccountControl:1.2.840.113556.1.4.803:=2)`},
		{"and, or, not nest", And(Present("a"), Or(Present("b"), Not(Present("c")))), `(&(a=*)(|(b=*)(!(c=*))))`},
		{"one operand needs no operator", And(Or(Present("a"))), `(a=*)`},
		{"and of nothing matches everything", And(), `(objectClass=*)`},
		{"everything", Everything(), `(objectClass=*)`},
		{"or of nothing matches nothing", Or(), `(!(objectClass=*))`},
		{"the zero filter matches nothing", Filter{}, `(!(objectClass=*))`},
		{"a name that is none matches nothing", Equals("cn)(mail", "x"), `(!(objectClass=*))`},
		{"and so does its opposite", Not(Equals("cn)(mail", "x")), `(!(objectClass=*))`},
		{"and every filter it is part of", Or(Present("mail"), Present("é")), `(!(objectClass=*))`},
	} {
		t.Run(tt.policy, func(t *testing.T) {
			if got := tt.filter.String(); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if _, err := ldap.CompileFilter(tt.filter.String()); err != nil {
				t.Errorf("go-ldap refuses %s: %v", tt.filter, err)
			}
		})
	}
	if err := Not(Equals("", "x")).Err(); err == nil {
		t.Error("a filter on an attribute without a name reports no error")
	}
}

// TestAnotherCompilerSeesTheValue lets go-ldap compile what we build: whatever
// the value, it must arrive as one equality test on exactly that value.
func TestAnotherCompilerSeesTheValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(rapid.String(), rapid.StringMatching(`[ \\*()&|!=\x00a-f0-9]{0,20}`)).Draw(t, "value")
		octets := rapid.SliceOfN(rapid.Byte(), 1, 32).Draw(t, "octets")
		packet, err := ldap.CompileFilter(And(Equals("cn", value), EqualsBytes("objectGUID", octets), Not(StartsWith("mail", value+"x"))).String())
		if err != nil {
			t.Fatal(err)
		}
		if packet.Tag != ldap.FilterAnd || len(packet.Children) != 3 {
			t.Fatalf("compiled to tag %d with %d children", packet.Tag, len(packet.Children))
		}
		isEquality(t, packet.Children[0], "cn", value)
		isEquality(t, packet.Children[1], "objectGUID", string(octets))
		substrings := packet.Children[2].Children[0]
		if substrings.Tag != ldap.FilterSubstrings || len(substrings.Children[1].Children) != 1 ||
			substrings.Children[1].Children[0].Data.String() != value+"x" {
			t.Fatalf("the prefix arrived otherwise: %v", substrings)
		}
	})
}

func isEquality(t *rapid.T, p *ber.Packet, attribute, value string) {
	if p.Tag != ldap.FilterEqualityMatch || len(p.Children) != 2 {
		t.Fatalf("not an equality test: tag %d", p.Tag)
	}
	if a, v := p.Children[0].Data.String(), p.Children[1].Data.String(); a != attribute || v != value {
		t.Fatalf("compiled to %q = %q, want %q = %q", a, v, attribute, value)
	}
}
