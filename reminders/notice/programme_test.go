package notice_test

import (
	"strings"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// sound is a programme of one row, from which the bad ones differ in one place.
const sound = `
[[row]]
name     = "letter"
kind     = "unit-notice"
at       = { day = ["7 days before"], hour = "09:00" }
rest_day = "preceding workday"
to       = ["liaison"]
expects  = "acknowledgement-per-unit"
due      = { day = ["3 workdays later", "last workday before"], hour = "18:00" }
grace    = "90m"
closes   = { day = ["first workday after"], hour = "10:00" }
until    = { day = ["last workday before"], hour = "18:00" }

  [[row.ladder]]
  name   = "letter-chase"
  action = "chase"
  to     = "liaison"
  at     = { day = ["due day"], hour = "10:00" }
`

func TestParseProgramme(t *testing.T) {
	p, err := notice.ParseProgramme([]byte(sound))
	if err != nil {
		t.Fatal(err)
	}
	row := p.Rows[0]
	if row.Grace != 90*time.Minute || row.Kind != notice.UnitNotice || len(row.Due.Days) != 2 || len(row.Ladder) != 1 {
		t.Errorf("%+v", row)
	}
	if p.Quiet != notice.DefaultQuiet() || p.Budget != notice.DefaultBudget() {
		t.Errorf("without their tables, quiet hours are %v and the budget %v", p.Quiet, p.Budget)
	}
}

// Quiet hours and budget are data as well, and the rows are held against them.
func TestParseProgrammeRestraint(t *testing.T) {
	p, err := notice.ParseProgramme([]byte(`
[quiet]
from = "22:30"
to   = "06:00"
[budget]
official = 1
liaison  = 3
leader   = 2
per_day  = 2
` + strings.Replace(sound, `hour = "09:00"`, `hour = "22:00"`, 1)))
	if err != nil {
		t.Fatal(err)
	}
	if want := (notice.Quiet{From: 22*60 + 30, To: 6 * 60}); p.Quiet != want {
		t.Errorf("quiet %v", p.Quiet)
	}
	if want := (notice.Budget{Official: 1, Liaison: 3, Leader: 2, PerDay: 2}); p.Budget != want {
		t.Errorf("budget %v", p.Budget)
	}
}

// Whatever does not hold together is refused with the row and the field, so that
// whoever edits the file finds the place.
func TestParseProgrammeRefuses(t *testing.T) {
	recurring := "\n[[row]]\nname = \"digest\"\nkind = \"digest\"\nrest_day = \"skip\"\nto = [\"head\"]\nexpects = \"nothing\"\nevery = "
	for _, row := range []struct {
		name     string
		old, new string // what differs from the sound programme; an empty old is appended to
		want     string
	}{
		{"not TOML", "[[row]]", "[row", "toml: line"},
		{"wrong type", `to       = ["liaison"]`, `to = 3`, "toml: line"},
		{"no row", sound, "", "there is no row"},
		{"unknown table", "", "\n[quite]\nfrom = \"20:00\"", `unknown field "quite"`},
		{"unknown field", `grace `, `grave `, `unknown field "row.grave"`},
		{"unknown field of an instant", `hour = "18:00" }`, `hours = "18:00" }`, `unknown field "row.due.hours"`},
		{"no name", `"letter"`, `""`, `row 1: name: "" is not a name`},
		{"name with a slash", `"letter"`, `"a/b"`, `row 1 (a/b): name: "a/b" is not a name`},
		{"name used twice", `"letter-chase"`, `"letter"`, `row 1 (letter): ladder 1: name: "letter" is used twice`},
		{"name used by another row", "", sound, `row 2 (letter): name: "letter" is used twice`},
		{"unknown kind", `"unit-notice"`, `"letter"`, `row 1 (letter): kind: "letter" is not one of review, unit-notice,`},
		{"chase as a row", `"unit-notice"`, `"chase"`, `row 1 (letter): kind: "chase" is not one of`},
		{"unknown rule for rest days", `"preceding workday"`, `"next workday"`, `row 1 (letter): rest_day: "next workday" is not one of preceding workday, skip`},
		{"unknown role", `["liaison"]`, `["everyone"]`, `row 1 (letter): to: "everyone" is not one of official,`},
		{"nobody", `["liaison"]`, `[]`, `row 1 (letter): to: is missing`},
		{"unknown answer", `"acknowledgement-per-unit"`, `"signature"`, `row 1 (letter): expects: "signature" is not one of`},
		{"day that is none", `"7 days before"`, `"a week before"`, `row 1 (letter): at: day: "a week before" is not a day such as`},
		{"day too far away", `"7 days before"`, `"91 days before"`, `the number runs from 1 to 90`},
		{"day zero", `"7 days before"`, `"0 days before"`, `the number runs from 1 to 90`},
		{"day in the wrong number", `"7 days before"`, `"7 day before"`, `write "1 day", but "2 days"`},
		{"calendar days after", `"7 days before"`, `"7 days after"`, `only workdays are counted after a block`},
		{"counted from itself", `"7 days before"`, `"3 workdays later"`, `row 1 (letter): at: day: "3 workdays later" cannot be said here`},
		{"counted from due outside a ladder", `["3 workdays later", `, `["due day", `, `row 1 (letter): due: day: "due day" cannot be said here`},
		{"no day", `["7 days before"]`, `[]`, `row 1 (letter): at: day: is missing`},
		{"hour that is none", `"09:00"`, `"9:00"`, `row 1 (letter): at: hour: "9:00" is not a time of the day`},
		{"hour after midnight", `"09:00"`, `"24:00"`, `"24:00" is not a time of the day`},
		{"hour too early", `"09:00"`, `"07:59"`, `row 1 (letter): at: hour: 07:59 lies in the quiet hours from 20:00 to 08:00`},
		{"step too late", `["due day"], hour = "10:00"`, `["due day"], hour = "20:00"`, `row 1 (letter): ladder 1: at: hour: 20:00 lies in the quiet hours`},
		{"no instant", "at       = { day = [\"7 days before\"], hour = \"09:00\" }\n", "", `row 1 (letter): at: a row needs "at" or "every"`},
		{"no until", `until `, `#`, `row 1 (letter): until: is missing`},
		{"no due", `due `, `#`, `row 1 (letter): expects: acknowledgement-per-unit needs "due" and "closes"`},
		{"no closing", `closes `, `#`, `needs "due" and "closes"`},
		{"ladder without an answer", `"acknowledgement-per-unit"`, `"nothing"`, `only an acknowledgement has closes, grace or a ladder`},
		{"grace that is none", `"90m"`, `"soon"`, `row 1 (letter): grace: "soon" is not a duration`},
		{"negative grace", `"90m"`, `"-1h"`, `is not a duration`},
		{"unknown action", `"chase"`, `"call"`, `row 1 (letter): ladder 1: action: "call" is not one of chase, tell`},
		{"unknown level", `to     = "liaison"`, `to = "boss"`, `row 1 (letter): ladder 1: to: "boss" is not one of`},
		{"step without an instant", "  at     = { day = [\"due day\"], hour = \"10:00\" }\n", "", `row 1 (letter): ladder 1: at: is missing`},
		{"due before it is sent", `["3 workdays later", "last workday before"]`, `["8 days before"]`, `row 1 (letter): due: it must come after "at"`},
		{"closed before it is due", `["first workday after"]`, `["5 workdays before"]`, `row 1 (letter): closes: it must come after "due" and its grace`},
		{"worthless when it is sent", `until    = { day = ["last workday before"]`, `until = { day = ["8 days before"]`, `row 1 (letter): until: it must come after "at"`},
		{"step on the day of the row", `["due day"]`, `["same day"]`, `row 1 (letter): ladder 1: the step must come after the day of the row`},
		{"step after the closing", `["due day"]`, `["2 workdays after"]`, `row 1 (letter): ladder 1: the step must come`},
		{"quiet hour that is none", "", "[quiet]\nfrom = \"8pm\"\nto = \"08:00\"", `quiet: from: "8pm" is not a time of the day`},
		{"quiet end that is none", "", "[quiet]\nfrom = \"20:00\"", `quiet: to: "" is not a time of the day`},
		{"quiet for ever", "", "[quiet]\nfrom = \"08:00\"\nto = \"08:00\"", `leaves no hour to send in`},
		{"budget of nothing", "", "[budget]\nofficial = 2\nliaison = 4\nleader = 4", `budget: official, liaison, leader and per_day are numbers from 1 upwards`},
		{"recurring and placed", `to       = ["liaison"]`, "to = [\"liaison\"]\nevery = \"0 9 * * *\"", `row 1 (letter): every: a row has either "at" or "every", not both`},
		{"recurring and due", `to       = ["liaison"]`, "to = [\"liaison\"]\nevery = \"0 9 * * *\"", `a recurring row asks for nothing`},
		{"not cron", "", recurring + `"every day"`, `row 2 (digest): every: "every day"`},
		{"every minute", "", recurring + `"* * * * *"`, `name one minute and one hour`},
		{"twice a day", "", recurring + `"0 9,15 * * *"`, `name one minute and one hour`},
		{"at night", "", recurring + `"0 3 * * *"`, `row 2 (digest): every: 03:00 lies in the quiet hours`},
		{"zone of its own", "", recurring + `"TZ=UTC 0 9 * * *"`, `only the five fields`},
		{"zone without an end", "", recurring + `"TZ=UTC"`, `only the five fields`},
		{"interval", "", recurring + `"@every 1h"`, `only the five fields`},
	} {
		t.Run(row.name, func(t *testing.T) {
			text := sound + row.new
			if row.old != "" {
				text = strings.Replace(sound, row.old, row.new, 1)
			}
			p, err := notice.ParseProgramme([]byte(text))
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Fatalf("error %v\ndoes not say %s", err, row.want)
			}
			if reminders.KindOf(err) != reminders.Invalid || len(p.Rows) != 0 {
				t.Errorf("kind %s, %d rows", reminders.KindOf(err), len(p.Rows))
			}
		})
	}
}

