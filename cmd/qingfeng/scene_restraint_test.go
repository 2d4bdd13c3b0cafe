package main

import (
	"slices"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// Nobody answers anything in 2026, and the liaison asks to chase whenever there is
// something to chase: even then nobody receives more than the programme promises,
// in no hour in which nothing may be sent.
func TestRestraintOverOneYear(t *testing.T) {
	play(t, "2026-01-04T09:00:00+08:00", func(s *scene) {
		s.enrol(town, "P5")
		pushes := map[reminders.PersonID][]sandbox.Message{}
		known := map[reminders.PersonID]int{}
		for id, phone := range s.phones {
			known[id] = len(phone.Messages())
		}
		for day := s.at("2026-01-05 00:00"); day.Year() == 2026; day = day.AddDate(0, 0, 1) {
			s.until(day.Format("2006-01-02") + " 14:00")
			for id, phone := range s.phones {
				messages := phone.Messages()
				pushes[id] = append(pushes[id], messages[known[id]:]...)
				known[id] = len(messages)
			}
			if told := pushes["L1"]; len(told) == 0 || day.Sub(told[len(told)-1].Date) > 10*24*time.Hour {
				continue // nothing can be open
			}
			s.types("L1", "/unit")
			if last := s.last("L1"); len(last.Buttons) > 0 {
				s.tap("L1", last.Buttons[0][0].Text)
				_ = s.phone("L1").TapLabel("催办未阅") // if there is anybody to chase
				s.settle()
			}
			known["L1"] = len(s.phone("L1").Messages())
		}
		cal := s.live.years.Calendar()
		most := map[reminders.PersonID]int{"P1": 2, "P2": 2, "P3": 2, "P4": 2, "L1": 4, "L2": 4, "B1": 4, "B2": 4}
		for id, messages := range pushes {
			if id == "P5" && len(messages) > 0 {
				t.Errorf("P5, who is not bound, received %d messages", len(messages))
			}
			days := map[string]int{}
			for _, m := range messages {
				days[m.Date.Format("2006-01-02")]++
				if hour := m.Date.Hour(); hour < 8 || hour >= 20 {
					t.Errorf("%s received a message at %s", id, m.Date.Format(time.DateTime))
				}
				if !cal.IsWorkday(calendar.DateOf(m.Date, s.loc)) {
					t.Errorf("%s received a message on a rest day: %s", id, m.Date.Format(time.DateTime))
				}
			}
			if most[id] == 0 {
				continue // of the office itself
			}
			for day, n := range days {
				if n > 1 {
					t.Errorf("%s received %d messages on %s", id, n, day)
				}
			}
			for occasion, n := range perOccasion(cal, messages) {
				if n > most[id] {
					t.Errorf("%s received %d messages for %s", id, n, occasion)
				}
			}
			if len(messages) < 10 {
				t.Errorf("%s received only %d messages in the year: is anything counted?", id, len(messages))
			}
		}
		s.balanced()
	})
}

// perOccasion counts messages by the holiday block before which, or in whose
// programme, they came: the last day of a programme is three workdays after it.
func perOccasion(cal *calendar.Calendar, messages []sandbox.Message) map[string]int {
	occasions := cal.Occasions(calendar.Date{Year: 2026, Month: 1, Day: 1}, calendar.Date{Year: 2027, Month: 2, Day: 28})
	count := map[string]int{}
	for _, m := range messages {
		day := calendar.DateOf(m.Date, cal.Location())
		at := slices.IndexFunc(occasions, func(o calendar.Occasion) bool { return !day.After(o.Last()) })
		if at < 0 {
			count["none"]++
			continue
		}
		count[occasions[at].ID]++
	}
	return count
}
