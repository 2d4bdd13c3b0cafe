package notice

import (
	"errors"
	"fmt"
	"math/bits"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// rowReader reads one row and collects its faults, each with the place.
type rowReader struct {
	where  string
	quiet  Quiet
	names  map[string]bool // used so far in the programme
	faults []error
}

// fault notes what is wrong with a field.
func (r *rowReader) fault(field, format string, args ...any) {
	err := fmt.Errorf(format, args...)
	r.faults = append(r.faults, fmt.Errorf("%s: %s: %w", r.where, field, err))
}

// note notes err, if there is one.
func (r *rowReader) note(field string, err error) {
	if err != nil {
		r.fault(field, "%w", err)
	}
}

// The kinds and answers that a row may have. A chase is not among them: it belongs
// to the ladder of the row that it is about.
var (
	rowKinds   = []Kind{Review, UnitNotice, Readiness, HolidayReminder, ClosingSummary, Digest, Burden, CasePush}
	rowExpects = []Expects{ExpectNothing, ExpectApproval, ExpectWaiver, ExpectPerPerson, ExpectPerUnit}
	restDays   = []RestDay{Preceding, Skip}
	actions    = []obligation.Action{obligation.Chase, obligation.Tell}
)

// row reads one row.
func (r *rowReader) row(t rowTable) Row {
	row := Row{
		Name:    r.name("name", t.Name),
		Kind:    oneOf(r, "kind", t.Kind, rowKinds),
		RestDay: oneOf(r, "rest_day", t.RestDay, restDays),
		To:      r.roles(t.To),
		Expects: oneOf(r, "expects", t.Expects, rowExpects),
		Due:     r.when("due", t.Due, DaysBefore, WorkdaysBefore, WorkdaysAfter, WorkdaysLater),
		Closes:  r.when("closes", t.Closes, DaysBefore, WorkdaysBefore, WorkdaysAfter, WorkdaysLater),
		Until:   r.when("until", t.Until, DaysBefore, WorkdaysBefore, WorkdaysAfter, WorkdaysLater),
		Grace:   r.grace(t.Grace),
	}
	if t.Every != "" {
		row.Every = r.recurrence(t.Every)
	}
	row.At = r.loud("at", t.At, DaysBefore, WorkdaysBefore, WorkdaysAfter)
	for i, rung := range t.Ladder {
		row.Ladder = append(row.Ladder, r.rung(fmt.Sprintf("ladder %d", i+1), rung))
	}
	r.agree(t)
	if len(r.faults) == 0 {
		if err := misordered(row); err != nil {
			r.faults = append(r.faults, fmt.Errorf("%s: %w", r.where, err))
		}
	}
	return row
}

// rung reads one step of the ladder.
func (r *rowReader) rung(field string, t rungTable) Rung {
	rung := Rung{
		Name:   r.name(field+": name", t.Name),
		Action: oneOf(r, field+": action", t.Action, actions),
		To:     oneOf(r, field+": to", t.To, reminders.AllRoles()),
		At: r.loud(field+": at", t.At,
			DaysBefore, WorkdaysBefore, WorkdaysAfter, WorkdaysLater, AfterDue),
	}
	if t.At == nil {
		r.fault(field+": at", "is missing")
	}
	return rung
}

// agree checks that the fields of a row fit together.
func (r *rowReader) agree(t rowTable) {
	recurring, obliges := t.Every != "", Expects(t.Expects).Obliges()
	switch {
	case recurring && t.At != nil:
		r.fault("every", "a row has either \"at\" or \"every\", not both")
	case !recurring && t.At == nil:
		r.fault("at", "a row needs \"at\" or \"every\"")
	}
	if recurring && (t.Due != nil || t.Until != nil || obliges) {
		r.fault("every", "a recurring row asks for nothing: it has no due and no until")
	}
	if !recurring && t.Until == nil {
		r.fault("until", "is missing: say until when the row is worth carrying out after an outage")
	}
	if obliges && (t.Due == nil || t.Closes == nil) {
		r.fault("expects", "%s needs \"due\" and \"closes\"", t.Expects)
	}
	if !obliges && (t.Closes != nil || t.Grace != "" || len(t.Ladder) > 0) {
		r.fault("expects", "only an acknowledgement has closes, grace or a ladder")
	}
}

var namePattern = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)

