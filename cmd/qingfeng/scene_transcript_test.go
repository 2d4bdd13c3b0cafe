package main

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

var update = flag.Bool("update", false, "rewrite the golden transcripts in testdata/transcripts")

// invitationCode is what differs from run to run in a transcript.
var invitationCode = regexp.MustCompile(`\b[a-z2-7]{26}\b`)

// recorded compares the chat of a person with its golden transcript.
func (s *scene) recorded(id reminders.PersonID, name string) {
	s.t.Helper()
	s.recordedBut(id, name, func(line string) string {
		return beginning.ReplaceAllString(strings.Replace(line, "，份数还在增加", "", 1), "共 N 份：已发 0（0%），待发 N")
	})
}

// beginning is what the first message that follows a sending counts: it may come before
// the copies are made, or after.
var beginning = regexp.MustCompile(`共 \d+ 份：已发 0（0%），待发 \d+`)

// recordedBut does so with every line as but gives it: without what differs from run to
// run.
func (s *scene) recordedBut(id reminders.PersonID, name string, but func(line string) string) {
	s.t.Helper()
	lines := strings.Split(invitationCode.ReplaceAllString(s.server.Transcript(s.phone(id)), "CODE"), "\n")
	for i := range lines {
		lines[i] = but(lines[i])
	}
	s.golden(name, strings.Join(lines, "\n"))
}

// golden compares a text with the golden transcript of a name.
func (s *scene) golden(name, got string) {
	s.t.Helper()
	path := filepath.Join("testdata", "transcripts", name+".txt")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			s.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			s.t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		s.t.Errorf("transcript %s (-want +got; -update rewrites):\n%s", name, diff)
	}
}

// town is an office with two units: one whose liaison confirms, one whose does
// not.
const town = `
S1,高示意,监督室,主任,head,zh-Hans
S2,周例证,监督室,主任科员,staff,zh-Hans
S3,徐试题,监督室,主任科员,staff,zh-Hans
A1,钱配置,监督室,管理员,admin,zh-Hans
U1,严对照,审计室,审计员,auditor,zh-Hans
L1,白样本,样例局,副主任,liaison,zh-Hans
B1,安示范,样例局,局长,leader,zh-Hans
P1,方样张,样例局,科长,official,zh-Hans
P2,孙样稿,样例局,科员,official,zh-Hans
P3,Ann Sample,样例局,科员,official,en
L2,何范本,示例委,副主任,liaison,zh-Hans
B2,唐假设,示例委,主任,leader,zh-Hans
P4,李例句,示例委,科员,official,zh-Hans
P5,吴待定,示例委,科员,official,zh-Hans
`

// The whole block of Mid-Autumn and National Day 2026, as each of the office
// lives through it.
func TestBlockTranscripts(t *testing.T) {
	play(t, "2026-09-10T09:00:00+08:00", func(s *scene) {
		s.enrol(town, "P5")
		s.types("P1", "/upcoming")
		s.types("P3", "/help")
		s.types("S2", "/help")

		s.until("2026-09-11 09:00") // texts to look through
		s.tap("S2", "保留")

		s.until("2026-09-18 09:00") // unit notice
		s.until("2026-09-18 10:15")
		s.tap("L1", "已阅")
		s.types("L1", "/unit")
		s.types("B1", "/unit")

		s.until("2026-09-20 09:30") // readiness
		s.tap("S2", "查看联系不上的人员")
		s.tap("S2", "返回")

		s.until("2026-09-22 09:05") // the personal reminder
		s.tap("P1", "已阅")
		s.until("2026-09-22 09:10")
		s.tap("P1", "撤回")
		s.until("2026-09-22 09:12")
		s.tap("P1", "已阅")
		s.tap("P3", "Acknowledge")
		s.types("P3", "/outstanding")
		s.until("2026-09-22 11:00")
		s.tap("P1", "撤回") // too late to undo
		s.types("L1", "/outstanding")
		s.tap("L1", "已阅")

		s.until("2026-09-23 10:00") // the leader of the unit without an answer is told
		s.tap("B2", "查看")
		s.types("L1", "/unit")
		s.tap("L1", "中秋、国庆廉洁提醒")
		s.tap("L1", "催办未阅")
		s.tap("L1", "返回")
		s.types("U1", "/status")

		s.until("2026-09-24 10:00") // the chase
		s.types("P2", "/outstanding")
		s.tap("P2", "已阅")
		s.types("S1", "/status")
		s.types("S2", "/status")
		s.tap("S2", "中秋、国庆廉洁提醒")
		s.tap("S2", "示例委（4/4）")
		s.tap("S2", "返回")

		s.until("2026-09-25 10:00") // late, on a day off
		s.tap("P4", "已阅")
		s.until("2026-10-08 10:00") // closing
		s.tap("S2", "按单位查看")
		s.until("2026-10-08 11:00")
		s.tap("L2", "已阅") // closed
		s.until("2026-10-09 09:00")

		for id, name := range map[reminders.PersonID]string{
			"P1": "official", "P2": "official-chased", "P3": "official-english", "P4": "official-late",
			"L1": "liaison", "L2": "liaison-silent", "B1": "leader", "B2": "leader-told",
			"S1": "head", "S2": "staff", "U1": "auditor",
		} {
			s.recorded(id, name)
		}
		s.balanced()
	})
}

