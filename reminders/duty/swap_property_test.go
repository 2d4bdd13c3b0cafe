package duty_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
)

// Any sequence of swaps, leaves, filings and cancellations never leaves an overlap, never
// loses or doubles a shift, and leaves a book and a store in order.
func TestSwapsNeverHurtTheRoster(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		y := filedYard(t)
		play := &swapPlay{yard: y, rt: rt, hour: 8, days: []int{1, 2, 3, 4, 5, 6, 7}}
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			y.advance(y.clock.now.Add(time.Duration(rapid.IntRange(1, 90).Draw(rt, "minutes")) * time.Minute))
			rapid.SampledFrom([]func(){
				play.ask, play.ask, play.answer, play.answer, play.answer, play.impose, play.leave, play.refile, play.cancel,
			}).Draw(rt, "step")()
			play.check()
		}
		y.advance(oct(9, 0, 0))
		play.check()
		y.sound()
	})
}

// swapPlay is one random run.
type swapPlay struct {
	*yard
	rt    *rapid.T
	hour  int
	days  []int // on which river has a shift
	swaps []duty.SwapID
}

func (p *swapPlay) person(label string) reminders.PersonID {
	return rapid.SampledFrom([]reminders.PersonID{"A", "B", "C", "D", "E", "F"}).Draw(p.rt, label)
}

func (p *swapPlay) shift(label string) duty.ShiftID {
	return duty.IDOf("river", oct(rapid.IntRange(1, 7).Draw(p.rt, label), p.hour, 0))
}

// may runs a unit of work that may be refused, but not fail.
func (p *swapPlay) may(f func(tx reminders.Tx) error) {
	if err := p.try(f); err != nil && reminders.KindOf(err) == reminders.Internal {
		p.rt.Fatalf("our fault: %v", err)
	}
}

func (p *swapPlay) request() duty.SwapRequest {
	r := duty.SwapRequest{By: p.person("by"), Given: p.shift("given"), Taker: p.person("taker")}
	if rapid.Bool().Draw(p.rt, "exchange") {
		r.Back = p.shift("back")
	}
	return r
}

func (p *swapPlay) ask() {
	r := p.request()
	p.may(func(tx reminders.Tx) error {
		s, err := p.yard.swaps.Ask(tx, r)
		if err == nil {
			p.swaps = append(p.swaps, s.ID)
		}
		return err
	})
}

func (p *swapPlay) impose() {
	r := p.request()
	r.By, r.Why = "X", "imposed"
	p.may(func(tx reminders.Tx) error {
		s, err := p.yard.swaps.Impose(tx, r)
		if err == nil {
			p.swaps = append(p.swaps, s.ID)
		}
		return err
	})
}

// answer lets somebody take some step of some swap.
func (p *swapPlay) answer() {
	if len(p.swaps) == 0 {
		return
	}
	id := rapid.SampledFrom(p.swaps).Draw(p.rt, "swap")
	by := rapid.SampledFrom([]reminders.PersonID{"A", "B", "C", "D", "E", "F", "X", "S"}).Draw(p.rt, "by")
	d := p.yard.swaps
	p.may(func(tx reminders.Tx) error {
		s, err := d.Swap(tx, id)
		if err != nil {
			return err
		}
		offers, err := d.Offers(tx, s, by)
		if err != nil || len(offers) == 0 {
			return err
		}
		switch rapid.SampledFrom(offers).Draw(p.rt, "step") {
		case duty.StepAccept:
			_, err = d.Accept(tx, id, by)
		case duty.StepDecline:
			_, err = d.Decline(tx, id, by)
		case duty.StepApprove:
			_, err = d.Approve(tx, id, by)
		case duty.StepRefuse:
			_, err = d.Refuse(tx, id, by, "")
		case duty.StepWithdraw:
			_, err = d.Withdraw(tx, id, by)
		case duty.StepReverse:
			_, err = d.Reverse(tx, id, by, "")
		}
		return err
	})
}

func (p *swapPlay) leave() {
	n := rapid.IntRange(1, 7).Draw(p.rt, "day")
	p.leaves[p.person("away")] = []reminders.Window{{From: oct(n, 0, 0), To: oct(n+1, 0, 0)}}
}

// refile files the week again, perhaps at another hour, perhaps with another officer.
func (p *swapPlay) refile() {
	p.hour = rapid.IntRange(8, 10).Draw(p.rt, "hour")
	shifts := moved(week(), p.hour)
	if rapid.Bool().Draw(p.rt, "another") {
		shifts[rapid.IntRange(0, 6).Draw(p.rt, "day")].Officer = p.person("officer")
	}
	p.file("river", shifts...)
	p.days = []int{1, 2, 3, 4, 5, 6, 7}
	p.advance(p.clock.now.Add(time.Minute))
}

func (p *swapPlay) cancel() {
	id := p.shift("cancelled")
	p.may(func(tx reminders.Tx) error {
		s, found, err := p.duty.ShiftOf(tx, id)
		if err != nil || !found || s.Cancelled {
			return err
		}
		p.days = slices.DeleteFunc(p.days, func(n int) bool { return n == s.Start.In(shanghai).Day() })
		return p.duty.Cancel(tx, id, "X")
	})
}

// check holds the roster against what must always be true.
func (p *swapPlay) check() {
	p.do(func(tx reminders.Tx) error {
		shifts, err := p.duty.Shifts(tx, "river", reminders.Window{From: oct(1, 0, 0), To: oct(9, 0, 0)})
		if err != nil {
			return err
		}
		var days []int
		for i, s := range shifts {
			days = append(days, s.Start.In(shanghai).Day())
			if s.Officer == "" || i > 0 && s.Window().Overlaps(shifts[i-1].Window()) {
				p.rt.Fatalf("the roster is broken at %v", s)
			}
		}
		if !slices.Equal(days, p.days) {
			p.rt.Fatalf("shifts on %v, want %v", days, p.days)
		}
		open := map[duty.ShiftID]duty.SwapID{}
		live, err := p.yard.swaps.Live(tx, "river")
		for _, s := range live {
			for _, id := range []duty.ShiftID{s.Given, s.Back} {
				if other, busy := open[id]; busy && id != "" && s.Open() {
					p.rt.Fatalf("%s and %s are open for %s", s.ID, other, id)
				}
				if s.Open() {
					open[id] = s.ID
				}
			}
		}
		return err
	})
}
