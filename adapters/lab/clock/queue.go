package clock

import (
	"context"
	"time"
)

// job is one piece of work and its due time.
type job struct {
	at    time.Time
	seq   uint64 // keeps equal times in the order of scheduling
	index int    // place in the queue, -1 once it left
	run   func(ctx context.Context, at time.Time)
}

// queue is a heap of jobs, the next one first.
type queue []*job

func (q queue) Len() int { return len(q) }

func (q queue) Less(i, j int) bool {
	if q[i].at.Equal(q[j].at) {
		return q[i].seq < q[j].seq
	}
	return q[i].at.Before(q[j].at)
}

func (q queue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}

// Push is for container/heap.
func (q *queue) Push(x any) {
	j := x.(*job)
	j.index = len(*q)
	*q = append(*q, j)
}

// Pop is for container/heap.
func (q *queue) Pop() any {
	old := *q
	last := len(old) - 1
	j := old[last]
	old[last] = nil
	j.index = -1
	*q = old[:last]
	return j
}
