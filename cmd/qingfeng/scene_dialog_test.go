package main

import (
	"strings"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// A dialog that was begun survives a restart and goes on with its command; another
// command ends it, a button of a step that is over says so, and [cancel] ends each step.
func TestDutyDialogs(t *testing.T) {
	const over = "这一步已经过去，请看最新一条消息，或重新发送命令。"
	play(t, "2026-09-17T09:00:00+08:00", func(s *scene) {
		s.rostered()
		s.until("2026-10-01 08:00")
		s.tap("P1", "接班")
		s.until("2026-10-02 07:30")
		s.types("P1", "/handover")
		first := s.last("P1")
		s.types("P1", "巡查两次，一切正常。")
		s.stale("P1", first.ID, first.Buttons[0][0].Data) // hand over without a word, after a word
		if got := s.toast("P1"); got.Text != over || !got.Alert {
			t.Errorf("a step that is over answers %q", got.Text)
		}
		s.end()
		s.begin()
		s.types("P1", "/handover")
		s.reads("P1", "没有的，点“没有事项”")
		s.types("P1", strings.Repeat("长", 501))
		s.reads("P1", "超过 500 个字")
		s.types("P1", strings.Repeat("一件事\n", 11))
		s.reads("P1", "最多留 10 个事项")
		s.types("P1", "联系人电话 13800138000 待回访")
		s.reads("P1", "没有保存")
		s.tap("P1", "没有事项")
		s.types("P1", "还有一句")
		s.reads("P1", "这一步请点按钮")
		s.types("P1", "/swap") // another command: the handover is not begun any more
		s.types("P1", "/handover")
		s.reads("P1", "没有要交代的")
		s.tap("P1", "取消")
		s.reads("P1", "已取消，没有改动。")
		s.types("P1", "/leave")
		s.tap("P1", "登记本人请假")
		s.types("P1", "/handover")
		s.types("P1", "一切正常。") // the note, not the days of a leave
		s.reads("P1", "说明已记下")
		s.tap("P1", "没有事项")
		s.tap("P1", "交班")
		s.reads("P1", "辛苦了")
		s.types("P1", "再说一句")
		s.reads("P1", "这句话没有保存")
		if n := len(s.entries("handed-over")); n != 1 {
			t.Errorf("the ledger has %d handovers", n)
		}
		s.balanced()
	})
}

// The commands of duty come with the roster and go when it is over; whoever is asked to
// swap has them too.
func TestDutyMenus(t *testing.T) {
	play(t, "2026-09-17T09:00:00+08:00", func(s *scene) {
		s.rostered()
		has := func(id reminders.PersonID, command string) bool {
			for _, c := range s.phone(id).Commands() {
				if c.Command == command {
					return true
				}
			}
			return false
		}
		for id, want := range map[reminders.PersonID]bool{"P1": true, "D1": true, "P4": false, "A1": false, "L1": true} {
			if got := has(id, "duty"); got != want {
				t.Errorf("%s has /duty: %t", id, got)
			}
		}
		if has("L1", "handover") || has("P1", "roster") || has("L1", "spotcheck") {
			t.Error("a menu has what its owner cannot use")
		}
		s.until("2026-10-09 09:00")
		s.types("P1", "/duty")
		s.reads("P1", "您的角色不能使用这个命令")
		if has("P1", "duty") {
			t.Error("the shift is over and /duty is still in the menu")
		}
	})
}

// The calendar: an address where the service has one, else a file; a new address closes
// the old one.
func TestDutyCalendar(t *testing.T) {
	play(t, "2026-09-17T09:00:00+08:00", func(s *scene) {
		s.rostered()
		s.types("P1", "/duty")
		s.tap("P1", "日历")
		s.reads("P1", "〔值班日历〕点开文件即可加入手机日历")
		s.live.bot.PublicURL = "https://duty.example/"
		s.types("P1", "/duty")
		s.tap("P1", "日历")
		s.reads("P1", "https://duty.example/calendar/")
		first := s.last("P1").Text
		s.types("P1", "/duty")
		s.tap("P1", "日历")
		s.reads("P1", "为安全起见不再显示")
		s.tap("P1", "换新地址")
		s.reads("P1", "https://duty.example/calendar/")
		if s.last("P1").Text == first {
			t.Error("the new address is the old one")
		}
		s.tap("P1", "停用地址")
		s.reads("P1", "地址已停用")
		s.types("L1", "/roster")
		s.tap("L1", "看国庆")
		s.tap("L1", "日历")
		s.reads("L1", "https://duty.example/calendar/")
		s.tap("L1", "日历文件")
		s.reads("L1", "〔值班日历〕")
		s.balanced()
	})
}

// The staff file the rosters of several units with one file; somebody else's roster is
// refused row by row.
func TestRostersOfSeveralUnits(t *testing.T) {
	const both = "日期,开始,结束,单位,值班员,带班领导\n" +
		"2026-10-01,08:00,08:00,样例局,P1,D1\n2026-10-01,08:00,08:00,示例委,P4,\n"
	play(t, "2026-09-21T09:00:00+08:00", func(s *scene) {
		s.enrol(watched)
		s.dutyUnits("样例局", "示例委")
		s.sends("L1", "both.csv", both)
		s.reads("L1", "这是其他单位的班次")
		s.sends("S2", "both.csv", both)
		s.reads("S2", "示例委 国庆：1 个班次，首次报送")
		s.tap("S2", "仍要报送")
		time.Sleep(time.Second)
		s.settle()
		s.reads("S2", "2 份值班表已报送")
		s.types("S2", "/roster")
		s.tap("S2", "看国庆")
		s.reads("S2", "样例局：9月21日 09:00 已报送第 1 版，1 个班次，待处理 1 处")
		s.tap("S2", "示例委")
		s.reads("S2", "没有带班领导")
		s.until("2026-10-01 08:10")
		s.types("S2", "/duty")
		s.reads("S2", "示例委当班：李例句（尚未接班），带班领导：无")
		s.types("U1", "/duty")
		s.reads("U1", "示例委当班：李例句")
		s.balanced()
	})
}
