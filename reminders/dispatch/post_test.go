package dispatch_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/dispatch"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// nine is when the tests of the post take place.
var nine = time.Date(2026, 9, 22, 9, 0, 0, 0, time.UTC)

// still is a clock that stands until it is set.
type still struct{ now time.Time }

func (c *still) Now() time.Time                                   { return c.now }
func (c *still) WaitUntil(ctx context.Context, _ time.Time) error { return ctx.Err() }

// placer gives every push the same instant, the wanted one if it is zero, and
// keeps the diary that it was shown.
type placer struct {
	at     time.Time
	reason string
	diary  []reminders.Push
	asked  int
}

func (p *placer) Place(d reminders.Delivery, diary []reminders.Push, _ time.Time) (time.Time, string) {
	p.diary, p.asked = diary, p.asked+1
	if p.at.IsZero() {
		return d.NotBefore, p.reason
	}
	return p.at, p.reason
}

// counter is a post over a store in memory.
type counter struct {
	t      *testing.T
	clock  *still
	store  *store.Store
	outbox *store.OutboxRecords
	placer *placer
	post   *dispatch.Post
}

func newCounter(t *testing.T) *counter {
	t.Helper()
	c := &counter{t: t, clock: &still{nine}, placer: &placer{}}
	var err error
	c.store, err = store.Open(context.Background(), mem.New(), c.clock, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.store.Close() })
	c.outbox = c.store.Outbox()
	c.post = dispatch.NewPost(c.outbox, c.placer)
	return c
}

func (c *counter) do(f func(tx reminders.Tx) error) {
	c.t.Helper()
	if err := c.store.Do(context.Background(), f); err != nil {
		c.t.Fatal(err)
	}
}

func (c *counter) enqueue(deliveries ...reminders.Delivery) {
	c.t.Helper()
	for _, d := range deliveries {
		c.do(func(tx reminders.Tx) error { return c.post.Enqueue(tx, d) })
	}
}

// delivery reads what waits under a key; nil if nothing does.
func (c *counter) delivery(key reminders.DeliveryKey) (d *reminders.Delivery) {
	c.t.Helper()
	c.do(func(tx reminders.Tx) error {
		found, ok, err := c.outbox.Delivery(tx, key)
		if ok {
			d = &found
		}
		return err
	})
	return d
}

func (c *counter) receipt(key reminders.DeliveryKey) (r *reminders.Receipt) {
	c.t.Helper()
	c.do(func(tx reminders.Tx) error {
		found, ok, err := c.outbox.Receipt(tx, key)
		if ok {
			r = &found
		}
		return err
	})
	return r
}

// push is a message to G001 that says one line and asks one thing.
func push(key reminders.DeliveryKey) reminders.Delivery {
	return reminders.Delivery{
		Key: key, Kind: "chase", Act: reminders.ActSend, Person: "G001", Lane: reminders.LanePersonal, Reason: "chase",
		NotBefore: nine, Until: nine.Add(time.Hour), Lines: []reminders.Message{reminders.Line(string(key), nil)},
		Asks: []reminders.Ask{{Terms: string(key), Person: "G001"}},
	}
}

