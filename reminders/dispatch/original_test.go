package dispatch_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// growing plays the wire for an edit: the part that exists is edited, and two are sent,
// each announced before.
func growing(d reminders.Delivery, _ int) reminders.Outcome {
	switch {
	case d.Act == reminders.ActSend:
		return reminders.Outcome{Result: reminders.Sent, MessageID: 5, Parts: []int{5}, Chat: 70, TextHash: "old"}
	case !d.Midway.Sends:
		return reminders.Outcome{Result: reminders.Partly, Parts: []int{5}, Midway: reminders.Midway{Done: 1, Hash: "h", Sends: true}}
	case d.Midway.Done == 1:
		return reminders.Outcome{Result: reminders.Partly, Parts: []int{5, 6}, Midway: reminders.Midway{Done: 2, Hash: "h", Sends: true}}
	}
	return reminders.Outcome{Result: reminders.Sent, MessageID: 7, Parts: []int{5, 6, 7}, TextHash: "new", Chat: 70}
}

// correction is an edit that names nothing but the message.
func correction(original reminders.DeliveryKey) reminders.Delivery {
	return reminders.Delivery{
		Key: "edit/" + original, Kind: "notice", Act: reminders.ActEdit, Lane: reminders.LaneBroadcast, Reason: "corrected", Original: original,
	}
}

// An edit that makes messages sends them one at a time, as its chat takes them, and the
// receipt of the original says what exists after every step and what it says at the end.
func TestEditsThatMakeMessages(t *testing.T) {
	inPlant(t, func(p *plant) {
		p.sender.plan = growing
		var between []int
		p.sender.plan = func(d reminders.Delivery, try int) reminders.Outcome {
			if d.Midway.Done == 2 {
				between = p.receipt("m").Parts
			}
			return growing(d, try)
		}
		p.enqueue(message("m", reminders.LaneBroadcast))
		p.start()
		p.pass(time.Minute)
		p.enqueue(correction("m"))
		p.pass(time.Minute)
		var at []time.Time
		for _, a := range p.sender.attempts() {
			if a.d.Act == reminders.ActEdit && a.d.Midway.Sends {
				at = append(at, a.at)
				if a.d.ClaimedAt.IsZero() || a.d.Person != "of-m" {
					t.Errorf("step %+v is not claimed for its reader", a.d.Midway)
				}
			}
		}
		if len(at) != 2 || at[1].Sub(at[0]) < time.Second {
			t.Errorf("messages at %v", at)
		}
		r := p.receipt("m")
		if diff := cmp.Diff([]int{5, 6}, between); diff != "" {
			t.Errorf("in between (-want +got):\n%s", diff)
		}
		if !slices.Equal(r.Parts, []int{5, 6, 7}) || r.MessageID != 7 || r.TextHash != "new" || r.Duplicate || !r.DeletedAt.IsZero() {
			t.Errorf("receipt %+v", r)
		}
		if got := p.seen.ended["edit/m"]; !slices.Equal(got, []reminders.Result{reminders.Sent}) || p.left() != 0 {
			t.Errorf("ended %v, %d left", got, p.left())
		}
	})
}

// What a crash finds in flight is repeated: marked if it makes a message, and unmarked if
// it does not.
func TestEditsAfterACrash(t *testing.T) {
	for _, row := range []struct {
		name      string
		at        reminders.Midway
		duplicate bool
	}{
		{"before a step that edits", reminders.Midway{}, false},
		{"in a step that makes a message", reminders.Midway{Done: 2, Hash: "h", Sends: true}, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			inPlant(t, func(p *plant) {
				p.sender.plan = growing
				p.enqueue(message("m", reminders.LaneBroadcast))
				p.start()
				p.pass(time.Minute)
				p.halt()
				d := correction("m")
				d.Midway, d.NotBefore = row.at, time.Now()
				if d.Makes() {
					d.ClaimedAt = time.Now()
				}
				p.do(func(tx reminders.Tx) error { return p.outbox.SaveDelivery(tx, d) })
				p.restart()
				p.pass(time.Minute)
				if r := p.receipt("m"); r.Duplicate != row.duplicate || !slices.Equal(r.Parts, []int{5, 6, 7}) {
					t.Errorf("receipt %+v", r)
				}
			})
		})
	}
}

