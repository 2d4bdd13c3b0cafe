package main

import (
	"context"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
)

// reactions are what people of the cast do about a button of duty, by its verb: after
// some minutes of their own, the same in every run.
var reactions = []struct {
	verb  string
	about string // part of the object, where a verb does several things
	most  time.Duration
	react func(c *cast, ctx context.Context, a *actor, m sandbox.Message, data string)
}{
	{"takeover", "", 24 * time.Minute, (*cast).takesOver},
	{"nil", "", 22 * time.Minute, (*cast).tapsNil},
	{"present", "", 12 * time.Minute, (*cast).taps},
	{"swap", ".accept", 90 * time.Minute, (*cast).taps},
}

// react lets a person do what a message about duty asks for.
func (c *cast) react(ctx context.Context, a *actor, m sandbox.Message, do func(func())) {
	for _, b := range slices.Concat(m.Buttons...) {
		for _, r := range reactions {
			if strings.HasPrefix(b.Data, r.verb+":") && strings.Contains(b.Data, r.about) {
				do(func() {
					if c.pause(ctx, a, r.verb, r.most) {
						r.react(c, ctx, a, m, b.Data)
					}
				})
			}
		}
		if b.Text == c.label(a, "reportchat.button.close") && b.Data != "" {
			do(func() {
				if c.pause(ctx, a, "close", 5*time.Hour) {
					c.perform(ctx, a, "["+b.Text+"]", "[reportchat.button.submit]")
				}
			})
		}
	}
}

// pause waits for as long as a person takes, up to most, and reports whether the demo
// goes on. It ends at a full minute, at which the clock lands.
func (c *cast) pause(ctx context.Context, a *actor, what string, most time.Duration) bool {
	now := c.demo.clock.Now()
	h := fnv.New32a()
	_, _ = h.Write([]byte(string(a.record.ID) + what + now.Format(time.DateOnly)))
	wait := time.Duration(1+h.Sum32()%uint32(most/time.Minute)) * time.Minute
	return c.demo.clock.WaitUntil(ctx, now.Truncate(time.Minute).Add(wait)) == nil
}

// today names a person and the day, as the habits do.
func (c *cast) today(a *actor) string {
	now := c.demo.clock.Now().In(c.demo.years.Calendar().Location())
	return string(a.record.ID) + " " + now.Format(time.DateOnly)
}

// taps taps the button.
func (c *cast) taps(_ context.Context, a *actor, m sandbox.Message, data string) {
	_, _ = a.phone.Tap(m.ID, data) // a button that is gone needs no tap
}

// tapsNil reports that there is nothing, on days that have no story of their own.
func (c *cast) tapsNil(ctx context.Context, a *actor, m sandbox.Message, data string) {
	if !slices.Contains(c.habits.OwnWords, c.today(a)) {
		c.taps(ctx, a, m, data)
	}
}

// takesOver takes the shift over, and hands it over before it ends. Nobody stands in for
// the people whom the visitor plays.
func (c *cast) takesOver(ctx context.Context, a *actor, m sandbox.Message, data string) {
	shift, found := c.shiftNow(ctx, a)
	if !found || slices.Contains(c.habits.PassesOver, c.today(a)) || c.byID(shift.Officer).visitor {
		return
	}
	c.taps(ctx, a, m, data)
	if c.demo.clock.WaitUntil(ctx, shift.End.Add(-12*time.Minute)) == nil {
		c.perform(ctx, a, "/handover", "[button.plain_handover]")
	}
}

// shiftNow is the shift on which a person has a place now.
func (c *cast) shiftNow(ctx context.Context, a *actor) (duty.Shift, bool) {
	now := c.demo.clock.Now()
	var shifts []duty.Shift
	err := c.demo.store.View(ctx, func(tx reminders.Tx) (err error) {
		shifts, err = c.demo.duty.ShiftsOf(tx, a.record.ID, reminders.Window{From: now, To: now.Add(time.Minute)})
		return err
	})
	if err != nil || len(shifts) == 0 {
		return duty.Shift{}, false
	}
	return shifts[0], true
}

// keepTime lets everyone do what they do at a moment of their own. What is over when the
// demo starts is left out.
func (c *cast) keepTime(ctx context.Context, do func(func())) {
	at := func(when time.Time, id reminders.PersonID, then func(a *actor)) {
		a := c.byID(id)
		if a == nil || when.Before(c.demo.clock.Now()) {
			return
		}
		do(func() {
			if c.demo.clock.WaitUntil(ctx, when) == nil {
				then(a)
			}
		})
	}
	for _, act := range c.habits.Acts {
		at(act.At, act.Person, func(a *actor) { c.perform(ctx, a, act.Steps...) })
	}
	for _, evening := range c.evenings() {
		at(evening, c.habits.Reviewer, func(a *actor) { c.review(ctx, a) })
	}
}

// evenings are the moments at which the reports of a day are looked through.
func (c *cast) evenings() []time.Time {
	var moments []time.Time
	for _, row := range c.demo.sampleShifts {
		at, err := time.ParseInLocation("2006-01-02 15:04", row.date+" "+c.habits.ReviewedAt, c.demo.years.Calendar().Location())
		if err == nil && !slices.ContainsFunc(moments, at.Equal) {
			moments = append(moments, at)
		}
	}
	return moments
}

// byID finds one of the cast.
func (c *cast) byID(id reminders.PersonID) *actor {
	for _, a := range c.actors {
		if a.record.ID == id {
			return a
		}
	}
	return nil
}
