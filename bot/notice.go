package bot

import (
	"context"
	"time"
)

// notice tells the person once that a question is being worked on, if the
// answer takes long. It belongs to the goroutine that answers.
type notice struct {
	timer   *time.Timer
	shown   chan struct{}
	stopped bool
}

// noticeAfter starts a notice. Its stop must be called before the answer is
// shown: when it returns, the notice has been shown or never will be, so that it
// cannot follow the answer.
func (t *turn) noticeAfter(ctx context.Context, d time.Duration) *notice {
	n := &notice{shown: make(chan struct{})}
	n.timer = time.AfterFunc(d, func() {
		defer close(n.shown)
		defer func() { _ = recover() }()
		t.tell(ctx, Card{Tone: ToneWait, Headline: "Looking up …", Lead: []string{"This takes a few seconds; the answer follows."}})
	})
	return n
}

func (n *notice) stop() {
	if n.stopped {
		return
	}
	n.stopped = true
	if !n.timer.Stop() {
		<-n.shown
	}
}
