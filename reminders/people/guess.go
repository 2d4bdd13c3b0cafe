package people

import "time"

// A chat that sent maxWrong wrong codes within guessSpan must wait until the
// oldest of them is that long ago.
const (
	maxWrong  = 5
	guessSpan = time.Hour
)

// Guesses are the wrong codes that came from one chat: their instants, oldest
// first, never more than maxWrong.
type Guesses struct {
	Wrong []time.Time `json:"wrong,omitempty"`
}

// WaitUntil gives the instant until which the chat must wait; zero if it need not.
func (g Guesses) WaitUntil(now time.Time) time.Time {
	if len(g.Wrong) < maxWrong {
		return time.Time{}
	}
	until := g.Wrong[len(g.Wrong)-maxWrong].Add(guessSpan)
	if !now.Before(until) {
		return time.Time{}
	}
	return until
}

// Add gives the guesses with one more, and without those that count no longer.
func (g Guesses) Add(now time.Time) Guesses {
	var kept []time.Time
	for _, at := range g.Wrong {
		if now.Sub(at) < guessSpan {
			kept = append(kept, at)
		}
	}
	kept = append(kept, now)
	return Guesses{Wrong: kept[max(0, len(kept)-maxWrong):]}
}
