package report_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// The hash is of what is said: where a number came from, who sent it, when and why do not
// change it, and everything that is said does.
func TestVersionHash(t *testing.T) {
	base := func() report.Version {
		return report.Version{
			Values: report.Values{"problems": report.NumberOf(3), "time": {At: on(3, 2, 50)}, "course": {Text: "停运"}},
			Files:  []reminders.File{{Hash: "aa", Name: "p.jpg"}}, By: "O1", At: on(3, 3, 0), FormVersion: 1,
		}
	}
	hash := base().Hash()
	for name, change := range map[string]func(v *report.Version){
		"sent by another": func(v *report.Version) { v.By, v.At, v.Reason = "B1", on(4, 3, 0), "更正" },
		"counted, not typed": func(v *report.Version) {
			n := 3
			v.Values["problems"] = report.Value{Number: &n, From: report.FromDailies, Refs: []string{"x"}}
		},
		"on another clock":    func(v *report.Version) { v.Values["time"] = report.Value{At: on(3, 2, 50).In(time.UTC)} },
		"another file name":   func(v *report.Version) { v.Files[0].Name = "q.jpg" },
		"questions answered":  func(v *report.Version) { v.Questions = []report.Questioned{{Why: "x"}} },
		"written and read":    func(v *report.Version) { reread(t, v) },
		"another form number": func(v *report.Version) { v.FormVersion = 2 },
	} {
		v := base()
		if change(&v); v.Hash() != hash {
			t.Errorf("%s: another hash", name)
		}
	}
	seen := map[string]string{hash: "as it was"}
	for name, change := range map[string]func(v *report.Version){
		"another number":  func(v *report.Version) { v.Values["problems"] = report.NumberOf(4) },
		"no number":       func(v *report.Version) { delete(v.Values, "problems") },
		"another text":    func(v *report.Version) { v.Values["course"] = report.Value{Text: "已恢复"} },
		"another instant": func(v *report.Version) { v.Values["time"] = report.Value{At: on(3, 2, 51)} },
		"another file":    func(v *report.Version) { v.Files[0].Hash = "ab" },
		"nothing":         func(v *report.Version) { *v = report.Version{Nil: true} },
	} {
		v := base()
		change(&v)
		if other, twice := seen[v.Hash()]; twice {
			t.Errorf("%s has the hash of %s", name, other)
		}
		seen[v.Hash()] = name
	}
}

// reread writes a version as JSON and reads it again.
func reread(t *testing.T, v *report.Version) {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	*v = report.Version{}
	if err := json.Unmarshal(text, v); err != nil {
		t.Fatal(err)
	}
}

// Handles fit into a button, are no handles of terms, and differ.
func TestHandles(t *testing.T) {
	seen := map[report.Handle]bool{}
	for _, id := range []report.ID{report.DailyID("u1", day(3)), report.ClosingID("u1", national), "incident/2026-1", "incident/2026-1/2"} {
		h := report.HandleOf(id)
		if !report.IsHandle(string(h)) || len(h) >= 32 || strings.Contains(string(h), ":") || seen[h] {
			t.Errorf("%s: %s", id, h)
		}
		seen[h] = true
	}
	if report.IsHandle("abcdefghijklm") || report.IsHandle("") {
		t.Error("a handle of terms is taken for one of a report")
	}
}
