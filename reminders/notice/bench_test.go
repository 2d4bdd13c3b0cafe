package notice_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/bolt"
)

// BenchmarkPublish publishes the personal reminder to 2,000 people on a disk:
// deliveries, diaries and obligations, in chunks.
func BenchmarkPublish(b *testing.B) {
	const people = 2000
	for b.Loop() {
		b.StopTimer()
		o := onDisk(b, people)
		b.StartTimer()
		o.clock.now = day(9, 22, 9, 0)
		if err := o.advance(); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if n := o.notice(block + "/holiday-reminder"); n.State != notice.Published || n.Copies != people+2 {
			b.Fatalf("the reminder is %s with %d copies", n.State, n.Copies)
		}
		o.stop()
		b.StartTimer()
	}
	b.ReportMetric(float64(people*b.N)/b.Elapsed().Seconds(), "people/s")
}

// onDisk opens an office whose store is a file.
func onDisk(b *testing.B, people int) *office {
	b.Helper()
	o := &office{t: b, clock: &clock{day(9, 22, 8, 0)}, reg: staffed(people), born: day(9, 22, 8, 0)}
	o.prog, o.cal = shipped(b)
	engine, err := bolt.Open(filepath.Join(b.TempDir(), "bench.db"))
	if err != nil {
		b.Fatal(err)
	}
	o.engine = &failing{Engine: engine}
	if o.store, err = store.Open(context.Background(), o.engine, o.clock, slog.New(slog.DiscardHandler)); err != nil {
		b.Fatal(err)
	}
	o.join()
	if err := o.advance(); err != nil {
		b.Fatal(err)
	}
	return o
}

// BenchmarkPlace places an extra push, which asks the budget.
func BenchmarkPlace(b *testing.B) {
	o := newOffice(b, 1, day(9, 23, 9, 0))
	push := reminders.Delivery{NotBefore: day(9, 23, 9, 0), As: reminders.Official, Extra: true}
	for b.Loop() {
		o.desk.Place(push, nil, o.clock.now)
	}
}

// BenchmarkProgress counts a hundred thousand copies that wait, as every look at a
// sending does. A tenth cannot be reached.
func BenchmarkProgress(b *testing.B) {
	const copies, atOnce = 100_000, 500
	o := onDisk(b, 1)
	box := o.store.Outbox()
	for from := 0; from < copies; from += atOnce {
		o.do(func(tx reminders.Tx) error {
			for n := from; n < from+atOnce; n++ {
				person := reminders.PersonID(fmt.Sprintf("G%06d", n))
				m := reminders.Delivery{
					Key: reminders.DeliveryKey(reminderID + "/" + string(person)), Kind: string(notice.HolidayReminder), Act: reminders.ActSend,
					Person: person, Lane: reminders.LaneBroadcast, Block: block, As: reminders.Official, Reason: "first-send",
					CreatedAt: tx.Now(), NotBefore: tx.Now(), Until: tx.Now(), Lines: []reminders.Message{reminders.Copy(reminderID)},
					Asks: []reminders.Ask{{Terms: reminderID, Person: person, Unit: "u01"}},
				}
				var err error
				if n%10 == 0 {
					err = o.store.Copies().SaveUnsent(tx, reminderID, m.Key, reminders.Unreachable)
				} else {
					err = box.SaveDelivery(tx, m)
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	o.do(func(tx reminders.Tx) error {
		return o.store.Notices().SaveNotice(tx, notice.Notice{ID: reminderID, State: notice.Published, Copies: copies})
	})
	for b.Loop() {
		err := o.store.View(b.Context(), func(tx reminders.Tx) error {
			p, err := o.desk.Progress(tx, reminderID)
			if err == nil && (p.Waiting != copies*9/10 || p.Unreachable != copies/10) {
				b.Fatalf("%+v", p.Counts)
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(copies*b.N)/b.Elapsed().Seconds(), "copies/s")
}
