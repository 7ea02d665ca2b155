package checks

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	kebab       = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	placeholder = regexp.MustCompile(`<([a-z-]+)>`)
)

// placeholders are the names that fix steps may use between angle brackets.
var placeholders = map[string]bool{
	"server": true, "entra-connector": true, "connector": true, "forest": true, "account": true, "account-domain": true,
	"domain": true, "domain-dn": true, "dn": true, "upn": true, "guid": true,
}

// Validate holds a catalogue against its own rules, and reports everything that
// is wrong at once.
func Validate(catalogue []*Check) error {
	var problems []error
	seen := map[string]bool{}
	for _, c := range catalogue {
		complain := func(format string, args ...any) {
			problems = append(problems, fmt.Errorf("check %q: "+format, append([]any{c.ID}, args...)...))
		}
		if !kebab.MatchString(c.ID) {
			complain("the id is not kebab case")
		}
		if seen[c.ID] {
			complain("the id stands twice")
		}
		for _, cause := range slices.Concat(c.CausedBy, c.HiddenBy) {
			switch {
			case cause == nil:
				complain("a cause is nil")
			case !seen[cause.ID]:
				complain("its cause %q does not stand before it", cause.ID)
			}
		}
		seen[c.ID] = true
		validateTexts(c, complain)
	}
	return errors.Join(problems...)
}

func validateTexts(c *Check, complain func(string, ...any)) {
	for name, text := range map[string]string{"title": c.Title, "why": c.Why} {
		if strings.TrimSpace(text) == "" {
			complain("the %s is empty", name)
		}
		if strings.ContainsAny(text, "`*<>") {
			complain("the %s carries markup", name)
		}
	}
	if strings.HasSuffix(c.Title, ".") || len(c.Title) > 80 {
		complain("the title is not a short phrase without full stop")
	}
	if !strings.HasSuffix(c.Why, ".") {
		complain("why is not a sentence")
	}
	if (c.Tell != "") != (c.Scope == ScopeUser) {
		complain("tell belongs to user scope, and only there")
	}
	if len(c.Fix) == 0 {
		complain("there is no fix step")
	}
	if c.Eval == nil {
		complain("there is no rule")
	}
	if !strings.HasPrefix(c.URL, docs) {
		complain("the link does not lead to the documentation")
	}
	if c.Scope == ScopeUser && c.Severity == Warning {
		complain("user scope knows error and info only")
	}
	for _, s := range c.Fix {
		if s.Text == "" || !strings.HasSuffix(s.Text, ".") {
			complain("the fix step %q is not a sentence", s.Text)
		}
		for _, m := range placeholder.FindAllStringSubmatch(s.Text+s.Command+s.Where, -1) {
			if !placeholders[m[1]] {
				complain("the placeholder %s is not known", m[0])
			}
		}
		for _, m := range placeholder.FindAllStringIndex(s.Command, -1) {
			if !quoted(s.Command, m[0]) {
				complain("the placeholder at %d of %q does not stand in single quotes", m[0], s.Command)
			}
		}
	}
}

// quoted reports whether position at lies inside single quotes.
func quoted(command string, at int) bool {
	return strings.Count(command[:at], "'")%2 == 1
}
