package notice_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// What is due is published, or the reason why not is written down.
func TestDecisions(t *testing.T) {
	const reminder, readiness = block + "/holiday-reminder", block + "/readiness"
	confirmed := func(o *office, yes bool) {
		a, _ := o.cal.Arrangement(2027)
		a.Status, a.Confirmed = calendar.Provisional, yes
		b, _ := o.cal.Arrangement(2026)
		o.cal = newCalendar(o.t, o.cal.Location(), b, a)
	}
	tests := []struct {
		name string
		born time.Time // zero: long before
		set  func(o *office)
		at   []time.Time
		id   string
		want string // state, or why; empty: no notice
	}{
		{name: "not before its instant", at: []time.Time{day(9, 22, 9, 0).Add(-1)}, id: reminder},
		{name: "at its instant", at: []time.Time{day(9, 22, 9, 0)}, id: reminder, want: "published"},
		{name: "as long as it makes sense", at: []time.Time{day(9, 24, 18, 0).Add(-1)}, id: reminder, want: "published"},
		{name: "too late", at: []time.Time{day(9, 24, 18, 0)}, id: reminder, want: notice.WhyTooLate},
		{name: "the newer one instead", at: []time.Time{day(9, 24, 9, 0)}, id: readiness, want: notice.WhySuperseded},
		{name: "the newer one", at: []time.Time{day(9, 24, 9, 0)}, id: readiness + "-last-workday", want: "published"},
		{name: "worthless before we were there", born: day(9, 24, 8, 0), at: []time.Time{day(9, 24, 9, 0)}, id: readiness},
		{name: "due before we were there, and still worth it", born: day(9, 23, 8, 0), at: []time.Time{day(9, 23, 8, 0)}, id: reminder, want: "published"},
		{name: "nothing to say", at: []time.Time{day(9, 23, 9, 0)}, id: "2026-09-23/digest", want: notice.WhyNothing},
		{
			name: "waits for an approval", set: func(o *office) { o.approval = true },
			at: []time.Time{day(9, 22, 9, 0), day(9, 24, 18, 0).Add(-1)}, id: reminder,
		},
		{
			name: "nobody approved", set: func(o *office) { o.approval = true },
			at: []time.Time{day(9, 22, 9, 0), day(9, 24, 18, 0)}, id: reminder, want: notice.WhyNotApproved,
		},
		{
			name: "waits for the year to be confirmed", set: func(o *office) { confirmed(o, false) },
			at: []time.Time{day(12, 29, 9, 0)}, id: "2027-new-year/holiday-reminder",
		},
		{
			name: "nobody confirmed the year", set: func(o *office) { confirmed(o, false) },
			at: []time.Time{day(12, 29, 9, 0), day(12, 31, 18, 0)}, id: "2027-new-year/holiday-reminder", want: notice.WhyProvisional,
		},
		{
			name: "a confirmed year", set: func(o *office) { confirmed(o, true) },
			at: []time.Time{day(12, 29, 9, 0)}, id: "2027-new-year/holiday-reminder", want: "published",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newOffice(t, 5, tt.at[0])
			if o.born = tt.born; o.born.IsZero() {
				o.born = day(1, 1, 0, 0)
			}
			if tt.set != nil {
				tt.set(o)
			}
			for _, at := range tt.at {
				o.at(at)
			}
			n, found := o.find(tt.id)
			got := ""
			if found {
				got = string(n.State)
			}
			if n.Why != "" {
				got = n.Why
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			skipped := 0
			for _, e := range o.entries(ledger.Skipped) {
				if e.Object == tt.id && e.Reason == tt.want {
					skipped++
				}
			}
			if (n.State == notice.Skipped) != (skipped == 1) {
				t.Errorf("%d entries say why it was skipped", skipped)
			}
			o.balanced()
		})
	}
}

