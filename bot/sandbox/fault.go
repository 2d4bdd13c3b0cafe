package sandbox

import "time"

// Fault is a failure that the next matching calls meet (故障). A fault that has
// neither Status nor Drop nor Body only delays.
type Fault struct {
	Method      string        // empty: any
	Chat        int64         // zero: any
	Times       int           // how many calls; zero: one
	Delay       time.Duration // real time before anything else happens
	Drop        Drop          // cut the connection
	Status      int           // answer this instead of handling the call
	Description string        // with Status; empty: the usual text of the status
	RetryAfter  int           // seconds, with Status 429
	Body        string        // with Status: sent as it stands, such as the HTML page of a proxy
}

// Drop says when the connection is cut.
type Drop string

// The moments of a cut.
const (
	DropRefused Drop = "refused" // no connection is made: nothing was sent (over HTTP like DropBefore)
	DropBefore  Drop = "before"  // the request was written, the call is not handled
	DropAfter   Drop = "after"   // the call is handled, its answer is lost
)
