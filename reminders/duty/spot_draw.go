package duty

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

const (
	// committedAhead is how many days before its first a block gets its commitment: as soon as
	// the calendar knows it, so that no roster of it can have been filed before.
	committedAhead = 400
	// drawnAtOnce bounds the checks that one unit of work writes down.
	drawnAtOnce = 10
)

// commit makes the secret of one coming block that has none, or follows a block that has
// moved, and reports whether it did.
func (d *SpotDesk) commit(tx reminders.Tx, cal *calendar.Calendar, today calendar.Date) (bool, error) {
	for _, block := range cal.Blocks(today.AddDays(1), today.AddDays(committedAhead)) {
		b, found, err := d.Store.SpotBlock(tx, block.ID)
		switch window := daysOf(block, cal.Location()); {
		case err != nil:
			return false, err
		case !found:
			return true, d.promise(tx, block, window)
		case b.State == DrawCommitted && !(b.Window.From.Equal(window.From) && b.Window.To.Equal(window.To)):
			return true, d.follow(tx, b, window)
		}
	}
	return false, nil
}

// daysOf is the time of a block, from the first instant of its first day.
func daysOf(block calendar.Block, loc *time.Location) reminders.Window {
	return reminders.Window{From: block.First.At(0, 0, loc), To: block.Last.AddDays(1).At(0, 0, loc)}
}

// promise makes the secret of a block and publishes its hash together with the rules of
// the draw.
func (d *SpotDesk) promise(tx reminders.Tx, block calendar.Block, window reminders.Window) error {
	secret := d.Secret()
	b := SpotBlock{
		Block: block.ID, Festivals: block.Festivals, Window: window, Rules: d.Rules,
		State: DrawCommitted, Commitment: secret.Commitment(), CommittedAt: tx.Now(),
	}
	if err := d.Store.SaveSpotSecret(tx, b.Block, secret); err != nil {
		return err
	}
	if err := d.Store.SaveSpotBlock(tx, b); err != nil {
		return err
	}
	return d.noteBlock(tx, ledger.Committed, b, "before-rosters", map[string]string{
		"commitment": b.Commitment, "from": clockText(b.Rules.From), "to": clockText(b.Rules.To), "units": itoa(b.Rules.Units),
		"answer": b.Rules.Answer.String(),
	})
}

// clockText writes minutes after midnight as 09:00.
func clockText(minutes int) string {
	return time.Time{}.Add(time.Duration(minutes) * time.Minute).Format("15:04")
}

// follow moves a draw that has not begun to the new days of its block.
func (d *SpotDesk) follow(tx reminders.Tx, b SpotBlock, window reminders.Window) error {
	b.Window = window
	if err := d.Store.SaveSpotBlock(tx, b); err != nil {
		return err
	}
	return d.noteBlock(tx, ledger.Redated, b, "block-moved", nil)
}

// draw takes the next step of a draw: choosing the units, writing their checks down,
// revealing the secret.
func (d *SpotDesk) draw(tx reminders.Tx, block string, now time.Time) error {
	b, found, err := d.Store.SpotBlock(tx, block)
	if err != nil {
		return err
	}
	if !found {
		return reminders.Internalf("duty.spot", "the draw of %s is due and does not exist", block)
	}
	switch b.State {
	case DrawCommitted:
		return d.begin(tx, b)
	case DrawRunning:
		return d.write(tx, b)
	default:
		return d.reveal(tx, b, now)
	}
}

// begin chooses the units at the start of the block. A block that is not what the
// calendar says now follows it first; one whose days nobody has confirmed gets no draw.
func (d *SpotDesk) begin(tx reminders.Tx, b SpotBlock) error {
	cal := d.duty.Calendar()
	first := calendar.DateOf(b.Window.From, cal.Location())
	near := cal.Blocks(first.AddDays(-committedAhead/2), first.AddDays(committedAhead/2))
	i := slices.IndexFunc(near, func(c calendar.Block) bool { return c.ID == b.Block })
	switch {
	case i < 0 || near[i].Provisional && !near[i].Confirmed:
		b.State, b.Reason = DrawDone, SpotProvisional
		if err := d.Store.SaveSpotBlock(tx, b); err != nil {
			return err
		}
		return d.noteBlock(tx, ledger.Skipped, b, b.Reason, nil)
	case !daysOf(near[i], cal.Location()).From.Equal(b.Window.From):
		return d.follow(tx, b, daysOf(near[i], cal.Location()))
	}
	secret, err := d.secretOf(tx, b)
	if err != nil {
		return err
	}
	if b.Chosen, err = d.choose(tx, b.Rules.Units, secret); err != nil {
		return err
	}
	b.State, b.Drawn = DrawRunning, len(b.Chosen)
	if err := d.Store.SaveSpotBlock(tx, b); err != nil {
		return err
	}
	return d.noteBlock(tx, ledger.Drawn, b, "block-begins", map[string]string{"units": itoa(b.Drawn)})
}

// secretOf gives the secret of a block.
func (d *SpotDesk) secretOf(tx reminders.Tx, b SpotBlock) (SpotSecret, error) {
	secret, found, err := d.Store.SpotSecret(tx, b.Block)
	if err == nil && (!found || secret.Commitment() != b.Commitment) {
		err = reminders.Internalf("duty.spot", "the secret of %s is not the one committed to", b.Block)
	}
	return secret, err
}

