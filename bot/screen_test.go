package bot_test

import (
	"bufio"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/content"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// shippedScreen is guard and lint as they ship.
func shippedScreen(t testing.TB) func(text string) []reminders.Hit {
	t.Helper()
	texts, err := content.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	return bot.Screen(shippedGuard(t), texts)
}

// rulesOf names the rules of hits, each once, in order.
func rulesOf(hits []reminders.Hit) []string {
	var rules []string
	for _, hit := range hits {
		if !slices.Contains(rules, hit.Rule) {
			rules = append(rules, hit.Rule)
		}
	}
	return rules
}

// screenRow is a line of testdata/screen.
type screenRow struct {
	rules     []string
	why, text string
}

// screenTable reads a table of testdata/screen with so many columns.
func screenTable(t testing.TB, name string, columns int) []screenRow {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", "screen", name))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var rows []screenRow
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := lines.Text()
		if strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.SplitN(line, "\t", columns)
		if len(cells) != columns {
			t.Fatalf("%s: %q has %d columns", name, line, len(cells))
		}
		row := screenRow{why: cells[columns-2], text: strings.ReplaceAll(cells[columns-1], `\n`, "\n")}
		if columns == 3 {
			row.rules = strings.Split(cells[0], ",")
		}
		rows = append(rows, row)
	}
	return rows
}

// Each text of the table is refused, for the rules that the table says and no others, and
// each rule has texts. -v gives the figures of docs/security.md.
func TestScreenFinds(t *testing.T) {
	screen := shippedScreen(t)
	found, total := map[string]int{}, map[string]int{}
	rows := screenTable(t, "hits.tsv", 3)
	for _, row := range rows {
		got := rulesOf(screen(row.text))
		if diff := cmp.Diff(row.rules, got); diff != "" {
			t.Errorf("%q (%s) (-want +got):\n%s", row.text, row.why, diff)
		}
		for _, rule := range row.rules {
			total[rule]++
			if slices.Contains(got, rule) {
				found[rule]++
			}
		}
	}
	for _, rule := range append(shippedGuard(t).Rules(), "absolute", "ban", "gathering", "headcount") {
		if total[rule] < 5 {
			t.Errorf("rule %s has %d texts in the table", rule, total[rule])
		}
	}
	if len(rows) < 120 {
		t.Errorf("the table has %d texts", len(rows))
	}
	for _, rule := range slices.Sorted(maps.Keys(total)) {
		t.Logf("%-20s %3d of %3d found", rule, found[rule], total[rule])
	}
}

// Ordinary sentences stay: a false alarm costs the trust of the office.
func TestScreenLeavesOrdinaryText(t *testing.T) {
	screen := shippedScreen(t)
	rows := screenTable(t, "ordinary.tsv", 2)
	alarms := 0
	for _, row := range rows {
		if hits := screen(row.text); len(hits) > 0 {
			alarms++
			t.Errorf("%q (%s): %v", row.text, row.why, rulesOf(hits))
		}
	}
	if len(rows) < 150 {
		t.Errorf("the table has %d texts", len(rows))
	}
	t.Logf("ordinary sentences: %d false alarms in %d", alarms, len(rows))
}
