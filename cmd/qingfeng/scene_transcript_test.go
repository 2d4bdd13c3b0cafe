package main

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
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
	got := invitationCode.ReplaceAllString(s.server.Transcript(s.phone(id)), "CODE")
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
		s.tap("S2", "查看失联人员")
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
		s.tap("L2", "已阅")
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
