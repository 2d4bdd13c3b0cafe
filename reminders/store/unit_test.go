package store_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// TestUnitReadsItself: a unit sees what it wrote over what was there, in Get and
// in every range and page of List.
func TestUnitReadsItself(t *testing.T) {
	s := memory(t)
	keys := rapid.StringMatching(`m/[a-d]{1,2}`)
	rapid.Check(t, func(r *rapid.T) {
		model := map[string]string{}
		do(t, s, func(u *store.Unit) {
			old, _ := u.List("m/", "m0", 0)
			for _, record := range old {
				u.Delete(record.Key)
			}
			for key, v := range rapid.MapOf(keys, rapid.StringN(0, 3, -1)).Draw(r, "before") {
				u.Put(key, []byte(v))
				model[key] = v
			}
		})
		do(t, s, func(u *store.Unit) {
			for range rapid.IntRange(1, 12).Draw(r, "steps") {
				step(r, u, keys.Draw(r, "key"), model)
			}
		})
	})
}

// step does one thing to a unit and to its model, and compares.
func step(r *rapid.T, u *store.Unit, key string, model map[string]string) {
	switch rapid.IntRange(0, 3).Draw(r, "act") {
	case 0:
		model[key] = rapid.StringN(0, 3, -1).Draw(r, "value")
		u.Put(key, []byte(model[key]))
	case 1:
		delete(model, key)
		u.Delete(key)
	case 2:
		want, there := model[key]
		if got, ok, err := u.Get(key); err != nil || ok != there || string(got) != want {
			r.Fatalf("Get(%q) = %q, %v, %v, want %q, %v", key, got, ok, err, want, there)
		}
	case 3:
		limit := rapid.IntRange(0, 5).Draw(r, "limit")
		var want, got []string
		for _, k := range slices.Sorted(maps.Keys(model)) {
			if k >= key && (limit == 0 || len(want) < limit) {
				want = append(want, k+"="+model[k])
			}
		}
		records, err := u.List(key, "m0", limit)
		for _, record := range records {
			got = append(got, fmt.Sprintf("%s=%s", record.Key, record.Value))
		}
		if err != nil || !slices.Equal(want, got) {
			r.Fatalf("List(%q, %d) = %q, %v, want %q", key, limit, got, err, want)
		}
	}
}

// duty is a record.
type duty struct {
	Officer string `json:"officer"`
	Hours   int    `json:"hours,omitempty"`
}

// TestRecords: what Save wrote, Load and Scan read, page after page, also in the
// unit that wrote it.
func TestRecords(t *testing.T) {
	s := memory(t)
	want := map[string]duty{}
	for part := range 6 {
		do(t, s, func(u *store.Unit) {
			for i := range 100 {
				d := duty{Officer: fmt.Sprintf("S%d", i), Hours: part*100 + i}
				key := "duty/" + store.Digits(uint64(d.Hours))
				want[key] = d
				if err := store.Save(u, key, d); err != nil {
					t.Fatal(err)
				}
			}
			if part == 5 {
				scanned(t, u, want)
			}
		})
	}
	do(t, s, func(u *store.Unit) { scanned(t, u, want) })
}

// scanned wants Scan, and Load for each key, to give want in order.
func scanned(t *testing.T, u *store.Unit, want map[string]duty) {
	t.Helper()
	from, to := store.Prefix("duty/")
	got, last := map[string]duty{}, ""
	for row, err := range store.Scan[duty](u, from, to) {
		one, ok, loadErr := store.Load[duty](u, row.Key)
		if err != nil || loadErr != nil || !ok || one != row.Value || row.Key <= last {
			t.Fatalf("%+v after %q: %v, %+v, %v, %v", row, last, err, one, ok, loadErr)
		}
		got[row.Key], last = row.Value, row.Key
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestRecordForms: a record is a byte and JSON; one without a form, one of a later
// form and one that does not fit are errors, and say nothing of the content.
func TestRecordForms(t *testing.T) {
	tests := []struct {
		name, record, text string
	}{
		{"nothing", "", ""},
		{"no form", "\x00{}", ""},
		{"later form", "\x02{}", "error.store.newer"},
		{"no JSON", "\x01{", ""},
		{"another type", "\x01{\"officer\":1}", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := memory(t)
			do(t, s, func(u *store.Unit) { u.Put("duty/secret", []byte(tt.record)) })
			err := s.View(t.Context(), func(tx reminders.Tx) error {
				_, _, err := store.Load[duty](unit(tx), "duty/secret")
				return err
			})
			if err == nil || reminders.KindOf(err) != reminders.Internal || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v", err)
			}
			if key := reminders.MessageOf(err).Key; key != tt.text {
				t.Errorf("text %q, want %q", key, tt.text)
			}
		})
	}
}

// TestPrefix: the range of a prefix is everything that begins with it.
func TestPrefix(t *testing.T) {
	tests := []struct{ prefix, to string }{
		{"a/", "a0"}, {"a\xff", "b"}, {"\xff\xff", ""}, {"", ""},
	}
	for _, tt := range tests {
		if from, to := store.Prefix(tt.prefix); from != tt.prefix || to != tt.to {
			t.Errorf("Prefix(%q) = %q, %q, want to %q", tt.prefix, from, to, tt.to)
		}
	}
}

