package checks

import "time"

// EntraConnectorID identifies the Entra connector on every server; names and
// types are not reliable, this GUID is.
const EntraConnectorID = "b891884f-051e-4a83-95af-2544101c9083"

// The roles that the configuration gives to servers.
const (
	RoleActive  = "active"
	RoleStaging = "staging"
)

// Server is one Entra Connect server and all that its worker said.
type Server struct {
	// Host is the server's configured name; Role is RoleActive or RoleStaging as
	// configured, not as found.
	Host string `json:"host"`
	Role string `json:"role"`

	// Contact is whether the worker answered at all.
	Contact Fact[Contact] `json:"contact,omitzero"`
	Hello   Fact[Hello]   `json:"hello,omitzero"`
	// Clock compares the server's clock with the bot's.
	Clock   Fact[Clock]   `json:"clock,omitzero"`
	Service Fact[Service] `json:"service,omitzero"`
	// Version is the product version, for example "2.5.190.0".
	Version         Fact[string]          `json:"version,omitzero"`
	Scheduler       Fact[Scheduler]       `json:"scheduler,omitzero"`
	Settings        Fact[Settings]        `json:"settings,omitzero"`
	CompanyFeature  Fact[CompanyFeature]  `json:"companyFeature,omitzero"`
	Connectors      Fact[[]Connector]     `json:"connectors,omitzero"`
	Rules           Fact[[]Rule]          `json:"rules,omitzero"`
	RuleChanges     Fact[[]RuleChange]    `json:"ruleChanges,omitzero"`
	Busy            Fact[[]string]        `json:"busy,omitzero"`
	Runs            Fact[[]Run]           `json:"runs,omitzero"`
	Flags           Fact[Flags]           `json:"flags,omitzero"`
	Database        Fact[Database]        `json:"database,omitzero"`
	EntraCredential Fact[EntraCredential] `json:"entraCredential,omitzero"`
	// EntraReach is the server's own test of the Entra endpoints.
	EntraReach Fact[Reach] `json:"entraReach,omitzero"`
	// Uploads are the events of writing to Entra (650-657) of the last hours;
	// Events are all other events that matter, over a longer time.
	Uploads Fact[EventLog] `json:"uploads,omitzero"`
	Events  Fact[EventLog] `json:"events,omitzero"`
}

// Contact says whether the worker could be reached.
type Contact struct {
	Reached bool `json:"reached"`
	// Error says in words why not.
	Error string `json:"error,omitempty"`
	// Milliseconds is how long the answer took.
	Milliseconds int64 `json:"milliseconds,omitempty"`
}

// Hello is what the worker said when it started.
type Hello struct {
	Worker     string `json:"worker"`
	PowerShell string `json:"powerShell"`
	Account    string `json:"account,omitempty"`
	// Module is "loaded" or the reason why the ADSync module is not.
	Module string   `json:"module"`
	Verbs  []string `json:"verbs,omitempty"`
	// Journal is a resync that began and did not end.
	Journal *Journal `json:"journal,omitempty"`
}

// Journal is the trace of an unfinished full password resync.
type Journal struct {
	Connector string    `json:"connector"`
	Step      string    `json:"step"`
	Started   time.Time `json:"started"`
	Operator  string    `json:"operator,omitempty"`
}

// Clock is a reading of two clocks at one moment.
type Clock struct {
	Server time.Time `json:"server"`
	Bot    time.Time `json:"bot"`
}

// Service is the Windows service ADSync.
type Service struct {
	// State is the service controller's word: Running, Stopped, StartPending, …
	State string `json:"state"`
	// StartMode is Automatic, Manual or Disabled.
	StartMode string `json:"startMode,omitempty"`
	Account   string `json:"account,omitempty"`
}

// Scheduler is Get-ADSyncScheduler.
type Scheduler struct {
	StagingMode   bool      `json:"stagingMode"`
	CycleEnabled  bool      `json:"cycleEnabled"`
	Suspended     bool      `json:"suspended"`
	InProgress    bool      `json:"inProgress"`
	Interval      Duration  `json:"interval"`
	NextCycle     time.Time `json:"nextCycle,omitzero"`
	NextPolicy    string    `json:"nextPolicy,omitempty"`
	HistoryWindow Duration  `json:"historyWindow,omitempty"`
}

// Settings are the global settings that matter here.
type Settings struct {
	SignOnMethod    string `json:"signOnMethod,omitempty"`
	AnchorAttribute string `json:"anchorAttribute,omitempty"`
	GroupFiltering  bool   `json:"groupFiltering,omitempty"`
}

// CompanyFeature is Get-ADSyncAADCompanyFeature: the tenant's switches as the
// server reads them from Entra.
type CompanyFeature struct {
	PasswordHashSync bool `json:"passwordHashSync"`
	// ForcePasswordChange is ForcePasswordChangeOnLogOn, the switch that lets
	// temporary passwords be synchronized.
	ForcePasswordChange bool `json:"forcePasswordChange"`
}

// Connector is one connector of the server.
type Connector struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Type is "AD" or "Extensible2".
	Type    string `json:"type"`
	Subtype string `json:"subtype,omitempty"`
	// Forest is the forest's FQDN, AD connectors only.
	Forest        string `json:"forest,omitempty"`
	AccountName   string `json:"accountName,omitempty"`
	AccountDomain string `json:"accountDomain,omitempty"`
	// ForceFullSync is the value of Microsoft.Synchronize.ForceFullPasswordSync:
	// "1" while a forced full password synchronization is pending.
	ForceFullSync string      `json:"forceFullSync,omitempty"`
	Partitions    []Partition `json:"partitions,omitempty"`

	// Channel is the password hash synchronization of this AD connector.
	Channel Fact[Channel] `json:"channel,omitzero"`
	// AccountLogon is a size-limit-1 search with the stored credentials.
	AccountLogon Fact[Reach] `json:"accountLogon,omitzero"`
	// Domains is Get-ADSyncDomainReachabilityStatus.
	Domains Fact[[]DomainReach] `json:"domains,omitzero"`
	// Pending are full runs that the configuration still demands.
	Pending Fact[Pending] `json:"pending,omitzero"`
}