// Whoever decides about a draft is not its drafter, unless there is nobody else,
// which is recorded; and nothing is decided once the reminder has gone out.
func TestDrafts(t *testing.T) {
	type decision struct {
		by      reminders.PersonID
		approve bool
		lone    bool
		late    bool
		want    reminders.Kind // empty: it works
		state   notice.DraftState
		reason  string
	}
	tests := map[string]decision{
		"approved by another":   {by: "S002", approve: true, state: notice.DraftApproved},
		"rejected by another":   {by: "S002", state: notice.DraftRejected},
		"own, with others":      {by: "S001", approve: true, want: reminders.Denied},
		"own, rejected":         {by: "S001", want: reminders.Denied},
		"own, alone":            {by: "S001", approve: true, lone: true, state: notice.DraftApproved, reason: "lone-approver"},
		"another, nobody else":  {by: "S002", approve: true, lone: true, state: notice.DraftApproved},
		"after it has gone out": {by: "S002", approve: true, late: true, want: reminders.Closed},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, 5, day(9, 11, 9, 0))
			o.at(day(9, 11, 9, 0))
			review := o.notice(block + "/review")
			var draft notice.Draft
			o.do(func(tx reminders.Tx) (err error) {
				draft, err = o.desk.Change(tx, review.Handle(), reminders.English, "Our words.", "S001")
				return err
			})
			if tt.late {
				o.at(day(9, 22, 9, 0))
			}
			var got notice.Draft
			err := o.store.Do(t.Context(), func(tx reminders.Tx) (err error) {
				got, err = o.desk.Decide(tx, draft.Handle(), tt.approve, tt.by, tt.lone)
				return err
			})
			if (tt.want == "") != (err == nil) || (err != nil && reminders.KindOf(err) != tt.want) {
				t.Fatalf("got %v, want %q", err, tt.want)
			}
			if got.State != tt.state || got.Lone != (tt.reason != "") {
				t.Errorf("the draft is %+v", got)
			}
			for _, verb := range []ledger.Verb{ledger.Approved, ledger.Rejected} {
				for _, e := range o.entries(verb) {
					if e.Reason != tt.reason || e.Actor != string(tt.by) || e.TextHash != reminders.HashText("Our words.") {
						t.Errorf("the entry is %+v", e)
					}
				}
			}
			if tt.late {
				err := o.store.Do(t.Context(), func(tx reminders.Tx) error {
					_, err := o.desk.Keep(tx, review.Handle(), "S001")
					return err
				})
				if reminders.KindOf(err) != reminders.Closed {
					t.Errorf("keeping the texts after they went out: %v", err)
				}
			}
		})
	}
}

// The office's own text goes out in its language once somebody else approved it;
// readers of another language, and everyone without an approval, get the shipped one.
func TestOwnText(t *testing.T) {
	for _, tt := range []struct {
		name              string
		approve, decided  bool
		inEnglish, inElse string
	}{
		{"approved", true, true, "reminder.own", "reminder.personal"},
		{"rejected", false, true, "reminder.personal", "reminder.personal"},
		{"undecided", false, false, "reminder.personal", "reminder.personal"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := newOffice(t, 5, day(9, 11, 9, 0))
			o.at(day(9, 11, 9, 0))
			o.do(func(tx reminders.Tx) error {
				draft, err := o.desk.Change(tx, o.notice(block+"/review").Handle(), reminders.English, "Our words.", "S001")
				if err != nil || !tt.decided {
					return err
				}
				_, err = o.desk.Decide(tx, draft.Handle(), tt.approve, "S002", false)
				return err
			})
			o.at(day(9, 22, 9, 0))
			for language, want := range map[reminders.Language]string{reminders.English: tt.inEnglish, reminders.Chinese: tt.inElse} {
				reader := reminders.Person{ID: "G0001", Name: "Ana", Unit: "u01", Language: language}
				m := o.show(block+"/holiday-reminder", reader)
				if m.Key != want || *m.Args["Name"].Text != "Ana" {
					t.Errorf("%s: %s", language, m.Key)
				}
				if want == "reminder.own" && *m.Args["Text"].Text != "Our words." {
					t.Errorf("the text is %q", *m.Args["Text"].Text)
				}
			}
		})
	}
}

// show gives what a notice says to a reader.
func (o *office) show(id string, reader reminders.Person) (m reminders.Message) {
	o.t.Helper()
	o.do(func(tx reminders.Tx) (err error) {
		m, err = o.desk.Show(tx, id, reader)
		return err
	})
	return m
}

// Where every block waits for an approval, keeping the shipped texts is one: the
// reminder goes out as soon as somebody has looked.
func TestApprovalReleasesTheReminder(t *testing.T) {
	o := newOffice(t, 5, day(9, 11, 9, 0))
	o.approval = true
	o.at(day(9, 11, 9, 0))
	o.at(day(9, 22, 9, 0))
	o.do(func(tx reminders.Tx) error {
		_, err := o.desk.Keep(tx, o.notice(block+"/review").Handle(), "S001")
		return err
	})
	o.at(day(9, 23, 11, 0))
	if n := o.notice(block + "/holiday-reminder"); n.State != notice.Published {
		t.Errorf("the reminder is %s: %s", n.State, n.Why)
	}
}