// TestDigits: keys sort as their numbers do, since all have twenty digits.
func TestDigits(t *testing.T) {
	tests := []struct {
		n    uint64
		want string
	}{
		{0, "00000000000000000000"}, {42, "00000000000000000042"}, {math.MaxUint64, "18446744073709551615"},
	}
	for _, tt := range tests {
		if got := store.Digits(tt.n); got != tt.want {
			t.Errorf("Digits(%d) = %s, want %s", tt.n, got, tt.want)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		a, b := rapid.Uint64().Draw(r, "a"), rapid.Uint64().Draw(r, "b")
		if (a < b) != (store.Digits(a) < store.Digits(b)) {
			r.Fatalf("%d and %d sort otherwise", a, b)
		}
	})
}

// TestUnitInstant: a unit of work happens at one instant, in UTC, and so do its
// entries, in the order of their appending.
func TestUnitInstant(t *testing.T) {
	s := memory(t)
	do(t, s, func(u *store.Unit) {
		if now := u.Now(); !now.Equal(eve) || now.Location() != time.UTC {
			t.Errorf("now is %v", now)
		}
		u.Append(entry("first"))
		u.Append(entry("second"))
	})
	got, err := s.Ledger(t.Context(), 1, 0)
	if err != nil || len(got) != 2 {
		t.Fatalf("got %v, %v", got, err)
	}
	for i, reason := range []string{"first", "second"} {
		if e := got[i]; e.Reason != reason || e.Seq != uint64(i+1) || !e.At.Equal(eve) {
			t.Errorf("entry %d is %+v", i+1, e)
		}
	}
}

// TestUnitMisuse: what a unit may not do fails the whole unit.
func TestUnitMisuse(t *testing.T) {
	tests := []struct {
		name string
		kind reminders.Kind
		f    func(u *store.Unit)
	}{
		{"empty key", reminders.Invalid, func(u *store.Unit) { u.Put("", nil) }},
		{"large value", reminders.Invalid, func(u *store.Unit) { u.Put("k", make([]byte, store.MaxValue+1)) }},
		{"entry without verb", reminders.Internal, func(u *store.Unit) { u.Append(ledger.Entry{Actor: "S1"}) }},
		{"entry without actor", reminders.Internal, func(u *store.Unit) { u.Append(ledger.Entry{Verb: ledger.Audit}) }},
		{"too much", reminders.Internal, func(u *store.Unit) {
			for i := range mem.MaxChanges {
				u.Put(fmt.Sprint(i), nil)
			}
			u.Append(entry("one more"))
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := memory(t)
			err := s.Do(t.Context(), func(tx reminders.Tx) error {
				unit(tx).Put("0", []byte("written"))
				tt.f(unit(tx))
				return nil
			})
			if err == nil || reminders.KindOf(err) != tt.kind {
				t.Errorf("got %v, want %s", err, tt.kind)
			}
			if got := value(t, s, "0"); got != "none" {
				t.Errorf("the rest of the unit was committed: %q", got)
			}
			sound(t, s)
		})
	}
}

// TestUnitOfMaxUnit: a unit of exactly MaxUnit records and its entry fit.
func TestUnitOfMaxUnit(t *testing.T) {
	s := memory(t)
	do(t, s, func(u *store.Unit) {
		for i := range s.MaxUnit() - 1 {
			u.Put(fmt.Sprint(i), nil)
		}
		u.Append(entry("import"))
	})
	if got := value(t, s, "0"); got != "" {
		t.Errorf("got %q", got)
	}
}

// TestView: a view sees one state and writes nothing.
func TestView(t *testing.T) {
	s := memory(t)
	do(t, s, func(u *store.Unit) { u.Put("a", []byte("1")) })
	writes := map[string]func(u *store.Unit){
		"put":    func(u *store.Unit) { u.Put("a", []byte("2")) },
		"delete": func(u *store.Unit) { u.Delete("a") },
		"append": func(u *store.Unit) { u.Append(entry("x")) },
		"number": func(u *store.Unit) { _, _ = u.Number("n") },
	}
	for name, write := range writes {
		err := s.View(t.Context(), func(tx reminders.Tx) error { write(unit(tx)); return nil })
		if err == nil || reminders.KindOf(err) != reminders.Internal {
			t.Errorf("%s in a view gave %v", name, err)
		}
	}
	err := s.View(t.Context(), func(tx reminders.Tx) error {
		_, _, _ = unit(tx).Get("b")
		do(t, s, func(u *store.Unit) { u.Put("a", []byte("3")) })
		got, _, err := unit(tx).Get("a")
		if string(got) != "1" {
			t.Errorf("the state of a view moved on to %q", got)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// other is a unit of work of somebody else.
type other struct{ reminders.Tx }

// TestForeignUnit: a unit of work that is not ours is refused, and so is one
// whose time is over.
func TestForeignUnit(t *testing.T) {
	s := memory(t)
	if err := s.Append(other{}, entry("x")); err == nil || reminders.KindOf(err) != reminders.Internal {
		t.Errorf("a foreign unit gave %v", err)
	}
	var kept *store.Unit
	do(t, s, func(u *store.Unit) { kept = u })
	if _, _, err := kept.Get("a"); err == nil || reminders.KindOf(err) != reminders.Internal {
		t.Errorf("a unit that is over gave %v", err)
	}
}
