package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
)

// A restore is broken off at every point within it, and so is the skipping of what was
// due since the backup. There is either the old store or the new one, which is muted:
// nobody but the admin hears anything before the admin has chosen and everything is
// skipped. Doing it again ends well.
func TestKillRestore(t *testing.T) {
	if testing.Short() {
		t.Skip("takes about half a minute")
	}
	t.Parallel()
	p := newPieces(t, builtBinary(t), "2026-09-21T09:00:00+08:00")
	p.appoint()
	p.found()
	for chat, code := range p.codes {
		p.gate.Person(chat, string(p.phones.people[chat]), "zh-hans").Start(code)
	}
	p.stop(p.lively(""))
	p.saved()
	p.sentMeanwhile()
	p.restores()
	p.skips()
	wasHit(t, p.hits, restoring)
}

// saved takes a backup at the instant at which the reminder to everybody waits in the
// outbox; after that it goes out.
func (p *pieces) saved() {
	p.t.Helper()
	end := p.gate.Fail(sandbox.Fault{Method: "sendMessage", Times: 1_000_000, Drop: sandbox.DropRefused})
	p.turnTo(instant(p.t, "2026-09-22T08:59:50+08:00"))
	v := p.lively("")
	p.await(v, func() bool { return len(p.gate.Calls()) > 0 && p.dropped() > 20 })
	p.run("backup", p.path("night.db"), "--data", p.path("data"))
	hurry := p.gate.Fail(sandbox.Fault{Method: "sendMessage", Times: 1_000_000, Delay: 300 * time.Millisecond})
	end()
	p.await(v, func() bool { return p.shown(heading) > 0 })
	for n := range whileSending {
		p.run("backup", p.path(fmt.Sprintf("sending-%d.db", n)), "--data", p.path("data"))
	}
	hurry()
	p.await(v, func() bool { return p.shown(heading) == len(p.codes) })
	p.stop(v)
}

// whileSending is how many backups are taken while the reminder goes out.
const whileSending = 3

// sentMeanwhile restores the backups that were taken while the service was sending:
// each is whole, muted, and knows of some messages that they are sent and of others
// that they are not.
func (p *pieces) sentMeanwhile() {
	backups, _ := filepath.Glob(p.path("sending-*.db"))
	midway := 0
	for i, backup := range backups {
		dir := p.path(fmt.Sprintf("sending-%d", i))
		p.run("restore", backup, "--data", dir)
		p.run("check", "--data", dir)
		if h := p.holds(dir); !h.restored.Muted() {
			p.t.Errorf("%s is not muted", backup)
		}
		sent := 0
		p.lookInto(dir, func(s *store.Store, tx reminders.Tx) error {
			page, err := s.Outbox().ReceiptsAfter(tx, "", 100_000)
			for _, r := range page {
				if r.Kind == "holiday-reminder" && r.Result == reminders.Sent {
					sent++
				}
			}
			return err
		})
		if sent > 0 && sent < len(p.codes) {
			midway++
		}
	}
	if midway == 0 {
		p.t.Errorf("none of %d backups was taken while the reminder went out", len(backups))
	}
}

// dropped counts the messages that nobody took.
func (p *pieces) dropped() (n int) {
	for _, call := range p.gate.Calls() {
		if call.Method == "sendMessage" && call.Status == 0 {
			n++
		}
	}
	return n
}

// restores breaks a restore off over copies of the data directory, and does it again.
func (p *pieces) restores() {
	before := p.holds(p.path("data"))
	if before.restored.Muted() || before.count() < 100 {
		p.t.Fatalf("%d entries, %+v", before.count(), before.restored)
	}
	for i, row := range []struct {
		end string
		new bool
	}{
		{"copied:1", false},
		{"marked:1", false},
		{"kept:1", false},
		{"replaced:1", true},
		{end: ""},
		{end: ""},
		{end: ""},
	} {
		dir := p.path(fmt.Sprintf("data-%d", i))
		if err := os.CopyFS(dir, os.DirFS(p.path("data"))); err != nil {
			p.t.Fatal(err)
		}
		command := []string{"restore", p.path("night.db"), "--data", dir}
		v := start(p.t, p.binary, row.end, command...)
		if row.end != "" {
			p.dies(v, row.end)
		} else {
			time.Sleep(time.Duration(p.rng.Int64N(int64(150 * time.Millisecond))))
			v.kill()
			<-v.dead
		}
		after := p.holds(dir)
		isNew := after.restored.Muted()
		if isNew && len(after.entries[ledger.Restored]) != 1 || !isNew && after.count() != before.count() {
			p.t.Errorf("after %q: muted: %t, %d entries, %d before", row.end, isNew, after.count(), before.count())
		}
		if row.end != "" && isNew != row.new {
			p.t.Errorf("after %s the store is muted: %t", row.end, isNew)
		}
		p.run(command...)
		p.restored(dir)
	}
}

