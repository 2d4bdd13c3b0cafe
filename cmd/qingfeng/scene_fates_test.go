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
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
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

// What went in one message with something else is taken out of it. The file of the other is
// no file of it that remains; its own does, and the board says why, however young it is.
func TestFatesOfMergedCopies(t *testing.T) {
	play(t, "2026-11-10T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		told := func(title string, files ...reminders.File) {
			s.announce(title, func(p *notice.Publication) { p.Files, p.Expects, p.Workdays = files, notice.ExpectNothing, 0 })
		}
		told("第一件")
		s.until("2026-11-10 10:00")
		told("第二件")
		told("第三件", s.keeps("登记表.txt", "1"))
		told("第四件")
		s.until("2026-11-11 12:00")
		s.withdraws("S2", "3. 第二件", "另行通知。")
		s.until("2026-11-11 13:00")
		s.tap("S2", "刷新")
		s.reads("S2", "已删除 0 份，已替换 9 份。")
		if got := s.last("S2").Text; strings.Contains(got, "没有完全收回") {
			t.Errorf("the file of another is called its own:\n%s", got)
		}
		s.withdraws("S2", "2. 第三件", "登记表有误。")
		s.until("2026-11-11 14:00")
		s.tap("S2", "刷新")
		s.reads("S2", "超过 48 小时或与其他消息合发，文字已撤下，附件仍在：9 份")
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
