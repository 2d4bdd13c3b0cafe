package duty

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// rulesFile is the file as it is written; content/programme/duty.toml explains each field
// to the office.
type rulesFile struct {
	Roster struct {
		Cover    string
		MostDays int `toml:"most_days"`
		Rest     string
		CoverOf  map[string]string `toml:"cover_of"`
	}
	TakeOver struct{ Grace string } `toml:"take_over"`
	Spot     struct {
		From, To             string
		Units, Limit         int
		Answer, Closes, Late string
	} `toml:"spot_check"`
}

// ParseRules reads the rules of duty in the format of content/programme/duty.toml. A file
// that does not hold together is an Invalid error that names every field with a fault, a
// field that does not exist included. unit gives the unit with a name.
func ParseRules(file []byte, unit func(name string) reminders.UnitID) (Rules, SpotRules, error) {
	const op = "programme/duty.toml"
	var raw rulesFile
	meta, err := toml.Decode(string(file), &raw)
	if err != nil {
		return Rules{}, SpotRules{}, &reminders.Error{Kind: reminders.Invalid, Op: op, Err: err}
	}
	r := rulesReader{}
	rules, spot := r.roster(raw, unit), r.spot(raw)
	for _, key := range meta.Undecoded() {
		r.fault(key.String(), errors.New("unknown field"))
	}
	if len(r.faults) > 0 {
		return Rules{}, SpotRules{}, &reminders.Error{Kind: reminders.Invalid, Op: op, Err: errors.Join(r.faults...)}
	}
	return rules, spot, nil
}

// rulesReader collects faults.
type rulesReader struct{ faults []error }

func (r *rulesReader) fault(field string, err error) {
	if err != nil {
		r.faults = append(r.faults, fmt.Errorf("%s: %w", field, err))
	}
}

// span reads a duration of whole minutes within bounds.
func (r *rulesReader) span(field, text string, least, most time.Duration) time.Duration {
	d, err := time.ParseDuration(text)
	if err == nil && (d < least || d > most || d%time.Minute != 0) {
		err = fmt.Errorf("whole minutes from %s to %s are wanted", least, most)
	}
	r.fault(field, err)
	return d
}

// number checks a number.
func (r *rulesReader) number(field string, n, least, most int) int {
	if n < least || n > most {
		r.fault(field, fmt.Errorf("%d to %d are wanted", least, most))
	}
	return n
}

// cover reads a rule of cover.
func (r *rulesReader) cover(field, text string) Cover {
	c := Cover(text)
	if c != WholeDay && c != ByDay {
		r.fault(field, fmt.Errorf("%q is neither %q nor %q", text, WholeDay, ByDay))
	}
	return c
}

// clock reads a time of the day in minutes after midnight; 24:00 is its end.
func (r *rulesReader) clock(field, text string) int {
	if text == "24:00" {
		return 24 * 60
	}
	t, err := time.Parse("15:04", text)
	if err != nil || len(strings.TrimSpace(text)) != len("15:04") {
		r.fault(field, fmt.Errorf("%q is not a time of day such as 09:00", text))
	}
	return t.Hour()*60 + t.Minute()
}

// roster reads what rosters and take-overs are held against.
func (r *rulesReader) roster(raw rulesFile, unit func(string) reminders.UnitID) Rules {
	const day = 24 * time.Hour
	rules := Rules{
		Cover: r.cover("roster.cover", raw.Roster.Cover), MostDays: r.number("roster.most_days", raw.Roster.MostDays, 1, 31),
		Rest:  r.span("roster.rest", raw.Roster.Rest, 0, 3*day),
		Grace: r.span("take_over.grace", raw.TakeOver.Grace, time.Minute, 4*time.Hour),
	}
	for name, cover := range raw.Roster.CoverOf {
		if rules.CoverOf == nil {
			rules.CoverOf = map[reminders.UnitID]Cover{}
		}
		rules.CoverOf[unit(name)] = r.cover("roster.cover_of."+name, cover)
	}
	return rules
}

// spot reads how spot checks are made.
func (r *rulesReader) spot(raw rulesFile) SpotRules {
	const day = 24 * time.Hour
	s, before := raw.Spot, len(r.faults)
	rules := SpotRules{
		From: r.clock("spot_check.from", s.From), To: r.clock("spot_check.to", s.To),
		Units: r.number("spot_check.units", s.Units, 0, 100_000), Limit: r.number("spot_check.limit", s.Limit, 1, 20),
		Answer: r.span("spot_check.answer", s.Answer, time.Minute, 12*time.Hour),
		Closes: r.span("spot_check.closes", s.Closes, time.Minute, day), Late: r.span("spot_check.late", s.Late, 0, day),
	}
	switch {
	case len(r.faults) > before:
	case rules.To <= rules.From:
		r.fault("spot_check.to", errors.New("it is not after from"))
	case rules.Closes < rules.Answer:
		r.fault("spot_check.closes", errors.New("it is before the answer is due"))
	}
	return rules
}
