package notice_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/content"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// shipped reads the programme and the calendars that the program ships with.
func shipped(t testing.TB) (notice.Programme, *calendar.Calendar) {
	t.Helper()
	p, err := notice.ParseProgramme(read(t, "../../content/programme/default.toml"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../../content/calendars/*.json")
	if err != nil {
		t.Fatal(err)
	}
	var arrangements []calendar.Arrangement
	for _, file := range files {
		read, err := calendar.ParseBuiltin(read(t, file))
		if err != nil {
			t.Fatal(err)
		}
		arrangements = append(arrangements, read...)
	}
	return p, newCalendar(t, place(t, "Asia/Shanghai"), arrangements...)
}

func read(t testing.TB, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func place(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func newCalendar(t testing.TB, loc *time.Location, arrangements ...calendar.Arrangement) *calendar.Calendar {
	t.Helper()
	cal, err := calendar.New(loc, arrangements...)
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

// years is the window from the start of one year until the end of another.
func years(loc *time.Location, first, last int) reminders.Window {
	return reminders.Window{
		From: time.Date(first, 1, 1, 0, 0, 0, 0, loc),
		To:   time.Date(last+1, 1, 1, 0, 0, 0, 0, loc),
	}
}

// ofOccasions leaves out what recurs.
func ofOccasions(items []notice.Item) []notice.Item {
	return slices.DeleteFunc(slices.Clone(items), func(i notice.Item) bool { return i.ReasonName == notice.RecurringRow })
}

// byKey finds items by what stands in their keys.
func byKey(items []notice.Item) map[string]notice.Item {
	found := map[string]notice.Item{}
	for _, item := range items {
		found[item.Key] = item
	}
	return found
}

// summary writes the items of one occasion as a row of the table above.
func summary(items map[string]notice.Item, block string) programmeOf {
	at := func(name, hour string) string { return short(items[block+"/"+name].At, hour) }
	return programmeOf{
		block:  block,
		review: at("review", "09:00"), reviewDue: short(items[block+"/review"].Due, "18:00"),
		unit: at("unit-notice", "09:00"), unitDue: short(items[block+"/unit-notice"].Due, "18:00"),
		unitChase: at("unit-chase", "10:00"), unitLeader: at("unit-leader", "10:00"),
		ready: at("readiness", "09:00"), readyLast: at("readiness-last-workday", "09:00"),
		reminder: at("holiday-reminder", "09:00"), chase: at("chase", "10:00"),
		closes: at("closing-summary", "10:00"),
	}
}

// short is an instant without the hour that everybody expects.
func short(t time.Time, hour string) string {
	return strings.TrimSuffix(t.Format("2006-01-02 15:04"), " "+hour)
}

// The default programme comes to exactly what the product page says, for every
// occasion of an official year, of the year before, and of a provisional one.
func TestPlanOfThreeYears(t *testing.T) {
	p, cal := shipped(t)
	items := ofOccasions(notice.Plan(p, cal, reminders.Window{
		From: time.Date(2024, 12, 1, 0, 0, 0, 0, cal.Location()),
		To:   time.Date(2027, 12, 1, 0, 0, 0, 0, cal.Location()),
	}))
	keyed := byKey(items)
	const perOccasion = 9
	if len(items) != perOccasion*len(byHand) || len(keyed) != len(items) {
		t.Errorf("%d items with %d keys for %d occasions of %d", len(items), len(keyed), len(byHand), perOccasion)
	}
	for _, want := range byHand {
		t.Run(want.block, func(t *testing.T) {
			got := summary(keyed, want.block)
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(programmeOf{})); diff != "" {
				t.Errorf("by hand -, by the program +\n%s", diff)
			}
			for _, name := range []string{"unit-notice", "holiday-reminder"} {
				item := keyed[want.block+"/"+name]
				if got := short(item.Closes, "10:00"); got != want.closes {
					t.Errorf("%s closes %s, not %s", name, got, want.closes)
				}
			}
			reminder := keyed[want.block+"/holiday-reminder"]
			if got := short(reminder.Due, "18:00"); got != want.readyLast {
				t.Errorf("reminder due %s, not on the last workday %s", got, want.readyLast)
			}
		})
	}
}

// An occasion of a year without an arrangement is planned and marked, and waits
// for an admin; an official one does not wait.
func TestPlanMarksProvisional(t *testing.T) {
	p, cal := shipped(t)
	for _, item := range notice.Plan(p, cal, years(cal.Location(), 2026, 2027)) {
		provisional := item.At.Year() == 2027 || strings.HasPrefix(item.Key, "2027-")
		if item.Provisional != provisional {
			t.Errorf("%s: provisional %t", item.Key, item.Provisional)
		}
		if want := !provisional || item.ReasonName == notice.RecurringRow && item.Kind != notice.CasePush; item.Released() != want {
			t.Errorf("%s: released %t", item.Key, item.Released())
		}
	}
}

// The personal reminder in full: what the desk, the obligations and the reader of
// a plan are told about it.
func TestPlanItemInFull(t *testing.T) {
	p, cal := shipped(t)
	keyed := byKey(notice.Plan(p, cal, years(cal.Location(), 2026, 2026)))
	at := func(month time.Month, day, hour int) time.Time {
		return time.Date(2026, month, day, hour, 0, 0, 0, cal.Location())
	}
	const block = "2026-mid-autumn+national-day"
	want := notice.Item{
		Key: block + "/holiday-reminder", At: at(9, 22, 9), Kind: notice.HolidayReminder, Block: block,
		Audience: reminders.Audience{Roles: []reminders.Role{reminders.Official}},
		Expects:  notice.ExpectPerPerson, Due: at(9, 24, 18), Closes: at(10, 8, 10),
		Ladder: []obligation.Step{{Name: "chase", At: at(9, 24, 10), Action: obligation.Chase, To: reminders.Official}},
		Until:  at(9, 24, 18), By: notice.ByDesk, ReasonName: notice.FirstSend,
	}
	got := keyed[want.Key]
	want.Occasion, want.Why = got.Occasion, got.Why // the sentence has a test of its own
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if n := len(got.Occasion.Blocks); n != 2 {
		t.Errorf("the occasion has %d blocks", n)
	}
	chase := notice.Item{
		Key: block + "/chase", At: at(9, 24, 10), Kind: notice.Chase, Block: block, Occasion: got.Occasion,
		Audience: want.Audience, Expects: notice.ExpectNothing, Due: at(9, 24, 18), Until: at(9, 24, 18),
		By: notice.ByLadder, Of: want.Key, ReasonName: notice.ChaseOwner,
	}
	chase.Why = keyed[chase.Key].Why
	if diff := cmp.Diff(chase, keyed[chase.Key]); diff != "" {
		t.Error(diff)
	}
}

// The reason names the rule, the day it gives and where a rest day moved it.
func TestPlanReasons(t *testing.T) {
	p, cal := shipped(t)
	keyed := byKey(notice.Plan(p, cal, years(cal.Location(), 2026, 2026)))
	for key, want := range map[string]struct {
		name   notice.ReasonName
		reason string
	}{
		"2026-dragon-boat/holiday-reminder": {notice.FirstSend, "3 days before the block, the last workday before the block, whichever is earlier: 16 Jun, 09:00"},
		"2026-spring-festival/review":       {notice.FirstSend, "14 days before the block: 30 Jan, 09:00; 1 Feb is a rest day, hence the workday before it"},
		"2026-dragon-boat/unit-chase":       {notice.ChaseOwner, "the day on which it is due: 17 Jun, 10:00; only to those outstanding, once"},
		"2026-dragon-boat/unit-leader":      {notice.TellLevel, "1 workday after it is due: 18 Jun, 10:00; to the next level, where something is outstanding"},
		"2026-qingming/unit-chase": {notice.JoinsDigest, "the day on which it is due: 1 Apr, 10:00; only to those outstanding, once; " +
			"joins the integrity reminder at 09:00, so that it stays one message that day"},
		"2026-mid-autumn+national-day/closing-summary": {notice.FirstSend, "the first workday after the last block: 8 Oct, 10:00"},
		"2026-09-22/digest":                            {notice.RecurringRow, "every workday at 09:00"},
	} {
		got := keyed[key]
		if reason := inEnglish(t, cal, got.Why); reason != want.reason || got.ReasonName != want.name {
			t.Errorf("%s:\n got %s: %s\nwant %s: %s", key, got.ReasonName, reason, want.name, want.reason)
		}
	}
}

// inEnglish puts a message into the words of the English catalogue.
func inEnglish(t *testing.T, cal *calendar.Calendar, m reminders.Message) string {
	t.Helper()
	texts, err := content.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := bot.NewWords(texts.Catalogue(), reminders.English, cal.Location()).Plain(m)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// The head's digest comes on every workday, make-up workdays included, and is
// worthless once the evening is quiet.
func TestPlanDigests(t *testing.T) {
	p, cal := shipped(t)
	var digests int
	for _, item := range notice.Plan(p, cal, years(cal.Location(), 2026, 2026)) {
		if item.Kind != notice.Digest {
			continue
		}
		digests++
		day := calendar.DateOf(item.At, cal.Location())
		if !cal.IsWorkday(day) || item.At.Hour() != 9 || item.Until != day.At(20, 0, cal.Location()) || item.Block != "" {
			t.Errorf("%s at %v until %v", item.Key, item.At, item.Until)
		}
	}
	// 261 weekdays, 19 of the 33 days off fall on a weekday and 6 make-up days
	// on a weekend.
	if digests != 248 {
		t.Errorf("%d digests in 2026", digests)
	}
}

// Where the last workday is also the day of the reminder, nobody is chased on it;
// where two readiness rows meet, the newer one is enough.
func TestPlanDropsWhatComesTooClose(t *testing.T) {
	p, _ := shipped(t)
	loc := place(t, "Asia/Shanghai")
	// The block is 7 to 12 April, with its weekend; its last workday is Monday 6 April.
	arrangement := calendar.Arrangement{Year: 2026, Status: calendar.Official}
	for day := 7; day <= 10; day++ {
		arrangement.Days = append(arrangement.Days, calendar.Day{
			Name: "清明节", Date: calendar.Date{Year: 2026, Month: 4, Day: day}, Off: true,
		})
	}
	cal := newCalendar(t, loc, arrangement)
	for n, row := range p.Rows {
		switch row.Name {
		case "holiday-reminder": // the day of its chase
			p.Rows[n].At.Days = []notice.Day{{Anchor: notice.DaysBefore, Count: 1}}
		case "readiness": // the day of the row that says it anew
			p.Rows[n].At.Days = []notice.Day{{Anchor: notice.WorkdaysBefore, Count: 1}}
		}
	}
	items := notice.Plan(p, cal, years(loc, 2026, 2026))
	keyed := byKey(items)
	if _, chased := keyed["2026-qingming/chase"]; chased {
		t.Error("chased on the day of the reminder")
	}
	if reminder := keyed["2026-qingming/holiday-reminder"]; len(reminder.Ladder) != 0 || reminder.At.Day() != 6 {
		t.Errorf("reminder at %v with ladder %v", reminder.At, reminder.Ladder)
	}
	if _, twice := keyed["2026-qingming/readiness"]; twice {
		t.Error("readiness twice on one day")
	}
	if _, once := keyed["2026-qingming/readiness-last-workday"]; !once {
		t.Error("no readiness at all")
	}
}

// Where few workdays are left, a unit has until the last of them, is not chased on
// the day of its notice, and no leader is told on the day on which it closes.
func TestPlanWithFewWorkdaysLeft(t *testing.T) {
	p, _ := shipped(t)
	loc := place(t, "Asia/Shanghai")
	for n, row := range p.Rows {
		if row.Name == "unit-notice" {
			p.Rows[n].At.Days = []notice.Day{{Anchor: notice.WorkdaysBefore, Count: 1}}
		}
	}
	cal := newCalendar(t, loc, calendar.Arrangement{Year: 2026, Status: calendar.Official, Days: []calendar.Day{
		{Name: "国庆节", Date: calendar.Date{Year: 2026, Month: 10, Day: 1}, Off: true},
	}})
	unit := byKey(notice.Plan(p, cal, years(loc, 2026, 2026)))["2026-national-day/unit-notice"]
	if got := short(unit.Due, ""); got != "2026-09-30 18:00" {
		t.Errorf("due %s", got)
	}
	if len(unit.Ladder) != 0 {
		t.Errorf("ladder %v", unit.Ladder)
	}
}

// An hour is that of the wall clock, on both sides of a change of the clocks.
func TestPlanAcrossChangeOfClocks(t *testing.T) {
	p, _ := shipped(t)
	loc := place(t, "Europe/Berlin")
	// Clocks go forward on Sunday 29 March 2026. The invented holiday is Friday 3 April
	// with the following Monday.
	cal := newCalendar(t, loc, calendar.Arrangement{Year: 2026, Status: calendar.Official, Days: []calendar.Day{
		{Name: "清明节", Date: calendar.Date{Year: 2026, Month: 4, Day: 3}, Off: true},
		{Name: "清明节", Date: calendar.Date{Year: 2026, Month: 4, Day: 6}, Off: true},
	}})
	keyed := byKey(notice.Plan(p, cal, years(loc, 2026, 2026)))
	for key, want := range map[string]string{
		"2026-qingming/unit-notice":      "2026-03-27T09:00:00+01:00",
		"2026-qingming/unit-chase":       "2026-04-01T10:00:00+02:00",
		"2026-qingming/holiday-reminder": "2026-03-31T09:00:00+02:00",
		"2026-qingming/closing-summary":  "2026-04-07T10:00:00+02:00",
		"2026-03-27/digest":              "2026-03-27T09:00:00+01:00",
		"2026-03-30/digest":              "2026-03-30T09:00:00+02:00",
	} {
		if got := keyed[key].At.Format(time.RFC3339); got != want {
			t.Errorf("%s at %s, not %s", key, got, want)
		}
	}
	if len(notice.CheckBudget(p, cal, notice.Plan(p, cal, years(loc, 2026, 2026)))) != 0 {
		t.Error("outside the budget")
	}
}

// A window is half-open, and an empty one has no items.
func TestPlanWindow(t *testing.T) {
	p, cal := shipped(t)
	at := time.Date(2026, 9, 22, 9, 0, 0, 0, cal.Location())
	for _, row := range []struct {
		name   string
		window reminders.Window
		want   []string
	}{
		{"the first instant belongs to it", reminders.Window{From: at, To: at.Add(1)}, []string{
			"2026-09-22/digest", "2026-mid-autumn+national-day/holiday-reminder", "2026-mid-autumn+national-day/unit-chase",
		}},
		{"the last does not", reminders.Window{From: at.Add(-time.Hour), To: at}, nil},
		{"a fraction of a second later", reminders.Window{From: at.Add(1), To: at.Add(time.Hour)}, nil},
		{"in another zone", reminders.Window{From: at.UTC(), To: at.UTC().Add(1)}, []string{
			"2026-09-22/digest", "2026-mid-autumn+national-day/holiday-reminder", "2026-mid-autumn+national-day/unit-chase",
		}},
		{"empty", reminders.Window{From: at, To: at}, nil},
		{"backwards", reminders.Window{From: at, To: at.Add(-1000 * time.Hour)}, nil},
		{"a closing long after its programme began", reminders.Window{
			From: time.Date(2026, 10, 8, 10, 0, 0, 0, cal.Location()), To: time.Date(2026, 10, 8, 10, 0, 0, 1, cal.Location()),
		}, []string{"2026-mid-autumn+national-day/closing-summary"}},
	} {
		var got []string
		for _, item := range notice.Plan(p, cal, row.window) {
			got = append(got, item.Key)
		}
		if diff := cmp.Diff(row.want, got); diff != "" {
			t.Errorf("%s: %s", row.name, diff)
		}
	}
}

func BenchmarkPlanYear(b *testing.B) {
	p, cal := shipped(b)
	w := years(cal.Location(), 2026, 2026)
	for b.Loop() {
		if len(notice.Plan(p, cal, w)) == 0 {
			b.Fatal("no items")
		}
	}
}

// How often a row recurs is told as its expression has it.
func TestRhythms(t *testing.T) {
	p, cal := shipped(t)
	want := map[notice.Kind]string{notice.Digest: "why.recurring", notice.CasePush: "why.weekly", notice.Burden: "why.monthly"}
	got := map[notice.Kind]string{}
	for _, item := range notice.Plan(p, cal, years(cal.Location(), 2026, 2027)) {
		if item.ReasonName == notice.RecurringRow {
			got[item.Kind] = item.Why.Key
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
