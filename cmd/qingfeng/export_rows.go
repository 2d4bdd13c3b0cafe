package main

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// exportPage is how many records are read at a time.
const exportPage = 500

// acknowledgementFields and messageFields are those of the contract.
var (
	acknowledgementFields = []string{
		"notice", "kind", "block", "staff_no", "name", "unit", "sent_at", "due", "state", "acknowledged_at", "by",
		"text_hash", "possible_duplicate",
	}
	messageFields = []string{
		"key", "kind", "staff_no", "chat", "lane", "reason", "created_at", "sent_at", "message_id", "result", "possible_duplicate",
	}
)

// acknowledgements gives one row for each line of the book that asks for one, in
// the order in which the notices went out.
func (t *exportTask) acknowledgements(ctx context.Context, f *office) (records, error) {
	found := records{fields: acknowledgementFields}
	window := t.window(f.years.Calendar().Location())
	err := f.store.View(ctx, func(tx reminders.Tx) error {
		who, err := newNamer(tx, f)
		if err != nil {
			return err
		}
		terms, err := f.store.AllTerms(tx)
		if err != nil {
			return err
		}
		for _, one := range terms {
			if !window.Contains(one.Opens) || !acknowledged(one) || t.of != "" && !belongs(one, t.of) {
				continue
			}
			if err := found.addLines(tx, f.store.Obligations(), one, who); err != nil {
				return err
			}
		}
		return nil
	})
	return found, err
}

// acknowledged reports whether terms ask for an acknowledgement: of a reminder, a unit
// notice or a publication.
func acknowledged(terms obligation.Terms) bool {
	return terms.Asking == nil && slices.Contains([]notice.Kind{
		notice.HolidayReminder, notice.UnitNotice, notice.Announcement, notice.WorkPrompt, notice.CaseGuidance, notice.ThemeCard,
	}, notice.Kind(terms.Kind))
}

// belongs reports whether terms are those of a notice, or of a round in which its
// correction asked anew.
func belongs(terms obligation.Terms, id string) bool {
	return string(terms.ID) == id || strings.HasPrefix(string(terms.ID), id+"~")
}

// addLines adds the lines under some terms.
func (r *records) addLines(tx reminders.Tx, book obligation.Store, terms obligation.Terms, who *namer) error {
	for cursor := ""; ; {
		page, next, err := book.ObligationsAfter(tx, terms.ID, cursor, exportPage)
		if err != nil {
			return err
		}
		for _, line := range page {
			r.rows = append(r.rows, []any{
				string(terms.ID), terms.Kind, terms.Block, string(line.Owner.Person), who.people[line.Owner.Person],
				who.units[line.Owner.Unit], line.SentAt, terms.Due, string(line.State), line.AnsweredAt, string(line.By),
				line.TextHash, line.Duplicate,
			})
		}
		if next == "" {
			return nil
		}
		cursor = next
	}
}

// namer knows what people and units are called.
type namer struct {
	people map[reminders.PersonID]string
	unitOf map[reminders.PersonID]reminders.UnitID
	units  map[reminders.UnitID]string
}

func newNamer(tx reminders.Tx, f *office) (*namer, error) {
	n := &namer{map[reminders.PersonID]string{}, map[reminders.PersonID]reminders.UnitID{}, map[reminders.UnitID]string{}}
	for record, err := range f.people.All(tx) {
		if err != nil {
			return nil, err
		}
		n.people[record.ID], n.unitOf[record.ID] = record.Name, record.Unit
	}
	units, err := f.store.People().Units(tx)
	for _, unit := range units {
		n.units[unit.ID] = unit.Name
	}
	return n, err
}

// UnitName and PersonName implement bot.Names; who is not there any more is shown by
// the identifier.
func (n *namer) UnitName(id reminders.UnitID) string {
	return cmp.Or(n.units[id], string(id))
}

func (n *namer) PersonName(id reminders.PersonID) string {
	return cmp.Or(n.people[id], string(id))
}

// named gives a console that calls people and units by their names.
func (c *console) named(tx reminders.Tx, f *office) (*console, error) {
	who, err := newNamer(tx, f)
	named := *c
	named.names = who
	return &named, err
}

// messages gives one row for each message that was sent, or will not be sent any
// more, or waits; in the order in which they were made.
func (t *exportTask) messages(ctx context.Context, f *office) (records, error) {
	found := records{fields: messageFields}
	window := t.window(f.years.Calendar().Location())
	add := func(r reminders.Receipt) {
		if window.Contains(r.CreatedAt) && r.Act == reminders.ActSend && r.Kind != "answer" && r.Result != reminders.Joined {
			found.rows = append(found.rows, messageRow(r))
		}
	}
	err := f.store.View(ctx, func(tx reminders.Tx) error {
		if err := eachReceipt(tx, f, add); err != nil {
			return err
		}
		return eachWaiting(tx, f, add)
	})
	found.sortBy(createdColumn)
	return found, err
}

// createdColumn is where created_at stands among messageFields.
const createdColumn = 6

// messageRow is the row of a message.
func messageRow(r reminders.Receipt) []any {
	chat := r.Chat
	if chat == 0 {
		chat = r.Delivery.Chat
	}
	return []any{
		string(r.Key), r.Kind, string(r.Person), int64(chat), laneName(r.Lane), r.Reason, r.CreatedAt, r.SentAt, r.MessageID,
		string(r.Result), r.Duplicate,
	}
}

// eachReceipt visits what became of deliveries.
func eachReceipt(tx reminders.Tx, f *office, visit func(reminders.Receipt)) error {
	after := reminders.DeliveryKey("")
	for {
		page, err := f.store.Outbox().ReceiptsAfter(tx, after, exportPage)
		if err != nil {
			return err
		}
		for _, receipt := range page {
			visit(receipt)
			after = receipt.Key
		}
		if len(page) < exportPage {
			return nil
		}
	}
}

// eachWaiting visits what waits or is in flight, as receipts without a result.
func eachWaiting(tx reminders.Tx, f *office, visit func(reminders.Receipt)) error {
	flying, err := f.store.Outbox().Claimed(tx)
	if err != nil {
		return err
	}
	for _, d := range flying {
		visit(reminders.Receipt{Delivery: d})
	}
	for lane := reminders.LaneAnswer; lane <= reminders.LaneBroadcast; lane++ {
		waiting, err := f.store.Outbox().DueDeliveries(tx, lane, farFuture, 0)
		if err != nil {
			return err
		}
		for _, d := range waiting {
			visit(reminders.Receipt{Delivery: d})
		}
	}
	return nil
}

// entries walks over the entries of the ledger that lie in the range.
func (t *exportTask) entries(ctx context.Context, f *office) iter.Seq2[ledger.Entry, error] {
	window := t.window(f.years.Calendar().Location())
	return func(yield func(ledger.Entry, error) bool) {
		for e, err := range f.store.Entries(ctx, 0) {
			if err == nil && !window.Contains(e.At) {
				continue
			}
			if !yield(e, err) {
				return
			}
		}
	}
}
