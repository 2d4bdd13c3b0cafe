package ledger_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// eve is the day on which the entries of these tests are written.
var eve = time.Date(2026, 9, 24, 1, 30, 0, 123_456_789, time.UTC)

// chain gives n sealed entries.
func chain(n int) []ledger.Entry {
	var entries []ledger.Entry
	prev := ""
	for i := range n {
		e := ledger.Seal(prev, uint64(i+1), ledger.Entry{
			At: eve.Add(time.Duration(i) * time.Minute), Actor: fmt.Sprintf("S%03d", i), Verb: ledger.Acknowledged,
			Object: "notice/2026-mid-autumn", Reason: "tap", Attrs: map[string]string{"unit": "u1", "lane": "0"},
		})
		entries, prev = append(entries, e), e.Sum
	}
	return entries
}

// each walks over entries without an error.
func each(entries []ledger.Entry) iter.Seq2[ledger.Entry, error] {
	return func(yield func(ledger.Entry, error) bool) {
		for _, e := range entries {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// TestSealIsFixed pins the encoding: a change of it would make every export that
// lies in somebody's safe unprovable. The sum was computed apart from this code,
// from the package comment alone.
func TestSealIsFixed(t *testing.T) {
	e := ledger.Seal("", 1, ledger.Entry{
		At: eve, Actor: "S001", Verb: ledger.Acknowledged, Object: "notice/2026-mid-autumn",
		Subject: "S001", Reason: "轻点", TextHash: "ab12", Attrs: map[string]string{"b": "2", "a": "1"},
	})
	const want = "c299875d54b663fc5a24a6ca45b0fcce2368db2bf070123db65056d47a78a863"
	if e.Sum != want {
		t.Errorf("sum is %s, want %s", e.Sum, want)
	}
}

// TestSealNormalises: the instant is stored in UTC and whole milliseconds, strings
// as valid UTF-8, and the entry given is left alone.
func TestSealNormalises(t *testing.T) {
	beijing := time.FixedZone("", 8*3600)
	given := ledger.Entry{At: eve.In(beijing), Actor: "S\xff", Verb: ledger.Sent, Attrs: map[string]string{"k": "\xfe"}}
	got := ledger.Seal("p", 7, given)
	want := ledger.Entry{
		Seq: 7, At: eve.Truncate(time.Millisecond), Actor: "S\uFFFD", Verb: ledger.Sent,
		Attrs: map[string]string{"k": "\uFFFD"}, Prev: "p", Sum: got.Sum,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if given.Attrs["k"] != "\xfe" {
		t.Error("Seal changed the entry it was given")
	}
}

// TestSealTellsApart: every field counts, and what moves from one field into the
// next is another entry.
func TestSealTellsApart(t *testing.T) {
	base := ledger.Entry{At: eve, Actor: "a", Verb: "b", Object: "c", Subject: "d", Reason: "e", TextHash: "f"}
	sums := map[string]string{ledger.Seal("p", 1, base).Sum: "base", ledger.Seal("p", 2, base).Sum: "seq"}
	changes := map[string]func(e *ledger.Entry){
		"at":      func(e *ledger.Entry) { e.At = e.At.Add(time.Millisecond) },
		"actor":   func(e *ledger.Entry) { e.Actor = "x" },
		"verb":    func(e *ledger.Entry) { e.Verb = "x" },
		"object":  func(e *ledger.Entry) { e.Object = "x" },
		"subject": func(e *ledger.Entry) { e.Subject = "x" },
		"reason":  func(e *ledger.Entry) { e.Reason = "x" },
		"text":    func(e *ledger.Entry) { e.TextHash = "x" },
		"attrs":   func(e *ledger.Entry) { e.Attrs = map[string]string{"k": "v"} },
		"split":   func(e *ledger.Entry) { e.Attrs = map[string]string{"kv": ""} },
		"moved":   func(e *ledger.Entry) { e.Object, e.Subject = "cd", "" },
		"framed":  func(e *ledger.Entry) { e.Object, e.Subject = "c,1:d", "" },
	}
	for name, change := range changes {
		e := base
		change(&e)
		sum := ledger.Seal("p", 1, e).Sum
		if other, ok := sums[sum]; ok {
			t.Errorf("%s has the same sum as %s", name, other)
		}
		sums[sum] = name
	}
}

// TestDraft: an entry written in two steps is the entry written in one.
func TestDraft(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		e := ledger.Entry{
			At: eve, Actor: rapid.String().Draw(r, "actor"), Verb: ledger.Sent, Object: rapid.String().Draw(r, "object"),
			Reason: string(rapid.SliceOf(rapid.Byte()).Draw(r, "reason")),
			Attrs:  rapid.MapOfN(rapid.String(), rapid.String(), 0, 3).Draw(r, "attrs"),
		}
		prev := strings.Repeat("0", rapid.IntRange(0, 64).Draw(r, "prev"))
		seq := rapid.Uint64().Draw(r, "seq")
		want := ledger.Seal(prev, seq, e)
		text, err := json.Marshal(want)
		draft, draftErr := ledger.Prepare(e)
		got, sum := draft.Seal([]byte("-"), prev, seq)
		if err != nil || draftErr != nil || sum != want.Sum || string(got) != "-"+string(text) {
			r.Fatalf("%v, %v\n got %s\nwant -%s", err, draftErr, got, text)
		}
	})
	_, err := ledger.Prepare(ledger.Entry{At: time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err == nil {
		t.Error("an instant without a written form was accepted")
	}
}

// TestVerifyHolds: a chain holds from any entry on; the proof says from where.
func TestVerifyHolds(t *testing.T) {
	all := chain(5)
	tests := []struct {
		name    string
		entries []ledger.Entry
		want    ledger.Proof
	}{
		{"nothing", nil, ledger.Proof{}},
		{"whole", all, ledger.Proof{Count: 5, First: 1, Last: 5, Head: all[4].Sum}},
		{"tail", all[3:], ledger.Proof{Count: 2, First: 4, Last: 5, Since: all[2].Sum, Head: all[4].Sum}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ledger.Verify(each(tt.entries))
			if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// TestVerifyBreaks: whatever is done to one entry shows at the first place where
// it matters.
func TestVerifyBreaks(t *testing.T) {
	tests := []struct {
		name   string
		tamper func(entries []ledger.Entry) []ledger.Entry
		want   ledger.Break
	}{
		// The reason was rewritten.
		{"altered", func(es []ledger.Entry) []ledger.Entry { es[2].Reason = "x"; return es }, ledger.Break{Position: 3, Seq: 3, Fault: ledger.FaultSum}},
		// Less than a millisecond was added, which no hash covers.
		{"finer instant", func(es []ledger.Entry) []ledger.Entry { es[2].At = es[2].At.Add(1); return es }, ledger.Break{Position: 3, Seq: 3, Fault: ledger.FaultSum}},
		// An entry was rewritten and sealed again.
		{"resealed", func(es []ledger.Entry) []ledger.Entry {
			e := es[2]
			e.Reason = "x"
			es[2] = ledger.Seal(e.Prev, e.Seq, e)
			return es
		}, ledger.Break{Position: 4, Seq: 4, Fault: ledger.FaultLink}},
		{"dropped", func(es []ledger.Entry) []ledger.Entry { return slices.Delete(es, 1, 2) }, ledger.Break{Position: 2, Seq: 3, Fault: ledger.FaultGap}},
		{"doubled", func(es []ledger.Entry) []ledger.Entry { return slices.Insert(es, 1, es[0]) }, ledger.Break{Position: 2, Seq: 1, Fault: ledger.FaultGap}},
		{"swapped", func(es []ledger.Entry) []ledger.Entry { es[1], es[2] = es[2], es[1]; return es }, ledger.Break{Position: 2, Seq: 3, Fault: ledger.FaultGap}},
		// The beginning was cut off and the rest numbered anew.
		{"first with a past", func(es []ledger.Entry) []ledger.Entry { return []ledger.Entry{ledger.Seal("p", 1, es[0])} }, ledger.Break{Position: 1, Seq: 1, Fault: ledger.FaultLink}},
		{"number zero", func(es []ledger.Entry) []ledger.Entry { return []ledger.Entry{ledger.Seal("", 0, es[0])} }, ledger.Break{Position: 1, Seq: 0, Fault: ledger.FaultGap}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ledger.Verify(each(tt.tamper(chain(5))))
			if err != nil || got.Break == nil || *got.Break != tt.want || got.Count != tt.want.Position-1 {
				t.Errorf("got %+v at %+v, %v, want %+v", got, got.Break, err, tt.want)
			}
		})
	}
}

// TestVerifyReportsReading: an error of reading is not a verdict on the chain.
func TestVerifyReportsReading(t *testing.T) {
	broken := errors.New("disk")
	proof, err := ledger.Verify(func(yield func(ledger.Entry, error) bool) {
		_ = yield(chain(1)[0], nil) && yield(ledger.Entry{}, broken)
	})
	if !errors.Is(err, broken) || proof.Count != 1 || proof.Break != nil {
		t.Errorf("got %+v, %v", proof, err)
	}
}
