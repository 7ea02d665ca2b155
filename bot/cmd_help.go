package bot

import (
	"context"
	"strings"

	"github.com/pwsync/pwsync/checks/identity"
)

// runHelp says what can be asked, examples first.
func runHelp(_ context.Context, t *turn) reply {
	word, _ := firstWord(plain(t.args))
	if c, ok := commandNamed(word); ok {
		return reply{card: usageCard(t.say(), c.Name)}
	}
	var roles Roles
	if t.bot.cfg.Policy.Roles != nil {
		roles = t.bot.cfg.Policy.Roles(t.Actor)
	}
	return reply{card: helpCard(t.say(), roles)}
}

func helpCard(say wording, roles Roles) Card {
	c := Card{
		Headline: "What you can ask",
		Lead:     []string{"Answers are for you alone until you share them."},
	}
	examples := Section{Title: "Examples"}
	for _, x := range commandsWith(say.example) {
		if x.Name == helpName {
			continue
		}
		examples.Lines = append(examples.Lines, words(code(say.command+" "+x.Example), text("  "+x.Summary)))
	}
	table := Section{Title: "Commands", Bullets: true}
	for _, x := range commandsWith(say.example) {
		line := words(code(usage(say.command, x)))
		if roles&x.Role == 0 {
			line = append(line, text("  needs the role "+x.Role.String()))
		}
		table.Lines = append(table.Lines, line)
	}
	names := Section{Title: "How to name a person", Lines: []Line{words(text(
		"Sign-in name or mail address, short logon name, DOMAIN\\name, distinguished name, objectGUID, ImmutableId, or an @mention."))}}
	may := Section{Title: "Roles", Bullets: true, Lines: []Line{
		words(strong("viewer"), text(" asks about people and health")),
		words(strong("operator"), text(" asks for actions on one person")),
		words(strong("approver"), text(" decides about actions that concern many")),
		words(strong("admin"), text(" changes what the bot does")),
		words(text("You are: " + rolesOrNone(roles))),
	}}
	c.Sections = []Section{examples, table, names, may}
	return c
}

func usage(command string, c Command) string {
	return strings.TrimSpace(command + " " + c.Name + " " + c.Usage)
}

// usageCard explains one command.
func usageCard(say wording, name string) Card {
	c, ok := say.named(name)
	if !ok {
		return helpCard(say, 0)
	}
	return Card{
		Headline: "How to use " + c.Name,
		Lead:     []string{upperFirst(c.Summary) + "."},
		Sections: []Section{{Lines: []Line{
			words(text("Type "), code(usage(say.command, c))),
			words(text("For example "), code(say.command+" "+c.Example)),
			words(text("Needs the role "), strong(c.Role.String())),
		}}},
	}
}

// runUnknown answers a text that begins with no known command. The text is not
// repeated: what was pasted by mistake may be a secret.
func runUnknown(_ context.Context, t *turn) reply {
	word, rest := firstWord(t.args)
	for _, said := range []string{t.args, rest} {
		if refusal := secretIn(said); refusal != nil {
			return reply{card: *t.nobody(refusal)}
		}
	}
	if later, ok := plannedWord(t.args); ok {
		return reply{card: notYetCard(later, t.command+" help")}
	}
	c := Card{Tone: ToneDoubt, Headline: "I do not know this command"}
	if near, ok := nearest(word); ok {
		near, _ = t.say().named(near.Name)
		c.Lead = append(c.Lead, "Did you mean "+near.Name+"? For example: "+t.command+" "+near.Example)
		c.Lead = append(c.Lead, "Everything that can be asked: "+t.command+" help")
		return reply{card: c, candidates: []candidate{{
			line: words(code(t.command + " " + near.Name)), label: "Do That", accessibility: "Run " + near.Name + " with the rest of what was typed",
			command: near.Name, args: rest,
		}}}
	}
	c.Lead = append(c.Lead, "Everything that can be asked: "+t.command+" help")
	if q, err := identity.Read(t.args); err == nil && unmistakable(q) {
		c.Lead = append([]string{"It looks like the name of a person. To ask about them, put user before it: " + t.command + " user <name>"}, c.Lead...)
		return reply{card: c, candidates: []candidate{{
			line: words(text("Why this person's password does not work")), label: "Check This Person", command: "user", args: t.args,
		}}}
	}
	return reply{card: c}
}

// notYetCard answers what a later version will do.
func notYetCard(what, instead string) Card {
	return Card{
		Tone: ToneDoubt, Headline: "Not in this version",
		Lead: []string{upperFirst(what) + " is not there yet; nothing was done.", "What there is: " + instead},
	}
}

// named returns a command with its example in these words.
func (w wording) named(name string) (Command, bool) {
	for _, c := range commandsWith(w.example) {
		if strings.EqualFold(c.Name, name) {
			return c, true
		}
	}
	return Command{}, false
}

// unmistakable reports whether a text can hardly be anything but a name.
func unmistakable(q identity.Query) bool {
	switch q.Kind {
	case identity.KindUPN, identity.KindDN, identity.KindDomainSAM, identity.KindObjectGUID, identity.KindEntraDN, identity.KindSlackUser:
		return true
	case identity.KindSAM, identity.KindImmutableID, identity.KindUnknown:
	}
	return false
}
