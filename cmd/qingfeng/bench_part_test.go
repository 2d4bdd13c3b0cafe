package main

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"slices"
	"testing"
	"time"
)

// What an office of a certain size costs is measured in processes of their own, one
// for each part, so that the memory of one says nothing about another.

var (
	partName    = flag.String("bench.part", "", "for the benchmark itself: the part to measure")
	partDir     = flag.String("bench.part-dir", "", "for the benchmark itself: the directory of the office")
	partPeople  = flag.Int("bench.part-people", 0, "for the benchmark itself: the people of the office")
	profileInto = flag.String("bench.profile", "", "directory for a CPU and a heap profile of each part")
)

// benchParts in the order in which they are measured: each finds what those before left.
var benchParts = []struct {
	name    string
	measure func(b *testing.B, dir string, s *scale)
}{
	{"found", partFound},
	{"units", partUnits},
	{"publish", partPublish},
	{"insert", partInsert},
	{"start", partStart},
	{"sweep", partSweep},
	{"board", partBoard},
}

// scale is what an office of one size cost.
type scale struct {
	People int `json:"people"`

	Import time.Duration `json:"import"`

	Units        time.Duration `json:"units"`         // publishing the notice for units
	UnitsLargest int64         `json:"units_largest"` // bytes of anonymous memory
	Publish      time.Duration `json:"publish"`
	Largest      int64         `json:"publish_largest"`
	File         int64         `json:"file"` // bytes
	Records      int           `json:"records"`
	Bytes        int64         `json:"bytes"`
	Insert       time.Duration `json:"insert"`      // in bbolt's transactions of partChanges
	InsertBest   time.Duration `json:"insert_best"` // of its best size
	BestChanges  int           `json:"best_changes"`

	BareOpen time.Duration `json:"bare_open"`
	Open     time.Duration `json:"open"`

	Sweep      time.Duration `json:"sweep"`
	EmptySweep time.Duration `json:"empty_sweep"`
	Round      time.Duration `json:"round"` // of all sources
	EmptyRound time.Duration `json:"empty_round"`
	Audit      time.Duration `json:"audit"`

	Board        time.Duration `json:"board"`
	BoardLargest int64         `json:"board_largest"`
}

// BenchmarkPart measures one part in a process that was started for it.
func BenchmarkPart(b *testing.B) {
	if *partName == "" {
		b.Skip("started by BenchmarkTable")
	}
	makeRoom()
	s := &scale{People: *partPeople}
	path := filepath.Join(*partDir, "scale.json")
	if text, err := os.ReadFile(path); err == nil {
		if err := json.Unmarshal(text, s); err != nil {
			b.Fatal(err)
		}
	}
	for _, part := range benchParts {
		if part.name == *partName {
			profiled(b, part.name, s.People, func() { part.measure(b, *partDir, s) })
		}
	}
	text, err := json.Marshal(s)
	if err == nil {
		err = os.WriteFile(path, text, 0o600)
	}
	if err != nil {
		b.Fatal(err)
	}
}

// profiled runs f, with profiles if they are wanted.
func profiled(b *testing.B, name string, persons int, f func()) {
	b.Helper()
	if *profileInto == "" {
		f()
		return
	}
	base := filepath.Join(*profileInto, fmt.Sprintf("%s-%d", name, persons))
	file, err := os.Create(base + ".cpu")
	if err == nil {
		err = pprof.StartCPUProfile(file)
	}
	if err != nil {
		b.Fatal(err)
	}
	f()
	pprof.StopCPUProfile()
	_ = file.Close()
	heap, err := os.Create(base + ".heap")
	if err == nil {
		err = pprof.Lookup("allocs").WriteTo(heap, 0)
	}
	if err != nil {
		b.Fatal(err)
	}
	_ = heap.Close()
}

// measureScales measures small offices several times, since other work of the machine
// shows there most, and gives the run in the middle.
func measureScales(b *testing.B, persons int) scale {
	b.Helper()
	var all []scale
	for range max(1, 5-2*int(math.Log10(float64(persons)/1000))) {
		all = append(all, measureScale(b, site(), persons))
	}
	slices.SortFunc(all, func(a, b scale) int { return cmp.Compare(a.Publish, b.Publish) })
	return all[len(all)/2]
}

// measureScale measures all parts for an office of so many people.
func measureScale(b *testing.B, place string, persons int) scale {
	b.Helper()
	dir, err := os.MkdirTemp(place, "qingfeng-bench-")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	binary, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	for _, part := range benchParts {
		cmd := exec.CommandContext(b.Context(), binary,
			"-test.run", "^$", "-test.bench", "^BenchmarkPart$", "-test.benchtime", "1x", "-test.timeout", "0",
			"-bench.part", part.name, "-bench.part-dir", dir, "-bench.part-people", fmt.Sprint(persons),
			"-bench.profile", *profileInto, fmt.Sprintf("-bench.units=%t", *benchUnits))
		out, err := cmd.CombinedOutput()
		if err != nil || cmd.ProcessState.ExitCode() != 0 {
			b.Fatalf("part %s of %d people: %v\n%s", part.name, persons, err, out)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "scale.json"))
	if err != nil {
		b.Fatal(err)
	}
	var s scale
	if err := json.Unmarshal(text, &s); err != nil {
		b.Fatal(err)
	}
	return s
}

// freshen leaves as little memory in use as possible.
func freshen() {
	runtime.GC()
	debug.FreeOSMemory()
}
