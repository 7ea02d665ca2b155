package adsync

import (
	"encoding/json"
	"strings"

	"github.com/pwsync/pwsync/checks"
)

// The words of the platform's enumerations; the index is the number that older
// conversions to JSON give instead.
var (
	serviceStates     = []string{"", "Stopped", "StartPending", "StopPending", "Running", "ContinuePending", "PausePending", "Paused"}
	serviceStartModes = []string{"Boot", "System", "Automatic", "Manual", "Disabled"}
	cyclePolicies     = []string{"Unspecified", "Delta", "Initial"}
	ruleDirections    = []string{"Inbound", "Outbound"}
	runStates         = []string{"Busy"}
	credentialModes   = []string{"ServiceAccount", "Application"}
)

// decodeServer makes the facts of one server out of its answers to "server" and
// "events".
func decodeServer(host, role string, server, events answer, asked [2]eventQuery) checks.Server {
	s := checks.Server{
		Host:            host,
		Role:            role,
		Contact:         decodeContact(server, events),
		Hello:           decodeHelloFact(server, events),
		Clock:           decodeClock(server),
		Service:         objectFact(server, "service", "service controller", decodeService),
		Version:         fact(server, "version", "version of miiserver.exe", decodeVersion),
		Scheduler:       objectFact(server, "scheduler", "Get-ADSyncScheduler", decodeScheduler),
		Settings:        objectFact(server, "globalSettings", "Get-ADSyncGlobalSettingsParameter", decodeSettings),
		CompanyFeature:  objectFact(server, "companyFeature", "Get-ADSyncAADCompanyFeature", decodeCompanyFeature),
		Connectors:      decodeConnectors(server),
		Rules:           fullListFact(server, "rules", "Get-ADSyncRule", decodeRule),
		RuleChanges:     listFact(server, "ruleAudit", "Get-ADSyncRuleAudit", decodeRuleChange),
		Busy:            fact(server, "runStatus", "Get-ADSyncConnectorRunStatus", decodeBusy),
		Runs:            listFact(server, "runResults", "Get-ADSyncRunProfileResult", decodeRun),
		Flags:           objectFact(server, "flags", "registry and miiserver.exe.config", decodeFlags),
		Database:        objectFact(server, "database", "Get-ADSyncDatabaseConfiguration", decodeDatabase),
		EntraCredential: objectFact(server, "entraCredential", "Get-ADSyncEntraConnectorCredential", decodeEntraCredential),
		EntraReach:      objectFact(server, "entraConnectivity", "Test-AdSyncAzureServiceConnectivity", decodeReach),
	}
	s.Uploads, s.Events = decodeEventLogs(events, asked)
	return s
}

func decodeHelloFact(server, events answer) checks.Fact[checks.Hello] {
	from := server.from("hello")
	for _, a := range []answer{server, events} {
		if h := a.reply.Hello.Facts; h.Module != "" {
			return checks.Got(from, h)
		}
	}
	if server.err == nil {
		return checks.Missing[checks.Hello](from, server.server+" did not say whether the module is loaded")
	}
	return checks.Missing[checks.Hello](from, clean(server.err.Error()))
}

// decodeClock lays the server's clock beside the bot's. The worker reads its
// clock when it writes the reply, so the bot's reading is set back by half of
// the time that the reply and its request spent on the way.
func decodeClock(a answer) checks.Fact[checks.Clock] {
	from := a.from("its clock")
	switch {
	case a.err != nil:
		return checks.Missing[checks.Clock](from, clean(a.err.Error()))
	case a.reply.UTC.IsZero():
		return checks.Missing[checks.Clock](from, a.server+" did not say what time it has")
	}
	onTheWay := max(a.reply.Received.Sub(a.reply.Sent)-a.reply.Took, 0)
	return checks.Got(from, checks.Clock{
		Server: a.reply.UTC,
		Bot:    a.reply.Received.Add(-onTheWay / 2).UTC(),
	})
}

func decodeService(o *object) checks.Service {
	s := checks.Service{
		State:     o.enum("state", serviceStates),
		StartMode: o.enum("startMode", serviceStartModes),
		Account:   o.text("account"),
	}
	o.need("state")
	return s
}

func decodeVersion(raw json.RawMessage) (string, error) {
	s, ok := scalar(raw)
	if s = strings.TrimSpace(s); !ok || s == "" {
		return "", errNothing
	}
	return s, nil
}

