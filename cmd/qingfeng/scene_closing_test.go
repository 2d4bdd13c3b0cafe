package main

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// district is an office with three units that keep rosters and one that keeps none. P5
// never opens the invitation.
const district = `
S1,高示意,监督室,主任,head,zh-Hans
S2,周例证,监督室,主任科员,staff,zh-Hans
A1,钱配置,监督室,管理员,admin,zh-Hans
U1,Vera Control,审计室,审计员,auditor,en
L1,白样本,样例局,副主任,liaison,zh-Hans
B1,安示范,样例局,局长,leader,zh-Hans
P1,方样张,样例局,科长,official,zh-Hans
P2,孙样稿,样例局,科员,official,zh-Hans
L2,何范本,示例委,副主任,liaison,zh-Hans
B2,唐假设,示例委,主任,leader,zh-Hans
P4,李例句,示例委,科员,official,zh-Hans
P5,吴待定,示例委,科员,official,zh-Hans
L3,许例文,例样站,副站长,liaison,zh-Hans
B3,袁示图,例样站,站长,leader,zh-Hans
`

// filesOf gives the files of the newest messages from the bot: pictures and documents.
func (s *scene) filesOf(id reminders.PersonID, since int) (files map[string][]byte) {
	s.t.Helper()
	files = map[string][]byte{}
	for n, m := range s.fromBot(id) {
		if n < since || m.FileID == "" {
			continue
		}
		name := "photo"
		if m.Document != nil {
			name = m.Document.Name
		}
		content, found := s.server.Content(m.FileID)
		if !found {
			s.t.Fatalf("%s has no content", name)
		}
		files[name] = content
	}
	return files
}

// fromBot lists the messages from the bot in a chat.
func (s *scene) fromBot(id reminders.PersonID) []sandbox.Message {
	return slices.DeleteFunc(s.phone(id).Messages(), func(m sandbox.Message) bool { return !m.FromBot })
}

// labels are the labels of the buttons below the newest message.
func (s *scene) labels(id reminders.PersonID) (labels []string) {
	for _, row := range s.last(id).Buttons {
		for _, button := range row {
			labels = append(labels, button.Text)
		}
	}
	return labels
}

// byName fails unless the units named among texts stand in the order of their names.
func (s *scene) byName(where string, texts []string) {
	s.t.Helper()
	var named []string
	for _, text := range texts {
		for _, unit := range []string{"例样站", "样例局", "示例委"} {
			if strings.HasPrefix(text, unit) {
				named = append(named, unit)
			}
		}
	}
	if len(named) != 3 || !slices.IsSorted(named) {
		s.t.Errorf("%s: the units stand as %v", where, named)
	}
}

