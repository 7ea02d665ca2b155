//go:build race

package adsync_test

// raceEnabled says that the race detector watches.
const raceEnabled = true