// An own text of the office: the wording check, four eyes, who receives it.
func TestApprovalTranscripts(t *testing.T) {
	play(t, "2026-09-10T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.types("S3", "/approve") // nothing waits
		s.until("2026-09-11 09:05")
		s.tap("S2", "修改")
		s.types("S2", "节日期间一律不得聚餐。")
		s.types("S2", "节日将至，请把好家门、守住底线。\n有拿不准的事，先问一问。")
		s.types("S2", "/approve") // the own draft
		s.types("S3", "/approve")
		s.tap("S3", "通过")
		s.types("S1", "/approve")
		s.until("2026-09-22 09:00")
		s.reads("P1", "请把好家门、守住底线。")
		s.reads("P3", "Do not give or accept") // no English text was written
		s.tap("S3", "修改")                      // the reminder has gone out
		s.recorded("S2", "staff-drafts")
		s.recorded("S3", "staff-approves")
		s.recorded("P1", "official-own-text")
		s.balanced()
	})
}

// One member of the staff alone may approve, and the record says so. What is
// returned is not sent.
func TestLoneApprover(t *testing.T) {
	play(t, "2026-09-10T09:00:00+08:00", func(s *scene) {
		s.enrol(`
S2,周例证,监督室,主任科员,staff,en
P1,方样张,样例局,科长,official,zh-Hans
P3,Ann Sample,样例局,科员,official,en`)
		s.until("2026-09-11 09:05")
		s.tap("S2", "Change")
		s.types("S2", "First wording.")
		s.types("S2", "/approve")
		s.tap("S2", "Return")
		s.tap("S2", "Change")
		s.types("S2", "Second wording <with> & signs.")
		s.types("S2", "/approve")
		s.tap("S2", "Approve")
		s.until("2026-09-22 09:00")
		s.reads("P3", "Second wording <with> & signs.")
		s.recorded("S2", "staff-alone-english")
		s.balanced()
	})
}

