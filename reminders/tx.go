package reminders

import (
	"context"
	"time"
)

// Tx is one unit of work: all that is read and written through it becomes one
// atomic commit or nothing. The store implements it; the domain only hands it
// on. A unit of work may be run again on a conflict, so a function that works on
// one has no effect outside it. It is used by one goroutine.
type Tx interface {
	// Now is the instant of the unit of work, in UTC. It is read once: all that
	// happens in one unit of work happens at one instant.
	Now() time.Time
}

// Units opens units of work.
type Units interface {
	// Do runs f in a unit of work and commits it durably. It runs f again if
	// somebody else changed what f had read.
	Do(ctx context.Context, f func(tx Tx) error) error
	// View runs f over one consistent state; writing fails.
	View(ctx context.Context, f func(tx Tx) error) error
}

// Clock is the time of the service: the wall clock, a simulated one that runs
// quickly, or one that a test moves. Network deadlines do not use it.
type Clock interface {
	// Now is the current instant.
	Now() time.Time
	// WaitUntil returns nil as soon as Now is not before t, and the error of
	// ctx if that ends earlier. A clock that steps wakes its waiters.
	WaitUntil(ctx context.Context, t time.Time) error
}
