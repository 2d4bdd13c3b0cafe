package notice

import (
	"fmt"
	"strconv"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// chunk is how many people one unit of work expands a notice to, small enough
// that taps are answered in between.
const chunk = 20

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
	if n.Expects == ExpectPerUnit {
		err = d.toUnits(tx, &n)
	} else {
		err = d.toPeople(tx, &n)
	}
	if err != nil {
		return err
	}
	if err := d.Store.SaveNotice(tx, n); err != nil || n.State != Published {
		return err
	}
	return d.Ledger.Append(tx, ledger.Entry{
		Actor: ledger.System, Verb: ledger.Published, Object: n.ID, Reason: string(n.Kind),
		Attrs: map[string]string{"copies": strconv.Itoa(n.Copies)},
	})
}

// toPeople expands the notice to the next people of the register.
func (d *Desk) toPeople(tx reminders.Tx, n *Notice) error {
	people, err := d.Register.PeopleAfter(tx, reminders.PersonID(n.Cursor), chunk)
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
			asks = []reminders.Ask{{Terms: n.ID, Person: p.ID, Unit: p.Unit}}
		}
		if err := d.send(tx, n, p.ID, d.capacity(*n, p), asks); err != nil {
			return err
		}
	}
	if len(people) < chunk {
		n.State = Published
	}
	return d.expect(tx, *n, owners)
}

// toUnits expands the notice to the next units: each owes one answer, given by
// one of its liaisons; its leaders receive a copy that asks for nothing.
func (d *Desk) toUnits(tx reminders.Tx, n *Notice) error {
	units, err := d.Register.Units(tx)
	if err != nil {
		return err
	}
	var owners []obligation.Owner
	for _, unit := range units {
		if string(unit.ID) <= n.Cursor {
			continue
		}
		if len(owners) == chunk {
			return d.expect(tx, *n, owners)
		}
		n.Cursor = string(unit.ID)
		owners = append(owners, obligation.Owner{Unit: unit.ID})
		for _, role := range n.Audience.Roles {
			if err := d.toRole(tx, n, unit.ID, role); err != nil {
				return err
			}
		}
	}
	n.State = Published
	return d.expect(tx, *n, owners)
}

// toRole sends the copies of one unit to its people in one role.
func (d *Desk) toRole(tx reminders.Tx, n *Notice, unit reminders.UnitID, role reminders.Role) error {
	people, err := d.Register.InUnit(tx, unit, role)
	if err != nil {
		return err
	}
	var asks []reminders.Ask
	if role == reminders.Liaison {
		asks = []reminders.Ask{{Terms: n.ID, Unit: unit}}
	}
	for _, person := range people {
		if err := d.send(tx, n, person, role, asks); err != nil {
			return err
		}
	}
	return nil
}

// send puts one copy of the notice into the outbox.
func (d *Desk) send(tx reminders.Tx, n *Notice, person reminders.PersonID, as reminders.Role, asks []reminders.Ask) error {
	key := fmt.Sprintf("%s/%s", n.ID, person)
	if len(asks) > 0 && asks[0].Person == "" {
		key = fmt.Sprintf("%s/%s/%s", n.ID, asks[0].Unit, person)
	}
	n.Copies++
	return d.Outbox.Enqueue(tx, reminders.Delivery{
		Key: reminders.DeliveryKey(key), Kind: string(n.Kind), Act: reminders.ActSend, Person: person,
		Lane: reminders.LaneBroadcast, Block: n.Block, As: as, Reason: "first-send",
		CreatedAt: tx.Now(), NotBefore: n.At, Until: n.Until,
		Lines: []reminders.Message{reminders.Copy(n.ID)}, Asks: asks,
	})
}

// expect opens the obligations of a chunk.
func (d *Desk) expect(tx reminders.Tx, n Notice, owners []obligation.Owner) error {
	if n.Terms == nil || len(owners) == 0 {
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
