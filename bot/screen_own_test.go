package bot_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// ownTexts are where the project itself speaks, from its root: what ships, what the demo
// plays, what the documents say, and what people and bot say in the transcripts.
var ownTexts = []string{
	"content/locales", "content/library", "content/programme", "content/forms", "content/calendars",
	"cmd/qingfeng/testdata/transcripts", "docs", "README.md", "README.zh-CN.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md",
}

// expectedHits are the hits in them, by file: what names a wording or a number so as to
// say or to show that it is refused. A true false alarm is marked as one.
var expectedHits = map[string]string{
	"transcripts/report-full.txt":    "mobile-number",   // the scene types one, and reads the refusal
	"transcripts/swap-liaison.txt":   "identity-number", // likewise
	"transcripts/feedback-staff.txt": "mobile-number",
	"transcripts/theme-staff.txt":    "identity-number",
	"transcripts/staff-drafts.txt":   "absolute gathering",
	"docs/security.md":               "classification-mark absolute", // the known false alarms themselves
	"docs/content.md":                "absolute ban gathering",
	"docs/guides/staff.en.md":        "ban",
	"docs/guides/staff.zh-CN.md":     "absolute gathering",
	"README.zh-CN.md":                falseAlarm + "absolute", // says of a year that it is always marked provisional
}

const falseAlarm = "false alarm: "

// All that the project itself says passes guard and lint.
func TestScreenPassesOwnTexts(t *testing.T) {
	screen := shippedScreen(t)
	examined, hits, alarms := map[string]int{}, map[string]string{}, 0
	for _, root := range ownTexts {
		err := filepath.WalkDir(filepath.Join("..", root), func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			for _, text := range textsOf(t, name) {
				examined[root]++
				if rules := rulesOf(screen(text)); len(rules) > 0 {
					place := strings.Join(strings.Split(filepath.ToSlash(name), "/")[1:], "/")
					place = strings.TrimPrefix(place, "cmd/qingfeng/testdata/")
					hits[place] = strings.TrimSpace(hits[place] + " " + strings.Join(rules, " "))
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]string{}
	for place, rules := range expectedHits {
		alarm, is := strings.CutPrefix(rules, falseAlarm)
		if want[place] = alarm; is {
			alarms++
		}
	}
	if diff := cmp.Diff(want, hits); diff != "" {
		t.Errorf("hits by file (-want +got; what shows a refusal on purpose is named in expectedHits):\n%s", diff)
	}
	total := 0
	for _, root := range slices.Sorted(maps.Keys(examined)) {
		t.Logf("%-34s %5d texts", root, examined[root])
		total += examined[root]
	}
	if total < 3000 {
		t.Errorf("only %d texts were looked at", total)
	}
	t.Logf("own texts: %d false alarms in %d", alarms, total)
}

// textsOf gives the texts of a file: the values of data, the paragraphs of a document, the
// lines of a transcript or a table. Pictures have none.
func textsOf(t *testing.T, name string) (texts []string) {
	t.Helper()
	file, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	switch path.Ext(name) {
	case ".toml":
		var table map[string]any
		err, tree = toml.Unmarshal(file, &table), table
	case ".yaml", ".yml":
		err = yaml.Unmarshal(file, &tree)
	case ".json":
		err = json.Unmarshal(file, &tree)
	case ".md":
		return nonEmpty(strings.Split(string(file), "\n\n"))
	case ".txt", ".csv":
		return nonEmpty(strings.Split(string(file), "\n"))
	default:
		return nil
	}
	if err != nil {
		t.Fatal(fmt.Errorf("%s: %w", name, err))
	}
	each(tree, func(text string) { texts = append(texts, text) })
	return texts
}

func nonEmpty(texts []string) []string {
	return slices.DeleteFunc(texts, func(text string) bool { return strings.TrimSpace(text) == "" })
}
