package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
)

// chatsAtOnce is how many people tap at the same time.
const chatsAtOnce = 64

// recorder keeps what is written through it while it records, for writing the same
// bytes once more with bbolt alone.
type recorder struct {
	store.Engine
	on      atomic.Bool
	mu      sync.Mutex
	changes []store.Change
}

// Apply implements store.Engine.
func (r *recorder) Apply(ctx context.Context, changes ...store.Change) error {
	if r.on.Load() {
		r.mu.Lock()
		r.changes = append(r.changes, changes...)
		r.mu.Unlock()
	}
	return r.Engine.Apply(ctx, changes...)
}

// tapping is an office in which everyone has received the reminder.
type tapping struct {
	*service
	engine *recorder
	dir    string
	terms  obligation.Terms
}

// newTapping makes it, with so many people.
func newTapping(b *testing.B, persons int) *tapping {
	b.Helper()
	ctx, dir := b.Context(), benchDir(b)
	foundOffice(b, dir, persons)
	file, err := openEngine(dir)
	if err != nil {
		b.Fatal(err)
	}
	a := &tapping{engine: &recorder{Engine: file}, dir: dir}
	clock := newStillClock(benchReminder)
	f, err := newOffice(ctx, officeOptions{
		engine: a.engine, clock: clock, location: benchLocation, language: reminders.Chinese, log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		b.Fatal(err)
	}
	publishDue(b, f, clock.Now())
	client, err := wire.New(demoToken, "http://nowhere", silent{}, f.log)
	if err != nil {
		b.Fatal(err)
	}
	if a.service, err = newService(ctx, f, serviceOptions{client: client, username: "bench"}); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = f.close() })
	a.deliver(b)
	clock.set(benchReminder.Add(time.Hour))
	return a
}

