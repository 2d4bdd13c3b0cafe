package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// proofShape is how docs/quality.md names a test, or a script of the command line.
var proofShape = regexp.MustCompile("`([a-z_/]+\\.(?:go|txtar))(?::((?:Test|Fuzz|Benchmark)[A-Za-z0-9]+))?`")

// Every promise in docs/quality.md names a test that proves it, and every test that it
// names exists.
func TestQualityNamesTests(t *testing.T) {
	promises, named := 0, 0
	for line := range strings.Lines(string(read(t, "../../docs/quality.md"))) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| promise |") {
			continue
		}
		promises++
		cells := strings.Split(line, "|")
		proofs := proofShape.FindAllStringSubmatch(cells[2], -1)
		if len(proofs) == 0 {
			t.Errorf("nothing proves %q", strings.TrimSpace(cells[1]))
		}
		if len(proofs) != strings.Count(cells[2], "`")/2 {
			t.Errorf("%q names something that is no test", strings.TrimSpace(cells[1]))
		}
		for _, proof := range proofs {
			named++
			missing(t, proof[1], proof[2])
		}
	}
	if promises < 40 || named < 80 {
		t.Errorf("%d promises, %d tests: does this test still see them?", promises, named)
	}
}

// missing fails unless a file exists, and the test function in it.
func missing(t *testing.T, name, function string) {
	t.Helper()
	path := name
	for short, long := range map[string]string{"cmd/": "cmd/qingfeng/", "script/": "cmd/qingfeng/testdata/script/"} {
		if rest, found := strings.CutPrefix(name, short); found {
			path = long + rest
		}
	}
	path = filepath.Join("..", "..", path)
	if function == "" {
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
		return
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Error(err)
		return
	}
	for _, decl := range file.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == function {
			return
		}
	}
	t.Errorf("%s has no %s", name, function)
}
