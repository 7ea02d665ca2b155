package checks

import "time"

// User is everything known about the one person asked about.
type User struct {
	// Resolution is how many people the question matched.
	Resolution Fact[Resolution] `json:"resolution,omitzero"`

	// Person names the one match; it is empty where there is not exactly one.
	Person Person `json:"person,omitzero"`

	AD Fact[ADUser] `json:"ad,omitzero"`
	// ADCS, MV and EntraCS are the three stations on the Connect server.
	ADCS    Fact[CSObject] `json:"adConnectorSpace,omitzero"`
	MV      Fact[MVObject] `json:"metaverse,omitzero"`
	EntraCS Fact[CSObject] `json:"entraConnectorSpace,omitzero"`
	// Log is the password sync log of the object, newest first.
	Log Fact[[]LogEntry] `json:"log,omitzero"`
	// Container says whether the connector's container filter takes the user.
	Container Fact[Container] `json:"container,omitzero"`
	// Cloud is the user as Graph shows it; DomainAuth how the domain of the UPN
	// signs in; SignIns the last failed sign-ins.
	Cloud      Fact[CloudUser]  `json:"cloud,omitzero"`
	DomainAuth Fact[DomainAuth] `json:"domainAuth,omitzero"`
	SignIns    Fact[[]SignIn]   `json:"signIns,omitzero"`
}

// Person identifies one person; names are labels, GUID is the key.
type Person struct {
	GUID   string `json:"guid,omitempty"`
	DN     string `json:"dn,omitempty"`
	UPN    string `json:"upn,omitempty"`
	SAM    string `json:"sam,omitempty"`
	Mail   string `json:"mail,omitempty"`
	Name   string `json:"name,omitempty"`
	Forest string `json:"forest,omitempty"`
	Domain string `json:"domain,omitempty"`
}

// Resolution is the outcome of looking a name up.
type Resolution struct {
	// Matches is how many objects answered to the name.
	Matches int `json:"matches"`
	// Candidates are at most five of several matches.
	Candidates []Candidate `json:"candidates,omitempty"`
	// Nearest are similar names, where nothing matched.
	Nearest []string `json:"nearest,omitempty"`
	// Unsearched says where could not be looked, for a name that need not be
	// unique: somebody else there may bear it too.
	Unsearched string `json:"unsearched,omitempty"`
	// Slip is a likely slip of the pen and Mend what was probably meant.
	Slip string `json:"slip,omitempty"`
	Mend string `json:"mend,omitempty"`
}

// Candidate is one of several matches.
type Candidate struct {
	Person
	OU      string `json:"ou,omitempty"`
	Enabled bool   `json:"enabled"`
}

// ADUser is the person as Active Directory shows it.
type ADUser struct {
	// Classes is objectClass, the most specific last.
	Classes []string `json:"classes"`
	// Control is userAccountControl; Computed is msDS-User-Account-Control-Computed.
	Control  int64 `json:"control"`
	Computed int64 `json:"computed,omitempty"`
	// PasswordSet is pwdLastSet, zero where AD did not show it; MustChange says
	// that pwdLastSet is 0: "user must change password at next logon".
	PasswordSet time.Time `json:"passwordSet,omitzero"`
	MustChange  bool      `json:"mustChange,omitempty"`
	// Changed and ChangedOn come from replication metadata: when, and on which
	// DC, the password was really written last.
	Changed   time.Time `json:"changed,omitzero"`
	ChangedOn string    `json:"changedOn,omitempty"`

	Locked         bool      `json:"locked,omitempty"`
	AccountExpires time.Time `json:"accountExpires,omitzero"`
	BadPasswords   int       `json:"badPasswords,omitempty"`
	Created        time.Time `json:"created,omitzero"`

	Critical         bool   `json:"critical,omitempty"`
	AdminDescription string `json:"adminDescription,omitempty"`
	MailNickname     string `json:"mailNickname,omitempty"`
	RecipientType    int64  `json:"recipientType,omitempty"`
	// ConsistencyGUID is mS-DS-ConsistencyGuid as a GUID, if set.
	ConsistencyGUID string `json:"consistencyGuid,omitempty"`
	Conflict        bool   `json:"conflict,omitempty"`
	Deleted         bool   `json:"deleted,omitempty"`
}

