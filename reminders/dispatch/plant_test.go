package dispatch_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/dispatch"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// plant is a running clockwork in a bubble of synctest: its time passes by itself
// as soon as everybody waits, and the bubble does not end while a goroutine is left.
type plant struct {
	t      *testing.T
	memory *mem.Memory
	engine *failing
	store  *store.Store
	outbox *store.OutboxRecords
	post   *dispatch.Post
	clock  bubble
	wall   reminders.Clock // for limits; nil: clock
	sender *sender
	seen   *witness
	opts   dispatch.Options
	work   *dispatch.Clockwork
	cancel context.CancelFunc
	done   chan error
}

// bubble is the clock of the bubble.
type bubble struct{}

func (bubble) Now() time.Time { return time.Now() }

func (bubble) WaitUntil(ctx context.Context, at time.Time) error {
	timer := time.NewTimer(time.Until(at))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// failing is an engine whose Applies fail while a test says so.
type failing struct {
	store.Engine
	mu    sync.Mutex
	fails func(changes []store.Change) (before, after bool)
}

var errDisk = errors.New("the disk is full")

func (f *failing) Apply(ctx context.Context, changes ...store.Change) error {
	f.mu.Lock()
	fails := f.fails
	f.mu.Unlock()
	before, after := false, false
	if fails != nil {
		before, after = fails(changes)
	}
	if before {
		return errDisk
	}
	if err := f.Engine.Apply(ctx, changes...); err != nil || !after {
		return err
	}
	return errDisk
}

// sender records what it is to send and gives the outcomes that a test planned.
type sender struct {
	mu   sync.Mutex
	got  []sent
	plan func(d reminders.Delivery, try int) reminders.Outcome
	slow time.Duration
}

// sent is one attempt.
type sent struct {
	key reminders.DeliveryKey
	at  time.Time
	d   reminders.Delivery
}

func (s *sender) Send(_ context.Context, d reminders.Delivery) reminders.Outcome {
	s.mu.Lock()
	try := 1
	for _, earlier := range s.got {
		if earlier.key == d.Key {
			try++
		}
	}
	s.got = append(s.got, sent{d.Key, time.Now(), d})
	plan, slow := s.plan, s.slow
	s.mu.Unlock()
	time.Sleep(slow)
	if plan != nil {
		return plan(d, try)
	}
	return reminders.Outcome{Result: reminders.Sent, MessageID: 7, Chat: 70}
}

// attempts gives the attempts so far.
func (s *sender) attempts() []sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]sent(nil), s.got...)
}

// keys gives the keys of the attempts in order.
func (s *sender) keys() []reminders.DeliveryKey {
	var keys []reminders.DeliveryKey
	for _, a := range s.attempts() {
		keys = append(keys, a.key)
	}
	return keys
}

// witness counts how deliveries ended, and fails as often as a test says.
type witness struct {
	mu    sync.Mutex
	ended map[reminders.DeliveryKey][]reminders.Result
	fail  int
}

func (w *witness) Settled(_ reminders.Tx, d reminders.Delivery, o reminders.Outcome) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fail > 0 {
		w.fail--
		return errors.New("the witness cannot write")
	}
	w.ended[d.Key] = append(w.ended[d.Key], o.Result)
	return nil
}

// source is a function that is a source.
type source func(ctx context.Context, now time.Time) (time.Time, bool, error)

func (s source) Advance(ctx context.Context, now time.Time) (time.Time, bool, error) {
	return s(ctx, now)
}

// inPlant runs a test in a bubble with a clockwork that is not started yet.
func inPlant(t *testing.T, test func(p *plant)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p := &plant{
			t: t, memory: new(mem.Memory), sender: &sender{},
			seen: &witness{ended: map[reminders.DeliveryKey][]reminders.Result{}},
		}
		p.opts = dispatch.Options{Workers: 4}
		p.open()
		test(p)
		p.halt()
		if err := p.store.Close(); err != nil {
			t.Error(err)
		}
	})
}

// open opens the store over what the memory holds.
func (p *plant) open() {
	p.t.Helper()
	p.engine = &failing{Engine: p.memory.Open()}
	var err error
	p.store, err = store.Open(context.Background(), p.engine, p.clock, slog.New(slog.DiscardHandler))
	if err != nil {
		p.t.Fatal(err)
	}
	p.outbox = p.store.Outbox()
	p.post = dispatch.NewPost(p.outbox, &placer{})
}

// start runs the clockwork.
func (p *plant) start() {
	p.t.Helper()
	o := p.opts
	o.Units, o.Store, o.Clock, o.Wall, o.Sender, o.Witness = p.store, p.outbox, p.clock, p.clock, p.sender, p.seen
	if p.wall != nil {
		o.Wall = p.wall
	}
	o.Committed, o.Log = p.store.Committed(), slog.New(slog.DiscardHandler)
	p.work = dispatch.New(o)
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel, p.done = cancel, make(chan error, 1)
	go func() { p.done <- p.work.Run(ctx) }()
}

// halt stops the clockwork and waits for it.
func (p *plant) halt() {
	p.t.Helper()
	if p.cancel == nil {
		return
	}
	p.cancel()
	if err := <-p.done; err != nil {
		p.t.Errorf("run: %v", err)
	}
	p.cancel = nil
}

// restart plays a new process over the same disk.
func (p *plant) restart() {
	p.t.Helper()
	p.halt()
	if err := p.store.Close(); err != nil {
		p.t.Fatal(err)
	}
	p.open()
	p.start()
}

func (p *plant) do(f func(tx reminders.Tx) error) {
	p.t.Helper()
	if err := p.store.Do(context.Background(), f); err != nil {
		p.t.Fatal(err)
	}
}

// enqueue puts deliveries into the outbox in one unit of work.
func (p *plant) enqueue(deliveries ...reminders.Delivery) {
	p.t.Helper()
	p.do(func(tx reminders.Tx) error {
		for _, d := range deliveries {
			if err := p.post.Enqueue(tx, d); err != nil {
				return err
			}
		}
		return nil
	})
}

// message is a push to a person of its own.
func message(key reminders.DeliveryKey, lane reminders.Lane) reminders.Delivery {
	return reminders.Delivery{
		Key: key, Kind: "chase", Act: reminders.ActSend, Person: reminders.PersonID("of-" + key), Lane: lane,
		Lines: []reminders.Message{reminders.Line("text", nil)},
	}
}

// pass lets time pass until everything has settled.
func (p *plant) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// receipt reads what became of a delivery.
func (p *plant) receipt(key reminders.DeliveryKey) (r reminders.Receipt) {
	p.t.Helper()
	p.do(func(tx reminders.Tx) (err error) {
		r, _, err = p.outbox.Receipt(tx, key)
		return err
	})
	return r
}

// left counts what waits or is in flight.
func (p *plant) left() int {
	p.t.Helper()
	n := 0
	p.do(func(tx reminders.Tx) error {
		claimed, err := p.outbox.Claimed(tx)
		if err != nil {
			return err
		}
		depth, err := p.outbox.Depth(tx)
		n = len(claimed)
		for _, waiting := range depth {
			n += waiting
		}
		return err
	})
	return n
}

// sorted gives keys in their order.
func sorted(keys []reminders.DeliveryKey) []reminders.DeliveryKey {
	return slices.Sorted(slices.Values(keys))
}
