package store

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// errStale tells the caller of a job to run its unit again.
var errStale = errors.New("something read has changed")

// sequencer turns units of work into commits: one goroutine, in the order in
// which they came.
type sequencer struct {
	engine  Engine
	head    head
	sure    bool          // head is what the engine has
	changed chan struct{} // see Store.Committed
	applied atomic.Uint64 // Applies that have ended, whatever became of them

	mu      sync.Mutex // guards the following two
	queue   []*job
	closing bool
	wake    chan struct{} // capacity 1: there is something to do
	stopped chan struct{} // closed when the goroutine has ended
}

// newSequencer makes a sequencer that goes on from the end of the chain.
func newSequencer(engine Engine, end head) *sequencer {
	return &sequencer{
		engine: engine, head: end, sure: true,
		changed: make(chan struct{}, 1),
		wake:    make(chan struct{}, 1),
		stopped: make(chan struct{}),
	}
}

// submit puts a job into the queue.
func (q *sequencer) submit(j *job) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closing {
		return ErrClosed("store.do")
	}
	q.queue = append(q.queue, j)
	signal(q.wake)
	return nil
}

// close lets the queue run empty and waits for that.
func (q *sequencer) close() {
	q.mu.Lock()
	q.closing = true
	signal(q.wake)
	q.mu.Unlock()
	<-q.stopped
}

// take gives the jobs that wait, and whether more may come. Those who are about
// to submit, because the last commit has just woken them, get the chance to
// catch this one: yielding costs a lone writer nothing. (Waiting for them by a
// timer filled the batches better and settled hardly more: what they do meanwhile
// no longer overlaps with the writing.)
func (q *sequencer) take() (jobs []*job, more bool) {
	for {
		q.mu.Lock()
		grown := len(q.queue) > 0
		jobs, q.queue = append(jobs, q.queue...), nil
		more = !q.closing
		q.mu.Unlock()
		if !grown {
			return jobs, more
		}
		runtime.Gosched()
	}
}

// run is the goroutine. It ends when close was called and the queue is empty.
func (q *sequencer) run() {
	defer close(q.stopped)
	for range q.wake {
		jobs, more := q.take()
		q.commit(jobs)
		if !more {
			return
		}
	}
}

// commit brings jobs to their outcome. It answers to nobody's context: what was
// taken is finished.
func (q *sequencer) commit(jobs []*job) {
	ctx := context.Background()
	b := q.begin()
	for _, j := range jobs {
		if !j.take() {
			continue
		}
		if err := q.prepare(ctx, b, j); err != nil {
			j.done <- err
			continue
		}
		if !b.fits(j.unit) {
			q.finish(ctx, b)
			b = q.begin()
		}
		if err := q.admit(ctx, b, j); err != nil {
			j.done <- err
		}
	}
	q.finish(ctx, b)
}

// begin opens an empty batch.
func (q *sequencer) begin() *batch {
	return &batch{engine: q.engine, head: q.head, asOf: q.applied.Load()}
}

// prepare makes sure that what j has read still holds, if need be by running it
// again during its turn.
func (q *sequencer) prepare(ctx context.Context, b *batch, j *job) error {
	fresh, err := b.fresh(ctx, j.unit)
	switch {
	case err != nil:
		return err
	case fresh:
		return nil
	case j.turn == nil:
		return errStale
	}
	j.turn <- b
	<-j.back
	return nil
}

// admit puts j into the batch, with its places at the end of the chain.
func (q *sequencer) admit(ctx context.Context, b *batch, j *job) error {
	if !q.sure {
		end, err := loadHead(ctx, q.engine)
		if err != nil {
			return err
		}
		q.head, q.sure, b.head = end, true, end
	}
	return b.add(j)
}

// finish applies a batch and tells everyone in it. After an error nobody knows
// what the engine has, so the head of the chain is read again.
func (q *sequencer) finish(ctx context.Context, b *batch) {
	err := b.close()
	if err == nil {
		err = b.apply(ctx)
		q.applied.Add(1)
	}
	if err == nil {
		q.head = b.head
	} else {
		q.sure = false
		err = reminders.Wrap("store.commit", err)
	}
	for _, j := range b.jobs {
		if err != nil {
			j.done <- err
		} else {
			j.done <- j.err
		}
	}
	if err == nil && len(b.own.changes) > 0 {
		signal(q.changed)
	}
}

// signal wakes whoever waits on c, once for any number of signals.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
