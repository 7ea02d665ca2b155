package cause

import "github.com/pwsync/pwsync/checks"

// checkByID is the one place where this package asks the catalogue of checks.
func checkByID(id string) (*checks.Check, bool) { return checks.Lookup(id) }

// checkOwners says who can act on a check; the catalogue itself does not.
var checkOwners = []struct {
	owner Owner
	ids   []string
}{
	{OwnerEntra, []string{
		"phs-feature-off", "directory-sync-off", "entra-credential-rejected", "entra-access-denied", "uploads-failing",
	}},
	{OwnerNetwork, []string{
		"entra-endpoint-unreachable", "domain-ldap-unreachable", "domain-rpc-unreachable", "domain-unreachable-from-bot",
	}},
	{OwnerAD, []string{
		"connector-account-rejected", "connector-account-disabled", "connector-account-locked", "connector-account-expired",
		"replication-rights-missing", "preferred-dcs-unreachable", "cycle-failing", "domain-attributes-wrong", "excluded-by-rule",
		"export-error",
	}},
	{OwnerHelpdesk, []string{
		"user-not-found", "user-ambiguous", "not-a-user-object", "user-disabled", "temporary-password", "waiting",
		"sign-in-fails-elsewhere", "missing-attribute",
	}},
}

// ownerOfCheck returns who can act on a check. What no one else owns belongs to
// those who run the Connect server.
func ownerOfCheck(id string) Owner {
	for _, g := range checkOwners {
		for _, i := range g.ids {
			if i == id {
				return g.owner
			}
		}
	}
	return OwnerConnect
}

// checkSteps tells what to do about a check, from its fix steps.
func checkSteps(c *checks.Check) []string {
	var next []string
	for _, s := range c.Fix {
		step := s.Text
		if s.Command != "" {
			step += " Command: " + s.Command
		}
		next = append(next, step)
	}
	if len(next) == 0 {
		next = append(next, c.Why)
	}
	return next
}
