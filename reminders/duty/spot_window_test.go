package duty_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
)

// between is a shift of a person between two instants.
func between(officer reminders.PersonID, from, to time.Time) duty.Shift {
	return duty.Shift{Start: from, End: to, Officer: officer}
}

// The window is the hours of the day within the block, while somebody is on the roster
// that counts and can still answer before the end of the shift.
func TestSpotWindow(t *testing.T) {
	block := reminders.Window{From: oct(1, 0, 0), To: oct(3, 0, 0)} // 1 and 2 October
	tests := []struct {
		name   string
		shifts []duty.Shift
		spared reminders.PersonID
		want   string
	}{
		{"day and night: the hours of both days", []duty.Shift{
			between("A", oct(1, 8, 0), oct(2, 8, 0)), between("B", oct(2, 8, 0), oct(3, 8, 0)),
		}, "", "20261001T0100Z+720 20261002T0100Z+720"},
		{"office hours: not in the last half hour", []duty.Shift{
			between("A", oct(1, 8, 30), oct(1, 17, 30)),
		}, "", "20261001T0100Z+480"},
		{"two shifts on a day: not in the last half hour of the first", []duty.Shift{
			between("A", oct(1, 8, 0), oct(1, 14, 0)), between("B", oct(1, 14, 0), oct(1, 20, 0)),
		}, "", "20261001T0100Z+270 20261001T0600Z+330"},
		{"nights only: nowhere", []duty.Shift{between("A", oct(1, 21, 0), oct(2, 8, 0))}, "", ""},
		{"the eve and the day after are not of the block", []duty.Shift{
			between("A", oct(1, 8, 0).AddDate(0, 0, -1), oct(1, 8, 0)), between("B", oct(3, 8, 0), oct(4, 8, 0)),
		}, "", ""},
		{"nothing filed: the hours of all days", nil, "", "20261001T0100Z+720 20261002T0100Z+720"},
		{"who was checked last is spared", []duty.Shift{
			between("A", oct(1, 8, 0), oct(2, 8, 0)), between("B", oct(2, 8, 0), oct(3, 8, 0)),
		}, "A", "20261002T0100Z+720"},
		{"but not if that would press the check into a corner", []duty.Shift{
			between("A", oct(1, 8, 0), oct(2, 8, 0)), between("A", oct(2, 8, 0), oct(2, 18, 0)), between("B", oct(2, 18, 0), oct(2, 22, 0)),
		}, "A", "20261001T0100Z+720 20261002T0100Z+510 20261002T1000Z+180"},
	}
	for _, test := range tests {
		got := duty.SpotWindowOf(test.shifts, block, duty.DefaultSpotRules(), test.spared)
		wants(t, test.name, test.want, got.String())
	}
}

// Whatever is filed, sparing somebody leaves at least half of the time, and the window
// never leaves the hours of the day or the time of the shifts.
func TestSparingLeavesHalf(t *testing.T) {
	block := reminders.Window{From: oct(1, 0, 0), To: oct(8, 0, 0)}
	rules := duty.DefaultSpotRules()
	rapid.Check(t, func(t *rapid.T) {
		var shifts []duty.Shift
		at := oct(1, 0, 0)
		for range rapid.IntRange(1, 20).Draw(t, "shifts") {
			at = at.Add(time.Duration(rapid.IntRange(0, 300).Draw(t, "gap")) * time.Minute)
			end := at.Add(time.Duration(rapid.IntRange(1, 1440).Draw(t, "length")) * time.Minute)
			shifts = append(shifts, between(rapid.SampledFrom([]reminders.PersonID{"A", "B"}).Draw(t, "officer"), at, end))
			at = end
		}
		all := duty.SpotWindowOf(shifts, block, rules, "")
		rest := duty.SpotWindowOf(shifts, block, rules, "A")
		if 2*rest.Minutes() < all.Minutes() {
			t.Fatalf("%d of %d minutes are left", rest.Minutes(), all.Minutes())
		}
		for n := range all.Minutes() {
			if n%37 != 0 {
				continue
			}
			moment := minute(all, n)
			if h := moment.Hour(); h < 9 || h >= 21 || !block.Contains(moment) {
				t.Fatalf("%v is possible", moment)
			}
			if !onDuty(shifts, moment, rules.Answer) {
				t.Fatalf("nobody could answer at %v", moment)
			}
		}
	})
}

// minute gives minute n of a window.
func minute(w duty.SpotWindow, n int) time.Time {
	for _, span := range w {
		if length := int(span.Length() / time.Minute); n >= length {
			n -= length
			continue
		}
		return span.From.Add(time.Duration(n) * time.Minute)
	}
	return time.Time{}
}

// onDuty reports whether a shift contains the instant and a while after it.
func onDuty(shifts []duty.Shift, at time.Time, while time.Duration) bool {
	for _, s := range shifts {
		if s.Window().Contains(at) && !s.End.Before(at.Add(while)) {
			return true
		}
	}
	return false
}

// Units whose last check is longest ago go first; equals are drawn by the secret; 0 draws
// all.
func TestDrawLots(t *testing.T) {
	last := map[reminders.UnitID]time.Time{
		"a": oct(1, 0, 0), "b": {}, "c": oct(2, 0, 0), "d": {}, "e": {},
	}
	wants(t, "all", []reminders.UnitID{"a", "b", "c", "d", "e"}, duty.DrawLots(last, 0, "s"))
	wants(t, "more than there are", 5, len(duty.DrawLots(last, 9, "s")))
	wants(t, "four: the never drawn, then the longest ago", []reminders.UnitID{"a", "b", "d", "e"}, duty.DrawLots(last, 4, "s"))
	seen := map[reminders.UnitID]int{}
	for n := range 300 {
		one := duty.DrawLots(last, 1, duty.SpotSecret(reminders.HashText(string(rune(n)))))
		seen[one[0]]++
	}
	if len(seen) != 3 || seen["b"] < 50 || seen["d"] < 50 || seen["e"] < 50 {
		t.Errorf("drawn: %v", seen)
	}
}
