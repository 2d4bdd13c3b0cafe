package store_test

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// move is a unit of work: it reads some records and writes their sum, plus one,
// to another.
type move struct {
	From []int
	To   int
}

// moves makes random ones over few keys, so that they are in each other's way.
var moves = rapid.Custom(func(r *rapid.T) move {
	key := rapid.IntRange(0, 3)
	return move{From: rapid.SliceOfN(key, 0, 3).Draw(r, "from"), To: key.Draw(r, "to")}
})

// TestSerial: units of work that run at once leave what they would have left one
// after the other, in the order of their entries in the ledger.
func TestSerial(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		plans := rapid.SliceOfN(rapid.SliceOfN(moves, 1, 6), 2, 6).Draw(r, "plans")
		s, err := store.Open(r.Context(), mem.New(), still{}, quiet)
		if err != nil {
			r.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		together(r, s, plans)
		replay(r, s, plans)
		if problems, err := s.Check(r.Context()); err != nil || len(problems) > 0 {
			r.Fatalf("Check found %v, %v", problems, err)
		}
	})
}

// together runs each plan in a goroutine of its own.
func together(r *rapid.T, s *store.Store, plans [][]move) {
	var group sync.WaitGroup
	for p, plan := range plans {
		group.Go(func() {
			for m, mv := range plan {
				name := fmt.Sprintf("%d.%d", p, m)
				err := s.Do(r.Context(), func(tx reminders.Tx) error { return mv.run(unit(tx), name) })
				if err != nil {
					r.Errorf("%s: %v", name, err)
				}
			}
		})
	}
	group.Wait()
}

// run does the move in a unit of work and appends its name.
func (m move) run(u *store.Unit, name string) error {
	sum := 1
	for _, from := range m.From {
		n, _, err := store.Load[int](u, key(from))
		if err != nil {
			return err
		}
		sum += n
	}
	u.Append(entry(name))
	return store.Save(u, key(m.To), sum)
}

// key names a record.
func key(n int) string { return "n/" + strconv.Itoa(n) }

// replay does the moves in the order of the ledger and compares what is left.
func replay(r *rapid.T, s *store.Store, plans [][]move) {
	want := map[int]int{}
	entries, err := s.Ledger(r.Context(), 1, 0)
	if err != nil {
		r.Fatal(err)
	}
	for _, e := range entries {
		var p, m int
		_, _ = fmt.Sscanf(e.Reason, "%d.%d", &p, &m)
		sum := 1
		for _, from := range plans[p][m].From {
			sum += want[from]
		}
		want[plans[p][m].To] = sum
	}
	if diff := cmp.Diff(want, left(r, s)); diff != "" {
		r.Fatalf("after %d units (-want +got):\n%s", len(entries), diff)
	}
}

// left reads what the moves have left.
func left(r *rapid.T, s *store.Store) map[int]int {
	got := map[int]int{}
	err := s.View(context.Background(), func(tx reminders.Tx) error {
		for n := range 4 {
			v, ok, err := store.Load[int](unit(tx), key(n))
			if err != nil {
				return err
			}
			if ok {
				got[n] = v
			}
		}
		return nil
	})
	if err != nil {
		r.Fatal(err)
	}
	return got
}
