package main

import (
	"strings"
	"testing"
)

// Who leaves the register leaves gaps in the roster: the admin sees how many, the liaison
// of the unit hears which, in office hours, and the shifts stay until somebody is found.
func TestOfficerLeavesTheRegister(t *testing.T) {
	play(t, "2026-09-17T09:00:00+08:00", func(s *scene) {
		s.enrol(watched)
		s.dutyUnits("样例局")
		s.until("2026-09-21 10:00")
		s.sends("L1", "roster.csv", weekFile)
		s.tap("L1", "报送")
		s.until("2026-09-23 10:00")
		s.types("A1", "/people P1")
		s.tap("A1", "办理离岗")
		s.tap("A1", "确认离岗")
		s.reads("A1", "其后还有 3 个班次需要换人")
		s.until("2026-09-24 12:00")
		told := 0
		for _, m := range s.phone("L1").Messages() {
			if m.FromBot && strings.Contains(m.Text, "〔值班缺口〕样例局") {
				told++
				if !strings.Contains(m.Text, "方样张已离岗") || strings.Count(m.Text, "值班员") != 3 {
					t.Errorf("L1 reads\n%s", m.Text)
				}
			}
		}
		if told != 1 {
			t.Errorf("L1 hears of the gaps %d times", told)
		}
		s.types("S2", "/roster")
		s.tap("S2", "看国庆")
		s.reads("S2", "方样张已离岗")
		s.balanced()
	})
}
