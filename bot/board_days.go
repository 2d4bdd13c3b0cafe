package bot

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// The pages of duty for those who oversee it, see places. FIRST is the first day of a
// block: the units of it (FIRST.PAGE), the days of one (FIRST.UNIT.PAGE), who of its people
// has how many shifts (FIRST.UNIT.PAGE), one day of one (DAY.UNIT).
const (
	placeWatch  = "watch"
	placeDays   = "days"
	placeServed = "served"
	placeDay    = "day"
)

// watchPlaces are these pages.
func watchPlaces() map[string]place {
	return map[string]place{
		placeWatch: (*Turn).watchPlace, placeDays: (*Turn).daysPlace, placeServed: (*Turn).servedPlace, placeDay: (*Turn).dayPlace,
	}
}

// watchedUnits lists the units that keep a roster and that the person oversees, by name:
// all of them for the office and auditors. Nothing ranks them.
func (t *Turn) watchedUnits(tx reminders.Tx) ([]reminders.Unit, error) {
	units, err := t.Tree.Units(tx)
	if err != nil {
		return nil, err
	}
	var below []reminders.UnitID
	if !t.has(readers...) {
		if !t.has(ofUnit...) {
			return nil, nil
		}
		if below, err = t.People.Below(tx, t.person.Unit); err != nil {
			return nil, err
		}
	}
	units = slices.DeleteFunc(slices.Clone(units), func(u reminders.Unit) bool {
		return !u.Duty || !t.has(readers...) && !slices.Contains(below, u.ID)
	})
	slices.SortStableFunc(units, func(a, b reminders.Unit) int { return strings.Compare(a.Name, b.Name) })
	return units, nil
}

// watched reads what a page is about: the day, the block in which it lies, the unit, and
// refuses those who do not oversee the unit.
func (t *Turn) watched(rest string) (day calendar.Date, block calendar.Block, unit reminders.UnitID, page int, err error) {
	parts := append(strings.Split(rest, "."), "", "")
	unit = reminders.UnitID(parts[1])
	page, _ = strconv.Atoi(parts[2])
	if !t.has(readers...) && !t.oversees(unit) {
		return day, block, unit, page, reminders.Fail(reminders.Denied, "bot.watch", "error.denied", nil)
	}
	day, err = calendar.ParseDate(parts[0])
	block, found := t.Years.Calendar().BlockAt(day)
	if err != nil || !found {
		err = reminders.Fail(reminders.NotFound, "bot.watch", "watch.no_block", nil)
	}
	return day, block, unit, page, err
}

// watchPlace lists the units with how many daily reports each has sent, as counts.
func (t *Turn) watchPlace(rest string) (reminders.Message, error) {
	first, number, _ := strings.Cut(rest, ".")
	day, err := calendar.ParseDate(first)
	block, found := t.Years.Calendar().BlockAt(day)
	if err != nil || !found {
		return reminders.Message{}, reminders.Fail(reminders.NotFound, "bot.watch", "watch.no_block", nil)
	}
	units, tallies, err := t.talliesOf(block)
	switch {
	case err != nil:
		return reminders.Message{}, err
	case len(units) == 0 && !t.has(watching...):
		return reminders.Message{}, reminders.Fail(reminders.Denied, "bot.watch", "error.denied", nil)
	case len(units) == 0:
		return reminders.Line("watch.no_units", nil), nil
	}
	page, _ := strconv.Atoi(number)
	shown, paging := watchedPage(units, page, placeWatch+"-"+block.First.String())
	m := reminders.Line("watch.units", reminders.Args{"Block": duty.BlockName(block), "Days": t.days(block)})
	for _, u := range shown {
		m.Buttons = append(m.Buttons, []reminders.Button{{
			Label: "watch.unit", Verb: "page", Object: placeDays + "-" + block.First.String() + "." + string(u.ID),
			Args: reminders.Args{
				"Unit": reminders.UnitName(u.ID), "Filed": reminders.Number(tallies[u.ID].Filed), "Expected": reminders.Number(tallies[u.ID].Expected),
			},
		}})
	}
	m.Buttons = append(m.Buttons, append(paging, reminders.Button{Label: "button.back", Verb: "page", Object: t.overview()}))
	return m, nil
}

// watchedPage cuts a page out of a list; the object of a page is before, "." and its
// number.
func watchedPage[T any](list []T, page int, before string) ([]T, []reminders.Button) {
	shown, paging := pageOf(list, page, shownAtOnce, before, "")
	for i := range paging {
		cut := strings.LastIndexByte(paging[i].Object, '-')
		paging[i].Object = paging[i].Object[:cut] + "." + paging[i].Object[cut+1:]
	}
	return shown, paging
}

// overview is the page from which the person came: the board, or that of the own unit.
func (t *Turn) overview() string {
	if t.has(readers...) {
		return placeBoard
	}
	return placeUnit
}

// talliesOf counts, in a view, the daily reports of each unit over a block.
func (t *Turn) talliesOf(block calendar.Block) (units []reminders.Unit, tallies map[reminders.UnitID]report.Tally, err error) {
	err = t.Units.View(context.Background(), func(tx reminders.Tx) error {
		tallies = map[reminders.UnitID]report.Tally{}
		if units, err = t.watchedUnits(tx); err != nil {
			return err
		}
		summary, err := t.Reports.Summary(tx, block)
		for _, u := range summary.Units {
			tallies[u.Unit] = u.Tally
		}
		return err
	})
	return units, tallies, err
}

