package notice_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// copies counts the copies of a notice that wait for each person.
func (o *office) copies(id string) map[reminders.PersonID]int {
	o.t.Helper()
	got := map[reminders.PersonID]int{}
	for _, d := range o.waiting() {
		for _, line := range d.Lines {
			if line.Ref == id {
				got[d.Person]++
			}
		}
	}
	return got
}

// crashing plays the publication at an instant with a crash at every commit, before
// and after it, and calls check once the next process is through.
func crashing(t *testing.T, at time.Time, check func(t *testing.T, o *office)) {
	t.Helper()
	for _, after := range []bool{false, true} {
		for failAt := 1; ; failAt++ {
			o := newOffice(t, 95, at.Add(-time.Minute))
			o.at(at.Add(-time.Minute))
			o.engine.applied, o.engine.failAt, o.engine.after = 0, failAt, after
			o.clock.now = at
			err := o.advance()
			if err == nil {
				if failAt < 4 {
					t.Fatalf("only %d commits: too few to interrupt", failAt-1)
				}
				break
			}
			if !errors.Is(err, errPower) {
				t.Fatal(err)
			}
			o.restart()
			o.at(at.Add(time.Minute))
			check(t, o)
			o.balanced()
			if t.Failed() {
				t.Fatalf("after a crash at commit %d, after the commit: %t", failAt, after)
			}
			o.stop()
		}
	}
}

// A publication that is interrupted between any two chunks leaves everyone with
// exactly one message and one line.
func TestInterruptedPublicationToPeople(t *testing.T) {
	const id = block + "/holiday-reminder"
	crashing(t, day(9, 22, 9, 0), func(t *testing.T, o *office) {
		got := o.copies(id)
		for _, p := range o.reg.people {
			if got[p.ID] != 1 {
				t.Errorf("%s has %d copies", p.ID, got[p.ID])
			}
		}
		if lines := o.lines(id); len(lines) != len(o.reg.people) || len(got) != len(o.reg.people) {
			t.Errorf("%d lines, %d readers, %d people", len(lines), len(got), len(o.reg.people))
		}
		n := o.notice(id)
		if n.State != notice.Published || n.Copies != len(o.reg.people) {
			t.Errorf("the notice is %s with %d copies", n.State, n.Copies)
		}
		published := 0
		for _, e := range o.entries(ledger.Published) {
			if e.Object == id {
				published++
			}
		}
		if published != 1 {
			t.Errorf("%d entries say that it was published", published)
		}
	})
}

// So does one to units: one line for each, one copy for each liaison and leader,
// also for somebody who is both.
func TestInterruptedPublicationToUnits(t *testing.T) {
	const id = block + "/unit-notice"
	crashing(t, day(9, 18, 9, 0), func(t *testing.T, o *office) {
		got := o.copies(id)
		readers := 0
		for _, p := range o.reg.people {
			want := 0
			if len(p.Roles) > 0 && p.Unit != "u00" {
				want, readers = 1, readers+1
			}
			if got[p.ID] != want {
				t.Errorf("%s has %d copies, want %d", p.ID, got[p.ID], want)
			}
		}
		if n := o.notice(id); n.State != notice.Published || n.Copies != readers {
			t.Errorf("the notice is %s with %d copies, want %d", n.State, n.Copies, readers)
		}
		if lines := o.lines(id); len(lines) != 11 { // ten units and the office
			t.Errorf("%d lines", len(lines))
		}
		asks := 0
		for _, d := range o.waiting() {
			for _, ask := range d.Asks {
				if ask.Terms == id {
					asks++
				}
			}
		}
		if asks != 10 {
			t.Errorf("%d liaisons are asked, want one in each of 10 units", asks)
		}
	})
}

// A publication that an outage holds up past the closing leaves no line open.
func TestPublicationAfterTheClosing(t *testing.T) {
	o := newOffice(t, 95, day(9, 22, 8, 59))
	o.engine.failAt = o.engine.applied + 12 // in the middle of the expansion
	o.clock.now = day(9, 22, 9, 0)
	if err := o.advance(); !errors.Is(err, errPower) {
		t.Fatal(err)
	}
	o.restart()
	o.at(day(10, 9, 12, 0))
	for _, line := range o.lines(block + "/holiday-reminder") {
		if line.State == obligation.Open {
			t.Errorf("%s is open", line.Owner.Person)
		}
	}
	if got := len(o.lines(block + "/holiday-reminder")); got != len(o.reg.people) {
		t.Errorf("%d lines for %d people", got, len(o.reg.people))
	}
	o.balanced()
}

