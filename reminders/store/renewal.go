package store

import (
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// Keys of what is brought up to date because a public case in it has changed:
//
//	renewal/NOTICE    how far that has come

// CaseCopies gives which notices show which cases, and what is to be brought up to date.
func (s *Store) CaseCopies() notice.CaseCopies { return caseCopies{} }

type caseCopies struct{}

// noticesWith is under what the notices stand that show a case.
func noticesWith(id string) string { return "notice-case/" + id + "/" }

func (caseCopies) NoticesWith(tx reminders.Tx, id string) ([]string, error) {
	return listPrefix[string](tx, noticesWith(id))
}

func (caseCopies) CopiesSent(tx reminders.Tx, of string, after reminders.DeliveryKey, limit int) ([]reminders.Receipt, error) {
	return publicationRecords{}.CopiesSent(tx, of, after, limit)
}

func (caseCopies) Renewals(tx reminders.Tx) ([]notice.Renewal, error) {
	return listPrefix[notice.Renewal](tx, "renewal/")
}

func (caseCopies) SaveRenewal(tx reminders.Tx, r notice.Renewal) error {
	return save(tx, "renewal/"+r.Notice, r)
}

func (caseCopies) DropRenewal(tx reminders.Tx, id string) error { return drop(tx, "renewal/"+id) }
