package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"text/tabwriter"
	"time"
)

var (
	benchFull   = flag.Bool("bench.full", false, "measure at the sizes that the table promises; it takes half an hour")
	benchPeople = flag.Int("bench.people", 0, "people of the largest office: a power of ten from 1000 on (default 10000, in full 1000000)")
	benchPlace  = flag.String("bench.place", os.Getenv("QINGFENG_BENCH_PLACE"), "directory on a real disk in which to measure (or QINGFENG_BENCH_PLACE; default: the temporary one)")
	benchUnits  = flag.Bool("bench.units", true, "publish the notice for units as well")
	benchWrite  = flag.Bool("bench.write", false, "write the table and the plot into docs")
)

// BenchmarkTable measures what the service promises about its speed, each promise
// against a limit measured in the same run, and prints one table (docs/performance.md).
// Its parts run alone by their names: -bench 'Table/answers'.
//
// Read bench_send_test.go and bench_pace_test.go (sending), bench_answers_test.go
// (taps), bench_part_test.go with bench_publish_test.go and bench_standing_test.go
// (an office of up to a million people), bench_idle_test.go, bench_growth_test.go
// (the plot); bench_office_test.go makes the offices and bench_machine_test.go knows
// the machine.
func BenchmarkTable(b *testing.B) {
	makeRoom() // as the service does; what it is held against has it too
	t := &benchTable{machine: machineOf(site(), time.Now())}
	if t.machine.memoryDisk() {
		b.Logf("%s is a disk in memory: nothing there is durable, set -bench.place", site())
	}
	b.Run("sending", t.part(rowsOfSending))
	b.Run("limits", t.part(rowsOfLimits))
	b.Run("answers", t.part(rowsOfAnswers))
	b.Run("office", func(b *testing.B) {
		for people := 1000; people <= largestOffice(); people *= 10 {
			b.Run(fmt.Sprint(people), t.part(func(b *testing.B, t *benchTable) {
				t.scales = append(t.scales, measureScales(b, people))
			}))
		}
	})
	rowsOfScales(t)
	b.Run("idle", t.part(rowsOfIdle))
	fmt.Print("\n", t, "\n")
	if *benchWrite {
		if err := t.write(); err != nil {
			b.Fatal(err)
		}
	}
}

// bySize gives the first number, or the second where the table is measured in full.
func bySize[T any](quick, full T) T {
	if *benchFull {
		return full
	}
	return quick
}

// largestOffice is how many people the largest office has.
func largestOffice() int {
	if *benchPeople > 0 {
		return *benchPeople
	}
	return bySize(10_000, 1_000_000)
}

// site is where the offices are made.
func site() string {
	if *benchPlace != "" {
		return *benchPlace
	}
	return os.TempDir()
}

// benchDir makes a directory there for as long as a benchmark runs.
func benchDir(b *testing.B) string {
	b.Helper()
	dir, err := os.MkdirTemp(site(), "qingfeng-bench-")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// benchTable is the table and what it was made of.
type benchTable struct {
	machine machine
	rows    []benchRow
	scales  []scale
	done    map[string]bool
}

// benchRow is one promise and what became of it.
type benchRow struct {
	work, measured, limit, ratio, wanted string
	kept                                 bool
}

// verdict of a row.
func (r benchRow) verdict() string {
	if r.kept {
		return "ok"
	}
	return "short"
}

// part measures each part once, however often the testing package calls it.
func (t *benchTable) part(measure func(b *testing.B, t *benchTable)) func(b *testing.B) {
	return func(b *testing.B) {
		if t.done[b.Name()] {
			return
		}
		if t.done == nil {
			t.done = map[string]bool{}
		}
		t.done[b.Name()] = true
		before := len(t.rows)
		measure(b, t)
		for _, r := range t.rows[before:] {
			b.Logf("%s: %s, limit %s, ratio %s, wanted %s: %s", r.work, r.measured, r.limit, r.ratio, r.wanted, r.verdict())
		}
		b.ReportMetric(0, "ns/op")
	}
}

// least adds a row whose ratio should be at least wanted.
func (t *benchTable) least(work, measured, limit string, ratio, wanted float64) {
	t.rows = append(t.rows, benchRow{work, measured, limit, fmt.Sprintf("%.2f", ratio), fmt.Sprintf("≥ %g", wanted), ratio >= wanted})
}

// most adds a row whose ratio should be at most wanted.
func (t *benchTable) most(work, measured, limit string, ratio, wanted float64) {
	t.rows = append(t.rows, benchRow{work, measured, limit, fmt.Sprintf("%.2f", ratio), fmt.Sprintf("≤ %g", wanted), ratio <= wanted})
}

// below adds a row without a ratio: a value that should be at most a bound.
func (t *benchTable) below(work, measured, bound string, kept bool) {
	t.rows = append(t.rows, benchRow{work, measured, "-", "-", bound, kept})
}

var tableHead = []string{"work", "measured", "limit measured", "ratio", "wanted", ""}

func (r benchRow) cells() []string {
	return []string{r.work, r.measured, r.limit, r.ratio, r.wanted, r.verdict()}
}

// String is the table for a terminal.
func (t *benchTable) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s\n\n", t.machine)
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, strings.Join(tableHead, "\t"))
	for _, r := range t.rows {
		_, _ = fmt.Fprintln(w, strings.Join(r.cells(), "\t"))
	}
	_ = w.Flush()
	return text.String()
}

// markdown is the table for a document.
func (t *benchTable) markdown() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s.\n\n", t.machine)
	fmt.Fprintf(&text, "| %s |\n|%s\n", strings.Join(tableHead, " | "), strings.Repeat("---|", len(tableHead)))
	for _, r := range t.rows {
		fmt.Fprintf(&text, "| %s |\n", strings.Join(r.cells(), " | "))
	}
	return text.String()
}

// rate writes so many in a time as a number a second.
func rate(n int, took time.Duration) string { return fmt.Sprintf("%.0f/s", float64(n)/took.Seconds()) }

// brief writes a duration with three digits that count.
func brief(d time.Duration) string {
	switch {
	case d >= 10*time.Second:
		return d.Round(100 * time.Millisecond).String()
	case d >= time.Second:
		return d.Round(10 * time.Millisecond).String()
	case d >= time.Millisecond:
		return d.Round(10 * time.Microsecond).String()
	}
	return d.Round(10 * time.Nanosecond).String()
}

// megabytes writes a number of bytes.
func megabytes(n int64) string { return fmt.Sprintf("%d MB", n/1_000_000) }
