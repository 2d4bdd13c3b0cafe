package dispatch

import (
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// The limits that the chat service documents, each with a little room, for its clock
// is not ours: about one message a second in one chat, and 20 a minute in a group.
const (
	chatGap     = 1050 * time.Millisecond
	groupMost   = 20
	groupPeriod = 61 * time.Second
)

// lateness is what a timer may be late by: a message that goes so soon after its place
// in the stream has come free counts from there, so that the rate is reached and not
// only kept.
const lateness = 20 * time.Millisecond

// pace keeps the limits of the chat service. All its instants are of the wall
// clock. It is safe for concurrent use.
type pace struct {
	mu      sync.Mutex
	limiter *rate.Limiter
	paused  time.Time
	free    time.Time              // when a place in the stream comes free, as last announced
	chats   map[string]time.Time   // when each was last sent a message
	groups  map[string][]time.Time // the last messages to each, groupMost at most
	swept   time.Time              // when chats and groups were last tidied
}

// newPace allows perSecond messages a second, without limit if that is zero.
func newPace(perSecond float64) *pace {
	limit := rate.Inf
	if perSecond > 0 {
		limit = rate.Limit(perSecond)
	}
	return &pace{limiter: rate.NewLimiter(limit, 1), chats: map[string]time.Time{}, groups: map[string][]time.Time{}}
}

// pauseUntil obeys a wish of the service for the whole bot.
func (p *pace) pauseUntil(at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if at.After(p.paused) {
		p.paused = at
	}
}

// ready reports from when on anything may be sent at all; zero means now.
func (p *pace) ready(now time.Time) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.Before(p.paused) {
		return p.paused
	}
	if p.limiter.Limit() == rate.Inf {
		return time.Time{}
	}
	reservation := p.limiter.ReserveN(now, 1)
	defer reservation.CancelAt(now)
	if wait := reservation.DelayFrom(now); wait > 0 {
		p.free = now.Add(wait)
		return p.free
	}
	return time.Time{}
}

// since is the instant from which a message that goes now counts.
func (p *pace) since(now time.Time) time.Time {
	if late := now.Sub(p.free); late > 0 && late <= lateness {
		return p.free
	}
	return now
}

// admit takes a place in the stream for each message that q makes now. If none is free
// it gives the wall instant at which to ask again. An album goes when there is room for
// its first message; what follows waits until the others have been made up for.
func (p *pace) admit(q reminders.Queued, now time.Time) (ok bool, again time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	spaced, chat := actOf(q) == reminders.ActSend, chatOf(q)
	if last, found := p.chats[chat]; spaced && found && now.Sub(last) < chatGap {
		return false, last.Add(chatGap)
	}
	if free := p.groupFree(q); now.Before(free) {
		return false, free
	}
	at := p.since(now)
	reservation := p.limiter.ReserveN(at, 1)
	if wait := reservation.DelayFrom(at); wait > 0 {
		reservation.CancelAt(at)
		p.free = at.Add(wait)
		return false, p.free
	}
	count := countOf(q)
	for range count - 1 {
		p.limiter.ReserveN(at, 1)
	}
	if spaced {
		p.chats[chat] = now.Add(time.Duration(count-1) * chatGap)
	}
	if inGroup(q) {
		for range count {
			p.groups[chat] = append(p.groups[chat][max(0, len(p.groups[chat])-groupMost+1):], now)
		}
	}
	return true, time.Time{}
}

// inGroup reports whether q counts towards the limit of a group: whatever it does
// to messages there does. The service gives groups numbers below zero.
func inGroup(q reminders.Queued) bool {
	return (q.Chat < 0 || q.Group != "") && actOf(q) != reminders.ActAnswer
}

// groupFree is when the group of q takes what q makes now; zero for other chats.
func (p *pace) groupFree(q reminders.Queued) time.Time {
	last := p.groups[chatOf(q)]
	if over := len(last) + countOf(q) - groupMost; inGroup(q) && over > 0 {
		return last[over-1].Add(groupPeriod)
	}
	return time.Time{}
}

// countOf is how many messages q makes now, at least one.
func countOf(q reminders.Queued) int { return min(max(1, q.Count), groupMost) }

// chatOf names the chat of a delivery: that of its person, wherever it is bound. An
// edit that names neither has its message's name.
func chatOf(q reminders.Queued) string {
	if q.Original != "" {
		return "of/" + string(q.Original)
	}
	if q.Group != "" && q.Chat == 0 {
		return "group/" + string(q.Group)
	}
	if q.Person != "" && q.Chat >= 0 {
		return string(q.Person)
	}
	return strconv.FormatInt(int64(q.Chat), 10)
}

// forget drops chats and groups that were last sent to long enough ago, once in a
// while.
func (p *pace) forget(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.Sub(p.swept) < chatGap {
		return
	}
	p.swept = now
	for chat, last := range p.chats {
		if now.Sub(last) >= chatGap {
			delete(p.chats, chat)
		}
	}
	for group, last := range p.groups {
		if now.Sub(last[len(last)-1]) >= groupPeriod {
			delete(p.groups, group)
		}
	}
}
