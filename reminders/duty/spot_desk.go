package duty

import (
	"context"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// SpotStore keeps draws and spot checks. Its methods work within the unit of work tx.
type SpotStore interface {
	SpotBlock(tx reminders.Tx, block string) (SpotBlock, bool, error)
	SaveSpotBlock(tx reminders.Tx, b SpotBlock) error
	// SpotSecret gives the secret of a block, apart from what else is known of it.
	SpotSecret(tx reminders.Tx, block string) (SpotSecret, bool, error)
	SaveSpotSecret(tx reminders.Tx, block string, s SpotSecret) error

	SpotCheck(tx reminders.Tx, h obligation.Handle) (SpotCheck, bool, error)
	SaveSpotCheck(tx reminders.Tx, s SpotCheck) error
	// SpotChecksOf lists the checks of a unit in a block by their numbers.
	SpotChecksOf(tx reminders.Tx, unit reminders.UnitID, block string) ([]SpotCheck, error)
	// SpotChecksIn lists the checks of all units by their moments.
	SpotChecksIn(tx reminders.Tx, w reminders.Window) ([]SpotCheck, error)

	// DueSpot gives what the service must deal with first at now, and the instant of
	// what comes next (zero if nothing).
	DueSpot(tx reminders.Tx, now time.Time) (due SpotDue, next time.Time, err error)

	LastSpot(tx reminders.Tx, unit reminders.UnitID) (SpotLast, bool, error)
	SaveLastSpot(tx reminders.Tx, l SpotLast) error
}

// SpotDue names what is due: a draw or a check; neither if nothing is.
type SpotDue struct {
	Block string            `json:"block,omitempty"`
	Check obligation.Handle `json:"check,omitempty"`
}

// SpotLast is the last check of a unit, for fairness.
type SpotLast struct {
	Unit    reminders.UnitID   `json:"unit"`
	At      time.Time          `json:"at"`
	Officer reminders.PersonID `json:"officer"`
}

// SpotOptions join the desk of spot checks to what it needs besides the rosters.
type SpotOptions struct {
	Store SpotStore
	Rules SpotRules
	// Secret makes a secret; nil: NewSpotSecret.
	Secret func() SpotSecret
	// Readers lists who is told when a secret is revealed: staff and auditors, in a
	// fixed order.
	Readers func(tx reminders.Tx) ([]reminders.PersonID, error)
}

// SpotDesk draws, asks and reveals spot checks.
type SpotDesk struct {
	SpotOptions
	duty *Desk

	// looked is the calendar and the day for which every coming block has its
	// commitment; used by Advance alone.
	looked struct {
		cal *calendar.Calendar
		day calendar.Date
	}
}

// NewSpotDesk joins the desk to the rosters. Rules that contradict themselves are an
// Internal error.
func NewSpotDesk(duty *Desk, o SpotOptions) (*SpotDesk, error) {
	if o.Secret == nil {
		o.Secret = NewSpotSecret
	}
	return &SpotDesk{SpotOptions: o, duty: duty}, o.Rules.check()
}

// Advance deals with one draw or check that is due at now, or commits to the secret of one
// coming block, each in one unit of work. After an outage a check is asked late or
// dropped, see ask.
func (d *SpotDesk) Advance(ctx context.Context, now time.Time) (next time.Time, more bool, err error) {
	cal := d.duty.Calendar()
	today := calendar.DateOf(now, cal.Location())
	complete := d.looked.cal == cal && d.looked.day == today
	err = d.duty.Units.Do(ctx, func(tx reminders.Tx) error {
		due, at, err := d.Store.DueSpot(tx, now)
		next, more = at, due != SpotDue{}
		switch {
		case err != nil:
			return err
		case due.Check != "":
			return d.settle(tx, due.Check, now)
		case due.Block != "":
			return d.draw(tx, due.Block, now)
		case complete:
			return nil
		}
		more, err = d.commit(tx, cal, today)
		return err
	})
	if err == nil && !more {
		d.looked.cal, d.looked.day = cal, today
	}
	return next, more, err
}

// settle takes the next step of a check.
func (d *SpotDesk) settle(tx reminders.Tx, h obligation.Handle, now time.Time) error {
	s, found, err := d.Store.SpotCheck(tx, h)
	switch {
	case err != nil:
		return err
	case !found:
		return reminders.Internalf("duty.spot", "check %s is due and does not exist", h)
	case s.State == SpotWaiting:
		return d.ask(tx, s, now)
	default:
		return d.finish(tx, s)
	}
}

// note writes an entry about a check.
func (d *SpotDesk) note(tx reminders.Tx, verb ledger.Verb, s SpotCheck, actor, reason string, attrs map[string]string) error {
	return d.duty.Ledger.Append(tx, ledger.Entry{
		Actor: actor, Verb: verb, Object: string(s.Terms()), Subject: string(s.Unit), Reason: reason, Attrs: attrs,
	})
}

// noteBlock writes an entry about a draw.
func (d *SpotDesk) noteBlock(tx reminders.Tx, verb ledger.Verb, b SpotBlock, reason string, attrs map[string]string) error {
	return d.duty.Ledger.Append(tx, ledger.Entry{
		Actor: ledger.System, Verb: verb, Object: "spot/" + b.Block, Reason: reason, Attrs: attrs,
	})
}
