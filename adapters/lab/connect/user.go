package connect

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pwsync/pwsync/adapters/lab/estate"
)

const maxLogCount = 50

// user answers the verb of that name.
func (s *session) user(args json.RawMessage) (map[string]any, map[string]string, error) {
	var q struct {
		ConnectorID string `json:"connectorId"`
		DN          string `json:"dn"`
		LogCount    *int   `json:"logCount"`
	}
	if err := json.Unmarshal(args, &q); err != nil {
		return nil, nil, errors.New("the arguments of user are not an object of connectorId, dn and logCount")
	}
	if q.DN == "" || q.ConnectorID == "" {
		return nil, nil, errors.New("user needs connectorId and dn")
	}
	p, err := s.photo()
	if err != nil {
		return nil, nil, err
	}
	if why, stopped := p.Errors["connectors"]; stopped {
		return nil, map[string]string{"adCs": why, "mv": why, "entraCs": why, "log": why, "ruleFlags": why}, nil
	}
	if !slices.ContainsFunc(p.Connectors, func(c estate.Connector) bool { return strings.EqualFold(c.ID, q.ConnectorID) }) {
		why := fmt.Sprintf("Connector with identifier %s was not found.", q.ConnectorID)
		return nil, map[string]string{"adCs": why, "mv": why, "entraCs": why, "log": why, "ruleFlags": why}, nil
	}
	count := maxLogCount
	if q.LogCount != nil {
		count = min(max(*q.LogCount, 0), maxLogCount)
	}
	person := s.worker.world.Person(s.worker.host, q.ConnectorID, q.DN)
	log := []logEntry{}
	for _, l := range person.Log {
		if len(log) < count {
			log = append(log, logEntry{l.Anchor, "PasswordSync", l.Status, l.Details, moment(l.At)})
		}
	}
	return map[string]any{
		"adCs": stationOf(person.AD), "mv": metaverseOf(person.MV), "entraCs": stationOf(person.Entra),
		"log": log, "ruleFlags": flagsOf(p.Rules, person),
	}, nil, nil
}

func stationOf(in *estate.Station) *csObject {
	if in == nil {
		return nil
	}
	out := &csObject{
		ObjectID: in.ID, ConnectorName: in.Connector, DistinguishedName: in.DN, ObjectType: in.Type,
		IsConnector: in.Joined, CloudAnchor: in.CloudAnchor, Lineage: []lineage{},
	}
	if in.MVID != "" {
		out.ConnectedMVObjectID = &in.MVID
	}
	for _, l := range in.Lineage {
		out.Lineage = append(out.Lineage, lineage{l.RuleID, l.Rule, l.Operation})
	}
	if t := in.ExportError; t != nil {
		out.ExportError = &csTrouble{Occurrences: t.Count, InitialOccurrence: moment(t.First), LatestOccurrence: moment(t.Last),
			ErrorType: t.Type, ErrorName: t.Name, ErrorLiteral: t.Literal}
	}
	return out
}

func metaverseOf(in *estate.Metaverse) *mvObject {
	if in == nil {
		return nil
	}
	out := &mvObject{ObjectID: in.ID, Attributes: in.Attributes, Lineage: []mvLink{}}
	for _, l := range in.Links {
		out.Lineage = append(out.Lineage, mvLink{l.ConnectorID, l.Connector, l.ObjectID, l.DN})
	}
	return out
}

// flagsOf lists the rules that the stations went through and that still exist.
func flagsOf(rules []estate.Rule, p estate.Person) []ruleFlag {
	out := []ruleFlag{}
	for _, st := range []*estate.Station{p.AD, p.Entra} {
		if st == nil {
			continue
		}
		for _, l := range st.Lineage {
			for _, r := range rules {
				if r.InternalID == l.RuleID {
					out = append(out, ruleFlag{r.InternalID, r.PasswordSync, r.Disabled, r.Direction, r.Name})
				}
			}
		}
	}
	return out
}

const (
	maxQueries   = 20
	maxPerAnswer = 5000
)

type eventQuery struct {
	Sources []string  `json:"sources"`
	IDs     []int     `json:"ids"`
	Since   time.Time `json:"since"`
	Max     int       `json:"max"`
}

// events answers the verb of that name.
func (s *session) events(args json.RawMessage) (map[string]any, map[string]string, error) {
	var q struct {
		Queries []eventQuery `json:"queries"`
	}
	if err := json.Unmarshal(args, &q); err != nil {
		return nil, nil, errors.New("the arguments of events are not a list of queries")
	}
	if len(q.Queries) > maxQueries {
		return nil, nil, fmt.Errorf("events takes at most %d queries", maxQueries)
	}
	// An answer without queries still says how far back the log reaches.
	none := func(string, int) bool { return false }
	log, err := s.worker.world.Events(s.worker.host, time.Time{}, 0, none)
	if err != nil {
		return nil, nil, err
	}
	facts := map[string]any{"oldest": moment(log.Oldest), "maxBytes": log.MaxBytes}
	answers := []eventAnswer{}
	for _, one := range q.Queries {
		a, err := s.query(one)
		if err != nil {
			return nil, nil, err
		}
		answers = append(answers, a)
	}
	facts["answers"] = answers
	return facts, nil, nil
}

func (s *session) query(q eventQuery) (eventAnswer, error) {
	limit := q.Max
	if limit <= 0 || limit > maxPerAnswer {
		limit = maxPerAnswer
	}
	match := func(source string, id int) bool {
		return slices.ContainsFunc(q.Sources, func(s string) bool { return strings.EqualFold(s, source) }) &&
			(len(q.IDs) == 0 || slices.Contains(q.IDs, id))
	}
	log, err := s.worker.world.Events(s.worker.host, q.Since, limit, match)
	if err != nil {
		return eventAnswer{}, err
	}
	out := eventAnswer{Truncated: log.Truncated, Events: []event{}}
	for _, e := range log.Events {
		out.Events = append(out.Events, event{e.ID, e.Source, moment(e.Time), e.Record, e.Text})
	}
	return out, nil
}
