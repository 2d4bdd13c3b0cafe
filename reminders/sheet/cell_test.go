package sheet_test

import (
	"strings"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// cellOf gives a row whose cell "x" holds the text, as a CSV file gives it.
func cellOf(t *testing.T, text string) sheet.Row {
	t.Helper()
	file := "y,x\n1,\"" + strings.ReplaceAll(text, `"`, `""`) + "\"\n"
	table, _, err := sheet.Read("a.csv", []byte(file), []sheet.Column{{Name: "y", Required: true}, {Name: "x"}})
	if err != nil || len(table.Rows) != 1 {
		t.Fatalf("Read: %v", err)
	}
	return table.Rows[0]
}

func TestDate(t *testing.T) {
	for _, text := range []string{
		"2026-10-01", "2026-10-1", "2026/10/1", "2026.10.01", "2026年10月1日", "2026年 10月 1日 ", "２０２６－１０－０１",
		"20261001", "2026-10-01 08:00", "2026-10-01T08:00:00", "2026年10月1日（周四）", "2026年10月1日 星期四",
		"46296", "46296.333", // serial numbers of that day
	} {
		got, err := cellOf(t, text).Date("x")
		if want := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC); err != nil || !got.Equal(want) {
			t.Errorf("Date of %q: %v, %v", text, got, err)
		}
	}
}

func TestDateRefuses(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", "sheet.date_missing"},
		{"tomorrow", "sheet.date_wrong"},
		{"26-10-01", "sheet.date_wrong"},   // two digits name no year
		{"10/01/2026", "sheet.date_wrong"}, // month or day first is a guess
		{"2026-02-30", "sheet.date_wrong"}, // no such day
		{"2026-13-01", "sheet.date_wrong"},
		{"2026-10-01x", "sheet.date_wrong"},
		{"5", "sheet.date_wrong"}, // a serial number of 1900 is a slip
		{"99999", "sheet.date_wrong"},
		{"NaN", "sheet.date_wrong"},
	}
	for _, tt := range tests {
		_, err := cellOf(t, tt.text).Date("x")
		if got := reminders.MessageOf(err).Key; got != tt.want {
			t.Errorf("Date of %q: text %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestTime(t *testing.T) {
	tests := []struct {
		text string
		want time.Duration
	}{
		{"08:00", 8 * time.Hour},
		{"8:00:00", 8 * time.Hour},
		{"8：30", 8*time.Hour + 30*time.Minute},
		{"8时30分", 8*time.Hour + 30*time.Minute},
		{"8点", 8 * time.Hour},
		{"23:59", 23*time.Hour + 59*time.Minute},
		{"00:00", 0},
		{"0", 0},
		{"24:00", 24 * time.Hour}, // end of the day
		{"0.3333333333", 8 * time.Hour},
		{"46296.75", 18 * time.Hour}, // an instant: its time of day
	}
	for _, tt := range tests {
		got, err := cellOf(t, tt.text).Time("x")
		if err != nil || got != tt.want {
			t.Errorf("Time of %q: %v, %v", tt.text, got, err)
		}
	}
}

func TestTimeRefuses(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", "sheet.time_missing"},
		{"8", "sheet.time_wrong"}, // an hour or a serial day, who knows
		{"24:01", "sheet.time_wrong"},
		{"12:60", "sheet.time_wrong"},
		{"morning", "sheet.time_wrong"},
		{"-0.5", "sheet.time_wrong"},
		{"Inf", "sheet.time_wrong"},
	}
	for _, tt := range tests {
		_, err := cellOf(t, tt.text).Time("x")
		if got := reminders.MessageOf(err).Key; got != tt.want {
			t.Errorf("Time of %q: text %q, want %q", tt.text, got, tt.want)
		}
	}
}

// TestForeignColumn: a column that the file lacks is empty, never a panic.
func TestForeignColumn(t *testing.T) {
	var zero sheet.Row
	for _, row := range []sheet.Row{zero, cellOf(t, "1")} {
		if row.Text("z") != "" {
			t.Error("a foreign column has a text")
		}
		if _, err := row.Date("z"); err == nil {
			t.Error("a foreign column has a date")
		}
		if _, err := row.Time("z"); err == nil {
			t.Error("a foreign column has a time")
		}
	}
}

func FuzzCell(f *testing.F) {
	for _, s := range []string{"2026-10-01", "46296.5", "08:00", "1e308", "NaN", "=\"007\"", "'=1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file := "y,x\n1," + strings.NewReplacer(",", " ", "\n", " ", "\r", " ", `"`, " ").Replace(text) + "\n"
		table, _, err := sheet.Read("a.csv", []byte(file), []sheet.Column{{Name: "y", Required: true}, {Name: "x"}})
		if err != nil || len(table.Rows) == 0 {
			return
		}
		row := table.Rows[0]
		if day, err := row.Date("x"); err == nil && (day.Hour() != 0 || day.Location() != time.UTC || day.Year() < 1900) {
			t.Errorf("%q is the day %v", text, day)
		}
		if span, err := row.Time("x"); err == nil && (span < 0 || span > 24*time.Hour || span%time.Minute != 0) {
			t.Errorf("%q is the time %v", text, span)
		}
	})
}
