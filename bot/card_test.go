package bot

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pwsync/pwsync/checks"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares what is shown with a file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "cards", strings.ReplaceAll(name, " ", "-"))
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

func document(t *testing.T, c Card) string {
	t.Helper()
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(c); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

// TestCards shows every scene as a document and as text, and what lies behind
// the buttons as text. After changing a card, run it with -update and read the
// difference.
func TestCards(t *testing.T) {
	for _, s := range scenes {
		t.Run(s.name, func(t *testing.T) {
			a := answer{Facts: s.facts()}
			a.Report = s.report(a.Facts)
			age := "Facts from " + checks.StampAge(at.Add(12*time.Second), a.Facts.At)
			var card, second Card
			if a.Facts.User != nil {
				card, second = userCard(a, age, nil), logCard(a, age, "/pwsync")
			} else {
				card, second = healthCard(a, age, wording{"/pwsync", "mia.wong@contoso.com"}, nil, nil), statusCard(a, age, "/pwsync")
			}
			golden(t, s.name+".json", document(t, card))
			golden(t, s.name+".txt", card.Text()+"\n")
			behind := []string{second.Text(), evidenceCard(a).Text(), ticketCard(ticket(a, zoneOf("Europe/Berlin"))).Text()}
			golden(t, s.name+".more.txt", strings.Join(behind, "\n\n")+"\n")
		})
	}
}
