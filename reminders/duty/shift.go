package duty

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// ShiftID is UNIT/START, START as 20261001T0800 on the clock of the place. A unit has
// one shift at a time, so that names it for ever, also while its people change.
type ShiftID string

// stampLayout is how a start is written in a ShiftID; stamps sort by time.
const stampLayout = "20060102T1504"

// IDOf names the shift of a unit that starts at an instant, whose location must be
// that of the place.
func IDOf(unit reminders.UnitID, start time.Time) ShiftID {
	return ShiftID(string(unit) + "/" + start.Format(stampLayout))
}

// Split gives the unit and the stamp of the start. ok is false for what is no name of
// a shift.
func (id ShiftID) Split() (unit reminders.UnitID, stamp string, ok bool) {
	cut := strings.LastIndexByte(string(id), '/')
	if cut <= 0 {
		return "", "", false
	}
	stamp = string(id[cut+1:])
	_, err := time.Parse(stampLayout, stamp)
	return reminders.UnitID(id[:cut]), stamp, err == nil
}

// Shift is one shift of a unit's roster in one version (班次). Instants are of the
// place; End is not before Start and at most 24 hours of the clock later.
type Shift struct {
	ID    ShiftID          `json:"id"`
	Unit  reminders.UnitID `json:"unit"`
	Start time.Time        `json:"start"`
	End   time.Time        `json:"end"` // does not belong to the shift

	Officer reminders.PersonID `json:"officer"`          // 值班员
	Leader  reminders.PersonID `json:"leader,omitempty"` // 带班领导
	Backup  reminders.PersonID `json:"backup,omitempty"` // 备班, may be empty

	Block string `json:"block,omitempty"` // calendar block, empty outside of any

	// Version counts the versions of the shift from 1.
	Version    int                `json:"version"`
	RecordedAt time.Time          `json:"recorded_at"`
	By         reminders.PersonID `json:"by,omitempty"` // who recorded it; empty: the service
	Why        string             `json:"why"`          // one of the reasons below
	Cancelled  bool               `json:"cancelled,omitempty"`
	Life       int                `json:"life,omitempty"` // how often it came back after it was cancelled

	TakenAt  time.Time          `json:"taken_at,omitzero"`
	TakenBy  reminders.PersonID `json:"taken_by,omitempty"`
	HandedAt time.Time          `json:"handed_at,omitzero"`
	HandedBy reminders.PersonID `json:"handed_by,omitempty"`
	Note     string             `json:"note,omitempty"` // of the handover, for the next officer
}

// The reasons for which a version of a shift was recorded.
const (
	WhyFiled     = "filed"     // the unit filed its roster
	WhyCancelled = "cancelled" // a newer roster of the unit does without it
	WhySwap      = "swap"      // two people agreed
	WhyMoved     = "moved"     // its end moved
	WhyImposed   = "imposed"   // the liaison or the office replaced somebody
	WhyCorrected = "corrected" // put right afterwards, or a swap reversed
	WhyTaken     = "taken"     // somebody took over
	WhyHanded    = "handed"    // somebody handed over
)

// Window is the time of the shift.
func (s Shift) Window() reminders.Window { return reminders.Window{From: s.Start, To: s.End} }

// Responsible is who answers for the unit during the shift: whoever took over, else
// the officer.
func (s Shift) Responsible() reminders.PersonID {
	return cmp.Or(s.TakenBy, s.Officer)
}

// People are those with a place on the shift, each once: officer, leader, backup.
func (s Shift) People() []reminders.PersonID {
	var people []reminders.PersonID
	for _, p := range []reminders.PersonID{s.Officer, s.Leader, s.Backup} {
		if p != "" && !slices.Contains(people, p) {
			people = append(people, p)
		}
	}
	return people
}

// Has reports whether p has a place on the shift.
func (s Shift) Has(p reminders.PersonID) bool { return p != "" && slices.Contains(s.People(), p) }

// PlaceOf gives the place of p on the shift: officer before leader before backup;
// empty if none.
func (s Shift) PlaceOf(p reminders.PersonID) reminders.Role {
	if p == "" {
		return ""
	}
	switch p {
	case s.Officer:
		return reminders.DutyOfficer
	case s.Leader:
		return reminders.DutyLeader
	case s.Backup:
		return reminders.DutyBackup
	}
	return ""
}

// InPlace gives who holds a place as planned; empty if nobody.
func (s Shift) InPlace(place reminders.Role) reminders.PersonID {
	switch place {
	case reminders.DutyOfficer:
		return s.Officer
	case reminders.DutyLeader:
		return s.Leader
	case reminders.DutyBackup:
		return s.Backup
	}
	return ""
}

// SamePlan reports whether both versions plan the same: people and times.
func (s Shift) SamePlan(o Shift) bool {
	return s.Start.Equal(o.Start) && s.End.Equal(o.End) &&
		s.Officer == o.Officer && s.Leader == o.Leader && s.Backup == o.Backup && s.Cancelled == o.Cancelled
}

// TakeOverTerms names the obligation to take the shift over: one for each life.
func (s Shift) TakeOverTerms() obligation.TermsID {
	id := "duty/" + string(s.ID) + "/" + KindTakeOver
	if s.Life > 0 {
		id += "-" + strconv.Itoa(s.Life+1)
	}
	return obligation.TermsID(id)
}

// inOrder sorts shifts by their start, then by unit.
func inOrder(shifts []Shift) []Shift {
	slices.SortFunc(shifts, func(a, b Shift) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.ID, b.ID))
	})
	return shifts
}
