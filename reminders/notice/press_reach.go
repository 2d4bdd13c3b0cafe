package notice

import (
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Reach is whom an audience reaches (覆盖范围).
type Reach struct {
	People      int // that belong to it
	Units       int // to which they belong
	Groups      int // of those units that are told in their group chat
	Unreachable int // of the people: no message arrives
}

// Reach counts whom an audience reaches. It reads the whole register: call it in a view.
func (p *Press) Reach(tx reminders.Tx, audience reminders.Audience) (r Reach, err error) {
	units := map[reminders.UnitID]bool{}
	err = p.each(tx, audience, func(person reminders.Person) error {
		r.People++
		units[person.Unit] = true
		reached, err := p.Reachable(tx, person.ID)
		if !reached {
			r.Unreachable++
		}
		return err
	})
	r.Units = len(units)
	if err != nil || !audience.Groups || p.Grouped == nil {
		return r, err
	}
	for unit := range units {
		grouped, err := p.Grouped(tx, unit)
		if err != nil {
			return r, err
		}
		if grouped {
			r.Groups++
		}
	}
	return r, nil
}

// each gives the people of an audience to f, in order of their ids.
func (p *Press) each(tx reminders.Tx, audience reminders.Audience, f func(reminders.Person) error) error {
	for after := reminders.PersonID(""); ; {
		people, err := p.Desk.Register.PeopleAfter(tx, after, readAtOnce)
		if err != nil {
			return err
		}
		for _, person := range people {
			if after = person.ID; !audience.Includes(person) {
				continue
			}
			if err := f(person); err != nil {
				return err
			}
		}
		if len(people) < readAtOnce {
			return nil
		}
	}
}

// Extent is when a publication goes, and how long sending it takes.
type Extent struct {
	Begins, Ends time.Time
	Takes        time.Duration
}

// Extent estimates the sending of a publication as it stands: from the instant wanted
// for it, or from now, once nobody is disturbed. It reads the whole register.
func (p *Press) Extent(tx reminders.Tx, of Publication) (Extent, error) {
	copies, err := p.Desk.readers(tx, of.Readers())
	if err != nil {
		return Extent{}, err
	}
	begins := p.begins(of, tx.Now())
	takes, ends := Estimate(p.Desk.Programme.Quiet, p.Desk.Calendar(), copies, p.Desk.Rate, begins)
	if of.Urgent != "" {
		ends = begins.Add(takes)
	}
	return Extent{Begins: begins, Ends: ends, Takes: takes}, nil
}

// begins is when sending begins: at the instant wanted or as soon after as nobody is
// disturbed; what is urgent waits for no hour.
func (p *Press) begins(of Publication, now time.Time) time.Time {
	wanted := latest(of.Wanted, now)
	if of.Urgent != "" {
		return wanted
	}
	at, _ := p.Desk.Programme.Quiet.NextAllowed(p.Desk.Calendar(), wanted, time.Time{})
	return at
}

// PromptsPerQuarter is how many work prompts and case guidances the office sends in a
// quarter (R11 of the rules behind the product: at most six prompts per quarter; what
// exceeds it needs a reason that the monthly summary names).
const PromptsPerQuarter = 6

// promptsLookedAt is how many publications are looked through for the prompts of a
// quarter: many times what an office publishes in one.
const promptsLookedAt = 1000

// Prompts counts the work prompts and case guidances that were approved in this quarter,
// whatever became of them, and gives how many there may be.
func (p *Press) Prompts(tx reminders.Tx) (used, limit int, err error) {
	recent, err := p.Store.RecentPublications(tx, promptsLookedAt)
	if err != nil {
		return 0, 0, err
	}
	this := p.quarter(tx.Now())
	for _, of := range recent {
		if of.Kind.numbered() && of.Number != "" && p.quarter(of.Decision.At) == this {
			used++
		}
	}
	return used, PromptsPerQuarter, nil
}

// quarter names the quarter of an instant.
func (p *Press) quarter(t time.Time) string { return nameOfQuarter(t, p.Desk.Calendar().Location()) }
