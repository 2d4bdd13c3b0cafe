package duty_test

import (
	"context"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
)

// sound fails the test if the book, or the store, explains not all at an instant.
func sound(t testing.TB, s *store.Store, book *obligation.Desk, now time.Time) {
	t.Helper()
	staff := func(reminders.Tx) ([]reminders.PersonID, error) { return nil, nil }
	err := s.Do(context.Background(), func(tx reminders.Tx) error {
		audit, err := obligation.NewAuditor(book, s, staff).Audit(tx, now)
		for _, found := range audit.Unexplained {
			t.Errorf("unexplained: %+v", found)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	problems, err := s.Check(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("check %s: %s %s", p.Check, p.Key, p.Text.Key)
	}
}

// entries lists the ledger's entries of a verb.
func entries(t testing.TB, s *store.Store, verb ledger.Verb) []ledger.Entry {
	t.Helper()
	var found []ledger.Entry
	for e, err := range s.Entries(context.Background(), 1) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Verb == verb {
			found = append(found, e)
		}
	}
	return found
}
