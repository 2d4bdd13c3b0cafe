package people

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// Leave is a span of days on which a person is away (请假). It is never deleted: taking
// it back leaves a mark.
type Leave struct {
	Person reminders.PersonID `json:"person"`
	Number int                `json:"number"` // of the person's leaves, from 1
	From   calendar.Date      `json:"from"`
	To     calendar.Date      `json:"to"` // belongs to it
	Reason string             `json:"reason,omitempty"`

	By        reminders.PersonID `json:"by"` // who entered it
	At        time.Time          `json:"at"`
	TakenBack time.Time          `json:"taken_back,omitzero"` // zero: it holds
	BackBy    reminders.PersonID `json:"back_by,omitempty"`
}

// Holds reports whether the leave was not taken back.
func (l Leave) Holds() bool { return l.TakenBack.IsZero() }

// overlaps reports whether two leaves share a day.
func (l Leave) overlaps(o Leave) bool { return !l.To.Before(o.From) && !o.To.Before(l.From) }

// Window is the time of the leave on the clocks of a place: from the first midnight to
// the one after the last day.
func (l Leave) Window(zone *time.Location) reminders.Window {
	return reminders.Window{From: l.From.At(0, 0, zone), To: l.To.AddDays(1).At(0, 0, zone)}
}

// longestLeave is how many days one leave may have: more is a slip of the year.
const longestLeave = 366

// maxReason is how many characters a reason may have.
const maxReason = 100

// LeaveStore keeps leaves.
type LeaveStore interface {
	// LeavesOf lists the leaves of a person by their number, those taken back too.
	LeavesOf(tx reminders.Tx, person reminders.PersonID) ([]Leave, error)
	SaveLeave(tx reminders.Tx, l Leave) error
}

// Leaves keeps who is away when.
type Leaves struct {
	store  LeaveStore
	people *Desk
	zone   func() *time.Location
}

// NewLeaves joins the leaves to the register. zone is that of the place, in which days
// begin.
func NewLeaves(store LeaveStore, people *Desk, zone func() *time.Location) *Leaves {
	return &Leaves{store: store, people: people, zone: zone}
}

// Enter records a leave: Person, From, To and Reason of it count. The same days twice
// change nothing and give the one that is there. It fails with NotFound for somebody
// who is not enrolled, and with Invalid for days that end before they begin or are too
// many, for a reason that is too long, and for days that overlap another leave.
//
// What the leave means for the roster is for the caller to ask in the same unit of
// work; the register does not know shifts.
func (s *Leaves) Enter(tx reminders.Tx, l Leave, by reminders.PersonID) (Leave, error) {
	const op = "people.leave"
	r, err := s.people.find(tx, op, l.Person)
	if err != nil {
		return Leave{}, err
	}
	if !r.Enrolled() {
		return Leave{}, reminders.Fail(reminders.NotFound, op, "people.unknown", reminders.Args{"StaffNo": reminders.Text(string(l.Person))})
	}
	l.Reason = tidy(l.Reason)
	if err := l.check(); err != nil {
		return Leave{}, err
	}
	all, err := s.store.LeavesOf(tx, l.Person)
	if err != nil {
		return Leave{}, err
	}
	holds := slices.DeleteFunc(slices.Clone(all), func(o Leave) bool { return !o.Holds() })
	switch other, how := clash(holds, l); how {
	case sameDays:
		return other, nil
	case someDays:
		return Leave{}, &reminders.Error{Kind: reminders.Invalid, Op: op, Message: overlapText(other)}
	}
	l.Number = 1
	if n := len(all); n > 0 { // old ones may be gone
		l.Number = all[n-1].Number + 1
	}
	l.By, l.At, l.TakenBack, l.BackBy = by, tx.Now(), time.Time{}, ""
	return l, s.save(tx, l, "entered", by)
}

// check says what is wrong with the days and the reason of a leave.
func (l Leave) check() error {
	const op = "people.leave"
	switch {
	case l.From.IsZero() || l.To.IsZero() || l.To.Before(l.From):
		return reminders.Fail(reminders.Invalid, op, "people.leave_days", nil)
	case l.To.Sub(l.From) >= longestLeave:
		return reminders.Fail(reminders.Invalid, op, "people.leave_long", reminders.Args{"Limit": reminders.Number(longestLeave)})
	case len([]rune(l.Reason)) > maxReason:
		return reminders.Fail(reminders.Invalid, op, "people.row.too_long", reminders.Args{"Limit": reminders.Number(maxReason)})
	}
	return nil
}

// How two leaves meet.
const (
	sameDays = "same"
	someDays = "some"
)

// clash finds the leave that shares days with another one: one of the very same days
// before any other.
func clash(known []Leave, l Leave) (Leave, string) {
	for _, other := range known {
		if other.From == l.From && other.To == l.To {
			return other, sameDays
		}
	}
	if n := slices.IndexFunc(known, l.overlaps); n >= 0 {
		return known[n], someDays
	}
	return Leave{}, ""
}

// overlapText says with which leave days collide.
func overlapText(other Leave) reminders.Message {
	return reminders.Line("people.leave_overlap", reminders.Args{
		"From": reminders.Text(other.From.String()), "To": reminders.Text(other.To.String()),
	})
}

// TakeBack ends a leave as if it had not been entered, and gives it. Taking it back
// twice changes nothing. It fails with NotFound for an unknown one.
func (s *Leaves) TakeBack(tx reminders.Tx, person reminders.PersonID, number int, by reminders.PersonID) (Leave, error) {
	all, err := s.store.LeavesOf(tx, person)
	if err != nil {
		return Leave{}, err
	}
	n := slices.IndexFunc(all, func(l Leave) bool { return l.Number == number })
	if n < 0 {
		return Leave{}, reminders.Fail(reminders.NotFound, "people.take_back_leave", "people.leave_unknown", nil)
	}
	l := all[n]
	if !l.Holds() {
		return l, nil
	}
	l.TakenBack, l.BackBy = tx.Now(), by
	return l, s.save(tx, l, "taken-back", by)
}

// save writes a leave and its entry. Why somebody is away stays out of the ledger.
func (s *Leaves) save(tx reminders.Tx, l Leave, what string, by reminders.PersonID) error {
	if err := s.store.SaveLeave(tx, l); err != nil {
		return err
	}
	return s.people.book.Append(tx, ledger.Entry{
		Actor: cmp.Or(string(by), ledger.System), Verb: ledger.OnLeave, Object: "leave/" + string(l.Person) + "/" + strconv.Itoa(l.Number),
		Subject: string(l.Person), Reason: what, Attrs: map[string]string{"from": l.From.String(), "to": l.To.String()},
	})
}

// Of lists the leaves of a person that hold and end on a day or later, by their first
// day.
func (s *Leaves) Of(tx reminders.Tx, person reminders.PersonID, from calendar.Date) ([]Leave, error) {
	all, err := s.store.LeavesOf(tx, person)
	all = slices.DeleteFunc(all, func(l Leave) bool { return !l.Holds() || l.To.Before(from) })
	slices.SortFunc(all, func(a, b Leave) int { return a.From.Compare(b.From) })
	return all, err
}

// OnLeave reports whether a person is on leave at some instant of a window.
func (s *Leaves) OnLeave(tx reminders.Tx, person reminders.PersonID, w reminders.Window) (bool, error) {
	all, err := s.store.LeavesOf(tx, person)
	return slices.ContainsFunc(all, func(l Leave) bool { return l.Holds() && l.Window(s.zone()).Overlaps(w) }), err
}
