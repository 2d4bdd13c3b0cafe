package dispatch_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// withFiles gives a delivery pictures.
func withFiles(d reminders.Delivery, count int) reminders.Delivery {
	for n := range count {
		d.Files = append(d.Files, reminders.File{Hash: fmt.Sprintf("%s%d", d.Key, n), Type: "image/jpeg", Size: 1})
	}
	return d
}

// inParts sends one album or one text at a time, as the wire does.
func inParts(d reminders.Delivery, _ int) reminders.Outcome {
	parts := slices.Clone(d.Parts)
	for range d.Next() {
		parts = append(parts, 100+len(parts))
	}
	if len(parts) <= len(d.Files) {
		return reminders.Outcome{Result: reminders.Partly, Parts: parts}
	}
	return reminders.Outcome{Result: reminders.Sent, MessageID: parts[len(parts)-1], Parts: parts}
}

// An album counts as many messages as it has files, towards the limit of its chat and
// towards that of the bot; its text follows when the chat takes it.
func TestAlbumsKeepTheLimits(t *testing.T) {
	inPlant(t, func(p *plant) {
		p.opts.Rate = 10
		p.sender.plan = inParts
		for n := range 6 {
			p.enqueue(withFiles(message(reminders.DeliveryKey(fmt.Sprintf("a%d", n)), reminders.LaneBroadcast), 4))
		}
		p.start()
		p.pass(time.Minute)
		attempts := p.sender.attempts()
		if len(attempts) != 12 {
			t.Fatalf("%d attempts, want an album and a text for each of 6", len(attempts))
		}
		begin, albums := map[reminders.DeliveryKey]time.Time{}, []time.Time{}
		for _, a := range attempts {
			if len(a.d.Parts) == 0 {
				begin[a.key] = a.at
				albums = append(albums, a.at)
			} else if gap := a.at.Sub(begin[a.key]); gap < 4*time.Second || len(a.d.Parts) != 4 {
				t.Errorf("%s: the text comes %v after an album of %d", a.key, gap, len(a.d.Parts))
			}
		}
		if took := albums[5].Sub(albums[0]); took < 5*400*time.Millisecond {
			t.Errorf("6 albums of 4 begin within %v at 10 messages a second", took)
		}
		receipt := p.receipt("a0")
		if len(receipt.Parts) != 5 || receipt.MessageID != 104 || receipt.Duplicate {
			t.Errorf("receipt %+v", receipt)
		}
	})
}

// A group takes 20 messages a minute, those of albums counted one by one.
func TestAlbumsInAGroup(t *testing.T) {
	inPlant(t, func(p *plant) {
		p.sender.plan = inParts
		for n := range 3 {
			d := withFiles(message(reminders.DeliveryKey(fmt.Sprintf("g%d", n)), reminders.LaneBroadcast), 9)
			d.Person, d.Chat = "", -100
			p.enqueue(d)
		}
		p.start()
		p.pass(5 * time.Minute)
		var sent []time.Time
		for _, a := range p.sender.attempts() {
			for range a.d.Next() {
				sent = append(sent, a.at)
			}
		}
		if len(sent) != 30 {
			t.Fatalf("%d messages, want 30", len(sent))
		}
		for n := 20; n < len(sent); n++ {
			if gap := sent[n].Sub(sent[n-20]); gap <= time.Minute {
				t.Errorf("messages %d to %d within %v", n-20, n, gap)
			}
		}
	})
}

// What joins a message brings its files.
func TestJoinBringsFiles(t *testing.T) {
	c := newCounter(t)
	c.enqueue(withFiles(push("a"), 1), withFiles(push("b"), 2))
	if got := c.delivery("a").Files; len(got) != 3 {
		t.Errorf("the message has the files %v", got)
	}
}

// What has begun to arrive is finished, even if it became worthless meanwhile.
func TestWhatHasBegunIsFinished(t *testing.T) {
	inPlant(t, func(p *plant) {
		p.sender.plan = inParts
		d := withFiles(message("m", reminders.LaneAnswer), 4)
		d.Until = time.Now().Add(2 * time.Second)
		p.enqueue(d)
		p.start()
		p.pass(time.Minute)
		if r := p.receipt("m"); r.Result != reminders.Sent || len(r.Parts) != 5 {
			t.Errorf("receipt %+v", r)
		}
	})
}
