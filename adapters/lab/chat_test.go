package lab

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
)

// account finds an account by its sign-in name, which has to be its mail address.
func account(t *testing.T, l *Lab, address string) (sam, display string) {
	t.Helper()
	for _, p := range l.Users() {
		if p.UPN == address && p.Expect != "healthy" {
			t.Errorf("%s is not healthy, but %s", address, p.Expect)
		}
	}
	for _, e := range l.world.Entries("contoso.com") {
		if slices.Equal(e.Attributes["userPrincipalName"], []string{address}) && slices.Equal(e.Attributes["mail"], []string{address}) {
			return strings.Join(e.Attributes["sAMAccountName"], " "), strings.Join(e.Attributes["displayName"], " ")
		}
	}
	return "", ""
}

func TestWhoeverIsInTheChatHasAnAccountAndATimeZone(t *testing.T) {
	l := open(t, Options{Frozen: true, Log: zerolog.Nop()})
	for _, p := range l.People() {
		if zone, err := time.LoadLocation(p.TimeZone); err != nil || zone == time.UTC {
			t.Errorf("%s works in %q: %v", p.Name, p.TimeZone, err)
		}
		if p.Guest || p.Stranger {
			continue
		}
		if sam, display := account(t, l, p.Email); sam == "" || display != p.Real {
			t.Errorf("%s <%s> is %q %q in the directory", p.Real, p.Email, sam, display)
		}
	}
	if sam, display := account(t, l, "mia.wong@contoso.com"); sam != "mwong" || display != "Mia Wong" {
		t.Errorf("Mia Wong is %q %q", sam, display)
	}
}
