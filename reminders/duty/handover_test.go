package duty_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
)

// What a shift leaves is shown to the next one, when it is asked and when it takes over;
// the note once, a matter until somebody closes it.
func TestHandOver(t *testing.T) {
	w := newWorld(t)
	w.file(w.whole("harbour", "H5", "H1", "H2", "H3"))
	w.at(october(1, 8, 0))
	first := w.onDuty("harbour", october(1, 8, 0))
	w.takeOver(first.ID, "H1")
	w.sent()
	w.at(october(2, 7, 15))
	w.do(func(tx reminders.Tx) error {
		s, matters, err := w.desk.HandOver(tx, first.ID, "H1", "  钥匙在值班室 ", []string{"三号库门锁报修"})
		if s.Note != "钥匙在值班室" || len(matters) != 1 || matters[0].Number != 1 {
			t.Errorf("handed over %+v, %+v", s, matters)
		}
		return err
	})
	w.at(october(2, 8, 0))
	text := ""
	for _, d := range w.outbox() {
		if d.Lines[0].Key == "duty.takeover.ask" {
			text += words(t)(d.Lines[0])
		}
	}
	for _, want := range []string{"钥匙在值班室", "遗留事项 1：三号库门锁报修", "接班"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q does not say %q", text, want)
		}
	}
	second := w.onDuty("harbour", october(2, 9, 0))
	taken := w.takeOver(second.ID, "H2")
	if taken.Left.From.ID != first.ID || len(taken.Left.Matters) != 1 {
		t.Errorf("left %+v", taken.Left)
	}
	w.at(october(3, 8, 0))
	third := w.onDuty("harbour", october(3, 9, 0))
	if left := w.takeOver(third.ID, "H3").Left; left.From.Note != "" || len(left.Matters) != 1 {
		t.Errorf("the third shift finds %+v", left)
	}
	w.do(func(tx reminders.Tx) error {
		m, err := w.desk.CloseMatter(tx, "harbour", 1, "已修好", "H3")
		if m.Open() || m.Outcome != "已修好" {
			t.Errorf("closed %+v", m)
		}
		return err
	})
	w.fails(reminders.Closed, "duty.matter_closed", func(tx reminders.Tx) error {
		_, err := w.desk.CloseMatter(tx, "harbour", 1, "", "H3")
		return err
	})
	w.at(october(4, 8, 0))
	if left := w.takeOver(w.onDuty("harbour", october(4, 9, 0)).ID, "H1").Left; len(left.Matters) != 0 {
		t.Errorf("the fourth shift finds %+v", left)
	}
	w.sound()
}

// The texts of notes and matters never stand in the ledger.
func TestLedgerKeepsNoNotes(t *testing.T) {
	w := newWorld(t)
	w.file(w.whole("harbour", "H5", "H1", "H2"))
	w.at(october(1, 8, 0))
	s := w.onDuty("harbour", october(1, 8, 0))
	w.takeOver(s.ID, "H1")
	w.at(october(2, 7, 30))
	w.do(func(tx reminders.Tx) error {
		_, _, err := w.desk.HandOver(tx, s.ID, "H1", "秘密说明", []string{"秘密事项"})
		return err
	})
	for e, err := range w.store.Entries(t.Context(), 1) {
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(e.Reason+e.Object+e.Subject, "秘密") {
			t.Errorf("entry %+v", e)
		}
	}
}

// Each row is a handover that is refused with the reason.
func TestHandOverRefused(t *testing.T) {
	w := newWorld(t)
	w.file(w.whole("harbour", "H5", "H1", "H2"))
	w.at(october(1, 8, 0))
	s := w.onDuty("harbour", october(1, 8, 0))
	refused := func(name string, kind reminders.Kind, key string, by reminders.PersonID, note string, matters ...string) {
		t.Run(name, func(t *testing.T) {
			w.t = t
			w.fails(kind, key, func(tx reminders.Tx) error {
				_, _, err := w.desk.HandOver(tx, s.ID, by, note, matters)
				return err
			})
		})
		w.t = t
	}
	w.at(october(2, 7, 30))
	refused("nobody took over", reminders.Invalid, "duty.handover.not_taken", "H1", "")
	w.at(october(1, 9, 0))
	w.takeOver(s.ID, "H1")
	refused("too early", reminders.Closed, "duty.handover.early", "H1", "")
	w.at(october(2, 7, 0))
	refused("not on the shift", reminders.Denied, "duty.handover.not_yours", "H2", "")
	refused("too long a note", reminders.Invalid, "duty.note_long", "H1", strings.Repeat("长", duty.MaxNote+1))
	refused("a matter without words", reminders.Invalid, "duty.matter_empty", "H1", "", " ")
	refused("too many matters", reminders.Invalid, "duty.handover.many", "H1", "", strings.Split("abcdefghijk", "")...)
	w.do(func(tx reminders.Tx) error {
		_, _, err := w.desk.HandOver(tx, s.ID, "H5", "", nil)
		return err
	})
	refused("twice", reminders.Conflict, "duty.handover.done", "H1", "")
	next := w.onDuty("harbour", october(2, 9, 0))
	w.at(october(2, 9, 0))
	w.takeOver(next.ID, "H2")
	s = next
	w.at(october(4, 8, 0))
	refused("a day after the end", reminders.Closed, "duty.handover.over", "H2", "")
	w.sound()
}

// Ten matters, the longest notes: all of it fits one unit of work.
func TestLargestHandOver(t *testing.T) {
	w := newWorld(t)
	w.file(w.whole("harbour", "H5", "H1", "H2"))
	w.at(october(1, 8, 0))
	s := w.onDuty("harbour", october(1, 8, 0))
	w.takeOver(s.ID, "H1")
	w.at(october(2, 7, 30))
	long := strings.Repeat("长", duty.MaxNote)
	var matters []string
	for range 10 {
		matters = append(matters, long)
	}
	w.do(func(tx reminders.Tx) error {
		_, _, err := w.desk.HandOver(tx, s.ID, "H1", long, matters)
		return err
	})
	var numbers []int
	w.do(func(tx reminders.Tx) error {
		open, err := w.desk.Matters(tx, "harbour")
		for _, m := range open {
			numbers = append(numbers, m.Number)
		}
		return err
	})
	if diff := cmp.Diff([]int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, numbers); diff != "" {
		t.Error(diff)
	}
	w.at(october(2, 8, 0))
	for _, d := range w.outbox() {
		if text := words(t)(d.Lines[0]); len([]rune(text)) > 1000 {
			t.Errorf("%s has %d characters", d.Lines[0].Key, len([]rune(text)))
		}
	}
}
