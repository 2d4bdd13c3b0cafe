package main

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// faultyDisk is an engine whose writes, or reads too, fail for a while.
type faultyDisk struct {
	store.Engine
	full, dead, stuck atomic.Bool
}

func (d *faultyDisk) Apply(ctx context.Context, changes ...store.Change) error {
	takes := slices.ContainsFunc(changes, func(c store.Change) bool { return strings.HasPrefix(c.Key, "inbox/") && c.Value == nil })
	if d.full.Load() || d.dead.Load() || d.stuck.Load() && takes {
		return reminders.Internalf("test", "no space left on device")
	}
	return d.Engine.Apply(ctx, changes...)
}

func (d *faultyDisk) List(ctx context.Context, from, to string, limit int) ([]store.Record, error) {
	if d.dead.Load() {
		return nil, reminders.Internalf("test", "input/output error")
	}
	return d.Engine.List(ctx, from, to, limit)
}

func (d *faultyDisk) Snapshot(ctx context.Context) (store.Snapshot, error) {
	if d.dead.Load() {
		return nil, reminders.Internalf("test", "input/output error")
	}
	return d.Engine.Snapshot(ctx)
}

// The disk fails over the instant of the reminder, and people type and tap
// meanwhile: when it works again everything is carried out, once.
func TestDiskFailsForAWhile(t *testing.T) {
	for name, fail := range map[string]func(d *faultyDisk, broken bool){
		"full":  func(d *faultyDisk, broken bool) { d.full.Store(broken) },
		"stuck": func(d *faultyDisk, broken bool) { d.stuck.Store(broken) }, // updates come in and cannot be handled
		"dead":  func(d *faultyDisk, broken bool) { d.dead.Store(broken) },
	} {
		t.Run(name, func(t *testing.T) {
			play(t, "2026-09-22T08:00:00+08:00", func(s *scene) {
				s.end()
				disk := &faultyDisk{Engine: mem.New()}
				s.engine = disk
				s.begin()
				s.enrol(small)
				s.lives("2026-09-22 08:58")
				fail(disk, true)
				s.phone("P1").Type("/outstanding")
				s.lives("2026-09-22 09:03")
				if s.copies("P1", "待办") != 0 {
					t.Error("a command was answered whose effect could not be written down")
				}
				fail(disk, false)
				s.lives("2026-09-22 09:06")
				s.reminded()
				if n := s.copies("P1", "待办"); n != 1 {
					t.Errorf("P1 received %d answers to one command", n)
				}
				s.tap("P2", "已阅")
				s.reads("P2", "已阅 · 9月22日 09:06")
				s.balanced()
			})
		})
	}
}
