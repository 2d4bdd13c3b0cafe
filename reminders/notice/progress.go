package notice

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// Stage is how far the sending of a notice is.
type Stage string

// The stages.
const (
	Sending  Stage = "sending"
	OnHold   Stage = "paused"
	Stopping Stage = "stopping" // what waits is being taken back
	Halted   Stage = "stopped"
	Done     Stage = "done" // every copy was sent, or cannot be
)

// Counts are the copies of a notice by what became of them. Planned is the sum of the
// others.
type Counts struct {
	Planned     int   `json:"planned"` // made so far
	Sent        int   `json:"sent"`
	Waiting     int   `json:"waiting"` // in flight included
	Unreachable int   `json:"unreachable,omitempty"`
	Dropped     int   `json:"dropped,omitempty"`  // withdrawn, refused, no longer worth sending
	Complete    bool  `json:"complete,omitempty"` // no further copy will be made
	Stage       Stage `json:"stage"`
}

// Percent is how much of what was planned has been sent; 100 only for all of it.
func (c Counts) Percent() int {
	if c.Planned == 0 {
		return 0
	}
	return c.Sent * 100 / c.Planned
}

// Over reports whether nothing will change any more.
func (c Counts) Over() bool { return c.Stage == Done || c.Stage == Halted }

// Progress is where the sending of a notice stands (发送进度).
type Progress struct {
	Counts

	Notice   string
	Handle   string
	Subject  reminders.Value
	At       time.Time     // when it stood so
	Began    time.Time     // when the first copies were made
	Halt     Halt          // who paused or stopped it, and when
	Recalled bool          // it was stopped because what it says was withdrawn
	Left     time.Duration // that sending what waits takes
	End      time.Time     // when the last copy goes, as far as known; zero unless Sending
}

// Progress counts the copies of a notice. It reads rows and not the copies, and nothing
// that it counts is written by every settlement. Within a unit of work that writes, it
// shows how things stood before. It fails with NotFound for what is not published.
func (d *Desk) Progress(tx reminders.Tx, id string) (Progress, error) {
	n, found, err := d.Store.Notice(tx, id)
	if err != nil {
		return Progress{}, err
	}
	if !found || n.State == Skipped {
		return Progress{}, reminders.Fail(reminders.NotFound, "notice.progress", "error.not_found", nil)
	}
	halt, held, err := d.haltOf(tx, id)
	if err != nil {
		return Progress{}, err
	}
	counted, err := d.Copies.CountCopies(tx, id, steps(n))
	if err != nil {
		return Progress{}, err
	}
	p := Progress{Notice: id, Handle: n.Handle(), Subject: subject(n), At: tx.Now(), Began: n.Began, Halt: halt}
	p.Counts = Counts{
		Planned: n.Copies, Waiting: counted.Waiting, Unreachable: counted.Unreachable, Dropped: counted.Dropped,
		Sent:     n.Copies - counted.Waiting - counted.Unreachable - counted.Dropped,
		Complete: n.State != Publishing || n.Moved != "",
	}
	p.Stage = stage(p.Counts, halt, held, n.Ended != nil)
	if n.Ended != nil {
		p.Halt = *n.Ended
	}
	if p.Began.IsZero() { // published before that was kept
		p.Began = n.At
	}
	if p.Recalled, err = d.recalled(tx, n); err != nil {
		return Progress{}, err
	}
	from, err := d.heldUntil(tx, n)
	if err != nil {
		return Progress{}, err
	}
	left, end := Estimate(d.Programme.Quiet, d.Calendar(), p.Waiting, d.Rate, latest(from, latest(tx.Now(), n.At)))
	if n.Urgent {
		end = latest(tx.Now(), n.At).Add(left) // it waits for no hour
	}
	if p.Left = left; p.Stage == Sending {
		p.End = end
	}
	return p, nil
}

// heldUntil is when the last of the copies that wait may go, where all wait for another
// day because their readers have had their push of this one. It looks at a few; zero if
// one of them goes now.
func (d *Desk) heldUntil(tx reminders.Tx, n Notice) (last time.Time, err error) {
	if n.Publication == "" || n.Urgent {
		return last, nil
	}
	page, err := d.Copies.UnderNotice(tx, n.ID, "", lookedAtOnce)
	for _, m := range page {
		if !isCopy(m, n.ID) {
			continue
		}
		if !m.NotBefore.After(tx.Now()) {
			return time.Time{}, err
		}
		last = latest(last, m.NotBefore)
	}
	return last, err
}

// recalled reports whether the publication that a notice carries was withdrawn before it
// was sent to all.
func (d *Desk) recalled(tx reminders.Tx, n Notice) (bool, error) {
	if n.Publication == "" || n.Ended == nil || d.press == nil {
		return false, nil
	}
	of, _, err := d.press.Store.Publication(tx, n.Publication)
	return of.Recall != nil, err
}

// stage decides at which stage sending is.
func stage(c Counts, halt Halt, held, ended bool) Stage {
	switch {
	case held && halt.Stop:
		return Stopping
	case ended:
		return Halted
	case held:
		return OnHold
	case c.Complete && c.Waiting == 0:
		return Done
	}
	return Sending
}

// latest is the later of two instants.
func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Underway lists the progress of the recent notices that are being sent, are paused or
// are being stopped.
func (d *Desk) Underway(tx reminders.Tx) ([]Progress, error) {
	recent, err := d.Store.RecentNotices(tx, recentEnough)
	if err != nil {
		return nil, err
	}
	halted, err := d.Paused(tx)
	if err != nil {
		return nil, err
	}
	var under []Progress
	for _, n := range recent {
		goes := n.State == Publishing && n.Moved == "" || slices.Contains(halted, n.ID)
		if !goes && n.State != Skipped {
			if goes, err = d.anyWaits(tx, n.ID); err != nil {
				return nil, err
			}
		}
		if !goes {
			continue
		}
		p, err := d.Progress(tx, n.ID)
		if err != nil {
			return nil, err
		}
		under = append(under, p)
	}
	return under, nil
}

// ByHandle gives the id of the notice with a handle; NotFound if there is none.
func (d *Desk) ByHandle(tx reminders.Tx, handle string) (string, error) {
	n, found, err := d.Store.NoticeByHandle(tx, handle)
	if err == nil && !found {
		err = reminders.Fail(reminders.NotFound, "notice.handle", "error.not_found", nil)
	}
	return n.ID, err
}

// subject is what a notice is called in a list.
func subject(n Notice) reminders.Value {
	if n.Terms != nil {
		return obligation.Subject(*n.Terms)
	}
	if n.Subject != nil {
		return reminders.Say(n.Subject.Key, n.Subject.Args)
	}
	kind := reminders.Say("kind."+string(n.Kind), nil)
	if len(n.Festivals) == 0 {
		return kind
	}
	return reminders.Say("progress.subject", reminders.Args{"Occasion": occasion(n.Festivals), "Kind": kind})
}
