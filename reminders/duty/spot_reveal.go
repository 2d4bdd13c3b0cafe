package duty

import (
	"cmp"
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// revealedAtOnce bounds the people whom one unit of work tells.
const revealedAtOnce = 10

// reveal publishes the secret of a block that is over, then tells staff and auditors
// with the closing summary: at 10:00 of the first workday.
func (d *SpotDesk) reveal(tx reminders.Tx, b SpotBlock, now time.Time) error {
	if b.State == DrawDone {
		return d.publish(tx, b)
	}
	readers, err := d.Readers(tx)
	if err != nil {
		return err
	}
	readers = slices.Clone(readers)
	slices.Sort(readers)
	readers = slices.DeleteFunc(slices.Compact(readers), func(p reminders.PersonID) bool { return p <= b.Told })
	if len(readers) == 0 {
		b.State = DrawRevealed
		return d.Store.SaveSpotBlock(tx, b)
	}
	for _, reader := range readers[:min(revealedAtOnce, len(readers))] {
		if err := d.tell(tx, b, reader, now); err != nil {
			return err
		}
		b.Told = reader
	}
	return d.Store.SaveSpotBlock(tx, b)
}

// publish writes the secret into the ledger.
func (d *SpotDesk) publish(tx reminders.Tx, b SpotBlock) error {
	secret, err := d.secretOf(tx, b)
	if err != nil {
		return err
	}
	b.State, b.Secret, b.RevealedAt = DrawRevealing, secret, tx.Now()
	n, err := d.drawn(tx, b)
	if err != nil {
		return err
	}
	if n == 0 {
		b.State = DrawRevealed // nothing to tell anybody
	}
	if err := d.Store.SaveSpotBlock(tx, b); err != nil {
		return err
	}
	return d.noteBlock(tx, ledger.Revealed, b, "block-over", map[string]string{
		"secret": string(secret), "commitment": b.Commitment,
	})
}

// drawn counts the checks of a block that were drawn and took place.
func (d *SpotDesk) drawn(tx reminders.Tx, b SpotBlock) (n int, err error) {
	checks, err := d.Store.SpotChecksIn(tx, b.Window)
	for _, s := range checks {
		if s.Block == b.Block && s.Number == 1 && s.Counts() {
			n++
		}
	}
	return n, err
}

// tell tells one person of the secret.
func (d *SpotDesk) tell(tx reminders.Tx, b SpotBlock, reader reminders.PersonID, now time.Time) error {
	cal := d.duty.Calendar()
	last := calendar.DateOf(b.Window.To.Add(-time.Minute), cal.Location())
	at := laterOf(now, cal.FirstWorkdayAfter(last).At(10, 0, cal.Location()))
	n, err := d.drawn(tx, b)
	if err != nil {
		return err
	}
	return d.duty.Outbox.Enqueue(tx, reminders.Delivery{
		Key:  reminders.DeliveryKey("spot/" + b.Block + "/revealed/" + string(reader)),
		Kind: "spot-check", Act: reminders.ActSend, Person: reader, Lane: reminders.LanePersonal,
		Block: b.Block, As: reminders.Staff, Reason: "spot-revealed", CreatedAt: tx.Now(), NotBefore: at,
		Lines: []reminders.Message{reminders.Line("spot.revealed", reminders.Args{
			"Block": festivalNames(b.Festivals), "Count": reminders.Number(n),
			"Commitment": reminders.Text(b.Commitment), "Secret": reminders.Text(string(b.Secret)),
		})},
	})
}

// festivalNames are the festivals of a block as an argument of a text.
func festivalNames(festivals []calendar.Festival) reminders.Value {
	if len(festivals) == 0 {
		return reminders.Say("festival.other", nil)
	}
	var names []reminders.Message
	for _, f := range festivals {
		names = append(names, reminders.Line("festival."+string(f), nil))
	}
	return reminders.Series(names...)
}

// SpotPromise is what anybody may know of the draw of a block while it lasts.
type SpotPromise struct {
	Block       string
	Commitment  string
	CommittedAt time.Time
	// From and To are the hours of the day in minutes after midnight.
	From, To int
	// Secret is empty until the block is over.
	Secret     SpotSecret
	RevealedAt time.Time
}

// Promise gives the commitment of a block and the hours in which a check may come; none
// if the calendar does not know the block yet. It shows the same whether or not a unit
// is drawn.
func (d *SpotDesk) Promise(tx reminders.Tx, block string) (SpotPromise, bool, error) {
	b, found, err := d.Store.SpotBlock(tx, block)
	return SpotPromise{
		Block: b.Block, Commitment: b.Commitment, CommittedAt: b.CommittedAt,
		From: b.Rules.From, To: b.Rules.To, Secret: b.Secret, RevealedAt: b.RevealedAt,
	}, found, err
}

// Seen lists the checks of a unit in a block that took place so far, for boards.
func (d *SpotDesk) Seen(tx reminders.Tx, unit reminders.UnitID, block string) ([]SpotCheck, error) {
	checks, err := d.Store.SpotChecksOf(tx, unit, block)
	return slices.DeleteFunc(checks, func(s SpotCheck) bool { return !s.Counts() }), err
}

// Published lists the checks with their moments in the window, dropped ones too, for
// exports: those of blocks that are over, and those outside of any block that are done.
func (d *SpotDesk) Published(tx reminders.Tx, w reminders.Window) ([]SpotCheck, error) {
	checks, err := d.Store.SpotChecksIn(tx, w)
	if err != nil {
		return nil, err
	}
	over := map[string]bool{}
	for _, s := range checks {
		if _, known := over[s.Block]; known || isDay(s.Block) {
			continue
		}
		b, found, err := d.Store.SpotBlock(tx, s.Block)
		if err != nil {
			return nil, err
		}
		over[s.Block] = found && !b.RevealedAt.IsZero()
	}
	return slices.DeleteFunc(checks, func(s SpotCheck) bool {
		return s.State != SpotDone && s.State != SpotDropped || !over[s.Block] && !isDay(s.Block)
	}), nil
}

// SpotCount is how many checks somebody had.
type SpotCount struct {
	Unit   reminders.UnitID
	Person reminders.PersonID // empty in the counts of units
	Drawn  int
	Manual int
}

// Count counts the checks that took place in the window, by unit and by the officer who
// was asked, for looking at fairness. Both lists are in the order of names: they are no
// ranking.
func (d *SpotDesk) Count(tx reminders.Tx, w reminders.Window) (units, people []SpotCount, err error) {
	checks, err := d.Store.SpotChecksIn(tx, w)
	if err != nil {
		return nil, nil, err
	}
	for _, s := range checks {
		if s.Counts() {
			units = counted(units, SpotCount{Unit: s.Unit}, s)
			people = counted(people, SpotCount{Unit: s.Unit, Person: s.Officer}, s)
		}
	}
	return units, people, nil
}

// counted adds a check to a list that is in order.
func counted(list []SpotCount, of SpotCount, s SpotCheck) []SpotCount {
	i, found := slices.BinarySearchFunc(list, of, func(a, b SpotCount) int {
		return cmp.Or(cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Person, b.Person))
	})
	if !found {
		list = slices.Insert(list, i, of)
	}
	if s.Reason == SpotManual {
		list[i].Manual++
	} else {
		list[i].Drawn++
	}
	return list
}
