package bot

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// RestoredSetting is the name under which a store keeps that it came from a backup.
const RestoredSetting = "restored"

// Choice is what an admin decided about all that has been due since the backup.
type Choice string

// The choices. None yet is empty.
const (
	SkipDue Choice = "skip" // it was dealt with before the store was replaced
	SendDue Choice = "send" // it was not
)

// Restored is the record of a restore (恢复记录). The service is muted from then until
// an admin has chosen and, where that is to skip, until everything is skipped.
type Restored struct {
	At     time.Time          `json:"at"`               // when the file was put in place
	Backup time.Time          `json:"backup"`           // the instant of the state that it holds
	Since  time.Time          `json:"since,omitzero"`   // first start of the service over it
	Choice Choice             `json:"choice,omitempty"` //
	By     reminders.PersonID `json:"by,omitempty"`     // who chose
	Lifted time.Time          `json:"lifted,omitzero"`  // when sending began again
}

// Muted reports whether nothing is sent yet.
func (r Restored) Muted() bool { return !r.At.IsZero() && r.Lifted.IsZero() }

// Stock tells what a store holds that came from a backup, and lets its numbers go on
// from those given out since.
type Stock interface {
	// Waiting counts what is due at now and waits to be sent, by kind, up to most.
	Waiting(tx reminders.Tx, now time.Time, most int) (kinds map[string]int, more bool, err error)
	// Numbers gives the last number of each series.
	Numbers(tx reminders.Tx) (map[string]uint64, error)
	// RaiseNumber lets a series go on after n; false if it has come as far.
	RaiseNumber(tx reminders.Tx, series string, n uint64) (bool, error)
}

// countedWaiting is how many waiting messages the question to the admins counts
// exactly.
const countedWaiting = 5000

// TellRestored asks every admin who has a chat what becomes of what was due since the
// backup, once for each restore. It is called before anything is sent or handled.
func (b *Bot) TellRestored(ctx context.Context) error {
	return b.Units.Do(ctx, func(tx reminders.Tx) error {
		r, err := b.restored(tx)
		if err != nil || !r.Muted() || r.Choice != "" {
			return err
		}
		if r.Since.IsZero() {
			r.Since = tx.Now()
			if err := b.Memory.SaveSetting(tx, RestoredSetting, r); err != nil {
				return err
			}
		}
		page, err := b.restoredPage(tx, r)
		if err != nil {
			return err
		}
		return b.tellAdmins(tx, "restored/"+r.At.UTC().Format(time.RFC3339), reminders.LaneAnswer, page)
	})
}

// TellAdmins puts a message for every admin who has a chat into the outbox, once
// under each key.
func (b *Bot) TellAdmins(tx reminders.Tx, key string, m reminders.Message) error {
	return b.tellAdmins(tx, key, reminders.LanePersonal, m)
}

