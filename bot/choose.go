package bot

import (
	"strconv"
	"strings"

	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/identity"
)

// notOne answers a question whose name nobody or several people have; a choice
// goes on with the same command. It returns false where there is exactly one, and
// where it could not be looked up.
func (t *turn) notOne(a answer, q identity.Query, command string) (reply, bool) {
	r, known := a.Facts.User.Resolution.Get()
	switch {
	case !known || r.Matches == 1:
		return reply{}, false
	case r.Matches == 0:
		return t.noOne(a, r, q, command), true
	default:
		return t.several(a, r, command), true
	}
}

func (t *turn) noOne(a answer, r checks.Resolution, q identity.Query, command string) reply {
	c := Card{
		Tone: ToneDoubt, Headline: "Nobody was found under this name",
		Lead:   []string{"I looked for " + Cut(or(a.Facts.Question.Said, q.Said), fieldRunes) + ", and no object answers to it."},
		Footer: []string{t.bot.age(a.Facts)},
	}
	out := reply{}
	if r.Slip != "" && r.Mend != "" {
		c.Lead = append(c.Lead, "There is a slip in it: "+Cut(r.Slip, fieldRunes)+".")
		out.candidates = append(out.candidates, tryInstead(r.Mend, command))
	}
	shown, _ := identity.Candidates(r.Nearest)
	for _, name := range shown {
		if len(out.candidates) < identity.MaxCandidates {
			out.candidates = append(out.candidates, tryInstead(name, command))
		}
	}
	if len(out.candidates) > 0 {
		c.Lead = append(c.Lead, "Perhaps it is one of these:")
	}
	for _, d := range a.Report.Diagnoses {
		if d.Check.ID == "user-not-found" {
			c.Lead = append(c.Lead, "Tell the caller: "+d.Check.Tell)
			c.Sections = append(c.Sections, stepsSection(d.Fix(), 3))
			break
		}
	}
	c.Sections = withReasons(c.Sections, doubtSection(a.Report), nil)
	out.card = c
	return out
}

func tryInstead(name, command string) candidate {
	return candidate{
		line: words(strong(Cut(name, fieldRunes))), label: "Try This", accessibility: "Ask about " + Cut(Inline(name), 50),
		command: command, args: name,
	}
}

func (t *turn) several(a answer, r checks.Resolution, command string) reply {
	c := Card{
		Tone: ToneDoubt, Headline: "Several people answer to this name",
		Lead: []string{
			count(r.Matches, "object") + " answer to " + Cut(a.Facts.Question.Said, fieldRunes) + ". Looking at the wrong one would give a wrong answer, so choose:",
		},
		Footer: []string{t.bot.age(a.Facts)},
	}
	var out reply
	shown, _ := identity.Candidates(r.Candidates)
	for _, x := range shown {
		out.candidates = append(out.candidates, choose(x, command))
	}
	if left := r.Matches - len(shown); left > 0 {
		c.Sections = append(c.Sections, Section{Lines: []Line{words(text("Not shown: " + strconv.Itoa(left) + " more. Ask with the sign-in name, or with DOMAIN\\name."))}})
	}
	out.card = c
	return out
}

func choose(x checks.Candidate, command string) candidate {
	name := or(x.UPN, or(x.SAM, x.DN))
	state := "enabled"
	if !x.Enabled {
		state = "disabled"
	}
	detail := []string{or(x.Domain, "domain not known"), or(x.OU, "no OU"), state}
	if x.Name != "" {
		detail = append([]string{x.Name}, detail...)
	}
	return candidate{
		line: words(strong(Cut(name, 120)), text(" · "+strings.Join(detail, " · "))), label: "Choose",
		accessibility: "Choose " + Cut(Inline(name), 60), command: command, args: or(x.GUID, x.DN),
	}
}
