package main

import (
	"strings"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// composes writes an announcement in the chat: text, audience, acknowledgement.
func (s *scene) composes(id reminders.PersonID, text string) {
	s.t.Helper()
	s.types(id, "/notice")
	s.tap(id, "新建")
	s.tap(id, "公告")
	s.types(id, text)
}

// An announcement with four eyes, from /notice to the export.
func TestAnnouncementTranscripts(t *testing.T) {
	play(t, "2026-11-10T09:00:00+08:00", func(s *scene) {
		s.enrol(town, "P5")
		s.composes("S2", "关于报送值班联系人的公告\n请各单位于本周五前核对值班联系人，有变动的报监督室。")
		s.tap("S2", "对象")
		s.tap("S2", "选单位")
		s.tap("S2", "样例局")
		s.tap("S2", "示例委")
		s.tap("S2", "返回")
		s.tap("S2", "除外")
		s.types("S2", "李例句")
		s.tap("S2", "完成")
		s.tap("S2", "已阅要求")
		s.tap("S2", "每人已阅")
		s.tap("S2", "3 个工作日")
		s.tap("S2", "预览")
		s.tap("S2", "已阅") // of the preview
		s.tap("S2", "试发")
		s.tap("S2", "徐试题")
		s.tap("S2", "返回")
		s.tap("S2", "送审")
		s.types("S2", "/approve") // the own one
		s.tap("S3", "查看")
		s.tap("S3", "预览")
		s.tap("S3", "批准")
		s.until("2026-11-10 10:00")
		s.reads("P1", "关于报送值班联系人的公告")
		s.tap("P1", "已阅")
		s.types("S2", "/notice")
		s.tap("S2", "1. 关于报送值班联系人的公告")
		s.tap("S2", "按单位查看")
		s.tap("S2", "样例局（4/5）")
		s.types("S2", "/notice")
		s.tap("S2", "1. 关于报送值班联系人的公告")
		s.tap("S2", "催办未阅")
		s.tap("S2", "导出")
		s.settle()
		if file := s.last("S2").Document; file == nil || !strings.HasSuffix(file.Name, ".xlsx") {
			t.Errorf("the export is %v", file)
		}
		s.recorded("S2", "notice-drafter")
		s.recorded("S3", "notice-approver")
		s.recorded("P1", "notice-official")
		s.balanced()
	})
}