// restored wants a directory to hold the backup, muted and sound, the old store beside
// it, and nothing else of the attempt that was broken off.
func (p *pieces) restored(dir string) {
	p.t.Helper()
	if h := p.holds(dir); !h.restored.Muted() || len(h.entries[ledger.Restored]) != 1 {
		p.t.Errorf("%s: %+v, %d restores in the ledger", dir, h.restored, len(h.entries[ledger.Restored]))
	}
	p.run("check", "--data", dir)
	database := filepath.Join(dir, databaseName)
	kept, _ := filepath.Glob(database + ".replaced-*")
	left, _ := filepath.Glob(filepath.Join(dir, ".*"))
	if len(kept) == 0 || len(left) != 0 {
		p.t.Errorf("%s: kept %v, left over %v", dir, kept, left)
	}
}

// skips lets the admin choose to skip over the restored store, in lives that are broken
// off.
func (p *pieces) skips() {
	p.run("restore", p.path("night.db"), "--data", p.path("data"))
	p.turnTo(instant(p.t, "2026-09-22T11:00:00+08:00"))
	heard := p.heard()
	v := p.lively("")
	p.await(v, func() bool { return p.told("〔数据恢复〕") == 1 })
	p.stop(v)
	p.silent(heard)
	tapped := false
	for _, end := range []string{"skip:1", "skip:1", "skip:2", "lift:1", "lift:1"} {
		v := p.start(fated(end))
		if !tapped {
			if err := p.admin.TapLabel("不发，从现在起照常"); err != nil {
				p.t.Fatal(err)
			}
			tapped = true
		}
		p.dies(v, end)
		p.silent(heard)
		if h := p.holds(p.path("data")); !h.restored.Muted() {
			p.t.Errorf("after %s the store is not muted", end)
		}
	}
	v = p.lively("")
	p.await(v, func() bool { return p.told("系统已恢复正常发送") == 1 })
	p.stop(v)
	p.silent(heard)
	if h := p.holds(p.path("data")); h.restored.Muted() || h.restored.Lifted.IsZero() {
		p.t.Errorf("in the end: %+v", h.restored)
	}
	for text, want := range map[string]int{"〔数据恢复〕": 1, "系统已恢复正常发送": 1} {
		if got := p.told(text); got != want {
			p.t.Errorf("the admin was told %q %d times", text, got)
		}
	}
	p.run("check", "--data", p.path("data"))
	p.passedOver()
}

// heard counts the messages in the chats of everyone but the admin.
func (p *pieces) heard() map[int64]int {
	count := map[int64]int{}
	for chat := range p.codes {
		count[chat] = len(p.gate.Person(chat, "", "").Messages())
	}
	return count
}

// silent fails if somebody but the admin has received anything since.
func (p *pieces) silent(heard map[int64]int) {
	p.t.Helper()
	for chat, n := range p.heard() {
		if n != heard[chat] {
			p.t.Errorf("chat %d received %d messages from a store that was restored", chat, n-heard[chat])
		}
	}
}

// passedOver wants each message that waited in the backup to have ended as withdrawn,
// once, because of the restore.
func (p *pieces) passedOver() {
	p.t.Helper()
	ended := 0
	p.look(func(s *store.Store, tx reminders.Tx) error {
		page, err := s.Outbox().ReceiptsAfter(tx, "", 100_000)
		for _, r := range page {
			if r.Kind == "holiday-reminder" && r.Result == reminders.Withdrawn && r.Code == "restored" {
				ended++
			}
		}
		return err
	})
	if ended < len(p.codes) {
		p.t.Errorf("%d reminders were passed over, want %d", ended, len(p.codes))
	}
}
