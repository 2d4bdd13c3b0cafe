package people_test

import (
	"errors"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// TestStoreFails: whichever call of the store fails, the operation fails with it,
// so that the unit of work is not committed by half.
func TestStoreFails(t *testing.T) {
	o := newOffice().enrol(bound(person("S001", "甲局", reminders.Admin), 1), bound(person("S002", "甲局", reminders.Admin), 2), person("S003", "甲局"))
	o.state.units[people.UnitIDOf("甲局")] = reminders.Unit{ID: people.UnitIDOf("甲局"), Name: "甲局"}
	code, admin := o.invite(t, "S003"), o.inviteAdmin(t)
	list := read(t, o, "工号,姓名,单位\nS003,改名,乙局\nS009,新人,丙局\n")
	operations := map[string]func(tx reminders.Tx) error{
		"bind":         func(tx reminders.Tx) error { _, err := o.Bind(tx, code, 3, ""); return err },
		"bind wrong":   func(tx reminders.Tx) error { _, err := o.Bind(tx, "x", 3, ""); return err },
		"bind admin":   func(tx reminders.Tx) error { _, err := o.Bind(tx, admin, 3, ""); return err },
		"invite":       func(tx reminders.Tx) error { _, err := o.Invite(tx, "S003", 0, "S001"); return err },
		"retire":       func(tx reminders.Tx) error { _, err := o.Retire(tx, "S002", "", "S001"); return err },
		"unreachable":  func(tx reminders.Tx) error { _, err := o.MarkUnreachable(tx, "S001", people.Blocked); return err },
		"language":     func(tx reminders.Tx) error { return o.SetLanguage(tx, "S001", reminders.English) },
		"topic":        func(tx reminders.Tx) error { return o.LeaveTopic(tx, "S001", "theme") },
		"liaisons":     func(tx reminders.Tx) error { _, err := o.Liaisons(tx, people.UnitIDOf("甲局")); return err },
		"below":        func(tx reminders.Tx) error { _, err := o.Below(tx, people.UnitIDOf("甲局")); return err },
		"unreachables": func(tx reminders.Tx) error { _, err := o.Unreachables(tx); return err },
		"preview":      func(tx reminders.Tx) error { _, err := o.Preview(tx, list); return err },
	}
	for name, operation := range operations {
		t.Run(name, func(t *testing.T) {
			for n := 1; ; n++ {
				tx := &fakeTx{state: o.state.clone(), now: start, failAt: n}
				err := operation(tx)
				if tx.calls < n {
					if err != nil || n == 1 {
						t.Errorf("after %d calls: %v", n-1, err)
					}
					return
				}
				if !errors.Is(err, errStore) {
					t.Fatalf("call %d failed and the operation said %v", n, err)
				}
			}
		})
	}
}
