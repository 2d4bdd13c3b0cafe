package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Where the table and the plot go, seen from this package.
const (
	pageFile = "../../docs/performance.md"
	plotFile = "../../docs/pictures/growth.svg"
)

// The marks in the page between which the table stands.
const (
	tableBegins = "<!-- the table, written by make bench -->\n"
	tableEnds   = "<!-- end of the table -->\n"
)

// write puts the table and, if more than one size was measured, the plot into docs.
func (t *benchTable) write() error {
	page, err := os.ReadFile(pageFile)
	if err != nil {
		return err
	}
	before, rest, found := strings.Cut(string(page), tableBegins)
	_, after, ended := strings.Cut(rest, tableEnds)
	if !found || !ended {
		return errors.New(pageFile + " has no place for the table")
	}
	text := before + tableBegins + "\n" + t.markdown() + "\n" + tableEnds + after
	if err := os.WriteFile(pageFile, []byte(text), 0o644); err != nil { //nolint:gosec // a page for everyone
		return err
	}
	if len(t.scales) < 2 {
		return nil
	}
	return os.WriteFile(filepath.FromSlash(plotFile), []byte(t.plot()), 0o644) //nolint:gosec // the same
}

// plot measures of the growth plot, in the units of the picture.
const (
	plotWide, plotHigh      = 900, 560
	plotLeft, plotRight     = 84, 190
	plotTop, plotBottom     = 56, 76
	plotText, plotLineWidth = 15, 2.5
)

// curve is one line of the plot.
type curve struct {
	name, colour string
	of           func(scale) time.Duration
}

// curves of the plot; the colours are told apart also by those who see red and green
// alike.
var curves = []curve{
	{"publishing", "#0b5fa5", func(s scale) time.Duration { return s.Publish }},
	{"bbolt's insert", "#6f6f6f", func(s scale) time.Duration { return s.Insert }},
	{"/status", "#c8520a", func(s scale) time.Duration { return s.Board }},
	{"start", "#7a3ea1", func(s scale) time.Duration { return s.Open }},
	{"sweep", "#1c7c54", func(s scale) time.Duration { return s.Sweep }},
}

// axes map people and seconds to places in the picture, by their logarithms.
type axes struct{ fromX, toX, fromY, toY float64 } // powers of ten

// axesOf gives axes into which all of the curves fit.
func axesOf(scales []scale) axes {
	a := axes{
		fromX: math.Log10(float64(scales[0].People)), toX: math.Log10(float64(scales[len(scales)-1].People)),
		fromY: math.Inf(1), toY: math.Inf(-1),
	}
	for _, c := range curves {
		for _, s := range scales {
			y := math.Log10(max(c.of(s).Seconds(), 1e-9))
			a.fromY, a.toY = min(a.fromY, math.Floor(y)), max(a.toY, math.Ceil(y))
		}
	}
	return a
}

func (a axes) x(people float64) float64 {
	return plotLeft + (math.Log10(people)-a.fromX)/(a.toX-a.fromX)*(plotWide-plotLeft-plotRight)
}

func (a axes) y(seconds float64) float64 {
	return plotHigh - plotBottom - (math.Log10(max(seconds, 1e-9))-a.fromY)/(a.toY-a.fromY)*(plotHigh-plotTop-plotBottom)
}

// plot draws how the works grow with the people, both on logarithmic axes, with the
// line on which publishing would lie if each person cost what one costs in the
// smallest office.
func (t *benchTable) plot() string {
	var svg strings.Builder
	a := axesOf(t.scales)
	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" font-family="sans-serif" font-size="%d" fill="#222">`+"\n",
		plotWide, plotHigh, plotWide, plotHigh, plotText)
	fmt.Fprintf(&svg, `<title>Seconds by people enrolled</title>`+"\n"+`<rect width="%d" height="%d" fill="#fff"/>`+"\n", plotWide, plotHigh)
	fmt.Fprintf(&svg, `<text x="%d" y="24" font-size="18">How work grows with the people enrolled</text>`+"\n", plotLeft)
	fmt.Fprintf(&svg, `<text x="%d" y="43" font-size="12" fill="#555">%s</text>`+"\n", plotLeft, t.machine)
	t.drawGrid(&svg, a)
	t.drawIdeal(&svg, a)
	t.drawCurves(&svg, a)
	svg.WriteString("</svg>\n")
	return svg.String()
}

