package bot

import (
	"slices"
	"strings"
	"time"

	"github.com/pwsync/pwsync/checks"
)

// part is a connector or a domain of the estate that was asked about.
type part struct {
	name    string
	subject checks.Subject
	// label is the name to tell it by: a domain's is its DNS name.
	label string
}

// partNamed finds a connector by its name or forest, or a domain by its DNS or
// NetBIOS name. The whole name must fit: contoso.com is not contoso.com.au.
func partNamed(f *checks.Facts, name string) (part, bool) {
	name = strings.Trim(name, "`\"'“”‘’ .")
	for _, p := range parts(f) {
		if strings.EqualFold(p.name, name) {
			return p, true
		}
	}
	return part{}, false
}

// parts lists everything that can be asked about by name. A forest comes before
// its root domain, which has the same name: the wider answer is the safer one.
func parts(f *checks.Facts) []part {
	var out []part
	for _, c := range adConnectors(f) {
		forest := checks.ForestSubject(c.Forest)
		out = append(out, part{c.Forest, forest, c.Forest}, part{c.Name, forest, c.Name})
		for _, p := range c.Partitions {
			if !isDomain(p) {
				continue
			}
			domain := checks.DomainSubject(c.Forest, p.Name)
			out = append(out, part{p.Name, domain, p.Name})
			if p.NetBIOS != "" {
				out = append(out, part{p.NetBIOS, domain, or(p.Name, p.NetBIOS)})
			}
		}
	}
	return out
}

// isDomain tells the partitions that hold people from those of the configuration,
// the schema and DNS.
func isDomain(p checks.Partition) bool { return p.IsDomain || p.LooksLikeDomain() }

func adConnectors(f *checks.Facts) []checks.Connector {
	s := f.Active()
	if s == nil {
		return nil
	}
	list, _ := s.Connectors.Get()
	var out []checks.Connector
	for _, c := range list {
		if c.IsAD() {
			out = append(out, c)
		}
	}
	return out
}

func noSuchPart(f *checks.Facts, command string) Card {
	c := Card{
		Tone: ToneDoubt, Headline: "No connector or domain has this name",
		Lead: []string{"Ask for everything with " + command + " health, or for one of these:"},
	}
	s := Section{Bullets: true}
	var seen []string
	for _, p := range parts(f) {
		if p.name != "" && !slices.ContainsFunc(seen, func(x string) bool { return strings.EqualFold(x, p.name) }) {
			seen = append(seen, p.name)
			s.Lines = append(s.Lines, words(code(p.name)))
		}
	}
	if len(s.Lines) == 0 {
		c.Lead = []string{"The server's connectors could not be read, so no name can be found just now.", "Ask for everything with " + command + " health."}
		return c
	}
	s.Lines = someLines(s.Lines, 12)
	c.Sections = append(c.Sections, s)
	return c
}

// within narrows a report to one part: what is about it, and what is wider and
// so concerns it as well. The causes stay those of the whole estate; those that
// do not concern the part come back as elsewhere.
func within(r *checks.Report, p part) (narrow *checks.Report, elsewhere []checks.Diagnosis) {
	concerns := func(s checks.Subject) bool {
		return s.Part("forest") == "" || s.Covers(p.subject) || p.subject.Covers(s)
	}
	out := *r
	out.Results, out.Diagnoses = nil, nil
	for _, x := range r.Results {
		if concerns(x.Subject) {
			out.Results = append(out.Results, x)
		}
	}
	for _, d := range r.Diagnoses {
		touches := func(ref checks.Ref) bool { return ref.Subject.Part("forest") != "" && concerns(ref.Subject) }
		if concerns(d.Subject) || slices.ContainsFunc(d.Folded, touches) {
			out.Diagnoses = append(out.Diagnoses, d)
			continue
		}
		elsewhere = append(elsewhere, d)
	}
	out.Verdict = checks.HealthOf(out.Results)
	out.Summary = "For " + p.label + ", and what it depends on: " + strings.ToLower(verdictWord(out.Verdict)) + causesSentence(&out)
	if out.Verdict == checks.Healthy {
		out.SecondOpinion = nil
	}
	return &out, elsewhere
}

func causesSentence(r *checks.Report) string {
	if named := causesNamed(r.Diagnoses); named != "" {
		return ". " + named + "."
	}
	return "."
}

