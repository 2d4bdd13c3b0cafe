package dispatch

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
)

// heartbeat is how often, on the service's clock, the sources are asked even if
// none of them wished for it: a clock that stepped back is noticed by then.
const heartbeat = time.Minute

// retrySource is how long, on the service's clock, a source that failed rests.
const retrySource = 5 * time.Second

// Options join the clockwork to what it drives.
type Options struct {
	Units   reminders.Units
	Store   Store
	Clock   reminders.Clock // of the service; may run quickly
	Wall    reminders.Clock // for limits and back-off, which belong to the network
	Sender  Sender
	Witness Witness
	Sources []Source
	Workers int     // messages in flight at once
	Rate    float64 // messages a second; 0: no limit
	// MaxUnit is how many changes one unit of work may bring; 0: what the smallest
	// engine takes.
	MaxUnit int
	Log     *slog.Logger
	// Committed is signalled after a commit: something may have become due.
	Committed <-chan struct{}
	// Beat is called in every round of the sources, for the record of when the
	// service was last alive. May be nil.
	Beat func(ctx context.Context, now time.Time) error
	// Mute keeps everything back in a store that was restored. May be nil.
	Mute *Mute
	// Paused lists the notices whose copies wait until somebody lets them go. May be nil.
	Paused func(tx reminders.Tx) ([]string, error)
	// Hush gives the instant until which pushes wait because of quiet hours; zero if
	// they may go. May be nil.
	Hush func(now time.Time) time.Time
}

// Clockwork runs the sources and empties the outbox.
type Clockwork struct {
	Options
	pace    *pace
	free    atomic.Bool // nothing is kept back any more
	resting []time.Time // until when each source that failed rests; used by runSources alone

	mu        sync.Mutex
	inFlight  map[reminders.DeliveryKey]flight    // chosen and not settled
	busy      map[string]bool                     // the chats to which they go
	unclaimed int                                 // of those, edits and answers
	hold      map[reminders.DeliveryKey]time.Time // wall instant before which a retry waits
	unsure    []reminders.DeliveryKey             // not sent, and perhaps claimed
	deeper    int                                 // how much farther than usual the feeder looks
	done      time.Time                           // everything due until then is in the outbox
	wakeFeed  chan struct{}
}

// smallestUnit is what a unit of work may bring to the smallest engine.
const smallestUnit = 120

// New makes a clockwork; Run starts it.
func New(o Options) *Clockwork {
	if o.MaxUnit <= 0 {
		o.MaxUnit = smallestUnit
	}
	o.Workers = max(1, o.Workers)
	return &Clockwork{
		Options: o, pace: newPace(o.Rate), resting: make([]time.Time, len(o.Sources)),
		inFlight: map[reminders.DeliveryKey]flight{}, busy: map[string]bool{}, hold: map[reminders.DeliveryKey]time.Time{},
		wakeFeed: make(chan struct{}, 1),
	}
}

// Run works until ctx ends and everything in flight is settled. What a crash
// left in flight is taken back first and marked as a possible duplicate.
func (c *Clockwork) Run(ctx context.Context) error {
	if err := c.recover(ctx); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return c.runSources(ctx) })
	group.Go(func() error { return c.feed(ctx) })
	return group.Wait()
}

// recoveredAtOnce is how many deliveries one unit of work takes back.
const recoveredAtOnce = 20

// recover takes back what was in flight when the service last stopped, and obeys
// the pause that the chat service asked for before.
func (c *Clockwork) recover(ctx context.Context) error {
	for more := true; more; {
		err := c.Units.Do(ctx, func(tx reminders.Tx) error {
			left, err := c.Store.Claimed(tx)
			if err != nil {
				return err
			}
			more = len(left) > recoveredAtOnce
			for _, d := range left[:min(len(left), recoveredAtOnce)] {
				d.ClaimedAt = time.Time{}
				d.Uncertain = d.Uncertain || d.Makes()
				if err := c.Store.SaveDelivery(tx, d); err != nil {
					return err
				}
				crashpoint.Pass(crashpoint.Recover)
			}
			return nil
		})
		if err != nil {
			return err
		}
		crashpoint.Pass(crashpoint.Recovered)
	}
	return c.Units.View(ctx, func(tx reminders.Tx) error {
		until, err := c.Store.PausedUntil(tx)
		c.pace.pauseUntil(until)
		return err
	})
}

// runSources asks every source in turn until nothing is left to do now, then
// waits for the earliest wish, a commit or the heartbeat.
func (c *Clockwork) runSources(ctx context.Context) error {
	for ctx.Err() == nil {
		now := c.Clock.Now()
		next := now.Add(heartbeat)
		if c.Beat != nil {
			if err := c.Beat(ctx, now); err != nil {
				c.report(ctx, "beat", err)
			}
		}
		held, more := c.keptBack(ctx, now)
		if !held {
			more = c.round(ctx, now, &next)
		}
		if more {
			c.nudge() // what answers people does not wait for the rest of a long publication
			continue
		}
		if !held {
			c.settled(now)
		}
		c.nudge()
		if due := c.nextDue(ctx, now); !due.IsZero() && due.Before(next) {
			next = due // a push goes when the sources have been asked at its instant
		}
		c.sleep(ctx, next, c.Committed)
	}
	return nil
}

// round asks the sources in their order. A source that has more to do now keeps
// those behind it waiting: what is closed at ten is closed before the summary of
// ten counts it. A source that fails rests, and those behind it go on without it.
// It reports whether to go on at once.
func (c *Clockwork) round(ctx context.Context, now time.Time, next *time.Time) bool {
	for n := range c.Sources {
		wish, more := c.ask(ctx, n, now)
		if more {
			return true
		}
		if wish.After(now) && wish.Before(*next) {
			*next = wish
		}
	}
	return false
}

// ask asks the n-th source, unless it rests.
func (c *Clockwork) ask(ctx context.Context, n int, now time.Time) (wish time.Time, more bool) {
	rested := c.resting[n]
	if rest := rested.Sub(now); rest > 0 && rest <= retrySource { // longer: the clock was stepped back
		return rested, false
	}
	wish, more, err := c.Sources[n].Advance(ctx, now)
	if err != nil {
		c.report(ctx, "source", err)
		c.resting[n] = now.Add(retrySource)
		return c.resting[n], false
	}
	return wish, more
}

// settled notes that everything due at now is in the outbox.
func (c *Clockwork) settled(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done = now
}

// until is up to which instant a lane may be emptied. Pushes wait until all that
// is due at their instant is in the outbox, so that what several nouns want to
// tell one person becomes one message; answers and duty wait for nothing.
func (c *Clockwork) until(lane reminders.Lane, now time.Time) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if lane >= reminders.LanePersonal && c.done.Before(now) {
		return c.done
	}
	return now
}

// sleep waits for an instant of the service's clock or for a wake-up.
func (c *Clockwork) sleep(ctx context.Context, until time.Time, wake <-chan struct{}) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		select {
		case <-wake:
			cancel()
		case <-ctx.Done():
		}
	}()
	_ = c.Clock.WaitUntil(ctx, until) // ends early on a wake-up, which is no error
	cancel()
	<-done
}

// nudge wakes the feeder.
func (c *Clockwork) nudge() {
	select {
	case c.wakeFeed <- struct{}{}:
	default:
	}
}

// report logs what went wrong in one round; the next round tries again.
func (c *Clockwork) report(ctx context.Context, part string, err error) {
	if ctx.Err() == nil {
		c.Log.ErrorContext(ctx, "clockwork round failed", "part", part, "error", err)
	}
}
