package main

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"golang.org/x/sync/errgroup"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// firstChat is the chat of the first invented person; the others follow.
const firstChat = 1001

// cast are the invented people of the demo. Those whom the visitor plays by
// default wait for the visitor; the others answer by themselves, each after a
// while of their own.
type cast struct {
	demo   *demo
	actors []*actor
	byChat map[int64]*actor
	habits habits
}

// actor is one invented person with a phone. Nothing of it changes while the demo runs:
// the page reads it as well.
type actor struct {
	record  people.Record
	phone   *sandbox.Person
	code    string // of the invitation, as long as it is not used
	visitor bool   // acts only through the page
	unbound bool   // waits for the visitor to open the invitation
	blocks  bool
}

// habits say how people of the demo differ from the rest.
type habits struct {
	NeverBinds []string `toml:"never_binds"`
	BlocksBot  []string `toml:"blocks_bot"`

	PassesOver []string           `toml:"passes_over"` // person and day
	OwnWords   []string           `toml:"own_words"`   // person and day
	Reviewer   reminders.PersonID `toml:"reviewer"`
	ReviewedAt string             `toml:"reviewed_at"`
	LeftAlone  string             `toml:"left_alone"` // unit whose reports the visitor reviews
	Acts       []act              `toml:"act"`
}

// newCast enrols the invented office, unless the data directory holds it already.
func newCast(ctx context.Context, d *demo) (*cast, error) {
	if err := d.enrol(ctx); err != nil {
		return nil, err
	}
	var h habits
	file, err := d.content.File("library/demo/habits.toml")
	if err == nil {
		err = toml.Unmarshal(file, &h)
	}
	if err != nil {
		return nil, err
	}
	c := &cast{demo: d, byChat: map[int64]*actor{}, habits: h}
	err = d.store.View(ctx, func(tx reminders.Tx) error {
		for record, err := range d.people.All(tx) {
			if err != nil {
				return err
			}
			c.add(record, h)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	c.castVisitors()
	return c, c.invite(ctx)
}

// enrol imports the people and units of the demo.
func (d *demo) enrol(ctx context.Context) error {
	units, err := d.content.File("library/demo/units.csv")
	if err != nil {
		return err
	}
	unitList, wrong, err := d.people.ReadUnits("units.csv", units)
	if err != nil || len(wrong) > 0 {
		return fmt.Errorf("units of the demo: %d wrong rows: %w", len(wrong), err)
	}
	if _, err := d.people.ApplyUnits(ctx, d.store, unitList, "system", nil); err != nil {
		return err
	}
	file, err := d.content.File("library/demo/people.csv")
	if err != nil {
		return err
	}
	list, wrong, err := d.people.ReadPeople("people.csv", file)
	if err != nil || len(wrong) > 0 {
		return fmt.Errorf("people of the demo: %d wrong rows: %w", len(wrong), err)
	}
	if _, err = d.people.Apply(ctx, d.store, list, "system", nil); err != nil {
		return err
	}
	if err := d.enterLeaves(ctx); err != nil {
		return err
	}
	return d.readSampleRosters(ctx)
}

// add gives a person a phone.
func (c *cast) add(record people.Record, h habits) {
	language := "zh-hans"
	if record.Language == reminders.English {
		language = "en"
	}
	chat := int64(firstChat + len(c.actors))
	a := &actor{
		record: record, phone: c.demo.server.Person(chat, record.Name, language),
		unbound: slices.Contains(h.NeverBinds, string(record.ID)), blocks: slices.Contains(h.BlocksBot, string(record.ID)),
	}
	a.visitor = a.unbound
	c.actors = append(c.actors, a)
	c.byChat[chat] = a
}

// castVisitors leaves one official, one liaison and one of the staff to the
// visitor: those whose phones the page shows first.
func (c *cast) castVisitors() {
	taken := map[reminders.Role]bool{}
	for _, a := range c.actors {
		if role := a.part(); (role == reminders.Official || role == reminders.Liaison || role == reminders.Staff) && !taken[role] && !a.visitor {
			taken[role], a.visitor = true, true
			continue
		}
	}
}

// part is the role that a person plays on the page.
func (a *actor) part() reminders.Role {
	if len(a.record.Roles) == 0 {
		return reminders.Official
	}
	return a.record.Roles[0]
}

// play lets everyone but the visitor's people act until ctx ends.
func (c *cast) play(ctx context.Context) error {
	events, stop := c.demo.server.Subscribe()
	defer stop()
	c.bindAll()
	group, ctx := errgroup.WithContext(ctx)
	do := func(act func()) { group.Go(func() error { act(); return nil }) }
	c.keepTime(ctx, do)
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case event, open := <-events:
			if !open {
				return group.Wait()
			}
			if a := c.byChat[event.Chat]; a != nil && event.Kind == sandbox.EventMessage && !a.visitor {
				do(func() { a.answer(ctx, c.demo.clock, *event.Message) })
				c.react(ctx, a, *event.Message, do)
			}
		}
	}
	return group.Wait()
}

// invite makes an invitation for everyone who is not bound. Who never binds keeps the
// code for the visitor.
func (c *cast) invite(ctx context.Context) error {
	for _, a := range c.actors {
		if a.record.Bound() {
			continue
		}
		err := c.demo.store.Do(ctx, func(tx reminders.Tx) (err error) {
			a.code, err = c.demo.people.Invite(tx, a.record.ID, 60*24*time.Hour, "system")
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// bindAll lets everyone who has an invitation open it.
func (c *cast) bindAll() {
	for _, a := range c.actors {
		if a.code != "" && !a.unbound {
			a.phone.Start(a.code)
		}
		if a.blocks {
			a.phone.Block()
		}
	}
}

// answer taps the button that acknowledges, after a while that is the person's
// own; some never do.
func (a *actor) answer(ctx context.Context, clock *showClock, m sandbox.Message) {
	for _, row := range m.Buttons {
		for _, button := range row {
			if !strings.HasPrefix(button.Data, "ack:") || strings.HasPrefix(button.Data, "ack:preview:") {
				continue
			}
			wait, answers := a.habit(m.Text)
			if !answers || clock.WaitUntil(ctx, clock.Now().Add(wait)) != nil {
				return
			}
			_, _ = a.phone.Tap(m.ID, button.Data) // a button that is gone needs no tap
			return
		}
	}
}

// habit derives from person and text how long the person takes and whether they
// answer at all: three in five within hours, one in five only when chased.
func (a *actor) habit(text string) (wait time.Duration, answers bool) {
	h := fnv.New32a()
	_, _ = h.Write([]byte(string(a.record.ID) + text[:min(len(text), 40)]))
	draw := h.Sum32()
	return time.Duration(5+draw%240) * time.Minute, draw%5 < 3
}
