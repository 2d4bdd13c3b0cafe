package sandbox_test

import (
	"go/ast"
	"go/parser"
	lexer "go/token"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// verb is what a format string leaves open.
var verb = regexp.MustCompile(`%[sqdvw]`)

// open stands for a part of a text that only running can tell.
const open = "\x00"

// textOf gives the text of an expression, with open for its parts that are no
// constants; false if no part is.
func textOf(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == lexer.STRING
	case *ast.BinaryExpr:
		left, known := textOf(e.X)
		right, also := textOf(e.Y)
		return left + right, known || also
	}
	return open, false
}

// sourcesOf parses the files of this package, its tests or the others.
func sourcesOf(t *testing.T, tests bool) (files []*ast.File) {
	t.Helper()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") != tests {
			continue
		}
		file, err := parser.ParseFile(lexer.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

// refusing are the functions that make a refusal, and at which place of their
// arguments its words stand.
var refusing = map[string]int{"badRequest": 0, "forbidden": 0, "conflict": 0, "notFound": 0, "fault": 1, "Errorf": 0, "New": 0}

// refusals lists the words of every refusal that the sandbox can give.
func refusals(t *testing.T) (words []string) {
	t.Helper()
	for _, file := range sourcesOf(t, false) {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			name := ""
			switch f := call.Fun.(type) {
			case *ast.Ident:
				name = f.Name
			case *ast.SelectorExpr:
				name = f.Sel.Name
			}
			at, ok := refusing[name]
			if !ok || len(call.Args) <= at {
				return true
			}
			// What people and the couriers of updates are told begins otherwise.
			if text, known := textOf(call.Args[at]); known && text != "%w" && !strings.HasPrefix(text, "sandbox: ") {
				words = append(words, text)
			}
			return true
		})
	}
	return words
}

// Every check that the sandbox makes has a test that it rejects: the words of each
// refusal stand in a test that wants to read them.
func TestEveryCheckIsTested(t *testing.T) {
	var wanted []string
	for _, file := range sourcesOf(t, true) {
		ast.Inspect(file, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok {
				if text, known := textOf(e); known {
					wanted = append(wanted, text)
				}
			}
			return true
		})
	}
	words := refusals(t)
	if len(words) < 60 {
		t.Fatalf("only %d refusals were found", len(words))
	}
	for _, text := range words {
		pattern := strings.ReplaceAll(regexp.QuoteMeta(verb.ReplaceAllString(text, open)), open, ".+")
		whole := regexp.MustCompile("(?:^|: )" + pattern + "(?:$| at byte offset )")
		if !slices.ContainsFunc(wanted, whole.MatchString) {
			t.Errorf("no test wants to read %q", text)
		}
	}
}
