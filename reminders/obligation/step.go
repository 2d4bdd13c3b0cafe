package obligation

import (
	"context"
	"fmt"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// chunk is how many lines one unit of work looks at, small enough that taps are
// answered in between. A chase of a unit with two liaisons writes nine records and
// an entry; the smallest engine takes 128 at once.
const chunk = 10

// Advance takes what the agenda holds due at now, one chunk of lines at a time,
// and gives the instant at which it wants to be asked again. more says that
// something is left to do now.
func (d *Desk) Advance(ctx context.Context, now time.Time) (next time.Time, more bool, err error) {
	err = d.units.Do(ctx, func(tx reminders.Tx) error {
		due, at, err := d.store.DueTerms(tx, now, 1)
		next, more = at, len(due) > 0
		if err != nil || !more {
			return err
		}
		return d.step(tx, due[0], now)
	})
	if err == nil && more {
		crashpoint.Pass(crashpoint.Step)
	}
	return next, more, err
}

// step carries the step that is due, or the closing, one chunk further.
func (d *Desk) step(tx reminders.Tx, id TermsID, now time.Time) error {
	t, found, err := d.store.Terms(tx, id)
	if err != nil {
		return err
	}
	if !found {
		return reminders.Internalf("obligation.step", "terms %s are in the agenda and not in the book", id)
	}
	outages, err := d.store.Outages(tx)
	if err != nil {
		return err
	}
	if aim := t.aim(now); aim != t.Aim {
		// What a pass was about has been overtaken, perhaps during an outage: the
		// newer step is carried out for everyone, also for those who were passed.
		t.Aim, t.Cursor = aim, ""
	}
	page, cursor, err := d.store.ObligationsAfter(tx, id, t.Cursor, chunk)
	if err != nil {
		return err
	}
	for _, line := range page {
		if err := d.carryOut(tx, t, line, Next(t, line, now, outages)); err != nil {
			return err
		}
	}
	t.Cursor = cursor
	if cursor == "" {
		t.Taken, t.Closed, t.Aim = t.stepDue(now), !now.Before(t.Closes), 0
	}
	return d.store.SaveTerms(tx, t)
}

// carryOut does what was decided about one line.
func (d *Desk) carryOut(tx reminders.Tx, t Terms, line Obligation, what Decision) error {
	switch what.Do {
	case DoSettle:
		verb := ledger.Settled
		if what.State == Excused {
			verb = ledger.Excused
		}
		return d.settle(tx, &line, what.State, what.Reason, ledger.System, verb)
	case DoStep:
		if first, found := t.asks(what.Step.At); found && line.SentAt.IsZero() {
			// Also when a later step has overtaken it: whoever owes hears of it first.
			if err := d.ask(tx, t, line, first); err != nil {
				return err
			}
		}
		switch what.Step.Action {
		case Ask:
			return nil
		case Tell:
			return d.tell(tx, t, line, what.Step)
		default:
			return d.chase(tx, t, line, what.Step)
		}
	}
	return nil
}

// chase asks the owner once more.
func (d *Desk) chase(tx reminders.Tx, t Terms, line Obligation, step Step) error {
	people, as, err := d.answerable(tx, t, line.Owner)
	if err != nil {
		return err
	}
	for _, person := range people {
		if err := d.outbox.Enqueue(tx, d.chaseOf(tx, t, line, person, as, step.Name, step.At)); err != nil {
			return err
		}
	}
	line.Chased++
	if err := d.store.SaveObligation(tx, line); err != nil {
		return err
	}
	return d.note(tx, ledger.Chased, t, line, step.Name)
}

// chaseOf is one chase of one person. reason names the rule or the request
// behind it; the same reason reaches nobody twice.
func (d *Desk) chaseOf(tx reminders.Tx, t Terms, line Obligation, person reminders.PersonID, as reminders.Role, reason string, at time.Time) reminders.Delivery {
	key := fmt.Sprintf("%s/%s/%s", t.ID, reason, person)
	if line.Owner.ByUnit() { // a liaison may answer for several units
		key = fmt.Sprintf("%s/%s/%s/%s", t.ID, reason, line.Owner.Unit, person)
	}
	return reminders.Delivery{
		Key:  reminders.DeliveryKey(key),
		Kind: "chase", Act: reminders.ActSend, Person: person, Lane: t.lane(),
		Block: t.Block, As: as, Reason: reason, CreatedAt: tx.Now(), NotBefore: at, Until: t.Due.Add(t.Grace),
		Lines: []reminders.Message{{
			Key: "chase.one", Args: reminders.Args{"Subject": Subject(t), "Due": reminders.Instant(t.Due)},
		}},
		Asks: []reminders.Ask{line.Ask()},
	}
}

// tell states to the next level what is still open in the unit: one message for
// each person of that level, however many lines are open.
func (d *Desk) tell(tx reminders.Tx, t Terms, line Obligation, step Step) error {
	people, err := d.directory.InUnit(tx, line.Owner.Unit, step.To)
	if err != nil {
		return err
	}
	say := reminders.Message{Key: "chase.tell", Args: reminders.Args{"Subject": Subject(t), "Due": reminders.Instant(t.Due)}}
	if step.Say != nil {
		say = *step.Say
	}
	if say.Buttons == nil {
		say.Buttons = [][]reminders.Button{{{Label: "button.open", Verb: "open", Object: string(t.Handle)}}}
	}
	for _, person := range people {
		err := d.outbox.Enqueue(tx, reminders.Delivery{
			Key:  reminders.DeliveryKey(fmt.Sprintf("%s/%s/%s", t.ID, step.Name, person)),
			Kind: "chase", Act: reminders.ActSend, Person: person, Lane: t.lane(),
			Block: t.Block, As: step.To, Reason: step.Name, CreatedAt: tx.Now(), NotBefore: step.At, Until: t.Closes,
			Lines: []reminders.Message{say},
		})
		if err != nil {
			return err
		}
	}
	return d.note(tx, ledger.Escalated, t, line, step.Name)
}

// note writes a step about one line into the ledger.
func (d *Desk) note(tx reminders.Tx, verb ledger.Verb, t Terms, line Obligation, reason string) error {
	return d.book.Append(tx, ledger.Entry{
		Actor: ledger.System, Verb: verb, Object: string(t.ID), Subject: line.Owner.Subject(), Reason: reason,
	})
}

// Subject is the name of the terms as an argument of a text.
func Subject(t Terms) reminders.Value {
	return reminders.Say(t.Subject.Key, t.Subject.Args)
}
