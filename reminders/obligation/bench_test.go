package obligation_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/dispatch"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/bolt"
)

// BenchmarkSweepNothingDue asks the agenda when nothing is due: with a million open
// obligations under shared terms it costs what it costs on an empty store, since
// nothing is scanned.
func BenchmarkSweepNothingDue(b *testing.B) {
	for _, lines := range []int{0, 1_000_000} {
		b.Run(fmt.Sprintf("open=%d", lines), func(b *testing.B) {
			if lines > 0 && testing.Short() {
				b.Skip("a million obligations take a while to write")
			}
			desk := filled(b, lines)
			now := on(23, 9, 0)
			for b.Loop() {
				if _, more, err := desk.Advance(context.Background(), now); err != nil || more {
					b.Fatalf("more %t, %v", more, err)
				}
			}
		})
	}
}

// perTerms is how many obligations share terms in the benchmark: a large notice.
const perTerms = 10_000

// filled opens a book on a disk with so many open lines.
func filled(b *testing.B, lines int) *obligation.Desk {
	b.Helper()
	engine, err := bolt.Open(filepath.Join(b.TempDir(), "bench.db"))
	if err != nil {
		b.Fatal(err)
	}
	s, err := store.Open(context.Background(), engine, &clock{on(22, 9, 0)}, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close(); _ = engine.Close() })
	fill(b, s, lines)
	return obligation.NewDesk(s, s.Obligations(), s, directory{}, dispatch.NewPost(s.Outbox(), asWanted{}))
}

// fill writes open lines, as many in one unit of work as the engine takes.
func fill(b *testing.B, s *store.Store, lines int) {
	b.Helper()
	book := s.Obligations()
	at := s.MaxUnit()/2 - 8 // a line and its place among those of its owner
	for first := 0; first < lines; first += at {
		err := s.Do(context.Background(), func(tx reminders.Tx) error {
			for n := first; n < min(lines, first+at); n++ {
				t := integrity()
				t.ID = obligation.TermsID(fmt.Sprintf("terms/%05d", n/perTerms))
				if n%perTerms == 0 {
					t.Handle, t.Members = obligation.HandleOf(t.ID), perTerms
					t.Ladder[0].At = t.Ladder[0].At.Add(time.Duration(n/perTerms) * time.Second)
					if err := book.SaveTerms(tx, t); err != nil {
						return err
					}
				}
				line := asked()
				line.Terms = t.ID
				line.Owner.Person = reminders.PersonID(fmt.Sprintf("G%06d", n))
				if err := book.SaveObligation(tx, line); err != nil {
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
