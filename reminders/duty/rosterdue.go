package duty

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// KindRosterDue is the plan's kind of the obligation to file a roster.
const KindRosterDue = "roster-due"

// RosterTerms names the obligation to file the roster of a block.
func RosterTerms(block string) obligation.TermsID {
	return obligation.TermsID(block + "/" + KindRosterDue)
}

// When rosters are asked for (报送值班表), from the product page: together with the unit
// notice, seven days before the first block of the occasion at 09:00; due two workdays
// before the block at 18:00; once more that day at 10:00, only where it is open; the
// leader hears of it on the next workday at 10:00.
const (
	askedDays    = 7
	askedHour    = 9
	dueWorkdays  = 2
	dueHour      = 18
	remindedHour = 10
	lookAhead    = 45
)

// RosterDue gives the terms under which units file the roster of a block. They close
// when the block begins: the gap is then what readiness and the board show.
func RosterDue(cal *calendar.Calendar, block calendar.Block) obligation.Terms {
	zone := cal.Location()
	asked := cal.OnOrBefore(occasionOf(cal, block).First().AddDays(-askedDays)).At(askedHour, 0, zone)
	dueDay := cal.AddWorkdays(block.First, -dueWorkdays)
	due := dueDay.At(dueHour, 0, zone)
	args := reminders.Args{"Block": BlockName(block), "Due": reminders.Instant(due)}
	asking := reminders.Line("duty.roster.ask", args)
	again, left := reminders.Line("duty.roster.again", args), reminders.Line("duty.roster.leader", args)
	ladder := []obligation.Step{{Name: "ask", At: asked, Action: obligation.Ask}}
	if chase := dueDay.At(remindedHour, 0, zone); dateOf(asked) != dueDay && chase.After(asked) {
		ladder = append(ladder, obligation.Step{Name: "again", At: chase, Action: obligation.Tell, To: reminders.Liaison, Say: &again})
	}
	ladder = append(ladder, obligation.Step{
		Name: "tell-leader", At: cal.FirstWorkdayAfter(dueDay).At(remindedHour, 0, zone),
		Action: obligation.Tell, To: reminders.Leader, Say: &left,
	})
	return obligation.Terms{
		ID: RosterTerms(block.ID), Kind: KindRosterDue, Block: block.ID, Opens: asked, Due: due,
		Closes: block.First.At(0, 0, zone), Ladder: ladder, Asking: &asking,
		Subject: reminders.Line("duty.roster.subject", reminders.Args{"Block": BlockName(block)}),
	}
}

// occasionOf gives the occasion to which a block belongs.
func occasionOf(cal *calendar.Calendar, block calendar.Block) calendar.Occasion {
	around := cal.Occasions(block.First.AddDays(-lookAhead), block.First.AddDays(1))
	for _, o := range around {
		if slices.ContainsFunc(o.Blocks, func(b calendar.Block) bool { return b.ID == block.ID }) {
			return o
		}
	}
	return calendar.Occasion{ID: block.ID, Blocks: []calendar.Block{block}}
}

// BlockName names a block as an argument of a text: by its festivals, or by the words
// of the arrangement.
func BlockName(block calendar.Block) reminders.Value {
	var parts []reminders.Message
	for _, f := range block.Festivals {
		parts = append(parts, reminders.Line("festival."+string(f), nil))
	}
	switch {
	case len(parts) > 0:
		return reminders.Series(parts...)
	case block.Name != "":
		return reminders.Text(block.Name)
	}
	return reminders.Say("festival.other", nil)
}

// looked is what this process knows to be opened already: the calendar and the day on
// which it looked at blocks, and how far it has come with each: the last unit, or all.
type looked struct {
	calendar *calendar.Calendar
	day      calendar.Date
	after    map[string]reminders.UnitID
	all      map[string]bool
}

// openedAtOnce is how many units one unit of work opens lines for.
const openedAtOnce = 8

// advanceRosters opens what units owe for the blocks that are asked for at now, some
// units further, and gives the instant at which the next block is asked for. Each block
// is looked at once a day, and again when the calendar changes: units come to keep a
// roster, and blocks move.
func (d *Desk) advanceRosters(ctx context.Context, now time.Time) (more bool, next time.Time, err error) {
	cal := d.Calendar()
	today := calendar.DateOf(now, cal.Location())
	for _, block := range cal.Blocks(today.AddDays(1), today.AddDays(lookAhead)) {
		if block.Provisional && !block.Confirmed {
			continue
		}
		terms := RosterDue(cal, block)
		if terms.Opens.After(now) {
			next = earlier(next, terms.Opens)
			continue
		}
		after, all := d.known(cal, today, block.ID)
		if all {
			continue
		}
		after, more, err = d.openRosters(ctx, terms, after)
		if err != nil {
			return false, next, err
		}
		if d.remember(block.ID, after, !more); more {
			return true, next, nil
		}
	}
	return false, next, nil
}

