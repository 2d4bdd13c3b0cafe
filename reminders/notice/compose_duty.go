package notice

import (
	"context"
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// Gaps tells where the rosters of blocks are not what they should be.
type Gaps interface {
	Gaps(tx reminders.Tx, blocks []calendar.Block) (RosterGaps, error)
}

// RosterGaps counts what is missing in the rosters of some blocks (值班缺口).
type RosterGaps struct {
	Units   int // that keep a roster
	Unfiled int // of them, those that have not filed for each of the blocks
	Days    int // of rosters that were filed, without an officer for all or part of the day
	People  int // on rosters, who are on leave, have left or are out of reach
}

// any reports whether something is missing.
func (g RosterGaps) any() bool { return g.Unfiled+g.Days+g.People > 0 }

// Closings works out what a closing summary says of duty and reports.
type Closings interface {
	// Closing also makes and keeps the files that go with the summary, which takes a
	// while: it is called outside of any unit of work. Called again it gives the same,
	// as long as nothing was recorded meanwhile.
	Closing(ctx context.Context, blocks []calendar.Block) (Closing, error)
}

// Closing is the part of a closing summary about duty and reports (节后小结). Without
// lines there is nothing to say.
type Closing struct {
	Lines   []reminders.Message
	Files   []reminders.File
	Buttons [][]reminders.Button
}

// dutyReady is what readiness says of the rosters: nothing where no unit keeps one.
func dutyReady(g RosterGaps) reminders.Value {
	switch {
	case g.Units == 0:
		return reminders.List()
	case !g.any():
		return reminders.Say("readiness.duty_ready", nil)
	}
	return reminders.Say("readiness.duty", reminders.Args{
		"Unfiled": reminders.Number(g.Unfiled), "Days": reminders.Number(g.Days), "People": reminders.Number(g.People),
	})
}

// owed gives what units owe of duty and reports: from its due instant on, and once more
// when it was closed since the digest of the workday before. Else what was missed would
// stand nowhere but in the book.
func (d *Desk) owed(tx reminders.Tx, at time.Time) ([]obligation.Terms, error) {
	if d.Owed == nil {
		return nil, nil
	}
	var names []string
	for _, id := range d.Owed(at) {
		names = append(names, string(id))
	}
	cal := d.Calendar()
	local := at.In(cal.Location())
	before := cal.OnOrBefore(calendar.DateOf(at, cal.Location()).AddDays(-1)).At(local.Hour(), local.Minute(), cal.Location())
	terms, err := d.standing(tx, names...)
	return slices.DeleteFunc(terms, func(t obligation.Terms) bool {
		return t.Due.After(at) || t.Closed && !t.Closes.After(before)
	}), err
}

// composeReadiness states what would keep the reminder from arriving, and duty days from
// having somebody.
func (d *Desk) composeReadiness(tx reminders.Tx, n *Notice, counted *figures) (string, error) {
	never, lost, silent, rosters := counted.never, counted.lost, counted.silent, counted.rosters[n.ID]
	drafts, err := d.Store.DraftsOf(tx, n.Block)
	if err != nil {
		return "", err
	}
	waiting := 0
	for _, draft := range drafts {
		if draft.State == DraftWaiting {
			waiting++
		}
	}
	key := "readiness.body"
	if never+lost+waiting+silent == 0 && !rosters.any() {
		key = "readiness.ready"
	}
	n.Body = &reminders.Message{
		Key: key,
		Args: reminders.Args{
			"Occasion": occasion(n.Festivals), "Never": reminders.Number(never), "Lost": reminders.Number(lost),
			"Waiting": reminders.Number(waiting), "Silent": reminders.Number(silent), "Duty": dutyReady(rosters),
		},
	}
	if never+lost > 0 {
		n.Body.Buttons = append(n.Body.Buttons, []reminders.Button{{Label: "button.unreachable", Verb: "open", Object: "unreachable"}})
	}
	if rosters.any() {
		n.Body.Buttons = append(n.Body.Buttons, []reminders.Button{{Label: "button.rosters", Verb: "open", Object: "rosters"}})
	}
	return "", nil
}

// composeSummary says what was recorded of the block: acknowledgements, duty, reports.
func (d *Desk) composeSummary(n *Notice, counted *figures) (string, error) {
	people := counted.lines[obligation.TermsID(d.keyOf(n.Block, HolidayReminder))]
	units := counted.lines[obligation.TermsID(d.keyOf(n.Block, UnitNotice))]
	closing := counted.closings[n.ID]
	asked := people != nil || units != nil
	if !asked && len(closing.Lines) == 0 {
		return WhyNothing, nil
	}
	n.Files = closing.Files
	n.Body = &reminders.Message{Key: "summary.duty", Args: reminders.Args{
		"Occasion": occasion(n.Festivals), "Duty": reminders.List(closing.Lines...),
	}}
	if asked {
		n.Body.Key = "summary.body"
		n.Body.Args["People"] = reminders.Number(people.Total() - people[obligation.Withdrawn])
		n.Body.Args["Met"] = reminders.Number(people[obligation.Met])
		n.Body.Args["Late"] = reminders.Number(people[obligation.Late])
		n.Body.Args["Missed"] = reminders.Number(people[obligation.Missed])
		n.Body.Args["Excused"] = reminders.Number(people[obligation.Excused])
		n.Body.Args["Units"] = reminders.Number(units.Total() - units[obligation.Withdrawn])
		n.Body.Args["UnitsAnswered"] = reminders.Number(units.Answered())
		handle := string(obligation.HandleOf(obligation.TermsID(d.keyOf(n.Block, HolidayReminder))))
		n.Body.Buttons = [][]reminders.Button{{{Label: "button.by_unit", Verb: "open", Object: handle}}}
	}
	n.Body.Buttons = append(n.Body.Buttons, closing.Buttons...)
	return "", nil
}
