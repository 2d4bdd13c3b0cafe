package main

import (
	"context"
	"regexp"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// act is what one of the cast does at a moment of their own, step by step.
type act struct {
	Person reminders.PersonID `toml:"person"`
	At     time.Time          `toml:"at"`
	Stop   string             `toml:"stop"` // the clock stops at it; what it is called
	// Readers are the roles whom it concerns; staff if none is named.
	Readers []reminders.Role `toml:"readers"`
	Steps   []string         `toml:"steps"`
}

// answerTime is how long, by the wall, somebody waits for the answer to a step.
const answerTime = 10 * time.Second

// perform does steps as somebody does with the phone in the hand: each when the answer
// to the one before is on the screen. Meanwhile the clock goes on in real time, however
// quickly it ran, and until what the steps have brought about is done.
func (c *cast) perform(ctx context.Context, a *actor, steps ...string) {
	defer c.demo.clock.Hold()()
	events, stop := c.demo.server.Subscribe()
	defer stop()
	for _, step := range steps {
		if !c.does(ctx, a, step, events) || !c.heard(ctx, a, events, taps(step)) {
			break
		}
	}
	c.demo.settle(ctx)
}

// taps reports whether a step ends with a tap.
func taps(step string) bool {
	return strings.HasPrefix(step, "[") || strings.HasPrefix(step, "review ")
}

// does takes one step and reports whether it could be taken.
func (c *cast) does(ctx context.Context, a *actor, step string, events <-chan sandbox.Event) bool {
	word, rest, _ := strings.Cut(step, " ")
	switch {
	case strings.HasPrefix(step, "["):
		label := c.label(a, strings.Trim(step, "[]"))
		for a.phone.TapLabel(label) != nil {
			if !c.heard(ctx, a, events, true) {
				return false
			}
		}
	case word == "photo":
		picture, err := c.demo.content.File("library/demo/sample.jpg")
		if err != nil {
			return false
		}
		a.phone.SendPhoto(picture, rest)
	case word == "roster":
		name, file, err := c.demo.sampleRoster(ctx, a.record, rest)
		if err != nil || file == nil {
			return false
		}
		a.phone.SendDocument(name, file, "")
	case word == "review":
		return c.openReview(ctx, a, events, func(unit string) bool { return unit == rest })
	default:
		a.phone.Type(step)
	}
	return true
}

// heard waits until the bot says something in the chat, or changes something where edits
// count: what is typed is answered with a message, a tap often with an edit.
func (c *cast) heard(ctx context.Context, a *actor, events <-chan sandbox.Event, edits bool) bool {
	timeout := time.NewTimer(answerTime)
	defer timeout.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-timeout.C:
			return false
		case event, open := <-events:
			if !open {
				return false
			}
			if event.Chat == a.phone.ID() && (event.Kind == sandbox.EventMessage || edits && event.Kind == sandbox.EventEdited) {
				return true
			}
		}
	}
}

// label is a button's text in the language of a person; what is no key of the catalogue
// is the text itself.
func (c *cast) label(a *actor, key string) string {
	text, err := c.demo.content.Catalogue().Text(string(c.demo.languageOf(a.record.Language)), key, nil)
	if err != nil {
		return key
	}
	return text
}

// waiting is a line of the list of reports that wait for a review.
var waiting = regexp.MustCompile(`(?m)^(\d+)\. (\S+?)[ ：:]`)

// openReview opens the first report that waits for a review, of a unit that is wanted.
func (c *cast) openReview(ctx context.Context, a *actor, events <-chan sandbox.Event, wanted func(unit string) bool) bool {
	a.phone.Type("/report")
	if !c.heard(ctx, a, events, false) {
		return false
	}
	messages := a.phone.Messages()
	for _, line := range waiting.FindAllStringSubmatch(messages[len(messages)-1].Text, -1) {
		if wanted(line[2]) {
			return a.phone.TapLabel(line[1]) == nil
		}
	}
	return false
}

// review accepts everything that waits, but for the unit that is left to the visitor.
func (c *cast) review(ctx context.Context, a *actor) {
	defer c.demo.clock.Hold()()
	events, stop := c.demo.server.Subscribe()
	defer stop()
	others := func(unit string) bool { return unit != c.habits.LeftAlone }
	for c.openReview(ctx, a, events, others) && c.heard(ctx, a, events, true) {
		if a.phone.TapLabel(c.label(a, "button.approve")) != nil || !c.heard(ctx, a, events, true) {
			return
		}
	}
}
