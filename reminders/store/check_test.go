package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// place is the key of an entry.
func place(seq uint64) string { return "ledger/" + store.Digits(seq) }

// edit changes the text of a record behind the store's back.
func edit(t *testing.T, engine store.Engine, key string, change func(text string) string) {
	t.Helper()
	record, ok, err := engine.Get(t.Context(), key)
	if err != nil || !ok {
		t.Fatalf("%s: %v, %v", key, ok, err)
	}
	c := store.Change{Key: key, Value: []byte(change(string(record.Value))), Seen: record.Rev}
	if err := engine.Apply(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

// remove deletes a record behind the store's back.
func remove(t *testing.T, engine store.Engine, key string) {
	t.Helper()
	if err := engine.Apply(t.Context(), store.Change{Key: key, Seen: store.Any}); err != nil {
		t.Fatal(err)
	}
}

// TestCheckFinds: whatever is done to the ledger or to a record behind the store's
// back is reported, with the record.
func TestCheckFinds(t *testing.T) {
	tests := []struct {
		name   string
		damage func(t *testing.T, e store.Engine)
		want   []string // check, text, key
	}{
		{"nothing", func(*testing.T, store.Engine) {}, nil},
		{
			"a dropped entry", func(t *testing.T, e store.Engine) { remove(t, e, place(3)) },
			[]string{"chain check.chain.gap " + place(3)},
		},
		{
			"the first entries dropped", func(t *testing.T, e store.Engine) { remove(t, e, place(1)) },
			[]string{"chain check.chain.gap " + place(1)},
		},
		{
			"the last entry dropped", func(t *testing.T, e store.Engine) { remove(t, e, place(5)) },
			[]string{"chain check.chain.head " + place(4)},
		},
		{
			"the head dropped", func(t *testing.T, e store.Engine) { remove(t, e, "chain") },
			[]string{"chain check.chain.head " + place(5)},
		},
		{
			"an altered entry", func(t *testing.T, e store.Engine) {
				edit(t, e, place(3), func(s string) string { return strings.Replace(s, "entry 2", "nothing", 1) })
			},
			[]string{"chain check.chain.sum " + place(3)},
		},
		{
			"an entry altered and sealed", func(t *testing.T, e store.Engine) {
				edit(t, e, place(3), func(s string) string {
					var entry ledger.Entry
					err := store.Decode([]byte(s), &entry)
					entry.Reason = "nothing"
					record, encErr := store.Encode(ledger.Seal(entry.Prev, entry.Seq, entry))
					if err := errors.Join(err, encErr); err != nil {
						t.Fatal(err)
					}
					return string(record)
				})
			},
			[]string{"chain check.chain.link " + place(4)},
		},
		{
			"an entry under another number", func(t *testing.T, e store.Engine) {
				entry, _, _ := e.Get(t.Context(), place(2))
				edit(t, e, place(3), func(string) string { return string(entry.Value) })
			},
			[]string{"chain check.chain.gap " + place(3)},
		},
		{
			"a record cut short", func(t *testing.T, e store.Engine) {
				edit(t, e, "duty/1", func(s string) string { return s[:len(s)-1] })
			},
			[]string{"records check.record duty/1"},
		},
		{
			"a record without a form", func(t *testing.T, e store.Engine) {
				edit(t, e, "duty/1", func(string) string { return "" })
			},
			[]string{"records check.record duty/1"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			engine := mem.New()
			s := open(t, engine)
			for i := range 5 {
				do(t, s, func(u *store.Unit) { u.Append(entry(fmt.Sprintf("entry %d", i))) })
			}
			do(t, s, func(u *store.Unit) { _ = store.Save(u, "duty/1", duty{Officer: "S1"}) })
			tt.damage(t, engine)
			problems, err := s.Check(t.Context())
			var got []string
			for _, p := range problems {
				got = append(got, fmt.Sprintf("%s %s %s", p.Check, p.Text.Key, p.Key))
			}
			if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// TestLedgerReading: by number and limit, and as a walk of any length that can be
// proved from any entry on.
func TestLedgerReading(t *testing.T) {
	s := memory(t)
	const n = 600 // more than two pages
	for i := range n / 100 {
		do(t, s, func(u *store.Unit) {
			for k := range 100 {
				u.Append(entry(fmt.Sprint(i*100 + k)))
			}
		})
	}
	some, err := s.Ledger(t.Context(), 42, 2)
	if err != nil || len(some) != 2 || some[0].Seq != 42 || some[1].Seq != 43 {
		t.Errorf("got %+v, %v", some, err)
	}
	for _, from := range []uint64{0, 1, 257, n, n + 1} {
		proof, err := ledger.Verify(s.Entries(t.Context(), from))
		if want := n + 1 - max(from, 1); err != nil || proof.Break != nil || proof.Count != want {
			t.Errorf("from %d: %+v, %v, want %d entries", from, proof, err, want)
		}
	}
}
