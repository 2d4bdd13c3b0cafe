package main

import (
	"strings"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// Two colleagues correct one publication. Whoever is second hears so at the next step, while
// the other correction waits and after it has gone through: it would undo, unseen, what the
// first one wrote.
func TestTwoCorrectOnePublication(t *testing.T) {
	const outpaced = "刚才有同志更正过这份稿件"
	play(t, "2026-11-10T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.announce("公车封存", func(*notice.Publication) {})
		s.until("2026-11-10 10:00")
		s.types("S3", "/notice")
		s.tap("S3", "1. 公车封存")
		s.tap("S3", "更正")
		s.types("S3", "公车封存\n样例：钥匙交车辆管理员。")
		s.tap("S3", "一般更正，只改文字")
		page, data := s.last("S3").ID, s.data("S3", "送审")
		s.types("S2", "/notice")
		s.tap("S2", "1. 公车封存")
		s.tap("S2", "更正")
		s.types("S2", "公车封存\n样例：改在周五封存。")
		s.tap("S2", "一般更正，只改文字")
		s.tap("S2", "送审")
		s.stale("S3", page, data)
		if got := s.toast("S3"); !strings.Contains(got.Text, "上一次更正还没有办完") {
			t.Errorf("while the other waits S3 hears %q", got.Text)
		}
		s.tap("S1", "查看")
		s.tap("S1", "批准")
		s.until("2026-11-10 11:00")
		s.stale("S3", page, data)
		if got := s.toast("S3"); !strings.Contains(got.Text, outpaced) {
			t.Errorf("afterwards S3 hears %q", got.Text)
		}
		s.types("S3", "公车封存\n样例：钥匙当日上交。")
		s.types("S3", "/approve")
		s.reads("S3", "没有待审的文稿")
		s.reads("P1", "改在周五封存")

		s.types("S3", "/notice")
		s.tap("S3", "1. 公车封存")
		s.tap("S3", "更正")
		s.types("S2", "/notice")
		s.tap("S2", "1. 公车封存")
		s.tap("S2", "撤回")
		s.types("S2", "重复了。")
		s.tap("S2", "确认撤回")
		s.types("S3", "公车封存\n样例：钥匙当日上交。")
		s.reads("S3", "这份稿件没有在发布中，无法更正或撤回")
		s.balanced()
	})
}
