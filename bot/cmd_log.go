package bot

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/cause"
)

// runLog shows the last attempts to synchronize one person's password.
func runLog(ctx context.Context, t *turn) reply {
	a, q, problem := t.aboutPerson(ctx)
	if problem != nil {
		return reply{card: *problem}
	}
	if r, ok := t.notOne(a, q, "log"); ok {
		return r
	}
	card := logCard(a, t.bot.age(a.Facts), t.command)
	card.Lead = append(card.Lead, heard(q)...)
	evidence := evidenceCard(a)
	return reply{
		card: card, command: "log", args: sameOne(a, t.args), evidence: &evidence,
		ticket: ticket(a, zoneOf(t.person.TimeZone)),
	}
}

// logEntries is how many entries a card shows.
const logEntries = 12

func logCard(a answer, age, command string) Card {
	f := a.Facts
	p := f.User.Person
	c := Card{
		Tone: toneOf(a.Report.Verdict), Headline: "Password sync log · " + verdictWord(a.Report.Verdict),
		Fields: []Field{field("Person", or(p.UPN, or(p.SAM, or(p.DN, "not known")))), field("Password set", passwordSet(f))},
		Footer: []string{age, "The server keeps seven days of history"},
	}
	entries, ok := f.User.Log.Get()
	if !ok {
		c.Tone = ToneDoubt
		c.Lead = []string{"The log could not be read: " + Cut(f.User.Log.Why(), fieldRunes)}
	}
	if why := f.User.AD.Why(); why != "" && (ok || why != f.User.Log.Why()) {
		c.Lead = append(c.Lead, "When the password was set could not be read: "+Cut(why, fieldRunes))
	}
	if !ok {
		return c
	}
	if len(entries) == 0 {
		c.Lead = []string{"The log is empty: within the last seven days there was no attempt, which is normal for a password that is older."}
	}
	entries = slices.Clone(entries)
	slices.SortStableFunc(entries, func(a, b checks.LogEntry) int { return b.At.Compare(a.At) })
	s := Section{Title: "Newest first"}
	s.Lines = logLines(f, entries)
	if len(s.Lines) > 0 {
		c.Sections = append(c.Sections, s)
	}
	c.Lead = append(c.Lead, "What it means for this person: "+command+" user "+Cut(or(p.UPN, or(p.GUID, or(p.SAM, "<name>"))), fieldRunes))
	return c
}

// logLines words the entries, with a mark where the password was set: what is
// below it was about an earlier password.
func logLines(f *checks.Facts, entries []checks.LogEntry) []Line {
	set, what := passwordMoment(f)
	var out []Line
	said := set.IsZero()
	mark := func() {
		if !said {
			said = true
			out = append(out, words(strong("— "+what+" "+stampAge(f.At, set)+" —")))
		}
	}
	for i, e := range entries {
		if i == logEntries {
			out = append(out, words(text("Not shown: "+strconv.Itoa(len(entries)-i)+" older")))
			break
		}
		if e.At.Before(set) {
			mark()
		}
		out = append(out, logLine(f, e))
	}
	if len(entries) <= logEntries {
		mark()
	}
	return out
}

func passwordMoment(f *checks.Facts) (time.Time, string) {
	ad, ok := f.User.AD.Get()
	switch {
	case !ok:
		return time.Time{}, ""
	case ad.MustChange:
		return ad.Changed, "a temporary password was set"
	default:
		return ad.PasswordSet, "the password was set (pwdLastSet)"
	}
}

func logLine(f *checks.Facts, e checks.LogEntry) Line {
	status := checks.Unknown
	meaning := "a word that I do not know"
	if m, ok := cause.Status(e.Status); ok {
		meaning = m.Title
		switch {
		case m.Name == "Success":
			status = checks.Pass
		case m.Fault:
			status = checks.Fail
		}
	}
	line := marked(status, strong(Cut(e.Status, 80)), text(" · "+stampAge(f.At, e.At)+" · "+meaning))
	if e.Detail != "" {
		line = append(line, text(" · "+Cut(e.Detail, 200)))
	}
	return line
}
