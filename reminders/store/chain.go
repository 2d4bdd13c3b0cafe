package store

import (
	"context"
	"iter"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// chainKey is where the head of the chain stands, so that a start does not have
// to look for it and Check notices when the last entries are gone.
const chainKey = "chain"

// ledgerPrefix is before the number of each entry.
const ledgerPrefix = "ledger/"

// head is the end of the chain: the last number given and its sum.
type head struct {
	Seq uint64 `json:"seq"`
	Sum string `json:"sum"`
}

// entryKey is where entry seq stands.
func entryKey(seq uint64) string { return ledgerPrefix + Digits(seq) }

// loadHead reads the head of the chain; the zero head is that of an empty one.
func loadHead(ctx context.Context, r Reader) (head, error) {
	var h head
	record, ok, err := r.Get(ctx, chainKey)
	if err != nil || !ok {
		return h, err
	}
	return h, Decode(record.Value, &h)
}

// entrySize is how long the record of an entry usually is.
const entrySize = 512

// seal gives the entries of a unit their places after h, hands their records to
// write, and returns the new head.
func (h head) seal(entries []ledger.Draft, write func(Change)) head {
	for _, draft := range entries {
		key := entryKey(h.Seq + 1)
		record, sum := draft.Seal(append(make([]byte, 0, entrySize), formJSON), h.Sum, h.Seq+1)
		h = head{Seq: h.Seq + 1, Sum: sum}
		write(Change{Key: key, Value: record})
	}
	return h
}

var _ ledger.Book = (*Store)(nil)

// Append adds e to the unit of work behind tx.
func (s *Store) Append(tx reminders.Tx, e ledger.Entry) error {
	u, err := unitOf(tx)
	if err != nil {
		return err
	}
	u.Append(e)
	return nil
}

// Ledger returns the entries from number from on, at most limit of them in the
// order of their numbers; limit <= 0 means all.
func (s *Store) Ledger(ctx context.Context, from uint64, limit int) ([]ledger.Entry, error) {
	_, end := Prefix(ledgerPrefix)
	records, err := s.engine.List(ctx, entryKey(from), end, limit)
	if err != nil {
		return nil, err
	}
	entries := make([]ledger.Entry, len(records))
	for i, record := range records {
		if err := Decode(record.Value, &entries[i]); err != nil {
			return nil, reminders.Wrap("store.ledger", err)
		}
	}
	return entries, nil
}

// Entries walks over the ledger from number from on, as it stands now, page by
// page: for exports and proofs of any length.
func (s *Store) Entries(ctx context.Context, from uint64) iter.Seq2[ledger.Entry, error] {
	return func(yield func(ledger.Entry, error) bool) {
		end, err := loadHead(ctx, s.engine)
		if err != nil {
			yield(ledger.Entry{}, err)
			return
		}
		for e, err := range entries(ctx, s.engine, from) {
			if err == nil && e.Seq > end.Seq {
				return
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

// entries walks over the ledger of r, page by page, until the first error.
func entries(ctx context.Context, r Reader, from uint64) iter.Seq2[ledger.Entry, error] {
	return func(yield func(ledger.Entry, error) bool) {
		_, end := Prefix(ledgerPrefix)
		for record, err := range walk(ctx, r, entryKey(from), end) {
			var e ledger.Entry
			if err == nil {
				err = Decode(record.Value, &e)
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// walk goes over the records with from <= key < to, page by page.
func walk(ctx context.Context, r Reader, from, to string) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for {
			page, err := r.List(ctx, from, to, pageSize)
			if err != nil {
				yield(Record{}, err)
				return
			}
			for _, record := range page {
				if !yield(record, nil) {
					return
				}
			}
			if len(page) < pageSize {
				return
			}
			from = After(page[len(page)-1].Key)
		}
	}
}
