package checks

import "time"

// Event is one record of the Connect server's Application log after reading:
// what it says has been understood as far as it can be, and what was not
// understood keeps its text. The parser is package cause.
type Event struct {
	// ID and Source identify the kind of event; sources compare without case.
	ID     int       `json:"id"`
	Source string    `json:"source"`
	Time   time.Time `json:"time"`
	// Record is the event record number in its log, 0 where unknown.
	Record int64 `json:"record,omitempty"`

	// Cause is the stable id of what the event means (for example
	// "rpc-unavailable" or "upload-ok"); it is empty where the text was not
	// understood.
	Cause string `json:"cause,omitempty"`
	// Code is the innermost code, with its family: "rpc:8453", "entra:90",
	// "aadsts:700027", "http:503".
	Code string `json:"code,omitempty"`
	// Transient says that the engine retries by itself and that one such event
	// proves nothing.
	Transient bool `json:"transient,omitempty"`

	// Domain is the AD domain that the event is about, as written, lower case;
	// DC and DCAddress are the domain controller it names.
	Domain    string `json:"domain,omitempty"`
	DC        string `json:"dc,omitempty"`
	DCAddress string `json:"dcAddress,omitempty"`
	// Forest is the forest or partition that the text or its forest information
	// names, lower case.
	Forest string `json:"forest,omitempty"`
	// Connectors are the connector GUIDs of the forest information, lower case
	// with dashes and no braces; empty where the event carries none.
	Connectors []string `json:"connectors,omitempty"`
	// TrackingID joins the start and the end of one upload.
	TrackingID string `json:"trackingId,omitempty"`

	// Changes are the users that the event names: requests (656), results
	// (657), retries (605) and filtered ones (620).
	Changes []PasswordChange `json:"changes,omitempty"`
	// Count is the number of users in a batch (650, 651) or the number of
	// objects that a full synchronization sent (622).
	Count int `json:"count,omitempty"`
	// Retry and Filtered count what a full synchronization set aside (622).
	Retry    int `json:"retry,omitempty"`
	Filtered int `json:"filtered,omitempty"`
	// MaxUSN and USN give the progress of a full synchronization (619).
	MaxUSN int64 `json:"maxUsn,omitempty"`
	USN    int64 `json:"usn,omitempty"`

	// Detail is the sentence that matters, usually of the innermost exception,
	// at most 600 characters.
	Detail string `json:"detail,omitempty"`
}

// PasswordChange is one user's line in a 605, 620, 656 or 657 event.
type PasswordChange struct {
	// Anchor is the source anchor (base64), CloudAnchor the Entra object
	// ("User_<guid>").
	Anchor      string `json:"anchor,omitempty"`
	CloudAnchor string `json:"cloudAnchor,omitempty"`
	DN          string `json:"dn,omitempty"`
	// ChangeDate is when AD recorded the change (656), UTC.
	ChangeDate time.Time `json:"changeDate,omitzero"`
	// Result is the word of the event: Success, Failed, or a status of the
	// password sync log.
	Result string `json:"result,omitempty"`
	// ForceChange is the flag "user must change password at next logon" as it
	// was sent ("True" or "False"), empty where the event does not say.
	ForceChange string `json:"forceChange,omitempty"`
	// Extended is the extended error of a failed result.
	Extended string `json:"extended,omitempty"`
}

// EventLog is what one reading of the Application log returned.
type EventLog struct {
	// Since is the oldest time asked for.
	Since time.Time `json:"since"`
	// Oldest is the time of the oldest record that the log still holds; the zero
	// time means that the server could not say.
	Oldest time.Time `json:"oldest,omitzero"`
	// MaxBytes is the configured size of the log in bytes, 0 where unknown.
	MaxBytes int64 `json:"maxBytes,omitempty"`
	// Truncated says that more events matched than were returned (the newest
	// were kept).
	Truncated bool `json:"truncated,omitempty"`
	// Events are the records, newest first.
	Events []Event `json:"events"`
}

// CoversFrom returns the time from which on the absence of an event proves
// that it was not written: the latest of what was asked for, what the log still
// holds, and (when the answer was cut) the oldest event that came back.
func (l EventLog) CoversFrom() time.Time {
	from := l.Since
	if l.Oldest.After(from) {
		from = l.Oldest
	}
	if l.Truncated && len(l.Events) > 0 {
		if t := l.Events[len(l.Events)-1].Time; t.After(from) {
			from = t
		}
	}
	return from
}

// Newest returns the newest event for which match holds.
func (l EventLog) Newest(match func(Event) bool) (Event, bool) {
	var best Event
	var found bool
	for _, e := range l.Events {
		if match(e) && (!found || e.Time.After(best.Time)) {
			best, found = e, true
		}
	}
	return best, found
}
