package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// office fills a store with one record of each kind that has an index.
func office(t *testing.T, s *store.Store) {
	t.Helper()
	owner := obligation.Owner{Person: "E1", Unit: "u1"}
	terms := obligation.Terms{
		ID: "2026-x/reminder", Handle: obligation.HandleOf("2026-x/reminder"), Due: eve.Add(time.Hour), Closes: eve.Add(2 * time.Hour), Members: 1,
	}
	waiting := reminders.Delivery{Key: "k1", Act: reminders.ActSend, Lane: reminders.LaneBroadcast, NotBefore: eve}
	flying := reminders.Delivery{Key: "k2", Act: reminders.ActSend, Lane: reminders.LaneAnswer, NotBefore: eve, ClaimedAt: eve}
	err := s.Do(t.Context(), func(tx reminders.Tx) error {
		for _, save := range []func() error{
			func() error {
				return s.People().SavePerson(tx, people.Record{
					Person: reminders.Person{ID: "E1", Name: "甲", Unit: "u1"}, Status: people.Active, Chat: 7,
				})
			},
			func() error { return s.Obligations().SaveTerms(tx, terms) },
			func() error {
				return s.Obligations().SaveObligation(tx, obligation.Obligation{Terms: terms.ID, Owner: owner, State: obligation.Open})
			},
			func() error {
				return s.Notices().SaveNotice(tx, notice.Notice{ID: "2026-x/reminder", State: notice.Publishing, At: eve})
			},
			func() error { return s.Outbox().SaveDelivery(tx, waiting) },
			func() error { return s.Outbox().SaveDelivery(tx, flying) },
		} {
			if err := save(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// swap replaces a text within the record whose key begins with prefix.
func swap(prefix, old, text string) func(t *testing.T, e store.Engine) {
	return func(t *testing.T, e store.Engine) {
		t.Helper()
		edit(t, e, only(t, e, prefix), func(s string) string {
			if !strings.Contains(s, old) {
				t.Fatalf("%s does not contain %s: %s", prefix, old, s)
			}
			return strings.Replace(s, old, text, 1)
		})
	}
}

// only gives the key of the one record with a prefix.
func only(t *testing.T, e store.Engine, prefix string) string {
	t.Helper()
	from, to := store.Prefix(prefix)
	found, err := e.List(t.Context(), from, to, 0)
	if err != nil || len(found) != 1 {
		t.Fatalf("%d records with %s, %v", len(found), prefix, err)
	}
	return found[0].Key
}

// lost takes away the record whose key begins with prefix.
func lost(prefix string) func(t *testing.T, e store.Engine) {
	return func(t *testing.T, e store.Engine) { t.Helper(); remove(t, e, only(t, e, prefix)) }
}

// damage is what is done to a sound store, and what check says about it.
type damage struct {
	name string
	do   func(t *testing.T, e store.Engine)
	want []string // check, text, beginning of the key
}

// reported fills a store for each damage, does it, and compares what check reports.
func reported(t *testing.T, fill func(t *testing.T, s *store.Store), damages []damage) {
	t.Helper()
	for _, tt := range damages {
		t.Run(tt.name, func(t *testing.T) {
			engine := mem.New()
			s := open(t, engine)
			fill(t, s)
			tt.do(t, engine)
			problems, err := s.Check(t.Context())
			var got []string
			for _, p := range problems {
				kind, _, _ := strings.Cut(p.Key, "/")
				got = append(got, fmt.Sprintf("%s %s %s", p.Check, strings.TrimPrefix(p.Text.Key, "check.index."), kind))
			}
			if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// TestCheckHoldsIndexes: every row by which a record is found is deleted, or its
// record, or one of them altered; each is reported with the check that saw it.
func TestCheckHoldsIndexes(t *testing.T) {
	reported(t, office, []damage{
		{"nothing", func(*testing.T, store.Engine) {}, nil},

		{"chat row lost", lost("chat/"), []string{"people missing person"}},
		{"member row lost", lost("member/"), []string{"people missing person"}},
		{"handle of terms lost", lost("terms-handle/"), []string{"terms missing terms"}},
		{"agenda row lost", lost("agenda/"), []string{"terms missing terms"}},
		{"row of an open line lost", lost("mine/"), []string{"lines missing line"}},
		{"handle of a notice lost", lost("notice-handle/"), []string{"notices missing notice"}},
		{"instant of a notice lost", lost("notice-at/"), []string{"notices missing notice"}},
		{"publishing row lost", lost("publishing/"), []string{"notices missing notice"}},
		{"due row lost", lost("due/"), []string{"outbox missing delivery"}},
		{"claimed row lost", lost("claimed/"), []string{"outbox missing delivery"}},

		{"person lost", lost("person/"), []string{"people orphan chat", "people orphan member"}},
		{"terms lost", lost("terms/"), []string{"terms orphan terms-handle", "terms orphan agenda"}},
		{"line lost", lost("line/"), []string{"lines orphan mine"}},
		{"notice lost", lost("notice/"), []string{"notices orphan notice-handle", "notices orphan notice-at", "notices orphan publishing"}},
		{"delivery lost", lost("delivery/k1"), []string{"outbox orphan due"}},

		{"person moved to another chat", swap("person/", `"chat":7`, `"chat":8`), []string{"people missing person", "people stale chat"}},
		{"person moved to another unit", swap("person/", `"unit":"u1"`, `"unit":"u2"`), []string{"people missing person", "people stale member"}},
		{"line settled behind the book", swap("line/", `"open"`, `"met"`), []string{"lines stale mine"}},
		{"line under another name", swap("line/", `"person":"E1"`, `"person":"E2"`), []string{"lines place line", "lines stale mine"}},
		{"terms closed behind the book", swap("terms/", `"members":1`, `"members":1,"closed":true`), []string{"terms stale agenda"}},
		{"notice published behind the desk", swap("notice/", `"publishing"`, `"published"`), []string{"notices stale publishing"}},
		{"claim of another delivery", swap("claimed/", `"k2"`, `"k1"`), []string{"outbox wrong delivery", "outbox stale claimed"}},
		{"delivery in another lane", swap("delivery/k1", `"lane":3`, `"lane":2`), []string{"outbox missing delivery", "outbox stale due"}},
		{"chat row of somebody else", swap("chat/", `E1`, `E9`), []string{"people wrong person", "people orphan chat"}},
		{"row of another kind", swap("chat/", `"E1"`, `{}`), []string{"people wrong person", "people check.record chat"}},
		{"record of another kind", swap("person/", `"chat":7`, `"chat":"seven"`), []string{"people check.record person"}},
	})
}
