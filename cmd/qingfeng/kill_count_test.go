package main

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/dispatch"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
)

// examine looks into the data directory after a life: what was in flight, whether
// every tap that was answered is recorded, and whether nothing is left that is due.
func (s *season) examine() (done bool) {
	s.t.Helper()
	now := s.now()
	flown := flight{newest: s.gate.newest(), keys: map[reminders.DeliveryKey]bool{}}
	s.look(func(records *store.Store, tx reminders.Tx) error {
		claimed, err := records.Outbox().Claimed(tx)
		if err != nil {
			return err
		}
		for _, d := range claimed {
			flown.keys[d.Key], s.captured[d.Key] = true, true
		}
		if err := s.recorded(records, tx); err != nil {
			return err
		}
		left, err := leftToDo(records, tx, now)
		done = left == 0
		return err
	})
	if len(flown.keys) > dispatch.Ahead*sendWorkers {
		s.t.Errorf("%d messages were in flight, of %d workers", len(flown.keys), sendWorkers)
	}
	s.killed.flying += len(flown.keys)
	s.flights = append(s.flights, flown)
	return done
}

// leftToDo counts what is due at now, or on its way.
func leftToDo(records *store.Store, tx reminders.Tx, now time.Time) (left int, err error) {
	claimed, err := records.Outbox().Claimed(tx)
	if err != nil {
		return 0, err
	}
	left += len(claimed)
	for lane := reminders.LaneAnswer; lane <= reminders.LaneBroadcast; lane++ {
		due, err := records.Outbox().DueDeliveries(tx, lane, now, 1)
		if err != nil {
			return 0, err
		}
		left += len(due)
	}
	inbox, err := records.Inbox(tx, 1)
	if err != nil {
		return 0, err
	}
	publishing, err := records.Notices().PublishingNotices(tx)
	if err != nil {
		return 0, err
	}
	terms, _, err := records.Obligations().DueTerms(tx, now, 1)
	return left + len(inbox) + len(publishing) + len(terms), err
}

// recorded wants every tap that was answered to be in the book: what somebody was
// told is so.
func (s *season) recorded(records *store.Store, tx reminders.Tx) error {
	lines, err := linesOf(records, tx)
	if err != nil {
		return err
	}
	for _, tap := range s.phones.tapped() {
		toast, answered := tap.answer()
		switch {
		case answered && toast.Alert && lines[tap.line].State == obligation.Withdrawn: // corrected or recalled meanwhile
		case answered && toast.Alert:
			s.t.Errorf("%s tapped and was told %q", tap.person, toast.Text)
		case answered && lines[tap.line].AnsweredAt.IsZero():
			s.t.Errorf("%s tapped, was told %q, and nothing is recorded", tap.person, toast.Text)
		}
	}
	return nil
}

// linesOf gives the whole book of obligations.
func linesOf(records *store.Store, tx reminders.Tx) (map[lineName]obligation.Obligation, error) {
	all, err := records.AllTerms(tx)
	if err != nil {
		return nil, err
	}
	lines := map[lineName]obligation.Obligation{}
	for _, terms := range all {
		page, _, err := records.Obligations().ObligationsAfter(tx, terms.ID, "", exportPage)
		if err != nil {
			return nil, err
		}
		for _, line := range page {
			owner := string(line.Owner.Person)
			if owner == "" {
				owner = string(line.Owner.Unit)
			}
			lines[lineName{terms.Handle, owner}] = line
		}
	}
	return lines, nil
}

// row is what one message came to, as the export says.
type row struct {
	Key       reminders.DeliveryKey
	Kind      string
	StaffNo   reminders.PersonID `json:"staff_no"`
	Chat      int64
	MessageID int `json:"message_id"`
	Result    string
	Duplicate bool `json:"possible_duplicate"`
}

// spot is one message of the chat service.
type spot struct {
	chat int64
	id   int
}

// count holds everything against everything in the end.
func (s *season) count() {
	s.t.Helper()
	s.run("check", "--data", s.path("data"))
	rows := s.exported()
	s.countLost(rows)
	s.countTwice(append(rows, s.answers()...))
	s.countTaps()
}

// exported reads the export of messages.
func (s *season) exported() (rows []row) {
	s.t.Helper()
	if err := json.Unmarshal(s.run("export", "messages", "-", "--format", "json", "--data", s.path("data")), &rows); err != nil {
		s.t.Fatal(err)
	}
	return rows
}

// answers gives what the export leaves out: what people were told after they had
// done something.
func (s *season) answers() (rows []row) {
	s.look(func(records *store.Store, tx reminders.Tx) error {
		for after := reminders.DeliveryKey(""); ; {
			page, err := records.Outbox().ReceiptsAfter(tx, after, exportPage)
			if err != nil {
				return err
			}
			for _, r := range page {
				after = r.Key
				if r.Kind == "answer" && r.Act == reminders.ActSend {
					rows = append(rows, row{r.Key, r.Kind, r.Person, int64(r.Chat), r.MessageID, string(r.Result), r.Duplicate})
				}
			}
			if len(page) < exportPage {
				return nil
			}
		}
	})
	return rows
}

