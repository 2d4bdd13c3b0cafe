package store_test

import (
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/casebook"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
	"github.com/qingfeng-bot/qingfeng/reminders/theme"
)

// published fills a store with a case that readers see and whose correction waits, a
// theme that runs with a finding, and the group of a unit that has moved.
func published(t *testing.T, s *store.Store) {
	t.Helper()
	err := s.Do(t.Context(), func(tx reminders.Tx) error {
		c := casebook.Case{ID: "c1", State: casebook.Published, Correction: &casebook.Correction{}}
		c.SourceURL = "https://example.invalid/1"
		for _, save := range []func() error{
			func() error { return s.Cases().SaveCase(tx, c) },
			func() error { return s.Themes().SaveTheme(tx, theme.Theme{ID: "2026-Q3", State: theme.Running}) },
			func() error {
				return s.Themes().SaveFinding(tx, theme.Finding{Theme: "2026-Q3", Number: 1, Unit: "u1", State: theme.Suggested})
			},
			func() error {
				return s.Groups().SaveGroup(tx, people.Group{Unit: "u1", Chat: -105, MovedFrom: -5, State: people.GroupBound})
			},
		} {
			if err := save(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Every row by which a case, a theme, a finding or a group is found is lost, or stale, and
// reported.
func TestCheckHoldsWhatIsPublished(t *testing.T) {
	reported(t, published, []damage{
		{"nothing", func(*testing.T, store.Engine) {}, nil},
		{"handle of a case lost", lost("case-handle/"), []string{"cases missing case"}},
		{"correction that waits lost", lost("case-open/"), []string{"cases missing case"}},
		{"source of a case lost", lost("case-from/"), []string{"cases missing case"}},
		{"case not shown any more", lost("case-shown/"), []string{"cases missing case"}},
		{"case lost", lost("case/"), []string{"cases orphan case-handle", "cases orphan case-open", "cases orphan case-from", "cases orphan case-shown"}},
		{"withdrawn behind the desk", swap("case/", `"published"`, `"withdrawn"`), []string{"cases stale case-shown"}},
		{"open theme lost from the list", lost("theme-open/"), []string{"themes missing theme"}},
		{"theme closed behind the desk", swap("theme/", `"running"`, `"closed"`), []string{"themes stale theme-open"}},
		{"finding not of its unit", lost("theme-unit/"), []string{"findings missing theme-finding"}},
		{"finding lost", lost("theme-finding/"), []string{"findings orphan theme-unit"}},
		{"chat of a group lost", lost("group-chat/-105"), []string{"groups missing group"}},
		{"chat before the move lost", lost("group-chat/-5"), []string{"groups missing group"}},
		{"group ended behind the register", swap("group/", `"bound"`, `"lost"`), []string{"groups stale group-chat", "groups stale group-chat"}},
	})
}

// A group that ends, or moves once more, is not found by a chat that it left.
func TestGroupRows(t *testing.T) {
	s := open(t, mem.New())
	published(t, s)
	err := s.Do(t.Context(), func(tx reminders.Tx) error {
		if err := s.Groups().SaveGroup(tx, people.Group{Unit: "u1", Chat: -106, MovedFrom: -105, State: people.GroupBound}); err != nil {
			return err
		}
		for chat, want := range map[reminders.ChatID]bool{-5: false, -105: true, -106: true} {
			if _, found, err := s.Groups().GroupAt(tx, chat); found != want || err != nil {
				t.Errorf("at %d: %t, %v", chat, found, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