// All faults are told at once.
func TestParseProgrammeTellsAll(t *testing.T) {
	text := strings.NewReplacer(`"7 days before"`, `"7 moons before"`, `"liaison"`, `"boss"`, `grace `, `grave `).Replace(sound)
	_, err := notice.ParseProgramme([]byte(text))
	for _, want := range []string{"7 moons before", `to: "boss"`, "row.grave"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %s", err, want)
		}
	}
}

// A day is written as it is read.
func TestParseDayRoundTrip(t *testing.T) {
	for text, want := range map[string]notice.Day{
		"14 days before":       {Anchor: notice.DaysBefore, Count: 14},
		"1 day before":         {Anchor: notice.DaysBefore, Count: 1},
		"last workday before":  {Anchor: notice.WorkdaysBefore, Count: 1},
		"2 workdays before":    {Anchor: notice.WorkdaysBefore, Count: 2},
		"first workday after":  {Anchor: notice.WorkdaysAfter, Count: 1},
		"3 workdays after":     {Anchor: notice.WorkdaysAfter, Count: 3},
		"same day":             {Anchor: notice.WorkdaysLater},
		"1 workday later":      {Anchor: notice.WorkdaysLater, Count: 1},
		"due day":              {Anchor: notice.AfterDue},
		"2 workdays after due": {Anchor: notice.AfterDue, Count: 2},
	} {
		got, err := notice.ParseDay(text)
		if err != nil || got != want || got.String() != text {
			t.Errorf("%q: %+v %q, %v", text, got, got, err)
		}
	}
	if day, err := notice.ParseDay("1 workday before"); err != nil || day.String() != "last workday before" {
		t.Errorf("%q, %v", day, err)
	}
}