// countLost wants the reminder of the block to have reached everyone, and whatever
// else was to be sent to have been sent.
func (s *season) countLost(rows []row) {
	sent := map[reminders.DeliveryKey]bool{}
	for _, r := range rows {
		sent[r.Key] = r.Result == string(reminders.Sent)
		overtaken := r.Kind == "chase" && r.Result == string(reminders.Withdrawn) // answered meanwhile
		if !sent[r.Key] && !overtaken {
			s.killed.lost++
			s.t.Errorf("%s: %s ended as %q", s.block, r.Key, r.Result)
		}
	}
	for _, person := range s.phones.people {
		key := reminders.DeliveryKey(s.block + "/holiday-reminder/" + string(person))
		if !sent[key] && !s.joined(key, sent) {
			s.killed.lost++
			s.t.Errorf("%s was never sent", key)
		}
	}
}

// joined reports whether a message went out as part of another one.
func (s *season) joined(key reminders.DeliveryKey, sent map[reminders.DeliveryKey]bool) (whole bool) {
	s.look(func(records *store.Store, tx reminders.Tx) error {
		receipt, found, err := records.Outbox().Receipt(tx, key)
		whole = found && receipt.Result == reminders.Joined && sent[receipt.JoinedTo]
		return err
	})
	return whole
}

// countTwice wants every message at the chat service to be in a row, but for copies
// of what was in flight when a kill came; and those rows, and no others, to be
// marked.
func (s *season) countTwice(rows []row) {
	at, byChat := map[spot]row{}, map[int64][]row{}
	for _, r := range rows {
		if r.Result != string(reminders.Sent) {
			continue
		}
		s.killed.sent++
		if other, twice := at[spot{r.Chat, r.MessageID}]; twice {
			s.t.Errorf("%s and %s are the same message", other.Key, r.Key)
		}
		at[spot{r.Chat, r.MessageID}] = r
		byChat[r.Chat] = append(byChat[r.Chat], r)
		if r.Duplicate {
			s.killed.marked++
		}
		if r.Duplicate != s.captured[r.Key] {
			s.t.Errorf("%s: possible_duplicate is %t, in flight at a kill: %t", r.Key, r.Duplicate, s.captured[r.Key])
		}
	}
	for chat := range s.phones.people {
		for _, m := range s.gate.Person(chat, "", "").Messages() {
			here := spot{chat, m.ID}
			if _, known := at[here]; m.FromBot && !known {
				s.killed.duplicated++
				if !s.explained(m, byChat[chat]) {
					s.t.Errorf("chat %d has message %d, %q, which was not in flight at a kill", m.Chat, m.ID, firstLine(m.Text))
				}
			} else if m.FromBot {
				s.upToDate(m)
			}
			delete(at, here)
		}
	}
	for here, r := range at {
		s.killed.lost++
		s.t.Errorf("%s is said to be message %d of chat %d, which does not exist", r.Key, here.id, here.chat)
	}
}

// upToDate wants a message that we know of to ask for nothing that was answered.
func (s *season) upToDate(m sandbox.Message) {
	for _, row := range m.Buttons {
		for _, button := range row {
			if !strings.HasPrefix(button.Data, "ack:") {
				continue
			}
			line := asked(button.Data, s.phones.people[m.Chat])
			if slices.ContainsFunc(s.phones.tapped(), func(t tap) bool { return t.line == line }) {
				s.t.Errorf("chat %d: message %d, %q, still asks for what %s answered", m.Chat, m.ID, firstLine(m.Text), line.owner)
			}
		}
	}
}

// explained reports whether a message that no row knows is a copy of what was in flight
// at the kill that followed it.
func (s *season) explained(m sandbox.Message, rows []row) bool {
	for _, flown := range s.flights {
		if flown.newest < m.ID {
			continue
		}
		for _, r := range rows {
			if flown.keys[r.Key] && r.Duplicate {
				delete(flown.keys, r.Key) // one kill explains one copy
				return true
			}
		}
		break
	}
	return false
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// countTaps wants every tap to be in the export of acknowledgements, nothing there
// that nobody tapped, and each answer once in the ledger.
func (s *season) countTaps() {
	var rows []struct {
		Notice         obligation.TermsID
		StaffNo        string `json:"staff_no"`
		Unit           string
		AcknowledgedAt string `json:"acknowledged_at"`
	}
	text := s.run("export", "acknowledgements", "-", "--format", "json", "--data", s.path("data"))
	if err := json.Unmarshal(text, &rows); err != nil {
		s.t.Fatal(err)
	}
	tapped := map[lineName]bool{}
	for _, tap := range s.phones.tapped() {
		tapped[tap.line] = true
		s.killed.taps++
	}
	answered := 0
	for _, r := range rows {
		line := lineName{obligation.HandleOf(r.Notice), r.StaffNo}
		if r.StaffNo == "" {
			line.owner = string(people.UnitIDOf(r.Unit))
		}
		if tapped[line] != (r.AcknowledgedAt != "") {
			s.killed.lost++
			s.t.Errorf("%s of %s%s: tapped: %t, acknowledged at %q", r.Notice, r.StaffNo, r.Unit, tapped[line], r.AcknowledgedAt)
		}
		if r.AcknowledgedAt != "" {
			answered++
		}
		delete(tapped, line)
	}
	for line := range tapped {
		s.t.Errorf("%s tapped for %s, which the export does not know", line.owner, line.handle)
	}
	s.killed.answers += answered
	if entered := s.entered(); entered != answered {
		s.t.Errorf("the ledger has %d answers, the book %d", entered, answered)
	}
}

// entered counts the answers in the ledger.
func (s *season) entered() (n int) {
	text := s.run("export", "ledger", "-", "--format", "json", "--data", s.path("data"))
	for e, err := range ledger.Import(bytes.NewReader(text)) {
		if err != nil {
			s.t.Fatal(err)
		}
		if e.Verb == ledger.Acknowledged {
			n++
		}
	}
	return n
}
