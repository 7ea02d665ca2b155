package directory

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/pwsync/pwsync/checks"
)

// filetimeOf is AD's way to write a moment.
func filetimeOf(t time.Time) string {
	return strconv.FormatInt(t.Unix()*1e7+int64(t.Nanosecond())/100+unixAsFiletime, 10)
}

func metadataOf(attribute, at, controller string) string {
	return fmt.Sprintf("<DS_REPL_ATTR_META_DATA>\n\t<pszAttributeName>%s</pszAttributeName>\n\t<dwVersion>4</dwVersion>\n"+
		"\t<ftimeLastOriginatingChange>%s</ftimeLastOriginatingChange>\n"+
		"\t<pszLastOriginatingDsaDN>CN=NTDS Settings,CN=%s,CN=Servers,CN=HQ,CN=Sites,CN=Configuration,DC=north,DC=example</pszLastOriginatingDsaDN>\n"+
		"</DS_REPL_ATTR_META_DATA>\n\x00", attribute, at, controller)
}

const ngozi = `CN=Okafor\, Ngozi,OU=Staff,DC=north,DC=example`

// fixture is a person in good order.
func fixture() map[string][]string {
	return map[string][]string{
		"objectClass":                        {"top", "person", "organizationalPerson", "user"},
		"userAccountControl":                 {"512"},
		"msDS-User-Account-Control-Computed": {"0"},
		"pwdLastSet":                         {filetimeOf(testNow.Add(-30 * time.Minute))},
		"lockoutTime":                        {"0"},
		"badPwdCount":                        {"2"},
		"accountExpires":                     {"9223372036854775807"},
		"whenCreated":                        {"20240501081500.0Z"},
		"mailNickname":                       {"ngozi"},
		"mS-DS-ConsistencyGuid":              {"\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff"},
		"msDS-ReplAttributeMetaData;range=0-*": {
			metadataOf("displayName", "2026-03-10T08:55:00Z", "DC9"),
			metadataOf("unicodePwd", "2026-03-10T08:30:00Z", "DC2"),
			metadataOf("pwdLastSet", "2026-03-10T08:29:00Z", "DC3"),
		},
	}
}

func entryOf(name string, attributes map[string][]string) *ldap.Entry {
	return ldap.NewEntry(name, attributes)
}

func TestAPersonsAttributesAreDecoded(t *testing.T) {
	e := newEntry(entryOf(ngozi, fixture()))
	got := decodeUser(e)
	want := checks.ADUser{
		Classes: []string{"top", "person", "organizationalPerson", "user"}, Control: 512,
		PasswordSet: testNow.Add(-30 * time.Minute), Changed: testNow.Add(-30 * time.Minute), ChangedOn: "DC2",
		BadPasswords: 2, Created: time.Date(2024, 5, 1, 8, 15, 0, 0, time.UTC), MailNickname: "ngozi",
		ConsistencyGUID: "33221100-5544-7766-8899-aabbccddeeff",
	}
	if diff := cmp.Diff(want, got); diff != "" || e.err != nil {
		t.Error(e.err, diff)
	}
}

