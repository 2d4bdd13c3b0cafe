package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
	"github.com/qingfeng-bot/qingfeng/reminders/theme"
)

// A theme goes two years after it was closed, with every check and finding; one that is
// open stays, however old. Findings are found by their unit until they have an outcome.
func TestPurgeThemes(t *testing.T) {
	now := eve
	s := open(t, mem.New())
	long := now.Add(-731 * 24 * time.Hour)
	themes := []theme.Theme{
		{ID: "2023-Q1", Quarter: "2023-Q1", State: theme.Closed, At: long, ClosedAt: long},
		{ID: "2023-Q2", Quarter: "2023-Q2", State: theme.Running, At: long},
		{ID: "2024-Q4", Quarter: "2024-Q4", State: theme.Closed, At: long, ClosedAt: now.Add(-729 * 24 * time.Hour)},
	}
	for _, th := range themes {
		for n := range 30 {
			err := s.Do(t.Context(), func(tx reminders.Tx) error {
				if err := s.Themes().SaveTheme(tx, th); err != nil {
					return err
				}
				unit := reminders.UnitID(fmt.Sprintf("u%02d", n))
				if err := s.Themes().SaveCheck(tx, theme.Check{Theme: th.ID, Unit: unit, At: long}); err != nil {
					return err
				}
				f := theme.Finding{Theme: th.ID, Number: n + 1, Unit: unit, State: theme.PutRight}
				if th.State == theme.Running {
					f.State = theme.Suggested
				}
				return s.Themes().SaveFinding(tx, f)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	p := store.NewPurger(s, store.DefaultRetention())
	for more := true; more; {
		var err error
		if _, more, err = p.Advance(t.Context(), now); err != nil {
			t.Fatal(err)
		}
	}
	for id, want := range map[theme.ID]int{"2023-Q1": 0, "2023-Q2": 30, "2024-Q4": 30} {
		if checks, findings, kept := themeLeft(t, s, id); checks != want || findings != want || kept != (want > 0) {
			t.Errorf("%s: %d checks, %d findings, kept %v; want %d", id, checks, findings, kept, want)
		}
	}
	err := s.View(t.Context(), func(tx reminders.Tx) error {
		open, err := s.Themes().OpenFindingsOf(tx, "u03")
		if len(open) != 1 || open[0].Theme != "2023-Q2" {
			t.Errorf("open in u03: %v", open)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if problems, err := s.Check(context.Background()); err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}

// themeLeft counts what is left of a theme.
func themeLeft(t *testing.T, s *store.Store, id theme.ID) (checks, findings int, kept bool) {
	t.Helper()
	err := s.View(t.Context(), func(tx reminders.Tx) error {
		all, err := s.Themes().Checks(tx, id)
		if err != nil {
			return err
		}
		found, err := s.Themes().Findings(tx, id)
		if err != nil {
			return err
		}
		checks, findings = len(all), len(found)
		_, kept, err = s.Themes().Theme(tx, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return checks, findings, kept
}
