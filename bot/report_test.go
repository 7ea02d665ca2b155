package bot

import (
	"time"

	"github.com/pwsync/pwsync/checks"
)

// The checks of these reports are made up, so that a card's golden file changes
// when the card does and not when a text of the catalogue does.
var (
	madeUser = &checks.Check{
		ID: "made-up-person", Title: "The made-up fault of a person", Why: "Because this test says so.", Tell: "Please do the made-up thing.",
		Fix: []checks.Step{
			{Text: "Do the small thing.", Where: "with the caller"},
			{Text: "Or the large one.", Command: "Set-Thing -Identity '<guid>'", Where: "on <server>"},
		},
		URL: "https://learn.microsoft.com/made-up", Severity: checks.Error, Scope: checks.ScopeUser,
	}
	madeServer = &checks.Check{
		ID: "made-up-server", Title: "The made-up fault of a server", Why: "Because a server can have one.",
		Fix: []checks.Step{{Text: "Mend the server.", Where: "on <server>"}}, URL: "https://learn.microsoft.com/made-up", Severity: checks.Error, Scope: checks.ScopeServer,
	}
	madeDomain = &checks.Check{
		ID: "made-up-domain", Title: "The made-up fault of a domain", Why: "Because a domain can have one.",
		Fix: []checks.Step{{Text: "Mend the domain.", Command: "Repair-Domain '<domain>'"}}, URL: "https://learn.microsoft.com/made-up", Severity: checks.Warning, Scope: checks.ScopeDomain,
	}
	madeConnector = &checks.Check{ID: "made-up-connector", Title: "The made-up fault of a connector", Severity: checks.Error, Scope: checks.ScopeConnector}
	madeNote      = &checks.Check{ID: "made-up-note", Title: "A made-up note", Severity: checks.Info, Scope: checks.ScopeServer}
	madeLeftOut   = &checks.Check{ID: "made-up-cloud", Title: "A made-up difference in the cloud", Severity: checks.Info, Scope: checks.ScopeUser}
)

const server1 = "sync01.contoso.com"

func result(c *checks.Check, s checks.Subject, status checks.Status, evidence ...string) checks.Result {
	return checks.Result{Check: c, Subject: s, Status: status, Severity: c.Severity, Evidence: evidence, Vars: map[string]string{"server": server1, "guid": miaGUID, "domain": "contoso.com"}}
}

func found(r checks.Result, folded ...checks.Ref) checks.Diagnosis {
	return checks.Diagnosis{Result: r, Folded: folded}
}

// reportOf composes a report; results that pass are added for each part of the
// estate that no diagnosis is about.
func reportOf(f *checks.Facts, v checks.Verdict, summary string, list ...checks.Diagnosis) *checks.Report {
	r := &checks.Report{
		At: f.At, Scope: f.Question.Scope, Verdict: v, Summary: summary + " Not checked: a made-up difference in the cloud.", Diagnoses: list,
		NotChecked: []checks.Skipped{{Check: madeLeftOut, Why: "Microsoft Graph is not configured"}},
	}
	about := map[checks.Subject]bool{}
	for _, d := range list {
		r.Results = append(r.Results, d.Result)
		about[d.Subject] = true
	}
	for _, forest := range []string{"contoso.com", "fabrikam.com"} {
		for _, c := range []*checks.Check{madeConnector, madeDomain} {
			s := checks.ForestSubject(forest)
			if c == madeDomain {
				s = checks.DomainSubject(forest, forest)
			}
			if !about[s] {
				r.Results = append(r.Results, result(c, s, checks.Pass))
			}
		}
	}
	if v != checks.Healthy && v != checks.Synced && v != checks.Waiting {
		r.SecondOpinion = []checks.Step{{Text: "Ask somebody else.", Command: "Get-Opinion -Second", Where: "on " + server1}}
	}
	if f.User != nil {
		r.Person, r.Chain = &f.User.Person, []checks.Link{
			{Name: "Active Directory", Status: checks.Pass, Detail: "password set"}, {Name: "AD connector space", Status: checks.Pass, Detail: "imported"},
			{Name: "Metaverse", Status: checks.Unknown, Detail: "could not look: no answer"}, {Name: "Entra connector space", Status: checks.Pass, Detail: "exported"},
			{Name: "Password hash", Status: checks.Fail, Detail: "FilteredByTarget"},
		}
		if v == checks.Synced {
			r.Chain[4] = checks.Link{Name: "Password hash", Status: checks.Pass, Detail: "Success an hour ago"}
		}
	}
	return r
}

