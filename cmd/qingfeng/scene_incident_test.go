package main

import (
	"strings"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// An incident in the night, in the middle of a daily report: at once with leader and
// office, followed up and ended, with a photo. Nothing to report on that day is doubted;
// the nil report of the day before is marked as contradicted, and the liaison is told.
func TestIncidentTranscripts(t *testing.T) {
	onDuty(t, func(s *scene) {
		s.until("2026-10-01 15:30")
		s.minutes(1)
		s.tap("P1", "无情况")
		s.until("2026-10-02 13:00")
		s.types("P2", "/report")
		s.tap("P2", "填报")
		s.types("P2", "2")
		s.types("P2", "/incident") // comes first; the other is kept
		s.types("P2", "明天 9点")
		s.types("P2", "昨天 23:10")
		s.types("P2", "东环路服务区停车场")
		s.types("P2", "检查时发现一辆公车停放在景区附近，驾驶人称系私人出行。")
		s.phone("P2").SendAlbum("车辆位置", pictures(t, 2)...)
		s.settle()
		s.tap("P2", "跳过")
		s.tap("P2", "报送")
		s.reads("B1", "〔即时报告·首报〕样例局")
		s.reads("S2", "〔即时报告·首报〕样例局")
		s.tap("S2", "查看")

		s.until("2026-10-02 15:00")
		s.types("P2", "/incident") // follow it up
		s.tap("P2", "续报")
		s.tap("P2", "修改")
		s.tap("P2", "简要经过")
		s.types("P2", "经查，该车系本单位公务车，驾驶人未履行派车手续。")
		s.tap("P2", "报送")
		s.tap("P2", "终报") // what only a final report must say is asked
		s.types("P2", "已责令停用车辆并说明情况。")
		s.types("P2", "公车私用，因派车审批不严。")
		s.types("P2", "无人员伤亡，已责令退赔。")
		s.tap("P2", "报送")
		s.types("P2", "/incident") // that one has ended: a new one begins
		s.tap("P2", "取消")

		s.until("2026-10-02 15:30")
		s.tap("P2", "无情况") // of a day without an incident: about yesterday's nothing is said
		s.minutes(1)

		s.types("S2", "/report")
		s.tap("S2", "4")
		s.tap("S2", "标注不符")
		s.tap("S2", "快报〔2026〕1号")
		s.until("2026-10-08 09:00") // the liaison hears in working hours
		s.tap("L1", "填写")
		s.tap("L1", "仍报无情况")
		s.types("L1", "已核对，见快报。") // why there is nothing to report all the same
		s.tap("L1", "预览")
		s.tap("L1", "报送")
		s.types("L1", "情况已在快报中报告。")

		s.recorded("P2", "incident-officer")
		s.recorded("S2", "incident-office")
		s.recorded("B1", "incident-leader")
		s.recorded("L1", "incident-liaison")
	})
}

// A nil report on the day of an incident is asked about, and confirmed or filled in.
func TestNilOnTheDayOfAnIncident(t *testing.T) {
	onDuty(t, func(s *scene) {
		s.until("2026-10-01 09:00")
		s.types("P1", "/incident")
		s.tap("P1", "刚刚")
		s.types("P1", "办公楼一层")
		s.types("P1", "消防通道被杂物占用，已当场清理。")
		s.tap("P1", "跳过")
		s.tap("P1", "报送")
		s.until("2026-10-01 15:30")
		s.minutes(1)
		s.tap("P1", "无情况")
		s.tap("P1", "取消")
		s.tap("P1", "无情况")
		s.tap("P1", "确认无情况")
		s.types("S2", "/report")
		s.tap("S2", "2")
		s.recorded("P1", "report-nil-doubted")
	})
}

// English people.
var inEnglish = strings.NewReplacer(
	"zh-Hans", "en", "监督室", "Supervision Office", "样例局", "Sample Bureau", "白样本", "Bai Sample", "安示范", "An Model",
	"周例证", "Zhou Proof", "徐试题", "Xu Test", "钱配置", "Qian Setup", "方样张", "Fang Print", "孙样稿", "Sun Draft", "高示意", "Gao Sign",
)

// Reports, an incident, a return and the closing report in English.
func TestReportsInEnglish(t *testing.T) {
	play(t, "2026-09-30T09:00:00+08:00", func(s *scene) {
		s.enrol(inEnglish.Replace(small))
		s.dutyUnits("Sample Bureau")
		s.rota(week("Sample Bureau", "B1", "P3", "P1", "P2"))
		s.until("2026-10-01 10:00")
		s.types("P1", "/incident")
		s.types("P1", "yesterday 11:10 pm")
		s.types("P1", "Car park of the east service area")
		s.types("P1", "An official car was parked near a scenic spot during a private trip.")
		s.tap("P1", "Skip")
		s.tap("P1", "File it")
		s.until("2026-10-01 14:00")
		s.types("P1", "/report")
		s.tap("P1", "Fill in")
		s.types("P1", "2 6")
		s.types("P1", "many")
		s.types("P1", "3")
		s.tap("P1", "Back")
		s.tap("P1", "Leave as it is")
		s.types("P1", "4")
		s.tap("P1", "File it")
		s.types("P1", "One was left over from last week.")
		s.types("S2", "/report")
		s.tap("S2", "2")
		s.tap("S2", "Return")
		s.types("S2", "Please check the number of units.")
		s.minutes(5)
		s.tap("P1", "Correct")
		s.tap("P1", "Change")
		s.tap("P1", "Units checked: 6 units")
		s.types("P1", "7")
		s.phone("P1").SendPhoto(shot(t, 1), "")
		s.settle()
		s.tap("P1", "File it") // what was explained is not asked again

		s.until("2026-10-02 15:30")
		s.minutes(1)
		s.tap("P2", "Nothing to report")
		s.minutes(1)
		s.tap("P2", "Undo")
		s.tap("P2", "Nothing to report")
		s.types("P2", "/report")
		s.until("2026-10-03 15:30")
		s.minutes(1)
		s.tap("P1", "Nothing to report")
		s.types("S2", "/report")
		s.tap("S2", "Accept all nil reports here (2)")

		s.until("2026-10-10 10:00") // the closing report, with its sums
		s.minutes(5)
		s.tap("L1", "Check and file")
		s.tap("L1", "File it")
		s.types("L1", "/report") // goes on
		s.tap("L1", "The figures are right")
		s.types("L1", "/report")
		s.recorded("P1", "report-english")
		s.recorded("P2", "report-nil-english")
		s.recorded("S2", "report-review-english")
		s.recorded("L1", "report-closing-english")
		s.balanced()
	})
}

// The closing report after the block: filled in with the sums of the dailies, a figure
// that differs from them is asked about.
func TestClosingReportTranscript(t *testing.T) {
	onDuty(t, func(s *scene) {
		for n, day := range []string{"01", "02", "03", "04"} {
			id := []reminders.PersonID{"P1", "P2"}[n%2]
			s.until("2026-10-" + day + " 15:30")
			s.minutes(1)
			if n == 2 {
				s.tap(id, "无情况")
				continue
			}
			s.tap(id, "填报")
			s.types(id, "1 4 2 1")
			s.tap(id, "报送")
		}
		s.until("2026-10-10 10:00")
		s.minutes(5)
		s.types("L1", "/report")
		s.tap("L1", "核对报送")
		s.tap("L1", "修改")
		s.tap("L1", "发现问题：6 个")
		s.types("L1", "7")
		s.tap("L1", "补充")
		s.tap("L1", "总体情况")
		s.types("L1", "假期平稳有序。")
		s.tap("L1", "报送")
		s.types("L1", "其中 1 个问题在假期后核实。")
		s.recorded("L1", "report-closing")
	})
}
