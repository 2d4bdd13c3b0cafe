package main

import (
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// rostered is an office whose unit has filed its roster for National Day.
func (s *scene) rostered() {
	s.t.Helper()
	s.enrol(watched)
	s.dutyUnits("样例局")
	s.until("2026-09-21 10:00")
	s.sends("L1", "roster.csv", weekFile)
	s.tap("L1", "报送")
}

// A swap that is asked, agreed and approved; one that is declined; one that is taken back;
// one that is reversed; and one that is imposed while a shift runs.
func TestSwapTranscripts(t *testing.T) {
	play(t, "2026-09-17T09:00:00+08:00", func(s *scene) {
		s.rostered()
		s.types("P1", "/swap")
		s.tap("P1", "10月1日 08:00 值班员")
		s.tap("P1", "与人互换")
		s.types("P1", "/swap") // goes on where it was
		s.tap("P1", "孙样稿")
		s.tap("P1", "10月5日 08:00 值班员")
		s.tap("P1", "提出换班")
		s.types("P2", "/swap")
		s.tap("P2", "同意")
		s.tap("L1", "批准")
		s.types("P2", "/duty")

		s.until("2026-09-21 11:00") // declined
		s.types("P3", "/swap")
		s.tap("P3", "3 Oct, 08:00, duty officer")
		s.tap("P3", "Somebody covers")
		s.tap("P3", "安示范")
		s.tap("P3", "Ask for it")
		s.tap("B1", "不同意")

		s.until("2026-09-21 12:00") // taken back by who asked, then a tap that comes too late
		s.types("P1", "/swap")
		s.tap("P1", "10月4日 08:00 值班员")
		s.tap("P1", "请人替班")
		s.tap("P1", "白样本")
		s.tap("P1", "提出换班")
		asked := s.last("L1")
		s.tap("P1", "收回")
		s.stale("L1", asked.ID, asked.Buttons[0][0].Data)

		s.until("2026-09-22 10:00") // the liaison arranges, and takes it back with a reason
		s.types("L1", "/swap")
		s.tap("L1", "安排样例局的班次")
		s.tap("L1", "10月6日 08:00 Ann Sample")
		s.tap("L1", "Ann Sample（值班员）")
		s.tap("L1", "请人替班")
		s.tap("L1", "安示范")
		s.tap("L1", "直接调整")
		s.types("L1", "当天另有公务，已电话沟通。")
		s.types("L1", "/swap")
		s.tap("L1", "查看第 2 项")
		s.tap("L1", "撤销换班")
		s.types("L1", "公务改期，身份证号 11010519491231002X")
		s.types("L1", "公务改期。")

		s.until("2026-10-02 09:00") // somebody is ill while the shift runs
		s.types("S2", "/swap")
		s.tap("S2", "安排样例局的班次")
		s.tap("S2", "10月2日 08:00 孙样稿")
		s.tap("S2", "孙样稿（值班员）")
		s.tap("S2", "方样张")
		s.tap("S2", "直接调整")
		s.types("S2", "身体不适，临时调班。")
		s.types("P1", "/duty")
		s.types("P4", "/swap")
		for id, name := range map[reminders.PersonID]string{
			"P1": "swap-asks", "P2": "swap-agrees", "P3": "swap-english", "B1": "swap-declines", "L1": "swap-liaison", "S2": "swap-staff",
		} {
			s.recordedTaps(id, name)
		}
		s.balanced()
	})
}

// Leave: of one's own, of a colleague, from a file; days that do not exist; taken back.
func TestLeaveTranscripts(t *testing.T) {
	play(t, "2026-09-17T09:00:00+08:00", func(s *scene) {
		s.rostered()
		s.types("P1", "/leave")
		s.tap("P1", "登记本人请假")
		s.types("P1", "下周")
		s.types("P1", "11月31日")
		s.types("P1", "10月3日至10月2日")
		s.types("P1", "/leave") // goes on where it was
		s.types("P1", "10月1日至2日")
		s.types("P1", "家人手术陪护")
		s.tap("P1", "登记")
		s.types("P3", "/leave 9 Oct")
		s.tap("P3", "Enter")
		s.types("P3", "/leave")

		s.types("L1", "/leave")
		s.tap("L1", "替同志登记")
		s.types("L1", "P4")
		s.types("L1", "P99")
		s.tap("L1", "孙样稿")
		s.types("L1", "10-09 10-10")
		s.tap("L1", "登记")
		s.types("L1", "/leave")
		s.tap("L1", "撤回 1")
		s.sends("L1", "leave.csv", "工号,开始,结束,原因\nP2,2026-10-12,2026-10-13,年休\nP4,2026-10-12,2026-10-13,\n")
		s.sends("L1", "leave.csv", "工号,开始,结束,原因\nP2,2026-10-12,2026-10-13,年休\nP2,2026-10-02,2026-10-02,\n")
		s.tap("L1", "导入")
		s.sends("L1", "leave.csv", "工号,开始,结束,原因\nP2,2026-10-12,2026-10-13,年休\n")
		s.recordedTaps("P1", "leave-own")
		s.recordedTaps("P3", "leave-english")
		s.recordedTaps("L1", "leave-liaison")
		s.balanced()
	})
}
