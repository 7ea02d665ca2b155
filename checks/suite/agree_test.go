package suite

import (
	"testing"
	"time"

	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/cause"
)

// What explain says about a failed upload and what the rules make of it must be
// the same check.
func TestExplainAndTheRulesAgreeOnUploads(t *testing.T) {
	const id = "11111111-2222-3333-4444-555555555555"
	for _, c := range cause.All() {
		if !cause.UploadFailure(c.ID) || c.Check == "" || c.Check == "uploads-failing" {
			continue
		}
		at := start
		f := &checks.Facts{
			Schema: checks.FactsSchema, At: at, Question: checks.Question{Scope: checks.ScopeHealthQuestion}, Thresholds: checks.DefaultThresholds(),
			NotConfigured: []checks.Gap{{Source: checks.SourceGraph, Why: "x"}},
			Servers: []checks.Server{{
				Host: "connect1", Role: checks.RoleActive,
				Scheduler:      checks.Got("w", checks.Scheduler{CycleEnabled: true}),
				CompanyFeature: checks.Got("w", checks.CompanyFeature{PasswordHashSync: true}),
				EntraReach:     checks.Got("w", checks.Reach{OK: true}),
				Connectors: checks.Got("w", []checks.Connector{{
					ID: id, Name: "a.example", Type: "AD", Forest: "a.example", Channel: checks.Got("w", checks.Channel{Configured: true, Enabled: true}),
				}}),
				Uploads: checks.Got("w", checks.EventLog{Since: at.Add(-4 * time.Hour), Events: []checks.Event{{
					ID: 652, Source: "Directory Synchronization", Time: at.Add(-5 * time.Minute), Cause: c.ID,
				}}}),
			}},
		}
		results, _ := checks.Evaluate(f)
		for _, r := range results {
			if r.Check.ID == c.Check && r.Status != checks.Fail {
				t.Errorf("%s: explain says %s, the rule says %s %v", c.ID, c.Check, r.Status, r.Evidence)
			}
		}
	}
}
