package estate

// Rule is one synchronization rule.
type Rule struct {
	ID, InternalID, Name, Direction, Connector string
	Precedence                                 int
	PasswordSync, Disabled, Standard           bool
	Source, Target, Link                       string
}

// The two rules that carry password hashes.
const (
	ruleInbound  = "In from AD - User AccountEnabled"
	ruleOutbound = "Out to AAD - User Join"
	// ruleInboundFiltered is the copy that selective password hash
	// synchronization puts in front of the standard inbound rule.
	ruleInboundFiltered = "In from AD - User AccountEnabled - Filter Users from PHS"
)

// ruleShape is what the servers' setup created; inbound ones exist once per AD
// connector.
type ruleShape struct {
	name, direction, source, target, link string
	passwordSync                          bool
}

var inboundShapes = []ruleShape{
	{"In from AD - User Join", "Inbound", "user", "person", "Provision", false},
	{"In from AD - InetOrgPerson Join", "Inbound", "inetOrgPerson", "person", "Provision", false},
	{ruleInbound, "Inbound", "user", "person", "Join", true},
	{"In from AD - InetOrgPerson AccountEnabled", "Inbound", "inetOrgPerson", "person", "Join", false},
	{"In from AD - User Common from Exchange", "Inbound", "user", "person", "Join", false},
	{"In from AD - User Common", "Inbound", "user", "person", "Join", false},
	{"In from AD - Group Join", "Inbound", "group", "group", "Provision", false},
	{"In from AD - Group Common", "Inbound", "group", "group", "Join", false},
	{"In from AD - Contact Join", "Inbound", "contact", "person", "Provision", false},
}

var entraShapes = []ruleShape{
	{"In from AAD - User Join", "Inbound", "user", "person", "Join", false},
	{"In from AAD - Group Join", "Inbound", "group", "group", "Join", false},
	{ruleOutbound, "Outbound", "person", "user", "Provision", true},
	{"Out to AAD - User Identity", "Outbound", "person", "user", "Join", false},
	{"Out to AAD - User ExchangeOnline", "Outbound", "person", "user", "Join", false},
	{"Out to AAD - User Intune", "Outbound", "person", "user", "Join", false},
	{"Out to AAD - Group Join", "Outbound", "group", "group", "Provision", false},
	{"Out to AAD - Contact Join", "Outbound", "person", "contact", "Provision", false},
}

// newRules lists the rules of a server in order of precedence.
func newRules(forests []*Forest) []Rule {
	var out []Rule
	precedence := 100
	add := func(s ruleShape, connector string) {
		out = append(out, Rule{
			ID:         newGUID("rule", connector+"/"+s.name).String(),
			InternalID: ruleInternalID(connector, s.name),
			Name:       s.name, Direction: s.direction, Connector: connector,
			Precedence: precedence, PasswordSync: s.passwordSync, Standard: true,
			Source: s.source, Target: s.target, Link: s.link,
		})
		precedence++
	}
	for _, f := range forests {
		add(ruleShape{ruleInboundFiltered, "Inbound", "user", "person", "Join", false}, f.ConnectorID)
		out[len(out)-1].Standard, out[len(out)-1].Precedence = false, 90
		precedence--
		for _, s := range inboundShapes {
			add(s, f.ConnectorID)
		}
	}
	for _, s := range entraShapes {
		add(s, EntraConnectorID)
	}
	return out
}

func ruleInternalID(connector, name string) string {
	return newGUID("rule-internal", connector+"/"+name).String()
}
