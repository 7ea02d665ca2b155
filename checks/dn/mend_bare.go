package dn

import (
	"slices"
	"strings"
)

// containers are the containers every domain has that are not OUs.
var containers = []string{
	"Users", "Computers", "Builtin", "ForeignSecurityPrincipals", "Managed Service Accounts",
	"Program Data", "System", "LostAndFound", "Deleted Objects", "Keys", "Configuration",
}

// nameBare gives a type to the parts that came without one, or joins them to
// the name they were cut from.
func (m *mender) nameBare(parts []part) []part {
	var out []part
	for i, p := range parts {
		if p.typ != "" {
			out = append(out, p)
			continue
		}
		if belongsToName(out, p) {
			m.note(`a comma within a name needs a backslash before it`)
			out[0].value += escapedComma(p)
			continue
		}
		named := bareDomain(out, p, i == len(parts)-1)
		if named == nil {
			named = []part{{typ: bareType(out, p), value: p.value}}
		}
		m.note("the attribute type " + strings.ToUpper(named[0].typ) + "= is missing")
		out = append(out, named...)
	}
	return out
}

// belongsToName reports whether a bare part is the rest of the object's own
// name, cut off at a comma as in "CN=Doe, Jane". A name that already has a
// blank in it is complete, unless a blank also follows the comma, which
// separators in a name rarely have.
func belongsToName(before []part, p part) bool {
	if len(before) != 1 || !before[0].is("CN") || isContainer(p.value) {
		return false
	}
	return p.afterBlank || !strings.Contains(before[0].value, " ")
}

func escapedComma(p part) string {
	if p.afterBlank {
		return `\, ` + p.value
	}
	return `\,` + p.value
}

// bareDomain reads a bare part as the domain: a label after other DC= parts,
// or a whole DNS name at the end. It returns nil when it is neither.
func bareDomain(before []part, p part, last bool) []part {
	afterDC := len(before) > 0 && before[len(before)-1].is("DC")
	if !afterDC && (!last || !strings.Contains(p.value, ".")) {
		return nil
	}
	d, err := FromDomain(p.value)
	if err != nil {
		return nil
	}
	var parts []part
	for _, r := range d {
		parts = append(parts, part{typ: "DC", value: r.Value()})
	}
	return parts
}

func bareType(before []part, p part) string {
	if len(before) == 0 || isContainer(p.value) {
		return "CN"
	}
	return "OU"
}

func isContainer(name string) bool {
	return slices.ContainsFunc(containers, func(c string) bool { return strings.EqualFold(c, name) })
}
