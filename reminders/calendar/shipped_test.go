package calendar_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// lines reads a file of testdata without its remarks.
func lines(t *testing.T, name string) []string {
	t.Helper()
	file, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Split(strings.TrimSpace(string(file)), "\n")
	return slices.DeleteFunc(all, func(line string) bool { return strings.HasPrefix(line, "#") })
}

// firstOfLunarMonth decodes the words of testdata/lunar.txt: the first day of the
// ordinary month of that number, which stands before a leap month of the same number.
func firstOfLunarMonth(t *testing.T, year, month int) calendar.Date {
	t.Helper()
	var words []int64
	for _, line := range lines(t, "lunar.txt") {
		for _, word := range strings.Fields(line)[1:] {
			w, err := strconv.ParseInt(word, 16, 64)
			if err != nil {
				t.Fatal(err)
			}
			words = append(words, w)
		}
	}
	d := date("2020-01-25")
	for y := 2020; ; y++ {
		w := words[y-2020]
		leap := int(w & 15)
		for m := 1; m <= 12; m++ {
			if y == year && m == month {
				return d
			}
			d = d.AddDays(29 + int(w>>(16-m)&1))
			if m == leap {
				d = d.AddDays(29 + int(w>>16&1))
			}
		}
	}
}

// statutory lists what the law of 2025 makes holidays in a year, festival by
// festival, from the independent lunar data.
func statutory(t *testing.T, year int) map[calendar.Date]string {
	t.Helper()
	days := map[calendar.Date]string{}
	add := func(first calendar.Date, n int, name string) {
		for i := range n {
			if days[first.AddDays(i)] != "" {
				days[first.AddDays(i)] += "、"
			}
			days[first.AddDays(i)] += name
		}
	}
	add(calendar.Date{Year: year, Month: 1, Day: 1}, 1, "元旦")
	add(firstOfLunarMonth(t, year, 1).AddDays(-1), 4, "春节")
	add(calendar.QingmingDay(year), 1, "清明节")
	add(calendar.Date{Year: year, Month: 5, Day: 1}, 2, "劳动节")
	add(firstOfLunarMonth(t, year, 5).AddDays(4), 1, "端午节")
	add(calendar.Date{Year: year, Month: 10, Day: 1}, 3, "国庆节")
	add(firstOfLunarMonth(t, year, 8).AddDays(14), 1, "中秋节")
	return days
}

func TestStatutoryTableAgreesWithTheMoon(t *testing.T) {
	c := china(t)
	for year := 2027; year <= 2035; year++ {
		a, ok := c.Arrangement(year)
		if !ok || a.Status != calendar.Provisional || a.Confirmed || a.Source == "" {
			t.Errorf("%d: %t, %q, confirmed %t, source %q", year, ok, a.Status, a.Confirmed, a.Source)
		}
		got := map[calendar.Date]string{}
		for _, day := range a.Days {
			if !day.Off {
				t.Errorf("%v is a make-up day, which the law does not know", day.Date)
			}
			got[day.Date] += day.Name
		}
		if diff := cmp.Diff(statutory(t, year), got); diff != "" {
			t.Errorf("%d (-want +got):\n%s", year, diff)
		}
	}
}

// TestDatesThatProgramsGetWrong pins the days at which common libraries fail.
func TestDatesThatProgramsGetWrong(t *testing.T) {
	tests := []struct {
		festival      calendar.Festival
		date, because string
	}{
		{calendar.SpringFestival, "2027-02-06", "new moon three minutes before midnight"},
		{calendar.MidAutumn, "2033-09-08", "the leap month stands after the eleventh, not the seventh"},
	}
	c := china(t)
	for _, tt := range tests {
		block, ok := c.BlockAt(date(tt.date))
		if !ok || !slices.Contains(block.Festivals, tt.festival) || !block.Provisional {
			t.Errorf("%s is %v, want %s: %s", tt.date, block, tt.festival, tt.because)
		}
	}
	if got := firstOfLunarMonth(t, 2027, 1); got != date("2027-02-06") {
		t.Errorf("the independent data has Spring Festival 2027 on %v", got)
	}
	if got := firstOfLunarMonth(t, 2033, 8).AddDays(14); got != date("2033-09-08") {
		t.Errorf("the independent data has Mid-Autumn 2033 on %v", got)
	}
}

