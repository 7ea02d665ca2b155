package estate

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/pwsync/pwsync/checks"
)

// target is whom or what a fault befalls.
type target struct {
	host   string
	forest *Forest
	domain *Domain
	object *Object
}

// find looks a fault up by "id" or "id@subject".
func (e *Estate) find(spec string) (*fault, target, error) {
	id, subject, _ := strings.Cut(spec, "@")
	for _, f := range e.faults {
		if strings.EqualFold(f.id, id) {
			t, err := e.target(f, subject)
			if err != nil {
				return nil, target{}, fmt.Errorf("fault %q: %w", spec, err)
			}
			return f, t, nil
		}
	}
	return nil, target{}, fmt.Errorf("fault %q: there is no fault of that id", spec)
}

// target resolves the subject of a fault: the subject of a result, written the
// way that checks does; or the host, the forest, the domain or any identifier
// of a person. An empty one, and the one that the fault is listed with, is the
// fault's own.
func (e *Estate) target(f *fault, subject string) (target, error) {
	own := subject == ""
	if own {
		subject = f.subject
	}
	switch f.scope {
	case scopeTenant:
		if own || strings.EqualFold(subject, string(checks.TenantSubject)) || strings.EqualFold(subject, TenantName) {
			return target{}, nil
		}
		return target{}, fmt.Errorf("it befalls the whole tenant, not %q", subject)
	case scopeServer:
		for _, n := range e.nodes {
			if t := (target{host: n.Host}); t.called(subject, n.Host) {
				return t, nil
			}
		}
		return target{}, fmt.Errorf("there is no Connect server %q", subject)
	case scopeConnector:
		for _, fo := range e.forests {
			if t := (target{forest: fo}); t.called(subject, fo.FQDN) {
				return t, nil
			}
		}
		return target{}, fmt.Errorf("there is no forest %q", subject)
	case scopeDomain:
		for _, fo := range e.forests {
			for _, d := range fo.Domains {
				if t := (target{forest: fo, domain: d}); t.called(subject, d.FQDN) {
					return t, nil
				}
			}
		}
		return target{}, fmt.Errorf("there is no domain %q", subject)
	default:
		return e.victim(f, subject)
	}
}

// called reports whether a subject means the target, which has a name of its
// own.
func (t target) called(subject, name string) bool {
	return strings.EqualFold(subject, name) || strings.EqualFold(plain(subject), t.key())
}

// plain takes the escapes out of the segments of a subject. No name of the
// estate holds a slash, so a segment with one in it stays as it is.
func plain(subject string) string {
	segments := strings.Split(subject, "/")
	for i, s := range segments {
		if d, err := url.PathUnescape(s); err == nil && !strings.Contains(d, "/") {
			segments[i] = d
		}
	}
	return strings.Join(segments, "/")
}

// victim finds a person, or the one kept for the fault. The results about a name
// that means nobody, or several people, are about the tenant: it stands for the
// person kept, too.
func (e *Estate) victim(f *fault, name string) (target, error) {
	if aboutNames(f) && strings.EqualFold(name, string(checks.TenantSubject)) {
		name = ""
	}
	var found []*Object
	for _, o := range e.objects {
		if name == "" && o.victim == f.id || name != "" && o.called(name) {
			found = append(found, o)
		}
	}
	switch {
	case len(found) == 0:
		return target{}, fmt.Errorf("there is nobody %q", name)
	case len(found) > 1:
		return target{}, fmt.Errorf("%q is the account name of several people; name one by the sign-in name, such as %s", name, found[0].UPN)
	}
	o := found[0]
	t := target{forest: o.Domain.Forest, domain: o.Domain, object: o}
	byNature := !strings.EqualFold(name, o.UPN) && !strings.EqualFold(name, o.SAM) && !strings.EqualFold(plain(name), t.key())
	switch {
	case name != "" && o.Class != "user":
		return target{}, fmt.Errorf("%q is a %s, not a person", name, o.Class)
	case name != "" && !aboutNames(f) && o.leftOut():
		return target{}, fmt.Errorf("%q is left out of synchronization for good, so that nothing else shows; name somebody who is synchronized", name)
	case name != "" && f.check == "user-ambiguous" && byNature:
		return target{}, fmt.Errorf("%q never means two people; name the person, and ask, by the sign-in name %s or the account name %s", name, o.UPN, o.SAM)
	}
	return t, nil
}

// called reports whether a name means the object: any identifier that the
// product understands, or the subject of a result.
func (o *Object) called(name string) bool {
	t := target{forest: o.Domain.Forest, domain: o.Domain, object: o}
	return o.UPN != "" && strings.EqualFold(name, o.UPN) || o.SAM != "" && strings.EqualFold(name, o.SAM) ||
		o.SAM != "" && strings.EqualFold(name, o.Domain.NetBIOS+`\`+o.SAM) || strings.EqualFold(strings.Trim(name, "{}"), o.GUID.String()) ||
		name == o.GUID.Anchor() || SameDN(name, o.DN) || t.called(name, o.DN)
}

// leftOut reports whether the object is kept from synchronization by its nature,
// its name or its place, which no fault changes.
func (o *Object) leftOut() bool {
	return o.situation.trait == traitCritical || o.excludedByRule(situation{}) || !included(o.DN, o.Domain.Included, o.Domain.Excluded)
}

// aboutNames reports whether the result of a fault is about a name rather than
// the person who has it.
func aboutNames(f *fault) bool { return f.check == "user-not-found" || f.check == "user-ambiguous" }

// subject writes the subject of the check's result the way that checks does.
func (t target) subject(f *fault) string {
	if aboutNames(f) {
		return string(checks.TenantSubject)
	}
	return t.key()
}

// key tells targets apart: the subject of a result about the target itself.
func (t target) key() string {
	switch {
	case t.object != nil:
		return string(checks.UserSubject(t.forest.FQDN, t.domain.FQDN, t.object.GUID.String()))
	case t.domain != nil:
		return string(checks.DomainSubject(t.forest.FQDN, t.domain.FQDN))
	case t.forest != nil:
		return string(checks.ForestSubject(t.forest.FQDN))
	case t.host != "":
		return string(checks.ServerSubject(t.host))
	default:
		return string(checks.TenantSubject)
	}
}
