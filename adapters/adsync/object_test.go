package adsync

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pwsync/pwsync/checks"
)

func TestAJournalIsPartOfTheHello(t *testing.T) {
	h, err := parseHello([]byte(`{"protocol":1,"module":"loaded","journal":{"connector":"north.example","step":"disabled","started":"2026-03-10T08:00:00Z","operator":"U1"}}`))
	want := &checks.Journal{Connector: "north.example", Step: "disabled", Started: fixtureNow.Add(-time.Hour), Operator: "U1"}
	if diff := cmp.Diff(want, h.Facts.Journal); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if _, err := parseHello([]byte(`{"protocol":1,"module":"loaded","journal":"disabled"}`)); err == nil {
		t.Error("a journal that cannot be read must not pass for none")
	}
}

func TestSpansAreReadAsDotNETWritesThem(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"00:30:00": 30 * time.Minute, "7.00:00:00": 168 * time.Hour, "00:00:00.5000000": 500 * time.Millisecond, "-00:01:00": -time.Minute,
	} {
		if got, ok := parseSpan(text); !ok || got != want {
			t.Errorf("%s is read as %s, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "30", "00:30", "x.00:00:00", "24:00:00", "00:60:00", "00:00:60", "00:00:NaN", "99999999.00:00:00"} {
		if got, ok := parseSpan(text); ok {
			t.Errorf("%q is read as %s", text, got)
		}
	}
}

func TestReasonsAreOneBoundedLineWithoutControlCharacters(t *testing.T) {
	got := clean("  The\x1b[31m server\r\n\tsaid\u0085no " + strings.Repeat("é", 2*maxReason))
	if n := len([]rune(got)); n < maxReason || n > maxReason+2 || !strings.HasPrefix(got, "The [31m server said no é") {
		t.Errorf("%d characters: %.60q", n, got)
	}
	if e := (answer{server: "c", err: errors.New("a\nb")}); clean(e.err.Error()) != "a b" {
		t.Error("line feeds survive")
	}
}

func TestTimesThatCouldNotBeWrittenAgainAreNotRead(t *testing.T) {
	tests := map[string]bool{
		"2026-03-10T09:00:00Z": true, "2026-03-10T09:00:00.1234567Z": true, "2026-03-10T10:00:00+01:00": true, "9999-12-31T23:59:59Z": true,
		"9999-12-31T23:59:59-23:00": false, "10/03/2026 09:00:00": false, "2026-03-10": false, "now": false,
	}
	for text, ok := range tests {
		got, err := parseTime(text)
		if (err == nil) != ok {
			t.Errorf("%s is read as %s, %v", text, got, err)
		}
		if _, err := got.MarshalJSON(); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}