// What becomes due while another notice is being published is published too.
func TestDueDuringAPublication(t *testing.T) {
	o := newOffice(t, 95, day(9, 18, 8, 0))
	o.clock.now = day(9, 18, 9, 0)
	for n, made := 0, false; n < 20 && !made; n++ {
		_, made = o.find(block + "/unit-notice")
		if made {
			break
		}
		if _, _, err := o.desk.Advance(t.Context(), o.clock.now); err != nil {
			t.Fatal(err)
		}
	}
	if n := o.notice(block + "/unit-notice"); n.State != notice.Publishing {
		t.Fatalf("the unit notice is %s", n.State)
	}
	o.clock.now = day(9, 20, 9, 0)
	for range 100 {
		if _, more, err := o.desk.Advance(t.Context(), o.clock.now); err != nil || !more {
			if err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	if n := o.notice(block + "/readiness"); n.State != notice.Published {
		t.Errorf("the readiness notice is %s", n.State)
	}
}

// Whatever happens in whatever order during a block, the book balances, and in the
// end every line has exactly one final state.
func TestBlockBalances(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		o := newOffice(t, 35, day(9, 10, 9, 0))
		defer o.stop()
		person := func() reminders.Person { return rapid.SampledFrom(o.reg.people).Draw(r, "person") }
		terms := func() obligation.TermsID {
			return obligation.TermsID(block + "/" + rapid.SampledFrom([]string{"holiday-reminder", "unit-notice"}).Draw(r, "row"))
		}
		owner := func(id obligation.TermsID, p reminders.Person) obligation.Owner {
			if id == block+"/unit-notice" {
				return obligation.Owner{Unit: p.Unit}
			}
			return obligation.Owner{Person: p.ID, Unit: p.Unit}
		}
		advance := func() {
			if err := o.advance(); err != nil {
				r.Fatal(err)
			}
		}
		r.Repeat(map[string]func(*rapid.T){
			"wait": func(r *rapid.T) {
				o.clock.now = o.clock.now.Add(time.Duration(rapid.IntRange(1, 60*60).Draw(r, "minutes")) * time.Minute)
			},
			"advance": func(*rapid.T) { advance() },
			"a little": func(r *rapid.T) {
				if _, _, err := o.desk.Advance(t.Context(), o.clock.now); err != nil {
					r.Fatal(err)
				}
			},
			"send": func(*rapid.T) { o.send() },
			"answer": func(*rapid.T) {
				p, id := person(), terms()
				o.do(func(tx reminders.Tx) error {
					_, err := o.book.Answer(tx, obligation.HandleOf(id), owner(id, p), p.ID, "hash")
					return told(err)
				})
			},
			"undo": func(*rapid.T) {
				p, id := person(), terms()
				o.do(func(tx reminders.Tx) error {
					_, err := o.book.Undo(tx, obligation.HandleOf(id), owner(id, p), p.ID)
					return told(err)
				})
			},
			"excuse": func(*rapid.T) {
				p, id := person(), terms()
				o.do(func(tx reminders.Tx) error {
					return o.book.Excuse(tx, id, owner(id, p), obligation.ReasonWaived, "S001")
				})
			},
			"retire": func(*rapid.T) {
				p := person()
				o.do(func(tx reminders.Tx) error {
					_, err := o.book.ExcuseAll(tx, p.ID, obligation.ReasonRetired, "")
					return err
				})
			},
			"crash": func(r *rapid.T) {
				o.engine.failAt = o.engine.applied + rapid.IntRange(1, 4).Draw(r, "commit")
				o.engine.after = rapid.Bool().Draw(r, "after")
				if err := o.advance(); err != nil && !errors.Is(err, errPower) {
					r.Fatal(err)
				}
				o.restart()
			},
		})
		advance()
		o.balanced()
		o.clock.now = day(10, 20, 9, 0)
		advance()
		for _, row := range []string{"holiday-reminder", "unit-notice"} {
			for _, line := range o.lines(block + "/" + row) {
				if !line.State.Final() {
					r.Errorf("%s of %s is %s", row, line.Owner.Subject(), line.State)
				}
			}
		}
		o.balanced()
		if t.Failed() {
			r.FailNow()
		}
	})
}

// told leaves out the refusals that are told to a person and committed.
func told(err error) error {
	if kind := reminders.KindOf(err); kind == reminders.Closed || kind == reminders.NotFound {
		return nil
	}
	return err
}
