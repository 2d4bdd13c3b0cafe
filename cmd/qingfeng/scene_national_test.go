package main

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
)

// bureau is a unit that keeps a roster, and the office that oversees it.
const bureau = `
S1,高示意,监督室,主任,head,zh-Hans
S2,周例证,监督室,主任科员,staff,zh-Hans
L1,白样本,样例局,副主任,liaison,zh-Hans
B1,安示范,样例局,局长,leader,zh-Hans
P1,方样张,样例局,科长,official,zh-Hans
P2,孙样稿,样例局,科员,official,zh-Hans
P3,余举例,样例局,科员,official,zh-Hans
P4,叶样表,样例局,科员,official,zh-Hans
`

// rosterOf is a roster as a liaison writes it: with names, one officer a day.
func rosterOf(first string, officers ...string) string {
	var rows strings.Builder
	rows.WriteString("日期,开始,结束,单位,值班员,带班领导,备班\n")
	var year, month, day int
	_, _ = fmt.Sscanf(first, "%d-%d-%d", &year, &month, &day)
	for n, officer := range officers {
		fmt.Fprintf(&rows, "%d-%02d-%02d,08:00,08:00,样例局,%s,安示范,白样本\n", year, month, day+n, officer)
	}
	return rows.String()
}

// One unit through National Day 2026: the roster is filed in the chat, two colleagues
// swap, one shift is not taken over, three reports have nothing to report, one incident is
// followed to its end, one report is returned and corrected, one is late; then what the
// office and the unit close with. Nobody is asked for more than the budget allows.
func TestNationalDay(t *testing.T) {
	play(t, "2026-09-17T09:00:00+08:00", func(s *scene) {
		s.enrol(bureau)
		s.dutyUnits("样例局")
		s.filesRosters()
		s.midAutumn()
		s.swaps()
		s.nationalDays()
		s.until("2026-10-08 10:00") // closing summary
		s.tap("S2", "按单位查看：国庆值班")
		s.until("2026-10-10 10:00") // closing report
		s.tap("L1", "核对报送")
		s.tap("L1", "报送")
		s.until("2026-10-12 09:00")
		s.recordedTogether("duty-national-day", "L1", "B1", "P1", "P2", "P3", "P4", "S2")
		s.balanced()
	})
}

// filesRosters is the liaison's part: a template, a file with a gap, the file that is
// filed.
func (s *scene) filesRosters() {
	s.until("2026-09-18 10:10")
	s.tap("L1", "领取模板：国庆值班表")
	s.sends("L1", "国庆值班表.csv", rosterOf("2026-10-01", "方样张", "孙样稿", "余举例", "方样张", "孙样稿", "余举例"))
	s.tap("L1", "取消")
	s.sends("L1", "国庆值班表.csv", rosterOf("2026-10-01", "方样张", "孙样稿", "余举例", "方样张", "孙样稿", "余举例", "方样张"))
	s.tap("L1", "报送")
	s.sends("L1", "中秋值班表.csv", rosterOf("2026-09-25", "叶样表", "孙样稿", "余举例"))
	s.tap("L1", "报送")
	s.tap("L1", "已阅：中秋、国庆单位通知")
	s.until("2026-09-22 09:30")
	for _, id := range []reminders.PersonID{"P1", "P2", "P3", "L1", "B1"} {
		s.tap(id, "已阅") // P4 is chased
	}
}

// midAutumn is the holiday before: nothing happens on it.
func (s *scene) midAutumn() {
	for n, officer := range []reminders.PersonID{"P4", "P2", "P3"} {
		day := fmt.Sprintf("2026-09-%d", 25+n)
		s.until(day + " 08:05")
		s.tap(officer, "接班")
		s.until(day + " 15:35")
		s.tap(officer, "无情况")
	}
	s.until("2026-09-30 10:05")
	s.tap("L1", "核对报送")
	s.tap("L1", "报送")
}

// swaps exchanges the shifts of two colleagues: asked, agreed, approved.
func (s *scene) swaps() {
	s.until("2026-09-30 14:00")
	s.types("P2", "/swap")
	s.tap("P2", "10月5日 08:00 值班员")
	s.tap("P2", "与人互换")
	s.tap("P2", "余举例")
	s.tap("P2", "10月6日 08:00 值班员")
	s.tap("P2", "提出换班")
	s.minutes(12)
	s.tap("P3", "同意")
	s.minutes(25)
	s.tap("L1", "批准")
}

// nationalDays are the seven days.
func (s *scene) nationalDays() {
	s.lives("2026-10-01 08:06")
	s.tap("P1", "接班")
	s.lives("2026-10-01 15:34")
	s.tap("P1", "无情况")
	s.lives("2026-10-02 07:35")
	s.types("P1", "/handover")
	s.types("P1", "夜间大门值守正常。")
	s.types("P1", "公车钥匙在传达室，周末检修后登记")
	s.tap("P1", "交班")

	s.lives("2026-10-02 09:20") // nobody took over, but somebody is there
	s.tap("P2", "在岗")
	s.lives("2026-10-02 15:41")
	s.tap("P2", "无情况")

	s.lives("2026-10-03 08:12")
	s.tap("P3", "接班")
	s.lives("2026-10-03 15:33")
	s.tap("P3", "无情况")

	s.incidentDay()

	s.lives("2026-10-05 08:03") // after the swap
	s.tap("P3", "接班")
	s.lives("2026-10-05 17:20") // late
	s.tap("P3", "填报")
	s.types("P3", "1 4 0 0")
	s.tap("P3", "报送")

	s.lives("2026-10-06 08:09")
	s.tap("P2", "接班")
	s.lives("2026-10-06 15:40")
	s.tap("P2", "填报")
	s.types("P2", "2 5 2 2")
	s.tap("P2", "报送")

	s.lives("2026-10-07 08:02")
	s.tap("P1", "接班")
	s.types("P1", "/handover")
	s.tap("P1", "办结 1")
	s.lives("2026-10-07 15:36")
	s.tap("P1", "填报")
	s.types("P1", "1 2 1 1")
	s.tap("P1", "报送")
}

