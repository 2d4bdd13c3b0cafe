// Package store keeps the records of the domain as typed values on a small
// key-value engine, and turns what the nouns do into atomic units of work.
//
// Read engine.go first: it is the contract that an engine keeps. Then key.go and
// codec.go (how records are named and written), unit.go, overlay.go and number.go
// (one unit of work), store.go (opening, doing, viewing), job.go, batch.go and
// sequencer.go (how many units of work become one commit), chain.go (the ledger),
// schema.go (versions and migrations), check.go and check_typed.go (whether all of
// it is sound). typed.go has what the records of the nouns share; they are in the files
// named for them, each opening with its keys: people.go, group.go, obligation.go,
// notice.go, copies.go, publication.go, fate.go, gate.go, casebook.go, theme.go, renewal.go,
// duty.go, duty_swap.go, duty_spot.go, report.go, outbox.go, receipt.go, intake.go,
// settings.go, feedback.go and file.go (which files they name). Last, what operating
// needs: backup.go and restored.go (a copy, and going on from one), purge.go and
// purge_duty.go (what has had its time) and count.go (how much waits).
//
// # Units of work
//
// Do runs a function over one consistent state of the engine and hands what it
// read and wrote to the sequencer, a single goroutine. The sequencer takes the
// waiting units in order, makes sure that nothing they read has changed since,
// gives their ledger entries the next places in the chain, packs as many units
// as fit into one Apply of the engine and wakes those who wait. While one commit
// is written the next batch gathers, so that 64 chats at once cost hardly more
// than one, and a lone writer never waits for company.
//
// A unit whose reads have changed is run again. When that has happened twice, the
// sequencer lets it run for the last time over the batch as it stands and waits
// meanwhile, so that it cannot lose once more: no unit of work starves, and there is
// no limit of attempts to run into.
//
// The store is the only writer of its engine. Engines refuse a second process.
package store
