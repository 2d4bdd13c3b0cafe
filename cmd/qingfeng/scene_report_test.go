package main

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// rota files rosters for a scene, in the columns of the contract.
func (s *scene) rota(rows string) {
	s.t.Helper()
	ctx := context.Background()
	file := "date,start,end,unit,officer,leader,backup\n" + strings.TrimSpace(strings.ReplaceAll(rows, "\t", "")) + "\n"
	list, wrong, err := duty.ReadRoster("roster.csv", []byte(file))
	if err != nil || len(wrong) > 0 {
		s.t.Fatal(err, wrong)
	}
	var plans []duty.Plan
	err = s.live.store.View(ctx, func(tx reminders.Tx) (err error) {
		plans, wrong, err = s.live.duty.Plans(tx, list, duty.Where{})
		return err
	})
	if err != nil || len(wrong) > 0 {
		s.t.Fatal(err, wrong)
	}
	if _, err := s.live.duty.FileAll(ctx, plans, "L1", true); err != nil {
		s.t.Fatal(err)
	}
	s.settle()
}

// dutyUnits makes units keep rosters.
func (s *scene) dutyUnits(units ...string) {
	s.t.Helper()
	ctx := context.Background()
	file := "unit,parent,duty\n"
	for _, unit := range units {
		file += unit + ",,yes\n"
	}
	list, wrong, err := s.live.people.ReadUnits("units.csv", []byte(file))
	if err != nil || len(wrong) > 0 {
		s.t.Fatal(err, wrong)
	}
	if _, err := s.live.people.ApplyUnits(ctx, s.live.store, list, "system", nil); err != nil {
		s.t.Fatal(err)
	}
}

// week is a roster of National Day 2026: one officer a day, in turn.
func week(unit, leader, backup string, officers ...string) string {
	var rows strings.Builder
	for n := range 7 {
		fmt.Fprintf(&rows, "2026-10-%02d,08:00,08:00,%s,%s,%s,%s\n", n+1, unit, officers[n%len(officers)], leader, backup)
	}
	return rows.String()
}

// onDuty is the small office with a roster of 样例局 in which P1 and P2 take turns, on the
// eve of National Day.
func onDuty(t *testing.T, story func(s *scene)) {
	t.Helper()
	play(t, "2026-09-30T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.dutyUnits("样例局")
		s.rota(week("样例局", "B1", "P3", "P1", "P2"))
		s.until("2026-10-01 08:05")
		story(s)
		s.balanced()
	})
}

// minutes lets some minutes pass.
func (s *scene) minutes(n int) {
	s.t.Helper()
	s.clock.step(s.clock.Now().Add(time.Duration(n) * time.Minute))
	s.settle()
}

// Days of an officer: nothing to report in one tap, taken back and tapped again; a full
// report with a doubt, a photo, a picture that is none, words that the guard refuses; a
// return, and its correction; a correction by oneself.
func TestReportTranscripts(t *testing.T) {
	onDuty(t, func(s *scene) {
		s.until("2026-10-01 15:30") // asked half an hour before
		s.minutes(2)
		s.tap("P1", "无情况")
		s.minutes(3)
		s.tap("P1", "撤回")
		s.minutes(1)
		s.tap("P1", "无情况")
		s.types("P1", "/report")
		s.until("2026-10-01 16:30")
		s.types("P1", "/help")

		// The next day: filled in early, from /report.
		s.until("2026-10-02 14:00")
		s.types("P2", "/report")
		s.tap("P2", "填报")
		s.types("P2", "两组")
		s.types("P2", "六个单位吧") // not understood
		s.types("P2", "6家")
		s.tap("P2", "上一项")
		s.tap("P2", "不改")
		s.tap("P2", "3")
		s.types("P2", "5")
		s.tap("P2", "报送") // more put right than found: it asks
		s.tap("P2", "修改")
		s.tap("P2", "其中立行立改：5 个")
		s.tap("P2", "2")
		s.tap("P2", "补充")
		s.tap("P2", "下一页")
		s.tap("P2", "上一页")
		s.tap("P2", "典型做法")
		s.types("P2", "请联系 13800138000") // the guard
		s.types("P2", "对加油卡逐张核对里程。")
		s.phone("P2").SendPhoto(shot(t, 1), "现场照片")
		s.settle()
		s.phone("P2").SendDocument("清单.pdf", []byte("not a document"), "")
		s.settle()
		s.tap("P2", "报送")
		s.tap("P2", "查看")

		// The office reviews, and returns.
		s.types("S2", "/report")
		s.tap("S2", "2")
		s.tap("S2", "附件（1）")
		s.tap("S2", "退回")
		s.types("S2", "检查单位数请与附件核对。")
		s.minutes(5)
		s.tap("P2", "更正")
		s.tap("P2", "修改")
		s.tap("P2", "检查单位：6 家")
		s.types("P2", "7")
		s.tap("P2", "报送")
		s.types("S2", "/report")
		s.tap("S2", "2")
		s.tap("S2", "通过")
		s.tap("S2", "下一份（待审 1）")
		s.tap("S2", "通过")
		s.tap("S2", "待审列表")

		// A correction of one's own needs a reason.
		s.minutes(10)
		s.types("P2", "/report")
		s.tap("P2", "1")
		s.tap("P2", "更正")
		s.tap("P2", "修改")
		s.tap("P2", "派出检查组：2 个")
		s.tap("P2", "3")
		s.tap("P2", "报送")
		s.types("P2", "漏计一个检查组。")

		s.recorded("P1", "report-nil")
		s.recorded("P2", "report-full")
		s.recorded("S2", "report-review")
	})
}

