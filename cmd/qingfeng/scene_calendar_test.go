package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// pushed lists when a person received messages that contain a text.
func (s *scene) pushed(id reminders.PersonID, text string) []string {
	s.t.Helper()
	var times []string
	for _, m := range s.phone(id).Messages() {
		if m.FromBot && strings.Contains(m.Text, text) {
			times = append(times, m.Date.Format("01-02 15:04"))
		}
	}
	return times
}

// pushedAt fails unless a person received messages that contain a text at these
// instants, and at no others.
func (s *scene) pushedAt(id reminders.PersonID, text string, want ...string) {
	s.t.Helper()
	if diff := cmp.Diff(want, s.pushed(id, text)); diff != "" {
		s.t.Errorf("%s receives %q (-want +got):\n%s", id, text, diff)
	}
}

// Mid-Autumn and National Day 2026 lie three workdays apart: one programme, one
// personal reminder, and nothing in between but the digest of what is overdue.
func TestMergedHolidays(t *testing.T) {
	play(t, "2026-09-07T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.until("2026-10-12 12:00")
		s.pushedAt("S2", "文稿审阅", "09-11 09:00")
		s.pushedAt("L1", "〔中秋、国庆〕单位通知", "09-18 09:00")
		s.pushedAt("S2", "节前检查", "09-20 09:00", "09-24 09:00")
		s.pushedAt("P1", heading, "09-22 09:00")
		s.pushedAt("P1", "还有 1 项待办", "09-24 10:00")
		s.pushedAt("B1", "请您关注", "09-23 10:00")
		s.pushedAt("S2", "节后小结", "10-08 10:00")
		s.pushedAt("S2", "个人提醒 9 人：按期 0，逾期 0，未阅 9", "10-08 10:00")
		s.balanced()
	})
}

// Spring Festival 2026 begins on Sunday 15 February after a make-up Saturday, and
// another Saturday at its end is a workday: the last workday before is the
// Saturday, and it is one for chases and digests too.
func TestMakeUpWorkdays(t *testing.T) {
	play(t, "2026-01-28T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.until("2026-03-02 12:00")
		s.pushedAt("S2", "文稿审阅", "01-30 09:00") // 1 February is a Sunday
		s.pushedAt("L1", "〔春节〕单位通知", "02-06 09:00")
		s.pushedAt("S2", "节前检查", "02-10 09:00", "02-14 09:00")
		s.pushedAt("P1", heading, "02-12 09:00")
		s.pushedAt("P1", "还有 1 项待办", "02-14 10:00")
		s.pushedAt("S2", "节后小结", "02-24 10:00")
		s.balanced()
	})
}

// A provisional year sends nothing until an admin confirms, and tells the staff
// and the admin on every workday from 1 December; New Year 2027 is governed by the
// arrangement of the year to come.
func TestProvisionalYear(t *testing.T) {
	play(t, "2026-11-27T09:30:00+08:00", func(s *scene) {
		s.enrol(small)
		s.until("2026-12-14 12:00")
		workdays := []string{
			"12-01 09:00", "12-02 09:00", "12-03 09:00", "12-04 09:00", "12-07 09:00", "12-08 09:00",
			"12-09 09:00", "12-10 09:00", "12-11 09:00", "12-14 09:00",
		}
		s.pushedAt("S2", "2027 年放假安排尚未导入", workdays...)
		s.pushedAt("A1", "2027 年放假安排尚未导入", workdays...)
		s.pushedAt("P1", "2027 年放假安排尚未导入")
		s.until("2026-12-28 12:00")
		for _, id := range []reminders.PersonID{"L1", "B1", "P1"} {
			s.pushedAt(id, "元旦")
		}
		s.types("P1", "/upcoming")
		s.reads("P1", "（暂定）")
		s.types("A1", "/office")
		s.reads("A1", "2027 年：仅有法定假日（暂定），不自动发送")
		s.tap("A1", "确认按暂定日期发送（2027）")
		s.reads("A1", "已确认 2027 年按暂定日期发送")
		s.until("2027-01-04 10:00")
		// Three days before, 29 December; what was due before the confirmation and
		// still makes sense comes at once, as the unit notice of the 25th does.
		s.pushedAt("P1", heading, "12-29 09:00")
		s.pushedAt("L1", "〔元旦〕单位通知", "12-28 12:00")
		s.reads("S2", "〔元旦〕节后小结")
		var confirmed []string
		for _, e := range s.entries(ledger.Confirmed) {
			confirmed = append(confirmed, e.Actor+" "+e.Object+" "+e.Reason)
		}
		if diff := cmp.Diff([]string{"A1 arrangement/2027 provisional"}, confirmed); diff != "" {
			t.Errorf("the ledger (-want +got):\n%s", diff)
		}
		s.balanced()
	})
}

