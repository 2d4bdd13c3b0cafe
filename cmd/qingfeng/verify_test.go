package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// does performs a task on the running office as the command line would.
func (s *scene) does(t task) (said string, err error) {
	var out strings.Builder
	c := &console{out: &out, errs: &out, language: reminders.English, location: s.loc, serving: true}
	err = t.run(context.Background(), c, s.live.office)
	return out.String(), err
}

// keepsRoster says that the small office's unit keeps a roster.
func (s *scene) keepsRoster() {
	s.t.Helper()
	said, err := s.does(&importTask{What: "units", Name: "units.csv", File: []byte("unit,parent,duty\n样例局,,yes\n")})
	if err != nil {
		s.t.Fatal(err, said)
	}
}

// proves runs verify over an export.
func (s *scene) proves(export string) (said string, err error) {
	s.t.Helper()
	path := filepath.Join(s.t.TempDir(), "export.json")
	if err := os.WriteFile(path, []byte(export), 0o600); err != nil {
		s.t.Fatal(err)
	}
	var out strings.Builder
	c := &console{out: &out, errs: &out, language: reminders.English, location: s.loc}
	err = c.verify(path)
	return out.String(), err
}

// A spot check leaves no export before its block is over. Afterwards its moment follows
// from what was fixed before, for anybody who has an export; a moment, a roster or an
// entry that was changed does not hold.
func TestSpotChecksAreProved(t *testing.T) {
	play(t, "2026-09-21T08:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.keepsRoster()
		s.plans(rosterOfNationalDay)
		spots, chain := &exportTask{What: "spotchecks", Format: "json"}, &exportTask{What: "ledger", Format: "json"}

		s.until("2026-10-07 22:00")
		if said, err := s.does(spots); err != nil || strings.Contains(said, "2026-national-day") {
			t.Errorf("before the block is over the export holds %s, %v", said, err)
		}
		early, err := s.does(chain)
		if err != nil {
			t.Fatal(err)
		}
		if said, err := s.proves(early); err != nil || !strings.Contains(said, "(2026-national-day): the secret is not revealed yet") {
			t.Errorf("%v: %s", err, said)
		}

		s.until("2026-10-08 10:00")
		ledger, err := s.does(chain)
		if err != nil {
			t.Fatal(err)
		}
		checks, err := s.does(spots)
		if err != nil || strings.Count(checks, `"block":"2026-national-day"`) != 1 {
			t.Fatalf("%v: %s", err, checks)
		}
		for name, row := range map[string]struct {
			export, old, with string // what is changed in it
			says              string
			fails             bool
		}{
			"the ledger": {ledger, "", "", "(2026-national-day): the moment follows from the secret and the roster", false},
			"the checks": {checks, "", "", "(2026-national-day): the moment follows from the secret and the roster", false},
			"a check that nobody was there to answer": {checks, "", "", "(2026-mid-autumn): the moment follows", false},
			"an entry was changed":                    {ledger, `"reason":"before-rosters"`, `"reason":"after-rosters"`, "does not match its checksum", true},
			"a later moment":                          {checks, `"moment":"2026-10-0`, `"moment":"2027-10-0`, "the moment does not follow", true},
			"another secret":                          {checks, `"secret":"`, `"secret":"0`, "the moment does not follow", true},
			"no export":                               {"{}", "", "", "", true},
			"half an export":                          {checks[:len(checks)/2], "", "", "", true},
		} {
			said, err := s.proves(strings.Replace(row.export, row.old, row.with, 1))
			if (err != nil) != row.fails || !strings.Contains(said, row.says) {
				t.Errorf("%s: %v: %s", name, err, said)
			}
			if stated, ok := errors.AsType[*statedError](err); ok && stated.code != exitFailed {
				t.Errorf("%s: exit code %d", name, stated.code)
			}
		}
		s.balanced()
	})
}