func decodeScheduler(o *object) checks.Scheduler {
	return checks.Scheduler{
		StagingMode:   o.needBool("stagingModeEnabled"),
		CycleEnabled:  o.needBool("syncCycleEnabled"),
		Suspended:     o.needBool("schedulerSuspended"),
		InProgress:    o.bool("syncCycleInProgress"),
		Interval:      checks.Duration(o.span("currentlyEffectiveSyncCycleInterval")),
		NextCycle:     o.time("nextSyncCycleStartTimeInUTC"),
		NextPolicy:    o.enum("nextSyncCyclePolicyType", cyclePolicies),
		HistoryWindow: checks.Duration(o.span("purgeRunHistoryInterval")),
	}
}

func decodeSettings(o *object) checks.Settings {
	return checks.Settings{
		SignOnMethod:    o.loose("Microsoft.UserSignIn.SignOnMethod"),
		AnchorAttribute: o.loose("Microsoft.SynchronizationOption.AnchorAttribute"),
		GroupFiltering:  o.bool("Microsoft.OptionalFeature.GroupFiltering"),
	}
}

func decodeCompanyFeature(o *object) checks.CompanyFeature {
	return checks.CompanyFeature{
		PasswordHashSync:    o.needBool("passwordHashSync"),
		ForcePasswordChange: o.needBool("forcePasswordChangeOnLogOn"),
	}
}

func decodeRule(o *object) checks.Rule {
	return checks.Rule{
		ID:           o.guid("identifier"),
		InternalID:   o.guid("internalId"),
		Name:         o.needText("name"),
		Direction:    o.enum("direction", ruleDirections),
		Connector:    o.guid("connector"),
		Disabled:     o.needBool("disabled"),
		PasswordSync: o.needBool("enablePasswordSync"),
		Precedence:   int(o.number("precedence")),
		SourceType:   o.text("sourceObjectType"),
		Standard:     o.bool("isStandardRule"),
	}
}

func decodeRuleChange(o *object) checks.RuleChange {
	return checks.RuleChange{
		Rule: o.text("rule"),
		By:   o.text("changedBy"),
		At:   o.time("changedTime"),
		What: o.text("change"),
	}
}

// decodeBusy returns the names of the connectors that run something; the
// module lists only those.
func decodeBusy(raw json.RawMessage) ([]string, error) {
	rows, err := decodeRows(raw, func(o *object) [2]string {
		return [2]string{o.needText("connectorName"), o.enum("runState", runStates)}
	})
	if err != nil {
		return nil, err
	}
	busy := make([]string, 0, len(rows))
	for _, row := range rows {
		if row[1] == runStates[0] {
			busy = append(busy, row[0])
		}
	}
	return busy, nil
}

func decodeRun(o *object) checks.Run {
	return checks.Run{
		Connector: o.needText("connectorName"),
		Profile:   o.text("runProfileName"),
		Result:    o.needText("result"),
		Started:   o.time("startDate"),
		Ended:     o.time("endDate"),
	}
}

func decodeFlags(o *object) checks.Flags {
	return checks.Flags{
		FIPSPolicy:   o.needBool("fipsPolicy"),
		FIPSOverride: o.needBool("fipsOverride"),
		Verbose:      o.needBool("verbose"),
	}
}

func decodeDatabase(o *object) checks.Database {
	return checks.Database{
		Local:   o.needBool("isLocalDb"),
		UsedMB:  int(o.needNumber("usedSpaceMb")),
		LimitMB: int(o.number("limitMb")),
	}
}

func decodeEntraCredential(o *object) checks.EntraCredential {
	c := checks.EntraCredential{
		Mode:     o.enum("connectorIdentityType", credentialModes),
		NotAfter: o.time("certificateNotAfter"),
	}
	o.need("connectorIdentityType")
	return c
}

func decodeReach(o *object) checks.Reach {
	return checks.Reach{OK: o.needBool("ok"), Error: clean(o.text("error"))}
}

// decodeContact says whether the worker was there. It was, when it answered
// anything at all, a refusal included. A question that was never put to it says
// nothing about it.
func decodeContact(server, events answer) checks.Fact[checks.Contact] {
	from := server.from("contact")
	switch {
	case answered(server) || answered(events):
		took := server.reply.Received.Sub(server.reply.Sent)
		return checks.Got(from, checks.Contact{Reached: true, Milliseconds: max(took, 0).Milliseconds()})
	case neverAsked(server.err):
		return checks.Missing[checks.Contact](from, clean(server.err.Error()))
	default:
		return checks.Got(from, checks.Contact{Reached: false, Error: clean(server.err.Error())})
	}
}
