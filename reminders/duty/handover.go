package duty

import (
	"strconv"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// When a shift can be handed over (交班): from an hour before its end, and for a day
// afterwards, for a note that was forgotten.
const (
	handOverEarly = time.Hour
	handOverLate  = 24 * time.Hour
)

// mostMatters is how many matters one handover may leave.
const mostMatters = 10

// HandOver records that a shift ends in order: a note for those who follow, which may be
// empty, and what stays open. Who took over hands over, or another with a place on the
// shift. It fails with NotFound for a shift that is not on the roster, with Denied for
// somebody without a place on it, with Invalid if nobody took over or the words are too
// many, with Conflict if it was done before, and with Closed outside of its time.
func (d *Desk) HandOver(tx reminders.Tx, id ShiftID, by reminders.PersonID, words string, matters []string) (Shift, []Matter, error) {
	s, err := d.standing(tx, "duty.hand_over", id)
	if err != nil {
		return Shift{}, nil, err
	}
	if err := mayHandOver(s, by, len(matters), tx.Now()); err != nil {
		return s, nil, err
	}
	is := s
	is.HandedAt, is.HandedBy = tx.Now(), by
	if is.Note, err = note("duty.hand_over", words); err != nil {
		return s, nil, err
	}
	if is, err = d.record(tx, s, is, WhyHanded, by); err != nil {
		return s, nil, err
	}
	var left []Matter
	for _, text := range matters {
		m, err := d.openMatter(tx, s.Unit, s.ID, text, by)
		if err != nil {
			return s, nil, err
		}
		left = append(left, m)
	}
	err = d.Ledger.Append(tx, ledger.Entry{
		Actor: string(by), Verb: ledger.HandedOver, Object: string(s.TakeOverTerms()), Subject: string(s.Responsible()),
		Reason: string(s.PlaceOf(by)), Attrs: map[string]string{"matters": strconv.Itoa(len(left))},
	})
	if err != nil {
		return is, left, err
	}
	return is, left, d.tellNext(tx, s.Unit)
}

// mayHandOver says why somebody cannot hand a shift over now; nil if they can.
func mayHandOver(s Shift, by reminders.PersonID, matters int, now time.Time) error {
	const op = "duty.hand_over"
	opens := s.End.Add(-handOverEarly)
	switch {
	case !s.Has(by) && s.TakenBy != by:
		return reminders.Fail(reminders.Denied, op, "duty.handover.not_yours", reminders.Args{
			"Start": reminders.Instant(s.Start), "Name": reminders.PersonName(s.Responsible()),
		})
	case s.TakenAt.IsZero():
		return reminders.Fail(reminders.Invalid, op, "duty.handover.not_taken", nil)
	case !s.HandedAt.IsZero():
		return reminders.Fail(reminders.Conflict, op, "duty.handover.done", reminders.Args{
			"Name": reminders.PersonName(s.HandedBy), "At": reminders.Instant(s.HandedAt),
		})
	case now.Before(opens):
		return reminders.Fail(reminders.Closed, op, "duty.handover.early", reminders.Args{
			"End": reminders.Instant(s.End), "Opens": reminders.Instant(opens),
		})
	case !now.Before(s.End.Add(handOverLate)):
		return reminders.Fail(reminders.Closed, op, "duty.handover.over", reminders.Args{"End": reminders.Instant(s.End)})
	case matters > mostMatters:
		return reminders.Fail(reminders.Invalid, op, "duty.handover.many", reminders.Args{"Limit": reminders.Number(mostMatters)})
	}
	return nil
}
