package identity

import (
	"errors"
	"strings"
	"testing"
)

func TestSecretsAreRefusedAndNeverRepeated(t *testing.T) {
	const hashA, hashB = "3f1c9a0277b5e84d11c6d09f52ab73e6", "90de4b7715c2fa38664e01b7cd2f895a"
	for _, tt := range []struct{ policy, in string }{
		{"a line of an account database", "Administrator:500:" + hashA + ":" + hashB + ":::"},
		{"such a line with its domain", `contoso.com\mwong:1104:` + strings.ToUpper(hashA) + ":" + hashB + "::: (status=Enabled)"},
		{"such a line behind a label", "user: mwong:1104:" + hashA + ":" + hashB + ":::"},
		{"such a line without the older hash", "mwong:1104:NO PASSWORD*********************:" + hashB + ":::"},
		{"two hashes", hashA + ":" + hashB},
		{"a name and a hash", "mwong:" + hashA},
		{"a hash alone", hashA},
		{"a hash alone that resembles a GUID in one of its marks", "3f1c9a0277b5e84d91c6d09f52ab73e6"},
		{"a hash alone that resembles a GUID in the other", "3f1c9a0277b548d411c6d09f52ab73e6"},
		{"a hash alone in quotation marks", "“" + hashB + "”"},
		{"a long hash alone", hashA + hashB},
		{"a Kerberos key", "mwong:aes256-cts-hmac-sha1-96:" + hashA + hashB},
		{"a Kerberos ticket", "$krb5tgs$23$*mwong$CONTOSO$x*$" + hashA + "$" + hashB},
		{"a challenge response", "mwong::CONTOSO:1122334455667788:" + hashA + ":0101000000"},
		{"a salted hash of a directory", "{SSHA}0vXh3k2Lw9QmTz1aPq"},
		{"a bot token", "xoxb-1234567890-abcdefABCDEF"},
		{"an app token within other text", "use xapp-1-A0123-456-deadbeef please"},
		{"a bearer token", "Bearer abcdefghijklmnop1234"},
		{"a web token", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtaWEifQ.c2ln"},
		{"a private key", "-----BEGIN OPENSSH PRIVATE KEY----- b3Bl"},
		{"a password", "Herbst2026!"},
		{"a password without capitals", "herbst#2026"},
		{"a password with an at sign", "Tr@umhaus7"},
		{"a password with an at sign and more", "Tr@umhaus7!"},
		{"a password that begins like the account name of a duplicate", "$Duplicate-6a1x"},
		{"a password in back-ticks", "`Herbst2026!`"},
		{"a password after a name", "mwong Herbst2026!"},
		{"a password after an address", "mia@contoso.com Herbst2026!"},
		{"a password after an address and a colon", "mia@contoso.com:Herbst2026!"},
		{"a password after a distinguished name", "CN=Mia,DC=contoso,DC=com Herbst2026!"},
		{"a password that is called one", "password: kirsche"},
		{"a password behind what looks like a type", "Q=Herbst2026!"},
		{"a password whose ampersand Slack encoded", "Herbst&amp;Wind7"},
	} {
		t.Run(tt.policy, func(t *testing.T) {
			q, err := Read(tt.in)
			var refusal *Refusal
			if !errors.As(err, &refusal) || refusal.Reason != ReasonSecret {
				t.Fatalf("Read = %+v, %v; want a refusal as secret", q, err)
			}
			if said := refusal.Say + err.Error(); said != saySecret+err.Error() && said != sayPassword+err.Error() && said != sayHash+err.Error() {
				t.Errorf("the refusal is not one of the fixed texts: %s", said)
			}
			for word := range strings.FieldsFuncSeq(tt.in, func(r rune) bool { return strings.ContainsRune(` :,"“”`, r) }) {
				if len(word) >= 6 && strings.Contains(refusal.Say+err.Error(), word) && word != "password" {
					t.Errorf("the refusal repeats %q", word)
				}
			}
		})
	}
}

func TestNamesAreNotTakenForSecrets(t *testing.T) {
	for _, in := range []string{
		"mwong", "Mia.Wong2", "Mia-Wong_2026", "O'Brien2Mia", "PC-0042$", "Svc-Backup01$", "$331000-5RG2K4V0A1CD", "$DUPLICATE-6a1", `CONTOSO\$DUPLICATE-6a1`, "MSOL_0a1b2c3d4e5f",
		"Mia2@contoso.com", "Mia2@contoso.com.", "“Mia2@contoso.com", "Mia.W2+test@contoso.com", `CONTOSO\Mia#Wong2`,
		"SystemMailbox{5d0e1c7a}", "Mia Wong (HR2)", "Password Reset Team", "CN=Password: Team 2,OU=Staff,DC=contoso,DC=com",
		"CN=Herbst2026!,DC=contoso,DC=com", testAnchor, "secretary", "mia_fabrikam.test#EXT#@Contoso2.onmicrosoft.com", "Administrator",
		"Mia2 <Mia2@contoso.com>", "deadbeef",
	} {
		if _, err := Read(in); err != nil {
			t.Errorf("Read(%q): %v", in, err)
		}
	}
}
