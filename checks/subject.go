package checks

import (
	"net/url"
	"strings"
)

// Subject says what a result is about in a way that survives failover, rename
// and move: "tenant", "tenant/server:<host>",
// "tenant/forest:<fqdn>[/domain:<fqdn>[/user:<objectGUID>]]". A connector is
// its forest's. Names are lower case; a segment that holds "/", "@" or "%" is
// percent-encoded. Subjects are keys, never labels.
type Subject string

// TenantSubject is the one tenant.
const TenantSubject Subject = "tenant"

// ServerSubject is a Connect server, by host name.
func ServerSubject(host string) Subject {
	return TenantSubject + "/server:" + segment(host)
}

// ForestSubject is a forest, and so the connector that serves it.
func ForestSubject(fqdn string) Subject {
	return TenantSubject + "/forest:" + segment(fqdn)
}

// DomainSubject is a domain of a forest.
func DomainSubject(forest, domain string) Subject {
	return ForestSubject(forest) + "/domain:" + Subject(segment(domain))
}

// UserSubject is one person, by objectGUID.
func UserSubject(forest, domain, guid string) Subject {
	return DomainSubject(forest, domain) + "/user:" + Subject(segment(guid))
}

func segment(name string) Subject {
	name = strings.ToLower(name)
	if strings.ContainsAny(name, "/@%") {
		name = strings.NewReplacer("%", "%25", "/", "%2F", "@", "%40").Replace(name)
	}
	return Subject(name)
}

// Part returns the decoded segment of the given kind ("server", "forest",
// "domain", "user"), or "".
func (s Subject) Part(kind string) string {
	for p := range strings.SplitSeq(string(s), "/") {
		if v, ok := strings.CutPrefix(p, kind+":"); ok {
			if d, err := url.PathUnescape(v); err == nil {
				return d
			}
			return v
		}
	}
	return ""
}

// Label says in words what the subject is, for people.
func (s Subject) Label() string {
	switch {
	case s.Part("user") != "":
		return "user " + s.Part("user") + " in " + s.Part("domain")
	case s.Part("domain") != "":
		return "domain " + s.Part("domain")
	case s.Part("forest") != "":
		return "forest " + s.Part("forest")
	case s.Part("server") != "":
		return "server " + s.Part("server")
	default:
		return "the tenant"
	}
}

// Covers reports whether s is the same subject as other or contains it.
func (s Subject) Covers(other Subject) bool {
	return s == other || strings.HasPrefix(string(other), string(s)+"/")
}
