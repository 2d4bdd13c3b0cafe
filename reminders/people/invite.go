package people

import (
	"context"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// Invite makes a one-time code that binds a chat to a person. It replaces an
// earlier one. A ttl of zero means InvitationTTL. It fails with NotFound for an
// unknown and with Closed for a retired person.
func (d *Desk) Invite(tx reminders.Tx, person reminders.PersonID, ttl time.Duration, actor string) (string, error) {
	r, err := d.find(tx, "people.invite", person)
	if err != nil {
		return "", err
	}
	if !r.Enrolled() {
		return "", reminders.Fail(reminders.Closed, "people.invite", "people.not_enrolled", nil)
	}
	return d.issue(tx, ForPerson, person, orElse(ttl, InvitationTTL), actor)
}

// InviteAdmin makes a one-time code for the first admin, or for one more after
// all were lost. It replaces an earlier one. A ttl of zero means AdminTTL.
func (d *Desk) InviteAdmin(tx reminders.Tx, ttl time.Duration, actor string) (string, error) {
	return d.issue(tx, ForAdmin, Placeholder, orElse(ttl, AdminTTL), actor)
}

func orElse(ttl, fallback time.Duration) time.Duration {
	if ttl == 0 {
		return fallback
	}
	return ttl
}

// issue stores a new invitation and ends the one before it.
func (d *Desk) issue(tx reminders.Tx, kind InvitationKind, person reminders.PersonID, ttl time.Duration, actor string) (string, error) {
	if ttl < 0 {
		return "", reminders.Fail(reminders.Invalid, "people.invite", "people.ttl_wrong", nil)
	}
	if err := d.endInvitation(tx, person); err != nil {
		return "", err
	}
	now := tx.Now()
	code := d.newCode()
	invitation := Invitation{Hash: hashOf(code), Kind: kind, Person: person, CreatedAt: now, ExpiresAt: now.Add(ttl)}
	if err := d.store.SaveInvitation(tx, invitation); err != nil {
		return "", err
	}
	return code, d.note(tx, ledger.Invited, string(person), string(kind), actor)
}

// endInvitation ends the code that a person may still hold.
func (d *Desk) endInvitation(tx reminders.Tx, person reminders.PersonID) error {
	earlier, found, err := d.store.LatestInvitation(tx, person)
	if err != nil || !found || !earlier.UsedAt.IsZero() || !earlier.ReplacedAt.IsZero() {
		return err
	}
	earlier.ReplacedAt = tx.Now()
	return d.store.SaveInvitation(tx, earlier)
}

// Issued is one line of a unit's sheet of invitations (邀请单).
type Issued struct {
	Person reminders.Person
	Code   string
}

// InviteUnit makes codes for the enrolled people of a unit and of all units below
// it: for those without a chat, or with all set for everybody. It works in
// units of work of its own; if it fails half-way, doing it again replaces the
// codes that nobody has seen.
func (d *Desk) InviteUnit(ctx context.Context, units reminders.Units, unit reminders.UnitID, all bool, ttl time.Duration, actor string) ([]Issued, error) {
	people, err := d.invitees(ctx, units, unit, all)
	if err != nil {
		return nil, err
	}
	sheet := make([]Issued, 0, len(people))
	for len(people) > 0 {
		batch := people[:min(chunk, len(people))]
		people = people[len(batch):]
		var issued []Issued
		err := units.Do(ctx, func(tx reminders.Tx) error {
			issued = issued[:0] // the unit of work may run again
			for _, p := range batch {
				code, err := d.Invite(tx, p.ID, ttl, actor)
				if err != nil {
					return err
				}
				issued = append(issued, Issued{Person: p, Code: code})
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		sheet = append(sheet, issued...)
	}
	return sheet, nil
}

// invitees lists who of a unit gets a code, unit by unit.
func (d *Desk) invitees(ctx context.Context, units reminders.Units, unit reminders.UnitID, all bool) ([]reminders.Person, error) {
	var people []reminders.Person
	err := units.View(ctx, func(tx reminders.Tx) error {
		people = nil
		tree, err := d.Below(tx, unit)
		if err != nil {
			return err
		}
		for _, id := range tree {
			members, err := d.Members(tx, id)
			if err != nil {
				return err
			}
			for _, r := range members {
				if all || !r.Bound() {
					people = append(people, r.Person)
				}
			}
		}
		return nil
	})
	return people, err
}
