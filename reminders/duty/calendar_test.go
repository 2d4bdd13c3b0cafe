package duty_test

import (
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
)

// subscribed reads somebody's calendar as a program would: by the identifier of events.
func (w *world) subscribed(who duty.Whose) map[string]*ics.VEvent {
	w.t.Helper()
	var text string
	w.do(func(tx reminders.Tx) error {
		events, err := w.desk.Events(tx, who, w.clock.now)
		text = duty.ICS(events, duty.CalendarTitle(who), place, words(w.t))
		return err
	})
	if strings.Contains(strings.ReplaceAll(text, "\r\n", ""), "\n") {
		w.t.Error("lines end otherwise than in CR LF")
	}
	cal, err := ics.ParseCalendar(strings.NewReader(text))
	if err != nil {
		w.t.Fatal(err)
	}
	events := map[string]*ics.VEvent{}
	for _, e := range cal.Events() {
		events[e.Id()] = e
	}
	return events
}

func status(e *ics.VEvent) string {
	return e.GetProperty(ics.ComponentPropertyStatus).Value
}

// A shift keeps its identifier whatever becomes of it; its sequence grows; what is not
// somebody's any more, or was cancelled, says so; the hour is right.
func TestCalendar(t *testing.T) {
	w := newWorld(t)
	w.file(w.whole("harbour", "H5", "H1", "H2"))
	mine := w.subscribed(duty.Whose{Person: "H1"})
	const first, third = "harbour/20261001T0800@qingfeng", "harbour/20261003T0800@qingfeng"
	if len(mine) != 4 || mine[first] == nil || status(mine[first]) != "CONFIRMED" {
		t.Fatalf("%d events", len(mine))
	}
	if start, err := mine[first].GetStartAt(); err != nil || !start.Equal(october(1, 8, 0)) {
		t.Errorf("starts %s, %v", start, err)
	}
	if text := mine[first].GetProperty(ics.ComponentPropertySummary).Value; !strings.Contains(text, "值班员") {
		t.Errorf("summary %q", text)
	}
	w.at(september(20, 9, 0))
	s := w.onDuty("harbour", october(1, 9, 0))
	s.Officer = "H3"
	w.do(func(tx reminders.Tx) error { return w.desk.Replace(tx, s, duty.WhyImposed, "H4") })
	w.do(func(tx reminders.Tx) error { return w.desk.Cancel(tx, "harbour/20261003T0800", "H4") })
	mine = w.subscribed(duty.Whose{Person: "H1"})
	for _, id := range []string{first, third} {
		if e := mine[id]; status(e) != "CANCELLED" || e.GetProperty(ics.ComponentPropertySequence).Value != "2" {
			t.Errorf("%s is %s", id, status(e))
		}
	}
	other := w.subscribed(duty.Whose{Person: "H3"})
	if len(other) != 1 || status(other[first]) != "CONFIRMED" {
		t.Errorf("H3 has %d events", len(other))
	}
	all := w.subscribed(duty.Whose{Unit: "harbour"})
	if len(all) != 7 || status(all[first]) != "CONFIRMED" || status(all[third]) != "CANCELLED" {
		t.Errorf("the unit has %d events", len(all))
	}
}

// A token opens one feed until a newer one replaces it, it is revoked, or the person
// leaves; the store does not hold it.
func TestFeeds(t *testing.T) {
	w := newWorld(t)
	make := func(who duty.Whose) (token string) {
		w.do(func(tx reminders.Tx) (err error) {
			token, err = w.desk.FeedToken(tx, who)
			return err
		})
		return token
	}
	opens := func(token string) (who duty.Whose, found bool) {
		w.do(func(tx reminders.Tx) (err error) {
			who, found, err = w.desk.FeedOf(tx, token)
			return err
		})
		return who, found
	}
	first, unit := make(duty.Whose{Person: "H1"}), make(duty.Whose{Unit: "harbour"})
	if len(first) != 26 || first == unit {
		t.Errorf("tokens %q and %q", first, unit)
	}
	if who, found := opens(first); !found || who.Person != "H1" {
		t.Errorf("%+v, %v", who, found)
	}
	second := make(duty.Whose{Person: "H1"})
	for _, wrong := range []string{first, "", strings.ToUpper(second), second[:25]} {
		if _, found := opens(wrong); found {
			t.Errorf("%q opens a feed", wrong)
		}
	}
	w.do(func(tx reminders.Tx) error { return w.desk.RevokeFeed(tx, duty.Whose{Unit: "harbour"}) })
	if _, found := opens(unit); found {
		t.Error("a revoked feed opens")
	}
	m := w.people.members["H1"]
	m.Active = false
	w.people.members["H1"] = m
	if _, found := opens(second); found {
		t.Error("the feed of somebody who left opens")
	}
	records, err := w.engine.List(t.Context(), "", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if strings.Contains(string(r.Value)+r.Key, second) {
			t.Errorf("%s holds the token", r.Key)
		}
	}
	w.sound()
}

// Tokens are not guessed: 128 bits each, never the same.
func TestTokens(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		token := duty.NewToken()
		if len(token) != 26 || seen[token] {
			t.Fatalf("token %q", token)
		}
		seen[token] = true
	}
}

// What is over leaves a calendar after two months.
func TestCalendarForgets(t *testing.T) {
	w := newWorld(t)
	w.file(w.whole("harbour", "H5", "H1", "H2"))
	w.clock.now = october(8, 8, 0).Add(61 * 24 * time.Hour)
	if n := len(w.subscribed(duty.Whose{Person: "H1"})); n != 0 {
		t.Errorf("%d events", n)
	}
}
