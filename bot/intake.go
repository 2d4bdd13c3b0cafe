package bot

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
)

// look is how many waiting updates one look at the inbox takes in.
const look = 200

// lookAgain is how long the intake rests, on the wall clock, without a wake-up.
const lookAgain = 5 * time.Second

// intake hands waiting updates to workers: in order within a chat, at once
// across chats.
func (b *Bot) intake(ctx context.Context) error {
	places := semaphore.NewWeighted(int64(max(1, b.Workers)))
	for {
		waiting, err := b.waiting(ctx)
		if err != nil && ctx.Err() == nil {
			b.Log.ErrorContext(ctx, "inbox cannot be read", "error", err)
		}
		for _, raw := range waiting {
			if !b.begin(raw.Chat) {
				continue
			}
			if places.Acquire(ctx, 1) != nil {
				b.end(raw.Chat)
				return nil
			}
			b.live.Go(func() {
				defer b.Wake() // the next of this chat may wait already
				defer places.Release(1)
				defer b.end(raw.Chat)
				if !b.handle(ctx, raw) {
					pause(ctx, lookAgain) // it waits still: not at once again
				}
			})
		}
		select {
		case <-ctx.Done():
			return nil
		case <-b.wake:
		case <-time.After(lookAgain):
		}
	}
}

// waiting lists the first update of each chat that waits.
func (b *Bot) waiting(ctx context.Context) (waiting []wire.Raw, err error) {
	err = b.Units.View(ctx, func(tx reminders.Tx) error {
		all, err := b.Intake.Waiting(tx, look)
		seen := map[reminders.ChatID]bool{}
		for _, raw := range all {
			if !seen[raw.Chat] {
				seen[raw.Chat] = true
				waiting = append(waiting, raw)
			}
		}
		return err
	})
	return waiting, err
}

// begin takes a chat for one worker; false if another has it.
func (b *Bot) begin(chat reminders.ChatID) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.busy[chat] {
		return false
	}
	b.busy[chat] = true
	return true
}

// end gives a chat back.
func (b *Bot) end(chat reminders.ChatID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.busy, chat)
}

// pause waits on the wall clock, or less if ctx ends.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// handle brings one update to its end and reports whether it is out of the inbox.
// It goes on when ctx ends meanwhile: what was begun is finished, but for
// downloads and chores.
func (b *Bot) handle(ending context.Context, raw wire.Raw) bool {
	ctx := context.WithoutCancel(ending)
	update, err := wire.Decode(raw.JSON)
	if err != nil {
		return b.setAside(ctx, raw, "undecodable")
	}
	came, err := b.fetch(ending, update)
	if err != nil && ending.Err() != nil {
		return false // it waits for the next start
	}
	if err == nil {
		var chores []Chore
		if chores, err = b.attempt(ctx, raw, update, came); err == nil {
			for _, c := range chores {
				b.do(ending, c)
			}
			return true
		}
	}
	if reminders.KindOf(err) == reminders.Internal {
		b.Log.ErrorContext(ctx, "update failed", "update", raw.ID, "error", err)
	}
	if err := b.apologise(ctx, raw, update, err); err != nil {
		b.Log.ErrorContext(ctx, "update cannot be answered", "update", raw.ID, "error", err)
		return false
	}
	return true
}

// attempt runs the handler in one unit of work and then what it left to do
// outside of it, and gives its chores. A panic is an error of ours.
func (b *Bot) attempt(ctx context.Context, raw wire.Raw, update wire.Update, came attached) ([]Chore, error) {
	var turn *Turn
	err := b.Units.Do(ctx, func(tx reminders.Tx) (err error) {
		turn = nil
		defer func() {
			if cause := recover(); cause != nil {
				b.Log.ErrorContext(ctx, "handler panicked", "update", raw.ID, "stack", string(debug.Stack()))
				err = reminders.Internalf("bot.handle", "panic: %s", fmt.Sprintf("%T", cause))
			}
		}()
		taken, err := b.Intake.Take(tx, raw.ID)
		if err != nil || !taken {
			return err
		}
		crashpoint.Pass(crashpoint.Take)
		turn, err = b.turn(tx, update, came)
		if err == nil {
			err = turn.run()
		}
		crashpoint.Pass(crashpoint.Handle)
		return err
	})
	if err != nil || turn == nil {
		return nil, err
	}
	crashpoint.Pass(crashpoint.Handled)
	for _, after := range turn.after {
		after(ctx)
	}
	return turn.chores, nil
}

// apologise answers an update whose handler failed, with the text of its error,
// and removes it from the inbox. What failed by our fault is kept for the
// operator as well.
func (b *Bot) apologise(ctx context.Context, raw wire.Raw, update wire.Update, cause error) error {
	return b.Units.Do(ctx, func(tx reminders.Tx) error {
		taken, err := b.Intake.Take(tx, raw.ID)
		if err != nil || !taken {
			return err
		}
		if reminders.KindOf(cause) == reminders.Internal {
			if err := b.Intake.Quarantine(tx, b.Guard.Blank(raw.ID, string(raw.JSON)), "handler-failed"); err != nil {
				return err
			}
		}
		turn, err := b.turn(tx, update, attached{})
		if err != nil {
			return err
		}
		return turn.excuse(cause)
	})
}

// setAside puts what cannot be read into quarantine, and reports whether it did.
func (b *Bot) setAside(ctx context.Context, raw wire.Raw, reason string) bool {
	err := b.Units.Do(ctx, func(tx reminders.Tx) error {
		taken, err := b.Intake.Take(tx, raw.ID)
		if err != nil || !taken {
			return err
		}
		return b.Intake.Quarantine(tx, b.Guard.Blank(raw.ID, string(raw.JSON)), reason)
	})
	if err != nil {
		b.Log.ErrorContext(ctx, "update cannot be set aside", "update", raw.ID, "error", err)
	}
	return err == nil
}
