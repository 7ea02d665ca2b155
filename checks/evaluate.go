package checks

import (
	"slices"
	"strings"
)

// View is what a rule is shown: all the facts, and the subject it judges.
type View struct {
	Facts *Facts
	// Server is the server judged; for narrower scopes the active one. It is nil
	// where no server is configured as active.
	Server *Server
	// Connector is the AD connector judged (connector scope and narrower).
	Connector *Connector
	// Partition is the domain partition judged (domain scope; user scope where
	// the person's domain is known to the connector).
	Partition *Partition
	Subject   Subject
}

// standby reports whether the server judged is not the one that has to work.
func (v View) standby() bool { return v.Server != v.Facts.Active() }

// User returns the person asked about; it is never nil in a user-scope rule.
func (v View) User() *User { return v.Facts.User }

// Forest returns what is known of the connector's forest beside the Connect
// server, nil where nothing was asked.
func (v View) Forest() *Forest {
	if v.Connector == nil {
		return nil
	}
	return v.Facts.Forest(v.Connector.Forest)
}

// Domain returns what is known of the partition's domain beside the Connect
// server, nil where nothing was asked.
func (v View) Domain() *Domain {
	if v.Partition == nil {
		return nil
	}
	return v.Forest().Domain(v.Partition.Name)
}

// Result is the outcome of one check for one subject.
type Result struct {
	Check    *Check
	Subject  Subject
	Status   Status
	Severity Severity
	Evidence []string
	Vars     map[string]string
	Lacks    string
}

// Skipped is a check that gave no result because a source it needs is not
// configured.
type Skipped struct {
	Check *Check
	Why   string
}

// Evaluate holds every check of the catalogue against the facts. Results come
// in catalogue order; every applicable check gives one per subject.
func Evaluate(f *Facts) ([]Result, []Skipped) {
	var results []Result
	var skipped []Skipped
	for _, c := range All() {
		if why, off := missingSource(f, c); off {
			if c.Scope != ScopeUser || f.User != nil {
				skipped = append(skipped, Skipped{Check: c, Why: why})
			}
			continue
		}
		for _, v := range views(f, c) {
			if r, ok := judge(c, v); ok {
				results = append(results, r)
			}
		}
	}
	return results, skipped
}

func missingSource(f *Facts, c *Check) (string, bool) {
	for _, s := range c.Needs {
		if why, off := f.Gap(s); off {
			return why, true
		}
	}
	return "", false
}

func judge(c *Check, v View) (Result, bool) {
	var found Finding
	switch {
	case c.Scope == ScopeUser && v.Facts.User.Person.GUID == "" && !v.Facts.User.Resolution.Known():
		found = lacks("whom the question is about", v.Facts.User.Resolution)
	case (c.Scope == ScopeConnector && v.Connector == nil) || (c.Scope == ScopeDomain && v.Partition == nil):
		found = unknownEstate(v)
	default:
		found = c.Eval(v)
	}
	if found.NotApplicable {
		return Result{}, false
	}
	sev := c.Severity
	if found.Mild != nil && *found.Mild < sev {
		sev = *found.Mild
	}
	return Result{
		Check: c, Subject: v.Subject, Status: found.Status, Severity: sev,
		Evidence: found.Evidence, Vars: withNames(found.Vars, v), Lacks: found.Lacks,
	}, true
}

// unknownEstate answers for checks whose subjects could not even be listed.
func unknownEstate(v View) Finding {
	switch {
	case v.Server == nil:
		return unknown("no server is configured as the active one")
	case !v.Server.Connectors.Known():
		return lacks("the connectors", v.Server.Connectors)
	case v.Connector == nil:
		return unknown("the server has no Active Directory connector to judge")
	default:
		return unknown("the connector of " + v.Connector.Forest + " shows no domain to judge")
	}
}

// views lists the subjects of a check.
func views(f *Facts, c *Check) []View {
	switch c.Scope {
	case ScopeTenant:
		return []View{{Facts: f, Server: f.Active(), Subject: TenantSubject}}
	case ScopeServer:
		out := make([]View, 0, len(f.Servers))
		for i := range f.Servers {
			s := &f.Servers[i]
			out = append(out, View{Facts: f, Server: s, Subject: ServerSubject(s.Host)})
		}
		return out
	case ScopeConnector:
		return connectorViews(f)
	case ScopeDomain:
		return domainViews(f)
	case ScopeUser:
		return userViews(f, c)
	}
	return nil
}

