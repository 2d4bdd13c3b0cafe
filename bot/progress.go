package bot

import (
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// placeSending stands before the handle of a notice, with a dot, in the object of a
// button that leads to the message which follows its sending.
const placeSending = "sending"

// sendingOf gives the handle of the notice to whose progress a button leads.
func sendingOf(object string) (handle string, ok bool) {
	return strings.CutPrefix(object, placeSending+".")
}

// follow sends the message that follows a sending.
func (t *Turn) follow(handle string) error {
	id, err := t.sending(handle, readers)
	if err != nil {
		return err
	}
	return t.Notices.Follow(t.tx, id, t.person.ID)
}

// backToProgress takes the question whether to stop out of the message.
func (t *Turn) backToProgress(handle string) error {
	id, err := t.sending(handle, readers)
	if err != nil {
		return err
	}
	return t.showProgress(id, false)
}

// sending finds the notice with a handle for somebody who has one of the roles.
func (t *Turn) sending(handle string, roles []reminders.Role) (string, error) {
	if !t.has(roles...) {
		return "", reminders.Fail(reminders.Denied, "bot.sending", "error.denied", nil)
	}
	return t.Notices.ByHandle(t.tx, handle)
}

// pauseSending keeps what is left of a notice from being sent.
func (t *Turn) pauseSending(handle string) error {
	id, err := t.sending(handle, office)
	if err != nil {
		return err
	}
	pause, err := t.Notices.Pause(t.tx, id, t.person.ID)
	if err != nil {
		return err
	}
	err = t.toast(reminders.Line("progress.pause_done", reminders.Args{
		"By": reminders.PersonName(pause.By), "At": reminders.Instant(pause.At),
	}), false)
	if err != nil {
		return err
	}
	return t.showProgress(id, false)
}

// resumeSending lets what is left of a notice go.
func (t *Turn) resumeSending(handle string) error {
	id, err := t.sending(handle, office)
	if err != nil {
		return err
	}
	if err := t.Notices.Resume(t.tx, id, t.person.ID); err != nil {
		return err
	}
	if err := t.toast(reminders.Line("progress.resume_done", nil), false); err != nil {
		return err
	}
	return t.showProgress(id, false)
}

// stopSending ends the sending of a notice for good, once it is sure.
func (t *Turn) stopSending(object string) error {
	handle, decided := strings.CutPrefix(object, sure)
	id, err := t.sending(handle, office)
	if err != nil {
		return err
	}
	if !decided {
		return t.askStop(id)
	}
	if _, err := t.Notices.Stop(t.tx, id, t.person.ID); err != nil {
		return err
	}
	if err := t.toast(reminders.Line("progress.stop_done", nil), true); err != nil {
		return err
	}
	return t.showProgress(id, false)
}

// askStop asks whether stopping is meant, if there is still something to stop.
func (t *Turn) askStop(id string) error {
	if err := t.Notices.Goes(t.tx, id); err != nil {
		return err
	}
	return t.showProgress(id, true)
}

// showProgress brings the tapped message up to date at once. Whoever follows nothing
// any more gets a new one.
func (t *Turn) showProgress(id string, asking bool) error {
	follows, err := t.Notices.AskStop(t.tx, id, t.person.ID, asking)
	if err != nil {
		return err
	}
	if !follows && asking {
		if err := t.Notices.Follow(t.tx, id, t.person.ID); err != nil {
			return err
		}
		_, err := t.Notices.AskStop(t.tx, id, t.person.ID, true)
		return err
	}
	return t.replace(notice.ProgressLine(id))
}

// underway says on the board what is being sent, with a button for each that leads to
// the message which follows it.
func (t *Turn) underway() (lines []reminders.Message, rows [][]reminders.Button, err error) {
	under, err := t.Notices.Underway(t.tx)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range under[:min(len(under), shownAtOnce)] {
		lines = append(lines, p.Standing())
		rows = append(rows, []reminders.Button{{
			Label: "button.progress", Args: reminders.Args{"Subject": p.Subject}, Verb: "open", Object: placeSending + "." + p.Handle,
		}})
	}
	return lines, rows, nil
}

// unlessHeld leaves out what this chat has not received of a notice that was paused or
// stopped: it is not said by another way.
func (t *Turn) unlessHeld(open []obligation.Obligation) ([]obligation.Obligation, error) {
	held, err := t.Notices.Paused(t.tx)
	if err != nil || len(held) == 0 {
		return open, err
	}
	var left []obligation.Obligation
	for _, line := range open {
		if slices.Contains(held, string(line.Terms)) {
			if got, err := t.received(line); err != nil {
				return nil, err
			} else if !got {
				continue
			}
		}
		left = append(left, line)
	}
	return left, nil
}
