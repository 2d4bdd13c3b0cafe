package main

import (
	"testing"
)

// Whoever approves is a reader too, and reads an announcement with all others: the request
// to decide, and the decision told to the drafter, are errands that use up nobody's day.
func TestApproverReadsWithTheOthers(t *testing.T) {
	play(t, "2026-11-10T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.composes("S2", "食堂开放时间调整\n自下周一起，食堂早餐提前到 7:00。")
		s.everyone("S2")
		s.tap("S2", "送审")
		s.tap("S3", "查看")
		s.tap("S3", "批准")
		s.until("2026-11-10 10:00")
		for id := range s.phones {
			s.once("食堂早餐提前到", id)
		}

		s.composes("S2", "楼道照明检修\n明天上午检修。")
		s.everyone("S2")
		s.tap("S2", "送审")
		s.tap("S3", "查看")
		s.tap("S3", "批准")
		s.until("2026-11-10 19:00")
		if got := s.copies("S3", "明天上午检修"); got != 0 {
			t.Errorf("the approver had two announcements on one day")
		}
		s.until("2026-11-11 19:00")
		s.once("明天上午检修", "S3", "P1")
		s.balanced()
	})
}
