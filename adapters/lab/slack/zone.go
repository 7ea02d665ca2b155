package slack

import (
	"cmp"
	"time"
)

// zone is a time zone as users.info shows it.
type zone struct {
	name, label string
	offset      int // seconds east of UTC at the moment
}

// zoneLabels are the long names that Slack shows, by the short ones that the time
// zone database knows.
var zoneLabels = map[string]string{
	"UTC": "Coordinated Universal Time",
	"GMT": "Greenwich Mean Time", "BST": "British Summer Time",
	"CET": "Central European Time", "CEST": "Central European Summer Time",
	"EET": "Eastern European Time", "EEST": "Eastern European Summer Time",
	"EST": "Eastern Standard Time", "EDT": "Eastern Daylight Time",
	"CST": "Central Standard Time", "CDT": "Central Daylight Time",
	"MST": "Mountain Standard Time", "MDT": "Mountain Daylight Time",
	"PST": "Pacific Standard Time", "PDT": "Pacific Daylight Time",
	"JST": "Japan Standard Time",
}

// zoneOf describes a time zone at a moment. An unknown one, which the
// configuration does not let through, is UTC.
func zoneOf(name string, at time.Time) zone {
	location, err := time.LoadLocation(name)
	if err != nil || name == "" {
		name, location = "Etc/UTC", time.UTC
	}
	short, offset := at.In(location).Zone()
	return zone{name: name, label: cmp.Or(zoneLabels[short], short), offset: offset}
}
