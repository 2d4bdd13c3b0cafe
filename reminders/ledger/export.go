package ledger

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Export writes entries as the JSON array that the package comment describes,
// one entry a line. It stops at the first error of entries or of w.
func Export(w io.Writer, entries iter.Seq2[Entry, error]) error {
	out := bufio.NewWriter(w)
	before := "[\n"
	for e, err := range entries {
		if err != nil {
			return err
		}
		line, err := json.Marshal(e)
		if err != nil {
			return reminders.Wrap("ledger.export", err)
		}
		// A bufio.Writer keeps its first error, so Flush tells of all of them.
		_, _ = out.WriteString(before)
		_, _ = out.Write(line)
		before = ",\n"
	}
	if before == "[\n" {
		_, _ = out.WriteString("[")
	}
	_, _ = out.WriteString("\n]\n")
	return reminders.Wrap("ledger.export", out.Flush())
}

// Import reads an export one entry at a time, so that its size does not matter.
// What is not an export ends the sequence with an Invalid error that carries the
// position of the entry, from 1.
func Import(r io.Reader) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		dec := json.NewDecoder(r)
		if err := expect(dec, json.Delim('[')); err != nil {
			yield(Entry{}, malformed(0, err))
			return
		}
		position := 0
		for dec.More() {
			position++
			e, err := parse(dec)
			if err != nil {
				yield(Entry{}, malformed(position, err))
				return
			}
			if !yield(e, nil) {
				return
			}
		}
		if err := ending(dec); err != nil {
			yield(Entry{}, malformed(position+1, err))
		}
	}
}

// parse reads one entry. Two readers must not see two different entries in one
// text, so each member is known, spelled as written here, and there once.
func parse(dec *json.Decoder) (Entry, error) {
	var text json.RawMessage
	if err := dec.Decode(&text); err != nil {
		return Entry{}, err
	}
	if len(text) == 0 || text[0] != '{' {
		return Entry{}, errors.New("an entry is an object")
	}
	if err := distinct(json.NewDecoder(bytes.NewReader(text)), true); err != nil {
		return Entry{}, err
	}
	strict := json.NewDecoder(bytes.NewReader(text))
	strict.DisallowUnknownFields()
	var e Entry
	return e, strict.Decode(&e)
}

// distinct reads one value and wants no member of an object in it to occur twice.
// With fold the members of the outermost object are in lower case, too: Go does
// not look at the case of a member, others do.
func distinct(dec *json.Decoder, fold bool) error {
	token, err := dec.Token()
	if err != nil || token != json.Delim('{') && token != json.Delim('[') {
		return err
	}
	seen := make(map[string]bool)
	for dec.More() {
		if token == json.Delim('{') {
			name, _ := dec.Token() // valid JSON: a name stands here
			member, _ := name.(string)
			if seen[member] || fold && member != strings.ToLower(member) {
				return errors.New("a member occurs twice or is spelled in another way")
			}
			seen[member] = true
		}
		if err := distinct(dec, false); err != nil {
			return err
		}
	}
	_, err = dec.Token()
	return err
}

// expect reads one token and wants it to be want.
func expect(dec *json.Decoder, want json.Token) error {
	got, err := dec.Token()
	if err != nil {
		return err
	}
	if got != want {
		return errors.New("not an array of entries")
	}
	return nil
}

// ending wants the array to end and nothing to follow it: what follows would be
// shown by no proof.
func ending(dec *json.Decoder) error {
	if err := expect(dec, json.Delim(']')); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the array")
	}
	return nil
}

// malformed is the error for a file that is not an export.
func malformed(position int, cause error) error {
	e := reminders.Fail(reminders.Invalid, "ledger.import", "error.ledger.file",
		reminders.Args{"Position": reminders.Number(position)})
	e.Err = cause
	return e
}
