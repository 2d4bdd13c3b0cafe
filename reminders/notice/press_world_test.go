package notice_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// newsroom is an office with a press, and with phones: what every chat shows, message by
// message, as the chat service has it.
type newsroom struct {
	*office
	press  *notice.Press
	phones map[reminders.DeliveryKey][]string // what each message has shown; empty: deleted
}

// flight is a message on its way: its words are chosen.
type flight struct {
	reminders.Delivery
	text string
}

// newNewsroom opens a newsroom with so many officials on a workday at ten. The guard
// objects to the word "secret" (hard) and to "always" (soft).
func newNewsroom(t testing.TB, officials int) *newsroom {
	t.Helper()
	r := &newsroom{office: newOffice(t, officials, day(7, 6, 10, 0)), phones: map[reminders.DeliveryKey][]string{}}
	r.open()
	return r
}

func (r *newsroom) open() {
	r.press = notice.NewPress(notice.PressOptions{
		Desk: r.desk, Store: r.store.Publications(), Number: r.store.Number, Screen: screen,
		Approvers: func(reminders.Tx) ([]reminders.PersonID, error) { return []reminders.PersonID{"S001", "S002"}, nil },
		Reachable: func(_ reminders.Tx, id reminders.PersonID) (bool, error) { return id != "G0007", nil },
	})
}

// reopen lets a new process go on with what the store holds.
func (r *newsroom) reopen() {
	r.restart()
	r.open()
}

func screen(text string) (hits []reminders.Hit) {
	if strings.Contains(text, "secret") {
		hits = append(hits, reminders.Hit{Rule: "mark", Hard: true, Say: reminders.Line("guard.mark", nil)})
	}
	if strings.Contains(text, "always") {
		hits = append(hits, reminders.Hit{Rule: "strict", Say: reminders.Line("lint.strict", nil)})
	}
	return hits
}

// said is a body in Chinese.
func said(title string) map[reminders.Language]notice.Body {
	return map[reminders.Language]notice.Body{reminders.Chinese: {Title: title, Text: "<b>text</b> of " + title}}
}

// drafted writes a draft of S001 and gives its handle.
func (r *newsroom) drafted(kind notice.Kind, change func(*notice.Publication)) string {
	r.t.Helper()
	var handle string
	r.do(func(tx reminders.Tx) error {
		p, err := r.press.Begin(tx, kind, "chat", "S001", reminders.Chinese)
		if err != nil {
			return err
		}
		handle = p.Handle()
		_, err = r.press.Edit(tx, handle, "S001", func(p *notice.Publication) {
			p.Bodies, p.Audience = said("first"), reminders.Audience{Everyone: true}
			if change != nil {
				change(p)
			}
		})
		return err
	})
	return handle
}

// approved lets S002 approve a draft.
func (r *newsroom) approved(handle string) {
	r.t.Helper()
	r.do(func(tx reminders.Tx) error {
		if _, err := r.press.Submit(tx, handle, "S001"); err != nil {
			return err
		}
		_, err := r.press.Decide(tx, handle, true, "", "S002", false)
		return err
	})
}

// sent lets an announcement to everyone be sent, with an acknowledgement per person.
func (r *newsroom) sent(change func(*notice.Publication)) (handle, id string) {
	r.t.Helper()
	handle = r.drafted(notice.Announcement, func(p *notice.Publication) {
		p.Expects, p.Workdays = notice.ExpectPerPerson, 2
		if change != nil {
			change(p)
		}
	})
	r.approved(handle)
	r.work()
	return handle, r.publication(handle).Notice
}

func (r *newsroom) publication(handle string) (p notice.Publication) {
	r.t.Helper()
	r.do(func(tx reminders.Tx) (err error) {
		p, err = r.press.Find(tx, handle)
		return err
	})
	return p
}

func (r *newsroom) standing(handle string) (s notice.Standing) {
	r.t.Helper()
	r.do(func(tx reminders.Tx) (err error) {
		s, err = r.press.Standing(tx, handle)
		return err
	})
	return s
}

// work lets book, press and desk do what is due, in the order of the clockwork.
func (r *newsroom) work() {
	r.t.Helper()
	if err := r.tryWork(100000); err != nil {
		r.t.Fatal(err)
	}
}

// tryWork lets them do at most so many pieces.
func (r *newsroom) tryWork(pieces int) error {
	ctx := context.Background()
	for range pieces {
		_, more, err := r.book.Advance(ctx, r.clock.now)
		if err == nil && !more {
			_, more, err = r.press.Advance(ctx, r.clock.now)
		}
		if err == nil && !more {
			_, more, err = r.desk.Advance(ctx, r.clock.now)
		}
		if err != nil || !more {
			return err
		}
	}
	return nil
}

// launch takes up to n messages that are due into flight, lower lanes first, and puts
// them into words as things stand now.
func (r *newsroom) launch(n int) (flights []flight) {
	r.t.Helper()
	var chosen []reminders.Delivery
	r.do(func(tx reminders.Tx) error {
		chosen = nil
		paused, err := r.desk.Paused(tx)
		if err != nil {
			return err
		}
		for lane := reminders.LaneAnswer; lane <= reminders.LaneBroadcast && len(chosen) < n; lane++ {
			due, err := r.store.Outbox().DueDeliveries(tx, lane, r.clock.now, 0)
			if err != nil {
				return err
			}
			for _, d := range due {
				if len(chosen) == n || len(chosen) == 40 {
					break
				}
				if d.Act == reminders.ActSend {
					if held(d, paused) {
						continue
					}
					if d, _, err = r.store.Outbox().ClaimDelivery(tx, d.Key); err != nil {
						return err
					}
				}
				chosen = append(chosen, d)
			}
		}
		return nil
	})
	for _, d := range chosen {
		flights = append(flights, flight{d, r.words(d)})
	}
	return flights
}