func TestAnAttributeSaysWhatADMeansByIt(t *testing.T) {
	absent := []string(nil)
	tests := []struct {
		name   string
		change map[string][]string
		read   func(checks.ADUser) any
		want   any
	}{
		{"pwdLastSet 0 is a password that must be changed", map[string][]string{"pwdLastSet": {"0"}},
			func(u checks.ADUser) any { return u.MustChange && u.PasswordSet.IsZero() }, true},
		{"pwdLastSet -1 is never stored and says nothing", map[string][]string{"pwdLastSet": {"-1"}},
			func(u checks.ADUser) any { return u.PasswordSet.IsZero() && !u.MustChange }, true},
		{"no pwdLastSet was not shown and says nothing", map[string][]string{"pwdLastSet": absent},
			func(u checks.ADUser) any { return u.PasswordSet.IsZero() && !u.MustChange }, true},
		{"lockoutTime 0 is not locked", map[string][]string{"msDS-User-Account-Control-Computed": {"16"}},
			func(u checks.ADUser) any { return u.Locked }, false},
		{"lockoutTime with the computed bit is locked", map[string][]string{"lockoutTime": {"133862000000000000"}, "msDS-User-Account-Control-Computed": {"16"}},
			func(u checks.ADUser) any { return u.Locked }, true},
		{"a lockout that ended by itself leaves lockoutTime behind", map[string][]string{"lockoutTime": {"133862000000000000"}},
			func(u checks.ADUser) any { return u.Locked }, false},
		{"without the computed bits lockoutTime decides", map[string][]string{"lockoutTime": {"133862000000000000"}, "msDS-User-Account-Control-Computed": absent},
			func(u checks.ADUser) any { return u.Locked }, true},
		{"accountExpires 0 is never", map[string][]string{"accountExpires": {"0"}},
			func(u checks.ADUser) any { return u.AccountExpires.IsZero() }, true},
		{"accountExpires is a moment otherwise", map[string][]string{"accountExpires": {filetimeOf(testNow)}},
			func(u checks.ADUser) any { return u.AccountExpires.Equal(testNow) }, true},
		{"a critical system object is one", map[string][]string{"isCriticalSystemObject": {"TRUE"}},
			func(u checks.ADUser) any { return u.Critical }, true},
		{"a consistency GUID of another length is none", map[string][]string{"mS-DS-ConsistencyGuid": {"x"}},
			func(u checks.ADUser) any { return u.ConsistencyGUID }, ""},
		{"an expired password is a computed bit", map[string][]string{"msDS-User-Account-Control-Computed": {"8388608"}},
			func(u checks.ADUser) any { return u.PasswordExpired() }, true},
		{"a contact needs no userAccountControl", map[string][]string{"objectClass": {"top", "contact"}, "userAccountControl": absent},
			func(u checks.ADUser) any { return u.Control }, int64(0)},
		{"names of attributes compare without case", map[string][]string{"PWDLASTSET": {"0"}, "pwdLastSet": absent},
			func(u checks.ADUser) any { return u.MustChange }, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			attributes := fixture()
			for name, values := range tt.change {
				if attributes[name] = values; values == nil {
					delete(attributes, name)
				}
			}
			e := newEntry(entryOf(ngozi, attributes))
			got := tt.read(decodeUser(e))
			if got != tt.want || e.err != nil {
				t.Errorf("got %v, want %v (%v)", got, tt.want, e.err)
			}
		})
	}
}

func TestWhatADDoesNotWriteIsAnErrorAndNotAGuess(t *testing.T) {
	tests := map[string]map[string][]string{
		"attribute pwdLastSet is not a number":                 {"pwdLastSet": {"yesterday"}},
		"attribute pwdLastSet is not a moment in time":         {"pwdLastSet": {"-7"}},
		"attribute userAccountControl is not a number":         {"userAccountControl": {"0x200"}},
		"attribute isCriticalSystemObject is neither TRUE":     {"isCriticalSystemObject": {"yes"}},
		"attribute whenCreated is not a generalized time":      {"whenCreated": {"2024-05-01"}},
		"attribute lockoutTime is not a number":                {"lockoutTime": {""}},
		"did not show userAccountControl":                      {"userAccountControl": nil},
		"attribute objectClass was not shown":                  {"objectClass": nil},
		"attribute msExchRecipientTypeDetails is not a number": {"msExchRecipientTypeDetails": {"9223372036854775808"}},
	}
	for want, change := range tests {
		t.Run(want, func(t *testing.T) {
			attributes := fixture()
			maps.Copy(attributes, change)
			maps.DeleteFunc(attributes, func(_ string, v []string) bool { return v == nil })
			e := newEntry(entryOf(ngozi, attributes))
			decodeUser(e)
			if e.err == nil {
				t.Fatal("there is no error")
			}
			contains(t, "error", e.err.Error(), want)
		})
	}
}

