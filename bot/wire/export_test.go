package wire

// SplitAt is Split with another limit, so that short texts have many cuts.
var SplitAt = split

// Receive makes the inbox row of one update.
var Receive = receive
