package duty

import (
	"fmt"
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// startIn gives the start that the name of a shift says.
func (id ShiftID) startIn(loc *time.Location) time.Time {
	_, stamp, _ := id.Split()
	at, _ := time.ParseInLocation(stampLayout, stamp, loc)
	return at
}

// Said is the swap in one sentence: who takes whose shift, and which in return.
func (d *SwapDesk) Said(s Swap) reminders.Message {
	args := reminders.Args{
		"Giver": reminders.PersonName(s.Giver), "Taker": reminders.PersonName(s.Taker), "Place": PlaceName(s.Place),
		"Given": reminders.Instant(s.Given.startIn(d.duty.zone())),
	}
	if s.Back == "" {
		return reminders.Line("swap.cover", args)
	}
	args["Back"] = reminders.Instant(s.Back.startIn(d.duty.zone()))
	return reminders.Line("swap.exchange", args)
}

// saying gives a message about a swap; more adds arguments.
func (d *SwapDesk) saying(key string, s Swap, more reminders.Args) reminders.Message {
	said := d.Said(s)
	args := reminders.Args{"Unit": reminders.UnitName(s.Unit), "Swap": reminders.Say(said.Key, said.Args)}
	for name, value := range more {
		args[name] = value
	}
	return reminders.Line(key, args)
}

// button takes a step of a swap.
func (s Swap) button(label string, step SwapStep) reminders.Button {
	return reminders.Button{Label: label, Verb: "swap", Object: string(s.ID) + "." + string(step)}
}

// tellAsked asks the other one, with the two answers.
func (d *SwapDesk) tellAsked(tx reminders.Tx, s Swap) error {
	m := d.saying("swap.asked", s, reminders.Args{
		"Name": reminders.PersonName(s.By), "Expires": reminders.Instant(s.Expires),
	})
	m.Buttons = [][]reminders.Button{{s.button("swap.button.accept", StepAccept), s.button("swap.button.decline", StepDecline)}}
	return d.tell(tx, s, "", m, s.Asked())
}

// tellApprovers asks those who may allow the swap: the liaisons of the unit but for who
// takes part, or else the staff on duty.
func (d *SwapDesk) tellApprovers(tx reminders.Tx, s Swap) error {
	people, err := d.liaisons(tx, s)
	if err == nil && len(people) == 0 {
		people, err = d.duty.InPlace(tx, s.Unit, reminders.StaffOnDuty, tx.Now())
	}
	if err != nil {
		return err
	}
	var warnings []reminders.Message
	for _, w := range s.Warnings {
		warnings = append(warnings, w.Message())
	}
	m := d.saying("swap.approve", s, reminders.Args{
		"Expires": reminders.Instant(s.Expires), "Warnings": reminders.List(warnings...),
	})
	m.Buttons = [][]reminders.Button{{s.button("swap.button.approve", StepApprove), s.button("swap.button.refuse", StepRefuse)}}
	return d.tell(tx, s, "", m, people...)
}

// liaisons lists those of the unit, without who takes part.
func (d *SwapDesk) liaisons(tx reminders.Tx, s Swap) ([]reminders.PersonID, error) {
	people, err := d.duty.Register.InUnit(tx, s.Unit, reminders.Liaison)
	return slices.DeleteFunc(slices.Clone(people), func(p reminders.PersonID) bool { return p == s.Giver || p == s.Taker }), err
}

// tellApplied tells the leaders of both shifts and the liaisons. Both people have heard
// the difference from the roster.
func (d *SwapDesk) tellApplied(tx reminders.Tx, s Swap, sides swapSides, by reminders.PersonID) error {
	m := d.saying("swap.applied", s, nil)
	if s.Imposed() {
		m = d.saying("swap.imposed", s, reminders.Args{"Why": reminders.Text(s.Steps[0].Why)})
	}
	return d.tellAround(tx, s, sides, by, m)
}

// tellReversed tells the same people that the swap was taken back.
func (d *SwapDesk) tellReversed(tx reminders.Tx, s Swap, sides swapSides, by reminders.PersonID) error {
	return d.tellAround(tx, s, sides, by, d.saying("swap.reversed", s, nil))
}

// tellAround tells leaders and liaisons, each once.
func (d *SwapDesk) tellAround(tx reminders.Tx, s Swap, sides swapSides, by reminders.PersonID, m reminders.Message) error {
	people, err := d.liaisons(tx, s)
	if err != nil {
		return err
	}
	for _, shift := range sides.list() {
		if shift.Leader != s.Giver && shift.Leader != s.Taker {
			people = append(people, shift.Leader)
		}
	}
	return d.tell(tx, s, by, m, people...)
}

// tellClosed tells both, and who asked on behalf of one, but for who did it, how an open
// swap ended; the liaisons too if it had been applied.
func (d *SwapDesk) tellClosed(tx reminders.Tx, s Swap, was SwapState) error {
	last := s.Steps[len(s.Steps)-1]
	people := []reminders.PersonID{s.Giver, s.Taker, s.By}
	if was == SwapApplied {
		liaisons, err := d.liaisons(tx, s)
		if err != nil {
			return err
		}
		return d.tell(tx, s, last.By, d.saying("swap.ended.applied", s, nil), append(people, liaisons...)...)
	}
	var m reminders.Message
	switch last.Step {
	case StepDecline:
		m = d.saying("swap.declined", s, reminders.Args{"Name": reminders.PersonName(last.By)})
	case StepWithdraw:
		m = d.saying("swap.withdrawn", s, reminders.Args{"Name": reminders.PersonName(last.By)})
	case StepExpire:
		m = d.saying("swap.expired", s, nil)
	case StepRefuse:
		if m = d.saying("swap.refused", s, nil); last.Why != "" {
			m = d.saying("swap.refused_why", s, reminders.Args{"Why": reminders.Text(last.Why)})
		}
	default:
		m = d.ended(s, last.Why)
	}
	return d.tell(tx, s, last.By, m, people...)
}

// ended says why an open swap cannot be any more.
func (d *SwapDesk) ended(s Swap, why string) reminders.Message {
	switch why {
	case SwapCancelled:
		return d.saying("swap.ended.cancelled", s, nil)
	case SwapOvertaken:
		return d.saying("swap.ended.overtaken", s, nil)
	default:
		return d.saying("swap.ended.not_held", s, nil)
	}
}

// tell says something about the last step of a swap to people, each once, but not to by
// and not at night unless a shift begins soon.
func (d *SwapDesk) tell(tx reminders.Tx, s Swap, by reminders.PersonID, m reminders.Message, people ...reminders.PersonID) error {
	people = slices.Clone(people)
	slices.Sort(people)
	at := d.duty.polite(tx.Now(), s.Expires)
	until := at.Add(24 * time.Hour)
	if s.Open() {
		until = s.Expires // an answer is worthless then
	}
	for _, person := range slices.Compact(people) {
		if person == "" || person == by {
			continue
		}
		err := d.duty.Outbox.Enqueue(tx, reminders.Delivery{
			Key:  reminders.DeliveryKey(fmt.Sprintf("swap/%s/%d/%s", s.ID, len(s.Steps), person)),
			Kind: "swap", Act: reminders.ActSend, Person: person, Lane: reminders.LaneDuty, As: s.Place,
			Reason: "swap-" + string(s.Steps[len(s.Steps)-1].Step), CreatedAt: tx.Now(),
			NotBefore: at, Until: until, Lines: []reminders.Message{m},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
