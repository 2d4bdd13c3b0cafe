package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
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

// offers fails unless the newest message has a button, or unless it has none.
func (s *scene) offers(id reminders.PersonID, label string, want bool) {
	s.t.Helper()
	found := false
	for _, row := range s.last(id).Buttons {
		for _, b := range row {
			found = found || b.Text == label
		}
	}
	if found != want {
		s.t.Errorf("%s is offered %q: %v, want %v:\n%s", id, label, found, want, s.last(id).Text)
	}
}

// What another system handed over and somebody returned is changed by whoever takes it
// over; a colleague decides, and the other system sees what became of it.
func TestReturnedNoticeOfAnotherSystem(t *testing.T) {
	play(t, "2026-11-10T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		p := s.portals("city-portal", notice.ScopeDraft)
		_, said := p.ask(http.MethodPost, "/api/v1/notices", fmt.Sprintf(maintenance, ""))
		s.settle()
		s.tap("S3", "查看")
		s.reads("S3", "city-portal起草，待审批")
		s.tap("S3", "退回")
		s.types("S3", "请写明受影响的系统。")
		s.types("S2", "/notice")
		s.tap("S2", "1. 系统维护通知（示例）")
		s.reads("S2", "徐试题退回：请写明受影响的系统。")
		s.offers("S2", "内容", false)
		s.types("S3", "/notice")
		s.tap("S3", "1. 系统维护通知（示例）")
		s.tap("S2", "接手")
		s.offers("S2", "内容", true)
		s.tap("S3", "接手") // too late
		if got := s.toast("S3"); !strings.Contains(got.Text, "起草人是周例证") {
			t.Errorf("S3 is told %q", got.Text)
		}
		s.tap("S2", "内容")
		s.tap("S2", "中文（改写）")
		s.types("S2", "系统维护通知（示例）\n本周五 18:00 至 20:00 值班报送系统维护。")
		s.tap("S2", "送审")
		s.offers("S2", "批准", false)
		s.tap("S3", "查看")
		s.reads("S3", "周例证起草，待审批")
		s.tap("S3", "批准")
		s.until("2026-11-10 09:30")
		s.reads("P1", "值班报送系统维护")
		if _, now := p.ask(http.MethodGet, "/api/v1/notices/"+said["id"].(string), ""); now["state"] != "released" {
			t.Errorf("the other system sees %v", now)
		}
		s.recorded("S2", "notice-taken-over")
		s.recorded("S3", "notice-orphan-returned")
		s.balanced()
	})
}

// Whoever may not decide is told who does: the drafter with a button from elsewhere, somebody
// who is not of the office any more, and somebody with the button of a colleague.
func TestWhoDecides(t *testing.T) {
	play(t, "2026-11-10T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.composes("S2", "甲公告\n甲的正文。")
		s.everyone("S2")
		s.tap("S2", "送审")
		s.tap("S3", "查看")
		approve, reject := s.data("S3", "批准"), s.data("S3", "退回")
		object := strings.Split(approve, ":")[1]
		for _, row := range []struct {
			name      string
			id        reminders.PersonID
			verb      string
			data, say string
		}{
			{"the drafter approves", "S2", "approve", "", "须由另一位同志审批，例如高示意、徐试题，用 /approve 办理"},
			{"the drafter returns", "S2", "reject", "", "须由另一位同志审批，例如高示意、徐试题，用 /approve 办理"},
			{"somebody who left the office", "P1", "approve", "", "批准和退回由室里的同志办理"},
			{"the button of a colleague", "S2", "", reject, "待审批的稿件请用 /approve 查看"},
			{"the button of the office", "P1", "", approve, "这个按钮不是发给您的"},
		} {
			if row.data == "" {
				data, err := s.live.bot.Codec.Encode(row.verb, object, row.id)
				if err != nil {
					t.Fatal(err)
				}
				row.data = data
			}
			if _, err := s.phone(row.id).Tap(s.last(row.id).ID, row.data); err != nil {
				t.Fatal(err)
			}
			s.settle()
			if got := s.toast(row.id); !got.Alert || !strings.Contains(got.Text, row.say) {
				t.Errorf("%s: is told %q", row.name, got.Text)
			}
		}
		s.reads("S2", "已送审，等待另一位同志审批")
		s.types("S2", "这不是退回的理由。") // nothing was asked
		s.reads("S2", "这句话没有保存")
		s.tap("S3", "批准")
		s.balanced()
	})
}