func (b *Bot) tellAdmins(tx reminders.Tx, key string, lane reminders.Lane, m reminders.Message) error {
	for record, err := range b.People.All(tx) {
		if err != nil {
			return err
		}
		if !record.Active() || !record.Roles.Has(reminders.Admin) || !record.Bound() {
			continue
		}
		err := b.Outbox.Enqueue(tx, reminders.Delivery{
			Key: reminders.DeliveryKey(key + "/" + string(record.ID)), Kind: "operating", Act: reminders.ActSend,
			Person: record.ID, Lane: lane, As: reminders.Admin, Reason: "operating",
			NotBefore: tx.Now(), Lines: []reminders.Message{m},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// restored reads the record of the last restore.
func (b *Bot) restored(tx reminders.Tx) (r Restored, err error) {
	_, err = b.Memory.Setting(tx, RestoredSetting, &r)
	return r, err
}

// restoredPage says what would be sent and asks whether it shall be.
func (b *Bot) restoredPage(tx reminders.Tx, r Restored) (reminders.Message, error) {
	waiting, more, err := b.Stock.Waiting(tx, tx.Now(), countedWaiting)
	if err != nil {
		return reminders.Message{}, err
	}
	due := map[string]int{}
	for _, item := range b.Notices.DueSince(r.Backup, tx.Now()) {
		due[string(item.Kind)]++
	}
	numbers, err := b.Stock.Numbers(tx)
	if err != nil {
		return reminders.Message{}, err
	}
	var series []reminders.Message
	for _, name := range slices.Sorted(maps.Keys(numbers)) {
		series = append(series, reminders.Line("restore.number", reminders.Args{
			"Series": reminders.Text(name), "Number": reminders.Text(strconv.FormatUint(numbers[name], 10)),
		}))
	}
	counted := b.kinds(waiting)
	if more {
		counted = append(counted, reminders.Line("restore.more", nil))
	}
	return reminders.Message{
		Key: "restore.ask",
		Args: reminders.Args{
			"Backup": reminders.Instant(r.Backup), "Waiting": listOrNone(counted), "Due": listOrNone(b.kinds(due)),
			"Numbers": listOrNone(series),
		},
		Buttons: [][]reminders.Button{
			{{Label: "button.restore_skip", Verb: "confirm", Object: "restore." + string(SkipDue)}},
			{{Label: "button.restore_send", Verb: "confirm", Object: "restore." + string(SendDue)}},
		},
	}, nil
}

// kinds says how many there are of each kind.
func (b *Bot) kinds(count map[string]int) []reminders.Message {
	named := map[string]int{}
	for kind, n := range count {
		key := "kind." + kind
		if !b.Content.Catalogue().Has(key) {
			key = "restore.other"
		}
		named[key] += n
	}
	var lines []reminders.Message
	for _, key := range slices.Sorted(maps.Keys(named)) {
		lines = append(lines, reminders.Line("restore.count", reminders.Args{
			"Kind": reminders.Say(key, nil), "Count": reminders.Number(named[key]),
		}))
	}
	return lines
}

// listOrNone is a list, or says that it is empty.
func listOrNone(lines []reminders.Message) reminders.Value {
	if len(lines) == 0 {
		return reminders.Say("restore.none", nil)
	}
	return reminders.List(lines...)
}

// confirmRestore takes the decision of an admin. Skipping ends when everything is
// skipped; sending begins at once.
func (t *Turn) confirmRestore(which string) error {
	choice := Choice(which)
	if choice != SkipDue && choice != SendDue {
		return reminders.Fail(reminders.NotFound, "bot.confirm", "error.not_found", nil)
	}
	r, err := t.restored(t.tx)
	if err != nil {
		return err
	}
	if !r.Muted() || r.Choice != "" {
		return t.toast(reminders.Line("restore.over", nil), true)
	}
	r.Choice, r.By = choice, t.person.ID
	if choice == SendDue {
		r.Lifted = t.tx.Now()
	}
	if err := t.Memory.SaveSetting(t.tx, RestoredSetting, r); err != nil {
		return err
	}
	err = t.Ledger.Append(t.tx, ledger.Entry{
		Actor: string(t.person.ID), Verb: ledger.Confirmed, Object: "restore", Reason: which,
		Attrs: map[string]string{"backup": r.Backup.UTC().Format(time.RFC3339), "restored": r.At.UTC().Format(time.RFC3339)},
	})
	if err != nil {
		return err
	}
	if choice == SendDue {
		return t.replace(reminders.Line("restore.sending", nil))
	}
	return t.replace(reminders.Line("restore.skipping", nil))
}

// LiftRestored ends the mute when everything is skipped, and tells who chose so.
func (b *Bot) LiftRestored(tx reminders.Tx) error {
	r, err := b.restored(tx)
	if err != nil || !r.Muted() {
		return err
	}
	r.Lifted = tx.Now()
	if err := b.Memory.SaveSetting(tx, RestoredSetting, r); err != nil {
		return err
	}
	return b.Outbox.Enqueue(tx, reminders.Delivery{
		Key: reminders.DeliveryKey("lifted/" + r.At.UTC().Format(time.RFC3339)), Kind: "operating", Act: reminders.ActSend,
		Person: r.By, Lane: reminders.LaneAnswer, As: reminders.Admin, Reason: "operating", NotBefore: tx.Now(),
		Lines: []reminders.Message{reminders.Line("restore.skipped", nil)},
	})
}

// seriesShape is what the name of a series looks like, such as feedback/2026.
var seriesShape = regexp.MustCompile(`^[a-z-]+(/[0-9]{4})?$`)

// raiseNumber carries out "/office number SERIES N": the next number follows N.
func (t *Turn) raiseNumber(args []string) error {
	if len(args) != 2 || !seriesShape.MatchString(args[0]) {
		return t.say(reminders.Line("restore.number_usage", nil))
	}
	n, err := strconv.ParseUint(args[1], 10, 32)
	if err != nil {
		return t.say(reminders.Line("restore.number_usage", nil))
	}
	raised, err := t.Stock.RaiseNumber(t.tx, args[0], n)
	if err != nil {
		return err
	}
	named := reminders.Args{"Series": reminders.Text(args[0]), "Number": reminders.Text(args[1])}
	if !raised {
		return t.say(reminders.Line("restore.number_lower", named))
	}
	err = t.Ledger.Append(t.tx, ledger.Entry{
		Actor: string(t.person.ID), Verb: ledger.Setting, Object: "number/" + args[0], Attrs: map[string]string{"value": fmt.Sprint(n)},
	})
	if err != nil {
		return err
	}
	return t.say(reminders.Line("restore.number_raised", named))
}

// operate is the part of /office that is about operating: a number to raise, or the
// question that a restore left. It reports false for anything else.
func (t *Turn) operate(args string) (done bool, err error) {
	words := strings.Fields(args)
	if len(words) > 0 && words[0] == "number" {
		return true, t.raiseNumber(words[1:])
	}
	r, err := t.restored(t.tx)
	if err != nil || !r.Muted() || r.Choice != "" {
		return false, err
	}
	page, err := t.restoredPage(t.tx, r)
	if err != nil {
		return true, err
	}
	return true, t.say(page)
}
