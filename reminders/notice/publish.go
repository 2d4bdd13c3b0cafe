package notice

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// What a copy of a notice writes at most: the delivery with its places before and
// after, the person's diary or a receipt, the row of one that was merged, the line and
// its place among its owner's; and what a chunk writes besides: the notice with its
// places, the terms with theirs, an entry.
const (
	recordsOfCopy  = 8
	recordsOfChunk = 16
)

// ReasonUrgent is why a copy goes at any hour and beside every budget: whoever published
// it gave a reason, which the ledger and the summary of the month name.
const ReasonUrgent = "urgent"

// chunk is how many people one unit of work expands a notice to: as many as fit, since
// each commit waits for the disk, and few enough that taps are answered in between.
func (d *Desk) chunk() int { return max(1, (d.MaxUnit-recordsOfChunk)/recordsOfCopy) }

// publish expands a notice one chunk further. Deliveries and obligations have
// deterministic keys and the cursor moves with them, so a crash repeats nothing.
func (d *Desk) publish(tx reminders.Tx, id string) error {
	n, found, err := d.Store.Notice(tx, id)
	if err != nil {
		return err
	}
	if !found {
		return reminders.Internalf("notice.publish", "notice %s is listed and does not exist", id)
	}
	if halt, _, err := d.haltOf(tx, id); err != nil {
		return err
	} else if halt.Stop && n.Ended == nil {
		n.end(halt)
		return d.Store.SaveNotice(tx, n)
	}
	if n.Expects == ExpectPerUnit {
		err = d.toUnits(tx, &n)
	} else {
		err = d.toPeople(tx, &n)
	}
	if err != nil {
		return err
	}
	if n.State == Published && n.Ended != nil {
		n.State = Stopped
	}
	if err := d.Store.SaveNotice(tx, n); err != nil || n.State != Published || n.Moved != "" {
		return err
	}
	return d.Ledger.Append(tx, ledger.Entry{
		Actor: ledger.System, Verb: ledger.Published, Object: n.ID, Reason: string(n.Kind),
		Attrs: map[string]string{"copies": strconv.Itoa(n.Copies)},
	})
}

// toPeople expands the notice to the next people of the register.
func (d *Desk) toPeople(tx reminders.Tx, n *Notice) error {
	people, err := d.readersAfter(tx, *n, d.chunk())
	if err != nil {
		return err
	}
	var owners []obligation.Owner
	for _, p := range people {
		n.Cursor = string(p.ID)
		if !n.Audience.Includes(p) {
			continue
		}
		owner := obligation.Owner{Person: p.ID, Unit: p.Unit}
		var asks []reminders.Ask
		if n.Expects.Obliges() {
			owners = append(owners, owner)
			asks = []reminders.Ask{{Terms: n.termsID(), Person: p.ID, Unit: p.Unit}}
		}
		told, err := d.toGroup(tx, n, p.Unit)
		if err != nil {
			return err
		}
		if told {
			continue
		}
		if err := d.send(tx, n, p.ID, d.capacity(*n, p), asks); err != nil {
			return err
		}
	}
	if len(people) < d.chunk() {
		n.State = Published
	}
	return d.expect(tx, *n, owners)
}

// toUnits expands the notice to the next units: each owes one answer, given by
// one of its liaisons; its leaders receive a copy that asks for nothing.
func (d *Desk) toUnits(tx reminders.Tx, n *Notice) error {
	room := d.chunk()
	page := room/3 + 1 // a unit has a line of its own and usually two copies
	units, err := d.Register.UnitsAfter(tx, reminders.UnitID(n.Cursor), page)
	if err != nil {
		return err
	}
	var owners []obligation.Owner
	for _, unit := range units {
		if room <= 0 {
			return d.expect(tx, *n, owners)
		}
		if !n.asks(unit.ID) {
			n.Cursor = string(unit.ID)
			continue
		}
		owners = append(owners, obligation.Owner{Unit: unit.ID})
		told, err := n.Within == 0, error(nil) // or its people are being told already
		if told {
			told, err = d.toGroup(tx, n, unit.ID)
		}
		if err != nil {
			return err
		}
		if told {
			n.Cursor, room = string(unit.ID), room-1
			continue
		}
		copies, err := d.copies(tx, *n, unit.ID)
		if err != nil {
			return err
		}
		for room--; room > 0 && n.Within < len(copies); room-- {
			c := copies[n.Within]
			if err := d.send(tx, n, c.person, c.as, c.asks); err != nil {
				return err
			}
			n.Within++
		}
		if n.Within < len(copies) {
			return d.expect(tx, *n, owners)
		}
		n.Cursor, n.Within = string(unit.ID), 0
	}
	if len(units) < page {
		n.State = Published
	}
	return d.expect(tx, *n, owners)
}

// asks reports whether the notice is for a unit: for every one that is asked to
// acknowledge, unless its audience names some.
func (n Notice) asks(unit reminders.UnitID) bool {
	return len(n.Audience.Units) == 0 || slices.Contains(n.Audience.Units, unit)
}

