package main_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// module is the path of the project; packages below are named without it.
const module = "github.com/qingfeng-bot/qingfeng"

// arrows says for each package what of the project it may import. It is the arrow
// rule of the architecture with its exceptions (docs/adr/0009). cmd joins
// everything and has no line. Tests are free: they join what they like.
var arrows = map[string][]string{
	"content":   nil, // what may be said, and nothing about whom
	"reminders": nil, // the shared words

	"reminders/sheet":      {"reminders"}, // a leaf for files: nouns and calendar read spreadsheets
	"reminders/calendar":   {"reminders", "reminders/sheet"},
	"reminders/ledger":     {"reminders"},
	"reminders/filestore":  {"reminders"}, // a leaf for bytes: cmd hands it to whoever keeps or opens a file (docs/adr/0013)
	"reminders/crashpoint": nil,           // a leaf for tests of crashes: where the process can be killed (docs/adr/0010)
	"reminders/obligation": {"reminders", "reminders/calendar", "reminders/crashpoint", "reminders/ledger"},

	"reminders/casebook": underNouns,
	"reminders/duty":     underNouns,
	"reminders/feedback": {"reminders"},
	"reminders/notice":   underNouns,
	"reminders/people":   underNouns,
	"reminders/report":   underNouns,
	"reminders/theme":    underNouns,

	"reminders/dispatch": {"reminders", "reminders/crashpoint", "reminders/ledger", "reminders/obligation"},
	"reminders/store": {
		"reminders", "reminders/calendar", "reminders/casebook", "reminders/crashpoint", "reminders/duty", "reminders/feedback", "reminders/ledger", "reminders/notice", "reminders/obligation",
		"reminders/people", "reminders/report", "reminders/theme",
	},
	"reminders/store/bolt":       {"reminders", "reminders/store"},
	"reminders/store/mem":        {"reminders", "reminders/store"},
	"reminders/store/enginetest": {"reminders", "reminders/store"},

	"bot":               append([]string{"bot/wire", "content", "reminders/casebook", "reminders/duty", "reminders/feedback", "reminders/notice", "reminders/people", "reminders/report", "reminders/theme"}, underNouns...),
	"bot/wire":          {"reminders"},
	"bot/sandbox":       {"reminders"}, // shares nothing with what it tests
	"bot/sandbox/page":  {"bot/sandbox", "reminders"},
	"bot/sandbox/proxy": {"reminders"}, // stands before any server, so it knows none

	"bot/sandbox/page/browsertest": nil, // drives a browser, for tests alone
}

// underNouns is what a noun of the domain may import: never another noun.
var underNouns = []string{
	"reminders", "reminders/calendar", "reminders/crashpoint", "reminders/ledger", "reminders/obligation", "reminders/sheet",
}

// libraries are kept to one package each, so that they can be replaced there;
// those without a package are for tests.
var libraries = map[string]string{
	"go.etcd.io/bbolt":              "reminders/store/bolt",
	"github.com/go-telegram/bot":    "bot/wire",
	"github.com/robfig/cron":        "reminders/notice",
	"github.com/xuri/excelize":      "reminders/sheet",
	"github.com/mmcdole/gofeed":     "cmd/qingfeng",
	"github.com/getkin/kin-openapi": "",
	"github.com/go-analyze/charts":  "cmd/qingfeng",
	"github.com/chromedp":           "bot/sandbox/page/browsertest",
	"github.com/google/go-cmp":      "reminders/store/enginetest",
	"pgregory.net/rapid":            "reminders/store/enginetest",
	"github.com/rogpeppe":           "",
	"go.uber.org/goleak":            "",
	"github.com/stretchr/testify":   "",
}

// wrongArrows says, one sentence each, which imports a package may not have.
func wrongArrows(pkg string, imports []string) []string {
	var wrong []string
	allowed, known := arrows[pkg]
	free := pkg == "cmd" || strings.HasPrefix(pkg, "cmd/")
	if !known && !free {
		wrong = append(wrong, pkg+" has no line in the table of arrows: decide what it may import")
	}
	for _, path := range imports {
		if path == module || strings.HasPrefix(path, module+"/") {
			to := strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
			if known && !slices.Contains(allowed, to) {
				wrong = append(wrong, fmt.Sprintf("%s -> %s: %s may import %s", pkg, to, pkg, listed(allowed)))
			}
			continue
		}
		for library, home := range libraries {
			if inside(path, library) && pkg != home {
				wrong = append(wrong, fmt.Sprintf("%s -> %s: only %s may, and tests", pkg, path, listed([]string{home})))
			}
		}
	}
	slices.Sort(wrong)
	return wrong
}

// inside reports whether path is the library, a package of it, or the library in
// another major version.
func inside(path, library string) bool {
	return path == library || strings.HasPrefix(path, library+"/")
}

func listed(packages []string) string {
	if text := strings.Join(packages, ", "); text != "" {
		return text
	}
	return "nothing"
}

// The imports of every package follow the arrows.
func TestArrows(t *testing.T) {
	imports := map[string][]string{}
	for _, s := range goSources(t) {
		if s.test {
			continue
		}
		for _, spec := range s.file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			imports[s.pkg] = append(imports[s.pkg], path)
		}
	}
	for _, pkg := range slices.Sorted(maps.Keys(imports)) {
		slices.Sort(imports[pkg])
		for _, wrong := range wrongArrows(pkg, slices.Compact(imports[pkg])) {
			t.Error(wrong)
		}
	}
}

