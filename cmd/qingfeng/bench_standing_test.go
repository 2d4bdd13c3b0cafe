package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// silent is a chat service that says yes to everything.
type silent struct{}

func (silent) Do(req *http.Request) (*http.Response, error) {
	body := `{"ok":true,"result":{"message_id":1,"date":1,"chat":{"id":1,"type":"private"},"text":"x"}}`
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), Request: req}, nil
}

// openService opens the whole service of a directory, up to where it would begin to
// receive updates.
func openService(ctx context.Context, dir string, clock reminders.Clock) (*service, error) {
	f, err := openOffice(ctx, dir, clock)
	if err != nil {
		return nil, err
	}
	client, err := wire.New(demoToken, "http://nowhere", silent{}, f.log)
	if err != nil {
		return nil, err
	}
	s, err := newService(ctx, f, serviceOptions{client: client, username: "bench", rate: 28})
	if err != nil {
		return nil, err
	}
	if err := s.bot.TellRestored(ctx); err != nil {
		return nil, err
	}
	return s, s.firstAdmin(ctx, io.Discard)
}

// partStart opens the file with bbolt alone and the whole service, in turn.
func partStart(b *testing.B, dir string, s *scale) {
	var bare, whole []time.Duration
	for range 5 {
		begun := time.Now()
		db, err := bbolt.Open(databaseOf(dir), 0o600, bareOptions())
		if err != nil {
			b.Fatal(err)
		}
		bare = append(bare, time.Since(begun))
		_ = db.Close()
		begun = time.Now()
		live, err := openService(b.Context(), dir, newStillClock(benchReminder))
		if err != nil {
			b.Fatal(err)
		}
		whole = append(whole, time.Since(begun))
		if err := live.close(); err != nil {
			b.Fatal(err)
		}
	}
	s.BareOpen, s.Open = median(bare), median(whole)
}

// partSweep asks the agenda, and all sources of the clockwork, when nothing is due,
// in the office and in an empty one in turn.
func partSweep(b *testing.B, dir string, s *scale) {
	now := benchReminder.Add(time.Minute)
	full, err := openService(b.Context(), dir, newStillClock(now))
	if err != nil {
		b.Fatal(err)
	}
	empty, err := openService(b.Context(), filepath.Join(dir, "empty"), newStillClock(now))
	if err != nil {
		b.Fatal(err)
	}
	for _, live := range []*service{full, empty} {
		begun := time.Now()
		drain(b, live, now) // the daily audit and what else is due once
		if live == full {
			s.Audit = time.Since(begun)
		}
	}
	const times = 400
	sweep, round := map[*service][]time.Duration{}, map[*service][]time.Duration{}
	for range times {
		for _, live := range []*service{full, empty} {
			begun := time.Now()
			if _, more, err := live.book.Advance(b.Context(), now); err != nil || more {
				b.Fatal(more, err)
			}
			sweep[live] = append(sweep[live], time.Since(begun))
			begun = time.Now()
			if drain(b, live, now) {
				b.Fatal("something was due")
			}
			round[live] = append(round[live], time.Since(begun))
		}
	}
	s.Sweep, s.EmptySweep = median(sweep[full]), median(sweep[empty])
	s.Round, s.EmptyRound = median(round[full]), median(round[empty])
	if err := full.close(); err != nil {
		b.Fatal(err)
	}
	if err := empty.close(); err != nil {
		b.Fatal(err)
	}
}

// drain asks the sources until nothing is due, and reports whether anything was.
func drain(b *testing.B, live *service, now time.Time) (some bool) {
	b.Helper()
	for _, source := range live.work.Sources {
		for more := true; more; {
			var err error
			if _, more, err = source.Advance(b.Context(), now); err != nil {
				b.Fatal(err)
			}
			some = some || more
		}
	}
	return some
}

// partBoard lets one of the staff ask how things stand and takes the time until the
// answer is committed.
func partBoard(b *testing.B, dir string, s *scale) {
	clock := newStillClock(benchReminder.Add(2 * time.Minute))
	live, err := openService(b.Context(), dir, clock)
	if err != nil {
		b.Fatal(err)
	}
	freshen()
	largest := watchMemory()
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- live.bot.Run(ctx) }()
	var took []time.Duration
	for n := range 3 {
		took = append(took, askBoard(b, live, int64(n+1)))
	}
	cancel()
	if err := <-ended; err != nil {
		b.Fatal(err)
	}
	s.Board, s.BoardLargest = median(took), largest()
	if err := live.close(); err != nil {
		b.Fatal(err)
	}
}

// askBoard brings one "/status" in and waits for its answer in the outbox.
func askBoard(b *testing.B, live *service, id int64) time.Duration {
	b.Helper()
	chat := benchChat(benchID(0))
	update := fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%d,"date":1,"text":"/status",`+
		`"entities":[{"type":"bot_command","offset":0,"length":7}],`+
		`"chat":{"id":%d,"type":"private"},"from":{"id":%d,"is_bot":false,"first_name":"x"}}}`, id, id, chat, chat)
	begun := time.Now()
	if err := live.intake.Accept(b.Context(), []wire.Raw{{ID: id, Chat: chat, JSON: json.RawMessage(update)}}, id+1); err != nil {
		b.Fatal(err)
	}
	key := reminders.DeliveryKey(fmt.Sprintf("answer/%d/%s/1", id, live.clock.Now().UTC().Format("20060102")))
	for found := false; !found; time.Sleep(200 * time.Microsecond) {
		err := live.store.View(b.Context(), func(tx reminders.Tx) error {
			d, ok, err := live.store.Outbox().Delivery(tx, key)
			if found = ok; ok && d.Lines[0].Key != "board.body" {
				b.Fatalf("the answer is %s", d.Lines[0].Key)
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(begun)
}

// median of some durations.
func median(all []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}
