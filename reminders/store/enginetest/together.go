package enginetest

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
)

// testReopen: records and revisions outlive the engine that wrote them.
func testReopen(t *testing.T, open func() store.Engine) {
	first := open()
	apply(t, first, put("a", "1"), put("b", "1"))
	apply(t, first, put("a", "2"))
	before, _ := get(t, first, "a")
	check(t, first.Close())

	second := opened(t, open)
	holds(t, second, "a=2", "b=1")
	after, _ := get(t, second, "a")
	if after.Rev != before.Rev {
		t.Errorf("revision %d became %d", before.Rev, after.Rev)
	}
	apply(t, second, put("c", "3"))
	if c, _ := get(t, second, "c"); c.Rev <= before.Rev {
		t.Errorf("revisions went back from %d to %d", before.Rev, c.Rev)
	}
}

// testCounting: of those who saw the same revision one wins, so no increment is
// lost however many count at once.
func testCounting(t *testing.T, open func() store.Engine) {
	e := opened(t, open)
	const counters, times = 8, 20
	var group sync.WaitGroup
	for range counters {
		group.Go(func() {
			for range times {
				if err := increment(t, e); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	holds(t, e, fmt.Sprintf("n=%d", counters*times))
}

// increment adds one to the record "n" and tries until it wins.
func increment(t *testing.T, e store.Engine) error {
	for {
		record, _, err := e.Get(t.Context(), "n")
		if err != nil {
			return err
		}
		n, _ := strconv.Atoi(string(record.Value))
		next := store.Change{Key: "n", Value: []byte(strconv.Itoa(n + 1)), Seen: record.Rev}
		err = e.Apply(t.Context(), next)
		if reminders.KindOf(err) != reminders.Conflict || err == nil {
			return err
		}
	}
}

// testReadingWhileWriting: readers see each Apply whole or not at all, and are
// never held up by it.
func testReadingWhileWriting(t *testing.T, open func() store.Engine) {
	e := opened(t, open)
	apply(t, e, put("a", "0"), put("z", "0"))
	done := make(chan struct{})
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					agree(t, e)
				}
			}
		})
	}
	for i := range 100 {
		value := strconv.Itoa(i)
		apply(t, e, put("a", value), put("m/"+value, value), put("z", value))
	}
	close(done)
	group.Wait()
}

// agree wants the records "a" and "z", which are always written together, to be
// alike in one snapshot and in one list.
func agree(t *testing.T, e store.Engine) {
	s, err := e.Snapshot(t.Context())
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { _ = s.Close() }()
	a, _, _ := s.Get(t.Context(), "a")
	z, _, _ := s.Get(t.Context(), "z")
	all, err := e.List(t.Context(), "", "", 0)
	if err != nil || !bytes.Equal(a.Value, z.Value) || !bytes.Equal(all[0].Value, all[len(all)-1].Value) {
		t.Errorf("a=%s z=%s, list %s..%s, %v", a.Value, z.Value, all[0].Value, all[len(all)-1].Value, err)
	}
}

// testLikeMap: any sequence of batches leaves what a map would hold.
func testLikeMap(t *testing.T, open func() store.Engine) {
	e := opened(t, open)
	rapid.Check(t, func(r *rapid.T) {
		model := emptied(r, e)
		for range rapid.IntRange(1, 6).Draw(r, "batches") {
			batch := rapid.MapOfN(rapid.StringMatching(`[a-d]{1,3}`), rapid.SliceOfN(rapid.Byte(), 0, 3), 1, 12).Draw(r, "batch")
			var changes []store.Change
			for key, value := range batch {
				if len(value) == 0 {
					value = nil
					delete(model, key)
				} else {
					model[key] = string(value)
				}
				changes = append(changes, store.Change{Key: key, Value: value, Seen: store.Any})
			}
			if err := e.Apply(r.Context(), changes...); err != nil {
				r.Fatal(err)
			}
		}
		compare(r, e, model)
	})
}

// emptied empties the engine and gives an empty model.
func emptied(r *rapid.T, e store.Engine) map[string]string {
	records, err := e.List(r.Context(), "", "", 0)
	if err != nil {
		r.Fatal(err)
	}
	var changes []store.Change
	for _, record := range records {
		changes = append(changes, store.Change{Key: record.Key, Seen: record.Rev})
	}
	if err := e.Apply(r.Context(), changes...); err != nil {
		r.Fatal(err)
	}
	return map[string]string{}
}

// compare wants a random range of the engine to be that of the model.
func compare(r *rapid.T, e store.Engine, model map[string]string) {
	from := rapid.StringMatching(`[a-d]{0,2}`).Draw(r, "from")
	to := rapid.StringMatching(`[a-e]{0,2}`).Draw(r, "to")
	limit := rapid.IntRange(0, 8).Draw(r, "limit")
	var want, got []string
	for _, key := range slices.Sorted(maps.Keys(model)) {
		if key >= from && (to == "" || key < to) && (limit == 0 || len(want) < limit) {
			want = append(want, key+"="+model[key])
		}
	}
	records, err := e.List(r.Context(), from, to, limit)
	if err != nil {
		r.Fatal(err)
	}
	for _, record := range records {
		got = append(got, record.Key+"="+string(record.Value))
	}
	if !slices.Equal(want, got) {
		r.Fatalf("List(%q, %q, %d) = %q, want %q", from, to, limit, got, want)
	}
}
