package slack

import (
	"encoding/json"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// clockView is the lab's time, in words and for the script that lets it run.
type clockView struct {
	Known  bool
	Millis int64
	Day    string
	Time   string
	Steps  []clockStep
}

type clockStep struct{ Advance, Label string }

// clockSteps are the jumps that show something: past the next cycle, past a
// stale upload, past the three hours of a missing heartbeat, past a night.
var clockSteps = []clockStep{{"10m", "+10 min"}, {"1h", "+1 h"}, {"3h", "+3 h"}, {"24h", "+1 d"}}

type faultGroup struct {
	Name   string
	On     int
	Faults []FaultState
}

// directoryEntry is a person of the simulated directory, with the answer that
// asking about them must give.
type directoryEntry struct {
	DN     string `json:"dn"`
	UPN    string `json:"upn"`
	Expect string `json:"expect"`
}

// panel fills the lab's own controls.
func (p *webPage) panel(v *pageView) {
	now := p.now().UTC()
	v.Clock = clockView{Known: p.ws.World() != nil, Millis: now.UnixMilli(), Day: now.Format("Mon 2 Jan 2006"), Time: now.Format("15:04:05"), Steps: clockSteps}
	faults, err := p.ws.AllFaults()
	if err != nil {
		v.FaultsWhy = "The faults cannot be listed: " + err.Error()
		return
	}
	groups := map[string]int{}
	for _, f := range faults {
		name := strings.TrimSpace(f.Group)
		if name == "" {
			name = "other"
		}
		i, seen := groups[name]
		if !seen {
			i = len(v.Faults)
			groups[name] = i
			v.Faults = append(v.Faults, faultGroup{Name: capital(name)})
		}
		v.Faults[i].Faults = append(v.Faults[i].Faults, f)
		if f.On {
			v.Faults[i].On++
			v.FaultsOn++
		}
	}
}

// maxDirectory bounds the list of people to ask about.
const maxDirectory = 500

// directory lists whom one can ask about. The estate hands its people over as
// JSON unread; entries of another shape are left out.
func (p *webPage) directory() []directoryEntry {
	world := p.ws.World()
	if world == nil {
		return nil
	}
	start := time.Now()
	users, err := world.Users()
	if err != nil {
		p.log.Warn().Err(err).Msg("people of the directory not listed")
		return nil
	}
	data, err := json.Marshal(users)
	if err != nil {
		p.log.Warn().Err(err).Msg("people of the directory not readable")
		return nil
	}
	var entries []directoryEntry
	if err := json.Unmarshal(data, &entries); err != nil {
		p.log.Warn().Err(err).Msg("people of the directory not readable")
		return nil
	}
	p.log.Debug().Dur("took", time.Since(start)).Int("people", len(entries)).Msg("people of the directory listed")
	return entries[:min(len(entries), maxDirectory)]
}

// Name is how an entry is asked about.
func (e directoryEntry) Name() string {
	if e.UPN != "" {
		return e.UPN
	}
	return e.DN
}

// capital lets a word begin a line.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
