package report

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// Correct adds a version to a report (更正): draft names the report, how many versions the
// sender has seen, and why. The report waits for a review again, and what was said before
// stays. It answers a return; then the return is the reason if the draft gives none.
//
// It is Denied for somebody who is neither on the shift of the unit nor its liaison or
// leader, Invalid without a reason, and a Conflict if somebody else changed the report
// meanwhile or the form is another one by now.
func (d *Desk) Correct(tx reminders.Tx, draft Draft, by reminders.PersonID) (Report, error) {
	const op = "report.correct"
	r, err := d.filed(tx, draft.Report)
	if err != nil {
		return Report{}, err
	}
	if err := d.may(tx, r.Unit, by, reminders.Liaison, reminders.Leader); err != nil {
		return Report{}, err
	}
	if draft.Base != len(r.Versions) {
		last := r.Latest()
		return r, reminders.Fail(reminders.Conflict, op, "report.changed_meanwhile", reminders.Args{
			"Number": r.title(), "At": reminders.Instant(last.At), "By": reminders.PersonName(last.By),
		})
	}
	draft.Stage = r.Stage
	form := d.Forms.Of(r.Kind)
	if err := form.check(draft, tx.Now()); err != nil {
		return r, err
	}
	if draft.Reason == "" && r.State == Returned {
		draft.Reason = r.Review().Reason
	}
	if draft.Reason, err = reasoned(op, draft.Reason); err != nil {
		return r, err
	}
	version := draft.version(form, by, tx.Now())
	if r.State == Returned {
		if err := d.answerReturn(tx, r, version); err != nil {
			return r, err
		}
	}
	r, err = d.enter(tx, r, version, draft.Answers, ReasonCorrected)
	if err != nil || r.Kind != Incident {
		return r, err
	}
	return r, d.tell(tx, r)
}

// answerReturn settles the obligation to correct. That it may be closed already, or never
// was opened, does not matter: the correction counts.
func (d *Desk) answerReturn(tx reminders.Tx, r Report, v Version) error {
	_, err := d.Book.Answer(tx, obligation.HandleOf(r.Correction()), owner(r.Unit), v.By, v.Hash())
	if kind := reminders.KindOf(err); err != nil && kind != reminders.Closed && kind != reminders.NotFound {
		return err
	}
	return nil
}

// Accept ends the review of a report (审核通过). A report that was returned may be accepted
// as it is after all; nothing is expected any more then. Accepting again changes nothing.
func (d *Desk) Accept(tx reminders.Tx, id ID, by reminders.PersonID) (Report, error) {
	r, err := d.filed(tx, id)
	if err != nil || r.State == Accepted {
		return r, err
	}
	if r.State == Returned {
		if err := d.Book.Withdraw(tx, r.Correction(), string(Accepted), by); err != nil {
			return r, err
		}
	}
	return d.review(tx, r, Review{State: Accepted, By: by}, ledger.Accepted, "")
}

// Return gives a report back with a reason (退回): the officer on duty, or where nobody is
// on duty the liaison, is expected to correct it. It is Invalid without a reason and a
// Conflict if the report is returned already.
func (d *Desk) Return(tx reminders.Tx, id ID, reason string, by reminders.PersonID) (Report, error) {
	const op = "report.return"
	r, err := d.filed(tx, id)
	if err != nil {
		return r, err
	}
	if r.State == Returned {
		return r, reminders.Fail(reminders.Conflict, op, "report.returned_already", reminders.Args{
			"Number": r.title(), "At": reminders.Instant(r.Review().At), "By": reminders.PersonName(r.Review().By),
		})
	}
	if reason, err = reasoned(op, reason); err != nil {
		return r, err
	}
	r, err = d.review(tx, r, Review{State: Returned, By: by, Reason: reason}, ledger.Returned, reminders.HashText(reason))
	if err != nil {
		return r, err
	}
	terms, err := d.correctionTerms(tx, r)
	if err != nil {
		return r, err
	}
	return r, d.Book.Expect(tx, terms, []obligation.Owner{owner(r.Unit)})
}

// review notes a step of the review.
func (d *Desk) review(tx reminders.Tx, r Report, step Review, verb ledger.Verb, hash string) (Report, error) {
	step.Version, step.At = len(r.Versions), tx.Now()
	r.State, r.Reviews = step.State, append(slices.Clone(r.Reviews), step)
	if err := d.Store.SaveReport(tx, r); err != nil {
		return r, err
	}
	return r, d.note(tx, verb, r, "version-"+strconv.Itoa(step.Version), step.By, hash, nil)
}

// longestRef is how many characters a reference may have.
const longestRef = 60

// Overturn says that a nil report was contradicted later, by what ref names: the number of
// an incident, of a follow-up, of a referral. The report stays as it was submitted; the
// liaisons of the unit are told, and may add a correction. It is Invalid without a
// reference, and a Conflict for a report that says something or was overturned already.
func (d *Desk) Overturn(tx reminders.Tx, id ID, ref string, by reminders.PersonID) (Report, error) {
	const op = "report.overturn"
	ref = strings.TrimSpace(strings.ToValidUTF8(ref, ""))
	r, err := d.filed(tx, id)
	switch {
	case err != nil:
		return r, err
	case ref == "" || utf8.RuneCountInString(ref) > longestRef:
		return r, reminders.Fail(reminders.Invalid, op, "report.ref", reminders.Args{"Limit": reminders.Number(longestRef)})
	case r.Overturned != nil && r.Overturned.Ref == ref:
		return r, nil
	case r.Overturned != nil:
		return r, reminders.Fail(reminders.Conflict, op, "report.overturned_already", reminders.Args{
			"Number": r.title(), "Ref": reminders.Text(r.Overturned.Ref), "At": reminders.Instant(r.Overturned.At),
		})
	case !r.Latest().Nil:
		return r, reminders.Fail(reminders.Conflict, op, "report.not_nil", reminders.Args{"Number": r.title()})
	}
	r.Overturned = &Overturning{By: by, At: tx.Now(), Ref: ref}
	if err := d.Store.SaveReport(tx, r); err != nil {
		return r, err
	}
	if err := d.note(tx, ledger.Overturned, r, "contradicted", by, reminders.HashText(ref), nil); err != nil {
		return r, err
	}
	return r, d.tellOverturned(tx, r)
}

// tellOverturned tells the liaisons, once and in working hours.
func (d *Desk) tellOverturned(tx reminders.Tx, r Report) error {
	liaisons, err := d.Directory.InUnit(tx, r.Unit, reminders.Liaison)
	if err != nil {
		return err
	}
	for _, person := range liaisons {
		err := d.Outbox.Enqueue(tx, reminders.Delivery{
			Key: reminders.DeliveryKey(string(r.ID) + "/overturned/" + string(person)), Kind: "report-overturned", Act: reminders.ActSend,
			Person: person, Lane: reminders.LanePersonal, Block: r.Block, As: reminders.Liaison, Extra: true,
			Reason: "overturned", CreatedAt: tx.Now(), NotBefore: tx.Now(),
			Lines: []reminders.Message{{
				Key: "report.overturned",
				Args: reminders.Args{
					"Unit": reminders.UnitName(r.Unit), "Day": d.shown(r.Day), "Number": r.title(), "Ref": reminders.Text(r.Overturned.Ref),
				},
				Buttons: reportButtons(string(r.Handle()), false),
			}},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
