package main

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
)

// dump gives every record of the store by its key, those whose key begins with one
// of the prefixes left out.
func (s *scene) dump(without ...string) map[string]string {
	s.t.Helper()
	records, err := s.engine.List(context.Background(), "", "", 0)
	if err != nil {
		s.t.Fatal(err)
	}
	all := map[string]string{}
	for _, record := range records {
		if !slices.ContainsFunc(without, func(prefix string) bool { return strings.HasPrefix(record.Key, prefix) }) {
			all[record.Key] = string(record.Value)
		}
	}
	return all
}

// kept lists the keys of records whose key or value holds a text.
func (s *scene) kept(text string) []string {
	s.t.Helper()
	var found []string
	for key, value := range s.dump() {
		if strings.Contains(key, text) || strings.Contains(value, text) {
			found = append(found, key)
		}
	}
	return found
}

// listOf reads all records of one sort.
func listOf[T any](s *scene, prefix string) []T {
	s.t.Helper()
	var list []T
	all := s.dump()
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if !strings.HasPrefix(key, prefix) {
			continue
		}
		var one T
		if err := store.Decode([]byte(all[key]), &one); err != nil {
			s.t.Fatal(err)
		}
		list = append(list, one)
	}
	return list
}

// entries lists the ledger's entries of a verb.
func (s *scene) entries(verb ledger.Verb) []ledger.Entry {
	s.t.Helper()
	return slices.DeleteFunc(listOf[ledger.Entry](s, "ledger/"), func(e ledger.Entry) bool { return e.Verb != verb })
}

// lines lists the lines of the book under terms of a kind, such as
// "holiday-reminder".
func (s *scene) lines(kind string) []obligation.Obligation {
	s.t.Helper()
	return slices.DeleteFunc(listOf[obligation.Obligation](s, "line/"), func(o obligation.Obligation) bool {
		return !strings.HasSuffix(string(o.Terms), "/"+kind)
	})
}

// states counts the lines of a kind by state and reason.
func (s *scene) states(kind string) map[string]int {
	s.t.Helper()
	count := map[string]int{}
	for _, line := range s.lines(kind) {
		count[string(line.State)+" "+line.Reason]++
	}
	return count
}

// duplicates lists the people who may have received something twice, as the
// ledger has it.
func (s *scene) duplicates() []string {
	s.t.Helper()
	var people []string
	for _, e := range s.entries(ledger.Sent) {
		if e.Attrs["possible_duplicate"] == "yes" {
			people = append(people, e.Subject)
		}
	}
	slices.Sort(people)
	return people
}

// copies counts the messages from the bot to a person that contain a text.
func (s *scene) copies(id reminders.PersonID, text string) int {
	s.t.Helper()
	n := 0
	for _, m := range s.phone(id).Messages() {
		if m.FromBot && strings.Contains(m.Text, text) {
			n++
		}
	}
	return n
}

// once fails unless everyone named received exactly one message with the text.
func (s *scene) once(text string, people ...reminders.PersonID) {
	s.t.Helper()
	for _, id := range people {
		if n := s.copies(id, text); n != 1 {
			s.t.Errorf("%s received %d messages with %q instead of one", id, n, text)
		}
	}
}

// toast is the newest answer to a tap of a person.
func (s *scene) toast(id reminders.PersonID) sandbox.Toast {
	s.t.Helper()
	toasts := s.phone(id).Toasts()
	if len(toasts) == 0 {
		return sandbox.Toast{}
	}
	return toasts[len(toasts)-1]
}

// everyone lists the people of the office named small.
var everyone = []reminders.PersonID{"S1", "S2", "S3", "A1", "L1", "B1", "P1", "P2", "P3"}

// raw is any JSON as an update holds it.
func raw(text string) json.RawMessage { return json.RawMessage(text) }
