package notice

import (
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// recentEnough is how many notices, newest first, hold all that is still expected:
// the notices of two blocks, with the digests in between.
const recentEnough = 100

// spokenOf lists the terms of which the closing summary or the digest n speaks.
func (d *Desk) spokenOf(tx reminders.Tx, kind Kind, n Notice) ([]obligation.Terms, error) {
	if kind == ClosingSummary {
		return d.standing(tx, d.keyOf(n.Block, HolidayReminder), d.keyOf(n.Block, UnitNotice))
	}
	recent, err := d.Store.RecentNotices(tx, recentEnough)
	if err != nil {
		return nil, err
	}
	var overdue []string
	for _, asked := range recent {
		if asked.Terms != nil && !asked.Due.After(n.At) && asked.State != Skipped {
			overdue = append(overdue, asked.ID)
		}
	}
	terms, err := d.standing(tx, overdue...)
	if err != nil {
		return nil, err
	}
	terms = slices.DeleteFunc(terms, func(t obligation.Terms) bool { return t.Closed })
	owed, err := d.owed(tx, n.At)
	return append(terms, owed...), err
}

// standing gives the terms with these names, as far as the book has them.
func (d *Desk) standing(tx reminders.Tx, names ...string) (all []obligation.Terms, err error) {
	for _, name := range names {
		t, _, err := d.Book.Standing(tx, reminders.Ask{Terms: name})
		if err != nil {
			return nil, err
		}
		if t.ID != "" {
			all = append(all, t)
		}
	}
	return all, nil
}

// compose works out what the notice says, as far as it does not depend on its
// reader. A reason instead of a text means that it is skipped.
func (d *Desk) compose(tx reminders.Tx, n *Notice, reason ReasonName, counted *figures) (why string, err error) {
	if reason == YearMissing {
		n.Body = &reminders.Message{Key: "warning.year_missing", Args: reminders.Args{"Year": reminders.Text(n.Block)}}
		return "", nil
	}
	switch n.Kind {
	case Readiness:
		return d.composeReadiness(tx, n, counted)
	case ClosingSummary:
		return d.composeSummary(n, counted)
	case Digest:
		return d.composeDigest(tx, n, counted)
	case HolidayReminder:
		if n.Cases, err = d.Cases.Fitting(tx, n.Festivals, casesFor(n.Festivals)); err != nil {
			return "", err
		}
		return d.composeReminder(tx, n)
	case Burden:
		return composeBurden(n, counted), nil
	case CasePush:
		return d.composePush(tx, n)
	}
	return "", nil
}

// composeReminder takes the office's own text over if it is approved. Where every
// block waits for an approval, it is not there yet without one.
func (d *Desk) composeReminder(tx reminders.Tx, n *Notice) (string, error) {
	drafts, err := d.Store.DraftsOf(tx, n.Block)
	if err != nil {
		return "", err
	}
	approved := false
	for _, draft := range drafts {
		if draft.State != DraftApproved {
			continue
		}
		approved = true
		if draft.Text != "" {
			if n.Own == nil {
				n.Own = map[string]OwnText{}
			}
			n.Own[string(draft.Language)] = OwnText{Text: draft.Text, By: draft.By, ApprovedBy: draft.DecidedBy}
		}
	}
	required, err := d.ApprovalRequired(tx)
	if err == nil && required && !approved {
		return WhyNotApproved, nil
	}
	return "", err
}

// keyOf is the key of the item of a kind in a block: the office may have given the
// row another name.
func (d *Desk) keyOf(block string, kind Kind) string {
	for _, row := range d.Programme.Rows {
		if row.Kind == kind {
			return block + "/" + row.Name
		}
	}
	return block + "/" + string(kind)
}

// composeDigest lists what is past its due instant, for the head of the office.
func (d *Desk) composeDigest(tx reminders.Tx, n *Notice, counted *figures) (string, error) {
	terms, err := d.spokenOf(tx, Digest, *n)
	if err != nil {
		return "", err
	}
	var lines []reminders.Message
	for _, t := range terms {
		key, count := "digest.line", counted.lines[t.ID][obligation.Open]
		if t.Closed {
			key, count = "digest.missed", counted.lines[t.ID][obligation.Missed]
		}
		if count > 0 {
			lines = append(lines, reminders.Line(key, reminders.Args{
				"Subject": obligation.Subject(t), "Due": reminders.Instant(t.Due), "Count": reminders.Number(count),
			}))
		}
	}
	if len(lines) == 0 {
		return WhyNothing, nil
	}
	n.Body = &reminders.Message{Key: "digest.body", Args: reminders.Args{"Day": reminders.Day(n.At), "Items": reminders.List(lines...)}}
	return "", nil
}

// occasion names the festivals: one, two or three of them joined by a text of
// the catalogue.
func occasion(festivals []calendar.Festival) reminders.Value {
	name := func(i int) reminders.Value { return reminders.Say(festivalKey(festivals[i]), nil) }
	switch len(festivals) {
	case 0:
		return reminders.Say("festival.other", nil)
	case 1:
		return name(0)
	case 2:
		return reminders.Say("occasion.two", reminders.Args{"First": name(0), "Second": name(1)})
	default:
		return reminders.Say("occasion.three", reminders.Args{"First": name(0), "Second": name(1), "Third": name(2)})
	}
}

// Occasion names the festivals of a block as an argument of a text.
func Occasion(festivals []calendar.Festival) reminders.Value { return occasion(festivals) }

// festivalKey is the catalogue key of a festival's name.
func festivalKey(f calendar.Festival) string {
	for _, known := range calendar.Festivals() {
		if f == known {
			return "festival." + string(f)
		}
	}
	return "festival.other"
}
