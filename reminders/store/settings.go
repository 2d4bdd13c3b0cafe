package store

import (
	"encoding/json"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// Keys of what an admin sets and of half-finished conversations:
//
//	setting/NAME        a setting
//	arrangement/YEAR    an imported yearly arrangement
//	dialog/CHAT         what a chat was asked last

// Setting reads a setting into v and reports whether it was ever set.
func (s *Store) Setting(tx reminders.Tx, name string, v any) (bool, error) {
	raw, found, err := load[json.RawMessage](tx, "setting/"+name)
	if err != nil || !found {
		return false, err
	}
	return true, reminders.Wrap("store.setting", json.Unmarshal(raw, v))
}

// SaveSetting writes a setting.
func (s *Store) SaveSetting(tx reminders.Tx, name string, v any) error {
	return save(tx, "setting/"+name, v)
}

// Arrangements lists the imported yearly arrangements.
func (s *Store) Arrangements(tx reminders.Tx) ([]calendar.Arrangement, error) {
	return listPrefix[calendar.Arrangement](tx, "arrangement/")
}

// SaveArrangement writes the arrangement of a year in place of an earlier one.
func (s *Store) SaveArrangement(tx reminders.Tx, a calendar.Arrangement) error {
	return save(tx, "arrangement/"+Digits(uint64(max(0, a.Year))), a)
}

// Dialog reads the half-finished conversation of a chat into v.
func (s *Store) Dialog(tx reminders.Tx, chat reminders.ChatID, v any) (bool, error) {
	raw, found, err := load[json.RawMessage](tx, "dialog/"+chatKey(chat))
	if err != nil || !found {
		return false, err
	}
	return true, reminders.Wrap("store.dialog", json.Unmarshal(raw, v))
}

// SaveDialog writes the half-finished conversation of a chat; nil ends it.
func (s *Store) SaveDialog(tx reminders.Tx, chat reminders.ChatID, v any) error {
	if v == nil {
		return drop(tx, "dialog/"+chatKey(chat))
	}
	return save(tx, "dialog/"+chatKey(chat), v)
}

// Number gives the next number of a series, without gaps.
func (s *Store) Number(tx reminders.Tx, series string) (uint64, error) {
	u, err := unitOf(tx)
	if err != nil {
		return 0, err
	}
	return u.Number(series)
}