// The table names only packages that exist; a line that nothing needs hides a
// mistake.
func TestArrowsNameRealPackages(t *testing.T) {
	real := map[string]bool{}
	for _, s := range goSources(t) {
		real[s.pkg] = true
	}
	for pkg, allowed := range arrows {
		for _, name := range append([]string{pkg}, allowed...) {
			if !real[name] {
				t.Errorf("%s: there is no package %s", pkg, name)
			}
		}
	}
}

// Each row is an arrow that somebody will want one day.
func TestWrongArrowsAreFound(t *testing.T) {
	for _, row := range []struct{ name, pkg, imports, want string }{
		{"content decides nothing", "content", module + "/reminders", "content -> reminders"},
		{"the root knows nobody", "reminders", module + "/reminders/ledger", "reminders -> reminders/ledger"},
		{"a noun knows no other noun", "reminders/people", module + "/reminders/notice", "reminders/people -> reminders/notice"},
		{"a noun does not store", "reminders/notice", module + "/reminders/store", "reminders/notice -> reminders/store"},
		{"the clockwork knows no noun", "reminders/dispatch", module + "/reminders/people", "reminders/dispatch -> reminders/people"},
		{"the conversation does not store", "bot", module + "/reminders/store", "bot -> reminders/store"},
		{"the conversation does not send by itself", "bot", module + "/reminders/dispatch", "bot -> reminders/dispatch"},
		{"the sandbox does not share our client", "bot/sandbox", module + "/bot/wire", "bot/sandbox -> bot/wire"},
		{"an engine knows no noun", "reminders/store/bolt", module + "/reminders/people", "reminders/store/bolt -> reminders/people"},
		{"bbolt in one place", "reminders/store", "go.etcd.io/bbolt/errors", "reminders/store -> go.etcd.io/bbolt/errors"},
		{"the chat library in one place", "bot", "github.com/go-telegram/bot/models", "bot -> github.com/go-telegram"},
		{"also for cmd", "cmd/qingfeng", "github.com/robfig/cron/v3", "cmd/qingfeng -> github.com/robfig/cron/v3"},
		{"test tools stay in tests", "bot", "github.com/chromedp/chromedp", "bot -> github.com/chromedp/chromedp"},
		{"a new package needs a decision", "reminders/followup", "time", "reminders/followup has no line"},
	} {
		t.Run(row.name, func(t *testing.T) {
			wrong := wrongArrows(row.pkg, []string{"context", row.imports})
			if len(wrong) != 1 || !strings.HasPrefix(wrong[0], row.want) {
				t.Errorf("%s importing %s: %q, want one that begins with %q", row.pkg, row.imports, wrong, row.want)
			}
		})
	}
}

// Arrows that are right are let through.
func TestRightArrowsPass(t *testing.T) {
	for _, row := range []struct{ name, pkg, imports string }{
		{"cmd joins everything", "cmd/qingfeng", module + "/reminders/store/bolt"},
		{"calendar reads spreadsheets", "reminders/calendar", module + "/reminders/sheet"},
		{"a longer name is another library", "bot", "github.com/go-telegram/bottle"},
		{"bbolt at home", "reminders/store/bolt", "go.etcd.io/bbolt"},
		{"another version of a library at home", "reminders/notice", "github.com/robfig/cron/v3"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if wrong := wrongArrows(row.pkg, []string{row.imports}); len(wrong) > 0 {
				t.Error(wrong)
			}
		})
	}
}

// depguard is the part of the linter's settings that repeats the arrows.
type depguard struct {
	Linters struct {
		Settings struct {
			Depguard struct {
				Rules map[string]struct {
					Files []string `yaml:"files"`
					Allow []string `yaml:"allow"`
				} `yaml:"rules"`
			} `yaml:"depguard"`
		} `yaml:"settings"`
	} `yaml:"linters"`
}

// The linter, which editors ask, holds the same arrows as this file.
func TestLinterHasTheSameArrows(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(repository, ".golangci.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var settings depguard
	if err := yaml.Unmarshal(text, &settings); err != nil {
		t.Fatal(err)
	}
	linter := map[string][]string{}
	for name, rule := range settings.Linters.Settings.Depguard.Rules {
		pkg, isPackage := strings.CutPrefix(rule.Files[0], "**/")
		if !isPackage {
			continue // a rule about a library
		}
		allowed := []string{}
		for _, path := range rule.Allow {
			to, exact := strings.CutSuffix(strings.TrimPrefix(path, module+"/"), "$")
			if !exact {
				t.Errorf("rule %s allows %s and all that begins so: write %s$", name, path, path)
			}
			allowed = append(allowed, to)
		}
		slices.Sort(allowed)
		linter[strings.TrimSuffix(pkg, "/*.go")] = allowed
	}
	here := map[string][]string{}
	for pkg, allowed := range arrows {
		here[pkg] = slices.Sorted(slices.Values(allowed))
		if here[pkg] == nil {
			here[pkg] = []string{}
		}
	}
	if diff := cmp.Diff(here, linter); diff != "" {
		t.Errorf(".golangci.yml differs from the table (-table +linter):\n%s", diff)
	}
}
