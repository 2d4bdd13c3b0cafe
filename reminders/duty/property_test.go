package duty_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
)

// asked is one question at two clocks, with the answer that was given first.
type asked struct {
	unit        reminders.UnitID
	at, knownAt time.Time
	person      reminders.PersonID
}

// Any sequence of filings, leaves, replacements, cancellations, take-overs and time
// leaves every instant of every covered day with exactly one responsible person or a
// reported gap, and nobody on two shifts at once; what was known at an instant does not
// change by what is recorded later, nor does who was responsible at an instant that is
// past, but by a correction; book and store are sound.
func TestRosterProperties(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := newWorld(t)
		w.at(september(28, 9, 0))
		var answers []asked
		corrected := false
		for range rapid.IntRange(1, 8).Draw(r, "steps") {
			w.clock.now = w.clock.now.Add(time.Minute) // after what was asked
			corrected = w.randomly(r) || corrected
			w.at(w.clock.now.Add(time.Duration(rapid.IntRange(1, 40).Draw(r, "hours")) * time.Hour))
			answers = append(answers, w.exactlyOne(r)...)
			for _, a := range answers {
				if now := w.responsible(a.unit, a.at, a.knownAt); now.Person != a.person {
					r.Fatalf("%s at %s, as known at %s: was %q, is %q", a.unit, a.at, a.knownAt, a.person, now.Person)
				}
				if past := a.at.Before(a.knownAt) && a.person != "" && !corrected; !past {
					continue
				}
				if now := w.responsible(a.unit, a.at, time.Time{}); now.Person != a.person {
					r.Fatalf("%s at %s, which was past at %s: was %q, is %q", a.unit, a.at, a.knownAt, a.person, now.Person)
				}
			}
		}
		w.sound()
		w.stop()
	})
}

var (
	rosterUnits = []reminders.UnitID{"harbour", "market"}
	rosterStaff = []reminders.PersonID{"H1", "H2", "H3", "M1", "M2", "C1"}
)

// randomly does one thing that an office may do and reports whether it may be a
// correction; what is refused is no error here.
func (w *world) randomly(r *rapid.T) (correction bool) {
	unit := rapid.SampledFrom(rosterUnits).Draw(r, "unit")
	who := rapid.SampledFrom(rosterStaff).Draw(r, "who")
	at := october(1, 8, 0).Add(time.Duration(rapid.IntRange(0, 7*24-1).Draw(r, "at")) * time.Hour)
	err := w.store.Do(w.t.Context(), func(tx reminders.Tx) error {
		s, found, err := w.desk.OnDuty(tx, unit, at)
		if err != nil {
			return err
		}
		switch rapid.IntRange(0, 6).Draw(r, "what") {
		case 0, 1:
			_, err = w.desk.File(tx, w.randomPlan(r, unit), who, true)
		case 2:
			s.Officer = who
			s.Backup = rapid.SampledFrom(append(rosterStaff, "")).Draw(r, "backup")
			if s.Backup == who {
				s.Backup = ""
			}
			why := rapid.SampledFrom([]string{duty.WhySwap, duty.WhyImposed, duty.WhyCorrected}).Draw(r, "why")
			if found {
				err = w.desk.Replace(tx, s, why, "S1")
			}
			correction = why == duty.WhyCorrected
		case 3:
			s.End = s.End.Add(time.Duration(rapid.IntRange(-3, 3).Draw(r, "longer")) * time.Hour)
			if found {
				err = w.desk.Replace(tx, s, duty.WhyMoved, "S1")
			}
		case 4:
			err = w.desk.Cancel(tx, s.ID, "S1")
		case 5:
			_, err = w.desk.TakeOver(tx, s.ID, who)
		case 6:
			w.people.away[who] = []reminders.Window{{From: at, To: at.Add(48 * time.Hour)}}
			_, err = w.desk.LeaveEntered(tx, who, w.people.away[who][0], "S1")
		}
		return err
	})
	if err != nil && reminders.KindOf(err) == reminders.Internal && reminders.MessageOf(err).Key == "" {
		if s := err.Error(); s != "" && !isRefusal(s) {
			r.Fatal(err)
		}
	}
	return correction
}

// isRefusal reports the one error of callers that the sequence may bring about: an end
// that is moved before the start.
func isRefusal(text string) bool {
	return text == "duty.replace: internal: a shift needs an officer and an end within a day after its start"
}

// randomPlan is a roster with shifts of any length, holes and any people.
func (w *world) randomPlan(r *rapid.T, unit reminders.UnitID) duty.Plan {
	plan := duty.Plan{Unit: unit, Block: w.block(national)}
	at := october(1, rapid.IntRange(0, 10).Draw(r, "begins"), 0)
	for row := 2; at.Before(october(7, 20, 0)); row++ {
		length := time.Duration(rapid.SampledFrom([]int{8, 12, 24}).Draw(r, "length")) * time.Hour
		p := shift(unit, at, at.Add(length), rapid.SampledFrom(rosterStaff).Draw(r, "officer"), "H5")
		if unit == "market" {
			p.Leader = ""
		}
		p.Row = row
		plan.Planned = append(plan.Planned, p)
		at = at.Add(length + time.Duration(rapid.SampledFrom([]int{0, 0, 0, 0, 5}).Draw(r, "hole"))*time.Hour)
	}
	return plan
}

// exactlyOne looks at every unit and at instants all over the block, and gives what was
// answered as the record stands now.
func (w *world) exactlyOne(r *rapid.T) (answers []asked) {
	for _, unit := range rosterUnits {
		var shifts []duty.Shift
		var gaps []duty.Problem
		w.do(func(tx reminders.Tx) (err error) {
			if shifts, err = w.desk.Shifts(tx, unit, reminders.Window{From: october(1, 0, 0), To: october(9, 0, 0)}); err != nil {
				return err
			}
			gaps, err = w.desk.Gaps(tx, unit, w.block(national))
			return err
		})
		days := duty.Needed(w.block(national), shifts, place)
		for at := days[0].From; at.Before(days[len(days)-1].To); at = at.Add(7 * time.Hour) {
			on, gap := 0, false
			for _, s := range shifts {
				if s.Window().Contains(at) {
					on++
				}
			}
			for _, g := range gaps {
				gap = gap || g.Reason == duty.NoCover && g.Window.Contains(at)
			}
			if on > 1 || (on == 1) == gap {
				r.Fatalf("%s at %s: %d shifts, gap %v", unit, at, on, gap)
			}
			a := w.responsible(unit, at, w.clock.now)
			if past := at.Before(w.clock.now); !past && (a.Person == "") == (on == 1) || !past && a.Gap != gap {
				r.Fatalf("%s at %s: %q, gap %v, where there are %d shifts, gap %v", unit, at, a.Person, a.Gap, on, gap)
			}
			answers = append(answers, asked{unit, at, w.clock.now, a.Person})
		}
	}
	w.nobodyTwice(r)
	return answers
}

// nobodyTwice fails if somebody is on two shifts at once.
func (w *world) nobodyTwice(r *rapid.T) {
	for _, p := range append(rosterStaff, "H5") {
		w.do(func(tx reminders.Tx) error {
			mine, err := w.desk.ShiftsOf(tx, p, reminders.Window{From: october(1, 0, 0), To: october(9, 0, 0)})
			for i := 1; i < len(mine); i++ {
				if mine[i-1].Window().Overlaps(mine[i].Window()) {
					return fmt.Errorf("%s is on %s and %s", p, mine[i-1].ID, mine[i].ID)
				}
			}
			return err
		})
	}
}