// An edit that fails midway leaves a receipt of what exists, with the hash of the text
// that was there; a deletion ends it.
func TestEditsThatFailMidway(t *testing.T) {
	inPlant(t, func(p *plant) {
		p.sender.plan = func(d reminders.Delivery, try int) reminders.Outcome {
			switch {
			case d.Act == reminders.ActDelete:
				return reminders.Outcome{Result: reminders.Sent}
			case d.Midway.Done == 2:
				return reminders.Outcome{Result: reminders.Unreachable, Reason: "blocked", Parts: []int{5, 6}, TextHash: "new"}
			}
			return growing(d, try)
		}
		p.enqueue(message("m", reminders.LaneBroadcast))
		p.start()
		p.pass(time.Minute)
		p.enqueue(correction("m"))
		p.pass(time.Minute)
		if r := p.receipt("m"); !slices.Equal(r.Parts, []int{5, 6}) || r.TextHash != "old" || r.Result != reminders.Sent {
			t.Errorf("receipt %+v", r)
		}
		gone := correction("m")
		gone.Key, gone.Act = "delete/m", reminders.ActDelete
		p.enqueue(gone)
		p.pass(time.Minute)
		if r := p.receipt("m"); !r.DeletedAt.Equal(p.sender.attempts()[len(p.sender.attempts())-1].at) {
			t.Errorf("deleted at %v", r.DeletedAt)
		}
	})
}

// An edit that only shows an answer writes no receipt, and one that was begun is finished
// though it became worthless meanwhile.
func TestEditsThatChangeNothing(t *testing.T) {
	inPlant(t, func(p *plant) {
		p.sender.plan = growing
		p.enqueue(message("m", reminders.LaneBroadcast))
		p.start()
		p.pass(time.Minute)
		late := correction("m")
		late.Until = time.Now().Add(500 * time.Millisecond)
		p.enqueue(late)
		p.pass(time.Minute)
		before := p.receipt("m")
		if before.TextHash != "new" {
			t.Fatalf("receipt %+v", before)
		}
		p.sender.plan = func(reminders.Delivery, int) reminders.Outcome {
			return reminders.Outcome{Result: reminders.Sent, MessageID: 7, Parts: []int{5, 6, 7}, TextHash: "new"}
		}
		shows := correction("m")
		shows.Key = "refresh/m"
		p.enqueue(shows)
		p.pass(time.Minute)
		if diff := cmp.Diff(before, p.receipt("m")); diff != "" {
			t.Errorf("receipt (-before +after):\n%s", diff)
		}
	})
}

// The messages that an edit makes in a group count there.
func TestEditsInAGroup(t *testing.T) {
	inPlant(t, func(p *plant) {
		p.sender.plan = func(d reminders.Delivery, try int) reminders.Outcome {
			out := growing(d, try)
			out.Chat = -100
			return out
		}
		for n := range 8 {
			d := message(reminders.DeliveryKey(rune('a'+n)), reminders.LaneBroadcast)
			d.Person, d.Chat = "", -100
			p.enqueue(d)
		}
		p.start()
		p.pass(5 * time.Minute)
		before := len(p.sender.attempts())
		for n := range 8 {
			d := correction(reminders.DeliveryKey(rune('a' + n)))
			d.Chat = -100
			p.enqueue(d)
		}
		p.pass(10 * time.Minute)
		all := p.sender.attempts()[before:]
		if len(all) != 24 {
			t.Fatalf("%d steps, want 24", len(all))
		}
		if gap := all[20].at.Sub(all[0].at); gap <= time.Minute {
			t.Errorf("21 steps in one group within %v", gap)
		}
	})
}

// The receipt has the files that its messages show: those with which it was sent, though
// a correction came between, and after every step of an edit those in their places.
func TestReceiptHasTheFilesThatAreShown(t *testing.T) {
	file := func(name string) reminders.File { return reminders.File{Hash: name, Name: name} }
	inPlant(t, func(p *plant) {
		var between []reminders.File
		p.sender.plan = func(d reminders.Delivery, _ int) reminders.Outcome {
			switch {
			case d.Act == reminders.ActSend:
				return reminders.Outcome{Result: reminders.Sent, MessageID: 6, Parts: []int{5, 6}, Files: []reminders.File{file("b"), file("x")}}
			case d.Midway.Files == 0:
				return reminders.Outcome{
					Result: reminders.Partly, Parts: []int{5, 6}, Files: []reminders.File{file("c"), file("x")}, Midway: reminders.Midway{Files: 1},
				}
			}
			between = p.receipt("m").Files
			return reminders.Outcome{Result: reminders.Sent, MessageID: 6, Parts: []int{5, 6}, TextHash: "new"}
		}
		m := message("m", reminders.LaneBroadcast)
		m.Files = []reminders.File{file("a"), file("x")}
		p.enqueue(m)
		p.start()
		p.pass(time.Minute)
		if diff := cmp.Diff([]reminders.File{file("b"), file("x")}, p.receipt("m").Files); diff != "" {
			t.Errorf("sent (-want +got):\n%s", diff)
		}
		p.enqueue(correction("m"))
		p.pass(time.Minute)
		want := []reminders.File{file("c"), file("x")}
		if diff := cmp.Diff(want, between); diff != "" {
			t.Errorf("between two steps (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(want, p.receipt("m").Files); diff != "" {
			t.Errorf("corrected (-want +got):\n%s", diff)
		}
	})
}
