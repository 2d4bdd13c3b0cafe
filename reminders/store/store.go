package store

import (
	"context"
	"errors"
	"log/slog"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Store keeps the records of the service on an engine, of which it is the only
// writer. Its methods may be called by many goroutines at once.
type Store struct {
	engine Engine
	clock  reminders.Clock
	log    *slog.Logger
	commit *sequencer
}

var _ reminders.Units = (*Store)(nil)

// Open reads which form the records have, brings older ones to the present form
// and starts the sequencer. Records of a newer form are refused with an error
// that names the remedy, and nothing is touched. The engine stays the caller's,
// to be closed after the store.
func Open(ctx context.Context, engine Engine, clock reminders.Clock, log *slog.Logger) (*Store, error) {
	if err := migrate(ctx, engine, migrations, log); err != nil {
		return nil, err
	}
	end, err := loadHead(ctx, engine)
	if err != nil {
		return nil, reminders.Wrap("store.open", err)
	}
	s := &Store{engine: engine, clock: clock, log: log, commit: newSequencer(engine, end)}
	go s.commit.run()
	return s, nil
}

// Close lets the units of work that wait be committed and stops the sequencer.
// Units that come later get a Closed error.
func (s *Store) Close() error {
	s.commit.close()
	return nil
}

// Committed gets a signal after each commit that changed something. Signals are
// merged: one may stand for many commits, and none is lost that came after the
// last one taken. It is meant for one receiver, the dispatcher.
func (s *Store) Committed() <-chan struct{} { return s.commit.changed }

// MaxUnit is how many records one unit of work may write, entries of the ledger
// included: larger work is done in several units.
func (s *Store) MaxUnit() int { return s.engine.MaxChanges() - 1 }

// patience is how often a unit runs without holding up others. The next run,
// should it be needed, is during a turn of its own.
const patience = 2

// Do runs f in a unit of work and commits it durably: when Do returns nil,
// everything that f wrote is there, and stays. f runs again when something it
// read has changed, so it has no effect outside its unit of work; and it may run
// while the commit of others is held up, so it waits for nothing and opens no
// other unit of work.
//
// When ctx ends while the unit waits, Do returns the error of ctx and nothing
// was committed; once the commit has begun, Do waits for its outcome. An error
// of the engine, such as a full disk, means that the unit is not known to be
// committed; doing it again is right.
func (s *Store) Do(ctx context.Context, f func(tx reminders.Tx) error) error {
	for run := 1; ; run++ {
		u, err := s.try(ctx, f, false)
		if err != nil || u.size() == 0 {
			return err
		}
		if err := s.settle(ctx, f, newJob(u, run > patience)); !errors.Is(err, errStale) {
			return err
		}
	}
}

// View runs f over one consistent state. A write in f fails the view.
func (s *Store) View(ctx context.Context, f func(tx reminders.Tx) error) error {
	_, err := s.try(ctx, f, true)
	return err
}

// settle brings j through the sequencer and returns its outcome.
func (s *Store) settle(ctx context.Context, f func(tx reminders.Tx) error, j *job) error {
	if err := s.commit.submit(j); err != nil {
		return err
	}
	ended := ctx.Done()
	for {
		select {
		case err := <-j.done:
			return err
		case state := <-j.turn:
			s.again(ctx, f, j, state)
		case <-ended:
			if j.withdraw() {
				return context.Cause(ctx)
			}
			ended = nil // too late: the outcome is on its way
		}
	}
}

// try runs f over a snapshot, which it opens at the first read and closes again.
func (s *Store) try(ctx context.Context, f func(tx reminders.Tx) error, viewing bool) (u *Unit, err error) {
	if err := ctx.Err(); err != nil {
		return nil, context.Cause(ctx)
	}
	var state Snapshot
	u = s.unit(ctx, func(ctx context.Context) (Reader, error) {
		u.asOf = s.commit.applied.Load() // before the state is fixed, which so is no older
		var err error
		state, err = s.engine.Snapshot(ctx)
		return state, err
	})
	u.viewing = viewing
	defer func() {
		if state != nil {
			_ = state.Close()
		}
	}()
	return u, u.run(f)
}

// again runs f over the state that the sequencer holds still for it, and gives
// the turn back also when f panics.
func (s *Store) again(ctx context.Context, f func(tx reminders.Tx) error, j *job, state Reader) {
	u := s.unit(ctx, func(context.Context) (Reader, error) { return state, nil })
	j.unit = s.unit(ctx, nil) // empty: what a failed run leaves behind
	defer func() { j.back <- struct{}{} }()
	if j.err = u.run(f); j.err == nil {
		j.unit = u
	}
}

// unit makes a unit of work of this instant.
func (s *Store) unit(ctx context.Context, open func(context.Context) (Reader, error)) *Unit {
	return &Unit{ctx: ctx, now: s.clock.Now().UTC(), open: open}
}
