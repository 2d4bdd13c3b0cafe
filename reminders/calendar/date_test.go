package calendar_test

import (
	"encoding/json"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// date reads a date that a test is sure of.
func date(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// zone loads a zone that the embedded database has.
func zone(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return loc
}

var shanghai = zone("Asia/Shanghai")

func TestParseDateReadsWhatStringWrites(t *testing.T) {
	for _, s := range []string{"2027-02-06", "2028-02-29", "0001-01-01", "9999-12-31"} {
		d, err := calendar.ParseDate(s)
		if err != nil || d.String() != s {
			t.Errorf("ParseDate(%q) = %v, %v", s, d, err)
		}
	}
}

func TestParseDateRefuses(t *testing.T) {
	for _, s := range []string{
		"2027-11-31", // there is no 31 November
		"2027-02-29", // not a leap year
		"2027-2-6",   // one spelling only
		"2027-02-06T00:00:00Z", "20270206", "0000-01-01", "", "today",
	} {
		d, err := calendar.ParseDate(s)
		if reminders.KindOf(err) != reminders.Invalid || reminders.MessageOf(err).Key != "calendar.date" || !d.IsZero() {
			t.Errorf("ParseDate(%q) = %v, %v; want an Invalid error", s, d, err)
		}
	}
}

func TestDateOfIsTheDateOnTheWall(t *testing.T) {
	// 17:00 in London is already the next day in Shanghai.
	at := time.Date(2027, 2, 5, 17, 0, 0, 0, time.UTC)
	if got := calendar.DateOf(at, shanghai); got != date("2027-02-06") {
		t.Errorf("in Shanghai it is %v", got)
	}
	if got := calendar.DateOf(at, time.UTC); got != date("2027-02-05") {
		t.Errorf("in UTC it is %v", got)
	}
}

func TestDateCounts(t *testing.T) {
	tests := []struct {
		from string
		n    int
		to   string
	}{
		{"2026-12-31", 1, "2027-01-01"},  // over the year
		{"2028-02-28", 1, "2028-02-29"},  // leap day
		{"2027-03-01", -1, "2027-02-28"}, // no leap day
		{"2026-09-25", 0, "2026-09-25"},
		{"2027-02-06", 365, "2028-02-06"},
		{"0001-01-01", 3652058, "9999-12-31"}, // longer than a time.Duration
	}
	for _, tt := range tests {
		if got := date(tt.from).AddDays(tt.n); got != date(tt.to) {
			t.Errorf("%s + %d days = %v, want %s", tt.from, tt.n, got, tt.to)
		}
		if got := date(tt.to).Sub(date(tt.from)); got != tt.n {
			t.Errorf("%s - %s = %d, want %d", tt.to, tt.from, got, tt.n)
		}
	}
}

func TestDateOrder(t *testing.T) {
	ordered := []string{"2026-09-25", "2026-09-26", "2026-10-01", "2027-01-01"}
	for i, a := range ordered {
		for j, b := range ordered {
			x, y := date(a), date(b)
			if x.Before(y) != (i < j) || x.After(y) != (i > j) || (x.Compare(y) == 0) != (i == j) {
				t.Errorf("%s and %s: before %t, after %t, compare %d", a, b, x.Before(y), x.After(y), x.Compare(y))
			}
		}
	}
	if got := date("2027-02-06").Weekday(); got != time.Saturday {
		t.Errorf("2027-02-06 is a %v", got)
	}
}

func TestDateInJSON(t *testing.T) {
	type record struct {
		Day   calendar.Date `json:"day"`
		Other calendar.Date `json:"other,omitzero"`
	}
	text, err := json.Marshal(record{Day: date("2027-02-06")})
	if err != nil || string(text) != `{"day":"2027-02-06"}` {
		t.Fatalf("Marshal = %s, %v", text, err)
	}
	var back record
	if err := json.Unmarshal(text, &back); err != nil || back.Day != date("2027-02-06") || !back.Other.IsZero() {
		t.Errorf("Unmarshal = %v, %v", back, err)
	}
	if text, err := json.Marshal(calendar.Date{}); err != nil || string(text) != `""` {
		t.Errorf("the zero date is %s, %v", text, err)
	}
	if err := json.Unmarshal([]byte(`{"day":""}`), &back); err != nil || !back.Day.IsZero() {
		t.Errorf("an empty text is %v, %v", back.Day, err)
	}
	if err := json.Unmarshal([]byte(`{"day":"2027-11-31"}`), &back); err == nil {
		t.Error("31 November was read")
	}
	if _, err := json.Marshal(calendar.Date{Year: 2027, Month: 11, Day: 31}); err == nil {
		t.Error("31 November was written")
	}
}

func TestAtWhereClocksChange(t *testing.T) {
	tests := []struct {
		name, zone, date string
		hour, minute     int
		want             string
	}{
		{"ordinary", "Asia/Shanghai", "2026-09-25", 9, 0, "2026-09-25T09:00:00+08:00"},
		{"midnight", "Asia/Shanghai", "2026-09-25", 0, 0, "2026-09-25T00:00:00+08:00"},
		{"hour 24 is the next midnight", "Asia/Shanghai", "2026-12-31", 24, 0, "2027-01-01T00:00:00+08:00"},
		{"before the gap", "America/New_York", "2027-03-14", 1, 59, "2027-03-14T01:59:00-05:00"},
		{"start of the gap", "America/New_York", "2027-03-14", 2, 0, "2027-03-14T03:00:00-04:00"},
		{"inside the gap: the first instant after it", "America/New_York", "2027-03-14", 2, 30, "2027-03-14T03:00:00-04:00"},
		{"end of the gap", "America/New_York", "2027-03-14", 3, 0, "2027-03-14T03:00:00-04:00"},
		{"doubled: the first of both", "America/New_York", "2027-11-07", 1, 30, "2027-11-07T01:30:00-04:00"},
		{"start of the doubled hour", "America/New_York", "2027-11-07", 1, 0, "2027-11-07T01:00:00-04:00"},
		{"after the doubled hour", "America/New_York", "2027-11-07", 2, 0, "2027-11-07T02:00:00-05:00"},
		{"the gap swallows midnight", "America/Sao_Paulo", "2018-11-04", 0, 0, "2018-11-04T01:00:00-02:00"},
		{"a gap of half an hour", "Australia/Lord_Howe", "2026-10-04", 2, 15, "2026-10-04T02:30:00+11:00"},
		{"the gap is a whole day", "Pacific/Apia", "2011-12-30", 9, 0, "2011-12-31T00:00:00+14:00"},
		{"Shanghai had summer time", "Asia/Shanghai", "1988-04-17", 2, 30, "1988-04-17T03:00:00+09:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := date(tt.date).At(tt.hour, tt.minute, zone(tt.zone))
			if got.Format(time.RFC3339) != tt.want {
				t.Errorf("At = %s, want %s", got.Format(time.RFC3339), tt.want)
			}
		})
	}
}

// TestAtIsTheFirstInstant holds At to its promise around the changes of zones that
// change in all ways: the clock shows the wanted time and did not show it before, or
// it jumps over the wanted time at this very instant.
func TestAtIsTheFirstInstant(t *testing.T) {
	zones := []string{
		"America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Sao_Paulo",
		"Africa/Casablanca", "Asia/Shanghai", "Pacific/Apia", "UTC",
	}
	wall := func(t time.Time) string { return t.Format(time.DateTime) }
	rapid.Check(t, func(t *rapid.T) {
		loc := zone(rapid.SampledFrom(zones).Draw(t, "zone"))
		near := time.Unix(rapid.Int64Range(0, 2_000_000_000).Draw(t, "near"), 0).In(loc)
		if change, _ := near.ZoneBounds(); !change.IsZero() {
			near = change.In(loc).Add(time.Duration(rapid.IntRange(-200, 200).Draw(t, "minutes")) * time.Minute)
		}
		d, hour, minute := calendar.DateOf(near, loc), near.Hour(), near.Minute()
		if rapid.Bool().Draw(t, "skip") {
			hour++ // perhaps into a gap
		}
		want := wall(time.Date(d.Year, d.Month, d.Day, hour, minute, 0, 0, time.UTC))
		got := d.At(hour, minute, loc)
		if wall(got) < want || wall(got) != want && wall(got.Add(-time.Second)) >= want {
			t.Fatalf("%v %02d:%02d in %v is %v", d, hour, minute, loc, got)
		}
		for back := time.Minute; back <= 3*time.Hour; back += time.Minute {
			if wall(got.Add(-back)) == want {
				t.Fatalf("%v %02d:%02d in %v is %v, but clocks showed it %v earlier", d, hour, minute, loc, got, back)
			}
		}
	})
}
