package adsync

import (
	"slices"
	"time"

	"github.com/pwsync/pwsync/checks"
)

// aged returns a copy of the photograph whose facts say how old they are. The
// copy shares nothing with s that a caller of suite.ConnectServer would change.
func aged(s checks.Server, age time.Duration) checks.Server {
	note := ""
	if age >= time.Second {
		note = ", read " + checks.Age(age) + " ago"
	}
	s.Contact = older(s.Contact, note)
	s.Hello = older(s.Hello, note)
	s.Clock = older(s.Clock, note)
	s.Service = older(s.Service, note)
	s.Version = older(s.Version, note)
	s.Scheduler = older(s.Scheduler, note)
	s.Settings = older(s.Settings, note)
	s.CompanyFeature = older(s.CompanyFeature, note)
	s.Connectors = older(agedConnectors(s.Connectors, note), note)
	s.Rules = older(s.Rules, note)
	s.RuleChanges = older(s.RuleChanges, note)
	s.Busy = older(s.Busy, note)
	s.Runs = older(s.Runs, note)
	s.Flags = older(s.Flags, note)
	s.Database = older(s.Database, note)
	s.EntraCredential = older(s.EntraCredential, note)
	s.EntraReach = older(s.EntraReach, note)
	s.Uploads = older(s.Uploads, note)
	s.Events = older(s.Events, note)
	return s
}

func agedConnectors(f checks.Fact[[]checks.Connector], note string) checks.Fact[[]checks.Connector] {
	list, ok := f.Get()
	if !ok {
		return f
	}
	list = slices.Clone(list)
	for i := range list {
		c := &list[i]
		c.Channel = older(c.Channel, note)
		c.AccountLogon = older(c.AccountLogon, note)
		c.Domains = older(c.Domains, note)
		c.Pending = older(c.Pending, note)
		c.Partitions = slices.Clone(c.Partitions)
		for j := range c.Partitions {
			p := &c.Partitions[j]
			p.Cycle = older(p.Cycle, note)
			p.Ports = older(p.Ports, note)
		}
	}
	return checks.Got(f.From(), list)
}

func older[T any](f checks.Fact[T], note string) checks.Fact[T] {
	if note == "" || f.IsZero() {
		return f
	}
	if v, ok := f.Get(); ok {
		return checks.Got(f.From()+note, v)
	}
	return checks.Missing[T](f.From()+note, f.Why())
}
