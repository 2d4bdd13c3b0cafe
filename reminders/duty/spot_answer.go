package duty

import (
	"fmt"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// Present answers a check: by tapped that they are at their post. Whoever was asked may
// do so, and whoever is on duty now. It fails with NotFound for a check that was never
// asked, with Denied for anybody else, and with Closed after the closing, which is
// recorded if the caller commits.
func (d *SpotDesk) Present(tx reminders.Tx, h obligation.Handle, by reminders.PersonID, textHash string) (obligation.Obligation, error) {
	const op = "duty.spot_present"
	s, found, err := d.Store.SpotCheck(tx, h)
	if err != nil {
		return obligation.Obligation{}, err
	}
	if !found || !s.Counts() {
		return obligation.Obligation{}, reminders.Fail(reminders.NotFound, op, "spot.unknown", nil)
	}
	shift, on, err := d.duty.OnDuty(tx, s.Unit, tx.Now())
	if err != nil {
		return obligation.Obligation{}, err
	}
	if by != s.Officer && (!on || by != shift.Responsible()) {
		return obligation.Obligation{}, reminders.Fail(reminders.Denied, op, "spot.not_on_duty", nil)
	}
	return d.duty.Book.Answer(tx, h, obligation.Owner{Unit: s.Unit}, by, textHash)
}

// finish notes how a check ended, once its obligation is closed, and tells the staff on
// duty of one that was not answered.
func (d *SpotDesk) finish(tx reminders.Tx, s SpotCheck) error {
	_, line, err := d.duty.Book.Standing(tx, reminders.Ask{Terms: string(s.Terms()), Unit: s.Unit})
	if err != nil {
		return err
	}
	if line.State == obligation.Open {
		s.Closes = s.Closes.Add(time.Minute) // the book is behind
		return d.Store.SaveSpotCheck(tx, s)
	}
	s.State, s.Outcome = SpotDone, line.State
	if err := d.Store.SaveSpotCheck(tx, s); err != nil || line.State != obligation.Missed {
		return err
	}
	return d.tellStaff(tx, s)
}

// tellStaff states to the staff on duty that a check was not answered.
func (d *SpotDesk) tellStaff(tx reminders.Tx, s SpotCheck) error {
	staff, err := d.duty.InPlace(tx, s.Unit, reminders.StaffOnDuty, tx.Now())
	if err != nil {
		return err
	}
	line := reminders.Line("spot.missed", reminders.Args{
		"Unit": reminders.UnitName(s.Unit), "At": reminders.Instant(s.AskedAt), "Closes": reminders.TimeOfDay(s.Closes),
		"Officer": reminders.PersonName(s.Officer),
	})
	line.Buttons = [][]reminders.Button{{{Label: "button.open", Verb: "open", Object: string(s.Handle())}}}
	for _, person := range staff {
		err := d.duty.Outbox.Enqueue(tx, reminders.Delivery{
			Key:  reminders.DeliveryKey(fmt.Sprintf("%s/missed/%s", s.Terms(), person)),
			Kind: "chase", Act: reminders.ActSend, Person: person, Lane: reminders.LaneDuty, As: reminders.StaffOnDuty,
			Reason: "spot-missed", CreatedAt: tx.Now(), NotBefore: tx.Now(), Until: tx.Now().Add(24 * time.Hour),
			Lines: []reminders.Message{line},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
