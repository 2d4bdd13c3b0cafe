package notice_test

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// BenchmarkSummary writes the closing summary of a block whose reminder so many
// people owe an answer to. peak-MB is what the heap grew by meanwhile, at most: it
// is that of one page of lines, however many there are.
func BenchmarkSummary(b *testing.B) {
	for _, lines := range []int{10_000, 1_000_000} {
		b.Run(fmt.Sprintf("lines=%d", lines), func(b *testing.B) {
			if lines > 10_000 && testing.Short() {
				b.Skip("a million lines take a while to write")
			}
			var peak uint64
			for b.Loop() {
				b.StopTimer()
				o := answered(b, lines)
				o.clock.now = day(10, 8, 10, 0)
				stop := watchHeap()
				b.StartTimer()
				for more := true; more; { // the desk alone: the book is another matter
					var err error
					if _, more, err = o.desk.Advance(context.Background(), o.clock.now); err != nil {
						b.Fatal(err)
					}
				}
				b.StopTimer()
				peak = max(peak, stop())
				if n := o.notice(block + "/closing-summary"); n.State != notice.Published {
					b.Fatalf("the summary is %s", n.State)
				}
				o.stop()
				b.StartTimer()
			}
			b.ReportMetric(float64(peak)/1e6, "peak-MB")
		})
	}
}

// watchHeap measures by how much the heap grows at most until stop is called.
func watchHeap() (stop func() uint64) {
	debug.FreeOSMemory()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	end, grown := make(chan struct{}), make(chan uint64)
	go func() {
		var most uint64
		for {
			var now runtime.MemStats
			runtime.ReadMemStats(&now)
			most = max(most, now.HeapAlloc-min(now.HeapAlloc, before.HeapAlloc))
			select {
			case <-end:
				grown <- most
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	return func() uint64 { close(end); return <-grown }
}

// answered is an office on a disk after a block for which so many people were asked.
func answered(b *testing.B, lines int) *office {
	b.Helper()
	o := onDisk(b, 0)
	o.clock.now = day(9, 22, 9, 0)
	if err := o.advance(); err != nil {
		b.Fatal(err)
	}
	id := obligation.TermsID(block + "/holiday-reminder")
	book := o.store.Obligations()
	at := o.store.MaxUnit()/2 - 8 // a line and its place among those of its owner
	for first := 0; first < lines; first += at {
		err := o.store.Do(context.Background(), func(tx reminders.Tx) error {
			for n := first; n < min(lines, first+at); n++ {
				err := book.SaveObligation(tx, obligation.Obligation{
					Terms: id, State: obligation.Met, Reason: "answered", OpenedAt: day(9, 22, 9, 0), AnsweredAt: day(9, 22, 10, 0),
					Owner: obligation.Owner{Person: reminders.PersonID(fmt.Sprintf("G%07d", n)), Unit: reminders.UnitID(fmt.Sprintf("u%04d", n%1000))},
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return o
}