// Each kind says what was recorded: who is out of reach, what is overdue, how the
// block ended.
func TestCompose(t *testing.T) {
	o := newOffice(t, 25, day(9, 11, 9, 0))
	o.reg.never, o.reg.lost = 2, 1
	reader := o.reg.people[0]
	number := func(m reminders.Message, name string) int { return *m.Args[name].Number }

	o.at(day(9, 11, 9, 0))
	if m := o.show(block+"/review", reader); m.Key != "review.body" || len(m.Buttons[0]) != 2 {
		t.Errorf("review: %+v", m)
	}
	o.at(day(9, 20, 9, 0))
	if m := o.show(block+"/readiness", reader); m.Key != "readiness.body" || number(m, "Never") != 2 || number(m, "Lost") != 1 || number(m, "Silent") != 1 || len(m.Buttons) != 1 {
		t.Errorf("readiness: %+v", m)
	}
	if m := o.show(block+"/unit-notice", reader); m.Key != "reminder.unit" || len(m.Args["Dates"].Series) != 2 || m.Args["Unit"].Unit != reader.Unit {
		t.Errorf("unit notice: %+v", m)
	}
	o.at(day(9, 22, 9, 0))
	o.send()
	for _, p := range o.reg.people[:4] {
		o.do(func(tx reminders.Tx) error {
			_, err := o.book.Answer(tx, obligation.HandleOf(block+"/holiday-reminder"), obligation.Owner{Person: p.ID, Unit: p.Unit}, p.ID, "")
			return err
		})
	}
	o.reg.never, o.reg.lost = 0, 0
	o.reg.everyUnitHasALiaison()
	o.at(day(9, 24, 9, 0))
	if m := o.show(block+"/readiness-last-workday", reader); m.Key != "readiness.ready" || len(m.Buttons) != 0 {
		t.Errorf("readiness on the last workday: %+v", m)
	}
	o.at(day(9, 28, 9, 0))
	if m := o.show("2026-09-28/digest", reader); m.Key != "digest.body" || len(m.Args["Items"].List) != 2 ||
		*m.Args["Items"].List[0].Args["Count"].Number+*m.Args["Items"].List[1].Args["Count"].Number != 23+4 {
		t.Errorf("digest: %+v", m)
	}
	o.at(day(10, 8, 10, 0))
	m := o.show(block+"/closing-summary", reader)
	got := []int{number(m, "People"), number(m, "Met"), number(m, "Late"), number(m, "Missed"), number(m, "Units"), number(m, "UnitsAnswered")}
	if diff := cmp.Diff([]int{27, 4, 0, 23, 4, 0}, got); diff != "" {
		t.Errorf("summary: %s", diff)
	}
	if err := o.store.View(t.Context(), func(tx reminders.Tx) error {
		_, err := o.desk.Show(tx, "nothing", reader)
		return err
	}); reminders.KindOf(err) != reminders.Internal {
		t.Errorf("a notice that does not exist: %v", err)
	}
}

// A block of one day has its day in the unit notice.
func TestDaysOfAShortBlock(t *testing.T) {
	o := newOffice(t, 12, time.Date(2025, 12, 1, 9, 0, 0, 0, o8()))
	a, _ := o.cal.Arrangement(2026)
	var days []calendar.Day
	for _, d := range a.Days {
		if d.Date.Month != time.September && d.Date.Month != time.October {
			days = append(days, d)
		}
	}
	single, err := calendar.ParseDate("2026-09-25")
	if err != nil {
		t.Fatal(err)
	}
	a.Days = append(days, calendar.Day{Date: single, Off: true, Name: "中秋节"})
	o.cal = newCalendar(t, o.cal.Location(), a)
	o.born = day(9, 1, 9, 0)
	o.at(day(9, 18, 9, 0))
	m := o.show("2026-mid-autumn/unit-notice", o.reg.people[0])
	if got := len(m.Args["Dates"].Series); got != 1 {
		t.Errorf("%d spans of days: %+v", got, m.Args["Dates"])
	}
}

func o8() *time.Location { return time.FixedZone("", 8*3600) }