// drawGrid draws a line and a label for each power of ten, and names the axes.
func (t *benchTable) drawGrid(svg *strings.Builder, a axes) {
	right, bottom := plotWide-plotRight, plotHigh-plotBottom
	for power := a.fromX; power <= a.toX+1e-9; power++ {
		x := a.x(math.Pow(10, power))
		fmt.Fprintf(svg, `<path d="M%.1f %d V%d" stroke="#ddd"/><text x="%.1f" y="%d" text-anchor="middle">%s</text>`+"\n", x, plotTop, bottom, x, bottom+22, thousands(math.Pow(10, power)))
	}
	for power := a.fromY; power <= a.toY; power++ {
		y := a.y(math.Pow(10, power))
		label := brief(time.Duration(math.Pow(10, power) * float64(time.Second)))
		fmt.Fprintf(svg, `<path d="M%d %.1f H%d" stroke="#ddd"/><text x="%d" y="%.1f" text-anchor="end">%s</text>`+"\n", plotLeft, y, right, plotLeft-8, y+5, label)
	}
	fmt.Fprintf(svg, `<path d="M%d %d V%d H%d" fill="none" stroke="#222"/>`+"\n", plotLeft, plotTop, bottom, right)
	fmt.Fprintf(svg, `<text x="%d" y="%d" text-anchor="middle">people enrolled</text>`+"\n", (plotLeft+right)/2, bottom+50)
	fmt.Fprintf(svg, `<text transform="translate(20 %d) rotate(-90)" text-anchor="middle">time</text>`+"\n", (plotTop+bottom)/2)
}

// drawIdeal draws the line of equal cost for each person.
func (t *benchTable) drawIdeal(svg *strings.Builder, a axes) {
	first, last := t.scales[0], t.scales[len(t.scales)-1]
	factor := float64(last.People) / float64(first.People)
	fmt.Fprintf(svg, `<path d="M%.1f %.1f L%.1f %.1f" stroke="#0b5fa5" stroke-dasharray="3 5"/>`+"\n",
		a.x(float64(first.People)), a.y(first.Publish.Seconds()), a.x(float64(last.People)), a.y(first.Publish.Seconds()*factor))
}

// drawCurves draws each work with its name at its end.
func (t *benchTable) drawCurves(svg *strings.Builder, a axes) {
	labels := map[int]bool{} // lines of text that are taken
	for _, c := range curves {
		var path, dots strings.Builder
		var x, y float64
		for i, s := range t.scales {
			x, y = a.x(float64(s.People)), a.y(c.of(s).Seconds())
			fmt.Fprintf(&path, "%c%.1f %.1f ", "ML"[min(i, 1)], x, y)
			fmt.Fprintf(&dots, `<circle cx="%.1f" cy="%.1f" r="4" fill="%s"/>`, x, y, c.colour)
		}
		line := int(y) / (plotText + 4)
		for labels[line] {
			line++
		}
		labels[line] = true
		fmt.Fprintf(svg, `<path d="%s" fill="none" stroke="%s" stroke-width="%g"/>%s`+"\n", strings.TrimSpace(path.String()), c.colour, plotLineWidth, dots.String())
		fmt.Fprintf(svg, `<text x="%.1f" y="%d" fill="%s">%s %s</text>`+"\n", x+12, line*(plotText+4)+plotText, c.colour, c.name, brief(c.of(t.scales[len(t.scales)-1])))
	}
	fmt.Fprintf(svg, `<text x="%d" y="%d" font-size="12" fill="#0b5fa5">dotted: publishing, if each person cost</text>`+"\n", plotLeft+12, plotTop+18)
	fmt.Fprintf(svg, `<text x="%d" y="%d" font-size="12" fill="#0b5fa5">the same as in the smallest office</text>`+"\n", plotLeft+12, plotTop+33)
}

// thousands writes a number with spaces between its groups of three.
func thousands(n float64) string {
	text := fmt.Sprintf("%.0f", n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + " " + text[at:]
	}
	return text
}
