package report

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Kind is what sort of report it is (报告种类).
type Kind string

// The kinds of reports. Each has a form and a series of numbers of its own.
const (
	Daily    Kind = "daily"    // 值班日报: one a day for each unit on duty, most often with nothing to report
	Incident Kind = "incident" // 重大事项即时报告: at any time
	Closing  Kind = "closing"  // 节后总结: one for each unit that had duty in the block
)

// Kinds lists the kinds in the order in which tables show them.
func Kinds() []Kind { return []Kind{Daily, Incident, Closing} }

// Type is what a field takes.
type Type string

// The types of fields.
const (
	TypeNumber     Type = "number"     // a whole number, not negative
	TypeChoice     Type = "choice"     // one of Choices
	TypeText       Type = "text"       // at most Max characters
	TypeDatetime   Type = "datetime"   // an instant
	TypeAttachment Type = "attachment" // photos or documents, always optional
)

// Need says when a field must have a value.
type Need string

// The needs.
const (
	Optional Need = ""
	Always   Need = "always"
	AtTheEnd Need = "final" // of an incident: in the final report only
)

// Source says where a value comes from (数据来源).
type Source string

// The sources. A value that was given stands as a person entered it; the others were
// filled in from what was recorded already, and a person confirmed them.
const (
	Given         Source = ""
	FromIncidents Source = "incidents" // counted from the incident reports of the unit on that day
	FromHandover  Source = "handover"  // notes of the handovers of that day
	FromDailies   Source = "dailies"   // the sum of the unit's daily reports in the block
	FromEarlier   Source = "earlier"   // the version, or the part of the incident, before
)

// Form is what a report asks for (报告表单), as data. Make one with ParseForm.
type Form struct {
	Kind    Kind
	Version int    // grows with every change of the fields
	Title   string // catalogue key
	Fields  []Field

	Daily      DailyHours      // of the daily form
	Limits     Limits          // of the incident form
	Closing    ClosingDays     // of the closing form
	Correction CorrectionHours // how long a returned report may take
}

// Field is one question of a form.
type Field struct {
	Name     string // unique within the form; values keep it over all versions of the form
	Type     Type
	Label    string // catalogue key
	Help     string // catalogue key; may be empty
	Unit     string // of a number: catalogue key of a text with Count; may be empty
	Group    string // catalogue key of the heading that it shares with its neighbours; may be empty
	Min, Max int    // of a number; of a text, Max is the number of characters
	Choices  []Option
	Required Need
	More     bool   // not on the first screen: asked only if the sender wants to say more
	Sum      bool   // of the daily form: the closing report adds it up
	From     Source // what fills it in before anybody is asked
	Past     bool   // of an instant: not later than now
}

// Option is one answer of a choice.
type Option struct {
	Name  string // as it is stored
	Label string // catalogue key
}

// Field gives a field by its name.
func (f Form) Field(name string) (Field, bool) {
	n := slices.IndexFunc(f.Fields, func(field Field) bool { return field.Name == name })
	if n < 0 {
		return Field{}, false
	}
	return f.Fields[n], true
}

// Needed reports whether the field must have a value in a report of this stage; daily
// and closing reports have none.
func (f Field) Needed(stage Stage) bool {
	return f.Required == Always || f.Required == AtTheEnd && stage == Final
}

// takesFiles reports whether the form has a place for photos and documents.
func (f Form) takesFiles() bool {
	return slices.ContainsFunc(f.Fields, func(field Field) bool { return field.Type == TypeAttachment })
}

// DailyHours says when the daily report is expected (日报时限), in the zone of the place.
type DailyHours struct {
	Due    Hour          // of the day itself
	Remind time.Duration // before Due, those who have not filed are asked
	Grace  time.Duration // after Due, a report is still in time
	Leader time.Duration // after Due, the leader on duty is told
	Staff  time.Duration // after Due, the supervising office is told
	Closes Hour          // of the next day
}

// Limits are how soon an incident is to be reported (时限): they are shown, and nobody
// is held to them by the service. Offices differ widely; the defaults are the middle of
// published rules.
type Limits struct {
	Phone   time.Duration // by telephone, since the incident became known
	Written time.Duration // in writing
}

// ClosingDays says when the closing report is expected.
type ClosingDays struct {
	Workdays int  // after the block, on which it is asked for and due
	Ask      Hour // of that day
	Due      Hour // of that day
	Closes   int  // workdays later, at the hour of Due
}

// CorrectionHours says until when a returned report is expected again.
type CorrectionHours struct {
	OnDuty   time.Duration // while the unit has somebody on duty
	Workdays int           // otherwise: this many workdays later
	Hour     Hour          // of that day
	Closes   time.Duration // after it was due
}

// Hour is a time of day in minutes since midnight.
type Hour int

// HourMinute gives the two numbers that a clock shows.
func (h Hour) HourMinute() (hour, minute int) { return int(h) / 60, int(h) % 60 }

// label is the name of the field as an argument of a text.
func (f Field) label() reminders.Value { return reminders.Say(f.Label, nil) }
