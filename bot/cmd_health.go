package bot

import (
	"context"
	"strings"

	"github.com/pwsync/pwsync/checks"
)

// runHealth answers whether synchronization works, for the whole estate or for
// one connector or domain.
func runHealth(ctx context.Context, t *turn) reply {
	a, ok := t.estate(ctx)
	if !ok {
		return reply{card: lateCard()}
	}
	args := trimBlank(plain(t.args))
	if args != "" {
		part, found := partNamed(a.Facts, args)
		if !found {
			return reply{card: noSuchPart(a.Facts, t.command)}
		}
		a.Report = within(a.Report, part)
	}
	card := healthCard(a, t.bot.age(a.Facts), t.command)
	evidence := evidenceCard(a)
	return reply{
		card: card, command: "health", args: args, evidence: &evidence,
		ticket: ticket(a, zoneOf(t.person.TimeZone)),
	}
}

// estate returns an answer about the whole estate: a new one, or for who asks too
// often the shared one.
func (t *turn) estate(ctx context.Context) (answer, bool) {
	if t.limited {
		return t.bot.healthAnswer(ctx, sharedFor)
	}
	return t.bot.healthAnswer(ctx, 0)
}

// healthDiagnoses is how many causes a card tells in full.
const healthDiagnoses = 5

func healthCard(a answer, age, command string) Card {
	r := a.Report
	c := Card{
		Tone: toneOf(r.Verdict), Headline: healthHeadline(r), Lead: []string{summaryOf(r)},
		Footer: []string{age},
	}
	if r.Verdict == checks.Healthy {
		c.Lead = append(c.Lead, "To ask about one person: "+command+" user <name>, for example "+command+" user mia.wong@contoso.com")
	}
	shown := 0
	for _, d := range r.Diagnoses {
		if d.Status != checks.Fail || d.Severity == checks.Info {
			continue
		}
		if shown++; shown <= healthDiagnoses {
			c.Sections = append(c.Sections, causeSection(d))
		}
	}
	if left := shown - healthDiagnoses; left > 0 {
		c.Sections = append(c.Sections, Section{Lines: []Line{words(text("Not shown: " + count(left, "more cause") + "; see Show Evidence."))}})
	}
	if s, ok := notesSection(r); ok {
		c.Sections = append(c.Sections, s)
	}
	c.Sections = append(c.Sections, estateSection(a))
	if s, ok := doubtSection(r); ok {
		c.Sections = append(c.Sections, s)
	}
	if len(r.SecondOpinion) > 0 {
		c.Sections = append(c.Sections, Section{Title: "Second opinion", Steps: someSteps(r.SecondOpinion, 3)})
	}
	if n := hiddenFindings(r); n > 0 {
		c.Footer = append(c.Footer, count(n, "folded finding")+" under Show Evidence")
	}
	return c
}

func healthHeadline(r *checks.Report) string {
	var causes int
	var only string
	for _, d := range r.Diagnoses {
		if d.Status == checks.Fail && d.Severity != checks.Info {
			if causes++; causes == 1 {
				only = d.Check.Title
			}
		}
	}
	switch {
	case causes == 1:
		return verdictWord(r.Verdict) + " · " + only
	case causes > 1:
		return verdictWord(r.Verdict) + " · " + count(causes, "cause")
	case r.Verdict == checks.CouldNotTell:
		return "Could not tell · What decides could not be read"
	default:
		return verdictWord(r.Verdict) + " · Password hash synchronization works"
	}
}

// causeSection tells one cause: what, where, what showed it, what to do first.
func causeSection(d checks.Diagnosis) Section {
	s := Section{Title: Cut(severityWord(d.Result)+": "+d.Check.Title, 150)}
	s.Lines = append(s.Lines, words(text("Where: "), strong(d.Subject.Label())))
	for _, e := range firstOf(d.Evidence, 2) {
		s.Lines = append(s.Lines, words(text("Seen: "+e)))
	}
	if folded := foldedWords(d.Folded); folded != "" {
		s.Lines = append(s.Lines, words(text(upperFirst(folded)+".")))
	}
	if n := len(d.NotRuledOut); n > 0 {
		s.Lines = append(s.Lines, words(text("Not ruled out, because it could not be read: "+refTitles(d.NotRuledOut))))
	}
	s.Steps = someSteps(d.Fix(), 1)
	if d.Check.URL != "" {
		s.Lines = append(s.Lines, words(text("All steps: "), link("Microsoft's documentation", d.Check.URL)))
	}
	return s
}

func refTitles(refs []checks.Ref) string {
	var titles []string
	for _, ref := range refs {
		title := ref.Check
		if c, ok := checks.Lookup(ref.Check); ok {
			title = c.Title
		}
		if len(titles) == 3 {
			titles = append(titles, "…")
			break
		}
		titles = append(titles, title)
	}
	return strings.Join(titles, "; ")
}

// notesSection lists what is worth knowing and changes no verdict.
func notesSection(r *checks.Report) (Section, bool) {
	s := Section{Title: "Also noted", Bullets: true}
	for _, d := range r.Diagnoses {
		if d.Status == checks.Fail && d.Severity == checks.Info {
			s.Lines = append(s.Lines, words(text(d.Check.Title+" ("+d.Subject.Label()+")")))
		}
	}
	s.Lines = someLines(s.Lines, 5)
	return s, len(s.Lines) > 0
}
