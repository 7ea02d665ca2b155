package bot

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/cause"
	"github.com/pwsync/pwsync/checks/identity"
)

// explainRunes bounds the text that is explained; a command cannot be longer on
// any platform that we know.
const explainRunes = 20_000

// explainFindings is how many findings a card tells.
const explainFindings = 8

// runExplain says what an event, a code, a status, a check, or a pasted text
// means.
func runExplain(_ context.Context, t *turn) reply {
	said := trimBlank(plain(t.args))
	if said == "" {
		return reply{card: usageCard(t.say(), "explain")}
	}
	if len([]rune(said)) > explainRunes {
		return reply{card: Card{Tone: ToneDoubt, Headline: "That is too long to explain here", Lead: []string{"Save it as a file and run pwsync explain FILE, which reads any length."}}}
	}
	if c, ok := checks.Lookup(strings.Trim(said, "`\"'“”‘’ ")); ok {
		return reply{card: checkCard(c)}
	}
	x, err := cause.Explain(strings.NewReader(said))
	if err != nil {
		t.log.Error().Err(err).Msg("a text could not be explained")
		return reply{card: unknownText(t.command)}
	}
	if !x.Recognised {
		if refusal := secretIn(said); refusal != nil {
			return reply{card: *t.nobody(refusal)}
		}
		return reply{card: unknownText(t.command)}
	}
	return reply{card: findingsCard(x)}
}

// secretIn asks the one who knows secrets by their looks. Only a text that means
// nothing is asked about: a code may look like a password.
func secretIn(s string) *identity.Refusal {
	_, err := identity.Read(s)
	var refusal *identity.Refusal
	if errors.As(err, &refusal) && refusal.Reason == identity.ReasonSecret {
		return refusal
	}
	return nil
}

func unknownText(command string) Card {
	return Card{
		Tone: ToneDoubt, Headline: "I do not recognize this",
		Lead: []string{
			"It holds no event, code, status or check that I know, so I say nothing rather than guess.",
			"I know the events of password hash synchronization, the errors inside them, and the words of the password sync log. For example: " + command + " explain 611",
		},
	}
}

// checkCard tells a check of the catalogue.
func checkCard(c *checks.Check) Card {
	card := Card{
		Headline: c.Title,
		Lead:     []string{c.Why},
		Fields:   []Field{field("Check", c.ID), field("About", "a "+string(c.Scope))},
	}
	if c.Scope == checks.ScopeTenant {
		card.Fields[1].Value = "the tenant"
	}
	if c.Tell != "" {
		card.Lead = append(card.Lead, "Tell the caller: "+c.Tell)
	}
	if s, ok := causesSection(c); ok {
		card.Sections = append(card.Sections, s)
	}
	card.Sections = append(card.Sections, stepsSection(c.Fix, 6))
	if c.URL != "" {
		card.Sections = append(card.Sections, Section{Lines: []Line{words(link("Microsoft's documentation", c.URL))}})
	}
	return card
}

func causesSection(c *checks.Check) (Section, bool) {
	s := Section{Title: "Can be caused by", Bullets: true}
	for _, by := range c.CausedBy {
		s.Lines = append(s.Lines, words(text(by.Title+" "), code(by.ID)))
	}
	s.Lines = someLines(s.Lines, 8)
	return s, len(s.Lines) > 0
}

// findingsCard tells what was found in a text. Findings quote nothing of it.
func findingsCard(x cause.Explanation) Card {
	first := x.Findings[0]
	c := Card{Headline: first.Title, Lead: []string{"This is " + kindWords(first) + ". " + ownerWords(first.Owner)}}
	if n := len(x.Findings); n > 1 {
		c.Headline = count(n, "thing") + " found"
		c.Lead = []string{"In the order in which they stand in the text."}
	}
	for i, f := range x.Findings {
		if i == explainFindings {
			c.Sections = append(c.Sections, Section{Lines: []Line{words(text("Not shown: " + strconv.Itoa(len(x.Findings)-i) + " more."))}})
			break
		}
		c.Sections = append(c.Sections, findingSection(f, len(x.Findings) > 1))
	}
	if x.Truncated {
		c.Footer = append(c.Footer, "There was more to find than is listed; pwsync explain on the command line reads all of it")
	}
	return c
}

func findingSection(f cause.Finding, several bool) Section {
	s := Section{Title: "What to do"}
	if several {
		s.Title = Cut(f.Title, 140)
		s.Lines = append(s.Lines, words(text(upperFirst(kindWords(f))+". "+ownerWords(f.Owner))))
	}
	next := f.Next
	if several {
		next = firstOf(next, 2)
	}
	for _, n := range firstOf(next, 6) {
		s.Steps = append(s.Steps, checks.Step{Text: Cut(n, evidenceRunes)})
	}
	if c, ok := checks.Lookup(f.Check); ok && f.Kind != "check" {
		s.Lines = append(s.Lines, words(text("Covered by the check "), code(c.ID), text(": "+c.Title)))
	}
	return s
}

func kindWords(f cause.Finding) string {
	id := Cut(f.ID, 60)
	switch f.Kind {
	case "event":
		return "event " + id
	case "status":
		return "the status " + id + " of the password sync log"
	case "check":
		return "the check " + id
	default:
		return "the code " + id
	}
}

// ownerWords says who can act.
func ownerWords(o cause.Owner) string {
	switch o {
	case cause.OwnerAD:
		return "It is a matter for the Active Directory administrators."
	case cause.OwnerNetwork:
		return "It is a matter for whoever runs the network, its proxies and DNS."
	case cause.OwnerConnect:
		return "It is a matter for whoever runs the Connect server."
	case cause.OwnerEntra:
		return "It is a matter for the administrators of the Microsoft Entra tenant."
	case cause.OwnerHelpdesk:
		return "The help desk can settle it with the person."
	}
	return ""
}
