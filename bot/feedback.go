package bot

import (
	"fmt"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// maxFeedback is how long feedback may be, in characters.
const maxFeedback = 1000

// Feedback is what somebody told the staff (意见).
type Feedback struct {
	Number string             `json:"number"`
	By     reminders.PersonID `json:"by"`
	At     time.Time          `json:"at"`
	Text   string             `json:"text"`
}

// feedback takes an opinion or a suggestion for the staff: behind the command, or
// as the next text.
func (t *Turn) feedback(args string) error {
	if text := strings.TrimSpace(args); text != "" {
		return t.takeFeedback(text)
	}
	return t.ask(Dialog{Asked: askedFeedback}, reminders.Line("feedback.ask", nil))
}

// takeFeedback keeps the text under a number and tells the staff.
func (t *Turn) takeFeedback(text string) error {
	if len([]rune(text)) > maxFeedback {
		return t.say(reminders.Line("feedback.long", reminders.Args{"Limit": reminders.Number(maxFeedback)}))
	}
	year := calendar.DateOf(t.tx.Now(), t.Years.Calendar().Location()).Year
	n, err := t.Memory.Number(t.tx, fmt.Sprintf("feedback/%d", year))
	if err != nil {
		return err
	}
	kept := Feedback{Number: fmt.Sprintf("%d-%04d", year, n), By: t.person.ID, At: t.tx.Now(), Text: text}
	if err := t.Memory.SaveFeedback(t.tx, kept.Number, kept); err != nil {
		return err
	}
	err = t.Ledger.Append(t.tx, ledger.Entry{
		Actor: string(t.person.ID), Verb: ledger.Feedback, Object: "feedback/" + kept.Number, TextHash: reminders.HashText(text),
	})
	if err != nil {
		return err
	}
	if err := t.tellOffice("feedback/"+kept.Number, reminders.Line("feedback.staff", reminders.Args{
		"Number": reminders.Text(kept.Number), "Unit": reminders.UnitName(t.person.Unit), "Text": reminders.Text(text),
	})); err != nil {
		return err
	}
	if err := t.endDialog(); err != nil {
		return err
	}
	return t.say(reminders.Line("feedback.done", reminders.Args{"Number": reminders.Text(kept.Number)}))
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
