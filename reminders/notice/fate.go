package notice

import (
	"strconv"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Fate is what became of a message that was delivered when what it says was corrected or
// withdrawn (更正与撤回的结果).
type Fate struct {
	At      time.Time             `json:"at"`
	Result  FateResult            `json:"result"`
	Copy    reminders.DeliveryKey `json:"copy,omitempty"` // the message
	Person  reminders.PersonID    `json:"person,omitempty"`
	Unit    reminders.UnitID      `json:"unit,omitempty"` // whose group it is in
	Chat    reminders.ChatID      `json:"chat,omitempty"`
	Version int                   `json:"version,omitempty"` // that a correction brings
	// Why is the reason for which something remains: one of the Grounds or a short code
	// with which a send ends, such as "blocked".
	Why string `json:"why,omitempty"`
}

// FateResult is how the withdrawal or the correction of one message ended.
type FateResult string

// The results of a withdrawal, and those of a correction. A message that was corrected
// and then missed a later correction has both of the latter.
const (
	FateDeleted   FateResult = "deleted"
	FateReplaced  FateResult = "replaced"
	FateKept      FateResult = "kept"      // something of it remains
	FateCorrected FateResult = "corrected" // it shows the version
	FateOutdated  FateResult = "outdated"  // it does not, nor will it
)

// The grounds on which something of a message remains.
const (
	KeptFile    = "file"    // too old to delete, or merged with others: its text is replaced, its file stays
	KeptRefused = "refused" // the chat service does not allow it
	KeptBlocked = "blocked" // the chat is not within reach: blocked, deactivated, left
	KeptMoved   = "moved"   // its reader has another account now, and it is in the old one
	KeptLeft    = "left"    // its reader is not enrolled any more
	// KeptOldFile is the ground on which a message is outdated whose text was corrected: the
	// chat service did not take the new file in the place of the old.
	KeptOldFile = reminders.ReasonFileKept

	// KeptUncertain: a first attempt at sending it ended without a word (see ADR 2), and may
	// have left a message of which nobody knows the number.
	KeptUncertain = "uncertain"
)

// Grounds are all of them, in the order in which they are counted.
func Grounds() []string {
	return []string{KeptFile, KeptBlocked, KeptMoved, KeptLeft, KeptRefused, KeptUncertain, KeptOldFile}
}

// Ground is the ground on which something remains, whatever the short code was.
func (f Fate) Ground() string {
	switch f.Why {
	case KeptFile, KeptRefused, KeptBlocked, KeptMoved, KeptLeft, KeptUncertain, KeptOldFile:
		return f.Why
	case "deactivated", "kicked", "chat_deleted", "chat_not_found", "never_started", "never_bound", "group-lost":
		return KeptBlocked
	case "chat-moved":
		return KeptMoved
	case "not-enrolled":
		return KeptLeft
	}
	return KeptRefused
}

// vanished reports whether the short code with which an edit or a deletion ended says that
// there is no such message any more.
func vanished(code string) bool {
	switch code {
	case "never-sent", "deleted", "edit_not_found", "already_gone":
		return true
	}
	return false
}

// fateOf begins the fate of a message.
func fateOf(tx reminders.Tx, sent reminders.Receipt, r FateResult) Fate {
	return Fate{At: tx.Now(), Result: r, Copy: sent.Key, Person: sent.Person, Unit: sent.Group, Chat: sent.Chat}
}

// taken notes how the withdrawal of one message ended. What cannot be deleted any more is
// replaced instead.
func (p *Press) taken(tx reminders.Tx, m reminders.Delivery, o reminders.Outcome) error {
	id, _ := aimOf(m)
	sent, _, err := p.Desk.Box.Receipt(tx, m.Original)
	if err != nil {
		return err
	}
	sent.Key = m.Original
	f := fateOf(tx, sent, FateDeleted)
	switch {
	case o.Result == reminders.Sent && m.Act == reminders.ActDelete || o.Result != reminders.Sent && vanished(o.Reason):
	case o.Result == reminders.Sent:
		beside, err := p.Desk.filesBeside(tx, sent.Delivery, id)
		if err != nil {
			return err
		}
		if f.Result = FateReplaced; len(beside) < len(sent.Files) {
			f.Result, f.Why = FateKept, KeptFile
		}
	case m.Act == reminders.ActDelete && o.Result == reminders.Refused:
		return p.replaceInstead(tx, id, sent)
	default:
		if f.Result, f.Why = FateKept, o.Reason; f.Why == "" {
			f.Why = KeptRefused
		}
	}
	if f.Result != FateKept && sent.Duplicate {
		f.Result, f.Why = FateKept, KeptUncertain
	}
	return p.Store.SaveFate(tx, id, f)
}

// replaceInstead lets a message that the chat service will not delete say that it was
// withdrawn.
func (p *Press) replaceInstead(tx reminders.Tx, id string, sent reminders.Receipt) error {
	of, found, err := p.of(tx, id)
	if err != nil || !found {
		return err
	}
	sent.Asks = nil
	if err := p.Desk.Box.SaveReceipt(tx, sent); err != nil {
		return err
	}
	return p.edit(tx, of, sent, kindRecall, "")
}

// brought notes whether a message that was delivered shows a correction now. What is
// withdrawn meanwhile shows no version.
func (p *Press) brought(tx reminders.Tx, m reminders.Delivery, o reminders.Outcome) error {
	id, version := aimOf(m)
	of, found, err := p.of(tx, id)
	if err != nil || !found || of.Recall != nil || version == 0 {
		return err
	}
	sent, found, err := p.Desk.Box.Receipt(tx, m.Original)
	if err != nil || !found || sent.Lane == reminders.LaneAnswer || !saysIt(sent.Delivery, id) {
		return err // no copy: a list that somebody asked for, a chase
	}
	f := fateOf(tx, sent, FateCorrected)
	if f.Version = version; o.Result != reminders.Sent {
		if vanished(o.Reason) {
			return nil
		}
		if f.Result, f.Why = FateOutdated, o.Reason; f.Why == "" {
			f.Why = KeptRefused
		}
	} else if o.Reason == reminders.ReasonFileKept {
		f.Result, f.Why = FateOutdated, KeptOldFile
	}
	return p.Store.SaveFate(tx, id, f)
}

// aimOf gives the notice of which an edit or a deletion corrects or withdraws a message,
// and the version that an edit brings, as its key has them: KIND/NOTICE/VERSION[.MARK]/KEY.
func aimOf(m reminders.Delivery) (id string, version int) {
	parts := strings.SplitN(string(m.Key), "/", 5)
	if len(parts) < 5 {
		return "", 0
	}
	number, _, _ := strings.Cut(parts[3], ".")
	version, err := strconv.Atoi(number)
	if err != nil {
		version = 0 // of a deletion
	}
	return parts[1] + "/" + parts[2], version
}
