package store

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// index is a kind of record together with the rows by which its records are found.
// Check holds both directions: every record has its rows, and every row belongs to
// a record that wants it.
type index struct {
	records string   // prefix of the records
	rows    []string // prefixes of the rows
	// expect gives the key under which a record should stand, and its rows with
	// their values.
	expect func(record []byte) (key string, rows map[string]any, err error)
	// adjust changes the rows that a record wants by what else the store holds about
	// it; may be nil.
	adjust func(ctx context.Context, r Reader, record string, rows map[string]any) (map[string]any, error)
	// owner gives the key of the record to which a row belongs.
	owner func(row []byte) (string, error)
}

// peopleIndex finds people by chat and by unit.
var peopleIndex = index{
	records: "person/", rows: []string{"chat/", "member/"},
	expect: expecting(func(r people.Record) (string, map[string]any) {
		rows := map[string]any{memberKey(r.Unit, r.ID): r.ID}
		if r.Chat != 0 {
			rows[chatKey(r.Chat)] = r.ID
		}
		return personKey(r.ID), rows
	}),
	owner: owned(personKey),
}

// termsIndex finds terms by handle and by the instant of their next step.
var termsIndex = index{
	records: "terms/", rows: []string{"terms-handle/", "agenda/"},
	expect: expecting(func(t obligation.Terms) (string, map[string]any) {
		rows := map[string]any{"terms-handle/" + string(obligation.HandleOf(t.ID)): t.ID}
		if key := agendaKey(t); key != "" {
			rows[key] = t.ID
		}
		return termsKey(t.ID), rows
	}),
	owner: owned(termsKey),
}

// lineIndex finds the open lines of an owner.
var lineIndex = index{
	records: "line/", rows: []string{"mine/"},
	expect: expecting(func(o obligation.Obligation) (string, map[string]any) {
		key, rows := lineKey(o.Terms, o.Owner), map[string]any{}
		if o.State == obligation.Open {
			rows[mineKey(o.Terms, o.Owner)] = key
		}
		return key, rows
	}),
	owner: owned(func(key string) string { return key }),
}

// noticeIndex finds notices by handle, by instant and while they are published.
var noticeIndex = index{
	records: "notice/", rows: []string{"notice-handle/", "notice-at/", "publishing/", "notice-case/"},
	expect: expecting(func(n notice.Notice) (string, map[string]any) {
		rows := map[string]any{}
		for _, key := range noticePlaces(n) {
			rows[key] = n.ID
		}
		return "notice/" + n.ID, rows
	}),
	owner: owned(func(id string) string { return "notice/" + id }),
}

// outboxIndex finds deliveries by the instant at which they are due, or as being in
// flight. What is in flight has no row among what is due.
var outboxIndex = index{
	records: "delivery/", rows: []string{"due/", "claimed/"},
	expect: expecting(func(d reminders.Delivery) (string, map[string]any) {
		return "delivery/" + string(d.Key), map[string]any{outboxPlace(d): queuedOf(d)}
	}),
	adjust: inFlight,
	owner:  owned(func(row struct{ K reminders.DeliveryKey }) string { return "delivery/" + string(row.K) }),
}

// inFlight replaces the rows of a delivery by that of its claim, if there is one.
func inFlight(ctx context.Context, r Reader, record string, rows map[string]any) (map[string]any, error) {
	id := reminders.DeliveryKey(strings.TrimPrefix(record, "delivery/"))
	key := claimedKey(id)
	row, found, err := r.Get(ctx, key)
	if err != nil || !found {
		return rows, err
	}
	var c claim
	if Decode(row.Value, &c) != nil {
		return map[string]any{key: nil}, nil // reported as what it is: not a claim
	}
	return map[string]any{key: claim{id, c.At}}, nil
}

// expecting makes the expect of an index out of a function of the typed record.
func expecting[T any](f func(v T) (string, map[string]any)) func([]byte) (string, map[string]any, error) {
	return func(record []byte) (string, map[string]any, error) {
		var v T
		if err := Decode(record, &v); err != nil {
			return "", nil, err
		}
		key, rows := f(v)
		return key, rows, nil
	}
}

