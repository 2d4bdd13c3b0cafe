package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
)

// acts puts an edit or a deletion of a message into the outbox.
func (s *scene) acts(act reminders.Act, key reminders.DeliveryKey, reason string) {
	s.t.Helper()
	err := s.live.store.Do(context.Background(), func(tx reminders.Tx) error {
		return s.live.post.Enqueue(tx, reminders.Delivery{
			Key: reminders.DeliveryKey(fmt.Sprintf("%s/%s/%d", act, key, tx.Now().UnixNano())), Kind: "notice", Act: act,
			Lane: reminders.LaneDuty, Reason: reason, Original: key,
		})
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// rewrites lets a message that was sent say a text of another length, and edits it.
func (s *scene) rewrites(key reminders.DeliveryKey, units int) {
	s.t.Helper()
	err := s.live.store.Do(context.Background(), func(tx reminders.Tx) error {
		r, _, err := s.live.store.Outbox().Receipt(tx, key)
		if err != nil {
			return err
		}
		text := strings.Repeat("改", units)
		r.Lines = []reminders.Message{reminders.Line("series.titles", reminders.Args{"First": reminders.Text(""), "Second": reminders.Text(text)})}
		return s.live.store.Outbox().SaveReceipt(tx, r)
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.acts(reminders.ActEdit, key, "corrected")
	time.Sleep(20 * time.Second)
	s.settle()
}

// A correction makes more messages of one, or fewer, in a pace that the chat takes; the
// button stays on the last; an acknowledgement names the text that was there, and the
// ledger every text; what is withdrawn leaves nothing behind.
func TestCorrectionsOfAnyLength(t *testing.T) {
	for _, row := range []struct {
		name  string
		units int
		files string
		new   int
		want  []string // after the correction
		again []string // with the line of the answer
	}{
		{"a text becomes longer", 5, "", 9000, []string{"text, long", "text, long", "text, long, buttons"}, []string{"text, long, buttons"}},
		{"a text becomes shorter", 9000, "", 5000, []string{"text, long", "text, long, buttons"}, []string{"text, long, buttons"}},
		{"a caption becomes a message", 5, "p", 1025, []string{"photo", "text, long, buttons"}, []string{"photo", "text, long, buttons"}},
		{
			"below an album", 5, "pp", 5000,
			[]string{"photo in album", "photo in album", "text, long", "text, long, buttons"},
			[]string{"photo in album", "photo in album", "text, long, buttons"},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			play(t, "2026-09-22T08:50:00+08:00", func(s *scene) {
				s.enrol(small)
				s.lives("2026-09-22 09:01")
				before := s.received("P1")
				s.mails("test/m", "P1", row.units, s.puts(row.files), s.owed("P1")...)
				time.Sleep(20 * time.Second)
				s.settle()
				first, calls := s.receipt("test/m"), len(s.server.Calls())
				s.rewrites("test/m", row.new)
				if diff := cmp.Diff(row.want, s.since("P1", before)); diff != "" {
					t.Errorf("P1 sees (-want +got):\n%s", diff)
				}
				second := s.receipt("test/m")
				if len(second.Parts) != len(row.want) || second.TextHash == first.TextHash || second.Duplicate {
					t.Errorf("receipt %+v", second)
				}
				s.tap("P1", "已阅")
				s.settle()
				if got := s.receipt("test/m"); !slices.Equal(got.Parts, second.Parts) || got.TextHash != second.TextHash {
					t.Errorf("an answer changed the receipt: %+v", got)
				}
				s.rewrites("test/m", 5)
				if diff := cmp.Diff(row.again, s.since("P1", before)); diff != "" {
					t.Errorf("P1 sees with the line of the answer (-want +got):\n%s", diff)
				}
				third := s.receipt("test/m")
				s.told(first.TextHash, second.TextHash, third.TextHash)
				s.acts(reminders.ActDelete, "test/m", "withdrawn")
				s.settle()
				if got := s.since("P1", before); len(got) != 0 || s.receipt("test/m").DeletedAt.IsZero() {
					t.Errorf("left behind: %v", got)
				}
				s.clean(calls)
				s.balanced()
			})
		})
	}
}

// told compares what the ledger says of the texts of the message, and of the one that was
// acknowledged, which is the second.
func (s *scene) told(first, second, third string) {
	s.t.Helper()
	var got []string
	for _, e := range s.entries(ledger.Sent) {
		if e.Object == "test/m" {
			got = append(got, e.TextHash)
		}
	}
	for _, e := range s.entries(ledger.Corrected) {
		got = append(got, e.Attrs["was"]+" > "+e.TextHash)
	}
	for _, e := range s.entries(ledger.Acknowledged) {
		if e.Subject == "P1" {
			got = append(got, e.TextHash)
		}
	}
	want := []string{first, first + " > " + second, second + " > " + third, second}
	if diff := cmp.Diff(want, got); diff != "" {
		s.t.Errorf("the ledger (-want +got):\n%s", diff)
	}
}

// What is older than 48 hours stays where it is, without an alarm: a part that is not
// needed any more says that its text stands above, and a deletion is refused once.
func TestWhatIsTooOldToBeDeleted(t *testing.T) {
	play(t, "2026-09-22T08:50:00+08:00", func(s *scene) {
		s.enrol(small)
		before := s.received("P1")
		s.mails("test/m", "P1", 5000, nil)
		time.Sleep(20 * time.Second)
		s.until("2026-09-24 08:00")
		s.lives("2026-09-24 09:05")
		after := s.received("P1")
		s.rewrites("test/m", 5)
		if got := s.since("P1", before)[:2]; !slices.Equal(got, []string{"text, short", "text, long"}) || s.received("P1") != after {
			t.Errorf("P1 sees %v", got)
		}
		if r := s.receipt("test/m"); len(r.Parts) != 1 {
			t.Errorf("receipt %+v", r)
		}
		calls := len(s.server.Calls())
		s.acts(reminders.ActDelete, "test/m", "withdrawn")
		time.Sleep(10 * time.Minute)
		s.settle()
		tries := 0
		for _, call := range s.server.Calls()[calls:] {
			if strings.HasPrefix(call.Method, "deleteMessage") {
				tries++
			}
		}
		if r := s.receipt("test/m"); tries != 1 || !r.DeletedAt.IsZero() {
			t.Errorf("%d tries, receipt %+v", tries, r)
		}
		s.balanced()
	})
}

// A process that is killed between the steps of a correction goes on where it was; only
// the message in flight may come twice, and is marked.
func TestKilledBetweenStepsOfAnEdit(t *testing.T) {
	for _, row := range []struct {
		name      string
		dies      func(o reminders.Outcome) bool
		want      []string
		duplicate bool
	}{
		{
			"after an edit", func(o reminders.Outcome) bool { return o.Midway.Done == 1 },
			[]string{"text, long", "text, long", "text, long"},
			false,
		},
		{
			"after a message", func(o reminders.Outcome) bool { return o.Midway.Done == 2 },
			[]string{"text, long", "text, long", "text, long", "text, long"},
			true,
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			play(t, "2026-09-22T08:50:00+08:00", func(s *scene) {
				s.enrol(small)
				before := s.received("P1")
				s.mails("test/m", "P1", 5, nil)
				time.Sleep(20 * time.Second)
				s.settle()
				s.end()
				var left store.Engine
				s.start(func(live *service) {
					live.work.Sender = &dying{
						Sender: live.bot, dead: make(chan struct{}), killed: func() { left = s.copied() }, after: row.dies,
					}
				})
				s.rewrites("test/m", 9000)
				s.end()
				s.engine = left
				s.begin()
				time.Sleep(20 * time.Second)
				s.settle()
				if diff := cmp.Diff(row.want, s.since("P1", before)); diff != "" {
					t.Errorf("P1 sees (-want +got):\n%s", diff)
				}
				if r := s.receipt("test/m"); len(r.Parts) != 3 || r.Duplicate != row.duplicate {
					t.Errorf("receipt %+v", r)
				}
				s.balanced()
			})
		})
	}
}
