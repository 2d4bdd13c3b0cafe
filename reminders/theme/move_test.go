package theme_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/theme"
)

// The table of legal moves, written down once more: everything that is not here is
// refused, and no outcome has a way out.
func TestMoves(t *testing.T) {
	legal := map[theme.FindingState]map[theme.Move]theme.FindingState{
		theme.Found: {
			theme.Suggest: theme.Suggested, theme.PutIn: theme.InProgress, theme.Refer: theme.Referred, theme.Dismiss: theme.NotEstablished,
		},
		theme.Suggested: {theme.PutIn: theme.InProgress, theme.Refer: theme.Referred, theme.Dismiss: theme.NotEstablished},
		theme.InProgress: {
			theme.PutIn: theme.InProgress, theme.Return: theme.InProgress, theme.Confirm: theme.PutRight,
			theme.Refer: theme.Referred, theme.Dismiss: theme.NotEstablished,
		},
	}
	all := []theme.Move{theme.Record, theme.Suggest, theme.PutIn, theme.Return, theme.Confirm, theme.Refer, theme.Dismiss}
	for _, from := range theme.FindingStates() {
		for _, move := range all {
			to, ok := from.After(move)
			want, wanted := legal[from][move]
			if ok != wanted || to != want {
				t.Errorf("%s, %s: leads to %q (%v), want %q (%v)", from, move, to, ok, want, wanted)
			}
			if from.Final() && ok {
				t.Errorf("%s is an outcome, and %s leads out of it", from, move)
			}
		}
	}
}

// What keeps a theme from being closed: units without a record, and findings without an
// outcome. A unit that is marked as not checked is in order.
func TestGaps(t *testing.T) {
	th := theme.Theme{Units: []reminders.UnitID{"u1", "u2", "u3"}}
	tests := []struct {
		name     string
		checks   []theme.Check
		findings []theme.Finding
		want     []theme.Gap
	}{
		{"nothing was done", nil, nil, []theme.Gap{{Unit: "u1"}, {Unit: "u2"}, {Unit: "u3"}}},
		{"checked, and marked with a reason", []theme.Check{{Unit: "u1"}, {Unit: "u2", Unchecked: "撤并"}, {Unit: "u3"}}, nil, nil},
		{
			"a finding in each state",
			[]theme.Check{{Unit: "u1"}, {Unit: "u2"}, {Unit: "u3"}},
			[]theme.Finding{
				{Number: 1, Unit: "u1", State: theme.Found},
				{Number: 2, Unit: "u1", State: theme.Suggested},
				{Number: 3, Unit: "u2", State: theme.InProgress},
				{Number: 4, Unit: "u2", State: theme.PutRight},
				{Number: 5, Unit: "u3", State: theme.Referred},
				{Number: 6, Unit: "u3", State: theme.NotEstablished},
			},
			[]theme.Gap{
				{Unit: "u1", Finding: 1, State: theme.Found},
				{Unit: "u1", Finding: 2, State: theme.Suggested},
				{Unit: "u2", Finding: 3, State: theme.InProgress},
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, theme.Gaps(th, test.checks, test.findings)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A quarter begins and ends with its months, and leads to the next year.
func TestQuarter(t *testing.T) {
	for _, row := range []struct{ quarter, first, last, next string }{
		{"2026-Q1", "2026-01-01", "2026-03-31", "2026-Q2"},
		{"2026-Q3", "2026-07-01", "2026-09-30", "2026-Q4"},
		{"2026-Q4", "2026-10-01", "2026-12-31", "2027-Q1"},
	} {
		q := theme.Quarter(row.quarter)
		if q.First().String() != row.first || q.Last().String() != row.last || string(q.Next()) != row.next {
			t.Errorf("%s: %s to %s, then %s", q, q.First(), q.Last(), q.Next())
		}
		if theme.QuarterOf(q.First()) != q || theme.QuarterOf(q.Last()) != q {
			t.Errorf("%s does not hold its own days", q)
		}
	}
	for _, wrong := range []theme.Quarter{"", "2026-Q5", "2026-Q0", "26-Q1", "2026-Q1-2"} {
		if wrong.Valid() {
			t.Errorf("%q is a quarter", wrong)
		}
	}
}

// Points as people write them: numbered or not, with either colon.
func TestParsePoints(t *testing.T) {
	got, err := theme.ParsePoints("1. 审批：看审批单\n\n２ 报销\n3、清单: 数量, 金额\n")
	want := []theme.Point{{Text: "审批", Look: "看审批单"}, {Text: "报销"}, {Text: "清单", Look: "数量, 金额"}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	for name, text := range map[string]string{
		"nothing": " \n \n", "only what to look at": "：看什么", "too many": "1\n" + "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\n",
	} {
		if _, err := theme.ParsePoints(text); reminders.KindOf(err) != reminders.Invalid || err == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A checklist that does not hold together says why.
func TestParseChecklist(t *testing.T) {
	good := "title = \"theme.usual\"\n[[point]]\ntext = \"theme.a\"\nlook = \"theme.b\"\n"
	list, err := theme.ParseChecklist([]byte(good))
	if err != nil || len(list.Points) != 1 || len(list.Texts()) != 3 {
		t.Errorf("%v %v", list, err)
	}
	for name, text := range map[string]string{
		"no points": "title = \"theme.usual\"\n", "no title": "[[point]]\ntext = \"theme.a\"\nlook = \"theme.b\"\n",
		"a text instead of a key": good + "[[point]]\ntext = \"审批\"\nlook = \"theme.b\"\n", "an unknown field": good + "weight = 3\n", "no toml": "title",
	} {
		if _, err := theme.ParseChecklist([]byte(text)); reminders.KindOf(err) != reminders.Invalid || err == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
