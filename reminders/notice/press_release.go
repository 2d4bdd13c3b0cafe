package notice

import (
	"context"
	"fmt"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// Advance does one piece of what publications want done without a person: it releases
// what is cleared when its instant has come and nobody is disturbed, and carries
// corrections, recalls and chases further.
func (p *Press) Advance(ctx context.Context, now time.Time) (next time.Time, more bool, err error) {
	var done crashpoint.Point
	err = p.Desk.Units.Do(ctx, func(tx reminders.Tx) error {
		next, more = time.Time{}, false
		working, err := p.Store.WorkingPublications(tx)
		if err != nil {
			return err
		}
		for _, of := range working {
			at, did, err := p.advance(tx, of, now)
			if err != nil || did {
				more, done = did, of.piece()
				crashpoint.Pass(crashpoint.Carry)
				return err
			}
			if !at.IsZero() && (next.IsZero() || at.Before(next)) {
				next = at
			}
		}
		return nil
	})
	if err == nil && more {
		crashpoint.Pass(done)
	}
	return next, more, err
}

// piece is the point after the piece that comes next for a publication.
func (p Publication) piece() crashpoint.Point {
	switch {
	case p.Recall != nil && p.Recall.Ended.IsZero():
		return map[string]crashpoint.Point{
			recallHalt: crashpoint.Halt, recallLines: crashpoint.Withdraw, recallChases: crashpoint.Chases,
			recallCopies: crashpoint.Remove, recallNews: crashpoint.Remove, recallEnd: crashpoint.End,
		}[p.Recall.Way.Phase]
	case p.correcting():
		return map[string]crashpoint.Point{
			correctLines: crashpoint.Lines, correctWaiting: crashpoint.Waiting, correctCopies: crashpoint.Copies,
		}[p.Correction.Way.Phase]
	}
	return crashpoint.Publish
}

// advance does one piece for one publication. It reports false where nothing can be done
// now, with the instant at which something can, if that is known.
func (p *Press) advance(tx reminders.Tx, of Publication, now time.Time) (next time.Time, did bool, err error) {
	switch {
	case of.State == Cleared:
		if at := p.begins(of, now); at.After(now) {
			return at, false, nil
		}
		return time.Time{}, true, p.release(tx, of)
	case of.Recall != nil && of.Recall.Ended.IsZero():
		did, err = p.carryRecall(tx, of)
	case of.correcting():
		did, err = p.carryCorrection(tx, of)
	case of.Chasing != nil && of.Chasing.Ended.IsZero():
		did, err = true, p.carryChasing(tx, of)
	}
	return time.Time{}, did, err
}

// release makes the notice by which a publication is sent: the desk expands it.
func (p *Press) release(tx reminders.Tx, of Publication) error {
	at := tx.Now()
	n := of.notice(p.Desk.Calendar(), at)
	if err := p.Desk.Store.SaveNotice(tx, n); err != nil {
		return err
	}
	of.State, of.Notice, of.SentAt = Released, n.ID, at
	if err := p.Store.SavePublication(tx, of); err != nil {
		return err
	}
	if p.Released != nil && !of.Brought() {
		if err := p.Released(tx, of); err != nil {
			return err
		}
	}
	if of.Urgent == "" {
		return nil
	}
	return p.Desk.Ledger.Append(tx, ledger.Entry{
		Actor: string(of.By), Verb: ledger.Overrode, Object: n.ID, Reason: of.Urgent, Attrs: map[string]string{"rule": ReasonUrgent, "urgent": "yes"},
	})
}

// Test sends a draft to some of the office, exactly as readers will see it but marked as
// a test and asking for nothing (试发). It fails with Invalid for what the guard refuses.
func (p *Press) Test(tx reminders.Tx, handle string, by reminders.PersonID, reviewers []reminders.PersonID) error {
	of, err := p.Find(tx, handle)
	if err != nil {
		return err
	}
	if hits := of.remaining(append(faults(of.Kind, of.Lead, of.Bodies), p.screen(of)...)); len(hits) > 0 {
		return refused("notice.test", hits[0])
	}
	for _, reviewer := range reviewers {
		err := p.Desk.Outbox.Enqueue(tx, reminders.Delivery{
			Key:  reminders.DeliveryKey(fmt.Sprintf("test/%s/%s/%s", of.ID, tx.Now().UTC().Format(time.RFC3339Nano), reviewer)),
			Kind: string(of.Kind), Act: reminders.ActSend, Person: reviewer, Lane: reminders.LaneAnswer, As: reminders.Staff, Reason: "test",
			Lines: []reminders.Message{reminders.Copy(placeTest + of.ID)}, Files: of.Files,
		})
		if err != nil {
			return err
		}
	}
	return p.record(tx, of, ledger.Tested, by, "")
}
