// Package crashpoint names the instants at which the process can be killed for a
// test (崩溃点): the steps between an intent and its effect, where a crash would hurt
// if it could. The points are compiled into the real binary and do nothing there
// until cmd arms them, which it does only against a chat service on this machine.
//
// A point stands where the kill is worst, not where it is easy: before a commit,
// after it, and between the commit and whoever is told.
package crashpoint

import "fmt"

// Point is one instant in the life of a process.
type Point int

// The points. Those in pairs are before and after.
const (
	Receive   Point = iota // updates have come, nothing of them is written
	Received               // they are in the inbox, the chat service does not know it yet
	Take                   // an update left the inbox, in a unit of work with nothing else in it yet
	Handle                 // its effect is in the unit of work, which is not committed
	Handled                // it is committed, nobody was told
	Publish                // a notice has gone out to some of its readers
	Step                   // a step of a ladder was taken for some of its owners
	Claim                  // deliveries were picked, nothing of it is written
	Claimed                // they are in flight, none was sent
	Send                   // one of them is about to be sent
	Sent                   // the chat service has it, nothing here says so
	Settle                 // its end is in the unit of work, which is not committed
	Settled                // its end is committed
	Recover                // what an earlier crash left in flight is being taken back
	Recovered              // it was taken back
	Apply                  // the sequencer hands a batch to the engine
	Applied                // the engine has it, nobody who waits for it knows

	Decide   // an approved correction is in the unit of work, which is not committed
	Carry    // a piece of what a publication wants done is in the unit of work, which is not committed
	Lines    // of a correction: some lines of the book ask anew
	Waiting  // of a correction: some copies that wait ask anew
	Copies   // of a correction: some delivered copies are to show it
	Halt     // of a recall: no copy waits any more
	Withdraw // of a recall: some of what was expected is withdrawn
	Chases   // of a recall: some of what waits to remind of it is taken back
	Remove   // of a recall: some delivered copies are to be removed
	End      // of a recall: it has ended
	Edit     // an edit or a deletion is about to be sent
	Edited   // the chat service has it, nothing here says so

	Import  // some of a register was taken over
	Chore   // work that was asked for in the chat is done, and still written down as not done
	Adopt   // an arrangement and what moves with it are in the unit of work, which is not committed
	Adopted // it is committed, the process does not use it yet

	Copied   // a copy of the backup lies beside the store, unchecked
	Marked   // the copy says that it was restored, the store is the old one
	Kept     // the old store has a second name
	Replaced // the copy has the name of the store, which may not be on the disk yet
	Skip     // some of what was due since the backup was skipped
	Lift     // the end of the silence is in the unit of work, which is not committed

	count
)

var names = [count]string{
	Receive: "receive", Received: "received", Take: "take", Handle: "handle", Handled: "handled",
	Publish: "publish", Step: "step", Claim: "claim", Claimed: "claimed", Send: "send", Sent: "sent",
	Settle: "settle", Settled: "settled", Recover: "recover", Recovered: "recovered", Apply: "apply", Applied: "applied",
	Decide: "decide", Carry: "carry", Lines: "lines", Waiting: "waiting", Copies: "copies",
	Halt: "halt", Withdraw: "withdraw", Chases: "chases", Remove: "remove", End: "end", Edit: "edit", Edited: "edited",
	Import: "import", Chore: "chore", Adopt: "adopt", Adopted: "adopted",
	Copied: "copied", Marked: "marked", Kept: "kept", Replaced: "replaced", Skip: "skip", Lift: "lift",
}

// String is the name of the point, one word in lower case.
func (p Point) String() string {
	if p < 0 || p >= count {
		return fmt.Sprintf("crashpoint(%d)", int(p))
	}
	return names[p]
}

// All gives every point.
func All() []Point {
	all := make([]Point, count)
	for n := range all {
		all[n] = Point(n)
	}
	return all
}

// Named gives the point with a name.
func Named(name string) (Point, bool) {
	for _, p := range All() {
		if p.String() == name {
			return p, true
		}
	}
	return 0, false
}

// armed is told of each pass; nil, as everywhere but in a test of crashes, tells
// nobody.
var armed func(Point)

// Arm lets f be called at every pass of a point, by whichever goroutine passes. It
// is called once, before anything that passes has started.
func Arm(f func(Point)) { armed = f }

// Pass says that the process is at a point now.
func Pass(p Point) {
	if armed != nil {
		armed(p)
	}
}
