package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestTableLinesUp: a Chinese character takes two places, and the last column runs
// on without space behind it.
func TestTableLinesUp(t *testing.T) {
	var out bytes.Buffer
	c := &console{out: &out}
	err := c.table([]string{"类别", "Audience", "Why"}, [][]string{
		{"节日提醒", "all", "because"}, {"digest", "负责人", ""}, {"Ａ", "x", "全角"},
	})
	want := strings.Join([]string{
		"类别      Audience  Why",
		"节日提醒  all       because",
		"digest    负责人",
		"Ａ        x         全角",
		"",
	}, "\n")
	if diff := cmp.Diff(want, out.String()); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	out.Reset()
	c.styled = true
	if err := c.table([]string{"a"}, nil); err != nil || out.String() != "\x1b[1ma\x1b[0m\n" {
		t.Errorf("%v, %q: a terminal gets a bold header", err, out.String())
	}
}

// TestObjectKeepsItsOrder: members come as they were given, and the array is valid
// JSON whatever stands in it.
func TestObjectKeepsItsOrder(t *testing.T) {
	var out bytes.Buffer
	rows := []object{
		{[]string{"z", "a"}, []any{"\"<\n", 1}},
		{[]string{"b"}, []any{false}},
		{},
	}
	if err := writeArray(&out, rows[:2]); err != nil {
		t.Fatal(err)
	}
	if want := "[\n{\"z\":\"\\\"\\u003c\\n\",\"a\":1},\n{\"b\":false}\n]\n"; out.String() != want {
		t.Errorf("got %s", out.String())
	}
	var back []map[string]any
	if err := json.Unmarshal(out.Bytes(), &back); err != nil || back[0]["z"] != "\"<\n" {
		t.Errorf("%v, %v", back, err)
	}
}

// TestInstantsHaveTheOffsetOfThePlace: and are empty when there is none.
func TestInstantsHaveTheOffsetOfThePlace(t *testing.T) {
	place := time.FixedZone("", 8*3600)
	if got := rfc3339(time.Date(2026, 9, 22, 1, 0, 0, 5, time.UTC), place); got != "2026-09-22T09:00:00+08:00" {
		t.Error(got)
	}
	if got := rfc3339(time.Time{}, place); got != "" {
		t.Error(got)
	}
}

// TestFileAppearsWhenComplete: what was there before stays until then, and nothing
// is left behind when filling it failed.
func TestFileAppearsWhenComplete(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.csv")
	if err := os.WriteFile(path, []byte("before"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		failure error
		want    string
	}{{errors.New("disk"), "before"}, {nil, "after"}} {
		file, err := createFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.WriteString("after"); err != nil {
			t.Fatal(err)
		}
		if err := file.finish(row.failure); !errors.Is(err, row.failure) {
			t.Errorf("got %v", err)
		}
		text, err := os.ReadFile(path)
		if err != nil || string(text) != row.want {
			t.Errorf("%q, %v, want %q", text, err, row.want)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
			t.Errorf("%v, %v: something was left behind", left, err)
		}
	}
	if stat, err := os.Stat(path); err != nil || stat.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v: not for its owner only", stat.Mode(), err)
	}
}