// words puts a message into words: the titles of what its lines say, or their keys.
func (r *newsroom) words(d reminders.Delivery) string {
	r.t.Helper()
	var parts []string
	r.do(func(tx reminders.Tx) error {
		parts = nil
		lines := d.Lines
		if d.Original != "" {
			sent, _, err := r.store.Outbox().Receipt(tx, d.Original)
			if err != nil {
				return err
			}
			lines = sent.Lines
		}
		for _, line := range lines {
			if line.Ref != "" {
				said, err := r.desk.Show(tx, line.Ref, reminders.Person{ID: d.Person, Language: reminders.Chinese})
				if err != nil {
					return err
				}
				line = said
			}
			part := line.Key
			if title, found := line.Args["Title"]; found {
				part = *title.Text
			}
			parts = append(parts, part)
		}
		return nil
	})
	return strings.Join(parts, "+")
}

// land ends flights as they were meant to, or with another result.
func (r *newsroom) land(flights []flight, result reminders.Result) {
	r.t.Helper()
	for _, f := range flights {
		r.do(func(tx reminders.Tx) error { return r.landAs(tx, f, result) })
		if result != reminders.Sent {
			continue
		}
		switch f.Act {
		case reminders.ActSend:
			r.phones[f.Key] = []string{f.text}
		case reminders.ActEdit:
			r.phones[f.Original] = append(r.phones[f.Original], f.text)
		case reminders.ActDelete:
			r.phones[f.Original] = nil
		}
	}
}

func (r *newsroom) landAs(tx reminders.Tx, f flight, result reminders.Result) error {
	if f.Act == reminders.ActSend {
		return r.settleAs(tx, f.Delivery, result)
	}
	if err := r.desk.Settled(tx, f.Delivery, reminders.Outcome{Result: result}); err != nil {
		return err
	}
	return r.store.Outbox().RemoveDelivery(tx, f.Key)
}

// deliver sends up to n messages.
func (r *newsroom) deliver(n int) (sent int) {
	r.t.Helper()
	for sent < n {
		flights := r.launch(n - sent)
		if len(flights) == 0 {
			return sent
		}
		r.land(flights, reminders.Sent)
		sent += len(flights)
	}
	return sent
}

// finish lets everything be done and sent that can be now.
func (r *newsroom) finish() {
	r.t.Helper()
	for range 1000 {
		r.work()
		if r.deliver(100000) == 0 {
			return
		}
	}
	r.t.Fatal("there is always more to send")
}

// copies gives what the copies of a notice have shown, those that were deleted with
// nothing.
func (r *newsroom) copies(id string) map[reminders.DeliveryKey][]string {
	found := maps.Clone(r.phones)
	maps.DeleteFunc(found, func(key reminders.DeliveryKey, _ []string) bool {
		return !strings.HasPrefix(string(key), id+"/") || strings.Contains(string(key), "/chase/") || strings.Contains(string(key), "/asked-")
	})
	return found
}

// histories counts the copies by what they have shown, one after the other.
func (r *newsroom) histories(id string) map[string]int {
	counted := map[string]int{}
	for _, shown := range r.copies(id) {
		counted[strings.Join(slices.Compact(slices.Clone(shown)), ">")]++
	}
	return counted
}

// tallies counts the lines under terms by state.
func (r *newsroom) tallies(terms string) obligation.Tally {
	counted := obligation.Tally{}
	for _, line := range r.lines(terms) {
		counted[line.State]++
	}
	return counted
}

// answer lets a person acknowledge what terms expect.
func (r *newsroom) answer(terms string, person reminders.PersonID, unit reminders.UnitID) error {
	return r.store.Do(context.Background(), func(tx reminders.Tx) error {
		_, err := r.book.Answer(tx, obligation.HandleOf(obligation.TermsID(terms)), obligation.Owner{Person: person, Unit: unit}, person, "hash")
		return err
	})
}

// correct lets a correction be written and approved.
func (r *newsroom) correct(handle, title string, material bool) {
	r.t.Helper()
	r.do(func(tx reminders.Tx) error {
		if _, err := r.press.Correct(tx, handle, "S001", notice.Change{Bodies: said(title), Files: r.filesOf(tx, handle), Material: material, Notes: noted("the place")}); err != nil {
			return err
		}
		_, err := r.press.DecideCorrection(tx, handle, true, "", "S002", false)
		return err
	})
}

// filesOf are the files that go with a publication now.
func (r *newsroom) filesOf(tx reminders.Tx, handle string) []reminders.File {
	r.t.Helper()
	of, err := r.press.Find(tx, handle)
	if err != nil {
		r.t.Fatal(err)
	}
	return of.Files
}

// noted is a note in the language of the lead.
func noted(text string) map[reminders.Language]string {
	return map[reminders.Language]string{reminders.Chinese: text}
}

// recall takes a publication back.
func (r *newsroom) recall(handle string) {
	r.t.Helper()
	r.do(func(tx reminders.Tx) error {
		_, err := r.press.Recall(tx, handle, "wrong place", "S001")
		return err
	})
}
