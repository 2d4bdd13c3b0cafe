package bot

import (
	"slices"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// The pages of rosters, see places: all units (PAGE-BLOCK), one unit (UNIT-BLOCK), and
// with a third part that page of its shifts. BLOCK counts the coming blocks from 0.
const (
	placeRosters = "rosters"
	placeRoster  = "roster"
)

// The pages of rosters show the blocks of the coming weeks, so many at most; where there
// is none, the next one.
const (
	comingBlocks = 3
	comingDays   = 60
)

// roster shows the roster of the own unit for the coming block, or the units to choose
// from.
func (t *Turn) roster(string) error {
	page, err := t.rostersPlace("")
	if err != nil {
		return err
	}
	return t.say(page)
}

// filingUnits lists the units whose rosters the person keeps, by name: those of a
// liaison, all for the office.
func (t *Turn) filingUnits() ([]reminders.Unit, error) {
	units, err := t.dutyUnits()
	if err != nil || t.has(reminders.Staff) {
		return units, err
	}
	below, err := t.People.Below(t.tx, t.person.Unit)
	return slices.DeleteFunc(units, func(u reminders.Unit) bool { return !slices.Contains(below, u.ID) }), err
}

// blocks lists the coming holiday blocks, the running one too.
func (t *Turn) blocks() []calendar.Block {
	cal := t.Years.Calendar()
	today := calendar.DateOf(t.tx.Now(), cal.Location())
	ahead := slices.DeleteFunc(cal.Blocks(today, today.AddDays(366)), func(b calendar.Block) bool { return b.Last.Before(today) })
	near := 1
	for near < len(ahead) && near < comingBlocks && ahead[near].First.Sub(today) <= comingDays {
		near++
	}
	return ahead[:min(len(ahead), near)]
}

// blockAt gives a coming block by its place in the list; the first for one that is none.
func (t *Turn) blockAt(text string) (n int, block calendar.Block, err error) {
	blocks := t.blocks()
	if len(blocks) == 0 {
		return 0, block, reminders.Fail(reminders.NotFound, "bot.roster", "dutychat.no_block", nil)
	}
	if n, err = strconv.Atoi(text); err != nil || n < 0 || n >= len(blocks) {
		n = 0
	}
	return n, blocks[n], nil
}

// rostersPlace lists the units with what they have filed; of a single unit it is the page
// of that.
func (t *Turn) rostersPlace(rest string) (reminders.Message, error) {
	if !t.has(ofDuty...) {
		return reminders.Message{}, reminders.Fail(reminders.Denied, "bot.roster", "error.denied", nil)
	}
	units, err := t.filingUnits()
	if err != nil {
		return reminders.Message{}, err
	}
	number, at, _ := strings.Cut(rest, "-")
	n, block, err := t.blockAt(at)
	switch {
	case err != nil:
		return reminders.Message{}, err
	case len(units) == 0:
		return reminders.Line("dutychat.no_units", nil), nil
	case len(units) == 1:
		return t.rosterOf(units[0].ID, n, block)
	}
	page, _ := strconv.Atoi(number)
	shown, paging := pageOf(units, page, shownAtOnce, placeRosters, "-"+strconv.Itoa(n))
	var lines []reminders.Message
	var rows [][]reminders.Button
	for _, u := range shown {
		state, err := t.rosterState(u.ID, block)
		if err != nil {
			return reminders.Message{}, err
		}
		lines = append(lines, reminders.Line("dutychat.roster.line", reminders.Args{
			"Unit": reminders.UnitName(u.ID), "State": reminders.Say(state.Key, state.Args),
		}))
		rows = append(rows, []reminders.Button{{
			Label: "dutychat.roster.open", Args: reminders.Args{"Unit": reminders.UnitName(u.ID)},
			Verb: "page", Object: placeRoster + "-" + string(u.ID) + "-" + strconv.Itoa(n),
		}})
	}
	m := reminders.Line("dutychat.roster.list", reminders.Args{"Block": duty.BlockName(block), "Days": t.days(block), "Items": reminders.List(lines...)})
	m.Buttons = slices.Concat(rows, [][]reminders.Button{append(paging, t.otherBlocks(n, placeRosters+"-0-")...)})
	return m, nil
}

// days is the span of a block as an argument of a text.
func (t *Turn) days(block calendar.Block) reminders.Value {
	zone := t.Years.Calendar().Location()
	return reminders.Say("format.days", reminders.Args{"From": reminders.Day(block.First.At(0, 0, zone)), "To": reminders.Day(block.Last.At(0, 0, zone))})
}

// otherBlocks are buttons to the other coming blocks.
func (t *Turn) otherBlocks(n int, before string) []reminders.Button {
	var row []reminders.Button
	for i, block := range t.blocks() {
		if i != n {
			row = append(row, reminders.Button{
				Label: "dutychat.roster.block", Args: reminders.Args{"Block": duty.BlockName(block)}, Verb: "page", Object: before + strconv.Itoa(i),
			})
		}
	}
	return row
}

// rosterPlace is the page of one unit's roster, or of its shifts.
func (t *Turn) rosterPlace(rest string) (reminders.Message, error) {
	parts := append(strings.Split(rest, "-"), "", "")
	unit := reminders.UnitID(parts[0])
	if err := t.mustFile(unit); err != nil {
		return reminders.Message{}, err
	}
	n, block, err := t.blockAt(parts[1])
	switch {
	case err != nil:
		return reminders.Message{}, err
	case parts[2] != "":
		page, _ := strconv.Atoi(parts[2])
		return t.rosterShifts(unit, n, block, page)
	}
	return t.rosterOf(unit, n, block)
}

// mustFile refuses those who do not keep the roster of a unit.
func (t *Turn) mustFile(unit reminders.UnitID) error {
	units, err := t.filingUnits()
	if err == nil && (!t.has(ofDuty...) || !slices.ContainsFunc(units, func(u reminders.Unit) bool { return u.ID == unit })) {
		err = reminders.Fail(reminders.Denied, "bot.roster", "error.denied", nil)
	}
	return err
}

// rosterOf is the page of one unit's roster: how it stands, and what has to be seen to.
func (t *Turn) rosterOf(unit reminders.UnitID, n int, block calendar.Block) (reminders.Message, error) {
	state, err := t.rosterState(unit, block)
	if err != nil {
		return reminders.Message{}, err
	}
	var gaps []reminders.Message
	_, filed, err := t.Duty.Roster(t.tx, unit, block.ID)
	if err == nil && filed {
		gaps, err = t.gapLines(unit, block)
	}
	if err != nil {
		return reminders.Message{}, err
	}
	m := reminders.Line("dutychat.roster.page", reminders.Args{
		"Unit": reminders.UnitName(unit), "Block": duty.BlockName(block), "Days": t.days(block),
		"State": reminders.Say(state.Key, state.Args), "Gaps": reminders.List(gaps...),
	})
	object := placeRoster + "-" + string(unit) + "-"
	row := []reminders.Button{{Label: "button.template", Verb: "template", Object: string(obligation.HandleOf(duty.RosterTerms(block.ID))) + "." + string(unit)}}
	if filed {
		row = append(row,
			reminders.Button{Label: "button.shifts", Verb: "page", Object: object + strconv.Itoa(n) + "-0"},
			reminders.Button{Label: "button.calendar", Verb: "calendar", Object: "unit." + string(unit)})
	}
	m.Buttons = [][]reminders.Button{row, t.otherBlocks(n, object)}
	if units, err := t.filingUnits(); err == nil && len(units) > 1 {
		m.Buttons = append(m.Buttons, []reminders.Button{{Label: "button.back", Verb: "page", Object: placeRosters + "-0-" + strconv.Itoa(n)}})
	}
	return m, nil
}

// rosterState says in a few words whether a unit has filed.
func (t *Turn) rosterState(unit reminders.UnitID, block calendar.Block) (reminders.Message, error) {
	r, filed, err := t.Duty.Roster(t.tx, unit, block.ID)
	if err != nil {
		return reminders.Message{}, err
	}
	if !filed {
		due := duty.RosterDue(t.Years.Calendar(), block).Due
		if t.tx.Now().After(due) {
			return reminders.Line("dutychat.roster.overdue", reminders.Args{"Due": reminders.Instant(due)}), nil
		}
		return reminders.Line("dutychat.roster.open_until", reminders.Args{"Due": reminders.Instant(due)}), nil
	}
	shifts, err := t.shiftsIn(unit, block)
	if err != nil {
		return reminders.Message{}, err
	}
	gaps, err := t.Duty.Gaps(t.tx, unit, block)
	args := reminders.Args{
		"At": reminders.Instant(r.FiledAt), "Shifts": reminders.Number(len(shifts)), "Version": reminders.Number(r.Version), "Gaps": reminders.Number(len(gaps)),
	}
	if len(gaps) > 0 {
		return reminders.Line("dutychat.roster.filed_gaps", args), err
	}
	delete(args, "Gaps")
	return reminders.Line("dutychat.roster.filed", args), err
}

// gapLines list what has to be seen to in a roster that was filed.
func (t *Turn) gapLines(unit reminders.UnitID, block calendar.Block) ([]reminders.Message, error) {
	gaps, err := t.Duty.Gaps(t.tx, unit, block)
	if err != nil {
		return nil, err
	}
	return problemLines(gaps), nil
}

// problemLines list problems, as many as fit on the screen.
func problemLines(problems []duty.Problem) []reminders.Message {
	var lines []reminders.Message
	for _, p := range problems[:min(len(problems), shownAtOnce)] {
		lines = append(lines, p.Line())
	}
	if more := len(problems) - len(lines); more > 0 {
		lines = append(lines, reminders.Line("file.more_rows", reminders.Args{"Count": reminders.Number(more)}))
	}
	return lines
}

// shiftsIn lists the shifts of a unit's roster for a block as they stand.
func (t *Turn) shiftsIn(unit reminders.UnitID, block calendar.Block) ([]duty.Shift, error) {
	zone := t.Years.Calendar().Location()
	shifts, err := t.Duty.Shifts(t.tx, unit, reminders.Window{From: block.First.At(0, 0, zone), To: block.Last.AddDays(1).At(0, 0, zone)})
	return slices.DeleteFunc(shifts, func(s duty.Shift) bool { return s.Block != block.ID }), err
}

// rosterShifts is a page of the shifts of a unit's roster.
func (t *Turn) rosterShifts(unit reminders.UnitID, n int, block calendar.Block, page int) (reminders.Message, error) {
	shifts, err := t.shiftsIn(unit, block)
	if err != nil {
		return reminders.Message{}, err
	}
	object := placeRoster + "-" + string(unit) + "-" + strconv.Itoa(n)
	shown, paging := pageOf(shifts, page, shownAtOnce, object, "")
	var lines []reminders.Message
	for _, s := range shown {
		lines = append(lines, rosterLine(s))
	}
	m := reminders.Line("dutychat.roster.shifts", reminders.Args{
		"Unit": reminders.UnitName(unit), "Block": duty.BlockName(block), "Items": reminders.List(lines...),
	})
	m.Buttons = [][]reminders.Button{append(paging, reminders.Button{Label: "button.back", Verb: "page", Object: object})}
	return m, nil
}

// rosterLine is one shift with its people.
func rosterLine(s duty.Shift) reminders.Message {
	name := func(p reminders.PersonID) reminders.Value {
		if p == "" {
			return reminders.Say("duty.nobody", nil)
		}
		return reminders.PersonName(p)
	}
	args := reminders.Args{
		"Start": reminders.Instant(s.Start), "Officer": name(s.Officer), "Leader": name(s.Leader),
	}
	if s.Backup == "" {
		return reminders.Line("dutychat.roster.shift", args)
	}
	args["Backup"] = name(s.Backup)
	return reminders.Line("dutychat.roster.shift_backup", args)
}
