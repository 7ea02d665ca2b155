package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/pwsync/pwsync/checks"
)

// runStatus answers how synchronization is set up, and whether each connector
// shows a heartbeat.
func runStatus(ctx context.Context, t *turn) reply {
	a, note, problem := t.estate(ctx)
	if problem != nil {
		return reply{card: *problem}
	}
	card := statusCard(a, t.bot.age(a.Facts), t.command)
	if trimBlank(t.args) != "" {
		card.Lead = append(card.Lead, "This is the status of everything: what followed status was not used. For one part: "+t.command+" health <connector or domain>")
	}
	evidence := evidenceCard(a)
	return reply{
		card: card, note: note, command: "status", evidence: &evidence,
		ticket: ticket(a, zoneOf(t.person.TimeZone)),
	}
}

func statusCard(a answer, age, command string) Card {
	f := a.Facts
	c := Card{Headline: "Status of password hash synchronization", Footer: []string{age}}
	server := f.Active()
	if server == nil {
		c.Tone, c.Lead = ToneBad, []string{"No Connect server is configured, so there is nothing to show. Whoever runs this bot can name one in the configuration."}
		return c
	}
	c.Fields = statusFields(f, server)
	warnings := connectorWarnings(server)
	c.Lead = warnings
	worst := setUpTone(server, warnings)
	if server.Role != checks.RoleActive {
		worst = worse(worst, ToneWarn)
		c.Lead = append(c.Lead, "Warning: no server is configured as the active one; shown is what "+Cut(server.Host, fieldRunes)+" says.")
	}
	if !server.Connectors.Known() {
		c.Lead = append(c.Lead, "The connectors could not be read.")
	}
	for _, why := range setUpReasons(f, server) {
		c.Lead = append(c.Lead, "Could not look: "+Cut(why, fieldRunes))
	}
	c.Lead = append(c.Lead, "What is wrong, and why: "+command+" health")
	all := adConnectors(f)
	for i, x := range all {
		s := connectorStatus(f, server, x)
		worst = worse(worst, linesTone(s.Lines))
		if i < estateLines {
			c.Sections = append(c.Sections, s)
		}
	}
	if left := len(all) - estateLines; left > 0 {
		c.Sections = append(c.Sections, Section{Lines: []Line{words(text("Not shown: " + count(left, "more connector") + "."))}})
	}
	c.Tone = worst
	return c
}

// linesTone is the mood of the worst line.
func linesTone(lines []Line) Tone {
	worst := TonePlain
	for _, l := range lines {
		for status, tone := range map[checks.Status]Tone{checks.Fail: ToneBad, checks.Unknown: ToneDoubt} {
			if len(l) > 0 && strings.HasPrefix(l[0].Text, MarkOf(status).Symbol+" ") {
				worst = worse(worst, tone)
			}
		}
	}
	return worst
}

// worse returns the graver of two moods.
func worse(a, b Tone) Tone {
	grave := []Tone{TonePlain, ToneGood, ToneWait, ToneDoubt, ToneWarn, ToneBad}
	if slices.Index(grave, b) > slices.Index(grave, a) {
		return b
	}
	return a
}

// setUpTone is the mood of the set-up without its connectors; what the checks say
// is told by health.
func setUpTone(server *checks.Server, warnings []string) Tone {
	feature, ok := server.CompanyFeature.Get()
	contact, asked := server.Contact.Get()
	switch {
	case ok && !feature.PasswordHashSync, asked && !contact.Reached:
		return ToneBad
	case len(warnings) > 0:
		return ToneWarn
	case !ok || !server.Connectors.Known():
		return ToneDoubt
	default:
		return TonePlain
	}
}

func statusFields(f *checks.Facts, server *checks.Server) []Field {
	fields := []Field{field("Tenant feature", tenantFeature(server)), field("Temporary passwords", temporaryFeature(server))}
	for i := range f.Servers {
		s := &f.Servers[i]
		fields = append(fields, field(upperFirst(or(s.Role, "server"))+" server", s.Host+", "+serverState(s, s == server)))
	}
	if len(fields) > 10 {
		fields = fields[:10]
	}
	return fields
}

