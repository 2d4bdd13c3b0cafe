package duty

import (
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// Reason names a kind of problem of a roster.
type Reason string

// The reasons. The first four block filing: with them the roster would not say who is
// on duty. The others are warnings, with which it can be filed knowingly.
const (
	Overlap Reason = "overlap"        // two shifts of the unit at one time
	Double  Reason = "double-booking" // somebody on two shifts at one time, in whatever units
	Unknown Reason = "unknown"        // somebody who is not in the register
	Begun   Reason = "begun"          // a shift that has begun would change

	NoCover     Reason = "no-cover"      // time of the block without a shift
	NoLeader    Reason = "no-leader"     // a shift without a duty leader
	TwoPlaces   Reason = "two-places"    // one person twice on one shift
	OnLeave     Reason = "on-leave"      // 请假
	Unreachable Reason = "unreachable"   // messages do not arrive
	Retired     Reason = "retired"       // left the register
	Foreign     Reason = "foreign"       // of another unit
	TooManyDays Reason = "too-many-days" // officer on more days in a row than the rules allow
	ShortRest   Reason = "short-rest"    // less rest between two shifts than the rules want
)

// Problem is what is wrong with a roster at one place.
type Problem struct {
	Row    int // of the file; zero where there is none
	Unit   reminders.UnitID
	Window reminders.Window // of the shift, or of the time without cover
	People []reminders.PersonID
	Reason Reason

	// Other is the shift with which it collides, and OtherRow its row; for TooManyDays
	// Limit is what the rules allow and Count what the roster has. For Unreachable, which
	// is said once for a person, Count is on how many shifts they are.
	Other        Shift
	OtherRow     int
	Count, Limit int
}

// Blocks reports whether a roster with the problem cannot be filed.
func (p Problem) Blocks() bool {
	switch p.Reason {
	case Overlap, Double, Unknown, Begun:
		return true
	}
	return false
}

// Gap reports whether time is without cover, or a shift without somebody who can be
// there: what readiness must show, other than what the unit accepted.
func (p Problem) Gap() bool {
	switch p.Reason {
	case NoCover, Unknown, NoLeader, OnLeave, Unreachable, Retired:
		return true
	}
	return false
}

// Message is the problem in words.
func (p Problem) Message() reminders.Message {
	from, to := reminders.Instant(p.Window.From), reminders.Instant(p.Window.To)
	name := reminders.Text("-")
	if len(p.People) > 0 {
		name = reminders.PersonName(p.People[0])
	}
	who := reminders.Args{"Name": name, "Start": from}
	collides := reminders.Args{"Start": from, "OtherStart": reminders.Instant(p.Other.Start)}
	switch p.Reason {
	case Overlap:
		return reminders.Line("duty.problem.overlap", collides)
	case Double:
		collides["Name"], collides["Unit"] = name, reminders.UnitName(p.Other.Unit)
		return reminders.Line("duty.problem.double", collides)
	case Unknown:
		number := ""
		if len(p.People) > 0 {
			number = string(p.People[0])
		}
		return reminders.Line("duty.problem.unknown", reminders.Args{"StaffNo": reminders.Text(number), "Start": from})
	case Begun:
		return reminders.Line("duty.problem.begun", reminders.Args{"Start": from})
	case NoCover:
		return reminders.Line("duty.problem.no_cover", reminders.Args{"Start": from, "End": to})
	case NoLeader:
		return reminders.Line("duty.problem.no_leader", reminders.Args{"Start": from})
	case TwoPlaces:
		return reminders.Line("duty.problem.two_places", who)
	case OnLeave:
		return reminders.Line("duty.problem.on_leave", who)
	case Unreachable:
		who["Count"] = reminders.Number(p.Count)
		return reminders.Line("duty.problem.unreachable", who)
	case Retired:
		return reminders.Line("duty.problem.retired", who)
	case Foreign:
		return reminders.Line("duty.problem.foreign", who)
	case TooManyDays:
		return reminders.Line("duty.problem.days", reminders.Args{
			"Name": name, "Start": from, "Days": reminders.Number(p.Count), "Limit": reminders.Number(p.Limit),
		})
	}
	return reminders.Line("duty.problem.rest", reminders.Args{
		"Name": name, "Start": from, "Hours": reminders.Number(p.Count), "Limit": reminders.Number(p.Limit),
	})
}

// Line is the problem as one line for people, with its row if it has one.
func (p Problem) Line() reminders.Message {
	if p.Row == 0 {
		return p.Message()
	}
	return sheet.RowError{Row: p.Row, Message: p.Message()}.Line()
}

// hours is a duration in whole hours.
func hours(span time.Duration) int { return int(span / time.Hour) }
