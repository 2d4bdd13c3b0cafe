package store

import (
	"math"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// Keys of notices:
//
//	notice/ID                 the notice
//	notice-handle/HANDLE      its id
//	notice-at/INSTANT/ID      its id, newest first
//	publishing/ID             it is being expanded to its audience
//	notice-case/CASE/ID       it shows a public case
//	draft/ID                  a text of the office

// Notices gives the records of notices and drafts.
func (s *Store) Notices() notice.Store { return noticeRecords{} }

type noticeRecords struct{}

func (noticeRecords) Notice(tx reminders.Tx, id string) (notice.Notice, bool, error) {
	return load[notice.Notice](tx, "notice/"+id)
}

func (r noticeRecords) NoticeByHandle(tx reminders.Tx, handle string) (notice.Notice, bool, error) {
	id, found, err := load[string](tx, "notice-handle/"+handle)
	if err != nil || !found {
		return notice.Notice{}, false, err
	}
	return r.Notice(tx, id)
}

func (r noticeRecords) SaveNotice(tx reminders.Tx, n notice.Notice) error {
	before, found, err := r.Notice(tx, n.ID)
	if err != nil {
		return err
	}
	var was []string
	if found {
		was = noticePlaces(before)
	}
	if err := moveRows(tx, was, noticePlaces(n), n.ID); err != nil {
		return err
	}
	return save(tx, "notice/"+n.ID, n)
}

// noticePlaces are the keys of the indexes under which a notice is found.
func noticePlaces(n notice.Notice) []string {
	keys := []string{"notice-handle/" + n.Handle(), "notice-at/" + newestFirst(n.At) + "/" + n.ID}
	if n.State == notice.Publishing {
		keys = append(keys, "publishing/"+n.ID)
	}
	for _, c := range n.Cases {
		keys = append(keys, noticesWith(c)+n.ID)
	}
	return keys
}

// newestFirst writes t so that later instants sort before earlier ones.
func newestFirst(t time.Time) string { return Digits(uint64(math.MaxInt64 - t.UnixMilli())) }

func (noticeRecords) PublishingNotices(tx reminders.Tx) ([]string, error) {
	return listPrefix[string](tx, "publishing/")
}

func (r noticeRecords) RecentNotices(tx reminders.Tx, limit int) ([]notice.Notice, error) {
	from, to := Prefix("notice-at/")
	ids, err := list[string](tx, from, to, limit)
	if err != nil {
		return nil, err
	}
	return named(tx, ids, r.Notice)
}

func (noticeRecords) Draft(tx reminders.Tx, id string) (notice.Draft, bool, error) {
	return load[notice.Draft](tx, "draft/"+id)
}

func (noticeRecords) SaveDraft(tx reminders.Tx, d notice.Draft) error {
	return save(tx, "draft/"+d.ID, d)
}

func (noticeRecords) DraftsOf(tx reminders.Tx, block string) ([]notice.Draft, error) {
	prefix := "draft/"
	if block != "" {
		prefix += block + "/"
	}
	return listPrefix[notice.Draft](tx, prefix)
}
