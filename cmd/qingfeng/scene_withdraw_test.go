package main

import (
	"strings"
	"testing"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
)

// A text that was split is corrected in every part, and withdrawn before it is two days
// old: every part goes.
func TestSplitTextIsCorrectedAndWithdrawn(t *testing.T) {
	play(t, "2026-11-10T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		// The prefix of kind and title makes two messages out of what was typed as one.
		paragraph := strings.Repeat("样例条文，内容为虚构。", 36) + "\n"
		s.composes("S2", "长公告\n"+strings.Repeat(paragraph, 10)+strings.Repeat("样例条文，内容为虚构。", 10)+"附则一。")
		s.everyone("S2")
		s.tap("S2", "已阅要求")
		s.tap("S2", "每人已阅")
		s.tap("S2", "3 个工作日")
		s.tap("S2", "送审")
		s.tap("S3", "查看")
		s.tap("S3", "批准")
		s.until("2026-11-10 09:30")
		if got := s.received("P1"); got != 3 {
			t.Errorf("P1 has %d messages from the bot instead of a greeting and two parts", got)
		}
		s.tap("P1", "已阅")

		s.types("S2", "/notice")
		s.tap("S2", "1. 长公告")
		s.tap("S2", "更正")
		s.types("S2", "长公告\n"+strings.Repeat(paragraph, 10)+strings.Repeat("样例条文，内容为虚构。", 10)+"附则二。")
		s.tap("S2", "实质性更正")
		s.types("S2", "附则一改为附则二。")
		s.tap("S2", "送审")
		s.tap("S3", "查看")
		s.tap("S3", "批准")
		s.until("2026-11-10 10:30")
		s.types("S2", "/notice")
		s.tap("S2", "1. 长公告")
		s.tap("S2", "撤回")
		s.types("S2", "依据有变，另行通知。")
		s.tap("S2", "确认撤回")
		s.until("2026-11-10 11:30")
		s.types("S2", "/notice")
		s.tap("S2", "1. 长公告")
		s.reads("S2", "撤回已办结")
		s.types("S3", "/status")
		if got := s.last("S3").Text; strings.Contains(got, "长公告") {
			t.Errorf("the board still speaks of what was withdrawn:\n%s", got)
		}
		for _, m := range s.phone("P1").Messages() {
			if m.FromBot && strings.Contains(m.Text, "样例条文") {
				t.Errorf("P1 still reads a part of the text: %.30s", m.Text)
			}
		}
		s.recorded("S2", "withdraw-split-drafter")
		s.recorded("P1", "withdraw-split-official")
		s.balanced()
	})
}

// An album that is older than two days cannot be deleted: its text is replaced, and the
// board says what remains.
func TestAlbumIsWithdrawnLate(t *testing.T) {
	play(t, "2026-11-10T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.types("S2", "/notice")
		s.tap("S2", "新建")
		s.tap("S2", "公告")
		s.phone("S2").SendAlbum("整改前后对照\n两张图。", sandbox.Upload{Content: shot(t, 1)}, sandbox.Upload{Content: shot(t, 2)})
		s.settle()
		s.tap("S2", "对象")
		s.tap("S2", "点名")
		s.types("S2", "方样张、孙样稿")
		s.tap("S2", "完成")
		s.tap("S2", "送审")
		s.tap("S3", "查看")
		s.tap("S3", "批准")
		s.until("2026-11-10 10:00")
		s.phone("P2").Block()
		s.until("2026-11-13 09:00")
		s.types("S2", "/notice")
		s.tap("S2", "1. 整改前后对照")
		s.tap("S2", "撤回")
		s.types("S2", "图片用错。")
		s.tap("S2", "确认撤回")
		s.until("2026-11-13 10:00")
		s.types("S2", "/notice")
		s.tap("S2", "1. 整改前后对照")
		s.recorded("S2", "withdraw-album-drafter")
		s.recorded("P1", "withdraw-album-official")
		s.balanced()
	})
}
