package main

import (
	"fmt"
	"math"

	"github.com/go-analyze/charts"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// Size of the chart in pixels: as wide as a phone shows a picture, and sharp there.
const (
	chartWidth  = 1080
	chartHeight = 720
	chartText   = 20 // points
)

// The colours of the chart: blue, orange and black of Okabe and Ito (Color Universal
// Design, 2008), which people tell apart whatever their eyes see, also in grey.
var (
	onTimeColour = charts.ColorRGB(0x00, 0x72, 0xB2)
	lateColour   = charts.ColorRGB(0xE6, 0x9F, 0x00)
	missedColour = charts.ColorRGB(0x20, 0x20, 0x20)
)

// drawDays draws the daily reports of each day as a stacked bar: in time, late, missed,
// from below. It writes digits and dates only, since the library has no font for other
// scripts; the text beside the picture says what the colours mean. Equal days give equal
// bytes.
func drawDays(days []report.DayTally) ([]byte, error) {
	const op = "closing.chart"
	labels, stacks := make([]string, len(days)), make([][]float64, 3)
	most := 1
	for i, d := range days {
		labels[i] = fmt.Sprintf("%d/%d", d.Day.Month, d.Day.Day)
		for n, count := range []int{d.OnTime, d.Late, d.Missed} {
			stacks[n] = append(stacks[n], float64(count))
		}
		most = max(most, d.OnTime+d.Late+d.Missed)
	}
	style := charts.NewFontStyleWithSize(chartText)
	dates := style
	if len(days) > 10 {
		dates.FontSize = chartText * 0.75
	}
	option := charts.NewBarChartOptionWithData(stacks)
	option.StackSeries = charts.Ptr(true)
	option.Theme = charts.GetTheme(charts.ThemeLight).WithSeriesColors([]charts.Color{onTimeColour, lateColour, missedColour})
	option.Padding = charts.NewBox(20, 40, 40, 20)
	option.BarSize = 0.6 * min(1, float64(len(days))/4) // of few days too a bar and not a wall
	option.Legend.Show = charts.Ptr(false)
	option.CategoryAxis.Labels, option.CategoryAxis.LabelFontStyle = labels, dates
	option.CategoryAxis.LabelCount, option.CategoryAxis.BoundaryGap = len(labels), charts.Ptr(true)
	top, step := axis(most)
	option.ValueAxis = []charts.ValueAxisOption{{
		Min: charts.Ptr(0.0), Max: charts.Ptr(float64(top)), LabelCount: top/step + 1, LabelFontStyle: style,
		ValueFormatter: func(v float64) string { return fmt.Sprint(int(math.Round(v))) },
	}}
	painter := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputPNG, Width: chartWidth, Height: chartHeight})
	if err := painter.BarChart(option); err != nil {
		return nil, reminders.Wrap(op, err)
	}
	picture, err := painter.Bytes()
	return picture, reminders.Wrap(op, err)
}

// mostSteps is how many lines the scale of the chart has at most.
const mostSteps = 6

// axis gives the top of an axis of counts that reaches most, and its step: 1, 2 or 5
// times a power of ten, so that no label is a fraction.
func axis(most int) (top, step int) {
	for unit := 1; ; unit *= 10 {
		for _, factor := range []int{1, 2, 5} {
			step = factor * unit
			if (most+step-1)/step <= mostSteps {
				return (most + step - 1) / step * step, step
			}
		}
	}
}