// name reads a name, which may be used once in a programme because keys end in it.
func (r *rowReader) name(field, name string) string {
	switch {
	case !namePattern.MatchString(name):
		r.fault(field, "%q is not a name: small letters, digits and hyphens, at most 32", name)
	case r.names[name]:
		r.fault(field, "%q is used twice", name)
	}
	r.names[name] = true
	return name
}

// roles reads the audience.
func (r *rowReader) roles(words []string) []reminders.Role {
	var roles []reminders.Role
	for _, word := range words {
		roles = append(roles, oneOf(r, "to", word, reminders.AllRoles()))
	}
	if len(roles) == 0 {
		r.fault("to", "is missing: a row without readers says nothing")
	}
	return roles
}

// when reads an instant whose days are counted from one of the anchors. A table
// that is not there is no instant.
func (r *rowReader) when(field string, t *whenTable, anchors ...Anchor) When {
	if t == nil {
		return When{}
	}
	var when When
	var err error
	when.Hour, err = ParseHour(t.Hour)
	r.note(field+": hour", err)
	for _, phrase := range t.Day {
		day, err := ParseDay(phrase)
		r.note(field+": day", err)
		if err == nil && !slices.Contains(anchors, day.Anchor) {
			r.fault(field+": day", "%q cannot be said here", phrase)
		}
		when.Days = append(when.Days, day)
	}
	if len(when.Days) == 0 {
		r.fault(field+": day", "is missing")
	}
	return when
}

// loud reads an instant at which something is sent, which no quiet hour allows.
func (r *rowReader) loud(field string, t *whenTable, anchors ...Anchor) When {
	when := r.when(field, t, anchors...)
	if t != nil && r.quiet.covers(when.Hour) {
		r.fault(field+": hour", "%s lies in the quiet hours from %s to %s", when.Hour, r.quiet.From, r.quiet.To)
	}
	return when
}

// grace reads a duration such as "2h" or "30m".
func (r *rowReader) grace(text string) time.Duration {
	if text == "" {
		return 0
	}
	grace, err := time.ParseDuration(text)
	if err != nil || grace < 0 || grace > 14*24*time.Hour {
		r.fault("grace", "%q is not a duration such as \"2h\" or \"30m\", at most 14 days", text)
	}
	return grace
}

// recurrence reads a cron expression. It names one minute and one hour, so that
// its key can be the day and its hour can be held against the quiet hours.
func (r *rowReader) recurrence(expression string) Recurrence {
	// A zone in the expression would contradict that of the calendar.
	if strings.ContainsAny(expression, "@=") {
		r.fault("every", "%q: only the five fields minute, hour, day, month and weekday are read", expression)
		return Recurrence{}
	}
	parsed, err := cron.ParseStandard(expression)
	if err != nil {
		r.fault("every", "%q: %w", expression, err)
		return Recurrence{}
	}
	hour, err := onceADay(parsed)
	r.note("every", err)
	if err == nil && r.quiet.covers(hour) {
		r.fault("every", "%s lies in the quiet hours from %s to %s", hour, r.quiet.From, r.quiet.To)
	}
	return Recurrence{Expression: expression, schedule: parsed}
}

// onceADay gives the one time of the day at which the schedule fires.
func onceADay(schedule cron.Schedule) (Hour, error) {
	spec, ok := schedule.(*cron.SpecSchedule)
	if !ok || bits.OnesCount64(spec.Minute) != 1 || bits.OnesCount64(spec.Hour) != 1 {
		return 0, errors.New("name one minute and one hour: a digest comes once a day")
	}
	return Hour(bits.TrailingZeros64(spec.Hour)*60 + bits.TrailingZeros64(spec.Minute)), nil
}

// oneOf reads a word of a closed list.
func oneOf[T ~string](r *rowReader, field, word string, list []T) T {
	if !slices.Contains(list, T(word)) {
		r.fault(field, "%q is not one of %s", word, spell(list))
	}
	return T(word)
}

// spell lists words for a message.
func spell[T ~string](list []T) string {
	words := make([]string, len(list))
	for i, word := range list {
		words[i] = string(word)
	}
	return strings.Join(words, ", ")
}
