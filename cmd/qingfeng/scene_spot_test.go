package main

import (
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Spot checks by hand: with a reason, answered; over the limit only by the head; whoever
// is not on duty is told so.
func TestSpotTranscripts(t *testing.T) {
	play(t, "2026-09-17T09:00:00+08:00", func(s *scene) {
		s.rostered()
		s.types("S2", "/spotcheck")
		s.tap("S2", "人工查岗") // nobody is on duty
		s.until("2026-10-01 08:00")
		s.tap("P1", "接班")
		s.until("2026-10-01 08:20")
		s.types("S2", "/spotcheck")
		s.tap("S2", "人工查岗")
		s.tap("S2", "样例局")
		s.types("S2", "/spotcheck") // goes on where it was
		s.types("S2", "群众反映电话无人接听")
		s.tap("S2", "发起查岗")
		asked := s.last("P1")
		s.tap("P1", "在岗")
		s.stale("P1", asked.ID, asked.Buttons[0][0].Data)
		s.types("S2", "/spotcheck")
		s.tap("S2", "人工查岗")
		s.tap("S2", "样例局") // had its check
		s.types("S1", "/spotcheck")
		s.tap("S1", "人工查岗")
		s.tap("S1", "样例局")
		s.tap("S1", "说明理由加查")
		s.types("S1", "上级临时抽查")
		s.tap("S1", "发起查岗")
		s.until("2026-10-01 08:52") // the leader on duty hears of it
		s.types("S1", "/spotcheck")
		for id, name := range map[reminders.PersonID]string{"S1": "spot-head", "S2": "spot-staff", "P1": "spot-officer", "D1": "spot-leader"} {
			s.recordedTaps(id, name)
		}
		s.balanced()
	})
}
