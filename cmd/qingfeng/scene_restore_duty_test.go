package main

import "testing"

// A store restored on the eve of a block, from a backup of noon, does not tell anybody
// again of their first shift. What comes due afterwards goes out as ever.
func TestRestoreSkipsDuty(t *testing.T) {
	play(t, "2026-09-21T08:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.keepsRoster()
		s.plans(rosterOfNationalDay)
		s.until("2026-09-30 12:00")
		backup := s.copied()
		s.until("2026-09-30 19:00")
		s.reads("P1", "值班提醒")

		before := s.silence()
		s.restore(backup)
		s.types("A1", "/office")
		s.tap("A1", "不发，从现在起照常")
		s.reads("A1", "系统已恢复正常发送")
		s.until("2026-09-30 21:00")
		s.unmoved(before)

		s.until("2026-10-01 08:00")
		s.reads("P1", "接班")
		s.until("2026-10-01 16:00")
		s.reads("P1", "日报")
		s.until("2026-10-08 10:00")
		s.balanced()
	})
}

// Restored in the middle of a block, it does not ask again to take over a shift that
// began since the backup, and the book explains what was expected meanwhile.
func TestRestoreWithinBlock(t *testing.T) {
	play(t, "2026-09-21T08:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.keepsRoster()
		s.plans(rosterOfNationalDay)
		s.until("2026-09-30 20:00")
		backup := s.copied()
		s.until("2026-10-01 10:00")
		s.reads("P1", "接班")
		s.reads("B1", "接班") // nobody took over in half an hour

		before := s.silence()
		s.restore(backup)
		s.until("2026-10-01 11:00")
		s.unmoved(before)
		s.types("A1", "/office")
		s.tap("A1", "不发，从现在起照常")
		s.until("2026-10-01 12:00")
		s.unmoved(before)
		s.until("2026-10-01 13:00")
		s.reads("P1", "查岗") // drawn for this hour, and asked as usual
		s.until("2026-10-02 08:00")
		s.reads("P2", "接班")
		s.until("2026-10-08 10:00")
		s.balanced()
	})
}
