package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
)

// rosterOfNationalDay files a roster for the small office: P1 and P2 take turns.
const rosterOfNationalDay = `date,start,end,unit,officer,leader,backup
2026-10-01,08:00,08:00,样例局,P1,B1,P2
2026-10-02,08:00,08:00,样例局,P2,B1,P1
2026-10-03,08:00,08:00,样例局,P1,B1,P2
2026-10-04,08:00,08:00,样例局,P2,B1,P1
2026-10-05,08:00,08:00,样例局,P1,B1,P2
2026-10-06,08:00,08:00,样例局,P2,B1,P1
2026-10-07,08:00,08:00,样例局,P1,B1,P2
`

// plans files a roster as the command line does.
func (s *scene) plans(roster string) {
	s.t.Helper()
	task := importTask{What: "roster", Name: "roster.csv", File: []byte(roster)}
	var said strings.Builder
	c := &console{out: &said, errs: &said, language: reminders.English, location: s.loc}
	if err := task.run(context.Background(), c, s.live.office); err != nil {
		s.t.Fatalf("%v: %s", err, said.String())
	}
	s.settle()
}

// feed makes the token of somebody's calendar.
func (s *scene) feed(whose duty.Whose) (token string) {
	s.t.Helper()
	err := s.live.store.Do(context.Background(), func(tx reminders.Tx) (err error) {
		token, err = s.live.duty.FeedToken(tx, whose)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return token
}

// subscribes asks for an address of the web.
func (s *scene) subscribes(path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	web := &server{console: &console{}, office: s.live.office, counters: newCounters()}
	web.log = discard()
	web.routes().ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), http.MethodGet, path, http.NoBody))
	return w
}

// A calendar can be subscribed to by whoever knows its address, and by nobody else: a
// person sees their own shifts, a unit all of its own. A new address ends the one before.
func TestCalendarFeed(t *testing.T) {
	play(t, "2026-09-21T08:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.plans(rosterOfNationalDay)
		mine := s.feed(duty.Whose{Person: "P1"})
		whole := s.feed(duty.Whose{Unit: s.unitOf("P1")})

		w := s.subscribes("/calendar/" + mine + ".ics")
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/calendar; charset=utf-8" {
			t.Fatalf("status %d, %v", w.Code, w.Header())
		}
		text := w.Body.String()
		if n := strings.Count(text, "BEGIN:VEVENT"); n != 7 { // officer on four days, backup on three
			t.Errorf("P1 has %d events, want 7:\n%s", n, text)
		}
		for _, want := range []string{"值班：样例局（值班员）", "DTSTART:20261001T000000Z", "方样张"} {
			if !strings.Contains(text, want) {
				t.Errorf("the calendar lacks %q", want)
			}
		}
		if text := s.subscribes("/calendar/" + whole + ".ics").Body.String(); strings.Count(text, "BEGIN:VEVENT") != 7 {
			t.Errorf("the unit's calendar:\n%s", text)
		}
		renewed := s.feed(duty.Whose{Person: "P1"})
		for _, gone := range []string{mine + ".ics", renewed, ".ics", "x.ics", strings.ToUpper(renewed) + ".ics", renewed + ".ics.ics"} {
			if w := s.subscribes("/calendar/" + gone); w.Code != http.StatusNotFound {
				t.Errorf("%s: status %d", gone, w.Code)
			}
		}
		if w := s.subscribes("/calendar/" + renewed + ".ics"); w.Code != http.StatusOK {
			t.Errorf("the new address: status %d", w.Code)
		}
	})
}
