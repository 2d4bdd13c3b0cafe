package bot

import (
	"context"
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// incidentsBack is how many days the board looks back for incidents without a final
// report.
const incidentsBack = 30

// watchLines are the lines of the board about duty and reports: counts, no names. They
// are read in a view, as all that goes over many units.
func (t *Turn) watchLines() (lines []reminders.Message, err error) {
	err = t.Units.View(context.Background(), func(tx reminders.Tx) error {
		lines = nil
		units, err := t.watchedUnits(tx)
		if err != nil || len(units) == 0 {
			return err
		}
		w := watch{Turn: t, view: tx, units: units}
		for _, count := range []func() ([]reminders.Message, error){w.now, w.rosters, w.reports, w.incidents, w.swaps, w.window} {
			more, err := count()
			if err != nil {
				return err
			}
			lines = append(lines, more...)
		}
		return nil
	})
	return lines, err
}

// watchSection is what the board says about duty and reports, with the ways to the units.
func (t *Turn) watchSection() (lines []reminders.Message, ways [][]reminders.Button, err error) {
	lines, err = t.watchLines()
	if err != nil || len(lines) == 0 {
		return nil, nil, err
	}
	for _, b := range t.watchedBlocks() {
		ways = append(ways, []reminders.Button{wayTo("button.watch", b, placeWatch+"-"+b.First.String())})
	}
	return lines, ways, nil
}

// wayTo is a button to the pages of a block.
func wayTo(label string, block calendar.Block, object string) reminders.Button {
	return reminders.Button{Label: label, Args: reminders.Args{"Block": duty.BlockName(block)}, Verb: "page", Object: object}
}

// ownSection is what a liaison or leader sees of it: how the own unit stands, and the ways
// to its days, or to the units below it.
func (t *Turn) ownSection() (lines []reminders.Message, ways [][]reminders.Button, err error) {
	units, err := t.watchedUnits(t.tx)
	blocks := t.watchedBlocks()
	if err != nil || len(units) == 0 || len(blocks) == 0 {
		return nil, nil, err
	}
	for _, b := range blocks {
		way := wayTo("button.watch", b, placeWatch+"-"+b.First.String())
		if len(units) == 1 {
			way = wayTo("button.watch_days", b, placeDays+"-"+b.First.String()+"."+string(units[0].ID))
		}
		ways = append(ways, []reminders.Button{way})
	}
	if slices.ContainsFunc(units, func(u reminders.Unit) bool { return u.ID == t.person.Unit }) {
		lines, err = t.ownLines(t.person.Unit, blocks)
	}
	return lines, ways, err
}

// ownLines say how one unit stands: its rosters, who is on duty, the daily report of today.
func (t *Turn) ownLines(unit reminders.UnitID, blocks []calendar.Block) (lines []reminders.Message, err error) {
	for _, b := range blocks {
		if b.Last.Before(t.today()) {
			continue
		}
		line, err := t.filedLine(unit, b)
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	now, err := t.dutyNow(unit)
	if err != nil {
		return nil, err
	}
	lines = append(lines, now...)
	if block, runs := t.Years.Calendar().BlockAt(t.today()); runs {
		state, err := t.reportState(unit, block, t.today())
		if err != nil {
			return nil, err
		}
		lines = append(lines, reminders.Line("watch.no_report", reminders.Args{"State": t.reportWord(t.today(), state)}))
	}
	return lines, nil
}

// watch counts for the board, in a view.
type watch struct {
	*Turn
	view  reminders.Tx
	units []reminders.Unit
}

// watchedBefore is for how many days a block that is over stays on the board.
const watchedBefore = 14

// watchedBlocks lists the blocks that matter now: the one that runs, or was last if that is
// not long ago, and the next one once rosters have been asked for; without any of these
// the next one all the same.
func (t *Turn) watchedBlocks() []calendar.Block {
	cal, today := t.Years.Calendar(), t.today()
	var found []calendar.Block
	for _, b := range cal.Blocks(today.AddDays(-2*watchedBefore), today.AddDays(366)) {
		switch {
		case b.Last.AddDays(watchedBefore).Before(today):
		case !b.First.After(today):
			found = []calendar.Block{b}
		case len(found) == 0, len(found) == 1 && !duty.RosterDue(cal, b).Opens.After(t.tx.Now()):
			found = append(found, b)
		}
	}
	return found
}

// now counts who is on duty.
func (w watch) now() ([]reminders.Message, error) {
	taken, waiting, nobody := 0, 0, 0
	for _, u := range w.units {
		a, err := w.Duty.Responsible(w.view, u.ID, w.tx.Now(), time.Time{})
		switch {
		case err != nil:
			return nil, err
		case a.Person == "" && a.Gap:
			nobody++
		case a.Person != "" && a.Shift.TakenAt.IsZero():
			waiting++
		case a.Person != "":
			taken++
		}
	}
	if taken+waiting+nobody == 0 {
		return nil, nil
	}
	return []reminders.Message{reminders.Line("watch.now", reminders.Args{
		"Count": reminders.Number(taken + waiting + nobody), "Taken": reminders.Number(taken), "Waiting": reminders.Number(waiting),
		"Nobody": reminders.Number(nobody),
	})}, nil
}

// rosters counts what was filed for the blocks that are not over and for which rosters
// have been asked.
func (w watch) rosters() (lines []reminders.Message, err error) {
	for _, block := range w.watchedBlocks() {
		if block.Last.Before(w.today()) || duty.RosterDue(w.Years.Calendar(), block).Opens.After(w.tx.Now()) {
			continue
		}
		line, err := w.filed(block)
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// filed counts what was filed for a block.
func (w watch) filed(block calendar.Block) (reminders.Message, error) {
	filed, gaps := 0, 0
	for _, u := range w.units {
		_, found, err := w.Duty.Roster(w.view, u.ID, block.ID)
		if err != nil {
			return reminders.Message{}, err
		}
		if !found {
			continue
		}
		filed++
		open, err := w.Duty.Gaps(w.view, u.ID, block)
		if err != nil {
			return reminders.Message{}, err
		}
		if len(open) > 0 {
			gaps++
		}
	}
	return reminders.Line("watch.rosters", reminders.Args{
		"Block": duty.BlockName(block), "Filed": reminders.Number(filed), "Units": reminders.Number(len(w.units)),
		"Missing": reminders.Number(len(w.units) - filed), "Gaps": reminders.Number(gaps),
	}), nil
}

// reports counts the daily reports of today, where some are expected.
func (w watch) reports() ([]reminders.Message, error) {
	board, err := w.Reports.Board(w.view, w.today())
	if err != nil || board.Handle == "" || board.Total.Expected == 0 {
		return nil, err
	}
	terms, err := w.Book.TermsOf(w.view, board.Handle)
	return []reminders.Message{reminders.Line("watch.reports", reminders.Args{
		"Expected": reminders.Number(board.Total.Expected), "Due": reminders.TimeOfDay(terms.Due),
		"OnTime": reminders.Number(board.Total.OnTime), "Late": reminders.Number(board.Total.Late),
		"Open": reminders.Number(board.Total.Open), "Missed": reminders.Number(board.Total.Missed),
	})}, err
}

// incidents counts those without a final report.
func (w watch) incidents() ([]reminders.Message, error) {
	today := w.today()
	found, err := w.Reports.List(w.view, report.Filter{From: today.AddDays(-incidentsBack), To: today.AddDays(1), Kind: report.Incident})
	open := map[report.ID]bool{}
	for _, r := range found {
		if _, known := open[r.Incident]; !known || r.Stage == report.Final {
			open[r.Incident] = r.Stage != report.Final
		}
	}
	running := 0
	for _, is := range open {
		if is {
			running++
		}
	}
	if running == 0 {
		return nil, err
	}
	return []reminders.Message{reminders.Line("watch.incidents", reminders.Args{"Count": reminders.Number(running)})}, err
}

// swaps counts those that wait for somebody.
func (w watch) swaps() ([]reminders.Message, error) {
	live, err := w.Swaps.Live(w.view, "")
	waiting := 0
	for _, s := range live {
		if s.Open() {
			waiting++
		}
	}
	if waiting == 0 {
		return nil, err
	}
	return []reminders.Message{reminders.Line("watch.swaps", reminders.Args{"Count": reminders.Number(waiting)})}, err
}

// window shows, while the block runs, in which hours a spot check may come, and nothing
// else about one.
func (w watch) window() ([]reminders.Message, error) {
	block, runs := w.Years.Calendar().BlockAt(w.today())
	if !runs {
		return nil, nil
	}
	p, found, err := w.Spots.Promise(w.view, block.ID)
	if err != nil || !found {
		return nil, err
	}
	midnight := w.today().At(0, 0, w.Years.Calendar().Location())
	at := func(minutes int) reminders.Value {
		return reminders.TimeOfDay(midnight.Add(time.Duration(minutes) * time.Minute))
	}
	return []reminders.Message{reminders.Line("watch.spot", reminders.Args{"From": at(p.From), "To": at(p.To)})}, nil
}
