package bot

import (
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// leaveOut takes out of a message what its reader has left by now, also in the middle of
// a broadcast: the lines of notices that ask for nothing. A new message of which nothing
// remains is not sent; one that is only brought up to date goes on saying what it said.
func (b *Bot) leaveOut(tx reminders.Tx, d *reminders.Delivery, to reader) (reminders.Outcome, error) {
	if len(to.left) == 0 {
		return reminders.Outcome{}, nil
	}
	var wanted []reminders.Message
	for _, line := range d.Lines {
		topic := ""
		if line.Ref != "" {
			var err error
			if topic, err = b.Notices.Topic(tx, line.Ref); err != nil {
				return reminders.Outcome{}, err
			}
		}
		if !slices.Contains(to.left, topic) {
			wanted = append(wanted, line)
		}
	}
	if len(wanted) > 0 || len(d.Lines) == 0 {
		d.Lines = wanted
		return reminders.Outcome{}, nil
	}
	if d.Act == reminders.ActSend {
		return reminders.Outcome{Result: reminders.Withdrawn, Reason: "left-topic"}, nil
	}
	return reminders.Outcome{}, nil
}
