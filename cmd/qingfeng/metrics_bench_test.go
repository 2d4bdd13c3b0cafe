package main

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// BenchmarkDepth counts the outbox by lane, as a scrape of the metrics does: every
// time, and as it is remembered.
func BenchmarkDepth(b *testing.B) {
	for _, waiting := range []int{1000, 1_000_000} {
		b.Run(fmt.Sprintf("waiting=%d", waiting), func(b *testing.B) {
			if waiting > 1000 && testing.Short() {
				b.Skip("a million messages take a while to write")
			}
			f := piled(b, waiting)
			remembered := &tallied{count: f.store.Outbox().Depth}
			for name, count := range map[string]func(reminders.Tx) (map[reminders.Lane]int, error){
				"counted": f.store.Outbox().Depth, "remembered": remembered.depth,
			} {
				b.Run(name, func(b *testing.B) {
					for b.Loop() {
						err := f.store.View(b.Context(), func(tx reminders.Tx) error {
							depth, err := count(tx)
							if err == nil && depth[reminders.LaneBroadcast] != waiting {
								b.Fatalf("%d messages wait", depth[reminders.LaneBroadcast])
							}
							return err
						})
						if err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		})
	}
}

// piled is an office on a disk in whose outbox so many messages wait.
func piled(b *testing.B, waiting int) *office {
	b.Helper()
	engine, err := openEngine(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	f, err := newOffice(b.Context(), officeOptions{engine: engine, clock: wallClock{}, location: time.UTC, language: reminders.Chinese, log: discard()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = f.close() })
	at := f.store.MaxUnit() / 3
	for first := 0; first < waiting; first += at {
		err := f.store.Do(context.Background(), func(tx reminders.Tx) error {
			for n := first; n < min(waiting, first+at); n++ {
				err := f.store.Outbox().SaveDelivery(tx, reminders.Delivery{
					Key: reminders.DeliveryKey(fmt.Sprintf("2026-new-year/holiday-reminder/G%07d", n)), Kind: "holiday-reminder",
					Act: reminders.ActSend, Person: reminders.PersonID(fmt.Sprintf("G%07d", n)), Lane: reminders.LaneBroadcast, NotBefore: tx.Now(),
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
	return f
}