// Bits of userAccountControl that matter here.
const (
	uacDisabled          = 0x2
	uacSmartcardRequired = 0x40000
	computedPwdExpired   = 0x800000
)

// Disabled reports whether the account is disabled.
func (u ADUser) Disabled() bool { return u.Control&uacDisabled != 0 }

// PasswordExpired reports whether AD says that the password has expired.
func (u ADUser) PasswordExpired() bool { return u.Computed&computedPwdExpired != 0 }

// SmartcardRequired reports whether the account must use a smart card.
func (u ADUser) SmartcardRequired() bool { return u.Control&uacSmartcardRequired != 0 }

// CSObject is an object of a connector space, or its absence.
type CSObject struct {
	// Found is false where the server says that there is no such object.
	Found     bool   `json:"found"`
	ID        string `json:"id,omitempty"`
	DN        string `json:"dn,omitempty"`
	Connector string `json:"connector,omitempty"`
	Type      string `json:"type,omitempty"`
	// Joined is IsConnector: the object is linked to the metaverse.
	Joined      bool      `json:"joined,omitempty"`
	Placeholder bool      `json:"placeholder,omitempty"`
	MVID        string    `json:"mvId,omitempty"`
	CloudAnchor string    `json:"cloudAnchor,omitempty"`
	Lineage     []Lineage `json:"lineage,omitempty"`
	SyncError   *CSError  `json:"syncError,omitempty"`
	ExportError *CSError  `json:"exportError,omitempty"`
}

// Lineage is one rule that a connector space object went through.
type Lineage struct {
	RuleID    string `json:"ruleId"`
	Rule      string `json:"rule"`
	Operation string `json:"operation,omitempty"`
	// PasswordSync is joined from the rule by its internal id; a rule that is no
	// longer there has RuleGone set.
	PasswordSync bool `json:"passwordSync,omitempty"`
	RuleGone     bool `json:"ruleGone,omitempty"`
}

// CSError is a synchronization or export error of a connector space object.
type CSError struct {
	Name    string    `json:"name,omitempty"`
	Type    string    `json:"type,omitempty"`
	Code    string    `json:"code,omitempty"`
	Detail  string    `json:"detail,omitempty"`
	Since   time.Time `json:"since,omitzero"`
	Last    time.Time `json:"last,omitzero"`
	Retries int       `json:"retries,omitempty"`
}

// MVObject is the metaverse object, or its absence.
type MVObject struct {
	Found bool   `json:"found"`
	ID    string `json:"id,omitempty"`
	// Attributes are those that matter here, by name, as text; absent means that
	// the attribute has no value.
	Attributes map[string]string `json:"attributes,omitempty"`
	// Linked are the connectors that the object is joined to.
	Linked []string `json:"linked,omitempty"`
}

// LogEntry is one entry of the password sync log.
type LogEntry struct {
	Status string    `json:"status"`
	At     time.Time `json:"at"`
	Detail string    `json:"detail,omitempty"`
}

// Container says whether a container filter includes a DN.
type Container struct {
	Included bool `json:"included"`
	// By names the inclusion or exclusion that decided, as a DN.
	By string `json:"by,omitempty"`
}

// CloudUser is the person as Microsoft Graph shows it.
type CloudUser struct {
	Found        bool      `json:"found"`
	ID           string    `json:"id,omitempty"`
	UPN          string    `json:"upn,omitempty"`
	Enabled      bool      `json:"enabled"`
	SyncEnabled  bool      `json:"syncEnabled"`
	ImmutableID  string    `json:"immutableId,omitempty"`
	PasswordHint time.Time `json:"passwordHint,omitzero"`
	// Errors are provisioning errors in words.
	Errors []string `json:"errors,omitempty"`
}

// DomainAuth is how a domain signs in: Managed or Federated.
type DomainAuth struct {
	Domain string `json:"domain"`
	Type   string `json:"type"`
}

// SignIn is one failed sign-in.
type SignIn struct {
	At     time.Time `json:"at"`
	Code   int       `json:"code"`
	Reason string    `json:"reason"`
	App    string    `json:"app,omitempty"`
}
