package theme_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/theme"
)

// english are complete words of the theme of draft.
func english() theme.Words {
	return theme.Words{
		Title: "Official receptions", Basis: "The rules", Scope: "Approvals and expenses",
		Points: []theme.Point{{Text: "Approval"}, {Text: "Expenses"}},
	}
}

// draft gives a complete theme that is not submitted.
func (w *world) draft() theme.ID {
	w.t.Helper()
	var id theme.ID
	w.must(func(tx reminders.Tx) error {
		t, err := w.desk.Begin(tx, "2026-Q3", reminders.Chinese, "S1")
		if err != nil {
			return err
		}
		id = t.ID
		_, err = w.desk.Edit(tx, id, "S1", func(t *theme.Theme) {
			t.Title, t.Basis, t.Scope, t.Form = "公务接待", "规定", "审批和报销", theme.Led
			t.Units, t.From, t.To = []reminders.UnitID{"u1"}, t.Quarter.First(), t.Quarter.Last()
			t.Points = []theme.Point{{Text: "审批"}, {Text: "报销"}}
		})
		return err
	})
	return id
}

// put changes the English words of a theme.
func (w *world) put(id theme.ID, change func(*theme.Words)) (t theme.Theme, err error) {
	err = w.do(func(tx reminders.Tx) (err error) {
		t, err = w.desk.Edit(tx, id, "S1", func(t *theme.Theme) { t.SetWords(reminders.English, change) })
		return err
	})
	return t, err
}

// submit hands the theme in.
func (w *world) submit(id theme.ID) error {
	return w.do(func(tx reminders.Tx) error { _, err := w.desk.Submit(tx, id, nil, "S1"); return err })
}

// Readers of a language read a theme in its words once all of them are there; words that are
// half written are shown to nobody and keep the theme from being submitted.
func TestWords(t *testing.T) {
	w := newWorld(t)
	id := w.draft()
	th, err := w.put(id, func(words *theme.Words) { *words = english(); words.Points = nil })
	if err != nil {
		t.Fatal(err)
	}
	if got := th.In(reminders.English).Title; got != "公务接待" || th.Lacking(reminders.English) != theme.FieldPoints {
		t.Errorf("half written words are shown: %q, lacking %q", got, th.Lacking(reminders.English))
	}
	if err := w.submit(id); reminders.KindOf(err) != reminders.Invalid {
		t.Errorf("half written words are submitted: %v", err)
	}
	if th, err = w.put(id, func(words *theme.Words) { words.Points = english().Points }); err != nil {
		t.Fatal(err)
	}
	read := th.In(reminders.English)
	got := theme.Words{Title: read.Title, Basis: read.Basis, Scope: read.Scope, Points: read.Points}
	if diff := cmp.Diff(english(), got); diff != "" {
		t.Errorf("a reader of English (-want +got):\n%s", diff)
	}
	if !slices.Equal(th.Languages(), []reminders.Language{reminders.Chinese, reminders.English}) || th.In(reminders.Chinese).Title != "公务接待" {
		t.Errorf("it can be read in %v", th.Languages())
	}
	if err := w.submit(id); err != nil {
		t.Error(err)
	}
	w.sound()
}

// What is written anew in the first language has to be said anew in the second, and only that.
func TestWordsAreOutdated(t *testing.T) {
	for field, change := range map[string]func(*theme.Theme){
		theme.FieldTitle:  func(t *theme.Theme) { t.Title = "公务用车" },
		theme.FieldBasis:  func(t *theme.Theme) { t.Basis = "另一规定" },
		theme.FieldScope:  func(t *theme.Theme) { t.Scope = "车辆使用" },
		theme.FieldPoints: func(t *theme.Theme) { t.Points = t.Points[:1] },
		"":                func(t *theme.Theme) { t.Acknowledge = false },
	} {
		w := newWorld(t)
		id := w.draft()
		if _, err := w.put(id, func(words *theme.Words) { *words = english() }); err != nil {
			t.Fatal(err)
		}
		w.must(func(tx reminders.Tx) error {
			th, err := w.desk.Edit(tx, id, "S1", change)
			if got := th.Lacking(reminders.English); got != field {
				t.Errorf("after %q has changed English lacks %q", field, got)
			}
			return err
		})
	}
}

// Words keep to limits, pass the guard, and have a point for each of the theme.
func TestImproperWords(t *testing.T) {
	w := newWorld(t)
	id := w.draft()
	for name, change := range map[string]func(*theme.Words){
		"a mark":            func(words *theme.Words) { words.Title = "绝密" },
		"too long":          func(words *theme.Words) { words.Title = strings.Repeat("a", 121) },
		"a point too few":   func(words *theme.Words) { words.Points = []theme.Point{{Text: "one"}} },
		"a mark in a point": func(words *theme.Words) { words.Points = []theme.Point{{Text: "one"}, {Text: "two", Look: "绝密"}} },
		"a point too long": func(words *theme.Words) {
			words.Points = []theme.Point{{Text: "one"}, {Text: strings.Repeat("a", 241)}}
		},
		"nothing but spaces": func(words *theme.Words) { words.Basis = "  " },
	} {
		if _, err := w.put(id, change); reminders.KindOf(err) != reminders.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	th, err := w.put(id, func(words *theme.Words) { *words = theme.Words{} })
	if err != nil || len(th.Words) > 0 {
		t.Errorf("words that were taken out leave %v behind: %v", th.Words, err)
	}
}
