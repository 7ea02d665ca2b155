package bot

import (
	"strings"

	"github.com/pwsync/pwsync/checks"
)

// The reason why something could not be looked at is often long and the same for
// every station and field. They say only that they are not known; the reason
// stands once, in a section.

// reasonRunes is how much of a reason is compared: lines are cut, reasons rarely
// differ late.
const reasonRunes = 120

// withReasons adds the section of doubts to the others, with every reason that no
// line gives yet and none given twice. A section without lines is left out.
func withReasons(sections []Section, doubt Section, reasons []string) []Section {
	said := map[string]bool{}
	for _, reason := range reasons {
		for _, s := range sections {
			for _, l := range s.Lines {
				said[reason] = said[reason] || strings.Contains(l.Text(), begin(reason))
			}
		}
	}
	for _, reason := range reasons {
		for _, l := range doubt.Lines {
			for i := range l {
				if said[reason] {
					l[i].Text = strings.ReplaceAll(l[i].Text, ": "+reason, "")
				}
				said[reason] = said[reason] || strings.Contains(l[i].Text, begin(reason))
			}
		}
		if !said[reason] {
			said[reason] = true
			doubt.Lines = append([]Line{words(text("Could not look: " + reason))}, doubt.Lines...)
		}
	}
	if len(doubt.Lines) == 0 {
		return sections
	}
	return append(sections, doubt)
}

func begin(reason string) string {
	r := []rune(reason)
	return string(r[:min(len(r), reasonRunes)])
}

// reasonList collects reasons, each once and a bounded number of them.
type reasonList []string

// mostReasons is how many reasons a card gives.
const mostReasons = 4

func (l *reasonList) add(why string) {
	for _, x := range *l {
		if x == why {
			return
		}
	}
	if why != "" && len(*l) < mostReasons {
		*l = append(*l, why)
	}
}

// personReasons are the reasons why something about a person is not known.
func personReasons(f *checks.Facts, chain []checks.Link) []string {
	var out reasonList
	out.add(f.User.AD.Why())
	out.add(f.User.Log.Why())
	for _, l := range chain {
		_, why := shortLink(l)
		out.add(why)
	}
	return out
}

// shortLink takes the reason out of what a station says when it could not be
// looked at.
func shortLink(l checks.Link) (detail, why string) {
	for _, short := range []string{"could not look", "could not compare"} {
		if rest, ok := strings.CutPrefix(l.Detail, short+": "); ok && l.Status == checks.Unknown {
			return short, rest
		}
	}
	return l.Detail, ""
}

// estateReasons are the reasons why something in the overview of the estate is not
// known.
func estateReasons(f *checks.Facts) []string {
	var out reasonList
	server := f.Active()
	if server == nil {
		return nil
	}
	out.add(server.Connectors.Why())
	out.add(server.Uploads.Why())
	for _, c := range adConnectors(f) {
		for _, p := range c.Partitions {
			if isDomain(p) && p.Selected {
				out.add(p.Cycle.Why())
			}
		}
	}
	return out
}

// setUpReasons are the reasons why something about the set-up is not known.
func setUpReasons(f *checks.Facts, server *checks.Server) []string {
	var out reasonList
	if v, ok := server.Contact.Get(); ok && !v.Reached {
		out.add(v.Error)
	}
	out.add(server.CompanyFeature.Why())
	out.add(server.Connectors.Why())
	out.add(server.Uploads.Why())
	for _, c := range adConnectors(f) {
		out.add(c.Channel.Why())
	}
	return out
}
