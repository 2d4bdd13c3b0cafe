package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// everyone chooses all people as the audience of the draft that is shown.
func (s *scene) everyone(id reminders.PersonID) {
	s.t.Helper()
	s.tap(id, "对象")
	s.tap(id, "全体人员")
	s.tap(id, "完成")
}

// wrote lets the bot receive a message with any fields of the chat service.
func (s *scene) wrote(id reminders.PersonID, fields string) {
	s.t.Helper()
	s.server.Push("message", raw(fmt.Sprintf(`{"message_id":900,"date":%d,"from":{"id":%d,"first_name":"x"},"chat":{"id":%d,"type":"private"},%s}`,
		s.clock.Now().Unix(), s.phone(id).ID(), s.phone(id).ID(), fields)))
	s.settle()
}

// What is returned comes back with the reason, is improved and approved; an approver who
// still has the old one in sight does not approve the new one unseen.
func TestReturnedAnnouncement(t *testing.T) {
	play(t, "2026-11-10T09:00:00+08:00", func(s *scene) {
		s.enrol(town, "P5")
		s.composes("S2", "值班电话调整\n自下周一起值班电话有变。")
		s.everyone("S2")
		s.tap("S2", "送审")
		s.tap("S3", "查看")
		s.tap("S3", "退回")
		s.types("S3", "请写明新号码在哪里查。")
		s.tap("S2", "查看")
		s.tap("S2", "内容")
		s.tap("S2", "中文（改写）")
		s.types("S2", "值班电话调整\n自下周一起值班电话有变，新号码见内网通讯录。")
		s.tap("S2", "送审")
		s.tap("S1", "查看") // the newest one
		s.tap("S1", "批准")
		s.until("2026-11-10 09:30")
		s.reads("P1", "新号码见内网通讯录")
		s.recorded("S2", "notice-returned")
		s.recorded("S3", "notice-returns")
		s.balanced()
	})
}

// Two drafts at once do not mix, also over a restart: each button belongs to one of them,
// and so does the question that is open.
func TestTwoDraftsOverARestart(t *testing.T) {
	play(t, "2026-11-10T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.composes("S2", "甲公告\n甲的正文。")
		first := s.last("S2")
		s.composes("S2", "乙公告\n乙的正文。")
		s.tap("S2", "对象") // of the second
		s.tap("S2", "点名")
		s.end()
		s.begin()
		for _, row := range first.Buttons { // of the first, while the second is asked about
			for _, b := range row {
				if b.Text == "时间" {
					if _, err := s.phone("S2").Tap(first.ID, b.Data); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		s.settle()
		s.types("S2", "11月12日 10:00")
		s.reads("S2", "甲公告")
		s.reads("S2", "11月12日 10:00")
		s.types("S2", "方样张") // nothing is asked any more
		s.reads("S2", "这句话没有保存")
		s.types("S2", "/notice")
		s.recorded("S2", "notice-two-drafts")
		s.balanced()
	})
}

// A photo, an album with its caption, a formatted text with a link, a post of a public
// channel: all arrive as they were sent.
func TestMediaAndFormats(t *testing.T) {
	play(t, "2026-11-10T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.types("S2", "/notice")
		s.tap("S2", "新建")
		s.tap("S2", "公告")
		s.phone("S2").SendPhoto(shot(t, 1), "消防演练安排\n见图。")
		s.settle()
		s.everyone("S2")
		s.tap("S2", "送审")
		s.tap("S3", "查看")
		s.tap("S3", "预览")
		s.tap("S3", "批准")
		s.until("2026-11-10 09:30")
		if m := s.last("P1"); !m.Photo || !strings.Contains(m.Text, "消防演练安排") {
			t.Errorf("P1 received %+v", m)
		}

		s.types("S2", "/notice")
		s.tap("S2", "新建")
		s.tap("S2", "公告")
		before := s.received("S2")
		s.phone("S2").SendAlbum("整改前后对照\n三张图。", sandbox.Upload{Content: shot(t, 2)}, sandbox.Upload{Content: shot(t, 3)}, sandbox.Upload{Content: shot(t, 4)})
		s.settle()
		s.reads("S2", "图片 3 张")
		if got := s.received("S2") - before; got != 1 {
			t.Errorf("an album was answered %d times", got)
		}

		s.types("S2", "/notice")
		s.tap("S2", "新建")
		s.tap("S2", "公告")
		s.wrote("S2", `"text":"格式示例\n请务必阅读通知全文","entities":[{"type":"bold","offset":6,"length":2},{"type":"text_link","offset":10,"length":4,"url":"https://example.org/"}]`)
		s.tap("S2", "预览")
		s.wrote("S2", `"text":"/notice","entities":[{"type":"bot_command","offset":0,"length":7}]`)
		s.tap("S2", "新建")
		s.tap("S2", "公告")
		s.wrote("S2", `"text":"转发示例\n公开发布的内容。","forward_origin":{"type":"channel","date":1,"chat":{"id":-100,"type":"channel","title":"示例发布","username":"sample_news"},"message_id":17}`)
		s.tap("S2", "预览")
		s.reads("S2", "以上为预览")
		s.recorded("S2", "notice-media")
		s.balanced()
	})
}

// The seventh prompt of a quarter needs the head, with a reason.
func TestPromptBeyondTheQuota(t *testing.T) {
	play(t, "2026-11-10T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.promptsSent(6)
		s.types("S2", "/notice")
		s.tap("S2", "新建")
		s.tap("S2", "工作提示")
		for _, text := range []string{"公务接待用餐提示", "近期发现接待清单填写不全。", "《党政机关国内公务接待管理规定》要求接待清单如实反映接待对象和内容。"} {
			s.types("S2", text)
		}
		s.tap("S2", "跳过")
		s.types("S2", "接待结束当天填写清单。")
		s.types("S2", "请核对本季度的接待清单。")
		s.everyone("S2")
		s.types("S1", "/notice")
		s.tap("S1", "1. 公务接待用餐提示")
		s.tap("S1", "放行第 1 项")
		s.types("S1", "接待检查在即，有必要提示。")
		s.tap("S2", "查看")
		s.tap("S2", "送审")
		s.tap("S3", "查看")
		s.tap("S3", "批准")
		s.until("2026-11-10 09:30")
		s.reads("P1", "工作提示〔2026〕7号")
		s.recorded("S1", "prompt-head")
		s.recorded("S2", "prompt-drafter")
		s.recorded("P1", "prompt-official")
		s.balanced()
	})
}

