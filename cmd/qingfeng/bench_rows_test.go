package main

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// What the parts measured, as rows of the table.

// rowsOfSending sends with the service and with the library alone in turn.
func rowsOfSending(b *testing.B, t *benchTable) {
	messages, rounds := bySize(1500, 6000), bySize(3, 7)
	server := acceptsAll(b)
	for _, workers := range []int{16, 64} {
		var ours, bare []time.Duration
		var ratios []float64
		for range rounds {
			bare = append(bare, bareLoop(b, server.URL, workers, messages))
			ours = append(ours, sendAll(b, server.URL, workers, messages))
			ratios = append(ratios, bare[len(bare)-1].Seconds()/ours[len(ours)-1].Seconds())
		}
		slices.Sort(ratios)
		t.least(fmt.Sprintf("sending without limits, %d workers", workers),
			rate(messages, median(ours)), rate(messages, median(bare))+" (the library's bare loop)", ratios[len(ratios)/2], 0.9)
	}
}

// rowsOfAnswers settles taps through the book, and brings them through the bot.
func rowsOfAnswers(b *testing.B, t *benchTable) {
	taps, rounds := bySize(3200, 12800), bySize(1, 3)
	for _, way := range []struct {
		work    string
		through func(*tapping, *testing.B) time.Duration
	}{
		{"answers settled, 64 chats at once", (*tapping).settle},
		{"the same through the bot: update, seal, settlement, reply", (*tapping).handle},
	} {
		var ours, limit []time.Duration
		var ratios []float64
		for range rounds {
			o, l := answersSettled(b, taps, way.through)
			ours, limit, ratios = append(ours, o), append(limit, l), append(ratios, l.Seconds()/o.Seconds())
		}
		slices.Sort(ratios)
		t.least(way.work, rate(taps, median(ours)), rate(taps, median(limit))+" (bbolt's group commit, equal bytes)", ratios[len(ratios)/2], 0.5)
	}
}

// Bounds of the rows of an office.
const (
	flatMemory  = 200_000_000 // bytes of anonymous memory while publishing
	sameOrder   = 10          // times the sweep of an empty store
	moreToStart = 2 * time.Second
	linear      = 1.2 // times as much for each person as in an office a tenth as large
)

// rowsOfScales holds the largest office against its limits, and the sizes against
// one another.
func rowsOfScales(t *benchTable) {
	if len(t.scales) == 0 {
		return
	}
	s := t.scales[len(t.scales)-1]
	t.least(fmt.Sprintf("publishing to %d people (%d records)", s.People, s.Records), fmt.Sprintf("%s, %s", brief(s.Publish), rate(s.People, s.Publish)),
		fmt.Sprintf("%s (sorted insert, %d changes)", brief(s.Insert), partChanges), s.Insert.Seconds()/s.Publish.Seconds(), 0.4)
	t.rows = append(t.rows, benchRow{
		"the same against bbolt's best", brief(s.Publish), fmt.Sprintf("%s (%d changes)", brief(s.InsertBest), s.BestChanges),
		fmt.Sprintf("%.2f", s.InsertBest.Seconds()/s.Publish.Seconds()), "-", true,
	})
	largest := max(s.Largest, s.UnitsLargest)
	t.below("publishing: anonymous memory", megabytes(largest), "< "+megabytes(flatMemory), largest < flatMemory)
	t.most(fmt.Sprintf("sweep, nothing due, %d open", s.People), brief(s.Sweep), brief(s.EmptySweep)+" (empty store)", s.Sweep.Seconds()/s.EmptySweep.Seconds(), sameOrder)
	t.most("all sources asked, nothing due", brief(s.Round), brief(s.EmptyRound)+" (empty store)", s.Round.Seconds()/s.EmptyRound.Seconds(), sameOrder)
	t.rows = append(t.rows, benchRow{
		fmt.Sprintf("start, %d open", s.People), brief(s.Open), brief(s.BareOpen) + " (opening the file)",
		fmt.Sprintf("%.2f", s.Open.Seconds()/s.BareOpen.Seconds()), "< 2s more", s.Open-s.BareOpen < moreToStart,
	})
	t.below(fmt.Sprintf("/status with %d lines: anonymous memory", s.People), megabytes(s.BoardLargest), "< "+megabytes(flatMemory), s.BoardLargest < flatMemory)
	rowsOfGrowth(t)
}

// growing are the works that may grow with the people, and not faster.
var growing = []struct {
	name string
	of   func(scale) time.Duration
}{
	{"importing", func(s scale) time.Duration { return s.Import }},
	{"the unit notice", func(s scale) time.Duration { return s.Units }},
	{"publishing", func(s scale) time.Duration { return s.Publish }},
	{"starting", func(s scale) time.Duration { return s.Open }},
	{"/status", func(s scale) time.Duration { return s.Board }},
	{"the daily audit", func(s scale) time.Duration { return s.Audit }},
}

// rowsOfGrowth gives for each work what one person costs at each size, and the
// largest step from one size to the next.
func rowsOfGrowth(t *benchTable) {
	if len(t.scales) < 2 {
		return
	}
	for _, work := range growing {
		if work.of(t.scales[0]) == 0 {
			continue // left out
		}
		measured, worst := "", 0.0
		for i, s := range t.scales {
			each := work.of(s) / time.Duration(s.People)
			if i > 0 {
				before := work.of(t.scales[i-1]) / time.Duration(t.scales[i-1].People)
				worst = max(worst, each.Seconds()/before.Seconds())
				measured += ", "
			}
			measured += brief(each)
		}
		t.most("growth of "+work.name+", for each person at 10³, 10⁴, …", measured, "1 (linear)", worst, linear)
	}
	first, last := t.scales[0], t.scales[len(t.scales)-1]
	t.most("growth of a sweep with nothing due", brief(first.Sweep)+" … "+brief(last.Sweep), "1 (constant)", last.Sweep.Seconds()/first.Sweep.Seconds(), sameOrder)
}
