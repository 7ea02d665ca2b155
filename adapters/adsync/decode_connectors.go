package adsync

import (
	"strings"

	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/dn"
)

var cycleStatuses = []string{"None", "Successful", "Failed", "InProgress", "Interrupted"}

// joins are the lists that say more about connectors and their partitions.
type joins struct {
	channels, logons, domains, pending, cycles, ports table
}

func newJoins(a answer) joins {
	connector := func(o *object) string { return o.guid("connectorId") }
	return joins{
		// By name, as the module gives it; it tells names apart by case.
		channels: a.table("passwordSyncConfiguration", "Get-ADSyncAADPasswordSyncConfiguration", func(o *object) string { return o.text("sourceConnector") }),
		logons:   a.table("accountLogon", "Search-ADSyncDirectoryObjects", connector),
		domains:  a.table("domainReachability", "Get-ADSyncDomainReachabilityStatus", connector),
		pending:  a.table("connectorOverrides", "Get-ADSyncSchedulerConnectorOverride", connector),
		cycles:   a.table("partitionState", "Get-ADSyncPartitionPasswordSyncState", func(o *object) string { return partitionKey(connector(o), o.text("dn")) }),
		ports:    a.table("ports", "TCP connect", func(o *object) string { return partitionKey(connector(o), o.text("partition")) }),
	}
}

// partitionKey is the same for all spellings of one naming context.
func partitionKey(connector, partition string) string {
	if d, err := dn.Parse(partition); err == nil && len(d) > 0 {
		partition = d.Key()
	}
	return connector + "/" + partition
}

// decodeConnectors reads the connectors and joins to each what other keys say
// about it. Where a row of those is missing or failed, only its own fact is.
func decodeConnectors(a answer) checks.Fact[[]checks.Connector] {
	found := fullListFact(a, "connectors", "Get-ADSyncConnector", decodeConnector)
	list, ok := found.Get()
	if !ok {
		return found
	}
	j := newJoins(a)
	for i := range list {
		if list[i].IsAD() {
			j.complete(&list[i])
		}
	}
	return found
}

// complete fills in the facts of one AD connector.
func (j joins) complete(c *checks.Connector) {
	c.Channel = rowFact(j.channels, c.Name, c.Name, decodeChannel)
	c.AccountLogon = rowFact(j.logons, c.ID, c.Name, decodeReach)
	c.Domains = rowFact(j.domains, c.ID, c.Name, decodeDomains)
	c.Pending = checks.Got(j.pending.source, checks.Pending{})
	if j.pending.why != "" || len(j.pending.rows[c.ID]) > 0 {
		// The module lists only connectors that owe a run: no row is an answer.
		c.Pending = rowFact(j.pending, c.ID, c.Name, decodePending)
	}
	for i := range c.Partitions {
		p := &c.Partitions[i]
		key := partitionKey(c.ID, p.DN)
		p.Cycle = rowFact(j.cycles, key, p.DN, decodeCycle)
		p.Ports = j.probes(key, p.DN)
	}
}

func decodeConnector(o *object) checks.Connector {
	c := checks.Connector{
		ID:            o.guid("identifier"),
		Name:          o.needText("name"),
		Type:          o.needText("connectorTypeName"),
		Subtype:       o.text("subtype"),
		Forest:        strings.ToLower(o.text("forestName")),
		AccountName:   o.text("loginUser"),
		AccountDomain: o.text("loginDomain"),
		ForceFullSync: o.loose("forceFullPasswordSync"),
	}
	o.need("identifier")
	rows := o.objects("partitions")
	if c.IsAD() {
		// Without its partitions an AD connector would look like one without domains.
		rows = o.needObjects("partitions")
	} else {
		c.Forest = ""
	}
	for _, row := range rows {
		c.Partitions = append(c.Partitions, decodePartition(row))
		o.adopt("partitions", row)
	}
	return c
}

func decodePartition(o *object) checks.Partition {
	return checks.Partition{
		ID:            o.guid("identifier"),
		DN:            o.needText("dn"),
		Name:          o.text("name"),
		NetBIOS:       o.text("netbios"),
		Selected:      o.needBool("selected"),
		IsDomain:      o.needBool("isDomain"),
		PreferredDCs:  o.texts("preferredDCs"),
		OnlyPreferred: o.loose("dcFailover") == "0",
		LastDC:        o.text("lastDC"),
		Inclusions:    o.texts("inclusions"),
		Exclusions:    o.texts("exclusions"),
	}
}

func decodeChannel(o *object) checks.Channel {
	c := checks.Channel{Source: o.text("sourceConnector"), Target: o.text("targetConnector")}
	if o.errored() {
		return c
	}
	if c.Configured = o.needBool("configured"); c.Configured {
		c.Enabled = o.needBool("enabled")
	}
	return c
}

func decodeDomains(o *object) []checks.DomainReach {
	if o.errored() {
		return nil
	}
	domains := []checks.DomainReach{}
	for _, row := range o.needObjects("domains") {
		domains = append(domains, checks.DomainReach{
			Domain: strings.ToLower(row.needText("fullName")),
			OK:     row.needBool("isReachable"),
			Error:  clean(row.text("exceptionMessage")),
		})
		o.adopt("domains", row)
	}
	return domains
}

func decodePending(o *object) checks.Pending {
	return checks.Pending{FullImport: o.needBool("fullImportRequired"), FullSync: o.needBool("fullSyncRequired")}
}

func decodeCycle(o *object) checks.Cycle {
	c := checks.Cycle{
		Status:       o.enum("lastCycleStatus", cycleStatuses),
		Started:      o.time("lastCycleStart"),
		Ended:        o.time("lastCycleEnd"),
		SuccessStart: o.time("lastSuccessfulCycleStart"),
		SuccessEnd:   o.time("lastSuccessfulCycleEnd"),
	}
	o.need("lastCycleStatus")
	return c
}

// probes gathers the connection attempts of one partition, one row each.
func (j joins) probes(key, partition string) checks.Fact[[]checks.Probe] {
	t := j.ports
	if t.why != "" {
		return checks.Missing[[]checks.Probe](t.source, t.why)
	}
	if len(t.rows[key]) == 0 {
		return checks.Missing[[]checks.Probe](t.source, t.answer.server+" tried no port of "+partition)
	}
	probes := []checks.Probe{}
	for _, row := range t.rows[key] {
		probes = append(probes, checks.Probe{
			Host:  strings.ToLower(row.needText("host")),
			Port:  int(row.needNumber("port")),
			Open:  row.needBool("open"),
			Error: clean(row.text("error")),
		})
		if row.err != nil {
			return checks.Missing[[]checks.Probe](t.source, notUnderstood(t.key, row.err))
		}
	}
	return checks.Got(t.source, probes)
}
