package theme

import (
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Gap is one thing that keeps a theme from being closed (缺口): a unit that was neither
// checked nor marked as not checked, or a finding without an outcome.
type Gap struct {
	Unit    reminders.UnitID
	Finding int // zero for a unit without a check
	State   FindingState
}

// Gaps lists what keeps a theme from being closed, units first, in order. None means that
// the loop is closed.
func Gaps(t Theme, checks []Check, findings []Finding) []Gap {
	var gaps []Gap
	for _, unit := range t.Units {
		if !slices.ContainsFunc(checks, func(c Check) bool { return c.Unit == unit }) {
			gaps = append(gaps, Gap{Unit: unit})
		}
	}
	for _, f := range findings {
		if !f.State.Final() {
			gaps = append(gaps, Gap{Unit: f.Unit, Finding: f.Number, State: f.State})
		}
	}
	return gaps
}

// Say is the gap in words.
func (g Gap) Say() reminders.Message {
	unit := reminders.UnitName(g.Unit)
	if g.Finding == 0 {
		return reminders.Line("theme.gap.unit", reminders.Args{"Unit": unit})
	}
	return reminders.Line("theme.gap.finding", reminders.Args{
		"Number": reminders.Number(g.Finding), "Unit": unit, "State": reminders.Say("theme.finding."+string(g.State), nil),
	})
}
