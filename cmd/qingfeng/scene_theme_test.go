package main

import (
	"context"
	"strings"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// themed is an office with three units besides its own.
const themed = town + `
L3,冯举例,范例中心,主任,liaison,zh-Hans
P6,蒋虚构,范例中心,科员,official,zh-Hans
`

// draftedTheme drafts a theme in the third quarter up to the preview.
func (s *scene) draftedTheme(id reminders.PersonID) {
	s.t.Helper()
	s.types(id, "/theme")
	s.tap(id, "新建主题")
	s.tap(id, "2026年第三季度")
	s.types(id, "公务接待执行情况")
	s.types(id, "党政机关国内公务接待管理规定；年度监督要点")
	s.types(id, "今年二季度以来的公务接待审批、清单和报销")
	s.tap(id, "带队检查")
	s.tap(id, "范例中心")
	s.tap(id, "样例局")
	s.tap(id, "示例委")
	s.tap(id, "选好了（3 家）")
	s.types(id, "7月20日至9月15日")
	s.tap(id, "用通用清单")
}

// approvesCard decides about the cards that wait at the press.
func (s *scene) approvesCard(id reminders.PersonID, approve bool, reason string) {
	s.t.Helper()
	err := s.live.store.Do(context.Background(), func(tx reminders.Tx) error {
		waiting, err := s.live.press.Waiting(tx)
		for _, card := range waiting {
			if _, err := s.live.press.Decide(tx, card.Handle(), approve, reason, id, false); err != nil {
				return err
			}
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.settle()
}

// A theme from its draft to its end, with three units and two findings: one is returned
// once and then closed, one is referred, and closing is refused as long as something is
// missing.
func TestThemeTranscripts(t *testing.T) {
	play(t, "2026-07-15T09:00:00+08:00", func(s *scene) {
		s.enrol(themed, "P5")
		s.draftedTheme("S2")
		s.tap("S2", "送审")
		s.approvesCard("S3", true, "")
		s.until("2026-07-15 10:00")
		s.reads("L1", "公务接待执行情况")
		s.tap("L1", "已阅")
		s.types("S2", "/theme")
		s.tap("S2", "1. 公务接待执行情况")
		board := s.last("S2").ID

		s.until("2026-07-22 14:00") // the first unit: nothing, in one tap
		s.tap("S2", "检查记录")
		s.tap("S2", "范例中心")
		s.tap("S2", "全部无问题")

		s.until("2026-07-23 14:00") // the second: something at one point; half-way the service restarts
		s.types("S2", "/theme")
		s.tap("S2", "1. 公务接待执行情况")
		s.tap("S2", "检查记录")
		s.tap("S2", "示例委")
		s.tap("S2", "逐项记录")
		s.tap("S2", "无问题")
		s.types("S2", "身份证号 11010519491231002X 的同志没有审批")
		s.types("S2", "两次接待先用餐后补审批单。")
		s.end()
		s.begin()
		s.types("S2", "/theme") // goes on where it was
		s.tap("S2", "其余无问题")
		s.reads("S2", "问题1")

		s.types("S2", "/theme")
		s.tap("S2", "1. 公务接待执行情况")
		s.tap("S2", "结题")
		s.reads("S2", "还不能结题")
		s.tap("S2", "发现问题")
		s.tap("S2", "问题1")
		s.tap("S2", "提出建议")
		s.types("S2", "完善事前审批流程，对二季度接待逐笔补正并自查。")
		s.tap("S2", "10 个工作日")
		s.reads("L2", "整改建议")
		if strings.Contains(s.last("L1").Text, "整改建议") {
			t.Error("another unit sees the finding")
		}

		s.until("2026-07-24 14:00") // the third unit: something that somebody else has to look into
		s.types("S3", "/theme")
		s.tap("S3", "1. 公务接待执行情况")
		s.tap("S3", "检查记录")
		s.tap("S3", "样例局")
		s.tap("S3", "逐项记录")
		s.tap("S3", "无问题")
		s.tap("S3", "无问题")
		s.types("S3", "部分接待清单与报销金额不一致。")
		s.tap("S3", "无问题")

		s.until("2026-07-28 09:00")
		s.types("L2", "/outstanding")
		s.tap("L2", "已整改")
		s.types("L2", "已补齐两次接待的审批单。")
		s.until("2026-07-28 10:00")
		s.reads("S3", "整改待确认")
		s.tap("S3", "查看")
		s.tap("S3", "退回")
		s.types("S3", "流程还没有完善，自查情况没有说明。")
		s.tap("S3", "5 个工作日")
		s.until("2026-07-29 09:00")
		s.reads("L2", "整改退回")
		s.types("L2", "/unit")
		s.tap("L2", "待整改问题（1）")
		s.tap("L2", "问题1")
		s.tap("L2", "已整改")
		s.types("L2", "已印发接待审批流程，二季度五笔接待逐笔自查，没有其他问题。")
		s.until("2026-07-29 10:00")
		s.tap("S2", "查看")
		s.tap("S2", "确认办结")

		s.types("S2", "/theme")
		s.tap("S2", "1. 公务接待执行情况")
		s.tap("S2", "结题")
		s.reads("S2", "问题2（样例局）：已发现")
		s.tap("S2", "发现问题")
		s.tap("S2", "问题2")
		s.tap("S2", "移送")
		s.types("S2", "移送函〔2026〕5号")
		s.types("S2", "8月20日")
		s.types("S2", "7月29日")
		s.types("S2", "示例审计组")
		s.tap("S2", "结题")
		s.tap("S2", "确认结题")
		s.until("2026-07-29 11:00")
		s.reads("U1", "主题小结")
		s.tap("U1", "导出")
		s.tap("U1", "查看主题")
		s.types("L1", "/unit")
		if got := s.edited("S2", board); strings.Contains(got, "已结题") {
			t.Error("a message that a newer one has replaced still follows the theme")
		}
		for id, name := range map[reminders.PersonID]string{"S2": "theme-staff", "S3": "theme-second", "L2": "theme-liaison", "U1": "theme-auditor"} {
			s.recorded(id, name)
		}
		s.balanced()
	})
}

// edited is the text of a message as it stands now.
func (s *scene) edited(id reminders.PersonID, message int) string {
	s.t.Helper()
	for _, m := range s.phone(id).Messages() {
		if m.ID == message {
			return m.Text
		}
	}
	s.t.Fatalf("%s has no message %d", id, message)
	return ""
}