// scenes are what the cards are shown for.
var scenes = []struct {
	name   string
	facts  func() *checks.Facts
	report func(*checks.Facts) *checks.Report
}{
	{"synced person", mia, func(f *checks.Facts) *checks.Report { return reportOf(f, checks.Synced, "Synced: it is there.") }},
	{"blocked person", temporary, func(f *checks.Facts) *checks.Report {
		me := checks.UserSubject("contoso.com", "contoso.com", miaGUID)
		domain := result(madeDomain, checks.DomainSubject("contoso.com", "contoso.com"), checks.Unknown, "not known: the state of the domain")
		return reportOf(f, checks.Blocked, "Blocked: the made-up fault.",
			found(result(madeUser, me, checks.Fail, "the first observation", "the second observation", "the third observation"),
				checks.Ref{Check: "made-up-symptom", Subject: me, Status: checks.Fail}, checks.Ref{Check: "made-up-doubt", Subject: me, Status: checks.Unknown}),
			found(result(madeServer, checks.ServerSubject(server1), checks.Fail, "seen on the server")),
			found(domain))
	}},
	{"waiting person", mia, func(f *checks.Facts) *checks.Report {
		way := *madeUser
		way.ID, way.Title, way.Severity, way.Tell = "waiting", "It is on its way", checks.Info, "Please wait."
		return reportOf(f, checks.Waiting, "Waiting: it is on its way.", found(result(&way, checks.UserSubject("contoso.com", "contoso.com", miaGUID), checks.Fail, "set a minute ago")))
	}},
	{"person behind a server that does not answer", func() *checks.Facts { return unreachable(mia()) }, func(f *checks.Facts) *checks.Report {
		return reportOf(f, checks.CouldNotTell, "Could not tell: the server does not answer.",
			found(result(madeServer, checks.ServerSubject(server1), checks.Fail, "no answer within 25s"), checks.Ref{Check: "made-up-doubt", Subject: checks.ForestSubject("contoso.com")}))
	}},
	{"healthy estate", world, func(f *checks.Facts) *checks.Report { return reportOf(f, checks.Healthy, "Healthy: all works.") }},
	{"two causes", func() *checks.Facts { return cycleDenied(world()) }, func(f *checks.Facts) *checks.Report {
		here := checks.DomainSubject("contoso.com", "contoso.com")
		server := found(result(madeServer, checks.ServerSubject(server1), checks.Fail, "seen on the server"), checks.Ref{Check: "made-up-symptom", Subject: checks.TenantSubject, Status: checks.Fail})
		server.NotRuledOut = []checks.Ref{{Check: "made-up-doubt", Subject: checks.TenantSubject}}
		return reportOf(f, checks.Broken, "Broken: two things.", server, found(result(madeDomain, here, checks.Fail, "event 611")),
			found(result(madeNote, checks.ServerSubject(server1), checks.Fail, "worth knowing")))
	}},
	{"estate behind a server that does not answer", func() *checks.Facts { return unreachable(world()) }, func(f *checks.Facts) *checks.Report {
		return reportOf(f, checks.Broken, "Broken: the server does not answer.", found(result(madeServer, checks.ServerSubject(server1), checks.Fail, "no answer within 25s")))
	}},
}

// temporary is mia with a password that must be changed at next logon.
func temporary() *checks.Facts {
	f := mia()
	setAD(f, func(u *checks.ADUser) {
		u.MustChange, u.PasswordSet, u.Changed = true, time.Time{}, ago(40*time.Minute)
	})
	f.User.Log = checks.Got("worker sync01", []checks.LogEntry{
		{Status: "FilteredByTarget", At: ago(38 * time.Minute)}, {Status: "Success", At: ago(30 * time.Hour)},
	})
	return f
}
