package main

import (
	"bytes"
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// refusing lets the chat service refuse the next calls of a method in a person's chat.
func (s *scene) refusing(id reminders.PersonID, method string, times, status int, why string) {
	s.t.Helper()
	s.server.Fail(sandbox.Fault{Method: method, Chat: s.phone(id).ID(), Times: times, Status: status, Description: why})
}

// A correction that does not reach everybody: the board counts by reason, names them with
// their units, and forgets whom a later correction reaches. After the withdrawal, of which
// something remains too, the board does the same, page by page.
func TestFatesOfCopies(t *testing.T) {
	play(t, "2026-11-10T09:00:00+08:00", func(s *scene) {
		s.enrol(town)
		s.composes("S2", "节前检查安排\n样例安排：周五下午检查公车封存。")
		s.everyone("S2")
		s.tap("S2", "送审")
		s.tap("S3", "查看")
		s.tap("S3", "批准")
		s.until("2026-11-11 09:00")

		s.refusing("P1", "editMessageText", 1, http.StatusBadRequest, "Bad Request: message can't be edited")
		s.refusing("P2", "editMessageText", 1, http.StatusForbidden, "Forbidden: bot was blocked by the user")
		s.types("S2", "/notice")
		s.tap("S2", "1. 节前检查安排")
		s.tap("S2", "更正")
		s.types("S2", "节前检查安排\n样例安排：周四下午检查公车封存。")
		s.tap("S2", "一般更正，只改文字")
		s.tap("S2", "送审")
		s.tap("S3", "查看")
		s.tap("S3", "批准")
		s.until("2026-11-11 10:00")
		s.types("S2", "/notice")
		s.tap("S2", "1. 节前检查安排")
		s.reads("S2", "更正未送达 2 份")
		s.tap("S2", "停用或屏蔽（1）")
		s.reads("S2", "孙样稿（")
		s.tap("S2", "返回")
		s.tap("S2", "不允许改动（1）")
		s.reads("S2", "方样张（")
		s.tap("S2", "返回")

		s.tap("S2", "更正")
		s.types("S2", "节前检查安排\n样例安排：周三下午检查公车封存。")
		s.tap("S2", "一般更正，只改文字")
		s.tap("S2", "送审")
		s.tap("S3", "查看")
		s.tap("S3", "批准")
		s.until("2026-11-11 11:00")
		s.types("S2", "/notice")
		s.tap("S2", "1. 节前检查安排")
		if got := s.last("S2").Text; strings.Contains(got, "未送达") {
			t.Errorf("a later correction has reached all, and still:\n%s", got)
		}

		s.until("2026-11-14 10:00") // too old to delete
		for id := range s.phones {
			if id != "S2" && id != "S3" {
				s.refusing(id, "editMessageText", 1, http.StatusBadRequest, "Bad Request: message can't be edited")
			}
		}
		s.withdraws("S2", "1. 节前检查安排", "日期有误。")
		s.until("2026-11-14 11:00")
		s.tap("S2", "刷新")
		s.reads("S2", "没有完全收回 12 份")
		s.tap("S2", "不允许改动（12）")
		s.tap("S2", "下一页")
		s.reads("S2", "严对照（审计室）")
		s.tap("S2", "返回")
		s.tap("S2", "送达台账")
		s.until("2026-11-14 12:00")
		s.golden("withdraw-kept-copies", s.exported("copies"))
		s.recorded("S2", "withdraw-kept-drafter")
		s.balanced()
	})
}

// withdraws takes back what is on the list, and looks at what became of it.
func (s *scene) withdraws(id reminders.PersonID, item, reason string) {
	s.t.Helper()
	s.types(id, "/notice")
	s.tap(id, item)
	s.tap(id, "撤回")
	s.types(id, reason)
	s.tap(id, "确认撤回")
}

// timeOfDay is what differs from run to run in the instants of an export.
var timeOfDay = regexp.MustCompile(`T\d\d:\d\d:\d\d\+08:00`)

// exported gives an export in the form of CSV, without the byte order mark and with the
// days of its instants only.
func (s *scene) exported(kind string) string {
	s.t.Helper()
	var out bytes.Buffer
	export := exportTask{What: kind, Format: "csv"}
	if err := export.run(context.Background(), &console{out: &out}, s.live.office); err != nil {
		s.t.Fatal(err)
	}
	return timeOfDay.ReplaceAllString(strings.ReplaceAll(strings.TrimPrefix(out.String(), "\ufeff"), "\r\n", "\n"), "")
}
