package ledger_test

import (
	"bytes"
	"errors"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// collect reads all entries of a sequence.
func collect(entries iter.Seq2[ledger.Entry, error]) ([]ledger.Entry, error) {
	var all []ledger.Entry
	for e, err := range entries {
		if err != nil {
			return all, err
		}
		all = append(all, e)
	}
	return all, nil
}

// TestExportForm: one array, one entry a line, empty members left out.
func TestExportForm(t *testing.T) {
	entry := ledger.Seal("", 1, ledger.Entry{At: eve, Actor: ledger.System, Verb: ledger.Audit})
	tests := []struct {
		name    string
		entries []ledger.Entry
		want    string
	}{
		{"none", nil, "[\n]\n"},
		{"one", []ledger.Entry{entry}, `[
{"seq":1,"at":"2026-09-24T01:30:00.123Z","actor":"system","verb":"audit","prev":"","sum":"` + entry.Sum + `"}
]
`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			err := ledger.Export(&out, each(tt.entries))
			if diff := cmp.Diff(tt.want, out.String()); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// TestExportRoundTrip: whatever was sealed is still proved after an export.
func TestExportRoundTrip(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var entries []ledger.Entry
		prev := ""
		for seq := range uint64(rapid.IntRange(1, 5).Draw(r, "n")) {
			e := ledger.Seal(prev, seq+1, ledger.Entry{
				At:    time.UnixMicro(rapid.Int64Range(0, 4e15).Draw(r, "at")).In(time.FixedZone("", 8*3600)),
				Actor: string(rapid.SliceOf(rapid.Byte()).Draw(r, "actor")), Verb: ledger.Changed,
				Reason: rapid.String().Draw(r, "reason"),
				Attrs:  rapid.MapOfN(rapid.String(), rapid.String(), 0, 3).Draw(r, "attrs"),
			})
			entries, prev = append(entries, e), e.Sum
		}
		var out bytes.Buffer
		if err := ledger.Export(&out, each(entries)); err != nil {
			r.Fatal(err)
		}
		proof, err := ledger.Verify(ledger.Import(bytes.NewReader(out.Bytes())))
		if err != nil || proof.Break != nil || proof.Head != prev {
			r.Fatalf("%+v, %+v, %v in %s", proof, proof.Break, err, out.String())
		}
	})
}

// TestImportShownElsewhere: the same instant in another zone is the same entry.
func TestImportShownElsewhere(t *testing.T) {
	var out bytes.Buffer
	if err := ledger.Export(&out, each(chain(1))); err != nil {
		t.Fatal(err)
	}
	moved := strings.Replace(out.String(), "T01:30:00.123Z", "T09:30:00.123+08:00", 1)
	if moved == out.String() {
		t.Fatal("nothing was replaced")
	}
	proof, err := ledger.Verify(ledger.Import(strings.NewReader(moved)))
	if err != nil || proof.Count != 1 || proof.Break != nil {
		t.Errorf("got %+v, %v", proof, err)
	}
}

// TestImportRefuses: what is not an export, or says more than a hash covers.
func TestImportRefuses(t *testing.T) {
	tests := []struct {
		name, file string
		entries    int // read before the error
	}{
		{"empty", "", 0},
		{"an object", `{"seq":1}`, 0},
		{"cut off", `[{"seq":1},`, 1},
		{"cut off in an entry", `[{"seq":1},{"seq`, 1},
		{"a string for a number", `[{"seq":"1"}]`, 0},
		// Nobody could tell that this member was added later.
		{"unknown member", `[{"seq":1,"note":"added"}]`, 0},
		// One reader would take the first reason, the next one the last.
		{"a member twice", `[{"seq":1,"reason":"a","reason":"b"}]`, 0},
		{"a member in capitals", `[{"seq":1,"Reason":"a"}]`, 0},
		{"an attribute twice", `[{"seq":1,"attrs":{"k":"a","k":"b"}}]`, 0},
		{"not an object", `[{"seq":1},null]`, 1},
		{"two arrays", `[{"seq":1}] [{"seq":2}]`, 1},
		{"rubbish behind", `[] x`, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			all, err := collect(ledger.Import(strings.NewReader(tt.file)))
			if err == nil || reminders.KindOf(err) != reminders.Invalid || len(all) != tt.entries {
				t.Errorf("got %d entries and %v, want %d and Invalid", len(all), err, tt.entries)
			}
			if key := reminders.MessageOf(err).Key; key != "error.ledger.file" {
				t.Errorf("the text is %q", key)
			}
		})
	}
}

// full is a writer without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no room") }

// TestExportStops: at an error of the entries, and at one of the file.
func TestExportStops(t *testing.T) {
	broken := errors.New("disk")
	failing := func(yield func(ledger.Entry, error) bool) { yield(ledger.Entry{}, broken) }
	if err := ledger.Export(&bytes.Buffer{}, failing); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if err := ledger.Export(full{}, each(chain(1))); err == nil {
		t.Error("a full disk went unnoticed")
	}
}

// FuzzImport: no file crashes the proof, and what is proved survives another
// export.
func FuzzImport(f *testing.F) {
	var out bytes.Buffer
	if err := ledger.Export(&out, each(chain(2))); err != nil {
		f.Fatal(err)
	}
	f.Add(out.Bytes())
	f.Add([]byte(`[{"seq":1,"at":"2026-09-24T09:30:00+08:00","attrs":{"a":"b"}}]`))
	f.Fuzz(func(t *testing.T, file []byte) {
		entries, err := collect(ledger.Import(bytes.NewReader(file)))
		if err != nil {
			return
		}
		before, _ := ledger.Verify(each(entries))
		var again bytes.Buffer
		if err := ledger.Export(&again, each(entries)); err != nil {
			t.Fatal(err)
		}
		after, err := ledger.Verify(ledger.Import(&again))
		if err != nil || before.Count != after.Count || before.Head != after.Head {
			t.Errorf("proved %+v, then %+v, %v", before, after, err)
		}
	})
}
