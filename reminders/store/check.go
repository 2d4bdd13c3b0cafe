package store

import (
	"context"
	"encoding/json"
	"iter"
	"strconv"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// Problem is something unsound in the store.
type Problem struct {
	Check string            // which check found it
	Key   string            // the record, where there is one
	Text  reminders.Message // what is wrong, for the operator
}

// check looks at one aspect of one consistent state of the store.
type check struct {
	name string
	run  func(ctx context.Context, r Reader) ([]Problem, error)
}

// checks lists what Check runs, in order. Each file with typed records adds a
// line for its own.
var checks = []check{
	{"records", checkRecords},
	{"chain", checkChain},
	{"people", peopleIndex.check},
	{"terms", termsIndex.check},
	{"lines", lineIndex.check},
	{"notices", noticeIndex.check},
	{"publications", publicationIndex.check},
	{"reports", reportIndex.check},
	{"themes", themeIndex.check},
	{"findings", findingIndex.check},
	{"cases", caseIndex.check},
	{"outbox", outboxIndex.check},
	{"errands", errandIndex.check},
	{"feeds", feedIndex.check},
	{"stints", checkStints},
	{"swaps", swapIndex.check},
	{"draws", spotBlockIndex.check},
	{"spots", spotIndex.check},
	{"copies", checkCopies},
	{"groups", groupIndex.check},
}

// Check looks at the whole store and returns what is unsound. The error is that
// of not being able to look. It reads one snapshot and runs beside the service.
func (s *Store) Check(ctx context.Context) ([]Problem, error) {
	state, err := s.engine.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = state.Close() }()
	var problems []Problem
	for _, c := range checks {
		found, err := c.run(ctx, state)
		if err != nil {
			return problems, reminders.Wrap("store.check "+c.name, err)
		}
		for _, p := range found {
			p.Check = c.name
			problems = append(problems, p)
		}
	}
	return problems, nil
}

// checkRecords wants every record to have a form that this binary reads and to
// be whole.
func checkRecords(ctx context.Context, r Reader) ([]Problem, error) {
	var problems []Problem
	for record, err := range walk(ctx, r, "", "") {
		if err != nil {
			return problems, err
		}
		if checkForm(record.Value) != nil || !json.Valid(record.Value[1:]) {
			problems = append(problems, Problem{Key: record.Key, Text: reminders.Line("check.record", nil)})
		}
	}
	return problems, nil
}

// checkChain wants the ledger to be whole, from the first entry to the head.
func checkChain(ctx context.Context, r Reader) ([]Problem, error) {
	proof, err := ledger.Verify(suspects(ctx, r))
	if err != nil {
		return nil, err
	}
	if b := proof.Break; b != nil {
		return []Problem{broken(string(b.Fault), proof.Last+1)}, nil
	}
	end, err := loadHead(ctx, r)
	if err != nil || end.Seq != proof.Last || end.Sum != proof.Head {
		return []Problem{broken("head", proof.Last)}, nil
	}
	if proof.First > 1 {
		return []Problem{broken(string(ledger.FaultGap), 1)}, nil
	}
	return nil, nil
}

// broken says at which entry the chain does not hold, and how.
func broken(how string, seq uint64) Problem {
	return Problem{Key: entryKey(seq), Text: reminders.Line("check.chain."+how, reminders.Args{
		"Seq": reminders.Text(strconv.FormatUint(seq, 10)),
	})}
}

// suspects walks over the ledger as it is stored. What is no entry, or stands
// under a number that is not its own, becomes an entry that cannot hold.
func suspects(ctx context.Context, r Reader) iter.Seq2[ledger.Entry, error] {
	return func(yield func(ledger.Entry, error) bool) {
		from, to := Prefix(ledgerPrefix)
		for record, err := range walk(ctx, r, from, to) {
			var e ledger.Entry
			if err == nil && (Decode(record.Value, &e) != nil || entryKey(e.Seq) != record.Key) {
				e = ledger.Entry{}
			}
			if !yield(e, err) {
				return
			}
		}
	}
}
