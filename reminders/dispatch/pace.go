package dispatch

import (
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// chatGap is the least time between two pushes to one chat: the service
// documents about one message a second, and its clock is not ours.
const chatGap = 1050 * time.Millisecond

// pace keeps the limits of the chat service. All its instants are of the wall
// clock. It is safe for concurrent use.
type pace struct {
	mu      sync.Mutex
	limiter *rate.Limiter
	paused  time.Time
	chats   map[string]time.Time // when each was last sent a message
}

// newPace allows perSecond messages a second, without limit if that is zero.
func newPace(perSecond float64) *pace {
	limit := rate.Inf
	if perSecond > 0 {
		limit = rate.Limit(perSecond)
	}
	return &pace{limiter: rate.NewLimiter(limit, 1), chats: map[string]time.Time{}}
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
	reservation := p.limiter.ReserveN(now, 1)
	defer reservation.CancelAt(now)
	if wait := reservation.DelayFrom(now); wait > 0 {
		return now.Add(wait)
	}
	return time.Time{}
}

// admit takes one place in the stream for d. If none is free it gives the wall
// instant at which to ask again.
func (p *pace) admit(d reminders.Delivery, now time.Time) (ok bool, again time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	spaced, chat := d.Act == reminders.ActSend, chatOf(d)
	if last, found := p.chats[chat]; spaced && found && now.Sub(last) < chatGap {
		return false, last.Add(chatGap)
	}
	reservation := p.limiter.ReserveN(now, 1)
	if wait := reservation.DelayFrom(now); wait > 0 {
		reservation.CancelAt(now)
		return false, now.Add(wait)
	}
	if spaced {
		p.chats[chat] = now
	}
	return true, time.Time{}
}

// chatOf names the chat of a delivery: that of its person, wherever it is bound.
func chatOf(d reminders.Delivery) string {
	if d.Person != "" {
		return string(d.Person)
	}
	return strconv.FormatInt(int64(d.Chat), 10)
}

// forget drops chats that were last sent to long enough ago.
func (p *pace) forget(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for chat, last := range p.chats {
		if now.Sub(last) >= chatGap {
			delete(p.chats, chat)
		}
	}
}
