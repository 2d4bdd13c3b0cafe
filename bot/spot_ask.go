package bot

import (
	"strconv"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
)

// askedSpot is the dialog of a check by hand: which unit, why, a look at it. The head may
// go over the limit with a second reason.
const askedSpot = "spot"

// The steps of the dialog, and what its buttons do.
const (
	spotUnits = "units" // lists the units that are on duty now
	spotUnit  = "unit"
	spotWhy   = "why"
	spotOver  = "override"
	spotGo    = "go"
)

// spot takes a step of a check by hand.
func (t *Turn) spot(object string) error {
	word, rest, _ := strings.Cut(object, ".")
	switch word {
	case spotUnits:
		page, _ := strconv.Atoi(rest)
		return t.pickUnit(page)
	case spotUnit:
		return t.beginSpot(reminders.UnitID(rest))
	case spotGo:
		d, err := t.within(askedSpot, stepCheck)
		if err != nil {
			return err
		}
		return t.askSpot(d)
	}
	return reminders.Fail(reminders.NotFound, "bot.spot", "error.not_found", nil)
}

// pickUnit lists the units where somebody is on duty now.
func (t *Turn) pickUnit(page int) error {
	units, err := t.dutyUnits()
	if err != nil {
		return err
	}
	m := reminders.Line("dutychat.spot.pick", nil)
	var on []reminders.Button
	for _, u := range units {
		_, found, err := t.Duty.OnDuty(t.tx, u.ID, t.tx.Now())
		if err != nil {
			return err
		}
		if found {
			on = append(on, reminders.Button{
				Label: "dutychat.roster.open", Args: reminders.Args{"Unit": reminders.UnitName(u.ID)}, Verb: "spot", Object: spotUnit + "." + string(u.ID),
			})
		}
	}
	if len(on) == 0 {
		return t.toast(reminders.Line("dutychat.spot.nobody", nil), true)
	}
	for _, b := range cut(on, page) {
		m.Buttons = append(m.Buttons, []reminders.Button{b})
	}
	m.Buttons = append(m.Buttons, append(turning(len(on), page, "spot", spotUnits+"."), reminders.Button{Label: "button.back", Verb: "page", Object: placeSpots}))
	return t.replace(m)
}

// beginSpot asks for the reason, unless the unit has had its checks: then only the head
// goes on.
func (t *Turn) beginSpot(unit reminders.UnitID) error {
	s, found, err := t.Duty.OnDuty(t.tx, unit, t.tx.Now())
	if err == nil && !found {
		err = reminders.Fail(reminders.NotFound, "bot.spot", "spot.nobody", reminders.Args{"Unit": reminders.UnitName(unit)})
	}
	if err != nil {
		return err
	}
	seen, err := t.Spots.Seen(t.tx, unit, s.Block)
	if err != nil {
		return err
	}
	if s.Block == "" || len(seen) < t.Spots.Rules.Limit {
		return t.showSpot(Dialog{Asked: askedSpot, Object: string(unit), Step: spotWhy})
	}
	m := reminders.Line("spot.limit", reminders.Args{"Unit": reminders.UnitName(unit), "Count": reminders.Number(len(seen))})
	row := []reminders.Button{{Label: "button.back", Verb: "page", Object: placeSpots}}
	if t.has(reminders.Head) {
		row = append([]reminders.Button{{Label: "button.override", Verb: "override", Object: string(unit)}}, row...)
	}
	m.Buttons = [][]reminders.Button{row}
	return t.replace(m)
}

// override lets the head go over the limit, with a reason.
func (t *Turn) override(object string) error {
	if handle, ok := ofPublication(object); ok {
		return t.overrulePublication(handle)
	}
	return t.showSpot(Dialog{Asked: askedSpot, Object: object, Step: spotOver})
}

// showSpot asks what the step of the dialog asks.
func (t *Turn) showSpot(d Dialog) error {
	unit := reminders.UnitName(reminders.UnitID(d.Object))
	switch d.Step {
	case spotOver:
		return t.next(d, reminders.Line("dutychat.spot.override", reminders.Args{"Unit": unit}))
	case spotWhy:
		return t.next(d, reminders.Line("dutychat.spot.why", reminders.Args{"Unit": unit}))
	}
	m := reminders.Line("dutychat.spot.check", reminders.Args{
		"Unit": unit, "Why": reminders.Text(d.Noted[spotWhy]),
		"Minutes": reminders.Number(int(t.Spots.Rules.Answer / time.Minute)),
	})
	m.Buttons = [][]reminders.Button{{{Label: "button.spot_go", Verb: "spot", Object: spotGo}}}
	return t.next(d, m)
}

// spotText takes the reasons.
func (t *Turn) spotText(d Dialog, text string) error {
	if len([]rune(text)) > duty.MaxNote {
		return t.say(reminders.Line("duty.note_long", reminders.Args{"Limit": reminders.Number(duty.MaxNote)}))
	}
	switch d.Step {
	case spotOver: // one reason is enough for both
		return t.showSpot(d.with(spotOver, text).with(spotWhy, text).at(stepCheck))
	case spotWhy:
		return t.showSpot(d.with(spotWhy, text).at(stepCheck))
	}
	return t.say(reminders.Line("dialog.tap", nil))
}

// askSpot asks the unit at once.
func (t *Turn) askSpot(d Dialog) error {
	s, err := t.Spots.Ask(t.tx, duty.SpotRequest{
		Unit: reminders.UnitID(d.Object), By: t.person.ID, Why: d.Noted[spotWhy], Override: d.Noted[spotOver],
	})
	if err != nil {
		return err
	}
	if err := t.endDialog(); err != nil {
		return err
	}
	m := reminders.Line("dutychat.spot.asked", reminders.Args{
		"Unit": reminders.UnitName(s.Unit), "Officer": reminders.PersonName(s.Officer), "At": reminders.Instant(s.AskedAt),
		"Due": reminders.TimeOfDay(s.AskedAt.Add(t.Spots.Rules.Answer)),
	})
	m.Buttons = [][]reminders.Button{{{Label: "button.back", Verb: "page", Object: placeSpots}}}
	return t.replace(m)
}
