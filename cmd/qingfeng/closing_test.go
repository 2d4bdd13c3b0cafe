package main

import (
	"bytes"
	"image/color"
	"image/png"
	"slices"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// days are the daily reports of some days of October: in time, late, missed.
func days(counts ...[3]int) (all []report.DayTally) {
	for i, c := range counts {
		all = append(all, report.DayTally{
			Day:   calendar.Date{Year: 2026, Month: 10, Day: i + 1},
			Tally: report.Tally{Expected: c[0] + c[1] + c[2], OnTime: c[0], Late: c[1], Missed: c[2], Sums: map[string]int{}},
		})
	}
	return all
}

// The picture shows as much of each colour as there are reports, is the same for the same
// days, and small enough to be shown as a picture.
func TestChart(t *testing.T) {
	week := days([3]int{6, 0, 0}, [3]int{4, 1, 1}, [3]int{5, 1, 0}, [3]int{6, 0, 0}, [3]int{3, 2, 1}, [3]int{6, 0, 0}, [3]int{5, 0, 1})
	picture, err := drawDays(week)
	if err != nil {
		t.Fatal(err)
	}
	again, err := drawDays(week)
	if err != nil || !bytes.Equal(picture, again) {
		t.Errorf("drawn again it is another picture, %v", err)
	}
	drawn, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[color.RGBA]int{}
	for x := range drawn.Bounds().Dx() {
		for y := range drawn.Bounds().Dy() {
			r, g, b, a := drawn.At(x, y).RGBA()
			seen[color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), uint8(a >> 8)}]++
		}
	}
	one := seen[color.RGBA(missedColour)] / 3
	for name, row := range map[string]struct {
		colour color.RGBA
		want   int
	}{"in time": {color.RGBA(onTimeColour), 35}, "late": {color.RGBA(lateColour), 4}} {
		if got := seen[row.colour]; one == 0 || got < one*row.want*9/10 || got > one*row.want*11/10 {
			t.Errorf("%s: %d pixels, want about %d times %d", name, got, row.want, one)
		}
	}
	if len(picture) > 200<<10 {
		t.Errorf("the picture has %d bytes", len(picture))
	}
}

// Two days, nothing filed and a hundred units are drawn too.
func TestChartOfExtremes(t *testing.T) {
	for name, all := range map[string][]report.DayTally{
		"two days": days([3]int{1, 0, 0}, [3]int{0, 1, 0}), "nothing": days([3]int{}), "many": slices.Repeat(days([3]int{70, 20, 10}, [3]int{94, 3, 3}), 8),
	} {
		if picture, err := drawDays(all); err != nil || len(picture) == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The scale has whole steps and reaches the highest bar.
func TestAxis(t *testing.T) {
	for most, want := range map[int][2]int{1: {1, 1}, 6: {6, 1}, 7: {8, 2}, 12: {12, 2}, 13: {15, 5}, 100: {100, 20}, 1234: {1500, 500}} {
		if top, step := axis(most); top != want[0] || step != want[1] {
			t.Errorf("%d: up to %d by %d, want %v", most, top, step, want)
		}
	}
}
