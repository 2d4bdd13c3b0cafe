package reminders

import "time"

// Window is a half-open span of time: From belongs to it, To does not.
type Window struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Contains reports whether t lies in the window.
func (w Window) Contains(t time.Time) bool { return !t.Before(w.From) && t.Before(w.To) }

// Overlaps reports whether the windows share an instant.
func (w Window) Overlaps(o Window) bool { return w.From.Before(o.To) && o.From.Before(w.To) }

// Length is the duration of the window; negative spans count as empty.
func (w Window) Length() time.Duration { return max(0, w.To.Sub(w.From)) }
