package duty

import (
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// Where says for whom a roster file is.
type Where struct {
	// Unit is whose roster it is where the file does not say so.
	Unit reminders.UnitID
	// Own are the units for which it may speak; none means all.
	Own []reminders.UnitID
	// Block is the only block that counts; empty: whichever the dates lie in.
	Block string
}

// Plans looks up the units and people of a list and makes the plans of it, one for each
// unit and block, in the order of the file. The row errors name what is unknown, stands
// twice or lies outside of the block; with any of them nothing is to be filed.
func (d *Desk) Plans(tx reminders.Tx, list List, where Where) ([]Plan, []sheet.RowError, error) {
	look, err := d.newLookup(tx, where)
	if err != nil {
		return nil, nil, err
	}
	var plans []Plan
	rows := map[ShiftID]int{}
	for _, e := range list.Entries {
		s, ok, err := look.shift(e)
		if err != nil {
			return nil, nil, err
		}
		if !ok {
			continue
		}
		if first, twice := rows[s.ID]; twice {
			look.wrong(e, "date", "duty.row.twice", reminders.Args{"First": reminders.Number(first)})
			continue
		}
		rows[s.ID] = e.Row
		n := slices.IndexFunc(plans, func(p Plan) bool { return p.Unit == s.Unit && p.Block.ID == s.Block })
		if n < 0 {
			block, _ := d.blockAt(s.Start)
			plans = append(plans, Plan{Unit: s.Unit, Block: block})
			n = len(plans) - 1
		}
		plans[n].Planned = append(plans[n].Planned, Planned{Row: e.Row, Shift: s})
	}
	for _, p := range plans {
		slices.SortStableFunc(p.Planned, func(a, b Planned) int { return a.Start.Compare(b.Start) })
	}
	sortErrors(look.errs)
	return plans, look.errs, nil
}

// lookup finds units and people by what a file calls them.
type lookup struct {
	d       *Desk
	tx      reminders.Tx
	where   Where
	units   []reminders.Unit
	parents map[reminders.UnitID]reminders.UnitID
	members map[reminders.UnitID][]Member
	errs    []sheet.RowError
}

func (d *Desk) newLookup(tx reminders.Tx, where Where) (*lookup, error) {
	units, err := d.Register.AllUnits(tx)
	l := &lookup{
		d: d, tx: tx, where: where, units: units,
		parents: map[reminders.UnitID]reminders.UnitID{}, members: map[reminders.UnitID][]Member{},
	}
	for _, u := range units {
		l.parents[u.ID] = u.Parent
	}
	return l, err
}

// wrong notes what is wrong with a cell.
func (l *lookup) wrong(e Entry, column, key string, args reminders.Args) {
	l.errs = append(l.errs, rowError(e.Row, e.header(column), key, args))
}

// shift makes the shift of an entry; false if something is wrong with it.
func (l *lookup) shift(e Entry) (s Shift, ok bool, err error) {
	before := len(l.errs)
	if e.Date.Year == 0 && !e.Date.IsZero() {
		e.Date = l.year(e.Date)
	}
	block, inBlock := l.d.Calendar().BlockAt(e.Date)
	switch {
	case e.Date.IsZero() || e.End <= e.Start:
		return s, false, nil // reported when it was read
	case !inBlock || l.where.Block != "" && l.where.Block != block.ID:
		l.wrong(e, "date", "duty.row.outside", nil)
	}
	unit, found := l.unit(e)
	if !found {
		return s, false, nil
	}
	const day = 24
	hours, minutes := int(e.End.Hours()), int(e.End.Minutes())%60
	s = Shift{
		Unit: unit, Block: block.ID,
		Start: e.Date.At(int(e.Start.Hours()), int(e.Start.Minutes())%60, l.d.zone()),
		End:   e.Date.AddDays(hours/day).At(hours%day, minutes, l.d.zone()),
	}
	s.ID = IDOf(unit, s.Start)
	for _, place := range []struct {
		column, text string
		to           *reminders.PersonID
	}{{"officer", e.Officer, &s.Officer}, {"leader", e.Leader, &s.Leader}, {"backup", e.Backup, &s.Backup}} {
		if *place.to, err = l.person(e, place.column, place.text, unit); err != nil {
			return s, false, err
		}
	}
	return s, len(l.errs) == before, nil
}

// year completes a day without one: the nearest day off of that name, before or after now,
// or else the nearest day.
func (l *lookup) year(day calendar.Date) calendar.Date {
	today := calendar.DateOf(l.tx.Now(), l.d.zone())
	var best calendar.Date
	var off bool
	for _, year := range []int{today.Year, today.Year - 1, today.Year + 1} {
		one := calendar.Date{Year: year, Month: day.Month, Day: day.Day}
		if dateOf(one.At(12, 0, l.d.zone())) != one {
			continue // 29 February
		}
		_, in := l.d.Calendar().BlockAt(one)
		near := max(one.Sub(today), today.Sub(one)) < max(best.Sub(today), today.Sub(best))
		if best.IsZero() || in && !off || in == off && near {
			best, off = one, in
		}
	}
	return best
}

// unit finds the unit of an entry by its name or its identifier.
func (l *lookup) unit(e Entry) (reminders.UnitID, bool) {
	id := l.where.Unit
	if e.Unit != "" {
		n := slices.IndexFunc(l.units, func(u reminders.Unit) bool { return tidy(u.Name) == e.Unit || string(u.ID) == e.Unit })
		if n < 0 {
			l.wrong(e, "unit", "duty.row.unit_unknown", reminders.Args{"Name": reminders.Text(e.Unit)})
			return "", false
		}
		id = l.units[n].ID
	}
	switch {
	case id == "":
		l.wrong(e, "unit", "duty.row.unit_missing", nil)
		return "", false
	case len(l.where.Own) > 0 && !slices.Contains(l.where.Own, id):
		l.wrong(e, "unit", "duty.row.unit_other", nil)
		return "", false
	}
	return id, true
}

// person finds a person by staff number, or by a name that only one person has in the
// unit, or in the nearest unit above it in which anybody has it: the leader of a small
// unit is often that of the larger one.
func (l *lookup) person(e Entry, column, text string, unit reminders.UnitID) (reminders.PersonID, error) {
	text = tidy(text)
	if text == "" {
		return "", nil
	}
	if len(text) <= maxStaffNo && !isHan(text) {
		if member, found, err := l.d.Register.Member(l.tx, reminders.PersonID(text)); err != nil || found {
			return member.ID, err
		}
	}
	for range len(l.units) + 1 {
		named, err := l.named(unit, text)
		switch {
		case err != nil:
			return "", err
		case len(named) == 1:
			return named[0], nil
		case len(named) > 1:
			l.wrong(e, column, "duty.row.ambiguous", reminders.Args{"Name": reminders.Text(text)})
			return "", nil
		}
		if unit = l.parents[unit]; unit == "" {
			break
		}
	}
	l.wrong(e, column, "duty.row.person_unknown", reminders.Args{"Name": reminders.Text(text)})
	return "", nil
}

// maxStaffNo is the length of the longest staff number.
const maxStaffNo = 24

// named lists the active people of a unit who have a name.
func (l *lookup) named(unit reminders.UnitID, name string) ([]reminders.PersonID, error) {
	members, known := l.members[unit]
	if !known {
		var err error
		if members, err = l.d.Register.Members(l.tx, unit); err != nil {
			return nil, err
		}
		l.members[unit] = members
	}
	var named []reminders.PersonID
	for _, m := range members {
		if tidy(m.Name) == name {
			named = append(named, m.ID)
		}
	}
	return named, nil
}
