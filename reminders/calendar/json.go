package calendar

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// The shape of holiday-cn (github.com/NateScarlet/holiday-cn): year, papers (the
// addresses of the notices) and days with name, date and isOffDay. Ours adds status
// and source. Other fields are passed over.
type yearFile struct {
	Year   int               `json:"year"`
	Status Status            `json:"status"`
	Source string            `json:"source"`
	Papers []string          `json:"papers"`
	Days   []json.RawMessage `json:"days"`
}

// readJSON reads a file of one year.
func readJSON(file []byte) (reading, error) {
	text, err := decode(file)
	if err != nil {
		return reading{}, err
	}
	var f yearFile
	if json.Unmarshal([]byte(text), &f) != nil {
		return reading{}, refuse("calendar.json", nil)
	}
	return f.reading()
}

// reading checks the head of the file and reads its days.
func (f yearFile) reading() (reading, error) {
	if f.Year < 1900 || f.Year > 2199 {
		return reading{}, refuse("calendar.year", nil)
	}
	if f.Status != "" && f.Status != Official && f.Status != Provisional {
		return reading{}, refuse("calendar.status", reminders.Args{"Year": reminders.Text(strconv.Itoa(f.Year))})
	}
	r := reading{year: f.Year, status: f.Status, source: f.Source}
	if r.source == "" {
		r.source = strings.Join(f.Papers, " ")
	}
	for i, raw := range f.Days {
		r.readDay(i+1, raw)
	}
	return r, nil
}

// readDay reads one day, each of whose fields must be there.
func (r *reading) readDay(number int, raw json.RawMessage) {
	var day struct {
		Name string `json:"name"`
		Date string `json:"date"`
		Off  *bool  `json:"isOffDay"`
	}
	if json.Unmarshal(raw, &day) != nil {
		r.fail(number, "", "calendar.row.json", nil)
		return
	}
	name, ok := properName(day.Name)
	if !ok {
		r.fail(number, "name", "calendar.row.name", nil)
	}
	date, err := ParseDate(day.Date)
	if err != nil {
		r.fail(number, "date", "calendar.date", reminders.Args{"Text": reminders.Text(clip(day.Date))})
	}
	if day.Off == nil {
		r.fail(number, "isOffDay", "calendar.row.off", nil)
	}
	if ok && err == nil && day.Off != nil {
		r.rows = append(r.rows, row{number, "date", "isOffDay", Day{Name: name, Date: date, Off: *day.Off}})
	}
}
