package duty

import (
	"log/slog"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// SpotRules say how spot checks are made. Those of the draw are fixed with the
// commitment of a block: a setting that is changed later holds for later blocks.
type SpotRules struct {
	// From and To are the window of the day in minutes after midnight, on the clock of
	// the place; To does not belong to it.
	From int `json:"from"`
	To   int `json:"to"`
	// Units is how many units are drawn for a block; 0: every unit that keeps a roster.
	Units int `json:"units,omitempty"`
	// Limit is how many checks, drawn or asked for by hand, a unit gets in a block.
	Limit int `json:"limit"`
	// Answer is the time for an answer, Closes the time after which nobody waits any
	// more, Late how late a check may be asked after an outage of ours.
	Answer time.Duration `json:"answer"`
	Closes time.Duration `json:"closes"`
	Late   time.Duration `json:"late"`
}

// DefaultSpotRules are the product's: one check for each unit and block at most, between
// 09:00 and 21:00, to be answered within half an hour.
func DefaultSpotRules() SpotRules {
	return SpotRules{
		From: 9 * 60, To: 21 * 60, Limit: 1,
		Answer: 30 * time.Minute, Closes: 2 * time.Hour, Late: time.Hour,
	}
}

// check refuses rules that contradict themselves.
func (r SpotRules) check() error {
	if r.From < 0 || r.To <= r.From || r.To > 24*60 || r.Units < 0 || r.Limit < 1 ||
		r.Answer < time.Minute || r.Closes < r.Answer || r.Late < 0 {
		return reminders.Internalf("duty.spot", "rules of spot checks that contradict themselves: %+v", r)
	}
	return nil
}

// SpotState is where a spot check stands.
type SpotState string

// The states of a spot check. Waiting is known to nobody but the store.
const (
	SpotWaiting SpotState = "waiting" // drawn; its moment has not come
	SpotAsked   SpotState = "asked"   // the officer on duty was asked
	SpotDone    SpotState = "done"    // over; Outcome says how
	SpotDropped SpotState = "dropped" // never asked; Reason says why
)

// The reasons of spot checks.
const (
	SpotDrawn       = "drawn"                   // its moment followed from secret and roster
	SpotManual      = "manual"                  // somebody of the office asked for it
	SpotServiceDown = "service-down"            // dropped: we were down at the moment, and too long after it
	SpotNobody      = "nobody-on-duty"          // dropped: nobody was on the roster then
	SpotLimit       = "limit"                   // dropped: the unit had its check
	SpotNoWindow    = "no-window"               // dropped: nobody is on duty within the hours of the day
	SpotUnproved    = "filed-before-commitment" // dropped: nothing would prove that nobody chose
	SpotProvisional = "provisional"             // no draw: nobody has confirmed the days of the block
)

// SpotCheck is one check whether somebody is at their post (查岗). It is answered with
// one tap, never with a place or a picture.
type SpotCheck struct {
	Unit   reminders.UnitID `json:"unit"`
	Block  string           `json:"block"` // outside of any block: the day on which the shift began, 20261010
	Number int              `json:"number"`
	State  SpotState        `json:"state"`
	Reason string           `json:"reason"` // SpotDrawn or SpotManual; once dropped, why

	Moment time.Time `json:"moment"`           // when it is to be asked
	Roster string    `json:"roster,omitempty"` // hash of the roster that counted, for what was drawn
	Window string    `json:"window,omitempty"` // SpotWindow in its written form

	AskedAt time.Time          `json:"asked_at,omitzero"`
	Closes  time.Time          `json:"closes,omitzero"`
	Shift   ShiftID            `json:"shift,omitempty"`
	Officer reminders.PersonID `json:"officer,omitempty"` // who was on duty when it was asked

	By       reminders.PersonID `json:"by,omitempty"`       // who asked for it by hand
	Why      string             `json:"why,omitempty"`      // in their words
	Override string             `json:"override,omitempty"` // why the head went over the limit

	Outcome obligation.State `json:"outcome,omitempty"` // once done
}

// Terms names the obligation by which the check is answered. It is written down at
// the moment and not before, so that no list shows it.
func (s SpotCheck) Terms() obligation.TermsID {
	id := "duty/" + string(s.Unit) + "/" + s.Block + "/spot-check"
	if s.Number > 1 {
		id += "-" + itoa(s.Number)
	}
	return obligation.TermsID(id)
}

// Handle is the short name of the check: that of its obligation.
func (s SpotCheck) Handle() obligation.Handle { return obligation.HandleOf(s.Terms()) }

// Counts reports whether the check took place, as far as limits and fairness go.
func (s SpotCheck) Counts() bool { return s.State == SpotAsked || s.State == SpotDone }

// Next is the instant at which the service must deal with the check; zero if never
// again.
func (s SpotCheck) Next() time.Time {
	switch s.State {
	case SpotWaiting:
		return s.Moment
	case SpotAsked:
		return s.Closes
	}
	return time.Time{}
}

// SpotBlockState is where the draw of a block stands.
type SpotBlockState string

// The states of a draw, in their order.
const (
	DrawCommitted SpotBlockState = "committed" // the hash of the secret is known
	DrawRunning   SpotBlockState = "drawing"   // units are chosen, their checks are being written down
	DrawDone      SpotBlockState = "drawn"     // all checks have their moments
	DrawRevealing SpotBlockState = "revealing" // the secret is public, people are being told
	DrawRevealed  SpotBlockState = "revealed"  // all of them know
)

// SpotBlock is the draw of one block. Chosen and, while the block lasts, everything that
// follows from it is known to the store alone.
type SpotBlock struct {
	Block     string              `json:"block"`
	Festivals []calendar.Festival `json:"festivals,omitempty"`
	Window    reminders.Window    `json:"window"` // from the first instant of the first day to that after the last
	Rules     SpotRules           `json:"rules"`
	State     SpotBlockState      `json:"state"`
	Reason    string              `json:"reason,omitempty"` // why nothing was drawn

	Commitment  string    `json:"commitment"`
	CommittedAt time.Time `json:"committed_at"`

	Chosen []reminders.UnitID `json:"chosen,omitempty"` // drawn, and not written down yet
	Drawn  int                `json:"drawn,omitempty"`  // how many units were chosen

	Secret     SpotSecret         `json:"secret,omitempty"` // once revealed
	RevealedAt time.Time          `json:"revealed_at,omitzero"`
	Told       reminders.PersonID `json:"told,omitempty"` // the last who was told
}

// Next is the instant at which the service must deal with the draw; zero if never
// again.
func (b SpotBlock) Next() time.Time {
	switch b.State {
	case DrawCommitted, DrawRunning:
		return b.Window.From
	case DrawDone, DrawRevealing:
		return b.Window.To
	}
	return time.Time{}
}

// LogValue keeps the secret out of every log.
func (SpotSecret) LogValue() slog.Value { return slog.StringValue(hiddenSecret) }
