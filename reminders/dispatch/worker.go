package dispatch

import (
	"context"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
)

// settleTime bounds how long sending and settling may take after the service was
// told to stop: what was sent must be recorded.
const settleTime = 8 * time.Second

// attempt is a delivery and what became of one attempt to send it.
type attempt struct {
	reminders.Delivery
	reminders.Outcome
}

// carry sends one claimed delivery and hands the outcome on to be settled. What is
// still to be sent when ctx has ended is put back instead.
func (c *Clockwork) carry(ctx context.Context, d reminders.Delivery, ended chan<- attempt) {
	if ctx.Err() != nil {
		c.doubt([]reminders.Queued{{Key: d.Key}})
		return
	}
	outcome := reminders.Outcome{Result: reminders.Expired, Reason: "too-late"}
	if d.Until.IsZero() || c.Clock.Now().Before(d.Until) || begun(d) { // and that is finished
		sending, stop := outlast(ctx, settleTime)
		before, after := points(d)
		crashpoint.Pass(before)
		outcome = c.Sender.Send(sending, d)
		crashpoint.Pass(after)
		stop()
	}
	ended <- attempt{d, outcome}
}

// points are those before and after a delivery is sent.
func points(d reminders.Delivery) (before, after crashpoint.Point) {
	if d.Act == reminders.ActEdit || d.Act == reminders.ActDelete {
		return crashpoint.Edit, crashpoint.Edited
	}
	return crashpoint.Send, crashpoint.Sent
}

// begun reports whether a delivery is done in part.
func begun(d reminders.Delivery) bool { return len(d.Parts) > 0 || d.Midway != reminders.Midway{} }

// outlast gives a context that goes on for a while after ctx has ended, so that
// what is in flight at a stop can arrive.
func outlast(ctx context.Context, while time.Duration) (context.Context, func()) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(while, cancel) })
	return longer, func() { stop(); cancel() }
}
