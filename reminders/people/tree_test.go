package people_test

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// TestUnitIDOf: the identifier is for ever, so its value stands here.
func TestUnitIDOf(t *testing.T) {
	id := people.UnitIDOf("市示例局")
	if id != "uh6v3nxtq" || id != people.UnitIDOf(" 市示例局\n") {
		t.Errorf("identifier %q", id)
	}
	if !regexp.MustCompile(`^u[a-z2-7]{8}$`).MatchString(string(id)) || id == people.UnitIDOf("市示例局一科") {
		t.Errorf("identifier %q", id)
	}
}

func TestDescendants(t *testing.T) {
	tree := []reminders.Unit{
		{ID: "c", Name: "3", Parent: "a"},
		{ID: "b", Name: "2", Parent: "a"},
		{ID: "a", Name: "1"},
		{ID: "d", Name: "4", Parent: "b"},
		{ID: "e", Name: "5"},
		{ID: "x", Name: "6", Parent: "y"},
		{ID: "y", Name: "7", Parent: "x"},
	}
	tests := []struct {
		of   reminders.UnitID
		want []reminders.UnitID
	}{
		{"a", []reminders.UnitID{"a", "b", "c", "d"}},
		{"d", []reminders.UnitID{"d"}},
		{"nobody", []reminders.UnitID{"nobody"}},
		{"x", []reminders.UnitID{"x", "y"}}, // a circle ends
	}
	for _, tt := range tests {
		if d := cmp.Diff(tt.want, people.Descendants(tree, tt.of)); d != "" {
			t.Errorf("below %s: %s", tt.of, d)
		}
	}
}
