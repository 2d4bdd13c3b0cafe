package main

import (
	"context"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
)

// intake joins the wire and the bot to the durable inbox of the store.
type intake struct {
	store *store.Store
	wake  func() // called when something new waits
}

// Accept writes updates down and wakes the bot.
func (i *intake) Accept(ctx context.Context, updates []wire.Raw, next int64) error {
	rows := make([]store.Update, len(updates))
	for n, update := range updates {
		rows[n] = store.Update{ID: update.ID, Chat: update.Chat, JSON: update.JSON}
	}
	if len(rows) == 0 {
		return i.store.Accept(ctx, rows, next)
	}
	crashpoint.Pass(crashpoint.Receive)
	if err := i.store.Accept(ctx, rows, next); err != nil {
		return err
	}
	i.wake()
	crashpoint.Pass(crashpoint.Received)
	return nil
}

// Offset is where the next poll begins.
func (i *intake) Offset(ctx context.Context) (int64, error) { return i.store.Offset(ctx) }

// Waiting lists updates that wait to be handled.
func (i *intake) Waiting(tx reminders.Tx, limit int) ([]wire.Raw, error) {
	rows, err := i.store.Inbox(tx, limit)
	if err != nil {
		return nil, err
	}
	waiting := make([]wire.Raw, len(rows))
	for n, row := range rows {
		waiting[n] = wire.Raw{ID: row.ID, Chat: row.Chat, JSON: row.JSON}
	}
	return waiting, nil
}

// Take removes an update from the inbox.
func (i *intake) Take(tx reminders.Tx, id int64) (bool, error) { return i.store.Take(tx, id) }

// Quarantine keeps what could not be handled.
func (i *intake) Quarantine(tx reminders.Tx, raw, reason string) error {
	return i.store.Quarantine(tx, raw, reason)
}

// aside keeps what came in place of an update.
type aside struct{ store *store.Store }

// Quarantine keeps it in a unit of work of its own.
func (a aside) Quarantine(ctx context.Context, raw []byte, reason string) error {
	return a.store.Do(ctx, func(tx reminders.Tx) error { return a.store.Quarantine(tx, string(raw), reason) })
}
