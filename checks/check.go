package checks

import "fmt"

// Status is the outcome of one check for one subject. Its zero value is
// Unknown: what was not looked at is not known.
type Status uint8

// The three outcomes.
const (
	Unknown Status = iota
	Pass
	Fail
)

// String returns "unknown", "pass" or "fail".
func (s Status) String() string {
	switch s {
	case Pass:
		return "pass"
	case Fail:
		return "fail"
	case Unknown:
		return "unknown"
	}
	return "unknown"
}

// MarshalText writes the status as its word.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the word back.
func (s *Status) UnmarshalText(text []byte) error {
	switch string(text) {
	case "unknown":
		*s = Unknown
	case "pass":
		*s = Pass
	case "fail":
		*s = Fail
	default:
		return fmt.Errorf("status %q is not one of pass, fail, unknown", text)
	}
	return nil
}

// Severity says what a failing check means for the verdict.
type Severity uint8

// The severities, mildest first.
const (
	// Info never changes a verdict or an exit code.
	Info Severity = iota
	// Warning makes health degraded.
	Warning
	// Error makes health broken and a person blocked.
	Error
)

// String returns "info", "warning" or "error".
func (s Severity) String() string {
	switch s {
	case Info:
		return "info"
	case Warning:
		return "warning"
	case Error:
		return "error"
	}
	return "error"
}

// MarshalText writes the severity as its word.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the word back.
func (s *Severity) UnmarshalText(text []byte) error {
	switch string(text) {
	case "info":
		*s = Info
	case "warning":
		*s = Warning
	case "error":
		*s = Error
	default:
		return fmt.Errorf("severity %q is not one of info, warning, error", text)
	}
	return nil
}

// Scope is the kind of subject that a check is about.
type Scope string

// The scopes, widest first.
const (
	ScopeTenant    Scope = "tenant"
	ScopeServer    Scope = "server"
	ScopeConnector Scope = "connector"
	ScopeDomain    Scope = "domain"
	ScopeUser      Scope = "user"
)

// Source is a part of the outside world that may not be configured at all. A
// check that needs one which is not configured gives no result; it is listed
// as not checked.
type Source string

// The optional sources. The Connect server is not optional.
const (
	// SourceDirectory is Active Directory as the bot reads it over LDAP.
	SourceDirectory Source = "directory"
	// SourceRights is the evaluation of replication rights on the domain roots.
	SourceRights Source = "rights"
	// SourceReachability is the bot's own view of the domain controllers.
	SourceReachability Source = "reachability"
	// SourceGraph is Microsoft Graph.
	SourceGraph Source = "graph"
	// SourceSignIns is the sign-in log of Microsoft Graph.
	SourceSignIns Source = "graph.signins"
)

// Step is one thing that an admin does by hand. Placeholders such as
// <connector> are filled from what the check saw; inside Command a value is
// quoted for PowerShell.
type Step struct {
	// Text says what to do, in plain words.
	Text string `json:"text"`
	// Command is the exact command, empty where there is none.
	Command string `json:"command"`
	// Where says on which machine or in which tool.
	Where string `json:"where"`
}

// Check is one thing that can be wrong: what it is called, why it matters,
// what to do, and the rule that decides. It is one struct literal; the card,
// the command line, explain and the generated documentation read the same one.
// Texts are plain, without markup.
type Check struct {
	// ID is kebab case and never changes meaning; retired ids are not reused.
	ID string
	// Title states the fault in a few words.
	Title string
	// Why says what the fault does to people and why it happens.
	Why string
	// Tell is what a helpdesk agent can tell the caller (user scope only).
	Tell string
	// Fix lists the steps, the smallest remedy first.
	Fix []Step
	// URL leads to Microsoft's documentation.
	URL string
	// Severity is the worst that a failure can mean; a Finding may lower it.
	Severity Severity
	Scope    Scope
	// Needs names the optional sources without which there is no result.
	Needs []Source
	// CausedBy lists the checks that can account for this one failing; causes
	// stand before symptoms in All.
	CausedBy []*Check
	// HiddenBy lists the checks whose failure keeps the facts of this one from
	// being read: an unknown result folds under them, a failing one never does.
	HiddenBy []*Check
	// Eval is the rule: pure, and Unknown wherever a fact that could change the
	// outcome is missing.
	Eval func(View) Finding
}

// Finding is what a rule says about one subject.
type Finding struct {
	Status Status
	// Evidence are the observations that led to the status, in plain words.
	Evidence []string
	// Vars fill the placeholders of the fix steps.
	Vars map[string]string
	// Mild lowers the severity of a failure below that of the check; it is
	// ignored unless it is lower.
	Mild *Severity
	// Lacks names the missing fact that made the status Unknown; unknown results
	// that lack the same fact are told as one.
	Lacks string
	// NotApplicable says that there is nothing to judge: no result is given.
	NotApplicable bool
}
