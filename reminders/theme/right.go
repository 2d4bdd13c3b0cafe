package theme

import (
	"fmt"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// The hours of what a unit owes: due at the end of a working day, chased in the morning
// of the workday before. It is closed that many workdays after it was due; until then a
// late report still counts as one.
const (
	dueHour       = 18
	chaseHour     = 10
	closeWorkdays = 20
)

// expect writes down what the unit owes about a finding from now on. A reason is given
// when its last report was returned. The first round's Due becomes that of the finding.
func (d *Desk) expect(tx reminders.Tx, t Theme, f *Finding, workdays int, reason string) error {
	cal, now := d.Calendar(), tx.Now().In(d.zone())
	day := cal.AddWorkdays(d.today(tx), workdays)
	f.Round++
	f.Due = day.At(dueHour, 0, d.zone())
	args := reminders.Args{
		"Theme": t.Named(), "Number": reminders.Number(f.Number), "Unit": reminders.UnitName(f.Unit),
		"Text": reminders.Text(f.Text), "Suggestion": suggested(*f), "Due": reminders.Instant(f.Due), "Reason": reminders.Text(reason),
	}
	asking := reminders.Message{Key: "theme.ask", Args: args, Buttons: openFinding(*f)}
	if reason != "" {
		asking.Key = "theme.ask.returned"
	} else {
		delete(args, "Reason")
	}
	terms := obligation.Terms{
		ID: f.Terms(), Kind: KindFinding, Opens: now, Due: f.Due, Closes: cal.AddWorkdays(day, closeWorkdays).At(dueHour, 0, d.zone()),
		Answers: reminders.Liaison, Asking: &asking,
		Subject: reminders.Line("theme.subject", reminders.Args{"Theme": args["Theme"], "Number": args["Number"]}),
		Ladder:  []obligation.Step{{Name: "ask", At: now, Action: obligation.Ask}},
	}
	if chase := cal.LastWorkdayBefore(day).At(chaseHour, 0, d.zone()); chase.After(now) {
		terms.Ladder = append(terms.Ladder, obligation.Step{Name: "chase", At: chase, Action: obligation.Chase})
	}
	return d.Book.Expect(tx, terms, []obligation.Owner{{Unit: f.Unit}})
}

// suggested is what the unit is to put right; nothing for what was put right on the spot.
func suggested(f Finding) reminders.Value {
	if f.Suggestion == "" {
		return reminders.Text("")
	}
	return reminders.Say("theme.suggestion", reminders.Args{"Text": reminders.Text(f.Suggestion)})
}

// openFinding leads to a finding.
func openFinding(f Finding) [][]reminders.Button {
	return [][]reminders.Button{{{Label: "theme.button.look", Verb: "open", Object: f.Object()}}}
}

// Object names the finding in buttons.
func (f Finding) Object() string { return fmt.Sprintf("theme-%s.f.%d", f.Theme, f.Number) }

// tellReported tells the office that something waits for it: one message for each report,
// in working hours.
func (d *Desk) tellReported(tx reminders.Tx, f Finding) error {
	staff, err := d.Staff(tx)
	if err != nil {
		return err
	}
	for _, person := range staff {
		if person == f.Report.By {
			continue
		}
		err := d.Outbox.Enqueue(tx, reminders.Delivery{
			Key:  reminders.DeliveryKey(fmt.Sprintf("%s/reported/%s/%s", f.Terms(), f.Report.At.UTC().Format("20060102T150405"), person)),
			Kind: "theme", Act: reminders.ActSend, Person: person, Lane: reminders.LanePersonal, As: reminders.Staff, Extra: true,
			Reason: "finding-reported", CreatedAt: tx.Now(), NotBefore: tx.Now(),
			Lines: []reminders.Message{{
				Key: "theme.reported", Buttons: openFinding(f), Args: reminders.Args{
					"Unit": reminders.UnitName(f.Unit), "Number": reminders.Number(f.Number), "Text": reminders.Text(f.Report.Text),
				},
			}},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Owed lists what units owe about findings of themes that are not over, in every round,
// for the digest of what is overdue.
func (d *Desk) Owed(tx reminders.Tx) ([]obligation.TermsID, error) {
	open, err := d.Store.OpenThemes(tx)
	if err != nil {
		return nil, err
	}
	var owed []obligation.TermsID
	for _, t := range open {
		findings, err := d.Store.Findings(tx, t.ID)
		if err != nil {
			return nil, err
		}
		for _, f := range findings {
			if f.Round > 0 {
				owed = append(owed, f.Terms())
			}
		}
	}
	return owed, nil
}

// workdayAt gives an hour of a day, or of the workday before it if people rest then.
func (d *Desk) workdayAt(day calendar.Date, hour int) time.Time {
	return d.Calendar().OnOrBefore(day).At(hour, 0, d.zone())
}

// told writes into the ledger that people were told something about a theme.
func (d *Desk) told(tx reminders.Tx, t Theme, what string) error {
	return d.Ledger.Append(tx, ledger.Entry{Actor: ledger.System, Verb: ledger.ThemeChanged, Object: t.Ref(), Reason: what})
}
