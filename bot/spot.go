package bot

import (
	"strconv"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// placeSpots is the page of spot checks, see places.
const placeSpots = "spots"

// spotCommand goes on with the check that was begun, or shows how the checks of the
// coming or running block are drawn and which took place. It never shows a moment that
// has not come.
func (t *Turn) spotCommand(string) error {
	if d, open := t.half(askedSpot); open {
		return t.showSpot(d)
	}
	page, err := t.spotsPlace("")
	if err != nil {
		return err
	}
	return t.say(page)
}

// spotBlocks lists the last block that is over and the coming ones.
func (t *Turn) spotBlocks() []calendar.Block {
	ahead := t.blocks()
	over := t.Years.Calendar().Blocks(t.today().AddDays(-recently), t.today().AddDays(-1))
	for i := len(over) - 1; i >= 0; i-- {
		if over[i].Last.Before(t.today()) {
			return append([]calendar.Block{over[i]}, ahead...)
		}
	}
	return ahead
}

// spotsPlace is the page of one block.
func (t *Turn) spotsPlace(rest string) (reminders.Message, error) {
	if !t.has(office...) {
		return reminders.Message{}, reminders.Fail(reminders.Denied, "bot.spot", "error.denied", nil)
	}
	blocks := t.spotBlocks()
	if len(blocks) == 0 {
		return reminders.Message{}, reminders.Fail(reminders.NotFound, "bot.spot", "dutychat.no_block", nil)
	}
	n, err := strconv.Atoi(rest)
	if err != nil || n < 0 || n >= len(blocks) {
		if n = 0; blocks[0].Last.Before(t.today()) && len(blocks) > 1 {
			n = 1
		}
	}
	m, err := t.spotPage(blocks[n])
	if err != nil {
		return m, err
	}
	row := []reminders.Button{{Label: "button.spot", Verb: "spot", Object: spotUnits + ".0"}}
	for i, block := range blocks[:min(len(blocks), 3)] {
		if i != n {
			row = append(row, reminders.Button{
				Label: "dutychat.roster.block", Args: reminders.Args{"Block": duty.BlockName(block)}, Verb: "page", Object: placeSpots + "-" + strconv.Itoa(i),
			})
		}
	}
	m.Buttons = [][]reminders.Button{row}
	return m, nil
}

// spotPage says how the checks of a block are drawn and which took place.
func (t *Turn) spotPage(block calendar.Block) (reminders.Message, error) {
	promise, found, err := t.Spots.Promise(t.tx, block.ID)
	if err != nil {
		return reminders.Message{}, err
	}
	args := reminders.Args{"Block": duty.BlockName(block), "Days": t.days(block)}
	if !found {
		return reminders.Line("dutychat.spot.no_draw", args), nil
	}
	checks, err := t.spotLines(block)
	if err != nil {
		return reminders.Message{}, err
	}
	args["From"], args["To"] = reminders.Text(clockText(promise.From)), reminders.Text(clockText(promise.To))
	args["Limit"] = reminders.Number(t.Spots.Rules.Limit)
	args["Commitment"], args["At"] = reminders.Text(promise.Commitment), reminders.Instant(promise.CommittedAt)
	args["Checks"] = reminders.List(checks...)
	if promise.RevealedAt.IsZero() {
		return reminders.Line("dutychat.spot.page", args), nil
	}
	args["Secret"] = reminders.Text(string(promise.Secret))
	return reminders.Line("dutychat.spot.revealed", args), nil
}

// clockText writes minutes after midnight as 09:00.
func clockText(minutes int) string {
	hour, minute := strconv.Itoa(minutes/60), strconv.Itoa(minutes%60)
	if len(hour) < 2 {
		hour = "0" + hour
	}
	if len(minute) < 2 {
		minute = "0" + minute
	}
	return hour + ":" + minute
}

// spotLines list the checks of a block that took place so far, unit by unit.
func (t *Turn) spotLines(block calendar.Block) ([]reminders.Message, error) {
	units, err := t.dutyUnits()
	if err != nil {
		return nil, err
	}
	var lines []reminders.Message
	for _, u := range units {
		seen, err := t.Spots.Seen(t.tx, u.ID, block.ID)
		if err != nil {
			return nil, err
		}
		for _, s := range seen {
			line, err := t.spotLine(s)
			if err != nil {
				return nil, err
			}
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return []reminders.Message{reminders.Line("dutychat.spot.none", nil)}, nil
	}
	if more := len(lines) - shownAtOnce; more > 0 {
		lines = append(lines[:shownAtOnce], reminders.Line("file.more_rows", reminders.Args{"Count": reminders.Number(more)}))
	}
	return lines, nil
}

// spotLine says how one check went.
func (t *Turn) spotLine(s duty.SpotCheck) (reminders.Message, error) {
	_, line, err := t.Book.Standing(t.tx, reminders.Ask{Terms: string(s.Terms()), Unit: s.Unit})
	args := reminders.Args{"Unit": reminders.UnitName(s.Unit), "At": reminders.Instant(s.AskedAt), "Sort": reminders.Say("dutychat.spot.drawn", nil)}
	if s.Reason == duty.SpotManual {
		args["Sort"] = reminders.Say("dutychat.spot.manual", nil)
	}
	key := "dutychat.spot.waiting"
	switch line.State {
	case obligation.Met:
		key = "dutychat.spot.met"
	case obligation.Late:
		key = "dutychat.spot.late"
	case obligation.Missed:
		key = "dutychat.spot.missed"
	case obligation.Excused, obligation.Withdrawn:
		key = "dutychat.spot.excused"
	}
	args["State"] = reminders.Say(key, nil)
	return reminders.Line("dutychat.spot.line", args), err
}

// present answers a check. The message that asked shows it.
func (t *Turn) present(object string) error {
	shown, _, err := t.spotAsked(obligation.Handle(object))
	if err != nil {
		return err
	}
	line, err := t.Spots.Present(t.tx, obligation.Handle(object), t.person.ID, shown.TextHash)
	if err != nil && reminders.KindOf(err) == reminders.Closed {
		return t.tooLate(shown, err)
	}
	if err != nil {
		return err
	}
	return t.toast(reminders.Line("dutychat.spot.here", reminders.Args{"At": reminders.Instant(line.AnsweredAt)}), false)
}

// spotAsked gives the message by which a check was asked, for its hash.
func (t *Turn) spotAsked(h obligation.Handle) (reminders.Receipt, obligation.Terms, error) {
	terms, err := t.Book.TermsOf(t.tx, h)
	if err != nil {
		return reminders.Receipt{}, terms, reminders.Fail(reminders.NotFound, "bot.spot", "spot.unknown", nil)
	}
	shifts, err := t.myShifts()
	if err != nil {
		return reminders.Receipt{}, terms, err
	}
	for _, unit := range t.unitsOf(shifts) {
		_, line, err := t.Book.Standing(t.tx, reminders.Ask{Terms: string(terms.ID), Unit: unit})
		if err != nil || line.Terms != "" {
			shown, _ := t.shown(line)
			return shown, terms, err
		}
	}
	return reminders.Receipt{}, terms, nil
}