// daily files a daily report of a unit at the instant at which the scene is.
func (s *scene) daily(unit string, by reminders.PersonID, values report.Values) {
	s.t.Helper()
	draft := report.Draft{Kind: report.Daily, Unit: s.unitID(unit), Day: calendar.DateOf(s.clock.Now(), s.loc), Nil: values == nil, Values: values}
	draft.FormVersion = s.live.reports.Forms.Daily.Version
	err := s.live.store.Do(context.Background(), func(tx reminders.Tx) error {
		_, err := s.live.reports.Submit(tx, draft, by)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.settle()
}

// unitID is the identifier of a unit.
func (s *scene) unitID(name string) (id reminders.UnitID) {
	s.t.Helper()
	err := s.live.store.View(context.Background(), func(tx reminders.Tx) error {
		units, err := s.live.reg.AllUnits(tx)
		for _, u := range units {
			if u.Name == name {
				id = u.ID
			}
		}
		return err
	})
	if err != nil || id == "" {
		s.t.Fatal(name, err)
	}
	return id
}

// found reports what a unit's checks of a day found.
func found(groups, units, problems, fixed int) report.Values {
	return report.Values{
		"groups": report.NumberOf(groups), "units": report.NumberOf(units), "problems": report.NumberOf(problems), "fixed": report.NumberOf(fixed),
	}
}

// National Day 2026 as the office sees it: readiness, the board, one unit day by day, and
// the closing summary, whose totals tie to the daily reports.
func TestClosing(t *testing.T) {
	play(t, "2026-09-16T09:00:00+08:00", func(s *scene) {
		s.enrol(district, "P5")
		s.dutyUnits("样例局", "示例委", "例样站")
		s.until("2026-09-18 10:15") // rosters are asked for
		s.types("S2", "/status")
		s.until("2026-09-20 09:05") // readiness
		s.rota(week("样例局", "B1", "", "P1", "P2"))
		short := strings.Split(week("示例委", "B2", "", "P4", "P5"), "\n")
		s.rota(strings.Join(slices.Delete(short, 2, 3), "\n")) // nobody on 3 October
		s.until("2026-09-24 09:05")                            // readiness on the last workday
		s.tap("S2", "查看值班表")
		s.until("2026-10-01 08:05")
		s.tap("P1", "接班")
		s.until("2026-10-01 10:00")
		s.types("S2", "/status")
		s.types("U1", "/status")
		s.types("L1", "/unit")
		s.playWeek()
		s.closing()
		for id, name := range map[reminders.PersonID]string{"S2": "closing-staff", "U1": "closing-auditor", "L1": "closing-liaison"} {
			s.recorded(id, name)
		}
		s.balanced()
	})
}

// playWeek files the daily reports: 样例局 in time, once late, once with an incident; 示例委
// reports every other day and misses the rest.
func (s *scene) playWeek() {
	s.t.Helper()
	for day := 1; day <= 7; day++ {
		date := "2026-10-0" + strconv.Itoa(day)
		officer := []reminders.PersonID{"P2", "P1"}[day%2]
		if day > 1 {
			s.until(date + " 08:10")
			s.tap(officer, "接班")
		}
		s.until(date + " 15:00")
		switch day {
		case 2:
			s.daily("样例局", officer, found(2, 6, 3, 2))
		case 4:
			s.until(date + " 18:00")
			s.daily("样例局", officer, nil)
			s.types("S2", "/status")
		case 5:
			s.incident("样例局", officer)
			s.daily("样例局", officer, found(1, 4, 1, 1))
			s.types("S2", "/status")
			s.tap("S2", "按单位查看：国庆值班")
			s.byName("units of the board", s.labels("S2"))
			s.tap("S2", "样例局（5/5）")
			s.tap("S2", "10月5日（按时）")
			s.tap("S2", "返回")
			s.tap("S2", "10月4日（逾期）")
		default:
			s.daily("样例局", officer, nil)
		}
		if day%2 == 1 && day != 3 {
			s.daily("示例委", "P4", nil)
		}
	}
}

// incident reports an incident of now.
func (s *scene) incident(unit string, by reminders.PersonID) {
	s.t.Helper()
	draft := report.Draft{
		Unit: s.unitID(unit), FormVersion: s.live.reports.Forms.Incident.Version,
		Values: report.Values{"time": {At: s.clock.Now()}, "course": {Text: "示例电梯停运"}},
	}
	err := s.live.store.Do(context.Background(), func(tx reminders.Tx) error {
		_, err := s.live.reports.Incident(tx, draft, by)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.settle()
}

// closing reads the summary on the first workday after.
func (s *scene) closing() {
	s.t.Helper()
	before := len(s.fromBot("S2"))
	s.until("2026-10-08 10:00")
	s.reads("S2", "日报应报 13 份：按时 9，逾期 1，缺报 3")
	s.reads("S2", "发现问题 4")
	got := s.filesOf("S2", before)
	if len(got["photo"]) == 0 || len(got) != 2 {
		s.t.Fatalf("%d files", len(got))
	}
	s.ties(got["closing-2026-10-07.xlsx"])
	s.again(got)
	s.tap("S2", "按单位查看：国庆值班")
	s.byName("units of the summary", s.labels("S2"))
	s.types("L1", "/unit")
	s.tap("L1", "按天查看：国庆值班")
	s.tap("L1", "班次统计")
	s.types("B2", "/unit")
	s.tap("B2", "按天查看：国庆值班")
	s.reads("B2", "示例委")
	if slices.Contains(s.labels("B2"), "班次统计") {
		s.t.Error("a leader is shown how often people are on duty")
	}
}

// again fails unless the same record makes the same files.
func (s *scene) again(sent map[string][]byte) {
	s.t.Helper()
	cal := s.live.years.Calendar()
	blocks := cal.Blocks(calendar.Date{Year: 2026, Month: 9, Day: 20}, calendar.Date{Year: 2026, Month: 10, Day: 5})
	made, err := closings{s.live.office}.Closing(context.Background(), blocks)
	if err != nil || len(made.Files) != 2 {
		s.t.Fatal(made.Files, err)
	}
	for i, name := range []string{"photo", "closing-2026-10-07.xlsx"} {
		if want := reminders.HashText(string(sent[name])); made.Files[i].Hash != want {
			s.t.Errorf("%s: made again it is %s instead of %s", name, made.Files[i].Hash, want)
		}
	}
}

// ties fails unless the spreadsheet adds up: units, days and totals to the lines of the
// book and to the daily reports.
func (s *scene) ties(file []byte) {
	s.t.Helper()
	sheets, err := sheet.ReadSheets("closing.xlsx", file)
	if err != nil || len(sheets) != 4 {
		s.t.Fatalf("%d sheets, %v", len(sheets), err)
	}
	table := func(n int) (rows [][]string) {
		for _, row := range sheets[n].Rows {
			var cells []string
			for i := range row.Len() {
				cells = append(cells, row.TextAt(i))
			}
			rows = append(rows, cells)
		}
		return rows
	}
	total := map[string]int{}
	for _, row := range table(0)[1:] {
		total[row[0]], _ = strconv.Atoi(row[1])
	}
	var units []string
	for n, rows := range map[string][][]string{"units": table(1), "days": table(2)} {
		for column, head := range rows[0][1:] {
			sum := 0
			for _, row := range rows[1:] {
				count, err := strconv.Atoi(row[column+1])
				if err != nil {
					s.t.Errorf("%s: %q is no count", n, row[column+1])
				}
				sum += count
			}
			if sum != total[head] {
				s.t.Errorf("%s: %s adds up to %d, the total is %d", n, head, sum, total[head])
			}
		}
	}
	for _, row := range table(1)[1:] {
		units = append(units, row[0])
	}
	s.byName("sheet of units", units)
	if incidents := table(3); len(incidents) != 2 || incidents[1][1] != "样例局" {
		s.t.Errorf("incidents: %q", incidents)
	}
	if diff := cmp.Diff(s.counted(), []int{
		total["应报日报 / Daily reports expected"], total["按时 / In time"], total["逾期 / Late"], total["缺报 / Missed"],
		total["收到日报 / Received"], total["发现问题 / Problems found"],
	}); diff != "" {
		s.t.Errorf("the totals (-recorded +sheet):\n%s", diff)
	}
}

// counted counts the lines of the book and the daily reports themselves.
func (s *scene) counted() []int {
	s.t.Helper()
	lines, filed, problems := obligation.Tally{}, 0, 0
	err := s.live.store.View(context.Background(), func(tx reminders.Tx) error {
		terms, err := s.live.store.AllTerms(tx)
		if err != nil {
			return err
		}
		for _, one := range terms {
			if one.Kind != report.KindDaily {
				continue
			}
			all, _, _, err := s.live.book.Count(tx, one)
			if err != nil {
				return err
			}
			for state, n := range all {
				lines[state] += n
			}
		}
		dailies, err := s.live.reports.List(tx, report.Filter{
			From: calendar.Date{Year: 2026, Month: 9, Day: 1}, To: calendar.Date{Year: 2026, Month: 10, Day: 31}, Kind: report.Daily,
		})
		for _, r := range dailies {
			n, _ := r.Latest().Values.Count("problems")
			filed, problems = filed+1, problems+n
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return []int{lines.Total(), lines[obligation.Met], lines[obligation.Late], lines[obligation.Missed], filed, problems}
}
