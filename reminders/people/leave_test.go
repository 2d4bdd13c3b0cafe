package people_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// away is who is away, over a real store, with S001 and S002 enrolled and S003 retired.
type away struct {
	*people.Leaves
	store *store.Store
	now   time.Time
}

func (a *away) Now() time.Time                                   { return a.now }
func (a *away) WaitUntil(ctx context.Context, _ time.Time) error { return ctx.Err() }

func newAway(t *testing.T) *away {
	t.Helper()
	a := &away{now: start}
	var err error
	if a.store, err = store.Open(t.Context(), mem.New(), a, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.store.Close() })
	desk := people.New(a.store.People(), a.store, people.NewCode)
	zone := time.FixedZone("", 8*60*60)
	a.Leaves = people.NewLeaves(a.store.Leaves(), desk, func() *time.Location { return zone })
	a.do(t, func(tx reminders.Tx) error {
		for id, status := range map[reminders.PersonID]people.Status{"S001": people.Active, "S002": people.Active, "S003": people.Retired} {
			r := person(id, "甲科")
			r.Status = status
			if err := a.store.People().SavePerson(tx, r); err != nil {
				return err
			}
		}
		return nil
	})
	return a
}

func (a *away) do(t *testing.T, f func(tx reminders.Tx) error) {
	t.Helper()
	if err := a.store.Do(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// day is one of October 2026.
func day(n int) calendar.Date { return calendar.Date{Year: 2026, Month: 10, Day: n} }

// TestLeave: the days count from the first midnight of the place to the one after the
// last; taking back is recorded, and frees the days; the reason stays out of the ledger.
func TestLeave(t *testing.T) {
	a := newAway(t)
	a.do(t, func(tx reminders.Tx) error {
		l, err := a.Enter(tx, people.Leave{Person: "S001", From: day(1), To: day(3), Reason: " 病假 "}, "S002")
		if l.Number != 1 || l.Reason != "病假" || l.By != "S002" || !l.At.Equal(start) || !l.Holds() {
			t.Errorf("entered %+v", l)
		}
		return err
	})
	at := func(d, hour int) time.Time { return time.Date(2026, 10, d, hour, 0, 0, 0, time.FixedZone("", 8*60*60)) }
	for _, row := range []struct {
		from, to time.Time
		want     bool
	}{
		{at(3, 23), at(4, 8), true}, {at(4, 0), at(4, 8), false}, {at(0, 20), at(1, 0), false}, {at(0, 20), at(1, 1), true},
	} {
		a.do(t, func(tx reminders.Tx) error {
			got, err := a.OnLeave(tx, "S001", reminders.Window{From: row.from.UTC(), To: row.to.UTC()})
			if got != row.want {
				t.Errorf("%s to %s: %v", row.from, row.to, got)
			}
			return err
		})
	}
	a.now = a.now.Add(time.Hour)
	a.do(t, func(tx reminders.Tx) error {
		same, err := a.Enter(tx, people.Leave{Person: "S001", From: day(1), To: day(3)}, "S001")
		if same.Number != 1 || same.By != "S002" {
			t.Errorf("the same days again: %+v", same)
		}
		return err
	})
	a.do(t, func(tx reminders.Tx) error { _, err := a.TakeBack(tx, "S001", 1, "S001"); return err })
	a.do(t, func(tx reminders.Tx) error { _, err := a.TakeBack(tx, "S001", 1, "S002"); return err })
	a.do(t, func(tx reminders.Tx) error {
		l, err := a.Enter(tx, people.Leave{Person: "S001", From: day(2), To: day(2)}, "S001")
		if l.Number != 2 {
			t.Errorf("number %d", l.Number)
		}
		list, _ := a.Of(tx, "S001", day(1))
		if len(list) != 1 || list[0].Number != 2 {
			t.Errorf("leaves %+v", list)
		}
		return err
	})
	var reasons []string
	for e, err := range a.store.Entries(t.Context(), 1) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Verb == ledger.OnLeave {
			reasons = append(reasons, e.Reason)
		}
		if strings.Contains(fmt.Sprintf("%+v", e), "病假") {
			t.Errorf("entry %+v", e)
		}
	}
	if d := cmp.Diff([]string{"entered", "taken-back", "entered"}, reasons); d != "" {
		t.Error(d)
	}
}

// TestLeaveRefuses: each row cannot be entered, and says why.
func TestLeaveRefuses(t *testing.T) {
	a := newAway(t)
	a.do(t, func(tx reminders.Tx) error {
		_, err := a.Enter(tx, people.Leave{Person: "S001", From: day(5), To: day(8)}, "S001")
		return err
	})
	next := day(5)
	next.Year++
	for _, row := range []struct {
		name  string
		leave people.Leave
		kind  reminders.Kind
		key   string
	}{
		{"nobody", people.Leave{Person: "S009", From: day(1), To: day(1)}, reminders.NotFound, "people.unknown"},
		{"somebody who has left", people.Leave{Person: "S003", From: day(1), To: day(1)}, reminders.NotFound, "people.unknown"},
		{"the wrong way round", people.Leave{Person: "S001", From: day(2), To: day(1)}, reminders.Invalid, "people.leave_days"},
		{"no day", people.Leave{Person: "S001", From: day(2)}, reminders.Invalid, "people.leave_days"},
		{"more than a year", people.Leave{Person: "S001", From: day(4), To: next}, reminders.Invalid, "people.leave_long"},
		{"a novel", people.Leave{Person: "S001", From: day(1), To: day(1), Reason: strings.Repeat("长", 101)}, reminders.Invalid, "people.row.too_long"},
		{"overlapping", people.Leave{Person: "S001", From: day(8), To: day(9)}, reminders.Invalid, "people.leave_overlap"},
	} {
		t.Run(row.name, func(t *testing.T) {
			err := a.store.Do(t.Context(), func(tx reminders.Tx) error { _, err := a.Enter(tx, row.leave, "S001"); return err })
			if err == nil || reminders.KindOf(err) != row.kind || reminders.MessageOf(err).Key != row.key {
				t.Errorf("%v with text %q, want %s with %q", err, reminders.MessageOf(err).Key, row.kind, row.key)
			}
		})
	}
	err := a.store.Do(t.Context(), func(tx reminders.Tx) error { _, err := a.TakeBack(tx, "S001", 9, "S001"); return err })
	if reminders.KindOf(err) != reminders.NotFound {
		t.Errorf("taking back nothing: %v", err)
	}
}

// rowKeys writes row errors as "row column key".
func rowKeys[E interface{ Line() reminders.Message }](errs []E) []string {
	var keys []string
	for _, e := range errs {
		m := e.Line()
		line := fmt.Sprint(*m.Args["Row"].Number)
		if column, found := m.Args["Column"]; found {
			line += " " + *column.Text
		}
		keys = append(keys, line+" "+m.Args["Reason"].Say.Key)
	}
	return keys
}

// TestReadLeaves: what is wrong with a file, row by row, when it is read and when it is
// held against the register.
func TestReadLeaves(t *testing.T) {
	for _, row := range []struct {
		name, file string
		want       []string
	}{
		{"as the contract has it", "staff_no,from,to,reason\nS001,2026-10-01,2026-10-03,sick\n", nil},
		{"Chinese headers", "工号,开始,结束,原因\nS001,2026年10月1日,2026/10/3,病假\n", nil},
		{"without reasons", "工号,开始日期,结束日期\nS001,20261001,2026.10.3\n", nil},
		{"31 September", "工号,开始,结束\nS001,2026-09-31,2026-10-03\n", []string{"2 开始 sheet.date_wrong"}},
		{"the wrong way round", "工号,开始,结束\nS001,2026-10-03,2026-10-01\n", []string{"2 结束 people.leave_days"}},
		{"an empty cell", "工号,开始,结束\n,2026-10-03,\n", []string{"2 工号 sheet.cell_empty", "2 结束 sheet.cell_empty", "2 工号 people.unknown"}},
		{"an unknown person", "工号,开始,结束\nS009,2026-10-01,2026-10-03\n", []string{"2 工号 people.unknown"}},
		{"another unit's person", "工号,开始,结束\nS002,2026-10-01,2026-10-03\n", []string{"2 工号 people.leave_other"}},
		{"two rows that overlap", "工号,开始,结束\nS001,2026-10-01,2026-10-03\nS001,2026-10-03,2026-10-04\n", []string{"3 开始 people.leave_overlap"}},
		{"two rows alike", "工号,开始,结束\nS001,2026-10-01,2026-10-03\nS001,2026-10-01,2026-10-03\n", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			a := newAway(t)
			list, errs, err := people.ReadLeaves("l.csv", []byte(row.file))
			if err != nil {
				t.Fatal(err)
			}
			got := rowKeys(errs)
			a.do(t, func(tx reminders.Tx) error {
				diff, more, err := a.Preview(tx, list, func(r people.Record) bool { return r.ID != "S002" })
				got = append(got, rowKeys(more)...)
				if row.want == nil && len(diff.New) != 1 {
					t.Errorf("new %+v", diff.New)
				}
				return err
			})
			if d := cmp.Diff(row.want, got); d != "" {
				t.Error(d)
			}
		})
	}
	for name, file := range map[string]string{"people.file_empty": "工号,开始,结束\n", "sheet.column_missing": "工号,姓名\nS001,甲\n", "sheet.empty": ""} {
		if _, _, err := people.ReadLeaves("l.csv", []byte(file)); reminders.MessageOf(err).Key != name {
			t.Errorf("%q: %v", file, err)
		}
	}
}

