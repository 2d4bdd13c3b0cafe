package notice

import (
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// progressRef stands before the id of a notice in a line that shows its progress at the
// moment of showing it.
const progressRef = "progress/"

// ProgressLine is a line that says where the sending of a notice stands whenever it is
// shown, with the buttons that its reader may use then.
func ProgressLine(id string) reminders.Message { return reminders.Message{Ref: progressRef + id} }

// Standing says in one line where sending stands: for the board.
func (p Progress) Standing() reminders.Message {
	return reminders.Line("progress.line", reminders.Args{
		"Subject": p.Subject, "Sent": reminders.Number(p.Sent), "Planned": reminders.Number(p.Planned), "Stage": p.stageText(),
		"Estimate": p.estimateText(),
	})
}

// showProgress is the message that follows the sending of a notice.
func (d *Desk) showProgress(tx reminders.Tx, id string, reader reminders.Person) (reminders.Message, error) {
	office := reader.Roles.Has(reminders.Staff)
	if !office && !reader.Roles.Has(reminders.Auditor) {
		return reminders.Line("error.denied", nil), nil // no longer
	}
	p, err := d.Progress(tx, id)
	if err != nil {
		return reminders.Message{}, err
	}
	f, _, err := d.Copies.Follow(tx, id, reader.ID)
	if err != nil {
		return reminders.Message{}, err
	}
	asking := f.Asking && office && (p.Stage == Sending || p.Stage == OnHold)
	m := reminders.Line("progress.body", reminders.Args{
		"Subject": p.Subject, "Planned": reminders.Number(p.Planned), "Sent": reminders.Number(p.Sent),
		"Percent": reminders.Number(p.Percent()), "Waiting": reminders.Number(p.Waiting),
		"Missed": p.missedText(), "Stage": p.stageText(), "Estimate": p.estimateText(), "Question": question(asking),
	})
	if office {
		m.Buttons = p.buttons(asking)
	}
	return m, nil
}

// question asks whether stopping is meant.
func question(asking bool) reminders.Value {
	if !asking {
		return reminders.List()
	}
	return reminders.Say("progress.ask_stop", nil)
}

// stageText says at which stage sending is, and who halted it.
func (p Progress) stageText() reminders.Value {
	halted := reminders.Args{"By": reminders.PersonName(p.Halt.By), "At": reminders.Instant(p.Halt.At)}
	began := reminders.Args{"Began": reminders.Instant(p.Began)}
	switch p.Stage {
	case OnHold:
		return reminders.Say("progress.paused", halted)
	case Stopping:
		return reminders.Say("progress.stopping", halted)
	case Halted:
		if p.Recalled {
			return reminders.Say("progress.withdrawn", halted)
		}
		return reminders.Say("progress.stopped", halted)
	case Done:
		return reminders.Say("progress.done", began)
	}
	if !p.Complete {
		return reminders.Say("progress.expanding", began)
	}
	return reminders.Say("progress.sending", began)
}

// missedText counts what does not arrive, if there is any.
func (p Progress) missedText() reminders.Value {
	if p.Unreachable+p.Dropped == 0 {
		return reminders.List()
	}
	return reminders.Say("progress.missed", reminders.Args{
		"Unreachable": reminders.Number(p.Unreachable), "Dropped": reminders.Number(p.Dropped),
	})
}

// estimateText says how long it will take, as far as that is known.
func (p Progress) estimateText() reminders.Value {
	switch {
	case p.Stage == Sending && p.Left < time.Minute && p.End.Sub(p.At) < time.Minute:
		return reminders.Say("progress.estimate_short", nil)
	case p.Stage == Sending:
		return reminders.Say("progress.estimate", reminders.Args{"Duration": Duration(p.Left), "End": ending(p.End)})
	case p.Stage == OnHold:
		return reminders.Say("progress.estimate_paused", reminders.Args{"Duration": Duration(p.Left)})
	}
	return reminders.List()
}

// buttons are what the office can do at this stage.
func (p Progress) buttons(asking bool) [][]reminders.Button {
	stop := reminders.Button{Label: "button.stop", Verb: "stop", Object: p.Handle}
	switch {
	case asking:
		return [][]reminders.Button{{
			{Label: "button.stop_now", Verb: "stop", Object: "sure." + p.Handle},
			{Label: "button.back", Verb: "page", Object: "sending." + p.Handle},
		}}
	case p.Stage == Sending:
		return [][]reminders.Button{{{Label: "button.pause", Verb: "pause", Object: p.Handle}, stop}}
	case p.Stage == OnHold:
		return [][]reminders.Button{{{Label: "button.resume", Verb: "resume", Object: p.Handle}, stop}}
	}
	return nil
}

// progressOf gives the notice whose progress a line shows.
func progressOf(ref string) (id string, ok bool) { return strings.CutPrefix(ref, progressRef) }
