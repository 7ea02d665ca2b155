package checks

import (
	"strings"
	"testing"
)

func TestCatalogueIsValid(t *testing.T) {
	if err := Validate(All()); err != nil {
		t.Fatal(err)
	}
}

func TestValidateFindsEveryKindOfMistake(t *testing.T) {
	cause := &Check{ID: "cause"}
	bad := []*Check{
		{
			ID: "Bad Id", Title: "ends with a full stop.", Why: "no stop and *markup*", Severity: Warning, Scope: ScopeUser, URL: "https://example.com",
			CausedBy: []*Check{cause, nil}, Fix: []Step{{Text: "no stop", Command: "Get-Thing <dn> <nonsense>"}},
		},
		{ID: "Bad Id"},
	}
	err := Validate(bad)
	if err == nil {
		t.Fatal("no mistake was found")
	}
	for _, want := range []string{
		"not kebab case", "stands twice", `cause "cause" does not stand before`, "a cause is nil", "carries markup", "short phrase", "why is not a sentence",
		"tell belongs to user scope", "there is no rule", "does not lead to the documentation", "error and info only", `"no stop" is not a sentence`,
		"<nonsense> is not known", "does not stand in single quotes", "there is no fix step", "title is empty",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no complaint says %q", want)
		}
	}
}

func TestLookupIgnoresCase(t *testing.T) {
	c, ok := Lookup("Staging-Mode")
	if !ok || c != stagingMode {
		t.Fatalf("got %v, %v", c, ok)
	}
	if _, ok := Lookup("no-such-check"); ok {
		t.Error("an unknown id was found")
	}
}

func TestFixStepsQuoteWhatTheyInsert(t *testing.T) {
	s := Step{Text: "For <dn>.", Command: "Get-Thing -Dn '<dn>' -Name '<connector>'"}
	got := s.fill(map[string]string{"dn": "CN=O'Hara\u2019s,\nDC=x", "connector": ""})
	if want := "Get-Thing -Dn 'CN=O''Hara\u2019\u2019s, DC=x' -Name '<connector>'"; got.Command != want {
		t.Errorf("command %q, want %q", got.Command, want)
	}
	if want := "For CN=O'Hara\u2019s, DC=x."; got.Text != want {
		t.Errorf("text %q, want %q", got.Text, want)
	}
}
