package report

import (
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// The kinds of obligations, by the names of the plan.
const (
	KindDaily      = "daily-report"
	KindClosing    = "closing-report"
	KindCorrection = "report-correction"
)

// DailyTerms names what is expected of the units on duty on a day.
func DailyTerms(block string, day calendar.Date) obligation.TermsID {
	return obligation.TermsID("duty/" + block + "/" + day.String() + "/" + KindDaily)
}

// ClosingTerms names what is expected of the units after a block.
func ClosingTerms(block string) obligation.TermsID {
	return obligation.TermsID(block + "/" + KindClosing)
}

// Expected reads what a button on terms is about: the kind of report, its block and, for
// a daily one, its day. ok is false for terms of another kind.
func Expected(id obligation.TermsID) (kind Kind, block string, day calendar.Date, ok bool) {
	parts := strings.Split(string(id), "/")
	switch {
	case len(parts) == 4 && parts[0] == "duty" && parts[3] == KindDaily:
		day, err := calendar.ParseDate(parts[2])
		return Daily, parts[1], day, err == nil
	case len(parts) == 2 && parts[1] == KindClosing:
		return Closing, parts[0], calendar.Date{}, true
	}
	return "", "", calendar.Date{}, false
}

// Corrects reads from the name of an obligation to correct which report it is about.
func Corrects(id obligation.TermsID) (ID, bool) {
	name, behind, found := strings.Cut(string(id), "/correction-")
	return ID(name), found && name != "" && behind != ""
}

// dailyTerms are those of a day: the officers on duty are asked shortly before the report
// is due, unless it is there; then the leader and the office hear of it, and it stops.
func (d *Desk) dailyTerms(block string, day calendar.Date) obligation.Terms {
	h := d.Forms.Daily.Daily
	due := d.at(day, h.Due)
	id := DailyTerms(block, day)
	args := reminders.Args{"Day": reminders.Day(d.at(day, h.Due)), "Due": reminders.Instant(due)}
	asking := reminders.Message{Key: "report.daily.ask", Args: args, Buttons: reportButtons(string(obligation.HandleOf(id)), true)}
	leader, staff := reminders.Line("report.daily.tell_leader", args), reminders.Line("report.daily.tell_staff", args)
	return obligation.Terms{
		ID: id, Kind: KindDaily, Block: block,
		Opens: d.at(day, 0), Due: due, Grace: h.Grace, Closes: d.at(day.AddDays(1), h.Closes),
		Answers: reminders.DutyOfficer, Duty: true, Asking: &asking,
		Subject: reminders.Line("report.daily.subject", reminders.Args{"Day": args["Day"]}),
		Ladder: []obligation.Step{
			{Name: "ask", At: due.Add(-h.Remind), Action: obligation.Ask},
			{Name: "tell-leader", At: due.Add(h.Leader), Action: obligation.Tell, To: reminders.DutyLeader, Say: &leader},
			{Name: "tell-staff", At: due.Add(h.Staff), Action: obligation.Tell, To: reminders.StaffOnDuty, Say: &staff},
		},
	}
}

// closingTerms are those after a block: the liaisons are asked on a workday, and due is
// the evening of the same day.
func (d *Desk) closingTerms(b calendar.Block) obligation.Terms {
	c, cal := d.Forms.Closing.Closing, d.Calendar()
	day := cal.AddWorkdays(b.Last, c.Workdays)
	due := d.at(day, c.Due)
	id := ClosingTerms(b.ID)
	args := reminders.Args{"From": reminders.Day(d.at(b.First, 0)), "To": reminders.Day(d.at(b.Last, 0)), "Due": reminders.Instant(due)}
	asking := reminders.Message{Key: "report.closing.ask", Args: args, Buttons: reportButtons(string(obligation.HandleOf(id)), false)}
	return obligation.Terms{
		ID: id, Kind: KindClosing, Block: b.ID,
		Opens: d.at(b.Last.AddDays(1), 0), Due: due, Closes: d.at(cal.AddWorkdays(day, c.Closes), c.Due),
		Answers: reminders.Liaison, Asking: &asking,
		Subject: reminders.Line("report.closing.subject", reminders.Args{"From": args["From"], "To": args["To"]}),
		Ladder:  []obligation.Step{{Name: "ask", At: d.at(day, c.Ask), Action: obligation.Ask}},
	}
}

// correctionTerms are those of a returned report. While the unit has an officer on duty it
// is the officer's; otherwise the liaison is asked, in working hours.
func (d *Desk) correctionTerms(tx reminders.Tx, r Report) (obligation.Terms, error) {
	c := d.Forms.Of(r.Kind).Correction
	officers, err := d.Directory.InUnit(tx, r.Unit, reminders.DutyOfficer)
	if err != nil {
		return obligation.Terms{}, err
	}
	now := tx.Now().In(d.zone())
	t := obligation.Terms{
		ID: r.Correction(), Kind: KindCorrection, Block: r.Block, Opens: now, Due: now.Add(c.OnDuty), Answers: reminders.DutyOfficer, Duty: true,
		Subject: reminders.Line("report.returned.subject", reminders.Args{"Number": r.title()}),
	}
	if len(officers) == 0 {
		t.Due = d.at(d.Calendar().AddWorkdays(d.today(tx), c.Workdays), c.Hour)
		t.Answers, t.Duty = reminders.Liaison, false
	}
	t.Closes = t.Due.Add(c.Closes)
	args := reminders.Args{
		"Unit": reminders.UnitName(r.Unit), "Number": r.title(), "Reason": reminders.Text(r.Review().Reason), "Due": reminders.Instant(t.Due),
	}
	t.Asking = &reminders.Message{Key: "report.returned.ask", Args: args, Buttons: reportButtons(string(r.Handle()), false)}
	staff := reminders.Message{
		Key: "report.returned.tell_staff", Args: reminders.Args{"Unit": args["Unit"], "Number": args["Number"], "Due": args["Due"]},
		Buttons: openButton(r),
	}
	t.Ladder = []obligation.Step{
		{Name: "ask", At: now, Action: obligation.Ask},
		{Name: "tell-staff", At: t.Due, Action: obligation.Tell, To: reminders.StaffOnDuty, Say: &staff},
	}
	return t, nil
}

// at gives the instant of an hour on a day at the place.
func (d *Desk) at(day calendar.Date, h Hour) time.Time {
	hour, minute := h.HourMinute()
	return day.At(hour, minute, d.zone())
}

// reportButtons open the form, and let one tap say that there is nothing to report.
func reportButtons(object string, withNil bool) [][]reminders.Button {
	fill := reminders.Button{Label: "report.button.fill", Verb: "report", Object: object}
	if !withNil {
		return [][]reminders.Button{{fill}}
	}
	return [][]reminders.Button{{{Label: "report.button.nil", Verb: "nil", Object: object}, fill}}
}

// openButton opens a report.
func openButton(r Report) [][]reminders.Button {
	return [][]reminders.Button{{{Label: "report.button.open", Verb: "open", Object: string(r.Handle())}}}
}

// owner is the unit as the one who owes.
func owner(unit reminders.UnitID) obligation.Owner { return obligation.Owner{Unit: unit} }
