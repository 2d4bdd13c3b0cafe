package duty_test

import (
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
)

// ask asks for a swap that must be possible.
func (y *yard) ask(r duty.SwapRequest) duty.Swap {
	y.t.Helper()
	var s duty.Swap
	y.do(func(tx reminders.Tx) (err error) {
		s, err = y.swaps.Ask(tx, r)
		return err
	})
	return s
}

// took takes a step of a swap and gives the swap, or why it was refused.
func (y *yard) took(f func(tx reminders.Tx, id duty.SwapID, by reminders.PersonID) (duty.Swap, error), s duty.Swap, by reminders.PersonID) (duty.Swap, error) {
	y.t.Helper()
	err := y.try(func(tx reminders.Tx) (err error) {
		s, err = f(tx, s.ID, by)
		return err
	})
	return s, err
}

// refuse and reverse are steps with a reason.
func (y *yard) refuse(tx reminders.Tx, id duty.SwapID, by reminders.PersonID) (duty.Swap, error) {
	return y.swaps.Refuse(tx, id, by, "")
}

func (y *yard) reverse(tx reminders.Tx, id duty.SwapID, by reminders.PersonID) (duty.Swap, error) {
	return y.swaps.Reverse(tx, id, by, "")
}

// exchange is A's first day for B's second.
func exchange() duty.SwapRequest {
	return duty.SwapRequest{
		By: "A", Given: duty.IDOf("river", oct(1, 8, 0)), Taker: "B", Back: duty.IDOf("river", oct(2, 8, 0)),
	}
}

// cover is A's first day for nothing, by E, who has no shift.
func cover() duty.SwapRequest {
	return duty.SwapRequest{By: "A", Given: duty.IDOf("river", oct(1, 8, 0)), Taker: "E"}
}

// filedYard is a yard whose roster is filed: A B C D A B C.
func filedYard(t testing.TB) *yard {
	y := newYard(t)
	y.file("river", week()...)
	wants(t, "as filed", "ABCDABC", y.officers())
	return y
}

// appliedYard is one in which a swap was agreed to and approved.
func appliedYard(t testing.TB, r duty.SwapRequest) (*yard, duty.Swap) {
	y := filedYard(t)
	s := y.ask(r)
	s, err := y.took(y.swaps.Accept, s, r.Taker)
	if err != nil {
		t.Fatal(err)
	}
	if s, err = y.took(y.swaps.Approve, s, "X"); err != nil || s.State != duty.SwapApplied {
		t.Fatalf("%s, %v", s.State, err)
	}
	return y, s
}

// dropped leaves somebody out.
func dropped(heard map[reminders.PersonID][]string, p reminders.PersonID) map[reminders.PersonID][]string {
	delete(heard, p)
	return heard
}

// moved gives shifts that begin at another hour.
func moved(shifts []duty.Shift, hour int) []duty.Shift {
	for i := range shifts {
		s := &shifts[i]
		s.Start, s.End = s.Start.Add(time.Duration(hour-8)*time.Hour), s.End.Add(time.Duration(hour-8)*time.Hour)
		s.ID = duty.IDOf(s.Unit, s.Start)
	}
	return shifts
}
