package people

import (
	"context"
	"time"

	"golang.org/x/text/width"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// LeaveList is a file of leaves as it was read (请假表).
type LeaveList struct {
	Entries []LeaveEntry
	Ignored []string // headers that mean nothing here

	table sheet.Table
}

// LeaveEntry is one row of a LeaveList.
type LeaveEntry struct {
	Row   int // in the file
	Leave Leave
}

func leaveColumns() []sheet.Column {
	return []sheet.Column{
		{Name: "staff_no", Aliases: []string{"工号", "职工号", "人员编号", "编号"}, Required: true},
		{Name: "from", Aliases: []string{"开始", "开始日期", "起始日期", "自"}, Required: true},
		{Name: "to", Aliases: []string{"结束", "结束日期", "截止日期", "至"}, Required: true},
		{Name: "reason", Aliases: []string{"原因", "事由", "请假类型", "类型"}},
	}
}

// ReadLeaves reads a file of leaves with the columns of the contract: staff_no, from,
// to, reason, the last one optional. The row errors name everything that is wrong with
// it; with any of them the file is not to be imported.
func ReadLeaves(name string, file []byte) (LeaveList, []sheet.RowError, error) {
	table, empty, err := sheet.Read(name, file, leaveColumns())
	if err != nil {
		return LeaveList{}, nil, reminders.Wrap("people.read_leaves", err)
	}
	if len(table.Rows) == 0 {
		return LeaveList{}, nil, reminders.Fail(reminders.Invalid, "people.read_leaves", "people.file_empty", nil)
	}
	errs := &rowErrors{table: table, list: empty}
	list := LeaveList{Ignored: table.Ignored, table: table}
	for _, row := range table.Rows {
		before := len(errs.list)
		l := Leave{
			Person: reminders.PersonID(width.Fold.String(row.Text("staff_no"))), Reason: tidy(row.Text("reason")),
			From: readDay(row, "from", errs), To: readDay(row, "to", errs),
		}
		if !l.From.IsZero() && !l.To.IsZero() && len(errs.list) == before {
			if err := l.check(); err != nil {
				errs.put(row, "to", reminders.MessageOf(err))
			}
		}
		list.Entries = append(list.Entries, LeaveEntry{Row: row.Number, Leave: l})
	}
	sortErrors(errs.list)
	return list, errs.list, nil
}

// readDay reads a day; an empty cell was reported before.
func readDay(row sheet.Row, column string, errs *rowErrors) calendar.Date {
	day, err := row.Date(column)
	switch {
	case err == nil:
		return calendar.DateOf(day, time.UTC)
	case row.Text(column) != "":
		errs.put(row, column, reminders.MessageOf(err))
	}
	return calendar.Date{}
}

// LeaveDiff is what an import of leaves would do, or has done.
type LeaveDiff struct {
	New       []LeaveEntry
	Unchanged int // there already
}

// Preview says what the import of a list would do, and which rows cannot be taken:
// unknown people, people for whom the caller may not speak, days that overlap another
// leave or another row. may reports whether the caller may speak for a person; nil
// means for all. It changes nothing.
func (s *Leaves) Preview(tx reminders.Tx, list LeaveList, may func(Record) bool) (LeaveDiff, []sheet.RowError, error) {
	errs := &rowErrors{table: list.table}
	var diff LeaveDiff
	known := map[reminders.PersonID][]Leave{}
	for _, e := range list.Entries {
		wrong := func(column string, m reminders.Message) {
			errs.list = append(errs.list, sheet.RowError{Row: e.Row, Column: list.table.Header(column), Message: m})
		}
		r, found, err := s.people.Person(tx, e.Leave.Person)
		switch {
		case err != nil:
			return diff, nil, err
		case !found || !r.Enrolled():
			wrong("staff_no", reminders.Line("people.unknown", reminders.Args{"StaffNo": reminders.Text(string(e.Leave.Person))}))
			continue
		case may != nil && !may(r):
			wrong("staff_no", reminders.Line("people.leave_other", nil))
			continue
		}
		if _, read := known[r.ID]; !read {
			if known[r.ID], err = s.Of(tx, r.ID, calendar.Date{}); err != nil {
				return diff, nil, err
			}
		}
		switch other, how := clash(known[r.ID], e.Leave); how {
		case sameDays:
			diff.Unchanged++
		case someDays:
			wrong("from", overlapText(other))
		default:
			known[r.ID] = append(known[r.ID], e.Leave)
			diff.New = append(diff.New, e)
		}
	}
	return diff, errs.list, nil
}

// Apply takes a list over, in units of work of a few leaves each, and gives those that
// are new. entered is called in the unit of work of each of them; nil is allowed. It may
// be repeated after a crash and has the effect of once.
func (s *Leaves) Apply(
	ctx context.Context, units reminders.Units, list LeaveList, by reminders.PersonID, entered func(tx reminders.Tx, l Leave) error,
) ([]Leave, error) {
	var done []Leave
	for at := 0; at < len(list.Entries); at += leavesAtOnce {
		batch := list.Entries[at:min(at+leavesAtOnce, len(list.Entries))]
		var fresh []Leave
		err := units.Do(ctx, func(tx reminders.Tx) error {
			fresh = nil
			for _, e := range batch {
				l, err := s.Enter(tx, e.Leave, by)
				if err != nil {
					return err
				}
				if !l.At.Equal(tx.Now()) {
					continue // it was there
				}
				fresh = append(fresh, l)
				if entered != nil {
					if err := entered(tx, l); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			return done, err
		}
		done = append(done, fresh...)
		crashpoint.Pass(crashpoint.Import)
	}
	return done, nil
}

// leavesAtOnce is how many leaves one unit of work enters: each costs three changes of
// the store, and as many for each liaison who hears that a shift is concerned.
const leavesAtOnce = 5
