// Package dispatch is the clockwork: what is due is claimed, sent and settled.
//
// It promises that nothing committed is lost at any kill point, that nothing is
// sent twice but for messages in flight at the instant of a crash (they are
// marked), that answers go before duty and duty before broadcasts, and that
// after an outage only the newest step of anything is taken.
//
// It knows no noun. Sources do the work that has become due and put deliveries
// into the outbox; a Sender carries a delivery to the chat service; a Witness is
// told how it ended, in the same unit of work.
//
// Read ports.go, post.go (how a delivery enters the outbox), clockwork.go (the
// sources), feeder.go, claim.go, worker.go, settle.go and original.go (the sending),
// pace.go (the limits) and mute.go (nothing is sent from a restored store until somebody
// has decided).
package dispatch
