package duty_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/qingfeng-bot/qingfeng/content"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
)

// people is the register of the world, and who is on leave.
type people struct {
	members map[reminders.PersonID]duty.Member
	units   []reminders.Unit
	away    map[reminders.PersonID][]reminders.Window
}

func (p *people) Member(_ reminders.Tx, id reminders.PersonID) (duty.Member, bool, error) {
	m, found := p.members[id]
	return m, found, nil
}

func (p *people) Members(_ reminders.Tx, unit reminders.UnitID) ([]duty.Member, error) {
	return p.those(func(m duty.Member) bool { return m.Unit == unit && m.Active }), nil
}

func (p *people) Office(reminders.Tx) ([]duty.Member, error) {
	return p.those(func(m duty.Member) bool { return m.Active && m.Roles.Has(reminders.Staff) }), nil
}

func (p *people) AllUnits(reminders.Tx) ([]reminders.Unit, error) { return p.units, nil }

func (p *people) InUnit(_ reminders.Tx, unit reminders.UnitID, role reminders.Role) ([]reminders.PersonID, error) {
	var found []reminders.PersonID
	for _, m := range p.those(func(m duty.Member) bool { return m.Unit == unit && m.Active && m.Roles.Has(role) }) {
		found = append(found, m.ID)
	}
	return found, nil
}

func (p *people) OnLeave(_ reminders.Tx, id reminders.PersonID, w reminders.Window) (bool, error) {
	return slices.ContainsFunc(p.away[id], w.Overlaps), nil
}

func (p *people) those(f func(duty.Member) bool) []duty.Member {
	var found []duty.Member
	for _, m := range p.members {
		if f(m) {
			found = append(found, m)
		}
	}
	slices.SortFunc(found, func(a, b duty.Member) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return found
}

// add puts somebody into the register.
func (p *people) add(id reminders.PersonID, name string, unit reminders.UnitID, roles ...reminders.Role) {
	p.members[id] = duty.Member{
		Person: reminders.Person{ID: id, Name: name, Unit: unit, Roles: roles}, Active: true, Reachable: true,
	}
}

// newPeople is the office of the tests: the harbour and the market keep a roster, both
// below the city; the conduct office has two people.
func newPeople() *people {
	p := &people{members: map[reminders.PersonID]duty.Member{}, away: map[reminders.PersonID][]reminders.Window{}}
	p.units = []reminders.Unit{
		{ID: "city", Name: "云溪市"},
		{ID: "harbour", Name: "港务局", Parent: "city", Duty: true},
		{ID: "market", Name: "市场局", Parent: "city", Duty: true},
		{ID: "conduct", Name: "党风室", Parent: "city"},
	}
	p.add("H1", "甲一", "harbour")
	p.add("H2", "甲二", "harbour")
	p.add("H3", "甲三", "harbour")
	p.add("H4", "甲四", "harbour", reminders.Liaison)
	p.add("H5", "甲五", "harbour", reminders.Leader)
	p.add("M1", "乙一", "market")
	p.add("M2", "乙二", "market")
	p.add("M3", "乙三", "market", reminders.Liaison)
	p.add("C1", "丙一", "city", reminders.Leader)
	p.add("S1", "丁一", "conduct", reminders.Staff)
	p.add("S2", "丁二", "conduct", reminders.Staff)
	return p
}

// shipped is the calendar of the shipped arrangement of 2026.
var shipped = sync.OnceValues(func() (*calendar.Calendar, error) {
	texts, err := content.Load(nil)
	if err != nil {
		return nil, err
	}
	file, err := texts.File("calendars/2026.json")
	if err != nil {
		return nil, err
	}
	arrangements, err := calendar.ParseBuiltin(file)
	if err != nil {
		return nil, err
	}
	return calendar.New(place, arrangements...)
})

func officeCalendar(t testing.TB) *calendar.Calendar {
	t.Helper()
	cal, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	return cal
}
