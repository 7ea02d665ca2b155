package checks

import "time"

// Thresholds are the limits that the rules use. They are part of the facts, so
// that they are shown and a replay judges alike.
type Thresholds struct {
	// CycleWarn and CycleFail are ages of the newest successful partition cycle.
	CycleWarn Duration `json:"cycleWarn"`
	CycleFail Duration `json:"cycleFail"`
	// HeartbeatWarn and HeartbeatFail are ages of the newest proof of writing.
	HeartbeatWarn Duration `json:"heartbeatWarn"`
	HeartbeatFail Duration `json:"heartbeatFail"`
	// Waiting is how long after a change nothing is wrong yet.
	Waiting Duration `json:"waiting"`
	// ClockSkew is the largest difference of clocks that proves nothing.
	ClockSkew Duration `json:"clockSkew"`
	// CertificateDue is how long before its end a certificate is due.
	CertificateDue Duration `json:"certificateDue"`
	// LogSpan is how far back the Application log must reach to prove absence.
	LogSpan Duration `json:"logSpan"`
	// Retirement is how long before a version stops working it is announced.
	Retirement Duration `json:"retirement"`
}

// DefaultThresholds returns the limits that hold unless configured otherwise.
func DefaultThresholds() Thresholds {
	return Thresholds{
		// A cycle starts every two minutes and lasts under a second when idle:
		// five missed in a row are abnormal, fifteen are an outage.
		CycleWarn: Duration(10 * time.Minute),
		CycleFail: Duration(30 * time.Minute),
		// A heartbeat is sent every 30 minutes when nothing else is: one missed is
		// worth a look. Three hours is Microsoft's own rule.
		HeartbeatWarn: Duration(60 * time.Minute),
		HeartbeatFail: Duration(3 * time.Hour),
		// Two minutes for the cycle, the rest for replication between DCs.
		Waiting: Duration(10 * time.Minute),
		// Kerberos gives up at five minutes.
		ClockSkew: Duration(5 * time.Minute),
		// Long enough to get a change approved.
		CertificateDue: Duration(30 * 24 * time.Hour),
		// The rule of three hours needs three hours of log.
		LogSpan:    Duration(3 * time.Hour),
		Retirement: Duration(90 * 24 * time.Hour),
	}
}
