package main

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// in runs a unit of work on the running office.
func (s *scene) in(f func(tx reminders.Tx) error) {
	s.t.Helper()
	if err := s.live.store.Do(context.Background(), f); err != nil {
		s.t.Fatal(err)
	}
}

// Who is behind a place is who holds it now; who is behind a role is who has it, in the
// unit or above it. The staff on duty are all of the office while it keeps no roster, and
// somebody who joins it is among them in the next unit of work.
func TestDirectory(t *testing.T) {
	play(t, "2026-09-21T08:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.plans(rosterOfNationalDay)
		who := &directory{people: s.live.people, duty: s.live.duty}
		unit := s.unitOf("P1")
		looks := func(role reminders.Role, want ...reminders.PersonID) {
			t.Helper()
			s.in(func(tx reminders.Tx) error {
				got, err := who.InUnit(tx, unit, role)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", role, diff)
				}
				return err
			})
		}
		looks(reminders.Liaison, "L1")
		looks(reminders.DutyOfficer)
		looks(reminders.StaffOnDuty, "S1", "S2", "S3")
		s.enrol("S4,于举例,监督室,科员,staff,zh-Hans")
		looks(reminders.StaffOnDuty, "S1", "S2", "S3", "S4")
		s.until("2026-10-02 09:00")
		looks(reminders.DutyOfficer, "P2")
		looks(reminders.DutyLeader, "B1")
		looks(reminders.DutyBackup, "P1")
	})
}

// A daily report begins with what the shifts handed over in writing on its day, and what
// they left open; what was closed before its end is not in it.
func TestNotesOfTheDay(t *testing.T) {
	play(t, "2026-09-21T08:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.plans(rosterOfNationalDay)
		unit := s.unitOf("P1")
		first := duty.IDOf(unit, s.at("2026-10-01 08:00"))
		s.until("2026-10-01 08:00")
		s.in(func(tx reminders.Tx) error {
			_, err := s.live.duty.TakeOver(tx, first, "P1")
			return err
		})
		s.until("2026-10-02 08:00")
		s.lives("2026-10-02 08:05") // a little late
		s.in(func(tx reminders.Tx) error {
			_, _, err := s.live.duty.HandOver(tx, first, "P1", "一切正常", []string{"门禁待修", "灯待换"})
			return err
		})
		s.in(func(tx reminders.Tx) error {
			_, err := s.live.duty.CloseMatter(tx, unit, 2, "已换", "P2")
			return err
		})
		notes := watch{duty: s.live.duty, units: s.live.reg.AllUnits}
		for day, want := range map[string][]report.Note{
			"2026-10-01 00:00": nil,
			"2026-10-02 00:00": {{Ref: string(first), Text: "一切正常"}, {Ref: "matter/" + string(unit) + "/1", Text: "门禁待修"}},
			"2026-10-03 00:00": {{Ref: "matter/" + string(unit) + "/1", Text: "门禁待修"}},
		} {
			s.in(func(tx reminders.Tx) error {
				got, err := notes.NotesOf(tx, unit, reminders.Window{From: s.at(day), To: s.at(day).Add(24 * time.Hour)})
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", day, diff)
				}
				return err
			})
		}
	})
}

// unitOf is the unit of a person.
func (s *scene) unitOf(id reminders.PersonID) (unit reminders.UnitID) {
	s.t.Helper()
	s.in(func(tx reminders.Tx) error {
		record, _, err := s.live.people.Person(tx, id)
		unit = record.Unit
		return err
	})
	return unit
}
