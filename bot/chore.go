package bot

import (
	"context"
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
)

// ChoresSetting is the name under which the chores that are not done yet are kept.
const ChoresSetting = "chores"

// Chore is work that somebody asked for in the chat and that does not fit into one
// unit of work (批量任务): the import of a register, the invitations of a unit. It is
// written down in the unit of work in which it was asked for, and crossed out in the
// one that says how it ended. If the process ends in between, it is done again after
// the next start: doing it twice has the effect of once.
type Chore struct {
	Update   int64              `json:"update"` // that asked for it
	At       time.Time          `json:"at"`
	Person   reminders.PersonID `json:"person"`
	Chat     reminders.ChatID   `json:"chat"`
	Language reminders.Language `json:"language"`

	Unit reminders.UnitID `json:"unit,omitempty"` // whose invitations are wanted, or whose roster
	Name string           `json:"name,omitempty"` // of a file to import
	File []byte           `json:"file,omitempty"`
	Sort string           `json:"sort,omitempty"` // of the file

	Make  string `json:"make,omitempty"` // a file to make and send
	Block string `json:"block,omitempty"`
}

// chore writes a chore down and lets it be done once the unit of work is committed.
func (t *Turn) chore(c Chore) error {
	c.Update, c.At = t.update.ID, t.tx.Now()
	c.Person, c.Chat, c.Language = t.person.ID, t.update.Chat, t.lang
	waiting, err := t.left(t.tx)
	if err != nil {
		return err
	}
	t.chores = append(t.chores, c)
	return t.Memory.SaveSetting(t.tx, ChoresSetting, append(waiting, c))
}

// left lists the chores that are not done yet.
func (b *Bot) left(tx reminders.Tx) (waiting []Chore, err error) {
	_, err = b.Memory.Setting(tx, ChoresSetting, &waiting)
	return waiting, err
}

// resume lets what an earlier process has left undone be done.
func (b *Bot) resume(ctx context.Context) {
	var waiting []Chore
	err := b.Units.View(ctx, func(tx reminders.Tx) (err error) {
		waiting, err = b.left(tx)
		return err
	})
	if err != nil && ctx.Err() == nil {
		b.Log.ErrorContext(ctx, "chores cannot be read", "error", err)
	}
	b.live.Go(func() {
		for _, c := range waiting {
			b.Log.WarnContext(ctx, "a chore goes on that an earlier process began", "update", c.Update, "asked", c.At)
			b.do(ctx, c)
		}
	})
}

// do does a chore and says how it ended. When ctx ends first it stays written down.
func (b *Bot) do(ctx context.Context, c Chore) {
	m, files, err := b.work(ctx, c)
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		b.Log.ErrorContext(ctx, "chore failed", "update", c.Update, "error", err)
		if m = reminders.MessageOf(err); m.Key == "" {
			m = reminders.Line("error."+string(reminders.KindOf(err)), nil)
		}
	}
	crashpoint.Pass(crashpoint.Chore)
	if err := b.Units.Do(ctx, func(tx reminders.Tx) error { return b.crossOut(tx, c, m, files) }); err != nil {
		b.Log.ErrorContext(ctx, "chore cannot be crossed out", "update", c.Update, "error", err)
	}
}

// work is the chore itself. An empty message means that nothing is left to say.
func (b *Bot) work(ctx context.Context, c Chore) (reminders.Message, []reminders.File, error) {
	switch {
	case c.Make == makeExport:
		return b.exported(ctx, c)
	case c.Make != "":
		return b.makeFile(ctx, c)
	case c.Sort == sortRoster:
		m, err := b.fileRosters(ctx, c)
		return m, nil, err
	case c.Sort == sortCases:
		m, err := b.takeCases(ctx, c)
		return m, nil, err
	case c.Sort == sortLeave:
		m, err := b.enterLeaves(ctx, c)
		return m, nil, err
	case c.Unit != "":
		m, err := b.inviteUnit(ctx, c)
		return m, nil, err
	}
	return reminders.Line("file.done", reminders.Args{"Name": reminders.Text(c.Name)}), nil, b.takeOver(ctx, c)
}

// crossOut ends a chore with an answer, once.
func (b *Bot) crossOut(tx reminders.Tx, c Chore, m reminders.Message, files []reminders.File) error {
	waiting, err := b.left(tx)
	if err != nil {
		return err
	}
	left := slices.DeleteFunc(slices.Clone(waiting), func(one Chore) bool { return one.Update == c.Update && one.At.Equal(c.At) })
	if len(left) == len(waiting) {
		return nil
	}
	if err := b.Memory.SaveSetting(tx, ChoresSetting, left); err != nil || m.Key == "" {
		return err
	}
	t := &Turn{Bot: b, tx: tx, update: wire.Update{ID: c.Update, Chat: c.Chat, ChatType: wire.PrivateChat}, lang: c.Language, answers: 100}
	t.person.ID = c.Person
	d := t.outgoing(reminders.ActSend)
	d.Lines, d.Files = []reminders.Message{m}, files
	return t.Outbox.Enqueue(tx, d)
}