func TestOfficialYearsAgreeWithTheNotices(t *testing.T) {
	c := china(t)
	want := map[int]map[calendar.Date]bool{2025: {}, 2026: {}}
	for _, line := range lines(t, "arrangements.txt") {
		f := strings.Fields(line)
		year, err := strconv.Atoi(f[0])
		if err != nil {
			t.Fatal(err)
		}
		first, last := date(f[0]+"-"+f[2]), date(f[0]+"-"+f[3])
		for d := first; !d.After(last); d = d.AddDays(1) {
			want[year][d] = true
		}
		for _, makeUp := range f[4:] {
			want[year][date(f[0]+"-"+makeUp)] = false
		}
		block, ok := c.BlockAt(first)
		got := fmt.Sprint(ok, block.ID, block.First, block.Last, block.Provisional)
		if got != fmt.Sprint(true, f[0]+"-"+f[1], first, last, false) {
			t.Errorf("%s: the block is %s", line, got)
		}
	}
	for year, days := range want {
		a, _ := c.Arrangement(year)
		got := map[calendar.Date]bool{}
		for _, day := range a.Days {
			got[day.Date] = day.Off
		}
		if diff := cmp.Diff(days, got); diff != "" || len(got) != len(a.Days) {
			t.Errorf("%d: %d days (-want +got):\n%s", year, len(a.Days), diff)
		}
		if a.Status != calendar.Official || !strings.Contains(a.Source, "国务院办公厅") || !strings.Contains(a.Source, "content_") {
			t.Errorf("%d: %s, source %q", year, a.Status, a.Source)
		}
	}
}

func TestQingmingRule(t *testing.T) {
	for _, line := range lines(t, "qingming.txt") {
		term := date(strings.Fields(line)[0])
		if got := calendar.QingmingDay(term.Year); got != term {
			t.Errorf("QingmingDay(%d) = %v, the term falls on %s", term.Year, got, line)
		}
	}
	for _, year := range []int{1999, 2100} { // the constants are those of this century
		if got := calendar.QingmingDay(year); !got.IsZero() {
			t.Errorf("QingmingDay(%d) = %v", year, got)
		}
	}
}

func TestParseBuiltinRefuses(t *testing.T) {
	day := `{"name": "清明节", "date": "2032-04-04", "isOffDay": true}`
	tests := []struct{ name, file, key string }{
		{"not JSON", `[{]`, "calendar.json"},
		{"no status", `{"year": 2032, "source": "law", "days": [` + day + `]}`, "calendar.source"},
		{"no source", `{"year": 2032, "status": "provisional", "days": [` + day + `]}`, "calendar.source"},
		{"no year", `[{"status": "provisional", "source": "law", "days": [` + day + `]}]`, "calendar.year"},
		{"no days", `[{"year": 2032, "status": "provisional", "source": "law"}]`, "calendar.empty"},
		{"a wrong day", `{"year": 2032, "status": "provisional", "source": "law", "days": [{"name": "元旦", "date": "2032-13-01", "isOffDay": true}]}`, "calendar.date"},
		{"Qingming a day late", `{"year": 2032, "status": "provisional", "source": "law", "days": [{"name": "清明节", "date": "2032-04-05", "isOffDay": true}]}`, "calendar.qingming"},
		{"not text", "\xff\xfe\xff", "calendar.encoding"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			years, err := calendar.ParseBuiltin([]byte(tt.file))
			if years != nil || reminders.KindOf(err) != reminders.Invalid || reminders.MessageOf(err).Key != tt.key {
				t.Errorf("ParseBuiltin = %v, %v; want %s", years, err, tt.key)
			}
			checkText(t, reminders.MessageOf(err))
		})
	}
}
