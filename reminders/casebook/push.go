package casebook

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// Fitting names at most n cases for an occasion that readers see today: one for each
// festival in turn, the newest first. There may be fewer, since a case that fits none of
// the festivals is not named.
func (d *Desk) Fitting(tx reminders.Tx, festivals []calendar.Festival, n int) ([]string, error) {
	shown, err := d.shown(tx)
	if err != nil {
		return nil, err
	}
	var fitting []string
	for before := -1; len(fitting) > before; {
		before = len(fitting)
		for _, festival := range festivals {
			at := slices.IndexFunc(shown, func(e Entry) bool {
				return slices.Contains(e.Festivals, festival) && !slices.Contains(fitting, e.ID)
			})
			if at >= 0 && len(fitting) < n {
				fitting = append(fitting, shown[at].ID)
			}
		}
	}
	return fitting, nil
}

// Pick chooses the case that a notice pushes, and remembers that it did: one that was not
// pushed before, of the category whose turn it is (that which was never pushed, or not for
// the longest time), and of that the newest. The invented samples of the library are never
// pushed. It is empty if there is nothing left to push.
func (d *Desk) Pick(tx reminders.Tx, notice string) (string, error) {
	shown, err := d.shown(tx)
	if err != nil {
		return "", err
	}
	pushes, err := d.Store.Pushes(tx)
	if err != nil {
		return "", err
	}
	done, last := map[string]bool{}, map[string]time.Time{}
	for _, p := range pushes {
		done[p.Case] = true
		if top := topOf(p.Category); p.At.After(last[top]) {
			last[top] = p.At
		}
	}
	var picked Entry
	for _, e := range shown { // the newest first
		if done[e.ID] || (Case{ID: e.ID}).Sample() {
			continue
		}
		if picked.ID == "" || last[topOf(e.Category)].Before(last[topOf(picked.Category)]) {
			picked = e
		}
	}
	if picked.ID == "" {
		return "", nil
	}
	return picked.ID, d.Store.SavePush(tx, Push{Case: picked.ID, Category: picked.Category, Notice: notice, At: tx.Now()})
}