// official2027 is an invented arrangement: Spring Festival begins a day earlier
// than the statutory days, and lasts longer.
const official2027 = `{"year": 2027, "status": "official", "source": "示例通知，内容虚构", "days": [
{"name": "元旦", "date": "2027-01-01", "isOffDay": true},
{"name": "春节", "date": "2027-01-30", "isOffDay": false},
{"name": "春节", "date": "2027-02-04", "isOffDay": true},
{"name": "春节", "date": "2027-02-05", "isOffDay": true},
{"name": "春节", "date": "2027-02-06", "isOffDay": true},
{"name": "春节", "date": "2027-02-07", "isOffDay": true},
{"name": "春节", "date": "2027-02-08", "isOffDay": true},
{"name": "春节", "date": "2027-02-09", "isOffDay": true},
{"name": "春节", "date": "2027-02-10", "isOffDay": true},
{"name": "清明节", "date": "2027-04-05", "isOffDay": true},
{"name": "劳动节", "date": "2027-05-01", "isOffDay": true},
{"name": "端午节", "date": "2027-06-09", "isOffDay": true},
{"name": "中秋节", "date": "2027-09-15", "isOffDay": true},
{"name": "国庆节", "date": "2027-10-01", "isOffDay": true}]}`

// The official arrangement arrives after the unit notice of a confirmed
// provisional year went out: the difference is shown first, then what is open
// moves with the block, and the reminder comes by the new dates.
func TestArrangementArrivesLate(t *testing.T) {
	play(t, "2027-01-20T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.types("A1", "/office")
		s.tap("A1", "确认按暂定日期发送（2027）")
		s.until("2027-01-29 10:00")
		s.pushedAt("L1", "〔春节〕单位通知", "01-29 09:00")
		s.types("L1", "/outstanding")
		s.reads("L1", "春节单位通知（2月3日 18:00 前）")

		before := s.dump(slices.Concat(intakeKeys, []string{"dialog/"})...)
		s.sends("A1", "2027.json", official2027)
		s.reads("A1", "调整：春节，由2月5日至2月8日改为2月4日至2月10日")
		s.reads("A1", "计划中有")
		s.unchanged("a preview", before, "dialog/")
		s.tap("A1", "导入")
		s.reads("A1", "2027 年放假安排已导入")
		s.settle()
		if !slices.ContainsFunc(s.phone("L1").Messages(), func(m sandbox.Message) bool {
			return strings.Contains(m.Text, "〔春节〕单位通知") && strings.Contains(m.Text, "假期为2月4日至2月10日") && strings.Contains(m.Text, "2月1日 18:00 前")
		}) {
			t.Error("the notice that L1 has still shows the old dates")
		}

		s.types("L1", "/outstanding")
		s.reads("L1", "春节单位通知（2月1日 18:00 前）") // Saturday 30 January is a workday now
		s.until("2027-02-14 12:00")
		s.pushedAt("P1", heading, "02-01 09:00")
		s.pushedAt("P1", "还有 1 项待办", "02-03 10:00")
		s.pushedAt("S2", "节后小结", "02-11 10:00")
		if got := s.entries(ledger.Redated); !slices.ContainsFunc(got, func(e ledger.Entry) bool { return e.Object == "2027-spring-festival/unit-notice" }) {
			t.Errorf("the ledger says %v of what moved", got)
		}
		s.types("A1", "/office")
		s.reads("A1", "2027 年：正式放假安排")
		s.balanced()
	})
}