// No input crashes the parser, and what it accepts can be planned: keys are
// unique and nothing is sent in quiet time.
func FuzzParseProgramme(f *testing.F) {
	f.Add(read(f, "../../content/programme/default.toml"))
	f.Add([]byte(sound))
	f.Add([]byte("[[row]]\nevery = \"TZ=\""))
	f.Add([]byte("[quiet]\nfrom = \"00:00\"\nto = \"23:59\""))
	loc := place(f, "Asia/Shanghai")
	cal := newCalendar(f, loc, calendar.Arrangement{Year: 2026, Status: calendar.Official, Days: []calendar.Day{
		{Name: "国庆节", Date: calendar.Date{Year: 2026, Month: 10, Day: 1}, Off: true},
		{Name: "国庆节", Date: calendar.Date{Year: 2026, Month: 10, Day: 2}, Off: true},
		{Name: "国庆节", Date: calendar.Date{Year: 2026, Month: 9, Day: 27}, Off: false},
	}})
	f.Fuzz(func(t *testing.T, file []byte) {
		p, err := notice.ParseProgramme(file)
		if err != nil {
			if reminders.KindOf(err) != reminders.Invalid {
				t.Fatalf("kind of %v", err)
			}
			return
		}
		items := notice.Plan(p, cal, reminders.Window{
			From: time.Date(2026, 8, 1, 0, 0, 0, 0, loc), To: time.Date(2026, 11, 1, 0, 0, 0, 0, loc),
		})
		if len(byKey(items)) != len(items) {
			t.Fatal("two items with one key")
		}
		for _, item := range items {
			if d := p.Quiet.Allows(cal, item.At, reminders.LaneBroadcast); !d.Allowed {
				t.Fatalf("%s at %v: %s", item.Key, item.At, d.Reason)
			}
		}
	})
}