// IsAD reports whether this is an Active Directory connector.
func (c Connector) IsAD() bool { return equalFold(c.Type, "AD") }

// IsEntra reports whether this is the Entra connector.
func (c Connector) IsEntra() bool {
	return equalFold(c.ID, EntraConnectorID) || equalFold(c.Subtype, "Windows Azure Active Directory (Microsoft)")
}

// Partition is one naming context of an AD connector.
type Partition struct {
	ID       string `json:"id,omitempty"`
	DN       string `json:"dn"`
	Name     string `json:"name"`
	NetBIOS  string `json:"netbios,omitempty"`
	Selected bool   `json:"selected"`
	IsDomain bool   `json:"isDomain"`
	// PreferredDCs are tried in this order; OnlyPreferred says that no other is.
	PreferredDCs  []string `json:"preferredDCs,omitempty"`
	OnlyPreferred bool     `json:"onlyPreferred,omitempty"`
	// LastDC served the last import or export.
	LastDC     string   `json:"lastDC,omitempty"`
	Inclusions []string `json:"inclusions,omitempty"`
	Exclusions []string `json:"exclusions,omitempty"`

	// Cycle is the state of reading passwords from this domain.
	Cycle Fact[Cycle] `json:"cycle,omitzero"`
	// Ports are connection attempts from the Connect server to the domain's DCs.
	Ports Fact[[]Probe] `json:"ports,omitzero"`
}

// LooksLikeDomain reports whether the partition is named like a domain: only DC
// components, and not one of the DNS application partitions. A partition can
// look like a domain and not be flagged as one; that is a fault.
func (p Partition) LooksLikeDomain() bool {
	if p.DN == "" {
		return false
	}
	for part := range splitDN(p.DN) {
		kind, value, ok := cut(part, '=')
		if !ok || !equalFold(kind, "DC") {
			return false
		}
		if equalFold(value, "DomainDnsZones") || equalFold(value, "ForestDnsZones") {
			return false
		}
	}
	return true
}

// Cycle is Get-ADSyncPartitionPasswordSyncState for one partition. A zero time
// means that it never happened.
type Cycle struct {
	// Status is None, Successful, Failed, InProgress or Interrupted.
	Status       string    `json:"status"`
	Started      time.Time `json:"started,omitzero"`
	Ended        time.Time `json:"ended,omitzero"`
	SuccessStart time.Time `json:"successStart,omitzero"`
	SuccessEnd   time.Time `json:"successEnd,omitzero"`
}

// Channel is Get-ADSyncAADPasswordSyncConfiguration for one AD connector.
type Channel struct {
	// Configured is false where the server has no configuration at all.
	Configured bool   `json:"configured"`
	Enabled    bool   `json:"enabled"`
	Source     string `json:"source,omitempty"`
	Target     string `json:"target,omitempty"`
}

// Reach is the outcome of one attempt.
type Reach struct {
	OK    bool   `json:"ok"`
	Error string `json:"error,omitempty"`
}

// DomainReach is the server's own view of one domain (LDAP only).
type DomainReach struct {
	Domain string `json:"domain"`
	OK     bool   `json:"ok"`
	Error  string `json:"error,omitempty"`
}

// Pending says which full runs a connector still owes.
type Pending struct {
	FullImport bool `json:"fullImport"`
	FullSync   bool `json:"fullSync"`
}

// Rule is one synchronization rule, as far as password hashes care.
type Rule struct {
	// ID is the identifier; InternalID is what a lineage names.
	ID         string `json:"id"`
	InternalID string `json:"internalId,omitempty"`
	Name       string `json:"name"`
	// Direction is Inbound or Outbound.
	Direction    string `json:"direction"`
	Connector    string `json:"connector"`
	Disabled     bool   `json:"disabled,omitempty"`
	PasswordSync bool   `json:"passwordSync,omitempty"`
	Precedence   int    `json:"precedence"`
	SourceType   string `json:"sourceType,omitempty"`
	Standard     bool   `json:"standard,omitempty"`
}

// RuleChange is one entry of the rule audit.
type RuleChange struct {
	Rule string    `json:"rule"`
	By   string    `json:"by"`
	At   time.Time `json:"at"`
	What string    `json:"what,omitempty"`
}

// Run is one run profile result.
type Run struct {
	Connector string    `json:"connector"`
	Profile   string    `json:"profile"`
	Result    string    `json:"result"`
	Started   time.Time `json:"started"`
	Ended     time.Time `json:"ended,omitzero"`
}

// Flags are settings of the server that influence password hash
// synchronization.
type Flags struct {
	// FIPSPolicy says that Windows enforces FIPS algorithms; FIPSOverride that
	// the engine is exempt from it.
	FIPSPolicy   bool `json:"fipsPolicy"`
	FIPSOverride bool `json:"fipsOverride"`
	Verbose      bool `json:"verbose"`
}

// Database is Get-ADSyncDatabaseConfiguration.
type Database struct {
	Local   bool `json:"local"`
	UsedMB  int  `json:"usedMB"`
	LimitMB int  `json:"limitMB,omitempty"`
}

// EntraCredential is how the server signs in to Entra.
type EntraCredential struct {
	// Mode is ServiceAccount or Application.
	Mode string `json:"mode"`
	// NotAfter is when the application's certificate ends.
	NotAfter time.Time `json:"notAfter,omitzero"`
}