// Several numbers at once, a restart in the middle, another command, a form that was
// changed meanwhile; and the button of a step that is over.
func TestReportInterrupted(t *testing.T) {
	onDuty(t, func(s *scene) {
		s.until("2026-10-01 10:00")
		s.types("P1", "/report")
		s.tap("P1", "填报")
		stale := s.last("P1")
		s.types("P1", "2 6")
		s.end()
		s.begin()
		s.types("P1", "/report") // goes on
		s.types("P1", "/outstanding")
		s.types("P1", "3") // not asked any more
		if _, err := s.phone("P1").Tap(stale.ID, stale.Buttons[0][0].Data); err != nil {
			t.Fatal(err)
		}
		s.settle()
		s.types("P1", "/report")
		s.tap("P1", "接着填：〔值班日报〕样例局 · 10月1日")

		changed := *s.live.reports.Forms
		s.live.reports.Forms = &changed
		changed.Daily.Version++
		changed.Daily.Fields = append([]report.Field(nil), changed.Daily.Fields[1:]...) // groups are not asked any more
		s.types("P1", "3")
		s.types("P1", "3 1")
		s.tap("P1", "取消")
		s.tap("P1", "填报")
		s.types("P1", "6 3 1")
		s.tap("P1", "报送")
		s.recorded("P1", "report-interrupted")
	})
}

// Somebody who is not on the shift any more hears so and changes nothing: on the button
// of the day before, and in the middle of a form.
func TestReportAfterTheShift(t *testing.T) {
	onDuty(t, func(s *scene) {
		s.until("2026-10-01 15:30")
		s.minutes(1)
		s.types("P1", "/report")
		s.tap("P1", "填报")
		s.types("P1", "1 2 0 0")
		s.until("2026-10-02 08:10")
		s.tap("P1", "报送")
		before := s.dump(append(intakeKeys, "dialog/")...)
		s.tap("P1", "无情况")
		if got := s.toast("P1"); !got.Alert || !strings.HasPrefix(got.Text, "您目前不在样例局的班上") {
			t.Errorf("answered %q", got.Text)
		}
		s.unchanged("a tap after the shift", before, "dialog/")
		s.recorded("P1", "report-after-shift")
	})
}

// What a reviewer saw is what is decided about: a page that is behind says so, and shows
// the report as it is now. What was taken back cannot be reviewed.
func TestReviewOfWhatHasChanged(t *testing.T) {
	onDuty(t, func(s *scene) {
		s.until("2026-10-01 15:30")
		s.tap("P1", "无情况")
		s.types("S2", "/report")
		s.tap("S2", "1")
		s.types("S3", "/report")
		s.tap("S3", "1")
		s.tap("S3", "退回")
		s.types("S3", "当天有检查安排，请核对。")
		s.settle()
		s.tap("P1", "更正") // nothing to report after all
		s.tap("P1", "仍报无情况")
		before := s.dump(intakeKeys...)
		s.tap("S2", "通过")
		if got := s.toast("S2").Text; got != "刚有变化，没有办理，请看过再点。" {
			t.Errorf("answered %q", got)
		}
		s.unchanged("a page that is behind", before)
		s.reads("S2", "按退回意见更正：当天有检查安排，请核对。")
		s.tap("S2", "退回")
		s.types("S3", "/report")
		s.tap("S3", "1")
		s.tap("S3", "通过")
		s.types("S2", "还是请核对。") // accepted meanwhile
		s.reads("S2", "审核通过：徐试题")

		s.until("2026-10-02 15:30")
		s.tap("P2", "无情况")
		s.types("S2", "/report")
		s.tap("S2", "1")
		s.tap("P2", "撤回")
		before = s.dump(intakeKeys...)
		s.tap("S2", "通过")
		if got := s.toast("S2").Text; got != "日报〔2026〕2号已由报送人撤回，等重新报送后再办理。" {
			t.Errorf("answered %q", got)
		}
		s.unchanged("a report that was taken back", before)
	})
}

// Two people on one shift: the first to file counts, the other hears who and when, and
// nothing is there twice. What was begun can be thrown away.
func TestReportOfTwoPeople(t *testing.T) {
	onDuty(t, func(s *scene) {
		s.until("2026-10-01 15:00")
		s.types("B1", "/report")
		s.tap("B1", "填报")
		s.types("B1", "1 2 0 0")
		s.until("2026-10-01 15:30")
		s.tap("P1", "无情况")
		s.tap("B1", "报送")
		if got := s.toast("B1"); !got.Alert || got.Text != "日报〔2026〕1号已由方样张于 10月1日 15:30 报送，没有重复收。需要改动的，请打开后更正并写明原因。" {
			t.Errorf("answered %q", got.Text)
		}
		s.tap("B1", "取消")
		s.types("B1", "/report")
		s.reads("B1", "目前没有待报的报告。")
		for _, row := range s.last("B1").Buttons {
			for _, b := range row {
				if strings.HasPrefix(b.Text, "接着填") {
					t.Errorf("a form that was cancelled is offered again: %s", b.Text)
				}
			}
		}
	})
}

// pictures are so many that go together.
func pictures(t *testing.T, n int) []sandbox.Upload {
	t.Helper()
	var uploads []sandbox.Upload
	for i := range n {
		uploads = append(uploads, sandbox.Upload{Content: shot(t, byte(i+1))})
	}
	return uploads
}
