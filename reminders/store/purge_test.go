package store_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/feedback"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// aged puts records of every kind into a store, each old enough to go and young
// enough to stay, and many lines under the old terms.
func aged(t *testing.T, s *store.Store, now time.Time, lines int) {
	t.Helper()
	const day = 24 * time.Hour
	do := func(f func(tx reminders.Tx) error) {
		t.Helper()
		if err := s.Do(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	for name, age := range map[string]time.Duration{"old": 731 * day, "young": 729 * day} {
		at := now.Add(-age)
		do(func(tx reminders.Tx) error {
			if err := s.Outbox().SaveReceipt(tx, reminders.Receipt{Delivery: reminders.Delivery{Key: reminders.DeliveryKey(name)}, SentAt: at}); err != nil {
				return err
			}
			unsent := reminders.Delivery{Key: reminders.DeliveryKey(name + "-unsent"), NotBefore: at}
			if err := s.Outbox().SaveReceipt(tx, reminders.Receipt{Delivery: unsent}); err != nil {
				return err
			}
			if err := s.Outbox().SaveDiary(tx, reminders.PersonID(name), []reminders.Push{{Key: "k", At: at}}); err != nil {
				return err
			}
			return s.SaveFeedback(tx, feedback.Thread{Number: name, At: at})
		})
		terms(t, s, obligation.TermsID(name), at, true, lines)
	}
	terms(t, s, "open", now.Add(-731*day), false, 3) // unexplained, and so it stays
	mixed := []reminders.Push{{Key: "a", At: now.Add(-731 * day)}, {Key: "b", At: now}}
	do(func(tx reminders.Tx) error { return s.Outbox().SaveDiary(tx, "mixed", mixed) })
	for name, i := range map[string]people.Invitation{
		"used-old":   {Person: "E1", UsedAt: now.Add(-91 * day), ExpiresAt: now},
		"used-young": {Person: "E2", UsedAt: now.Add(-89 * day), ExpiresAt: now},
		"ran-out":    {Person: "E3", ExpiresAt: now.Add(-91 * day)},
		"open":       {Person: "E4", ExpiresAt: now.Add(day)},
	} {
		i.Hash = name
		do(func(tx reminders.Tx) error { return s.People().SaveInvitation(tx, i) })
	}
	for chat, dialog := range map[reminders.ChatID]map[string]any{
		1: {"file": []byte("x"), "at": now.Add(-25 * time.Hour)},
		2: {"file": []byte("x"), "at": now.Add(-23 * time.Hour)},
		3: {"asked": "feedback"}, // no file: it may wait for its answer
		4: {"file": []byte("x")}, // of a version that did not note when
		5: {"asked": "", "forms": drafts(now, 15)},
		6: {"asked": "", "forms": drafts(now, 13, 30)}, // somebody goes on with one of them
		7: {"asked": "feedback", "at": now.Add(-time.Hour), "forms": drafts(now, 15)},
		8: {"asked": "import", "file": []byte("x"), "at": now.Add(-25 * time.Hour), "forms": drafts(now, 2)}, // the file goes, the draft stays
	} {
		do(func(tx reminders.Tx) error { return s.SaveDialog(tx, chat, dialog) })
	}
}

// drafts are half-finished reports that somebody left so many days ago.
func drafts(now time.Time, days ...int) (forms []map[string]any) {
	for _, n := range days {
		forms = append(forms, map[string]any{"kind": "daily", "at": now.AddDate(0, 0, -n)})
	}
	return forms
}

// terms writes terms that close at an instant, with lines that are settled if they are
// closed.
func terms(t *testing.T, s *store.Store, id obligation.TermsID, closes time.Time, closed bool, lines int) {
	t.Helper()
	state := obligation.Met
	if !closed {
		state = obligation.Open
	}
	for first := 0; first < lines; first += 20 {
		err := s.Do(t.Context(), func(tx reminders.Tx) error {
			for n := first; n < min(first+20, lines); n++ {
				owner := obligation.Owner{Person: reminders.PersonID(fmt.Sprintf("P%04d", n)), Unit: "u"}
				if err := s.Obligations().SaveObligation(tx, obligation.Obligation{Terms: id, Owner: owner, State: state, Reason: "answered"}); err != nil {
					return err
				}
			}
			return s.Obligations().SaveTerms(tx, obligation.Terms{
				ID: id, Handle: obligation.HandleOf(id), Closes: closes, Closed: closed, Members: min(first+20, lines),
			})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// balanced fails unless every terms has as many lines as it counts, and the indexes
// agree with the records.
func balanced(t *testing.T, s *store.Store) {
	t.Helper()
	problems, err := s.Check(t.Context())
	if err != nil || len(problems) > 0 {
		t.Fatalf("check: %v, %v", problems, err)
	}
	err = s.View(t.Context(), func(tx reminders.Tx) error {
		all, err := s.AllTerms(tx)
		for _, t0 := range all {
			page, _, err := s.Obligations().ObligationsAfter(tx, t0.ID, "", 10000)
			if err != nil || len(page) != t0.Members {
				t.Errorf("%s counts %d lines and has %d, %v", t0.ID, t0.Members, len(page), err)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What has had its time goes, in units of work that fit into the smallest engine,
// and after each of them the book balances. A restart in the middle goes on.
func TestPurge(t *testing.T) {
	engine := mem.New()
	s, err := store.Open(t.Context(), engine, still{}, quiet)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	const lines = 250
	aged(t, s, eve, lines)
	before := keysOf(t, engine)

	units := 0
	for more := true; more; units++ {
		purger := store.NewPurger(s, store.DefaultRetention()) // as after a restart
		if _, more, err = purger.Advance(t.Context(), eve.Add(time.Duration(units)*time.Second)); err != nil {
			t.Fatal(err)
		}
		balanced(t, s)
	}
	if units < lines/40 {
		t.Errorf("the purge took %d units of work: too much at once", units)
	}
	want := []string{
		"dialog/chat/1", "dialog/chat/4", "dialog/chat/5", "diary/old", "feedback/old",
		"invitation/ran-out", "invitation/used-old", "invited/E1", "invited/E3",
		"receipt/old", "receipt/old-unsent", "terms-handle/" + string(obligation.HandleOf("old")), "terms/old",
	}
	for n := range lines {
		want = append(want, fmt.Sprintf("line/%s/u/P%04d", obligation.HandleOf("old"), n))
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, gone(before, keysOf(t, engine))); diff != "" {
		t.Errorf("deleted (-want +got):\n%s", diff)
	}
	counts := map[string]int{}
	for e, err := range s.Entries(t.Context(), 1) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Verb == ledger.Purged {
			counts[e.Object], _ = strconv.Atoi(e.Attrs["count"])
		}
	}
	wanted := map[string]int{"receipts": 2, "diaries": 2, "obligations": lines + 1, "feedback": 1, "invitations": 2, "files": 3, "drafts": 1}
	if diff := cmp.Diff(wanted, counts); diff != "" {
		t.Errorf("the ledger counts (-want +got):\n%s", diff)
	}
	err = s.View(t.Context(), func(tx reminders.Tx) error {
		var kept map[string]any
		if found, err := s.Dialog(tx, 8, &kept); err != nil || !found || kept["asked"] != "" || kept["file"] != nil || len(kept["forms"].([]any)) != 1 {
			t.Errorf("of a file with a draft beside it is left %v, %v", kept, err)
		}
		diary, err := s.Outbox().Diary(tx, "mixed")
		if len(diary) != 1 || diary[0].Key != "b" {
			t.Errorf("the diary kept %v", diary)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// A purge begins once a day and not before, also after the clock was stepped back.
func TestPurgeIsDaily(t *testing.T) {
	s := newShelf(t)
	purger := store.NewPurger(s.Store, store.DefaultRetention())
	run := func(now time.Time) (units int) {
		t.Helper()
		for more := true; more; units++ {
			var err error
			if _, more, err = purger.Advance(context.Background(), now); err != nil {
				t.Fatal(err)
			}
		}
		return units
	}
	first := run(eve)
	for _, row := range []struct {
		after time.Duration
		runs  bool
	}{{time.Hour, false}, {24*time.Hour - 1, false}, {24 * time.Hour, true}, {25 * time.Hour, false}, {-time.Hour, true}} {
		if got := run(eve.Add(row.after)) == first; got != row.runs || first < 2 {
			t.Errorf("after %v: a whole purge is %v", row.after, got)
		}
	}
}

// Quarantine goes after 30 days.
func TestPurgeQuarantine(t *testing.T) {
	s := newShelf(t)
	s.do(func(tx reminders.Tx) error { return s.Quarantine(tx, "raw", "reason") }) // at eve
	in := func() (n int) {
		s.do(func(tx reminders.Tx) (err error) {
			n, err = s.InQuarantine(tx)
			return err
		})
		return n
	}
	for _, row := range []struct{ days, want int }{{29, 1}, {31, 0}} {
		purger := store.NewPurger(s.Store, store.DefaultRetention())
		for more := true; more; {
			var err error
			if _, more, err = purger.Advance(t.Context(), eve.Add(time.Duration(row.days)*24*time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		if got := in(); got != row.want {
			t.Errorf("after %d days %d are left", row.days, got)
		}
	}
}

// keysOf lists the keys of an engine.
func keysOf(t *testing.T, engine store.Engine) map[string]bool {
	t.Helper()
	records, err := engine.List(t.Context(), "", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for _, record := range records {
		keys[record.Key] = true
	}
	return keys
}

// gone lists the keys that were there before and are not any more.
func gone(before, after map[string]bool) []string {
	return slices.Sorted(func(yield func(string) bool) {
		for key := range maps.Keys(before) {
			if !after[key] && !strings.HasPrefix(key, "seen") && !yield(key) {
				return
			}
		}
	})
}
