package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	telegram "github.com/go-telegram/bot"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/dispatch"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
	"github.com/qingfeng-bot/qingfeng/reminders/store/bolt"
)

// BenchmarkSending holds the sending of prepared messages, each claimed and
// settled durably, against the chat library's bare loop over the same loopback
// server, without any store. It reports the ratio of the two speeds.
func BenchmarkSending(b *testing.B) {
	makeRoom()
	for _, workers := range []int{16, 64} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			const messages = 3000
			server := acceptsAll(b)
			for b.Loop() {
				bare := messages / bareLoop(b, server.URL, workers, messages).Seconds()
				ours := messages / sendAll(b, server.URL, workers, messages).Seconds()
				b.ReportMetric(ours, "messages/s")
				b.ReportMetric(ours/bare, "of-bare-library")
			}
		})
	}
}

// acceptsAll is a chat service that accepts every message at once.
func acceptsAll(b *testing.B) *httptest.Server {
	var last atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = fmt.Fprintf(w, `{"ok":true,"result":{"message_id":%d,"date":1,"chat":{"id":1,"type":"private"},"text":"x"}}`, last.Add(1))
	}))
	b.Cleanup(server.Close)
	return server
}

// bareLoop sends with the library alone, over a tuned transport.
func bareLoop(b *testing.B, url string, workers, messages int) time.Duration {
	api, err := telegram.New(demoToken, telegram.WithSkipGetMe(), telegram.WithServerURL(url),
		telegram.WithHTTPClient(time.Minute, wire.DefaultDoer()))
	if err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	var left atomic.Int64
	left.Store(int64(messages))
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for left.Add(-1) >= 0 {
				if _, err := api.SendMessage(b.Context(), &telegram.SendMessageParams{ChatID: 1, Text: "x"}); err != nil {
					b.Error(err)
				}
			}
		})
	}
	group.Wait()
	return time.Since(start)
}

// sendAll sends with the service's clockwork: from the outbox on disk, every
// message claimed, sent and settled.
func sendAll(b *testing.B, url string, workers, messages int) time.Duration {
	ctx, cancel := context.WithCancel(b.Context())
	engine, err := bolt.Open(b.TempDir() + "/bench.db")
	if err != nil {
		b.Fatal(err)
	}
	f, err := newOffice(ctx, officeOptions{
		engine: engine, clock: wallClock{}, location: time.UTC, language: reminders.Chinese, log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		b.Fatal(err)
	}
	client, err := wire.New(demoToken, url, nil, nil)
	if err != nil {
		b.Fatal(err)
	}
	s, err := newService(ctx, f, serviceOptions{client: client, username: "bench"})
	if err != nil {
		b.Fatal(err)
	}
	prepare(b, f, messages)
	done := make(chan struct{})
	counted := &counter{Witness: s.bot, left: int64(messages), seen: make(map[reminders.DeliveryKey]bool, messages), done: done}
	work := dispatch.New(dispatch.Options{
		Units: f.store, Store: f.store.Outbox(), Clock: wallClock{}, Wall: wallClock{}, Sender: s.bot, Witness: counted,
		Workers: workers, MaxUnit: f.store.MaxUnit(), Log: f.log, Committed: f.store.Committed(),
	})
	ended := make(chan error, 1)
	start := time.Now()
	go func() { ended <- work.Run(ctx) }()
	<-done
	took := time.Since(start)
	cancel()
	if err := <-ended; err != nil {
		b.Error(err)
	}
	if err := f.close(); err != nil {
		b.Error(err)
	}
	return took
}

// counter closes done when the last message is settled.
type counter struct {
	dispatch.Witness
	mu   sync.Mutex
	left int64
	seen map[reminders.DeliveryKey]bool
	done chan struct{}
}

// Settled counts each message once; a unit of work may run again.
func (c *counter) Settled(tx reminders.Tx, d reminders.Delivery, o reminders.Outcome) error {
	c.mu.Lock()
	if !c.seen[d.Key] {
		c.seen[d.Key] = true
		if c.left--; c.left == 0 {
			close(c.done)
		}
	}
	c.mu.Unlock()
	return c.Witness.Settled(tx, d, o)
}

// prepare puts one message for each of so many people into the outbox.
func prepare(b *testing.B, f *office, messages int) {
	now := time.Now().UTC()
	for from := 0; from < messages; from += 20 {
		err := f.store.Do(b.Context(), func(tx reminders.Tx) error {
			for i := from; i < min(from+20, messages); i++ {
				id := reminders.PersonID(fmt.Sprintf("N%06d", i))
				record := people.Record{Person: reminders.Person{ID: id, Name: "样本"}, Status: people.Active, Chat: reminders.ChatID(i + 1)}
				if err := f.store.People().SavePerson(tx, record); err != nil {
					return err
				}
				err := f.store.Outbox().SaveDelivery(tx, reminders.Delivery{
					Key: reminders.DeliveryKey("bench/" + string(id)), Kind: "holiday-reminder", Act: reminders.ActSend, Person: id,
					Lane: reminders.LaneBroadcast, Reason: "first-send", NotBefore: now.Add(-time.Minute), CreatedAt: now,
					Lines: []reminders.Message{reminders.Line("outstanding.none", nil)},
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
}
