package duty

import (
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// takeOverEarly is how long before its start a shift may be taken over (接班).
const takeOverEarly = 30 * time.Minute

// KindTakeOver is the plan's kind of the obligation to take a shift over.
const KindTakeOver = "take-over"

// takeOver gives the terms under which a shift is to be taken over. One that is filed
// after its start is due when it is filed: nobody is late before they could know.
func (d *Desk) takeOver(tx reminders.Tx, s Shift) (obligation.Terms, error) {
	due := s.Start
	kept, _, err := d.Book.Standing(tx, reminders.Ask{Terms: string(s.TakeOverTerms()), Unit: s.Unit})
	switch {
	case err != nil:
		return obligation.Terms{}, err
	case kept.ID != "":
		due = kept.Due
	case tx.Now().After(due):
		due = tx.Now()
	}
	asking, err := d.askToTakeOver(tx, s)
	if err != nil {
		return obligation.Terms{}, err
	}
	args := reminders.Args{"Unit": reminders.UnitName(s.Unit), "Start": reminders.Instant(s.Start)}
	return obligation.Terms{
		ID: s.TakeOverTerms(), Kind: KindTakeOver, Block: s.Block, Duty: true, Answers: reminders.DutyOfficer,
		Opens: due, Due: due, Grace: d.rules().Grace, Closes: s.End, Asking: &asking,
		Ladder:  takeOverLadder(s, due.In(d.zone()), d.rules().Grace),
		Subject: reminders.Line("duty.takeover.subject", args),
	}, nil
}

// takeOverLadder asks at due and tells backup and leader when the grace is over; the
// staff on duty hear of it where a shift has neither.
func takeOverLadder(s Shift, due time.Time, grace time.Duration) []obligation.Step {
	ladder := []obligation.Step{{Name: "ask", At: due, Action: obligation.Ask}}
	missing := reminders.Message{
		Key: "duty.takeover.missing",
		Args: reminders.Args{
			"Unit": reminders.UnitName(s.Unit), "Name": reminders.PersonName(s.Officer), "Start": reminders.Instant(s.Start),
			"Minutes": reminders.Number(int(grace / time.Minute)),
		},
		Buttons: [][]reminders.Button{{takeOverButton(s)}},
	}
	tell := func(name string, to reminders.Role, say reminders.Message) {
		ladder = append(ladder, obligation.Step{Name: name, At: due.Add(grace), Action: obligation.Tell, To: to, Say: &say})
	}
	if s.Backup != "" && s.Backup != s.Officer {
		tell("tell-backup", reminders.DutyBackup, missing)
	}
	if s.Leader != "" && s.Leader != s.Officer && s.Leader != s.Backup {
		tell("tell-leader", reminders.DutyLeader, missing)
	}
	if len(ladder) == 1 {
		missing.Buttons = nil // the default: look at what is open
		tell("tell-staff", reminders.StaffOnDuty, missing)
	}
	return ladder
}

// takeOverButton takes a shift over.
func takeOverButton(s Shift) reminders.Button {
	return reminders.Button{Label: "button.takeover", Verb: "takeover", Object: string(s.ID)}
}

// askToTakeOver is what the officer is asked at the start, with what the shift before
// left behind.
func (d *Desk) askToTakeOver(tx reminders.Tx, s Shift) (reminders.Message, error) {
	left, err := d.leftFor(tx, s)
	if err != nil {
		return reminders.Message{}, err
	}
	m := reminders.Line("duty.takeover.ask", reminders.Args{
		"Unit": reminders.UnitName(s.Unit), "Name": reminders.PersonName(s.Officer),
		"Start": reminders.Instant(s.Start), "End": reminders.Instant(s.End), "Left": reminders.List(left.lines()...),
		"Minutes": reminders.Number(int(d.rules().Grace / time.Minute)),
	})
	m.Buttons = [][]reminders.Button{{takeOverButton(s)}}
	return m, nil
}