// daysPlace is one unit over a block: its roster, who is on duty, each day with what
// became of the daily report.
func (t *Turn) daysPlace(rest string) (reminders.Message, error) {
	_, block, unit, page, err := t.watched(rest)
	if err != nil {
		return reminders.Message{}, err
	}
	days, err := t.Duty.Days(t.tx, unit, block)
	if err != nil {
		return reminders.Message{}, err
	}
	tally := obligation.Tally{}
	var rows [][]reminders.Button
	for _, day := range days {
		state, err := t.reportState(unit, block, day.Date)
		if err != nil {
			return reminders.Message{}, err
		}
		tally[state]++
		rows = append(rows, []reminders.Button{t.dayButton(unit, day, state)})
	}
	args, err := t.daysArgs(unit, block, tally)
	if err != nil {
		return reminders.Message{}, err
	}
	object := block.First.String() + "." + string(unit)
	shown, paging := watchedPage(rows, page, placeDays+"-"+object)
	m := reminders.Message{Key: "watch.unit_page", Args: args, Buttons: shown}
	if t.has(reminders.Liaison) && t.oversees(unit) {
		paging = append(paging, reminders.Button{Label: "button.served", Verb: "page", Object: placeServed + "-" + object})
	}
	back := reminders.Button{Label: "button.back", Verb: "page", Object: t.overview()}
	if t.has(readers...) {
		back.Object = placeWatch + "-" + block.First.String()
	}
	m.Buttons = append(m.Buttons, append(paging, back))
	return m, nil
}

// daysArgs says how a unit stands over a block: its roster, who is on duty, its reports.
func (t *Turn) daysArgs(unit reminders.UnitID, block calendar.Block, tally obligation.Tally) (reminders.Args, error) {
	incidents, err := t.incidentsOf(unit, block.First, block.Last)
	if err != nil {
		return nil, err
	}
	filed, err := t.filedLine(unit, block)
	if err != nil {
		return nil, err
	}
	now, err := t.dutyNow(unit)
	return reminders.Args{
		"Unit": reminders.UnitName(unit), "Block": duty.BlockName(block), "Incidents": reminders.Number(len(incidents)),
		"Expected": reminders.Number(tally.Total() - tally[""] - tally[obligation.Withdrawn]), "OnTime": reminders.Number(tally[obligation.Met]),
		"Late": reminders.Number(tally[obligation.Late]), "Missed": reminders.Number(tally[obligation.Missed]), "Open": reminders.Number(tally[obligation.Open]),
		"Roster": reminders.Say(filed.Key, filed.Args), "Now": reminders.List(now...),
	}, err
}

// filedLine says whether a unit has filed its roster for a block.
func (t *Turn) filedLine(unit reminders.UnitID, block calendar.Block) (reminders.Message, error) {
	filed, found, err := t.Duty.Roster(t.tx, unit, block.ID)
	if err != nil || !found {
		return reminders.Line("watch.unfiled", reminders.Args{"Block": duty.BlockName(block)}), err
	}
	return reminders.Line("watch.filed", reminders.Args{"Block": duty.BlockName(block), "At": reminders.Instant(filed.FiledAt)}), nil
}

// dutyNow says who is on duty in a unit, if somebody is or should be.
func (t *Turn) dutyNow(unit reminders.UnitID) ([]reminders.Message, error) {
	a, err := t.Duty.Responsible(t.tx, unit, t.tx.Now(), t.tx.Now())
	if err != nil || !a.Gap && a.Person == "" {
		return nil, err
	}
	line, err := t.nowLine(unit)
	return []reminders.Message{line}, err
}

// reportState is what became of the daily report of a unit on a day; empty if none was
// expected yet.
func (t *Turn) reportState(unit reminders.UnitID, block calendar.Block, day calendar.Date) (obligation.State, error) {
	_, line, err := t.Book.Standing(t.tx, reminders.Ask{Terms: string(report.DailyTerms(block.ID, day)), Unit: unit})
	return line.State, err
}

// dayButton leads to a day.
func (t *Turn) dayButton(unit reminders.UnitID, day duty.Day, state obligation.State) reminders.Button {
	button := reminders.Button{
		Label: "watch.day", Verb: "page", Object: placeDay + "-" + day.Date.String() + "." + string(unit),
		Args: reminders.Args{"Day": reminders.Day(day.Window.From), "State": t.reportWord(day.Date, state)},
	}
	if !day.Covered {
		button.Label = "watch.day_gap"
		delete(button.Args, "State")
	}
	return button
}

// reportWord is a state in words; a day that has not come has none.
func (t *Turn) reportWord(day calendar.Date, state obligation.State) reminders.Value {
	switch {
	case state != "":
		return reminders.Say("watch.state."+string(state), nil)
	case day.After(t.today()):
		return reminders.Say("watch.to_come", nil)
	}
	return reminders.Say("watch.state.none", nil)
}

// incidentsOf lists the first reports of the incidents of a unit on some days.
func (t *Turn) incidentsOf(unit reminders.UnitID, from, to calendar.Date) ([]report.Report, error) {
	found, err := t.Reports.List(t.tx, report.Filter{From: from, To: to, Unit: unit, Kind: report.Incident})
	return slices.DeleteFunc(found, func(r report.Report) bool { return r.Stage != report.First }), err
}
