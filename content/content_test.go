package content_test

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/content"
)

// load gives the embedded content.
func load(t testing.TB) *content.Content {
	t.Helper()
	return loadOver(t, nil)
}

// loadOver gives the content with some files replaced or added.
func loadOver(t testing.TB, files map[string]string) *content.Content {
	t.Helper()
	c, err := content.Load(overlay(files))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// overlay makes a directory of files.
func overlay(files map[string]string) fs.FS {
	if files == nil {
		return nil
	}
	dir := fstest.MapFS{}
	for name, data := range files {
		dir[name] = &fstest.MapFile{Data: []byte(data)}
	}
	return dir
}

func TestFile(t *testing.T) {
	c := load(t)
	data, err := c.File("lint.toml")
	if err != nil || len(data) == 0 {
		t.Fatalf("File: %d bytes, %v", len(data), err)
	}
	data[0] = 'x' // a caller's change stays with the caller
	if again, _ := c.File("./lint.toml"); again[0] == 'x' {
		t.Error("a caller changed the content")
	}
	if _, err := c.File("no/such.file"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
}

func TestFiles(t *testing.T) {
	c := load(t)
	got := c.Files("library")
	if want := []string{"library/cases.yaml", "library/risks.toml", "library/taxonomy.toml"}; !cmp.Equal(got, want) {
		t.Errorf("library: %v", got) // without those of library/demo
	}
	if got := c.Files("nowhere"); got != nil {
		t.Errorf("nowhere: %v", got)
	}
	if !slices.Contains(c.Files("."), "lint.toml") {
		t.Errorf("top folder: %v", c.Files("."))
	}
}

// An override replaces content file by file, and may add files.
func TestLoadOverride(t *testing.T) {
	c := loadOver(t, map[string]string{
		"library/demo/units.csv": "unit,parent,duty\n",
		"calendars/2031.json":    "{}",
		"README.md":              "notes are left out",
		".git/config":            "and so is what is hidden",
	})
	if data, _ := c.File("library/demo/units.csv"); string(data) != "unit,parent,duty\n" {
		t.Errorf("not replaced: %q", data)
	}
	if _, err := c.File("calendars/2031.json"); err != nil {
		t.Errorf("not added: %v", err)
	}
	if _, err := c.File("README.md"); err == nil {
		t.Error("notes became content")
	}
	if data, _ := c.File("library/risks.toml"); len(data) == 0 {
		t.Error("a file without override is gone")
	}
}

// Each row is an override that must be refused, with a word of the error that
// tells the operator where to look.
func TestLoadRefuses(t *testing.T) {
	const zh = "locales/extra.zh-Hans.toml"
	for name, row := range map[string]struct{ file, data, word string }{
		"folder that content does not have": {"locale/a.en.toml", "", "locale: not a name of content"},
		"file too large":                    {zh, strings.Repeat("#", 5<<20), "larger than"},
		"malformed TOML":                    {zh, `"a" = `, zh},
		"key of another file":               {zh, `"button.ack" = "好"`, "is also in locales/"},
		"placeholder not closed":            {zh, `"extra.a" = "{{.Name"`, "extra.a"},
		"condition in a text":               {zh, `"extra.a" = "{{if .Name}}x{{end}}"`, "not a placeholder"},
		"function in a text":                {zh, `"extra.a" = "{{len .Name}}"`, "not a placeholder"},
		"nested field":                      {zh, `"extra.a" = "{{.Name.First}}"`, "not a placeholder"},
		"placeholder in lower case":         {zh, `"extra.a" = "{{.name}}"`, "not a placeholder"},
		"text without other":                {zh, "[\"extra.a\"]\none = \"x\"", "has no text"},
		"file name without language":        {"locales/extra.toml", "", "not named"},
		"file name with a wrong language":   {"locales/extra.klingon9.toml", "", "not a language tag"},
		"no text at all for the rule":       {"lint.toml", "[[rule]]\nid = \"a\"\nexplain = \"lint.none\"", "explain"},
		"pattern that does not compile":     {"lint.toml", "[[rule]]\nid = \"a\"\nexplain = \"lint.ban\"\npatterns = [\"(\"]", "rule a"},
		"mistyped key":                      {"lint.toml", "source = [\"x\"]", "not known"},
		"risk without text":                 {"library/risks.toml", "[[item]]\nid = \"none\"", "no text risk.none"},
		"risk without source":               {"library/risks.toml", "[[item]]\nid = \"gifts\"\nsource = \"x\"", "no title"},
		"case without issuer":               {"library/cases.yaml", "- {id: a, title: b, issued: 2026-01-02}", "issuer"},
		"case without link":                 {"library/cases.yaml", "- {id: a, title: b, issued: 2026-01-02, issuer: c}", "source_url"},
		"case with a script as link":        {"library/cases.yaml", "- {id: a, title: b, issued: 2026-01-02, issuer: c, source_url: 'javascript://x'}", "source_url"},
		"case of an unknown category":       {"library/cases.yaml", "- {id: a, title: b, issued: 2026-01-02, issuer: c, source_url: 'https://example.invalid', category: Z1}", "Z1"},
		"case with a mistyped column":       {"library/cases.yaml", "- {id: a, titel: b}", "titel"},
		"category twice":                    {"library/taxonomy.toml", strings.Repeat("[[category]]\ncode = \"F1\"\ngroup = \"F\"\nzh = \"a\"\nen = \"b\"\n", 2), "twice"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := content.Load(overlay(map[string]string{row.file: row.data}))
			if err == nil || !strings.Contains(err.Error(), row.word) {
				t.Errorf("error %v, want one with %q", err, row.word)
			}
		})
	}
}

// The demo's office: columns of the contract, every role present, units that
// exist, two readers of English, and habits of people who exist.
func TestDemoOffice(t *testing.T) {
	c := load(t)
	units, people := table(t, c, "library/demo/units.csv"), table(t, c, "library/demo/people.csv")
	if want := []string{"unit", "parent", "duty"}; !cmp.Equal(units[0], want) {
		t.Errorf("units: columns %v", units[0])
	}
	if want := []string{"staff_no", "name", "unit", "title", "roles", "language"}; !cmp.Equal(people[0], want) {
		t.Errorf("people: columns %v", people[0])
	}
	names := map[string]bool{}
	for _, row := range units[1:] {
		names[row[0]] = true
	}
	roles, languages, numbers := map[string]int{}, map[string]int{}, map[string]bool{}
	for _, row := range people[1:] {
		roles[row[4]]++
		languages[row[5]]++
		if numbers[row[0]] || !strings.HasPrefix(row[0], "DEMO-") || !names[row[2]] {
			t.Errorf("person %v: number twice or not of the demo, or unit unknown", row)
		}
		numbers[row[0]] = true
	}
	want := map[string]int{"head": 1, "staff": 3, "admin": 1, "auditor": 1, "leader": 4, "liaison": 5, "official": 9}
	if diff := cmp.Diff(want, roles); diff != "" || languages["en"] != 2 {
		t.Errorf("roles %s, %d readers of English", diff, languages["en"])
	}
	for _, who := range habits(t, c) {
		if !numbers[who] {
			t.Errorf("%s has a habit and does not exist", who)
		}
	}
}

// table reads a CSV file of the content.
func table(t *testing.T, c *content.Content, name string) [][]string {
	t.Helper()
	data, err := c.File(name)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// habits lists everyone with a habit; there is one of each kind at least.
func habits(t *testing.T, c *content.Content) []string {
	t.Helper()
	data, err := c.File("library/demo/habits.toml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		NeverBinds []string `toml:"never_binds"`
		BlocksBot  []string `toml:"blocks_bot"`
	}
	if err := toml.Unmarshal(data, &file); err != nil || len(file.NeverBinds) == 0 || len(file.BlocksBot) == 0 {
		t.Fatalf("habits %+v, %v", file, err)
	}
	return append(file.NeverBinds, file.BlocksBot...)
}
