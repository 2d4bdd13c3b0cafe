package calendar_test

import (
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// FuzzParse feeds files of every format. Whatever comes, there is an error for
// people, row errors, or an arrangement of which a calendar can be built.
func FuzzParse(f *testing.F) {
	f.Add("2027.json", []byte(`{"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}]}`))
	f.Add("2027.csv", []byte("name,date,off\n元旦,2027-01-01,yes\n"))
	f.Add("2027.csv", []byte(gb18030("名称,日期,休\n元旦,2027-01-01,是\n")))
	f.Add("2027.ics", []byte(feed("DTSTART;VALUE=DATE:20270101|DTEND;VALUE=DATE:20270103|SUMMARY:元旦")))
	f.Add("2027.ics", []byte(feed("DTSTART;X=\"a\\,b\";VALUE=DATE:20270101|DURATION:P2D|SUMMARY:元旦")))
	f.Fuzz(func(t *testing.T, name string, file []byte) {
		a, errs, err := calendar.Parse(name, file)
		switch {
		case err != nil:
			if reminders.KindOf(err) != reminders.Invalid || reminders.MessageOf(err).Key == "" {
				t.Fatalf("an error without a text: %v", err)
			}
		case len(errs) > 0:
			for _, e := range errs {
				if e.Message.Key == "" || e.Row < 1 {
					t.Fatalf("row error %v", e)
				}
			}
		default:
			if _, err := calendar.New(shanghai, a); err != nil || len(a.Days) == 0 || a.Confirmed {
				t.Fatalf("%v does not make a calendar: %v", a, err)
			}
		}
	})
}

// FuzzParseBuiltin reads what an operator may put in the place of our tables.
func FuzzParseBuiltin(f *testing.F) {
	f.Add([]byte(`[{"year": 2027, "status": "provisional", "source": "law", "days": [{"name": "清明节", "date": "2027-04-05", "isOffDay": true}]}]`))
	f.Fuzz(func(t *testing.T, file []byte) {
		years, err := calendar.ParseBuiltin(file)
		if err != nil {
			if reminders.KindOf(err) != reminders.Invalid || reminders.MessageOf(err).Key == "" {
				t.Fatalf("an error without a text: %v", err)
			}
			return
		}
		if _, err := calendar.New(shanghai, years...); err != nil {
			t.Fatalf("%v do not make a calendar: %v", years, err)
		}
	})
}

// FuzzParseDate makes sure that a date that was read is written the same.
func FuzzParseDate(f *testing.F) {
	f.Add("2027-02-06")
	f.Add("2027-11-31")
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := calendar.ParseDate(s); err == nil && d.String() != s {
			t.Fatalf("%q became %v", s, d)
		}
	})
}