func connectorViews(f *Facts) []View {
	s := f.Active()
	if s == nil {
		return []View{{Facts: f, Subject: TenantSubject}}
	}
	list, ok := s.Connectors.Get()
	if !ok {
		return []View{{Facts: f, Server: s, Subject: personForest(f, ServerSubject(s.Host))}}
	}
	if !slices.ContainsFunc(list, Connector.IsAD) {
		return []View{{Facts: f, Server: s, Subject: personForest(f, ServerSubject(s.Host))}}
	}
	var out []View
	for i := range list {
		c := &list[i]
		if !c.IsAD() || !inQuestion(f, c.Forest) {
			continue
		}
		out = append(out, View{Facts: f, Server: s, Connector: c, Subject: ForestSubject(c.Forest)})
	}
	return out
}

func domainViews(f *Facts) []View {
	var out []View
	for _, v := range connectorViews(f) {
		if v.Connector == nil {
			if f.User != nil && f.User.Person.Domain != "" {
				v.Subject = DomainSubject(f.User.Person.Forest, f.User.Person.Domain)
			}
			out = append(out, v)
			continue
		}
		domains := 0
		for i := range v.Connector.Partitions {
			p := &v.Connector.Partitions[i]
			if !p.IsDomain && !p.LooksLikeDomain() {
				continue
			}
			domains++
			if f.User != nil && f.User.Person.Domain != "" && !equalFold(f.User.Person.Domain, p.Name) {
				continue
			}
			w := v
			w.Partition, w.Subject = p, DomainSubject(v.Connector.Forest, p.Name)
			out = append(out, w)
		}
		if domains == 0 {
			out = append(out, v)
		}
	}
	return out
}

// inQuestion keeps the connectors of the person's forest, or all of them where
// the question is about health or the person is not known.
func inQuestion(f *Facts, forest string) bool {
	return f.User == nil || f.User.Person.Forest == "" || equalFold(f.User.Person.Forest, forest)
}

func personForest(f *Facts, otherwise Subject) Subject {
	if f.User != nil && f.User.Person.Forest != "" {
		return ForestSubject(f.User.Person.Forest)
	}
	return otherwise
}

func userViews(f *Facts, c *Check) []View {
	if f.User == nil {
		return nil
	}
	v := View{Facts: f, Server: f.Active(), Subject: TenantSubject}
	p := f.User.Person
	if p.GUID == "" {
		// Nobody, or several: there is no one person to judge. Not having been able
		// to look leaves every check about the person unknown.
		if c.ID == userNotFound.ID || c.ID == userAmbiguous.ID || !f.User.Resolution.Known() {
			return []View{v}
		}
		return nil
	}
	v.Subject = UserSubject(p.Forest, p.Domain, p.GUID)
	if v.Server != nil {
		if list, ok := v.Server.Connectors.Get(); ok {
			v.Connector, v.Partition = home(list, p)
		}
	}
	return []View{v}
}

// home finds the connector and the partition that a person belongs to.
func home(list []Connector, p Person) (*Connector, *Partition) {
	for i := range list {
		c := &list[i]
		if !c.IsAD() || !equalFold(c.Forest, p.Forest) {
			continue
		}
		for j := range c.Partitions {
			if equalFold(c.Partitions[j].Name, p.Domain) {
				return c, &c.Partitions[j]
			}
		}
		return c, nil
	}
	return nil, nil
}

// withNames adds the names that every fix step may use.
func withNames(vars map[string]string, v View) map[string]string {
	out := make(map[string]string, len(vars)+6)
	if v.Server != nil {
		out["server"] = v.Server.Host
		if list, ok := v.Server.Connectors.Get(); ok {
			for _, c := range list {
				if c.IsEntra() {
					out["entra-connector"] = c.Name
				}
			}
		}
	}
	if v.Connector != nil {
		out["connector"] = v.Connector.Name
		out["forest"] = v.Connector.Forest
		if v.Connector.AccountName != "" {
			out["account"] = v.Connector.AccountName
			out["account-domain"] = strings.ToLower(v.Connector.AccountDomain)
		}
	}
	if v.Partition != nil {
		out["domain"] = v.Partition.Name
		out["domain-dn"] = v.Partition.DN
	}
	if v.Facts.User != nil && v.Facts.User.Person.GUID != "" {
		p := v.Facts.User.Person
		out["dn"], out["upn"], out["guid"] = p.DN, p.UPN, p.GUID
	}
	for k, val := range vars {
		out[k] = val
	}
	return out
}
