package bot

import (
	"maps"
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// shownAtOnce bounds a list in one message: one phone screen.
const shownAtOnce = 8

// outstanding lists what is open for the person, with a button for each.
func (t *Turn) outstanding(string) error {
	open, err := t.owedNow()
	if err != nil {
		return err
	}
	if len(open) == 0 {
		return t.say(reminders.Line("outstanding.none", nil))
	}
	return t.list(open)
}

// stillOpen tells somebody who can be reached again what is open for them, as
// one message; it is silent if nothing is.
func (t *Turn) stillOpen() error {
	open, err := t.owedNow()
	if err != nil || len(open) == 0 {
		return err
	}
	return t.list(open)
}

// list says what is open, with one button for each thing. Nobody is asked to
// acknowledge what this chat never received: such a text is shown in full.
func (t *Turn) list(open []obligation.Obligation) error {
	var items, texts []reminders.Message
	var asks []reminders.Ask
	for _, line := range open[:min(len(open), shownAtOnce)] {
		terms, _, err := t.Book.Standing(t.tx, line.Ask())
		if err != nil {
			return err
		}
		asks = append(asks, line.Ask())
		received, err := t.received(line)
		if err != nil {
			return err
		}
		if !received && terms.Asking == nil {
			texts = append(texts, reminders.Copy(string(terms.ID)))
			continue
		}
		items = append(items, reminders.Line("outstanding.item", reminders.Args{
			"Number": reminders.Number(len(items) + 1), "Subject": subjectFor(terms, line.Owner, t.person.Unit), "Due": reminders.Instant(terms.Due),
		}))
	}
	if len(items) > 0 {
		texts = append(texts, reminders.Line("outstanding.body", reminders.Args{
			"Count": reminders.Number(len(open) - len(texts)), "Items": reminders.List(items...),
		}))
	}
	return t.answer(texts, asks)
}

// received reports whether this chat got the text of what the line asks.
func (t *Turn) received(line obligation.Obligation) (bool, error) {
	for _, key := range line.Copies {
		receipt, found, err := t.Receipts.Receipt(t.tx, key)
		if err != nil {
			return false, err
		}
		if found && receipt.Chat == t.update.Chat {
			return true, nil
		}
	}
	return false, nil
}

// owedNow lists what is open for the person and can be shown.
func (t *Turn) owedNow() ([]obligation.Obligation, error) {
	open, err := t.owed()
	if err != nil {
		return nil, err
	}
	return t.unlessHeld(open)
}

// owed lists what is open for the person, and for the units for which they
// answer: as liaison, or by a place on the shift that runs.
func (t *Turn) owed() ([]obligation.Obligation, error) {
	open, err := t.Book.OpenFor(t.tx, obligation.Owner{Person: t.person.ID, Unit: t.person.Unit})
	if err != nil {
		return nil, err
	}
	answering, err := t.answersFor()
	if err != nil {
		return nil, err
	}
	for _, unit := range slices.Sorted(maps.Keys(answering)) {
		more, err := t.Book.OpenFor(t.tx, obligation.Owner{Unit: unit})
		if err != nil {
			return nil, err
		}
		for _, line := range more {
			terms, _, err := t.Book.Standing(t.tx, line.Ask())
			if err != nil {
				return nil, err
			}
			if begun(terms, t.tx.Now()) && slices.Contains(answering[unit], terms.AnsweredBy()) {
				open = append(open, line)
			}
		}
	}
	return open, nil
}

// begun reports whether what terms expect can be answered: what asks by itself, and what
// is written down long before, from its opening on.
func begun(t obligation.Terms, now time.Time) bool {
	return t.Asking == nil || !now.Before(t.Opens.Add(-takeOverEarly))
}

// answersFor lists the units for which the person answers, with the capacities.
func (t *Turn) answersFor() (map[reminders.UnitID][]reminders.Role, error) {
	units := map[reminders.UnitID][]reminders.Role{}
	if t.has(reminders.Liaison) {
		below, err := t.People.Below(t.tx, t.person.Unit)
		if err != nil {
			return nil, err
		}
		for _, unit := range below {
			liaisons, err := t.People.Liaisons(t.tx, unit)
			if err != nil {
				return nil, err
			}
			if slices.Contains(liaisons, t.person.ID) {
				units[unit] = append(units[unit], reminders.Liaison)
			}
		}
	}
	now := t.tx.Now()
	shifts, err := t.Duty.ShiftsOf(t.tx, t.person.ID, reminders.Window{From: now, To: now.Add(takeOverEarly)})
	for _, s := range shifts {
		place := s.PlaceOf(t.person.ID)
		if s.Responsible() == t.person.ID {
			place = reminders.DutyOfficer
		}
		units[s.Unit] = append(units[s.Unit], place)
	}
	return units, err
}

// horizon is how far ahead a person is told what comes.
const horizon = 60 * 24 * time.Hour

// upcoming says what the plan holds for the person.
func (t *Turn) upcoming(string) error {
	now := t.tx.Now()
	var lines []reminders.Message
	for _, item := range t.Notices.Upcoming(reminders.Window{From: now, To: now.Add(horizon)}) {
		if len(lines) == shownAtOnce || item.Kind == notice.Chase || item.Kind == notice.Digest || item.Kind == notice.CasePush ||
			!item.Audience.Includes(t.person.Person) {
			continue
		}
		line := reminders.Line("upcoming.item", reminders.Args{
			"At":       reminders.Instant(item.At),
			"What":     reminders.Say("kind."+string(item.Kind), nil),
			"Occasion": festivals(item),
		})
		if item.Provisional {
			line = reminders.Line("upcoming.provisional", line.Args)
		}
		lines = append(lines, line)
	}
	next := t.nextBlock(now)
	if len(lines) == 0 {
		return t.say(reminders.Line("upcoming.none", reminders.Args{"Next": next}))
	}
	return t.say(reminders.Line("upcoming.body", reminders.Args{"Items": reminders.List(lines...), "Next": next}))
}

// nextBlock names the next holiday block with its days.
func (t *Turn) nextBlock(now time.Time) reminders.Value {
	cal := t.Years.Calendar()
	today := calendar.DateOf(now, cal.Location())
	blocks := cal.Blocks(today, today.AddDays(366))
	if len(blocks) == 0 {
		return reminders.Say("upcoming.no_block", nil)
	}
	block := blocks[0]
	key := "upcoming.block"
	if block.Provisional {
		key = "upcoming.block_provisional"
	}
	return reminders.Say(key, reminders.Args{
		"Occasion": notice.Occasion(block.Festivals),
		"First":    reminders.Day(block.First.At(0, 0, cal.Location())), "Last": reminders.Day(block.Last.At(0, 0, cal.Location())),
	})
}

// festivals names the occasion of an item.
func festivals(item notice.Item) reminders.Value {
	if len(item.Occasion.Blocks) == 0 {
		return reminders.Say("festival.other", nil)
	}
	return notice.Occasion(item.Occasion.Festivals())
}
