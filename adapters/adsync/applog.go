package adsync

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/pwsync/pwsync/checks"
	"github.com/pwsync/pwsync/checks/cause"
)

const (
	phsSource    = "Directory Synchronization"
	engineSource = "ADSync"
)

// uploadIDs are the events of writing to Entra: batches, heartbeats and the
// lines of single users.
var uploadIDs = []int{650, 651, 652, 653, 654, 655, 656, 657}

// otherIDs are all other events that a rule can use. Left out are those that a
// healthy server writes all day and that say nothing (the object scheduler's
// 904, the engine's step statistics): they would crowd out the rest.
var otherIDs = []int{
	0, 115,
	601, 602, 603, 604, 605, 607, 609, 610, 611, 612, 613, 614, 615, 616, 617, 618, 619,
	620, 621, 622, 623, 660, 661, 662, 663, 664, 665, 666, 667,
	1011, 1012, 1014,
	6000, 6001, 6050, 6100, 6126, 6127, 6201, 6208, 6311, 6329, 6803, 6900, 6901, 6943, 6944, 6948,
}

const (
	maxUploads = 600
	maxOthers  = 500
	// otherSpan is how far back the other events are read: as long as the
	// password sync log itself remembers.
	otherSpan = 7 * 24 * time.Hour
)

// eventQuery is one query of the verb "events".
type eventQuery struct {
	Sources []string  `json:"sources"`
	IDs     []int     `json:"ids"`
	Since   time.Time `json:"since"`
	Max     int       `json:"max"`
}

type eventArgs struct {
	Queries [2]eventQuery `json:"queries"`
}

// eventQueries returns the two queries that a photograph needs: uploads over
// span, and everything else over a week.
func eventQueries(now time.Time, span time.Duration) [2]eventQuery {
	now = now.UTC().Truncate(time.Second)
	return [2]eventQuery{
		{Sources: []string{phsSource}, IDs: uploadIDs, Since: now.Add(-span), Max: maxUploads},
		{Sources: []string{phsSource, engineSource}, IDs: otherIDs, Since: now.Add(-otherSpan), Max: maxOthers},
	}
}

// decodeEventLogs reads the answers to the two queries, in their order.
func decodeEventLogs(a answer, asked [2]eventQuery) (uploads, others checks.Fact[checks.EventLog]) {
	oldest, size := decodeLogBounds(a)
	decode := func(i int) checks.Fact[checks.EventLog] {
		return fact(a, "answers", "Application log", func(raw json.RawMessage) (checks.EventLog, error) {
			rows, err := newObjects(raw)
			if err != nil {
				return checks.EventLog{}, err
			}
			if i >= len(rows) {
				return checks.EventLog{}, fmt.Errorf("query %d was not answered", i+1)
			}
			if rows[i].errored() {
				return checks.EventLog{}, rows[i].err
			}
			log, err := decodeEventLog(rows[i], asked[i])
			log.Oldest, log.MaxBytes = oldest, size
			return log, err
		})
	}
	return decode(0), decode(1)
}

// decodeLogBounds reads how far back the log reaches and how large it may grow;
// what the server cannot say stays zero.
func decodeLogBounds(a answer) (oldest time.Time, size int64) {
	o := &object{fields: a.reply.Facts}
	if _, why := a.find("oldest"); why == "" {
		oldest = o.time("oldest")
	}
	if _, why := a.find("maxBytes"); why == "" {
		size = max(o.number("maxBytes"), 0)
	}
	return oldest, size
}

func decodeEventLog(o *object, asked eventQuery) (checks.EventLog, error) {
	rows := o.needObjects("events")
	log := checks.EventLog{Since: asked.Since, Truncated: o.bool("truncated"), Events: []checks.Event{}}
	raws := make([]cause.Raw, 0, len(rows))
	for i, row := range rows {
		raws = append(raws, cause.Raw{
			ID:     int(row.needNumber("id")),
			Source: row.needText("source"),
			Time:   row.time("time"),
			Record: row.number("record"),
			Text:   row.text("text"),
		})
		row.need("time")
		if row.err != nil {
			return log, fmt.Errorf("event %d: %w", i+1, row.err)
		}
	}
	if o.err != nil {
		return log, o.err
	}
	slices.SortStableFunc(raws, func(a, b cause.Raw) int {
		return cmp.Or(b.Time.Compare(a.Time), cmp.Compare(b.Record, a.Record))
	})
	if len(raws) > asked.Max {
		raws, log.Truncated = raws[:asked.Max], true
	}
	for _, raw := range raws {
		log.Events = append(log.Events, cause.Read(raw))
	}
	return log, nil
}
