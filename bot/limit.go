package bot

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limits bound how much people may ask. Zero fields take the defaults.
type Limits struct {
	// PersonBurst requests are answered at once, then PersonPerMinute.
	PersonBurst     int
	PersonPerMinute int
	// Burst and PerMinute hold for all people together.
	Burst     int
	PerMinute int
}

// The limits that hold unless configured otherwise. A person at a help desk
// asks a few times a minute; all together a large one asks a few times a second.
const (
	defaultPersonBurst     = 20
	defaultPersonPerMinute = 30
	defaultBurst           = 200
	defaultPerMinute       = 600
	// limiterPeople bounds the people remembered at a time. Beyond it, those who
	// have not asked for longest start afresh.
	limiterPeople = 4096
)

func (l Limits) withDefaults() Limits {
	return Limits{
		PersonBurst:     positive(l.PersonBurst, defaultPersonBurst),
		PersonPerMinute: positive(l.PersonPerMinute, defaultPersonPerMinute),
		Burst:           positive(l.Burst, defaultBurst),
		PerMinute:       positive(l.PerMinute, defaultPerMinute),
	}
}

func positive(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}

// limiter keeps one bucket a person and one for all. People are remembered in
// two generations, so that it is bounded without a clean-up of its own.
type limiter struct {
	limits Limits

	mu            sync.Mutex
	all           *rate.Limiter
	recent, older map[Actor]*rate.Limiter
}

func newLimiter(l Limits) *limiter {
	l = l.withDefaults()
	return &limiter{limits: l, all: bucket(l.PerMinute, l.Burst), recent: map[Actor]*rate.Limiter{}}
}

func bucket(perMinute, burst int) *rate.Limiter {
	return rate.NewLimiter(rate.Limit(float64(perMinute)/60), burst)
}

// take counts one request. A positive wait says that it is one too many, and how
// long until the next one is not; personal says whose limit it is.
func (l *limiter) take(who Actor, now time.Time) (wait time.Duration, personal bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if d := try(l.of(who), now); d > 0 {
		return d, true
	}
	return try(l.all, now), false
}

func (l *limiter) of(who Actor) *rate.Limiter {
	if b, ok := l.recent[who]; ok {
		return b
	}
	b, ok := l.older[who]
	if !ok {
		b = bucket(l.limits.PersonPerMinute, l.limits.PersonBurst)
	}
	if len(l.recent) >= limiterPeople/2 {
		l.older, l.recent = l.recent, map[Actor]*rate.Limiter{}
	}
	l.recent[who] = b
	return b
}

// try takes a token, or says how long until there is one and takes none.
func try(b *rate.Limiter, now time.Time) time.Duration {
	r := b.ReserveN(now, 1)
	d := r.DelayFrom(now)
	if d > 0 {
		r.CancelAt(now)
	}
	return d
}