// What an admin does: the register, invitations, set-up, import with wrong and
// right rows, and somebody's leaving while something is open for them.
func TestAdminTranscripts(t *testing.T) {
	play(t, "2026-09-18T09:30:00+08:00", func(s *scene) {
		s.enrol(town, "P5", "P4")
		s.types("A1", "/people")
		s.types("A1", "/people P5")
		s.types("A1", "/people P77")
		s.types("A1", "/invite")
		s.types("A1", "/invite P5")
		s.types("A1", "/invite 示例委")
		s.types("A1", "/invite 样例局")
		s.types("A1", "/office")
		s.tap("A1", "每个节日都须审定")
		s.tap("A1", "不再逐次审定")

		s.sends("A1", "people.csv", "工号,姓名,单位,职务,角色,语言\nP6,新样本,样例局,科员,official,zh-Hans\n,无名,样例局,科员,official,\nP7,错角色,样例局,科员,boss,en\nP6,重复,样例局,科员,,\n")
		s.sends("A1", "people.csv", "工号,姓名,单位,职务,角色,语言\nP6,新样本,样例局,科员,official,zh-Hans\nP2,孙样稿,示例委,科员,official,zh-Hans\n")
		s.tap("A1", "导入")
		s.types("A1", "/people P6")
		s.sends("A1", "people.csv", "工号,姓名,单位,职务,角色,语言\nP6,新样本,样例局,科员,official,zh-Hans\n")
		s.tap("A1", "取消")
		s.sends("A1", "notes.txt", "今天天气不错")

		s.until("2026-09-22 09:00")
		s.types("A1", "/people P3")
		s.tap("A1", "办理离岗")
		s.tap("A1", "取消")
		s.types("A1", "/people P3")
		s.tap("A1", "办理离岗")
		s.tap("A1", "确认离岗")
		s.types("P3", "/outstanding")
		s.types("A1", "/people P3")
		s.types("A1", "/people A1")
		s.tap("A1", "办理离岗")
		s.tap("A1", "确认离岗") // the last one
		s.types("S2", "/status")
		s.tap("S2", "中秋、国庆廉洁提醒")
		s.recorded("A1", "admin")
		s.recorded("P3", "official-leaves")
		s.balanced()
	})
}

// Language, topics, feedback, free text and what cannot be understood.
func TestEverydayTranscripts(t *testing.T) {
	play(t, "2026-09-21T19:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.types("P1", "/help")
		s.types("P1", "今天的会几点开？")
		s.types("P1", "/nothing")
		s.types("P1", "/status")
		s.types("P1", "/outstanding")
		s.until("2026-09-21 20:30") // quiet hours
		s.types("P1", "/feedback")
		s.tap("P1", "取消")
		s.types("P1", "/feedback")
		s.types("P1", "提醒里能不能附上 <办公网> 链接？")
		s.types("P2", "/feedback 字可以大一点")
		before := s.received("S2")
		s.until("2026-09-22 07:59")
		if got := s.received("S2"); got != before {
			t.Errorf("the staff received %d messages in quiet hours", got-before)
		}
		s.until("2026-09-22 08:00")
		s.until("2026-09-22 09:00")
		s.types("P1", "/settings")
		s.tap("P1", "English")
		s.tap("P1", "Leave: weekly case")
		s.tap("P1", "已阅") // the message that was sent in Chinese
		s.types("P1", "/upcoming")
		s.tap("P1", "Join: weekly case")
		s.tap("P1", "中文")
		s.recorded("P1", "official-everyday")
		s.recorded("S2", "staff-feedback")
		s.balanced()
	})
}

// Somebody who is not enrolled hears whom to ask, and nothing else.
func TestStrangerTranscript(t *testing.T) {
	play(t, "2026-09-22T10:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.phones["X1"] = s.server.Person(8001, "路人", "zh-hans")
		s.phones["X2"] = s.server.Person(8002, "Passer-by", "en")
		for _, id := range []reminders.PersonID{"X1", "X2"} {
			for _, text := range []string{"/start", "你好", "/status", "/people P1", "/start AAAA"} {
				s.types(id, text)
			}
			s.sends(id, "people.csv", "工号,姓名\n1,甲\n")
		}
		for range 6 {
			s.types("X1", "/start wrongwrongwrongwrongwrongwr")
		}
		s.types("X1", "/start "+s.invite("P1")) // the right one, too late
		s.recorded("X1", "stranger")
		s.recorded("X2", "stranger-english")
		s.balanced()
	})
}

// A change of account: the old chat is told and can do nothing any more; what is
// open comes to the new one.
func TestRebindingTranscripts(t *testing.T) {
	play(t, "2026-09-22T08:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.until("2026-09-24 09:00")
		s.phones["P1-new"] = s.server.Person(7001, "方样张（新号）", "zh-hans")
		s.phone("P1-new").Start(s.invite("P1"))
		s.settle()
		s.tap("P1", "已阅") // in the old chat
		s.types("P1", "/outstanding")
		s.tap("P1-new", "已阅")
		s.phone("P1-new").Start(s.invite("P2")) // a code for somebody else
		s.settle()
		s.recorded("P1", "account-old")
		s.recorded("P1-new", "account-new")
		s.balanced()
	})
}
