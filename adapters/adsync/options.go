package adsync

import (
	"time"

	"github.com/rs/zerolog"
)

// Options tune how a server is asked. A zero field takes its default, which
// stands behind it; the zero Options suit production.
type Options struct {
	// Now is the bot's clock (time.Now): it dates what is read. Deadlines,
	// backoff and the like use wall time whatever Now says.
	Now func() time.Time
	// Share is how long one photograph of a server serves everybody (30 s).
	Share time.Duration
	// UploadSpan is how far back the events of writing to Entra are read
	// (3 h 10 min: the three hours after which a heartbeat counts as missing, and
	// a little).
	UploadSpan time.Duration
	// Timeout is the deadline of one request (20 s).
	Timeout time.Duration
	// OpenTimeout is how long opening a connection may take, up to and including
	// the worker's hello (45 s): importing the module takes its time.
	OpenTimeout time.Duration
	// Backoff is the pause after a first failure to connect (500 ms); it doubles
	// with each further one up to MaxBackoff (15 s).
	Backoff, MaxBackoff time.Duration
	// Workers is how many connections may be open at once (2, never more).
	Workers int
	// Queue is how many requests may wait for a worker (32).
	Queue int
	// Log is told of connections coming and going; the zero Logger is silent.
	Log zerolog.Logger
}

// maxWorkers is the most connections to one server: every one is a PowerShell
// process with the module loaded, on a machine that has better things to do.
const maxWorkers = 2

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	for _, d := range []struct {
		field *time.Duration
		value time.Duration
	}{
		{&o.Share, 30 * time.Second},
		{&o.UploadSpan, 3*time.Hour + 10*time.Minute},
		{&o.Timeout, 20 * time.Second},
		{&o.OpenTimeout, 45 * time.Second},
		{&o.Backoff, 500 * time.Millisecond},
		{&o.MaxBackoff, 15 * time.Second},
	} {
		if *d.field <= 0 {
			*d.field = d.value
		}
	}
	if o.Workers <= 0 || o.Workers > maxWorkers {
		o.Workers = maxWorkers
	}
	if o.Queue <= 0 {
		o.Queue = 32
	}
	return o
}