func TestTheNameItselfTellsOfConflictsAndDeletion(t *testing.T) {
	tests := []struct {
		name, dn          string
		conflict, deleted bool
	}{
		{"an ordinary name", ngozi, false, false},
		{"a conflict object", `CN=Twin\0ACNF:33221100-5544-7766-8899-aabbccddeeff,OU=Staff,DC=north,DC=example`, true, false},
		{"a deleted object", `CN=Gone\0ADEL:33221100-5544-7766-8899-aabbccddeeff,CN=Deleted Objects,DC=north,DC=example`, false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			u := decodeUser(newEntry(entryOf(tt.dn, fixture())))
			if u.Conflict != tt.conflict || u.Deleted != tt.deleted {
				t.Errorf("conflict %v, deleted %v", u.Conflict, u.Deleted)
			}
		})
	}
}

func TestReplicationMetadataIsASecondOpinionAndNeverAnError(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	tests := []struct {
		name   string
		values []string
		at     time.Time
		on     string
	}{
		{"the newer of the two attributes counts", []string{metadataOf("PWDLASTSET", "2026-03-10T08:31:00Z", "DC5"), metadataOf("unicodePwd", "2026-03-10T08:30:00Z", "DC2")}, at("2026-03-10T08:31:00Z"), "DC5"},
		{"other attributes do not count", []string{metadataOf("lockoutTime", "2026-03-10T08:31:00Z", "DC5")}, time.Time{}, ""},
		{"a controller that was removed is named without its mark", []string{metadataOf("unicodePwd", "2026-03-10T08:31:00Z", `DC7\0ADEL:33221100-5544-7766-8899-aabbccddeeff`)}, at("2026-03-10T08:31:00Z"), "DC7"},
		{"a piece that is cut off is passed over", []string{metadataOf("unicodePwd", "2026-03-10T08:31:00Z", "DC5")[:120], metadataOf("pwdLastSet", "2026-03-10T08:20:00Z", "DC1")}, at("2026-03-10T08:20:00Z"), "DC1"},
		{"a piece that is huge is passed over", []string{strings.Repeat(" ", maxMetadataBytes) + metadataOf("unicodePwd", "2026-03-10T08:31:00Z", "DC5")}, time.Time{}, ""},
		{"never is never", []string{metadataOf("unicodePwd", "1601-01-01T00:00:00Z", "DC5")}, time.Time{}, ""},
		{"entities are not expanded", []string{`<!DOCTYPE x [<!ENTITY a "unicodePwd">]><x><pszAttributeName>&a;</pszAttributeName><ftimeLastOriginatingChange>2026-03-10T08:31:00Z</ftimeLastOriginatingChange></x>`}, time.Time{}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var values [][]byte
			for _, v := range tt.values {
				values = append(values, []byte(v))
			}
			at, on := passwordWritten(values)
			if !at.Equal(tt.at) || on != tt.on {
				t.Errorf("it is %s on %q", at, on)
			}
		})
	}
}

func TestFiletimesSurviveTheRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := time.Unix(rapid.Int64Range(-11644473599, 253402300799).Draw(t, "seconds"), rapid.Int64Range(0, 9999999).Draw(t, "ticks")*100).UTC()
		n, err := strconv.ParseInt(filetimeOf(want), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := filetime(n); !ok || !got.Equal(want) {
			t.Fatalf("%s came back as %s, %v", want, got, ok)
		}
	})
	for _, n := range []int64{0, -1, math.MinInt64, math.MaxInt64, math.MaxInt64 - 1} {
		if got, ok := filetime(n); ok {
			t.Errorf("%d is read as %s", n, got)
		}
	}
}

func FuzzEntry(f *testing.F) {
	for name, values := range fixture() {
		f.Add(ngozi, name, values[0])
	}
	f.Fuzz(func(t *testing.T, name, attribute, value string) {
		attributes := fixture()
		attributes[attribute] = []string{value}
		e := newEntry(entryOf(name, attributes))
		u := decodeUser(e)
		if e.err == nil && !slices.Contains(u.Classes, "user") && attribute == "pwdLastSet" {
			t.Fatal("the class was lost")
		}
		for _, at := range []time.Time{u.PasswordSet, u.Changed, u.AccountExpires, u.Created} {
			if _, err := at.MarshalJSON(); err != nil {
				t.Fatalf("a time got through that cannot be written: %v", err)
			}
		}
	})
}
