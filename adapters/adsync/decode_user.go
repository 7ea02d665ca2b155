package adsync

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/suite"
)

var logStatuses = []string{
	"Unknown", "TargetNotExportedToDirectory", "SourceConnectorNotPresent", "NoTargetConnection", "NoCodeReportedByTarget",
	"FilteredByTarget", "Success", "RetryRequestedByTarget", "MissingAttribute", "Error",
}

// decodeUser makes the facts of one person out of the answer to "user".
func decodeUser(a answer) suite.UserView {
	rules := decodeRuleFlags(a)
	return suite.UserView{
		ADCS:    decodeCSObject(a, "adCs", "AD connector space", rules),
		MV:      fact(a, "mv", "metaverse", decodeMVObject),
		EntraCS: decodeCSObject(a, "entraCs", "Entra connector space", rules),
		Log: fact(a, "log", "password sync log", func(raw json.RawMessage) ([]checks.LogEntry, error) {
			if isNull(raw) {
				return nil, errNothing
			}
			return decodeLog(raw)
		}),
	}
}

// ruleFlag is what a lineage needs to know of a rule.
type ruleFlag struct{ passwordSync bool }

// ruleFlags are the rules behind the lineages by internal id, or the reason why
// they are not known.
type ruleFlags struct {
	byID map[string]ruleFlag
	why  string
}

func decodeRuleFlags(a answer) ruleFlags {
	rows, why := a.rows("ruleFlags")
	if why != "" {
		return ruleFlags{why: why}
	}
	flags := ruleFlags{byID: make(map[string]ruleFlag, len(rows))}
	for _, row := range rows {
		id := canonicalGUID(row.needText("internalId"))
		// A rule that is switched off sends no password, whatever its box says.
		flags.byID[id] = ruleFlag{passwordSync: row.needBool("enablePasswordSync") && !row.needBool("disabled")}
		if row.err != nil {
			return ruleFlags{why: notUnderstood("ruleFlags", row.err)}
		}
	}
	return flags
}

// decodeCSObject reads an object of a connector space; null says that there is
// none. An object whose rules are not known is missing as a whole: without them
// it would look as if no rule synchronized its password.
func decodeCSObject(a answer, key, source string, rules ruleFlags) checks.Fact[checks.CSObject] {
	found := fact(a, key, source, func(raw json.RawMessage) (checks.CSObject, error) {
		if isNull(raw) {
			return checks.CSObject{}, nil
		}
		o := newObject(raw)
		if o.err != nil {
			return checks.CSObject{}, o.err
		}
		cs := decodeCSFields(o, rules)
		return cs, o.err
	})
	if cs, ok := found.Get(); ok && len(cs.Lineage) > 0 && rules.why != "" {
		return checks.Missing[checks.CSObject](a.from(source), "the rules behind it are not known: "+rules.why)
	}
	return found
}

func decodeCSFields(o *object, rules ruleFlags) checks.CSObject {
	cs := checks.CSObject{
		Found:       true,
		ID:          o.guid("objectId"),
		DN:          o.text("distinguishedName"),
		Connector:   o.text("connectorName"),
		Type:        o.text("objectType"),
		Joined:      o.needBool("isConnector"),
		Placeholder: o.bool("isPlaceHolder"),
		MVID:        o.guid("connectedMVObjectId"),
		CloudAnchor: o.text("cloudAnchor"),
		SyncError:   decodeCSError(o, "synchronizationError"),
		ExportError: decodeCSError(o, "exportError"),
	}
	o.need("objectId")
	rows := o.objects("lineage")
	if cs.Joined {
		rows = o.needObjects("lineage")
	}
	for _, row := range rows {
		id := row.guid("syncRuleInternalId")
		rule, known := rules.byID[id]
		cs.Lineage = append(cs.Lineage, checks.Lineage{
			RuleID:       id,
			Rule:         row.text("syncRuleName"),
			Operation:    row.text("operation"),
			PasswordSync: rule.passwordSync,
			RuleGone:     !known,
		})
		o.adopt("lineage", row)
	}
	return cs
}

func decodeCSError(o *object, key string) *checks.CSError {
	e := o.object(key)
	if e == nil {
		return nil
	}
	out := &checks.CSError{
		Name:    e.text("errorName"),
		Type:    e.text("errorType"),
		Code:    e.loose("errorCode"),
		Detail:  clean(e.text("errorLiteral")),
		Since:   e.time("initialOccurrence"),
		Last:    e.time("latestOccurrence"),
		Retries: int(e.number("occurrences")),
	}
	o.adopt(key, e)
	return out
}

// mvAttributes are the metaverse attributes that rules look up by name.
var mvAttributes = []string{
	"accountEnabled", "cloudFiltered", "domainFQDN", "domainNetBios", "pwdLastSet", "sourceAnchor", "sourceObjectType", "userPrincipalName",
}

// attributeName gives an attribute the spelling under which it is looked up.
func attributeName(name string) string {
	for _, known := range mvAttributes {
		if strings.EqualFold(name, known) {
			return known
		}
	}
	return name
}

func decodeMVObject(raw json.RawMessage) (checks.MVObject, error) {
	if isNull(raw) {
		return checks.MVObject{}, nil
	}
	o := newObject(raw)
	if o.err != nil {
		return checks.MVObject{}, o.err
	}
	mv := checks.MVObject{Found: true, ID: o.guid("objectId"), Attributes: map[string]string{}}
	o.need("attributes")
	for name, value := range o.members("attributes") {
		if isNull(value) {
			continue
		}
		text, ok := scalar(value)
		if !ok {
			o.fail(name, "has several values where one was expected")
		}
		mv.Attributes[attributeName(name)] = text
	}
	for _, row := range o.needObjects("lineage") {
		mv.Linked = append(mv.Linked, row.guid("connectorId"))
		row.need("connectorId")
		o.adopt("lineage", row)
	}
	return mv, o.err
}

// decodeLog reads the password sync log of an object, newest first.
func decodeLog(raw json.RawMessage) ([]checks.LogEntry, error) {
	rows, err := newObjects(raw)
	if err != nil {
		return nil, err
	}
	log := make([]checks.LogEntry, 0, len(rows))
	for _, row := range rows {
		if kind := row.text("type"); kind != "" && !strings.EqualFold(kind, "PasswordSync") {
			continue
		}
		entry := checks.LogEntry{
			Status: row.enum("status", logStatuses),
			At:     row.time("timeStamp"),
			Detail: clean(row.text("details")),
		}
		row.need("status")
		row.need("timeStamp")
		if row.err != nil {
			return nil, row.err
		}
		log = append(log, entry)
	}
	slices.SortStableFunc(log, func(a, b checks.LogEntry) int { return b.At.Compare(a.At) })
	return log, nil
}