// A key is taken in once, whatever became of it since.
func TestKeysAreTakenOnce(t *testing.T) {
	tests := []struct {
		name   string
		became func(c *counter)
	}{
		{"it waits", func(*counter) {}},
		{"it is in flight", func(c *counter) {
			c.do(func(tx reminders.Tx) error {
				d, _, err := c.outbox.Delivery(tx, "a")
				d.ClaimedAt = tx.Now()
				if err != nil {
					return err
				}
				return c.outbox.SaveDelivery(tx, d)
			})
		}},
		{"it was sent", func(c *counter) {
			c.do(func(tx reminders.Tx) error {
				if err := c.outbox.RemoveDelivery(tx, "a"); err != nil {
					return err
				}
				return c.outbox.SaveReceipt(tx, reminders.Receipt{Delivery: push("a"), Result: reminders.Sent})
			})
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newCounter(t)
			c.enqueue(push("a"))
			tt.became(c)
			before, receipt := c.delivery("a"), c.receipt("a")
			again := push("a")
			again.Lines = []reminders.Message{reminders.Line("other", nil)}
			c.enqueue(again)
			if diff := cmp.Diff(before, c.delivery("a")); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(receipt, c.receipt("a")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What several nouns want to tell one person at one instant becomes one message
// with all lines, all buttons, the quicker lane and the longer life.
func TestJoin(t *testing.T) {
	c := newCounter(t)
	first, second := push("a"), push("b")
	first.Lane, first.NotBefore, second.NotBefore = reminders.LaneBroadcast, nine.Add(-time.Minute), nine
	second.Until = nine.Add(2 * time.Hour)
	c.enqueue(first, second)
	host := c.delivery("a")
	if got := len(host.Lines); got != 2 || len(host.Asks) != 2 || host.Lane != reminders.LanePersonal {
		t.Errorf("the message is %+v", host)
	}
	if !host.Until.Equal(nine.Add(2 * time.Hour)) {
		t.Errorf("it is worth sending until %v", host.Until)
	}
	if got := c.receipt("b"); got == nil || got.Result != reminders.Joined || got.JoinedTo != "a" || c.delivery("b") != nil {
		t.Errorf("what joined has the receipt %+v", got)
	}
	c.enqueue(push("b")) // joined before: nothing is added
	if got := len(c.delivery("a").Lines); got != 2 {
		t.Errorf("%d lines after enqueueing it again", got)
	}
}

// A message that is more than its host was meant for counts for all its capacities.
func TestJoinCounts(t *testing.T) {
	c := newCounter(t)
	first, second := push("a"), push("b")
	first.As, second.As, second.Block = reminders.Staff, reminders.Official, "2026-mid-autumn"
	c.enqueue(first, second)
	c.do(func(tx reminders.Tx) error {
		diary, err := c.outbox.Diary(tx, "G001")
		want := []reminders.Push{{Key: "a", At: diary[0].At, Block: "2026-mid-autumn"}}
		if diff := cmp.Diff(want, diary); diff != "" {
			t.Error(diff)
		}
		return err
	})
}

// A message that never becomes worthless keeps one that joins alive.
func TestJoinWithoutEnd(t *testing.T) {
	for _, ends := range [][2]time.Time{{{}, nine.Add(time.Hour)}, {nine.Add(time.Hour), {}}} {
		c := newCounter(t)
		first, second := push("a"), push("b")
		first.Until, second.Until = ends[0], ends[1]
		c.enqueue(first, second)
		if got := c.delivery("a").Until; !got.IsZero() {
			t.Errorf("%v: the message ends at %v", ends, got)
		}
	}
}

// What is on its way, or has partly arrived, takes nothing in any more; nor does a
// message of another instant or another person.
func TestNoJoin(t *testing.T) {
	tests := []struct {
		name   string
		host   func(*reminders.Delivery)
		second func(*reminders.Delivery)
	}{
		{name: "in flight", host: func(d *reminders.Delivery) { d.ClaimedAt = nine }},
		{name: "perhaps arrived", host: func(d *reminders.Delivery) { d.Uncertain = true }},
		{name: "partly arrived", host: func(d *reminders.Delivery) { d.Parts = []int{7} }},
		{name: "at another instant", second: func(d *reminders.Delivery) { d.NotBefore = nine.Add(time.Minute) }},
		{name: "to another person", second: func(d *reminders.Delivery) { d.Person = "G002" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newCounter(t)
			second := push("b")
			if tt.second != nil {
				tt.second(&second)
			}
			c.enqueue(push("a"))
			if tt.host != nil {
				c.do(func(tx reminders.Tx) error {
					d, _, err := c.outbox.Delivery(tx, "a")
					if err != nil {
						return err
					}
					tt.host(&d)
					return c.outbox.SaveDelivery(tx, d)
				})
			}
			c.enqueue(second)
			if c.delivery("b") == nil || len(c.delivery("a").Lines) != 1 {
				t.Errorf("joined: %+v", c.delivery("a"))
			}
		})
	}
}

// The same thing is said once in a message: a chase that asks what the message asks
// already adds nothing, and a notice to two units of one liaison is read once, with
// a button for each.
func TestJoinSaysNothingTwice(t *testing.T) {
	c := newCounter(t)
	same := push("b")
	same.Asks = push("a").Asks
	c.enqueue(push("a"), same)
	if got := c.delivery("a"); len(got.Lines) != 1 || len(got.Asks) != 1 {
		t.Errorf("a second chase: %+v", got)
	}
	c = newCounter(t)
	for _, unit := range []reminders.UnitID{"u1", "u2"} {
		d := push(reminders.DeliveryKey("n/" + unit))
		d.Lines = []reminders.Message{reminders.Copy("n")}
		d.Asks = []reminders.Ask{{Terms: "n", Unit: unit}}
		d.Files = []reminders.File{{Hash: "f"}}
		c.enqueue(d)
	}
	if got := c.delivery("n/u1"); len(got.Lines) != 1 || len(got.Asks) != 2 || len(got.Files) != 1 {
		t.Errorf("a notice to two units: %+v", got)
	}
}

// Only pushes to people are placed: not answers, not duty, not edits, not what goes
// to a chat that is not enrolled.
func TestPlacedOrNot(t *testing.T) {
	later := nine.Add(24 * time.Hour)
	tests := []struct {
		name string
		d    func(*reminders.Delivery)
		want bool
	}{
		{"a chase", func(*reminders.Delivery) {}, true},
		{"a broadcast", func(d *reminders.Delivery) { d.Lane = reminders.LaneBroadcast }, true},
		{"an answer", func(d *reminders.Delivery) { d.Lane = reminders.LaneAnswer }, false},
		{"duty", func(d *reminders.Delivery) { d.Lane = reminders.LaneDuty }, false},
		{"an edit", func(d *reminders.Delivery) { d.Act = reminders.ActEdit }, false},
		{"to a stranger", func(d *reminders.Delivery) { d.Person, d.Chat = "", 7 }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newCounter(t)
			c.placer.at, c.placer.reason = later, "quiet-hours"
			d := push("a")
			tt.d(&d)
			c.enqueue(d)
			got := c.delivery("a")
			if moved := got.NotBefore.Equal(later) && got.Reason == "quiet-hours"; moved != tt.want {
				t.Errorf("it goes at %v because of %s", got.NotBefore, got.Reason)
			}
		})
	}
}

// What is wanted in the past goes now, and what says no instant of its making gets
// one.
func TestEnqueueNow(t *testing.T) {
	c := newCounter(t)
	d := push("a")
	d.NotBefore = nine.Add(-time.Hour)
	c.enqueue(d)
	if got := c.delivery("a"); !got.NotBefore.Equal(nine) || !got.CreatedAt.Equal(nine) {
		t.Errorf("not before %v, created %v", got.NotBefore, got.CreatedAt)
	}
}

// The diary forgets pushes after sixty days, and not before.
func TestDiaryForgets(t *testing.T) {
	c := newCounter(t)
	c.enqueue(push("a"))
	for n, want := range []int{1, 1} {
		c.clock.now = nine.Add(60*24*time.Hour + time.Duration(n))
		d := push(reminders.DeliveryKey(rune('b' + n)))
		d.NotBefore = c.clock.now
		c.placer.at = c.clock.now.Add(time.Duration(n+1) * time.Hour)
		c.enqueue(d)
		if got := len(c.placer.diary); got != want {
			t.Errorf("%v after sixty days the diary has %d pushes, want %d", time.Duration(n), got, want)
		}
	}
}