// data is that of a button of the newest message.
func (s *scene) data(id reminders.PersonID, label string) string {
	s.t.Helper()
	for _, row := range s.last(id).Buttons {
		for _, b := range row {
			if b.Text == label {
				return b.Data
			}
		}
	}
	s.t.Fatalf("%s has no button %q", id, label)
	return ""
}

// Whoever is alone in the office is not asked to approve as if by somebody else: the request
// says that nobody else is there, and so does the record.
func TestLoneDrafter(t *testing.T) {
	play(t, "2026-11-10T09:00:00+08:00", func(s *scene) {
		s.enrol(small, "S2", "S3")
		s.composes("S1", "甲公告\n甲的正文。")
		s.everyone("S1")
		s.tap("S1", "送审")
		s.reads("S1", "室里目前没有其他同志可以审批。请您核对后自行批准，将如实记为一人经办")
		s.tap("S1", "查看")
		s.reads("S1", "目前只有您一人可以审批，批准后将记为一人经办")
		s.tap("S1", "批准")
		s.until("2026-11-10 09:30")
		if s.copies("S1", "高示意一人经办") == 0 {
			t.Error("what was sent does not say that somebody was alone")
		}
		s.once("甲的正文", "P1")
		if lone := s.entries(ledger.Approved); len(lone) != 1 || lone[0].Reason != "lone-approver" {
			t.Errorf("the ledger says %+v", lone)
		}
		s.balanced()
	})
}

// What was given up stands in a list of its own for thirty days, and can be drafted again.
func TestGivenUpAndDraftedAgain(t *testing.T) {
	play(t, "2026-11-10T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.composes("S2", "甲公告\n甲的正文。")
		s.everyone("S2")
		s.tap("S2", "放弃")
		s.tap("S2", "确定放弃")
		s.reads("S2", "已放弃，没有发送")
		s.tap("S2", "返回列表")
		s.tap("S2", "已放弃（1）")
		s.reads("S2", "1. 〔公告〕甲公告 — 11月10日 09:00 放弃")
		s.tap("S2", "1. 甲公告")
		s.tap("S2", "重新起草")
		s.reads("S2", "对象：全体在册人员")
		s.tap("S2", "送审")
		s.tap("S3", "查看")
		s.tap("S3", "批准")
		s.until("2026-11-10 09:30")
		s.once("甲的正文", "P1")
		s.types("S3", "/notice")
		s.offers("S3", "已放弃（1）", false) // the draft of a colleague
		s.recorded("S2", "notice-given-up")
		s.until("2026-12-10 10:00")
		s.types("S2", "/notice")
		s.offers("S2", "已放弃（1）", false)
		s.balanced()
	})
}

// The staff write a theme in English too: readers of English read the card, the reminders of
// it and the points in English, the others in Chinese; what is half written is not submitted.
func TestThemeInTwoLanguages(t *testing.T) {
	play(t, "2026-07-15T09:00:00+08:00", func(s *scene) {
		s.enrol(themed+"L4,Ann Liaison,样例局,秘书,liaison,en\nS4,Ann Staff,监督室,主任科员,staff,en\n", "P5")
		s.draftedTheme("S2")
		s.tap("S2", "补充英文")
		s.reads("S2", "原文：公务接待执行情况")
		s.types("S2", "Official receptions")
		s.types("S2", "/theme") // goes on where it was
		s.reads("S2", "〔主题英文〕依据（2/4）")
		s.tap("S2", "取消")
		s.types("S2", "/theme")
		s.tap("S2", "1. 公务接待执行情况")
		s.reads("S2", "英文还缺“依据”")
		s.tap("S2", "送审")
		if got := s.toast("S2"); !strings.Contains(got.Text, "英文还缺“依据”") {
			t.Errorf("half of the words are submitted: %q", got.Text)
		}
		s.tap("S2", "补充英文")
		s.types("S2", "Rules on official receptions; plan of the year")
		s.types("S2", "Approvals, lists and expenses of receptions since April")
		s.types("S2", "Approval\nLists")
		s.reads("S2", "要点共 4 条")
		s.tap("S2", "用通用清单")
		if s.copies("S2", "英文：Official receptions") == 0 {
			t.Error("the preview does not show the card in English")
		}
		s.tap("S2", "送审")
		s.approvesCard("S3", true, "")
		s.until("2026-07-15 10:00")
		s.reads("L4", "Official receptions")
		s.reads("L1", "公务接待执行情况")
		s.types("S4", "/theme")
		s.tap("S4", "1. Official receptions")
		s.tap("S4", "Checks")
		s.tap("S4", "样例局")
		s.recorded("S2", "theme-words")
		s.recorded("S4", "theme-words-english")
		s.recorded("L4", "theme-words-liaison")
		s.balanced()
	})
}
