package main

import (
	"context"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
	"github.com/qingfeng-bot/qingfeng/reminders/dispatch"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
)

// mute keeps the clockwork back over a store that was restored, until an admin has
// decided in the chat.
func (s *service) mute() (*dispatch.Mute, error) {
	quiet := dispatch.Discard{Store: s.store.Outbox(), Witness: s.bot}
	options := s.duty.Options
	options.Outbox = quiet
	unheard := duty.NewDesk(options)
	swaps := duty.NewSwapDesk(unheard, s.store.Swaps())
	spots, err := duty.NewSpotDesk(unheard, s.spots.SpotOptions)
	if err != nil {
		return nil, err
	}
	return &dispatch.Mute{
		Hold: s.held,
		Lets: s.answersAdmin,
		PassOver: []func(ctx context.Context, now time.Time) (bool, error){
			func(ctx context.Context, now time.Time) (bool, error) { return s.passOver(ctx, now, quiet) },
			func(ctx context.Context, now time.Time) (bool, error) { return s.duty.PassOver(ctx, now, quiet) },
			settles(swaps), settles(s.reports), settles(spots), // reports say nothing by themselves
			func(ctx context.Context, now time.Time) (bool, error) {
				return s.book.PassOver(ctx, now, notice.WhyRestored)
			},
		},
		Lift: func(tx reminders.Tx) error {
			err := s.bot.LiftRestored(tx)
			crashpoint.Pass(crashpoint.Lift)
			return err
		},
	}, nil
}

// held says whether everything is kept back, or skipped, and from when on.
func (f *office) held(tx reminders.Tx) (dispatch.Hold, time.Time, error) {
	r, err := f.restored(tx)
	switch {
	case err != nil || !r.Muted():
		return dispatch.Free, time.Time{}, err
	case r.Choice == bot.SkipDue:
		return dispatch.Skipping, r.Since, nil
	}
	return dispatch.Muted, r.Since, nil
}

// passOver passes over the notices that were due since the backup.
func (s *service) passOver(ctx context.Context, now time.Time, quiet dispatch.Discard) (bool, error) {
	var r bot.Restored
	err := s.store.View(ctx, func(tx reminders.Tx) (err error) {
		r, err = s.restored(tx)
		return err
	})
	if err != nil {
		return false, err
	}
	return s.notices.PassOver(ctx, r.Backup, now, quiet)
}

// settles has a source do what is due, and forgets when it wants to be asked again.
func settles(source dispatch.Source) func(ctx context.Context, now time.Time) (bool, error) {
	return func(ctx context.Context, now time.Time) (bool, error) {
		_, more, err := source.Advance(ctx, now)
		return more, err
	}
}

// leftover reports whether a delivery came with a backup of which nobody has decided
// yet what becomes of it: it may be skipped, so nothing new joins it.
func (f *office) leftover(tx reminders.Tx, d reminders.Delivery) (bool, error) {
	r, err := f.restored(tx)
	return r.Muted() && d.CreatedAt.Before(r.Since), err
}

// restored reads the record of the last restore.
func (f *office) restored(tx reminders.Tx) (r bot.Restored, err error) {
	_, err = f.store.Setting(tx, bot.RestoredSetting, &r)
	return r, err
}

// answersAdmin reports whether a delivery is an answer to an admin.
func (s *service) answersAdmin(tx reminders.Tx, d reminders.Delivery) (bool, error) {
	if d.Lane != reminders.LaneAnswer {
		return false, nil
	}
	id := d.Person
	if id == "" {
		at, found, err := s.store.People().PersonAt(tx, d.Chat)
		if err != nil || !found {
			return false, err
		}
		id = at
	}
	record, found, err := s.people.Person(tx, id)
	return found && record.Active() && record.Roles.Has(reminders.Admin), err
}

// stock is what the bot asks about a store that came from a backup.
type stock struct {
	*store.Store
	*store.OutboxRecords
}
