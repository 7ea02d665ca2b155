package slack

import (
	"math"
	"sync"
	"time"
)

// tier is a Web API rate limit tier, in calls per minute.
type tier int

// Slack's tiers. Special is for methods without a published figure.
const (
	tier1   tier = 1
	tier2   tier = 20
	tier3   tier = 50
	tier4   tier = 100
	special tier = 600
)

// Posting is limited by channel and by workspace rather than by tier: one
// message a second in a channel with short bursts, and several hundred a
// minute altogether. Slack publishes neither the burst nor the total; these
// are cautious readings.
const (
	channelBurst       = 4
	workspacePerMinute = 300
	replyURLBurst      = 3
)

// bucket is a token bucket. The zero bucket is full when first asked.
type bucket struct {
	tokens  float64
	updated time.Time
}

// take takes one token, or tells how long to wait for one.
func (b *bucket) take(now time.Time, capacity float64, perSecond float64) (wait time.Duration) {
	if b.updated.IsZero() {
		b.tokens = capacity
	} else {
		b.tokens = math.Min(capacity, b.tokens+now.Sub(b.updated).Seconds()*perSecond)
	}
	b.updated = now
	if b.tokens >= 1 {
		b.tokens--
		return 0
	}
	return time.Duration((1 - b.tokens) / perSecond * float64(time.Second))
}

// limiter holds the buckets of methods and channels. Keys are method names
// and ids of channels that exist, so it is as bounded as they are.
type limiter struct {
	off     bool
	mu      sync.Mutex
	buckets map[string]*bucket
}

func newLimiter(off bool) *limiter { return &limiter{off: off, buckets: map[string]*bucket{}} }

func (l *limiter) take(key string, capacity, perSecond float64) time.Duration {
	if l.off {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	b, ok := l.buckets[key]
	if !ok {
		b = &bucket{}
		l.buckets[key] = b
	}
	return b.take(time.Now(), capacity, perSecond)
}

// method charges one call of a Web API method.
func (l *limiter) method(name string, t tier) time.Duration {
	return l.take("method "+name, float64(t), float64(t)/60)
}

// posting charges one posted message.
func (l *limiter) posting(channel string) time.Duration {
	if wait := l.take("channel "+channel, channelBurst, 1); wait > 0 {
		return wait
	}
	return l.take("workspace", workspacePerMinute, workspacePerMinute/60.0)
}

// retryAfter is the wait in whole seconds, as the header has it.
func retryAfter(wait time.Duration) int {
	return max(1, int(math.Ceil(wait.Seconds())))
}
