package store

import (
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// purgeableDuty are the kinds of records of duty. Shifts go before the stints by which
// they are found, and a stint spans every shift that is left.
func purgeableDuty(keep time.Duration) []purgeable {
	return []purgeable{
		{"shifts", "shift/", keep, ended(func(s duty.Shift) time.Time { return s.End })},
		{"rosters", "roster/", keep, ended(func(r duty.Roster) time.Time { return later(r.Window.To, r.FiledAt) })},
		{"stints", "stint/", keep, ended(func(s duty.Stint) time.Time { return s.Window.To })},
		{"matters", "matter/", keep, ended(func(m duty.Matter) time.Time { return m.ClosedAt })},
		{"leaves", "leave/", keep, ended(func(l people.Leave) time.Time { return later(l.To.AddDays(1).At(0, 0, time.UTC), l.TakenBack) })},
		{"swaps", swapPrefix, keep, ended(swapEnded)},
		{"spot-checks", spotPrefix, keep, purgeSpotCheck},
		{"draws", spotBlockPrefix, keep, purgeDraw},
	}
}

// ended deletes records of a kind by the instant at which they ended; a zero one has not.
func ended[T any](at func(T) time.Time) func(*Unit, Record, time.Time, int) (int, bool, error) {
	return func(u *Unit, record Record, before time.Time, _ int) (int, bool, error) {
		var one T
		if Decode(record.Value, &one) != nil {
			return 0, false, nil
		}
		end := at(one)
		return deleteIf(u, record.Key, !end.IsZero() && end.Before(before)), false, nil
	}
}

// later gives the later of two instants.
func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// swapEnded is when a swap was over: not before the shifts about which it was. One that
// is followed has not ended.
func swapEnded(s duty.Swap) time.Time {
	if s.Live() {
		return time.Time{}
	}
	end := s.Expires
	for _, step := range s.Steps {
		end = later(end, step.At)
	}
	return end
}

// purgeSpotCheck deletes a check that is over, with the rows by which it is found.
func purgeSpotCheck(u *Unit, record Record, before time.Time, _ int) (int, bool, error) {
	var s duty.SpotCheck
	if Decode(record.Value, &s) != nil || !s.Next().IsZero() || !later(s.Moment, s.Closes).Before(before) {
		return 0, false, nil
	}
	for _, key := range spotPlaces(s) {
		u.Delete(key)
	}
	return deleteIf(u, record.Key, true), false, nil
}

// purgeDraw deletes a draw whose secret was revealed, with the secret.
func purgeDraw(u *Unit, record Record, before time.Time, _ int) (int, bool, error) {
	var b duty.SpotBlock
	if Decode(record.Value, &b) != nil || b.State != duty.DrawRevealed || !later(b.Window.To, b.RevealedAt).Before(before) {
		return 0, false, nil
	}
	u.Delete("spot-secret/" + b.Block)
	return deleteIf(u, record.Key, true), false, nil
}
