package store

import (
	"fmt"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/theme"
)

// Keys of themes:
//
//	theme/ID                     the theme
//	theme-open/ID                its id, until it is over
//	theme-check/ID/UNIT          the check of a unit
//	theme-finding/ID/NUMBER      a finding
//	theme-unit/UNIT/ID/NUMBER    the key of a finding of the unit, until it has an outcome

// Themes gives the records of themes.
func (s *Store) Themes() theme.Store { return themeRecords{} }

type themeRecords struct{}

func themeKey(id theme.ID) string { return "theme/" + string(id) }

func findingKey(id theme.ID, number int) string {
	return fmt.Sprintf("theme-finding/%s/%06d", id, number)
}

func checkKey(id theme.ID, unit reminders.UnitID) string {
	return "theme-check/" + string(id) + "/" + string(unit)
}

func (themeRecords) Theme(tx reminders.Tx, id theme.ID) (theme.Theme, bool, error) {
	return load[theme.Theme](tx, themeKey(id))
}

func (themeRecords) SaveTheme(tx reminders.Tx, t theme.Theme) error {
	open := "theme-open/" + string(t.ID)
	var err error
	if t.Over() {
		err = drop(tx, open)
	} else {
		err = save(tx, open, t.ID)
	}
	if err != nil {
		return err
	}
	return save(tx, themeKey(t.ID), t)
}

func (themeRecords) DropTheme(tx reminders.Tx, id theme.ID) error {
	if err := drop(tx, "theme-open/"+string(id)); err != nil {
		return err
	}
	return drop(tx, themeKey(id))
}

func (themeRecords) Themes(tx reminders.Tx) ([]theme.Theme, error) {
	return listPrefix[theme.Theme](tx, "theme/")
}

func (r themeRecords) OpenThemes(tx reminders.Tx) ([]theme.Theme, error) {
	ids, err := listPrefix[theme.ID](tx, "theme-open/")
	if err != nil {
		return nil, err
	}
	return named(tx, ids, r.Theme)
}

func (themeRecords) Check(tx reminders.Tx, id theme.ID, unit reminders.UnitID) (theme.Check, bool, error) {
	return load[theme.Check](tx, checkKey(id, unit))
}

func (themeRecords) SaveCheck(tx reminders.Tx, c theme.Check) error {
	return save(tx, checkKey(c.Theme, c.Unit), c)
}

func (themeRecords) Checks(tx reminders.Tx, id theme.ID) ([]theme.Check, error) {
	return listPrefix[theme.Check](tx, "theme-check/"+string(id)+"/")
}

func (themeRecords) Finding(tx reminders.Tx, id theme.ID, number int) (theme.Finding, bool, error) {
	return load[theme.Finding](tx, findingKey(id, number))
}

func (themeRecords) SaveFinding(tx reminders.Tx, f theme.Finding) error {
	key := findingKey(f.Theme, f.Number)
	var err error
	if f.State.Final() {
		err = drop(tx, findingPlace(f))
	} else {
		err = save(tx, findingPlace(f), key)
	}
	if err != nil {
		return err
	}
	return save(tx, key, f)
}

// findingPlace is the row by which an open finding is found for its unit.
func findingPlace(f theme.Finding) string {
	return fmt.Sprintf("theme-unit/%s/%s/%06d", f.Unit, f.Theme, f.Number)
}

func (themeRecords) Findings(tx reminders.Tx, id theme.ID) ([]theme.Finding, error) {
	return listPrefix[theme.Finding](tx, "theme-finding/"+string(id)+"/")
}

func (themeRecords) OpenFindingsOf(tx reminders.Tx, unit reminders.UnitID) ([]theme.Finding, error) {
	keys, err := listPrefix[string](tx, "theme-unit/"+string(unit)+"/")
	if err != nil {
		return nil, err
	}
	return named(tx, keys, load[theme.Finding])
}

// themeIndex finds the themes that are not over.
var themeIndex = index{
	records: "theme/", rows: []string{"theme-open/"},
	expect: expecting(func(t theme.Theme) (string, map[string]any) {
		rows := map[string]any{}
		if !t.Over() {
			rows["theme-open/"+string(t.ID)] = t.ID
		}
		return themeKey(t.ID), rows
	}),
	owner: owned(themeKey),
}

// findingIndex finds the findings of a unit that have no outcome.
var findingIndex = index{
	records: "theme-finding/", rows: []string{"theme-unit/"},
	expect: expecting(func(f theme.Finding) (string, map[string]any) {
		key, rows := findingKey(f.Theme, f.Number), map[string]any{}
		if !f.State.Final() {
			rows[findingPlace(f)] = key
		}
		return key, rows
	}),
	owner: owned(func(key string) string { return key }),
}

// purgeTheme deletes a theme that is over, its checks and findings first, at most room
// records at once.
func purgeTheme(u *Unit, record Record, before time.Time, room int) (int, bool, error) {
	var t theme.Theme
	if Decode(record.Value, &t) != nil || !t.Over() || !later(t.ClosedAt, t.At).Before(before) {
		return 0, false, nil
	}
	deleted := 0
	for _, prefix := range []string{"theme-check/", "theme-finding/"} {
		from, to := Prefix(prefix + strings.TrimPrefix(record.Key, "theme/") + "/")
		parts, err := u.List(from, to, room-deleted)
		if err != nil {
			return deleted, false, err
		}
		for _, part := range parts {
			u.Delete(part.Key)
		}
		if deleted += len(parts); deleted >= room {
			return deleted, true, nil
		}
	}
	return deleted + deleteIf(u, record.Key, true), false, nil
}
