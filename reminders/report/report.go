package report

import (
	"strconv"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// ID names a report for ever: UNIT/2026-10-03/daily, UNIT/2026-national-day/closing,
// incident/2026-3 for the first report of an incident and incident/2026-3/2 for the
// second.
type ID string

// DailyID names the daily report of a unit on a day.
func DailyID(unit reminders.UnitID, day calendar.Date) ID {
	return ID(string(unit) + "/" + day.String() + "/daily")
}

// ClosingID names the closing report of a unit for a block.
func ClosingID(unit reminders.UnitID, block string) ID {
	return ID(string(unit) + "/" + block + "/closing")
}

// incidentID names a part of an incident; the first has no number.
func incidentID(n Number, part int) ID {
	id := ID("incident/" + n.String())
	if part > 1 {
		id += ID("/" + strconv.Itoa(part))
	}
	return id
}

// Handle is the short name of a report in button data: "r" and 13 characters of
// lower-case base32, so that it is never the handle of terms.
type Handle string

// HandleOf derives the handle of a report.
func HandleOf(id ID) Handle {
	return Handle("r" + string(obligation.HandleOf(obligation.TermsID("report/"+id))))
}

// IsHandle reports whether the object of a button names a report.
func IsHandle(object string) bool { return len(object) == 14 && strings.HasPrefix(object, "r") }

// State is how far the review of a report is.
type State string

// The states.
const (
	Submitted State = "submitted" // 已报送
	Returned  State = "returned"  // 已退回
	Accepted  State = "accepted"  // 已审核
	// TakenBack is a nil report that its sender took back at once (已撤回). It keeps
	// its number, counts nowhere, and the next report of the day takes its place.
	TakenBack State = "taken-back"
)

// States lists the states in the order in which tables show them.
func States() []State { return []State{Submitted, Returned, Accepted, TakenBack} }

// Stage is the place of a report in its incident (报告阶段).
type Stage string

// The stages of an incident.
const (
	First    Stage = "first"     // 首报
	FollowOn Stage = "follow-on" // 续报
	Final    Stage = "final"     // 终报
)

// Number is the number of a report, without gaps for each year and kind (编号):
// 日报〔2026〕17号. The parts of an incident share one.
type Number struct {
	Year   int `json:"year"`
	Serial int `json:"serial"`
}

// String gives the number as 2026-17.
func (n Number) String() string { return strconv.Itoa(n.Year) + "-" + strconv.Itoa(n.Serial) }

// Report is what a unit reported (报告), in all its versions.
type Report struct {
	ID     ID               `json:"id"`
	Kind   Kind             `json:"kind"`
	Number Number           `json:"number"`
	Unit   reminders.UnitID `json:"unit"`
	Day    calendar.Date    `json:"day"`             // that it is about; the last of the block for a closing report
	Block  string           `json:"block,omitempty"` // calendar block, empty outside of any

	// Incident is the first report of the incident, Stage and Part the place in it.
	Incident ID    `json:"incident,omitempty"`
	Stage    Stage `json:"stage,omitempty"`
	Part     int   `json:"part,omitempty"` // from 1

	State    State     `json:"state"`
	Versions []Version `json:"versions"` // in order; the last one counts
	Reviews  []Review  `json:"reviews,omitempty"`

	// Standing is what became of the obligation to report when the first version
	// came: met or late; missed or excused if it came after the closing and changed
	// nothing. Empty for an incident, which nobody owes.
	Standing     obligation.State `json:"standing,omitempty"`
	AfterClosing bool             `json:"after_closing,omitempty"`

	Overturned *Overturning `json:"overturned,omitempty"`
}

// Version is a report as it was submitted once; a correction (更正) is another version.
type Version struct {
	Nil         bool               `json:"nil,omitempty"` // nothing to report (零报告)
	Values      Values             `json:"values,omitempty"`
	Files       []reminders.File   `json:"files,omitempty"`
	FormVersion int                `json:"form_version"`
	By          reminders.PersonID `json:"by"`
	At          time.Time          `json:"at"`
	Reason      string             `json:"reason,omitempty"` // of a correction
	Questions   []Questioned       `json:"questions,omitempty"`
}

// Review is one step of the review (审核).
type Review struct {
	State   State              `json:"state"`   // what the step made of the report
	Version int                `json:"version"` // the one that was looked at, from 1
	By      reminders.PersonID `json:"by"`
	At      time.Time          `json:"at"`
	Reason  string             `json:"reason,omitempty"` // of a return
}

// Overturning says that a nil report was contradicted later.
type Overturning struct {
	By  reminders.PersonID `json:"by"`
	At  time.Time          `json:"at"`
	Ref string             `json:"ref"` // number of what contradicts it
}

// Latest is the version that counts.
func (r Report) Latest() Version {
	if len(r.Versions) == 0 {
		return Version{}
	}
	return r.Versions[len(r.Versions)-1]
}

// Review is the last step of the review; the zero value if there was none.
func (r Report) Review() Review {
	if len(r.Reviews) == 0 {
		return Review{}
	}
	return r.Reviews[len(r.Reviews)-1]
}

// Handle is the short name of the report in button data.
func (r Report) Handle() Handle { return HandleOf(r.ID) }

// Correction names the obligation to correct the report as it was returned last.
func (r Report) Correction() obligation.TermsID {
	return obligation.TermsID(string(r.ID) + "/correction-" + strconv.Itoa(r.Review().Version))
}

// Title is the number as people write it: 日报〔2026〕17号.
func (r Report) Title() reminders.Message {
	args := reminders.Args{
		"Year": reminders.Text(strconv.Itoa(r.Number.Year)), "Serial": reminders.Text(strconv.Itoa(r.Number.Serial)),
	}
	switch r.Kind {
	case Closing:
		return reminders.Line("report.number.closing", args)
	case Daily:
		return reminders.Line("report.number.daily", args)
	}
	return reminders.Line("report.number.incident", args)
}

// title is the number as an argument of a text.
func (r Report) title() reminders.Value {
	m := r.Title()
	return reminders.Say(m.Key, m.Args)
}
