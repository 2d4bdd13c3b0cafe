package main

import (
	"syscall"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
)

// stopWithin is how long, by our promise, the service may take to stop.
const stopWithin = 10 * time.Second

// The service is told to stop while messages are on their way. If they are merely slow
// it finishes them and ends well; if the chat service hangs it ends all the same, in
// time, and says what becomes of them. After the next start nothing is lost, and only
// what was on its way when it hung is marked.
func TestStop(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a dozen seconds")
	}
	t.Parallel()
	binary := builtBinary(t)
	for _, row := range []struct {
		name   string
		delay  time.Duration
		says   string // before it ends
		marked int
	}{
		{"slow", 1500 * time.Millisecond, "", 0},
		{"hanging", time.Minute, "16 messages were on their way and the chat service did not answer", sendWorkers},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			p := newPieces(t, binary, "2026-09-21T09:00:00+08:00")
			v := p.lively("")
			end := p.gate.Fail(sandbox.Fault{Method: "sendMessage", Times: 1_000_000, Delay: row.delay})
			p.ask()
			p.await(v, func() bool { return p.gate.busy.Load() >= sendWorkers })
			p.ends(v)
			if !v.errs.has(row.says) {
				t.Errorf("it says:\n%s", v.errs)
			}
			end()
			p.gate.drain(t)
			if got := p.answered(); row.marked == 0 && got < sendWorkers {
				t.Errorf("%d messages were finished of %d on their way", got, sendWorkers)
			}

			v = p.lively("")
			p.await(v, func() bool { return p.answered() == asking })
			p.stop(v)
			for chat := range int64(asking) {
				if n := p.copiesAt(chat); n < 1 || n > 1 && row.marked == 0 {
					t.Errorf("chat %d received %d answers", chat+1, n)
				}
			}
			if got := p.marked(); got != row.marked {
				t.Errorf("%d answers are marked as possible duplicates, want %d", got, row.marked)
			}
		})
	}
}

// The service is told to stop while it waits for a file that somebody sent: it does not
// wait on, and handles the message after the next start.
func TestStopWhileDownloading(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	t.Parallel()
	p := newPieces(t, builtBinary(t), "2026-09-21T09:00:00+08:00")
	p.appoint()
	v := p.lively("")
	end := p.gate.Fail(sandbox.Fault{Method: "getFile", Times: 1_000_000, Delay: time.Minute})
	p.admin.SendDocument("people.csv", []byte("staff_no,name,unit\nE1,样例一,示例办公室\n"), "")
	p.await(v, func() bool { return p.gate.busy.Load() > 0 })
	p.ends(v)
	end()
	p.gate.drain(t)
	v = p.lively("")
	p.await(v, func() bool { return p.told("新增 1 人") == 1 })
	p.stop(v)
}

// ends tells a life to end and wants it to do so well, and in time.
func (p *pieces) ends(v *victim) {
	p.t.Helper()
	asked := time.Now()
	if err := v.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	select {
	case <-v.dead:
	case <-time.After(stopWithin):
		p.t.Fatalf("still there %v after it was told to stop:\n%s", time.Since(asked), v.errs)
	}
	if !v.cmd.ProcessState.Success() {
		p.t.Errorf("%s; it says:\n%s", v.cmd.ProcessState, v.errs)
	}
	p.t.Logf("ended %v after it was told to", time.Since(asked).Round(time.Millisecond))
}

// asking is how many people ask at once, more than are answered at once.
const asking = 40

// ask lets people write who are answered one message each.
func (p *pieces) ask() {
	for chat := range int64(asking) {
		p.gate.Person(chat+1, "某人", "zh-hans").Type("您好")
	}
}

// answered counts the people who have an answer.
func (p *pieces) answered() (n int) {
	for chat := range int64(asking) {
		if p.copiesAt(chat) > 0 {
			n++
		}
	}
	return n
}

// copiesAt counts the answers of one of them.
func (p *pieces) copiesAt(chat int64) (n int) {
	for _, m := range p.gate.Person(chat+1, "", "").Messages() {
		if m.FromBot {
			n++
		}
	}
	return n
}

// marked counts what may have arrived twice, as the data directory has it.
func (p *pieces) marked() (n int) {
	p.look(func(s *store.Store, tx reminders.Tx) error {
		page, err := s.Outbox().ReceiptsAfter(tx, "", exportPage)
		for _, r := range page {
			if r.Duplicate {
				n++
			}
		}
		return err
	})
	return n
}
