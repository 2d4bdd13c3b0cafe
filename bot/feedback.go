package bot

import (
	"fmt"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/feedback"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// maxFeedback is how long feedback, or an answer to it, may be, in characters.
const maxFeedback = 1000

// feedback takes an opinion or a suggestion for the staff: behind the command, or
// as the next text. The office finds here what waits for an answer.
func (t *Turn) feedback(args string) error {
	if text := strings.TrimSpace(args); text != "" {
		return t.takeFeedback(text)
	}
	ask := reminders.Line("feedback.ask", nil)
	if t.has(office...) {
		waiting, err := t.waitingFeedback()
		if err != nil {
			return err
		}
		if len(waiting) > 0 {
			ask.Buttons = [][]reminders.Button{{{
				Label: "feedback.button.waiting", Args: reminders.Args{"Count": reminders.Number(len(waiting))}, Verb: "open", Object: placeOpinions,
			}}}
		}
	}
	return t.ask(Dialog{Asked: askedFeedback}, ask)
}

// takeFeedback keeps the text under a number and tells the staff.
func (t *Turn) takeFeedback(text string) error {
	if tooLong, err := t.tooLong(text); tooLong || err != nil {
		return err
	}
	year := calendar.DateOf(t.tx.Now(), t.Years.Calendar().Location()).Year
	n, err := t.Memory.Number(t.tx, fmt.Sprintf("feedback/%d", year))
	if err != nil {
		return err
	}
	kept := feedback.Thread{
		Number: fmt.Sprintf("%d-%04d", year, n), By: t.person.ID, Unit: t.person.Unit, At: t.tx.Now(), Text: text,
	}
	if err := t.keepThread(kept, ledger.Feedback, "", text); err != nil {
		return err
	}
	if err := t.tellOffice("feedback/"+kept.Number, t.opinionFor("feedback.staff", kept, text)); err != nil {
		return err
	}
	if err := t.endDialog(); err != nil {
		return err
	}
	return t.say(reminders.Line("feedback.done", reminders.Args{"Number": reminders.Text(kept.Number)}))
}

// tooLong refuses what is longer than feedback may be, and says so.
func (t *Turn) tooLong(text string) (bool, error) {
	if len([]rune(text)) <= maxFeedback {
		return false, nil
	}
	return true, t.say(reminders.Line("feedback.long", reminders.Args{"Limit": reminders.Number(maxFeedback)}))
}

// keepThread writes a thread, and into the ledger what was done with the hash of what was
// said, if anything.
func (t *Turn) keepThread(thread feedback.Thread, verb ledger.Verb, reason, said string) error {
	if err := t.Memory.SaveFeedback(t.tx, thread); err != nil {
		return err
	}
	entry := ledger.Entry{Actor: string(t.person.ID), Verb: verb, Object: "feedback/" + thread.Number, Reason: reason}
	if verb == ledger.Answered {
		entry.Subject = string(thread.By)
	}
	if said != "" {
		entry.TextHash = reminders.HashText(said)
	}
	return t.Ledger.Append(t.tx, entry)
}

// opinionFor tells the office what somebody said, with the button that answers it.
func (t *Turn) opinionFor(key string, thread feedback.Thread, text string) reminders.Message {
	number := reminders.Text(thread.Number)
	m := reminders.Line(key, reminders.Args{"Number": number, "Unit": reminders.UnitName(thread.Unit), "Text": reminders.Text(text)})
	m.Buttons = [][]reminders.Button{{{
		Label: "feedback.button.answer_one", Args: reminders.Args{"Number": number}, Verb: "open", Object: placeOpinion + "-" + thread.Number,
	}}}
	return m
}

// tellOffice puts a message for everyone of the supervising office into the
// outbox; it waits for the end of quiet hours.
func (t *Turn) tellOffice(key string, m reminders.Message) error {
	for record, err := range t.People.All(t.tx) {
		if err != nil {
			return err
		}
		if !record.Enrolled() || !record.Roles.Has(reminders.Staff) || !record.Bound() {
			continue
		}
		err := t.Outbox.Enqueue(t.tx, reminders.Delivery{
			Key: reminders.DeliveryKey(key + "/" + string(record.ID)), Kind: "feedback", Act: reminders.ActSend,
			Person: record.ID, Lane: reminders.LanePersonal, As: reminders.Staff, Reason: "feedback",
			NotBefore: t.tx.Now(), Lines: []reminders.Message{m},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