// TestApplyLeaves: an import that was interrupted goes on where it stopped and calls for
// each new leave once.
func TestApplyLeaves(t *testing.T) {
	a := newAway(t)
	var file strings.Builder
	file.WriteString("工号,开始,结束\n")
	for d := 1; d <= 12; d++ {
		fmt.Fprintf(&file, "S001,%s,%s\n", day(d), day(d))
	}
	list, errs, err := people.ReadLeaves("l.csv", []byte(file.String()))
	if err != nil || len(errs) > 0 {
		t.Fatal(err, errs)
	}
	stop := errors.New("stopped")
	var heard []int
	entered := func(fail int) func(reminders.Tx, people.Leave) error {
		return func(_ reminders.Tx, l people.Leave) error {
			if l.From.Day == fail {
				return stop
			}
			if !slices.Contains(heard, l.From.Day) {
				heard = append(heard, l.From.Day)
			}
			return nil
		}
	}
	first, err := a.Apply(t.Context(), a.store, list, "S900", entered(8))
	if !errors.Is(err, stop) || len(first) != 5 {
		t.Fatalf("%d leaves, %v", len(first), err)
	}
	a.now = a.now.Add(time.Minute)
	second, err := a.Apply(t.Context(), a.store, list, "S900", entered(0))
	if err != nil || len(second) != 7 || len(heard) != 12 {
		t.Errorf("%d leaves, heard of %d, %v", len(second), len(heard), err)
	}
}

// FuzzReadLeaves: no bytes make reading panic, and every refusal has a text.
func FuzzReadLeaves(f *testing.F) {
	f.Add([]byte("工号,开始,结束,原因\nS001,2026-10-01,2026-10-03,病假\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		list, errs, err := people.ReadLeaves("l.csv", file)
		if err != nil && reminders.MessageOf(err).Key == "" {
			t.Fatalf("error without a text: %v", err)
		}
		for _, e := range list.Entries {
			if len(errs) == 0 && (e.Leave.Person == "" || e.Leave.To.Before(e.Leave.From)) {
				t.Fatalf("entry %+v", e)
			}
		}
	})
}