// owned makes the owner of an index out of the key that follows from a row.
func owned[ID any](key func(id ID) string) func([]byte) (string, error) {
	return func(row []byte) (string, error) {
		var id ID
		if err := Decode(row, &id); err != nil {
			return "", err
		}
		return key(id), nil
	}
}

// check looks in both directions.
func (x index) check(ctx context.Context, r Reader) ([]Problem, error) {
	problems, err := x.checkRecords(ctx, r)
	for _, prefix := range x.rows {
		if err != nil {
			break
		}
		var found []Problem
		found, err = x.checkRows(ctx, r, prefix)
		problems = append(problems, found...)
	}
	return problems, err
}

// checkRecords wants every record to stand under its own key and to have its rows.
func (x index) checkRecords(ctx context.Context, r Reader) ([]Problem, error) {
	var problems []Problem
	from, to := Prefix(x.records)
	for record, err := range walk(ctx, r, from, to) {
		if err != nil {
			return problems, err
		}
		key, rows, err := x.expect(record.Value)
		switch {
		case err != nil:
			problems = append(problems, misread(record)...)
			continue
		case key != record.Key:
			problems = append(problems, Problem{Key: record.Key, Text: reminders.Line("check.index.place", nil)})
			continue
		}
		if rows, err = x.adjusted(ctx, r, key, rows); err != nil {
			return problems, err
		}
		for _, row := range slices.Sorted(maps.Keys(rows)) {
			how, err := compareRow(ctx, r, row, rows[row])
			if err != nil {
				return problems, err
			}
			if how != "" {
				problems = append(problems, Problem{Key: record.Key, Text: rowText(how, row)})
			}
		}
	}
	return problems, nil
}

// adjusted gives the rows that a record wants in the end.
func (x index) adjusted(ctx context.Context, r Reader, record string, rows map[string]any) (map[string]any, error) {
	if x.adjust == nil {
		return rows, nil
	}
	return x.adjust(ctx, r, record, rows)
}

// compareRow says what is wrong with a row: missing, wrong or nothing.
func compareRow(ctx context.Context, r Reader, key string, value any) (how string, err error) {
	wanted, err := Encode(value)
	if err != nil {
		return "", err
	}
	row, found, err := r.Get(ctx, key)
	switch {
	case err != nil:
		return "", err
	case !found:
		return "missing", nil
	case !bytes.Equal(row.Value, wanted):
		return "wrong", nil
	}
	return "", nil
}

// checkRows wants every row to belong to a record that wants it.
func (x index) checkRows(ctx context.Context, r Reader, prefix string) ([]Problem, error) {
	var problems []Problem
	from, to := Prefix(prefix)
	for row, err := range walk(ctx, r, from, to) {
		if err != nil {
			return problems, err
		}
		owner, err := x.owner(row.Value)
		if err != nil {
			problems = append(problems, misread(row)...)
			continue
		}
		record, found, err := r.Get(ctx, owner)
		if err != nil {
			return problems, err
		}
		if !found {
			problems = append(problems, Problem{Key: row.Key, Text: rowText("orphan", owner)})
			continue
		}
		// A record that cannot be read is reported as such.
		_, rows, misread := x.expect(record.Value)
		if rows, err = x.adjusted(ctx, r, owner, rows); err != nil {
			return problems, err
		}
		if _, wanted := rows[row.Key]; misread == nil && !wanted {
			problems = append(problems, Problem{Key: row.Key, Text: rowText("stale", owner)})
		}
	}
	return problems, nil
}

// rowText says what is wrong between a record and a row; other is the one of the
// two that is not the problem's own key.
func rowText(how, other string) reminders.Message {
	return reminders.Line("check.index."+how, reminders.Args{"Other": reminders.Text(other)})
}

// misread reports a record whose content is not of its kind. One that is damaged as
// such is reported by checkRecords of the whole store.
func misread(record Record) []Problem {
	if checkForm(record.Value) != nil || !json.Valid(record.Value[1:]) {
		return nil
	}
	return []Problem{{Key: record.Key, Text: reminders.Line("check.record", nil)}}
}
