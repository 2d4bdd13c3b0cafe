package main_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// repository is the root of the repository, seen from this package.
const repository = "../.."

// What a file or a package may be at most before it is split or explained.
const (
	maxLines = 400 // of a file
	maxFiles = 4   // of a package without doc.go
)

// source is one Go file of the project.
type source struct {
	path  string // from the repository, with slashes
	pkg   string // its folder
	test  bool
	lines int
	file  *ast.File
}

// walkFiles visits the files of the repository that end in suffix.
func walkFiles(t *testing.T, suffix string, visit func(name string)) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(repository), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		hidden := strings.HasPrefix(d.Name(), ".") && name != "."
		if d.IsDir() && (hidden || slices.Contains([]string{"testdata", "bin", "dist", "data"}, d.Name())) {
			return fs.SkipDir
		}
		if !d.IsDir() && strings.HasSuffix(name, suffix) {
			visit(name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// goSources parses every Go file of the project, whatever system it is for.
func goSources(t *testing.T) []source {
	t.Helper()
	var all []source
	walkFiles(t, ".go", func(name string) {
		text, err := os.ReadFile(filepath.Join(repository, name))
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, source{
			path: name, pkg: path.Dir(name), test: strings.HasSuffix(name, "_test.go"),
			lines: bytes.Count(text, []byte("\n")), file: file,
		})
	})
	if len(all) < 100 {
		t.Fatalf("only %d Go files below %s", len(all), repository)
	}
	return all
}

// uses lists the names that a file takes from the package imported as path, such
// as Now of time.
func uses(file *ast.File, path string) []string {
	local := ""
	for _, spec := range file.Imports {
		if p, _ := strconv.Unquote(spec.Path.Value); p == path {
			local = path[strings.LastIndex(path, "/")+1:]
			if spec.Name != nil {
				local = spec.Name.Name
			}
		}
	}
	var names []string
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && local != "" {
			if x, ok := s.X.(*ast.Ident); ok && x.Name == local {
				names = append(names, s.Sel.Name)
			}
		}
		return true
	})
	return names
}

// surroundings lists what a file reads of the world around the program: the wall
// clock, the environment, the command line.
func surroundings(file *ast.File) []string {
	var read []string
	for path, names := range map[string][]string{
		"time": {"Now", "Since", "Until"},
		"os":   {"Getenv", "LookupEnv", "Environ", "ExpandEnv", "Args"},
		"flag": {"Parse", "String", "Bool", "Int", "Duration", "NewFlagSet", "CommandLine"},
	} {
		for _, name := range uses(file, path) {
			if slices.Contains(names, name) {
				read = append(read, path+"."+name)
			}
		}
	}
	slices.Sort(read)
	return read
}

// goroutines counts what a file starts: go statements, and calls of Go or
// AfterFunc, which do so under another name.
func goroutines(file *ast.File) int {
	started := 0
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			started++
		case *ast.CallExpr:
			if s, ok := n.Fun.(*ast.SelectorExpr); ok && (s.Sel.Name == "Go" || s.Sel.Name == "AfterFunc") {
				started++
			}
		}
		return true
	})
	return started
}

// The clock, the environment and flags are read in cmd only; tests may.
func TestSurroundingsAreReadInCmdOnly(t *testing.T) {
	for _, s := range goSources(t) {
		if s.test || strings.HasPrefix(s.pkg, "cmd/") || s.pkg == "bot/sandbox/page/browsertest" { // for tests alone
			continue
		}
		if read := surroundings(s.file); len(read) > 0 {
			t.Errorf("%s reads %s: take an instant, a clock or a setting instead", s.path, strings.Join(read, ", "))
		}
	}
}

// Below reminders only dispatch and store start goroutines.
func TestGoroutinesHaveAHome(t *testing.T) {
	for _, s := range goSources(t) {
		at, below := strings.CutPrefix(s.pkg, "reminders/")
		if s.test || !below || at == "dispatch" || at == "store" || strings.HasPrefix(at, "store/") {
			continue
		}
		if n := goroutines(s.file); n > 0 {
			t.Errorf("%s starts %d goroutines: only dispatch and store may", s.path, n)
		}
	}
}

// A file that has grown too long holds two nouns.
func TestFilesAreShort(t *testing.T) {
	for _, s := range goSources(t) {
		if s.lines > maxLines {
			t.Errorf("%s has %d lines, more than %d: split it by noun", s.path, s.lines, maxLines)
		}
	}
}

// Every package says what it is for, in one place; a larger one in doc.go, with
// its files in the order in which to read them.
func TestPackagesExplainThemselves(t *testing.T) {
	packages := map[string][]source{}
	for _, s := range goSources(t) {
		if !s.test {
			packages[s.pkg] = append(packages[s.pkg], s)
		}
	}
	for _, pkg := range slices.Sorted(maps.Keys(packages)) {
		for _, wrong := range unexplained(pkg, packages[pkg]) {
			t.Error(wrong)
		}
	}
}

var goFile = regexp.MustCompile(`[a-z0-9_]+\.go\b`)