// incidentDay is the fourth of October: an incident with a photo and its end, a report
// that is returned and corrected.
func (s *scene) incidentDay() {
	s.lives("2026-10-04 08:01")
	s.tap("P1", "接班")
	s.lives("2026-10-04 10:30")
	s.types("P1", "/incident")
	s.types("P1", "10:15")
	s.types("P1", "办公楼三层走廊（示例）")
	s.types("P1", "巡查发现走廊水管渗漏，地面有积水，没有人员受影响（示例）。")
	s.types("P1", "已关闭水阀，设置警示标识，联系维修（示例）。")
	s.phone("P1").SendPhoto(shot(s.t, 1), "")
	s.settle()
	s.tap("P1", "报送")
	s.lives("2026-10-04 14:00")
	s.types("P1", "/incident")
	s.tap("P1", "终报")
	s.types("P1", "接头老化，属一般设施故障（示例）")
	s.types("P1", "无")
	s.tap("P1", "报送")
	s.lives("2026-10-04 15:38")
	s.tap("P1", "填报")
	s.types("P1", "1 3 5 2")
	s.tap("P1", "报送")
	s.lives("2026-10-04 16:40")
	s.types("S2", "/report")
	s.tap("S2", "本页无情况均通过（6）")
	s.tap("S2", s.numberOf("S2", "10月4日，有内容"))
	s.tap("S2", "退回")
	s.types("S2", "检查单位 3 家，发现问题 5 个，请核对是否重复计数。")
	s.minutes(15)
	s.tap("P1", "更正")
	s.tap("P1", "修改")
	s.tap("P1", "发现问题：5 个")
	s.types("P1", "3")
	s.tap("P1", "报送")
	s.minutes(10)
	s.types("S2", "/report")
	s.tap("S2", s.numberOf("S2", "10月4日，有内容"))
	s.tap("S2", "通过")
}

// numberOf gives the number of a line in the newest message.
func (s *scene) numberOf(id reminders.PersonID, text string) string {
	s.t.Helper()
	for _, line := range strings.Split(s.last(id).Text, "\n") {
		if number, rest, found := strings.Cut(line, ". "); found && strings.Contains(rest, text) {
			return number
		}
	}
	s.t.Fatalf("no line with %q in:\n%s", text, s.last(id).Text)
	return ""
}

// entryStart is the first line of an entry of a transcript.
var entryStart = regexp.MustCompile(`(?m)^\d{4}-\d\d-\d\d \d\d:\d\d `)

// recordedTogether compares the chats of several people, told in the order of what
// happened, and what they cost each of them, with a golden file. Left out are the
// reminders of all, and Mid-Autumn, on which nothing happens.
func (s *scene) recordedTogether(name string, people ...reminders.PersonID) {
	s.t.Helper()
	var all []string
	for _, id := range people {
		text := invitationCode.ReplaceAllString(s.server.Transcript(s.phone(id)), "CODE")
		starts := append(entryStart.FindAllStringIndex(text, -1), []int{len(text), 0})
		for i, start := range starts[:len(starts)-1] {
			entry := text[start[0]:starts[i+1][0]]
			at, rest := entry[:16], entry[17:]
			if at < "2026-09-18" || at > "2026-09-19" && at < "2026-09-30" {
				continue
			}
			all = append(all, at+" ["+s.phone(id).Name()+"] "+rest)
		}
	}
	slices.SortStableFunc(all, func(a, b string) int { return strings.Compare(a[:16], b[:16]) })
	s.golden(name, strings.Join(all, "")+s.burden(people...))
}

// burden counts what both holidays cost people: messages outside duty, which the budget
// limits to two for an official and four for a liaison or leader, messages of duty,
// answers, and the taps and texts with which they replied.
func (s *scene) burden(people ...reminders.PersonID) string {
	s.t.Helper()
	records, err := s.engine.List(context.Background(), "receipt/", "receipt0", 0)
	if err != nil {
		s.t.Fatal(err)
	}
	pushes, onDuty := map[reminders.PersonID]int{}, map[reminders.PersonID]int{}
	for _, record := range records {
		var r reminders.Receipt
		if err := store.Decode(record.Value, &r); err != nil {
			s.t.Fatal(err)
		}
		switch {
		case r.Act != reminders.ActSend || r.Result != reminders.Sent || r.JoinedTo != "" || r.Lane == reminders.LaneAnswer:
		case r.Lane == reminders.LaneDuty:
			onDuty[r.Person]++
		default:
			pushes[r.Person]++
		}
	}
	var out strings.Builder
	out.WriteString("\n每人收到的消息和操作次数（含中秋、国庆两个假期）\n")
	for _, id := range people {
		text := s.server.Transcript(s.phone(id))
		name := s.phone(id).Name()
		taps, typed := strings.Count(text, " "+name+" taps "), strings.Count(text, " "+name+":\n")-1 // without /start
		most := map[byte]int{'P': 2, 'L': 4, 'B': 4}[id[0]]
		if most > 0 && pushes[id] > most {
			s.t.Errorf("%s received %d messages outside duty, more than %d", id, pushes[id], most)
		}
		budget := ""
		if most > 0 {
			budget = fmt.Sprintf("（上限 %d）", most)
		}
		fmt.Fprintf(&out, "%s：值班以外 %d 条%s，值班 %d 条，点 %d 次，写 %d 次\n", name, pushes[id], budget, onDuty[id], taps, typed)
	}
	return out.String()
}
