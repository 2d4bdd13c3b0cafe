package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
)

// fate is how a life is to end: at the pass-th pass of a point, after a while, or
// when there is nothing left to do.
type fate struct {
	point crashpoint.Point
	pass  int           // zero: at no point
	after time.Duration // zero: not before there is nothing left to do
}

// String is what the process is told.
func (f fate) String() string {
	if f.pass == 0 {
		return ""
	}
	return fmt.Sprintf("%s:%d", f.point, f.pass)
}

// latest is how late in a life a random kill comes, and randomly how many of a
// hundred kills are random.
const (
	latest   = 600 * time.Millisecond
	randomly = 30
)

// everyday are the points that a service passes in everyday work; TestKillRevision,
// TestKillImport and TestKillRestore have the others.
func everyday() []crashpoint.Point {
	return slices.DeleteFunc(crashpoint.All(), func(p crashpoint.Point) bool {
		return slices.Contains(slices.Concat(revising, importing, restoring), p)
	})
}

// choose decides how the next life ends: at a random instant, or at the point that
// was hit least, of those that can be met.
func (s *season) choose() fate {
	if s.rng.IntN(100) < randomly {
		return fate{after: time.Duration(s.rng.Int64N(int64(latest))) + time.Millisecond}
	}
	points := slices.DeleteFunc(everyday(), func(p crashpoint.Point) bool {
		return s.missed[p] || recovering(p) && !s.flew()
	})
	if len(points) == 0 {
		return fate{}
	}
	s.rng.Shuffle(len(points), func(i, j int) { points[i], points[j] = points[j], points[i] })
	p := slices.MinFunc(points, func(a, b crashpoint.Point) int {
		return cmp.Or(s.killed.hits[a]-s.killed.hits[b], rank(b)-rank(a))
	})
	if s.killed.hits[p] == 0 {
		return fate{point: p, pass: 1}
	}
	return fate{point: p, pass: 1 + s.rng.IntN(passes(p))}
}

// recovering reports whether a point is met only after a life that ended with
// something in flight.
func recovering(p crashpoint.Point) bool {
	return p == crashpoint.Recover || p == crashpoint.Recovered
}

// rank puts points that are seldom met before the others.
func rank(p crashpoint.Point) int {
	if recovering(p) || p == crashpoint.Step || p == crashpoint.Publish {
		return 1
	}
	return 0
}

// passes is up to which pass of a point a kill waits: few where one life sees few.
func passes(p crashpoint.Point) int {
	switch p {
	case crashpoint.Recovered:
		return 1
	case crashpoint.Step, crashpoint.Publish, crashpoint.Recover, crashpoint.Receive, crashpoint.Received, crashpoint.Claim, crashpoint.Claimed:
		return 3
	}
	return 8
}

// tally counts kills, and what they did, over the offices of one mode.
type tally struct {
	mode string
	seed uint64

	hits   map[crashpoint.Point]int
	random int
	idle   int // nothing was left to do

	sent, taps, answers      int
	flying                   int // claims that kills left behind
	lost, duplicated, marked int
}

func newTally(mode string, seed uint64) *tally {
	return &tally{mode: mode, seed: seed, hits: map[crashpoint.Point]int{}}
}

// kills is how often the process was killed.
func (k *tally) kills() int {
	n := k.random + k.idle
	for _, hits := range k.hits {
		n += hits
	}
	return n
}

// complete reports whether every point was hit.
func (k *tally) complete() bool { return len(k.hits) == len(everyday()) }

// sum wants every point to have been hit and says what was done.
func (k *tally) sum(t *testing.T) {
	var points []string
	for _, p := range everyday() {
		points = append(points, fmt.Sprintf("%s %d", p, k.hits[p]))
		if k.hits[p] == 0 {
			t.Errorf("point %s was never hit", p)
		}
	}
	t.Logf("%s, seed %d: %d kills (%d at random instants, %d at rest, the others at points), lost %d, duplicated %d, "+
		"marked %d of %d in flight; %d messages, %d taps, %d answers recorded",
		k.mode, k.seed, k.kills(), k.random, k.idle, k.lost, k.duplicated, k.marked, k.flying, k.sent, k.taps, k.answers)
	t.Logf("hits: %s", strings.Join(points, ", "))
}
