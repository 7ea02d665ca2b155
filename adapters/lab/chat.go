package lab

// ChatPerson is a member of the lab's chat workspace, or somebody from outside
// who is in one of its channels.
type ChatPerson struct {
	ID    string
	Name  string // the handle
	Real  string
	Email string
	// TimeZone is where the person works, by its IANA name.
	TimeZone string
	// Roles are the words of the policy: viewer, operator, approver, admin.
	Roles []string
	// Guest is a single-channel guest; Stranger belongs to another workspace,
	// whose id is Team.
	Guest    bool
	Stranger bool
	Team     string
}

// ChatChannel is a channel of the lab's chat workspace.
type ChatChannel struct {
	ID      string
	Name    string // without the leading #
	Members []string
	// External says that the channel is shared with another organization.
	External bool
}

// The ids of the workspace that others refer to.
const (
	ChatTeamID      = "T02PWSYNC"
	ChatTeamName    = "Contoso IT"
	chatOtherTeamID = "T09PARTNER"
)

// People lists the people of the chat workspace. The first listed is a member of
// every channel.
func (l *Lab) People() []ChatPerson {
	return []ChatPerson{
		{ID: "U01VIEWER", Name: "milo.castellan", Real: "Milo Castellan", Email: "milo.castellan@contoso.com", TimeZone: "Europe/Berlin", Roles: []string{"viewer"}},
		{ID: "U02OPERATOR", Name: "hanna.reyes", Real: "Hanna Reyes", Email: "hanna.reyes@contoso.com", TimeZone: "America/New_York", Roles: []string{"operator"}},
		{ID: "U03APPROVER", Name: "astrid.kwon", Real: "Astrid Kwon", Email: "astrid.kwon@contoso.com", TimeZone: "Europe/London", Roles: []string{"approver"}},
		{ID: "U04ADMIN", Name: "adm.hollis", Real: "Theo Hollis", Email: "theo.hollis@contoso.com", TimeZone: "America/Los_Angeles", Roles: []string{"admin"}},
		{ID: "U05GUEST", Name: "guest.ferrante", Real: "Nico Ferrante", Email: "nico.ferrante@vendor.example", TimeZone: "Europe/Paris", Guest: true},
		{ID: "U06STRANGER", Name: "sora.lindgren", Real: "Sora Lindgren", Email: "sora@partner.example", TimeZone: "Asia/Tokyo", Stranger: true, Team: chatOtherTeamID},
	}
}

// ChatChannels lists the channels of the chat workspace.
func (l *Lab) ChatChannels() []ChatChannel {
	const operator, viewer, approver, admin, guest, stranger = "U02OPERATOR", "U01VIEWER", "U03APPROVER", "U04ADMIN", "U05GUEST", "U06STRANGER"
	return []ChatChannel{
		{ID: "C01HELPDESK", Name: "helpdesk", Members: []string{viewer, operator, approver, admin, guest}},
		{ID: "C02IDENTITY", Name: "identity-ops", Members: []string{viewer, operator, approver, admin}},
		{ID: "C03REPORTS", Name: "phs-reports", Members: []string{viewer, operator, approver, admin}},
		{ID: "C04ALERTS", Name: "phs-alerts", Members: []string{viewer, operator, approver, admin}},
		{ID: "C05PARTNER", Name: "ext-partner", Members: []string{viewer, operator, stranger}, External: true},
	}
}
