package report

import (
	"errors"
	"fmt"
	"time"
)

// The tables at the head of a form, which say when it is expected.
type dailyTable struct {
	Due, Closes string
	Remind      string `toml:"remind_before"`
	Grace       string
	Leader      string `toml:"tell_leader_after"`
	Staff       string `toml:"tell_staff_after"`
}

type limitsTable struct{ Phone, Written string }

type closingTable struct {
	Workdays int `toml:"workdays_after"`
	Ask, Due string
	Closes   int `toml:"closes_workdays_later"`
}

type correctionTable struct {
	OnDuty   string `toml:"on_duty"`
	Workdays int    `toml:"otherwise_workdays"`
	Hour     string
	Closes   string `toml:"closes_after"`
}

// headReader collects faults of the head of a form.
type headReader struct {
	where  string
	faults []error
}

func (r *headReader) fault(name string, err error) {
	if err != nil {
		r.faults = append(r.faults, fmt.Errorf("%s.%s: %w", r.where, name, err))
	}
}

// hour reads a time of day.
func (r *headReader) hour(name, text string) Hour {
	h, err := hour(text)
	r.fault(name, err)
	return h
}

// span reads a duration, not negative and at most a week.
func (r *headReader) span(name, text string) time.Duration {
	d, err := time.ParseDuration(text)
	if err == nil && (d < 0 || d > 7*24*time.Hour) {
		err = errors.New("a duration from 0 to 168h is wanted")
	}
	r.fault(name, err)
	return d
}

// days checks a number of workdays.
func (r *headReader) days(name string, n int) int {
	if n < 1 || n > 30 {
		r.fault(name, errors.New("1 to 30 workdays are wanted"))
	}
	return n
}

// expected reads the head of the form into it: which tables there are follows from the
// kind.
func (raw formFile) expected(form *Form) []error {
	var faults []error
	for _, table := range []struct {
		name  string
		there bool
		kind  Kind
	}{
		{"daily", raw.Daily != nil, Daily}, {"limits", raw.Limits != nil, Incident}, {"closing", raw.Closing != nil, Closing},
	} {
		if table.there != (table.kind == form.Kind) {
			faults = append(faults, fmt.Errorf("[%s] belongs to the form of that report, and only there", table.name))
		}
	}
	if raw.Correction == nil {
		return append(faults, errors.New("[correction] is missing"))
	}
	correction, more := raw.Correction.read()
	form.Correction, faults = correction, append(faults, more...)
	switch {
	case raw.Daily != nil:
		form.Daily, more = raw.Daily.read()
	case raw.Limits != nil:
		form.Limits, more = raw.Limits.read()
	case raw.Closing != nil:
		form.Closing, more = raw.Closing.read()
	default:
		more = nil
	}
	return append(faults, more...)
}

// read reads the hours of the daily report.
func (t dailyTable) read() (DailyHours, []error) {
	r := headReader{where: "daily"}
	h := DailyHours{
		Due: r.hour("due", t.Due), Closes: r.hour("closes", t.Closes), Remind: r.span("remind_before", t.Remind),
		Grace: r.span("grace", t.Grace), Leader: r.span("tell_leader_after", t.Leader), Staff: r.span("tell_staff_after", t.Staff),
	}
	day := 24 * time.Hour
	open := day - time.Duration(h.Due)*time.Minute + time.Duration(h.Closes)*time.Minute
	switch {
	case len(r.faults) > 0:
	case h.Remind > time.Duration(h.Due)*time.Minute:
		r.fault("remind_before", errors.New("the reminder would come the day before"))
	case h.Grace > open:
		r.fault("grace", errors.New("it ends after the closing"))
	case h.Leader < h.Grace, h.Staff < h.Leader:
		r.fault("tell_staff_after", errors.New("first the grace ends, then the leader is told, then the staff"))
	case h.Staff >= open:
		r.fault("tell_staff_after", errors.New("it comes after the closing"))
	}
	return h, r.faults
}

// read reads the limits of incidents.
func (t limitsTable) read() (Limits, []error) {
	r := headReader{where: "limits"}
	l := Limits{Phone: r.span("phone", t.Phone), Written: r.span("written", t.Written)}
	return l, r.faults
}

// read reads the days of the closing report.
func (t closingTable) read() (ClosingDays, []error) {
	r := headReader{where: "closing"}
	c := ClosingDays{
		Workdays: r.days("workdays_after", t.Workdays), Ask: r.hour("ask", t.Ask), Due: r.hour("due", t.Due),
		Closes: r.days("closes_workdays_later", t.Closes),
	}
	if len(r.faults) == 0 && c.Due <= c.Ask {
		r.fault("due", errors.New("it is not after ask"))
	}
	return c, r.faults
}

// read reads how long a correction may take.
func (t correctionTable) read() (CorrectionHours, []error) {
	r := headReader{where: "correction"}
	c := CorrectionHours{
		OnDuty: r.span("on_duty", t.OnDuty), Workdays: r.days("otherwise_workdays", t.Workdays), Hour: r.hour("hour", t.Hour),
		Closes: r.span("closes_after", t.Closes),
	}
	if len(r.faults) == 0 && c.Closes < time.Hour {
		r.fault("closes_after", errors.New("at least an hour is wanted"))
	}
	return c, r.faults
}
