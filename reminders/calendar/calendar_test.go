package calendar_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// shipped reads the calendars that ship with the program.
func shipped(t testing.TB) []calendar.Arrangement {
	t.Helper()
	names, err := filepath.Glob("../../content/calendars/*.json")
	if err != nil || len(names) < 3 {
		t.Fatalf("calendars: %v, %v", names, err)
	}
	var years []calendar.Arrangement
	for _, name := range names {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		read, err := calendar.ParseBuiltin(file)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		years = append(years, read...)
	}
	return years
}

// china is the calendar that ships with the program.
func china(t testing.TB) *calendar.Calendar {
	t.Helper()
	return built(t, shipped(t)...)
}

func TestLaterArrangementReplacesEarlier(t *testing.T) {
	c := built(t, arranged(2027, off("元旦", "2027-01-01")), arranged(2027, off("元旦", "2027-01-04")))
	if c.IsWorkday(date("2027-01-04")) || !c.IsWorkday(date("2027-01-01")) {
		t.Error("the earlier arrangement still counts")
	}
	if diff := cmp.Diff([]int{2027}, c.Years()); diff != "" {
		t.Errorf("years (-want +got):\n%s", diff)
	}
}

func TestDateThatTwoYearsList(t *testing.T) {
	work := arranged(2026, makeUp("元旦", "2026-12-31"))
	rest := arranged(2027, off("元旦", "2026-12-31"))
	guess := rest
	guess.Status = calendar.Provisional
	otherGuess := work
	otherGuess.Status = calendar.Provisional
	both := []struct {
		name   string
		years  []calendar.Arrangement
		isWork bool
	}{
		{"the newer notice counts", []calendar.Arrangement{work, rest}, false},
		{"whatever the order", []calendar.Arrangement{rest, work}, false},
		{"but not a guess against a notice", []calendar.Arrangement{work, guess}, true},
		{"of two guesses the later", []calendar.Arrangement{otherGuess, guess}, false},
	}
	for _, tt := range both {
		t.Run(tt.name, func(t *testing.T) {
			if got := built(t, tt.years...).IsWorkday(date("2026-12-31")); got != tt.isWork {
				t.Errorf("workday %t", got)
			}
		})
	}
}

func TestNewRefuses(t *testing.T) {
	noStatus := arranged(2027)
	noStatus.Status = ""
	tests := []struct {
		name string
		in   calendar.Arrangement
		key  string
	}{
		{"no year", arranged(0), "calendar.year"},
		{"no status", noStatus, "calendar.status"},
		{"a day of another year", arranged(2027, off("元旦", "2028-06-01")), "calendar.row.year"},
		{"a day that does not exist", arranged(2027, []calendar.Day{{Name: "元旦", Date: calendar.Date{Year: 2027, Month: 2, Day: 30}}}), "calendar.row.year"},
		{"off and work on one day", arranged(2027, off("元旦", "2027-01-01"), makeUp("元旦", "2027-01-01")), "calendar.contradiction"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := calendar.New(shanghai, tt.in)
			if c != nil || reminders.KindOf(err) != reminders.Invalid || reminders.MessageOf(err).Key != tt.key {
				t.Errorf("New = %v, %v; want %s", c, err, tt.key)
			}
		})
	}
	if c, err := calendar.New(nil); c != nil || reminders.KindOf(err) != reminders.Internal {
		t.Errorf("without a location: %v, %v", c, err)
	}
}

// TestArrangementIsACopy makes sure that a caller cannot change a calendar.
func TestArrangementIsACopy(t *testing.T) {
	c := built(t, arranged(2027, off("元旦", "2027-01-01")))
	a, ok := c.Arrangement(2027)
	if !ok || len(a.Days) != 1 {
		t.Fatalf("Arrangement = %v, %t", a, ok)
	}
	a.Days[0].Name = "changed"
	if again, _ := c.Arrangement(2027); again.Days[0].Name != "元旦" {
		t.Error("the calendar changed")
	}
	if _, ok := c.Arrangement(2028); ok {
		t.Error("2028 has an arrangement")
	}
	if c.Location() != shanghai {
		t.Errorf("location %v", c.Location())
	}
}

func TestMissing(t *testing.T) {
	guess, confirmed := arranged(2027), arranged(2027)
	guess.Status, confirmed.Status, confirmed.Confirmed = calendar.Provisional, calendar.Provisional, true
	official := []calendar.Arrangement{arranged(2026), arranged(2027)}
	tests := []struct {
		name    string
		years   []calendar.Arrangement
		at      string
		year    int
		missing bool
	}{
		{"November: there is still time", []calendar.Arrangement{arranged(2026), guess}, "2026-11-30T23:59:59+08:00", 2026, false},
		{"from 1 December in the zone of the place", []calendar.Arrangement{arranged(2026), guess}, "2026-11-30T16:00:00Z", 2027, true},
		{"statutory days are not an arrangement, confirmed or not", []calendar.Arrangement{arranged(2026), confirmed}, "2026-12-01T09:00:00+08:00", 2027, true},
		{"a year that is not there at all", []calendar.Arrangement{arranged(2026)}, "2026-12-31T09:00:00+08:00", 2027, true},
		{"the arrangement is there", official, "2026-12-31T09:00:00+08:00", 2027, false},
		{"New Year's Day does not silence it", []calendar.Arrangement{arranged(2026), guess}, "2027-01-01T09:00:00+08:00", 2027, true},
		{"an admin's decision does", []calendar.Arrangement{arranged(2026), confirmed}, "2027-01-01T09:00:00+08:00", 2027, false},
		{"nothing is missing in the year itself", official, "2027-06-01T09:00:00+08:00", 2027, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			at, err := time.Parse(time.RFC3339, tt.at)
			if err != nil {
				t.Fatal(err)
			}
			year, missing := built(t, tt.years...).Missing(at)
			if year != tt.year || missing != tt.missing {
				t.Errorf("Missing = %d, %t; want %d, %t", year, missing, tt.year, tt.missing)
			}
		})
	}
}
