package main

import (
	"strings"
	"testing"
)

// A closing report that nobody files stands in the digest while it is open, and once more
// as missed after its closing; then the digest is silent again.
func TestDigestNamesMissingClosingReports(t *testing.T) {
	play(t, "2026-09-28T09:30:00+08:00", func(s *scene) {
		s.enrol(watched)
		s.dutyUnits("样例局")
		s.sends("L1", "roster.csv", weekFile)
		s.tap("L1", "报送")
		s.until("2026-10-12 09:30") // asked on the 10th, due that evening
		s.reads("S1", "10月1日至10月7日节后总结（10月10日 18:00）：还有 1 项")
		s.until("2026-10-16 12:00") // the last workday on which it is open
		s.reads("S1", "10月1日至10月7日节后总结（10月10日 18:00）：还有 1 项")
		s.until("2026-10-19 12:00") // closed on the 16th, a Friday
		s.reads("S1", "10月1日至10月7日节后总结（10月10日 18:00）：1 项到期未报")
		s.until("2026-10-21 12:00")
		for _, m := range s.phone("S1").Messages() {
			if strings.HasPrefix(m.Date.In(s.loc).Format("01-02"), "10-2") && strings.Contains(m.Text, "节后总结") {
				t.Errorf("again on %s:\n%s", m.Date, m.Text)
			}
		}
		s.balanced()
	})
}