// termsID names what the notice expects now: a correction may have asked anew.
func (n Notice) termsID() string {
	if n.Terms == nil {
		return n.ID
	}
	return string(n.Terms.ID)
}

// unitCopy is one copy of a notice to a unit.
type unitCopy struct {
	person reminders.PersonID
	as     reminders.Role
	asks   []reminders.Ask
}

// copies lists who receives the notice for a unit: its people in the roles of the
// audience, those who answer for it first, and each person once.
func (d *Desk) copies(tx reminders.Tx, n Notice, unit reminders.UnitID) ([]unitCopy, error) {
	var all []unitCopy
	seen := map[reminders.PersonID]bool{}
	roles := slices.Clone(n.Audience.Roles)
	slices.SortStableFunc(roles, func(a, b reminders.Role) int {
		return cmp.Compare(rank(a), rank(b))
	})
	for _, role := range roles {
		people, err := d.Register.InUnit(tx, unit, role)
		if err != nil {
			return nil, err
		}
		for _, person := range people {
			if seen[person] || slices.Contains(n.Audience.Except, person) {
				continue
			}
			seen[person] = true
			c := unitCopy{person: person, as: role}
			if role == reminders.Liaison {
				c.asks = []reminders.Ask{{Terms: n.termsID(), Unit: unit}}
			}
			all = append(all, c)
		}
	}
	return all, nil
}

// rank puts those who answer for a unit before those who are told.
func rank(role reminders.Role) int {
	if role == reminders.Liaison {
		return 0
	}
	return 1
}

// send puts one copy of the notice into the outbox.
func (d *Desk) send(tx reminders.Tx, n *Notice, person reminders.PersonID, as reminders.Role, asks []reminders.Ask) error {
	key := fmt.Sprintf("%s/%s", n.ID, person)
	if len(asks) > 0 && asks[0].Person == "" {
		key = fmt.Sprintf("%s/%s/%s", n.ID, asks[0].Unit, person)
	}
	if n.Moved != "" {
		return d.Outbox.Enqueue(tx, reminders.Delivery{
			Key: reminders.DeliveryKey("moved/" + n.Moved + "/" + key), Kind: string(n.Kind), Act: reminders.ActEdit,
			Lane: reminders.LaneBroadcast, Reason: "redated", NotBefore: tx.Now(), Until: n.Until,
			Original: reminders.DeliveryKey(key),
		})
	}
	m := reminders.Delivery{
		Key: reminders.DeliveryKey(key), Kind: string(n.Kind), Act: reminders.ActSend, Person: person,
		Lane: reminders.LaneBroadcast, Block: n.Block, As: as, Reason: "first-send", Extra: n.Publication != "" || n.Kind == CasePush,
		CreatedAt: tx.Now(), NotBefore: n.At, Until: n.Until,
		Lines: []reminders.Message{reminders.Copy(n.ID)}, Files: n.Files, Asks: asks,
	}
	if n.Urgent {
		m.Lane, m.Extra, m.Reason = reminders.LaneDuty, false, ReasonUrgent
	}
	return d.sendCopy(tx, n, m)
}

// sendCopy counts a copy and puts it into the outbox; one that joins another message is
// noted, to be counted and found there. A leader of several units has one copy.
func (d *Desk) sendCopy(tx reminders.Tx, n *Notice, m reminders.Delivery) error {
	if n.Expects == ExpectPerUnit {
		_, waits, err := d.Box.Delivery(tx, m.Key)
		if err != nil || waits {
			return err
		}
		if _, dealt, err := d.Box.Receipt(tx, m.Key); err != nil || dealt {
			return err
		}
	}
	n.Copies++
	if err := d.Outbox.Enqueue(tx, m); err != nil {
		return err
	}
	sent, found, err := d.Box.Receipt(tx, m.Key)
	if err != nil || !found || sent.Result != reminders.Joined {
		return err
	}
	return d.Copies.SaveJoined(tx, m.Key, sent.JoinedTo)
}

// Join opens for somebody who came late what was already asked of everyone else
// and is still worth asking. Whoever shows them what is open shows the texts.
func (d *Desk) Join(tx reminders.Tx, p reminders.Person) error {
	recent, err := d.Store.RecentNotices(tx, recentEnough)
	if err != nil {
		return err
	}
	for _, n := range recent {
		if n.State != Published || n.Expects != ExpectPerPerson || !tx.Now().Before(n.Until) || !n.Audience.Includes(p) {
			continue
		}
		if err := d.expect(tx, n, []obligation.Owner{{Person: p.ID, Unit: p.Unit}}); err != nil {
			return err
		}
	}
	return nil
}

// expect opens the obligations of a chunk.
func (d *Desk) expect(tx reminders.Tx, n Notice, owners []obligation.Owner) error {
	if n.Terms == nil || len(owners) == 0 || n.Ended != nil {
		return nil
	}
	return d.Book.Expect(tx, *n.Terms, owners)
}

// capacity is the role in which p receives the notice: the first of its audience
// that p has.
func (d *Desk) capacity(n Notice, p reminders.Person) reminders.Role {
	for _, role := range n.Audience.Roles {
		if p.Roles.Has(role) {
			return role
		}
	}
	return reminders.Official
}
