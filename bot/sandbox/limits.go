package sandbox

import (
	"strconv"
	"time"
)

// Limits are how many messages a bot may send; zero means without limit. Only new
// messages count, as the service documents it, each item of an album as one.
// Each limit is also the largest burst.
type Limits struct {
	PerSecond         int // of the whole bot
	PaidPerSecond     int // of the whole bot, for messages with allow_paid_broadcast
	PerChatPerSecond  int // to one chat
	PerGroupPerMinute int // to one group
}

// DocumentedLimits gives the limits of the service's FAQ: 30 a second, 1 a second
// to a chat, 20 a minute to a group; and of allow_paid_broadcast: 1000 a second.
func DocumentedLimits() Limits {
	return Limits{PerSecond: 30, PaidPerSecond: 1000, PerChatPerSecond: 1, PerGroupPerMinute: 20}
}

// slack forgives a sender who keeps the pace exactly what its timer and the
// network shift, though never a whole message.
const slack = 50 * time.Millisecond

// limiter holds one token bucket for the bot, one for each chat and one for each
// group. A bucket is kept as the instant at which it will be full again, which
// says the same as a count and a date.
type limiter struct {
	limits Limits
	full   map[string]time.Time
}

func newLimiter(l Limits) limiter { return limiter{limits: l, full: map[string]time.Time{}} }

// bucket is one limit on one thing.
type bucket struct {
	key   string
	size  int
	every time.Duration // time in which the whole bucket fills
}

func (l *limiter) buckets(c *chat, paid bool) []bucket {
	id := strconv.FormatInt(c.id, 10)
	whole := bucket{"bot", l.limits.PerSecond, time.Second}
	if paid {
		whole = bucket{"paid", l.limits.PaidPerSecond, time.Second}
	}
	all := []bucket{
		whole,
		{"chat " + id, l.limits.PerChatPerSecond, time.Second},
	}
	if c.kind != private {
		all = append(all, bucket{"group " + id, l.limits.PerGroupPerMinute, time.Minute})
	}
	return all
}

// take spends count messages to a chat, paid ones or others, or none and says after
// how many whole seconds the bot should try again.
func (l *limiter) take(now time.Time, c *chat, count int, paid bool) (retryAfter int) {
	var waiting time.Duration
	for _, b := range l.buckets(c, paid) {
		waiting = max(waiting, l.missing(now, b, count))
	}
	if waiting > 0 {
		return int((waiting + time.Second - 1) / time.Second)
	}
	for _, b := range l.buckets(c, paid) {
		if b.size > 0 {
			l.full[b.key] = later(l.full[b.key], now).Add(time.Duration(count) * b.every / time.Duration(b.size))
		}
	}
	l.forget(now)
	return 0
}

// missing is how long it takes until the bucket holds count messages. An album
// larger than the bucket needs a full one.
func (l *limiter) missing(now time.Time, b bucket, count int) time.Duration {
	if b.size == 0 {
		return 0
	}
	one := b.every / time.Duration(b.size)
	room := time.Duration(b.size-min(count, b.size)) * one
	return max(0, later(l.full[b.key], now).Sub(now)-room-min(slack, one/2))
}

// forget drops buckets that are full once there are many.
func (l *limiter) forget(now time.Time) {
	if len(l.full) < 10_000 {
		return
	}
	for key, at := range l.full {
		if !at.After(now) {
			delete(l.full, key)
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
