package main

import (
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
)

// balance holds everything against everything in the end.
func (r *revision) balance() {
	r.t.Helper()
	r.run("check", "--data", r.path("data"))
	r.mu.Lock()
	defer r.mu.Unlock()
	strays := r.strays(r.receipts())
	r.t.Logf("%d kills; %d of %d messages are strays", r.lives, len(strays), len(r.had))
	for _, one := range r.issues {
		one.countCopies(strays)
		one.countNews(strays)
	}
	r.countEntries()
}

// receipts gives what every message came to.
func (r *revision) receipts() (all []reminders.Receipt) {
	r.look(func(records *store.Store, tx reminders.Tx) error {
		for after := reminders.DeliveryKey(""); ; {
			page, err := records.Outbox().ReceiptsAfter(tx, after, exportPage)
			if err != nil {
				return err
			}
			for _, receipt := range page {
				after = receipt.Key
				if receipt.Act == reminders.ActSend {
					all = append(all, receipt)
				}
			}
			if len(page) < exportPage {
				return nil
			}
		}
	})
	return all
}

// chatOf gives the chat of a person.
func (r *revision) chatOf(person reminders.PersonID) int64 {
	for chat, one := range r.phones.people {
		if one == person {
			return chat
		}
	}
	return 0
}

// strays wants every message that somebody sees to have a receipt, or to be a copy of
// what was in flight when a kill came, which it gives, and those that were and no others
// to be marked.
func (r *revision) strays(receipts []reminders.Receipt) map[spot]bool {
	r.t.Helper()
	known, byChat := map[spot]reminders.Receipt{}, map[int64][]row{}
	for _, one := range receipts {
		here := spot{r.chatOf(one.Person), one.MessageID}
		doubtful := one.Duplicate || one.Result == reminders.Withdrawn && one.Uncertain
		byChat[here.chat] = append(byChat[here.chat], row{Key: one.Key, Duplicate: doubtful})
		if one.Result != reminders.Sent {
			continue
		}
		if doubtful != r.captured[one.Key] {
			r.t.Errorf("%s: possible_duplicate is %t, in flight at a kill: %t", one.Key, doubtful, r.captured[one.Key])
		}
		known[here] = one
	}
	strays := map[spot]bool{}
	for chat := range r.phones.people {
		for _, m := range r.gate.Person(chat, "", "").Messages() {
			here := spot{chat, m.ID}
			one, found := known[here]
			switch {
			case !m.FromBot:
			case !found:
				if strays[here] = true; !r.explained(m, byChat[chat]) {
					r.t.Errorf("chat %d has message %d, %q, which was not in flight at a kill", chat, m.ID, firstLine(m.Text))
				}
			case !one.DeletedAt.IsZero():
				r.t.Errorf("%s is said to be deleted, and chat %d shows it", one.Key, chat)
			}
			delete(known, here)
		}
	}
	for here, one := range known {
		if one.DeletedAt.IsZero() {
			r.t.Errorf("%s is said to be message %d of chat %d, which does not exist", one.Key, here.id, here.chat)
		}
	}
	return strays
}

// countCopies wants every reader to see the last text of an issue once, and no other; of
// one that was withdrawn nothing. Strays apart: the readers of those are listed as such
// from whom it could not be taken back.
func (i *issue) countCopies(strays map[spot]bool) {
	i.t.Helper()
	kept := i.kept()
	last := firstText
	if i.corrects {
		last = secondText
	}
	for _, chat := range i.readers() {
		seen := 0
		for _, m := range i.gate.Person(chat, "", "").Messages() {
			switch {
			case strays[spot{chat, m.ID}]:
				says := i.says(m.Text, firstText) || i.says(m.Text, secondText)
				if says && i.withdraws && !kept[i.phones.people[chat]] {
					i.t.Errorf("%s: chat %d still shows message %d, and is not listed", i.title, chat, m.ID)
				}
			case i.says(m.Text, last) && !i.withdraws:
				seen++
			case i.says(m.Text, firstText), i.says(m.Text, secondText), i.tells(m.Text) && i.withdraws:
				i.t.Errorf("%s: chat %d still shows message %d, %q", i.title, chat, m.ID, m.Text)
			}
		}
		if seen != 1 && !i.withdraws {
			i.t.Errorf("%s: chat %d shows the last text %d times", i.title, chat, seen)
		}
	}
}

// kept are the people of whom the withdrawal says that something may remain with them.
func (i *issue) kept() map[reminders.PersonID]bool {
	listed := map[reminders.PersonID]bool{}
	i.look(func(records *store.Store, tx reminders.Tx) error {
		fates, err := records.Publications().FatesAfter(tx, i.notice, notice.FateKept, "", 0)
		for _, f := range fates {
			listed[f.Person] = true
			if f.Why != notice.KeptUncertain {
				i.t.Errorf("%s: of %s something is said to remain since %q", i.title, f.Copy, f.Why)
			}
		}
		return err
	})
	return listed
}

// countNews wants whoever received the first text, be it a stray, to have been told of a
// material correction, nobody to have been told twice, and of any other nobody. A
// withdrawal takes what was not told yet away, and replaces what was.
func (i *issue) countNews(strays map[spot]bool) {
	i.t.Helper()
	first, told := map[int64]bool{}, map[int64]int{}
	for at, text := range i.had {
		switch {
		case i.says(text, firstText):
			first[at.chat] = true
		case i.tells(text) && !strays[at]:
			told[at.chat]++
		}
	}
	for _, chat := range i.readers() {
		most := 0
		if i.material {
			most = 1
		}
		if told[chat] > most || first[chat] && told[chat] < most && !i.withdraws {
			i.t.Errorf("%s: chat %d was told %d times of the change", i.title, chat, told[chat])
		}
	}
}

// countEntries wants the ledger to have each correction and each withdrawal once, and
// as many copies to have been deleted as it says, of which some may have left a stray.
func (r *revision) countEntries() {
	r.t.Helper()
	entries := r.holds(r.path("data")).entries
	corrected, withdrawn, deleted, kept := 0, 0, 0, 0
	for _, e := range entries[ledger.Corrected] {
		if strings.Count(e.Object, "/") == 1 { // a notice, no copy of it
			corrected++
		}
	}
	for _, e := range entries[ledger.Withdrawn] {
		if e.Reason == "recall" {
			gone, _ := strconv.Atoi(e.Attrs["deleted"])
			remain, _ := strconv.Atoi(e.Attrs["kept"])
			withdrawn, deleted, kept = withdrawn+1, deleted+gone, kept+remain
		}
	}
	for _, one := range r.issues {
		if one.corrects {
			corrected--
		}
		if one.withdraws {
			withdrawn--
		}
	}
	if corrected != 0 || withdrawn != 0 {
		r.t.Errorf("the ledger has %+d corrections and %+d withdrawals beside those there were", corrected, withdrawn)
	}
	if gone := len(r.deleted); deleted > gone || deleted+kept < gone {
		r.t.Errorf("the ledger has %d deleted copies and %d that may remain, and %d were deleted", deleted, kept, gone)
	}
}