// deliver notes that every copy of the reminder has arrived.
func (a *tapping) deliver(b *testing.B) {
	b.Helper()
	all, err := a.allTerms(b)
	if err != nil {
		b.Fatal(err)
	}
	for _, t := range all {
		if t.Kind == "holiday-reminder" {
			a.terms = t
		}
	}
	outbox := a.store.Outbox()
	for cursor, more := "", true; more; {
		err := a.store.Do(b.Context(), func(tx reminders.Tx) error {
			page, next, err := a.store.Obligations().ObligationsAfter(tx, a.terms.ID, cursor, 100)
			cursor, more = next, next != ""
			for _, line := range page {
				if err != nil {
					return err
				}
				err = a.arrive(tx, outbox, line)
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// arrive settles the delivery that asks for a line.
func (a *tapping) arrive(tx reminders.Tx, outbox *store.OutboxRecords, line obligation.Obligation) error {
	d, found, err := outbox.Delivery(tx, reminders.DeliveryKey(string(line.Terms)+"/"+string(line.Owner.Person)))
	if err != nil || !found {
		return errors.Join(err, errors.New("a copy is missing"))
	}
	sent := reminders.Receipt{Delivery: d, Result: reminders.Sent, SentAt: tx.Now()}
	sent.Chat, sent.MessageID = benchChat(line.Owner.Person), 1
	return errors.Join(outbox.SaveReceipt(tx, sent), outbox.RemoveDelivery(tx, d.Key),
		a.book.Delivered(tx, line.Terms, line.Owner, d.Key, tx.Now(), false))
}

func (a *tapping) allTerms(b *testing.B) (all []obligation.Terms, err error) {
	err = a.store.View(b.Context(), func(tx reminders.Tx) (err error) {
		all, err = a.store.AllTerms(tx)
		return err
	})
	return all, err
}

// lines lists whose answers are expected, in no order.
func (a *tapping) lines(b *testing.B) (lines []obligation.Obligation) {
	b.Helper()
	err := a.store.View(b.Context(), func(tx reminders.Tx) error {
		for cursor, more := "", true; more; {
			page, next, err := a.store.Obligations().ObligationsAfter(tx, a.terms.ID, cursor, 1000)
			if err != nil {
				return err
			}
			lines, cursor, more = append(lines, page...), next, next != ""
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	rand.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	return lines
}

// settle lets everyone answer through the book, so many at once.
func (a *tapping) settle(b *testing.B) time.Duration {
	lines := a.lines(b)
	a.engine.on.Store(true)
	defer a.engine.on.Store(false)
	return atOnce(b, len(lines), func(i int) error {
		line := lines[i]
		return a.store.Do(b.Context(), func(tx reminders.Tx) error {
			_, err := a.book.Answer(tx, a.terms.Handle, line.Owner, line.Owner.Person, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
			return err
		})
	})
}

// handle lets the bot handle a tap of everyone, from the update in the inbox to the
// commit of all that it changes.
func (a *tapping) handle(b *testing.B) time.Duration {
	lines := a.lines(b)
	secret, err := a.seal(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	codec, err := bot.NewCodec(secret)
	if err != nil {
		b.Fatal(err)
	}
	var updates []wire.Raw
	for n, line := range lines {
		data, err := codec.Encode("ack", string(a.terms.Handle), line.Owner.Person)
		if err != nil {
			b.Fatal(err)
		}
		updates = append(updates, tapUpdate(int64(n+1), benchChat(line.Owner.Person), data))
	}
	if err := a.intake.Accept(b.Context(), updates, int64(len(updates)+1)); err != nil {
		b.Fatal(err)
	}
	a.bot.Workers = chatsAtOnce
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	a.engine.on.Store(true)
	defer a.engine.on.Store(false)
	ended := make(chan error, 1)
	begun := time.Now()
	go func() { ended <- a.bot.Run(ctx) }()
	for left := 1; left > 0; time.Sleep(time.Millisecond) {
		err := a.store.View(b.Context(), func(tx reminders.Tx) (err error) {
			waiting, err := a.store.Inbox(tx, 1)
			left = len(waiting)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	took := time.Since(begun)
	cancel()
	if err := <-ended; err != nil {
		b.Fatal(err)
	}
	return took
}

// tapUpdate is a tap on a button.
func tapUpdate(id int64, chat reminders.ChatID, data string) wire.Raw {
	text := fmt.Sprintf(`{"update_id":%d,"callback_query":{"id":"%d","chat_instance":"1","data":%q,`+
		`"from":{"id":%d,"is_bot":false,"first_name":"x"},`+
		`"message":{"message_id":1,"date":1,"text":"x","chat":{"id":%d,"type":"private"}}}}`, id, id, data, chat, chat)
	return wire.Raw{ID: id, Chat: chat, JSON: json.RawMessage(text)}
}

// answered fails unless everyone has answered.
func (a *tapping) answered(b *testing.B) {
	b.Helper()
	for _, line := range a.lines(b) {
		if line.State != obligation.Met {
			b.Fatalf("the line of %s is %s", line.Owner.Person, line.State)
		}
	}
}

// groupCommit writes what was recorded once more, over the same file as it was
// before, with bbolt's own group commit from as many goroutines, as many changes at a
// time as a tap had.
func (a *tapping) groupCommit(b *testing.B, before string, taps int) time.Duration {
	b.Helper()
	db, err := bbolt.Open(before, 0o600, bareOptions())
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	db.MaxBatchSize = chatsAtOnce
	all := a.engine.changes
	return atOnce(b, taps, func(i int) error {
		mine := all[i*len(all)/taps : (i+1)*len(all)/taps]
		return db.Batch(func(tx *bbolt.Tx) error {
			bucket := tx.Bucket([]byte("records"))
			for _, c := range mine {
				err := bucket.Delete([]byte(c.Key))
				if c.Value != nil {
					err = bucket.Put([]byte(c.Key), append(make([]byte, 8, 8+len(c.Value)), c.Value...))
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// copyStore copies the file as it is now; nobody writes meanwhile.
func (a *tapping) copyStore(b *testing.B) string {
	b.Helper()
	from, err := os.Open(databaseOf(a.dir))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = from.Close() }()
	to, err := os.Create(filepath.Join(a.dir, "before.db"))
	if err == nil {
		_, err = io.Copy(to, from)
	}
	if err = errors.Join(err, to.Sync(), to.Close()); err != nil {
		b.Fatal(err)
	}
	return to.Name()
}

// atOnce runs f for 0 to n-1 in chatsAtOnce goroutines and gives how long that took.
func atOnce(b *testing.B, n int, f func(i int) error) time.Duration {
	b.Helper()
	var next atomic.Int64
	var group sync.WaitGroup
	begun := time.Now()
	for range chatsAtOnce {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if err := f(i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	return time.Since(begun)
}

// answersSettled settles so many taps through the book alone, or through the bot,
// and the same bytes with bbolt's own group commit.
func answersSettled(b *testing.B, taps int, through func(a *tapping, b *testing.B) time.Duration) (ours, limit time.Duration) {
	a := newTapping(b, taps)
	before := a.copyStore(b)
	ours = through(a, b)
	a.answered(b)
	return ours, a.groupCommit(b, before, taps)
}
