package main

import (
	"strings"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/casebook"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// casesNow are the cases of the office as the store has them.
func (s *scene) casesNow() (all []casebook.Case) {
	s.t.Helper()
	err := s.live.store.View(s.t.Context(), func(tx reminders.Tx) (err error) {
		all, err = s.live.cases.Store.CasesAfter(tx, "", 100)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

// Everyone looks through the cases by kind of problem and by holiday, page by page, in
// both languages. The samples say what they are, and there is no search: a name behind
// the command changes nothing, and a name alone gets the usual answer.
func TestCasesBrowsed(t *testing.T) {
	play(t, "2026-09-15T10:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.types("P1", "/cases")
		s.tap("P1", "享乐主义、奢靡之风（7）")
		s.tap("P1", "违规收送名贵特产和礼品礼金（2）")
		s.reads("P1", "1. 〔示例〕样例局某科长中秋期间收受供应商所送蟹券")
		s.tap("P1", "1")
		s.reads("P1", "本案例为示例，内容虚构")
		source := s.last("P1").Buttons[0][0]
		if source.Text != "打开来源" || source.URL != "https://example.invalid/cases/sample-01" {
			t.Errorf("the way to the source is %+v", source)
		}
		s.tap("P1", "返回")
		s.tap("P1", "返回")
		s.tap("P1", "返回")
		s.tap("P1", "按节日查看")
		s.tap("P1", "国庆（2）")
		s.tap("P1", "2")
		s.types("P1", "/cases")
		s.tap("P1", "最新案例")
		s.tap("P1", "下一页")
		s.tap("P1", "上一页")
		s.types("P1", "/cases 张三")
		s.reads("P1", "可按问题类型或节日查看")
		s.types("P1", "张三")
		s.reads("P1", "这句话没有保存")
		s.types("P1", "/case")
		s.reads("P1", "您的角色不能使用这个命令")
		s.recorded("P1", "official-cases")

		s.types("P3", "/cases")
		s.tap("P3", "Hedonism and extravagance (7)")
		s.tap("P3", "Wining and dining against the rules (1)")
		s.tap("P3", "1")
		s.reads("P3", "This is a sample.")
		s.types("P3", "/cases")
		s.tap("P3", "By holiday")
		s.tap("P3", "Dragon Boat (1)")
		s.recorded("P3", "official-cases-english")
		s.balanced()
	})
}

// A case is entered field by field; a slip is named at once, with the way that works. What
// was entered outlives other commands and a restart, is kept as a draft and given up.
func TestCaseEnteredWithSlips(t *testing.T) {
	play(t, "2026-11-03T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.types("S2", "/case")
		s.tap("S2", "新增")
		s.types("S2", "样例局某科长违规收受礼品")
		s.types("S2", "内网 10.0.0.8")
		s.types("S2", "http://10.0.0.8/a.html")
		s.types("S2", "https://www.example.org/notices/1.html")
		s.types("S2", "示例市示例纪检组")
		s.types("S2", "13月40日")
		s.types("S2", "2026-12-01") // not public yet
		s.types("S2", "11月2日")
		s.types("S2", "H1") // a tap is wanted
		s.tap("S2", "享乐主义、奢靡之风")
		s.tap("S2", "违规收送名贵特产和礼品礼金")
		s.types("S2", "/status") // something else in between
		s.end()
		s.begin()
		s.types("S2", "/case")
		s.tap("S2", "继续填写")
		s.reads("S2", "涉及人员的层级")
		s.tap("S2", "存为草稿")
		s.reads("S2", "草稿，起草：周例证")
		s.tap("S2", "返回")
		s.tap("S2", "待办理（1）")
		s.tap("S2", "1")
		s.tap("S2", "放弃")
		s.tap("S2", "确认放弃")
		s.reads("S2", "已放弃的草稿")
		s.recorded("S2", "staff-case-entered")
		s.balanced()
	})
}

// submitsCase enters a case and submits it.
func (s *scene) submitsCase(id reminders.PersonID, title, source string) {
	s.t.Helper()
	s.types(id, "/case")
	s.tap(id, "新增")
	for _, text := range []string{title, source, "示例市示例纪检组", "2026-11-02"} {
		s.types(id, text)
	}
	s.tap(id, "享乐主义、奢靡之风")
	s.tap(id, "违规收送名贵特产和礼品礼金")
	s.tap(id, "乡科级及以下")
	s.tap(id, "中秋")
	s.tap(id, "国庆")
	s.tap(id, "选好了")
	s.types(id, "中秋节前，样例局某科长收受供应商所送礼品，受到党内警告处分，礼品已上交。")
	s.tap(id, "没有姓名")
	s.tap(id, "通报后 24 个月")
	s.tap(id, "送审")
}

// What the office says in English is asked only when it is wanted, seen by whoever
// approves it, and read by those who read English; others read the case as it was made
// public.
func TestCaseInEnglish(t *testing.T) {
	play(t, "2026-11-03T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.submitsCase("S2", "样例局某科长违规收受礼品", "https://www.example.org/notices/1.html")
		s.tap("S3", "查看")
		s.tap("S3", "退回")
		s.types("S3", "请补充英文。")
		s.tap("S2", "查看")
		s.tap("S2", "修改")
		s.tap("S2", "英文正文")
		s.types("S2", "Before Mid-Autumn, a section chief of the Sample Bureau accepted gifts from a supplier and received a warning.")
		s.reads("S2", "缺少英文标题")
		s.tap("S2", "英文标题")
		s.types("S2", "A section chief accepts gifts")
		s.tap("S2", "送审")
		s.tap("S3", "查看")
		s.reads("S3", "A section chief accepts gifts")
		s.tap("S3", "批准发布")
		s.recorded("S2", "staff-case-english")
		for id, title := range map[reminders.PersonID]string{"P1": "违规收受礼品", "P3": "A section chief accepts gifts"} {
			s.types(id, "/cases")
			s.tap(id, map[reminders.PersonID]string{"P1": "最新案例", "P3": "Latest cases"}[id])
			s.reads(id, title)
			s.tap(id, "1")
			s.reads(id, title)
		}
		if text := s.last("P3").Text; strings.Contains(text, "礼品") || !strings.Contains(text, "received a warning") {
			t.Errorf("an English reader reads\n%s", text)
		}
		s.until("2026-11-04 10:30") // the case of the week
		s.reads("P3", "[Public case] A section chief accepts gifts")
		s.reads("P1", "〔典型案例〕样例局某科长违规收受礼品")
		s.balanced()
	})
}

// One case on its way through the office: submitted, returned, changed, approved by a
// second person, read by everyone, corrected, and withdrawn in one step. Readers do not
// see it any more then, also not through an old button; what remains is the tombstone.
func TestCaseReturnedApprovedWithdrawn(t *testing.T) {
	play(t, "2026-11-03T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.submitsCase("S2", "样例局某科长违规收受礼品", "https://www.example.org/notices/1.html")
		s.types("P1", "/cases")
		s.reads("P1", "共 9 起") // the samples
		s.reads("S3", "请审批")
		s.tap("S3", "查看")
		s.tap("S3", "退回")
		s.types("S3", "标题请写明时间。")
		s.reads("S2", "标题请写明时间。")
		s.tap("S2", "查看")
		s.tap("S2", "修改")
		s.tap("S2", "标题")
		s.types("S2", "样例局某科长中秋期间违规收受礼品")
		s.tap("S2", "送审")
		s.tap("S3", "查看")
		s.tap("S3", "批准发布")
		s.types("P1", "/cases")
		s.reads("P1", "共 1 起") // the samples have made room
		s.tap("P1", "最新案例")
		s.tap("P1", "1")
		s.reads("P1", "样例局某科长中秋期间违规收受礼品")
		read := s.last("P1")

		s.types("S2", "/case")
		s.tap("S2", "已发布")
		s.tap("S2", "1")
		s.tap("S2", "更正")
		s.tap("S2", "正文")
		s.types("S2", "中秋节前，样例局某科长收受供应商所送礼品，受到党内严重警告处分，礼品已上交。")
		s.tap("S2", "提交更正")
		s.types("S2", "处分种类写错。")
		s.tap("S3", "查看")
		s.tap("S3", "批准发布")
		s.types("P1", "/cases")
		s.tap("P1", "最新案例")
		s.tap("P1", "1")
		s.reads("P1", "党内严重警告处分")

		s.types("S3", "/case")
		s.tap("S3", "已发布")
		s.tap("S3", "1")
		s.tap("S3", "撤回")
		s.types("S3", "发布机关已撤下原通报。")
		s.reads("S3", "正文已清除")
		s.tap("S3", "返回")
		s.tap("S3", "已撤回")
		s.tap("S3", "1")
		s.reads("S3", "原因：发布机关已撤下原通报。")
		s.tap("P1", "返回")
		s.types("P1", "/cases")
		if _, err := s.phone("P1").Tap(read.ID, read.Buttons[0][1].Data); err != nil {
			t.Fatal(err)
		}
		s.settle()
		for _, m := range s.phone("P1").Messages() {
			if m.FromBot && strings.Contains(m.Text, "1. 样例局某科长") {
				t.Errorf("a list still shows the case:\n%s", m.Text)
			}
		}
		cases := s.casesNow()
		if len(cases) != 1 || cases[0].State != casebook.Withdrawn || cases[0].Body != "" || cases[0].Tombstone.By != "S3" {
			t.Errorf("what remains is %+v", cases)
		}
		if n := len(s.entries(ledger.CaseChanged)); n < 6 {
			t.Errorf("the ledger has %d steps of the case", n)
		}
		s.recorded("S2", "staff-case-drafter")
		s.recorded("S3", "staff-case-approver")
		s.recorded("P1", "official-case-read")
		s.balanced()
	})
}