// causesNamed names what fails and counts, and where.
func causesNamed(list []checks.Diagnosis) string {
	var titles []string
	for _, d := range list {
		if d.Status == checks.Fail && d.Severity != checks.Info {
			titles = append(titles, d.Check.Title+" ("+d.Subject.Label()+")")
		}
	}
	if n := len(titles); n > 3 {
		titles = append(titles[:3:3], "and "+count(n-3, "more cause"))
	}
	return strings.Join(titles, "; ")
}

// elsewhereWords says what does not concern the part that was asked about, so
// that a good answer about a part does not pass for one about all.
func elsewhereWords(list []checks.Diagnosis) string {
	doubts := 0
	for _, d := range list {
		if d.Status == checks.Unknown && d.Severity != checks.Info {
			doubts += 1 + len(d.Folded)
		}
	}
	var out []string
	if named := causesNamed(list); named != "" {
		out = append(out, "Wrong elsewhere: "+named+".")
	}
	if doubts > 0 {
		out = append(out, "Elsewhere "+count(doubts, "check")+" could not be told.")
	}
	return strings.Join(out, " ")
}

// estateLines is how many lines the overview has.
const estateLines = 14

// estateSection shows every connector and domain in a line: how it is, and when
// it was last seen to work.
func estateSection(a answer) Section {
	s := Section{Title: "Connectors and domains"}
	server := a.Facts.Active()
	if server == nil {
		s.Lines = []Line{marked(checks.Unknown, text("No Connect server is configured."))}
		return s
	}
	if !server.Connectors.Known() {
		s.Lines = []Line{marked(checks.Unknown, text("The connectors could not be read."))}
		return s
	}
	for _, c := range adConnectors(a.Facts) {
		if lines := connectorLines(a, server, c); len(lines) > 0 {
			s.Lines = append(s.Lines, lines...)
		}
	}
	if len(s.Lines) == 0 {
		s.Lines = []Line{marked(checks.Fail, text("No Active Directory connector."))}
	}
	s.Lines = someLines(s.Lines, estateLines)
	return s
}

func connectorLines(a answer, server *checks.Server, c checks.Connector) []Line {
	var out []Line
	if mark, word, ok := worstAbout(a.Report, checks.ForestSubject(c.Forest)); ok {
		out = append(out, Line{
			{Text: mark + " "}, strong(c.Name), text(" (connector): " + word + " · " + lastWrite(a.Facts, server, c)),
		})
	}
	for _, p := range c.Partitions {
		if !isDomain(p) {
			continue
		}
		if mark, word, ok := worstAbout(a.Report, checks.DomainSubject(c.Forest, p.Name)); ok {
			out = append(out, Line{
				{Text: mark + " "}, strong(p.Name), text(" (domain): " + word + " · " + lastRead(a.Facts, p)),
			})
		}
	}
	return out
}

// worstAbout says how one subject is, by the results that are about it alone. ok
// is false where there are none, because it was not asked about.
func worstAbout(r *checks.Report, s checks.Subject) (mark, word string, ok bool) {
	var own []checks.Result
	for _, x := range r.Results {
		if x.Subject == s {
			own = append(own, x)
		}
	}
	v := checks.HealthOf(own)
	m := toneOf(v).Mark()
	switch v {
	case checks.Healthy:
		word = "OK"
	case checks.CouldNotTell:
		word = "not known"
	case checks.Degraded, checks.Broken, checks.Synced, checks.Waiting, checks.Blocked:
		word = string(v)
	}
	return m.Symbol, word, len(own) > 0
}

func lastRead(f *checks.Facts, p checks.Partition) string {
	cycle, ok := p.Cycle.Get()
	switch {
	case !p.Selected:
		return "not selected"
	case !ok:
		return "last reading not known"
	case cycle.SuccessEnd.IsZero():
		return "never read with success"
	default:
		return justNow("read " + checks.Age(f.At.Sub(cycle.SuccessEnd)) + " ago")
	}
}

func lastWrite(f *checks.Facts, server *checks.Server, c checks.Connector) string {
	log, ok := server.Uploads.Get()
	if !ok {
		return "last writing not known"
	}
	if e, ok := newestProof(log, c.ID); ok {
		return justNow("wrote to Microsoft Entra " + checks.Age(f.At.Sub(e.Time)) + " ago")
	}
	return "no writing seen in the last " + checks.Age(f.At.Sub(log.CoversFrom()).Round(time.Minute))
}
