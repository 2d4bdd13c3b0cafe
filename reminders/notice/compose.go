package notice

import (
	"context"
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// recentEnough is how many notices, newest first, hold all that is still expected:
// the notices of two blocks, with the digests in between.
const recentEnough = 100

// casesShown is how many public cases a personal reminder carries at most.
const casesShown = 1

// tallies are lines of the book by state, for each terms that a text speaks of.
type tallies map[obligation.TermsID]obligation.Tally

// counting reports whether the text of an item says what the book holds.
func counting(item Item) bool { return item.Kind == ClosingSummary || item.Kind == Digest }

// count counts, in a view, the lines of which those texts will speak that are about
// to be composed. A unit of work would remember each of a million lines, and begin
// anew with every tap that comes meanwhile. While something is being published, no
// text is composed: then, as where nothing is to be counted, there are no tallies.
func (d *Desk) count(ctx context.Context, due []Item, now time.Time) (counted tallies, err error) {
	if !slices.ContainsFunc(due, counting) {
		return nil, nil
	}
	err = d.Units.View(ctx, func(tx reminders.Tx) error {
		if open, err := d.Store.PublishingNotices(tx); err != nil || len(open) > 0 {
			return err
		}
		counted = tallies{}
		for _, item := range due {
			if !counting(item) || !newest(due, item) || waits(item, now) {
				continue
			}
			if _, found, err := d.Store.Notice(tx, item.Key); err != nil || found {
				if err != nil {
					return err
				}
				continue
			}
			if err := d.countFor(tx, item, counted); err != nil {
				return err
			}
		}
		return nil
	})
	return counted, err
}

// countFor counts what the text of one item speaks of, each terms once.
func (d *Desk) countFor(tx reminders.Tx, item Item, counted tallies) error {
	terms, err := d.spokenOf(tx, item.Kind, fromItem(item))
	if err != nil {
		return err
	}
	for _, t := range terms {
		if counted[t.ID] != nil {
			continue
		}
		if counted[t.ID], _, _, err = d.Book.Count(tx, t); err != nil {
			return err
		}
	}
	return nil
}

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
	return slices.DeleteFunc(terms, func(t obligation.Terms) bool { return t.Closed }), err
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
func (d *Desk) compose(tx reminders.Tx, n *Notice, reason ReasonName, counted tallies) (why string, err error) {
	if reason == YearMissing {
		n.Body = &reminders.Message{Key: "warning.year_missing", Args: reminders.Args{"Year": reminders.Text(n.Block)}}
		return "", nil
	}
	switch n.Kind {
	case Readiness:
		return d.composeReadiness(tx, n)
	case ClosingSummary:
		return d.composeSummary(n, counted)
	case Digest:
		return d.composeDigest(tx, n, counted)
	case HolidayReminder:
		return d.composeReminder(tx, n)
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

// composeReadiness states what would keep the reminder from arriving.
func (d *Desk) composeReadiness(tx reminders.Tx, n *Notice) (string, error) {
	never, lost, err := d.Register.Unreachable(tx)
	if err != nil {
		return "", err
	}
	drafts, err := d.Store.DraftsOf(tx, n.Block)
	if err != nil {
		return "", err
	}
	waiting := 0
	for _, draft := range drafts {
		if draft.State == DraftWaiting {
			waiting++
		}
	}
	silent, err := d.withoutLiaison(tx)
	if err != nil {
		return "", err
	}
	key := "readiness.body"
	if never+lost+waiting+silent == 0 {
		key = "readiness.ready"
	}
	n.Body = &reminders.Message{
		Key: key,
		Args: reminders.Args{
			"Occasion": occasion(n.Festivals), "Never": reminders.Number(never),
			"Lost": reminders.Number(lost), "Waiting": reminders.Number(waiting), "Silent": reminders.Number(silent),
		},
	}
	if never+lost > 0 {
		n.Body.Buttons = [][]reminders.Button{{{Label: "button.unreachable", Verb: "open", Object: "unreachable"}}}
	}
	return "", nil
}

// withoutLiaison counts the units for which nobody can answer a unit notice.
func (d *Desk) withoutLiaison(tx reminders.Tx) (silent int, err error) {
	units, err := d.Register.Units(tx)
	if err != nil {
		return 0, err
	}
	for _, unit := range units {
		liaisons, err := d.Register.InUnit(tx, unit.ID, reminders.Liaison)
		if err != nil {
			return 0, err
		}
		if len(liaisons) == 0 {
			silent++
		}
	}
	return silent, nil
}

// composeSummary says what was recorded of the block's acknowledgements.
func (d *Desk) composeSummary(n *Notice, counted tallies) (string, error) {
	people := counted[obligation.TermsID(d.keyOf(n.Block, HolidayReminder))]
	units := counted[obligation.TermsID(d.keyOf(n.Block, UnitNotice))]
	if people == nil && units == nil {
		return WhyNothing, nil
	}
	handle := string(obligation.HandleOf(obligation.TermsID(d.keyOf(n.Block, HolidayReminder))))
	n.Body = &reminders.Message{
		Key: "summary.body",
		Args: reminders.Args{
			"Occasion": occasion(n.Festivals),
			"People":   reminders.Number(people.Total() - people[obligation.Withdrawn]), "Met": reminders.Number(people[obligation.Met]),
			"Late": reminders.Number(people[obligation.Late]), "Missed": reminders.Number(people[obligation.Missed]),
			"Excused": reminders.Number(people[obligation.Excused]),
			"Units":   reminders.Number(units.Total() - units[obligation.Withdrawn]), "UnitsAnswered": reminders.Number(units.Answered()),
		},
		Buttons: [][]reminders.Button{{{Label: "button.by_unit", Verb: "open", Object: handle}}},
	}
	return "", nil
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
func (d *Desk) composeDigest(tx reminders.Tx, n *Notice, counted tallies) (string, error) {
	terms, err := d.spokenOf(tx, Digest, *n)
	if err != nil {
		return "", err
	}
	var lines []reminders.Message
	for _, t := range terms {
		if open := counted[t.ID][obligation.Open]; open > 0 {
			lines = append(lines, reminders.Line("digest.line", reminders.Args{
				"Subject": obligation.Subject(t), "Due": reminders.Instant(t.Due), "Count": reminders.Number(open),
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
