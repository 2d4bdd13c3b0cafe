package notice

import (
	"time"

	"github.com/robfig/cron/v3"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// Kind says what sort of thing an item of the plan is (种类). The names are those
// of the contract: they stand in plans, exports and deliveries and never change.
type Kind string

// The kinds that concern notices.
const (
	Review          Kind = "review"           // texts and cases to look through
	UnitNotice      Kind = "unit-notice"      // the block's rules, for the units
	Readiness       Kind = "readiness"        // what would keep the reminder from arriving
	HolidayReminder Kind = "holiday-reminder" // the personal integrity reminder
	Chase           Kind = "chase"            // a step of a ladder, to those outstanding
	Digest          Kind = "digest"           // what is overdue, for the head of the office
	ClosingSummary  Kind = "closing-summary"  // what was recorded, after the block
	CasePush        Kind = "case-push"        // a public case of the week, for those who want it
	Burden          Kind = "burden"           // what the service asked of people in a month
)

// The kinds of what the office composes itself.
const (
	Announcement Kind = "announcement"  // 公告
	WorkPrompt   Kind = "work-prompt"   // 工作提示
	CaseGuidance Kind = "case-guidance" // 案例指导, a work prompt tied to public cases
	ThemeCard    Kind = "theme"         // the card of a quarterly theme
)

// Expects says what answer an item asks for.
type Expects string

// The answers. Only the two acknowledgements become obligations.
const (
	ExpectNothing   Expects = "nothing"
	ExpectApproval  Expects = "approval"
	ExpectWaiver    Expects = "waiver-or-fix"
	ExpectPerPerson Expects = "acknowledgement-per-person"
	ExpectPerUnit   Expects = "acknowledgement-per-unit"
)

// Obliges reports whether the answer is owed by somebody and is therefore written
// into the book of obligations.
func (e Expects) Obliges() bool { return e == ExpectPerPerson || e == ExpectPerUnit }

// RestDay says where an instant goes that falls on a rest day.
type RestDay string

// The rules for rest days. The hour stays the same.
const (
	Preceding RestDay = "preceding workday"
	Skip      RestDay = "skip" // it does not take place
)

// Programme is what the office does around every holiday (节日工作安排), as data.
// Make one with ParseProgramme; the zero value has no rows and plans nothing.
type Programme struct {
	Rows   []Row
	Quiet  Quiet
	Budget Budget
}

// Row is one line of the programme. It is either placed relative to an occasion
// (At) or recurs independently of any (Every).
type Row struct {
	Name    string // unique within the programme, also among rungs; part of the key
	Kind    Kind
	At      When
	Every   Recurrence
	RestDay RestDay
	To      []reminders.Role
	Expects Expects
	Due     When          // zero: nothing is due
	Grace   time.Duration // after Due
	Closes  When          // zero unless Expects obliges
	Until   When          // zero for a recurring row
	Ladder  []Rung
}

// Rung is one step of the ladder of a row.
type Rung struct {
	Name   string
	Action obligation.Action
	To     reminders.Role // who is spoken to: of the owner's unit where the row is per unit
	At     When
}

// Recurrence is a cron expression that names one time of the day, such as
// "0 9 * * *". It is read in the zone of the calendar.
type Recurrence struct {
	Expression string

	schedule cron.Schedule
}

// IsZero reports whether nothing recurs.
func (r Recurrence) IsZero() bool { return r.schedule == nil }
