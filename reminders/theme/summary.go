package theme

import (
	"fmt"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Tally counts the findings of a theme by state.
func Tally(findings []Finding) map[FindingState]int {
	tally := map[FindingState]int{}
	for _, f := range findings {
		tally[f.State]++
	}
	return tally
}

// Progress says how far the checks of a theme are: units in scope, checked, and marked as
// not checked.
func (a Dossier) Progress() (scope, checked, unchecked int) {
	for _, c := range a.Checks {
		if c.Done() {
			checked++
		} else {
			unchecked++
		}
	}
	return len(a.Theme.Units), checked, unchecked
}

// linesAtOnce bounds a list in the summary: one phone screen. The export has the rest.
const linesAtOnce = 12

// Summary says what came of a theme (主题小结): outcomes first, then what was checked.
// There is nothing in it by which units could be compared.
func (d *Desk) Summary(tx reminders.Tx, id ID) (reminders.Message, error) {
	all, err := d.Dossier(tx, id)
	if err != nil {
		return reminders.Message{}, err
	}
	scope, checked, _ := all.Progress()
	t, tally := all.Theme, Tally(all.Findings)
	var skipped []reminders.Message
	for _, c := range all.Checks {
		if !c.Done() {
			skipped = append(skipped, reminders.Line("theme.summary.unchecked", reminders.Args{
				"Unit": reminders.UnitName(c.Unit), "Reason": reminders.Text(c.Unchecked),
			}))
		}
	}
	return reminders.Message{
		Key: "theme.summary", Args: reminders.Args{
			"Quarter": t.Quarter.Say(), "Title": t.Named(), "Found": reminders.Number(len(all.Findings)),
			"Right": reminders.Number(tally[PutRight]), "Referred": reminders.Number(tally[Referred]),
			"Dismissed": reminders.Number(tally[NotEstablished]), "Outcomes": reminders.List(d.outcomes(all.Findings)...),
			"Scope": reminders.Number(scope), "Checked": reminders.Number(checked), "Unchecked": reminders.List(some(skipped)...),
		},
		Buttons: [][]reminders.Button{{
			{Label: "theme.button.export", Verb: "open", Object: "theme-" + string(id) + ".x"},
			{Label: "theme.button.open", Verb: "open", Object: "theme-" + string(id)},
		}},
	}, nil
}

// outcomes says of each finding how it ended, those that were put right first.
func (d *Desk) outcomes(findings []Finding) []reminders.Message {
	var lines []reminders.Message
	for _, state := range []FindingState{PutRight, Referred, NotEstablished} {
		for _, f := range findings {
			if f.State == state {
				lines = append(lines, d.OutcomeLine(f))
			}
		}
	}
	return some(lines)
}

// some cuts a list to what one screen shows.
func some(lines []reminders.Message) []reminders.Message {
	more := len(lines) - linesAtOnce
	if more <= 0 {
		return lines
	}
	return append(lines[:linesAtOnce:linesAtOnce], reminders.Line("theme.summary.more", reminders.Args{"Count": reminders.Number(more)}))
}

// OutcomeLine says how a finding ended, or where it stands.
func (d *Desk) OutcomeLine(f Finding) reminders.Message {
	args := reminders.Args{"Number": reminders.Number(f.Number), "Unit": reminders.UnitName(f.Unit)}
	switch f.State {
	case PutRight:
		args["Text"] = reminders.Text(f.Outcome.Text)
		return reminders.Line("theme.outcome.closed", args)
	case Referred:
		r := f.Outcome.Referral
		args["Ref"], args["Day"], args["To"] = reminders.Text(r.Number), reminders.Day(d.shown(r.Day)), reminders.Text(r.To)
		return reminders.Line("theme.outcome.referred", args)
	case NotEstablished:
		args["Text"] = reminders.Text(f.Outcome.Text)
		return reminders.Line("theme.outcome.not-established", args)
	}
	args["State"] = reminders.Say("theme.finding."+string(f.State), nil)
	return reminders.Line("theme.gap.finding", args)
}

// tellSummary sends the summary to the office and the auditors, in working hours.
func (d *Desk) tellSummary(tx reminders.Tx, id ID) error {
	summary, err := d.Summary(tx, id)
	if err != nil {
		return err
	}
	readers, err := d.Readers(tx)
	if err != nil {
		return err
	}
	for _, person := range readers {
		err := d.Outbox.Enqueue(tx, reminders.Delivery{
			Key:  reminders.DeliveryKey(fmt.Sprintf("theme/%s/summary/%s", id, person)),
			Kind: "theme", Act: reminders.ActSend, Person: person, Lane: reminders.LanePersonal, As: reminders.Staff,
			Reason: "theme-closed", CreatedAt: tx.Now(), NotBefore: tx.Now(), Lines: []reminders.Message{summary},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