// choose draws so many units of those that keep a roster, or all for 0: first those
// whose last check is longest ago, equals by the SHA-256 of "SECRET UNIT".
func (d *SpotDesk) choose(tx reminders.Tx, so int, secret SpotSecret) ([]reminders.UnitID, error) {
	units, err := d.duty.Register.AllUnits(tx)
	if err != nil {
		return nil, err
	}
	var lots []lot
	for _, u := range units {
		if !u.Duty {
			continue
		}
		last, _, err := d.Store.LastSpot(tx, u.ID)
		if err != nil {
			return nil, err
		}
		lots = append(lots, lot{u.ID, last.At, reminders.HashText(string(secret) + " " + string(u.ID))})
	}
	return drawLots(lots, so), nil
}

// lot is a unit in the draw.
type lot struct {
	unit reminders.UnitID
	last time.Time
	tie  string
}

// drawLots chooses so many units, all for 0, and gives them in the order of their names.
func drawLots(lots []lot, so int) []reminders.UnitID {
	slices.SortFunc(lots, func(a, b lot) int { return cmp.Or(a.last.Compare(b.last), strings.Compare(a.tie, b.tie)) })
	if so > 0 && so < len(lots) {
		lots = lots[:so]
	}
	var chosen []reminders.UnitID
	for _, l := range lots {
		chosen = append(chosen, l.unit)
	}
	slices.Sort(chosen)
	return chosen
}

// write writes the checks of the next units down.
func (d *SpotDesk) write(tx reminders.Tx, b SpotBlock) error {
	secret, err := d.secretOf(tx, b)
	if err != nil {
		return err
	}
	n := min(drawnAtOnce, len(b.Chosen))
	for _, unit := range b.Chosen[:n] {
		if err := d.plan(tx, b, unit, secret); err != nil {
			return err
		}
	}
	if b.Chosen = b.Chosen[n:]; len(b.Chosen) == 0 {
		b.State = DrawDone
	}
	return d.Store.SaveSpotBlock(tx, b)
}

// plan derives the moment of one unit's check from the roster that counts.
func (d *SpotDesk) plan(tx reminders.Tx, b SpotBlock, unit reminders.UnitID, secret SpotSecret) error {
	roster, found, err := d.counts(tx, b, unit)
	if err != nil {
		return err
	}
	shifts, err := shiftsIn(roster.Text)
	if err != nil {
		return err
	}
	last, _, err := d.Store.LastSpot(tx, unit)
	if err != nil {
		return err
	}
	loc := d.duty.zone()
	days := reminders.Window{From: b.Window.From.In(loc), To: b.Window.To.In(loc)}
	window := spotWindow(shifts, days, b.Rules, last.Officer)
	s := SpotCheck{
		Unit: unit, Block: b.Block, Number: 1, State: SpotWaiting, Reason: SpotDrawn,
		Moment: b.Window.From, Roster: roster.Hash, Window: window.String(),
	}
	switch {
	case found && roster.FiledAt.Before(b.CommittedAt):
		return d.drop(tx, s, SpotUnproved)
	case window.Minutes() == 0:
		return d.drop(tx, s, SpotNoWindow)
	}
	if s.Moment, err = spotMoment(secret, s.Roster, window); err != nil {
		return err
	}
	return d.Store.SaveSpotCheck(tx, s)
}

// counts gives the roster of a unit that counts for the draw: the one in force before the
// first instant of the block, and that without shifts if there was none.
func (d *SpotDesk) counts(tx reminders.Tx, b SpotBlock, unit reminders.UnitID) (Roster, bool, error) {
	versions, err := d.duty.Rosters(tx, unit, b.Block)
	if err != nil {
		return Roster{}, false, err
	}
	for _, r := range slices.Backward(versions) {
		if r.FiledAt.Before(b.Window.From) {
			return r, true, nil
		}
	}
	text := Canonical(unit, b.Block, nil)
	return Roster{Unit: unit, Block: b.Block, Text: text, Hash: reminders.HashText(text)}, false, nil
}

// drop gives a check up, for a reason.
func (d *SpotDesk) drop(tx reminders.Tx, s SpotCheck, why string) error {
	s.State, s.Reason = SpotDropped, why
	if err := d.Store.SaveSpotCheck(tx, s); err != nil {
		return err
	}
	return d.note(tx, ledger.Skipped, s, ledger.System, why, map[string]string{"roster": s.Roster, "window": s.Window})
}

// shiftsIn reads times and officers back from the canonical text of a roster.
func shiftsIn(text string) ([]Shift, error) {
	const op = "duty.spot_roster"
	var shifts []Shift
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for _, line := range lines[1:] {
		fields := strings.Fields(line)
		if len(fields) != 5 {
			return nil, reminders.Internalf(op, "a line of %d fields", len(fields))
		}
		start, err := time.Parse(time.RFC3339, fields[0])
		if err != nil {
			return nil, reminders.Wrap(op, err)
		}
		end, err := time.Parse(time.RFC3339, fields[1])
		if err != nil {
			return nil, reminders.Wrap(op, err)
		}
		shifts = append(shifts, Shift{Start: start, End: end, Officer: reminders.PersonID(fields[2])})
	}
	return shifts, nil
}
