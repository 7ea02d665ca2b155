package directory

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/rs/zerolog"
)

func TestConfigurationProblemsAreNamedAllAtOnce(t *testing.T) {
	_, err := New(Config{Forest: "not a name", Domains: []Domain{
		{FQDN: "north.example", URLs: []string{"ldap://dc1.north.example", "http://dc1", "dc1"}}, {FQDN: "", URLs: nil},
	}})
	if err == nil {
		t.Fatal("there is no error")
	}
	for _, want := range []string{
		`forest "not a name" is not a DNS name`, "a user and a password are needed", `"ldap://dc1.north.example" would show the password to the network`,
		`"http://dc1" is neither`, `"dc1" is not a URL`, `domain "" is not a DNS name`, `domain "" has no domain controller`,
	} {
		contains(t, "error", err.Error(), want)
	}
}

func TestNeitherLogsNorErrorsHoldThePasswordAndLogsNoNames(t *testing.T) {
	var out bytes.Buffer
	s := serve(t, func(asked) said { return said{code: 80, text: "unexpected"} })
	log := zerolog.New(zerolog.SyncWriter(&out)).Level(zerolog.InfoLevel)
	right := forest(t, func(c *Config) { c.Log = log }, s)
	wrong := forest(t, func(c *Config) {
		c.Log, c.Password = log, func() (string, error) { return "wrong battery staple", nil }
	}, s)
	var errs []error
	for _, f := range []*Forest{right, wrong} {
		_, err := f.User(t.Context(), ngozi)
		errs = append(errs, err)
	}
	text := out.String() + fmt.Sprint(errs)
	for _, secret := range []string{testPassword, "battery", "Ngozi"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q got out: %s", secret, text)
		}
	}
	if out.Len() == 0 {
		t.Error("nothing was logged, so nothing was proved")
	}
}
