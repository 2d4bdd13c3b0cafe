// Package feedback is what people tell the office about its work, and what it answers
// (意见与答复).
//
// Feedback is not anonymous and says so: the record names who gave it. The office reads
// the unit. It is no way to report a concern; the input guard has been over every text.
package feedback

import (
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Limits of a thread.
const (
	// ReplyWithin is for how long after the last answer its author can add something;
	// then the thread is closed.
	ReplyWithin = 30 * 24 * time.Hour
	// MaxSaid is how many texts follow the first at most. What more there is to say is
	// better said as new feedback.
	MaxSaid = 20
)

// Thread is one piece of feedback with all that was said about it (意见).
type Thread struct {
	Number   string             `json:"number"` // such as 2026-0017, without gaps in a year
	By       reminders.PersonID `json:"by"`
	Unit     reminders.UnitID   `json:"unit,omitempty"` // of the author, when it was given
	At       time.Time          `json:"at"`
	Text     string             `json:"text"`
	Said     []Said             `json:"said,omitempty"` // after it, in order
	Closed   time.Time          `json:"closed,omitzero"`
	ClosedBy reminders.PersonID `json:"closed_by,omitempty"`
}

// Said is one text of a thread after the first.
type Said struct {
	At     time.Time          `json:"at"`
	By     reminders.PersonID `json:"by"`
	Office bool               `json:"office,omitempty"` // an answer; otherwise the author goes on
	Text   string             `json:"text"`
}

// State is where a thread stands.
type State string

// The states of a thread.
const (
	Waiting  State = "waiting"  // for an answer of the office
	Answered State = "answered" // the author can add something
	Over     State = "over"     // closed by the office, or left for ReplyWithin after an answer
)

// State says where the thread stands at an instant. What waits for an answer never closes
// by itself.
func (t Thread) State(now time.Time) State {
	switch last, by := t.Last(); {
	case !t.Closed.IsZero():
		return Over
	case !by:
		return Waiting
	case now.Sub(last) >= ReplyWithin:
		return Over
	}
	return Answered
}

// Last is when something was said last, and whether the office said it.
func (t Thread) Last() (at time.Time, office bool) {
	if len(t.Said) == 0 {
		return t.At, false
	}
	last := t.Said[len(t.Said)-1]
	return last.At, last.Office
}

// Question is what the author said last.
func (t Thread) Question() string {
	text := t.Text
	for _, said := range t.Said {
		if !said.Office {
			text = said.Text
		}
	}
	return text
}

// Answer adds what the office says. A thread that is over is Closed; a second answer to
// one that has its answer is taken.
func (t Thread) Answer(text string, by reminders.PersonID, now time.Time) (Thread, error) {
	return t.add(Said{At: now, By: by, Office: true, Text: text})
}

// More adds what the author says. Anybody else is Denied, a thread that is over Closed.
func (t Thread) More(text string, by reminders.PersonID, now time.Time) (Thread, error) {
	if by != t.By {
		return t, reminders.Fail(reminders.Denied, "feedback.more", "error.denied", nil)
	}
	return t.add(Said{At: now, By: by, Text: text})
}

func (t Thread) add(said Said) (Thread, error) {
	switch {
	case t.State(said.At) == Over:
		return t, reminders.Fail(reminders.Closed, "feedback.add", "feedback.over", reminders.Args{"Number": reminders.Text(t.Number)})
	case len(t.Said) >= MaxSaid:
		return t, reminders.Fail(reminders.Closed, "feedback.add", "feedback.full", reminders.Args{"Number": reminders.Text(t.Number)})
	}
	t.Said = append(t.Said[:len(t.Said):len(t.Said)], said)
	return t, nil
}

// Close ends the thread; one that is over is Closed.
func (t Thread) Close(by reminders.PersonID, now time.Time) (Thread, error) {
	if t.State(now) == Over {
		return t, reminders.Fail(reminders.Closed, "feedback.close", "feedback.over", reminders.Args{"Number": reminders.Text(t.Number)})
	}
	t.Closed, t.ClosedBy = now, by
	return t, nil
}

// Tally counts the feedback of a period for the summary of the month.
type Tally struct {
	Received int // given in the period
	Answered int // had the first answer in the period, whenever it was given
	Waiting  int // given before the end of the period, and without an answer at that instant
}

// Add counts a thread into the tally of a period, whose end does not belong to it.
func (y *Tally) Add(t Thread, period reminders.Window) {
	within := func(at time.Time) bool { return !at.Before(period.From) && at.Before(period.To) }
	if within(t.At) {
		y.Received++
	}
	answered := t.Closed
	for _, said := range t.Said {
		if said.Office {
			answered = said.At
			break
		}
	}
	switch {
	case !answered.IsZero() && within(answered):
		y.Answered++
	case t.At.Before(period.To) && (answered.IsZero() || !answered.Before(period.To)):
		y.Waiting++
	}
}
