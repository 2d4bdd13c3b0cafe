package notice_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// watch is what an invented office knows of duty and reports.
type watch struct {
	gaps    notice.RosterGaps
	closing notice.Closing
	broken  int // how often Closing still fails
	asked   [][]string
	o       *office
}

func names(blocks []calendar.Block) (ids []string) {
	for _, b := range blocks {
		ids = append(ids, b.ID)
	}
	return ids
}

func (w *watch) Gaps(_ reminders.Tx, blocks []calendar.Block) (notice.RosterGaps, error) {
	w.asked = append(w.asked, names(blocks))
	return w.gaps, nil
}

// Closing writes, which it could not within another unit of work.
func (w *watch) Closing(ctx context.Context, blocks []calendar.Block) (notice.Closing, error) {
	w.asked = append(w.asked, names(blocks))
	if w.broken--; w.broken >= 0 {
		return notice.Closing{}, errors.New("disk full")
	}
	return w.closing, w.o.store.Do(ctx, func(tx reminders.Tx) error { return w.o.store.SaveSetting(tx, "closing", true) })
}

// guarded joins an office to what it knows of duty.
func guarded(o *office) *watch {
	w := &watch{o: o}
	o.desk.Gaps, o.desk.Closings = w, w
	return w
}

var both = []string{"2026-mid-autumn", "2026-national-day"}

// Readiness counts what is missing in the rosters of all blocks of the occasion, and is
// not ready as long as something is.
func TestReadinessOfRosters(t *testing.T) {
	o := newOffice(t, 25, day(9, 11, 9, 0))
	w := guarded(o)
	o.reg.everyUnitHasALiaison()
	w.gaps = notice.RosterGaps{Units: 3, Unfiled: 1, Days: 2, People: 4}
	o.at(day(9, 18, 9, 0))
	o.at(day(9, 20, 9, 0))
	m := o.show(block+"/readiness", o.reg.people[0])
	said := m.Args["Duty"].Say
	if m.Key != "readiness.body" || said == nil || said.Key != "readiness.duty" {
		t.Fatalf("%+v", m)
	}
	got := []int{*said.Args["Unfiled"].Number, *said.Args["Days"].Number, *said.Args["People"].Number}
	if diff := cmp.Diff([]int{1, 2, 4}, got); diff != "" || len(m.Buttons) != 1 || m.Buttons[0][0].Object != "rosters" {
		t.Errorf("%v, buttons %v", got, m.Buttons)
	}
	if diff := cmp.Diff([][]string{both}, w.asked); diff != "" {
		t.Errorf("asked for %s", diff)
	}
	w.gaps = notice.RosterGaps{Units: 3}
	o.at(day(9, 24, 9, 0))
	if m := o.show(block+"/readiness-last-workday", o.reg.people[0]); m.Key != "readiness.ready" || m.Args["Duty"].Say.Key != "readiness.duty_ready" || len(m.Buttons) != 0 {
		t.Errorf("all filed: %+v", m)
	}
}

// The closing summary carries what was recorded of duty, with its files for each reader. A
// disk that is full puts it off.
func TestSummaryOfDuty(t *testing.T) {
	o := newOffice(t, 25, day(9, 11, 9, 0))
	w := guarded(o)
	file := reminders.File{Hash: strings.Repeat("ab", 32), Name: "closing.xlsx", Type: "application/x", Size: 3}
	w.closing = notice.Closing{
		Lines: []reminders.Message{reminders.Line("closing.incidents", nil)}, Files: []reminders.File{file},
		Buttons: [][]reminders.Button{{{Label: "button.watch", Verb: "open", Object: "watch-2026-10-01"}}},
	}
	o.at(day(9, 22, 9, 0))
	o.at(day(9, 24, 10, 0))
	o.send()
	o.at(day(10, 8, 9, 0))
	o.send()
	w.broken = 1
	o.clock.now = day(10, 8, 10, 0)
	if err := o.advance(); err == nil {
		t.Fatal("the failure is not told")
	}
	if _, found := o.find(block + "/closing-summary"); found {
		t.Error("a summary went out without what belongs to it")
	}
	o.at(day(10, 8, 10, 0))
	m := o.show(block+"/closing-summary", o.reg.people[0])
	if m.Key != "summary.body" || len(m.Args["Duty"].List) != 1 || len(m.Buttons) != 2 {
		t.Errorf("%+v", m)
	}
	if diff := cmp.Diff([][]string{both, both}, w.asked[len(w.asked)-2:]); diff != "" {
		t.Errorf("asked for %s", diff)
	}
	copies := 0
	for _, d := range o.waiting() {
		if d.Kind == string(notice.ClosingSummary) {
			copies++
			if diff := cmp.Diff([]reminders.File{file}, d.Files); diff != "" {
				t.Errorf("%s: %s", d.Key, diff)
			}
		}
	}
	if copies != 2 {
		t.Errorf("%d copies, want those of the staff", copies)
	}
}

// Where nobody was asked to acknowledge anything the summary speaks of duty alone; without
// either there is none.
func TestSummaryOfDutyAlone(t *testing.T) {
	for name, row := range map[string]struct {
		lines []reminders.Message
		key   string
	}{"duty": {[]reminders.Message{reminders.Line("closing.incidents", nil)}, "summary.duty"}, "nothing": {}} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, 25, day(10, 8, 9, 30))
			guarded(o).closing.Lines = row.lines
			o.at(day(10, 8, 10, 0))
			n := o.notice(block + "/closing-summary")
			switch {
			case row.key == "" && (n.State != notice.Skipped || n.Why != notice.WhyNothing):
				t.Errorf("%+v", n)
			case row.key != "" && (n.Body == nil || n.Body.Key != row.key || len(n.Body.Buttons) != 0):
				t.Errorf("%+v", n)
			}
		})
	}
}