// known reports how far a block was looked at today under this calendar.
func (d *Desk) known(cal *calendar.Calendar, today calendar.Date, block string) (after reminders.UnitID, all bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.looked.calendar != cal || d.looked.day != today {
		d.looked = looked{calendar: cal, day: today, after: map[string]reminders.UnitID{}, all: map[string]bool{}}
	}
	return d.looked.after[block], d.looked.all[block]
}

func (d *Desk) remember(block string, after reminders.UnitID, all bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.looked.after[block], d.looked.all[block] = after, all
}

// openRosters opens lines for the next units behind one that have none yet, gives the
// last unit that it looked at, and reports whether others are left. A unit that keeps no
// roster any more is excused.
func (d *Desk) openRosters(ctx context.Context, terms obligation.Terms, after reminders.UnitID) (last reminders.UnitID, more bool, err error) {
	err = d.Units.Do(ctx, func(tx reminders.Tx) error {
		units, err := d.Register.AllUnits(tx)
		if err != nil {
			return err
		}
		units = slices.SortedFunc(slices.Values(units), func(a, b reminders.Unit) int { return cmp.Compare(a.ID, b.ID) })
		last, more = after, false
		var owners []obligation.Owner
		excused := 0
		for _, u := range units {
			if u.ID <= after {
				continue
			}
			if more = len(owners)+excused == openedAtOnce; more {
				break
			}
			owner := obligation.Owner{Unit: u.ID}
			_, line, err := d.Book.Standing(tx, reminders.Ask{Terms: string(terms.ID), Unit: u.ID})
			switch {
			case err != nil:
				return err
			case u.Duty && line.State == "":
				owners = append(owners, owner)
			case !u.Duty && line.State == obligation.Open:
				excused++
				err = d.Book.Excuse(tx, terms.ID, owner, obligation.ReasonWaived, "")
			}
			if last = u.ID; err != nil {
				return err
			}
		}
		if err := d.expectRosters(tx, terms, owners); err != nil || more {
			return err
		}
		return d.redateRosters(tx, terms)
	})
	return last, more, err
}

// redateRosters sets the instants of what is owed once all lines are open, and moves
// them to where the calendar puts the block now. The ladder begins only then: a step is
// taken for the lines that there are, and those that come later would never be asked.
func (d *Desk) redateRosters(tx reminders.Tx, terms obligation.Terms) error {
	kept, _, err := d.Book.Standing(tx, reminders.Ask{Terms: string(terms.ID)})
	if err != nil || kept.ID == "" || kept.Closed {
		return err
	}
	if len(kept.Ladder) > 0 && kept.Due.Equal(terms.Due) && kept.Closes.Equal(terms.Closes) {
		return nil
	}
	return d.Book.Redate(tx, terms)
}

// expectRosters opens lines, and answers those of units that filed before. Where the
// others were asked already, those who come late are asked by a step of their own.
func (d *Desk) expectRosters(tx reminders.Tx, terms obligation.Terms, owners []obligation.Owner) error {
	if len(owners) == 0 {
		return nil
	}
	kept, _, err := d.Book.Standing(tx, reminders.Ask{Terms: string(terms.ID)})
	if err != nil {
		return err
	}
	opening := terms
	opening.Ladder = nil
	if err := d.Book.Expect(tx, opening, owners); err != nil {
		return err
	}
	for _, owner := range owners {
		r, filed, err := d.Store.Roster(tx, owner.Unit, terms.Block)
		if err != nil {
			return err
		}
		if !filed {
			continue
		}
		if err := d.answerRoster(tx, r); err != nil {
			return err
		}
	}
	if kept.Taken == 0 {
		return nil
	}
	now := tx.Now().In(d.zone())
	late := obligation.Step{Name: "ask-" + now.Format(stampLayout), At: now, Action: obligation.Ask}
	n, _ := slices.BinarySearchFunc(terms.Ladder, late, func(a, b obligation.Step) int { return a.At.Compare(b.At) })
	terms.Ladder = slices.Insert(slices.Clone(terms.Ladder), n, late)
	return d.Book.Redate(tx, terms)
}
