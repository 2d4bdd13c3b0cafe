package duty

import (
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// prompt is how far behind the clock the service may be without an outage.
const prompt = 2 * time.Minute

// ask asks a drawn check at its moment. After an outage of ours it is asked late, as long
// as it still lies within its window and not too long has passed; else it is dropped.
func (d *SpotDesk) ask(tx reminders.Tx, s SpotCheck, now time.Time) error {
	b, _, err := d.Store.SpotBlock(tx, s.Block)
	if err != nil {
		return err
	}
	window, err := ParseSpotWindow(s.Window)
	if err != nil {
		return err
	}
	late := now.Sub(s.Moment)
	if late > b.Rules.Late || late > prompt && !window.Contains(now) {
		return d.drop(tx, s, SpotServiceDown)
	}
	had, err := d.had(tx, s.Unit, s.Block)
	if err != nil {
		return err
	}
	if had >= b.Rules.Limit {
		return d.drop(tx, s, SpotLimit)
	}
	shift, found, err := d.duty.OnDuty(tx, s.Unit, now)
	if err != nil {
		return err
	}
	if !found {
		return d.drop(tx, s, SpotNobody)
	}
	attrs := map[string]string{
		"roster": s.Roster, "window": s.Window, "moment": s.Moment.UTC().Format(time.RFC3339), "officer": string(shift.Responsible()),
	}
	if late > prompt {
		attrs["late"] = late.Truncate(time.Second).String()
	}
	if err := d.open(tx, s, shift, b.Rules, now); err != nil {
		return err
	}
	return d.note(tx, ledger.Drawn, s, ledger.System, SpotDrawn, attrs)
}

// had counts the checks that a unit got in a block.
func (d *SpotDesk) had(tx reminders.Tx, unit reminders.UnitID, block string) (int, error) {
	checks, err := d.Store.SpotChecksOf(tx, unit, block)
	n := 0
	for _, s := range checks {
		if s.Counts() {
			n++
		}
	}
	return n, err
}

// open writes down what is expected, from now on, of whoever is on duty.
func (d *SpotDesk) open(tx reminders.Tx, s SpotCheck, shift Shift, r SpotRules, now time.Time) error {
	s.State, s.AskedAt, s.Closes = SpotAsked, now, now.Add(r.Closes)
	s.Shift, s.Officer = shift.ID, shift.Responsible()
	if err := d.Store.SaveSpotCheck(tx, s); err != nil {
		return err
	}
	if err := d.Store.SaveLastSpot(tx, SpotLast{Unit: s.Unit, At: now, Officer: s.Officer}); err != nil {
		return err
	}
	return d.duty.Book.Expect(tx, d.terms(s, r), []obligation.Owner{{Unit: s.Unit}})
}

// terms are what is expected: one tap within the time for an answer, then the leader on
// duty hears of it.
func (d *SpotDesk) terms(s SpotCheck, r SpotRules) obligation.Terms {
	at := s.AskedAt.In(d.duty.zone())
	due := at.Add(r.Answer)
	asking := reminders.Line("spot.ask", reminders.Args{
		"Unit": reminders.UnitName(s.Unit), "At": reminders.Instant(at), "Due": reminders.TimeOfDay(due),
	})
	asking.Buttons = [][]reminders.Button{{{Label: "spot.present", Verb: "present", Object: string(s.Handle())}}}
	telling := reminders.Line("spot.tell", reminders.Args{
		"Unit": reminders.UnitName(s.Unit), "At": reminders.Instant(at), "Minutes": reminders.Number(int(r.Answer / time.Minute)),
	})
	terms := obligation.Terms{
		ID: s.Terms(), Kind: "spot-check", Opens: at, Due: due, Closes: at.Add(r.Closes),
		Duty: true, Answers: reminders.DutyOfficer, Asking: &asking,
		Subject: reminders.Line("spot.subject", reminders.Args{"Unit": reminders.UnitName(s.Unit)}),
		Ladder: []obligation.Step{
			{Name: "ask", At: at, Action: obligation.Ask},
			{Name: "tell-leader", At: due, Action: obligation.Tell, To: reminders.DutyLeader, Say: &telling},
		},
	}
	if !isDay(s.Block) {
		terms.Block = s.Block
	}
	return terms
}

// isDay reports whether a check is one outside of any block, which is known by its day.
func isDay(block string) bool {
	_, err := time.Parse(dayLayout, block)
	return err == nil
}

// dayLayout names the day of a shift outside of any block.
const dayLayout = "20060102"

// SpotRequest asks for a check by hand.
type SpotRequest struct {
	Unit reminders.UnitID
	By   reminders.PersonID // of the office
	// Why is the reason, in words that are stored with the check and in the ledger.
	Why string
	// Override is the head's reason for going over the limit; empty without.
	Override string
}

// Ask asks a unit at once, because somebody of the office wants to know, and gives the
// check. It counts like one that was drawn. It fails with Invalid without a reason, with
// Denied for somebody who may not, with NotFound if nobody is on duty, and with Closed if
// the unit had its checks in this block and the head does not override that.
func (d *SpotDesk) Ask(tx reminders.Tx, r SpotRequest) (SpotCheck, error) {
	const op = "duty.spot_ask"
	r.Why, r.Override = strings.TrimSpace(r.Why), strings.TrimSpace(r.Override)
	if err := d.mayAsk(tx, r); err != nil {
		return SpotCheck{}, err
	}
	shift, found, err := d.duty.OnDuty(tx, r.Unit, tx.Now())
	if err != nil {
		return SpotCheck{}, err
	}
	if !found {
		return SpotCheck{}, reminders.Fail(reminders.NotFound, op, "spot.nobody", reminders.Args{"Unit": reminders.UnitName(r.Unit)})
	}
	s := SpotCheck{
		Unit: r.Unit, Block: shift.Block, State: SpotWaiting, Reason: SpotManual,
		Moment: tx.Now(), By: r.By, Why: r.Why, Override: r.Override,
	}
	if s.Block == "" {
		s.Block = shift.Start.In(d.duty.zone()).Format(dayLayout)
	}
	if err := d.number(tx, &s); err != nil {
		return SpotCheck{}, err
	}
	if err := d.open(tx, s, shift, d.Rules, tx.Now()); err != nil {
		return SpotCheck{}, err
	}
	attrs := map[string]string{"why": r.Why, "officer": string(shift.Responsible())}
	if r.Override != "" {
		attrs["override"] = r.Override
	}
	if err := d.note(tx, ledger.Expected, s, string(r.By), SpotManual, attrs); err != nil {
		return SpotCheck{}, err
	}
	s, _, err = d.Store.SpotCheck(tx, s.Handle())
	return s, err
}

// mayAsk checks who asks, and that there is a reason.
func (d *SpotDesk) mayAsk(tx reminders.Tx, r SpotRequest) error {
	const op = "duty.spot_ask"
	member, found, err := d.duty.Register.Member(tx, r.By)
	switch {
	case err != nil:
		return err
	case !found || !member.Active || !member.Roles.Has(reminders.Staff),
		r.Override != "" && !member.Roles.Has(reminders.Head):
		return reminders.Fail(reminders.Denied, op, "spot.denied", nil)
	case r.Why == "":
		return reminders.Fail(reminders.Invalid, op, "spot.why", nil)
	}
	return nil
}

// number gives a check by hand its number, from 2 on, whether or not one is drawn: the
// number tells nothing. It refuses one over the limit.
func (d *SpotDesk) number(tx reminders.Tx, s *SpotCheck) error {
	checks, err := d.Store.SpotChecksOf(tx, s.Unit, s.Block)
	if err != nil {
		return err
	}
	s.Number = 2
	had := 0
	for _, c := range checks {
		s.Number = max(s.Number, c.Number+1)
		if c.Counts() {
			had++
		}
	}
	if had >= d.Rules.Limit && s.Override == "" {
		return reminders.Fail(reminders.Closed, "duty.spot_ask", "spot.limit", reminders.Args{
			"Unit": reminders.UnitName(s.Unit), "Count": reminders.Number(had),
		})
	}
	return nil
}