// unexplained says what is missing in the comment of a package.
func unexplained(pkg string, files []source) []string {
	var wrong, names []string
	var comment, place string
	for _, s := range files {
		names = append(names, path.Base(s.path))
		if s.file.Doc == nil {
			continue
		}
		if place != "" {
			wrong = append(wrong, pkg+" has its comment in two files: "+place+" and "+path.Base(s.path))
		}
		comment, place = s.file.Doc.Text(), path.Base(s.path)
	}
	switch {
	case place == "":
		return []string{pkg + " has no package comment"}
	case len(files) <= maxFiles:
		return wrong
	case place != "doc.go":
		return append(wrong, pkg+" has more than four files and its comment is not in doc.go")
	}
	named := goFile.FindAllString(comment, -1)
	for _, name := range names {
		if name != "doc.go" && !slices.Contains(named, name) {
			wrong = append(wrong, pkg+"/doc.go does not name "+name)
		}
	}
	for _, name := range named {
		if !slices.Contains(names, name) {
			wrong = append(wrong, pkg+"/doc.go names "+name+", which does not exist")
		}
	}
	return wrong
}

// The checks above find what they are for.
func TestHabitsCanFail(t *testing.T) {
	for _, row := range []struct {
		name, text string
		read       []string
		started    int
	}{
		{"the clock", `import "time"; var t = time.Now()`, []string{"time.Now"}, 0},
		{"the clock under another name", `import watch "time"; var d = watch.Since(t)`, []string{"time.Since"}, 0},
		{"the environment", `import "os"; var home, _ = os.LookupEnv("HOME")`, []string{"os.LookupEnv"}, 0},
		{"flags", `import "flag"; var v = flag.Bool("v", false, "")`, []string{"flag.Bool"}, 0},
		{"a go statement", `func f() { go g() }`, nil, 1},
		{"a group", `func f() { group.Go(g); context.AfterFunc(ctx, g) }`, nil, 2},
		{"an instant is not the clock", `import "time"; var t = time.Unix(0, 0); var n = other.Now()`, nil, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			file := parseGo(t, "package p; "+row.text)
			if diff := cmp.Diff(row.read, surroundings(file)); diff != "" {
				t.Errorf("surroundings (-want +got):\n%s", diff)
			}
			if got := goroutines(file); got != row.started {
				t.Errorf("goroutines: %d, want %d", got, row.started)
			}
		})
	}
}

// What is wrong with the comment of a package is said by name.
func TestUnexplainedPackagesAreFound(t *testing.T) {
	bare := parseGo(t, "package p")
	files := func(doc string, names ...string) []source {
		all := []source{{path: "p/doc.go", file: parseGo(t, doc+"package p")}}
		for _, name := range names {
			all = append(all, source{path: "p/" + name, file: bare})
		}
		return all
	}
	for _, row := range []struct {
		name  string
		files []source
		want  []string
	}{
		{"all is well", files("// Package p: read a.go, b.go, c.go and d.go.\n", "a.go", "b.go", "c.go", "d.go"), nil},
		{"small packages list nothing", files("// Package p is small.\n", "a.go"), nil},
		{"no comment", files("", "a.go"), []string{"p has no package comment"}},
		{
			"a new file is named, an old one is not", files("// Package p: a.go, b.go, c.go, old.go.\n", "a.go", "b.go", "c.go", "d.go"),
			[]string{"p/doc.go does not name d.go", "p/doc.go names old.go, which does not exist"},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, unexplained("p", row.files)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func parseGo(t *testing.T, text string) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "p.go", text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// readText gives a text file of the repository.
func readText(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(repository, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var mdLink = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// Links and pictures in the documents lead to something that is there.
func TestLinksLeadSomewhere(t *testing.T) {
	walkFiles(t, ".md", func(name string) {
		for _, match := range mdLink.FindAllStringSubmatch(readText(t, name), -1) {
			target, _, _ := strings.Cut(match[1], "#")
			if target == "" || strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			if _, err := os.Stat(filepath.Join(repository, path.Dir(name), target)); err != nil {
				t.Errorf("%s: %s does not exist", name, target)
			}
		}
	})
}

var shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")

// Both readmes give the same commands, and the build server runs the one that
// they name for tests.
func TestReadmesSayTheSame(t *testing.T) {
	english := shellBlock.FindAllString(readText(t, "README.md"), -1)
	if diff := cmp.Diff(english, shellBlock.FindAllString(readText(t, "README.zh-CN.md"), -1)); diff != "" {
		t.Errorf("commands (-English +Chinese):\n%s", diff)
	}
	const command = "make test\n"
	if !strings.Contains(strings.Join(english, ""), command) || !strings.HasSuffix(readText(t, ".ci/run"), "exec "+command) {
		t.Errorf("README.md and .ci/run do not both run %q", command)
	}
}

// A guide exists in both languages, and every decision is in the list.
func TestDocumentsAreComplete(t *testing.T) {
	list := readText(t, "docs/adr/README.md")
	walkFiles(t, ".md", func(name string) {
		if guide, english := strings.CutSuffix(name, ".en.md"); english {
			readText(t, guide+".zh-CN.md")
		} else if guide, chinese := strings.CutSuffix(name, ".zh-CN.md"); chinese && path.Dir(name) == "docs/guides" {
			readText(t, guide+".en.md")
		}
		if file := path.Base(name); path.Dir(name) == "docs/adr" && file != "README.md" && !strings.Contains(list, "("+file+")") {
			t.Errorf("docs/adr/README.md does not list %s", file)
		}
	})
}
