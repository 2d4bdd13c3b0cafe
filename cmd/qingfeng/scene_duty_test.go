package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// watched is an office of one unit that keeps a roster, and one that does not.
const watched = `
S1,高示意,监督室,主任,head,zh-Hans
S2,周例证,监督室,主任科员,staff,zh-Hans
A1,钱配置,监督室,管理员,admin,zh-Hans
U1,严对照,审计室,审计员,auditor,zh-Hans
L1,白样本,样例局,副主任,liaison,zh-Hans
B1,安示范,样例局,局长,leader,zh-Hans
D1,程示例,样例局,副局长,official,zh-Hans
P1,方样张,样例局,科长,official,zh-Hans
P2,孙样稿,样例局,科员,official,zh-Hans
P3,Ann Sample,样例局,科员,official,en
P4,李例句,示例委,科员,official,zh-Hans
`

// sealOfTap is what differs from run to run in a tap on a button that is gone.
var sealOfTap = regexp.MustCompile(`(taps data "[^"]*:)[^":]*"`)

// recordedTaps compares the chat of a person, in which such taps may occur.
func (s *scene) recordedTaps(id reminders.PersonID, name string) {
	s.t.Helper()
	s.recordedBut(id, name, func(line string) string { return sealOfTap.ReplaceAllString(line, `${1}SEAL"`) })
}

// stale taps a button that the message does not have any more.
func (s *scene) stale(id reminders.PersonID, message int, data string) {
	s.t.Helper()
	if _, err := s.phone(id).Tap(message, data); err != nil {
		s.t.Fatal(err)
	}
	s.settle()
}

// nationalDay is a roster of a unit for the seven days, by staff numbers: officers in
// turn, one leader, a backup.
func nationalDay(officers ...string) string {
	var rows strings.Builder
	rows.WriteString("日期,开始,结束,值班员,带班领导,备班\n")
	for day, officer := range officers {
		rows.WriteString("2026-10-0" + string(rune('1'+day)) + ",08:00,08:00," + officer + ",D1,\n")
	}
	return rows.String()
}

// weekFile is such a roster without problems.
var weekFile = nationalDay("P1", "P2", "P3", "P1", "P2", "P3", "P1")

// The roster of a unit: asked for, a template, a file with faults, one with warnings, one
// without; shown to the liaison and to the office.
func TestRosterTranscripts(t *testing.T) {
	play(t, "2026-09-17T09:00:00+08:00", func(s *scene) {
		s.enrol(watched)
		s.dutyUnits("样例局")
		s.until("2026-09-18 09:05")
		s.types("L1", "/help")
		s.types("L1", "/roster")
		s.tap("L1", "看国庆")
		s.tap("L1", "领取模板")
		s.sends("L1", "roster.csv", "日期,开始,结束,值班员,带班领导\n2026-10-01,08:00,08:00,P1,D1\n2026-11-31,08:00,08:00,P2,D1\n2026-10-09,08:00,08:00,P9,D1\n")
		s.sends("L1", "roster.csv", "日期,开始,结束,值班员,带班领导\n2026-10-01,08:00,20:00,P1,D1\n2026-10-01,18:00,08:00,P2,D1\n")
		s.sends("L1", "roster.csv", nationalDay("P1", "P1", "P1", "P2", "P2", "P3"))
		s.tap("L1", "取消")
		s.sends("L1", "roster.csv", weekFile)
		s.tap("L1", "报送")
		s.types("L1", "/roster")
		s.tap("L1", "看国庆")
		s.tap("L1", "班次")
		s.tap("L1", "返回")
		s.sends("L1", "roster.csv", weekFile) // the same again
		s.sends("L1", "roster.csv", nationalDay("P2", "P1", "P3", "P1", "P2", "P3", "P1"))
		s.tap("L1", "报送")
		s.sends("L1", "notes.txt", "今天天气不错")
		s.sends("P1", "roster.csv", weekFile) // not theirs to file
		s.types("S2", "/roster")
		s.types("P1", "/roster")
		s.until("2026-09-28 18:30")
		s.recordedTaps("L1", "duty-liaison-files")
		s.recordedTaps("P1", "duty-officer-hears")
		s.balanced()
	})
}

// A week of duty as the officers and the leader live through it.
func TestDutyTranscripts(t *testing.T) {
	play(t, "2026-09-17T09:00:00+08:00", func(s *scene) {
		s.enrol(watched)
		s.dutyUnits("样例局")
		s.until("2026-09-21 10:00")
		s.sends("L1", "roster.csv", weekFile)
		s.tap("L1", "报送")
		s.types("P1", "/duty")
		s.types("P1", "/help")
		s.types("P4", "/duty") // has none

		s.until("2026-09-30 18:00") // the day before
		s.until("2026-10-01 08:00")
		s.types("P1", "/outstanding")
		s.tap("P1", "接班")
		s.types("P1", "/duty")
		s.types("P1", "/handover") // too early
		s.types("S2", "/duty")
		s.types("B1", "/duty")

		s.until("2026-10-02 07:10")
		s.types("P1", "/duty")
		s.tap("P1", "交班")
		s.types("P1", "夜间电话线路报修一次，已恢复。")
		s.types("P1", "1. 礼堂门锁待修\n2. 值班车加油卡在抽屉")
		s.tap("P1", "交班")

		s.until("2026-10-02 08:00")
		asked := s.last("P2")
		s.until("2026-10-02 08:31") // nobody takes over; the leader hears of it
		s.tap("D1", "接班")
		s.types("D1", "/duty")
		s.stale("P2", asked.ID, asked.Buttons[0][0].Data) // somebody else did
		s.until("2026-10-03 07:30")
		s.types("D1", "/handover")
		s.tap("D1", "办结 1")
		s.tap("D1", "直接交班")

		s.until("2026-10-03 08:10")
		s.types("P3", "/duty")
		s.tap("P3", "Take over")
		s.types("P3", "/handover")
		s.tap("P3", "Note a matter")
		s.types("P3", "The printer on the second floor is out of toner.")
		s.types("P3", "/outstanding")
		for id, name := range map[reminders.PersonID]string{
			"P1": "duty-officer", "P2": "duty-officer-late", "P3": "duty-officer-english", "D1": "duty-leader", "S2": "duty-staff", "B1": "duty-head-of-unit",
		} {
			s.recordedTaps(id, name)
		}
		s.balanced()
	})
}
