package notice

import (
	"reflect"
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// newsOf is what the keys of the messages begin with that tell of a material correction
// of a notice.
func newsOf(id string) string { return kindChanged + "/" + id }

// isNews reports whether a message tells of a material correction of a notice. What it says
// of that stands first: others were merged into it later.
func isNews(m reminders.Delivery, id string) bool {
	return strings.HasPrefix(string(m.Key), under(newsOf(id))) && len(m.Lines) > 0
}

// recallNews deals with the next messages that told of a correction: what was delivered
// says that it is withdrawn instead, and what waits inside of another message is taken out
// of it. It reports false while one of them is in flight.
func (p *Press) recallNews(tx reminders.Tx, of Publication, way *Passage) (bool, error) {
	flying, err := p.Desk.Copies.InFlight(tx, newsOf(of.Notice))
	if err != nil || flying > 0 {
		return false, err
	}
	page, err := p.Store.CopiesSent(tx, newsOf(of.Notice), reminders.DeliveryKey(way.Cursor), takenBack)
	if err != nil {
		return false, err
	}
	for i, told := range page {
		done, err := p.takeNews(tx, of, told)
		if err != nil || !done {
			return i > 0, err
		}
		way.Cursor = string(told.Key)
	}
	if len(page) < takenBack {
		*way = Passage{Phase: recallEnd}
	}
	return true, nil
}

// takeNews takes back the news of a correction, wherever it went; false while that is in
// flight.
func (p *Press) takeNews(tx reminders.Tx, of Publication, told reminders.Receipt) (bool, error) {
	if !isNews(told.Delivery, of.Notice) {
		return true, nil
	}
	news := told.Lines[0]
	carrier, at, err := p.arrived(tx, told)
	if err != nil {
		return false, err
	}
	if at == "" {
		return true, p.replaceNews(tx, of, carrier, news)
	}
	host, found, err := p.Desk.Box.Delivery(tx, at)
	if err != nil || !found || !host.ClaimedAt.IsZero() {
		return !found, err
	}
	host.Lines, host.Asks = withoutLine(host, news, of.Notice)
	return true, p.Desk.leave(tx, host)
}

// replaceNews lets a message that has arrived say that the publication was withdrawn where
// it told of the correction, and ask nothing about it.
func (p *Press) replaceNews(tx reminders.Tx, of Publication, sent reminders.Receipt, news reminders.Message) error {
	if sent.Result != reminders.Sent || !slices.ContainsFunc(sent.Lines, alike(news)) {
		return nil
	}
	lines, asks := withoutLine(sent.Delivery, news, of.Notice)
	at := slices.IndexFunc(sent.Lines, alike(news))
	sent.Lines, sent.Asks = slices.Insert(lines, min(at, len(lines)), of.withdrawn()), asks
	if err := p.Desk.Box.SaveReceipt(tx, sent); err != nil {
		return err
	}
	sent.Asks = nil // nothing new for the book
	return p.edit(tx, of, sent, kindCorrection, ".news")
}

// arrived gives the message with which another arrived: itself, or that into which it was
// merged. While that waits or is on its way, it gives its key instead.
func (p *Press) arrived(tx reminders.Tx, sent reminders.Receipt) (carrier reminders.Receipt, waits reminders.DeliveryKey, err error) {
	for key := sent.JoinedTo; key != ""; {
		host, found, err := p.Desk.Box.Receipt(tx, key)
		switch {
		case err != nil || !found:
			return host, key, err
		case host.Result == reminders.Joined:
			key, sent = host.JoinedTo, host
		case host.Result == reminders.Withdrawn: // what was merged into it went on by itself
			key = "rest/" + host.Key
		default:
			key, sent = "", host
		}
	}
	return sent, "", nil
}

// withoutLine gives what a message says beside a line, and asks beside the notice.
func withoutLine(m reminders.Delivery, line reminders.Message, id string) ([]reminders.Message, []reminders.Ask) {
	_, asks := without(m, id)
	return slices.DeleteFunc(slices.Clone(m.Lines), alike(line)), asks
}

// alike selects the lines that say the same.
func alike(line reminders.Message) func(other reminders.Message) bool {
	return func(other reminders.Message) bool { return reflect.DeepEqual(line, other) }
}
