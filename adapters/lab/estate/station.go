package estate

import (
	"strings"
	"time"
)

// Person is what a Connect server knows of one object: its stations on the way
// to the cloud. A nil station is one that the object has not reached.
type Person struct {
	AD, Entra *Station
	MV        *Metaverse
	Log       []LogEntry // newest first
}

// Station is an object of a connector space.
type Station struct {
	ID, Connector, DN, Type string
	Joined                  bool
	MVID                    string
	CloudAnchor             string
	Lineage                 []Link
	ExportError             *Trouble
}

// Link is one rule that an object went through.
type Link struct{ RuleID, Rule, Operation string }

// Trouble is an error that an object of a connector space carries.
type Trouble struct {
	Count               int
	First, Last         time.Time
	Type, Name, Literal string
}

// Metaverse is the object in the middle.
type Metaverse struct {
	ID         string
	Attributes map[string]string
	Links      []MVLink
}

// MVLink is one connector space object joined to a metaverse object.
type MVLink struct{ ConnectorID, Connector, ObjectID, DN string }

// hidden reports whether the object never reaches the connector space.
func (c *conditions) hidden(o *Object, s situation) bool {
	if s.notImported || s.gone {
		return true
	}
	return !included(o.DN, o.Domain.Included, append(append([]string{}, o.Domain.Excluded...), c.domain(o.Domain).excluded...))
}

// included applies a container filter: the longest container that holds the
// object decides.
func included(dn string, in, out []string) bool {
	best, take := -1, false
	for _, list := range []struct {
		dns  []string
		take bool
	}{{in, true}, {out, false}} {
		for _, base := range list.dns {
			if UnderDN(dn, base) && len(base) > best {
				best, take = len(base), list.take
			}
		}
	}
	return take
}

// Person looks an object up by its distinguished name in a connector space.
func (e *Estate) Person(host, connectorID, dn string) Person {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.clock.Now()
	h := e.history(host)
	c := e.conditionsAt(now)
	o := e.inSpace(c, connectorID, dn)
	if h == nil || o == nil {
		return Person{}
	}
	s := c.of(o)
	var p Person
	p.AD = o.adStation(s)
	if p.AD.Joined {
		p.MV = o.metaverse(s, h.syncedPassword(o, now))
	}
	if p.MV != nil && !s.cloudFiltered && !s.notProvisioned && !c.node(host).noEntra {
		p.Entra = o.entraStation(s, now)
		p.MV.Links = append(p.MV.Links, MVLink{EntraConnectorID, EntraConnectorName, p.Entra.ID, p.Entra.DN})
	}
	entries := h.logs[o.GUID]
	for i := len(entries) - 1; i >= 0; i-- {
		if !entries[i].At.Before(now.Add(-memory)) {
			p.Log = append(p.Log, entries[i])
		}
	}
	return p
}

// inSpace finds the object that a connector space holds under a name.
func (e *Estate) inSpace(c *conditions, connectorID, dn string) *Object {
	for _, o := range e.objects {
		if o.Domain.Forest.ConnectorID == strings.ToLower(connectorID) && SameDN(o.DN, dn) && !c.hidden(o, c.of(o)) {
			return o
		}
	}
	return nil
}

// adStation is the object in the AD connector space.
func (o *Object) adStation(s situation) *Station {
	st := &Station{ID: o.csID(), Connector: o.Domain.Forest.FQDN, DN: o.DN, Type: o.classIn(s)}
	if s.disconnector || o.excludedByRule(s) || o.Class == "computer" {
		return st
	}
	st.Joined, st.MVID = true, o.mvID()
	connector := o.Domain.Forest.ConnectorID
	link := func(name, operation string) {
		st.Lineage = append(st.Lineage, Link{ruleInternalID(connector, name), name, operation})
	}
	switch st.Type {
	case "inetOrgPerson":
		link("In from AD - InetOrgPerson Join", "Provision")
		link("In from AD - InetOrgPerson AccountEnabled", "Join")
		return st
	case "contact":
		link("In from AD - Contact Join", "Provision")
		return st
	}
	link("In from AD - User Join", "Provision")
	switch {
	case s.filteredRule:
		link(ruleInboundFiltered, "Join")
	case !s.disabled:
		link(ruleInbound, "Join")
	}
	link("In from AD - User Common", "Join")
	return st
}

// metaverse is the object in the middle; password is when object
// synchronization last saw the password set.
func (o *Object) metaverse(s situation, password time.Time) *Metaverse {
	mv := &Metaverse{ID: o.mvID(), Attributes: map[string]string{
		"accountEnabled": "True", "domainFQDN": o.Domain.FQDN, "domainNetBios": o.Domain.NetBIOS,
		"sourceAnchor": o.GUID.Anchor(), "sourceObjectType": sourceType(o.classIn(s)), "userPrincipalName": o.upnIn(s),
	}}
	if !password.IsZero() {
		mv.Attributes["pwdLastSet"] = password.UTC().Format("20060102150405") + ".0Z"
	}
	if s.disabled {
		mv.Attributes["accountEnabled"] = "False"
	}
	if s.cloudFiltered {
		mv.Attributes["cloudFiltered"] = "True"
	}
	if s.wrongDomain {
		mv.Attributes["domainFQDN"], mv.Attributes["domainNetBios"] = "contoso.local", "LEGACY"
	}
	mv.Links = []MVLink{{o.Domain.Forest.ConnectorID, o.Domain.Forest.FQDN, o.csID(), o.DN}}
	return mv
}

func sourceType(class string) string {
	switch class {
	case "inetOrgPerson":
		return "InetOrgPerson"
	case "contact":
		return "Contact"
	}
	return "User"
}

// entraStation is the object in the Entra connector space.
func (o *Object) entraStation(s situation, now time.Time) *Station {
	st := &Station{ID: o.entraCSID(), Connector: EntraConnectorName, DN: o.entraDN(), Type: "user", Joined: true, MVID: o.mvID()}
	link := func(name, operation string) {
		st.Lineage = append(st.Lineage, Link{ruleInternalID(EntraConnectorID, name), name, operation})
	}
	if o.Class == "contact" {
		st.Type = "contact"
		link("Out to AAD - Contact Join", "Provision")
	} else {
		if !s.noOutboundRule {
			link(ruleOutbound, "Provision")
		}
		link("Out to AAD - User Identity", "Join")
		link("Out to AAD - User ExchangeOnline", "Join")
	}
	if s.exportError != "" {
		first := now.Add(-yesterday)
		st.ExportError = &Trouble{Count: 34, First: first, Last: now.Add(-11 * time.Minute).Truncate(time.Minute), Type: "Export",
			Name: s.exportError, Literal: "Another object has the proxy address SMTP:" + o.Mail + "."}
	}
	if !s.notExported && s.exportError == "" {
		st.CloudAnchor = "User_" + o.CloudID()
	}
	return st
}

// syncedPassword is when the password had been set as object synchronization
// last saw it; it carries that time as an attribute like any other.
func (h *nodeHistory) syncedPassword(o *Object, now time.Time) time.Time {
	seen := now
	if n := len(h.runs); n > 0 && h.runs[n-1].Started.Before(seen) {
		seen = h.runs[n-1].Started
	}
	ch, ok := o.latest(seen, false)
	if !ok || ch.temporary {
		return time.Time{}
	}
	return ch.at
}
