package bot

import (
	"context"
	"strings"

	"github.com/pwsync/pwsync/checks"
)

// runHealth answers whether synchronization works, for the whole estate or for
// one connector or domain.
func runHealth(ctx context.Context, t *turn) reply {
	a, note, problem := t.estate(ctx)
	if problem != nil {
		return reply{card: *problem}
	}
	args := trimBlank(plain(t.args))
	var about *part
	var elsewhere []checks.Diagnosis
	if args != "" {
		if word, _ := firstWord(args); strings.EqualFold(word, "since") {
			return reply{card: notYetCard("telling what has changed since a time", t.command+" health")}
		}
		named, found := partNamed(a.Facts, args)
		if !found {
			return reply{card: noSuchPart(a.Facts, t.command)}
		}
		about = &named
		a.Report, elsewhere = within(a.Report, named)
	}
	card := healthCard(a, t.bot.age(a.Facts), t.say(), about, elsewhere)
	evidence := evidenceCard(a)
	return reply{
		card: card, note: note, hint: behindEvidence(a.Report, healthDiagnoses), command: "health", args: args, evidence: &evidence,
		ticket: ticket(a, zoneOf(t.person.TimeZone)),
	}
}

// estate returns an answer about the whole estate: a new one, or for who asks too
// often the newest one, with a note that says so, where it is hardly older than a
// new one would be. A problem is an answer in itself.
func (t *turn) estate(ctx context.Context) (a answer, note string, problem *Card) {
	if t.limit == nil {
		a, ok := t.bot.healthAnswer(ctx, 0)
		if !ok {
			late := lateCard()
			return answer{}, "", &late
		}
		return a, "", nil
	}
	a, ok := t.bot.keptHealth(limitedFor)
	if !ok {
		t.log.Info().Bool("personal", t.limit.personal).Msg("too many requests")
		refused := t.limit.card()
		return answer{}, "", &refused
	}
	return a, t.limit.note(a.Facts.At), nil
}

// healthDiagnoses is how many causes a card tells in full.
const healthDiagnoses = 5

// healthCard words the health of the estate, or of the part that was asked about.
func healthCard(a answer, age string, say wording, about *part, elsewhere []checks.Diagnosis) Card {
	r := a.Report
	c := Card{Tone: toneOf(r.Verdict), Headline: healthHeadline(r, about), Lead: healthLead(r, about), Footer: []string{age}}
	if other := elsewhereWords(elsewhere); other != "" {
		c.Lead = append(c.Lead, Cut(other, evidenceRunes))
	}
	if r.Verdict == checks.Healthy {
		c.Lead = append(c.Lead, "To ask about one person: "+say.command+" user <name>, for example "+say.command+" user "+say.example)
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
		c.Sections = append(c.Sections, Section{Lines: []Line{words(text("Not shown: " + count(left, "more cause") + "."))}})
	}
	if s, ok := notesSection(r); ok {
		c.Sections = append(c.Sections, s)
	}
	c.Sections = append(c.Sections, estateSection(a))
	c.Sections = withReasons(c.Sections, doubtSection(r), estateReasons(a.Facts))
	if len(r.SecondOpinion) > 0 {
		c.Sections = append(c.Sections, Section{Title: "Second opinion", Steps: someSteps(r.SecondOpinion, 3)})
	}
	return c
}

// healthLead says what the headline does not: where one cause is, or which causes
// there are.
func healthLead(r *checks.Report, about *part) []string {
	var out []string
	if about != nil {
		out = append(out, "This is about "+Cut(about.label, fieldRunes)+" and what it depends on.")
	}
	failing := failures(r)
	switch {
	case len(failing) == 1:
		out = append(out, "It concerns "+failing[0].Subject.Label()+".")
	case len(failing) > 1:
		out = append(out, causesNamed(failing)+".")
	case r.Verdict == checks.Healthy:
		out = append(out, "Nothing that was checked is wrong.")
	case r.Verdict == checks.CouldNotTell:
		out = append(out, "Nothing was seen to be wrong, and not enough could be read to say that all is well.")
	}
	for i := range out {
		out[i] = Cut(out[i], evidenceRunes)
	}
	return out
}

// failures are the diagnoses that fail and count.
func failures(r *checks.Report) []checks.Diagnosis {
	var out []checks.Diagnosis
	for _, d := range r.Diagnoses {
		if d.Status == checks.Fail && d.Severity != checks.Info {
			out = append(out, d)
		}
	}
	return out
}

// healthHeadline begins with the verdict, and with the part where it is about one.
func healthHeadline(r *checks.Report, about *part) string {
	word, of := verdictWord(r.Verdict)+" · ", ""
	if about != nil {
		of = Cut(about.label, 80)
		if r.Verdict == checks.Healthy {
			return word + of
		}
		of += ": "
	}
	failing := failures(r)
	switch {
	case len(failing) == 1:
		return word + of + failing[0].Check.Title
	case len(failing) > 1:
		return word + of + count(len(failing), "cause")
	case r.Verdict == checks.CouldNotTell:
		return word + of + "What decides could not be read"
	default:
		return word + "Password hash synchronization works"
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