func tenantFeature(s *checks.Server) string {
	v, ok := s.CompanyFeature.Get()
	switch {
	case !ok:
		return notKnown
	case v.PasswordHashSync:
		return "password hash synchronization is on"
	default:
		return "password hash synchronization is OFF for the whole tenant"
	}
}

func temporaryFeature(s *checks.Server) string {
	v, ok := s.CompanyFeature.Get()
	switch {
	case !ok:
		return notKnown
	case v.ForcePasswordChange:
		return "synchronized"
	default:
		return "not synchronized"
	}
}

// serverState says how a server is. Why the one that is shown was not reached is
// said beside the fields.
func serverState(s *checks.Server, shown bool) string {
	if v, ok := s.Contact.Get(); ok && !v.Reached {
		if shown && v.Error != "" {
			return "not reached"
		}
		return "not reached: " + or(v.Error, "no reason given")
	}
	state := "version not known"
	if v, ok := s.Version.Get(); ok {
		state = "version " + v
	}
	scheduler, ok := s.Scheduler.Get()
	switch {
	case !ok:
		return state + ", staging mode not known"
	case scheduler.StagingMode:
		return state + ", in staging mode"
	default:
		return state + ", exports"
	}
}

// connectorWarnings names a number of connectors that cannot work.
func connectorWarnings(s *checks.Server) []string {
	list, ok := s.Connectors.Get()
	if !ok {
		return nil
	}
	entra, ad := 0, 0
	for _, c := range list {
		switch {
		case c.IsAD():
			ad++
		case c.IsEntra():
			entra++
		}
	}
	var out []string
	switch {
	case entra == 0:
		out = append(out, "Warning: there is no Microsoft Entra connector, so nothing can be written to the cloud.")
	case entra > 1:
		out = append(out, "Warning: there are "+count(entra, "Microsoft Entra connector")+" where one belongs.")
	}
	if ad == 0 {
		out = append(out, "Warning: there is no Active Directory connector, so no passwords can be read.")
	}
	return out
}

func connectorStatus(f *checks.Facts, server *checks.Server, c checks.Connector) Section {
	s := Section{Title: Cut(c.Name, 120)}
	channel, ok := c.Channel.Get()
	if !ok {
		s.Lines = append(s.Lines, marked(checks.Unknown, text("Channel: "+notKnown)))
		return withHeartbeat(s, f, server, c)
	}
	switch {
	case !channel.Configured:
		s.Lines = append(s.Lines, marked(checks.Fail, text("Channel: not set up for this connector")))
	case channel.Enabled:
		s.Lines = append(s.Lines, marked(checks.Pass, text("Channel: on")))
	default:
		s.Lines = append(s.Lines, marked(checks.Fail, text("Channel: OFF")))
	}
	if channel.Configured {
		s.Lines = append(s.Lines, words(text("From "), strong(or(channel.Source, c.Name)), text(" to "), strong(or(channel.Target, "a target that is not named"))))
	}
	return withHeartbeat(s, f, server, c)
}

// withHeartbeat adds the newest heartbeat of the last hours. A busy connector
// sends none, so other proof of writing is named beside its absence.
func withHeartbeat(s Section, f *checks.Facts, server *checks.Server, c checks.Connector) Section {
	log, ok := server.Uploads.Get()
	if !ok {
		s.Lines = append(s.Lines, marked(checks.Unknown, text("Heartbeat: "+notKnown)))
		return s
	}
	window := time.Duration(f.Thresholds.HeartbeatFail)
	since := f.At.Add(-window)
	if beat, found := newestHeartbeat(log, c.ID); found && !beat.Time.Before(since) {
		s.Lines = append(s.Lines, marked(checks.Pass, text("Heartbeat: "+stampAge(f.At, beat.Time)+" (event 654)")))
		return s
	}
	none := "Heartbeat: none found in the last " + checks.Age(window)
	status := checks.Fail
	proof, proved := newestProof(log, c.ID)
	switch {
	case proved && !proof.Time.Before(since):
		status = checks.Pass
		none += ", because it is busy: passwords were written " + stampAge(f.At, proof.Time)
	case log.CoversFrom().After(since):
		status = checks.Unknown
		none += "; the event log reaches back only to " + stampAge(f.At, log.CoversFrom())
	}
	s.Lines = append(s.Lines, marked(status, text(strings.TrimSpace(none))))
	return s
}