// promptsSent lets the office have sent some prompts in this quarter, to one person.
func (s *scene) promptsSent(n int) {
	s.t.Helper()
	draft := notice.Publication{
		Kind: notice.WorkPrompt, Lead: reminders.Chinese, Audience: reminders.Audience{People: []reminders.PersonID{"P2"}}, Expects: notice.ExpectNothing,
		Bodies: map[reminders.Language]notice.Body{reminders.Chinese: {Title: "样例提示", Prompt: &notice.Prompt{Pattern: "样例。", Rule: "样例。", Check: "样例。"}}},
	}
	for range n {
		err := s.live.store.Do(context.Background(), func(tx reminders.Tx) error {
			p, err := s.live.press.Receive(tx, draft, "S3")
			if err != nil {
				return err
			}
			_, err = s.live.press.Decide(tx, p.Handle(), true, "", "S1", false)
			return err
		})
		if err != nil {
			s.t.Fatal(err)
		}
	}
	s.settle()
}

// Of several names one may be that of two people: who was meant is asked, and nobody who
// stands before or behind it is forgotten.
func TestNamesakesAreAsked(t *testing.T) {
	play(t, "2026-11-10T09:00:00+08:00", func(s *scene) {
		s.enrol(small + "P4,孙样稿,示例委,科员,official,zh-Hans\n")
		s.composes("S2", "甲公告\n甲的正文。")
		s.tap("S2", "对象")
		s.tap("S2", "点名")
		s.types("S2", "方样张、没有人、孙样稿、安示范")
		s.reads("S2", "“孙样稿”有几位")
		s.tap("S2", "孙样稿（示例委）")
		s.reads("S2", "花名册里没有：没有人。")
		s.types("S2", "白样本")
		s.reads("S2", "方样张、孙样稿、安示范等 4 个")
		s.reads("S2", "人数：4 人")
		s.balanced()
	})
}

// What waits for its instant is called off in its own words, and whoever decides after
// somebody else hears that it is decided.
func TestScheduledAndCalledOff(t *testing.T) {
	play(t, "2026-11-10T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.composes("S2", "明日公告\n明日的正文。")
		s.everyone("S2")
		s.tap("S2", "时间")
		s.types("S2", "昨天 9:00")
		s.reads("S2", "没有看懂这个时间")
		s.types("S2", "明天 21:30")
		s.tap("S2", "时间")
		s.tap("S2", "批准后尽快")
		s.types("S2", "明天 10:00") // the tap was the answer
		s.reads("S2", "这句话没有保存")
		s.types("S2", "/notice")
		s.tap("S2", "1. 明日公告")
		s.tap("S2", "时间")
		s.types("S2", "明天 21:30")
		s.tap("S2", "送审")
		s.types("S1", "/approve")
		s.types("S3", "/approve")
		s.tap("S3", "批准")
		s.tap("S1", "批准")
		if got := s.toast("S1"); !got.Alert || !strings.Contains(got.Text, "已经办理过了") {
			t.Errorf("the second to approve hears %q", got.Text)
		}
		s.types("S2", "/notice")
		s.reads("S2", "已批准，定于 11月11日 21:30")
		s.tap("S2", "1. 明日公告")
		s.tap("S2", "取消发送")
		s.reads("S2", "请写明取消发送的理由")
		s.types("S2", "不再需要。")
		s.tap("S2", "确认取消发送")
		if got := s.toast("S2"); got.Text != "已取消发送。" {
			t.Errorf("S2 hears %q", got.Text)
		}
		s.until("2026-11-12 10:00")
		if got := s.copies("P1", "明日公告"); got != 0 {
			t.Errorf("P1 received what was called off %d times", got)
		}
		s.balanced()
	})
}

// What the head lets pass is the text as it stands: a draft keeps what a soft rule objects
// to and says so, and another text needs another word of the head.
func TestOverrideIsForOneText(t *testing.T) {
	play(t, "2026-11-10T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.composes("S2", "值班电话\n公开的值班电话：13900000001。")
		s.everyone("S2")
		s.reads("S2", "文中有手机号，不宜发送，请删改。")
		s.types("S1", "/notice")
		s.tap("S1", "1. 值班电话")
		s.tap("S1", "放行第 1 项")
		s.types("S1", "号码已经公开。")
		s.reads("S2", "可以送审了")
		s.tap("S2", "查看")
		s.reads("S2", "各项已备齐")
		s.tap("S2", "补充英文")
		s.types("S2", "Duty phone\nThe public number: 13900000002.")
		s.reads("S2", "文中有手机号")
		s.tap("S2", "内容")
		s.tap("S2", "删去英文")
		s.reads("S2", "内容：中文")
		s.balanced()
	})
}
