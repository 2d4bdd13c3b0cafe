package store

import (
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// Keys of what became of messages that were corrected or recalled:
//
//	fate/NOTICE/RESULT/KEY       by the result, and the key of the message

func fatePrefix(id string, r notice.FateResult) string { return "fate/" + id + "/" + string(r) + "/" }

func (r publicationRecords) SaveFate(tx reminders.Tx, id string, f notice.Fate) error {
	if f.Version > 0 {
		shows, found, err := r.Fate(tx, id, notice.FateCorrected, f.Copy)
		if err != nil || found && shows.Version >= f.Version {
			return err
		}
	}
	if f.Result == notice.FateCorrected {
		missed, found, err := r.Fate(tx, id, notice.FateOutdated, f.Copy)
		if err != nil {
			return err
		}
		if found && missed.Version <= f.Version {
			if err := drop(tx, fatePrefix(id, notice.FateOutdated)+string(f.Copy)); err != nil {
				return err
			}
		}
	}
	return save(tx, fatePrefix(id, f.Result)+string(f.Copy), f)
}

func (publicationRecords) Fate(tx reminders.Tx, id string, r notice.FateResult, copied reminders.DeliveryKey) (notice.Fate, bool, error) {
	f, found, err := load[notice.Fate](tx, fatePrefix(id, r)+string(copied))
	f.Copy = copied // older records do not have it
	return f, found, err
}

func (copyRecords) SaveFate(tx reminders.Tx, id string, f notice.Fate) error {
	return publicationRecords{}.SaveFate(tx, id, f)
}

func (publicationRecords) CountFates(tx reminders.Tx, id string, r notice.FateResult) (int, error) {
	return count(tx, fatePrefix(id, r))
}

func (r publicationRecords) FatesAfter(tx reminders.Tx, id string, result notice.FateResult, after reminders.DeliveryKey, limit int) ([]notice.Fate, error) {
	from, to := Prefix(fatePrefix(id, result))
	if after != "" {
		from = After(fatePrefix(id, result) + string(after))
	}
	keys, err := keysIn(tx, from, to, limit)
	if err != nil {
		return nil, err
	}
	return named(tx, keys, func(tx reminders.Tx, key string) (notice.Fate, bool, error) {
		return r.Fate(tx, id, result, reminders.DeliveryKey(strings.TrimPrefix(key, fatePrefix(id, result))))
	})
}
