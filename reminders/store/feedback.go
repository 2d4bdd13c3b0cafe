package store

import (
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/feedback"
)

// Keys of what people tell the office:
//
//	feedback/NUMBER     a thread

// Feedback reads a thread by its number.
func (s *Store) Feedback(tx reminders.Tx, number string) (feedback.Thread, bool, error) {
	return load[feedback.Thread](tx, "feedback/"+number)
}

// Feedbacks lists all threads that are kept, by their numbers.
func (s *Store) Feedbacks(tx reminders.Tx) ([]feedback.Thread, error) {
	return listPrefix[feedback.Thread](tx, "feedback/")
}

// SaveFeedback writes a thread.
func (s *Store) SaveFeedback(tx reminders.Tx, t feedback.Thread) error {
	return save(tx, "feedback/"+t.Number, t)
}

// FeedbackTally counts the feedback of a period: given, answered, and waiting at its end.
func (s *Store) FeedbackTally(tx reminders.Tx, period reminders.Window) (feedback.Tally, error) {
	var tally feedback.Tally
	threads, err := s.Feedbacks(tx)
	for _, t := range threads {
		tally.Add(t, period)
	}
	return tally, err
}

// purgeThread deletes a thread in which nothing was said since. Its number stays given.
func purgeThread(u *Unit, record Record, before time.Time, _ int) (int, bool, error) {
	var t feedback.Thread
	if Decode(record.Value, &t) != nil {
		return 0, false, nil
	}
	last, _ := t.Last()
	return deleteIf(u, record.Key, last.Before(before)), false, nil
}
