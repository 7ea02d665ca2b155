package estate

import "strings"

// Forest is one AD forest and the connector that serves it.
type Forest struct {
	FQDN    string
	Domains []*Domain
	// ConnectorID is the connector's identifier on every server.
	ConnectorID string
	// Account is the connector's account in the forest's root domain.
	Account string
	// Reader and ReaderPassword are what the bot binds with; the lab is on
	// loopback and these secrets open nothing else.
	Reader, ReaderPassword string
}

// Root is the forest's root domain.
func (f *Forest) Root() *Domain { return f.Domains[0] }

// Domain is one domain of a forest.
type Domain struct {
	Forest  *Forest
	FQDN    string
	NetBIOS string
	SID     string
	DCs     []DC
	// Included and Excluded are the connector's container filter, as DNs.
	Included []string
	Excluded []string
}

// DN is the domain's naming context.
func (d *Domain) DN() string {
	return "DC=" + strings.ReplaceAll(d.FQDN, ".", ",DC=")
}

// DC is a domain controller.
type DC struct {
	Host    string
	Address string
}

// The identities that the lab gives its Connect configuration.
const (
	EntraConnectorID   = "b891884f-051e-4a83-95af-2544101c9083"
	EntraConnectorName = "contoso.onmicrosoft.com - AAD"
	TenantName         = "Contoso"
	Version            = "2.5.190.0"
)

// preferredGone is a domain controller that was taken down and left in a list.
const preferredGone = "dc07"

// newForests builds the places of the estate.
func newForests() []*Forest {
	contoso := &Forest{
		FQDN:           "contoso.com",
		ConnectorID:    newGUID("connector", "contoso.com").String(),
		Account:        "MSOL_4f1d2c7a9b30",
		Reader:         "svc-pwsync@contoso.com",
		ReaderPassword: "lab-contoso-reader",
	}
	contoso.Domains = []*Domain{
		{
			Forest: contoso, FQDN: "contoso.com", NetBIOS: "CONTOSO",
			SID: "S-1-5-21-1004336348-1177238915-682003330",
			DCs: []DC{{"dc01.contoso.com", "10.10.0.11"}, {"dc02.contoso.com", "10.10.0.12"}},
			// Accounts of people live below Corp; Users holds what setup put there.
			Included: []string{"OU=Corp,DC=contoso,DC=com", "CN=Users,DC=contoso,DC=com"},
			Excluded: []string{"DC=contoso,DC=com"},
		},
		{
			Forest: contoso, FQDN: "emea.contoso.com", NetBIOS: "EMEA",
			SID:      "S-1-5-21-2127521184-1604012920-1887927527",
			DCs:      []DC{{"emea-dc01.emea.contoso.com", "10.20.0.11"}, {"emea-dc02.emea.contoso.com", "10.20.0.12"}},
			Included: []string{"DC=emea,DC=contoso,DC=com"},
		},
	}
	fabrikam := &Forest{
		FQDN:           "fabrikam.com",
		ConnectorID:    newGUID("connector", "fabrikam.com").String(),
		Account:        "MSOL_8a61b0c9d2e7",
		Reader:         "svc-pwsync@fabrikam.com",
		ReaderPassword: "lab-fabrikam-reader",
	}
	fabrikam.Domains = []*Domain{{
		Forest: fabrikam, FQDN: "fabrikam.com", NetBIOS: "FABRIKAM",
		SID:      "S-1-5-21-3623811015-3361044348-30300820",
		DCs:      []DC{{"fab-dc01.fabrikam.com", "10.30.0.11"}, {"fab-dc02.fabrikam.com", "10.30.0.12"}},
		Included: []string{"DC=fabrikam,DC=com"},
	}}
	return []*Forest{contoso, fabrikam}
}

// Partition is one naming context of a connector.
type Partition struct {
	ID, DN, Name, NetBIOS string
	Selected, IsDomain    bool
	// Domain is nil for the partitions that are not domains.
	Domain *Domain
}

// partitions lists every naming context that the forest's connector knows, the
// ones that nobody selects included.
func (f *Forest) partitions() []Partition {
	var out []Partition
	add := func(p Partition) {
		p.ID = newGUID("partition", f.FQDN+"/"+p.DN).String()
		out = append(out, p)
	}
	for _, d := range f.Domains {
		add(Partition{DN: d.DN(), Name: d.FQDN, NetBIOS: d.NetBIOS, Selected: true, IsDomain: true, Domain: d})
	}
	root := f.Root()
	add(Partition{DN: "CN=Configuration," + root.DN(), Name: "Configuration"})
	for _, d := range f.Domains {
		add(Partition{DN: "DC=DomainDnsZones," + d.DN(), Name: "DomainDnsZones." + d.FQDN})
	}
	add(Partition{DN: "DC=ForestDnsZones," + root.DN(), Name: "ForestDnsZones." + root.FQDN})
	return out
}

// Host names of the Connect servers.
const (
	ActiveHost  = "CONNECT01"
	StagingHost = "CONNECT02"
)

// Node is one Entra Connect server as it was built.
type Node struct {
	Host    string
	Role    string
	Account string
}

func newNodes() []Node {
	return []Node{
		{Host: ActiveHost, Role: "active", Account: `NT SERVICE\ADSync`},
		{Host: StagingHost, Role: "staging", Account: `NT SERVICE\ADSync`},
	}
}
